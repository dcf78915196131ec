//! Persons and relations in meldingen: victims, perpetrators, children, pairs; and the forms that are reported on their own.
//!
//! A person counts in every melding in which he or she stands: the unit is a person in a melding; only the table that says so counts
//! each human being once a year. All roles are presumed.

use super::dimension::{
    AGE, AGE_BANDS_VERSION, FORM, MUNICIPALITY, RELATION, ROLE, SEX, SEXES, SPECIAL_FORM, age_band,
    forms, plain, plain_each, sexes, special_forms,
};
use super::{Cells, Chapter, Chart, Definition, Kind, Published, Rows, TOTAL};
use crate::fact::Fact;
use domain::codes::{self, Code};

/// Up to this age a person is a child.
const CHILD: u8 = 17;
const CHILD_ROLE: &str = "kind";

const PERSONS: Definition = Definition {
    chapter: Chapter::Persons,
    unit: "personen in meldingen",
    kinds: &[Kind::Person],
    ..Definition::BASE
};
const PAIRS: Definition =
    Definition { unit: "paren in meldingen", kinds: &[Kind::Pair], ..PERSONS };

pub(super) const TABLES: &[Definition] = &[
    Definition {
        id: "slachtoffers-naar-geslacht-leeftijd-vorm",
        title: "Vermoedelijke slachtoffers naar geslacht, leeftijd en vorm van geweld",
        version: AGE_BANDS_VERSION,
        dimensions: &[&SEX, &AGE, &FORM],
        note: "Iemand telt in elke melding waarin hij of zij slachtoffer is. De vormen kunnen samen meer zijn dan het totaal. \
               De leeftijd is die op de dag van ontvangst.",
        classify: |fact| by_sex_age_form(fact, codes::VICTIM),
        rows: Rows::Counted,
        chart: Chart::Bars(1),
        ..PERSONS
    },
    Definition {
        id: "plegers-naar-geslacht-leeftijd-vorm",
        title: "Vermoedelijke plegers naar geslacht, leeftijd en vorm van geweld",
        version: AGE_BANDS_VERSION,
        dimensions: &[&SEX, &AGE, &FORM],
        note: "Iemand telt in elke melding waarin hij of zij pleger is. De vormen kunnen samen meer zijn dan het totaal. De \
               leeftijd is die op de dag van ontvangst.",
        classify: |fact| by_sex_age_form(fact, codes::PERPETRATOR),
        rows: Rows::Counted,
        chart: Chart::Bars(1),
        ..PERSONS
    },
    Definition {
        id: "relaties-naar-relatie-geslacht-vorm",
        title: "Paren van slachtoffer en pleger naar relatie, geslacht en vorm van geweld",
        dimensions: &[&RELATION, &SEXES, &FORM],
        note: "Een paar is één slachtoffer met één pleger in één melding. Lees: het slachtoffer is de … van de pleger. De vormen \
               kunnen samen meer zijn dan het totaal.",
        classify: by_relation_sexes_form,
        rows: Rows::Counted,
        ..PAIRS
    },
    Definition {
        id: "kinderen-naar-rol",
        title: "Kinderen in meldingen naar rol",
        dimensions: &[&ROLE],
        note: "Personen jonger dan 18 jaar, en personen met de rol kind van wie de leeftijd niet bekend is. Een kind kan meer dan \
               één rol hebben: de delen kunnen samen meer zijn dan het totaal.",
        classify: children_by_role,
        chart: Chart::Bars(0),
        ..PERSONS
    },
    Definition {
        id: "ouderenmishandeling-naar-relatie",
        title: "Ouderenmishandeling: paren van slachtoffer en pleger naar relatie",
        dimensions: &[&RELATION],
        note: "Paren met de vorm ouderenmishandeling. Lees: het slachtoffer is de … van de pleger.",
        classify: |fact| by_relation(fact, codes::ELDER_ABUSE),
        rows: Rows::Counted,
        chart: Chart::Bars(0),
        ..PAIRS
    },
    Definition {
        id: "geweld-tegen-ouders-naar-relatie",
        title: "Geweld tegen ouders: paren van slachtoffer en pleger naar relatie",
        dimensions: &[&RELATION],
        note: "Paren met de vorm geweld tegen ouders (jonger dan 65 jaar). Lees: het slachtoffer is de … van de pleger.",
        classify: |fact| by_relation(fact, codes::PARENT_ABUSE),
        rows: Rows::Counted,
        chart: Chart::Bars(0),
        ..PAIRS
    },
    Definition {
        id: "mannen-als-slachtoffer",
        title: "Mannen als vermoedelijk slachtoffer naar vorm van geweld",
        dimensions: &[&FORM],
        note: "Mannen en jongens. Iemand telt in elke melding waarin hij slachtoffer is. De vormen kunnen samen meer zijn dan het \
               totaal.",
        classify: men_as_victims,
        chart: Chart::Bars(0),
        ..PERSONS
    },
    Definition {
        id: "unieke-personen",
        title: "Personen in meldingen, elk een keer per jaar geteld",
        unit: "personen",
        dimensions: &[&MUNICIPALITY],
        note: "Iedereen telt in de eerste melding van het kalenderjaar waarin hij of zij staat, en bij de gemeente van die melding. Wie onder \
               meer registraties bekend is en samengevoegd, telt één keer.",
        kinds: &[Kind::FirstThisYear],
        classify: by_municipality,
        rows: Rows::Counted,
        share: None,
        ..PERSONS
    },
    Definition {
        id: "bijzondere-vormen",
        title: "Meldingen met een bijzondere vorm van geweld",
        chapter: Chapter::SpecialForms,
        unit: "meldingen",
        dimensions: &[&SPECIAL_FORM],
        note: "Het totaal is het aantal meldingen met ten minste één bijzondere vorm. Een melding kan meer dan één vorm hebben.",
        kinds: &[Kind::MeldingPlace],
        classify: by_special_form,
        published: Some(Published { measure: "ontvangen meldingen", list: "vorm", total: false }),
        chart: Chart::Bars(0),
        ..PERSONS
    },
];

