//! Measures: every pair of state and command, and how long a huisverbod may last.

use super::*;
use crate::case::tests::{VICTIM, closed, given, invalid, ours_and};
use crate::case::{Command as Asked, Event as Happened};
use crate::scenario::{day, id, table};

const TODAY: &str = "2026-05-01";

fn imposed(kind: &'static str, until: Option<&str>) -> Event {
    let (on, until, person) = (day("2026-03-10"), until.map(day), Some(id(VICTIM)));
    let (kind, consulted) = (Code::of(kind), Code::of("ja"));
    Event::Imposed { measure: id(50), kind, on, until, person, consulted }
}

fn impose(kind: &'static str, until: Option<&str>) -> Asked {
    let (on, until, person) = (day("2026-03-10"), until.map(day), Some(id(VICTIM)));
    let (kind, consulted) = (Code::of(kind), Code::of("ja"));
    let imposition = Imposition { measure: id(50), kind, on, until, person, consulted };
    Asked::Measure(Command::Impose(imposition))
}

fn extend(on: &str, until: &str) -> Asked {
    Asked::Measure(Command::Extend { measure: id(50), on: day(on), until: day(until) })
}

fn after(steps: impl IntoIterator<Item = Event>) -> Vec<Happened> {
    ours_and(steps, Happened::Measure)
}

#[test]
fn every_state_with_every_command() {
    let (measure, on, consulted) = (id(50), day("2026-03-10"), Code::of("nee"));
    let kind = || Code::of("aware");
    let considered = Event::Considered { measure, kind: kind(), on, consulted: consulted.clone() };
    let extended = Event::Extended { measure, on, until: day("2026-03-25") };
    let ended = Event::Ended { measure, on, reason: Code::of("ingetrokken") };
    let states = [
        ("absent", after([])),
        ("considered", after([considered])),
        ("imposed", after([imposed(HUISVERBOD, Some("2026-03-20"))])),
        ("endless", after([imposed("aware", None)])),
        ("extended", after([imposed("aware", Some("2026-03-20")), extended])),
        ("ended", after([imposed("aware", None), ended])),
    ];
    let end = Command::End { measure, on: day("2026-03-20"), reason: Code::of("verlopen") };
    let consider = Command::Consider { measure, kind: kind(), on, consulted };
    let commands = [
        ("consider", Asked::Measure(consider)),
        ("impose", impose("aware", None)),
        ("extend", extend("2026-03-19", "2026-04-07")),
        ("end", Asked::Measure(end)),
    ];
    table::<crate::case::Case>(
        TODAY,
        &states,
        &commands,
        "
        |           consider        impose          extend         end
        absent      considered      imposed         NoSuchMeasure  NoSuchMeasure
        considered  RecordedBefore  RecordedBefore  NotImposed     NotImposed
        imposed     RecordedBefore  RecordedBefore  extended       ended
        endless     RecordedBefore  RecordedBefore  extended       ended
        extended    RecordedBefore  RecordedBefore  extended       ended
        ended       RecordedBefore  RecordedBefore  EndedBefore    EndedBefore
    ",
    );
}

/// Wet tijdelijk huisverbod art. 2 lid 1.
#[test]
fn a_huisverbod_lasts_ten_days() {
    let ten_days = || [Happened::Measure(imposed(HUISVERBOD, Some("2026-03-20")))];
    given(after([])).when(TODAY, impose(HUISVERBOD, None)).then(ten_days());
    given(after([])).when(TODAY, impose(HUISVERBOD, Some("2026-03-20"))).then(ten_days());
    let too_long = invalid("until", Why::TooLong(day("2026-03-20")));
    given(after([])).when(TODAY, impose(HUISVERBOD, Some("2026-03-21"))).refused(too_long);
    let too_short = invalid("until", Why::TooShort(day("2026-03-20")));
    given(after([])).when(TODAY, impose(HUISVERBOD, Some("2026-03-19"))).refused(too_short);
    let back = invalid("until", Why::Before(day("2026-03-10")));
    given(after([])).when(TODAY, impose(HUISVERBOD, Some("2026-03-09"))).refused(back);
    // No law says how long an alarm lasts.
    let alarm = given(after([])).when(TODAY, impose("aware", Some("2027-03-10")));
    assert_eq!(alarm.events().len(), 1);
}

