//! The terms of law in a casus: around free days, the change of the clock, suspension, and a change of norm; met or missed by the rules
//! of the day on which they began.

use super::*;
use crate::case::tests::{FIRST, OURS, closed, decided, given, involved, joined, ours_and};
use crate::case::{
    Command, Event, conditions, handover, incident, informing, investigation, measure, monitoring,
    suspension, transfer,
};
use crate::codes::Code;
use crate::deadline::{Norm, Unit, in_force};
use crate::decider::fold;
use crate::scenario::{day, id};

const TODAY: &str = "2026-11-30";
const IT: u128 = 50;

fn after(steps: impl IntoIterator<Item = Event>) -> Vec<Event> {
    ours_and(steps, |it| it)
}

/// A casus of which the first melding was received and decided on, on these days, and is investigated.
fn investigated(received_on: &str, decided_on: &str) -> Vec<Event> {
    let (investigation, melding, formal_on) = (id(IT), id(FIRST), day(decided_on));
    let forms = vec![Code::of("kindermishandeling")];
    vec![
        Event::Opened { on: day(received_on) },
        joined(FIRST, received_on),
        decided(FIRST, decided_on, OURS),
        Event::Investigation(investigation::Event::Decided {
            investigation,
            melding,
            formal_on,
            forms,
        }),
    ]
}

fn begun(on: &str) -> Event {
    Event::Investigation(investigation::Event::Begun { investigation: id(IT), on: day(on) })
}

fn suspended(on: &str) -> Event {
    let reason = Code::of("wacht-op-derden");
    Event::Suspension(suspension::Event::Suspended { on: day(on), reason })
}

fn resumed(on: &str) -> Event {
    Event::Suspension(suspension::Event::Resumed { on: day(on) })
}

fn term(history: &[Event], kind: Kind) -> Deadline {
    let case: Case = fold(history);
    of(&case).into_iter().find(|it| it.kind == kind).unwrap()
}

fn due_on(history: &[Event], kind: Kind) -> Option<NaiveDate> {
    term(history, kind).due_on
}

/// An investigation of which the judgement is due on 13 May, with what came after.
fn due_after(steps: impl IntoIterator<Item = Event>) -> Option<NaiveDate> {
    let history = [investigated("2026-03-02", "2026-03-04"), steps.into_iter().collect()].concat();
    due_on(&history, Kind::Investigation)
}

fn conclude(on: &str) -> Command {
    let findings = vec![investigation::Finding {
        form: Code::of("kindermishandeling"),
        outcome: Code::of("weerlegd"),
        natures: vec![],
    }];
    let (investigation, on) = (id(IT), day(on));
    Command::Investigation(investigation::Command::Conclude { investigation, on, findings })
}

/// Uitvoeringsbesluit Wmo 2015 art. 4.1.7; Algemene termijnenwet art. 1 lid 1.
#[test]
fn an_investigation_is_due_ten_weeks_after_its_decision_and_on_a_free_day_later() {
    for (decided_on, due) in [
        ("2026-03-04", "2026-05-13"),
        // Saturday 16 May.
        ("2026-03-07", "2026-05-18"),
        // Whit Monday.
        ("2026-03-16", "2026-05-26"),
        // Over the change to winter time on 25 October.
        ("2026-08-20", "2026-10-29"),
        // Christmas 2025 falls on Thursday; the second day and the weekend follow.
        ("2025-10-16", "2025-12-29"),
    ] {
        let history = investigated(decided_on, decided_on);
        assert_eq!(due_on(&history, Kind::Investigation), Some(day(due)), "{decided_on}");
    }
}

