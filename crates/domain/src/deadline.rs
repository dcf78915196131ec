//! What can lapse, and by which norm: how long a term lasts is dated data (`schemas/reference/norms.json`), and a term keeps the
//! norm of the day on which it began. So a changed norm leaves the past alone.
//!
//! Law: Uitvoeringsbesluit Wmo 2015 art. 4.1.7 ([`crate::law::ASSESSMENT`]), Wmo 2015 art. 5.3.1 ([`crate::law::INFORMING`]), of what
//! persons ask [`crate::law::ANSWER_IN_A_MONTH`] and [`crate::law::DESTRUCTION`]; the last day is found by the Algemene termijnenwet ([`crate::law::TERMS`]). Where no length is known there is no last day.

use crate::calendar;
use chrono::{Days, Months, NaiveDate};
use serde::Deserialize;
use std::{collections::BTreeMap, sync::LazyLock};
use uuid::Uuid;

macro_rules! kinds {
    ($($(#[$doc:meta])* $name:ident = $code:literal),+ $(,)?) => {
        /// The kinds of what can lapse, which are those of the worklist.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Kind { $($(#[$doc])* $name),+ }

        impl Kind {
            pub const ALL: &[Self] = &[$(Self::$name),+];

            /// The code, of the list `termijn`.
            pub const fn code(self) -> &'static str {
                match self { $(Self::$name => $code),+ }
            }
        }
    };
}

kinds! {
    Assessment = "veiligheidsbeoordeling",
    InvestigationBegin = "onderzoek-begin",
    Investigation = "onderzoek",
    ConditionsBegin = "voorwaarden-begin",
    Conditions = "voorwaarden",
    ConditionReview = "voorwaarde-toetsing",
    Handover = "overdracht",
    Informing = "informeren",
    Monitoring = "monitoring",
    Measure = "maatregel",
    Multidisciplinary = "multidisciplinair",
    Junction = "knooppunt",
    Transfer = "regio-overdracht",
    Incident = "voorval",
    RequestInspection = "verzoek-inzage",
    RequestCorrection = "verzoek-correctie",
    RequestStatement = "verzoek-verklaring",
    RequestErasure = "verzoek-vernietiging",
}

/// In which file a term stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Of {
    Melding,
    Case,
    Request,
}

impl Kind {
    pub fn of(code: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|it| it.code() == code)
    }

    pub const fn file(self) -> Of {
        match self {
            Self::Assessment => Of::Melding,
            Self::RequestInspection
            | Self::RequestCorrection
            | Self::RequestStatement
            | Self::RequestErasure => Of::Request,
            Self::InvestigationBegin
            | Self::Investigation
            | Self::ConditionsBegin
            | Self::Conditions
            | Self::ConditionReview
            | Self::Handover
            | Self::Informing
            | Self::Monitoring
            | Self::Measure
            | Self::Multidisciplinary
            | Self::Junction
            | Self::Transfer
            | Self::Incident => Of::Case,
        }
    }

    /// Whether it stays when its casus is closed: the duty to inform, and incidents.
    pub const fn goes_on_after_closing(self) -> bool {
        matches!(self, Self::Informing | Self::Incident)
    }
}

/// A term of one thing: open as long as it is not met.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Deadline {
    pub kind: Kind,
    /// What it is of: an investigation, a handover, a person …
    pub about: Uuid,
    pub from: NaiveDate,
    /// The last day on which it is in time; none while terms are suspended, or where no length is known.
    pub due_on: Option<NaiveDate>,
    pub met_on: Option<NaiveDate>,
}

impl Deadline {
    pub const fn is_open(&self) -> bool {
        self.met_on.is_none()
    }

    /// Whether it was met in time; nothing is known of one that is open, or has no last day.
    pub fn within(&self) -> Option<bool> {
        Some(self.met_on? <= self.due_on?)
    }

    /// Whether so little is left that somebody is to be warned.
    pub fn is_near(&self, today: NaiveDate) -> bool {
        let warn = norm(self.kind, self.from).warn;
        self.due_on.is_some_and(|due| calendar::within_working_days(today, due, warn))
    }
}

/// How long a term lasts that begins on `from` or later, until the next norm.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
pub struct Norm {
    pub from: NaiveDate,
    pub length: Option<u32>,
    pub unit: Unit,
    /// So many working days before the last day somebody is warned.
    pub warn: u32,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Unit {
    WorkingDays,
    Weeks,
    /// Ends on the same day of the month, or on its last; moved to a working day as weeks are.
    Months,
    /// Of the calendar: what lasts, rather than what is to be done in time.
    Days,
}

impl Norm {
    /// The same norm, so much longer.
    #[must_use]
    pub fn extended_by(self, length: u32) -> Self {
        Self { length: self.length.map(|it| it + length), ..self }
    }

    /// The last day of a term that begins on a date; the day itself does not count.
    pub fn due(self, from: NaiveDate) -> Option<NaiveDate> {
        let length = self.length?;
        let later = |days: u32| from.checked_add_days(Days::new(u64::from(days)));
        match self.unit {
            Unit::WorkingDays => Some(calendar::working_days_after(from, length)),
            Unit::Weeks => later(length * 7).map(calendar::working_day_from),
            Unit::Months => {
                from.checked_add_months(Months::new(length)).map(calendar::working_day_from)
            }
            Unit::Days => later(length),
        }
    }
}

static NORMS: LazyLock<BTreeMap<Kind, Vec<Norm>>> = LazyLock::new(|| {
    #[derive(Deserialize)]
    struct Published {
        norms: Vec<Line>,
    }
    #[derive(Deserialize)]
    struct Line {
        term: String,
        #[serde(flatten)]
        norm: Norm,
    }
    let text = include_str!("../../../schemas/reference/norms.json");
    let published: Published = serde_json::from_str(text).expect("the published norms are valid");
    let mut norms: BTreeMap<Kind, Vec<Norm>> = BTreeMap::new();
    for line in published.norms {
        let kind = Kind::of(&line.term).expect("a published norm is of a kind that there is");
        norms.entry(kind).or_default().push(line.norm);
    }
    for of_kind in norms.values_mut() {
        of_kind.sort_by_key(|it| it.from);
    }
    norms
});

/// The norm in force for a term that begins on a date.
pub fn norm(kind: Kind, on: NaiveDate) -> Norm {
    in_force(&NORMS[&kind], on)
}

/// Of norms, oldest first, the one in force on a date; before the first norm, the first.
pub fn in_force(norms: &[Norm], on: NaiveDate) -> Norm {
    norms.iter().rev().find(|norm| norm.from <= on).copied().unwrap_or(norms[0])
}

/// The last day of a term that begins on a date.
pub fn due(kind: Kind, from: NaiveDate) -> Option<NaiveDate> {
    norm(kind, from).due(from)
}

/// The last day for the safety assessment of a melding received on a date ([`crate::law::ASSESSMENT`]).
pub fn assessment_due(received_on: NaiveDate) -> NaiveDate {
    due(Kind::Assessment, received_on).unwrap_or(received_on)
}

#[cfg(test)]
mod tests;
