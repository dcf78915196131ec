//! Why a casus says no. The texts are for the worker; those of a topic stand in its file.

use super::{
    assignment, closing, conditions, follow_up, handover, hold, household, incident, informing,
    investigation, junction, measure, monitoring, multidisciplinary, research, restriction,
    suspension, transfer,
};
use crate::refusal::{Fault, refused};
use thiserror::Error;

#[derive(Clone, Debug, PartialEq, Error)]
pub enum Refusal {
    #[error("de gegevens van de casus kloppen niet")]
    Invalid(Vec<Fault>),
    #[error("deze casus is er niet")]
    NoSuchCase,
    #[error("deze casus is al geopend")]
    OpenedBefore,
    #[error("deze melding hoort al bij deze casus")]
    JoinedBefore,
    #[error("deze persoon heeft deze rol al in de casus")]
    InvolvedBefore,
    #[error("deze persoon moet eerst bij de casus betrokken zijn")]
    NotInvolved,
    #[error("slachtoffer en pleger moeten eerst bij de casus betrokken zijn")]
    PairNotInvolved,
    #[error("deze casus is gesloten; een nieuwe melding begint een nieuwe casus")]
    ClosedBefore,
    #[error(transparent)]
    Closing(#[from] closing::Refusal),
    #[error(transparent)]
    FollowUp(#[from] follow_up::Refusal),
    #[error(transparent)]
    Household(#[from] household::Refusal),
    #[error(transparent)]
    Assignment(#[from] assignment::Refusal),
    #[error(transparent)]
    Investigation(#[from] investigation::Refusal),
    #[error(transparent)]
    Conditions(#[from] conditions::Refusal),
    #[error(transparent)]
    Handover(#[from] handover::Refusal),
    #[error(transparent)]
    Measure(#[from] measure::Refusal),
    #[error(transparent)]
    Multidisciplinary(#[from] multidisciplinary::Refusal),
    #[error(transparent)]
    Junction(#[from] junction::Refusal),
    #[error(transparent)]
    Informing(#[from] informing::Refusal),
    #[error(transparent)]
    Monitoring(#[from] monitoring::Refusal),
    #[error(transparent)]
    Suspension(#[from] suspension::Refusal),
    #[error(transparent)]
    Transfer(#[from] transfer::Refusal),
    #[error(transparent)]
    Incident(#[from] incident::Refusal),
    #[error(transparent)]
    Restriction(#[from] restriction::Refusal),
    #[error(transparent)]
    Hold(#[from] hold::Refusal),
    #[error(transparent)]
    Research(#[from] research::Refusal),
}

refused!(Refusal {
    Absent: Self::NoSuchCase,
    Conflict: Self::OpenedBefore
        | Self::JoinedBefore
        | Self::InvolvedBefore
        | Self::NotInvolved
        | Self::PairNotInvolved
        | Self::ClosedBefore
        | Self::Closing(_)
        | Self::FollowUp(_)
        | Self::Household(_)
        | Self::Assignment(_)
        | Self::Investigation(_)
        | Self::Conditions(_)
        | Self::Handover(_)
        | Self::Measure(_)
        | Self::Multidisciplinary(_)
        | Self::Junction(_)
        | Self::Informing(_)
        | Self::Monitoring(_)
        | Self::Suspension(_)
        | Self::Transfer(_)
        | Self::Incident(_)
        | Self::Research(_)
        | Self::Restriction(_)
        | Self::Hold(_),
});
