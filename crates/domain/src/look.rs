//! A *look*: somebody was shown what the register knows of people, or asked for it and was not let in. Recorded before the answer leaves, so
//! that whoever is in the register can be told who looked at him, and nobody looks unseen.
//!
//! ```text
//!  Absent ──(record)──▶ Recorded
//! ```
//! Law: the controller can show who saw what ([`crate::law::ACCOUNTABILITY`]). Fields: BIO2 8.15.01, NEN 7513, Logboek Dataverwerkingen.
//! What was typed is not kept, and neither is what was shown: it may be somebody's name.

pub mod patterns;
mod people;

pub use people::persons;

use crate::access::Action;
use crate::codes::Code;
use crate::decider::{Decider, Stamp};
use crate::id::LogKind;
use crate::refusal::{Fault, refused};
use chrono::{DateTime, Utc};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use thiserror::Error;
use uuid::Uuid;

/// What can be looked at. Stored forever: add variants, never change one. Who looked, and when, is in the envelope.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Event {
    /// As looks were recorded before all of them were: persons were searched by these kinds of input, and these were shown.
    Searched {
        fields: Vec<Code>,
        found: Vec<Uuid>,
    },
    /// The same: persons of a melding were compared with all others, and these were shown.
    Compared {
        melding: Uuid,
        found: Vec<Uuid>,
    },
    Looked(Box<Looked>),
}

/// One look: what was done with what, whom it was about, for what, because of what, from where, and what came of it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Looked {
    /// Of the list `handeling`.
    pub act: Code,
    /// Of the list `inzage-in`, and which of them.
    pub of: Code,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<Uuid>,
    /// Whose data were shown.
    pub persons: Vec<Uuid>,
    /// Of a list: the files that were named in it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub files: Vec<Uuid>,
    /// Of a search: by which kinds of input (list `zoekveld`).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub fields: Vec<Code>,
    pub roles: Vec<Code>,
    /// For what and because of what (lists `doel` and `grond-toegang`); of whoever was not let in only what he said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub purpose: Option<Code>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ground: Option<Code>,
    pub outcome: Outcome,
    /// As known at which moment, when that was asked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub known_at: Option<DateTime<Utc>>,
    /// The address or the workplace from which was asked, when that is to be kept.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub origin: Option<String>,
    pub trace: Trace,
    /// The processing activity in the register of processing (AVG art. 30).
    pub processing: String,
}

impl Looked {
    /// One of a worker who was shown these persons, for measurements and tests.
    pub fn example(persons: Vec<Uuid>) -> Self {
        let (id, span) = (format!("{:032x}", 1), format!("{:016x}", 1));
        Self {
            act: act(Action::ReadFile),
            of: Code::of("melding"),
            id: Some(Uuid::from_u128(1)),
            persons,
            files: vec![],
            fields: vec![],
            roles: vec![Code::of("casus")],
            purpose: Some(Code::of("melding-behandelen")),
            ground: Some(Code::of("rol")),
            outcome: Outcome::Shown,
            known_at: None,
            origin: None,
            trace: Trace { id, span, parent: None },
            processing: "verwerkingen/lezen".to_owned(),
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    Shown,
    /// His role did not allow it, or it was not for him.
    Denied,
    /// There is no such thing.
    Absent,
}

/// Where it stands in a chain of requests (W3C Trace Context); in hexadecimal, as it travels.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Trace {
    pub id: String,
    pub span: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parent: Option<String>,
}

impl Event {
    /// Whose data were shown.
    pub fn persons(&self) -> &[Uuid] {
        match self {
            Self::Searched { found, .. } | Self::Compared { found, .. } => found,
            Self::Looked(it) => &it.persons,
        }
    }

    /// The look as it is told today; of an early one less is known.
    pub fn looked(self) -> Looked {
        let early = |of, id, persons, fields| Looked {
            act: act(Action::SearchPersons),
            of: Code::of(of),
            id,
            persons,
            files: vec![],
            fields,
            roles: vec![],
            purpose: None,
            ground: None,
            outcome: Outcome::Shown,
            known_at: None,
            origin: None,
            trace: Trace { id: "0".repeat(32), span: "0".repeat(16), parent: None },
            processing: String::new(),
        };
        match self {
            Self::Searched { fields, found } => early("personen", None, found, fields),
            Self::Compared { melding, found } => early("dubbelingen", Some(melding), found, vec![]),
            Self::Looked(it) => *it,
        }
    }
}

/// What somebody does with what he is shown, as the list `handeling` names it.
pub const fn act(action: Action) -> Code {
    Code::of(match action {
        Action::ReadFile | Action::ReadRequest | Action::KnowOneself => "lezen",
        Action::SearchPersons => "zoeken",
        Action::ReadWorklist => "lijst-lezen",
        Action::ReadReport | Action::ReadStatistics => "cijfers-lezen",
        Action::ReadProof => "bewijs-lezen",
        Action::ReadLooks => "inzagen-lezen",
        Action::LogContact
        | Action::LogAdvice
        | Action::LogMelding
        | Action::Correct
        | Action::Assess
        | Action::WorkOnCase
        | Action::RestrictCase
        | Action::BreakGlass
        | Action::ReviewEmergency
        | Action::HoldCase
        | Action::RegisterPerson
        | Action::MergePersons
        | Action::AnswerRequests => "vastleggen",
    })
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
    Record(Box<Looked>),
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
            (Self::Absent, Command::Record(it)) => Ok(vec![Event::Looked(it)]),
            (Self::Recorded, Command::Record(_)) => Err(Refusal::RecordedBefore),
        }
    }

    fn evolve(self, event: &Event) -> Self {
        match event {
            Event::Searched { .. } | Event::Compared { .. } | Event::Looked(_) => Self::Recorded,
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
