//! A casus that is not for everybody: of the family of a colleague, of somebody in the public eye. Only whoever works on it, or was named, sees
//! it; for all others it is not there, nor are its meldingen and its persons. Whoever has a personal interest never sees it.
//!
//! ```text
//!  (for everybody) ──place──▶ Restricted ──place (others are named)──▶ Restricted ──lift──▶ (for everybody)
//! ```
//! Also after closing: what is closed is still read. Law: what is not needed is not seen ([`crate::law::NEED_TO_KNOW`]).

use super::Case;
use crate::codes::Code;
use crate::refusal::{Faults, Why};
use chrono::NaiveDate;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use thiserror::Error;
use uuid::Uuid;

/// The reason for which somebody has to be excluded: whose family it is.
const OWN_FAMILY: &str = "eigen-familie";

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "RestrictionEvent")]
#[serde(tag = "step", rename_all = "snake_case")]
pub enum Event {
    Placed {
        on: NaiveDate,
        reason: Code,
        #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
        workers: BTreeSet<Uuid>,
        #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
        teams: BTreeSet<Uuid>,
        #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
        excluded: BTreeSet<Uuid>,
    },
    Lifted {
        on: NaiveDate,
    },
}

/// Who may see it besides whoever works on it, and who never.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Terms {
    pub workers: BTreeSet<Uuid>,
    pub teams: BTreeSet<Uuid>,
    /// They have a personal interest: never, not in an emergency either.
    pub excluded: BTreeSet<Uuid>,
}

#[derive(Clone, Debug, Default, PartialEq)]
pub struct Restriction(pub Option<Standing>);

#[derive(Clone, Debug, PartialEq)]
pub struct Standing {
    pub since: NaiveDate,
    pub reason: Code,
    pub terms: Terms,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
pub enum Command {
    Place { on: NaiveDate, reason: Code, terms: Terms },
    Lift { on: NaiveDate },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum Refusal {
    #[error("deze casus is al zo afgeschermd")]
    PlacedBefore,
    #[error("deze casus is niet afgeschermd")]
    NotRestricted,
    #[error("zo blijft er niemand over die deze casus kan zien: noem een medewerker of een team")]
    NobodyLeft,
    #[error("de behandelaar is uitgesloten: wijs de casus eerst aan een ander toe")]
    WorksOnIt,
    #[error("deze behandelaar is van deze casus uitgesloten")]
    Excluded,
}

impl Command {
    pub(super) const fn on(&self) -> NaiveDate {
        match self {
            Self::Place { on, .. } | Self::Lift { on } => *on,
        }
    }
}

pub(super) fn decide(case: &Case, command: Command) -> Result<Event, super::Refusal> {
    let standing = case.restriction.0.as_ref();
    match command {
        Command::Lift { on } => {
            standing.ok_or(Refusal::NotRestricted)?;
            Ok(Event::Lifted { on })
        }
        Command::Place { on, reason, terms } => {
            let mut faults = Faults::default();
            for worker in terms.workers.intersection(&terms.excluded) {
                faults.add("excluded", Why::NamedAndExcluded(*worker));
            }
            let nobody = reason == OWN_FAMILY && terms.excluded.is_empty();
            faults.check("excluded", nobody, Why::ColleagueNotExcluded);
            faults.into_result(super::Refusal::Invalid)?;
            let worker = case.assignment.worker;
            if standing.is_some_and(|it| it.reason == reason && it.terms == terms) {
                return Err(Refusal::PlacedBefore.into());
            }
            if worker.is_some_and(|it| terms.excluded.contains(&it)) {
                return Err(Refusal::WorksOnIt.into());
            }
            let anybody = worker.is_some() || !terms.workers.is_empty() || !terms.teams.is_empty();
            if !anybody {
                return Err(Refusal::NobodyLeft.into());
            }
            let Terms { workers, teams, excluded } = terms;
            Ok(Event::Placed { on, reason, workers, teams, excluded })
        }
    }
}

impl Restriction {
    pub(super) fn evolve(&mut self, event: &Event) {
        self.0 = match event {
            Event::Placed { on, reason, workers, teams, excluded } => {
                let since = self.0.as_ref().map_or(*on, |it| it.since);
                let (workers, teams) = (workers.clone(), teams.clone());
                let terms = Terms { workers, teams, excluded: excluded.clone() };
                Some(Standing { since, reason: reason.clone(), terms })
            }
            Event::Lifted { .. } => None,
        };
    }

    /// Nobody who was excluded is put to work on it.
    pub(super) fn lets(&self, worker: Uuid) -> Result<(), Refusal> {
        let excluded = self.0.as_ref().is_some_and(|it| it.terms.excluded.contains(&worker));
        if excluded { Err(Refusal::Excluded) } else { Ok(()) }
    }
}

#[cfg(test)]
mod tests;
