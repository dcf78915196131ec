//! Sentences about copies: every state with every command, and what a draft shows of a family file.

use super::*;
use crate::case::request::Event as Asked;
use crate::case::{self, conditions, incident, informing, measure};
use crate::concern::Part;
use crate::moment::Moment;
use crate::request::{Command as OfRequest, Event as Recorded, Kind, Outcome, Request};
use crate::scenario::{day, given, id, table};
use crate::{contact, melding};

const TODAY: &str = "2026-07-01";
const WOMAN: u128 = 10;
const MAN: u128 = 11;
const CASE: u128 = 20;
const MELDING: u128 = 30;

fn items() -> Vec<Item> {
    let item = |mark, reason| {
        let (stream, reason) = ("case".to_owned(), Code::of(reason));
        Item { stream, file: id(CASE), version: 1, part: Part::Whole, mark, reason }
    };
    vec![item(Mark::Shown, "gezin"), item(Mark::Masked, ORIGIN), item(Mark::Undecided, "nog-lezen")]
}

fn drafted() -> Event {
    let (case, on, position, chain) = (id(CASE), day("2026-06-10"), 7, "ab".to_owned());
    Event::Drafted { case, on, position, chain, items: items(), hidden: BTreeSet::new() }
}

fn weigh(item: u32, mark: Mark, reason: &'static str) -> Command {
    let weighings = vec![Weighing { item, mark, reason: Code::of(reason) }];
    Command::Weigh { on: day("2026-06-12"), weighings }
}

fn weighed() -> Event {
    let reason = Code::of("privacy-ander");
    let weighings = vec![Weighing { item: 3, mark: Mark::Masked, reason }];
    Event::Weighed { on: day("2026-06-12"), weighings }
}

fn after(steps: impl IntoIterator<Item = Event>) -> Vec<Recorded> {
    let received = crate::request::tests::content(Kind::Inspection);
    let steps = steps.into_iter().map(Recorded::Copy);
    std::iter::once(Recorded::Received(received)).chain(steps).collect()
}

#[test]
fn every_state_with_every_command() {
    let (case, on, position, chain) = (id(CASE), day("2026-06-15"), 9, String::new());
    let draft =
        Command::Draft { on, case, position, chain, items: items(), hidden: BTreeSet::new() };
    let commands = [
        ("draft", OfRequest::Copy(draft)),
        ("weigh", OfRequest::Copy(weigh(3, Mark::Masked, "privacy-ander"))),
        ("fix", OfRequest::Copy(Command::Fix { on })),
    ];
    let fixed = Event::Fixed { on: day("2026-06-13") };
    let states = [
        ("none", after([])),
        ("drafted", after([drafted()])),
        ("weighed", after([drafted(), weighed()])),
        ("fixed", after([drafted(), weighed(), fixed])),
    ];
    table::<Request>(
        TODAY,
        &states,
        &commands,
        "
        |       draft       weigh       fix
        none    drafted     NotDrafted  NotDrafted
        drafted drafted     weighed     Undecided
        weighed drafted     weighed     fixed
        fixed   FixedBefore FixedBefore FixedBefore
    ",
    );
}

/// Uitvoeringsbesluit Wmo 2015 art. 4.1.8 lid 3; Wmo 2015 art. 5.3.2.
#[test]
fn an_item_is_shown_or_masked_for_a_reason_of_that_and_a_hidden_origin_only_with_consent() {
    let wrong = |command| {
        let asked = given::<Request>(after([drafted()])).when(TODAY, OfRequest::Copy(command));
        let RequestRefusal::Invalid(faults) = asked.refusal() else { panic!("no fault") };
        faults.into_iter().map(|it| it.why).collect::<Vec<_>>()
    };
    assert_eq!(wrong(weigh(4, Mark::Masked, "privacy-ander")), [Why::NoSuchItem(4)]);
    assert_eq!(wrong(weigh(0, Mark::Masked, "privacy-ander")), [Why::NoSuchItem(0)]);
    assert_eq!(wrong(weigh(1, Mark::Masked, "gezin")), [Why::NotAReason(1, "afschermen")]);
    assert_eq!(wrong(weigh(1, Mark::Shown, "privacy-ander")), [Why::NotAReason(1, "tonen")]);
    assert_eq!(wrong(weigh(2, Mark::Shown, "al-bekend")), [Why::OriginIsHidden(2)]);
    let consents = weigh(2, Mark::Shown, MELDER_CONSENTS);
    let it = given::<Request>(after([drafted()])).when(TODAY, OfRequest::Copy(consents));
    assert_eq!(it.events().len(), 1);
}

#[test]
fn only_an_inspection_that_was_not_refused_or_done_has_a_copy() {
    let fix = || OfRequest::Copy(Command::Fix { on: day("2026-06-25") });
    let received = |kind| vec![Recorded::Received(crate::request::tests::content(kind))];
    let no_copy = RequestRefusal::Copy(Refusal::NoInspection);
    given::<Request>(received(Kind::Correction)).when(TODAY, fix()).refused(no_copy);
    let refused = crate::request::tests::decision(Outcome::Refused, &[]);
    let history = [received(Kind::Inspection), vec![Recorded::Decided(refused)]].concat();
    given::<Request>(history).when(TODAY, fix()).refused(RequestRefusal::NothingGranted);
}

fn person(number: u128) -> melding::Person {
    let (roles, sex) = (vec![Code::of("slachtoffer")], Code::of("vrouw"));
    melding::Person { id: id(number), roles, sex, age: None, unborn: false, address_hidden: None }
}

