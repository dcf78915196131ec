//! A casus that must be kept: each reason by itself, until its last day or until it is lifted.

use super::*;
use crate::case::tests::ours_and;
use crate::case::{Case, Command as Asked, Event as Happened};
use crate::decider::fold;
use crate::refusal::Fault;
use crate::scenario::{day, given, table};

const CLAIM: &str = "schadeclaim";

fn placed(until: Option<&str>) -> Happened {
    let (on, reason) = (day("2026-03-10"), Code::of(CLAIM));
    Happened::Hold(Event::Placed { on, reason, until: until.map(day) })
}

fn place(reason: &'static str, until: Option<&str>) -> Asked {
    let (on, reason) = (day("2026-03-20"), Code::of(reason));
    Asked::Hold(Command::Place { on, reason, until: until.map(day) })
}

fn lift(on: &str) -> Asked {
    Asked::Hold(Command::Lift { on: day(on), reason: Code::of(CLAIM) })
}

fn after(steps: impl IntoIterator<Item = Happened>) -> Vec<Happened> {
    ours_and(steps, |it| it)
}

#[test]
fn every_state_with_every_command() {
    let lifted = Happened::Hold(Event::Lifted { on: day("2026-03-11"), reason: Code::of(CLAIM) });
    let closed = Happened::Closed { on: day("2026-03-12"), outcome: Code::of("anders") };
    let states = [
        ("open", after([])),
        ("held", after([placed(None)])),
        ("until", after([placed(Some("2027-01-01"))])),
        ("lifted", after([placed(None), lifted])),
        ("closed", after([placed(None), closed])),
    ];
    let commands = [
        ("place", place(CLAIM, None)),
        ("until", place(CLAIM, Some("2027-01-01"))),
        ("other", place("strafzaak", None)),
        ("lift", lift("2026-03-20")),
    ];
    table::<Case>(
        "2026-03-20",
        &states,
        &commands,
        "
        |       place         until         other   lift
        open    placed        placed        placed  NotHeld
        held    PlacedBefore  placed        placed  lifted
        until   placed        PlacedBefore  placed  lifted
        lifted  placed        placed        placed  NotHeld
        closed  PlacedBefore  placed        placed  lifted
    ",
    );
}

#[test]
fn when_one_reason_ends_the_others_hold_and_the_last_day_still_holds() {
    let other = Event::Placed { on: day("2026-03-11"), reason: Code::of("strafzaak"), until: None };
    let case = fold::<Case>(&after([placed(Some("2026-12-31")), Happened::Hold(other)]));
    let holding =
        |on| case.holds.on(day(on)).map(|(reason, _)| reason.as_str()).collect::<Vec<_>>();
    assert_eq!(holding("2026-12-31"), [CLAIM, "strafzaak"]);
    assert_eq!(holding("2027-01-01"), ["strafzaak"]);
}

#[test]
fn nothing_ends_before_it_begins() {
    let fault = |at| vec![Fault { at, why: Why::Before(day("2026-03-20")) }];
    given::<Case>(after([]))
        .when("2026-03-20", place(CLAIM, Some("2026-03-19")))
        .refused(crate::case::Refusal::Invalid(fault("kept_until")));
    let since = Fault { at: "on", why: Why::Before(day("2026-03-10")) };
    given::<Case>(after([placed(None)]))
        .when("2026-03-20", lift("2026-03-09"))
        .refused(crate::case::Refusal::Invalid(vec![since]));
}
