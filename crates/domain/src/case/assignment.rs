//! Who works on a casus: one worker, perhaps of a team. Worker and team are ids; what they are called the identity provider knows.

use chrono::NaiveDate;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use thiserror::Error;
use uuid::Uuid;

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "AssignmentEvent")]
#[serde(tag = "step", rename_all = "snake_case")]
pub enum Event {
    Assigned {
        worker: Uuid,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        team: Option<Uuid>,
        on: NaiveDate,
    },
}

impl Event {
    pub(super) const fn on(&self) -> NaiveDate {
        let Self::Assigned { on, .. } = self;
        *on
    }
}

#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Assignment {
    pub worker: Option<Uuid>,
    pub team: Option<Uuid>,
}

#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub enum Command {
    Assign { worker: Uuid, team: Option<Uuid>, on: NaiveDate },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum Refusal {
    #[error("deze casus is al aan deze behandelaar toegewezen")]
    AssignedBefore,
}

impl Command {
    pub(super) const fn worker(self) -> Uuid {
        let Self::Assign { worker, .. } = self;
        worker
    }

    pub(super) const fn on(&self) -> NaiveDate {
        let Self::Assign { on, .. } = self;
        *on
    }
}

impl Assignment {
    pub(super) fn decide(self, command: Command) -> Result<Event, Refusal> {
        let Command::Assign { worker, team, on } = command;
        if self == (Self { worker: Some(worker), team }) {
            return Err(Refusal::AssignedBefore);
        }
        Ok(Event::Assigned { worker, team, on })
    }

    pub(super) fn evolve(&mut self, event: &Event) {
        let Event::Assigned { worker, team, .. } = event;
        *self = Self { worker: Some(*worker), team: *team };
    }
}

#[cfg(test)]
mod tests;