fn received(hidden: bool) -> Happened {
    let pair = melding::Pair {
        victim: id(WOMAN),
        perpetrator: id(MAN),
        relation: Code::of("kind"),
        current_or_former: Code::of("onbekend"),
        cohabiting: Code::of("ja"),
        forms: vec![],
        natures: vec![],
        certainty: Code::of("vermoed"),
    };
    let hoedanigheid = Code::of("huisarts");
    let melder = melding::Melder { hoedanigheid, organisation: None, hidden_from_family: hidden };
    Happened::Melding(melding::Event::Received(melding::Content {
        received: Moment::on(day("2026-03-02")),
        channel: Code::of("chat"),
        contact: Some(id(40)),
        melder,
        municipality: Code::of("0106"),
        persons: vec![person(WOMAN), person(MAN)],
        pairs: vec![pair],
        forms: vec![],
        natures: vec![],
        duration: None,
        children: None,
        acute_danger: Code::of("nee"),
    }))
}

fn of_case(event: case::Event) -> Happened {
    Happened::Case(event)
}

/// The marks of the draft for a person, each as it is written.
fn marks(records: &[(&'static str, u128, Happened, Vec<Uuid>)], for_whom: u128) -> Vec<String> {
    let records: Vec<Record<'_>> = (1..)
        .zip(records)
        .map(|(version, (stream, file, event, subjects))| {
            let (file, subjects) = (id(*file), subjects.clone());
            Record { stream, file, version, event, subjects }
        })
        .collect();
    let melding_of = BTreeMap::from([(id(40), id(MELDING))]);
    let items = draft(id(for_whom), &records, &melding_of);
    items.iter().map(|it| format!("{} {}", it.mark.code(), it.reason)).collect()
}

/// Wmo 2015 art. 5.3.2; Uitvoeringsbesluit Wmo 2015 art. 4.1.8 lid 3.
#[test]
fn of_a_melding_a_person_sees_himself_the_household_and_not_the_others_nor_the_melder() {
    let told = |hidden| {
        let subjects = vec![id(WOMAN), id(MAN), melder_subject(id(MELDING)), id(MELDING)];
        vec![
            ("melding", MELDING, received(hidden), subjects),
            (
                "contact",
                40,
                Happened::Contact(contact::Event::Concluded {
                    outcome: Code::of("melding"),
                    led_to: None,
                }),
                vec![],
            ),
        ]
    };
    let hidden = [
        "tonen gezin",
        "afschermen herkomst",
        "tonen over-betrokkene",
        "afschermen alleen-anderen",
        "tonen over-betrokkene",
        "tonen over-betrokkene",
        "afschermen alleen-anderen",
        "afschermen herkomst",
        "te-beoordelen nog-lezen",
        "afschermen herkomst",
    ];
    assert_eq!(marks(&told(true), WOMAN), hidden);
    let open = marks(&told(false), WOMAN);
    assert_eq!(
        (open[1].as_str(), open[9].as_str()),
        ("tonen herkomst-bekend", "tonen herkomst-bekend")
    );
}

/// Wmo 2015 art. 5.3.2: what is about another stays with him, also when it refers to something earlier, and with the words that came with it.
#[test]
fn what_follows_on_something_of_another_is_of_that_other_too() {
    let on = day("2026-03-10");
    let imposed = measure::Event::Imposed {
        measure: id(50),
        kind: Code::of("tijdelijk-huisverbod"),
        on,
        until: Some(day("2026-03-20")),
        person: Some(id(MAN)),
        consulted: Code::of("ja"),
    };
    let extended = measure::Event::Extended { measure: id(50), on, until: day("2026-04-01") };
    let agreed = conditions::Event::Agreed {
        service: id(51),
        condition: id(52),
        on,
        with: vec![id(MAN)],
        partners: vec![],
        review_on: None,
    };
    let kept = Code::of("nagekomen");
    let reviewed = conditions::Event::Reviewed { condition: id(52), on, kept, review_on: None };
    let way = Code::of("mondeling");
    let informed = informing::Event::Informed { person: id(WOMAN), on, way, due_on: None };
    let kind = Code::of("klacht");
    let incident = incident::Event::Recorded { incident: id(53), on, kind };
    let asked = Asked::Asked { request: id(54), person: id(MAN), kind: Kind::Inspection, on };
    let text = || vec![id(CASE)];
    let told = [
        ("case", CASE, of_case(case::Event::Opened { on }), text()),
        ("case", CASE, of_case(case::Event::Measure(imposed)), text()),
        ("case", CASE, of_case(case::Event::Measure(extended)), text()),
        ("case", CASE, of_case(case::Event::Conditions(agreed)), vec![]),
        ("case", CASE, of_case(case::Event::Conditions(reviewed)), vec![]),
        ("case", CASE, of_case(case::Event::Informing(informed)), text()),
        ("case", CASE, of_case(case::Event::Incident(incident)), vec![]),
        ("case", CASE, of_case(case::Event::Request(asked)), vec![]),
    ];
    let (other, own) = ("afschermen alleen-anderen", "tonen over-betrokkene");
    let (household, read) = ("tonen gezin", "te-beoordelen nog-lezen");
    let hers = [household, read, other, other, other, other, other, other, own, read, read, other];
    assert_eq!(marks(&told, WOMAN), hers);
    let his = [household, read, own, read, own, read, own, own, other, other, read, own];
    assert_eq!(marks(&told, MAN), his);
}
