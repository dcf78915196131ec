//! Opening a casus and joining it: what is known of a melding comes along, and a second decision is the one that was taken second.

use super::*;
use crate::case::Command;
use crate::case::tests::{FIRST, OURS, closed, decided, given, invalid, joined, known, ours_and};
use crate::decider::fold;
use crate::scenario::{day, id, table};

const TODAY: &str = "2026-06-01";

fn open(on: &str, meldingen: Vec<Known>) -> Command {
    Command::Open { on: day(on), meldingen }
}

fn join(melding: Known, on: &str) -> Command {
    Command::JoinMelding { melding, on: day(on) }
}

fn ours() -> Vec<Event> {
    ours_and([], |it| it)
}

#[test]
fn every_state_with_every_command() {
    let states = [
        ("absent", vec![]),
        ("open", ours()),
        ("joined", ours_and([joined(8, "2026-03-09")], |it| it)),
        ("closed", ours_and([closed()], |it| it)),
    ];
    let withdrawn = Known { withdrawn: true, ..known(8, "2026-03-09", None) };
    let commands = [
        ("open", open("2026-03-09", vec![])),
        ("waits", join(known(8, "2026-03-09", None), "2026-03-09")),
        ("decided", join(known(8, "2026-03-09", Some(("2026-03-10", OURS))), "2026-03-10")),
        ("withdrawn", join(withdrawn, "2026-03-10")),
    ];
    table::<Case>(
        TODAY,
        &states,
        &commands,
        "
        |       open          waits           decided                 withdrawn
        absent  opened        NoSuchCase      NoSuchCase              NoSuchCase
        open    OpenedBefore  melding-joined  melding-joined+decided  melding-joined+withdrawn
        joined  OpenedBefore  JoinedBefore    JoinedBefore            JoinedBefore
        closed  OpenedBefore  ClosedBefore    ClosedBefore            ClosedBefore
    ",
    );
}

#[test]
fn a_casus_is_opened_once_veilig_thuis_was_there_and_its_meldingen_were() {
    let melding = || vec![known(FIRST, "2026-03-02", None)];
    let early = invalid("opened", Why::BeforeReceipt(day("2026-03-02")));
    given([]).when(TODAY, open("2026-03-01", melding())).refused(early);
    let late = invalid("opened", Why::Future(day("2026-06-02")));
    given([]).when(TODAY, open("2026-06-02", melding())).refused(late);
    let old = invalid("opened", Why::BeforeTheRegister);
    given([]).when(TODAY, open("2014-12-31", vec![])).refused(old);
    let early = invalid("on", Why::BeforeReceipt(day("2026-03-09")));
    given(ours()).when(TODAY, join(known(8, "2026-03-09", None), "2026-03-08")).refused(early);
}

/// Informatieprotocol 2025 par. 3.1.2: the second decision is the later one, in whatever order the meldingen are named.
#[test]
fn a_casus_that_opens_with_decided_meldingen_knows_which_decision_came_second() {
    let first = known(1, "2026-03-02", Some(("2026-03-04", "overdracht")));
    let second = known(2, "2026-03-06", Some(("2026-03-10", OURS)));
    for meldingen in [vec![first.clone(), second.clone()], vec![second, first]] {
        let opened = given([]).when(TODAY, open("2026-03-10", meldingen)).state();
        assert_eq!(opened.follow_up.standing.unwrap().follow_up, OURS);
        assert_eq!(opened.follow_up.adapted_by, [id(2)]);
    }
}

#[test]
fn a_melding_that_joins_with_an_older_decision_changes_nothing_in_the_follow_up() {
    let older = known(8, "2026-03-02", Some(("2026-03-03", "overdracht")));
    let events = given(ours()).when(TODAY, join(older, "2026-03-20")).events();
    let case: Case = fold(&[ours(), events].concat());
    assert_eq!(case.follow_up.standing.unwrap().follow_up, OURS);
    assert!(case.follow_up.adapted_by.is_empty());
    assert_eq!(case.meldingen[&id(8)].decision.as_ref().unwrap().follow_up, "overdracht");
}

#[test]
fn the_household_lives_where_the_first_melding_that_says_so_puts_it() {
    let place = |melding: u128, on: &str, municipality: Option<&'static str>| {
        let (melding, on) = (id(melding), day(on));
        let municipality = municipality.map(Code::of);
        Event::MeldingJoined { melding, on, received_on: Some(on), municipality }
    };
    let events = [
        place(3, "2026-03-09", Some("0114")),
        place(1, "2026-03-05", None),
        place(2, "2026-03-06", Some("0106")),
    ];
    let case: Case = fold(&events);
    assert_eq!(case.municipality().unwrap(), &"0106");
}

#[test]
fn the_same_joining_is_recognised_also_when_the_melding_was_decided_on_meanwhile() {
    let waits = join(known(8, "2026-03-09", None), "2026-03-10");
    let known_by_now = known(8, "2026-03-09", Some(("2026-03-11", OURS)));
    let told = |it: &Command| serde_json::to_string(it).unwrap();
    assert_eq!(told(&waits), told(&join(known_by_now, "2026-03-10")));
    assert_ne!(told(&waits), told(&join(known(9, "2026-03-09", None), "2026-03-10")));
}

#[test]
fn what_joined_before_its_receipt_was_kept_can_still_be_read() {
    let (melding, on) = (id(1), day("2026-03-02"));
    let old = Event::MeldingJoined { melding, on, received_on: None, municipality: None };
    let case: Case = fold(&[old, decided(1, "2026-03-04", OURS)]);
    assert!(case.meldingen[&id(1)].decision.is_some());
}
