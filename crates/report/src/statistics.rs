//! Statistics for municipalities: a few declared tables over one area and one period. Never exact: whoever asks for two
//! overlapping areas may not subtract a person out of them.

use crate::definition::{self, Definition};
use crate::disclosure::Profile;
use crate::fact::Counted;
use crate::period::Period;
use crate::table;
use crate::tally;
use crate::trend::{Report, Scope, Standing};
use chrono::{DateTime, Utc};
use serde::Serialize;
use thiserror::Error;

/// The declared tables. Each counts facts that say in which municipality they play.
const DECLARED: [&str; 7] = [
    "adviezen",
    "adviezen-naar-vorm",
    "adviezen-naar-maand",
    "meldingen",
    "meldingen-naar-vorm",
    "meldingen-naar-maand",
    "meldingen-naar-eerdere-betrokkenheid",
];
const PERIODS: [&str; 3] = ["JJJJ", "JJJJH1", "JJJJ-MM"];

/// A table that may be asked for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Declared {
    pub id: &'static str,
    #[serde(rename = "titel")]
    pub title: &'static str,
    #[serde(rename = "teleenheid")]
    pub unit: &'static str,
    #[serde(rename = "definitie")]
    pub version: &'static str,
    #[serde(rename = "toelichting")]
    pub note: &'static str,
    /// How a period is written.
    #[serde(rename = "periodes")]
    pub periods: [&'static str; 3],
}

/// What is asked.
#[derive(Clone, Debug)]
pub struct Question<'q> {
    pub table: &'q str,
    pub period: Period,
    /// The four-digit code of a municipality.
    pub area: &'q str,
    pub as_known_at: DateTime<Utc>,
    pub standing: &'q [Standing],
    /// The lowest count that is shown, rounded ([`Profile::ROUNDED`] has the usual one).
    pub threshold: i64,
}

/// There is no such table.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("'{0}' is geen tabel van de statistieken")]
pub struct NoSuchTable(String);

/// The tables that may be asked for.
pub fn tables() -> Vec<Declared> {
    let found = DECLARED.iter().filter_map(|id| definition::find(id));
    found
        .map(|it| Declared {
            id: it.id,
            title: it.title,
            unit: it.unit,
            version: it.version,
            note: it.note,
            periods: PERIODS,
        })
        .collect()
}

fn declared(id: &str) -> Result<&'static Definition, NoSuchTable> {
    let known = DECLARED.contains(&id).then(|| definition::find(id)).flatten();
    known.ok_or_else(|| NoSuchTable(id.to_owned()))
}

/// One table of one area in one period, over counts of that period (others are left out).
pub fn table(counts: &[Counted], question: &Question) -> Result<Report, NoSuchTable> {
    let definition = declared(question.table)?;
    let period = question.period;
    let profile = Profile::Rounded { threshold: question.threshold };
    let here = counts.iter().filter(|it| definition::municipality(&it.fact) == Some(question.area));
    let column = |month| period.contains(month).then_some(0);
    let tallies = tally::count(std::iter::once(definition), here, 1, column);
    let regions = [format!("GM{}", question.area)];
    let show = |tally| table::show(tally, &[period], 0, profile, &regions);
    Ok(Report {
        scope: Scope::Area(period, question.area.to_owned()),
        as_known_at: question.as_known_at,
        standing: question.standing.to_vec(),
        profile,
        tables: tallies.iter().map(show).collect(),
    })
}

#[cfg(test)]
mod tests;
