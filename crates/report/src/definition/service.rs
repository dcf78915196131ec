//! The services: who waits for them, how investigations ended and what they judged, and conditions and follow-up.
//! Law: Uitvoeringsbesluit Wmo 2015 art. 4.1.7; two starts: Informatieprotocol 2025 par. 4.1.

use super::category::{self, Category, Rank};
use super::dimension::{self, Dimension, NATURE, plain, plain_each};
use super::time::{LASTED, LEAD_TIME, WAITED, WAITING_TIME, class};
use super::{Cells, Chapter, Chart, Definition, Kind, Published, Rows, Share, TOTAL};
use crate::fact::{Begin, Fact, Service, Step};
use domain::codes::{CONFIRMED, List};

const BEGUN: &str = "begonnen";
const WAITS: &str = "wacht";
const NEVER_BEGUN: &str = "vervallen";
/// As CBS calls it (84853NED).
const JUDGED: &str = "niet-voortijdig-afgesloten";
const EARLY: &str = "voortijdig-afgesloten";

static SERVICE: Dimension = Dimension {
    name: "dienst",
    heading: "Dienst",
    categories: || {
        vec![
            Category::value("onderzoek", "Onderzoek"),
            Category::value("voorwaarden", "Voorwaarden en vervolg"),
        ]
    },
    ..dimension::KNOWN
};
static BEGIN: Dimension = Dimension {
    name: "begin",
    heading: "Feitelijk begin",
    categories: || {
        vec![
            Category::total(),
            Category::value(BEGUN, "Feitelijk begonnen"),
            Category::value(WAITS, "Wacht nog"),
            Category::value(NEVER_BEGUN, "Geëindigd voor het begin"),
        ]
    },
    ..dimension::KNOWN
};
static END: Dimension = Dimension {
    name: "einde",
    heading: "Einde",
    categories: || {
        let mut all = category::within(List::EarlyEnd, EARLY, "Voortijdig afgesloten");
        all.insert(1, Category::of(Rank::Value, JUDGED, "Niet voortijdig afgesloten"));
        all
    },
    ..dimension::KNOWN
};
/// Without a total: what a form was judged to be stands with the form.
static JUDGED_FORM: Dimension = Dimension {
    name: "vorm",
    heading: "Vorm van geweld",
    categories: || (dimension::FORM.categories)().split_off(1),
    ..dimension::KNOWN
};
static FINDING: Dimension = Dimension {
    name: "uitkomst",
    heading: "Uitkomst",
    categories: || category::list(List::Finding),
    ..dimension::KNOWN
};
static OUTCOME: Dimension = Dimension {
    name: "uitkomst",
    heading: "Uitkomst",
    categories: || category::list(List::ConditionsOutcome),
    ..dimension::KNOWN
};
static KEPT: Dimension = Dimension {
    name: "naleving",
    heading: "Naleving",
    categories: || category::list(List::Kept),
    ..dimension::BASE
};

const fn published(measure: &'static str, total: bool) -> Published {
    Published { measure, list: "", total }
}

const WAITING: Definition =
    Definition { chapter: Chapter::Waiting, kinds: &[Kind::Service], ..Definition::BASE };
const INVESTIGATIONS: Definition = Definition {
    chapter: Chapter::Investigations,
    unit: "afgeronde onderzoeken",
    kinds: &[Kind::Investigation],
    ..Definition::BASE
};
const CONDITIONS: Definition = Definition {
    chapter: Chapter::Conditions,
    unit: "afgeronde diensten voorwaarden en vervolg",
    kinds: &[Kind::Conditions],
    chart: Chart::Bars(0),
    ..Definition::BASE
};

