//! Who works on a casus: assigned again and again, never twice to the same.

use super::*;
use crate::case::tests::ours_and;
use crate::case::{Case, Command as Asked, Event as Happened};
use crate::decider::fold;
use crate::scenario::{day, id, table};

fn assigned(worker: u128, team: Option<u128>) -> Event {
    Event::Assigned { worker: id(worker), team: team.map(id), on: day("2026-03-10") }
}

fn assign(worker: u128, team: Option<u128>) -> Asked {
    let (worker, team, on) = (id(worker), team.map(id), day("2026-03-20"));
    Asked::Assignment(Command::Assign { worker, team, on })
}

fn after(steps: impl IntoIterator<Item = Event>) -> Vec<Happened> {
    ours_and(steps, Happened::Assignment)
}

#[test]
fn every_state_with_every_command() {
    let states = [
        ("nobody", after([])),
        ("one", after([assigned(1, None)])),
        ("of-a-team", after([assigned(1, Some(5))])),
        ("another", after([assigned(1, None), assigned(2, None)])),
    ];
    let commands =
        [("one", assign(1, None)), ("of-a-team", assign(1, Some(5))), ("another", assign(2, None))];
    table::<Case>(
        "2026-03-20",
        &states,
        &commands,
        "
        |          one             of-a-team       another
        nobody     assigned        assigned        assigned
        one        AssignedBefore  assigned        assigned
        of-a-team  assigned        AssignedBefore  assigned
        another    assigned        assigned        AssignedBefore
    ",
    );
}

#[test]
fn the_last_one_works_on_it() {
    let case: Case = fold(&after([assigned(1, Some(5)), assigned(2, None)]));
    assert_eq!(case.assignment, Assignment { worker: Some(id(2)), team: None });
}
