//! A small, fixed list of counts for the tests: one organisation over five years, with at least one fact of every kind.

use crate::disclosure::Profile;
use crate::fact::{Counted, Fact, Month, Unit};
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
    facts.into_iter().map(|(count, fact)| counted(month, count, fact)).collect()
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
        }],
        profile,
        boundaries: Boundaries::OfTheDate,
    }
}
