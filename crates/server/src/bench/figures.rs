//! A country with as many contacts as is asked, and how long its trend report takes: now, and as known in the past.

use super::ground::Ground;
use super::median;
use super::table::{Bar, Line, Table, grouped};
use crate::api::reports::trend_report;
use crate::cli::Trouble;
use crate::clock::{Clock, start_of};
use crate::simulate::{self, Plan};
use chrono::{DateTime, NaiveDate, Utc};
use domain::area::Boundaries;
use domain::id::Organisation;
use indicatif::ProgressBar;
use report::disclosure::Profile;
use std::ops::RangeInclusive;
use std::time::Instant;
use store::RecordedBy;

/// Five years, as the report shows beside each other.
const YEARS: RangeInclusive<i32> = 2021..=2025;
/// How many contacts the simulation makes of these years at scale 1, roughly.
const AT_FULL_SCALE: f64 = 1_500_000.0;
const ONE: &str = "VT02";
const ROUNDS: usize = 3;

pub(super) async fn fill(ground: &Ground, contacts: u64, table: &mut Table) -> Result<(), Trouble> {
    table.busy(&format!("een land met ongeveer {} contacten", grouped(contacts as f64)));
    let store = ground.store(RecordedBy::Stamp).await?;
    let scale = contacts as f64 / AT_FULL_SCALE;
    let plan = Plan::Country { years: YEARS, scale, seed: 42, only: None, except: None };
    let started = Instant::now();
    let now = Clock::Running.now();
    let made = simulate::run(&store, plan, now, &ProgressBar::hidden()).await?;
    let took = started.elapsed().as_secs_f64();
    let started = Instant::now();
    for organisation in store.organisations().await? {
        store.catch_up(organisation).await?;
    }
    store.stop();
    table.note(format!("Gesimuleerd: {made}."));
    let events = store::bench::events(&ground.url).await? as f64;
    let what = format!("{} opdrachten", grouped(made.commands as f64));
    table.add(Line::rate("simuleren", what, made.commands as f64 / took));
    let what = format!("leesmodellen bijwerken, {} gebeurtenissen", grouped(events));
    table.add(Line::rate("simuleren", what, events / started.elapsed().as_secs_f64()));
    Ok(())
}

pub(super) async fn report(ground: &Ground, table: &mut Table) -> Result<(), Trouble> {
    table.busy("de trendrapportage");
    let store = ground.store(RecordedBy::Database).await?;
    for organisation in store.organisations().await? {
        store.settle(organisation).await?;
    }
    let now = Clock::Running.now();
    let then = Boundaries::OfTheDate;
    let one: Option<Organisation> = ONE.parse().ok();
    for (who, organisation, bar) in [("een organisatie", one, 0.3), ("het hele land", None, 3.0)] {
        for (when, at) in [("nu", now), ("zoals bekend op 1 maart 2024", past())] {
            let mut seconds = vec![];
            for _ in 0..ROUNDS {
                let started = Instant::now();
                let year = *YEARS.end();
                trend_report(&store, None, year, organisation, at, Profile::ROUNDED, then).await?;
                seconds.push(started.elapsed().as_secs_f64());
            }
            let line =
                Line::new("trendrapportage", format!("{who}, {when}"), median(seconds), " s");
            table.add(line.judged(Bar::AtMost { floor: bar }));
        }
    }
    store.stop();
    Ok(())
}

fn past() -> DateTime<Utc> {
    start_of(NaiveDate::from_ymd_opt(2024, 3, 1).expect("a date"))
}
