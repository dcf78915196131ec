//! Adviezen: somebody asks what to do; who asks, about what, and where it plays.

use super::dimension::{
    FORM, HOEDANIGHEID, MONTH, MUNICIPALITY, NATURE, ORGANISATION, forms, hoedanigheid,
    organisation, plain, plain_each,
};
use super::{Cells, Chapter, Chart, Definition, Kind, Published, Rows};
use crate::fact::Fact;

const fn published(list: &'static str) -> Published {
    Published { measure: "gestarte adviezen", list, total: true }
}

const ADVICE: Definition = Definition {
    chapter: Chapter::Advice,
    unit: "adviezen",
    published: Some(published("")),
    ..Definition::BASE
};

pub(super) const TABLES: &[Definition] = &[
    Definition {
        id: "adviezen",
        title: "Adviezen: aantal gestart",
        note: "Een advies telt in de maand waarin het is gestart, ook als er meer contacten over waren.",
        kinds: &[Kind::AdvicePlace],
        classify: |fact| match fact {
            Fact::AdvicePlace { .. } => vec![vec![]],
            _ => vec![],
        },
        share: None,
        ..ADVICE
    },
    Definition {
        id: "adviezen-naar-vorm",
        title: "Adviezen naar vorm van geweld",
        dimensions: &[&FORM],
        note: "Een advies kan meer dan één vorm hebben: de delen kunnen samen meer zijn dan het totaal. Een bijzondere vorm telt \
               mee onder de vorm waar zij bij hoort.",
        kinds: &[Kind::AdvicePlace],
        classify: by_form,
        published: Some(published("vorm")),
        chart: Chart::Years(0),
        ..ADVICE
    },
    Definition {
        id: "adviezen-naar-aard",
        title: "Adviezen naar aard van het geweld",
        dimensions: &[&NATURE],
        note: "Een advies kan meer dan één aard hebben: de delen kunnen samen meer zijn dan het totaal.",
        kinds: &[Kind::AdviceNature],
        classify: by_nature,
        published: Some(published("aard")),
        chart: Chart::Bars(0),
        ..ADVICE
    },
    Definition {
        id: "adviezen-naar-hoedanigheid",
        title: "Adviezen naar hoedanigheid van de adviesvrager",
        dimensions: &[&HOEDANIGHEID],
        note: "Elk advies heeft één hoedanigheid.",
        kinds: &[Kind::Advice],
        classify: by_hoedanigheid,
        published: Some(published("hoedanigheid")),
        ..ADVICE
    },
    Definition {
        id: "adviezen-naar-organisatie",
        title: "Adviezen naar organisatie van de adviesvrager",
        dimensions: &[&ORGANISATION],
        note: "Politie, openbaar ministerie en reclassering tellen ook mee onder justitie en veiligheid.",
        kinds: &[Kind::Advice],
        classify: by_organisation,
        published: Some(published("organisatie")),
        chart: Chart::Bars(0),
        ..ADVICE
    },
    Definition {
        id: "adviezen-naar-gemeente",
        title: "Adviezen naar gemeente",
        dimensions: &[&MUNICIPALITY],
        note: "De gemeente van het huishouden waar het advies over gaat. Gemeenten zonder adviezen staan er niet in.",
        kinds: &[Kind::AdvicePlace],
        classify: by_municipality,
        rows: Rows::Counted,
        ..ADVICE
    },
    Definition {
        id: "adviezen-naar-maand",
        title: "Adviezen naar maand van de start",
        dimensions: &[&MONTH],
        note: "Een advies telt in de maand waarin het is gestart.",
        kinds: &[Kind::AdvicePlace],
        classify: |fact| match fact {
            Fact::AdvicePlace { .. } => vec![vec![]],
            _ => vec![],
        },
        chart: Chart::Months(0),
        ..ADVICE
    },
];

fn by_form(fact: &Fact) -> Vec<Cells<'_>> {
    let Fact::AdvicePlace { forms: told, .. } = fact else { return vec![] };
    vec![vec![forms(told)]]
}

fn by_nature(fact: &Fact) -> Vec<Cells<'_>> {
    let Fact::AdviceNature { natures } = fact else { return vec![] };
    vec![vec![plain_each(natures)]]
}

fn by_hoedanigheid(fact: &Fact) -> Vec<Cells<'_>> {
    let Fact::Advice { hoedanigheid: code, .. } = fact else { return vec![] };
    vec![vec![hoedanigheid(code)]]
}

fn by_organisation(fact: &Fact) -> Vec<Cells<'_>> {
    let Fact::Advice { organisation: code, hoedanigheid, .. } = fact else { return vec![] };
    vec![vec![organisation(code.as_ref(), hoedanigheid)]]
}

fn by_municipality(fact: &Fact) -> Vec<Cells<'_>> {
    let Fact::AdvicePlace { municipality, .. } = fact else { return vec![] };
    vec![vec![plain(municipality)]]
}
