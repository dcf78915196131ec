//! What persons ask about their data in this casus ([`crate::request`]), and what became of it: the own statement that was added, and the view
//! of whoever asked for a correction in vain ([`crate::law::CORRECTION`]). The words themselves stand, sealed, with the request.
//!
//! Comes with a command of the request, in the same statement; also after the casus was closed.

use crate::request::{Kind, Outcome};
use chrono::NaiveDate;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use uuid::Uuid;

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "RequestEvent")]
#[serde(tag = "step", rename_all = "snake_case")]
pub enum Event {
    Asked { request: Uuid, person: Uuid, kind: Kind, on: NaiveDate },
    Answered { request: Uuid, person: Uuid, outcome: Outcome, on: NaiveDate },
    Executed { request: Uuid, person: Uuid, on: NaiveDate },
    Withdrawn { request: Uuid, person: Uuid, on: NaiveDate },
}

/// The requests about this casus.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Requests(pub BTreeMap<Uuid, Request>);

#[derive(Clone, Debug, PartialEq)]
pub struct Request {
    pub person: Uuid,
    pub kind: Kind,
    pub on: NaiveDate,
    pub outcome: Option<(NaiveDate, Outcome)>,
    pub executed_on: Option<NaiveDate>,
    pub withdrawn_on: Option<NaiveDate>,
}

impl Request {
    /// Whether the person's own words belong in the file: his statement once it was added, his view when a correction was refused or
    /// made in part only.
    pub const fn keeps_words(&self) -> bool {
        match (self.kind, &self.outcome) {
            (Kind::Statement, _) => self.executed_on.is_some(),
            (Kind::Correction, Some((_, Outcome::Refused | Outcome::InPart))) => true,
            (Kind::Correction, Some((_, Outcome::Granted)) | None)
            | (Kind::Inspection | Kind::Destruction, _) => false,
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub enum Command {
    Ask { request: Uuid, person: Uuid, kind: Kind, on: NaiveDate },
    Answer { request: Uuid, outcome: Outcome, on: NaiveDate },
    Execute { request: Uuid, on: NaiveDate },
    Withdraw { request: Uuid, on: NaiveDate },
}

impl Command {
    pub(super) const fn on(&self) -> NaiveDate {
        match self {
            Self::Ask { on, .. }
            | Self::Answer { on, .. }
            | Self::Execute { on, .. }
            | Self::Withdraw { on, .. } => *on,
        }
    }
}

impl Requests {
    /// The request itself was decided upon elsewhere; of one that is not of this casus nothing is kept.
    pub(super) fn decide(&self, command: Command) -> Option<Event> {
        match command {
            Command::Ask { request, .. } if self.0.contains_key(&request) => None,
            Command::Ask { request, person, kind, on } => {
                Some(Event::Asked { request, person, kind, on })
            }
            Command::Answer { request, outcome, on } => {
                let person = self.0.get(&request)?.person;
                Some(Event::Answered { request, person, outcome, on })
            }
            Command::Execute { request, on } => {
                let person = self.0.get(&request)?.person;
                Some(Event::Executed { request, person, on })
            }
            Command::Withdraw { request, on } => {
                let person = self.0.get(&request)?.person;
                Some(Event::Withdrawn { request, person, on })
            }
        }
    }

    pub(super) fn evolve(&mut self, event: &Event) {
        match event {
            Event::Asked { request, person, kind, on } => {
                let (person, kind, on) = (*person, *kind, *on);
                let (outcome, executed_on, withdrawn_on) = (None, None, None);
                let asked = Request { person, kind, on, outcome, executed_on, withdrawn_on };
                self.0.insert(*request, asked);
            }
            Event::Answered { request, outcome, on, .. } => {
                self.0.entry(*request).and_modify(|it| it.outcome = Some((*on, *outcome)));
            }
            Event::Executed { request, on, .. } => {
                self.0.entry(*request).and_modify(|it| it.executed_on = Some(*on));
            }
            Event::Withdrawn { request, on, .. } => {
                self.0.entry(*request).and_modify(|it| it.withdrawn_on = Some(*on));
            }
        }
    }
}

#[cfg(test)]
mod tests;
