//! Measures in a casus: a tijdelijk huisverbod, an alarm, others as a code list. A huisverbod lasts ten days and can be extended to four
//! weeks in all; when minors are involved the mayor consults Veilig Thuis beforehand ([`crate::law::HUISVERBOD`]). One that was considered
//! and not imposed is recorded as well.

use super::{Case, Refusal as CaseRefusal};
use crate::codes::{Code, HUISVERBOD};
use crate::refusal::{Faults, Why};
use chrono::{Days, NaiveDate};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use thiserror::Error;
use uuid::Uuid;

/// Wet tijdelijk huisverbod art. 2 lid 1.
const HUISVERBOD_DAYS: Days = Days::new(10);
/// Wet tijdelijk huisverbod art. 9 lid 1: four weeks in all.
const HUISVERBOD_MOST: Days = Days::new(28);

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "MeasureEvent")]
#[serde(tag = "step", rename_all = "snake_case")]
pub enum Event {
    /// Considered, and not imposed.
    Considered {
        measure: Uuid,
        kind: Code,
        on: NaiveDate,
        consulted: Code,
    },
    Imposed {
        measure: Uuid,
        kind: Code,
        on: NaiveDate,
        /// The last day.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        until: Option<NaiveDate>,
        /// On whom.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        person: Option<Uuid>,
        /// Whether Veilig Thuis was consulted beforehand.
        consulted: Code,
    },
    Extended {
        measure: Uuid,
        on: NaiveDate,
        until: NaiveDate,
    },
    Ended {
        measure: Uuid,
        on: NaiveDate,
        reason: Code,
    },
}

impl Event {
    pub(super) const fn on(&self) -> NaiveDate {
        match self {
            Self::Considered { on, .. }
            | Self::Imposed { on, .. }
            | Self::Extended { on, .. }
            | Self::Ended { on, .. } => *on,
        }
    }
}

#[derive(Clone, Debug, Default, PartialEq)]
pub struct Measures(pub BTreeMap<Uuid, Measure>);

#[derive(Clone, Debug, PartialEq)]
pub struct Measure {
    pub kind: Code,
    pub on: NaiveDate,
    pub stage: Stage,
    pub consulted: Code,
    pub extended: bool,
}

#[derive(Clone, Debug, PartialEq)]
pub enum Stage {
    Considered,
    Imposed { until: Option<NaiveDate>, person: Option<Uuid> },
    Ended { on: NaiveDate, reason: Code },
}

#[derive(Clone, Debug, PartialEq, Serialize)]
pub enum Command {
    Consider { measure: Uuid, kind: Code, on: NaiveDate, consulted: Code },
    Impose(Imposition),
    Extend { measure: Uuid, on: NaiveDate, until: NaiveDate },
    End { measure: Uuid, on: NaiveDate, reason: Code },
}

#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Imposition {
    pub measure: Uuid,
    pub kind: Code,
    pub on: NaiveDate,
    pub until: Option<NaiveDate>,
    pub person: Option<Uuid>,
    pub consulted: Code,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum Refusal {
    #[error("deze maatregel is er niet in deze casus")]
    NoSuchMeasure,
    #[error("deze maatregel is al vastgelegd")]
    RecordedBefore,
    #[error("deze maatregel is overwogen en niet opgelegd")]
    NotImposed,
    #[error("deze maatregel is al beeindigd")]
    EndedBefore,
    #[error("deze maatregel was toen al verlopen; leg een nieuwe vast")]
    Lapsed,
}

impl Command {
    pub(super) const fn on(&self) -> NaiveDate {
        match self {
            Self::Consider { on, .. }
            | Self::Impose(Imposition { on, .. })
            | Self::Extend { on, .. }
            | Self::End { on, .. } => *on,
        }
    }
}

/// On whom it is imposed takes part in the casus.
pub(super) fn decide(case: &Case, command: Command) -> Result<Event, CaseRefusal> {
    if let Command::Impose(Imposition { person: Some(person), .. }) = &command {
        case.involves(person)?;
    }
    case.measures.decide(command)
}

