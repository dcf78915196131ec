//! Informing: every pair of state and command, and the four weeks.

use super::*;
use crate::case::tests::{FIRST, VICTIM, given, invalid, ours_and};
use crate::case::{Case, Command as Asked, Event as Happened, deadlines};
use crate::decider::fold;
use crate::scenario::{day, id, table};

fn required() -> Event {
    Event::Required { person: id(VICTIM), on: day("2026-03-02") }
}

fn postponed(on: &str) -> Event {
    Event::Postponed { person: id(VICTIM), on: day(on), reason: Code::of("veiligheid") }
}

fn informed(on: &str, due_on: &str) -> Event {
    let (person, on, due_on) = (id(VICTIM), day(on), Some(day(due_on)));
    Event::Informed { person, on, way: Code::of("mondeling"), due_on }
}

fn exempted() -> Event {
    Event::Exempted { person: id(VICTIM), on: day("2026-03-10"), reason: Code::of("overleden") }
}

fn postpone(on: &str) -> Asked {
    let (person, on, reason) = (id(VICTIM), day(on), Code::of("veiligheid"));
    Asked::Informing(Command::Postpone { person, on, reason })
}

fn inform(on: &str) -> Asked {
    let (person, on, way) = (id(VICTIM), day(on), Code::of("mondeling"));
    Asked::Informing(Command::Inform { person, on, way })
}

fn tell(melding: Option<u128>) -> Asked {
    let (whom, on) = (Code::of("melder"), day("2026-03-20"));
    Asked::Informing(Command::Tell { whom, on, melding: melding.map(id) })
}

fn after(steps: impl IntoIterator<Item = Event>) -> Vec<Happened> {
    ours_and(steps, Happened::Informing)
}

/// The last day, and whether it was met in time.
fn term(steps: impl IntoIterator<Item = Event>) -> (Option<NaiveDate>, Option<bool>) {
    let case: Case = fold(&after(steps));
    let term = deadlines::of(&case).into_iter().find(|it| it.kind == Kind::Informing).unwrap();
    (term.due_on, term.within())
}

#[test]
fn every_state_with_every_command() {
    let told = Event::Told { whom: Code::of("melder"), on: day("2026-03-10"), melding: None };
    let states = [
        ("not-involved", after([])),
        ("required", after([required()])),
        ("postponed", after([required(), postponed("2026-03-20")])),
        ("informed", after([required(), informed("2026-03-10", "2026-03-30")])),
        ("exempted", after([required(), exempted()])),
        ("told", after([required(), told])),
    ];
    let (person, on, reason) = (id(VICTIM), day("2026-03-20"), Code::of("overleden"));
    let commands = [
        ("postpone", postpone("2026-03-20")),
        ("inform", inform("2026-03-20")),
        ("exempt", Asked::Informing(Command::Exempt { person, on, reason })),
        ("tell", tell(Some(FIRST))),
    ];
    table::<Case>(
        "2026-03-20",
        &states,
        &commands,
        "
        |             postpone     inform       exempt       tell
        not-involved  NotInvolved  NotInvolved  NotInvolved  told
        required      postponed    informed     exempted     told
        postponed     postponed    informed     exempted     told
        informed      EndedBefore  EndedBefore  EndedBefore  told
        exempted      EndedBefore  EndedBefore  EndedBefore  told
        told          postponed    informed     exempted     told
    ",
    );
}

/// Wmo 2015 art. 5.3.1.
#[test]
fn a_person_is_informed_within_four_weeks_of_the_recording() {
    assert_eq!(term([required()]), (Some(day("2026-03-30")), None));
    let in_time = informed("2026-03-30", "2026-03-30");
    given(after([required()]))
        .when("2026-04-10", inform("2026-03-30"))
        .then([Happened::Informing(in_time.clone())]);
    assert_eq!(term([required(), in_time]).1, Some(true));
    assert_eq!(term([required(), informed("2026-03-31", "2026-03-30")]).1, Some(false));
}

/// Wmo 2015 art. 5.3.1: each time by two weeks at most.
#[test]
fn informing_is_postponed_by_two_weeks_at_a_time() {
    let on_wednesday = Event::Required { person: id(VICTIM), on: day("2026-03-04") };
    assert_eq!(term([on_wednesday, postponed("2026-03-20")]).0, Some(day("2026-04-15")));
    let once = [required(), postponed("2026-03-20")];
    assert_eq!(term(once.clone()).0, Some(day("2026-04-13")));
    // Two weeks later is Monday 27 April, the king's birthday.
    let twice = once.into_iter().chain([postponed("2026-04-10")]);
    assert_eq!(term(twice).0, Some(day("2026-04-28")));
}

#[test]
fn nothing_is_postponed_once_the_term_has_passed() {
    let on_the_last_day = given(after([required()])).when("2026-05-01", postpone("2026-03-30"));
    assert_eq!(on_the_last_day.events().len(), 1);
    given(after([required()]))
        .when("2026-05-01", postpone("2026-03-31"))
        .refused(Refusal::TermPassed.into());
    // Being informed late is still being informed.
    assert_eq!(
        given(after([required()])).when("2026-05-01", inform("2026-05-01")).events().len(),
        1
    );
}

#[test]
fn a_postponement_comes_after_what_it_postpones_and_being_informed_may_come_before() {
    let later = || after([Event::Required { person: id(VICTIM), on: day("2026-03-16") }]);
    let early = invalid("on", Why::Before(day("2026-03-16")));
    given(later()).when("2026-03-20", postpone("2026-03-15")).refused(early);
    assert_eq!(given(later()).when("2026-03-20", inform("2026-03-15")).events().len(), 1);
}

#[test]
fn somebody_else_is_told_about_a_melding_of_this_casus_or_about_none() {
    assert_eq!(given(after([])).when("2026-03-20", tell(None)).events().len(), 1);
    let not_ours = follow_up::Refusal::NotJoined.into();
    given(after([])).when("2026-03-20", tell(Some(99))).refused(not_ours);
}