/// Uitvoeringsbesluit Wmo 2015 art. 4.1.7: within five days of the receipt of the melding.
#[test]
fn an_investigation_begins_within_five_working_days_of_receipt_but_not_before_it_was_decided() {
    let begins = |received_on, decided_on| {
        due_on(&investigated(received_on, decided_on), Kind::InvestigationBegin)
    };
    assert_eq!(begins("2026-03-02", "2026-03-04"), Some(day("2026-03-09")));
    // Over Easter.
    assert_eq!(begins("2026-04-02", "2026-04-07"), Some(day("2026-04-13")));
    assert_eq!(begins("2026-03-02", "2026-03-20"), Some(day("2026-03-20")));
    let history = investigated("2026-03-02", "2026-03-04");
    let in_time = [history.clone(), vec![begun("2026-03-09")]].concat();
    assert_eq!(term(&in_time, Kind::InvestigationBegin).within(), Some(true));
    let late = [history, vec![begun("2026-03-10")]].concat();
    assert_eq!(term(&late, Kind::InvestigationBegin).within(), Some(false));
}

/// A shorter norm from a day on: what began the day before lapses by the old one, in the time of the new one as well.
#[test]
fn a_term_keeps_the_norm_of_the_day_on_which_it_began() {
    let weeks = |from: &str, length| Norm {
        from: day(from),
        length: Some(length),
        unit: Unit::Weeks,
        warn: 10,
    };
    let norms = [weeks("2015-01-01", 10), weeks("2027-01-01", 8)];
    let due = |from: &str| in_force(&norms, day(from)).due(day(from));
    assert_eq!(due("2026-12-31"), Some(day("2027-03-11")));
    assert_eq!(due("2027-01-01"), Some(day("2027-02-26")));
    // Before the first norm, the first; on the very first day of a norm, that one.
    assert_eq!(in_force(&norms, day("2014-12-31")), norms[0]);
    assert_eq!(in_force(&norms, day("2027-01-01")), norms[1]);
}

#[test]
fn one_that_ended_before_it_began_has_nothing_to_begin_with_any_more() {
    let (investigation, on) = (id(IT), day("2026-03-06"));
    let ended = investigation::Event::Ended {
        investigation,
        on,
        reason: Code::of("overleden"),
        due_on: None,
    };
    let history =
        [investigated("2026-03-02", "2026-03-04"), vec![Event::Investigation(ended)]].concat();
    let case: Case = fold(&history);
    assert!(of(&case).iter().all(|it| it.kind != Kind::InvestigationBegin));
}

#[test]
fn what_was_suspended_is_added_to_the_term() {
    assert_eq!(due_after([]), Some(day("2026-05-13")));
    // Running: there is no last day.
    assert_eq!(due_after([suspended("2026-04-01")]), None);
    // Ended: seven days later.
    assert_eq!(
        due_after([suspended("2026-04-01"), resumed("2026-04-08")]),
        Some(day("2026-05-20"))
    );
    // On the same day: nothing.
    assert_eq!(
        due_after([suspended("2026-04-01"), resumed("2026-04-01")]),
        Some(day("2026-05-13"))
    );
    // Three days later is Saturday 16 May.
    assert_eq!(
        due_after([suspended("2026-04-01"), resumed("2026-04-04")]),
        Some(day("2026-05-18"))
    );
    // Twice: seven days and five.
    let twice = [
        suspended("2026-04-01"),
        resumed("2026-04-08"),
        suspended("2026-04-20"),
        resumed("2026-04-25"),
    ];
    assert_eq!(due_after(twice), Some(day("2026-05-26")));
}

#[test]
fn a_suspension_helps_as_far_as_it_lies_within_the_term() {
    // It began before the decision: only the days since count.
    assert_eq!(
        due_after([suspended("2026-03-01"), resumed("2026-03-11")]),
        Some(day("2026-05-20"))
    );
    // It was over before the decision.
    assert_eq!(
        due_after([suspended("2026-03-02"), resumed("2026-03-04")]),
        Some(day("2026-05-13"))
    );
    // Across the last day: what was left of the term is left after it.
    assert_eq!(
        due_after([suspended("2026-05-12"), resumed("2026-06-01")]),
        Some(day("2026-06-02"))
    );
    // On the last day itself.
    assert_eq!(
        due_after([suspended("2026-05-13"), resumed("2026-05-20")]),
        Some(day("2026-05-20"))
    );
    // After the last day it no longer helps, not even while it lasts.
    assert_eq!(due_after([suspended("2026-05-14")]), Some(day("2026-05-13")));
    assert_eq!(
        due_after([suspended("2026-05-14"), resumed("2026-06-01")]),
        Some(day("2026-05-13"))
    );
    // A first one that moves the last day to Monday 18 May leaves room for a second one on that day.
    let both = [
        suspended("2026-04-01"),
        resumed("2026-04-04"),
        suspended("2026-05-18"),
        resumed("2026-05-20"),
    ];
    assert_eq!(due_after(both), Some(day("2026-05-18")));
    let second = [suspended("2026-04-01"), resumed("2026-04-04"), suspended("2026-05-18")];
    assert_eq!(due_after(second), None);
}

