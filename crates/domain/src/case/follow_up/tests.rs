//! Several meldingen in one casus (Informatieprotocol 2025 par. 3.1.2), to the letter.

use super::*;
use crate::case::tests::{FIRST, OURS, adapting, decided as taken, given, joined, known, ours_and};
use crate::case::{Case, Command as Asked, deadlines};
use crate::deadline::Kind;
use crate::decider::fold;
use crate::refusal::Why;
use crate::scenario::{day, id, table};

const TODAY: &str = "2026-06-01";
const SECOND: u128 = 8;
const INVESTIGATION: u128 = 50;

fn take_in(melding: u128, on: &str, follow_up: &'static str) -> Asked {
    let decision = Decision { on: day(on), follow_up: Code::of(follow_up) };
    Asked::FollowUp(Command::TakeIn { melding: id(melding), decision })
}

fn let_go(melding: u128) -> Asked {
    Asked::FollowUp(Command::LetGo { melding: id(melding), on: day("2026-03-12") })
}

fn correct(melding: u128, received_on: &str) -> Asked {
    let (melding, on, received_on) = (id(melding), day("2026-03-12"), Some(day(received_on)));
    let municipality = None;
    Asked::FollowUp(Command::Correct { melding, on, received_on, municipality })
}

fn after(steps: impl IntoIterator<Item = CaseEvent>) -> Vec<CaseEvent> {
    ours_and(steps, |it| it)
}

/// The casus with a second melding, received a week after the first, and an investigation that runs on the first.
fn running() -> Vec<CaseEvent> {
    let (investigation, melding) = (id(INVESTIGATION), id(FIRST));
    let forms = vec![Code::of("kindermishandeling")];
    let formal_on = day("2026-03-04");
    let decided = investigation::Event::Decided { investigation, melding, formal_on, forms };
    let begun = investigation::Event::Begun { investigation, on: day("2026-03-11") };
    after([
        CaseEvent::Investigation(decided),
        CaseEvent::Investigation(begun),
        joined(SECOND, "2026-03-09"),
    ])
}

fn due(history: &[CaseEvent]) -> Option<NaiveDate> {
    let case: Case = fold(history);
    let terms = deadlines::of(&case).into_iter();
    terms.filter(|it| it.kind == Kind::Investigation).find_map(|it| it.due_on)
}

#[test]
fn every_state_with_every_command() {
    let withdrawn = Event::Withdrawn { melding: id(SECOND), on: day("2026-03-12") };
    let waits = joined(SECOND, "2026-03-09");
    let states = [
        ("not-joined", after([])),
        ("waits", after([waits.clone()])),
        ("decided", after([waits.clone(), taken(SECOND, "2026-03-10", OURS)])),
        ("withdrawn", after([waits, CaseEvent::FollowUp(withdrawn)])),
        ("running", running()),
    ];
    let commands = [
        ("take-in", take_in(SECOND, "2026-03-12", OURS)),
        ("adapt", take_in(SECOND, "2026-03-12", "overdracht")),
        ("let-go", let_go(SECOND)),
        ("correct", correct(SECOND, "2026-03-08")),
        ("correct-nothing", correct(SECOND, "2026-03-09")),
    ];
    // What is so already is not recorded again.
    table::<Case>(
        TODAY,
        &states,
        &commands,
        "
        |           take-in    adapt          let-go     correct    correct-nothing
        not-joined  NotJoined  NotJoined      NotJoined  NotJoined  NotJoined
        waits       decided    decided        withdrawn  corrected  -
        decided     -          -              -          corrected  -
        withdrawn   -          -              -          corrected  -
        running     decided    decided+ended  withdrawn  corrected  -
    ",
    );
}

#[test]
fn every_melding_has_its_own_decision_and_a_second_one_leaves_the_first_as_it_was() {
    let events = given(running()).when(TODAY, take_in(SECOND, "2026-03-12", "overdracht")).events();
    let case: Case = fold(&[running(), events].concat());
    let decision = |melding| case.meldingen[&id(melding)].decision.clone().unwrap();
    assert_eq!(decision(FIRST), Decision { on: day("2026-03-04"), follow_up: Code::of(OURS) });
    let second = Decision { on: day("2026-03-12"), follow_up: Code::of("overdracht") };
    assert_eq!(decision(SECOND), second);
}

#[test]
fn a_second_decision_that_changes_the_follow_up_is_on_file_and_closes_the_investigation_on_the_first()
 {
    let adapted = Event::Decided {
        melding: id(SECOND),
        on: day("2026-03-12"),
        follow_up: Code::of("overdracht"),
        adapts: Some(Code::of(OURS)),
    };
    let closed = investigation::Event::Ended {
        investigation: id(INVESTIGATION),
        on: day("2026-03-12"),
        reason: Code::of(ADAPTED),
        // Ten weeks after the first decision: the second does not make the term longer.
        due_on: Some(day("2026-05-13")),
    };
    let both = [CaseEvent::FollowUp(adapted), CaseEvent::Investigation(closed)];
    let adapt = || take_in(SECOND, "2026-03-12", "overdracht");
    given(running()).when(TODAY, adapt()).then(both.clone());
    let case: Case = fold(&[running(), both.to_vec()].concat());
    assert_eq!(case.follow_up.adapted_by, [id(SECOND)]);
    assert!(case.investigations.running().is_none());
    // The same when the melding was decided on before it joined.
    let without = running().into_iter().filter(|it| *it != joined(SECOND, "2026-03-09"));
    let melding = known(SECOND, "2026-03-09", Some(("2026-03-12", "overdracht")));
    let join = Asked::JoinMelding { melding, on: day("2026-03-13") };
    let events = given(without).when(TODAY, join).events();
    assert_eq!(events[1..], both);
}

