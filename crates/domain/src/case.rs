//! A *casus*: the household over time. Meldingen join it, persons take part in it with roles that may change.
//!
//! ```text
//!  Absent ──open──▶ Open ──(join melding, involve person, record pair)──▶ Open ──close──▶ Closed
//! ```
//! A closed casus takes no melding: a new one starts, and counts as a hermelding ([`crate::law::SEVERAL_MELDINGEN`]).
//! One file per topic of the process stands under `case/`; services, handovers, measures, informing, monitoring and terms
//! get theirs there.

pub mod closing;
pub mod meldingen;
pub mod people;

use crate::codes::Code;
use crate::decider::{Decider, Stamp};
use crate::melding::Pair;
use crate::refusal::{Fault, Faults, Why, refused};
use chrono::NaiveDate;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use thiserror::Error;
use uuid::Uuid;

/// What can happen to a casus. Stored forever: add variants, never change one.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Event {
    Opened { on: NaiveDate },
    MeldingJoined { melding: Uuid, on: NaiveDate },
    PersonInvolved { person: Uuid, roles: Vec<Code>, from: NaiveDate },
    PairRecorded { pair: Pair, on: NaiveDate },
    Closed { on: NaiveDate, outcome: Code },
}

/// Where a casus stands.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Case {
    pub stage: Stage,
    pub meldingen: BTreeSet<Uuid>,
    /// The present roles of everyone involved.
    pub people: BTreeMap<Uuid, Vec<Code>>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub enum Stage {
    #[default]
    Absent,
    Open {
        since: NaiveDate,
    },
    Closed {
        since: NaiveDate,
        on: NaiveDate,
    },
}

#[derive(Clone, Debug, PartialEq, Serialize)]
pub enum Command {
    Open { on: NaiveDate, meldingen: Vec<Uuid> },
    JoinMelding { melding: Uuid, on: NaiveDate },
    InvolvePerson { person: Uuid, roles: Vec<Code>, from: NaiveDate },
    RecordPair { pair: Pair, on: NaiveDate },
    Close { on: NaiveDate, outcome: Code },
}

/// Why not. The text is for the worker.
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
    #[error("slachtoffer en pleger moeten eerst bij de casus betrokken zijn")]
    NotInvolved,
    #[error("deze casus is gesloten; een nieuwe melding begint een nieuwe casus")]
    ClosedBefore,
}
refused!(Refusal {
    Absent: Self::NoSuchCase,
    Conflict: Self::OpenedBefore
        | Self::JoinedBefore
        | Self::InvolvedBefore
        | Self::NotInvolved
        | Self::ClosedBefore,
});

impl Decider for Case {
    const STREAM: &'static str = "case";
    type Command = Command;
    type Event = Event;
    type Refusal = Refusal;

    fn faults(command: &Command, stamp: &Stamp) -> Vec<Fault> {
        let (at, on) = match command {
            Command::InvolvePerson { from, .. } => ("from", *from),
            Command::Open { on, .. }
            | Command::JoinMelding { on, .. }
            | Command::RecordPair { on, .. }
            | Command::Close { on, .. } => ("on", *on),
        };
        let mut faults = Faults::default();
        faults.check(at, on > stamp.today, Why::Future(on));
        faults.list()
    }

    fn decide(&self, command: Command, stamp: &Stamp) -> Result<Vec<Event>, Refusal> {
        let since = match (self.stage, &command) {
            (Stage::Absent, Command::Open { on, meldingen }) => {
                return meldingen::open(*on, meldingen, stamp);
            }
            (
                Stage::Absent,
                Command::JoinMelding { .. }
                | Command::InvolvePerson { .. }
                | Command::RecordPair { .. }
                | Command::Close { .. },
            ) => return Err(Refusal::NoSuchCase),
            (Stage::Open { .. } | Stage::Closed { .. }, Command::Open { .. }) => {
                return Err(Refusal::OpenedBefore);
            }
            (
                Stage::Closed { .. },
                Command::JoinMelding { .. }
                | Command::InvolvePerson { .. }
                | Command::RecordPair { .. }
                | Command::Close { .. },
            ) => return Err(Refusal::ClosedBefore),
            (Stage::Open { since }, _) => since,
        };
        match command {
            Command::Open { .. } => Err(Refusal::OpenedBefore),
            Command::JoinMelding { melding, on } => {
                meldingen::join(self, since, melding, on, stamp)
            }
            Command::InvolvePerson { person, roles, from } => {
                people::involve(self, person, roles, from, stamp)
            }
            Command::RecordPair { pair, on } => people::record_pair(self, since, pair, on, stamp),
            Command::Close { on, outcome } => closing::close(since, on, outcome, stamp),
        }
    }

    fn evolve(mut self, event: &Event) -> Self {
        match event {
            Event::Opened { on } => self.stage = Stage::Open { since: *on },
            Event::MeldingJoined { melding, .. } => {
                self.meldingen.insert(*melding);
            }
            Event::PersonInvolved { person, roles, .. } => {
                self.people.insert(*person, roles.clone());
            }
            Event::PairRecorded { .. } => {}
            Event::Closed { on, .. } => {
                self.stage = match self.stage {
                    Stage::Open { since } | Stage::Closed { since, .. } => {
                        Stage::Closed { since, on: *on }
                    }
                    Stage::Absent => Stage::Absent,
                };
            }
        }
        self
    }
}

impl From<Event> for crate::Event {
    fn from(event: Event) -> Self {
        Self::Case(event)
    }
}

#[cfg(test)]
mod tests;
