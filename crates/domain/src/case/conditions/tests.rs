//! Conditions and follow-up: every pair of state and command, and when a condition is looked at again.

use super::*;
use crate::case::tests::{
    FIRST, OURS, PERPETRATOR, VICTIM, adapting, decided, given, invalid, joined, ours_and,
};
use crate::case::{Command as Asked, Event as Happened, deadlines};
use crate::deadline::Kind;
use crate::decider::fold;
use crate::scenario::{day, id, table};

const TODAY: &str = "2026-06-01";

fn it_is_decided() -> Event {
    Event::Decided { service: id(50), melding: id(FIRST), formal_on: day("2026-03-04") }
}

fn begun() -> Event {
    Event::Begun { service: id(50), on: day("2026-03-09") }
}

fn agreed() -> Event {
    Event::Agreed {
        service: id(50),
        condition: id(60),
        on: day("2026-03-12"),
        with: vec![id(VICTIM), id(PERPETRATOR)],
        partners: vec![Code::of("lokaal-veld")],
        review_on: Some(day("2026-04-01")),
    }
}

fn reviewed(on: &str, review_on: Option<&str>) -> Event {
    let (on, kept, review_on) = (day(on), Code::of("nagekomen"), review_on.map(day));
    Event::Reviewed { condition: id(60), on, kept, review_on }
}

fn concluded() -> Event {
    let (on, outcome) = (day("2026-05-01"), Code::of("veilig"));
    Event::Concluded { service: id(50), on, outcome, due_on: Some(day("2026-05-13")) }
}

fn decide(melding: u128) -> Asked {
    let (service, melding, on) = (id(50), id(melding), day(TODAY));
    Asked::Conditions(Command::Decide { service, melding, on })
}

fn agree(on: &str, with: u128) -> Asked {
    Asked::Conditions(Command::Agree(Agreement {
        service: id(50),
        condition: id(60),
        on: day(on),
        with: vec![id(VICTIM), id(with)],
        partners: vec![],
        review_on: Some(day("2026-07-01")),
    }))
}

fn review(on: &str, review_on: Option<&str>) -> Asked {
    let (on, kept, review_on) = (day(on), Code::of("nagekomen"), review_on.map(day));
    Asked::Conditions(Command::Review { condition: id(60), on, kept, review_on })
}

fn after(steps: impl IntoIterator<Item = Event>) -> Vec<Happened> {
    ours_and(steps, Happened::Conditions)
}

#[test]
fn every_state_with_every_command() {
    let states = [
        ("absent", after([])),
        ("waiting", after([it_is_decided()])),
        ("begun", after([it_is_decided(), begun()])),
        ("agreed", after([it_is_decided(), begun(), agreed()])),
        ("reviewed", after([it_is_decided(), begun(), agreed(), reviewed("2026-04-01", None)])),
        ("concluded", after([it_is_decided(), begun(), agreed(), concluded()])),
    ];
    let (service, on, outcome) = (id(50), day("2026-05-20"), Code::of("veilig"));
    let commands = [
        ("decide", decide(FIRST)),
        ("begin", Asked::Conditions(Command::Begin { service, on })),
        ("agree", agree("2026-05-20", PERPETRATOR)),
        ("review", review("2026-05-20", None)),
        ("conclude", Asked::Conditions(Command::Conclude { service, on, outcome })),
    ];
    // A condition holds, and is looked at, also after the service: that is what monitoring is about.
    table::<Case>(
        TODAY,
        &states,
        &commands,
        "
        |          decide         begin          agree          review           conclude
        absent     decided        NoSuchService  NoSuchService  NoSuchCondition  NoSuchService
        waiting    DecidedBefore  begun          NotBegun       NoSuchCondition  concluded
        begun      DecidedBefore  BegunBefore    agreed         NoSuchCondition  concluded
        agreed     DecidedBefore  BegunBefore    AgreedBefore   reviewed         concluded
        reviewed   DecidedBefore  BegunBefore    AgreedBefore   reviewed         concluded
        concluded  DecidedBefore  EndedBefore    EndedBefore    reviewed         EndedBefore
    ",
    );
}

#[test]
fn the_service_follows_on_a_decision_that_the_next_steps_are_ours() {
    let other = [joined(8, "2026-03-05")];
    given(ours_and(other, |it| it)).when(TODAY, decide(8)).refused(Refusal::NotDecidedSo.into());
    let changed = [joined(8, "2026-03-05"), decided(8, "2026-03-06", "overdracht")];
    given(ours_and(changed, |it| it))
        .when(TODAY, decide(FIRST))
        .refused(Refusal::FollowUpAdapted.into());
}

