//! The quality of the figures themselves: how late things are entered, and what is unknown.

use super::category::Category;
use super::dimension::{self, Dimension, UNKNOWN_RELATION};
use super::{Cells, Chapter, Chart, Definition, Kind, Share, TOTAL};
use crate::fact::{Fact, Unit};
use domain::codes::{self, Code};

static STREAM: Dimension = Dimension {
    name: "soort",
    heading: "Soort",
    categories: || {
        vec![
            Category::value("contacten", "Contacten"),
            Category::value("adviezen", "Adviezen"),
            Category::value("meldingen", "Meldingen"),
        ]
    },
    unknown: &[],
    ..dimension::BASE
};
static LAG: Dimension = Dimension {
    name: "vertraging",
    heading: "Vastgelegd na",
    categories: || {
        let all = LAGS.iter().map(|(_, code, label)| Category::value(code, label));
        std::iter::once(Category::total()).chain(all).collect()
    },
    unknown: &[],
    ..dimension::BASE
};
const LAGS: [(u16, &str, &str); 4] = [
    (0, "zelfde-dag", "Dezelfde dag"),
    (7, "1-7-dagen", "1 tot en met 7 dagen"),
    (30, "8-30-dagen", "8 tot en met 30 dagen"),
    (u16::MAX, "meer-dan-30-dagen", "Meer dan 30 dagen"),
];

static ITEM: Dimension = Dimension {
    name: "gegeven",
    heading: "Gegeven",
    categories: || ITEMS.iter().map(|(code, label)| Category::value(code, label)).collect(),
    unknown: &[],
    ..dimension::BASE
};
static ANSWER: Dimension = Dimension {
    name: "antwoord",
    heading: "Antwoord",
    categories: || {
        vec![Category::total(), Category::value(codes::UNKNOWN, "Onbekend of niet gevraagd")]
    },
    unknown: &[],
    ..dimension::BASE
};
const ITEMS: [(&str, &str); 14] = [
    ("contacten-kanaal", "Contacten: kanaal"),
    ("adviezen-vorm", "Adviezen: vorm"),
    ("adviezen-aard", "Adviezen: aard"),
    ("adviezen-hoedanigheid", "Adviezen: hoedanigheid"),
    ("adviezen-gemeente", "Adviezen: gemeente"),
    ("meldingen-vorm", "Meldingen: vorm"),
    ("meldingen-aard", "Meldingen: aard"),
    ("meldingen-hoedanigheid", "Meldingen: hoedanigheid"),
    ("meldingen-gemeente", "Meldingen: gemeente"),
    ("meldingen-duur", "Meldingen: duur"),
    ("meldingen-eerdere-betrokkenheid", "Meldingen: eerdere betrokkenheid"),
    ("personen-geslacht", "Personen: geslacht"),
    ("personen-leeftijd", "Personen: leeftijd"),
    ("paren-relatie", "Paren: relatie"),
];

const QUALITY: Definition =
    Definition { chapter: Chapter::Quality, share: Some(Share::Along(1)), ..Definition::BASE };

pub(super) const TABLES: &[Definition] = &[
    Definition {
        id: "late-registratie",
        title: "Registraties naar tijd tussen gebeurtenis en vastleggen",
        unit: "registraties",
        dimensions: &[&STREAM, &LAG],
        note: "Dagen tussen de gebeurtenis en de eerste vastlegging, geteld in de maand van de gebeurtenis.",
        kinds: &[Kind::Entry],
        classify: by_lag,
        chart: Chart::Shares("meer-dan-30-dagen"),
        ..QUALITY
    },
    Definition {
        id: "onbekenden",
        title: "Gegevens die onbekend zijn of niet gevraagd",
        unit: "gegevens",
        dimensions: &[&ITEM, &ANSWER],
        note: "Per gegeven: in hoeveel registraties het is geteld, en in hoeveel daarvan het onbekend is of niet gevraagd.",
        kinds: &[
            Kind::Contact,
            Kind::Advice,
            Kind::AdvicePlace,
            Kind::AdviceNature,
            Kind::Melding,
            Kind::MeldingPlace,
            Kind::MeldingNature,
            Kind::Involvement,
            Kind::Person,
            Kind::Pair,
        ],
        classify: unknowns,
        chart: Chart::Shares(codes::UNKNOWN),
        ..QUALITY
    },
];

fn by_lag(fact: &Fact) -> Vec<Cells<'_>> {
    let Fact::Entry { of, days } = fact else { return vec![] };
    let stream = match of {
        Unit::Contact => "contacten",
        Unit::Advice => "adviezen",
        Unit::Melding => "meldingen",
    };
    let lag = LAGS.iter().find(|(last, ..)| days <= last).map(|(_, code, _)| *code);
    lag.map(|lag| vec![vec![stream], vec![TOTAL, lag]]).into_iter().collect()
}

/// Per item of a fact: was it known?
fn unknowns(fact: &Fact) -> Vec<Cells<'_>> {
    let code = |item, code: &Code| asked(item, is_unknown(code));
    match fact {
        Fact::Contact { channel } => vec![code("contacten-kanaal", channel)],
        Fact::Conclusion { .. }
        | Fact::FirstThisYear { .. }
        | Fact::Repeat { .. }
        | Fact::Assessment { .. }
        | Fact::Deadline { .. }
        | Fact::Case(_)
        | Fact::Entry { .. } => vec![],
        Fact::Advice { hoedanigheid, .. } => vec![code("adviezen-hoedanigheid", hoedanigheid)],
        Fact::AdvicePlace { municipality, forms } => {
            vec![code("adviezen-gemeente", municipality), asked("adviezen-vorm", none_known(forms))]
        }
        Fact::AdviceNature { natures } => vec![asked("adviezen-aard", none_known(natures))],
        Fact::Melding { hoedanigheid, .. } => vec![code("meldingen-hoedanigheid", hoedanigheid)],
        Fact::MeldingPlace { municipality, forms } => vec![
            code("meldingen-gemeente", municipality),
            asked("meldingen-vorm", none_known(forms)),
        ],
        Fact::MeldingNature { natures, duration } => vec![
            asked("meldingen-aard", none_known(natures)),
            asked("meldingen-duur", duration.as_ref().is_none_or(is_unknown)),
        ],
        Fact::Involvement { class, .. } => {
            let unclassed = *class == domain::involvement::NOT_CLASSED;
            vec![asked("meldingen-eerdere-betrokkenheid", unclassed)]
        }
        Fact::Person { sex, age, .. } => {
            vec![code("personen-geslacht", sex), asked("personen-leeftijd", age.is_none())]
        }
        Fact::Pair { relation, .. } => {
            vec![asked("paren-relatie", relation.as_str() == UNKNOWN_RELATION)]
        }
    }
}

fn asked(item: &'static str, unknown: bool) -> Cells<'static> {
    let answers = if unknown { vec![TOTAL, codes::UNKNOWN] } else { vec![TOTAL] };
    vec![vec![item], answers]
}

fn is_unknown(code: &Code) -> bool {
    matches!(code.as_str(), codes::UNKNOWN | codes::NOT_ASKED)
}

/// Whether nothing known was told.
fn none_known(codes: &[Code]) -> bool {
    codes.iter().all(is_unknown)
}
