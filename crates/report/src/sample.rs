//! A small, fixed list of counts for the tests: one organisation over five years, with at least one fact of every kind.

use crate::disclosure::Profile;
use crate::fact::{Begin, Counted, Fact, Finding, Informed, Month, Service, Step, Unit, Watched};
use crate::trend::{Question, Standing};
use domain::area::Boundaries;
use domain::codes::Code;

pub(crate) fn codes(all: &[&str]) -> Vec<Code> {
    all.iter().map(|it| Code::from(*it)).collect()
}

pub(crate) fn code(it: &str) -> Code {
    Code::from(it)
}

pub(crate) fn counted(month: Month, count: i64, fact: Fact) -> Counted {
    Counted { fact, months: vec![(month, count)] }
}

pub(crate) fn melding_place(municipality: &str, forms: &[&str]) -> Fact {
    Fact::MeldingPlace { municipality: code(municipality), forms: codes(forms) }
}

pub(crate) fn melding(hoedanigheid: &str, organisation: Option<&str>, forms: &[&str]) -> Fact {
    let organisation = organisation.map(Code::from);
    Fact::Melding { hoedanigheid: code(hoedanigheid), organisation, forms: codes(forms) }
}

pub(crate) fn person(roles: &[&str], sex: &str, age: Option<u8>, forms: &[&str]) -> Fact {
    Fact::Person { roles: codes(roles), sex: code(sex), age, forms: codes(forms) }
}

pub(crate) fn pair(relation: &str, victim: &str, perpetrator: &str, forms: &[&str]) -> Fact {
    Fact::Pair {
        relation: code(relation),
        victim_sex: code(victim),
        perpetrator_sex: code(perpetrator),
        forms: codes(forms),
    }
}

fn assessment(follow_up: &str, unsafety: &[&str], within_norm: bool) -> Fact {
    let working_days = if within_norm { 4 } else { 9 };
    Fact::Assessment {
        follow_up: code(follow_up),
        unsafety: codes(unsafety),
        working_days,
        within_norm,
    }
}

fn handover(to: &str, accepted_after: Option<u16>, returned: Option<&str>) -> Step {
    Step::Handover {
        to: code(to),
        warm: code("ja"),
        accepted_after,
        started: accepted_after == Some(2),
        returned: returned.map(Code::from),
    }
}

fn measure(kind: &str, imposed: bool, extended: bool) -> Step {
    Step::Measure { kind: code(kind), imposed, consulted: code("ja"), extended }
}

fn informing(outcome: Informed, postponed: u32) -> Step {
    Step::Informing { outcome, postponed }
}

/// What holds of services in one month.
fn services(n: i64) -> Vec<(i64, Step)> {
    let service = |service, begin| Step::Service { service, begin };
    let finding = |form: &str, outcome: &str| Finding { form: code(form), outcome: code(outcome) };
    let findings = vec![
        finding("ex-partnergeweld", "niet-bevestigd"),
        finding("kindermishandeling", "bevestigd"),
    ];
    let early = Some(code("overleden"));
    vec![
        (4 * n, service(Service::Investigation, Begin::After(6))),
        (2 * n, service(Service::Investigation, Begin::Waiting)),
        (n, service(Service::Investigation, Begin::Never)),
        (3 * n, service(Service::Conditions, Begin::After(60))),
        (3 * n, Step::Investigation { early: None, days: 70 }),
        (n, Step::Investigation { early, days: 20 }),
        (3 * n, Step::Judgement { findings }),
        (3 * n, Step::Established { natures: codes(&["psychisch-geweld"]) }),
        (2 * n, Step::Conditions { outcome: code("veilig"), days: 68 }),
        (2 * n, Step::ConditionReview { kept: code("nagekomen") }),
        (n, Step::ConditionReview { kept: code("niet-nagekomen") }),
    ]
}

