//! The people of a casus: roles that change, pairs of two who take part, and the duty to inform each.

use super::*;
use crate::case::Command;
use crate::case::tests::{PERPETRATOR, VICTIM, given, invalid, involved, ours_and};
use crate::scenario::{day, id};

fn involve(number: u128, role: &'static str) -> Command {
    let from = day("2026-03-02");
    Command::InvolvePerson { person: id(number), roles: vec![Code::of(role)], from }
}

fn record(victim: u128, perpetrator: u128) -> Command {
    let pair = Pair {
        victim: id(victim),
        perpetrator: id(perpetrator),
        relation: Code::of("kind"),
        current_or_former: Code::of("niet-van-toepassing"),
        cohabiting: Code::of("ja"),
        forms: vec![Code::of("kindermishandeling")],
        natures: vec![],
        certainty: Code::of("vermoed"),
    };
    Command::RecordPair { pair, on: day("2026-03-03") }
}

fn ours() -> Vec<Event> {
    ours_and([], |it| it)
}

/// Wmo 2015 art. 5.3.1: the term runs from the recording, not from what is recorded.
#[test]
fn whoever_is_involved_for_the_first_time_is_to_be_informed() {
    let required = informing::Event::Required { person: id(12), on: day("2026-03-20") };
    given(ours())
        .when("2026-03-20", involve(12, "kind"))
        .then([involved(12, "kind"), Event::Informing(required)]);
}

#[test]
fn roles_change_over_time_and_the_duty_to_inform_does_not_begin_again() {
    given(ours()).when("2026-03-20", involve(VICTIM, "kind")).then([involved(VICTIM, "kind")]);
    given(ours())
        .when("2026-03-20", involve(VICTIM, "slachtoffer"))
        .refused(Refusal::InvolvedBefore);
}

#[test]
fn a_pair_is_of_two_persons_involved() {
    assert_eq!(given(ours()).when("2026-03-20", record(VICTIM, PERPETRATOR)).events().len(), 1);
    for (victim, perpetrator) in [(VICTIM, 99), (99, PERPETRATOR)] {
        given(ours())
            .when("2026-03-20", record(victim, perpetrator))
            .refused(Refusal::PairNotInvolved);
    }
    let same = invalid("pair", Why::SamePerson(id(VICTIM)));
    given(ours()).when("2026-03-20", record(VICTIM, VICTIM)).refused(same);
}
