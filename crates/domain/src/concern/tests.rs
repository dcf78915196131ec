//! Whom records are about: what is told with whom it is about is tested where a copy is made of it (`crate::request::copy`).

use super::*;
use crate::codes::Code;
use crate::scenario::{day, id};

#[test]
fn who_works_on_it_concerns_nobody_in_the_file() {
    let assigned =
        case::assignment::Event::Assigned { worker: id(1), team: None, on: day("2026-03-02") };
    let event = Event::Case(case::Event::Assignment(assigned));
    let pieces = concerns(&event, id(20), &Case::default());
    assert_eq!(pieces, [Piece { part: Part::Whole, about: About::Work }]);
}

#[test]
fn a_measure_of_which_nobody_is_named_is_about_the_household() {
    let (kind, consulted, on) = (Code::of("aware"), Code::of("ja"), day("2026-03-02"));
    let (until, person) = (None, None);
    let imposed = measure::Event::Imposed { measure: id(5), kind, on, until, person, consulted };
    let pieces = concerns(&Event::Case(case::Event::Measure(imposed)), id(20), &Case::default());
    assert_eq!(pieces[0].about, About::Household);
}
