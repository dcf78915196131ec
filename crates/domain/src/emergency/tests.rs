//! Sentences about emergency access. Who may open what is told in `access/tests.rs`.

use super::*;
use crate::scenario::{given, id, stamp};

fn noon() -> DateTime<Utc> {
    stamp("2026-03-20").at
}

fn open(minutes: u8) -> Command {
    let minutes = NonZeroU8::new(minutes).unwrap();
    Command::Open { file: File::Case(id(7)), reason: Code::of("acuut-gevaar"), minutes }
}

/// Opened by somebody, for an hour from noon.
fn opened(by: u128) -> Event {
    let until = noon() + TimeDelta::minutes(60);
    let reason = Code::of("acuut-gevaar");
    Event::Opened { worker: id(by), file: File::Case(id(7)), reason, until }
}

const JUSTIFIED: Command = Command::Review { judgement: Judgement::Justified };

#[test]
fn whoever_opens_a_file_has_it_open_until_his_time_is_over() {
    given::<Emergency>([]).when("2026-03-20", open(60)).then([opened(1)]);
}

#[test]
fn whoever_opened_it_may_end_it_before_its_time() {
    let at = noon();
    given::<Emergency>([opened(1)]).when("2026-03-20", Command::End).then([Event::Ended { at }]);
    let over = given::<Emergency>([opened(1)]);
    over.when("2026-03-21", Command::End).refused(Refusal::OverBefore);
    let over = given::<Emergency>([opened(1), Event::Ended { at }]);
    over.when("2026-03-20", Command::End).refused(Refusal::OverBefore);
}

#[test]
fn for_anybody_else_there_is_nothing_to_end() {
    let others = given::<Emergency>([opened(3)]);
    others.when("2026-03-20", Command::End).refused(Refusal::NoSuchEmergency);
    given::<Emergency>([]).when("2026-03-20", Command::End).refused(Refusal::NoSuchEmergency);
}

#[test]
fn another_judges_it_once() {
    let reviewed = Event::Reviewed { judgement: Judgement::Justified, at: noon() };
    given::<Emergency>([opened(3)]).when("2026-03-20", JUSTIFIED).then([reviewed.clone()]);
    given::<Emergency>([opened(1)]).when("2026-03-20", JUSTIFIED).refused(Refusal::OwnEmergency);
    let twice = given::<Emergency>([opened(3), reviewed]);
    twice.when("2026-03-20", JUSTIFIED).refused(Refusal::ReviewedBefore);
}

#[test]
fn with_the_judgement_it_is_over() {
    let state = |events: &[Event]| crate::decider::fold::<Emergency>(events);
    let at = noon() + TimeDelta::minutes(5);
    let reviewed = Event::Reviewed { judgement: Judgement::Unjustified, at };
    let it = state(&[opened(3), reviewed]);
    assert_eq!(it.opened().map(|it| it.until), Some(at));
    let late = Event::Reviewed { judgement: Judgement::Justified, at: noon() + TimeDelta::days(1) };
    let it = state(&[opened(3), late]);
    assert_eq!(it.opened().map(|it| it.until), Some(noon() + TimeDelta::minutes(60)));
}
