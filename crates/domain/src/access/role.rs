//! What somebody is here for, what he wants to do, and which of it his role allows at all.

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
    /// Saying who may see a casus, and who not.
    RestrictCase,
    /// Opening a file that is not his, because waiting is dangerous.
    BreakGlass,
    /// Judging whether somebody else had to.
    ReviewEmergency,
    /// Saying that a casus must be kept, or need not any more.
    HoldCase,
    RegisterPerson,
    /// Saying that two persons are one human being, or are not: it changes what is known of both.
    MergePersons,
    SearchPersons,
    /// Recording and answering what persons ask about their own data.
    AnswerRequests,
    ReadRequest,
    ReadFile,
    ReadWorklist,
    ReadReport,
    ReadStatistics,
    /// Heads of the logs and proofs under them: nothing in them is about a person.
    ReadProof,
    /// Who looked at whom.
    ReadLooks,
    /// For whom the register takes him.
    KnowOneself,
}

impl Action {
    pub const ALL: [Self; 22] = [
        Self::LogContact,
        Self::LogAdvice,
        Self::LogMelding,
        Self::Correct,
        Self::Assess,
        Self::WorkOnCase,
        Self::RestrictCase,
        Self::BreakGlass,
        Self::ReviewEmergency,
        Self::HoldCase,
        Self::RegisterPerson,
        Self::MergePersons,
        Self::SearchPersons,
        Self::AnswerRequests,
        Self::ReadRequest,
        Self::ReadFile,
        Self::ReadWorklist,
        Self::ReadReport,
        Self::ReadStatistics,
        Self::ReadProof,
        Self::ReadLooks,
        Self::KnowOneself,
    ];
}

/// Whether a role allows an action within its own organisation.
pub(super) fn may(role: Role, action: Action) -> bool {
    use Action as A;
    if action == A::KnowOneself {
        return true;
    }
    if action == A::ReadProof {
        // Of whoever runs the machine the log is to be proof against: he verifies with the program itself.
        return role != Role::Administrator;
    }
    match role {
        Role::Intake => matches!(
            action,
            A::LogContact
                | A::LogAdvice
                | A::LogMelding
                | A::Correct
                | A::BreakGlass
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
                | A::RestrictCase
                | A::BreakGlass
                | A::RegisterPerson
                | A::MergePersons
                | A::SearchPersons
                | A::AnswerRequests
                | A::ReadRequest
                | A::ReadFile
                | A::ReadWorklist
        ),
        Role::Manager => matches!(action, A::ReadWorklist | A::ReadReport | A::ReadStatistics),
        Role::Analyst => matches!(action, A::ReadStatistics),
        Role::Privacy => {
            matches!(
                action,
                A::AnswerRequests
                    | A::ReadRequest
                    | A::ReadFile
                    | A::ReadWorklist
                    | A::ReadReport
                    | A::RestrictCase
                    | A::ReviewEmergency
                    | A::HoldCase
                    | A::ReadLooks
            )
        }
        Role::Auditor => matches!(action, A::ReadReport),
        Role::Administrator => false,
        Role::Telephony => matches!(action, A::LogContact),
        Role::Police => matches!(action, A::LogMelding),
    }
}
