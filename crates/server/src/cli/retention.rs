//! `bewaartermijn`: what is past its term of retention, and what is kept longer and why; and, when asked, the destruction of what is over. Says numbers,
//! days, reasons and counts: nothing that is sealed, and nothing that follows from it.

mod told;

use super::{Trouble, erase};
use crate::clock::{Clock, dutch_date, start_of};
use crate::config::Register;
use chrono::{DateTime, NaiveDate, Utc};
use clap::Args;
use domain::decider::Stamp;
use domain::erasure::{Erasure, Ground};
use domain::id::{Id, Organisation};
use domain::retention::{self, Judged};
use std::io::Write;
use store::{RecordedBy, Store};
use uuid::Uuid;

#[derive(Debug, Args)]
pub(super) struct Retention {
    #[command(flatten)]
    register: Register,
    /// Van welke organisatie; weglaten is van alle
    #[arg(long = "organisatie")]
    organisation: Option<Organisation>,
    /// Hoeveel jaar gegevens worden bewaard, in plaats van wat schemas/reference/retention.json zegt (niet bevestigd)
    #[arg(long = "jaren", env = "MELDBOEK_BEWAARTERMIJN", value_parser = clap::value_parser!(u32).range(1..=100))]
    years: Option<u32>,
    /// Vanaf welke dag gerekend, om vooruit te kijken; nu als dit ontbreekt
    #[arg(long = "op", conflicts_with = "execute", value_parser = super::day)]
    on: Option<NaiveDate>,
    /// Geeft alles als JSON
    #[arg(long = "json", conflicts_with = "execute")]
    json: bool,
    /// Draagt de vernietiging op en voltooit haar. Zonder dit wordt alleen getoond wat er zou gebeuren
    #[arg(long = "uitvoeren", requires = "by")]
    execute: bool,
    /// Het nummer van de medewerker die dit opdraagt
    #[arg(long = "door")]
    by: Option<Uuid>,
}

/// What was reckoned with, and what came of it.
struct Outcome {
    day: NaiveDate,
    years: u32,
    organisations: Vec<Found>,
}

/// Of one organisation.
struct Found {
    organisation: Organisation,
    /// How many subjects can be read at all.
    subjects: i64,
    judged: Vec<Judged>,
}

impl Retention {
    pub(super) async fn run(self) -> Result<(), Trouble> {
        let now = Clock::Running.now();
        let store = self.register.open(RecordedBy::Database).await?;
        let outcome = self.outcome(&store, now).await?;
        match (self.execute, self.by) {
            (true, Some(by)) => {
                out(&told::table(&outcome))?;
                for found in &outcome.organisations {
                    order(&store, found, by, now).await?;
                }
                erase::complete(&store).await?;
            }
            _ if self.json => out(&format!("{:#}", told::json(&outcome)))?,
            _ => out(&told::table(&outcome))?,
        }
        store.stop();
        Ok(())
    }

    async fn outcome(&self, store: &Store, now: DateTime<Utc>) -> Result<Outcome, Trouble> {
        let day = self.on.unwrap_or_else(|| dutch_date(now));
        let years = self.years.unwrap_or_else(|| retention::years_on(day));
        let all = match self.organisation {
            Some(one) => vec![one],
            None => store.organisations().await?,
        };
        let first_kept = retention::first_kept(day, years);
        let from = (first_kept, start_of(first_kept));
        let mut organisations = Vec::new();
        for organisation in all {
            // What was told last may keep what was told first.
            store.catch_up(organisation).await?;
            let (known, subjects) = store.retained(organisation, day, from).await?;
            let judged = retention::judge(&known, day, years);
            organisations.push(Found { organisation, subjects, judged });
        }
        Ok(Outcome { day, years, organisations })
    }
}

/// A list may be long, and whoever reads it may stop halfway: that is told, and is no panic.
fn out(text: &str) -> Result<(), Trouble> {
    let failed = |error| Trouble::File("uitvoer".to_owned(), error);
    writeln!(std::io::stdout(), "{text}").map_err(failed)
}

/// Orders what is over, dossier by dossier. The number of an order follows from what it destroys: two who do this at once order it once.
async fn order(store: &Store, it: &Found, by: Uuid, at: DateTime<Utc>) -> Result<(), Trouble> {
    let organisation = it.organisation;
    for judged in it.judged.iter().filter(|it| !it.destroyed.is_empty()) {
        let what: Vec<u8> = judged.destroyed.iter().flat_map(|it| *it.as_bytes()).collect();
        let id = Id::<Erasure>::new(Uuid::new_v5(&judged.dossier.1, &what));
        let key = Uuid::new_v5(&id.0, b"opdracht");
        let stamp = Stamp { organisation, by, at, today: dutch_date(at), key };
        let subjects = judged.destroyed.clone();
        let ordered = store.order_erasure(id, subjects, Ground::Retention, &stamp).await;
        ordered.map_err(|why| Trouble::Plain(format!("vernietiging {id}: {why}")))?;
    }
    Ok(())
}
