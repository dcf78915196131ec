//! A *casus*: the household over time. Meldingen join it, persons take part in it with roles that may change, and every step of the
//! process is recorded in it.
//!
//! ```text
//!  Absent ──open──▶ Open ──(every step of the process)──▶ Open ──close──▶ Closed ──(what goes on elsewhere)──▶ Closed
//! ```
//! After closing go on: informing, incidents, what persons ask about their data, what becomes of a handover or a measure, who may see it, and whether it must
//! be kept.
//! A closed casus takes no melding: a new one starts, and counts as a hermelding ([`crate::law::SEVERAL_MELDINGEN`]).
//! One file per topic stands under `case/`: its events, its state, its commands, why it refuses. What holds for all of them
//! stands here: nothing happens in a casus that is not there, is over, or before it began.

pub mod meldingen;
pub mod follow_up;
pub mod people;
pub mod household;
pub mod assignment;
pub mod investigation;
pub mod conditions;
pub mod handover;
pub mod measure;
pub mod multidisciplinary;
pub mod junction;
pub mod informing;
pub mod monitoring;
pub mod suspension;
pub mod transfer;
pub mod incident;
pub mod restriction;
pub mod hold;
pub mod request;
pub mod research;
pub mod deadlines;
pub mod closing;
mod command;
mod refusal;

pub use command::Command;
pub use refusal::Refusal;

use crate::codes::Code;
use crate::decider::{Decider, Stamp};
use crate::melding::Pair;
use crate::refusal::{Fault, Faults, Why};
use chrono::NaiveDate;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use uuid::Uuid;

/// What can happen to a casus. Stored forever: add variants, never change one. What belongs to a topic stands in its file.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Event {
    Opened {
        on: NaiveDate,
    },
    MeldingJoined {
        melding: Uuid,
        on: NaiveDate,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        received_on: Option<NaiveDate>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        municipality: Option<Code>,
    },
    PersonInvolved {
        person: Uuid,
        roles: Vec<Code>,
        from: NaiveDate,
    },
    PairRecorded {
        pair: Pair,
        on: NaiveDate,
    },
    Closed {
        on: NaiveDate,
        outcome: Code,
    },
    FollowUp(follow_up::Event),
    Household(household::Event),
    Assignment(assignment::Event),
    Investigation(investigation::Event),
    Conditions(conditions::Event),
    Handover(handover::Event),
    Measure(measure::Event),
    Multidisciplinary(multidisciplinary::Event),
    Junction(junction::Event),
    Informing(informing::Event),
    Monitoring(monitoring::Event),
    Suspension(suspension::Event),
    Transfer(transfer::Event),
    Incident(incident::Event),
    Restriction(restriction::Event),
    Hold(hold::Event),
    Request(request::Event),
    Research(research::Event),
}

/// Where a casus stands, topic by topic.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Case {
    pub stage: Stage,
    /// As what it was closed.
    pub outcome: Option<Code>,
    /// The day of the last step that was taken in it, in whatever order they were told.
    pub last_on: Option<NaiveDate>,
    pub meldingen: BTreeMap<Uuid, meldingen::Joined>,
    /// The present roles of everyone involved.
    pub people: BTreeMap<Uuid, Vec<Code>>,
    pub follow_up: follow_up::FollowUp,
    pub household: household::Household,
    pub assignment: assignment::Assignment,
    pub investigations: investigation::Investigations,
    pub conditions: conditions::Services,
    pub handovers: handover::Handovers,
    pub measures: measure::Measures,
    pub multidisciplinary: multidisciplinary::Approaches,
    pub junction: junction::Consults,
    pub informing: informing::Informing,
    pub monitoring: monitoring::Monitoring,
    pub suspension: suspension::Suspension,
    pub transfers: transfer::Transfers,
    pub incidents: incident::Incidents,
    pub restriction: restriction::Restriction,
    pub holds: hold::Holds,
    pub requests: request::Requests,
    pub research: research::Research,
}

#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub enum Stage {
    #[default]
    Absent,
    Open {
        since: NaiveDate,
    },
    Closed {
        since: NaiveDate,
        on: NaiveDate,
    },
}

impl Decider for Case {
    const STREAM: &'static str = "case";
    type Command = Command;
    type Event = Event;
    type Refusal = Refusal;

    fn faults(command: &Command, stamp: &Stamp) -> Vec<Fault> {
        let (at, on) = command.happens();
        let mut faults = Faults::default();
        faults.check(at, on > stamp.today, Why::Future(on));
        faults.list()
    }

    fn decide(&self, command: Command, stamp: &Stamp) -> Result<Vec<Event>, Refusal> {
        let since = match (self.stage, &command) {
            (Stage::Absent, Command::Open { on, meldingen }) => {
                return meldingen::open(*on, meldingen, stamp);
            }
            (Stage::Absent, _) => return Err(Refusal::NoSuchCase),
            (Stage::Open { .. } | Stage::Closed { .. }, Command::Open { .. }) => {
                return Err(Refusal::OpenedBefore);
            }
            (Stage::Closed { since, .. }, it) if it.goes_on_after_closing() => since,
            (Stage::Closed { .. }, _) => return Err(Refusal::ClosedBefore),
            (Stage::Open { since }, _) => since,
        };
        self.dated(&command, since, stamp)?;
        self.decide_dated(command, stamp)
    }

