//! Sentences about meldingen; each rule of law has its own.

use super::*;
use crate::moment::Moment;
use crate::scenario::{day, given, id};
use uuid::Uuid;

const MOTHER: Uuid = Uuid::from_u128(10);
const SON: Uuid = Uuid::from_u128(11);

fn person(id: Uuid, role: &'static str, age: u8) -> Person {
    Person {
        address_hidden: None,
        id,
        roles: vec![Code::of(role)],
        sex: Code::of("vrouw"),
        age: Some(age),
        unborn: false,
    }
}

fn pair(form: &'static str) -> Pair {
    Pair {
        victim: MOTHER,
        perpetrator: SON,
        relation: Code::of("ouder"),
        current_or_former: Code::of("niet-van-toepassing"),
        cohabiting: Code::of("ja"),
        forms: vec![Code::of(form)],
        natures: vec![],
        certainty: Code::of("vermoed"),
    }
}

fn content() -> Content {
    Content {
        received: Moment::on(day("2026-03-02")),
        channel: Code::of("landelijk-nummer"),
        contact: None,
        melder: Melder {
            hoedanigheid: Code::of("huisarts"),
            organisation: None,
            hidden_from_family: true,
        },
        municipality: Code::of("0106"),
        persons: vec![person(MOTHER, "slachtoffer", 82), person(SON, "pleger", 51)],
        pairs: vec![pair("ouderenmishandeling")],
        forms: vec![],
        natures: vec![],
        duration: None,
        children: None,
        acute_danger: Code::of("nee"),
    }
}

fn received() -> Event {
    Event::Received(content())
}

fn assess(on: &str) -> Command {
    Command::Assess { on: day(on), follow_up: Code::of("overdracht"), unsafety: vec![] }
}

fn assessed() -> Event {
    Event::Assessed(Assessment {
        on: day("2026-03-05"),
        follow_up: Code::of("overdracht"),
        unsafety: vec![],
        due_on: day("2026-03-09"),
    })
}

fn withdraw() -> Command {
    Command::Withdraw { reason: Code::of("anders"), on: day("2026-03-05") }
}

fn withdrawn() -> Event {
    Event::Withdrawn { reason: Code::of("anders"), on: day("2026-03-05") }
}

fn correct() -> Command {
    let changes = Changes { municipality: Some(Code::of("0114")), ..Changes::default() };
    Command::Correct { reason: Code::of("verkeerde-gemeente"), changes }
}

fn refused_receipt(content: Content, at: &'static str, why: Why) {
    given::<Melding>([])
        .when("2026-03-05", Command::Receive(content))
        .refused(Refusal::Invalid(vec![Fault { at, why }]));
}

fn correct_receipt(on: &str) -> Command {
    let changes = Changes { received: Some(Moment::on(day(on))), ..Changes::default() };
    Command::Correct { reason: Code::of("invoerfout"), changes }
}

#[test]
fn a_melding_is_not_received_after_its_assessment() {
    let Event::Assessed(assessment) = assessed() else { unreachable!() };
    let later = (assessment.on + chrono::Days::new(1)).to_string();
    given::<Melding>([received(), assessed()]).when(&later, correct_receipt(&later)).refused(
        Refusal::Invalid(vec![Fault {
            at: "received",
            why: Why::AfterTheAssessment(assessment.on),
        }]),
    );
}

#[test]
fn whether_an_assessment_was_in_time_follows_a_corrected_day_of_receipt() {
    let Command::Correct { reason, changes } = correct_receipt("2026-03-03") else {
        unreachable!()
    };
    let corrected = Event::Corrected { reason, changes };
    let past = [received(), assessed(), corrected];
    let state = past.iter().fold(Melding::default(), Melding::evolve);
    let Melding::Assessed(_, assessment) = state else { panic!("{state:?}") };
    assert_eq!(assessment.due_on, day("2026-03-10"));
}

