//! Sentences about erasures.

use super::*;
use crate::scenario::{given, id};

const ON: &str = "2026-03-04";

fn ordered() -> Event {
    Event::Ordered { subjects: vec![id(7), id(8)], ground: Ground::Retention }
}

fn completed() -> Event {
    Event::Completed { keys: 2, particulars: 5 }
}

fn order(subjects: &[u128]) -> Command {
    let subjects = subjects.iter().copied().map(id).collect();
    Command::Order { subjects, ground: Ground::Retention, held: vec![] }
}

fn complete(left: u32) -> Command {
    Command::Complete { keys: 2, particulars: 5, left }
}

#[test]
fn every_pair_of_state_and_command_is_decided() {
    given::<Erasure>([]).when(ON, order(&[8, 7])).then([ordered()]);
    given::<Erasure>([]).when(ON, complete(0)).refused(Refusal::NoSuchErasure);
    given::<Erasure>([ordered()]).when(ON, order(&[9])).refused(Refusal::OrderedBefore);
    given::<Erasure>([ordered()]).when(ON, complete(0)).then([completed()]);
    let both = || [ordered(), completed()];
    given::<Erasure>(both()).when(ON, order(&[9])).refused(Refusal::OrderedBefore);
    given::<Erasure>(both()).when(ON, complete(0)).refused(Refusal::CompletedBefore);
}

#[test]
fn nothing_is_complete_while_something_is_left() {
    given::<Erasure>([ordered()]).when(ON, complete(1)).refused(Refusal::SomethingLeft(1));
}

#[test]
fn who_is_named_twice_is_forgotten_once() {
    given::<Erasure>([]).when(ON, order(&[7, 8, 7])).then([ordered()]);
}

#[test]
fn an_order_about_nobody_is_refused() {
    let fault = Fault { at: "subjects", why: Why::NobodyToForget };
    given::<Erasure>([]).when(ON, order(&[])).refused(Refusal::Invalid(vec![fault]));
}

/// Wmo 2015 art. 5.3.5: keeping is of considerable interest to another, or law forbids.
#[test]
fn what_stands_in_a_casus_that_must_be_kept_is_not_ordered_and_the_refusal_names_it() {
    let held = |reason, until: Option<&str>| Held {
        case: id(3),
        reason: Code::of(reason),
        until: until.map(crate::scenario::day),
    };
    let held = vec![held("strafzaak", None), held("schadeclaim", Some("2027-01-31"))];
    let order =
        Command::Order { subjects: vec![id(7)], ground: Ground::Retention, held: held.clone() };
    let refusal = given::<Erasure>([]).when(ON, order).refusal();
    assert_eq!(refusal, Refusal::Held(held));
    let text = refusal.to_string();
    for words in
        [id(3).to_string().as_str(), "een strafzaak", "schadeclaim", "tot en met 2027-01-31"]
    {
        assert!(text.contains(words), "{words}: {text}");
    }
}
