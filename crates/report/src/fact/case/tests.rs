//! What a casus adds to the figures, step by step.

use super::*;
use chrono::NaiveDate;
use domain::case::{conditions, follow_up, informing, investigation, monitoring as watching};
use domain::decider::Decider;
use uuid::Uuid;

const STEPS: Code = Code::of(codes::STEPS_AT_VEILIG_THUIS);

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn id(number: u128) -> Uuid {
    Uuid::from_u128(number)
}

fn after(events: &[Event]) -> Case {
    events.iter().fold(Case::default(), Case::evolve)
}

/// A household of which was told in January, whose next steps are ours.
fn begun() -> Vec<Event> {
    let on = day("2026-01-05");
    vec![
        Event::Opened { on },
        Event::MeldingJoined {
            melding: id(1),
            on,
            received_on: Some(on),
            municipality: Some(Code::of("0106")),
        },
        Event::FollowUp(follow_up::Event::Decided {
            melding: id(1),
            on: day("2026-01-12"),
            follow_up: STEPS,
            adapts: None,
        }),
        Event::Investigation(investigation::Event::Decided {
            investigation: id(2),
            melding: id(1),
            formal_on: day("2026-01-12"),
            forms: vec![Code::of("kindermishandeling")],
        }),
    ]
}

fn facts(events: &[Event]) -> Vec<(NaiveDate, Fact)> {
    of_case(&after(events))
}

fn steps(events: &[Event]) -> Vec<(NaiveDate, Step)> {
    let step = |(on, fact)| match fact {
        Fact::Case(step) => Some((on, step)),
        _ => None,
    };
    facts(events).into_iter().filter_map(step).collect()
}

fn met(events: &[Event]) -> Vec<(NaiveDate, &'static str, bool)> {
    let met = |(on, fact)| match fact {
        Fact::Deadline { kind, within, .. } => Some((on, Kind::of(kind.as_str())?.code(), within)),
        _ => None,
    };
    facts(events).into_iter().filter_map(met).collect()
}

fn with(more: impl IntoIterator<Item = Event>) -> Vec<Event> {
    begun().into_iter().chain(more).collect()
}

fn works(on: &str) -> Event {
    Event::Investigation(investigation::Event::Begun { investigation: id(2), on: day(on) })
}

fn judges(on: &str) -> Event {
    Event::Investigation(investigation::Event::Concluded {
        investigation: id(2),
        on: day(on),
        findings: vec![investigation::Finding {
            form: Code::of("kindermishandeling"),
            outcome: Code::of(CONFIRMED),
            natures: vec![Code::of("psychisch-geweld")],
        }],
        due_on: Some(day("2026-03-23")),
    })
}

fn service(begin: Begin) -> (NaiveDate, Step) {
    (day("2026-01-12"), Step::Service { service: Service::Investigation, begin })
}

#[test]
fn an_investigation_waits_begins_and_is_judged_each_in_its_own_month() {
    assert!(steps(&begun()).contains(&service(Begin::Waiting)));
    assert!(steps(&with([works("2026-01-20")])).contains(&service(Begin::After(8))));
    let all = steps(&with([works("2026-01-20"), judges("2026-03-25")]));
    let on = day("2026-03-25");
    assert!(all.contains(&(on, Step::Investigation { early: None, days: 72 })));
    let natures = vec![Code::of("psychisch-geweld")];
    assert!(all.contains(&(on, Step::Established { natures })));
}

#[test]
fn a_term_counts_when_it_is_met_by_the_norm_of_the_day_on_which_it_began() {
    assert_eq!(met(&begun()), []);
    let begins = (day("2026-01-20"), "onderzoek-begin", false);
    assert_eq!(met(&with([works("2026-01-20")])), [begins]);
    let late = met(&with([works("2026-01-20"), judges("2026-03-24")]));
    assert_eq!(late[1], (day("2026-03-24"), "onderzoek", false));
    let in_time = met(&with([works("2026-01-20"), judges("2026-03-23")]));
    assert_eq!(in_time[1], (day("2026-03-23"), "onderzoek", true));
}

#[test]
fn an_investigation_that_ended_early_met_no_term_and_left_the_waiting_list() {
    let ended = Event::Investigation(investigation::Event::Ended {
        investigation: id(2),
        on: day("2026-02-02"),
        reason: Code::of("overleden"),
        due_on: Some(day("2026-03-23")),
    });
    let events = with([ended]);
    assert_eq!(met(&events), []);
    assert!(steps(&events).contains(&service(Begin::Never)));
}

