//! Sentences about contacts.

use super::*;
use crate::refusal::Why;
use crate::scenario::{day, given, id};

fn received() -> Event {
    Event::Received {
        channel: Code::of("landelijk-nummer"),
        received: Moment::on(day("2026-03-02")),
        answered_at: None,
        call: None,
    }
}

fn receive(on: &str) -> Command {
    Command::Receive {
        channel: Code::of("landelijk-nummer"),
        received: Moment::on(day(on)),
        answered_at: None,
        call: None,
    }
}

fn conclude() -> Command {
    Command::Conclude { outcome: Code::of("geen-gesprek"), led_to: None }
}

fn concluded() -> Event {
    Event::Concluded { outcome: Code::of("geen-gesprek"), led_to: None }
}

#[test]
fn a_silent_call_is_a_contact_and_that_is_all() {
    given::<Contact>([]).when("2026-03-02", receive("2026-03-02")).then([received()]);
    given::<Contact>([received()]).when("2026-03-02", conclude()).then([concluded()]);
}

#[test]
fn every_pair_of_state_and_command_is_decided() {
    given::<Contact>([]).when("2026-03-02", conclude()).refused(Refusal::NoSuchContact);
    given::<Contact>([received()])
        .when("2026-03-02", receive("2026-03-02"))
        .refused(Refusal::ReceivedBefore);
    given::<Contact>([received(), concluded()])
        .when("2026-03-02", conclude())
        .refused(Refusal::ConcludedBefore);
    given::<Contact>([received(), concluded()])
        .when("2026-03-02", receive("2026-03-02"))
        .refused(Refusal::ReceivedBefore);
}

#[test]
fn a_contact_is_not_received_in_the_future_nor_answered_before_it_came() {
    let command = Command::Receive {
        channel: Code::of("chat"),
        received: Moment {
            on: day("2026-03-03"),
            at: Some("2026-03-03T09:00:00Z".parse().unwrap()),
        },
        answered_at: Some("2026-03-03T08:59:00Z".parse().unwrap()),
        call: Some(id(9)),
    };
    given::<Contact>([]).when("2026-03-02", command).refused(Refusal::Invalid(vec![
        Fault { at: "received", why: Why::Future(day("2026-03-03")) },
        Fault { at: "answered", why: Why::AnsweredBeforeReceipt },
    ]));
}