pub(super) const TABLES: &[Definition] = &[
    Definition {
        id: "onderzoeken-afgerond",
        title: "Afgeronde onderzoeken, met een oordeel of voortijdig",
        dimensions: &[&END],
        note: "Een onderzoek telt in de maand waarin het is afgerond. Voortijdig afgesloten: er is geen oordeel; de reden staat eronder.",
        classify: by_end,
        published: Some(published("afgeronde diensten onderzoek", true)),
        chart: Chart::Bars(0),
        ..INVESTIGATIONS
    },
    Definition {
        id: "onderzoeken-naar-uitkomst",
        title: "Onderzoeken met een oordeel naar vorm van geweld en uitkomst",
        unit: "onderzoeken met een oordeel",
        dimensions: &[&JUDGED_FORM, &FINDING],
        note: "Een onderzoek kan over meer dan één vorm oordelen en telt dan bij elke vorm: de vormen kunnen samen meer zijn dan het \
               aantal onderzoeken. Niet bevestigd is iets anders dan weerlegd: er kon niet worden vastgesteld of het gebeurde. Een \
               bijzondere vorm telt mee onder de vorm waar zij bij hoort. Vormen waarover geen oordeel was staan er niet in.",
        kinds: &[Kind::Judgement],
        classify: by_finding,
        rows: Rows::OfCounted,
        share: Some(Share::Along(1)),
        published: Some(published("afgeronde diensten onderzoek", false)),
        chart: Chart::Shares(CONFIRMED),
        ..INVESTIGATIONS
    },
    Definition {
        id: "vastgestelde-aard",
        title: "Onderzoeken waarin geweld is bevestigd naar aard van het geweld",
        unit: "onderzoeken waarin geweld is bevestigd",
        dimensions: &[&NATURE],
        note: "De aard die het onderzoek heeft vastgesteld. Een onderzoek kan meer dan één aard vaststellen: de delen kunnen samen meer \
               zijn dan het totaal.",
        kinds: &[Kind::Established],
        classify: by_nature,
        chart: Chart::Bars(0),
        ..INVESTIGATIONS
    },
    Definition {
        id: "doorlooptijd-onderzoek",
        title: "Onderzoeken met een oordeel naar doorlooptijd",
        unit: "onderzoeken met een oordeel",
        dimensions: &[&LEAD_TIME],
        note: "Van het formele begin (de datum van het besluit) tot het oordeel, met de wachttijd erbij en zonder aftrek van opschorting. \
               Of de termijn van tien weken is gehaald staat bij de termijnen.",
        classify: by_lead_time,
        chart: Chart::Bars(0),
        ..INVESTIGATIONS
    },
    Definition {
        id: "wachtlijst",
        title: "Diensten waartoe is besloten: begonnen of op de wachtlijst",
        unit: "diensten",
        dimensions: &[&SERVICE, &BEGIN],
        note: "Een dienst telt in de maand van het formele begin: de datum van het besluit. Wacht nog: formeel begonnen, en feitelijk nog \
               niet op de datum waarop dit rapport bekend is. De wachtlijst van die dag is wat nog wacht uit alle jaren samen.",
        classify: by_begin,
        share: Some(Share::Along(1)),
        chart: Chart::Shares(WAITS),
        ..WAITING
    },
    Definition {
        id: "wachttijd-onderzoek",
        title: "Begonnen onderzoeken naar wachttijd",
        unit: "begonnen onderzoeken",
        dimensions: &[&WAITING_TIME],
        note: "Van het formele tot het feitelijke begin, geteld in de maand van het formele begin. Wie nog wacht telt niet mee: de \
               wachttijd van de laatste maanden lijkt daardoor korter dan zij wordt.",
        classify: |fact| by_waiting_time(fact, Service::Investigation),
        chart: Chart::Bars(0),
        ..WAITING
    },
    Definition {
        id: "wachttijd-voorwaarden",
        title: "Begonnen diensten voorwaarden en vervolg naar wachttijd",
        unit: "begonnen diensten voorwaarden en vervolg",
        dimensions: &[&WAITING_TIME],
        note: "Van het formele tot het feitelijke begin, geteld in de maand van het formele begin. Wie nog wacht telt niet mee.",
        classify: |fact| by_waiting_time(fact, Service::Conditions),
        chart: Chart::Bars(0),
        ..WAITING
    },
    Definition {
        id: "voorwaarden-en-vervolg",
        title: "Afgeronde diensten voorwaarden en vervolg naar uitkomst",
        dimensions: &[&OUTCOME],
        note: "Een dienst telt in de maand waarin zij is afgerond, en heeft één uitkomst.",
        classify: by_conditions_outcome,
        published: Some(published("afgeronde diensten voorwaarden en vervolg", true)),
        ..CONDITIONS
    },
    Definition {
        id: "voorwaarden-naleving",
        title: "Toetsingen van veiligheidsvoorwaarden naar naleving",
        unit: "toetsingen",
        dimensions: &[&KEPT],
        note: "Elke toetsing telt in de maand waarin zij is gedaan; een voorwaarde kan vaker worden getoetst.",
        kinds: &[Kind::ConditionReview],
        classify: by_kept,
        ..CONDITIONS
    },
];

