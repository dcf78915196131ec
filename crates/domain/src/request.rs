//! A *request*: somebody asks about the data that are recorded about him: to see them, to have them corrected, to have his own words
//! added, to have them destroyed. He asks himself, or somebody asks for him.
//!
//! ```text
//!  Absent ──receive──▶ Received ──(extend)──▶ Received ──decide──▶ Decided ──(tell, execute)──▶ Decided
//!                         └──withdraw──▶ Withdrawn ◀──withdraw────────┘ (granted, and not executed)
//! ```
//! Whoever may not ask is recorded as well, for he did ask; his request can only be refused. Who asks, his words and what was thought are
//! particulars. Law: [`crate::law::INSPECTION`], [`crate::law::CORRECTION`], [`crate::law::DESTRUCTION`],
//! [`crate::law::ANSWER_IN_A_MONTH`], [`crate::law::IDENTITY`].

pub mod entitlement;
pub mod decision;
pub mod copy;
mod refusal;

pub use decision::{Decision, Ground, Outcome, Texts};
pub use entitlement::{AgeClass, Asker, Bar, By};
pub use refusal::Refusal;

use crate::codes::{Code, NOT_ESTABLISHED, coded};
use crate::deadline::{self, Deadline};
use crate::decider::{Decider, Stamp};
use crate::moment::FIRST_DAY;
use crate::refusal::{Fault, Faults, Why};
use chrono::NaiveDate;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// By how much a term may be extended, once ([`crate::law::ANSWER_IN_A_MONTH`]).
const EXTENSION_IN_MONTHS: u32 = 2;

coded! {
    /// What is asked.
    Kind of Request {
        Inspection = "inzage",
        Correction = "correctie",
        Statement = "eigen-verklaring",
        Destruction = "vernietiging",
    }
}

/// What can happen to a request. Stored forever: add variants, never change one.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "RequestOfAPerson")]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Event {
    Received(Content),
    /// Two months longer: within the term it was told why.
    Extended {
        on: NaiveDate,
        reason: Code,
    },
    Decided(Decision),
    /// Whoever asked was told of the decision.
    Told {
        on: NaiveDate,
        way: Code,
    },
    /// What was granted was done: the copy was given, the data corrected, the statement added, the data destroyed.
    Executed {
        on: NaiveDate,
        /// Of a correction: the files in which it was made.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        files: Vec<Uuid>,
    },
    Withdrawn {
        on: NaiveDate,
        reason: Code,
    },
    Copy(copy::Event),
}

/// A request as it came.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Content {
    pub kind: Kind,
    /// Whose data it is about.
    pub person: Uuid,
    /// The casus that it is about; all that is recorded of him when none is named.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub case: Option<Uuid>,
    #[serde(flatten)]
    pub asker: Asker,
    /// How it was established who asks.
    pub identity: Code,
    pub on: NaiveDate,
    pub in_writing: bool,
}

impl Content {
    pub fn is_identified(&self) -> bool {
        self.identity != NOT_ESTABLISHED
    }
}

/// What decisions need to know of a request.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Request {
    pub content: Option<Content>,
    pub extended_on: Option<NaiveDate>,
    pub decision: Option<Decision>,
    pub told_on: Option<NaiveDate>,
    pub executed_on: Option<NaiveDate>,
    pub withdrawn_on: Option<NaiveDate>,
    pub copy: Option<copy::Copy>,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
pub enum Command {
    Receive(Content),
    Extend { on: NaiveDate, reason: Code },
    Decide(Decision),
    Tell { on: NaiveDate, way: Code },
    Execute { on: NaiveDate, files: Vec<Uuid> },
    Withdraw { on: NaiveDate, reason: Code },
    Copy(copy::Command),
}

impl Command {
    const fn on(&self) -> NaiveDate {
        match self {
            Self::Receive(it) => it.on,
            Self::Decide(it) => it.on,
            Self::Copy(it) => it.on(),
            Self::Extend { on, .. }
            | Self::Tell { on, .. }
            | Self::Execute { on, .. }
            | Self::Withdraw { on, .. } => *on,
        }
    }

