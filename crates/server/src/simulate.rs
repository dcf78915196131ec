//! Makes a register to look at: a past that never was, written through the same commands as the real one.
//!
//! Two plans. *Published*: a year whose true counts lie on the figures that CBS published, so that the report shows exactly those
//! ([`published`]). *Country*: years of all organisations at a scale, calibrated on what is published ([`country`]). Both become
//! cells ([`cell`]); of a cell it is planned who comes back when ([`course`], [`days`], [`plan`]) and which casussen get a service
//! ([`process`]), what is told when a day comes ([`household`], [`story`]), and what follows from it ([`unfold`], [`talk`]), until the
//! casus closes ([`proceed`], [`services`], [`placing`], [`people`]). Everything goes through `decide`; a refusal is a fault of
//! the simulation. The same plan gives the same events, with the same ids and numbers, so that it can be repeated. Nobody in it exists.

mod area;
mod arrivals;
mod cell;
mod chance;
mod completed;
mod country;
mod course;
mod days;
mod diary;
mod figures;
mod form;
mod household;
mod line;
mod margins;
mod melder;
mod particulars;
mod people;
mod placing;
mod plan;
mod play;
mod proceed;
mod process;
mod published;
mod services;
mod story;
mod talk;
mod unfold;

use self::arrivals::{at, new_year};
use self::cell::Cell;
use self::line::{Act, Step, Streams};
use self::play::Play;
use chrono::{DateTime, Datelike, Months, Utc};
use domain::id::Organisation;
use domain::{advice, case, contact, melding, person};
use indicatif::ProgressBar;
use std::collections::BTreeMap;
use std::fmt;
use std::ops::RangeInclusive;
use store::{Prepared, Store};
use thiserror::Error;
use uuid::Uuid;

/// What is to be simulated.
#[derive(Clone, Debug)]
pub enum Plan {
    /// A year of a region (by name or CBS code) as it was published.
    Published { year: i32, region: String },
    /// Years of the country; `only` or all but `except` of the organisations.
    Country {
        years: RangeInclusive<i32>,
        scale: f64,
        seed: u64,
        only: Option<Organisation>,
        except: Option<Organisation>,
    },
}

/// Why it ended early.
#[derive(Debug, Error)]
pub enum SimulateError {
    #[error("voor {asked} zijn niet genoeg cijfers gepubliceerd; mogelijk zijn: {possible}")]
    NotPublished { asked: String, possible: String },
    #[error("er is niets te simuleren: {0}")]
    Nothing(String),
    #[error("de simulatie vroeg iets dat niet mag, op {at}: {command} ({refusal})")]
    Refused { at: DateTime<Utc>, command: String, refusal: String },
    #[error("de simulatie kon niet worden vastgelegd")]
    Failed(#[from] store::Failed),
}

/// How much of what was recorded.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Summary {
    pub organisations: u64,
    pub contacts: u64,
    pub advice: u64,
    pub meldingen: u64,
    pub assessments: u64,
    pub withdrawals: u64,
    pub corrections: u64,
    pub cases: u64,
    pub investigations: u64,
    pub conditions: u64,
    pub handovers: u64,
    pub monitored: u64,
    pub informed: u64,
    pub persons: u64,
    pub particulars: u64,
    pub commands: u64,
}

impl fmt::Display for Summary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{} organisaties: {} contacten, {} adviezen, {} meldingen ({} beoordeeld, {} omgezet in een advies), {} casussen \
             ({} onderzoeken, {} diensten voorwaarden en vervolg, {} overdrachten, {} gemonitord), {} personen geinformeerd, \
             {} geregistreerd, {} correcties; {} opdrachten, {} verzegelde gegevens",
            self.organisations,
            self.contacts,
            self.advice,
            self.meldingen,
            self.assessments,
            self.withdrawals,
            self.cases,
            self.investigations,
            self.conditions,
            self.handovers,
            self.monitored,
            self.informed,
            self.persons,
            self.corrections,
            self.commands,
            self.particulars,
        )
    }
}

/// How many commands are appended at once.
const BATCH: usize = 500;
/// Under this name fictional workers, teams and households get their ids.
const FICTIONAL: Uuid = Uuid::from_u128(0x6d65_6c64_626f_656b_7369_6d75_6c61_7469);
/// The seed of published years: they are drawn once and for all.
const PUBLISHED: u64 = 2023;

/// Simulates a plan. Nothing is recorded after `now`.
///
/// # Errors
/// When there are not enough published figures, or none of the organisations; when the domain refuses a command; when the
/// store fails.
pub async fn run(
    store: &Store,
    plan: Plan,
    now: DateTime<Utc>,
    progress: &ProgressBar,
) -> Result<Summary, SimulateError> {
    let script = Script::of(plan, now)?;
    let mut summary = Summary::default();
    for (organisation, years) in &script.cells {
        progress.set_message(organisation.to_string());
        summary.organisations += 1;
        let years = years.values().map(Vec::as_slice);
        let steps = Play::new(*organisation, years, script.seed, script.until, progress);
        record(store, *organisation, steps, &mut summary).await?;
    }
    progress.finish_and_clear();
    Ok(summary)
}

