//! Meldingen: who told it, about what, and where.

use super::dimension::{
    DURATION, FORM, HOEDANIGHEID, MONTH, MUNICIPALITY, NATURE, ORGANISATION, forms, hoedanigheid,
    organisation, plain, plain_each,
};
use super::{Cells, Chapter, Chart, Definition, Kind, Published, Rows, TOTAL};
use crate::fact::Fact;
use domain::codes;

pub(super) const fn published(list: &'static str) -> Published {
    Published { measure: "ontvangen meldingen", list, total: true }
}

pub(super) const MELDINGEN: Definition = Definition {
    chapter: Chapter::Meldingen,
    unit: "meldingen",
    published: Some(published("")),
    ..Definition::BASE
};

pub(super) const TABLES: &[Definition] = &[
    Definition {
        id: "meldingen",
        title: "Meldingen: aantal ontvangen",
        note: "Een melding die later een advies bleek, telt niet meer mee vanaf het moment dat dat bekend is.",
        kinds: &[Kind::MeldingPlace],
        classify: every_melding,
        share: None,
        ..MELDINGEN
    },
    Definition {
        id: "meldingen-naar-vorm",
        title: "Meldingen naar vorm van geweld",
        dimensions: &[&FORM],
        note: "Een melding kan meer dan één vorm hebben: de delen kunnen samen meer zijn dan het totaal. Een bijzondere vorm \
               telt mee onder de vorm waar zij bij hoort.",
        kinds: &[Kind::MeldingPlace],
        classify: by_form,
        published: Some(published("vorm")),
        chart: Chart::Years(0),
        ..MELDINGEN
    },
    Definition {
        id: "meldingen-naar-aard",
        title: "Meldingen naar aard van het geweld",
        dimensions: &[&NATURE],
        note: "Een melding kan meer dan één aard hebben: de delen kunnen samen meer zijn dan het totaal.",
        kinds: &[Kind::MeldingNature],
        classify: by_nature,
        published: Some(published("aard")),
        chart: Chart::Bars(0),
        ..MELDINGEN
    },
    Definition {
        id: "meldingen-naar-hoedanigheid",
        title: "Meldingen naar hoedanigheid van de melder",
        dimensions: &[&HOEDANIGHEID],
        note: "Elke melding heeft één hoedanigheid.",
        kinds: &[Kind::Melding],
        classify: by_hoedanigheid,
        published: Some(published("hoedanigheid")),
        ..MELDINGEN
    },
    Definition {
        id: "meldingen-naar-organisatie",
        title: "Meldingen naar organisatie van de melder",
        dimensions: &[&ORGANISATION],
        note: "Politie, openbaar ministerie en reclassering tellen ook mee onder justitie en veiligheid.",
        kinds: &[Kind::Melding],
        classify: by_organisation,
        published: Some(published("organisatie")),
        chart: Chart::Bars(0),
        ..MELDINGEN
    },
    Definition {
        id: "meldingen-naar-vorm-hoedanigheid",
        title: "Meldingen naar vorm van geweld en hoedanigheid van de melder",
        dimensions: &[&FORM, &HOEDANIGHEID],
        note: "Een melding kan meer dan één vorm hebben: de vormen kunnen samen meer zijn dan het totaal.",
        kinds: &[Kind::Melding],
        classify: by_form_and_hoedanigheid,
        rows: Rows::Counted,
        published: None,
        ..MELDINGEN
    },
    Definition {
        id: "meldingen-naar-gemeente",
        title: "Meldingen naar gemeente",
        dimensions: &[&MUNICIPALITY],
        note: "De gemeente van het huishouden. Gemeenten zonder meldingen staan er niet in.",
        kinds: &[Kind::MeldingPlace],
        classify: by_municipality,
        rows: Rows::Counted,
        ..MELDINGEN
    },
    Definition {
        id: "meldingen-naar-maand",
        title: "Meldingen naar maand van ontvangst",
        dimensions: &[&MONTH],
        note: "Een melding telt in de maand waarin zij is ontvangen, ook als zij later is vastgelegd.",
        kinds: &[Kind::MeldingPlace],
        classify: every_melding,
        chart: Chart::Months(0),
        ..MELDINGEN
    },
    Definition {
        id: "meldingen-naar-duur",
        title: "Meldingen naar duur van het geweld",
        dimensions: &[&DURATION],
        note: "Hoe lang het geweld duurde toen het werd gemeld.",
        kinds: &[Kind::MeldingNature],
        classify: by_duration,
        published: Some(published("duur")),
        chart: Chart::Bars(0),
        ..MELDINGEN
    },
];

fn every_melding(fact: &Fact) -> Vec<Cells<'_>> {
    let Fact::MeldingPlace { .. } = fact else { return vec![] };
    vec![vec![]]
}

fn by_form(fact: &Fact) -> Vec<Cells<'_>> {
    let Fact::MeldingPlace { forms: told, .. } = fact else { return vec![] };
    vec![vec![forms(told)]]
}

fn by_nature(fact: &Fact) -> Vec<Cells<'_>> {
    let Fact::MeldingNature { natures, .. } = fact else { return vec![] };
    vec![vec![plain_each(natures)]]
}

fn by_hoedanigheid(fact: &Fact) -> Vec<Cells<'_>> {
    let Fact::Melding { hoedanigheid: code, .. } = fact else { return vec![] };
    vec![vec![hoedanigheid(code)]]
}

fn by_organisation(fact: &Fact) -> Vec<Cells<'_>> {
    let Fact::Melding { organisation: code, hoedanigheid, .. } = fact else { return vec![] };
    vec![vec![organisation(code.as_ref(), hoedanigheid)]]
}

fn by_form_and_hoedanigheid(fact: &Fact) -> Vec<Cells<'_>> {
    let Fact::Melding { hoedanigheid: code, forms: told, .. } = fact else { return vec![] };
    vec![vec![forms(told), hoedanigheid(code)]]
}

fn by_municipality(fact: &Fact) -> Vec<Cells<'_>> {
    let Fact::MeldingPlace { municipality, .. } = fact else { return vec![] };
    vec![vec![plain(municipality)]]
}

fn by_duration(fact: &Fact) -> Vec<Cells<'_>> {
    let Fact::MeldingNature { duration, .. } = fact else { return vec![] };
    let code = duration.as_ref().map_or(codes::NOT_ASKED, |it| it.as_str());
    vec![vec![vec![TOTAL, code]]]
}
