//! A *melding*: someone tells Veilig Thuis, by name, about suspected violence: persons, the relation of each victim
//! to each perpetrator, the forms of violence. Each melding has its own safety assessment.
//!
//! ```text
//!  Absent ──receive──▶ Received ──assess──▶ Assessed
//!                         │  └──withdraw──▶ Withdrawn (turned into an advies)
//!                         └ correct: in every state, with a reason
//! ```
//! Law: Wmo 2015 art. 4.1.1 lid 2 onder a; clock: [`crate::law::ASSESSMENT`]; every melding its own decision and
//! earlier decisions stand: [`crate::law::SEVERAL_MELDINGEN`].

pub mod content;

pub use content::{Changes, Content, Melder, Pair, Person};

use crate::codes::Code;
use crate::deadline::assessment_due;
use crate::decider::{Decider, Stamp};
use crate::refusal::{Fault, Faults, Why, refused};
use chrono::NaiveDate;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use thiserror::Error;
use uuid::Uuid;

/// What can happen to a melding. Stored forever: add variants, never change one.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Event {
    Received(Content),
    /// An error put right, or something that became known: never a silent change.
    Corrected {
        reason: Code,
        changes: Changes,
    },
    Assessed(Assessment),
    /// It turned out to be a question (Informatieprotocol 2025 par. 3.7). From here it counts as a melding no more; whether as an
    /// advies is not confirmed, so who gave one logs it as one.
    Withdrawn {
        reason: Code,
        on: NaiveDate,
    },
    /// Who is to assess it.
    Assigned {
        worker: Uuid,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        team: Option<Uuid>,
        on: NaiveDate,
    },
}

/// The safety assessment: our first judgement of a melding, and what follows.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Assessment {
    pub on: NaiveDate,
    pub follow_up: Code,
    /// Kinds of unsafety that were found; empty when none was.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub unsafety: Vec<Code>,
    /// The last day of the term by the rules of that day.
    pub due_on: NaiveDate,
}

/// Where a melding stands. Holds what decisions and figures need, and nothing else.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Melding {
    #[default]
    Absent,
    Received(Content),
    Assessed(Content, Assessment),
    Withdrawn(Content),
}

#[derive(Clone, Debug, PartialEq, Serialize)]
pub enum Command {
    Receive(Content),
    Correct { reason: Code, changes: Changes },
    Assess { on: NaiveDate, follow_up: Code, unsafety: Vec<Code> },
    Withdraw { reason: Code, on: NaiveDate },
    Assign { worker: Uuid, team: Option<Uuid>, on: NaiveDate },
}

/// Why not. The text is for the worker.
#[derive(Clone, Debug, PartialEq, Error)]
pub enum Refusal {
    #[error("de gegevens van de melding kloppen niet")]
    Invalid(Vec<Fault>),
    #[error("deze melding is er niet")]
    NoSuchMelding,
    #[error("deze melding is al ontvangen")]
    ReceivedBefore,
    #[error("deze melding is al beoordeeld; een later besluit hoort bij een nieuwe melding")]
    AssessedBefore,
    #[error("deze melding is omgezet in een advies")]
    WithdrawnBefore,
}
refused!(Refusal {
    Absent: Self::NoSuchMelding,
    Conflict: Self::ReceivedBefore | Self::AssessedBefore | Self::WithdrawnBefore,
});

impl Melding {
    /// What is known of it, once received.
    pub const fn content(&self) -> Option<&Content> {
        match self {
            Self::Absent => None,
            Self::Received(content) | Self::Assessed(content, _) | Self::Withdrawn(content) => {
                Some(content)
            }
        }
    }
}

impl Melding {
    fn received_after_its_assessment(&self, received_on: NaiveDate) -> Option<Fault> {
        let Self::Assessed(_, Assessment { on, .. }) = self else { return None };
        let mut faults = Faults::default();
        faults.check("received", received_on > *on, Why::AfterTheAssessment(*on));
        faults.list().pop()
    }
}

impl Command {
    /// What is wrong with the input itself, whatever the state of the melding.
    pub fn faults(&self, stamp: &Stamp) -> Vec<Fault> {
        let mut faults = Faults::default();
        match self {
            Self::Receive(content) => return content.faults(stamp),
            Self::Correct { changes, .. } => {
                let nothing = *changes == Changes::default();
                faults.check("changes", nothing, Why::NothingChanged);
            }
            Self::Assess { on, .. } | Self::Withdraw { on, .. } | Self::Assign { on, .. } => {
                faults.check("on", *on > stamp.today, Why::Future(*on));
            }
        }
        faults.list()
    }
}

impl Decider for Melding {
    const STREAM: &'static str = "melding";
    type Command = Command;
    type Event = Event;
    type Refusal = Refusal;