/// What holds of others and of what is watched over in one month.
fn others(n: i64) -> Vec<(i64, Step)> {
    let held = |safe: &str| Watched::Held { safe: code(safe), by: code("veilig-thuis") };
    let region = |code: &str| code.parse().unwrap();
    let incident = |kind: &str, reported, outcome: Option<&str>| Step::Incident {
        kind: code(kind),
        reported,
        outcome: outcome.map(Code::from),
    };
    let reason = || code("verhuizing");
    vec![
        (5 * n, handover("lokaal-veld", Some(2), None)),
        (2 * n, handover("lokaal-veld", Some(9), Some("niet-passend"))),
        (2 * n, handover("jeugdhulpaanbieder", None, None)),
        (n, handover("jeugdhulpaanbieder", None, Some("geen-plaats"))),
        (3 * n, measure("tijdelijk-huisverbod", true, true)),
        (n, measure("tijdelijk-huisverbod", false, false)),
        (n, measure("aware", true, false)),
        (
            2 * n,
            Step::Multidisciplinary {
                reason: code("ernstig-en-complex"),
                asked: 2,
                taking_part: 1,
                unanswered: 0,
            },
        ),
        (2 * n, Step::Partner { discipline: code("politie"), answer: Some(code("ja")) }),
        (2 * n, Step::Partner { discipline: code("medisch"), answer: Some(code("nee")) }),
        (
            n,
            Step::Junction {
                form: code("huwelijksdwang"),
                answered_after: Some(3),
                outcome: Some(code("advies-gegeven")),
            },
        ),
        (9 * n, informing(Informed::Within, 0)),
        (3 * n, informing(Informed::Late, 1)),
        (2 * n, informing(Informed::Exempt, 0)),
        (4 * n, informing(Informed::Open, 2)),
        (7 * n, Step::Told { whom: code("melder") }),
        (4 * n, Step::Moment { outcome: held("ja") }),
        (n, Step::Moment { outcome: held("nee") }),
        (2 * n, Step::Moment { outcome: Watched::Planned }),
        (n, Step::Moment { outcome: Watched::Cancelled }),
        (n, Step::Transfer { to: region("VT08"), reason: reason(), accepted: Some(code("ja")) }),
        (n, Step::Transfer { to: region("VT04"), reason: reason(), accepted: None }),
        (n, Step::TakenOver { from: region("VT08") }),
        (2 * n, incident("klacht", false, Some("ongegrond"))),
        (n, incident("calamiteit", true, None)),
    ]
}

/// What holds of the process in one month.
fn steps(n: i64) -> Vec<(i64, Fact)> {
    let municipality = |it: &str| code(it);
    let met = |kind: &str, it: &str, within| Fact::Deadline {
        kind: code(kind),
        municipality: municipality(it),
        within,
    };
    let outcome = |it: &str| Step::Closed { municipality: municipality("0106"), outcome: code(it) };
    let mut all = vec![
        (4 * n, Step::Opened { municipality: municipality("0106") }),
        (n, Step::Opened { municipality: municipality("0114") }),
        (2 * n, outcome("hulp-belegd")),
        (n, outcome("overgedragen")),
        (n, Step::Adapted { follow_up: code("overdracht") }),
    ];
    all.extend(services(n));
    all.extend(others(n));
    let deadlines = [
        (4 * n, met("veiligheidsbeoordeling", "0106", true)),
        (2 * n, met("veiligheidsbeoordeling", "0114", false)),
        (2 * n, met("onderzoek", "0106", true)),
        (n, met("onderzoek", "0106", false)),
    ];
    deadlines.into_iter().chain(all.into_iter().map(|(n, it)| (n, Fact::Case(it)))).collect()
}