/// Wet tijdelijk huisverbod art. 9 lid 1.
#[test]
fn a_huisverbod_is_extended_to_four_weeks_in_all() {
    let huisverbod = || given(after([imposed(HUISVERBOD, Some("2026-03-20"))]));
    let extended = huisverbod().when(TODAY, extend("2026-03-20", "2026-04-07"));
    assert_eq!(extended.events().len(), 1);
    let too_long = invalid("until", Why::TooLong(day("2026-04-07")));
    huisverbod().when(TODAY, extend("2026-03-20", "2026-04-08")).refused(too_long);
    // Also when it was extended before.
    let (measure, on, until) = (id(50), day("2026-03-20"), day("2026-04-01"));
    let twice = [imposed(HUISVERBOD, Some("2026-03-20")), Event::Extended { measure, on, until }];
    let too_long = invalid("until", Why::TooLong(day("2026-04-07")));
    given(after(twice)).when(TODAY, extend("2026-03-30", "2026-04-08")).refused(too_long);
}

#[test]
fn what_has_lapsed_is_not_extended() {
    given(after([imposed(HUISVERBOD, Some("2026-03-20"))]))
        .when(TODAY, extend("2026-03-21", "2026-04-07"))
        .refused(Refusal::Lapsed.into());
}

#[test]
fn an_extension_ends_later_than_what_it_extends() {
    let shorter = invalid("until", Why::NotAfter(day("2026-03-20")));
    given(after([imposed(HUISVERBOD, Some("2026-03-20"))]))
        .when(TODAY, extend("2026-03-19", "2026-03-20"))
        .refused(shorter);
    let over = invalid("until", Why::NotAfter(day("2026-03-19")));
    given(after([imposed("aware", None)]))
        .when(TODAY, extend("2026-03-19", "2026-03-19"))
        .refused(over);
}

#[test]
fn a_measure_is_imposed_on_somebody_of_the_casus() {
    let imposition = Imposition {
        measure: id(50),
        kind: Code::of(HUISVERBOD),
        on: day("2026-03-10"),
        until: None,
        person: Some(id(99)),
        consulted: Code::of("ja"),
    };
    given(after([]))
        .when(TODAY, Asked::Measure(Command::Impose(imposition)))
        .refused(CaseRefusal::NotInvolved);
}

/// Wet tijdelijk huisverbod art. 2 lid 1 and art. 9 lid 1.
#[test]
fn a_huisverbod_has_lapsed_on_its_last_day_and_does_not_end_after_it() {
    let end = |on| {
        let (measure, reason) = (id(50), Code::of("verlopen"));
        Asked::Measure(Command::End { measure, on: day(on), reason })
    };
    let imposed = imposed(HUISVERBOD, Some("2026-03-20"));
    let (measure, on, until) = (id(50), day("2026-03-20"), day("2026-04-07"));
    let extended = [imposed.clone(), Event::Extended { measure, on, until }];
    for (steps, last, late) in [
        (vec![imposed], "2026-03-20", "2026-03-21"),
        (extended.to_vec(), "2026-04-07", "2026-04-08"),
    ] {
        let refused = invalid("on", Why::AfterLastDay(day(last)));
        given(after(steps.clone())).when(TODAY, end(late)).refused(refused);
        assert_eq!(given(after(steps)).when(TODAY, end(last)).events().len(), 1);
    }
}

#[test]
fn a_measure_ends_also_after_the_casus_was_closed_but_is_not_extended_then() {
    let over = [Happened::Measure(imposed("aware", None)), closed()];
    let history = || given(ours_and(over.clone(), |it| it));
    let (measure, on, reason) = (id(50), day("2026-06-02"), Code::of("verlopen"));
    let end = Asked::Measure(Command::End { measure, on, reason });
    assert_eq!(history().when("2026-06-02", end).events().len(), 1);
    let longer = extend("2026-06-02", "2026-07-01");
    history().when("2026-06-02", longer).refused(CaseRefusal::ClosedBefore);
}
