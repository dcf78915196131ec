//! What is placed with others: handovers and whether they were accepted, measures, the multidisciplinary approach, the junction, and other
//! regions. Law: Veilig Thuis stays responsible until a handover is accepted ([`domain::law::HANDOVER`]).

use super::category::{self, Category, Rank};
use super::dimension::{self, Dimension, plain};
use super::time::{self, ANSWER_TIME, ANSWERED, NO_ANSWER, answered, class};
use super::{Cells, Chapter, Chart, Definition, Kind, Rows, Share, TOTAL};
use crate::fact::{Fact, Step};
use domain::codes::{ABANDONMENT, Code, FORCED_MARRIAGE, HUISVERBOD, List, YES};

const ACCEPTED: &str = "aanvaard";
const STARTED: &str = "hulp-begonnen";
const NOT_STARTED: &str = "hulp-nog-niet-begonnen";
const RETURNED: &str = "teruggegeven";
const REFUSED: &str = "zonder-aanvaarding";
const AFTERWARDS: &str = "na-aanvaarding";
const NOT_ACCEPTED: &str = "niet-aanvaard";
const CONSIDERED: &str = "overwogen";
const IMPOSED: &str = "opgelegd";
const EXTENDED: &str = "verlengd";
const UNFINISHED: &str = "nog-niet-afgerond";

static STANDING: Dimension = Dimension {
    name: "stand",
    heading: "Stand",
    categories: || {
        vec![
            Category::total(),
            Category::of(Rank::Group, ACCEPTED, "Aanvaard"),
            Category::of(Rank::Member, STARTED, "Aanvaard, hulp begonnen"),
            Category::of(Rank::Member, NOT_STARTED, "Aanvaard, hulp nog niet begonnen"),
            Category::of(Rank::Group, RETURNED, "Teruggegeven"),
            Category::of(Rank::Member, REFUSED, "Teruggegeven zonder te zijn aanvaard"),
            Category::of(Rank::Member, AFTERWARDS, "Teruggegeven na aanvaarding"),
            Category::value(NO_ANSWER, "Nog geen antwoord"),
        ]
    },
    ..dimension::KNOWN
};
static ANSWER: Dimension = Dimension {
    name: "stand",
    heading: "Stand",
    categories: || {
        vec![
            Category::total(),
            Category::value(ACCEPTED, "Aanvaard"),
            Category::value(RETURNED, "Teruggegeven"),
            Category::value(NO_ANSWER, "Nog geen antwoord"),
        ]
    },
    ..dimension::KNOWN
};
static ACCEPTANCE_TIME: Dimension = Dimension {
    name: "tijd",
    heading: "Tijd tot de aanvaarding",
    categories: || {
        let mut all = time::categories(ANSWERED);
        all.push(Category::value(NOT_ACCEPTED, "Niet aanvaard"));
        all
    },
    ..dimension::KNOWN
};
static RECEIVER: Dimension = Dimension {
    name: "organisatie",
    heading: "Soort organisatie",
    categories: || category::values(List::Receiver),
    ..dimension::KNOWN
};
static WARM: Dimension = Dimension {
    name: "warm",
    heading: "Vooraf zelf gesproken",
    categories: || category::list(List::YesNo),
    ..dimension::BASE
};
static RETURN_REASON: Dimension = Dimension {
    name: "reden",
    heading: "Reden van teruggave",
    categories: || category::list(List::ReturnReason),
    ..dimension::KNOWN
};
static MEASURE: Dimension = Dimension {
    name: "maatregel",
    heading: "Maatregel",
    categories: || category::values(List::Measure),
    ..dimension::KNOWN
};
static STAGE: Dimension = Dimension {
    name: "stand",
    heading: "Stand",
    categories: || {
        vec![
            Category::total(),
            Category::value(CONSIDERED, "Overwogen en niet opgelegd"),
            Category::value(IMPOSED, "Opgelegd"),
            Category::of(Rank::Part, EXTENDED, "Waarvan verlengd"),
        ]
    },
    ..dimension::KNOWN
};
static CONSULTED: Dimension = Dimension {
    name: "geraadpleegd",
    heading: "Veilig Thuis vooraf geraadpleegd",
    categories: || category::list(List::YesNo),
    ..dimension::BASE
};
static REASON: Dimension = Dimension {
    name: "reden",
    heading: "Reden",
    categories: || category::list(List::MultidisciplinaryReason),
    ..dimension::KNOWN
};
static TAKING_PART: Dimension = Dimension {
    name: "deelname",
    heading: "Deelname",
    categories: || {
        vec![
            Category::total(),
            Category::value("alle", "Alle gevraagde disciplines doen mee"),
            Category::value("deels", "Een deel van de disciplines doet mee"),
            Category::value("geen", "Geen discipline doet mee"),
            Category::value(NO_ANSWER, "Nog niet alle antwoorden"),
        ]
    },
    ..dimension::KNOWN
};
static DISCIPLINE: Dimension = Dimension {
    name: "discipline",
    heading: "Discipline",
    categories: || category::values(List::Discipline),
    ..dimension::KNOWN
};
static TAKES_PART: Dimension = Dimension {
    name: "antwoord",
    heading: "Doet mee",
    categories: || {
        let mut all = category::list(List::YesNo);
        all.push(Category::value(NO_ANSWER, "Nog geen antwoord"));
        all
    },
    ..dimension::BASE
};
static JUNCTION_FORM: Dimension = Dimension {
    name: "vorm",
    heading: "Vorm van geweld",
    categories: || {
        category::chosen(List::Form, |it| [FORCED_MARRIAGE, ABANDONMENT].contains(&&*it.code))
    },
    ..dimension::KNOWN
};
static JUNCTION_OUTCOME: Dimension = Dimension {
    name: "uitkomst",
    heading: "Uitkomst",
    categories: || {
        let mut all = category::list(List::JunctionOutcome);
        all.push(Category::value(UNFINISHED, "Nog niet afgerond"));
        all
    },
    ..dimension::KNOWN
};

