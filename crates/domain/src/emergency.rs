//! Emergency access (noodtoegang, "break-glass"): somebody opens a file that is not his, because waiting is dangerous. With a reason, for a while, and
//! never unseen: the privacy officer judges each.
//!
//! ```text
//!  Absent ──open──▶ Open ──end──▶ Over ──review──▶ Reviewed
//!                     └──────────review──────────────▲
//! ```
//! An emergency ends by itself when its time is over; so what is over may be `Open` here. Whoever was excluded from a casus
//! ([`crate::case::restriction`]) cannot open it. Law: what is not needed is not seen ([`crate::law::NEED_TO_KNOW`]), and whoever decides over data can show
//! who saw them ([`crate::law::ACCOUNTABILITY`]).

use crate::codes::{Code, coded};
use crate::decider::{Decider, Stamp};
use crate::refusal::{Fault, refused};
use chrono::{DateTime, TimeDelta, Utc};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::num::NonZeroU8;
use thiserror::Error;
use uuid::Uuid;

/// What is opened: a casus with all that is in it, or one melding or person alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "OpenedFile")]
#[serde(tag = "kind", content = "id", rename_all = "snake_case")]
pub enum File {
    Case(Uuid),
    Melding(Uuid),
    Person(Uuid),
}

impl File {
    pub const fn id(self) -> Uuid {
        match self {
            Self::Case(id) | Self::Melding(id) | Self::Person(id) => id,
        }
    }

    /// The stream that it is.
    pub const fn stream(self) -> &'static str {
        match self {
            Self::Case(_) => crate::case::Case::STREAM,
            Self::Melding(_) => crate::melding::Melding::STREAM,
            Self::Person(_) => crate::person::Person::STREAM,
        }
    }
}

coded! {
    /// What the privacy officer thinks of it.
    Judgement of EmergencyJudgement {
        Justified = "terecht",
        Unjustified = "onterecht",
    }
}

/// What can happen to an emergency. Stored forever: add variants, never change one.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Event {
    /// This worker may look from here on.
    Opened { worker: Uuid, file: File, reason: Code, until: DateTime<Utc> },
    /// It was not needed any longer.
    Ended { at: DateTime<Utc> },
    /// And with the judgement it is over, if it was not.
    Reviewed { judgement: Judgement, at: DateTime<Utc> },
}

/// How far it has come, and who opened what.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Emergency {
    #[default]
    Absent,
    Open(Opened),
    Over(Opened),
    Reviewed(Opened, Judgement),
}

#[derive(Clone, Debug, PartialEq)]
pub struct Opened {
    pub worker: Uuid,
    pub file: File,
    pub reason: Code,
    /// The last moment, also when it was ended before the time that was given.
    pub until: DateTime<Utc>,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
pub enum Command {
    /// For so many minutes from now.
    Open {
        file: File,
        reason: Code,
        minutes: NonZeroU8,
    },
    End,
    Review {
        judgement: Judgement,
    },
}

/// Why not. The text is for the worker.
#[derive(Clone, Debug, PartialEq, Error)]
pub enum Refusal {
    #[error("de noodtoegang klopt niet")]
    Invalid(Vec<Fault>),
    #[error("deze noodtoegang is er niet")]
    NoSuchEmergency,
    #[error("deze noodtoegang is al geopend")]
    OpenedBefore,
    #[error("deze noodtoegang is al voorbij")]
    OverBefore,
    #[error("deze noodtoegang is al beoordeeld")]
    ReviewedBefore,
    #[error("u opende deze noodtoegang zelf: een ander beoordeelt haar")]
    OwnEmergency,
}
refused!(Refusal {
    Absent: Self::NoSuchEmergency,
    Conflict: Self::OpenedBefore | Self::OverBefore | Self::ReviewedBefore | Self::OwnEmergency,
});

impl Decider for Emergency {
    const STREAM: &'static str = "emergency";
    type Command = Command;
    type Event = Event;
    type Refusal = Refusal;

    fn faults(_: &Command, _: &Stamp) -> Vec<Fault> {
        vec![]
    }

    fn decide(&self, command: Command, stamp: &Stamp) -> Result<Vec<Event>, Refusal> {
        let (by, at) = (stamp.by, stamp.at);
        match (self, command) {
            (Self::Absent, Command::Open { file, reason, minutes }) => {
                let until = at + TimeDelta::minutes(minutes.get().into());
                Ok(vec![Event::Opened { worker: by, file, reason, until }])
            }
            (Self::Absent, Command::End | Command::Review { .. }) => Err(Refusal::NoSuchEmergency),
            (_, Command::Open { .. }) => Err(Refusal::OpenedBefore),
            // To anybody else it is not there.
            (Self::Open(it) | Self::Over(it) | Self::Reviewed(it, _), Command::End)
                if it.worker != by =>
            {
                Err(Refusal::NoSuchEmergency)
            }
            (Self::Open(it), Command::End) if at < it.until => Ok(vec![Event::Ended { at }]),
            (Self::Open(_) | Self::Over(_) | Self::Reviewed(..), Command::End) => {
                Err(Refusal::OverBefore)
            }
            (Self::Reviewed(..), Command::Review { .. }) => Err(Refusal::ReviewedBefore),
            (Self::Open(it) | Self::Over(it), Command::Review { .. }) if it.worker == by => {
                Err(Refusal::OwnEmergency)
            }
            (Self::Open(_) | Self::Over(_), Command::Review { judgement }) => {
                Ok(vec![Event::Reviewed { judgement, at }])
            }
        }
    }

    fn evolve(self, event: &Event) -> Self {
        match (self, event) {
            (_, Event::Opened { worker, file, reason, until }) => {
                let (worker, file, until) = (*worker, *file, *until);
                Self::Open(Opened { worker, file, reason: reason.clone(), until })
            }
            (Self::Open(it) | Self::Over(it), Event::Ended { at }) => Self::Over(it.ended(*at)),
            (Self::Open(it) | Self::Over(it), Event::Reviewed { judgement, at }) => {
                Self::Reviewed(it.ended(*at), *judgement)
            }
            (
                other @ (Self::Absent | Self::Reviewed(..)),
                Event::Ended { .. } | Event::Reviewed { .. },
            ) => other,
        }
    }
}

impl Opened {
    fn ended(self, at: DateTime<Utc>) -> Self {
        Self { until: self.until.min(at), ..self }
    }
}

impl Emergency {
    pub const fn opened(&self) -> Option<&Opened> {
        match self {
            Self::Absent => None,
            Self::Open(it) | Self::Over(it) | Self::Reviewed(it, _) => Some(it),
        }
    }
}

impl From<Event> for crate::Event {
    fn from(event: Event) -> Self {
        Self::Emergency(event)
    }
}

#[cfg(test)]
mod tests;
