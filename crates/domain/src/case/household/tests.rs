//! Who lives where: every pair of state and command, dates that are known in part, a child in two households.

use super::*;
use crate::case::tests::{VICTIM, given, invalid, ours_and};
use crate::case::{Command as Asked, Event as Happened};
use crate::decider::fold;
use crate::scenario::{day, id, table};

const TODAY: &str = "2026-03-20";
const HERE: u128 = 50;
const THERE: u128 = 51;

fn moved_in(household: u128, from: &str) -> Event {
    let from = from.parse().unwrap();
    Event::MovedIn { household: id(household), person: id(VICTIM), from }
}

fn moved_out(household: u128) -> Event {
    let until = "2026-02".parse().unwrap();
    Event::MovedOut { household: id(household), person: id(VICTIM), until }
}

fn move_in(person: u128, from: &str) -> Asked {
    let (household, person, from) = (id(HERE), id(person), from.parse().unwrap());
    Asked::Household(Command::MoveIn { household, person, from })
}

fn move_out(until: &str) -> Asked {
    let (household, person, until) = (id(HERE), id(VICTIM), until.parse().unwrap());
    Asked::Household(Command::MoveOut { household, person, until })
}

fn after(steps: impl IntoIterator<Item = Event>) -> Vec<Happened> {
    ours_and(steps, Happened::Household)
}

#[test]
fn every_state_with_every_command() {
    let states = [
        ("nowhere", after([])),
        ("here", after([moved_in(HERE, "2019")])),
        ("there", after([moved_in(THERE, "2019")])),
        ("gone", after([moved_in(HERE, "2019"), moved_out(HERE)])),
    ];
    let commands = [("move-in", move_in(VICTIM, "2026-03")), ("move-out", move_out("2026-03"))];
    table::<Case>(
        TODAY,
        &states,
        &commands,
        "
        |        move-in     move-out
        nowhere  moved-in    LivesElsewhere
        here     LivesThere  moved-out
        there    moved-in    LivesElsewhere
        gone     moved-in    LivesElsewhere
    ",
    );
}

#[test]
fn only_who_takes_part_in_the_casus_lives_in_one_of_its_households() {
    given(after([])).when(TODAY, move_in(99, "2019")).refused(CaseRefusal::NotInvolved);
}

#[test]
fn a_child_of_parents_who_live_apart_lives_in_two_households() {
    let both: Case = fold(&after([moved_in(HERE, "2019"), moved_in(THERE, "2024-06")]));
    assert_eq!(both.household.0.len(), 2);
    let one: Case =
        fold(&after([moved_in(HERE, "2019"), moved_in(THERE, "2024-06"), moved_out(HERE)]));
    assert_eq!(one.household.0.keys().copied().collect::<Vec<_>>(), [(id(THERE), id(VICTIM))]);
}

#[test]
fn a_date_that_is_known_in_part_is_wrong_only_when_no_day_of_it_can_be_right() {
    let since = || given(after([moved_in(HERE, "2025-06")]));
    for possible in ["2025", "2025-06", "2025-06-01", "2026"] {
        assert_eq!(since().when(TODAY, move_out(possible)).events().len(), 1, "{possible}");
    }
    for wrong in ["2024", "2025-05", "2025-05-31"] {
        let early = invalid("until", Why::Before(day("2025-06-01")));
        since().when(TODAY, move_out(wrong)).refused(early);
    }
    // This month and this year have begun; tomorrow has not.
    for (told, first) in
        [("2026-03-21", "2026-03-21"), ("2026-04", "2026-04-01"), ("2027", "2027-01-01")]
    {
        let late = invalid("from", Why::Future(day(first)));
        given(after([])).when(TODAY, move_in(VICTIM, told)).refused(late);
        let late = invalid("until", Why::Future(day(first)));
        since().when(TODAY, move_out(told)).refused(late);
    }
}
