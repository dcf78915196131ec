//! The service conditions and follow-up: safety conditions are agreed with the family and with partners, and reviewed. They are the
//! base of monitoring. Formal and actual start are two dates, as for an investigation ([`crate::law::FORMAL_START`]).
//!
//! ```text
//!  ──decide──▶ Waiting ──begin──▶ Begun ──(agree, review)──▶ Begun ──conclude──▶ Concluded
//!                 └──────conclude──────▶ Ended before it began
//! ```
//! What a condition says is free text about the household: sealed under the key of the casus.

use super::investigation::formal_start;
use super::{Case, Refusal as CaseRefusal, deadlines};
use crate::codes::Code;
use crate::refusal::{Faults, Why};
use chrono::NaiveDate;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use thiserror::Error;
use uuid::Uuid;

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "ConditionsEvent")]
#[serde(tag = "step", rename_all = "snake_case")]
pub enum Event {
    Decided {
        service: Uuid,
        melding: Uuid,
        formal_on: NaiveDate,
    },
    Begun {
        service: Uuid,
        on: NaiveDate,
    },
    Agreed {
        service: Uuid,
        condition: Uuid,
        on: NaiveDate,
        /// Persons of the casus with whom it was agreed.
        with: Vec<Uuid>,
        /// Kinds of organisations that hold on to it.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        partners: Vec<Code>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        review_on: Option<NaiveDate>,
    },
    Reviewed {
        condition: Uuid,
        on: NaiveDate,
        kept: Code,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        review_on: Option<NaiveDate>,
    },
    Concluded {
        service: Uuid,
        on: NaiveDate,
        outcome: Code,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        due_on: Option<NaiveDate>,
    },
}

impl Event {
    pub(super) const fn on(&self) -> NaiveDate {
        match self {
            Self::Decided { formal_on, .. } => *formal_on,
            Self::Begun { on, .. }
            | Self::Agreed { on, .. }
            | Self::Reviewed { on, .. }
            | Self::Concluded { on, .. } => *on,
        }
    }
}