    fn faults(command: &Command, stamp: &Stamp) -> Vec<Fault> {
        command.faults(stamp)
    }

    fn decide(&self, command: Command, stamp: &Stamp) -> Result<Vec<Event>, Refusal> {
        let faults = command.faults(stamp);
        if !faults.is_empty() {
            return Err(Refusal::Invalid(faults));
        }
        match (self, command) {
            (Self::Absent, Command::Receive(content)) => Ok(vec![Event::Received(content)]),
            (
                Self::Absent,
                Command::Correct { .. }
                | Command::Assess { .. }
                | Command::Withdraw { .. }
                | Command::Assign { .. },
            ) => Err(Refusal::NoSuchMelding),
            (Self::Received(_) | Self::Assessed(..) | Self::Withdrawn(_), Command::Receive(_)) => {
                Err(Refusal::ReceivedBefore)
            }
            (Self::Received(content), Command::Assess { on, follow_up, unsafety }) => {
                not_before(content, on)?;
                let due_on = assessment_due(content.received.on);
                Ok(vec![Event::Assessed(Assessment { on, follow_up, unsafety, due_on })])
            }
            (Self::Received(content), Command::Withdraw { reason, on }) => {
                not_before(content, on)?;
                Ok(vec![Event::Withdrawn { reason, on }])
            }
            (Self::Received(content), Command::Assign { worker, team, on }) => {
                not_before(content, on)?;
                Ok(vec![Event::Assigned { worker, team, on }])
            }
            (
                Self::Assessed(..),
                Command::Assess { .. } | Command::Withdraw { .. } | Command::Assign { .. },
            ) => Err(Refusal::AssessedBefore),
            (
                Self::Withdrawn(_),
                Command::Assess { .. } | Command::Withdraw { .. } | Command::Assign { .. },
            ) => Err(Refusal::WithdrawnBefore),
            (
                Self::Received(content) | Self::Assessed(content, _) | Self::Withdrawn(content),
                Command::Correct { reason, changes },
            ) => {
                let corrected = content.clone().with(&changes);
                let mut faults = corrected.faults(stamp);
                faults.extend(self.received_after_its_assessment(corrected.received.on));
                if faults.is_empty() {
                    Ok(vec![Event::Corrected { reason, changes }])
                } else {
                    Err(Refusal::Invalid(faults))
                }
            }
        }
    }

    fn evolve(self, event: &Event) -> Self {
        match (self, event) {
            (_, Event::Received(content)) => Self::Received(content.clone()),
            (Self::Received(content), Event::Corrected { changes, .. }) => {
                Self::Received(content.with(changes))
            }
            (Self::Assessed(content, assessment), Event::Corrected { changes, .. }) => {
                // Whether it was in time depends on when it was received, and so on what is known of that by now.
                let due_on = changes.received.map_or(assessment.due_on, |it| assessment_due(it.on));
                Self::Assessed(content.with(changes), Assessment { due_on, ..assessment })
            }
            (Self::Withdrawn(content), Event::Corrected { changes, .. }) => {
                Self::Withdrawn(content.with(changes))
            }
            (
                Self::Received(content) | Self::Assessed(content, _) | Self::Withdrawn(content),
                Event::Assessed(assessment),
            ) => Self::Assessed(content, assessment.clone()),
            (
                Self::Received(content) | Self::Assessed(content, _) | Self::Withdrawn(content),
                Event::Withdrawn { .. },
            ) => Self::Withdrawn(content),
            (it, Event::Assigned { .. }) => it,
            (
                Self::Absent,
                Event::Corrected { .. } | Event::Assessed(_) | Event::Withdrawn { .. },
            ) => Self::Absent,
        }
    }
}

fn not_before(content: &Content, on: NaiveDate) -> Result<(), Refusal> {
    let received_on = content.received.on;
    let mut faults = Faults::default();
    faults.check("on", on < received_on, Why::BeforeReceipt(received_on));
    faults.into_result(Refusal::Invalid)
}

impl Melding {
    /// Whether who told it is only for whoever works on it ([`crate::law::HIDDEN_REPORTER`]): of a melder who is hidden from the family, from the
    /// moment on that somebody works on it or it was decided on. Until then whoever takes meldingen has to be able to call back.
    pub fn seals_melder(&self, somebody_works_on_it: bool) -> bool {
        match self {
            Self::Absent => false,
            Self::Received(it) => it.melder.hidden_from_family && somebody_works_on_it,
            Self::Assessed(it, _) | Self::Withdrawn(it) => it.melder.hidden_from_family,
        }
    }
}

impl From<Event> for crate::Event {
    fn from(event: Event) -> Self {
        Self::Melding(event)
    }
}

#[cfg(test)]
mod tests;