#[test]
fn a_service_that_ended_before_it_began_met_no_term_and_left_the_waiting_list() {
    let (service, melding, formal_on) = (id(3), id(1), day("2026-01-12"));
    let decided = conditions::Event::Decided { service, melding, formal_on };
    let (on, outcome) = (day("2026-02-02"), Code::of("anders"));
    let due_on = Some(day("2026-03-23"));
    let concluded = conditions::Event::Concluded { service, on, outcome, due_on };
    let begun = conditions::Event::Begun { service, on: day("2026-01-19") };
    let early = with([decided.clone(), concluded.clone()].map(Event::Conditions));
    assert_eq!(met(&early), []);
    let never = Step::Service { service: Service::Conditions, begin: Begin::Never };
    assert!(steps(&early).contains(&(formal_on, never)));
    let in_time = met(&with([decided, begun, concluded].map(Event::Conditions)));
    assert_eq!(in_time, [(on, "voorwaarden", true)]);
}

#[test]
fn a_melding_that_changes_the_follow_up_counts_as_one() {
    let decided = Event::FollowUp(follow_up::Event::Decided {
        melding: id(1),
        on: day("2026-02-02"),
        follow_up: Code::of("overdracht"),
        adapts: Some(STEPS),
    });
    let adapted = (day("2026-02-02"), Step::Adapted { follow_up: Code::of("overdracht") });
    assert!(steps(&with([decided])).contains(&adapted));
}

#[test]
fn every_review_of_a_condition_counts() {
    let agreed = conditions::Event::Agreed {
        service: id(3),
        condition: id(4),
        on: day("2026-01-14"),
        with: vec![],
        partners: vec![],
        review_on: None,
    };
    let review = |on: &str, kept: &'static str| conditions::Event::Reviewed {
        condition: id(4),
        on: day(on),
        kept: Code::of(kept),
        review_on: None,
    };
    let all = [agreed, review("2026-02-02", "niet-nagekomen"), review("2026-03-02", "nagekomen")];
    let all = steps(&with(all.map(Event::Conditions)));
    for (on, kept) in [("2026-02-02", "niet-nagekomen"), ("2026-03-02", "nagekomen")] {
        assert!(all.contains(&(day(on), Step::ConditionReview { kept: Code::of(kept) })), "{on}");
    }
}

#[test]
fn informing_counts_in_the_month_in_which_the_term_began() {
    let required = informing::Event::Required { person: id(9), on: day("2026-01-05") };
    let informed = |on: &str| informing::Event::Informed {
        person: id(9),
        on: day(on),
        way: Code::of("mondeling"),
        due_on: Some(day("2026-02-02")),
    };
    let exempted = informing::Event::Exempted {
        person: id(9),
        on: day("2026-01-09"),
        reason: Code::of("onvindbaar"),
    };
    let table = [
        (None, Informed::Open, 0),
        (Some(informed("2026-02-02")), Informed::Within, 1),
        (Some(informed("2026-02-03")), Informed::Late, 1),
        (Some(exempted), Informed::Exempt, 0),
    ];
    for (event, outcome, terms) in table {
        let told = std::iter::once(required.clone()).chain(event).map(Event::Informing);
        let events = with(told);
        let fact = (day("2026-01-05"), Step::Informing { outcome, postponed: 0 });
        assert!(steps(&events).contains(&fact), "{outcome:?}");
        assert_eq!(met(&events).len(), terms, "{outcome:?}");
    }
}

#[test]
fn a_planned_moment_counts_when_it_is_planned_for_and_a_held_one_when_it_was_held() {
    let planned = watching::Event::Planned {
        moment: id(5),
        on: day("2026-04-01"),
        planned_for: day("2026-06-23"),
    };
    let (safe, by) = (Code::of("ja"), Code::of("professional"));
    let (on, moment) = (day("2026-07-02"), id(5));
    let held = watching::Event::Held { moment, on, safe: safe.clone(), by: by.clone() };
    let events = with([Event::Monitoring(planned)]);
    let waits = (day("2026-06-23"), Step::Moment { outcome: Watched::Planned });
    assert!(steps(&events).contains(&waits));
    let events: Vec<Event> = events.into_iter().chain([Event::Monitoring(held)]).collect();
    assert!(steps(&events).contains(&(on, Step::Moment { outcome: Watched::Held { safe, by } })));
    assert!(!steps(&events).contains(&waits));
    assert!(met(&events).contains(&(on, "monitoring", false)));
}

#[test]
fn a_closed_casus_keeps_as_what_it_was_closed() {
    let on = day("2026-07-02");
    let closed = Event::Closed { on, outcome: Code::of("overgedragen") };
    let (municipality, outcome) = (Code::of("0106"), Code::of("overgedragen"));
    assert!(steps(&with([closed])).contains(&(on, Step::Closed { municipality, outcome })));
}

#[test]
fn a_casus_of_which_no_melding_says_where_it_plays_is_of_an_unknown_municipality() {
    let opened = [Event::Opened { on: day("2026-01-05") }];
    let municipality = Code::of(codes::UNKNOWN);
    assert_eq!(steps(&opened), [(day("2026-01-05"), Step::Opened { municipality })]);
}