#[derive(Clone, Debug, Default, PartialEq)]
pub struct Services {
    pub services: BTreeMap<Uuid, Service>,
    pub conditions: BTreeMap<Uuid, Condition>,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Service {
    pub melding: Uuid,
    pub formal_on: NaiveDate,
    pub begun_on: Option<NaiveDate>,
    pub end: Option<End>,
}

#[derive(Clone, Debug, PartialEq)]
pub struct End {
    pub on: NaiveDate,
    pub due_on: Option<NaiveDate>,
    pub outcome: Code,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Condition {
    pub service: Uuid,
    pub agreed_on: NaiveDate,
    pub with: Vec<Uuid>,
    pub partners: Vec<Code>,
    /// What each review found, in order of recording.
    pub reviews: Vec<(NaiveDate, Code)>,
    /// When the next is to be.
    pub review_on: Option<NaiveDate>,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
pub enum Command {
    Decide { service: Uuid, melding: Uuid, on: NaiveDate },
    Begin { service: Uuid, on: NaiveDate },
    Agree(Agreement),
    Review { condition: Uuid, on: NaiveDate, kept: Code, review_on: Option<NaiveDate> },
    Conclude { service: Uuid, on: NaiveDate, outcome: Code },
}

#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Agreement {
    pub service: Uuid,
    pub condition: Uuid,
    pub on: NaiveDate,
    pub with: Vec<Uuid>,
    pub partners: Vec<Code>,
    pub review_on: Option<NaiveDate>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum Refusal {
    #[error("deze dienst is er niet in deze casus")]
    NoSuchService,
    #[error("deze dienst is al ingezet")]
    DecidedBefore,
    #[error("in deze casus loopt al een dienst voorwaarden en vervolg")]
    OneRunsAlready,
    #[error("over deze melding is niet besloten dat de vervolgstappen bij Veilig Thuis liggen")]
    NotDecidedSo,
    #[error(
        "het vervolg is aangepast vanwege een latere melding; een dienst van Veilig Thuis hoort daar niet meer bij"
    )]
    FollowUpAdapted,
    #[error("deze dienst is al begonnen")]
    BegunBefore,
    #[error("deze dienst is nog niet begonnen")]
    NotBegun,
    #[error("deze dienst is al afgerond")]
    EndedBefore,
    #[error("deze voorwaarde is er niet in deze casus")]
    NoSuchCondition,
    #[error("deze voorwaarde is al afgesproken")]
    AgreedBefore,
}

impl Command {
    pub(super) const fn on(&self) -> NaiveDate {
        match self {
            Self::Decide { on, .. }
            | Self::Begin { on, .. }
            | Self::Agree(Agreement { on, .. })
            | Self::Review { on, .. }
            | Self::Conclude { on, .. } => *on,
        }
    }
}

pub(super) fn decide(case: &Case, command: Command) -> Result<Event, CaseRefusal> {
    let all = &case.conditions;
    match command {
        Command::Decide { service, melding, .. } => {
            if all.services.contains_key(&service) {
                return Err(Refusal::DecidedBefore.into());
            }
            if all.running().is_some() {
                return Err(Refusal::OneRunsAlready.into());
            }
            let formal_on = formal_start(case, melding).ok_or(Refusal::NotDecidedSo)?;
            if !case.follow_up.is_ours_by(melding) {
                return Err(Refusal::FollowUpAdapted.into());
            }
            Ok(Event::Decided { service, melding, formal_on })
        }
        Command::Begin { service, on } => {
            let it = all.going_on(service)?;
            if it.begun_on.is_some() {
                return Err(Refusal::BegunBefore.into());
            }
            dated(it.formal_on, on, None)?;
            Ok(Event::Begun { service, on })
        }
        Command::Agree(it) => agree(case, it),
        Command::Review { condition, on, kept, review_on } => {
            let it = all.conditions.get(&condition).ok_or(Refusal::NoSuchCondition)?;
            dated(it.last_on(), on, review_on)?;
            Ok(Event::Reviewed { condition, on, kept, review_on })
        }
        Command::Conclude { service, on, outcome } => {
            let it = all.going_on(service)?;
            dated(all.last_on(service, it), on, None)?;
            let due_on = deadlines::conditions_due(case, it, Some(on));
            Ok(Event::Concluded { service, on, outcome, due_on })
        }
    }
}

fn agree(case: &Case, it: Agreement) -> Result<Event, CaseRefusal> {
    let Agreement { service, condition, on, with, partners, review_on } = it;
    let begun_on = case.conditions.going_on(service)?.begun_on.ok_or(Refusal::NotBegun)?;
    if case.conditions.conditions.contains_key(&condition) {
        return Err(Refusal::AgreedBefore.into());
    }
    with.iter().try_for_each(|person| case.involves(person))?;
    dated(begun_on, on, review_on)?;
    Ok(Event::Agreed { service, condition, on, with, partners, review_on })
}

/// Not before what it follows on; the next review comes after it.
fn dated(
    earlier: NaiveDate,
    on: NaiveDate,
    review_on: Option<NaiveDate>,
) -> Result<(), CaseRefusal> {
    let mut faults = Faults::default();
    faults.check("on", on < earlier, Why::Before(earlier));
    faults.check("review_on", review_on.is_some_and(|it| it <= on), Why::NotAfter(on));
    faults.into_result(CaseRefusal::Invalid)
}

impl Condition {
    /// When it was agreed, or last looked at.
    fn last_on(&self) -> NaiveDate {
        self.reviews.last().map_or(self.agreed_on, |(on, _)| *on)
    }
}

impl Services {
    pub fn running(&self) -> Option<(Uuid, &Service)> {
        self.services.iter().find(|(_, it)| it.end.is_none()).map(|(id, it)| (*id, it))
    }

    fn going_on(&self, id: Uuid) -> Result<&Service, Refusal> {
        let it = self.services.get(&id).ok_or(Refusal::NoSuchService)?;
        if it.end.is_some() { Err(Refusal::EndedBefore) } else { Ok(it) }
    }

    /// The day of the last step of a service: its formal start, when nobody began.
    fn last_on(&self, id: Uuid, it: &Service) -> NaiveDate {
        let conditions = self.conditions.values().filter(|condition| condition.service == id);
        let last = conditions.map(Condition::last_on).max();
        last.max(it.begun_on).unwrap_or(it.formal_on)
    }

    pub(super) fn evolve(&mut self, event: &Event) {
        match event {
            Event::Decided { service, melding, formal_on } => {
                let (melding, formal_on) = (*melding, *formal_on);
                let decided = Service { melding, formal_on, begun_on: None, end: None };
                self.services.insert(*service, decided);
            }
            Event::Begun { service, on } => {
                self.services.entry(*service).and_modify(|it| it.begun_on = Some(*on));
            }
            Event::Agreed { service, condition, on, with, partners, review_on } => {
                let agreed = Condition {
                    service: *service,
                    agreed_on: *on,
                    with: with.clone(),
                    partners: partners.clone(),
                    reviews: vec![],
                    review_on: *review_on,
                };
                self.conditions.insert(*condition, agreed);
            }
            Event::Reviewed { condition, on, kept, review_on } => {
                self.conditions.entry(*condition).and_modify(|it| {
                    it.reviews.push((*on, kept.clone()));
                    it.review_on = *review_on;
                });
            }
            Event::Concluded { service, on, outcome, due_on } => {
                let end = End { on: *on, due_on: *due_on, outcome: outcome.clone() };
                self.services.entry(*service).and_modify(|it| it.end = Some(end));
            }
        }
    }
}

#[cfg(test)]
mod tests;
