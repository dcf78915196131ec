//! An *advies*: someone asks and stays responsible; nothing is recorded that identifies the family.
//!
//! ```text
//!  Absent ──start──▶ Open ──(add contact, correct)──▶ Open ──close──▶ Closed ──correct──▶ Closed
//! ```
//! Law: Wmo 2015 art. 4.1.1 lid 3 ([`crate::law::TASKS`]). Informatieprotocol 2025 par. 2.1: an advies may take several contacts.

use crate::codes::Code;
use crate::decider::{Decider, Stamp};
use crate::moment::{FIRST_DAY, Moment};
use crate::refusal::{Fault, Faults, Why, refused};
use chrono::NaiveDate;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use thiserror::Error;
use uuid::Uuid;

/// What an advies is about. No field can hold who it is about.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Content {
    pub started: Moment,
    pub channel: Code,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub contact: Option<Uuid>,
    pub hoedanigheid: Code,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub organisation: Option<Code>,
    /// Four-digit CBS code of the municipality where it plays, or `onbekend`.
    pub municipality: Code,
    pub forms: Vec<Code>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub natures: Vec<Code>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub duration: Option<Code>,
}

/// What a correction replaces; a field that is absent stays.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct Changes {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub started: Option<Moment>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub channel: Option<Code>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hoedanigheid: Option<Code>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub organisation: Option<Code>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub municipality: Option<Code>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub forms: Option<Vec<Code>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub natures: Option<Vec<Code>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub duration: Option<Code>,
}

/// What can happen to an advies. Stored forever: add variants, never change one.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Event {
    Started(Content),
    ContactAdded {
        on: Moment,
        channel: Code,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        contact: Option<Uuid>,
    },
    Corrected {
        reason: Code,
        changes: Changes,
    },
    Closed {
        on: NaiveDate,
    },
}

/// Where an advies stands.
#[derive(Clone, Debug, Default, PartialEq)]
#[expect(clippy::large_enum_variant, reason = "lives for the length of one decision")]
pub enum Advice {
    #[default]
    Absent,
    Started {
        content: Content,
        closed: Option<NaiveDate>,
    },
}

#[derive(Clone, Debug, PartialEq, Serialize)]
pub enum Command {
    Start(Content),
    AddContact { on: Moment, channel: Code, contact: Option<Uuid> },
    Correct { reason: Code, changes: Changes },
    Close { on: NaiveDate },
}

/// Why not. The text is for the worker.
#[derive(Clone, Debug, PartialEq, Error)]
pub enum Refusal {
    #[error("de gegevens van het advies kloppen niet")]
    Invalid(Vec<Fault>),
    #[error("dit advies is er niet")]
    NoSuchAdvice,
    #[error("dit advies is al gestart")]
    StartedBefore,
    #[error("dit advies is al afgesloten")]
    ClosedBefore,
}
refused!(Refusal {
    Absent: Self::NoSuchAdvice,
    Conflict: Self::StartedBefore | Self::ClosedBefore
});

impl Content {
    fn faults(&self, stamp: &Stamp) -> Vec<Fault> {
        let mut faults = Faults::default();
        let started = self.started;
        faults.check("started", started.is_after(stamp.at, stamp.today), Why::Future(started.on));
        faults.check("started", started.on < FIRST_DAY, Why::BeforeTheRegister);
        faults.check("forms", self.forms.is_empty(), Why::NoForm);
        faults.list()
    }

    fn with(mut self, changes: &Changes) -> Self {
        let it = changes.clone();
        self.started = it.started.unwrap_or(self.started);
        self.channel = it.channel.unwrap_or(self.channel);
        self.hoedanigheid = it.hoedanigheid.unwrap_or(self.hoedanigheid);
        self.organisation = it.organisation.or(self.organisation);
        self.municipality = it.municipality.unwrap_or(self.municipality);
        self.forms = it.forms.unwrap_or(self.forms);
        self.natures = it.natures.unwrap_or(self.natures);
        self.duration = it.duration.or(self.duration);
        self
    }
}

impl Command {
    /// What is wrong with the input itself, whatever the state of the advies.
    pub fn faults(&self, stamp: &Stamp) -> Vec<Fault> {
        match self {
            Self::Start(content) => content.faults(stamp),
            Self::AddContact { on, .. } => {
                let mut faults = Faults::default();
                faults.check("on", on.is_after(stamp.at, stamp.today), Why::Future(on.on));
                faults.list()
            }
            Self::Correct { changes, .. } => {
                let mut faults = Faults::default();
                let nothing = *changes == Changes::default();
                faults.check("changes", nothing, Why::NothingChanged);
                faults.list()
            }
            Self::Close { on } => {
                let mut faults = Faults::default();
                faults.check("on", *on > stamp.today, Why::Future(*on));
                faults.list()
            }
        }
    }
}

impl Decider for Advice {
    const STREAM: &'static str = "advice";
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
            (Self::Absent, Command::Start(content)) => Ok(vec![Event::Started(content)]),
            (
                Self::Absent,
                Command::AddContact { .. } | Command::Correct { .. } | Command::Close { .. },
            ) => Err(Refusal::NoSuchAdvice),
            (Self::Started { .. }, Command::Start(_)) => Err(Refusal::StartedBefore),
            (Self::Started { closed: None, .. }, Command::AddContact { on, channel, contact }) => {
                Ok(vec![Event::ContactAdded { on, channel, contact }])
            }
            (Self::Started { content, closed: None }, Command::Close { on }) => {
                not_before(content.started.on, on)?;
                Ok(vec![Event::Closed { on }])
            }
            (
                Self::Started { closed: Some(_), .. },
                Command::AddContact { .. } | Command::Close { .. },
            ) => Err(Refusal::ClosedBefore),
            (Self::Started { content, .. }, Command::Correct { reason, changes }) => {
                let faults = content.clone().with(&changes).faults(stamp);
                if faults.is_empty() {
                    Ok(vec![Event::Corrected { reason, changes }])
                } else {
                    Err(Refusal::Invalid(faults))
                }
            }
        }
    }

    fn evolve(self, event: &Event) -> Self {
        match (self, event) {
            (_, Event::Started(content)) => {
                Self::Started { content: content.clone(), closed: None }
            }
            (Self::Started { content, closed }, Event::Corrected { changes, .. }) => {
                Self::Started { content: content.with(changes), closed }
            }
            (Self::Started { content, .. }, Event::Closed { on }) => {
                Self::Started { content, closed: Some(*on) }
            }
            (it, Event::ContactAdded { .. }) => it,
            (Self::Absent, Event::Corrected { .. } | Event::Closed { .. }) => Self::Absent,
        }
    }
}

fn not_before(started_on: NaiveDate, on: NaiveDate) -> Result<(), Refusal> {
    let mut faults = Faults::default();
    faults.check("on", on < started_on, Why::BeforeReceipt(started_on));
    faults.into_result(Refusal::Invalid)
}

impl From<Event> for crate::Event {
    fn from(event: Event) -> Self {
        Self::Advice(event)
    }
}

#[cfg(test)]
mod tests;