    /// What is wrong with the input itself, whatever the state of the request.
    pub fn faults(&self, stamp: &Stamp) -> Vec<Fault> {
        let mut faults = Faults::default();
        let on = self.on();
        let at = if matches!(self, Self::Receive(_)) { "received" } else { "on" };
        faults.check(at, on > stamp.today, Why::Future(on));
        match self {
            Self::Receive(it) => {
                faults.check("received", on < FIRST_DAY, Why::BeforeTheRegister);
                let spoken = it.kind == Kind::Destruction && !it.in_writing;
                faults.check("in_writing", spoken, Why::NotInWriting);
                // What is added, and what is corrected, is added to and corrected in one file.
                let nowhere = it.kind == Kind::Statement && it.case.is_none();
                faults.check("case", nowhere, Why::NoFile);
            }
            Self::Decide(it) => it.faults(&mut faults),
            Self::Extend { .. }
            | Self::Tell { .. }
            | Self::Execute { .. }
            | Self::Withdraw { .. }
            | Self::Copy(_) => {}
        }
        faults.list()
    }
}

impl Decider for Request {
    const STREAM: &'static str = "request";
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
        let event = match (&self.content, command) {
            (None, Command::Receive(content)) => Event::Received(content),
            (
                None,
                Command::Extend { .. }
                | Command::Decide(_)
                | Command::Tell { .. }
                | Command::Execute { .. }
                | Command::Withdraw { .. }
                | Command::Copy(_),
            ) => return Err(Refusal::NoSuchRequest),
            (Some(_), Command::Receive(_)) => return Err(Refusal::ReceivedBefore),
            (Some(_), _) if self.withdrawn_on.is_some() => return Err(Refusal::WithdrawnBefore),
            (Some(it), Command::Extend { on, reason }) => self.extend(it, on, reason)?,
            (Some(it), Command::Decide(decision)) => self.decide_on(it, decision)?,
            (Some(_), Command::Tell { on, way }) => self.tell(on, way)?,
            (Some(_), Command::Execute { on, files }) => self.execute(on, files)?,
            (Some(it), Command::Withdraw { on, reason }) => self.withdraw(it, on, reason)?,
            (Some(it), Command::Copy(command)) => self.copy_of(it, command)?,
        };
        Ok(vec![event])
    }

    fn evolve(mut self, event: &Event) -> Self {
        match event {
            Event::Received(content) => self.content = Some(content.clone()),
            Event::Extended { on, .. } => self.extended_on = Some(*on),
            Event::Decided(decision) => self.decision = Some(decision.clone()),
            Event::Told { on, .. } => self.told_on = Some(*on),
            Event::Executed { on, .. } => self.executed_on = Some(*on),
            Event::Withdrawn { on, .. } => self.withdrawn_on = Some(*on),
            Event::Copy(event) => self.copy = copy::Copy::evolve(self.copy.take(), event),
        }
        self
    }
}

impl Request {
    fn extend(&self, it: &Content, on: NaiveDate, reason: Code) -> Result<Event, Refusal> {
        not_before(it.on, on)?;
        if self.decision.is_some() {
            return Err(Refusal::DecidedBefore);
        }
        if matches!(it.kind, Kind::Destruction) {
            return Err(Refusal::NotToBeExtended);
        }
        if self.extended_on.is_some() {
            return Err(Refusal::ExtendedBefore);
        }
        if self.due_on().is_some_and(|due| on > due) {
            return Err(Refusal::TermPassed);
        }
        Ok(Event::Extended { on, reason })
    }

    fn decide_on(&self, it: &Content, decision: Decision) -> Result<Event, Refusal> {
        if self.decision.is_some() {
            return Err(Refusal::DecidedBefore);
        }
        if decision.grants() {
            it.asker.may_ask(it.kind).map_err(Refusal::NotEntitled)?;
            let established = decision.identity.as_ref().is_some_and(|it| *it != NOT_ESTABLISHED);
            if !it.is_identified() && !established {
                return Err(Refusal::NotIdentified);
            }
        }
        let mut faults = Faults::default();
        decision.faults_on(it, &mut faults);
        faults.into_result(Refusal::Invalid)?;
        Ok(Event::Decided(decision))
    }

