//! A cell: what is to happen in one organisation, part of its area, and year. Published figures and whole countries both come
//! down to cells; from there on nothing knows the difference.

use super::area::Place;
use super::form::Margins;
use super::margins::apportion;
use domain::id::Organisation;

/// How many meldingen of each class of earlier involvement (85361NED).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Classes {
    pub(super) first: u32,
    pub(super) several: u32,
    pub(super) one: u32,
    pub(super) none: u32,
    pub(super) during: u32,
    pub(super) after: u32,
    pub(super) monitored: u32,
}

impl Classes {
    pub(super) const fn further(&self) -> u32 {
        self.during + self.after + self.monitored
    }

    pub(super) const fn total(&self) -> u32 {
        self.first + self.several + self.one + self.none + self.further()
    }
}

/// Of 480 vervolgmeldingen in Drenthe, 410 joined a casus that was there: 1,905 meldingen in 1,495 casussen (84851NED).
pub(super) const JOINED: f64 = 410.0 / 480.0;

/// Outcomes of the safety assessment, in the order of [`Cell::outcomes`].
pub(super) const OUTCOMES: [&str; 4] = [
    "vervolgstappen-bij-veilig-thuis",
    "overdracht",
    "geen-vervolgstappen",
    "inzet-regionaal-maatwerk",
];

/// Investigations that were completed, judged or ended early (84853NED, 84851NED).
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Investigations {
    pub(super) completed: u32,
    /// Not ended early.
    pub(super) judged: u32,
    /// By how many of those each form was confirmed.
    pub(super) confirmed: Margins,
}

/// Services conditions and follow-up that were concluded (84851NED).
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Conditions {
    pub(super) completed: u32,
    /// By the forms of the melding, where published.
    pub(super) forms: Option<Margins>,
}

pub(super) struct Cell {
    pub(super) organisation: Organisation,
    pub(super) year: i32,
    /// Tells the cells of one organisation apart.
    pub(super) part: u64,
    pub(super) places: Vec<Place>,
    pub(super) classes: Classes,
    /// Of the vervolgmeldingen, those that join the running casus; the others open one of their own.
    pub(super) joined: u32,
    pub(super) advice: u32,
    /// Forms of meldingen that open a casus, of those that join one, and of adviezen, where these are published.
    pub(super) openers: Option<Margins>,
    pub(super) joiners: Option<Margins>,
    pub(super) questions: Option<Margins>,
    /// By [`super::melder::KINDS`].
    pub(super) melders: Vec<u32>,
    pub(super) askers: Vec<u32>,
    /// By [`OUTCOMES`], and last those that are not assessed by the end of the year.
    pub(super) outcomes: Vec<u32>,
    /// Assessed meldingen with acute unsafety.
    pub(super) acute: u32,
    pub(super) investigations: Investigations,
    pub(super) conditions: Conditions,
    /// Adviezen and meldingen about human trafficking.
    pub(super) trafficking: [u32; 2],
    /// Everything that is published of the year is recorded within it.
    pub(super) within_year: bool,
}

impl Cell {
    /// Meldingen that open a casus.
    pub(super) const fn opened(&self) -> u32 {
        self.classes.total() - self.joined
    }

    /// Vervolgmeldingen with a casus of their own.
    pub(super) const fn own(&self) -> u32 {
        self.classes.further() - self.joined
    }
}

/// How many join the running casus; those that do not are told during the assessment.
pub(super) fn joined(classes: &Classes) -> u32 {
    let further = classes.further();
    let joined = apportion(further, &[JOINED, 1.0 - JOINED])[0];
    joined.max(classes.after + classes.monitored).min(further)
}