const HANDOVERS: Definition = Definition {
    chapter: Chapter::Handovers,
    unit: "verzonden overdrachten",
    kinds: &[Kind::Handover],
    chart: Chart::Bars(0),
    ..Definition::BASE
};
const MEASURES: Definition = Definition {
    chapter: Chapter::Measures,
    unit: "maatregelen",
    kinds: &[Kind::Measure],
    ..HANDOVERS
};
const MULTIDISCIPLINARY: Definition = Definition {
    chapter: Chapter::Multidisciplinary,
    unit: "ingebrachte casussen",
    kinds: &[Kind::Multidisciplinary],
    ..HANDOVERS
};
const JUNCTION: Definition = Definition {
    chapter: Chapter::Multidisciplinary,
    unit: "overleggen met het knooppunt",
    kinds: &[Kind::Junction],
    ..HANDOVERS
};

pub(super) const TABLES: &[Definition] = &[
    Definition {
        id: "overdrachten-aanvaard",
        title: "Overdrachten: aanvaard of niet",
        dimensions: &[&STANDING],
        note: "Een overdracht telt in de maand waarin zij is verzonden. Zij is pas aanvaard als de andere organisatie dat heeft gezegd; tot \
               dan, en na teruggave, is Veilig Thuis verantwoordelijk voor het zicht op veiligheid.",
        classify: by_standing,
        ..HANDOVERS
    },
    Definition {
        id: "overdrachten-naar-soort-organisatie",
        title: "Overdrachten naar soort organisatie, aanvaard of niet",
        dimensions: &[&RECEIVER, &ANSWER],
        note: "Een casus kan aan meer dan één organisatie worden overgedragen: elke overdracht telt. Organisaties zonder overdracht \
               staan er niet in.",
        classify: by_receiver,
        rows: Rows::OfCounted,
        share: Some(Share::Along(1)),
        chart: Chart::Shares(ACCEPTED),
        ..HANDOVERS
    },
    Definition {
        id: "overdrachten-tijd-tot-aanvaarding",
        title: "Overdrachten naar tijd tot de aanvaarding",
        dimensions: &[&ACCEPTANCE_TIME],
        note: "Van verzending tot aanvaarding. Niet aanvaard: er is nog geen antwoord, of de overdracht is zonder aanvaarding teruggegeven. \
               Een norm voor deze tijd is niet bekend.",
        classify: by_acceptance_time,
        ..HANDOVERS
    },
    Definition {
        id: "overdrachten-warm",
        title: "Overdrachten: warm of niet",
        dimensions: &[&WARM],
        note: "Warm: de andere professional is op de hoogte en kan beginnen voordat de overdracht is verzonden.",
        classify: by_warm,
        ..HANDOVERS
    },
    Definition {
        id: "overdrachten-teruggegeven",
        title: "Teruggegeven overdrachten naar reden",
        unit: "teruggegeven overdrachten",
        dimensions: &[&RETURN_REASON],
        note: "Met en zonder eerdere aanvaarding, geteld in de maand waarin de overdracht was verzonden.",
        classify: by_return_reason,
        ..HANDOVERS
    },
    Definition {
        id: "maatregelen",
        title: "Maatregelen naar soort, overwogen of opgelegd",
        dimensions: &[&MEASURE, &STAGE],
        note: "Maatregelen in casussen van Veilig Thuis, in de maand waarin zij zijn opgelegd of overwogen. Het zijn niet alle maatregelen \
               in de regio: wat de burgemeester of de rechter oplegt zonder dat Veilig Thuis het weet, staat er niet in.",
        classify: by_measure,
        rows: Rows::OfCounted,
        share: Some(Share::Along(1)),
        chart: Chart::Shares(IMPOSED),
        ..MEASURES
    },
    Definition {
        id: "huisverboden-raadpleging",
        title: "Tijdelijke huisverboden: Veilig Thuis vooraf geraadpleegd of niet",
        unit: "tijdelijke huisverboden",
        dimensions: &[&CONSULTED],
        note: "Overwogen en opgelegde huisverboden samen. Zijn er kinderen bij betrokken, dan raadpleegt de burgemeester Veilig Thuis vooraf.",
        classify: by_consulted,
        ..MEASURES
    },
    Definition {
        id: "multidisciplinaire-aanpak",
        title: "Casussen ingebracht in de multidisciplinaire aanpak naar reden en deelname",
        dimensions: &[&REASON, &TAKING_PART],
        note: "Een casus telt in de maand waarin zij is ingebracht. Of een discipline meedoet telt pas als zij heeft geantwoord.",
        classify: by_reason,
        rows: Rows::Counted,
        ..MULTIDISCIPLINARY
    },
    Definition {
        id: "multidisciplinaire-aanpak-naar-discipline",
        title: "Gevraagde disciplines in de multidisciplinaire aanpak en hun antwoord",
        unit: "gevraagde disciplines",
        dimensions: &[&DISCIPLINE, &TAKES_PART],
        note: "In één casus worden meestal meer disciplines gevraagd: elke telt. Disciplines die niet zijn gevraagd staan er niet in.",
        kinds: &[Kind::Partner],
        classify: by_discipline,
        rows: Rows::OfCounted,
        share: Some(Share::Along(1)),
        chart: Chart::Shares(YES),
        ..MULTIDISCIPLINARY
    },
    Definition {
        id: "knooppunt",
        title: "Overleg met het Landelijk Knooppunt Huwelijksdwang en Achterlating naar vorm en uitkomst",
        dimensions: &[&JUNCTION_FORM, &JUNCTION_OUTCOME],
        note: "Een overleg telt in de maand waarin het knooppunt is gevraagd.",
        classify: by_junction,
        rows: Rows::Counted,
        ..JUNCTION
    },
    Definition {
        id: "knooppunt-antwoordtijd",
        title: "Overleg met het knooppunt naar tijd tot het antwoord",
        dimensions: &[&ANSWER_TIME],
        note: "Van de vraag tot het antwoord. Een norm voor deze tijd is niet bekend.",
        classify: by_junction_time,
        ..JUNCTION
    },
];

