//! Closing: nothing that still waits, and every reason at once.

use super::Open as W;
use super::*;
use crate::case::tests::{FIRST, decided, given, invalid, joined, ours_and};
use crate::case::{
    Command, conditions, handover, investigation, junction, monitoring, multidisciplinary, transfer,
};
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
    Event::Handover(handover::Event::Accepted { handover: id(number), on: day("2026-03-12") })
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
    waits([sent(60), returned(60), sent(61), accepted(61)], "overgedragen", vec![]);
    waits([sent(60), accepted(60), sent(61)], "overgedragen", vec![W::Handover]);
    waits([], "overgedragen", vec![W::NothingHandedOver]);
    waits(planned(), "veilig-na-monitoring", vec![W::Monitoring]);
    waits([offered()], "verhuisd-andere-regio", vec![W::Transfer]);
    waits([offered(), answered("nee")], "verhuisd-andere-regio", vec![W::NotTakenOver]);
    waits([offered(), answered("ja")], "verhuisd-andere-regio", vec![]);
    waits([], "verhuisd-andere-regio", vec![W::NotTakenOver]);
    // Who takes it over, takes over what was returned as well.
    let moved = [sent(60), returned(60), offered(), answered("ja")];
    waits(moved, "verhuisd-andere-regio", vec![]);
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
    let history = || after([joined(8, "2026-03-09"), decided(8, "2026-03-20", "overdracht")]);
    given(history()).when(TODAY, close("2026-03-19", "anders")).refused(early);
    assert_eq!(given(history()).when(TODAY, close("2026-03-20", "anders")).events().len(), 1);
    let early = invalid("on", Why::Before(day("2026-03-12")));
    given(after([sent(60), accepted(60)]))
        .when(TODAY, close("2026-03-11", "overgedragen"))
        .refused(early);
}
