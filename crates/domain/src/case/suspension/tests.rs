//! Suspension: every pair of state and command. What it does to a term stands with the terms.

use super::*;
use crate::case::tests::{given, invalid, ours_and};
use crate::case::{Case, Command as Asked, Event as Happened};
use crate::scenario::{day, table};

const TODAY: &str = "2026-05-01";

fn suspended(on: &str) -> Event {
    Event::Suspended { on: day(on), reason: Code::of("strafrechtelijk-onderzoek") }
}

fn resumed(on: &str) -> Event {
    Event::Resumed { on: day(on) }
}

fn suspend(on: &str) -> Asked {
    Asked::Suspension(Command::Suspend { on: day(on), reason: Code::of("anders") })
}

fn resume(on: &str) -> Asked {
    Asked::Suspension(Command::Resume { on: day(on) })
}

fn after(steps: impl IntoIterator<Item = Event>) -> Vec<Happened> {
    ours_and(steps, Happened::Suspension)
}

#[test]
fn every_state_with_every_command() {
    let once = [suspended("2026-03-10"), resumed("2026-03-20")];
    let twice = once.clone().into_iter().chain([suspended("2026-03-25")]);
    let states = [
        ("running", after([])),
        ("suspended", after([suspended("2026-03-10")])),
        ("resumed", after(once.clone())),
        ("again", after(twice)),
    ];
    let commands = [("suspend", suspend("2026-04-01")), ("resume", resume("2026-04-01"))];
    table::<Case>(
        TODAY,
        &states,
        &commands,
        "
        |          suspend          resume
        running    suspended        NotSuspended
        suspended  SuspendedBefore  resumed
        resumed    suspended        NotSuspended
        again      SuspendedBefore  resumed
    ",
    );
}

#[test]
fn a_step_is_not_before_the_one_it_follows_on() {
    let early = invalid("on", Why::Before(day("2026-03-10")));
    given(after([suspended("2026-03-10")])).when(TODAY, resume("2026-03-09")).refused(early);
    let early = invalid("on", Why::Before(day("2026-03-20")));
    given(after([suspended("2026-03-10"), resumed("2026-03-20")]))
        .when(TODAY, suspend("2026-03-19"))
        .refused(early);
}
