//! An *erasure* (vernietiging): the data of some subjects are destroyed, on request or because their term is over. The order is recorded, and at
//! that moment nobody reads them any more; when nothing is left of them it is complete.
//!
//! ```text
//!  Absent ──order──▶ Ordered ──complete──▶ Completed
//! ```
//! What stands in a casus that must be kept ([`crate::case::hold`]) is not ordered at all: that is looked at before the first step.
//!
//! Law: destruction on request ([`crate::law::DESTRUCTION`]), and after the term of retention ([`crate::law::RETENTION`]). What stays is what
//! points to nobody: codes, ages, dates and random ids, so that no published figure moves.

use crate::codes::{Code, List, label};
use crate::decider::{Decider, Stamp};
use crate::refusal::{Fault, Faults, Why, refused};
use chrono::NaiveDate;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::fmt;
use thiserror::Error;
use uuid::Uuid;

/// What can happen to an erasure. Stored forever: add variants, never change one.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Event {
    /// These are to be destroyed: persons, or files whose free text is about the whole household.
    Ordered { subjects: Vec<Uuid>, ground: Ground },
    /// Nothing is left: so many keys were destroyed, and so many sealed particulars.
    Completed { keys: u32, particulars: u32 },
}

/// Why data are destroyed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Ground {
    /// A request of the person concerned was granted.
    Request { request: Uuid },
    /// The term of retention is over.
    Retention,
}

/// How far it has come.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Erasure {
    #[default]
    Absent,
    Ordered {
        subjects: Vec<Uuid>,
    },
    Completed,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
pub enum Command {
    Order {
        subjects: Vec<Uuid>,
        ground: Ground,
        /// What is known of other streams is not part of what is asked.
        #[serde(skip)]
        held: Vec<Held>,
    },
    /// So many were destroyed, and so much was found of them afterwards.
    Complete { keys: u32, particulars: u32, left: u32 },
}

/// A casus in which one of them occurs, and which must be kept: for what reason, and until when.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Held {
    pub case: Uuid,
    pub reason: Code,
    pub until: Option<NaiveDate>,
}

impl fmt::Display for Held {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { case, reason, until } = self;
        write!(f, "casus {case} ({}", label(List::HoldReason, reason.as_str()).to_lowercase())?;
        match until {
            Some(until) => write!(f, ", tot en met {until})"),
            None => write!(f, ")"),
        }
    }
}

/// Why not. The text is for the worker.
#[derive(Clone, Debug, PartialEq, Error)]
pub enum Refusal {
    #[error("de vernietiging klopt niet")]
    Invalid(Vec<Fault>),
    #[error("deze vernietiging is er niet")]
    NoSuchErasure,
    #[error("deze vernietiging is al opgedragen")]
    OrderedBefore,
    #[error("deze vernietiging is al voltooid")]
    CompletedBefore,
    #[error(
        "deze gegevens staan in een casus die bewaard moet blijven, en worden niet vernietigd: {}",
        .0.iter().map(ToString::to_string).collect::<Vec<_>>().join("; ")
    )]
    Held(Vec<Held>),
    #[error("er is nog iets over van wat vernietigd moet zijn: {0}")]
    SomethingLeft(u32),
}
refused!(Refusal {
    Absent: Self::NoSuchErasure,
    Conflict: Self::OrderedBefore | Self::CompletedBefore | Self::SomethingLeft(_) | Self::Held(_),
});

impl Decider for Erasure {
    const STREAM: &'static str = "erasure";
    type Command = Command;
    type Event = Event;
    type Refusal = Refusal;

    fn faults(command: &Command, _: &Stamp) -> Vec<Fault> {
        let mut faults = Faults::default();
        match command {
            Command::Order { subjects, .. } => {
                faults.check("subjects", subjects.is_empty(), Why::NobodyToForget);
            }
            Command::Complete { .. } => {}
        }
        faults.list()
    }

    fn decide(&self, command: Command, stamp: &Stamp) -> Result<Vec<Event>, Refusal> {
        let faults = Self::faults(&command, stamp);
        if !faults.is_empty() {
            return Err(Refusal::Invalid(faults));
        }
        match (self, command) {
            (Self::Absent, Command::Order { held, .. }) if !held.is_empty() => {
                Err(Refusal::Held(held))
            }
            (Self::Absent, Command::Order { mut subjects, ground, .. }) => {
                subjects.sort_unstable();
                subjects.dedup();
                Ok(vec![Event::Ordered { subjects, ground }])
            }
            (Self::Absent, Command::Complete { .. }) => Err(Refusal::NoSuchErasure),
            (Self::Ordered { .. } | Self::Completed, Command::Order { .. }) => {
                Err(Refusal::OrderedBefore)
            }
            (Self::Ordered { .. }, Command::Complete { left: left @ 1.., .. }) => {
                Err(Refusal::SomethingLeft(left))
            }
            (Self::Ordered { .. }, Command::Complete { keys, particulars, left: 0 }) => {
                Ok(vec![Event::Completed { keys, particulars }])
            }
            (Self::Completed, Command::Complete { .. }) => Err(Refusal::CompletedBefore),
        }
    }

    fn evolve(self, event: &Event) -> Self {
        match event {
            Event::Ordered { subjects, .. } => Self::Ordered { subjects: subjects.clone() },
            Event::Completed { .. } => Self::Completed,
        }
    }
}

impl From<Event> for crate::Event {
    fn from(event: Event) -> Self {
        Self::Erasure(event)
    }
}

#[cfg(test)]
mod tests;
