//! The multidisciplinary approach: every pair of state and command, and who has answered.

use super::*;
use crate::case::tests::{given, invalid, ours_and};
use crate::case::{Case, Command as Asked, Event as Happened, deadlines};
use crate::deadline::Kind;
use crate::decider::fold;
use crate::refusal::Fault;
use crate::scenario::{day, id, table};

const TODAY: &str = "2026-05-01";

fn put_in_event() -> Event {
    let disciplines = vec![Code::of("politie"), Code::of("medisch")];
    let reason = Code::of("ernstig-en-complex");
    Event::PutIn { approach: id(50), on: day("2026-03-10"), reason, disciplines }
}

fn answered(discipline: &'static str, on: &str) -> Event {
    let (discipline, accepted) = (Code::of(discipline), Code::of("ja"));
    Event::Answered { approach: id(50), on: day(on), discipline, accepted }
}

fn put_in() -> Asked {
    let (reason, disciplines) = (Code::of("ernstig-en-complex"), vec![Code::of("politie")]);
    let on = day("2026-04-01");
    Asked::Multidisciplinary(Command::PutIn { approach: id(50), on, reason, disciplines })
}

fn answer(discipline: &'static str, on: &str, accepted: &'static str) -> Asked {
    let (discipline, accepted) = (Code::of(discipline), Code::of(accepted));
    let on = day(on);
    Asked::Multidisciplinary(Command::Answer { approach: id(50), on, discipline, accepted })
}

fn end() -> Asked {
    Asked::Multidisciplinary(Command::End { approach: id(50), on: day("2026-04-01") })
}

fn after(steps: impl IntoIterator<Item = Event>) -> Vec<Happened> {
    ours_and(steps, Happened::Multidisciplinary)
}

#[test]
fn every_state_with_every_command() {
    let ended = Event::Ended { approach: id(50), on: day("2026-03-20") };
    let states = [
        ("absent", after([])),
        ("put-in", after([put_in_event()])),
        ("answered", after([put_in_event(), answered("politie", "2026-03-12")])),
        ("ended", after([put_in_event(), ended])),
    ];
    let commands =
        [("put-in", put_in()), ("answer", answer("politie", "2026-04-01", "nee")), ("end", end())];
    table::<Case>(
        TODAY,
        &states,
        &commands,
        "
        |         put-in       answer          end
        absent    put-in       NoSuchApproach  NoSuchApproach
        put-in    PutInBefore  answered        ended
        answered  PutInBefore  AnsweredBefore  ended
        ended     PutInBefore  EndedBefore     EndedBefore
    ",
    );
}

#[test]
fn only_a_discipline_that_was_asked_answers_and_it_says_yes_or_no() {
    let faults = vec![
        Fault { at: "discipline", why: Why::NotTakingPart("opvang".to_owned()) },
        Fault { at: "accepted", why: Why::NoAnswer },
    ];
    given(after([put_in_event()]))
        .when(TODAY, answer("opvang", "2026-04-01", "onbekend"))
        .refused(CaseRefusal::Invalid(faults));
    let early = invalid("on", Why::Before(day("2026-03-10")));
    given(after([put_in_event()]))
        .when(TODAY, answer("politie", "2026-03-09", "ja"))
        .refused(early);
}

#[test]
fn it_waits_until_everybody_has_answered_or_it_is_ended() {
    let met = |steps: Vec<Event>| {
        let case: Case = fold(&after(steps));
        let terms = deadlines::of(&case).into_iter();
        terms.filter(|it| it.kind == Kind::Multidisciplinary).find_map(|it| it.met_on)
    };
    let one = vec![put_in_event(), answered("politie", "2026-03-12")];
    assert_eq!(met(one.clone()), None);
    let both = [one.clone(), vec![answered("medisch", "2026-03-11")]].concat();
    assert_eq!(met(both), Some(day("2026-03-12")));
    let ended = Event::Ended { approach: id(50), on: day("2026-03-20") };
    assert_eq!(met([one, vec![ended]].concat()), Some(day("2026-03-20")));
}

#[test]
fn it_does_not_end_before_the_last_answer() {
    let end = |on| Asked::Multidisciplinary(Command::End { approach: id(50), on: day(on) });
    let history = || after([put_in_event(), answered("politie", "2026-03-12")]);
    let early = invalid("on", Why::Before(day("2026-03-12")));
    given(history()).when(TODAY, end("2026-03-11")).refused(early);
    assert_eq!(given(history()).when(TODAY, end("2026-03-12")).events().len(), 1);
}
