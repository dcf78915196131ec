//! Consulting the junction for forced marriage and abandonment (Landelijk Knooppunt Huwelijksdwang en Achterlating): asked, answered, how
//! it turned out.

use super::Refusal as CaseRefusal;
use crate::codes::{ABANDONMENT, Code, FORCED_MARRIAGE};
use crate::refusal::{Faults, Why};
use chrono::NaiveDate;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use thiserror::Error;
use uuid::Uuid;

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "JunctionEvent")]
#[serde(tag = "step", rename_all = "snake_case")]
pub enum Event {
    Consulted { consult: Uuid, on: NaiveDate, form: Code },
    Answered { consult: Uuid, on: NaiveDate },
    Concluded { consult: Uuid, on: NaiveDate, outcome: Code },
}

impl Event {
    pub(super) const fn on(&self) -> NaiveDate {
        match self {
            Self::Consulted { on, .. } | Self::Answered { on, .. } | Self::Concluded { on, .. } => {
                *on
            }
        }
    }
}

#[derive(Clone, Debug, Default, PartialEq)]
pub struct Consults(pub BTreeMap<Uuid, Consult>);

#[derive(Clone, Debug, PartialEq)]
pub struct Consult {
    pub form: Code,
    pub on: NaiveDate,
    pub answered_on: Option<NaiveDate>,
    pub outcome: Option<(NaiveDate, Code)>,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
pub enum Command {
    Consult { consult: Uuid, on: NaiveDate, form: Code },
    Answer { consult: Uuid, on: NaiveDate },
    Conclude { consult: Uuid, on: NaiveDate, outcome: Code },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum Refusal {
    #[error("dit overleg met het knooppunt is er niet in deze casus")]
    NoSuchConsult,
    #[error("dit overleg met het knooppunt is al vastgelegd")]
    ConsultedBefore,
    #[error("het knooppunt heeft al geantwoord")]
    AnsweredBefore,
    #[error("dit overleg met het knooppunt is al afgerond")]
    ConcludedBefore,
}

impl Command {
    pub(super) const fn on(&self) -> NaiveDate {
        match self {
            Self::Consult { on, .. } | Self::Answer { on, .. } | Self::Conclude { on, .. } => *on,
        }
    }
}

impl Consults {
    pub(super) fn decide(&self, command: Command) -> Result<Event, CaseRefusal> {
        match command {
            Command::Consult { consult, on, form } => {
                if self.0.contains_key(&consult) {
                    return Err(Refusal::ConsultedBefore.into());
                }
                let mut faults = Faults::default();
                let theirs = form == FORCED_MARRIAGE || form == ABANDONMENT;
                faults.check("form", !theirs, Why::NotForTheJunction);
                faults.into_result(CaseRefusal::Invalid)?;
                Ok(Event::Consulted { consult, on, form })
            }
            Command::Answer { consult, on } => {
                let it = self.going_on(consult, on)?;
                match it.answered_on {
                    Some(_) => Err(Refusal::AnsweredBefore.into()),
                    None => Ok(Event::Answered { consult, on }),
                }
            }
            Command::Conclude { consult, on, outcome } => {
                self.going_on(consult, on)?;
                Ok(Event::Concluded { consult, on, outcome })
            }
        }
    }

    fn going_on(&self, id: Uuid, on: NaiveDate) -> Result<&Consult, CaseRefusal> {
        let it = self.0.get(&id).ok_or(Refusal::NoSuchConsult)?;
        if it.outcome.is_some() {
            return Err(Refusal::ConcludedBefore.into());
        }
        let earlier = it.answered_on.unwrap_or(it.on);
        let mut faults = Faults::default();
        faults.check("on", on < earlier, Why::Before(earlier));
        faults.into_result(CaseRefusal::Invalid)?;
        Ok(it)
    }

    pub(super) fn evolve(&mut self, event: &Event) {
        match event {
            Event::Consulted { consult, on, form } => {
                let asked =
                    Consult { form: form.clone(), on: *on, answered_on: None, outcome: None };
                self.0.insert(*consult, asked);
            }
            Event::Answered { consult, on } => {
                self.0.entry(*consult).and_modify(|it| it.answered_on = Some(*on));
            }
            Event::Concluded { consult, on, outcome } => {
                let outcome = Some((*on, outcome.clone()));
                self.0.entry(*consult).and_modify(|it| it.outcome = outcome);
            }
        }
    }
}

#[cfg(test)]
mod tests;
