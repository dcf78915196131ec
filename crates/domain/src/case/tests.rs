//! Sentences about casussen: every pair of stage and command.

use super::meldingen::Known;
use super::*;
use crate::refusal::Why;
use crate::scenario::{day, given, id};

fn opened() -> Event {
    Event::Opened { on: day("2026-03-02") }
}

fn closed() -> Event {
    Event::Closed { on: day("2026-03-03"), outcome: Code::of("geen-vervolg") }
}

fn involved(number: u128, role: &'static str) -> Event {
    Event::PersonInvolved {
        person: id(number),
        roles: vec![Code::of(role)],
        from: day("2026-03-02"),
    }
}

/// A melding that waits for its assessment.
fn known(number: u128) -> Known {
    Known {
        melding: id(number),
        received_on: day("2026-03-02"),
        municipality: Code::of("0106"),
        decision: None,
        withdrawn: false,
    }
}

fn joined(number: u128) -> Event {
    Event::MeldingJoined {
        melding: id(number),
        on: day("2026-03-02"),
        received_on: Some(day("2026-03-02")),
        municipality: Some(Code::of("0106")),
    }
}

fn join() -> Command {
    Command::JoinMelding { melding: known(7), on: day("2026-03-03") }
}

fn involve() -> Command {
    let roles = vec![Code::of("slachtoffer")];
    Command::InvolvePerson { person: id(10), roles, from: day("2026-03-02") }
}

fn pair() -> Command {
    let pair = Pair {
        victim: id(10),
        perpetrator: id(11),
        relation: Code::of("kind"),
        current_or_former: Code::of("niet-van-toepassing"),
        cohabiting: Code::of("ja"),
        forms: vec![Code::of("kindermishandeling")],
        natures: vec![],
        certainty: Code::of("vermoed"),
    };
    Command::RecordPair { pair, on: day("2026-03-03") }
}

fn close() -> Command {
    Command::Close { on: day("2026-03-03"), outcome: Code::of("geen-vervolg") }
}

fn open() -> Command {
    Command::Open { on: day("2026-03-02"), meldingen: vec![known(7)] }
}

#[test]
fn every_pair_of_stage_and_command_is_decided() {
    let none = || given::<Case>([]);
    let opened = || given::<Case>([opened(), involved(10, "kind"), involved(11, "pleger")]);
    let done = || given::<Case>([self::opened(), closed()]);
    none().when("2026-03-04", open()).then([self::opened(), joined(7)]);
    for command in [join(), involve(), pair(), close()] {
        none().when("2026-03-04", command.clone()).refused(Refusal::NoSuchCase);
        assert_eq!(opened().when("2026-03-04", command.clone()).events().len(), 1, "{command:?}");
        done().when("2026-03-04", command).refused(Refusal::ClosedBefore);
    }
    opened().when("2026-03-04", open()).refused(Refusal::OpenedBefore);
    done().when("2026-03-04", open()).refused(Refusal::OpenedBefore);
}

/// Informatieprotocol 2025 par. 3.1.2.
#[test]
fn a_closed_case_takes_no_melding() {
    given::<Case>([opened(), closed()]).when("2026-03-04", join()).refused(Refusal::ClosedBefore);
}

#[test]
fn a_melding_joins_once() {
    given::<Case>([opened(), joined(7)]).when("2026-03-04", join()).refused(Refusal::JoinedBefore);
}

#[test]
fn roles_change_over_time() {
    given::<Case>([opened(), involved(10, "kind")])
        .when("2026-03-04", involve())
        .then([involved(10, "slachtoffer")]);
    given::<Case>([opened(), involved(10, "slachtoffer")])
        .when("2026-03-04", involve())
        .refused(Refusal::InvolvedBefore);
}

#[test]
fn a_pair_is_of_two_persons_involved() {
    given::<Case>([opened(), involved(10, "kind")])
        .when("2026-03-04", pair())
        .refused(Refusal::PairNotInvolved);
}

#[test]
fn nothing_happens_in_a_case_before_it_opened_or_in_the_future() {
    let early = Command::JoinMelding { melding: known(8), on: day("2026-03-01") };
    given::<Case>([opened()]).when("2026-03-04", early).refused(Refusal::Invalid(vec![Fault {
        at: "on",
        why: Why::BeforeReceipt(day("2026-03-02")),
    }]));
    let late = Command::Close { on: day("2026-03-05"), outcome: Code::of("anders") };
    given::<Case>([opened()])
        .when("2026-03-04", late)
        .refused(Refusal::Invalid(vec![Fault { at: "on", why: Why::Future(day("2026-03-05")) }]));
}