/// Five days after Monday 2 March is 9 March, and ten weeks later is 18 May.
#[test]
fn an_unchanged_follow_up_leaves_the_investigation_running_for_five_days_and_ten_weeks_from_the_first_melding()
 {
    assert_eq!(due(&running()), Some(day("2026-05-13")));
    let events = given(running()).when(TODAY, take_in(SECOND, "2026-03-12", OURS)).events();
    assert_eq!(events.len(), 1);
    let now = [running(), events].concat();
    assert!(fold::<Case>(&now).investigations.running().is_some());
    assert_eq!(due(&now), Some(day("2026-05-18")));
}

#[test]
fn the_term_of_an_investigation_is_made_longer_by_later_meldingen_only() {
    // A melding of before, decided on before: ten weeks after the decision that the investigation follows on.
    let before = [joined(SECOND, "2026-02-20"), taken(SECOND, "2026-02-24", "overdracht")];
    let history: Vec<CaseEvent> = before
        .into_iter()
        .chain(running().into_iter().filter(|it| *it != joined(SECOND, "2026-03-09")))
        .collect();
    assert_eq!(due(&history), Some(day("2026-05-13")));
    // Received before the first, and decided on after it; received after it, and decided on before.
    for (received_on, decided_on) in [("2026-02-27", "2026-03-06"), ("2026-03-03", "2026-03-03")] {
        let other = [joined(9, received_on), taken(9, decided_on, OURS)];
        assert_eq!(due(&[running(), other.to_vec()].concat()), Some(day("2026-05-13")));
    }
    // One that still waits changes nothing either.
    assert_eq!(due(&running()), Some(day("2026-05-13")));
    let withdrawn = given(running()).when(TODAY, let_go(SECOND)).events();
    assert_eq!(due(&[running(), withdrawn].concat()), Some(day("2026-05-13")));
}

#[test]
fn the_term_runs_from_the_first_melding_also_when_its_own_decision_was_late() {
    let late = ours_and([], |it: CaseEvent| it).into_iter().map(|it| match it {
        CaseEvent::FollowUp(_) => taken(FIRST, "2026-03-30", OURS),
        other => other,
    });
    let (investigation, melding, formal_on) = (id(INVESTIGATION), id(FIRST), day("2026-03-30"));
    let decided =
        investigation::Event::Decided { investigation, melding, formal_on, forms: vec![] };
    let more = [CaseEvent::Investigation(decided), joined(SECOND, "2026-04-01")];
    let history: Vec<CaseEvent> = late.chain(more).collect();
    assert_eq!(due(&history), Some(day("2026-06-08")));
    let events = given(history.clone()).when(TODAY, take_in(SECOND, "2026-04-02", OURS)).events();
    assert_eq!(due(&[history, events].concat()), Some(day("2026-05-18")));
}

#[test]
fn a_decision_that_is_told_late_is_second_only_when_it_was_taken_second() {
    let events = given(running()).when(TODAY, take_in(SECOND, "2026-03-03", "overdracht")).events();
    assert_eq!(events.len(), 1, "{events:?}");
    let case: Case = fold(&[running(), events].concat());
    assert_eq!(case.follow_up.standing.unwrap().follow_up, OURS);
    assert!(case.follow_up.adapted_by.is_empty());
}

#[test]
fn an_investigation_is_not_closed_before_somebody_began_with_it() {
    // The decision is of a day before the actual start, which was told first.
    let events = given(running()).when(TODAY, take_in(SECOND, "2026-03-10", "overdracht")).events();
    let Some(CaseEvent::Investigation(investigation::Event::Ended { on, .. })) = events.last()
    else {
        panic!("{events:?}")
    };
    assert_eq!(*on, day("2026-03-11"));
}

#[test]
fn a_melding_that_was_a_question_no_longer_waits() {
    let events = given(running()).when(TODAY, let_go(SECOND)).events();
    let case: Case = fold(&[running(), events].concat());
    assert!(!case.meldingen[&id(SECOND)].waits());
    assert!(case.investigations.running().is_some());
}

#[test]
fn a_corrected_date_of_receipt_moves_the_term_that_runs_from_it() {
    let followed = given(running()).when(TODAY, take_in(SECOND, "2026-03-12", OURS)).events();
    let history = [running(), followed].concat();
    let corrected = given(history.clone()).when(TODAY, correct(FIRST, "2026-02-27")).events();
    // Five working days after Friday 27 February is 6 March.
    assert_eq!(due(&[history, corrected].concat()), Some(day("2026-05-18")));
    let early = crate::case::tests::invalid("on", Why::Future(day("2026-06-02")));
    given(running()).when(TODAY, take_in(SECOND, "2026-06-02", OURS)).refused(early);
}

#[test]
fn what_was_adapted_is_so_in_whatever_order_it_is_told() {
    let adapted = |steps: &[CaseEvent]| {
        let history =
            [after([joined(SECOND, "2026-03-09"), joined(9, "2026-03-09")]), steps.to_vec()];
        fold::<Case>(&history.concat()).follow_up.adapted
    };
    let away = adapting(SECOND, "2026-03-12", OURS, "overdracht");
    let both = [id(FIRST), id(9)].into();
    assert_eq!(adapted(&[taken(9, "2026-03-10", OURS), away.clone()]), both);
    assert_eq!(adapted(&[away.clone(), taken(9, "2026-03-10", OURS)]), both);
    // Of one day, what is told last comes last.
    let back = [away, adapting(9, "2026-03-12", "overdracht", OURS)];
    assert_eq!(adapted(&back), [id(FIRST), id(SECOND)].into());
}