fn has(codes: &[Code], wanted: &str) -> bool {
    codes.iter().any(|it| it.as_str() == wanted)
}

fn by_sex_age_form<'a>(fact: &'a Fact, role: &str) -> Vec<Cells<'a>> {
    match fact {
        Fact::Person { roles, sex, age, forms: told } if has(roles, role) => {
            vec![vec![plain(sex), vec![TOTAL, age_band(*age)], forms(told)]]
        }
        _ => vec![],
    }
}

fn men_as_victims(fact: &Fact) -> Vec<Cells<'_>> {
    match fact {
        Fact::Person { roles, sex, forms: told, .. }
            if has(roles, codes::VICTIM) && sex.as_str() == "man" =>
        {
            vec![vec![forms(told)]]
        }
        _ => vec![],
    }
}

fn children_by_role(fact: &Fact) -> Vec<Cells<'_>> {
    let Fact::Person { roles, age, .. } = fact else { return vec![] };
    let child = age.map_or_else(|| has(roles, CHILD_ROLE), |age| age <= CHILD);
    if child { vec![vec![plain_each(roles)]] } else { vec![] }
}

fn by_relation_sexes_form(fact: &Fact) -> Vec<Cells<'_>> {
    let Fact::Pair { relation, victim_sex, perpetrator_sex, forms: told } = fact else {
        return vec![];
    };
    vec![vec![plain(relation), vec![TOTAL, sexes(victim_sex, perpetrator_sex)], forms(told)]]
}

fn by_relation<'a>(fact: &'a Fact, form: &str) -> Vec<Cells<'a>> {
    match fact {
        Fact::Pair { relation, forms: told, .. } if forms(told).contains(&form) => {
            vec![vec![plain(relation)]]
        }
        _ => vec![],
    }
}

fn by_municipality(fact: &Fact) -> Vec<Cells<'_>> {
    let Fact::FirstThisYear { municipality } = fact else { return vec![] };
    vec![vec![plain(municipality)]]
}

fn by_special_form(fact: &Fact) -> Vec<Cells<'_>> {
    let Fact::MeldingPlace { forms: told, .. } = fact else { return vec![] };
    special_forms(told).map(|forms| vec![forms]).into_iter().collect()
}
