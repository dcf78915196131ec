//! Given what happened, when a command comes, then these events or this refusal. Tests only.

use crate::decider::{Decider, Stamp, fold};
use chrono::NaiveDate;
use uuid::Uuid;

pub fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

pub fn id(number: u128) -> Uuid {
    Uuid::from_u128(number)
}

/// A stamp of noon on a date.
pub fn stamp(on: &str) -> Stamp {
    Stamp {
        organisation: "VT02".parse().unwrap(),
        by: id(1),
        at: format!("{on}T12:00:00Z").parse().unwrap(),
        today: day(on),
        key: id(2),
    }
}

pub struct Given<D>(D);

pub fn given<D: Decider>(history: impl IntoIterator<Item = D::Event>) -> Given<D> {
    Given(history.into_iter().fold(D::default(), |state, event| state.evolve(&event)))
}

pub struct Then<D: Decider>(Result<Vec<D::Event>, D::Refusal>);

impl<D: Decider> Given<D> {
    pub fn when(self, on: &str, command: D::Command) -> Then<D> {
        Then(self.0.decide(command, &stamp(on)))
    }
}

impl<D: Decider> Then<D>
where
    D::Event: PartialEq + std::fmt::Debug,
    D::Refusal: PartialEq,
{
    pub fn then(self, events: impl IntoIterator<Item = D::Event>) {
        assert_eq!(self.0, Ok(events.into_iter().collect()));
    }

    pub fn refused(self, refusal: D::Refusal) {
        assert_eq!(self.0, Err(refusal));
    }

    pub fn refusal(self) -> D::Refusal {
        self.0.unwrap_err()
    }

    pub fn events(self) -> Vec<D::Event> {
        self.0.unwrap()
    }

    pub fn state(self) -> D {
        fold::<D>(&self.0.unwrap())
    }
}