#[test]
fn a_judgement_is_in_time_or_late_by_what_the_term_was_when_it_came() {
    let judged = |steps: Vec<Event>, on: &str| {
        let going_on = [begun("2026-03-09")].into_iter().chain(steps);
        let history: Vec<Event> =
            investigated("2026-03-02", "2026-03-04").into_iter().chain(going_on).collect();
        let events = given(history.clone()).when(TODAY, conclude(on)).events();
        let it = term(&[history, events].concat(), Kind::Investigation);
        (it.due_on, it.within())
    };
    assert_eq!(judged(vec![], "2026-05-13"), (Some(day("2026-05-13")), Some(true)));
    assert_eq!(judged(vec![], "2026-05-14"), (Some(day("2026-05-13")), Some(false)));
    let a_week = || vec![suspended("2026-04-01"), resumed("2026-04-08")];
    assert_eq!(judged(a_week(), "2026-05-20"), (Some(day("2026-05-20")), Some(true)));
    // While it is suspended a judgement is in time: nothing of the term is used up.
    assert_eq!(judged(vec![suspended("2026-04-01")], "2026-06-30").1, Some(true));
    // Unless it was late already.
    let late = judged(vec![suspended("2026-05-14")], "2026-06-30");
    assert_eq!(late, (Some(day("2026-05-13")), Some(false)));
}

#[test]
fn a_later_suspension_or_melding_does_not_touch_a_term_that_was_met() {
    let findings = vec![];
    let (investigation, on, due) = (id(IT), day("2026-05-14"), Some(day("2026-05-13")));
    let concluded = investigation::Event::Concluded { investigation, on, findings, due_on: due };
    let later = [
        Event::Investigation(concluded),
        suspended("2026-05-15"),
        joined(8, "2026-05-18"),
        decided(8, "2026-05-19", OURS),
    ];
    assert_eq!(due_after(later), due);
}

/// Wmo 2015 art. 5.3.1 knows its own postponement; a suspension is of the services.
#[test]
fn informing_and_the_begin_of_a_service_do_not_wait_for_a_suspension() {
    let required = informing::Event::Required { person: id(10), on: day("2026-03-02") };
    let history = [
        investigated("2026-03-02", "2026-03-04"),
        vec![involved(10, "kind"), Event::Informing(required), suspended("2026-03-03")],
    ];
    let history = history.concat();
    assert_eq!(due_on(&history, Kind::Informing), Some(day("2026-03-30")));
    assert_eq!(due_on(&history, Kind::InvestigationBegin), Some(day("2026-03-09")));
}

/// No article: ten weeks is the practice, and an unconfirmed line in the published norms.
#[test]
fn conditions_and_follow_up_are_due_after_ten_weeks_too_and_can_be_suspended() {
    let (service, melding, formal_on) = (id(IT), id(FIRST), day("2026-03-04"));
    let decided = conditions::Event::Decided { service, melding, formal_on };
    let steps = |more: &[Event]| [vec![Event::Conditions(decided.clone())], more.to_vec()].concat();
    let due = |more: &[Event]| due_on(&after(steps(more)), Kind::Conditions);
    assert_eq!(due(&[]), Some(day("2026-05-13")));
    let week = [suspended("2026-04-01"), resumed("2026-04-08")];
    assert_eq!(due(&week), Some(day("2026-05-20")));
    assert_eq!(due_on(&after(steps(&[])), Kind::ConditionsBegin), None);
    let (service, on) = (id(IT), day("2026-03-09"));
    let history = after(steps(&[Event::Conditions(conditions::Event::Begun { service, on })]));
    let conclude = conditions::Command::Conclude {
        service,
        on: day("2026-05-14"),
        outcome: Code::of("veilig"),
    };
    let events = given(history.clone()).when(TODAY, Command::Conditions(conclude)).events();
    assert_eq!(term(&[history, events].concat(), Kind::Conditions).within(), Some(false));
}

