//! Handing over sight on safety to another organisation: warm, that is, when the other professional knows enough and can begin. Veilig
//! Thuis stays responsible until it is accepted ([`crate::law::HANDOVER`]), and is so again when it is returned.
//!
//! ```text
//!  ──send──▶ Sent ──accept──▶ Accepted ──start──▶ Started
//!              └─────return───────┴─────return──────┴──return──▶ Returned
//! ```
//! The name of the organisation and whom to call are sealed under the key of the casus.

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
#[schemars(rename = "HandoverEvent")]
#[serde(tag = "step", rename_all = "snake_case")]
pub enum Event {
    Sent {
        handover: Uuid,
        on: NaiveDate,
        /// The kind of organisation.
        to: Code,
        /// Whether the other was told in person before it was sent.
        warm: Code,
    },
    Accepted {
        handover: Uuid,
        on: NaiveDate,
    },
    Started {
        handover: Uuid,
        on: NaiveDate,
    },
    Returned {
        handover: Uuid,
        on: NaiveDate,
        reason: Code,
    },
}

impl Event {
    pub(super) const fn on(&self) -> NaiveDate {
        match self {
            Self::Sent { on, .. }
            | Self::Accepted { on, .. }
            | Self::Started { on, .. }
            | Self::Returned { on, .. } => *on,
        }
    }
}

#[derive(Clone, Debug, Default, PartialEq)]
pub struct Handovers(pub BTreeMap<Uuid, Handover>);

#[derive(Clone, Debug, PartialEq)]
pub struct Handover {
    pub to: Code,
    pub warm: Code,
    pub sent_on: NaiveDate,
    pub accepted_on: Option<NaiveDate>,
    pub started_on: Option<NaiveDate>,
    pub returned: Option<(NaiveDate, Code)>,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
pub enum Command {
    Send { handover: Uuid, on: NaiveDate, to: Code, warm: Code },
    Accept { handover: Uuid, on: NaiveDate },
    Start { handover: Uuid, on: NaiveDate },
    Return { handover: Uuid, on: NaiveDate, reason: Code },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum Refusal {
    #[error("deze overdracht is er niet in deze casus")]
    NoSuchHandover,
    #[error("deze overdracht is al verzonden")]
    SentBefore,
    #[error("deze overdracht is al aanvaard")]
    AcceptedBefore,
    #[error("deze overdracht is nog niet aanvaard; tot dan blijft Veilig Thuis verantwoordelijk")]
    NotAccepted,
    #[error("de hulp na deze overdracht is al begonnen")]
    StartedBefore,
    #[error("deze overdracht is al teruggegeven")]
    ReturnedBefore,
}

impl Command {
    pub(super) const fn on(&self) -> NaiveDate {
        match self {
            Self::Send { on, .. }
            | Self::Accept { on, .. }
            | Self::Start { on, .. }
            | Self::Return { on, .. } => *on,
        }
    }
}

impl Handover {
    /// Whether Veilig Thuis is still responsible for what it wants to hand over.
    pub const fn is_ours(&self) -> bool {
        self.accepted_on.is_none() || self.returned.is_some()
    }

    /// Sent, and neither accepted nor returned.
    pub const fn is_unanswered(&self) -> bool {
        self.accepted_on.is_none() && self.returned.is_none()
    }

    /// The date of the last step.
    fn last_on(&self) -> NaiveDate {
        self.started_on.or(self.accepted_on).unwrap_or(self.sent_on)
    }
}

impl Handovers {
    /// Whether one of them waits for its answer.
    pub(super) fn is_unanswered(&self) -> bool {
        self.0.values().any(Handover::is_unanswered)
    }

    /// Whether one came back, and nothing that was sent was accepted since, or waits to be: only what is accepted on the day of the last
    /// return or later makes up for it.
    pub(super) fn is_returned(&self) -> bool {
        let returned = self.0.values().filter_map(|it| Some(it.returned.as_ref()?.0)).max();
        let accepted = self.0.values().filter(|it| !it.is_ours()).filter_map(|it| it.accepted_on);
        !self.is_unanswered() && returned > accepted.max()
    }

    pub(super) fn decide(&self, command: Command) -> Result<Event, CaseRefusal> {
        match command {
            Command::Send { handover, on, to, warm } => match self.0.get(&handover) {
                Some(_) => Err(Refusal::SentBefore.into()),
                None => Ok(Event::Sent { handover, on, to, warm }),
            },
            Command::Accept { handover, on } => {
                let it = self.standing(handover, on)?;
                match it.accepted_on {
                    Some(_) => Err(Refusal::AcceptedBefore.into()),
                    None => Ok(Event::Accepted { handover, on }),
                }
            }
            Command::Start { handover, on } => {
                let it = self.standing(handover, on)?;
                match (it.accepted_on, it.started_on) {
                    (None, _) => Err(Refusal::NotAccepted.into()),
                    (Some(_), Some(_)) => Err(Refusal::StartedBefore.into()),
                    (Some(_), None) => Ok(Event::Started { handover, on }),
                }
            }
            Command::Return { handover, on, reason } => {
                self.standing(handover, on)?;
                Ok(Event::Returned { handover, on, reason })
            }
        }
    }

    /// One that was not returned, at a date that is not before its last step.
    fn standing(&self, id: Uuid, on: NaiveDate) -> Result<&Handover, CaseRefusal> {
        let it = self.0.get(&id).ok_or(Refusal::NoSuchHandover)?;
        if it.returned.is_some() {
            return Err(Refusal::ReturnedBefore.into());
        }
        let mut faults = Faults::default();
        faults.check("on", on < it.last_on(), Why::Before(it.last_on()));
        faults.into_result(CaseRefusal::Invalid)?;
        Ok(it)
    }

    pub(super) fn evolve(&mut self, event: &Event) {
        match event {
            Event::Sent { handover, on, to, warm } => {
                let sent = Handover {
                    to: to.clone(),
                    warm: warm.clone(),
                    sent_on: *on,
                    accepted_on: None,
                    started_on: None,
                    returned: None,
                };
                self.0.insert(*handover, sent);
            }
            Event::Accepted { handover, on } => {
                self.0.entry(*handover).and_modify(|it| it.accepted_on = Some(*on));
            }
            Event::Started { handover, on } => {
                self.0.entry(*handover).and_modify(|it| it.started_on = Some(*on));
            }
            Event::Returned { handover, on, reason } => {
                let returned = Some((*on, reason.clone()));
                self.0.entry(*handover).and_modify(|it| it.returned = returned);
            }
        }
    }
}

#[cfg(test)]
mod tests;
