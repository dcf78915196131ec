//! The yearly trend report: all tables of one organisation or of the whole country, five years beside each other, as known on a date.

use crate::boundaries;
use crate::definition;
use crate::disclosure::Profile;
use crate::fact::{Counted, Month};
use crate::period::Period;
use crate::table::{self, Table};
use crate::tally;
use chrono::{DateTime, Utc};
use domain::area::{Area, Boundaries, Extent, Municipality};
use domain::id::Organisation;
use serde::Serialize;
use serde::ser::{SerializeMap, Serializer};

/// How many years stand beside each other.
pub const YEARS: i32 = 5;
/// The whole country, as CBS codes it.
const COUNTRY: &str = "NL";

/// What is asked.
#[derive(Clone, Debug)]
pub struct Question {
    pub year: i32,
    /// None is the whole country.
    pub organisation: Option<Organisation>,
    pub as_known_at: DateTime<Utc>,
    pub standing: Vec<Standing>,
    pub profile: Profile,
    pub boundaries: Boundaries,
}

/// How far the log of an organisation had come when it was counted; who holds the log can check the figures against it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Standing {
    #[serde(rename = "organisatie")]
    pub organisation: Organisation,
    #[serde(rename = "positie")]
    pub position: i64,
    #[serde(rename = "keten")]
    pub chain: String,
    #[serde(rename = "ondertekend", skip_serializing_if = "Option::is_none")]
    pub signed: Option<SignedHead>,
}

/// The first signed head that covers a position: who kept it can check that the log is still the one that was counted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SignedHead {
    #[serde(rename = "oorsprong")]
    pub origin: String,
    #[serde(rename = "grootte")]
    pub size: u64,
    #[serde(rename = "wortel")]
    pub root: String,
}

/// Tables, with what they are about and how they were made.
#[derive(Clone, Debug)]
pub struct Report {
    pub scope: Scope,
    pub as_known_at: DateTime<Utc>,
    pub standing: Vec<Standing>,
    pub profile: Profile,
    pub boundaries: Boundaries,
    pub tables: Vec<Table>,
}

/// About when and where figures are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Scope {
    Organisation(i32, Organisation),
    Country(i32),
    /// Some municipalities.
    Area(Period, Extent),
}

impl Report {
    pub fn table(&self, id: &str) -> Option<&Table> {
        self.tables.iter().find(|it| it.definition.id == id)
    }
}

/// The first month that a report of a year looks at, and the last.
pub fn months(year: i32) -> (Month, Month) {
    ((year - YEARS + 1) * 100 + 1, year * 100 + 12)
}

/// The report over counts of the five years up to and including the year that is asked.
pub fn report(counts: &[Counted], question: &Question) -> Report {
    let first = question.year - YEARS + 1;
    let column = |month: Month| {
        let nth = usize::try_from(month / 100 - first).ok();
        nth.filter(|nth| *nth < YEARS as usize)
    };
    let columns: Vec<Period> = (first..=question.year).map(Period::Year).collect();
    let tallies =
        tally::count(definition::all(), counts.iter(), question.boundaries, columns.len(), column);
    let own = question.organisation.map(|it| it.to_string());
    let regions: Vec<String> = own.into_iter().chain([COUNTRY.to_owned()]).collect();
    let begun =
        begun(counts).map_or(columns.len() - 1, |year| usize::try_from(year - first).unwrap_or(0));
    let show = |tally| table::show(tally, &columns, begun, question.profile, &regions);
    Report {
        scope: match question.organisation {
            Some(organisation) => Scope::Organisation(question.year, organisation),
            None => Scope::Country(question.year),
        },
        as_known_at: question.as_known_at,
        standing: question.standing.clone(),
        profile: question.profile,
        boundaries: question.boundaries,
        tables: tallies.iter().map(show).collect(),
    }
}

/// The first year of which the register knows anything.
fn begun(counts: &[Counted]) -> Option<i32> {
    let months = counts.iter().flat_map(|it| &it.months);
    months.filter(|(_, count)| *count > 0).map(|(month, _)| month / 100).min()
}

#[derive(Serialize)]
struct OwnStanding<'s> {
    #[serde(rename = "positie")]
    position: i64,
    #[serde(rename = "keten")]
    chain: &'s str,
    #[serde(rename = "ondertekend", skip_serializing_if = "Option::is_none")]
    signed: Option<&'s SignedHead>,
}

#[derive(Serialize)]
struct Named {
    code: &'static str,
    #[serde(rename = "naam")]
    name: &'static str,
}

impl Serialize for Report {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let mut out = to.serialize_map(None)?;
        match &self.scope {
            Scope::Organisation(year, organisation) => {
                out.serialize_entry("jaar", year)?;
                out.serialize_entry("organisatie", organisation)?;
            }
            Scope::Country(year) => {
                out.serialize_entry("jaar", year)?;
                out.serialize_entry("organisatie", "landelijk")?;
            }
            Scope::Area(period, extent) => {
                out.serialize_entry("periode", &period.to_string())?;
                let code = extent.area.code();
                match extent.area {
                    Area::Municipality(_) => out.serialize_entry("gebied", code)?,
                    Area::Region(_) => out.serialize_entry("regio", code)?,
                    Area::Centre(_) => {
                        out.serialize_entry("centrum", code)?;
                        out.serialize_entry("volledig", &extent.complete)?;
                    }
                }
                let named = |it: &'static Municipality| Named { code: &it.code, name: &it.name };
                let all: Vec<Named> = extent.municipalities().into_iter().map(named).collect();
                out.serialize_entry("gemeenten", &all)?;
            }
        }
        out.serialize_entry("zoalsBekendOp", &self.as_known_at)?;
        match (&self.scope, self.standing.as_slice()) {
            (Scope::Organisation(..), [own, ..]) => {
                let signed = own.signed.as_ref();
                let own = OwnStanding { position: own.position, chain: &own.chain, signed };
                out.serialize_entry("stand", &own)?;
            }
            (Scope::Organisation(..), []) => {
                out.serialize_entry(
                    "stand",
                    &OwnStanding { position: 0, chain: "", signed: None },
                )?;
            }
            (Scope::Country(_) | Scope::Area(..), all) => out.serialize_entry("standen", all)?,
        }
        out.serialize_entry("profiel", &self.profile)?;
        out.serialize_entry("grenzen", boundaries::name(self.boundaries))?;
        if let Boundaries::On(day) = self.boundaries {
            out.serialize_entry("grenzenOp", &day)?;
        }
        out.serialize_entry("tabellen", &self.tables)?;
        out.end()
    }
}

#[cfg(test)]
mod tests;
