//! A *person*: one human being as far as this organisation knows. Name, number, birth date and address are particulars;
//! an event only says that they were recorded.
//!
//! ```text
//!  Absent ──register──▶ Registered ──(identify, correct identity)──▶ Registered
//! ```
//! Law: Wmo 2015 art. 5.2.9 ([`crate::law::BSN`]). Merging persons follows as a link that can be undone.

use crate::codes::Code;
use crate::decider::{Decider, Stamp};
use crate::refusal::{Fault, Faults, Why, refused};
use chrono::NaiveDate;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use thiserror::Error;

/// What can happen to a person. Stored forever: add variants, never change one.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Event {
    Registered { sex: Code },
    Identified { on: NaiveDate, with_bsn: bool },
    IdentityCorrected { reason: Code, on: NaiveDate },
}

/// What decisions need to know of a person.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Person {
    #[default]
    Absent,
    Registered {
        identified: bool,
    },
}

#[derive(Clone, Debug, PartialEq, Serialize)]
pub enum Command {
    Register {
        sex: Code,
    },
    /// The number register was consulted; the particulars go beside it.
    Identify {
        on: NaiveDate,
        with_bsn: bool,
    },
    CorrectIdentity {
        reason: Code,
        on: NaiveDate,
    },
}

/// Why not. The text is for the worker.
#[derive(Clone, Debug, PartialEq, Error)]
pub enum Refusal {
    #[error("de gegevens van de persoon kloppen niet")]
    Invalid(Vec<Fault>),
    #[error("deze persoon is er niet")]
    NoSuchPerson,
    #[error("deze persoon is al geregistreerd")]
    RegisteredBefore,
    #[error("deze persoon is al geïdentificeerd; een verandering is een correctie")]
    IdentifiedBefore,
}
refused!(Refusal {
    Absent: Self::NoSuchPerson,
    Conflict: Self::RegisteredBefore | Self::IdentifiedBefore,
});

impl Command {
    /// What is wrong with the input itself.
    pub fn faults(&self, stamp: &Stamp) -> Vec<Fault> {
        let mut faults = Faults::default();
        match self {
            Self::Register { .. } => {}
            Self::Identify { on, .. } | Self::CorrectIdentity { on, .. } => {
                faults.check("on", *on > stamp.today, Why::Future(*on));
            }
        }
        faults.list()
    }
}

impl Decider for Person {
    const STREAM: &'static str = "person";
    type Command = Command;
    type Event = Event;
    type Refusal = Refusal;

    fn faults(command: &Command, stamp: &Stamp) -> Vec<Fault> {
        command.faults(stamp)
    }

    fn decide(&self, command: Command, stamp: &Stamp) -> Result<Vec<Event>, Refusal> {
        let faults = command.faults(stamp);
        if !faults.is_empty() {
            return Err(Refusal::Invalid(faults));
        }
        match (self, command) {
            (Self::Absent, Command::Register { sex }) => Ok(vec![Event::Registered { sex }]),
            (Self::Absent, Command::Identify { .. } | Command::CorrectIdentity { .. }) => {
                Err(Refusal::NoSuchPerson)
            }
            (Self::Registered { .. }, Command::Register { .. }) => Err(Refusal::RegisteredBefore),
            (Self::Registered { identified: false }, Command::Identify { on, with_bsn }) => {
                Ok(vec![Event::Identified { on, with_bsn }])
            }
            (Self::Registered { identified: true }, Command::Identify { .. }) => {
                Err(Refusal::IdentifiedBefore)
            }
            (Self::Registered { .. }, Command::CorrectIdentity { reason, on }) => {
                Ok(vec![Event::IdentityCorrected { reason, on }])
            }
        }
    }

    fn evolve(self, event: &Event) -> Self {
        match (self, event) {
            (_, Event::Registered { .. }) => Self::Registered { identified: false },
            (Self::Registered { .. }, Event::Identified { .. }) => {
                Self::Registered { identified: true }
            }
            (it, Event::IdentityCorrected { .. }) => it,
            (Self::Absent, Event::Identified { .. }) => Self::Absent,
        }
    }
}

impl From<Event> for crate::Event {
    fn from(event: Event) -> Self {
        Self::Person(event)
    }
}

#[cfg(test)]
mod tests;
