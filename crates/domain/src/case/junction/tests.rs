//! The junction: every pair of state and command, and for which forms it is.

use super::*;
use crate::case::tests::{given, invalid, ours_and};
use crate::case::{Case, Command as Asked, Event as Happened};
use crate::scenario::{day, id, table};

const TODAY: &str = "2026-05-01";

fn consulted() -> Event {
    Event::Consulted { consult: id(50), on: day("2026-03-10"), form: Code::of(FORCED_MARRIAGE) }
}

fn answered() -> Event {
    Event::Answered { consult: id(50), on: day("2026-03-12") }
}

fn consult(form: &'static str) -> Asked {
    let (consult, on) = (id(50), day("2026-04-01"));
    Asked::Junction(Command::Consult { consult, on, form: Code::of(form) })
}

fn conclude(on: &str) -> Asked {
    let (consult, outcome) = (id(50), Code::of("advies-gegeven"));
    Asked::Junction(Command::Conclude { consult, on: day(on), outcome })
}

fn after(steps: impl IntoIterator<Item = Event>) -> Vec<Happened> {
    ours_and(steps, Happened::Junction)
}

#[test]
fn every_state_with_every_command() {
    let (on, outcome) = (day("2026-03-20"), Code::of("advies-gegeven"));
    let concluded = Event::Concluded { consult: id(50), on, outcome };
    let states = [
        ("absent", after([])),
        ("consulted", after([consulted()])),
        ("answered", after([consulted(), answered()])),
        ("concluded", after([consulted(), concluded])),
    ];
    let answer = Command::Answer { consult: id(50), on: day("2026-04-01") };
    let commands = [
        ("consult", consult(ABANDONMENT)),
        ("answer", Asked::Junction(answer)),
        ("conclude", conclude("2026-04-01")),
    ];
    table::<Case>(
        TODAY,
        &states,
        &commands,
        "
        |          consult          answer           conclude
        absent     consulted        NoSuchConsult    NoSuchConsult
        consulted  ConsultedBefore  answered         concluded
        answered   ConsultedBefore  AnsweredBefore   concluded
        concluded  ConsultedBefore  ConcludedBefore  ConcludedBefore
    ",
    );
}

/// Landelijk Knooppunt Huwelijksdwang en Achterlating: for these two, as its name says.
#[test]
fn the_junction_is_there_for_forced_marriage_and_abandonment_only() {
    for form in [FORCED_MARRIAGE, ABANDONMENT] {
        assert_eq!(given(after([])).when(TODAY, consult(form)).events().len(), 1);
    }
    for value in crate::codes::values(crate::codes::List::Form) {
        let form = Code::from(value.code.as_str());
        if form == FORCED_MARRIAGE || form == ABANDONMENT {
            continue;
        }
        let (consult, on) = (id(50), day("2026-04-01"));
        given(after([]))
            .when(TODAY, Asked::Junction(Command::Consult { consult, on, form }))
            .refused(invalid("form", Why::NotForTheJunction));
    }
}

#[test]
fn a_step_is_not_before_the_one_it_follows_on() {
    let early = invalid("on", Why::Before(day("2026-03-12")));
    given(after([consulted(), answered()])).when(TODAY, conclude("2026-03-11")).refused(early);
}
