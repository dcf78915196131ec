//! Who may do and see what: one pure function of role, organisation and action. Lists, searches, counts, exports and
//! statistics ask the same function. Law: Wmo 2015 art. 5.1.6 (the organisation is controller), 5.3.3 (nothing to others).

use crate::area::Extent;
use crate::id::Organisation;
use std::str::FromStr;
use thiserror::Error;

/// What a person, or a machine, is here for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Role {
    Intake,
    CaseWorker,
    Manager,
    /// Of a centre municipality: only figures, only of the areas in the token.
    Analyst,
    Privacy,
    Auditor,
    Administrator,
    Telephony,
    Police,
}

impl Role {
    pub const ALL: [(Self, &'static str); 9] = [
        (Self::Intake, "intake"),
        (Self::CaseWorker, "casus"),
        (Self::Manager, "manager"),
        (Self::Analyst, "analist"),
        (Self::Privacy, "privacy"),
        (Self::Auditor, "auditor"),
        (Self::Administrator, "beheer"),
        (Self::Telephony, "telefonie"),
        (Self::Police, "politie"),
    ];

    pub fn name(self) -> &'static str {
        Self::ALL.iter().find(|(role, _)| *role == self).map_or("", |(_, name)| name)
    }
}

/// Not a role.
#[derive(Clone, Debug, PartialEq, Error)]
#[error(
    "'{0}' is geen rol; kies uit intake, casus, manager, analist, privacy, auditor, beheer, telefonie, politie"
)]
pub struct NoRole(String);

impl FromStr for Role {
    type Err = NoRole;

    fn from_str(name: &str) -> Result<Self, NoRole> {
        let found = Self::ALL.iter().find(|(_, it)| *it == name);
        found.map(|(role, _)| *role).ok_or_else(|| NoRole(name.to_owned()))
    }
}

/// What somebody wants to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    LogContact,
    LogAdvice,
    LogMelding,
    Correct,
    Assess,
    WorkOnCase,
    RegisterPerson,
    /// Saying that two persons are one human being, or are not: it changes what is known of both.
    MergePersons,
    SearchPersons,
    /// Recording and answering what persons ask about their own data.
    AnswerRequests,
    ReadFile,
    ReadWorklist,
    ReadReport,
    ReadStatistics,
}

/// Who is asking.
#[derive(Clone, Debug, PartialEq)]
pub struct Asker {
    pub roles: Vec<Role>,
    pub organisation: Organisation,
    /// Municipality codes for which an analyst may see figures.
    pub areas: Vec<String>,
}

/// Whether the role of somebody allows an action within his own organisation. What belongs to another organisation
/// does not exist for him: every stream is looked up within the organisation of the asker.
pub fn may(asker: &Asker, action: Action) -> bool {
    asker.roles.iter().any(|role| role_may(*role, action))
}

fn role_may(role: Role, action: Action) -> bool {
    use Action as A;
    match role {
        Role::Intake => matches!(
            action,
            A::LogContact
                | A::LogAdvice
                | A::LogMelding
                | A::Correct
                | A::RegisterPerson
                | A::SearchPersons
                | A::ReadFile
                | A::ReadWorklist
        ),
        Role::CaseWorker => matches!(
            action,
            A::LogContact
                | A::LogAdvice
                | A::LogMelding
                | A::Correct
                | A::Assess
                | A::WorkOnCase
                | A::RegisterPerson
                | A::MergePersons
                | A::SearchPersons
                | A::AnswerRequests
                | A::ReadFile
                | A::ReadWorklist
        ),
        Role::Manager => matches!(action, A::ReadWorklist | A::ReadReport | A::ReadStatistics),
        Role::Analyst => matches!(action, A::ReadStatistics),
        Role::Privacy => {
            matches!(action, A::AnswerRequests | A::ReadFile | A::ReadWorklist | A::ReadReport)
        }
        Role::Auditor => matches!(action, A::ReadReport),
        Role::Administrator => false,
        Role::Telephony => matches!(action, A::LogContact),
        Role::Police => matches!(action, A::LogMelding),
    }
}

/// Whether somebody may see figures of an area: all its municipalities must be his, on every day that counts. An analyst's are those
/// in his token; a token names no larger areas, because those would grow by themselves when reference data change. A
/// manager's are those that lay in his region.
pub fn may_see_area(asker: &Asker, extent: &Extent) -> bool {
    asker.roles.iter().any(|role| match role {
        Role::Analyst => extent.municipalities().iter().all(|it| asker.areas.contains(&it.code)),
        Role::Manager => {
            let own = asker.organisation.as_str();
            extent.lay().all(|(day, it)| it.region_on(day) == Some(own))
        }
        Role::Intake
        | Role::CaseWorker
        | Role::Privacy
        | Role::Auditor
        | Role::Administrator
        | Role::Telephony
        | Role::Police => false,
    })
}
