//! Sentences about persons.

use super::*;
use crate::scenario::{day, given};

#[test]
fn every_pair_of_state_and_command_is_decided() {
    let registered = || Event::Registered { sex: Code::of("vrouw") };
    let identified = || Event::Identified { on: day("2026-03-02"), with_bsn: true };
    let register = || Command::Register { sex: Code::of("vrouw") };
    let identify = || Command::Identify { on: day("2026-03-02"), with_bsn: true };
    let correct =
        || Command::CorrectIdentity { reason: Code::of("invoerfout"), on: day("2026-03-02") };
    let none = || given::<Person>([]);
    let known = || given::<Person>([registered()]);
    let sure = || given::<Person>([registered(), identified()]);
    none().when("2026-03-04", register()).then([registered()]);
    none().when("2026-03-04", identify()).refused(Refusal::NoSuchPerson);
    none().when("2026-03-04", correct()).refused(Refusal::NoSuchPerson);
    known().when("2026-03-04", register()).refused(Refusal::RegisteredBefore);
    known().when("2026-03-04", identify()).then([identified()]);
    assert_eq!(known().when("2026-03-04", correct()).events().len(), 1);
    sure().when("2026-03-04", register()).refused(Refusal::RegisteredBefore);
    sure().when("2026-03-04", identify()).refused(Refusal::IdentifiedBefore);
    assert_eq!(sure().when("2026-03-04", correct()).events().len(), 1);
}
