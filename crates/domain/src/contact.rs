//! A *contact*: someone reaches us through one channel; how it ended.
//!
//! ```text
//!  Absent ──receive──▶ Received ──conclude──▶ Concluded
//! ```
//! Silent and hung-up calls are contacts too: this is all there is of them. Law: Uitvoeringsbesluit Wmo 2015 art.
//! 4.1.1 lid 2 (reachable at all times, through a free national number).

use crate::codes::Code;
use crate::decider::{Decider, Stamp};
use crate::moment::{FIRST_DAY, Moment};
use crate::refusal::{Fault, Faults, Why, refused};
use chrono::{DateTime, Utc};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use thiserror::Error;
use uuid::Uuid;

/// What can happen to a contact. Stored forever: add variants, never change one.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Event {
    Received {
        channel: Code,
        received: Moment,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        answered_at: Option<DateTime<Utc>>,
        /// The id that telephony gave the call; never a number.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        call: Option<Uuid>,
    },
    Concluded {
        outcome: Code,
        /// The advice or melding that came of it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        led_to: Option<Uuid>,
    },
}

/// Where a contact stands.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Contact {
    #[default]
    Absent,
    Received {
        channel: Code,
        received: Moment,
        outcome: Option<Code>,
    },
}

#[derive(Clone, Debug, PartialEq, Serialize)]
pub enum Command {
    Receive {
        channel: Code,
        received: Moment,
        answered_at: Option<DateTime<Utc>>,
        call: Option<Uuid>,
    },
    Conclude {
        outcome: Code,
        led_to: Option<Uuid>,
    },
}

/// Why not. The text is for the worker.
#[derive(Clone, Debug, PartialEq, Error)]
pub enum Refusal {
    #[error("de gegevens van het contact kloppen niet")]
    Invalid(Vec<Fault>),
    #[error("dit contact is er niet")]
    NoSuchContact,
    #[error("dit contact is al vastgelegd")]
    ReceivedBefore,
    #[error("dit contact is al afgerond")]
    ConcludedBefore,
}
refused!(Refusal {
    Absent: Self::NoSuchContact,
    Conflict: Self::ReceivedBefore | Self::ConcludedBefore
});

impl Command {
    /// What is wrong with the input itself, whatever the state of the contact.
    pub fn faults(&self, stamp: &Stamp) -> Vec<Fault> {
        let mut faults = Faults::default();
        if let Self::Receive { received, answered_at, .. } = self {
            faults.check(
                "received",
                received.is_after(stamp.at, stamp.today),
                Why::Future(received.on),
            );
            faults.check("received", received.on < FIRST_DAY, Why::BeforeTheRegister);
            let before = received.at.zip(*answered_at).is_some_and(|(from, to)| to < from);
            faults.check("answered", before, Why::AnsweredBeforeReceipt);
        }
        faults.list()
    }
}

impl Decider for Contact {
    const STREAM: &'static str = "contact";
    type Command = Command;
    type Event = Event;
    type Refusal = Refusal;

    fn faults(command: &Command, stamp: &Stamp) -> Vec<Fault> {
        command.faults(stamp)
    }

    fn decide(&self, command: Command, stamp: &Stamp) -> Result<Vec<Event>, Refusal> {
        let faults = command.faults(stamp);
        match (self, command) {
            (Self::Absent, _) if !faults.is_empty() => Err(Refusal::Invalid(faults)),
            (Self::Absent, Command::Receive { channel, received, answered_at, call }) => {
                Ok(vec![Event::Received { channel, received, answered_at, call }])
            }
            (Self::Absent, Command::Conclude { .. }) => Err(Refusal::NoSuchContact),
            (Self::Received { .. }, Command::Receive { .. }) => Err(Refusal::ReceivedBefore),
            (Self::Received { outcome: None, .. }, Command::Conclude { outcome, led_to }) => {
                Ok(vec![Event::Concluded { outcome, led_to }])
            }
            (Self::Received { outcome: Some(_), .. }, Command::Conclude { .. }) => {
                Err(Refusal::ConcludedBefore)
            }
        }
    }

    fn evolve(self, event: &Event) -> Self {
        match (self, event) {
            (_, Event::Received { channel, received, .. }) => {
                Self::Received { channel: channel.clone(), received: *received, outcome: None }
            }
            (Self::Received { channel, received, .. }, Event::Concluded { outcome, .. }) => {
                Self::Received { channel, received, outcome: Some(outcome.clone()) }
            }
            (Self::Absent, Event::Concluded { .. }) => Self::Absent,
        }
    }
}

impl From<Event> for crate::Event {
    fn from(event: Event) -> Self {
        Self::Contact(event)
    }
}

#[cfg(test)]
mod tests;