/// What is to happen: per organisation and year its cells, and until when it is recorded.
struct Script {
    cells: BTreeMap<Organisation, BTreeMap<i32, Vec<Cell>>>,
    seed: u64,
    until: DateTime<Utc>,
}

impl Script {
    fn of(plan: Plan, now: DateTime<Utc>) -> Result<Self, SimulateError> {
        let (cells, seed, until) = match plan {
            Plan::Published { year, region } => {
                (published::cells(year, &region)?, PUBLISHED, at(new_year(year + 1), 0))
            }
            Plan::Country { years, scale, seed, only, except } => {
                let until = at(new_year(years.end() + 1) + Months::new(2), 0);
                let first = domain::moment::FIRST_DAY.year();
                let years = (*years.start()).max(first)..=*years.end();
                let wanted = |it: &Cell| {
                    only.is_none_or(|only| it.organisation == only)
                        && except != Some(it.organisation)
                };
                let all = years.flat_map(|year| country::cells(year, scale, seed));
                (all.filter(wanted).collect(), seed, until)
            }
        };
        if cells.is_empty() {
            return Err(SimulateError::Nothing("geen organisatie in deze jaren".to_owned()));
        }
        let mut by: BTreeMap<_, BTreeMap<i32, Vec<Cell>>> = BTreeMap::new();
        for cell in cells {
            by.entry(cell.organisation).or_default().entry(cell.year).or_default().push(cell);
        }
        Ok(Self { cells: by, seed, until: until.min(now) })
    }
}

/// Records what happens in one organisation, so many commands at once.
async fn record(
    store: &Store,
    organisation: Organisation,
    steps: Play<'_>,
    summary: &mut Summary,
) -> Result<(), SimulateError> {
    let by = Uuid::new_v5(&FICTIONAL, organisation.as_str().as_bytes());
    let mut streams = Streams::default();
    let mut batch: Vec<Prepared> = Vec::with_capacity(BATCH);
    for step in steps {
        summary.count(&step);
        let at = step.at;
        let decided = streams.decide(step, organisation, by);
        batch.push(decided.map_err(|line::Refused { command, refusal }| {
            SimulateError::Refused { at, command, refusal }
        })?);
        if batch.len() == BATCH {
            let full = std::mem::replace(&mut batch, Vec::with_capacity(BATCH));
            store.append(organisation, full).await?;
        }
    }
    if !batch.is_empty() {
        store.append(organisation, batch).await?;
    }
    Ok(())
}

impl Summary {
    fn count(&mut self, step: &Step) {
        self.commands += 1;
        self.particulars += step.particulars.len() as u64;
        let counter = match &step.act {
            Act::Contact(contact::Command::Receive { .. }) => &mut self.contacts,
            Act::Advice(advice::Command::Start(_)) => &mut self.advice,
            Act::Melding(melding::Command::Receive(_)) => &mut self.meldingen,
            Act::Melding(melding::Command::Assess { .. }) => &mut self.assessments,
            Act::Melding(melding::Command::Withdraw { .. }) => &mut self.withdrawals,
            Act::Melding(melding::Command::Correct { .. })
            | Act::Advice(advice::Command::Correct { .. }) => &mut self.corrections,
            Act::Case(command) => return self.count_in_case(command),
            Act::Person(person::Command::Register { .. }) => &mut self.persons,
            Act::Contact(contact::Command::Conclude { .. })
            | Act::Melding(melding::Command::Assign { .. })
            | Act::Advice(advice::Command::AddContact { .. } | advice::Command::Close { .. })
            | Act::Person(
                person::Command::Identify { .. }
                | person::Command::CorrectIdentity { .. }
                | person::Command::Merge(_)
                | person::Command::Unmerge(_)
                | person::Command::RecordBirth { .. }
                | person::Command::HideAddress { .. }
                | person::Command::ShowAddress { .. },
            ) => return,
        };
        *counter += 1;
    }

    /// Of the many steps in a casus, those by which one knows how much there is.
    fn count_in_case(&mut self, command: &case::Command) {
        use case::Command::{Conditions, Handover, Informing, Investigation, Monitoring, Open};
        use case::{conditions, handover, informing, investigation, monitoring};
        let counter = match command {
            Open { .. } => &mut self.cases,
            Investigation(investigation::Command::Decide { .. }) => &mut self.investigations,
            Conditions(conditions::Command::Decide { .. }) => &mut self.conditions,
            Handover(handover::Command::Send { .. }) => &mut self.handovers,
            Monitoring(monitoring::Command::Start { .. }) => &mut self.monitored,
            Informing(informing::Command::Inform { .. }) => &mut self.informed,
            _ => return,
        };
        *counter += 1;
    }
}

#[cfg(test)]
mod tests;
