//! Monitoring: once no service of ours runs any more, Veilig Thuis looks at planned moments whether it has become and stays safe. How many
//! moments, and how far apart, no source says: the worker plans them.
//!
//! A melding that comes in from the start on is a vervolgmelding *during monitoring* ([`crate::involvement`]).

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
#[schemars(rename = "MonitoringEvent")]
#[serde(tag = "step", rename_all = "snake_case")]
pub enum Event {
    Started {
        on: NaiveDate,
    },
    Planned {
        moment: Uuid,
        on: NaiveDate,
        planned_for: NaiveDate,
    },
    Held {
        moment: Uuid,
        on: NaiveDate,
        /// Whether it is safe, as far as whoever looked could see.
        safe: Code,
        by: Code,
    },
    Cancelled {
        moment: Uuid,
        on: NaiveDate,
    },
    Ended {
        on: NaiveDate,
    },
}

impl Event {
    pub(super) const fn on(&self) -> NaiveDate {
        match self {
            Self::Started { on }
            | Self::Planned { on, .. }
            | Self::Held { on, .. }
            | Self::Cancelled { on, .. }
            | Self::Ended { on } => *on,
        }
    }
}

#[derive(Clone, Debug, Default, PartialEq)]
pub struct Monitoring {
    pub since: Option<NaiveDate>,
    pub ended_on: Option<NaiveDate>,
    pub moments: BTreeMap<Uuid, Moment>,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Moment {
    pub planned_on: NaiveDate,
    pub planned_for: NaiveDate,
    pub stage: Stage,
}

#[derive(Clone, Debug, PartialEq)]
pub enum Stage {
    Planned,
    Held { on: NaiveDate, safe: Code, by: Code },
    Cancelled { on: NaiveDate },
}

#[derive(Clone, Debug, PartialEq, Serialize)]
pub enum Command {
    Start { on: NaiveDate },
    Plan { moment: Uuid, on: NaiveDate, planned_for: NaiveDate },
    Hold { moment: Uuid, on: NaiveDate, safe: Code, by: Code },
    Cancel { moment: Uuid, on: NaiveDate },
    End { on: NaiveDate },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum Refusal {
    #[error(
        "er loopt nog een onderzoek of een dienst voorwaarden en vervolg; monitoring begint daarna"
    )]
    ServiceRuns,
    #[error("de monitoring is al begonnen")]
    StartedBefore,
    #[error("er is geen monitoring")]
    NotMonitored,
    #[error("er staat nog een monitoringsmoment open; houd het of zeg het af")]
    MomentOpen,
    #[error("dit monitoringsmoment is er niet in deze casus")]
    NoSuchMoment,
    #[error("dit monitoringsmoment is al gepland")]
    PlannedBefore,
    #[error("dit monitoringsmoment is al geweest of afgezegd")]
    EndedBefore,
}

impl Command {
    pub(super) const fn on(&self) -> NaiveDate {
        match self {
            Self::Start { on }
            | Self::Plan { on, .. }
            | Self::Hold { on, .. }
            | Self::Cancel { on, .. }
            | Self::End { on } => *on,
        }
    }
}

pub(super) fn decide(case: &Case, command: Command) -> Result<Event, CaseRefusal> {
    let it = &case.monitoring;
    match command {
        Command::Start { on } => {
            if it.runs() {
                return Err(Refusal::StartedBefore.into());
            }
            if case.investigations.running().is_some() || case.conditions.running().is_some() {
                return Err(Refusal::ServiceRuns.into());
            }
            if let Some(earlier) = may_start_from(case) {
                not_before(earlier, on)?;
            }
            Ok(Event::Started { on })
        }
        Command::Plan { moment, on, planned_for } => {
            it.started(on)?;
            if it.moments.contains_key(&moment) {
                return Err(Refusal::PlannedBefore.into());
            }
            let mut faults = Faults::default();
            faults.check("planned_for", planned_for < on, Why::Before(on));
            faults.into_result(CaseRefusal::Invalid)?;
            Ok(Event::Planned { moment, on, planned_for })
        }
        Command::Hold { moment, on, safe, by } => {
            it.planned(moment, on)?;
            Ok(Event::Held { moment, on, safe, by })
        }
        Command::Cancel { moment, on } => {
            it.planned(moment, on)?;
            Ok(Event::Cancelled { moment, on })
        }
        Command::End { on } => {
            it.started(on)?;
            if it.has_open_moment() {
                return Err(Refusal::MomentOpen.into());
            }
            not_before(it.last_moment().unwrap_or(on), on)?;
            Ok(Event::Ended { on })
        }
    }
}

/// The day on which the last service ended, or earlier monitoring did.
fn may_start_from(case: &Case) -> Option<NaiveDate> {
    let investigations = case.investigations.0.values().filter_map(|it| it.end.as_ref());
    let services = case.conditions.services.values().filter_map(|it| it.end.as_ref());
    let ended = investigations.map(|it| it.on).chain(services.map(|it| it.on));
    ended.chain(case.monitoring.ended_on).max()
}

impl Monitoring {
    pub const fn runs(&self) -> bool {
        self.since.is_some() && self.ended_on.is_none()
    }

    pub(super) fn has_open_moment(&self) -> bool {
        self.moments.values().any(|it| it.stage == Stage::Planned)
    }

    /// The day of the last moment that was held or cancelled.
    fn last_moment(&self) -> Option<NaiveDate> {
        let over = self.moments.values().filter_map(|it| match it.stage {
            Stage::Planned => None,
            Stage::Held { on, .. } | Stage::Cancelled { on } => Some(on),
        });
        over.max()
    }

    fn started(&self, on: NaiveDate) -> Result<(), CaseRefusal> {
        let since = self.since.filter(|_| self.ended_on.is_none()).ok_or(Refusal::NotMonitored)?;
        not_before(since, on)
    }

    fn planned(&self, moment: Uuid, on: NaiveDate) -> Result<(), CaseRefusal> {
        let it = self.moments.get(&moment).ok_or(Refusal::NoSuchMoment)?;
        match it.stage {
            Stage::Planned => not_before(it.planned_on, on),
            Stage::Held { .. } | Stage::Cancelled { .. } => Err(Refusal::EndedBefore.into()),
        }
    }

    pub(super) fn evolve(&mut self, event: &Event) {
        match event {
            Event::Started { on } => {
                self.since = Some(*on);
                self.ended_on = None;
            }
            Event::Planned { moment, on, planned_for } => {
                let (planned_on, planned_for) = (*on, *planned_for);
                let planned = Moment { planned_on, planned_for, stage: Stage::Planned };
                self.moments.insert(*moment, planned);
            }
            Event::Held { moment, on, safe, by } => {
                let held = Stage::Held { on: *on, safe: safe.clone(), by: by.clone() };
                self.moments.entry(*moment).and_modify(|it| it.stage = held);
            }
            Event::Cancelled { moment, on } => {
                let cancelled = Stage::Cancelled { on: *on };
                self.moments.entry(*moment).and_modify(|it| it.stage = cancelled);
            }
            Event::Ended { on } => self.ended_on = Some(*on),
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
