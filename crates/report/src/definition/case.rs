//! Casussen: how many were opened and closed, as what, and how often a later melding changed what followed.

use super::category::{self, Category};
use super::dimension::{self, Dimension, MUNICIPALITY, plain};
use super::{Cells, Chapter, Chart, Definition, Kind, Rows, TOTAL};
use crate::fact::{Fact, Step};
use domain::codes::List;

const OPENED: &str = "geopend";
const CLOSED: &str = "gesloten";

static LIFE: Dimension = Dimension {
    name: "gebeurtenis",
    heading: "Gebeurtenis",
    categories: || vec![Category::value(OPENED, "Geopend"), Category::value(CLOSED, "Gesloten")],
    ..dimension::KNOWN
};
static OUTCOME: Dimension = Dimension {
    name: "sluiting",
    heading: "Gesloten als",
    categories: || category::list(List::CaseOutcome),
    ..dimension::KNOWN
};
static FOLLOW_UP: Dimension = Dimension {
    name: "vervolg",
    heading: "Nieuw vervolg",
    categories: || category::list(List::FollowUp),
    ..dimension::KNOWN
};

const CASES: Definition = Definition {
    chapter: Chapter::Cases,
    unit: "casussen",
    kinds: &[Kind::CaseOpened, Kind::CaseClosed],
    share: None,
    ..Definition::BASE
};

pub(super) const TABLES: &[Definition] = &[
    Definition {
        id: "vervolg-aangepast",
        title: "Besluiten over een latere melding die het vervolg van de casus wijzigden",
        chapter: Chapter::FollowUp,
        unit: "besluiten",
        dimensions: &[&FOLLOW_UP],
        note: "Elke melding krijgt een eigen besluit, en het eerdere besluit blijft staan. Hier staan alleen besluiten die iets anders \
               inhouden dan wat in de casus al gold, in de maand van dat besluit; een lopend onderzoek eindigt dan.",
        kinds: &[Kind::Adapted],
        classify: by_new_follow_up,
        ..Definition::BASE
    },
    Definition {
        id: "casussen",
        title: "Casussen: aantal geopend en gesloten",
        dimensions: &[&LIFE],
        note: "Een casus is een huishouden over de tijd. Een gesloten casus gaat niet weer open: een nieuwe melding opent een nieuwe casus.",
        classify: by_life,
        chart: Chart::Years(0),
        ..CASES
    },
    Definition {
        id: "casussen-naar-sluiting",
        title: "Gesloten casussen naar uitkomst",
        unit: "gesloten casussen",
        dimensions: &[&OUTCOME],
        note: "Een casus telt in de maand waarin zij is gesloten, en heeft één uitkomst.",
        kinds: &[Kind::CaseClosed],
        classify: by_outcome,
        share: Definition::BASE.share,
        chart: Chart::Bars(0),
        ..CASES
    },
    Definition {
        id: "casussen-naar-gemeente",
        title: "Casussen naar gemeente, geopend en gesloten",
        dimensions: &[&LIFE, &MUNICIPALITY],
        note: "De gemeente van de eerste melding van de casus. Gemeenten zonder casussen staan er niet in.",
        classify: by_municipality,
        rows: Rows::Counted,
        ..CASES
    },
];

fn by_new_follow_up(fact: &Fact) -> Vec<Cells<'_>> {
    let Fact::Case(Step::Adapted { follow_up }) = fact else { return vec![] };
    vec![vec![plain(follow_up)]]
}

fn by_life(fact: &Fact) -> Vec<Cells<'_>> {
    match fact {
        Fact::Case(Step::Opened { .. }) => vec![vec![vec![OPENED]]],
        Fact::Case(Step::Closed { .. }) => vec![vec![vec![CLOSED]]],
        _ => vec![],
    }
}

fn by_outcome(fact: &Fact) -> Vec<Cells<'_>> {
    let Fact::Case(Step::Closed { outcome, .. }) = fact else { return vec![] };
    vec![vec![vec![TOTAL, outcome.as_str()]]]
}

fn by_municipality(fact: &Fact) -> Vec<Cells<'_>> {
    match fact {
        Fact::Case(Step::Opened { municipality }) => vec![vec![vec![OPENED], plain(municipality)]],
        Fact::Case(Step::Closed { municipality, .. }) => {
            vec![vec![vec![CLOSED], plain(municipality)]]
        }
        _ => vec![],
    }
}
