//! Suspending and resuming the terms of the services of a casus: what was suspended is added to them. The five days of the safety
//! assessment and the four weeks of informing do not wait: the law has its own rule for those, or none.

use super::Refusal as CaseRefusal;
use crate::calendar;
use crate::codes::Code;
use crate::refusal::{Faults, Why};
use chrono::{Days, NaiveDate};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use thiserror::Error;

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "SuspensionEvent")]
#[serde(tag = "step", rename_all = "snake_case")]
pub enum Event {
    Suspended { on: NaiveDate, reason: Code },
    Resumed { on: NaiveDate },
}

impl Event {
    pub(super) const fn on(&self) -> NaiveDate {
        match self {
            Self::Suspended { on, .. } | Self::Resumed { on } => *on,
        }
    }
}

/// The times for which terms stood still, in order.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Suspension(pub Vec<Pause>);

#[derive(Clone, Debug, PartialEq)]
pub struct Pause {
    pub from: NaiveDate,
    pub until: Option<NaiveDate>,
    pub reason: Code,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
pub enum Command {
    Suspend { on: NaiveDate, reason: Code },
    Resume { on: NaiveDate },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum Refusal {
    #[error("de termijnen zijn al opgeschort")]
    SuspendedBefore,
    #[error("de termijnen zijn niet opgeschort")]
    NotSuspended,
}

impl Command {
    pub(super) const fn on(&self) -> NaiveDate {
        match self {
            Self::Suspend { on, .. } | Self::Resume { on } => *on,
        }
    }
}

impl Suspension {
    pub(super) fn decide(&self, command: Command) -> Result<Event, CaseRefusal> {
        let mut faults = Faults::default();
        match (command, self.0.last()) {
            (Command::Suspend { .. }, Some(Pause { until: None, .. })) => {
                Err(Refusal::SuspendedBefore.into())
            }
            (Command::Suspend { on, reason }, last) => {
                if let Some(until) = last.and_then(|it| it.until) {
                    faults.check("on", on < until, Why::Before(until));
                }
                faults.into_result(CaseRefusal::Invalid)?;
                Ok(Event::Suspended { on, reason })
            }
            (Command::Resume { on }, Some(Pause { from, until: None, .. })) => {
                faults.check("on", on < *from, Why::Before(*from));
                faults.into_result(CaseRefusal::Invalid)?;
                Ok(Event::Resumed { on })
            }
            (Command::Resume { .. }, None | Some(Pause { until: Some(_), .. })) => {
                Err(Refusal::NotSuspended.into())
            }
        }
    }

    /// Whether terms stand still now.
    pub fn runs(&self) -> bool {
        self.0.last().is_some_and(|it| it.until.is_none())
    }

    /// The last day of a term that began on a date, with the days added for which it stood still; none while it does. What ended
    /// (`ended_on`) no longer stands still.
    pub(super) fn shift(
        &self,
        from: NaiveDate,
        due: NaiveDate,
        ended_on: Option<NaiveDate>,
    ) -> Option<NaiveDate> {
        let mut shifted = due;
        for pause in &self.0 {
            // What was suspended after the last day no longer helps.
            if pause.from > calendar::working_day_from(shifted) {
                continue;
            }
            let until = pause.until.into_iter().chain(ended_on).min()?;
            let days = (until - pause.from.max(from)).num_days();
            shifted = shifted + Days::new(u64::try_from(days).unwrap_or(0));
        }
        Some(if shifted == due { due } else { calendar::working_day_from(shifted) })
    }

    pub(super) fn evolve(&mut self, event: &Event) {
        match event {
            Event::Suspended { on, reason } => {
                self.0.push(Pause { from: *on, until: None, reason: reason.clone() });
            }
            Event::Resumed { on } => {
                if let Some(last) = self.0.last_mut() {
                    last.until = Some(*on);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests;
