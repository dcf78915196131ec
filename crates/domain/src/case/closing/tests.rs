//! Closing: nothing that still waits, and every reason at once.

use super::Open as W;
use super::*;
use crate::case::tests::{FIRST, OURS, decided, given, invalid, joined, ours_and};
use crate::case::{
    Command, conditions, handover, incident, informing, investigation, junction, measure,
    monitoring, multidisciplinary, suspension, transfer,
};
use crate::decider::fold;
use crate::scenario::{day, id};

const TODAY: &str = "2026-06-01";

fn close(on: &str, outcome: &'static str) -> Command {
    Command::Close { on: day(on), outcome: Code::of(outcome) }
}

fn after(steps: impl IntoIterator<Item = Event>) -> Vec<Event> {
    ours_and(steps, |it| it)
}

/// What holds it up, when it is to be closed with an outcome.
fn waits(steps: impl IntoIterator<Item = Event>, outcome: &'static str, what: Vec<W>) {
    let closing = given(after(steps)).when(TODAY, close(TODAY, outcome));
    if what.is_empty() {
        closing.then([Event::Closed { on: day(TODAY), outcome: Code::of(outcome) }]);
    } else {
        closing.refused(Refusal::StillOpen(what).into());
    }
}

fn investigated() -> Event {
    let (investigation, melding) = (id(50), id(FIRST));
    let formal_on = day("2026-03-04");
    let forms = vec![];
    Event::Investigation(investigation::Event::Decided { investigation, melding, formal_on, forms })
}

fn conditioned() -> Event {
    let (service, melding, formal_on) = (id(51), id(FIRST), day("2026-03-04"));
    Event::Conditions(conditions::Event::Decided { service, melding, formal_on })
}

fn sent(number: u128) -> Event {
    let (handover, on) = (id(number), day("2026-03-10"));
    let (to, warm) = (Code::of("lokaal-veld"), Code::of("ja"));
    Event::Handover(handover::Event::Sent { handover, on, to, warm })
}

fn accepted(number: u128) -> Event {
    accepted_on(number, "2026-03-12")
}

fn accepted_on(number: u128, on: &str) -> Event {
    Event::Handover(handover::Event::Accepted { handover: id(number), on: day(on) })
}

fn returned(number: u128) -> Event {
    let (handover, on, reason) = (id(number), day("2026-03-20"), Code::of("niet-passend"));
    Event::Handover(handover::Event::Returned { handover, on, reason })
}

fn planned() -> [Event; 2] {
    let (moment, on, planned_for) = (id(56), day("2026-03-10"), day("2026-09-01"));
    [
        Event::Monitoring(monitoring::Event::Started { on }),
        Event::Monitoring(monitoring::Event::Planned { moment, on, planned_for }),
    ]
}

fn offered() -> Event {
    let (to, reason) = ("VT03".parse().unwrap(), Code::of("verhuizing"));
    let (transfer, on) = (id(57), day("2026-03-10"));
    Event::Transfer(transfer::Event::Offered { transfer, on, to, reason })
}

fn answered(accepted: &'static str) -> Event {
    let (transfer, on, accepted) = (id(57), day("2026-03-12"), Code::of(accepted));
    Event::Transfer(transfer::Event::Answered { transfer, on, accepted })
}

/// Wmo 2015 art. 4.1.1; Informatieprotocol 2025 par. 3.7: responsible until what follows has been placed.
#[test]
fn every_single_thing_that_waits_holds_it_up() {
    waits([], "geen-vervolg", vec![]);
    waits([joined(8, "2026-03-09")], "geen-vervolg", vec![W::Melding]);
    waits([investigated()], "geen-vervolg", vec![W::Investigation]);
    waits([conditioned()], "geen-vervolg", vec![W::Conditions]);
    waits([sent(60)], "geen-vervolg", vec![W::Handover]);
    waits([sent(60), accepted(60)], "overgedragen", vec![]);
    waits([sent(60), accepted(60), returned(60)], "geen-vervolg", vec![W::Returned]);
    // Another organisation took it.
    let other = [sent(60), returned(60), sent(61), accepted_on(61, "2026-03-20")];
    waits(other, "overgedragen", vec![]);
    waits([sent(60), accepted(60), sent(61)], "overgedragen", vec![W::Handover]);
    waits([], "overgedragen", vec![W::NothingHandedOver]);
    waits(planned(), "veilig-na-monitoring", vec![W::Monitoring]);
    waits([offered()], "verhuisd-andere-regio", vec![W::Transfer]);
    waits([offered(), answered("nee")], "verhuisd-andere-regio", vec![W::NotTakenOver]);
    waits([offered(), answered("ja")], "verhuisd-andere-regio", vec![]);
    waits([], "verhuisd-andere-regio", vec![W::NotTakenOver]);
    // What was accepted before one came back, does not make up for it.
    let before = [sent(60), accepted(60), sent(61), returned(61)];
    waits(before, "hulp-belegd", vec![W::Returned]);
    let again =
        [sent(60), accepted(60), sent(61), returned(61), sent(62), accepted_on(62, "2026-03-20")];
    waits(again, "hulp-belegd", vec![]);
    // Who takes it over, takes over what was returned as well.
    let moved = [sent(60), returned(60), offered(), answered("ja")];
    waits(moved, "verhuisd-andere-regio", vec![]);
}

