//! Incidents: every pair of state and command.

use super::*;
use crate::case::tests::{closed, given, invalid, ours_and};
use crate::case::{Case, Command as Asked, Event as Happened};
use crate::scenario::{day, id, table};

const TODAY: &str = "2026-07-01";

fn recorded() -> Event {
    Event::Recorded { incident: id(50), on: day("2026-03-10"), kind: Code::of("calamiteit") }
}

fn record() -> Asked {
    let (incident, on) = (id(50), day("2026-06-10"));
    Asked::Incident(Command::Record { incident, on, kind: Code::of("klacht") })
}

fn report(on: &str) -> Asked {
    Asked::Incident(Command::Report { incident: id(50), on: day(on) })
}

fn settle() -> Asked {
    let (incident, on) = (id(50), day("2026-06-10"));
    Asked::Incident(Command::Settle { incident, on, outcome: Code::of("gegrond") })
}

fn after(steps: impl IntoIterator<Item = Event>) -> Vec<Happened> {
    ours_and(steps, Happened::Incident)
}

#[test]
fn every_state_with_every_command() {
    let (incident, on) = (id(50), day("2026-03-12"));
    let reported = Event::Reported { incident, on };
    let settled = Event::Settled { incident, on, outcome: Code::of("ongegrond") };
    let states = [
        ("absent", after([])),
        ("recorded", after([recorded()])),
        ("reported", after([recorded(), reported])),
        ("settled", after([recorded(), settled])),
    ];
    let commands = [("record", record()), ("report", report("2026-06-10")), ("settle", settle())];
    table::<Case>(
        TODAY,
        &states,
        &commands,
        "
        |         record          report          settle
        absent    recorded        NoSuchIncident  NoSuchIncident
        recorded  RecordedBefore  reported        settled
        reported  RecordedBefore  ReportedBefore  settled
        settled   RecordedBefore  SettledBefore   SettledBefore
    ",
    );
    let early = invalid("on", Why::Before(day("2026-03-10")));
    given(after([recorded()])).when(TODAY, report("2026-03-09")).refused(early);
}

/// Wmo 2015 art. 4.2.4-4.2.11: the account of a year holds all of them, whether or not the casus goes on.
#[test]
fn whoever_complains_may_do_so_after_the_casus_was_closed() {
    let over = ours_and([closed()], |it| it);
    assert_eq!(given(over).when(TODAY, record()).events().len(), 1);
}

#[test]
fn an_incident_is_not_settled_before_it_was_reported() {
    let settle = |on| {
        let (incident, outcome) = (id(50), Code::of("gegrond"));
        Asked::Incident(Command::Settle { incident, on: day(on), outcome })
    };
    let history =
        || after([recorded(), Event::Reported { incident: id(50), on: day("2026-03-12") }]);
    let early = invalid("on", Why::Before(day("2026-03-12")));
    given(history()).when(TODAY, settle("2026-03-11")).refused(early);
    assert_eq!(given(history()).when(TODAY, settle("2026-03-12")).events().len(), 1);
}
