//! What a figure means: the one registry of tables. List, report, statistics and delivery count by these, so that the same
//! word gives the same number everywhere.
//!
//! A definition names what is counted and says, per fact, in which cells it falls. Definitions have versions: figures of old
//! years can be counted again under a new one, because facts are raw.

mod advice;
mod assessment;
mod case;
pub mod category;
mod contact;
mod deadline;
pub mod dimension;
mod involvement;
mod melding;
mod person;
mod placing;
mod quality;
mod service;
mod step;
mod time;
mod watching;
#[cfg(test)]
mod tests;

use crate::fact::Fact;
use chrono::NaiveDate;
use dimension::Dimension;
use serde::Serialize;

/// The code of a total. Totals are cells of their own: never the sum of their parts.
pub const TOTAL: &str = "totaal";

/// The cells in which a fact falls: per dimension its categories, and the cells are all their combinations.
pub type Cells<'a> = Vec<Vec<&'a str>>;

/// What one table counts, and how.
#[derive(Debug)]
pub struct Definition {
    pub id: &'static str,
    /// Says what is counted.
    pub title: &'static str,
    /// The unit of counting: what "one" is.
    pub unit: &'static str,
    pub version: &'static str,
    pub valid_from: NaiveDate,
    pub chapter: Chapter,
    pub dimensions: &'static [&'static Dimension],
    pub note: &'static str,
    /// The facts it looks at.
    pub kinds: &'static [Kind],
    /// The cells of a fact. Several groups of cells only where the table puts several questions to one fact.
    pub classify: for<'a> fn(&'a Fact) -> Vec<Cells<'a>>,
    pub rows: Rows,
    pub share: Option<Share>,
    pub remainder: Option<Remainder>,
    pub published: Option<Published>,
    pub chart: Chart,
}

/// Which combinations of categories get a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rows {
    /// Every category that is valid in the period, so that nothing counted is shown as 0.
    All,
    /// Every part, along the last dimension, of what was ever counted in the period: a share of none is a share too.
    OfCounted,
    /// Only what was ever counted in the period: a cross of dimensions would be mostly empty.
    Counted,
}

/// Of what a cell is a share.
#[derive(Clone, Copy, Debug)]
pub enum Share {
    /// Of the total of the table.
    OfTable,
    /// Of the total along one dimension.
    Along(usize),
    /// Of another category, in a table of one dimension.
    Of(fn(&str) -> &'static str),
}

/// A category that no fact tells: the total minus what was counted as this part.
#[derive(Clone, Copy, Debug)]
pub struct Remainder {
    pub code: &'static str,
    pub part: &'static str,
}

/// Under what name others publish the same figures.
#[derive(Clone, Copy, Debug)]
pub struct Published {
    pub measure: &'static str,
    pub list: &'static str,
    /// Whether the total of the table is the published total.
    pub total: bool,
}

/// How a table is drawn; the number is the dimension along which.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Chart {
    None,
    /// The last year only.
    Bars(usize),
    /// All years beside each other.
    Years(usize),
    /// The months of the last two years.
    Months(usize),
    /// The share of one category of the last dimension, along the first.
    Shares(&'static str),
}

/// The chapters of the report, in its order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Chapter {
    Contacts,
    Advice,
    Meldingen,
    Involvement,
    Persons,
    SpecialForms,
    Assessment,
    Deadlines,
    FollowUp,
    Handovers,
    Investigations,
    Waiting,
    Conditions,
    Measures,
    Multidisciplinary,
    Monitoring,
    Informing,
    Cases,
    Transfers,
    Incidents,
    Quality,
}

impl Chapter {
    pub const ALL: [Self; 21] = [
        Self::Contacts,
        Self::Advice,
        Self::Meldingen,
        Self::Involvement,
        Self::Persons,
        Self::SpecialForms,
        Self::Assessment,
        Self::Deadlines,
        Self::FollowUp,
        Self::Handovers,
        Self::Investigations,
        Self::Waiting,
        Self::Conditions,
        Self::Measures,
        Self::Multidisciplinary,
        Self::Monitoring,
        Self::Informing,
        Self::Cases,
        Self::Transfers,
        Self::Incidents,
        Self::Quality,
    ];

    /// The code of the chapter, and its title in Dutch.
    pub fn name(self) -> (&'static str, &'static str) {
        match self {
            Self::Contacts => ("contacten", "Contacten"),
            Self::Advice => ("adviezen", "Adviezen"),
            Self::Meldingen => ("meldingen", "Meldingen"),
            Self::Involvement => ("eerdere-betrokkenheid", "Eerdere betrokkenheid"),
            Self::Persons => ("personen-en-relaties", "Personen en relaties"),
            Self::SpecialForms => ("bijzondere-vormen", "Bijzondere vormen"),
            Self::Assessment => ("beoordeling", "Beoordeling"),
            Self::Deadlines => ("termijnen", "Termijnen"),
            Self::FollowUp => ("vervolg", "Vervolg"),
            Self::Handovers => ("overdrachten", "Overdrachten"),
            Self::Investigations => ("onderzoeken", "Onderzoek"),
            Self::Waiting => ("wachtlijst", "Wachtlijst"),
            Self::Conditions => ("voorwaarden-en-vervolg", "Voorwaarden en vervolg"),
            Self::Measures => ("maatregelen", "Maatregelen"),
            Self::Multidisciplinary => {
                ("multidisciplinaire-aanpak", "Multidisciplinaire aanpak en knooppunt")
            }
            Self::Monitoring => ("monitoring", "Monitoring"),
            Self::Informing => ("informeren", "Informeren"),
            Self::Cases => ("casussen", "Casussen"),
            Self::Transfers => ("andere-regios", "Andere regio's"),
            Self::Incidents => ("voorvallen", "Voorvallen en klachten"),
            Self::Quality => ("kwaliteit", "Kwaliteit"),
        }
    }
}