fn by_end(fact: &Fact) -> Vec<Cells<'_>> {
    match fact {
        Fact::Case(Step::Investigation { early: Some(reason), .. }) => {
            vec![vec![vec![TOTAL, EARLY, reason.as_str()]]]
        }
        Fact::Case(Step::Investigation { early: None, .. }) => vec![vec![vec![TOTAL, JUDGED]]],
        _ => vec![],
    }
}

/// Per counted form the outcomes that were found: a special form may be judged otherwise than what it counts under.
fn by_finding(fact: &Fact) -> Vec<Cells<'_>> {
    let Fact::Case(Step::Judgement { findings }) = fact else { return vec![] };
    let mut all: Vec<Cells<'_>> = vec![];
    for finding in findings {
        let form = dimension::counted_form(&finding.form);
        let outcome = finding.outcome.as_str();
        match all.iter_mut().find(|cells| cells[0] == [form]) {
            Some(cells) if cells[1].contains(&outcome) => {}
            Some(cells) => cells[1].push(outcome),
            None => all.push(vec![vec![form], vec![TOTAL, outcome]]),
        }
    }
    all
}

fn by_nature(fact: &Fact) -> Vec<Cells<'_>> {
    let Fact::Case(Step::Established { natures }) = fact else { return vec![] };
    vec![vec![plain_each(natures)]]
}

fn by_lead_time(fact: &Fact) -> Vec<Cells<'_>> {
    match fact {
        Fact::Case(Step::Investigation { early: None, days }) => {
            vec![vec![vec![TOTAL, class(*days, LASTED)]]]
        }
        _ => vec![],
    }
}

fn by_begin(fact: &Fact) -> Vec<Cells<'_>> {
    let Fact::Case(Step::Service { service, begin }) = fact else { return vec![] };
    let service = match service {
        Service::Investigation => "onderzoek",
        Service::Conditions => "voorwaarden",
    };
    let begin = match begin {
        Begin::Waiting => WAITS,
        Begin::After(_) => BEGUN,
        Begin::Never => NEVER_BEGUN,
    };
    vec![vec![vec![service], vec![TOTAL, begin]]]
}

fn by_waiting_time(fact: &Fact, wanted: Service) -> Vec<Cells<'_>> {
    match fact {
        Fact::Case(Step::Service { service, begin: Begin::After(days) }) if *service == wanted => {
            vec![vec![vec![TOTAL, class(*days, WAITED)]]]
        }
        _ => vec![],
    }
}

fn by_conditions_outcome(fact: &Fact) -> Vec<Cells<'_>> {
    let Fact::Case(Step::Conditions { outcome, .. }) = fact else { return vec![] };
    vec![vec![plain(outcome)]]
}

fn by_kept(fact: &Fact) -> Vec<Cells<'_>> {
    let Fact::Case(Step::ConditionReview { kept }) = fact else { return vec![] };
    vec![vec![plain(kept)]]
}
