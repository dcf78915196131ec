//! `simulate` and `report`: fictional years in, figures out.

use super::Trouble;
use super::log::progress;
use crate::api::reports::{Format, boundaries, trend_report};
use crate::body::instant;
use crate::clock::{Clock, start_of};
use crate::config::Register;
use crate::simulate::{self, Plan};
use chrono::{DateTime, Datelike, NaiveDate, Utc};
use clap::Args;
use domain::id::Organisation;
use report::disclosure::Profile;
use std::io::Write;
use std::ops::RangeInclusive;
use store::RecordedBy;

#[derive(Debug, Args)]
#[command(group = clap::ArgGroup::new("wat").required(true).args(["published", "years"]))]
pub(super) struct Simulate {
    #[command(flatten)]
    register: Register,
    /// Een jaar waarvan de gepubliceerde cijfers precies uitkomen
    #[arg(long = "gepubliceerd", requires = "region")]
    published: Option<i32>,
    /// De regio bij --gepubliceerd, zoals Drenthe of Nederland
    #[arg(long = "regio", requires = "published")]
    region: Option<String>,
    /// Jaren van een verzonnen land, zoals 2019-2025
    #[arg(long = "jaren", value_parser = years)]
    years: Option<RangeInclusive<i32>>,
    /// Welk deel van de landelijke aantallen
    #[arg(long = "schaal", default_value_t = 0.1)]
    scale: f64,
    /// Hetzelfde getal geeft hetzelfde land
    #[arg(long = "seed", default_value_t = 42)]
    seed: u64,
    /// Alleen deze organisatie
    #[arg(long = "organisatie")]
    only: Option<Organisation>,
    /// Zonder deze organisatie
    #[arg(long = "behalve")]
    except: Option<Organisation>,
}

impl Simulate {
    pub(super) async fn run(self) -> Result<(), Trouble> {
        let plan = match (self.published, self.region, self.years) {
            (Some(year), Some(region), _) => Plan::Published { year, region },
            (_, _, Some(years)) => Plan::Country {
                years,
                scale: self.scale,
                seed: self.seed,
                only: self.only,
                except: self.except,
            },
            _ => {
                return Err(Trouble::Plain(
                    "kies --gepubliceerd met --regio, of --jaren".to_owned(),
                ));
            }
        };
        let store = self.register.open(RecordedBy::Stamp).await?;
        let bar = progress(None, "gebeurtenissen");
        let summary = simulate::run(&store, plan, Clock::Running.now(), &bar).await?;
        bar.finish_and_clear();
        println!("{summary}");
        for organisation in store.organisations().await? {
            store.catch_up(organisation).await?;
        }
        Ok(())
    }
}

#[derive(Debug, Args)]
pub(super) struct Report {
    #[command(flatten)]
    register: Register,
    #[arg(long = "jaar")]
    year: i32,
    /// De organisatie; weggelaten is het hele land
    #[arg(long = "organisatie")]
    organisation: Option<Organisation>,
    /// De stand zoals toen bekend: tijdstip of datum
    #[arg(long = "zoals-bekend-op", value_parser = known_at)]
    as_known_at: Option<DateTime<Utc>>,
    /// intern of afgerond5
    #[arg(long = "profiel", default_value = "afgerond5")]
    profile: Profile,
    /// De gemeenten van de dag waarop het gebeurde (datum) of van nu, of van --zoals-bekend-op (heden)
    #[arg(long = "grenzen", default_value = "datum")]
    boundaries: String,
    /// json, csv, csv-excel, html of tekst
    #[arg(long = "formaat", default_value = "tekst", value_parser = format)]
    format: Format,
}

impl Report {
    pub(super) async fn run(self) -> Result<(), Trouble> {
        let now = Clock::Running.now();
        if !(2015..=now.year()).contains(&self.year) {
            let why = format!("kies een jaar van 2015 tot en met {}", now.year());
            return Err(Trouble::Plain(why));
        }
        let at = self.as_known_at.unwrap_or(now);
        let boundaries = boundaries(&self.boundaries, at)
            .map_err(|why| Trouble::Plain(format!("--grenzen: {why}")))?;
        let store = self.register.open(RecordedBy::Database).await?;
        let (organisation, profile) = (self.organisation, self.profile);
        let report =
            trend_report(&store, None, self.year, organisation, at, profile, boundaries).await?;
        let text = self.format.write(&report);
        let out = |error| Trouble::File("uitvoer".to_owned(), error);
        std::io::stdout().write_all(text.as_bytes()).map_err(out)?;
        store.stop();
        Ok(())
    }
}

fn years(text: &str) -> Result<RangeInclusive<i32>, String> {
    let (from, to) = text.split_once('-').unwrap_or((text, text));
    let range = from.parse().ok().zip(to.parse().ok()).map(|(from, to): (i32, i32)| from..=to);
    let range = range.filter(|it| !it.is_empty() && *it.start() >= 2015);
    range.ok_or_else(|| "verwacht jaren vanaf 2015, zoals 2019-2025".to_owned())
}

fn known_at(text: &str) -> Result<DateTime<Utc>, String> {
    let date = text.parse::<NaiveDate>().ok().map(start_of);
    date.or_else(|| instant(text))
        .ok_or_else(|| "verwacht bijvoorbeeld 2024-03-01T00:00:00Z".to_owned())
}

fn format(text: &str) -> Result<Format, String> {
    Format::of(text).ok_or_else(|| "kies uit: json, csv, csv-excel, html, tekst".to_owned())
}
