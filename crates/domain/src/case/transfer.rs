//! To and from another region, when a household moves: the region that it leaves stays responsible until the other accepts. Each region is
//! a controller with a log of its own ([`crate::law::CONTROLLER`]): the one that is left records the answer that it was given, the other
//! that it took over. Nothing passes between their logs.

use super::Refusal as CaseRefusal;
use crate::codes::{Code, is_answer};
use crate::decider::Stamp;
use crate::id::Organisation;
use crate::refusal::{Faults, Why};
use chrono::NaiveDate;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use thiserror::Error;
use uuid::Uuid;

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "TransferEvent")]
#[serde(tag = "step", rename_all = "snake_case")]
pub enum Event {
    Offered {
        transfer: Uuid,
        on: NaiveDate,
        to: Organisation,
        reason: Code,
    },
    Answered {
        transfer: Uuid,
        on: NaiveDate,
        accepted: Code,
    },
    /// Taken over from another region.
    TakenOver {
        transfer: Uuid,
        on: NaiveDate,
        from: Organisation,
    },
}

impl Event {
    pub(super) const fn on(&self) -> NaiveDate {
        match self {
            Self::Offered { on, .. } | Self::Answered { on, .. } | Self::TakenOver { on, .. } => {
                *on
            }
        }
    }
}

#[derive(Clone, Debug, Default, PartialEq)]
pub struct Transfers {
    pub offered: BTreeMap<Uuid, Offer>,
    pub taken_over: Option<(NaiveDate, Organisation)>,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Offer {
    pub on: NaiveDate,
    pub to: Organisation,
    pub reason: Code,
    pub answer: Option<(NaiveDate, Code)>,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
pub enum Command {
    Offer { transfer: Uuid, on: NaiveDate, to: Organisation, reason: Code },
    Answer { transfer: Uuid, on: NaiveDate, accepted: Code },
    TakeOver { transfer: Uuid, on: NaiveDate, from: Organisation },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum Refusal {
    #[error("deze overdracht aan een andere regio is er niet in deze casus")]
    NoSuchTransfer,
    #[error("deze overdracht aan een andere regio is al aangeboden")]
    OfferedBefore,
    #[error("er wacht al een overdracht aan een andere regio op antwoord")]
    OneWaits,
    #[error("op deze overdracht is al geantwoord")]
    AnsweredBefore,
    #[error("deze casus is al van een andere regio overgenomen")]
    TakenOverBefore,
}

impl Command {
    pub(super) const fn on(&self) -> NaiveDate {
        match self {
            Self::Offer { on, .. } | Self::Answer { on, .. } | Self::TakeOver { on, .. } => *on,
        }
    }
}

impl Transfers {
    /// Whether another region accepted it.
    pub fn is_accepted(&self) -> bool {
        let yes = |it: &Offer| it.answer.as_ref().is_some_and(|(_, it)| *it == crate::codes::YES);
        self.offered.values().any(yes)
    }

    pub fn waits(&self) -> bool {
        self.offered.values().any(|it| it.answer.is_none())
    }

    pub(super) fn decide(&self, command: Command, stamp: &Stamp) -> Result<Event, CaseRefusal> {
        match command {
            Command::Offer { transfer, on, to, reason } => {
                if self.offered.contains_key(&transfer) {
                    return Err(Refusal::OfferedBefore.into());
                }
                if self.waits() {
                    return Err(Refusal::OneWaits.into());
                }
                other("to", to, stamp)?;
                Ok(Event::Offered { transfer, on, to, reason })
            }
            Command::Answer { transfer, on, accepted } => {
                let it = self.offered.get(&transfer).ok_or(Refusal::NoSuchTransfer)?;
                if it.answer.is_some() {
                    return Err(Refusal::AnsweredBefore.into());
                }
                let mut faults = Faults::default();
                faults.check("on", on < it.on, Why::Before(it.on));
                faults.check("accepted", !is_answer(&accepted), Why::NoAnswer);
                faults.into_result(CaseRefusal::Invalid)?;
                Ok(Event::Answered { transfer, on, accepted })
            }
            Command::TakeOver { transfer, on, from } => {
                if self.taken_over.is_some() {
                    return Err(Refusal::TakenOverBefore.into());
                }
                other("from_region", from, stamp)?;
                Ok(Event::TakenOver { transfer, on, from })
            }
        }
    }

    pub(super) fn evolve(&mut self, event: &Event) {
        match event {
            Event::Offered { transfer, on, to, reason } => {
                let offer = Offer { on: *on, to: *to, reason: reason.clone(), answer: None };
                self.offered.insert(*transfer, offer);
            }
            Event::Answered { transfer, on, accepted } => {
                let answer = Some((*on, accepted.clone()));
                self.offered.entry(*transfer).and_modify(|it| it.answer = answer);
            }
            Event::TakenOver { on, from, .. } => self.taken_over = Some((*on, *from)),
        }
    }
}

fn other(at: &'static str, it: Organisation, stamp: &Stamp) -> Result<(), CaseRefusal> {
    let mut faults = Faults::default();
    faults.check(at, it == stamp.organisation, Why::OwnRegion);
    faults.into_result(CaseRefusal::Invalid)
}

#[cfg(test)]
mod tests;
