//! A casus that must be kept: a measure of child protection runs, somebody claims damages, a complaint or a calamity is looked into, a criminal case. As
//! long as it is held nothing in it is destroyed: not when the term of retention is over, and not on request.
//!
//! ```text
//!  (free) ──place──▶ Held ──place (until another day)──▶ Held ──lift, or the last day passes──▶ (free)
//! ```
//! Each reason stands by itself: when one ends, the others hold. Also after closing, for that is when data are destroyed. Law: longer where careful
//! execution asks for it ([`crate::law::RETENTION`]); keeping is of considerable interest to another, or law forbids ([`crate::law::DESTRUCTION`]).

use super::Case;
use crate::codes::Code;
use crate::refusal::{Faults, Why};
use chrono::NaiveDate;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use thiserror::Error;

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "HoldEvent")]
#[serde(tag = "step", rename_all = "snake_case")]
pub enum Event {
    Placed {
        on: NaiveDate,
        reason: Code,
        /// The last day on which it holds; without one until it is lifted.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        until: Option<NaiveDate>,
    },
    Lifted {
        on: NaiveDate,
        reason: Code,
    },
}

/// By each reason for which it was not lifted: since when, and until when.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Holds(pub BTreeMap<Code, Standing>);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Standing {
    pub since: NaiveDate,
    pub until: Option<NaiveDate>,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
pub enum Command {
    Place { on: NaiveDate, reason: Code, until: Option<NaiveDate> },
    Lift { on: NaiveDate, reason: Code },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum Refusal {
    #[error("deze casus wordt om deze reden al zo lang bewaard")]
    PlacedBefore,
    #[error("deze casus wordt niet om deze reden bewaard")]
    NotHeld,
}

impl Command {
    pub(super) const fn on(&self) -> NaiveDate {
        match self {
            Self::Place { on, .. } | Self::Lift { on, .. } => *on,
        }
    }
}

pub(super) fn decide(case: &Case, command: Command) -> Result<Event, super::Refusal> {
    let standing = |reason: &Code| case.holds.0.get(reason);
    let mut faults = Faults::default();
    let event = match command {
        Command::Place { on, reason, until } => {
            if standing(&reason).is_some_and(|it| it.until == until) {
                return Err(Refusal::PlacedBefore.into());
            }
            faults.check("kept_until", until.is_some_and(|it| it < on), Why::Before(on));
            Event::Placed { on, reason, until }
        }
        Command::Lift { on, reason } => {
            let since = standing(&reason).ok_or(Refusal::NotHeld)?.since;
            faults.check("on", on < since, Why::Before(since));
            Event::Lifted { on, reason }
        }
    };
    faults.into_result(super::Refusal::Invalid)?;
    Ok(event)
}

impl Holds {
    pub(super) fn evolve(&mut self, event: &Event) {
        match event {
            Event::Placed { on, reason, until } => {
                let since = self.0.get(reason).map_or(*on, |it| it.since.min(*on));
                self.0.insert(reason.clone(), Standing { since, until: *until });
            }
            Event::Lifted { reason, .. } => {
                self.0.remove(reason);
            }
        }
    }

    /// What holds the casus on a day.
    pub fn on(&self, day: NaiveDate) -> impl Iterator<Item = (&Code, &Standing)> {
        self.0.iter().filter(move |(_, it)| it.until.is_none_or(|until| day <= until))
    }
}

#[cfg(test)]
mod tests;
