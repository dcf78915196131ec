//! Terms that were met, in time or too late: of everything that has a last day, by kind and by municipality.
//! Law per term: `schemas/reference/norms.json`.

use super::category::{self, Category};
use super::dimension::{self, Dimension};
use super::{Cells, Chapter, Chart, Definition, Kind, Rows, Share, TOTAL};
use crate::fact::Fact;
use domain::codes::List;
use domain::deadline;

const WITHIN: &str = "binnen-termijn";
const LATE: &str = "te-laat";

static DEADLINE: Dimension = Dimension {
    name: "termijn",
    heading: "Termijn",
    categories: || category::values(List::Deadline),
    ..dimension::KNOWN
};
static MET: Dimension = Dimension {
    name: "gehaald",
    heading: "Gehaald",
    categories: || {
        vec![
            Category::total(),
            Category::value(WITHIN, "Binnen de termijn"),
            Category::value(LATE, "Te laat"),
        ]
    },
    ..dimension::KNOWN
};
/// Without a total: municipalities stand beside each other, each with its own share.
static MUNICIPALITY: Dimension = dimension::MUNICIPALITIES;

const DEADLINES: Definition = Definition {
    chapter: Chapter::Deadlines,
    unit: "termijnen",
    kinds: &[Kind::Deadline],
    rows: Rows::OfCounted,
    share: Some(Share::Along(1)),
    chart: Chart::Shares(WITHIN),
    ..Definition::BASE
};

pub(super) const TABLES: &[Definition] = &[
    Definition {
        id: "termijnen-naar-soort",
        title: "Termijnen naar soort: gehaald of te laat",
        dimensions: &[&DEADLINE, &MET],
        note: "Een termijn telt in de maand waarin is gedaan wat moest, met de norm van de dag waarop zij begon. Wat nog openstaat \
               telt niet mee, ook niet als de laatste dag voorbij is: dat staat op de werklijst. Voor voorwaarden en vervolg zijn tien \
               weken de praktijk en niet de wet. Een onderzoek dat voortijdig eindigde en iemand die niet zelf hoeft te worden \
               geïnformeerd tellen hier niet.",
        classify: by_kind,
        ..DEADLINES
    },
    Definition {
        id: "termijnen-naar-gemeente",
        title: "Termijnen naar gemeente: gehaald of te laat",
        dimensions: &[&MUNICIPALITY, &MET],
        note: "Alle soorten termijnen samen; de veiligheidsbeoordeling telt het zwaarst, omdat elke melding er een heeft. De \
               gemeente is die van het huishouden. Gemeenten zonder termijnen staan er niet in.",
        classify: by_municipality,
        ..DEADLINES
    },
    Definition {
        id: "beoordelingen-naar-gemeente",
        title: "Veiligheidsbeoordelingen naar gemeente: op tijd of te laat",
        unit: "veiligheidsbeoordelingen",
        dimensions: &[&MUNICIPALITY, &MET],
        note: "Een beoordeling telt in de maand waarin zij is gedaan. De norm is vijf werkdagen na ontvangst van de melding. \
               Gemeenten zonder beoordelingen staan er niet in.",
        classify: assessments_by_municipality,
        ..DEADLINES
    },
];

fn met(within: bool) -> Vec<&'static str> {
    vec![TOTAL, if within { WITHIN } else { LATE }]
}

fn by_kind(fact: &Fact) -> Vec<Cells<'_>> {
    let Fact::Deadline { kind, within, .. } = fact else { return vec![] };
    vec![vec![vec![kind.as_str()], met(*within)]]
}

/// A request about somebody's data is of no municipality.
fn by_municipality(fact: &Fact) -> Vec<Cells<'_>> {
    let Fact::Deadline { kind, municipality, within } = fact else { return vec![] };
    let of = deadline::Kind::of(kind.as_str()).map(deadline::Kind::file);
    if of == Some(deadline::Of::Request) {
        return vec![];
    }
    vec![vec![vec![municipality.as_str()], met(*within)]]
}

fn assessments_by_municipality(fact: &Fact) -> Vec<Cells<'_>> {
    match fact {
        Fact::Deadline { kind, .. } if kind.as_str() == deadline::Kind::Assessment.code() => {
            by_municipality(fact)
        }
        _ => vec![],
    }
}
