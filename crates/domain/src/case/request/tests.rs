//! What persons ask, as their casus keeps it: every pair of state and command, also after closing.

use super::*;
use crate::case::tests::{closed, ours_and};
use crate::case::{Case, Command as Asked, Event as Happened};
use crate::scenario::{day, given, id, table};

const TODAY: &str = "2026-07-01";

fn asked(kind: Kind) -> Event {
    Event::Asked { request: id(50), person: id(10), kind, on: day("2026-06-10") }
}

fn answered(outcome: Outcome) -> Event {
    Event::Answered { request: id(50), person: id(10), outcome, on: day("2026-06-20") }
}

fn executed() -> Event {
    Event::Executed { request: id(50), person: id(10), on: day("2026-06-25") }
}

fn commands() -> [(&'static str, Asked); 4] {
    let (request, person, on) = (id(50), id(10), day("2026-06-25"));
    let outcome = Outcome::Granted;
    [
        ("ask", Command::Ask { request, person, kind: Kind::Statement, on }),
        ("answer", Command::Answer { request, outcome, on }),
        ("execute", Command::Execute { request, on }),
        ("withdraw", Command::Withdraw { request, on }),
    ]
    .map(|(name, it)| (name, Asked::Request(it)))
}

/// What was decided stands with the request; of one that the casus does not know nothing is kept, and nothing twice.
#[test]
fn every_state_with_every_command() {
    let after = |steps: Vec<Event>| ours_and(steps, Happened::Request);
    let states = [("absent", after(vec![])), ("asked", after(vec![asked(Kind::Statement)]))];
    table::<Case>(
        TODAY,
        &states,
        &commands(),
        "
        |      ask   answer   execute  withdraw
        absent asked -        -        -
        asked  -     answered executed withdrawn
    ",
    );
}

#[test]
fn whoever_is_in_a_closed_casus_asks_as_well() {
    let [(_, ask), ..] = commands();
    let mut history = ours_and([], Happened::Request);
    history.push(closed());
    assert_eq!(given::<Case>(history).when(TODAY, ask).events().len(), 1);
}

/// Wmo 2015 art. 5.3.2 lid 5 and 6: of who asked for a correction in vain the view stays in the file.
#[test]
fn a_statement_and_the_view_of_who_was_refused_a_correction_stay_in_the_file() {
    let keeps = |events: &[Event]| {
        let mut requests = Requests::default();
        for it in events {
            requests.evolve(it);
        }
        requests.0[&id(50)].keeps_words()
    };
    assert!(!keeps(&[asked(Kind::Statement), answered(Outcome::Granted)]));
    assert!(keeps(&[asked(Kind::Statement), answered(Outcome::Granted), executed()]));
    assert!(keeps(&[asked(Kind::Correction), answered(Outcome::Refused)]));
    assert!(keeps(&[asked(Kind::Correction), answered(Outcome::InPart)]));
    assert!(!keeps(&[asked(Kind::Correction), answered(Outcome::Granted), executed()]));
    assert!(!keeps(&[asked(Kind::Inspection), answered(Outcome::Refused)]));
}
