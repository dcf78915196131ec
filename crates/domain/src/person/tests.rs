//! Sentences about persons.

use super::*;
use crate::scenario::{Given, day, given, id};

const ON: &str = "2026-03-04";

fn registered() -> Event {
    Event::Registered { sex: Code::of("vrouw") }
}

fn identified() -> Event {
    Event::Identified { on: day("2026-03-02"), with_bsn: true }
}

fn corrected() -> Event {
    Event::IdentityCorrected { reason: Code::of("invoerfout"), on: day("2026-03-02") }
}

fn merged(with: u128) -> Event {
    Event::Merged { with: id(with), reason: Code::of("zelfde-gegevens"), on: day("2026-03-02") }
}

fn unmerged(with: u128) -> Event {
    Event::Unmerged { with: id(with), reason: Code::of("anders"), on: day("2026-03-03") }
}

fn born() -> Event {
    Event::Born { on: day("2026-03-02") }
}

fn register() -> Command {
    Command::Register { sex: Code::of("vrouw"), hidden: None }
}

fn identify() -> Command {
    Command::Identify { on: day("2026-03-02"), with_bsn: true }
}

fn correct() -> Command {
    Command::CorrectIdentity { reason: Code::of("invoerfout"), on: day("2026-03-02") }
}

/// Person 5 with another one.
fn merge(with: u128) -> Command {
    Command::Merge(Link::between(id(5), id(with), Code::of("zelfde-gegevens"), day("2026-03-02")))
}

fn unmerge(with: u128) -> Command {
    Command::Unmerge(Link::between(id(5), id(with), Code::of("anders"), day("2026-03-03")))
}

fn birth() -> Command {
    Command::RecordBirth { on: day("2026-03-02") }
}

#[test]
fn every_pair_of_stage_and_command_is_decided() {
    let none = || given::<Person>([]);
    let known = || given::<Person>([registered()]);
    let sure = || given::<Person>([registered(), identified()]);
    none().when(ON, register()).then([registered()]);
    none().when(ON, identify()).refused(Refusal::NoSuchPerson);
    none().when(ON, correct()).refused(Refusal::NoSuchPerson);
    none().when(ON, merge(6)).then([merged(6)]);
    none().when(ON, unmerge(6)).refused(Refusal::NotMerged);
    none().when(ON, birth()).then([born()]);
    known().when(ON, register()).refused(Refusal::RegisteredBefore);
    known().when(ON, identify()).then([identified()]);
    known().when(ON, correct()).then([corrected()]);
    known().when(ON, merge(6)).then([merged(6)]);
    known().when(ON, unmerge(6)).refused(Refusal::NotMerged);
    known().when(ON, birth()).then([born()]);
    sure().when(ON, register()).refused(Refusal::RegisteredBefore);
    sure().when(ON, identify()).refused(Refusal::IdentifiedBefore);
    sure().when(ON, correct()).then([corrected()]);
    sure().when(ON, merge(6)).then([merged(6)]);
    sure().when(ON, unmerge(6)).refused(Refusal::NotMerged);
    sure().when(ON, birth()).then([born()]);
}

/// The same again for one who is merged with person 6, and whose birth was recorded.
#[test]
fn a_link_and_a_birth_stand_in_the_way_of_their_own_kind_only() {
    let before: [(&[Event], Stage); 3] = [
        (&[], Stage::Absent),
        (&[registered()], Stage::Registered { identified: false }),
        (&[registered(), identified()], Stage::Registered { identified: true }),
    ];
    for (before, stage) in before {
        let linked = || -> Given<Person> {
            given([before, &[merged(6), born()]].into_iter().flatten().cloned())
        };
        linked().when(ON, merge(6)).refused(Refusal::MergedBefore);
        linked().when(ON, merge(7)).then([merged(7)]);
        linked().when(ON, unmerge(6)).then([unmerged(6)]);
        linked().when(ON, unmerge(7)).refused(Refusal::NotMerged);
        linked().when(ON, birth()).refused(Refusal::BornBefore);
        let refused = |command| linked().when(ON, command).refusal();
        match stage {
            Stage::Absent => {
                linked().when(ON, register()).then([registered()]);
                assert_eq!(refused(identify()), Refusal::NoSuchPerson);
                assert_eq!(refused(correct()), Refusal::NoSuchPerson);
            }
            Stage::Registered { identified } => {
                assert_eq!(refused(register()), Refusal::RegisteredBefore);
                linked().when(ON, correct()).then([corrected()]);
                if identified {
                    assert_eq!(refused(identify()), Refusal::IdentifiedBefore);
                } else {
                    linked().when(ON, identify()).then([self::identified()]);
                }
            }
        }
    }
}

#[test]
fn what_was_undone_can_be_done_again() {
    given::<Person>([merged(6), unmerged(6)]).when(ON, merge(6)).then([merged(6)]);
    given::<Person>([merged(6), unmerged(6)]).when(ON, unmerge(6)).refused(Refusal::NotMerged);
}

#[test]
fn a_link_is_the_same_from_either_side() {
    let link = |one, other| Link::between(id(one), id(other), Code::of("anders"), day(ON));
    assert_eq!(link(5, 6), link(6, 5));
    assert_eq!(link(6, 5).person(), id(5));
}

#[test]
fn nobody_is_merged_with_himself_or_on_a_day_to_come() {
    for command in [merge, unmerge] {
        let himself = Fault { at: "with", why: Why::WithItself };
        given::<Person>([]).when(ON, command(5)).refused(Refusal::Invalid(vec![himself]));
    }
    let early = Fault { at: "on", why: Why::Future(day("2026-03-02")) };
    for command in [merge(6), birth()] {
        let refusal = Refusal::Invalid(vec![early.clone()]);
        given::<Person>([]).when("2026-03-01", command).refused(refusal);
    }
}

/// Later registered is not less linked.
#[test]
fn a_link_and_a_birth_survive_the_registration() {
    let after = given::<Person>([merged(6), born()]).when(ON, register()).events();
    let person = [merged(6), born()].iter().chain(&after).fold(Person::default(), Person::evolve);
    let stage = Stage::Registered { identified: false };
    assert_eq!(person, Person { stage, links: [id(6)].into(), born: true, address_hidden: false });
}

fn hidden() -> Event {
    Event::AddressHidden { reason: Code::of("opvang"), on: day("2026-03-20") }
}

#[test]
fn who_is_registered_with_a_hidden_address_never_had_one_that_was_seen() {
    let hide = Some(Code::of("opvang"));
    let register = Command::Register { sex: Code::of("vrouw"), hidden: hide };
    let registered = Event::Registered { sex: Code::of("vrouw") };
    given::<Person>([]).when("2026-03-20", register).then([registered, hidden()]);
}

#[test]
fn an_address_is_hidden_of_anybody_and_shown_again_when_somebody_says_so() {
    let on = day("2026-03-20");
    let hide = Command::HideAddress { reason: Code::of("opvang"), on };
    given::<Person>([]).when("2026-03-20", hide.clone()).then([hidden()]);
    given::<Person>([hidden()]).when("2026-03-20", hide.clone()).refused(Refusal::HiddenBefore);
    let shown = Event::AddressShown { on };
    given::<Person>([hidden()])
        .when("2026-03-20", Command::ShowAddress { on })
        .then([shown.clone()]);
    given::<Person>([hidden(), shown]).when("2026-03-20", hide).then([hidden()]);
}
