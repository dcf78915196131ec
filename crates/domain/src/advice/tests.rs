//! Sentences about adviezen.

use super::*;
use crate::scenario::{day, given};

fn content() -> Content {
    Content {
        started: Moment::on(day("2026-03-02")),
        channel: Code::of("chat"),
        contact: None,
        hoedanigheid: Code::of("buurtbewoner"),
        organisation: None,
        municipality: Code::of("0106"),
        forms: vec![Code::of("ouderenmishandeling")],
        natures: vec![],
        duration: None,
    }
}

fn close(on: &str) -> Command {
    Command::Close { on: day(on) }
}

fn correct() -> Command {
    let changes = Changes { municipality: Some(Code::of("0114")), ..Changes::default() };
    Command::Correct { reason: Code::of("invoerfout"), changes }
}

fn add() -> Command {
    let on = Moment::on(day("2026-03-03"));
    Command::AddContact { on, channel: Code::of("chat"), contact: None }
}

#[test]
fn every_pair_of_state_and_command_is_decided() {
    let started = || Event::Started(content());
    let closed = || Event::Closed { on: day("2026-03-03") };
    let none = || given::<Advice>([]);
    let open = || given::<Advice>([started()]);
    let done = || given::<Advice>([started(), closed()]);
    none().when("2026-03-04", Command::Start(content())).then([started()]);
    none().when("2026-03-04", add()).refused(Refusal::NoSuchAdvice);
    none().when("2026-03-04", correct()).refused(Refusal::NoSuchAdvice);
    none().when("2026-03-04", close("2026-03-03")).refused(Refusal::NoSuchAdvice);
    open().when("2026-03-04", Command::Start(content())).refused(Refusal::StartedBefore);
    assert_eq!(open().when("2026-03-04", add()).events().len(), 1);
    assert_eq!(open().when("2026-03-04", correct()).events().len(), 1);
    open().when("2026-03-04", close("2026-03-03")).then([closed()]);
    done().when("2026-03-04", Command::Start(content())).refused(Refusal::StartedBefore);
    done().when("2026-03-04", add()).refused(Refusal::ClosedBefore);
    assert_eq!(done().when("2026-03-04", correct()).events().len(), 1);
    done().when("2026-03-04", close("2026-03-03")).refused(Refusal::ClosedBefore);
}

#[test]
fn a_correction_keeps_the_reason_and_replaces_only_what_it_names() {
    let events =
        given::<Advice>([Event::Started(content())]).when("2026-03-04", correct()).events();
    let state =
        events.iter().fold(Advice::default().evolve(&Event::Started(content())), Advice::evolve);
    let Advice::Started { content: now, .. } = state else { panic!("it was started") };
    assert_eq!((now.municipality.as_str(), &now.forms), ("0114", &content().forms));
}

#[test]
fn an_advies_is_not_closed_before_it_started() {
    given::<Advice>([Event::Started(content())]).when("2026-03-04", close("2026-03-01")).refused(
        Refusal::Invalid(vec![Fault { at: "on", why: Why::BeforeReceipt(day("2026-03-02")) }]),
    );
}

#[test]
fn an_advies_says_what_it_is_about() {
    let empty = Content { forms: vec![], ..content() };
    given::<Advice>([])
        .when("2026-03-04", Command::Start(empty))
        .refused(Refusal::Invalid(vec![Fault { at: "forms", why: Why::NoForm }]));
}

#[test]
fn an_empty_correction_is_refused() {
    let command = Command::Correct { reason: Code::of("anders"), changes: Changes::default() };
    given::<Advice>([Event::Started(content())])
        .when("2026-03-04", command)
        .refused(Refusal::Invalid(vec![Fault { at: "changes", why: Why::NothingChanged }]));
}
