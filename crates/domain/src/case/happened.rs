//! When the last thing happened in a casus: it does not end before that. What is planned for later is not in it, for it did not happen.

use super::Event;
use chrono::NaiveDate;

impl Event {
    /// The day on which a step was taken, of those that need an open casus. Who somebody is to somebody else and where he lives are no
    /// steps, but what is known of people; informing and incidents go on after closing.
    pub(super) const fn step_on(&self) -> Option<NaiveDate> {
        match self {
            Self::Opened { on } | Self::MeldingJoined { on, .. } | Self::Closed { on, .. } => {
                Some(*on)
            }
            Self::FollowUp(it) => it.on(),
            Self::Assignment(it) => Some(it.on()),
            Self::Investigation(it) => Some(it.on()),
            Self::Conditions(it) => Some(it.on()),
            Self::Handover(it) => Some(it.on()),
            Self::Measure(it) => Some(it.on()),
            Self::Multidisciplinary(it) => Some(it.on()),
            Self::Junction(it) => Some(it.on()),
            Self::Monitoring(it) => Some(it.on()),
            Self::Suspension(it) => Some(it.on()),
            Self::Transfer(it) => Some(it.on()),
            Self::PersonInvolved { .. }
            | Self::PairRecorded { .. }
            | Self::Household(_)
            | Self::Informing(_)
            | Self::Incident(_) => None,
        }
    }
}
