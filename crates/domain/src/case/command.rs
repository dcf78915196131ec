//! What can be asked of a casus, and when what is told happened.

use super::{
    assignment, conditions, follow_up, handover, hold, household, incident, informing,
    investigation, junction, measure, meldingen, monitoring, multidisciplinary, request, research,
    restriction, suspension, transfer,
};
use crate::codes::Code;
use crate::melding::Pair;
use chrono::NaiveDate;
use serde::Serialize;
use uuid::Uuid;

#[derive(Clone, Debug, PartialEq, Serialize)]
pub enum Command {
    Open { on: NaiveDate, meldingen: Vec<meldingen::Known> },
    JoinMelding { melding: meldingen::Known, on: NaiveDate },
    InvolvePerson { person: Uuid, roles: Vec<Code>, from: NaiveDate },
    RecordPair { pair: Pair, on: NaiveDate },
    Close { on: NaiveDate, outcome: Code },
    FollowUp(follow_up::Command),
    Household(household::Command),
    Assignment(assignment::Command),
    Investigation(investigation::Command),
    Conditions(conditions::Command),
    Handover(handover::Command),
    Measure(measure::Command),
    Multidisciplinary(multidisciplinary::Command),
    Junction(junction::Command),
    Informing(informing::Command),
    Monitoring(monitoring::Command),
    Suspension(suspension::Command),
    Transfer(transfer::Command),
    Incident(incident::Command),
    Restriction(restriction::Command),
    Hold(hold::Command),
    Request(request::Command),
    Research(research::Command),
}

impl Command {
    /// The date on which it happened, and the field that says so.
    pub fn happens(&self) -> (&'static str, NaiveDate) {
        let on = match self {
            Self::InvolvePerson { from, .. } => return ("from", *from),
            Self::Household(it) => return it.happens(),
            Self::Open { on, .. } => return ("opened", *on),
            Self::JoinMelding { on, .. } | Self::RecordPair { on, .. } | Self::Close { on, .. } => {
                *on
            }
            Self::FollowUp(it) => it.on(),
            Self::Assignment(it) => it.on(),
            Self::Investigation(it) => it.on(),
            Self::Conditions(it) => it.on(),
            Self::Handover(it) => it.on(),
            Self::Measure(it) => it.on(),
            Self::Multidisciplinary(it) => it.on(),
            Self::Junction(it) => it.on(),
            Self::Informing(it) => it.on(),
            Self::Monitoring(it) => it.on(),
            Self::Suspension(it) => it.on(),
            Self::Transfer(it) => it.on(),
            Self::Incident(it) => it.on(),
            Self::Restriction(it) => it.on(),
            Self::Hold(it) => it.on(),
            Self::Request(it) => it.on(),
            Self::Research(it) => it.on(),
        };
        ("on", on)
    }

    /// Whether it may have happened before anything of this casus was known: roles, living together, measures of others.
    pub(super) const fn may_be_older(&self) -> bool {
        matches!(
            self,
            Self::InvolvePerson { .. }
                | Self::Household(_)
                | Self::Measure(_)
                | Self::FollowUp(_)
                | Self::Request(_)
                | Self::Transfer(transfer::Command::TakeOver { .. })
        )
    }

    /// The duty to inform does not end with the casus, and whoever complains or asks about his data may do so afterwards. What was placed with others goes on
    /// there: help begins, a handover comes back, a measure ends. It is recorded, and the casus stays closed: a new melding begins a
    /// new one. And who may see it, and whether it must be kept, is asked for as long as it is there.
    pub(super) const fn goes_on_after_closing(&self) -> bool {
        matches!(
            self,
            Self::Informing(_)
                | Self::Incident(_)
                | Self::Restriction(_)
                | Self::Hold(_)
                | Self::Request(_)
                | Self::Research(_)
                | Self::FollowUp(follow_up::Command::Correct { .. })
                | Self::Handover(
                    handover::Command::Start { .. } | handover::Command::Return { .. }
                )
                | Self::Measure(measure::Command::End { .. })
        )
    }
}