#[test]
fn every_pair_of_state_and_command_is_decided() {
    let none = || given::<Melding>([]);
    let waiting = || given::<Melding>([received()]);
    let done = || given::<Melding>([received(), assessed()]);
    let turned = || given::<Melding>([received(), withdrawn()]);
    let receive = || Command::Receive(content());
    none().when("2026-03-05", receive()).then([received()]);
    none().when("2026-03-05", correct()).refused(Refusal::NoSuchMelding);
    none().when("2026-03-05", assess("2026-03-05")).refused(Refusal::NoSuchMelding);
    none().when("2026-03-05", withdraw()).refused(Refusal::NoSuchMelding);
    waiting().when("2026-03-05", receive()).refused(Refusal::ReceivedBefore);
    assert_eq!(waiting().when("2026-03-05", correct()).events().len(), 1);
    waiting().when("2026-03-05", assess("2026-03-05")).then([assessed()]);
    waiting().when("2026-03-05", withdraw()).then([withdrawn()]);
    done().when("2026-03-05", receive()).refused(Refusal::ReceivedBefore);
    assert_eq!(done().when("2026-03-05", correct()).events().len(), 1);
    done().when("2026-03-05", assess("2026-03-05")).refused(Refusal::AssessedBefore);
    done().when("2026-03-05", withdraw()).refused(Refusal::AssessedBefore);
    turned().when("2026-03-05", receive()).refused(Refusal::ReceivedBefore);
    assert_eq!(turned().when("2026-03-05", correct()).events().len(), 1);
    turned().when("2026-03-05", assess("2026-03-05")).refused(Refusal::WithdrawnBefore);
    turned().when("2026-03-05", withdraw()).refused(Refusal::WithdrawnBefore);
}

/// Informatieprotocol 2025 par. 3.1.2: a decision is neither changed nor overwritten.
#[test]
fn nothing_is_assessed_twice() {
    given::<Melding>([received(), assessed()])
        .when("2026-03-06", assess("2026-03-06"))
        .refused(Refusal::AssessedBefore);
}

/// Uitvoeringsbesluit Wmo 2015 art. 4.1.7 lid 1.
#[test]
fn the_assessment_keeps_the_last_day_of_its_term_by_the_rules_of_that_day() {
    given::<Melding>([received()]).when("2026-03-20", assess("2026-03-05")).then([assessed()]);
}

#[test]
fn an_assessment_does_not_precede_the_melding_nor_lie_in_the_future() {
    let before = Fault { at: "on", why: Why::BeforeReceipt(day("2026-03-02")) };
    given::<Melding>([received()])
        .when("2026-03-05", assess("2026-03-01"))
        .refused(Refusal::Invalid(vec![before]));
    let future = Fault { at: "on", why: Why::Future(day("2026-03-06")) };
    given::<Melding>([received()])
        .when("2026-03-05", assess("2026-03-06"))
        .refused(Refusal::Invalid(vec![future]));
}

/// Informatieprotocol 2025 par. 8: elder abuse from 65.
#[test]
fn elder_abuse_is_from_65() {
    let at_65 = Content {
        persons: vec![person(MOTHER, "slachtoffer", 65), person(SON, "pleger", 40)],
        ..content()
    };
    assert_eq!(given::<Melding>([]).when("2026-03-05", Command::Receive(at_65)).events().len(), 1);
    let at_64 = Content {
        persons: vec![person(MOTHER, "slachtoffer", 64), person(SON, "pleger", 40)],
        ..content()
    };
    refused_receipt(at_64, "pairs", Why::TooYoungForElderAbuse(MOTHER, 64));
}

/// Informatieprotocol 2025 par. 8: violence against parents below 65.
#[test]
fn violence_against_parents_is_below_65() {
    let it = Content { pairs: vec![pair("geweld-tegen-ouders")], ..content() };
    refused_receipt(it, "pairs", Why::TooOldForParentAbuse(MOTHER, 82));
}