    fn tell(&self, on: NaiveDate, way: Code) -> Result<Event, Refusal> {
        let decision = self.decision.as_ref().ok_or(Refusal::NotDecided)?;
        if self.told_on.is_some() {
            return Err(Refusal::ToldBefore);
        }
        not_before(decision.on, on)?;
        Ok(Event::Told { on, way })
    }

    fn execute(&self, on: NaiveDate, files: Vec<Uuid>) -> Result<Event, Refusal> {
        let decision = self.decision.as_ref().ok_or(Refusal::NotDecided)?;
        if !decision.grants() {
            return Err(Refusal::NothingGranted);
        }
        if self.executed_on.is_some() {
            return Err(Refusal::ExecutedBefore);
        }
        not_before(decision.on, on)?;
        Ok(Event::Executed { on, files })
    }

    fn withdraw(&self, it: &Content, on: NaiveDate, reason: Code) -> Result<Event, Refusal> {
        let refused = self.decision.as_ref().is_some_and(|it| !it.grants());
        if refused || self.executed_on.is_some() {
            return Err(Refusal::Over);
        }
        not_before(self.decision.as_ref().map_or(it.on, |it| it.on), on)?;
        Ok(Event::Withdrawn { on, reason })
    }

    /// Of an inspection that was not refused, as long as nothing was given.
    fn copy_of(&self, it: &Content, command: copy::Command) -> Result<Event, Refusal> {
        if it.kind != Kind::Inspection {
            return Err(copy::Refusal::NoInspection.into());
        }
        if self.decision.as_ref().is_some_and(|it| !it.grants()) {
            return Err(Refusal::NothingGranted);
        }
        if self.executed_on.is_some() {
            return Err(Refusal::ExecutedBefore);
        }
        not_before(it.on, command.on())?;
        copy::decide(self.copy.as_ref(), command).map(Event::Copy)
    }

    /// The last day, by the norm of the day on which it was received: for an answer, and of a destruction for the destruction itself.
    pub fn due_on(&self) -> Option<NaiveDate> {
        let it = self.content.as_ref()?;
        let norm = deadline::norm(it.kind.term(), it.on);
        let norm =
            if self.extended_on.is_some() { norm.extended_by(EXTENSION_IN_MONTHS) } else { norm };
        norm.due(it.on)
    }

    /// Its term: met when whoever asked was told, and what was granted was done. One that was withdrawn has none any more.
    pub fn deadline(&self) -> Option<Deadline> {
        let it = self.content.as_ref().filter(|_| self.withdrawn_on.is_none())?;
        let met_on = match &self.decision {
            None => None,
            Some(decision) if decision.grants() => {
                self.told_on.zip(self.executed_on).map(|(told, executed)| told.max(executed))
            }
            Some(_) => self.told_on,
        };
        let (kind, from, due_on) = (it.kind.term(), it.on, self.due_on());
        Some(Deadline { kind, about: it.person, from, due_on, met_on })
    }
}

impl Kind {
    /// What stands on the worklist.
    pub const fn term(self) -> deadline::Kind {
        match self {
            Self::Inspection => deadline::Kind::RequestInspection,
            Self::Correction => deadline::Kind::RequestCorrection,
            Self::Statement => deadline::Kind::RequestStatement,
            Self::Destruction => deadline::Kind::RequestErasure,
        }
    }
}

fn not_before(earlier: NaiveDate, on: NaiveDate) -> Result<(), Refusal> {
    let mut faults = Faults::default();
    faults.check("on", on < earlier, Why::Before(earlier));
    faults.into_result(Refusal::Invalid)
}

impl From<Event> for crate::Event {
    fn from(event: Event) -> Self {
        Self::Request(event)
    }
}

#[cfg(test)]
mod tests;
