//! Monitoring: every pair of state and command, and when it begins.

use super::*;
use crate::case::tests::{FIRST, given, invalid, ours_and};
use crate::case::{Command as Asked, Event as Happened, conditions, investigation};
use crate::scenario::{day, id, table};

const TODAY: &str = "2026-07-01";

fn started() -> Event {
    Event::Started { on: day("2026-05-01") }
}

fn planned() -> Event {
    let (on, planned_for) = (day("2026-05-04"), day("2026-06-01"));
    Event::Planned { moment: id(50), on, planned_for }
}

fn held() -> Event {
    let (on, safe, by) = (day("2026-06-02"), Code::of("ja"), Code::of("veilig-thuis"));
    Event::Held { moment: id(50), on, safe, by }
}

fn start(on: &str) -> Asked {
    Asked::Monitoring(Command::Start { on: day(on) })
}

fn plan(on: &str, planned_for: &str) -> Asked {
    let (on, planned_for) = (day(on), day(planned_for));
    Asked::Monitoring(Command::Plan { moment: id(50), on, planned_for })
}

fn hold(on: &str) -> Asked {
    let (safe, by) = (Code::of("nee"), Code::of("professional"));
    Asked::Monitoring(Command::Hold { moment: id(50), on: day(on), safe, by })
}

fn cancel() -> Asked {
    Asked::Monitoring(Command::Cancel { moment: id(50), on: day("2026-06-15") })
}

fn end() -> Asked {
    Asked::Monitoring(Command::End { on: day("2026-06-15") })
}

fn after(steps: impl IntoIterator<Item = Event>) -> Vec<Happened> {
    ours_and(steps, Happened::Monitoring)
}

/// A service that ended on 1 May, or runs.
fn service(over: bool) -> Vec<Happened> {
    let (service, melding) = (id(60), id(FIRST));
    let decided = conditions::Event::Decided { service, melding, formal_on: day("2026-03-04") };
    let (on, outcome, due_on) = (day("2026-05-01"), Code::of("veilig"), None);
    let concluded = conditions::Event::Concluded { service, on, outcome, due_on };
    let steps = if over { vec![decided, concluded] } else { vec![decided] };
    ours_and(steps, Happened::Conditions)
}

#[test]
fn every_state_with_every_command() {
    let cancelled = Event::Cancelled { moment: id(50), on: day("2026-05-10") };
    let ended = Event::Ended { on: day("2026-06-10") };
    let states = [
        ("absent", after([])),
        ("service-runs", service(false)),
        ("started", after([started()])),
        ("planned", after([started(), planned()])),
        ("held", after([started(), planned(), held()])),
        ("cancelled", after([started(), planned(), cancelled])),
        ("ended", after([started(), planned(), held(), ended])),
    ];
    let commands = [
        ("start", start("2026-06-15")),
        ("plan", plan("2026-06-15", "2026-09-01")),
        ("hold", hold("2026-06-15")),
        ("cancel", cancel()),
        ("end", end()),
    ];
    table::<Case>(
        TODAY,
        &states,
        &commands,
        "
        |             start          plan           hold          cancel        end
        absent        started        NotMonitored   NoSuchMoment  NoSuchMoment  NotMonitored
        service-runs  ServiceRuns    NotMonitored   NoSuchMoment  NoSuchMoment  NotMonitored
        started       StartedBefore  planned        NoSuchMoment  NoSuchMoment  ended
        planned       StartedBefore  PlannedBefore  held          cancelled     MomentOpen
        held          StartedBefore  PlannedBefore  EndedBefore   EndedBefore   ended
        cancelled     StartedBefore  PlannedBefore  EndedBefore   EndedBefore   ended
        ended         started        NotMonitored   EndedBefore   EndedBefore   NotMonitored
    ",
    );
}

/// Handelingsprotocol 2019, monitoring: it follows on the services.
#[test]
fn monitoring_begins_once_no_service_of_ours_runs_any_more() {
    let forms = vec![Code::of("kindermishandeling")];
    let (investigation, melding, formal_on) = (id(61), id(FIRST), day("2026-03-04"));
    let runs = investigation::Event::Decided { investigation, melding, formal_on, forms };
    let investigated = ours_and([runs], Happened::Investigation);
    for history in [service(false), investigated] {
        given(history).when(TODAY, start("2026-05-01")).refused(Refusal::ServiceRuns.into());
    }
    // Not in hindsight either.
    let early = invalid("on", Why::Before(day("2026-05-01")));
    given(service(true)).when(TODAY, start("2026-04-30")).refused(early);
    assert_eq!(given(service(true)).when(TODAY, start("2026-05-01")).events().len(), 1);
}

#[test]
fn monitoring_that_begins_again_does_not_begin_before_it_ended() {
    let ended = after([started(), Event::Ended { on: day("2026-06-10") }]);
    let early = invalid("on", Why::Before(day("2026-06-10")));
    given(ended).when(TODAY, start("2026-06-09")).refused(early);
}

#[test]
fn a_moment_is_planned_for_later_and_held_whenever_it_is() {
    let back = invalid("planned_for", Why::Before(day("2026-06-15")));
    given(after([started()])).when(TODAY, plan("2026-06-15", "2026-06-14")).refused(back);
    // Before the day it was planned for, but not before it was planned.
    let sooner = given(after([started(), planned()])).when(TODAY, hold("2026-05-04"));
    assert_eq!(sooner.events().len(), 1);
    let early = invalid("on", Why::Before(day("2026-05-04")));
    given(after([started(), planned()])).when(TODAY, hold("2026-05-03")).refused(early);
}

#[test]
fn monitoring_does_not_end_before_its_last_moment_was_held_or_cancelled() {
    let end = |on| Asked::Monitoring(Command::End { on: day(on) });
    let cancelled = Event::Cancelled { moment: id(50), on: day("2026-06-02") };
    for moment in [held(), cancelled] {
        let history = || after([started(), planned(), moment.clone()]);
        let early = invalid("on", Why::Before(day("2026-06-02")));
        given(history()).when(TODAY, end("2026-06-01")).refused(early);
        assert_eq!(given(history()).when(TODAY, end("2026-06-02")).events().len(), 1);
    }
}
