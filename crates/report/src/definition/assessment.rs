//! The safety assessment of meldingen: within the norm or not, and with what outcome.
//! Law: Uitvoeringsbesluit Wmo 2015 art. 4.1.7 lid 1 (five days, counted as working days).

use super::category::{self, Category, Rank};
use super::dimension::{self, Dimension};
use super::{Cells, Chapter, Chart, Definition, Kind, Published, Remainder, Share, TOTAL};
use crate::fact::Fact;
use domain::codes::{Code, List};

const WITHIN_NORM: &str = "binnen-norm";
const TOO_LATE: &str = "te-laat";
const ASSESSED: &str = "beoordeeld";
const NOT_ASSESSED: &str = "nog-niet-beoordeeld";
const NO_UNSAFETY: &str = "geen";

static NORM: Dimension = Dimension {
    name: "norm",
    heading: "Veiligheidsbeoordeling",
    categories: || {
        vec![
            Category::total(),
            Category::of(Rank::Group, ASSESSED, "Beoordeeld"),
            Category::of(Rank::Member, WITHIN_NORM, "Binnen de norm"),
            Category::of(Rank::Member, TOO_LATE, "Te laat"),
            Category::value(NOT_ASSESSED, "Nog niet beoordeeld"),
        ]
    },
    unknown: &[],
    ..dimension::BASE
};
static OUTCOME: Dimension = Dimension {
    name: "uitkomst",
    heading: "Uitkomst",
    categories: || {
        let mut all = category::within(List::FollowUp, ASSESSED, "Beoordeeld");
        all.push(Category::value(NOT_ASSESSED, "Nog niet beoordeeld"));
        all
    },
    unknown: &[],
    ..dimension::BASE
};
static UNSAFETY: Dimension = Dimension {
    name: "onveiligheid",
    heading: "Onveiligheid",
    categories: || {
        let mut all = category::list(List::Unsafety);
        all.push(Category::value(NO_UNSAFETY, "Geen van beide"));
        all
    },
    unknown: &[],
    ..dimension::BASE
};

const REMAINDER: Option<Remainder> = Some(Remainder { code: NOT_ASSESSED, part: ASSESSED });
const fn published(list: &'static str, total: bool) -> Published {
    Published { measure: "ontvangen meldingen", list, total }
}
const MELDINGEN: Definition = Definition {
    chapter: Chapter::Assessment,
    unit: "meldingen",
    kinds: &[Kind::MeldingPlace, Kind::Assessment],
    ..Definition::BASE
};

pub(super) const TABLES: &[Definition] = &[
    Definition {
        id: "beoordelingen-binnen-norm",
        title: "Meldingen naar veiligheidsbeoordeling binnen de norm",
        dimensions: &[&NORM],
        note: "De norm is vijf werkdagen na ontvangst. De aandelen binnen de norm en te laat zijn delen van de beoordeelde \
               meldingen.",
        classify: by_norm,
        share: Some(Share::Of(|code| match code {
            WITHIN_NORM | TOO_LATE => ASSESSED,
            _ => TOTAL,
        })),
        remainder: REMAINDER,
        chart: Chart::Years(0),
        ..MELDINGEN
    },
    Definition {
        id: "beoordelingen-naar-uitkomst",
        title: "Meldingen naar uitkomst van de veiligheidsbeoordeling",
        chapter: Chapter::FollowUp,
        dimensions: &[&OUTCOME],
        note: "Elke melding krijgt één beoordeling.",
        classify: by_outcome,
        remainder: REMAINDER,
        published: Some(published("uitkomst-veiligheidsbeoordeling", true)),
        chart: Chart::Bars(0),
        ..MELDINGEN
    },
    Definition {
        id: "onveiligheid",
        title: "Beoordeelde meldingen naar gevonden onveiligheid",
        unit: "beoordeelde meldingen",
        dimensions: &[&UNSAFETY],
        note: "Een melding kan zowel acuut als structureel onveilig zijn: de delen kunnen samen meer zijn dan het totaal.",
        kinds: &[Kind::Assessment],
        classify: by_unsafety,
        published: Some(published("onveiligheid", false)),
        chart: Chart::Bars(0),
        ..MELDINGEN
    },
];

fn by_norm(fact: &Fact) -> Vec<Cells<'_>> {
    match fact {
        Fact::MeldingPlace { .. } => vec![vec![vec![TOTAL]]],
        Fact::Assessment { within_norm: true, .. } => vec![vec![vec![ASSESSED, WITHIN_NORM]]],
        Fact::Assessment { within_norm: false, .. } => vec![vec![vec![ASSESSED, TOO_LATE]]],
        _ => vec![],
    }
}

fn by_outcome(fact: &Fact) -> Vec<Cells<'_>> {
    match fact {
        Fact::MeldingPlace { .. } => vec![vec![vec![TOTAL]]],
        Fact::Assessment { follow_up, .. } => vec![vec![vec![ASSESSED, follow_up.as_str()]]],
        _ => vec![],
    }
}

fn by_unsafety(fact: &Fact) -> Vec<Cells<'_>> {
    let Fact::Assessment { unsafety, .. } = fact else { return vec![] };
    let found: Vec<&str> = match unsafety.as_slice() {
        [] => vec![NO_UNSAFETY],
        some => some.iter().map(Code::as_str).collect(),
    };
    vec![vec![std::iter::once(TOTAL).chain(found).collect()]]
}
