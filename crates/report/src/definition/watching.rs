//! What is watched over: informing the persons concerned, monitoring, incidents and complaints, and households that move between regions.
//! Law: Wmo 2015 art. 5.3.1 (informing), art. 4.2.11 (the yearly account counts complaints by kind).

use super::category::{self, Category, Rank};
use super::dimension::{self, Dimension, plain};
use super::{Cells, Chapter, Chart, Definition, Kind, Rows, Share, TOTAL};
use crate::fact::{Fact, Informed, Step, Watched};
use domain::codes::{self, Code, List, NO, YES};

const HELD: &str = "gehouden";
const SAFE: &str = "veilig";
const UNSAFE: &str = "niet-veilig";
const OFFERED: &str = "aangeboden";
const ACCEPTED: &str = "aanvaard";
const REFUSED: &str = "niet-aanvaard";
const UNANSWERED: &str = "nog-geen-antwoord";
const TAKEN_OVER: &str = "overgenomen";
const UNSETTLED: &str = "nog-niet-afgehandeld";

static INFORMED: Dimension = Dimension {
    name: "informeren",
    heading: "Geïnformeerd",
    categories: || {
        vec![
            Category::total(),
            Category::value("binnen-termijn", "Binnen de termijn"),
            Category::value("te-laat", "Te laat"),
            Category::value("hoeft-niet", "Hoeft niet zelf te worden geïnformeerd"),
            Category::value("nog-niet", "Nog niet geïnformeerd"),
        ]
    },
    ..dimension::KNOWN
};
static POSTPONED: Dimension = Dimension {
    name: "uitstel",
    heading: "Uitstel",
    categories: || {
        vec![
            Category::total(),
            Category::value("geen", "Niet uitgesteld"),
            Category::value("een-keer", "Eén keer uitgesteld"),
            Category::value("vaker", "Vaker uitgesteld"),
        ]
    },
    ..dimension::KNOWN
};
static TOLD: Dimension = Dimension {
    name: "aan",
    heading: "Aan wie",
    categories: || category::list(List::Informed),
    ..dimension::KNOWN
};
static MOMENT: Dimension = Dimension {
    name: "moment",
    heading: "Moment",
    categories: || {
        vec![
            Category::total(),
            Category::of(Rank::Group, HELD, "Gehouden"),
            Category::of(Rank::Member, SAFE, "Gehouden: veilig"),
            Category::of(Rank::Member, UNSAFE, "Gehouden: niet veilig"),
            Category::of(Rank::Member, codes::UNKNOWN, "Gehouden: niet bekend of het veilig is"),
            Category::value("afgezegd", "Afgezegd"),
            Category::value("gepland", "Nog niet gehouden"),
        ]
    },
    ..dimension::BASE
};
static BY: Dimension = Dimension {
    name: "door",
    heading: "Wie keek",
    categories: || category::list(List::MonitoredBy),
    ..dimension::KNOWN
};
static KIND: Dimension = Dimension {
    name: "soort",
    heading: "Soort voorval",
    categories: || category::values(List::Incident),
    ..dimension::KNOWN
};
static SETTLED: Dimension = Dimension {
    name: "uitkomst",
    heading: "Uitkomst",
    categories: || {
        let mut all = category::list(List::IncidentOutcome);
        all.push(Category::value(UNSETTLED, "Nog niet afgehandeld"));
        all
    },
    ..dimension::KNOWN
};
static REPORTED: Dimension = Dimension {
    name: "toezichthouder",
    heading: "Aan de toezichthouder gemeld",
    categories: || {
        let yes = Category::value(YES, "Gemeld aan de toezichthouder");
        vec![Category::total(), yes, Category::value(NO, "Niet gemeld")]
    },
    ..dimension::KNOWN
};
static SIDE: Dimension = Dimension {
    name: "richting",
    heading: "Richting",
    categories: || {
        vec![
            Category::value(OFFERED, "Aangeboden aan een andere regio"),
            Category::value(TAKEN_OVER, "Overgenomen van een andere regio"),
        ]
    },
    ..dimension::KNOWN
};
static DIRECTION: Dimension = Dimension {
    name: "richting",
    heading: "Richting",
    categories: || {
        vec![
            Category::of(Rank::Group, OFFERED, "Aangeboden aan een andere regio"),
            Category::of(Rank::Member, ACCEPTED, "Aangeboden en aanvaard"),
            Category::of(Rank::Member, REFUSED, "Aangeboden en niet aanvaard"),
            Category::of(Rank::Member, UNANSWERED, "Aangeboden, nog geen antwoord"),
            Category::value(TAKEN_OVER, "Overgenomen van een andere regio"),
        ]
    },
    ..dimension::KNOWN
};
static REGION: Dimension = Dimension {
    name: "regio",
    heading: "Andere regio",
    categories: || vec![Category::total()],
    named: Category::of_region,
    unknown: &[],
};
static TRANSFER_REASON: Dimension = Dimension {
    name: "reden",
    heading: "Reden",
    categories: || category::list(List::TransferReason),
    ..dimension::KNOWN
};