impl Measures {
    fn decide(&self, command: Command) -> Result<Event, CaseRefusal> {
        match command {
            Command::Consider { measure, kind, on, consulted } => {
                self.not_recorded(measure)?;
                Ok(Event::Considered { measure, kind, on, consulted })
            }
            Command::Impose(it) => {
                self.not_recorded(it.measure)?;
                impose(it)
            }
            Command::Extend { measure, on, until } => {
                let (it, ends) = self.imposed(measure)?;
                if ends.is_some_and(|ends| on > ends) {
                    return Err(Refusal::Lapsed.into());
                }
                let mut faults = Faults::default();
                faults.check("on", on < it.on, Why::Before(it.on));
                let ends = ends.unwrap_or(on);
                faults.check("until", until <= ends, Why::NotAfter(ends));
                let most = it.on + HUISVERBOD_MOST;
                let too_long = it.kind == HUISVERBOD && until > most;
                faults.check("until", too_long, Why::TooLong(most));
                faults.into_result(CaseRefusal::Invalid)?;
                Ok(Event::Extended { measure, on, until })
            }
            Command::End { measure, on, reason } => {
                let (it, ends) = self.imposed(measure)?;
                let mut faults = Faults::default();
                faults.check("on", on < it.on, Why::Before(it.on));
                // How long it lasts is by law: it has lapsed on its last day, whoever says so later.
                if let Some(last) = ends.filter(|last| it.kind == HUISVERBOD && on > *last) {
                    faults.add("on", Why::AfterLastDay(last));
                }
                faults.into_result(CaseRefusal::Invalid)?;
                Ok(Event::Ended { measure, on, reason })
            }
        }
    }

    fn not_recorded(&self, measure: Uuid) -> Result<(), Refusal> {
        if self.0.contains_key(&measure) { Err(Refusal::RecordedBefore) } else { Ok(()) }
    }

    fn imposed(&self, measure: Uuid) -> Result<(&Measure, Option<NaiveDate>), Refusal> {
        let it = self.0.get(&measure).ok_or(Refusal::NoSuchMeasure)?;
        match it.stage {
            Stage::Considered => Err(Refusal::NotImposed),
            Stage::Imposed { until, .. } => Ok((it, until)),
            Stage::Ended { .. } => Err(Refusal::EndedBefore),
        }
    }

    pub(super) fn evolve(&mut self, event: &Event) {
        match event {
            Event::Considered { measure, kind, on, consulted } => {
                self.record(*measure, kind, *on, consulted, Stage::Considered);
            }
            Event::Imposed { measure, kind, on, until, person, consulted } => {
                let stage = Stage::Imposed { until: *until, person: *person };
                self.record(*measure, kind, *on, consulted, stage);
            }
            Event::Extended { measure, until, .. } => {
                self.0.entry(*measure).and_modify(|it| {
                    it.extended = true;
                    if let Stage::Imposed { until: ends, .. } = &mut it.stage {
                        *ends = Some(*until);
                    }
                });
            }
            Event::Ended { measure, on, reason } => {
                let ended = Stage::Ended { on: *on, reason: reason.clone() };
                self.0.entry(*measure).and_modify(|it| it.stage = ended);
            }
        }
    }

    fn record(&mut self, id: Uuid, kind: &Code, on: NaiveDate, consulted: &Code, stage: Stage) {
        let (kind, consulted) = (kind.clone(), consulted.clone());
        self.0.insert(id, Measure { kind, on, stage, consulted, extended: false });
    }
}

/// A huisverbod lasts ten days, whether or not somebody says so. What is withdrawn sooner was imposed for ten days, and ended.
fn impose(it: Imposition) -> Result<Event, CaseRefusal> {
    let Imposition { measure, kind, on, until, person, consulted } = it;
    let by_law = (kind == HUISVERBOD).then(|| on + HUISVERBOD_DAYS);
    let mut faults = Faults::default();
    faults.check("until", until.is_some_and(|it| it < on), Why::Before(on));
    if let Some((law, until)) = by_law.zip(until) {
        faults.check("until", until > law, Why::TooLong(law));
        faults.check("until", on <= until && until < law, Why::TooShort(law));
    }
    faults.into_result(CaseRefusal::Invalid)?;
    Ok(Event::Imposed { measure, kind, on, until: until.or(by_law), person, consulted })
}

#[cfg(test)]
mod tests;
