//! The command line: serve, migrate, simulate, report, rebuild, verify, uitvoeren, vernietig,
//! bewaartermijn, sleutels, ondertekensleutel, gebieden, token,
//! schemas. Texts are Dutch: an administrator reads them.

mod areas;
mod erase;
mod figures;
mod keys;
mod log;
mod retention;
mod looks;
mod serve;
mod signing;
mod export;
mod verify;

use crate::config::{BadSettings, Browsers, Edges, Heads, Register, Serving, Tokens};
use crate::worker::demo_token;
use chrono::NaiveDate;
use clap::{Parser, Subcommand};
use domain::access::Role;
use domain::id::Organisation;
use std::process::ExitCode;
use store::Failed;
use thiserror::Error;

/// Meldboek: het register van Veilig Thuis
#[derive(Debug, Parser)]
#[command(name = "meldboek", version, propagate_version = true, disable_help_subcommand = true)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Start de server
    Serve {
        #[command(flatten)]
        register: Box<Register>,
        #[command(flatten)]
        tokens: Box<Tokens>,
        #[command(flatten)]
        serving: Box<Serving>,
        #[command(flatten)]
        browsers: Box<Browsers>,
        #[command(flatten)]
        edges: Box<Edges>,
        #[command(flatten)]
        heads: Box<Heads>,
    },
    /// Brengt het schema van de database op orde
    Migrate {
        /// De database; een login die tabellen en rollen mag maken
        #[arg(long, env = "DATABASE_URL", hide_env_values = true)]
        database_url: String,
        /// De sleuteldatabase; ze wordt gemaakt als ze er niet is
        #[arg(long = "sleuteldatabase", env = "MELDBOEK_SLEUTELDATABASE", hide_env_values = true)]
        key_database: String,
    },
    /// Schrijft een verzonnen of gepubliceerd jaar, met dezelfde opdrachten als de API
    Simulate(figures::Simulate),
    /// Toont de trendrapportage
    Report(figures::Report),
    /// Vertelt de leesmodellen opnieuw uit het logboek, naast de levende
    Rebuild(log::Rebuild),
    /// Controleert of het logboek is wat het was, en zegt waar niet
    Verify(verify::Verify),
    /// Schrijft een logboek of zijn standen voor wie ze zelf wil controleren: geen gegevens van personen
    #[command(name = "uitvoeren")]
    Export(export::Export),
    /// Voltooit vernietigingen die zijn opgedragen, en draagt er zo nodig een op
    #[command(name = "vernietig")]
    Erase(erase::Erase),
    /// Toont wat zijn bewaartermijn voorbij is en wat langer blijft, en vernietigt op verzoek wat om is
    #[command(name = "bewaartermijn")]
    Retention(Box<retention::Retention>),
    /// Toont met welke sleutels anderen ondertekende standen controleren, of maakt een ondertekensleutel
    #[command(name = "ondertekensleutel")]
    SigningKey(signing::SigningKey),
    /// Raadplegingen in de vorm die anderen vragen
    #[command(name = "inzagen", subcommand)]
    Looks(Box<looks::Looks>),
    /// Beheert de sleutels: vervangen, en een hoofdsleutel in een beveiligingsmodule
    #[command(name = "sleutels")]
    Keys(keys::Keys),
    /// Meet hoe snel het register hier is, naast wat deze machine kan; in een database van zichzelf
    Bench(crate::bench::Bench),
    /// Controleert gemeenten, regio's en centrumgebieden, en wat u aanvult
    #[command(name = "gebieden")]
    Areas(areas::Check),
    /// Maakt een token met de sleutel van de demo
    Token {
        #[command(flatten)]
        tokens: Tokens,
        /// Alleen in de demo
        #[arg(long = "demo", env = "MELDBOEK_DEMO")]
        demo: bool,
        #[arg(long = "rol")]
        role: Role,
        #[arg(long = "organisatie")]
        organisation: Organisation,
        /// Gemeentecodes waarvan een analist cijfers mag zien
        #[arg(long = "gebied")]
        areas: Vec<String>,
        /// Hoeveel uur het geldt
        #[arg(long = "uren", default_value_t = 24 * 30)]
        hours: i64,
    },
    /// Vergelijkt de gepubliceerde schema's van gebeurtenissen en interface met de code
    Schemas {
        /// Schrijft ze in plaats van te vergelijken
        #[arg(long = "schrijf")]
        write: bool,
        /// De map
        #[arg(long = "map", default_value = "schemas")]
        folder: std::path::PathBuf,
    },
}

/// What stops a command, in words for whoever gave it.
#[derive(Debug, Error)]
pub enum Trouble {
    #[error(transparent)]
    Settings(#[from] BadSettings),
    #[error("de database werkt niet mee: {}", causes(.0))]
    Store(#[from] Failed),
    #[error("{0}")]
    Simulation(#[from] crate::simulate::SimulateError),
    #[error("{0}: {1}")]
    File(String, std::io::Error),
    #[error("{0}")]
    Plain(String),
}

fn causes(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(next) = cause {
        let more = next.to_string();
        if !text.contains(&more) {
            text = format!("{text}: {more}");
        }
        cause = next.source();
    }
    text
}

/// Runs the command line.
pub async fn run() -> ExitCode {
    if let Err(error) = crate::dumps::forbid() {
        eprintln!("meldboek: dumps van het geheugen zijn niet te verbieden: {error}");
        return ExitCode::FAILURE;
    }
    let outcome = match Cli::parse().command {
        Command::Serve { register, tokens, serving, browsers, edges, heads } => {
            serve::serve(&register, &tokens, &serving, &browsers, &edges, &heads).await
        }
        Command::Migrate { database_url, key_database } => {
            log::migrate(&database_url, &key_database).await
        }
        Command::Simulate(it) => it.run().await,
        Command::Report(it) => it.run().await,
        Command::Rebuild(it) => it.run().await,
        Command::Looks(it) => it.run().await,
        Command::Verify(it) => it.run().await,
        Command::Erase(it) => it.run().await,
        Command::Retention(it) => it.run().await,
        Command::Export(it) => it.run().await,
        Command::SigningKey(it) => it.run(),
        Command::Keys(it) => it.run().await,
        Command::Bench(it) => it.run().await,
        Command::Areas(it) => it.run(),
        Command::Token { tokens, demo, role, organisation, areas, hours } => {
            token(&tokens, demo, role, organisation, areas, hours)
        }
        Command::Schemas { write, folder } => crate::openapi::publish(&folder, write),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(trouble) => {
            eprintln!("meldboek: {trouble}");
            ExitCode::FAILURE
        }
    }
}

fn token(
    tokens: &Tokens,
    demo: bool,
    role: Role,
    organisation: Organisation,
    areas: Vec<String>,
    hours: i64,
) -> Result<(), Trouble> {
    if !demo {
        let why = "de ingebouwde sleutel is alleen voor de demo: zet MELDBOEK_DEMO=true";
        return Err(Trouble::Plain(why.to_owned()));
    }
    let now = crate::clock::Clock::Running.now();
    let expires = now + chrono::Duration::hours(hours);
    let (issuer, audience) = (&tokens.issuer, &tokens.audience);
    let token = demo_token(role, organisation, areas, issuer, audience, now, expires);
    println!("{token}");
    Ok(())
}

/// A day on the command line.
fn day(text: &str) -> Result<NaiveDate, &'static str> {
    crate::body::date(text).ok_or("geen bestaande datum; verwacht JJJJ-MM-DD")
}
