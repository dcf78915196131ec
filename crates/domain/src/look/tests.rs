//! Sentences about looks.

use super::*;
use crate::scenario::{given, id};

#[test]
fn every_pair_of_state_and_command_is_decided() {
    let searched = || Event::Searched { fields: vec![Code::of("bsn")], found: vec![id(7)] };
    let compared = || Event::Compared { melding: id(3), found: vec![] };
    let search = || Command::Search { fields: vec![Code::of("bsn")], found: vec![id(7)] };
    let compare = || Command::Compare { melding: id(3), found: vec![] };
    let on = "2026-03-04";
    given::<Look>([]).when(on, search()).then([searched()]);
    given::<Look>([]).when(on, compare()).then([compared()]);
    for before in [searched(), compared()] {
        given::<Look>([before.clone()]).when(on, search()).refused(Refusal::RecordedBefore);
        given::<Look>([before]).when(on, compare()).refused(Refusal::RecordedBefore);
    }
}