/// Which fact it is: tables look only at theirs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    Contact,
    Conclusion,
    Advice,
    AdvicePlace,
    AdviceNature,
    Melding,
    MeldingPlace,
    MeldingNature,
    Involvement,
    FirstThisYear,
    Repeat,
    Person,
    Pair,
    Assessment,
    Deadline,
    CaseOpened,
    CaseClosed,
    Adapted,
    Service,
    Investigation,
    Judgement,
    Established,
    Conditions,
    ConditionReview,
    Handover,
    Measure,
    Multidisciplinary,
    Partner,
    Junction,
    Informing,
    Told,
    Moment,
    Transfer,
    TakenOver,
    Incident,
    Entry,
}

impl Kind {
    pub const COUNT: usize = Self::Entry as usize + 1;

    pub fn of(fact: &Fact) -> Self {
        match fact {
            Fact::Contact { .. } => Self::Contact,
            Fact::Conclusion { .. } => Self::Conclusion,
            Fact::Advice { .. } => Self::Advice,
            Fact::AdvicePlace { .. } => Self::AdvicePlace,
            Fact::AdviceNature { .. } => Self::AdviceNature,
            Fact::Melding { .. } => Self::Melding,
            Fact::MeldingPlace { .. } => Self::MeldingPlace,
            Fact::MeldingNature { .. } => Self::MeldingNature,
            Fact::Involvement { .. } => Self::Involvement,
            Fact::FirstThisYear { .. } => Self::FirstThisYear,
            Fact::Repeat { .. } => Self::Repeat,
            Fact::Person { .. } => Self::Person,
            Fact::Pair { .. } => Self::Pair,
            Fact::Assessment { .. } => Self::Assessment,
            Fact::Deadline { .. } => Self::Deadline,
            Fact::Case(it) => step::kind(it),
            Fact::Entry { .. } => Self::Entry,
        }
    }
}

/// The municipality of a fact, for those that say where it plays.
pub fn municipality(fact: &Fact) -> Option<&str> {
    match fact {
        Fact::AdvicePlace { municipality, .. }
        | Fact::MeldingPlace { municipality, .. }
        | Fact::Involvement { municipality, .. }
        | Fact::FirstThisYear { municipality }
        | Fact::Repeat { municipality, .. }
        | Fact::Deadline { municipality, .. } => Some(municipality.as_str()),
        Fact::Case(it) => step::municipality(it),
        Fact::Contact { .. }
        | Fact::Conclusion { .. }
        | Fact::Advice { .. }
        | Fact::AdviceNature { .. }
        | Fact::Melding { .. }
        | Fact::MeldingNature { .. }
        | Fact::Person { .. }
        | Fact::Pair { .. }
        | Fact::Assessment { .. }
        | Fact::Entry { .. } => None,
    }
}

/// All tables, in the order of the report.
pub fn all() -> impl Iterator<Item = &'static Definition> {
    let chapters: [&[Definition]; 12] = [
        contact::TABLES,
        advice::TABLES,
        melding::TABLES,
        involvement::TABLES,
        person::TABLES,
        assessment::TABLES,
        deadline::TABLES,
        placing::TABLES,
        service::TABLES,
        watching::TABLES,
        case::TABLES,
        quality::TABLES,
    ];
    chapters.into_iter().flatten()
}

/// A table by its id.
pub fn find(id: &str) -> Option<&'static Definition> {
    all().find(|it| it.id == id)
}

/// A definition as it stands in a list of definitions.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Listed {
    pub id: &'static str,
    #[serde(rename = "versie")]
    pub version: &'static str,
    #[serde(rename = "geldigVanaf")]
    pub valid_from: NaiveDate,
    #[serde(rename = "hoofdstuk")]
    pub chapter: &'static str,
    #[serde(rename = "titel")]
    pub title: &'static str,
    #[serde(rename = "teleenheid")]
    pub unit: &'static str,
    #[serde(rename = "dimensies")]
    pub dimensions: Vec<&'static str>,
    #[serde(rename = "omschrijving")]
    pub description: &'static str,
}

/// The list of definitions, to be published with the figures.
pub fn listed() -> Vec<Listed> {
    all()
        .map(|it| Listed {
            id: it.id,
            version: it.version,
            valid_from: it.valid_from,
            chapter: it.chapter.name().0,
            title: it.title,
            unit: it.unit,
            dimensions: it.dimensions.iter().map(|dimension| dimension.name).collect(),
            description: it.note,
        })
        .collect()
}

impl Definition {
    pub fn by_month(&self) -> bool {
        self.dimensions.last().is_some_and(|it| it.name == dimension::MONTH.name)
    }

    /// What the definitions below share; each table overrides what is its own.
    const BASE: Self = Self {
        id: "",
        title: "",
        unit: "",
        version: "2019.1",
        valid_from: day(2019, 1, 1),
        chapter: Chapter::Contacts,
        dimensions: &[],
        note: "",
        kinds: &[],
        classify: |_| vec![],
        rows: Rows::All,
        share: Some(Share::OfTable),
        remainder: None,
        published: None,
        chart: Chart::None,
    };
}

const fn day(year: i32, month: u32, day: u32) -> NaiveDate {
    match NaiveDate::from_ymd_opt(year, month, day) {
        Some(date) => date,
        None => panic!("no such date"),
    }
}