/// Informatieprotocol 2025 par. 3.7.
#[test]
fn where_was_decided_to_hand_over_it_does_not_close_before_anything_was_sent() {
    let to_hand_over = |steps: &[Event]| {
        let second = [joined(8, "2026-03-05"), decided(8, "2026-03-06", "overdracht")];
        [second.as_slice(), steps].concat()
    };
    for outcome in ["geen-vervolg", "hulp-belegd", "anders", "overgedragen"] {
        waits(to_hand_over(&[]), outcome, vec![W::NothingHandedOver]);
    }
    let another = to_hand_over(&[joined(9, "2026-03-09")]);
    waits(another, "anders", vec![W::Melding, W::NothingHandedOver]);
    waits(to_hand_over(&[sent(60), accepted(60)]), "hulp-belegd", vec![]);
    // Another region has it now.
    waits(to_hand_over(&[offered(), answered("nee")]), "anders", vec![W::NothingHandedOver]);
    waits(to_hand_over(&[offered(), answered("ja")]), "verhuisd-andere-regio", vec![]);
    // A decision after it that the next steps are ours.
    let back = [joined(9, "2026-03-09"), decided(9, "2026-03-10", OURS)];
    waits(to_hand_over(&back), "anders", vec![]);
}

#[test]
fn every_reason_is_named_at_once() {
    let everything = [
        vec![joined(8, "2026-03-09"), investigated(), conditioned(), sent(60), offered()],
        planned().to_vec(),
    ];
    let all =
        vec![W::Melding, W::Investigation, W::Conditions, W::Handover, W::Monitoring, W::Transfer];
    waits(everything.concat(), "geen-vervolg", all.clone());
    let text = Refusal::StillOpen(all).to_string();
    assert_eq!(text.matches("; ").count(), 5, "{text}");
}

#[test]
fn advice_from_others_does_not_hold_it_up() {
    let (on, reason) = (day("2026-03-10"), Code::of("anders"));
    let disciplines = vec![Code::of("politie")];
    let put_in = multidisciplinary::Event::PutIn { approach: id(58), on, reason, disciplines };
    let consulted =
        junction::Event::Consulted { consult: id(59), on, form: Code::of("achterlating") };
    waits([Event::Multidisciplinary(put_in), Event::Junction(consulted)], "anders", vec![]);
}

#[test]
fn a_casus_does_not_end_before_the_last_thing_that_was_done_in_it() {
    let early = invalid("on", Why::Before(day("2026-03-20")));
    let history = || after([joined(8, "2026-03-09"), decided(8, "2026-03-20", OURS)]);
    given(history()).when(TODAY, close("2026-03-19", "anders")).refused(early);
    assert_eq!(given(history()).when(TODAY, close("2026-03-20", "anders")).events().len(), 1);
    let early = invalid("on", Why::Before(day("2026-03-12")));
    given(after([sent(60), accepted(60)]))
        .when(TODAY, close("2026-03-11", "overgedragen"))
        .refused(early);
}

/// Each was told before, and happened on 20 April.
fn every_step() -> Vec<(&'static str, Vec<Event>)> {
    let earlier = || day("2026-03-10");
    [on_the_services(), placed(), watched(earlier())].concat()
}

fn last() -> NaiveDate {
    day("2026-04-20")
}