const INFORMING: Definition = Definition {
    chapter: Chapter::Informing,
    unit: "te informeren betrokkenen",
    kinds: &[Kind::Informing],
    chart: Chart::Bars(0),
    ..Definition::BASE
};
const MONITORING: Definition = Definition {
    chapter: Chapter::Monitoring,
    unit: "monitoringsmomenten",
    kinds: &[Kind::Moment],
    ..INFORMING
};
const INCIDENTS: Definition = Definition {
    chapter: Chapter::Incidents,
    unit: "voorvallen",
    kinds: &[Kind::Incident],
    share: Some(Share::Along(1)),
    chart: Chart::None,
    ..Definition::BASE
};
const TRANSFERS: Definition = Definition {
    chapter: Chapter::Transfers,
    unit: "overdrachten tussen regio's",
    kinds: &[Kind::Transfer],
    ..Definition::BASE
};

pub(super) const TABLES: &[Definition] = &[
    Definition {
        id: "informeren-binnen-norm",
        title: "Te informeren betrokkenen: op tijd geïnformeerd of niet, en uitstel",
        dimensions: &[&INFORMED, &POSTPONED],
        note: "Een betrokkene telt per casus, in de maand waarin gegevens over hem of haar zijn vastgelegd; van daaraf loopt de termijn van \
               vier weken, met telkens twee weken uitstel om een reden. Nog niet geïnformeerd is niet hetzelfde als te laat: de termijn \
               kan nog lopen.",
        classify: by_informed,
        ..INFORMING
    },
    Definition {
        id: "kennisgevingen",
        title: "Kennisgevingen aan anderen dan de betrokkenen",
        unit: "kennisgevingen",
        dimensions: &[&TOLD],
        note: "Wat Veilig Thuis na een melding doet en aan wie dat is verteld, zoals de melder. Elke kennisgeving telt.",
        kinds: &[Kind::Told],
        classify: by_told,
        ..INFORMING
    },
    Definition {
        id: "monitoring",
        title: "Monitoringsmomenten naar wat is gezien",
        dimensions: &[&MOMENT],
        note: "Een gehouden moment telt in de maand waarin het is gehouden, een gepland moment in de maand waarvoor het is gepland, een \
               afgezegd moment in de maand van de afzegging. Hoeveel momenten er in een casus horen te zijn, is niet voorgeschreven.",
        classify: by_moment,
        ..MONITORING
    },
    Definition {
        id: "monitoring-door",
        title: "Gehouden monitoringsmomenten naar wie keek",
        unit: "gehouden monitoringsmomenten",
        dimensions: &[&BY],
        note: "Wie heeft gekeken of het veilig is, voor zover dat te zien was.",
        classify: by_watcher,
        ..MONITORING
    },
    Definition {
        id: "klachten",
        title: "Klachten naar uitkomst",
        unit: "klachten",
        dimensions: &[&SETTLED],
        note: "Een klacht telt in de maand waarin zij binnenkwam. Alleen klachten die bij een casus zijn vastgelegd: klachten die nergens bij \
               horen staan er niet in. Voor het jaarverslag van Wmo 2015 artikel 4.2.11.",
        classify: by_complaint,
        share: Some(Share::OfTable),
        ..INCIDENTS
    },
    Definition {
        id: "voorvallen",
        title: "Calamiteiten, geweld bij de hulpverlening en klachten naar uitkomst",
        dimensions: &[&KIND, &SETTLED],
        note: "Een voorval telt in de maand waarin het gebeurde of de klacht binnenkwam. Wat niet voorkwam staat er niet in.",
        classify: by_incident,
        rows: Rows::Counted,
        ..INCIDENTS
    },
    Definition {
        id: "voorvallen-toezichthouder",
        title: "Calamiteiten en geweld bij de hulpverlening naar melding aan de toezichthouder",
        dimensions: &[&KIND, &REPORTED],
        note: "De wet vraagt calamiteiten en geweld bij de hulpverlening aan de toezichthouder te melden. Klachten tellen hier niet.",
        classify: by_reported,
        rows: Rows::OfCounted,
        ..INCIDENTS
    },
    Definition {
        id: "regio-overdrachten",
        title: "Casussen aangeboden aan en overgenomen van andere regio's",
        unit: "casussen",
        dimensions: &[&DIRECTION],
        note: "Een casus die verhuist blijft van deze regio tot de andere haar heeft aanvaard. Elke regio telt haar eigen kant: opgeteld over \
               regio's staat een verhuizing er twee keer in.",
        kinds: &[Kind::Transfer, Kind::TakenOver],
        classify: by_direction,
        share: None,
        ..TRANSFERS
    },
    Definition {
        id: "regio-overdrachten-naar-regio",
        title: "Casussen aangeboden aan en overgenomen van andere regio's naar regio",
        unit: "casussen",
        dimensions: &[&SIDE, &REGION],
        note: "Aangeboden casussen tellen ook als de andere regio ze niet aanvaardde. Regio's zonder casussen staan er niet in.",
        kinds: &[Kind::Transfer, Kind::TakenOver],
        classify: by_region,
        rows: Rows::Counted,
        share: Some(Share::Along(1)),
        ..TRANSFERS
    },
    Definition {
        id: "regio-overdrachten-naar-reden",
        title: "Casussen aangeboden aan andere regio's naar reden",
        unit: "aangeboden casussen",
        dimensions: &[&TRANSFER_REASON],
        note: "In de maand waarin de casus is aangeboden, ook als de andere regio haar niet aanvaardde.",
        classify: by_transfer_reason,
        chart: Chart::Bars(0),
        ..TRANSFERS
    },
];