/// What holds in one month; a larger number makes more of it.
fn month(month: Month, n: i64) -> Vec<Counted> {
    let child = &["kindermishandeling"][..];
    let both = &["ex-partnergeweld", "kindermishandeling"][..];
    let forced = &["eergerelateerd-geweld", "huwelijksdwang"][..];
    let elder = &["ouderenmishandeling"][..];
    let parents = &["geweld-tegen-ouders"][..];
    let nature = |natures: &[&str], duration: Option<&str>| Fact::MeldingNature {
        natures: codes(natures),
        duration: duration.map(Code::from),
    };
    let involved =
        |class: &str| Fact::Involvement { municipality: code("0106"), class: code(class) };
    let facts = [
        (9 * n, Fact::Contact { channel: code("landelijk-nummer") }),
        (4 * n, Fact::Contact { channel: code("chat") }),
        (8 * n, Fact::Conclusion { channel: code("landelijk-nummer"), outcome: code("advies") }),
        (n, Fact::Conclusion { channel: code("chat"), outcome: code("geen-gesprek") }),
        (
            5 * n,
            Fact::Advice {
                hoedanigheid: code("familielid"),
                organisation: None,
                forms: codes(child),
            },
        ),
        (5 * n, Fact::AdvicePlace { municipality: code("0106"), forms: codes(child) }),
        (5 * n, Fact::AdviceNature { natures: codes(&["psychisch-geweld"]) }),
        (6 * n, melding("politie", Some("politie"), both)),
        (2 * n, melding("onbekend", None, forced)),
        (n, melding("buurtbewoner", None, elder)),
        (6 * n, melding_place("0106", both)),
        (2 * n, melding_place("0114", forced)),
        (n, melding_place("0114", elder)),
        (6 * n, nature(&["lichamelijke-mishandeling", "psychisch-geweld"], Some("1-tot-5-jaar"))),
        (3 * n, nature(&[], None)),
        (4 * n, involved("eerste-melding")),
        (3 * n, involved("hermelding-meerdere-betrokkenen")),
        (2 * n, involved("vervolgmelding-tijdens-beoordeling")),
        (11 * n, Fact::FirstThisYear { municipality: code("0106") }),
        (3 * n, Fact::FirstThisYear { municipality: code("0114") }),
        (4 * n, Fact::Repeat { municipality: code("0106"), months: 1 }),
        (n, Fact::Repeat { municipality: code("0114"), months: 30 }),
        (6 * n, person(&["slachtoffer"], "vrouw", Some(34), both)),
        (6 * n, person(&["kind", "getuige"], "man", Some(7), both)),
        (2 * n, person(&["slachtoffer"], "man", None, forced)),
        (n, person(&["slachtoffer"], "man", Some(81), elder)),
        (6 * n, person(&["pleger"], "man", Some(36), both)),
        (6 * n, pair("ex-partner-ongehuwd", "vrouw", "man", both)),
        (n, pair("ouder", "man", "vrouw", elder)),
        (n, pair("ouder", "vrouw", "man", parents)),
        (5 * n, assessment("overdracht", &["structureel"], true)),
        (2 * n, assessment("vervolgstappen-bij-veilig-thuis", &[], false)),
        (9 * n, Fact::Entry { of: Unit::Melding, days: 0 }),
        (n, Fact::Entry { of: Unit::Melding, days: 31 }),
        (3 * n, Fact::Entry { of: Unit::Contact, days: 1 }),
        (n, Fact::Entry { of: Unit::Advice, days: 30 }),
    ];
    let facts = facts.into_iter().chain(steps(n));
    facts.map(|(count, fact)| counted(month, count, fact)).collect()
}

/// Counts of 2020, 2022 and 2023; nothing in 2019 and 2021.
pub(crate) fn counts() -> Vec<Counted> {
    [(202_003, 1), (202_207, 3), (202_301, 2), (202_312, 2)]
        .into_iter()
        .flat_map(|(at, n)| month(at, n))
        .collect()
}

pub(crate) fn question(profile: Profile) -> Question {
    Question {
        year: 2023,
        organisation: Some("VT02".parse().unwrap()),
        as_known_at: "2024-03-01T00:00:00Z".parse().unwrap(),
        standing: vec![Standing {
            organisation: "VT02".parse().unwrap(),
            position: 48_123,
            chain: "9f2c".to_owned(),
            signed: None,
        }],
        profile,
        boundaries: Boundaries::OfTheDate,
    }
}
