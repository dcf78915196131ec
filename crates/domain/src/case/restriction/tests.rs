//! A casus that is not for everybody: placed on it, changed, lifted; and never without anybody left.

use super::*;
use crate::case::assignment::{Command as Assign, Event as Assigned};
use crate::case::tests::ours_and;
use crate::case::{Case, Command as Asked, Event as Happened};
use crate::scenario::{day, given, id, table};

const REASON: &str = "eigen-familie";

fn terms(workers: &[u128], excluded: &[u128]) -> Terms {
    let ids = |all: &[u128]| all.iter().map(|it| id(*it)).collect();
    Terms { workers: ids(workers), teams: BTreeSet::new(), excluded: ids(excluded) }
}

fn placed(workers: &[u128], excluded: &[u128]) -> Happened {
    let (on, reason) = (day("2026-03-10"), Code::of(REASON));
    let Terms { workers, teams, excluded } = terms(workers, excluded);
    Happened::Restriction(Event::Placed { on, reason, workers, teams, excluded })
}

fn place(workers: &[u128], excluded: &[u128]) -> Asked {
    let (on, reason, terms) = (day("2026-03-20"), Code::of(REASON), terms(workers, excluded));
    Asked::Restriction(Command::Place { on, reason, terms })
}

fn assigned(worker: u128) -> Happened {
    Happened::Assignment(Assigned::Assigned {
        worker: id(worker),
        team: None,
        on: day("2026-03-10"),
    })
}

fn after(steps: impl IntoIterator<Item = Happened>) -> Vec<Happened> {
    ours_and(steps, |it| it)
}

#[test]
fn every_state_with_every_command() {
    let lifted = Happened::Restriction(Event::Lifted { on: day("2026-03-11") });
    let states = [
        ("open", after([])),
        ("assigned", after([assigned(1)])),
        ("placed", after([placed(&[1], &[9])])),
        ("lifted", after([placed(&[1], &[9]), lifted])),
    ];
    let commands = [
        ("place", place(&[1], &[9])),
        ("nobody", place(&[], &[9])),
        ("own", place(&[2], &[1])),
        ("lift", Asked::Restriction(Command::Lift { on: day("2026-03-20") })),
    ];
    table::<Case>(
        "2026-03-20",
        &states,
        &commands,
        "
        |         place         nobody      own        lift
        open      placed        NobodyLeft  placed     NotRestricted
        assigned  placed        placed      WorksOnIt  NotRestricted
        placed    PlacedBefore  NobodyLeft  placed     lifted
        lifted    placed        NobodyLeft  placed     NotRestricted
    ",
    );
}

#[test]
fn whoever_is_excluded_is_neither_named_nor_put_to_work() {
    let faults = vec![crate::refusal::Fault { at: "excluded", why: Why::NamedAndExcluded(id(9)) }];
    let refusal = crate::case::Refusal::Invalid(faults);
    given::<Case>(after([])).when("2026-03-20", place(&[9], &[9])).refused(refusal);
    let assign = Assign::Assign { worker: id(9), team: None, on: day("2026-03-20") };
    given::<Case>(after([placed(&[1], &[9])]))
        .when("2026-03-20", Asked::Assignment(assign))
        .refused(crate::case::Refusal::Restriction(Refusal::Excluded));
}

#[test]
fn of_the_family_of_a_colleague_he_himself_is_excluded() {
    let fault = crate::refusal::Fault { at: "excluded", why: Why::ColleagueNotExcluded };
    let refusal = crate::case::Refusal::Invalid(vec![fault]);
    given::<Case>(after([])).when("2026-03-20", place(&[1], &[])).refused(refusal);
}
