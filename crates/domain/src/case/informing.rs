//! Informing: each person concerned within four weeks of the recording of data about him, postponed by two weeks at a time with a reason
//! ([`crate::law::INFORMING`]); and whoever else is told what Veilig Thuis does: the melder, a helping body, the police, the Raad voor de
//! Kinderbescherming, the municipal executive ([`crate::law::TASKS`]).
//!
//! ```text
//!  ──(involved)──▶ Required ──inform──▶ Informed
//!                     │  └──postpone──▶ Required, two weeks longer
//!                     └──exempt──▶ Exempt, with a reason
//! ```

use super::{Case, Refusal as CaseRefusal, follow_up};
use crate::calendar;
use crate::codes::Code;
use crate::deadline::{self, Kind};
use crate::refusal::{Faults, Why};
use chrono::{Days, NaiveDate};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use thiserror::Error;
use uuid::Uuid;

/// Wmo 2015 art. 5.3.1: each time by two weeks at most.
const POSTPONEMENT: Days = Days::new(14);

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "InformingEvent")]
#[serde(tag = "step", rename_all = "snake_case")]
pub enum Event {
    /// Data about a person were recorded: from here the term runs.
    Required {
        person: Uuid,
        on: NaiveDate,
    },
    Postponed {
        person: Uuid,
        on: NaiveDate,
        reason: Code,
    },
    Informed {
        person: Uuid,
        on: NaiveDate,
        way: Code,
        /// The last day of the term by the rules of that day.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        due_on: Option<NaiveDate>,
    },
    Exempted {
        person: Uuid,
        on: NaiveDate,
        reason: Code,
    },
    /// Somebody else is told, perhaps about one melding.
    Told {
        whom: Code,
        on: NaiveDate,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        melding: Option<Uuid>,
    },
}

#[derive(Clone, Debug, Default, PartialEq)]
pub struct Informing {
    pub persons: BTreeMap<Uuid, Duty>,
    /// Who else was told what when.
    pub told: Vec<(NaiveDate, Code, Option<Uuid>)>,
}

/// The duty to inform one person.
#[derive(Clone, Debug, PartialEq)]
pub struct Duty {
    pub from: NaiveDate,
    pub postponed: u32,
    pub end: Option<End>,
}

#[derive(Clone, Debug, PartialEq)]
pub enum End {
    Informed { on: NaiveDate, way: Code, due_on: Option<NaiveDate> },
    Exempt { on: NaiveDate, reason: Code },
}

#[derive(Clone, Debug, PartialEq, Serialize)]
pub enum Command {
    Postpone { person: Uuid, on: NaiveDate, reason: Code },
    Inform { person: Uuid, on: NaiveDate, way: Code },
    Exempt { person: Uuid, on: NaiveDate, reason: Code },
    Tell { whom: Code, on: NaiveDate, melding: Option<Uuid> },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum Refusal {
    #[error("deze persoon is niet bij deze casus betrokken")]
    NotInvolved,
    #[error("deze persoon is al geinformeerd, of hoeft niet zelf te worden geinformeerd")]
    EndedBefore,
    #[error("de termijn om te informeren is al verstreken; uitstel kan niet meer")]
    TermPassed,
}

impl Command {
    pub(super) const fn on(&self) -> NaiveDate {
        match self {
            Self::Postpone { on, .. }
            | Self::Inform { on, .. }
            | Self::Exempt { on, .. }
            | Self::Tell { on, .. } => *on,
        }
    }
}

impl Duty {
    /// The last day: four weeks, and two for every postponement.
    pub fn due_on(&self) -> Option<NaiveDate> {
        let due = deadline::due(Kind::Informing, self.from)?;
        if self.postponed == 0 {
            return Some(due);
        }
        let later = (0..self.postponed).fold(due, |due, _| due + POSTPONEMENT);
        Some(calendar::working_day_from(later))
    }

    /// When it ended.
    pub const fn ended_on(&self) -> Option<NaiveDate> {
        match &self.end {
            None => None,
            Some(End::Informed { on, .. } | End::Exempt { on, .. }) => Some(*on),
        }
    }
}

/// Whoever is told about a melding, is told about one of this casus.
pub(super) fn decide(case: &Case, command: Command) -> Result<Event, CaseRefusal> {
    let other = |melding: &Uuid| !case.meldingen.contains_key(melding);
    match &command {
        Command::Tell { melding, .. } if melding.as_ref().is_some_and(other) => {
            Err(follow_up::Refusal::NotJoined.into())
        }
        Command::Tell { .. }
        | Command::Postpone { .. }
        | Command::Inform { .. }
        | Command::Exempt { .. } => case.informing.decide(command),
    }
}

impl Informing {
    fn decide(&self, command: Command) -> Result<Event, CaseRefusal> {
        match command {
            Command::Postpone { person, on, reason } => {
                let duty = self.open(person)?;
                let mut faults = Faults::default();
                faults.check("on", on < duty.from, Why::Before(duty.from));
                faults.into_result(CaseRefusal::Invalid)?;
                if duty.due_on().is_some_and(|due| on > due) {
                    return Err(Refusal::TermPassed.into());
                }
                Ok(Event::Postponed { person, on, reason })
            }
            Command::Inform { person, on, way } => {
                let due_on = self.open(person)?.due_on();
                Ok(Event::Informed { person, on, way, due_on })
            }
            Command::Exempt { person, on, reason } => {
                self.open(person)?;
                Ok(Event::Exempted { person, on, reason })
            }
            Command::Tell { whom, on, melding } => Ok(Event::Told { whom, on, melding }),
        }
    }

    /// The duty that still stands. Somebody may have been informed before it began to run: before it was recorded that he takes part.
    fn open(&self, person: Uuid) -> Result<&Duty, Refusal> {
        let duty = self.persons.get(&person).ok_or(Refusal::NotInvolved)?;
        if duty.end.is_some() { Err(Refusal::EndedBefore) } else { Ok(duty) }
    }

    pub(super) fn evolve(&mut self, event: &Event) {
        match event {
            Event::Required { person, on } => {
                let duty = Duty { from: *on, postponed: 0, end: None };
                self.persons.entry(*person).or_insert(duty);
            }
            Event::Postponed { person, .. } => {
                self.persons.entry(*person).and_modify(|it| it.postponed += 1);
            }
            Event::Informed { person, on, way, due_on } => {
                let end = End::Informed { on: *on, way: way.clone(), due_on: *due_on };
                self.persons.entry(*person).and_modify(|it| it.end = Some(end));
            }
            Event::Exempted { person, on, reason } => {
                let end = End::Exempt { on: *on, reason: reason.clone() };
                self.persons.entry(*person).and_modify(|it| it.end = Some(end));
            }
            Event::Told { whom, on, melding } => self.told.push((*on, whom.clone(), *melding)),
        }
    }
}

#[cfg(test)]
mod tests;