fn by_standing(fact: &Fact) -> Vec<Cells<'_>> {
    let Fact::Case(Step::Handover { accepted_after, started, returned, .. }) = fact else {
        return vec![];
    };
    let cells = match (accepted_after, returned) {
        (None, Some(_)) => vec![TOTAL, RETURNED, REFUSED],
        (Some(_), Some(_)) => vec![TOTAL, RETURNED, AFTERWARDS],
        (Some(_), None) if *started => vec![TOTAL, ACCEPTED, STARTED],
        (Some(_), None) => vec![TOTAL, ACCEPTED, NOT_STARTED],
        (None, None) => vec![TOTAL, NO_ANSWER],
    };
    vec![vec![cells]]
}

fn by_receiver(fact: &Fact) -> Vec<Cells<'_>> {
    let Fact::Case(Step::Handover { to, accepted_after, returned, .. }) = fact else {
        return vec![];
    };
    let answer = match (accepted_after, returned) {
        (_, Some(_)) => RETURNED,
        (Some(_), None) => ACCEPTED,
        (None, None) => NO_ANSWER,
    };
    vec![vec![vec![to.as_str()], vec![TOTAL, answer]]]
}

fn by_acceptance_time(fact: &Fact) -> Vec<Cells<'_>> {
    let Fact::Case(Step::Handover { accepted_after, .. }) = fact else { return vec![] };
    let time = accepted_after.map_or(NOT_ACCEPTED, |days| class(days, ANSWERED));
    vec![vec![vec![TOTAL, time]]]
}