fn on_the_services() -> Vec<(&'static str, Vec<Event>)> {
    let (investigation, service, condition, on) = (id(50), id(51), id(52), last());
    let begun = investigation::Event::Begun { investigation, on };
    let concluded =
        investigation::Event::Concluded { investigation, on, findings: vec![], due_on: None };
    let agreed = conditions::Event::Agreed {
        service,
        condition,
        on,
        with: vec![],
        partners: vec![],
        review_on: Some(day("2026-09-01")),
    };
    let reviewed =
        conditions::Event::Reviewed { condition, on, kept: Code::of("nagekomen"), review_on: None };
    vec![
        ("opened", vec![Event::Opened { on }]),
        ("joined", vec![joined(FIRST, "2026-04-20")]),
        ("investigated", vec![investigated(), Event::Investigation(begun)]),
        ("judged", vec![Event::Investigation(concluded)]),
        ("agreed", vec![Event::Conditions(agreed)]),
        ("reviewed", vec![Event::Conditions(reviewed)]),
    ]
}

fn placed() -> Vec<(&'static str, Vec<Event>)> {
    let (handover, measure, transfer, on) = (id(60), id(53), id(57), last());
    let (reason, consulted, kind) = (Code::of("anders"), Code::of("ja"), Code::of("aware"));
    let started = Event::Handover(handover::Event::Started { handover, on });
    let returned = handover::Event::Returned { handover, on, reason: reason.clone() };
    let imposed = |on, until| {
        let (kind, consulted) = (kind.clone(), consulted.clone());
        Event::Measure(measure::Event::Imposed {
            measure,
            kind,
            on,
            until,
            person: None,
            consulted,
        })
    };
    let ended = Event::Measure(measure::Event::Ended { measure, on, reason });
    let answered = transfer::Event::Answered { transfer, on, accepted: Code::of("nee") };
    vec![
        ("started", vec![sent(60), accepted(60), started]),
        ("returned", vec![sent(60), Event::Handover(returned), sent(61), accepted(61)]),
        ("imposed", vec![imposed(on, Some(day("2026-09-01")))]),
        ("lifted", vec![imposed(day("2026-03-10"), None), ended]),
        ("answered", vec![offered(), Event::Transfer(answered)]),
    ]
}

fn watched(earlier: NaiveDate) -> Vec<(&'static str, Vec<Event>)> {
    let (moment, on) = (id(56), last());
    let (safe, by, reason) = (Code::of("ja"), Code::of("professional"), Code::of("anders"));
    let held = monitoring::Event::Held { moment, on, safe, by };
    let start = |on| Event::Monitoring(monitoring::Event::Started { on });
    let suspend =
        |on| Event::Suspension(suspension::Event::Suspended { on, reason: reason.clone() });
    let resume = Event::Suspension(suspension::Event::Resumed { on });
    vec![
        ("monitored", vec![start(on)]),
        ("held", [planned().to_vec(), vec![Event::Monitoring(held)]].concat()),
        ("no longer", vec![start(earlier), Event::Monitoring(monitoring::Event::Ended { on })]),
        ("suspended", vec![suspend(on)]),
        ("resumed", vec![suspend(earlier), resume]),
    ]
}

#[test]
fn a_casus_does_not_end_before_any_step_that_was_taken_in_it_whatever_it_was() {
    for (name, steps) in every_step() {
        let case: Case = fold(&after(steps));
        let early = super::not_before(&case, day("2026-04-19"));
        assert_eq!(early, Err(invalid("on", Why::Before(last()))), "{name}");
        assert_eq!(super::not_before(&case, last()), Ok(()), "{name}");
    }
}

#[test]
fn what_is_planned_for_later_and_what_goes_on_after_closing_do_not_hold_up_the_day() {
    let (on, person) = (day("2026-05-01"), id(crate::case::tests::VICTIM));
    let informed = informing::Event::Informed { person, on, way: Code::of("anders"), due_on: None };
    let recorded = incident::Event::Recorded { incident: id(54), on, kind: Code::of("klacht") };
    let history = after([Event::Informing(informed), Event::Incident(recorded)]);
    assert_eq!(given(history).when(TODAY, close("2026-03-04", "anders")).events().len(), 1);
    let cancelled = monitoring::Event::Cancelled { moment: id(56), on: day("2026-03-11") };
    let history = after([planned().to_vec(), vec![Event::Monitoring(cancelled)]].concat());
    assert_eq!(given(history).when(TODAY, close("2026-03-11", "anders")).events().len(), 1);
}
