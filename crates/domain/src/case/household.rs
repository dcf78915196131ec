//! Who lives with whom, from when. A child of parents who live apart lives in two households. Dates are often known in part only.

use super::{Case, Refusal as CaseRefusal};
use crate::particulars::PartialDate;
use crate::refusal::{Faults, Why};
use chrono::NaiveDate;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use thiserror::Error;
use uuid::Uuid;

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "HouseholdEvent")]
#[serde(tag = "step", rename_all = "snake_case")]
pub enum Event {
    MovedIn { household: Uuid, person: Uuid, from: PartialDate },
    MovedOut { household: Uuid, person: Uuid, until: PartialDate },
}

/// Who lives where now; the address itself is a particular of each.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Household(pub BTreeMap<(Uuid, Uuid), PartialDate>);

#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub enum Command {
    MoveIn { household: Uuid, person: Uuid, from: PartialDate },
    MoveOut { household: Uuid, person: Uuid, until: PartialDate },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum Refusal {
    #[error("deze persoon woont al in dit huishouden")]
    LivesThere,
    #[error("deze persoon woont niet in dit huishouden")]
    LivesElsewhere,
}

impl Command {
    /// The first day that it can be.
    pub(super) fn happens(&self) -> (&'static str, NaiveDate) {
        let (at, date) = match self {
            Self::MoveIn { from, .. } => ("from", from),
            Self::MoveOut { until, .. } => ("until", until),
        };
        (at, date.earliest().unwrap_or(NaiveDate::MIN))
    }
}

pub(super) fn decide(case: &Case, command: Command) -> Result<Event, CaseRefusal> {
    match command {
        Command::MoveIn { household, person, from } => {
            case.involves(&person)?;
            match case.household.0.get(&(household, person)) {
                Some(_) => Err(Refusal::LivesThere.into()),
                None => Ok(Event::MovedIn { household, person, from }),
            }
        }
        Command::MoveOut { household, person, until } => {
            let Some(from) = case.household.0.get(&(household, person)) else {
                return Err(Refusal::LivesElsewhere.into());
            };
            let mut faults = Faults::default();
            let since = from.earliest().filter(|from| until.latest().is_some_and(|it| it < *from));
            if let Some(since) = since {
                faults.add("until", Why::Before(since));
            }
            faults.into_result(CaseRefusal::Invalid)?;
            Ok(Event::MovedOut { household, person, until })
        }
    }
}

impl Household {
    pub(super) fn evolve(&mut self, event: &Event) {
        match event {
            Event::MovedIn { household, person, from } => {
                self.0.insert((*household, *person), *from);
            }
            Event::MovedOut { household, person, .. } => {
                self.0.remove(&(*household, *person));
            }
        }
    }
}

#[cfg(test)]
mod tests;
