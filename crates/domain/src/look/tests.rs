//! Sentences about looks.

use super::*;
use crate::scenario::{given, id};

#[test]
fn a_look_is_recorded_once() {
    let searched = || Event::Searched { fields: vec![Code::of("bsn")], found: vec![id(7)] };
    let compared = || Event::Compared { melding: id(3), found: vec![] };
    let recorded = || Event::Looked(Box::new(Looked::example(vec![id(7)])));
    let record = || Command::Record(Box::new(Looked::example(vec![id(7)])));
    let on = "2026-03-04";
    given::<Look>([]).when(on, record()).then([recorded()]);
    for before in [searched(), compared(), recorded()] {
        given::<Look>([before]).when(on, record()).refused(Refusal::RecordedBefore);
    }
}

#[test]
fn whoever_is_shown_an_event_is_shown_the_persons_whom_it_names() {
    let involved = crate::case::Event::PersonInvolved {
        person: id(7),
        roles: vec![Code::of("slachtoffer")],
        from: "2026-03-04".parse().unwrap(),
    };
    assert_eq!(persons(id(1), &crate::Event::Case(involved)), [id(7)]);
}

#[test]
fn of_a_link_both_persons_are_told() {
    let merged = crate::person::Event::Merged {
        with: id(8),
        reason: Code::of("anders"),
        on: "2026-03-04".parse().unwrap(),
    };
    assert_eq!(persons(id(7), &crate::Event::Person(merged)), [id(7), id(8)]);
}