fn by_informed(fact: &Fact) -> Vec<Cells<'_>> {
    let Fact::Case(Step::Informing { outcome, postponed }) = fact else { return vec![] };
    let outcome = match outcome {
        Informed::Within => "binnen-termijn",
        Informed::Late => "te-laat",
        Informed::Exempt => "hoeft-niet",
        Informed::Open => "nog-niet",
    };
    let postponed = match postponed {
        0 => "geen",
        1 => "een-keer",
        _ => "vaker",
    };
    vec![vec![vec![TOTAL, outcome], vec![TOTAL, postponed]]]
}

fn by_told(fact: &Fact) -> Vec<Cells<'_>> {
    let Fact::Case(Step::Told { whom }) = fact else { return vec![] };
    vec![vec![plain(whom)]]
}

fn by_moment(fact: &Fact) -> Vec<Cells<'_>> {
    let Fact::Case(Step::Moment { outcome }) = fact else { return vec![] };
    let cells = match outcome {
        Watched::Planned => vec![TOTAL, "gepland"],
        Watched::Cancelled => vec![TOTAL, "afgezegd"],
        Watched::Held { safe, .. } => match safe.as_str() {
            YES => vec![TOTAL, HELD, SAFE],
            NO => vec![TOTAL, HELD, UNSAFE],
            _ => vec![TOTAL, HELD, codes::UNKNOWN],
        },
    };
    vec![vec![cells]]
}

fn by_watcher(fact: &Fact) -> Vec<Cells<'_>> {
    match fact {
        Fact::Case(Step::Moment { outcome: Watched::Held { by, .. } }) => vec![vec![plain(by)]],
        _ => vec![],
    }
}

fn by_complaint(fact: &Fact) -> Vec<Cells<'_>> {
    match fact {
        Fact::Case(Step::Incident { kind, outcome, .. }) if *kind == codes::COMPLAINT => {
            vec![vec![vec![TOTAL, outcome.as_ref().map_or(UNSETTLED, Code::as_str)]]]
        }
        _ => vec![],
    }
}

fn by_incident(fact: &Fact) -> Vec<Cells<'_>> {
    let Fact::Case(Step::Incident { kind, outcome, .. }) = fact else { return vec![] };
    let outcome = outcome.as_ref().map_or(UNSETTLED, Code::as_str);
    vec![vec![vec![kind.as_str()], vec![TOTAL, outcome]]]
}

fn by_reported(fact: &Fact) -> Vec<Cells<'_>> {
    match fact {
        Fact::Case(Step::Incident { kind, reported, .. }) if *kind != codes::COMPLAINT => {
            vec![vec![vec![kind.as_str()], vec![TOTAL, if *reported { YES } else { NO }]]]
        }
        _ => vec![],
    }
}

fn by_direction(fact: &Fact) -> Vec<Cells<'_>> {
    match fact {
        Fact::Case(Step::Transfer { accepted, .. }) => {
            let answer = match accepted {
                None => UNANSWERED,
                Some(it) if *it == YES => ACCEPTED,
                Some(_) => REFUSED,
            };
            vec![vec![vec![OFFERED, answer]]]
        }
        Fact::Case(Step::TakenOver { .. }) => vec![vec![vec![TAKEN_OVER]]],
        _ => vec![],
    }
}

fn by_region(fact: &Fact) -> Vec<Cells<'_>> {
    match fact {
        Fact::Case(Step::Transfer { to, .. }) => {
            vec![vec![vec![OFFERED], vec![TOTAL, to.as_str()]]]
        }
        Fact::Case(Step::TakenOver { from }) => {
            vec![vec![vec![TAKEN_OVER], vec![TOTAL, from.as_str()]]]
        }
        _ => vec![],
    }
}

fn by_transfer_reason(fact: &Fact) -> Vec<Cells<'_>> {
    let Fact::Case(Step::Transfer { reason, .. }) = fact else { return vec![] };
    vec![vec![plain(reason)]]
}
