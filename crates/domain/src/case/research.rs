//! Data of this casus were used for research or statistics: the note in the file that the law asks for ([`crate::law::RESEARCH`]). With the consent of
//! those concerned; without it only when it serves a general interest, cannot be done otherwise, and nobody concerned objected.

use super::{Case, Refusal as CaseRefusal};
use crate::codes::Code;
use crate::refusal::{Faults, Why};
use chrono::NaiveDate;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use thiserror::Error;
use uuid::Uuid;

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "ResearchEvent")]
#[serde(tag = "step", rename_all = "snake_case")]
pub enum Event {
    Used {
        research: Uuid,
        on: NaiveDate,
        purpose: Code,
        consent: bool,
        /// Whose data; everybody's when nobody is named.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        persons: Vec<Uuid>,
    },
    Objected {
        person: Uuid,
        on: NaiveDate,
    },
}

/// Who objected since when, and what the data were used for.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Research {
    pub objected: BTreeMap<Uuid, NaiveDate>,
    pub uses: BTreeMap<Uuid, Use>,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Use {
    pub on: NaiveDate,
    pub purpose: Code,
    pub consent: bool,
    pub persons: Vec<Uuid>,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
pub enum Command {
    Use(Purpose),
    Object { person: Uuid, on: NaiveDate },
}

/// For what, and under which conditions.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Purpose {
    pub research: Uuid,
    pub on: NaiveDate,
    pub purpose: Code,
    pub consent: bool,
    pub general_interest: bool,
    pub not_otherwise: bool,
    pub persons: Vec<Uuid>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum Refusal {
    #[error("dit gebruik is al in het dossier aangetekend")]
    NotedBefore,
    #[error("deze persoon heeft al bezwaar gemaakt")]
    ObjectedBefore,
    #[error(
        "iemand over wie de gegevens gaan heeft bezwaar gemaakt; zonder toestemming mag het dan niet"
    )]
    Objected,
}

impl Command {
    pub(super) const fn on(&self) -> NaiveDate {
        match self {
            Self::Use(it) => it.on,
            Self::Object { on, .. } => *on,
        }
    }
}

pub(super) fn decide(case: &Case, command: Command) -> Result<Event, CaseRefusal> {
    match command {
        Command::Object { person, on } => {
            case.involves(&person)?;
            match case.research.objected.get(&person) {
                Some(_) => Err(Refusal::ObjectedBefore.into()),
                None => Ok(Event::Objected { person, on }),
            }
        }
        Command::Use(it) => {
            it.persons.iter().try_for_each(|person| case.involves(person))?;
            case.research.uses_for(it)
        }
    }
}

impl Research {
    fn uses_for(&self, it: Purpose) -> Result<Event, CaseRefusal> {
        if self.uses.contains_key(&it.research) {
            return Err(Refusal::NotedBefore.into());
        }
        let mut faults = Faults::default();
        let without = !it.consent;
        faults.check("general_interest", without && !it.general_interest, Why::NoGeneralInterest);
        faults.check("not_otherwise", without && !it.not_otherwise, Why::PossibleOtherwise);
        faults.into_result(CaseRefusal::Invalid)?;
        let about = |person: &Uuid| it.persons.is_empty() || it.persons.contains(person);
        let objects = self.objected.iter().any(|(person, since)| about(person) && *since <= it.on);
        if without && objects {
            return Err(Refusal::Objected.into());
        }
        let Purpose { research, on, purpose, consent, persons, .. } = it;
        Ok(Event::Used { research, on, purpose, consent, persons })
    }

    pub(super) fn evolve(&mut self, event: &Event) {
        match event {
            Event::Used { research, on, purpose, consent, persons } => {
                let (on, purpose, consent) = (*on, purpose.clone(), *consent);
                self.uses.insert(*research, Use { on, purpose, consent, persons: persons.clone() });
            }
            Event::Objected { person, on } => {
                self.objected.insert(*person, *on);
            }
        }
    }
}

#[cfg(test)]
mod tests;
