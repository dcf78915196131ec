//! Calamities, violence in giving help, and complaints: recorded, reported where the law asks for it, settled. The yearly account counts
//! them ([`crate::law::INCIDENTS`]). What happened is free text, sealed under the key of the casus.

use super::Refusal as CaseRefusal;
use crate::codes::Code;
use crate::refusal::{Faults, Why};
use chrono::NaiveDate;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use thiserror::Error;
use uuid::Uuid;

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "IncidentEvent")]
#[serde(tag = "step", rename_all = "snake_case")]
pub enum Event {
    Recorded {
        incident: Uuid,
        on: NaiveDate,
        kind: Code,
    },
    /// The supervisor was told.
    Reported {
        incident: Uuid,
        on: NaiveDate,
    },
    Settled {
        incident: Uuid,
        on: NaiveDate,
        outcome: Code,
    },
}

#[derive(Clone, Debug, Default, PartialEq)]
pub struct Incidents(pub BTreeMap<Uuid, Incident>);

#[derive(Clone, Debug, PartialEq)]
pub struct Incident {
    pub on: NaiveDate,
    pub kind: Code,
    pub reported_on: Option<NaiveDate>,
    pub outcome: Option<(NaiveDate, Code)>,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
pub enum Command {
    Record { incident: Uuid, on: NaiveDate, kind: Code },
    Report { incident: Uuid, on: NaiveDate },
    Settle { incident: Uuid, on: NaiveDate, outcome: Code },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum Refusal {
    #[error("dit voorval is er niet in deze casus")]
    NoSuchIncident,
    #[error("dit voorval is al vastgelegd")]
    RecordedBefore,
    #[error("dit voorval is al aan de toezichthouder gemeld")]
    ReportedBefore,
    #[error("dit voorval is al afgehandeld")]
    SettledBefore,
}

impl Command {
    pub(super) const fn on(&self) -> NaiveDate {
        match self {
            Self::Record { on, .. } | Self::Report { on, .. } | Self::Settle { on, .. } => *on,
        }
    }
}

impl Incident {
    /// Reported after it happened, settled after it was reported.
    fn not_before(&self, on: NaiveDate) -> Result<(), CaseRefusal> {
        let earlier = self.reported_on.unwrap_or(self.on);
        let mut faults = Faults::default();
        faults.check("on", on < earlier, Why::Before(earlier));
        faults.into_result(CaseRefusal::Invalid)
    }
}

impl Incidents {
    pub(super) fn decide(&self, command: Command) -> Result<Event, CaseRefusal> {
        match command {
            Command::Record { incident, on, kind } => match self.0.get(&incident) {
                Some(_) => Err(Refusal::RecordedBefore.into()),
                None => Ok(Event::Recorded { incident, on, kind }),
            },
            Command::Report { incident, on } => {
                let it = self.open(incident)?;
                if it.reported_on.is_some() {
                    return Err(Refusal::ReportedBefore.into());
                }
                it.not_before(on)?;
                Ok(Event::Reported { incident, on })
            }
            Command::Settle { incident, on, outcome } => {
                self.open(incident)?.not_before(on)?;
                Ok(Event::Settled { incident, on, outcome })
            }
        }
    }

    fn open(&self, id: Uuid) -> Result<&Incident, Refusal> {
        let it = self.0.get(&id).ok_or(Refusal::NoSuchIncident)?;
        if it.outcome.is_some() { Err(Refusal::SettledBefore) } else { Ok(it) }
    }

    pub(super) fn evolve(&mut self, event: &Event) {
        match event {
            Event::Recorded { incident, on, kind } => {
                let recorded =
                    Incident { on: *on, kind: kind.clone(), reported_on: None, outcome: None };
                self.0.insert(*incident, recorded);
            }
            Event::Reported { incident, on } => {
                self.0.entry(*incident).and_modify(|it| it.reported_on = Some(*on));
            }
            Event::Settled { incident, on, outcome } => {
                let outcome = Some((*on, outcome.clone()));
                self.0.entry(*incident).and_modify(|it| it.outcome = outcome);
            }
        }
    }
}

#[cfg(test)]
mod tests;
