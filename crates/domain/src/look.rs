//! A *look*: somebody looked whether a person is known, and was shown whom the register found. Recorded before the answer leaves, so that
//! whoever is in the register can be told who looked for him, and nobody searches unseen.
//!
//! ```text
//!  Absent ──(search, compare)──▶ Recorded
//! ```
//! Law: the controller can show who saw what ([`crate::law::ACCOUNTABILITY`]). What was typed is not kept: it may be somebody's name.

use crate::codes::Code;
use crate::decider::{Decider, Stamp};
use crate::id::LogKind;
use crate::refusal::{Fault, refused};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use thiserror::Error;
use uuid::Uuid;

/// What can be looked at. Stored forever: add variants, never change one. Who looked, and when, is in the envelope.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Event {
    /// Persons were searched by these kinds of input (codes of the list `zoekveld`), and these were shown.
    Searched { fields: Vec<Code>, found: Vec<Uuid> },
    /// Persons of a melding were compared with all others, and these were shown.
    Compared { melding: Uuid, found: Vec<Uuid> },
}

/// Whether it was recorded.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Look {
    #[default]
    Absent,
    Recorded,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
pub enum Command {
    Search { fields: Vec<Code>, found: Vec<Uuid> },
    Compare { melding: Uuid, found: Vec<Uuid> },
}

/// Why not. The text is for the worker.
#[derive(Clone, Debug, PartialEq, Error)]
pub enum Refusal {
    #[error("de raadpleging klopt niet")]
    Invalid(Vec<Fault>),
    #[error("deze raadpleging is al vastgelegd")]
    RecordedBefore,
}
refused!(Refusal { Conflict: Self::RecordedBefore });

impl Decider for Look {
    const STREAM: &'static str = "look";
    const LOG: LogKind = LogKind::Looks;
    type Command = Command;
    type Event = Event;
    type Refusal = Refusal;

    fn faults(_: &Command, _: &Stamp) -> Vec<Fault> {
        vec![]
    }

    fn decide(&self, command: Command, _: &Stamp) -> Result<Vec<Event>, Refusal> {
        match (self, command) {
            (Self::Absent, Command::Search { fields, found }) => {
                Ok(vec![Event::Searched { fields, found }])
            }
            (Self::Absent, Command::Compare { melding, found }) => {
                Ok(vec![Event::Compared { melding, found }])
            }
            (Self::Recorded, Command::Search { .. } | Command::Compare { .. }) => {
                Err(Refusal::RecordedBefore)
            }
        }
    }

    fn evolve(self, event: &Event) -> Self {
        match event {
            Event::Searched { .. } | Event::Compared { .. } => Self::Recorded,
        }
    }
}

impl From<Event> for crate::Event {
    fn from(event: Event) -> Self {
        Self::Look(event)
    }
}

#[cfg(test)]
mod tests;
