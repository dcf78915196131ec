//! To and from another region: every pair of state and command.

use super::*;
use crate::case::tests::{given, invalid, ours_and};
use crate::case::{Case, Command as Asked, Event as Happened};
use crate::decider::fold;
use crate::scenario::{day, id, table};

const TODAY: &str = "2026-05-01";

fn offered() -> Event {
    let (to, reason) = ("VT03".parse().unwrap(), Code::of("verhuizing"));
    Event::Offered { transfer: id(50), on: day("2026-03-10"), to, reason }
}

fn answered(accepted: &'static str) -> Event {
    Event::Answered { transfer: id(50), on: day("2026-03-12"), accepted: Code::of(accepted) }
}

fn offer(number: u128, to: &str) -> Asked {
    let (transfer, on, reason) = (id(number), day("2026-04-01"), Code::of("verhuizing"));
    Asked::Transfer(Command::Offer { transfer, on, to: to.parse().unwrap(), reason })
}

fn answer(on: &str, accepted: &'static str) -> Asked {
    let (transfer, accepted) = (id(50), Code::of(accepted));
    Asked::Transfer(Command::Answer { transfer, on: day(on), accepted })
}

fn take_over(from: &str) -> Asked {
    let (transfer, on) = (id(50), day("2026-04-01"));
    Asked::Transfer(Command::TakeOver { transfer, on, from: from.parse().unwrap() })
}

fn after(steps: impl IntoIterator<Item = Event>) -> Vec<Happened> {
    ours_and(steps, Happened::Transfer)
}

#[test]
fn every_state_with_every_command() {
    let from = "VT03".parse().unwrap();
    let taken_over = Event::TakenOver { transfer: id(52), on: day("2026-03-02"), from };
    let states = [
        ("absent", after([])),
        ("offered", after([offered()])),
        ("accepted", after([offered(), answered("ja")])),
        ("refused", after([offered(), answered("nee")])),
        ("taken-over", after([taken_over])),
    ];
    let commands = [
        ("offer", offer(50, "VT03")),
        ("another", offer(51, "VT04")),
        ("answer", answer("2026-04-01", "ja")),
        ("take-over", take_over("VT03")),
    ];
    table::<Case>(
        TODAY,
        &states,
        &commands,
        "
        |           offer          another   answer          take-over
        absent      offered        offered   NoSuchTransfer  taken-over
        offered     OfferedBefore  OneWaits  answered        taken-over
        accepted    OfferedBefore  offered   AnsweredBefore  taken-over
        refused     OfferedBefore  offered   AnsweredBefore  taken-over
        taken-over  offered        offered   NoSuchTransfer  TakenOverBefore
    ",
    );
}

#[test]
fn nothing_goes_to_or_comes_from_the_own_region() {
    given(after([])).when(TODAY, offer(50, "VT02")).refused(invalid("to", Why::OwnRegion));
    given(after([])).when(TODAY, take_over("VT02")).refused(invalid("from_region", Why::OwnRegion));
}

#[test]
fn the_region_that_is_left_is_responsible_until_the_other_accepts() {
    let accepted = |steps: Vec<Event>| {
        let case: Case = fold(&after(steps));
        (case.transfers.waits(), case.transfers.is_accepted())
    };
    assert_eq!(accepted(vec![offered()]), (true, false));
    assert_eq!(accepted(vec![offered(), answered("nee")]), (false, false));
    assert_eq!(accepted(vec![offered(), answered("ja")]), (false, true));
}

#[test]
fn an_answer_is_yes_or_no_and_comes_after_the_offer() {
    for no_answer in ["onbekend", "niet-gevraagd"] {
        given(after([offered()]))
            .when(TODAY, answer("2026-04-01", no_answer))
            .refused(invalid("accepted", Why::NoAnswer));
    }
    let early = invalid("on", Why::Before(day("2026-03-10")));
    given(after([offered()])).when(TODAY, answer("2026-03-09", "ja")).refused(early);
}