#[test]
fn a_relation_names_persons_of_the_melding_in_their_roles() {
    let stranger = id(99);
    let unknown = Pair { perpetrator: stranger, ..pair("ouderenmishandeling") };
    refused_receipt(
        Content { pairs: vec![unknown], ..content() },
        "pairs",
        Why::UnknownPerson(stranger),
    );
    let persons = vec![person(MOTHER, "slachtoffer", 82), person(SON, "gezinslid", 51)];
    refused_receipt(Content { persons, ..content() }, "pairs", Why::RoleMissing(SON, "pleger"));
}

#[test]
fn one_person_may_be_victim_and_perpetrator_but_not_of_himself() {
    let both = |id| Person {
        roles: vec![Code::of("slachtoffer"), Code::of("pleger")],
        ..person(id, "slachtoffer", 40)
    };
    let there = pair("ex-partnergeweld");
    let back = Pair { victim: SON, perpetrator: MOTHER, ..there.clone() };
    let it = Content {
        persons: vec![both(MOTHER), both(SON)],
        pairs: vec![there.clone(), back],
        ..content()
    };
    assert_eq!(given::<Melding>([]).when("2026-03-05", Command::Receive(it)).events().len(), 1);
    let himself = Pair { perpetrator: MOTHER, ..there };
    let it = Content { persons: vec![both(MOTHER)], pairs: vec![himself], ..content() };
    refused_receipt(it, "pairs", Why::SamePerson(MOTHER));
}

#[test]
fn an_unborn_child_has_no_age() {
    let unborn = |age| Person { age, unborn: true, ..person(SON, "pleger", 0) };
    let persons = |age| vec![person(MOTHER, "slachtoffer", 82), unborn(age)];
    let it = Content { persons: persons(None), ..content() };
    assert_eq!(given::<Melding>([]).when("2026-03-05", Command::Receive(it)).events().len(), 1);
    let it = Content { persons: persons(Some(0)), ..content() };
    refused_receipt(it, "persons", Why::UnbornWithAge(SON));
}

/// Acute danger is checked at once on receipt; not asked is no answer.
#[test]
fn acute_danger_is_checked_on_receipt() {
    let it = Content { acute_danger: Code::of("niet-gevraagd"), ..content() };
    refused_receipt(it, "acute_danger", Why::AcuteDangerNotChecked);
}

#[test]
fn all_faults_are_named_at_once() {
    let it = Content {
        received: Moment::on(day("2026-03-06")),
        pairs: vec![pair("geweld-tegen-ouders"), pair("geweld-tegen-ouders")],
        acute_danger: Code::of("niet-gevraagd"),
        ..content()
    };
    assert_eq!(Command::Receive(it).faults(&crate::scenario::stamp("2026-03-05")).len(), 5);
}

#[test]
fn a_correction_may_not_make_the_melding_impossible() {
    let changes =
        Changes { persons: Some(vec![person(MOTHER, "slachtoffer", 82)]), ..Changes::default() };
    given::<Melding>([received()])
        .when("2026-03-05", Command::Correct { reason: Code::of("invoerfout"), changes })
        .refused(Refusal::Invalid(vec![Fault { at: "pairs", why: Why::UnknownPerson(SON) }]));
}

#[test]
fn who_told_it_is_sealed_once_somebody_works_on_it_or_it_was_decided_on_unless_he_need_not_be_hidden()
 {
    let seals = |hidden, history: &[Event], worked_on| {
        let melder = Melder { hidden_from_family: hidden, ..content().melder };
        let received = Event::Received(Content { melder, ..content() });
        let history = [received].into_iter().chain(history.iter().cloned());
        history.fold(Melding::default(), |it, event| it.evolve(&event)).seals_melder(worked_on)
    };
    let withdrawn = Event::Withdrawn { reason: Code::of("anders"), on: day("2026-03-05") };
    assert!(!seals(true, &[], false));
    assert!(seals(true, &[], true));
    assert!(seals(true, std::slice::from_ref(&withdrawn), false));
    assert!(!seals(false, &[withdrawn], true));
}