fn by_warm(fact: &Fact) -> Vec<Cells<'_>> {
    let Fact::Case(Step::Handover { warm, .. }) = fact else { return vec![] };
    vec![vec![plain(warm)]]
}

fn by_return_reason(fact: &Fact) -> Vec<Cells<'_>> {
    match fact {
        Fact::Case(Step::Handover { returned: Some(reason), .. }) => vec![vec![plain(reason)]],
        _ => vec![],
    }
}

fn by_measure(fact: &Fact) -> Vec<Cells<'_>> {
    let Fact::Case(Step::Measure { kind, imposed, extended, .. }) = fact else { return vec![] };
    let stage = match (imposed, extended) {
        (false, _) => vec![TOTAL, CONSIDERED],
        (true, false) => vec![TOTAL, IMPOSED],
        (true, true) => vec![TOTAL, IMPOSED, EXTENDED],
    };
    vec![vec![vec![kind.as_str()], stage]]
}

fn by_consulted(fact: &Fact) -> Vec<Cells<'_>> {
    match fact {
        Fact::Case(Step::Measure { kind, consulted, .. }) if *kind == HUISVERBOD => {
            vec![vec![plain(consulted)]]
        }
        _ => vec![],
    }
}

fn by_reason(fact: &Fact) -> Vec<Cells<'_>> {
    let Fact::Case(Step::Multidisciplinary { reason, asked, taking_part, unanswered }) = fact
    else {
        return vec![];
    };
    let part = match (taking_part, unanswered) {
        (_, 1..) => NO_ANSWER,
        (0, 0) => "geen",
        (some, 0) if some < asked => "deels",
        (_, 0) => "alle",
    };
    vec![vec![plain(reason), vec![TOTAL, part]]]
}

fn by_discipline(fact: &Fact) -> Vec<Cells<'_>> {
    let Fact::Case(Step::Partner { discipline, answer }) = fact else { return vec![] };
    let answer = answer.as_ref().map_or(NO_ANSWER, Code::as_str);
    vec![vec![vec![discipline.as_str()], vec![TOTAL, answer]]]
}

fn by_junction(fact: &Fact) -> Vec<Cells<'_>> {
    let Fact::Case(Step::Junction { form, outcome, .. }) = fact else { return vec![] };
    let outcome = outcome.as_ref().map_or(UNFINISHED, Code::as_str);
    vec![vec![plain(form), vec![TOTAL, outcome]]]
}

fn by_junction_time(fact: &Fact) -> Vec<Cells<'_>> {
    let Fact::Case(Step::Junction { answered_after, .. }) = fact else { return vec![] };
    vec![vec![vec![TOTAL, answered(*answered_after)]]]
}
