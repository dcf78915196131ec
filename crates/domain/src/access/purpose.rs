//! For what somebody looks or works: the processing of data is bound to a purpose (AVG art. 5 lid 1 onder b), and each look says which. It
//! comes with the request; when it does not, it is what the role is there for.

use super::role::{Action, Role};
use crate::codes::Code;

/// A purpose, as the code list `doel` names it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// Somebody asks for advice ([`crate::law::TASKS`], third paragraph).
    Advise,
    /// A melding is taken in, and its safety assessed (second paragraph).
    Handle,
    /// Investigation, conditions, handover, monitoring (second paragraph).
    FollowUp,
    /// A request of a person in the register.
    Rights,
    /// The privacy officer, or an auditor, looks whether it is done as it should be.
    Oversight,
    /// Work is divided.
    Steer,
    /// Figures for whoever pays and judges.
    Account,
}

impl Purpose {
    pub const ALL: [(Self, &'static str); 7] = [
        (Self::Advise, "advies-geven"),
        (Self::Handle, "melding-behandelen"),
        (Self::FollowUp, "onderzoek-en-vervolg"),
        (Self::Rights, "rechten-van-betrokkenen"),
        (Self::Oversight, "toezicht"),
        (Self::Steer, "werkverdeling"),
        (Self::Account, "verantwoording"),
    ];

    pub fn of(code: &str) -> Option<Self> {
        Self::ALL.iter().find(|(_, it)| *it == code).map(|(purpose, _)| *purpose)
    }

    pub fn name(self) -> &'static str {
        Self::ALL.iter().find(|(purpose, _)| *purpose == self).map_or("", |(_, name)| name)
    }

    pub fn code(self) -> Code {
        Code::of(self.name())
    }
}

/// Whether a role works for a purpose at all.
pub(super) fn fits(role: Role, purpose: Purpose) -> bool {
    use Purpose as P;
    match role {
        Role::Intake | Role::Telephony => matches!(purpose, P::Advise | P::Handle),
        Role::CaseWorker => matches!(purpose, P::Advise | P::Handle | P::FollowUp | P::Rights),
        Role::Manager => matches!(purpose, P::Steer | P::Account),
        Role::Privacy => matches!(purpose, P::Oversight | P::Rights | P::Account),
        Role::Auditor => matches!(purpose, P::Oversight | P::Account),
        Role::Analyst | Role::Administrator => purpose == P::Account,
        Role::Police => purpose == P::Handle,
    }
}

/// For what a role does something when nothing was said.
pub(super) fn usual(role: Role, action: Action) -> Purpose {
    match (role, action) {
        (Role::CaseWorker | Role::Privacy, Action::AnswerRequests | Action::ReadRequest) => {
            Purpose::Rights
        }
        (Role::Intake | Role::CaseWorker, Action::LogAdvice) => Purpose::Advise,
        (Role::Intake | Role::Telephony | Role::Police, _)
        | (
            Role::CaseWorker,
            Action::LogContact | Action::LogMelding | Action::Assess | Action::ReadWorklist,
        ) => Purpose::Handle,
        (Role::CaseWorker, _) => Purpose::FollowUp,
        (Role::Manager, Action::ReadWorklist) => Purpose::Steer,
        (Role::Privacy, _) => Purpose::Oversight,
        (Role::Manager | Role::Analyst | Role::Auditor | Role::Administrator, _) => {
            Purpose::Account
        }
    }
}
