//! Handing over: every pair of state and command, and who is responsible in each.

use super::*;
use crate::case::tests::{closed, given, invalid, ours_and};
use crate::case::{Case, Command as Asked, Event as Happened, Stage};
use crate::decider::fold;
use crate::scenario::{day, id, table};

fn sent() -> Event {
    let (to, warm) = (Code::of("lokaal-veld"), Code::of("ja"));
    Event::Sent { handover: id(50), on: day("2026-03-10"), to, warm }
}

fn accepted() -> Event {
    Event::Accepted { handover: id(50), on: day("2026-03-12") }
}

fn started() -> Event {
    Event::Started { handover: id(50), on: day("2026-03-16") }
}

fn returned() -> Event {
    let reason = Code::of("niet-passend");
    Event::Returned { handover: id(50), on: day("2026-03-18"), reason }
}

fn send() -> Asked {
    let (to, warm) = (Code::of("lokaal-veld"), Code::of("ja"));
    Asked::Handover(Command::Send { handover: id(50), on: day("2026-03-20"), to, warm })
}

fn accept(on: &str) -> Asked {
    Asked::Handover(Command::Accept { handover: id(50), on: day(on) })
}

fn start() -> Asked {
    Asked::Handover(Command::Start { handover: id(50), on: day("2026-03-20") })
}

fn give_back() -> Asked {
    let reason = Code::of("niet-passend");
    Asked::Handover(Command::Return { handover: id(50), on: day("2026-03-20"), reason })
}

fn after(steps: impl IntoIterator<Item = Event>) -> Vec<Happened> {
    ours_and(steps, Happened::Handover)
}

#[test]
fn every_state_with_every_command() {
    let states = [
        ("absent", after([])),
        ("sent", after([sent()])),
        ("accepted", after([sent(), accepted()])),
        ("started", after([sent(), accepted(), started()])),
        ("returned", after([sent(), returned()])),
    ];
    let commands = [
        ("send", send()),
        ("accept", accept("2026-03-20")),
        ("start", start()),
        ("return", give_back()),
    ];
    table::<Case>(
        "2026-03-20",
        &states,
        &commands,
        "
        |         send        accept          start           return
        absent    sent        NoSuchHandover  NoSuchHandover  NoSuchHandover
        sent      SentBefore  accepted        NotAccepted     returned
        accepted  SentBefore  AcceptedBefore  started         returned
        started   SentBefore  AcceptedBefore  StartedBefore   returned
        returned  SentBefore  ReturnedBefore  ReturnedBefore  ReturnedBefore
    ",
    );
}

/// Informatieprotocol 2025 par. 3.7.
#[test]
fn veilig_thuis_is_responsible_until_a_handover_is_accepted_and_again_when_it_is_returned() {
    let responsible = |steps: Vec<Event>| {
        let case: Case = fold(&after(steps));
        case.handovers.0[&id(50)].is_ours()
    };
    assert!(responsible(vec![sent()]));
    assert!(!responsible(vec![sent(), accepted()]));
    assert!(!responsible(vec![sent(), accepted(), started()]));
    assert!(responsible(vec![sent(), accepted(), returned()]));
    assert!(responsible(vec![sent(), accepted(), started(), returned()]));
}

#[test]
fn a_step_is_not_before_the_one_it_follows_on() {
    let early = invalid("on", Why::Before(day("2026-03-10")));
    given(after([sent()])).when("2026-03-20", accept("2026-03-09")).refused(early);
    let same_day = given(after([sent()])).when("2026-03-20", accept("2026-03-10"));
    assert_eq!(same_day.events().len(), 1);
}

#[test]
fn what_becomes_of_a_handover_is_recorded_after_closing_and_leaves_the_casus_closed() {
    let steps = [sent(), accepted()].map(Happened::Handover).into_iter().chain([closed()]);
    let over: Vec<Happened> = ours_and(steps, |it| it);
    for (command, event) in [
        (start(), Event::Started { handover: id(50), on: day("2026-03-20") }),
        (
            give_back(),
            Event::Returned {
                handover: id(50),
                on: day("2026-03-20"),
                reason: Code::of("niet-passend"),
            },
        ),
    ] {
        let recorded = [Happened::Handover(event)];
        given(over.clone()).when("2026-06-02", command).then(recorded.clone());
        let case: Case = fold(&[over.clone(), recorded.to_vec()].concat());
        assert!(matches!(case.stage, Stage::Closed { .. }));
    }
    for refused in [send(), accept("2026-03-20")] {
        given(over.clone()).when("2026-06-02", refused).refused(CaseRefusal::ClosedBefore);
    }
}
