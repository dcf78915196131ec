//! The multidisciplinary approach (MDA): a serious and complex casus is put in; partners of several disciplines accept or not.

use super::Refusal as CaseRefusal;
use crate::codes::{Code, is_answer};
use crate::refusal::{Faults, Why};
use chrono::NaiveDate;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use thiserror::Error;
use uuid::Uuid;

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "MultidisciplinaryEvent")]
#[serde(tag = "step", rename_all = "snake_case")]
pub enum Event {
    PutIn { approach: Uuid, on: NaiveDate, reason: Code, disciplines: Vec<Code> },
    Answered { approach: Uuid, on: NaiveDate, discipline: Code, accepted: Code },
    Ended { approach: Uuid, on: NaiveDate },
}

impl Event {
    pub(super) const fn on(&self) -> NaiveDate {
        match self {
            Self::PutIn { on, .. } | Self::Answered { on, .. } | Self::Ended { on, .. } => *on,
        }
    }
}

#[derive(Clone, Debug, Default, PartialEq)]
pub struct Approaches(pub BTreeMap<Uuid, Approach>);

#[derive(Clone, Debug, PartialEq)]
pub struct Approach {
    pub put_in_on: NaiveDate,
    pub reason: Code,
    /// Who was asked, and the answer: when, and whether they take part.
    pub partners: BTreeMap<Code, Option<(NaiveDate, Code)>>,
    pub ended_on: Option<NaiveDate>,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
pub enum Command {
    PutIn { approach: Uuid, on: NaiveDate, reason: Code, disciplines: Vec<Code> },
    Answer { approach: Uuid, on: NaiveDate, discipline: Code, accepted: Code },
    End { approach: Uuid, on: NaiveDate },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum Refusal {
    #[error("deze aanpak is er niet in deze casus")]
    NoSuchApproach,
    #[error("deze casus is al in deze aanpak ingebracht")]
    PutInBefore,
    #[error("deze discipline heeft al geantwoord")]
    AnsweredBefore,
    #[error("deze aanpak is al beeindigd")]
    EndedBefore,
}

impl Command {
    pub(super) const fn on(&self) -> NaiveDate {
        match self {
            Self::PutIn { on, .. } | Self::Answer { on, .. } | Self::End { on, .. } => *on,
        }
    }
}

impl Approach {
    /// When the last of those who were asked had answered; `None` while somebody has not.
    pub fn answered_on(&self) -> Option<NaiveDate> {
        let answers: Option<Vec<NaiveDate>> =
            self.partners.values().map(|it| it.as_ref().map(|(on, _)| *on)).collect();
        answers?.into_iter().max()
    }
}

impl Approach {
    /// When the last of those who did answer had done so.
    fn last_answer(&self) -> Option<NaiveDate> {
        self.partners.values().flatten().map(|(on, _)| *on).max()
    }
}

impl Approaches {
    pub(super) fn decide(&self, command: Command) -> Result<Event, CaseRefusal> {
        match command {
            Command::PutIn { approach, on, reason, disciplines } => match self.0.get(&approach) {
                Some(_) => Err(Refusal::PutInBefore.into()),
                None => Ok(Event::PutIn { approach, on, reason, disciplines }),
            },
            Command::Answer { approach, on, discipline, accepted } => {
                let it = self.going_on(approach, on)?;
                let asked = it.partners.get(&discipline);
                if asked.is_some_and(Option::is_some) {
                    return Err(Refusal::AnsweredBefore.into());
                }
                let mut faults = Faults::default();
                let absent = Why::NotTakingPart(discipline.to_string());
                faults.check("discipline", asked.is_none(), absent);
                faults.check("accepted", !is_answer(&accepted), Why::NoAnswer);
                faults.into_result(CaseRefusal::Invalid)?;
                Ok(Event::Answered { approach, on, discipline, accepted })
            }
            Command::End { approach, on } => {
                let last = self.going_on(approach, on)?.last_answer().unwrap_or(on);
                not_before(last, on)?;
                Ok(Event::Ended { approach, on })
            }
        }
    }

    fn going_on(&self, id: Uuid, on: NaiveDate) -> Result<&Approach, CaseRefusal> {
        let it = self.0.get(&id).ok_or(Refusal::NoSuchApproach)?;
        if it.ended_on.is_some() {
            return Err(Refusal::EndedBefore.into());
        }
        not_before(it.put_in_on, on)?;
        Ok(it)
    }

    pub(super) fn evolve(&mut self, event: &Event) {
        match event {
            Event::PutIn { approach, on, reason, disciplines } => {
                let put_in = Approach {
                    put_in_on: *on,
                    reason: reason.clone(),
                    partners: disciplines.iter().map(|it| (it.clone(), None)).collect(),
                    ended_on: None,
                };
                self.0.insert(*approach, put_in);
            }
            Event::Answered { approach, on, discipline, accepted } => {
                self.0.entry(*approach).and_modify(|it| {
                    it.partners.insert(discipline.clone(), Some((*on, accepted.clone())));
                });
            }
            Event::Ended { approach, on } => {
                self.0.entry(*approach).and_modify(|it| it.ended_on = Some(*on));
            }
        }
    }
}

fn not_before(earlier: NaiveDate, on: NaiveDate) -> Result<(), CaseRefusal> {
    let mut faults = Faults::default();
    faults.check("on", on < earlier, Why::Before(earlier));
    faults.into_result(CaseRefusal::Invalid)
}

#[cfg(test)]
mod tests;