#[test]
fn one_service_runs_at_a_time() {
    let (service, melding, on) = (id(51), id(FIRST), day(TODAY));
    given(after([it_is_decided()]))
        .when(TODAY, Asked::Conditions(Command::Decide { service, melding, on }))
        .refused(Refusal::OneRunsAlready.into());
}

#[test]
fn a_condition_is_agreed_with_people_of_the_casus() {
    given(after([it_is_decided(), begun()]))
        .when(TODAY, agree("2026-03-12", 99))
        .refused(CaseRefusal::NotInvolved);
}

#[test]
fn a_condition_is_reviewed_after_it_was_agreed_and_after_the_last_review() {
    let held = || after([it_is_decided(), begun(), agreed()]);
    let early = invalid("on", Why::Before(day("2026-03-12")));
    given(held()).when(TODAY, review("2026-03-11", None)).refused(early);
    let next = invalid("review_on", Why::NotAfter(day("2026-04-01")));
    given(held()).when(TODAY, review("2026-04-01", Some("2026-04-01"))).refused(next);
    let twice = after([it_is_decided(), begun(), agreed(), reviewed("2026-04-01", None)]);
    let early = invalid("on", Why::Before(day("2026-04-01")));
    given(twice).when(TODAY, review("2026-03-31", None)).refused(early);
}

#[test]
fn a_condition_waits_for_its_review_until_none_is_planned_any_more() {
    let reviews = |steps: Vec<Event>| -> Vec<(NaiveDate, Option<NaiveDate>)> {
        let case: Case = fold(&after(steps));
        let terms = deadlines::open(&case).into_iter();
        let reviews = terms.filter(|it| it.kind == Kind::ConditionReview);
        reviews.map(|it| (it.from, it.due_on)).collect()
    };
    let first = vec![it_is_decided(), begun(), agreed()];
    assert_eq!(reviews(first.clone()), [(day("2026-03-12"), Some(day("2026-04-01")))]);
    let second = [first, vec![reviewed("2026-04-02", Some("2026-05-04"))]].concat();
    assert_eq!(reviews(second.clone()), [(day("2026-04-02"), Some(day("2026-05-04")))]);
    assert_eq!(reviews([second, vec![reviewed("2026-05-04", None)]].concat()), []);
}

fn conclude(on: &str) -> Asked {
    let (service, on, outcome) = (id(50), day(on), Code::of("veilig"));
    Asked::Conditions(Command::Conclude { service, on, outcome })
}

#[test]
fn the_service_does_not_end_before_it_began_or_before_the_last_step_in_it() {
    let begun = [it_is_decided(), begun()];
    let agreed = [begun.as_slice(), &[agreed()]].concat();
    let reviewed = [agreed.as_slice(), &[reviewed("2026-04-01", None)]].concat();
    for (steps, early, last) in [
        (begun.to_vec(), "2026-03-08", "2026-03-09"),
        (agreed, "2026-03-11", "2026-03-12"),
        (reviewed, "2026-03-31", "2026-04-01"),
    ] {
        let refused = invalid("on", Why::Before(day(last)));
        given(after(steps.clone())).when(TODAY, conclude(early)).refused(refused);
        assert_eq!(given(after(steps)).when(TODAY, conclude(last)).events().len(), 1);
    }
}

/// The second decision may take away what it was decided for.
#[test]
fn a_service_ends_also_before_it_began_and_then_nothing_of_it_waits() {
    let early = invalid("on", Why::Before(day("2026-03-04")));
    given(after([it_is_decided()])).when(TODAY, conclude("2026-03-03")).refused(early);
    let ended = given(after([it_is_decided()])).when(TODAY, conclude("2026-03-04")).events();
    let case: Case = fold(&[after([it_is_decided()]), ended].concat());
    assert!(deadlines::open(&case).is_empty());
    assert!(deadlines::of(&case).iter().all(|it| it.kind != Kind::ConditionsBegin));
}

/// Informatieprotocol 2025 par. 3.1.2.
#[test]
fn no_service_follows_on_a_decision_that_was_adapted_also_when_the_next_steps_are_ours_again() {
    let again = || {
        let second = [joined(8, "2026-03-30"), adapting(8, "2026-04-01", OURS, "overdracht")];
        let third = [joined(9, "2026-04-10"), adapting(9, "2026-04-13", "overdracht", OURS)];
        ours_and([second, third].concat(), |it| it)
    };
    given(again()).when(TODAY, decide(FIRST)).refused(Refusal::FollowUpAdapted.into());
    assert_eq!(given(again()).when(TODAY, decide(9)).events().len(), 1);
}