    fn evolve(mut self, event: &Event) -> Self {
        self.last_on = self.last_on.max(event.step_on());
        match event {
            Event::Opened { on } => self.stage = Stage::Open { since: *on },
            Event::MeldingJoined { melding, received_on, municipality, .. } => {
                let joined = self.meldingen.entry(*melding).or_default();
                joined.received_on = *received_on;
                joined.municipality.clone_from(municipality);
            }
            Event::PersonInvolved { person, roles, .. } => {
                self.people.insert(*person, roles.clone());
            }
            Event::PairRecorded { .. } => {}
            Event::Closed { on, outcome } => {
                self.outcome = Some(outcome.clone());
                self.stage = match self.stage {
                    Stage::Open { since } | Stage::Closed { since, .. } => {
                        Stage::Closed { since, on: *on }
                    }
                    Stage::Absent => Stage::Absent,
                };
            }
            Event::FollowUp(it) => follow_up::evolve(&mut self, it),
            Event::Household(it) => self.household.evolve(it),
            Event::Assignment(it) => self.assignment.evolve(it),
            Event::Investigation(it) => self.investigations.evolve(it),
            Event::Conditions(it) => self.conditions.evolve(it),
            Event::Handover(it) => self.handovers.evolve(it),
            Event::Measure(it) => self.measures.evolve(it),
            Event::Multidisciplinary(it) => self.multidisciplinary.evolve(it),
            Event::Junction(it) => self.junction.evolve(it),
            Event::Informing(it) => self.informing.evolve(it),
            Event::Monitoring(it) => self.monitoring.evolve(it),
            Event::Suspension(it) => self.suspension.evolve(it),
            Event::Transfer(it) => self.transfers.evolve(it),
            Event::Incident(it) => self.incidents.evolve(it),
            Event::Restriction(it) => self.restriction.evolve(it),
            Event::Hold(it) => self.holds.evolve(it),
            Event::Request(it) => self.requests.evolve(it),
            Event::Research(it) => self.research.evolve(it),
        }
        self
    }
}

impl Case {
    /// Since when it is open, or was.
    pub const fn since(&self) -> Option<NaiveDate> {
        match self.stage {
            Stage::Absent => None,
            Stage::Open { since } | Stage::Closed { since, .. } => Some(since),
        }
    }

    /// The municipality of the household, as told by the first melding that says so.
    pub fn municipality(&self) -> Option<&Code> {
        let first = self.meldingen.values().filter(|it| it.municipality.is_some());
        first.min_by_key(|it| it.received_on).and_then(|it| it.municipality.as_ref())
    }

    fn involves(&self, person: &Uuid) -> Result<(), Refusal> {
        if self.people.contains_key(person) { Ok(()) } else { Err(Refusal::NotInvolved) }
    }

    /// Not in the future, and within the life of the casus: what has to do with a melding may be as old as the melding.
    fn dated(&self, command: &Command, since: NaiveDate, stamp: &Stamp) -> Result<(), Refusal> {
        let (at, on) = command.happens();
        let first = self.meldingen.values().filter_map(|it| it.received_on).min();
        let begins = first.map_or(since, |received| received.min(since));
        let mut faults = Faults::default();
        faults.check(at, on > stamp.today, Why::Future(on));
        let early = on < begins && !command.may_be_older();
        faults.check(at, early, Why::BeforeReceipt(begins));
        faults.into_result(Refusal::Invalid)
    }

    fn decide_dated(&self, command: Command, stamp: &Stamp) -> Result<Vec<Event>, Refusal> {
        let one = |event: Event| Ok(vec![event]);
        match command {
            Command::Open { .. } => Err(Refusal::OpenedBefore),
            Command::JoinMelding { melding, on } => meldingen::join(self, &melding, on),
            Command::InvolvePerson { person, roles, from } => {
                people::involve(self, person, roles, from, stamp)
            }
            Command::RecordPair { pair, on } => people::record_pair(self, pair, on),
            Command::Close { on, outcome } => closing::close(self, on, outcome),
            Command::FollowUp(it) => follow_up::decide(self, it),
            Command::Household(it) => one(Event::Household(household::decide(self, it)?)),
            Command::Assignment(it) => {
                self.restriction.lets(it.worker())?;
                one(Event::Assignment(self.assignment.decide(it)?))
            }
            Command::Investigation(it) => {
                one(Event::Investigation(investigation::decide(self, it)?))
            }
            Command::Conditions(it) => one(Event::Conditions(conditions::decide(self, it)?)),
            Command::Handover(it) => one(Event::Handover(self.handovers.decide(it)?)),
            Command::Measure(it) => one(Event::Measure(measure::decide(self, it)?)),
            Command::Multidisciplinary(it) => {
                one(Event::Multidisciplinary(self.multidisciplinary.decide(it)?))
            }
            Command::Junction(it) => one(Event::Junction(self.junction.decide(it)?)),
            Command::Informing(it) => one(Event::Informing(informing::decide(self, it)?)),
            Command::Monitoring(it) => one(Event::Monitoring(monitoring::decide(self, it)?)),
            Command::Suspension(it) => one(Event::Suspension(self.suspension.decide(it)?)),
            Command::Transfer(it) => one(Event::Transfer(self.transfers.decide(it, stamp)?)),
            Command::Incident(it) => one(Event::Incident(self.incidents.decide(it)?)),
            Command::Restriction(it) => one(Event::Restriction(restriction::decide(self, it)?)),
            Command::Hold(it) => one(Event::Hold(hold::decide(self, it)?)),
            Command::Request(it) => {
                Ok(self.requests.decide(it).map(Event::Request).into_iter().collect())
            }
            Command::Research(it) => one(Event::Research(research::decide(self, it)?)),
        }
    }
}

impl From<Event> for crate::Event {
    fn from(event: Event) -> Self {
        Self::Case(event)
    }
}

#[cfg(test)]
mod tests;
