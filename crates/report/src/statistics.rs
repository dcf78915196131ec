//! Statistics for areas: a few declared tables over one area and one period. Never exact: the sum of an
//! area is hidden or rounded as one figure. Two overlapping areas subtracted from each other tell their difference within four, and with
//! enough of them it can be narrowed further: that is why each asker sees only areas that lie wholly within his own.

use crate::definition::{self, Definition};
use crate::disclosure::Profile;
use crate::fact::{self, Counted, Month};
use crate::period::Period;
use crate::table::{self, Table};
use crate::tally;
use crate::trend::{Report, Scope, Standing};
use chrono::{DateTime, Utc};
use domain::area::{Area, Boundaries, Extent};
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
    /// Which municipalities are counted in each month of the period.
    pub extent: &'q Extent,
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
    let extent = question.extent;
    let here: Vec<Counted> = counts.iter().filter_map(|it| inside(it, extent)).collect();
    let column = |month| period.contains(month).then_some(0);
    let only = std::iter::once(definition);
    let tallies = tally::count(only, here.iter(), extent.boundaries, 1, column);
    let regions = published_as(extent);
    let show = |tally| Table {
        boundaries: Some(extent.boundaries),
        ..table::show(tally, &[period], 0, profile, &regions)
    };
    Ok(Report {
        scope: Scope::Area(period, extent.clone()),
        as_known_at: question.as_known_at,
        standing: question.standing.to_vec(),
        profile,
        boundaries: extent.boundaries,
        tables: tallies.iter().map(show).collect(),
    })
}

/// A fact in the months in which its municipality lay in the area. Nothing else is left of what happened elsewhere, so that disclosure
/// works on the sum.
fn inside(it: &Counted, extent: &Extent) -> Option<Counted> {
    let place = definition::municipality(&it.fact)?;
    let lay = |month: Month| fact::first_day(month).is_some_and(|day| extent.holds(place, day));
    let months: Vec<_> = it.months.iter().copied().filter(|(month, _)| lay(*month)).collect();
    (!months.is_empty()).then(|| Counted { fact: it.fact.clone(), months })
}

/// Under what code others publish figures of an area. They count in the boundaries of then.
fn published_as(extent: &Extent) -> Vec<String> {
    match (&extent.area, extent.boundaries) {
        (Area::Municipality(code), Boundaries::OfTheDate) => vec![format!("GM{code}")],
        (Area::Region(code), Boundaries::OfTheDate) => vec![code.clone()],
        (Area::Centre(_), _) | (_, Boundaries::On(_)) => vec![],
    }
}

#[cfg(test)]
mod tests;
