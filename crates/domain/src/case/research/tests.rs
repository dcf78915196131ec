//! Research: every pair of state and command, and the conditions of the law.

use super::*;
use crate::case::tests::{closed, given, ours_and};
use crate::case::{Command as Asked, Event as Happened};
use crate::refusal::Fault;
use crate::scenario::{day, id, table};

const TODAY: &str = "2026-07-01";

fn purpose(consent: bool) -> Purpose {
    let (on, purpose) = (day("2026-06-10"), Code::of("statistiek"));
    let conditions = !consent;
    Purpose {
        research: id(50),
        on,
        purpose,
        consent,
        general_interest: conditions,
        not_otherwise: conditions,
        persons: vec![],
    }
}

fn used(consent: bool) -> Event {
    let Purpose { research, on, purpose, consent, persons, .. } = purpose(consent);
    Event::Used { research, on, purpose, consent, persons }
}

fn objected() -> Event {
    Event::Objected { person: id(10), on: day("2026-06-01") }
}

fn uses(it: Purpose) -> Asked {
    Asked::Research(Command::Use(it))
}

fn after(steps: impl IntoIterator<Item = Event>) -> Vec<Happened> {
    ours_and(steps, Happened::Research)
}

/// Wmo 2015 art. 5.3.6.
#[test]
fn every_state_with_every_command() {
    let object = Asked::Research(Command::Object { person: id(10), on: day("2026-06-10") });
    let states =
        [("nothing", after([])), ("used", after([used(false)])), ("objected", after([objected()]))];
    let commands =
        [("without", uses(purpose(false))), ("consent", uses(purpose(true))), ("object", object)];
    table::<Case>(
        TODAY,
        &states,
        &commands,
        "
        |        without     consent     object
        nothing  used        used        objected
        used     NotedBefore NotedBefore objected
        objected Objected    used        ObjectedBefore
    ",
    );
}

/// Wmo 2015 art. 5.3.6: without consent only in the general interest and when it cannot be done otherwise.
#[test]
fn without_consent_both_conditions_hold() {
    let neither = Purpose { general_interest: false, not_otherwise: false, ..purpose(false) };
    let faults = vec![
        Fault { at: "general_interest", why: Why::NoGeneralInterest },
        Fault { at: "not_otherwise", why: Why::PossibleOtherwise },
    ];
    given(after([])).when(TODAY, uses(neither)).refused(CaseRefusal::Invalid(faults));
}

#[test]
fn an_objection_is_of_who_objects_and_from_its_day_on() {
    let of_another = |on: &str, person: u128| {
        let persons = vec![id(person)];
        uses(Purpose { on: day(on), persons, ..purpose(false) })
    };
    let it = || given(after([objected()]));
    assert_eq!(it().when(TODAY, of_another("2026-06-10", 11)).events().len(), 1);
    assert_eq!(it().when(TODAY, of_another("2026-05-31", 10)).events().len(), 1);
    let objected = CaseRefusal::Research(Refusal::Objected);
    it().when(TODAY, of_another("2026-06-01", 10)).refused(objected);
    it().when(TODAY, of_another("2026-06-10", 12)).refused(CaseRefusal::NotInvolved);
}

#[test]
fn the_note_is_made_after_closing_as_well() {
    let mut history = after([]);
    history.push(closed());
    assert_eq!(given(history).when(TODAY, uses(purpose(true))).events().len(), 1);
}
