//! `meldboek bench`: how fast is the register here, beside what this machine and PostgreSQL can do at all?
//!
//! Every figure stands beside its limit, measured in the same run: a bare `pgbench` insert for writing, `COPY … TO` for reading,
//! an empty handler for HTTP. Absolute figures move with the machine, so the ratios count. All of it happens in databases of its own,
//! made on the server of DATABASE_URL and dropped at the end. Run a release build, on a cluster that flushes to disk
//! (`deploy/README.md`, "Benchmark").

mod acts;
mod append;
mod client;
mod dossier;
mod figures;
mod finding;
mod ground;
mod keys;
mod sealing;
mod limit;
mod looking;
mod reading;
mod serving;
mod table;

use crate::bench::ground::Ground;
use crate::bench::table::Table;
use crate::cli::Trouble;
use clap::{Args, ValueEnum};
use tokio::signal::unix::{SignalKind, signal};

/// What is measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Part {
    /// Vastleggen, met 1, 8 en 32 schrijvers
    Append,
    /// Het logboek op volgorde lezen
    Lezen,
    /// Het logboek controleren
    Controleren,
    /// De leesmodellen opnieuw vertellen
    Opbouwen,
    /// De trendrapportage
    Rapport,
    /// De werklijst met 100.000 meldingen
    Werklijst,
    /// Een casus met 500 gebeurtenissen openen
    Dossier,
    /// Personen terugvinden, met fouten in de vraag
    Zoeken,
    /// Wat verzegelen kost bij een intake
    Verzegelen,
    /// De sleutel boven alle sleutels vervangen terwijl er wordt vastgelegd
    Sleutels,
    /// Wat het vastleggen van raadplegingen kost bij een intake
    Inzage,
    /// De server: starten, vastleggen onder belasting, geheugen
    Http,
}

#[derive(Debug, Args)]
pub(crate) struct Bench {
    /// De databaseserver; een login die databases en rollen mag maken
    #[arg(long, env = "DATABASE_URL", hide_env_values = true)]
    database_url: String,
    /// Welke delen; weggelaten alle
    #[arg(long = "deel", value_delimiter = ',')]
    parts: Vec<Part>,
    /// Hoeveel contacten er ongeveer in de database staan bij lezen en rapporteren
    #[arg(long = "contacten", default_value_t = 250_000)]
    contacts: u64,
    /// In hoeveel personen gezocht wordt; van hoeveel hoogstens 100.000 de sleutels worden vervangen
    #[arg(long = "personen", default_value_t = 1_000_000)]
    persons: usize,
    /// Hoe vaak er gezocht wordt
    #[arg(long = "vragen", default_value_t = 1_000)]
    questions: usize,
    /// Hoeveel seconden elke meting van snelheid duurt; elke wordt drie keer gedaan
    #[arg(long = "seconden", default_value_t = 1)]
    seconds: u64,
    /// Schrijft de uitkomst als JSON
    #[arg(long = "json")]
    json: bool,
}

impl Bench {
    pub(crate) async fn run(self) -> Result<(), Trouble> {
        let desk = Ground::make(&self.database_url, "werk").await?;
        let country = match Ground::make(&self.database_url, "land").await {
            Ok(country) => country,
            Err(why) => {
                desk.clear().await?;
                return Err(why);
            }
        };
        let measured = tokio::select! {
            measured = self.measure(&desk, &country) => measured,
            () = told_to_stop() => Err(Trouble::Plain("afgebroken".to_owned())),
        };
        desk.clear().await?;
        country.clear().await?;
        let table = measured?;
        println!("{}", if self.json { table.json() } else { table.text() });
        Ok(())
    }

    /// What is written goes to one ground; what is read, counted and told again is a country, with what a country holds and nothing else.
    async fn measure(&self, desk: &Ground, country: &Ground) -> Result<Table, Trouble> {
        let mut table = Table::default();
        let mut small = None;
        if self.wants(Part::Append) {
            small = Some(append::measure(desk, self.seconds, &mut table).await?);
        }
        let history = [Part::Append, Part::Lezen, Part::Controleren, Part::Opbouwen, Part::Rapport];
        if history.into_iter().any(|it| self.wants(it)) {
            figures::fill(country, self.contacts, &mut table).await?;
        }
        if self.wants(Part::Rapport) {
            figures::report(country, &mut table).await?;
        }
        if self.wants(Part::Lezen) {
            reading::catch_up(country, &mut table).await?;
        }
        if self.wants(Part::Controleren) {
            reading::verify(country, &mut table).await?;
        }
        if self.wants(Part::Opbouwen) {
            reading::rebuild(country, &mut table).await?;
        }
        if let Some(small) = small {
            append::again(country, self.seconds, small, &mut table).await?;
        }
        if self.wants(Part::Werklijst) {
            serving::worklist(desk, &mut table).await?;
        }
        if self.wants(Part::Dossier) {
            dossier::open(desk, &mut table).await?;
        }
        if self.wants(Part::Http) {
            serving::intake(desk, self.seconds, &mut table).await?;
        }
        if self.wants(Part::Verzegelen) {
            sealing::measure(&self.database_url, self.seconds, &mut table).await?;
        }
        if self.wants(Part::Sleutels) {
            keys::measure(&self.database_url, self.persons, self.seconds, &mut table).await?;
        }
        if self.wants(Part::Inzage) {
            looking::measure(desk, self.seconds, &mut table).await?;
        }
        if self.wants(Part::Zoeken) {
            finding::measure(country, self.persons, self.questions, &mut table).await?;
        }
        Ok(table)
    }

    fn wants(&self, part: Part) -> bool {
        self.parts.is_empty() || self.parts.contains(&part)
    }
}

/// Whoever ends a benchmark early leaves no database behind either.
async fn told_to_stop() {
    let Ok(mut terminate) = signal(SignalKind::terminate()) else {
        return std::future::pending().await;
    };
    tokio::select! {
        _ = terminate.recv() => {}
        _ = tokio::signal::ctrl_c() => {}
    }
}

/// The middle of some measurements.
fn median(mut of: Vec<f64>) -> f64 {
    of.sort_by(f64::total_cmp);
    of.get(of.len() / 2).copied().unwrap_or_default()
}

/// The value below which a share of the measurements lies.
fn share(of: &mut [f64], share: f64) -> f64 {
    of.sort_by(f64::total_cmp);
    let nth = (of.len() as f64 * share) as usize;
    of.get(nth.min(of.len().saturating_sub(1))).copied().unwrap_or_default()
}