#[test]
fn what_others_have_to_answer_waits_without_a_last_day() {
    let on = day("2026-03-10");
    let sent = handover::Event::Sent {
        handover: id(51),
        on,
        to: Code::of("lokaal-veld"),
        warm: Code::of("ja"),
    };
    let returned = handover::Event::Returned {
        handover: id(51),
        on: day("2026-03-20"),
        reason: Code::of("niet-passend"),
    };
    let reason = Code::of("verhuizing");
    let offered =
        transfer::Event::Offered { transfer: id(52), on, to: "VT03".parse().unwrap(), reason };
    let recorded = incident::Event::Recorded { incident: id(53), on, kind: Code::of("klacht") };
    let history =
        after([Event::Handover(sent), Event::Transfer(offered), Event::Incident(recorded)]);
    for kind in [Kind::Handover, Kind::Transfer, Kind::Incident] {
        let it = term(&history, kind);
        assert_eq!((it.from, it.due_on, it.is_open()), (on, None, true), "{kind:?}");
    }
    let answered = [history, vec![Event::Handover(returned)]].concat();
    assert_eq!(term(&answered, Kind::Handover).met_on, Some(day("2026-03-20")));
}

#[test]
fn what_is_planned_or_ends_lapses_on_its_own_day() {
    let (moment, on, planned_for) = (id(51), day("2026-04-01"), day("2026-06-06"));
    let planned = monitoring::Event::Planned { moment, on, planned_for };
    let imposed = measure::Event::Imposed {
        measure: id(52),
        kind: Code::of("tijdelijk-huisverbod"),
        on,
        until: Some(day("2026-04-11")),
        person: None,
        consulted: Code::of("ja"),
    };
    let history = after([Event::Monitoring(planned), Event::Measure(imposed)]);
    // Saturdays, both: what lasts, and what was planned, does not move.
    assert_eq!(due_on(&history, Kind::Monitoring), Some(planned_for));
    assert_eq!(due_on(&history, Kind::Measure), Some(day("2026-04-11")));
    let cancelled = monitoring::Event::Cancelled { moment, on };
    let case: Case = fold(&[history, vec![Event::Monitoring(cancelled)]].concat());
    assert!(of(&case).iter().all(|it| it.kind != Kind::Monitoring));
}

#[test]
fn a_closed_casus_keeps_the_duty_to_inform_and_its_incidents() {
    let on = day("2026-03-10");
    let required = informing::Event::Required { person: id(10), on };
    let recorded = incident::Event::Recorded { incident: id(53), on, kind: Code::of("klacht") };
    let imposed = measure::Event::Imposed {
        measure: id(52),
        kind: Code::of("contactverbod"),
        on,
        until: Some(day("2027-03-10")),
        person: None,
        consulted: Code::of("nee"),
    };
    let history =
        after([Event::Informing(required), Event::Incident(recorded), Event::Measure(imposed)]);
    let kinds = |history: &[Event]| -> Vec<Kind> {
        let case: Case = fold(history);
        let mut kinds: Vec<Kind> = open(&case).iter().map(|it| it.kind).collect();
        kinds.sort();
        kinds
    };
    assert_eq!(kinds(&history), [Kind::Informing, Kind::Measure, Kind::Incident]);
    let over = [history, vec![closed()]].concat();
    assert_eq!(kinds(&over), [Kind::Informing, Kind::Incident]);
}
