//! The one pattern of the register: a stream answers a command with events, or refuses it.
//!
//! After J. Chassaing, "Functional event sourcing: Decider" (2021). Three functions, no framework.

use crate::id::{LogKind, Organisation};
use crate::refusal::Kind;
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Serialize, de::DeserializeOwned};
use uuid::Uuid;

/// What a registry stamps on everything that comes in: by whom, for which organisation, when, and a number.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Stamp {
    pub organisation: Organisation,
    pub by: Uuid,
    pub at: DateTime<Utc>,
    /// The date of that moment in the Netherlands; statutory days are counted from it.
    pub today: NaiveDate,
    /// The number by which a repeated command is recognised.
    pub key: Uuid,
}

/// The state of one stream. `Default` is the stream before its first event.
pub trait Decider: Default + Clone + Send + Sync + 'static {
    /// The name of the stream in the log.
    const STREAM: &'static str;
    /// To which log of the organisation it is written.
    const LOG: LogKind = LogKind::Register;
    /// Serialised only to recognise the same command again.
    type Command: Clone + Serialize + Send;
    /// Stored forever: variants are added, never changed.
    type Event: Clone + Into<crate::Event> + Serialize + DeserializeOwned + Send + Sync + 'static;
    type Refusal: Refused;

    /// What is wrong with the input itself, whatever the state of the stream. Part of `decide`; apart so that a worker
    /// hears of all faults at once.
    fn faults(command: &Self::Command, stamp: &Stamp) -> Vec<crate::refusal::Fault>;

    /// Answers a command with events, or refuses it. Changes nothing.
    fn decide(
        &self,
        command: Self::Command,
        stamp: &Stamp,
    ) -> Result<Vec<Self::Event>, Self::Refusal>;

    /// Takes in what happened. Never refuses: it already happened.
    #[must_use]
    fn evolve(self, event: &Self::Event) -> Self;
}

/// A refusal knows what it says no to, so that the outside can answer in its own way.
pub trait Refused: std::error::Error + Send + Sync + 'static {
    fn kind(&self) -> Kind;
    /// The faults in the input, all at once; empty when the state of affairs says no.
    fn faults(&self) -> &[crate::refusal::Fault];
}

/// The state that a history leads to.
pub fn fold<'a, D: Decider>(history: impl IntoIterator<Item = &'a D::Event>) -> D {
    history.into_iter().fold(D::default(), D::evolve)
}
