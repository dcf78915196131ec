//! Investigation: every pair of state and command, its two starts, and what a judgement holds.

use super::*;
use crate::case::tests::{FIRST, OURS, adapting, decided, given, invalid, joined, ours_and};
use crate::case::{Command as Asked, Event as Happened};
use crate::scenario::{day, id, table};

const TODAY: &str = "2026-05-01";
const CHILD: &str = "kindermishandeling";
const PARTNER: &str = "ex-partnergeweld";

fn it_is_decided() -> Event {
    let forms = vec![Code::of(CHILD), Code::of(PARTNER)];
    let (investigation, melding) = (id(50), id(FIRST));
    Event::Decided { investigation, melding, formal_on: day("2026-03-04"), forms }
}

fn begun() -> Event {
    Event::Begun { investigation: id(50), on: day("2026-03-09") }
}

fn finding(form: &'static str, outcome: &'static str, natures: &[&'static str]) -> Finding {
    let natures = natures.iter().map(|it| Code::of(it)).collect();
    Finding { form: Code::of(form), outcome: Code::of(outcome), natures }
}

fn judged() -> Vec<Finding> {
    let natures = &["psychisch-geweld"];
    vec![finding(CHILD, "niet-bevestigd", &[]), finding(PARTNER, CONFIRMED, natures)]
}

fn decide(melding: u128) -> Asked {
    let forms = vec![Code::of(CHILD), Code::of(PARTNER)];
    let (investigation, melding, on) = (id(50), id(melding), day(TODAY));
    Asked::Investigation(Command::Decide { investigation, melding, forms, on })
}

fn begin(on: &str) -> Asked {
    Asked::Investigation(Command::Begin { investigation: id(50), on: day(on) })
}

fn conclude(on: &str, findings: Vec<Finding>) -> Asked {
    Asked::Investigation(Command::Conclude { investigation: id(50), on: day(on), findings })
}

fn end(on: &str) -> Asked {
    let reason = Code::of("overleden");
    Asked::Investigation(Command::End { investigation: id(50), on: day(on), reason })
}

fn after(steps: impl IntoIterator<Item = Event>) -> Vec<Happened> {
    ours_and(steps, Happened::Investigation)
}

#[test]
fn every_state_with_every_command() {
    let (investigation, on, due_on) = (id(50), day("2026-04-01"), None);
    let concluded = Event::Concluded { investigation, on, findings: judged(), due_on };
    let ended = Event::Ended { investigation, on, reason: Code::of("overleden"), due_on };
    let states = [
        ("absent", after([])),
        ("waiting", after([it_is_decided()])),
        ("begun", after([it_is_decided(), begun()])),
        ("concluded", after([it_is_decided(), begun(), concluded])),
        ("ended", after([it_is_decided(), ended])),
    ];
    let commands = [
        ("decide", decide(FIRST)),
        ("begin", begin("2026-04-02")),
        ("conclude", conclude("2026-04-02", judged())),
        ("end", end("2026-04-02")),
    ];
    table::<Case>(
        TODAY,
        &states,
        &commands,
        "
        |          decide         begin                conclude             end
        absent     decided        NoSuchInvestigation  NoSuchInvestigation  NoSuchInvestigation
        waiting    DecidedBefore  begun                NotBegun             ended
        begun      DecidedBefore  BegunBefore          concluded            ended
        concluded  DecidedBefore  EndedBefore          EndedBefore          EndedBefore
        ended      DecidedBefore  EndedBefore          EndedBefore          EndedBefore
    ",
    );
}

/// Informatieprotocol 2025 par. 4.1: the formal start is the date of the decision, the actual one the day on which somebody begins.
#[test]
fn the_formal_start_is_the_day_of_the_decision_whenever_it_is_told() {
    given(after([])).when(TODAY, decide(FIRST)).then([Happened::Investigation(it_is_decided())]);
    let early = invalid("on", Why::Before(day("2026-03-04")));
    given(after([it_is_decided()])).when(TODAY, begin("2026-03-03")).refused(early);
    let same_day = given(after([it_is_decided()])).when(TODAY, begin("2026-03-04"));
    assert_eq!(same_day.events().len(), 1);
}

#[test]
fn an_investigation_follows_on_a_decision_that_the_next_steps_are_ours() {
    let none = [joined(8, "2026-03-05")];
    let other = [joined(8, "2026-03-05"), decided(8, "2026-03-03", "overdracht")];
    for history in [none.to_vec(), other.to_vec()] {
        let history = ours_and(history, |it| it);
        given(history).when(TODAY, decide(8)).refused(Refusal::NotDecidedSo.into());
    }
    given(after([])).when(TODAY, decide(99)).refused(Refusal::NotDecidedSo.into());
    // Of two decisions the later one stands.
    let changed = [joined(8, "2026-03-05"), decided(8, "2026-03-06", "overdracht")];
    given(ours_and(changed, |it| it))
        .when(TODAY, decide(FIRST))
        .refused(Refusal::FollowUpAdapted.into());
    let again = [joined(8, "2026-03-05"), decided(8, "2026-03-06", OURS)];
    assert_eq!(given(ours_and(again, |it| it)).when(TODAY, decide(8)).events().len(), 1);
}

#[test]
fn one_investigation_runs_at_a_time() {
    let (investigation, melding, on) = (id(51), id(FIRST), day(TODAY));
    let second = Command::Decide { investigation, melding, forms: vec![], on };
    given(after([it_is_decided()]))
        .when(TODAY, Asked::Investigation(second))
        .refused(Refusal::OneRunsAlready.into());
}

/// Informatieprotocol 2025 par. 4: domestic violence and child abuse are judged each by itself.
#[test]
fn every_form_is_judged_once_and_more_may_be_found() {
    let going_on = || given(after([it_is_decided(), begun()]));
    let on = "2026-04-01";
    let twice = [judged(), vec![finding(CHILD, "weerlegd", &[])]].concat();
    going_on()
        .when(TODAY, conclude(on, twice))
        .refused(invalid("findings", Why::FormTwice(CHILD.to_owned())));
    let missing = judged().split_off(1);
    going_on()
        .when(TODAY, conclude(on, missing))
        .refused(invalid("findings", Why::NotJudged(CHILD.to_owned())));
    let more = [judged(), vec![finding("ouderenmishandeling", CONFIRMED, &[])]].concat();
    assert_eq!(going_on().when(TODAY, conclude(on, more)).events().len(), 1);
}

/// Informatieprotocol 2015 par. 4: the nature is the established one.
#[test]
fn a_nature_is_told_only_of_what_was_confirmed() {
    for outcome in ["niet-bevestigd", "weerlegd"] {
        let wrong = vec![
            finding(CHILD, outcome, &["psychisch-geweld"]),
            finding(PARTNER, CONFIRMED, &["lichamelijke-mishandeling"]),
        ];
        given(after([it_is_decided(), begun()]))
            .when(TODAY, conclude("2026-04-01", wrong))
            .refused(invalid("findings", Why::NatureNotConfirmed(CHILD.to_owned())));
    }
}

#[test]
fn everything_that_is_wrong_with_a_judgement_is_said_at_once() {
    let wrong = vec![finding(CHILD, "weerlegd", &["psychisch-geweld"])];
    let faults = vec![
        crate::refusal::Fault { at: "on", why: Why::Before(day("2026-03-09")) },
        crate::refusal::Fault { at: "findings", why: Why::NatureNotConfirmed(CHILD.to_owned()) },
        crate::refusal::Fault { at: "findings", why: Why::NotJudged(PARTNER.to_owned()) },
    ];
    given(after([it_is_decided(), begun()]))
        .when(TODAY, conclude("2026-03-08", wrong))
        .refused(CaseRefusal::Invalid(faults));
}

#[test]
fn an_investigation_ends_early_also_before_it_began_but_not_before_its_decision() {
    let early = invalid("on", Why::Before(day("2026-03-04")));
    given(after([it_is_decided()])).when(TODAY, end("2026-03-03")).refused(early);
    let early = invalid("on", Why::Before(day("2026-03-09")));
    given(after([it_is_decided(), begun()])).when(TODAY, end("2026-03-08")).refused(early);
}

/// Informatieprotocol 2025 par. 3.1.2.
#[test]
fn no_investigation_follows_on_a_decision_that_was_adapted_also_when_the_next_steps_are_ours_again()
{
    let again = || {
        let second = [joined(8, "2026-03-30"), adapting(8, "2026-04-01", OURS, "overdracht")];
        let third = [joined(9, "2026-04-10"), adapting(9, "2026-04-13", "overdracht", OURS)];
        ours_and([second, third].concat(), |it| it)
    };
    given(again()).when(TODAY, decide(FIRST)).refused(Refusal::FollowUpAdapted.into());
    assert_eq!(given(again()).when(TODAY, decide(9)).events().len(), 1);
}
