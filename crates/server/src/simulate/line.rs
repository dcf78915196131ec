//! What is to be recorded, in the order of recording: everything that follows from a melding or a question is put in line when that
//! comes in, and taken out when its moment is there. So only what is going on is held in memory.

use chrono::{DateTime, Utc};
use domain::advice::{self, Advice};
use domain::case::{self, Case};
use domain::contact::{self, Contact};
use domain::decider::{Decider, Stamp};
use domain::id::{Id, Organisation};
use domain::melding::{self, Melding};
use domain::particulars::Particular;
use domain::person::{self, Person};
use std::collections::{BTreeMap, HashMap};
use store::{Known, Prepared};
use uuid::Uuid;

/// A command for one stream.
#[derive(Clone, Debug)]
pub(super) enum Act {
    Contact(contact::Command),
    Advice(advice::Command),
    Melding(melding::Command),
    Case(case::Command),
    Person(person::Command),
}

#[derive(Clone, Debug)]
pub(super) struct Step {
    pub(super) at: DateTime<Utc>,
    pub(super) stream: Uuid,
    pub(super) key: Uuid,
    pub(super) act: Act,
    pub(super) particulars: Vec<Particular>,
    /// Nothing happens to its stream after it: known when it is taken out of the line.
    pub(super) last: bool,
}

/// Steps by moment; of one moment in the order in which they were put in line.
#[derive(Default)]
pub(super) struct Line {
    steps: BTreeMap<(DateTime<Utc>, u64), Step>,
    count: u64,
    /// Per stream what stands in line, and what is yet to put something in line for it.
    to_come: HashMap<Uuid, u32>,
}

impl Line {
    pub(super) fn put(&mut self, step: Step) {
        self.count += 1;
        self.expect(step.stream, 1);
        self.steps.insert((step.at, self.count), step);
    }

    /// So many others will put something in line for a stream.
    pub(super) fn expect(&mut self, stream: Uuid, others: u32) {
        *self.to_come.entry(stream).or_default() += others;
    }

    /// One that was expected came, or is done. Says whether it was the last.
    pub(super) fn came(&mut self, stream: Uuid) -> bool {
        let left = self.to_come.entry(stream).or_default();
        *left = left.saturating_sub(1);
        let last = *left == 0;
        if last {
            self.to_come.remove(&stream);
        }
        last
    }

    /// The next step before a moment.
    pub(super) fn next_before(&mut self, end: DateTime<Utc>) -> Option<Step> {
        let first = self.steps.first_entry()?;
        if first.key().0 >= end {
            return None;
        }
        let step = first.remove();
        let last = self.came(step.stream);
        Some(Step { last, ..step })
    }
}

/// What is known of the streams that may go on.
#[derive(Default)]
pub(super) struct Streams {
    contacts: HashMap<Uuid, Known<Contact>>,
    advice: HashMap<Uuid, Known<Advice>>,
    meldingen: HashMap<Uuid, Known<Melding>>,
    cases: HashMap<Uuid, Known<Case>>,
    persons: HashMap<Uuid, Known<Person>>,
}

/// The simulation asked for something that the domain does not allow: a fault in the simulation.
#[derive(Debug)]
pub(super) struct Refused {
    pub(super) command: String,
    pub(super) refusal: String,
}

impl Streams {
    /// Decides a step on what is known of its stream.
    pub(super) fn decide(
        &mut self,
        step: Step,
        organisation: Organisation,
        by: Uuid,
    ) -> Result<Prepared, Refused> {
        let Step { at, stream, key, act, particulars, last } = step;
        let today = super::arrivals::today(at);
        let stamp = Stamp { organisation, by, at, today, key };
        let with = (stream, particulars, &stamp, last);
        match act {
            Act::Contact(command) => decide(&mut self.contacts, command, with),
            Act::Advice(command) => decide(&mut self.advice, command, with),
            Act::Melding(command) => decide(&mut self.meldingen, command, with),
            Act::Case(command) => decide(&mut self.cases, command, with),
            Act::Person(command) => decide(&mut self.persons, command, with),
        }
    }
}

fn decide<D: Decider>(
    known: &mut HashMap<Uuid, Known<D>>,
    command: D::Command,
    (stream, particulars, stamp, last): (Uuid, Vec<Particular>, &Stamp, bool),
) -> Result<Prepared, Refused>
where
    D::Command: std::fmt::Debug,
{
    let it = known.entry(stream).or_default();
    let decided = Prepared::decide(Id::<D>::new(stream), it, command.clone(), particulars, stamp);
    if last {
        known.remove(&stream);
    }
    decided.map_err(|refusal| {
        let faults = domain::decider::Refused::faults(&refusal).iter();
        let why: Vec<String> = faults.map(|it| it.why.to_string()).collect();
        // A command holds no particulars: those travel beside it.
        Refused {
            command: format!("{} {command:?}", D::STREAM),
            refusal: format!("{refusal} {}", why.join("; ")).trim().to_owned(),
        }
    })
}
