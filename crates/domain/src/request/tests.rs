//! Sentences about requests: every state with every command, the terms, the grounds.

use super::*;
use crate::scenario::{day, given, id, stamp, table};

const TODAY: &str = "2026-07-01";

pub(super) fn content(kind: Kind) -> Content {
    let asker = Asker { by: By::Himself, age: AgeClass::Adult, able: true };
    let (identity, on) = (Code::of("identiteitsbewijs"), day("2026-06-01"));
    Content { kind, person: id(10), case: Some(id(20)), asker, identity, on, in_writing: true }
}

fn by(by: By, age: AgeClass) -> Content {
    Content { asker: Asker { by, age, able: true }, ..content(Kind::Inspection) }
}

pub(super) fn decision(outcome: Outcome, grounds: &[Ground]) -> Decision {
    let (on, grounds) = (day("2026-06-20"), grounds.to_vec());
    Decision { on, outcome, grounds, identity: None, texts: vec![] }
}

fn granted() -> Event {
    Event::Decided(decision(Outcome::Granted, &[]))
}

fn refused() -> Event {
    Event::Decided(decision(Outcome::Refused, &[Ground::PrivacyOfAnother]))
}

fn told() -> Event {
    Event::Told { on: day("2026-06-21"), way: Code::of("schriftelijk") }
}

fn executed() -> Event {
    Event::Executed { on: day("2026-06-22"), files: vec![] }
}

fn extended() -> Event {
    Event::Extended { on: day("2026-06-10"), reason: Code::of("ingewikkeld") }
}

fn withdrawn() -> Event {
    let reason = Code::of("ingetrokken-door-verzoeker");
    Event::Withdrawn { on: day("2026-06-15"), reason }
}

fn commands() -> Vec<(&'static str, Command)> {
    let on = day("2026-06-25");
    vec![
        ("receive", Command::Receive(content(Kind::Inspection))),
        ("extend", Command::Extend { on, reason: Code::of("aantal") }),
        ("grant", Command::Decide(Decision { on, ..decision(Outcome::Granted, &[]) })),
        ("refuse", Command::Decide(decision(Outcome::Refused, &[Ground::EndingViolence]))),
        ("tell", Command::Tell { on, way: Code::of("mondeling") }),
        ("execute", Command::Execute { on, files: vec![] }),
        ("withdraw", Command::Withdraw { on, reason: Code::of("anders") }),
    ]
}

#[test]
fn every_state_with_every_command() {
    let received = || Event::Received(content(Kind::Inspection));
    let states = [
        ("absent", vec![]),
        ("received", vec![received()]),
        ("extended", vec![received(), extended()]),
        ("granted", vec![received(), granted()]),
        ("granted-told", vec![received(), granted(), told()]),
        ("granted-done", vec![received(), granted(), executed()]),
        ("refused", vec![received(), refused()]),
        ("refused-told", vec![received(), refused(), told()]),
        ("withdrawn", vec![received(), withdrawn()]),
    ];
    table::<Request>(
        TODAY,
        &states,
        &commands(),
        "
        |            receive        extend          grant           refuse          tell            execute         withdraw
        absent       received       NoSuchRequest   NoSuchRequest   NoSuchRequest   NoSuchRequest   NoSuchRequest   NoSuchRequest
        received     ReceivedBefore extended        decided         decided         NotDecided      NotDecided      withdrawn
        extended     ReceivedBefore ExtendedBefore  decided         decided         NotDecided      NotDecided      withdrawn
        granted      ReceivedBefore DecidedBefore   DecidedBefore   DecidedBefore   told            executed        withdrawn
        granted-told ReceivedBefore DecidedBefore   DecidedBefore   DecidedBefore   ToldBefore      executed        withdrawn
        granted-done ReceivedBefore DecidedBefore   DecidedBefore   DecidedBefore   told            ExecutedBefore  Over
        refused      ReceivedBefore DecidedBefore   DecidedBefore   DecidedBefore   told            NothingGranted  Over
        refused-told ReceivedBefore DecidedBefore   DecidedBefore   DecidedBefore   ToldBefore      NothingGranted  Over
        withdrawn    ReceivedBefore WithdrawnBefore WithdrawnBefore WithdrawnBefore WithdrawnBefore WithdrawnBefore WithdrawnBefore
    ",
    );
}

fn faults(it: Refusal) -> Vec<(&'static str, Why)> {
    let Refusal::Invalid(faults) = it else { panic!("{it:?}") };
    faults.into_iter().map(|it| (it.at, it.why)).collect()
}

/// Wmo 2015 art. 5.3.5.
#[test]
fn destruction_is_asked_in_writing_and_done_within_three_months() {
    let spoken = Content { in_writing: false, ..content(Kind::Destruction) };
    let refusal = given::<Request>([]).when(TODAY, Command::Receive(spoken)).refusal();
    assert_eq!(faults(refusal), [("in_writing", Why::NotInWriting)]);
    let due = |kind, on: &str| {
        let it = Event::Received(Content { on: day(on), ..content(kind) });
        Request::default().evolve(&it).due_on()
    };
    assert_eq!(due(Kind::Destruction, "2026-06-01"), Some(day("2026-09-01")));
    // The last day is a Sunday, and the month has no 31st.
    assert_eq!(due(Kind::Destruction, "2026-03-06"), Some(day("2026-06-08")));
    assert_eq!(due(Kind::Destruction, "2026-03-31"), Some(day("2026-06-30")));
    let received = Event::Received(content(Kind::Destruction));
    let extend = Command::Extend { on: day("2026-06-20"), reason: Code::of("aantal") };
    given::<Request>([received]).when(TODAY, extend).refused(Refusal::NotToBeExtended);
}

/// Algemene verordening gegevensbescherming art. 12 lid 3.
#[test]
fn an_answer_comes_within_a_month_and_once_two_months_later_when_that_is_said_in_time() {
    let received = Event::Received(content(Kind::Inspection));
    let due = |events: &[Event]| crate::decider::fold::<Request>(events).due_on();
    assert_eq!(due(std::slice::from_ref(&received)), Some(day("2026-07-01")));
    assert_eq!(due(&[received.clone(), extended()]), Some(day("2026-09-01")));
    let extend = |on: &str| Command::Extend { on: day(on), reason: Code::of("ingewikkeld") };
    let later = "2026-07-02";
    let it = || given::<Request>([received.clone()]);
    it().when(later, extend("2026-07-02")).refused(Refusal::TermPassed);
    assert_eq!(it().when(later, extend("2026-07-01")).events().len(), 1);
    let statement = Event::Received(content(Kind::Statement));
    assert_eq!(due(&[statement]), None);
}

/// Wmo 2015 art. 5.3.2 and 5.3.5.
#[test]
fn a_request_ends_in_time_when_who_asked_was_told_and_what_was_granted_is_done() {
    let met = |events: &[Event]| {
        let received = [Event::Received(content(Kind::Destruction))];
        let it = crate::decider::fold::<Request>(received.iter().chain(events));
        it.deadline().map(|it| it.met_on)
    };
    assert_eq!(met(&[]), Some(None));
    assert_eq!(met(&[granted(), told()]), Some(None));
    assert_eq!(met(&[granted(), executed(), told()]), Some(Some(day("2026-06-22"))));
    assert_eq!(met(&[refused()]), Some(None));
    assert_eq!(met(&[refused(), told()]), Some(Some(day("2026-06-21"))));
    assert_eq!(met(&[withdrawn()]), None);
}

/// Wmo 2015 art. 5.3.2: below twelve a child does not ask itself.
#[test]
fn whoever_may_not_ask_is_recorded_and_refused_and_never_granted() {
    let child = Event::Received(by(By::Himself, AgeClass::Below12));
    let grant = Command::Decide(decision(Outcome::Granted, &[]));
    let it = || given::<Request>([child.clone()]);
    it().when(TODAY, grant).refused(Refusal::NotEntitled(Bar::TooYoung));
    let refuse = decision(Outcome::Refused, &[Ground::NotEntitled]);
    it().when(TODAY, Command::Decide(refuse.clone())).then([Event::Decided(refuse.clone())]);
    // Of who may ask it is no ground.
    let parent = Event::Received(by(By::Representative, AgeClass::Below12));
    let refusal = given::<Request>([parent]).when(TODAY, Command::Decide(refuse)).refusal();
    assert_eq!(faults(refusal), [("grounds", Why::NotAGround("niet-bevoegd", "inzage"))]);
}

/// Wmo 2015 art. 5.3.2: for a child below sixteen, unless against its interest.
#[test]
fn the_interest_of_the_child_is_held_only_against_its_representative() {
    let refuse = decision(Outcome::Refused, &[Ground::InterestOfTheChild]);
    let parent = Event::Received(by(By::Representative, AgeClass::From12));
    given::<Request>([parent])
        .when(TODAY, Command::Decide(refuse.clone()))
        .then([Event::Decided(refuse.clone())]);
    let child = Event::Received(by(By::Himself, AgeClass::From12));
    let refusal = given::<Request>([child]).when(TODAY, Command::Decide(refuse)).refusal();
    assert_eq!(faults(refusal), [("grounds", Why::NotAGround("belang-kind", "inzage"))]);
}

/// Wmo 2015 art. 5.3.2 and 5.3.5: each kind has its own grounds.
#[test]
fn every_ground_belongs_to_its_kind() {
    use Ground as G;
    let fits = |kind: Kind, ground: Ground| {
        let asked = Request::default().evolve(&Event::Received(content(kind)));
        let refuse = Command::Decide(decision(Outcome::Refused, &[ground]));
        asked.decide(refuse, &stamp(TODAY)).is_ok()
    };
    for kind in Kind::ALL.iter().copied() {
        let own: Vec<Ground> = G::ALL.iter().copied().filter(|it| fits(kind, *it)).collect();
        let expected: &[Ground] = match kind {
            Kind::Inspection => &[G::PrivacyOfAnother, G::EndingViolence],
            Kind::Correction => &[G::DataAreRight],
            Kind::Statement => &[],
            Kind::Destruction => &[G::InterestOfAnother, G::LawForbids],
        };
        assert_eq!(own, expected, "{kind:?}");
    }
}

#[test]
fn a_refusal_has_a_ground_and_what_is_granted_has_none() {
    let decided = |it: Decision| {
        given::<Request>([Event::Received(content(Kind::Inspection))])
            .when(TODAY, Command::Decide(it))
            .refusal()
    };
    for outcome in [Outcome::Refused, Outcome::InPart] {
        let refusal = decided(decision(outcome, &[]));
        assert_eq!(faults(refusal), [("grounds", Why::GroundMissing)]);
    }
    let refusal = decided(decision(Outcome::Granted, &[Ground::PrivacyOfAnother]));
    assert_eq!(faults(refusal), [("grounds", Why::GroundNotNeeded)]);
    let texts = vec![Texts { file: id(20), destroyed: true }];
    let refusal = decided(Decision { texts, ..decision(Outcome::Granted, &[]) });
    assert_eq!(faults(refusal), [("texts", Why::NothingDestroyed)]);
}

/// Algemene verordening gegevensbescherming art. 12 lid 6.
#[test]
fn nothing_is_granted_to_somebody_of_whom_is_not_known_who_he_is() {
    let unknown = Content { identity: Code::of(NOT_ESTABLISHED), ..content(Kind::Inspection) };
    let it = || given::<Request>([Event::Received(unknown.clone())]);
    let grant = decision(Outcome::Granted, &[]);
    it().when(TODAY, Command::Decide(grant.clone())).refused(Refusal::NotIdentified);
    let now = Decision { identity: Some(Code::of("digid")), ..grant };
    it().when(TODAY, Command::Decide(now.clone())).then([Event::Decided(now)]);
    let refuse = decision(Outcome::Refused, &[Ground::NotIdentified]);
    it().when(TODAY, Command::Decide(refuse.clone())).then([Event::Decided(refuse)]);
}

#[test]
fn nothing_happens_in_the_future_or_before_what_it_follows_on() {
    let future = Content { on: day("2026-07-02"), ..content(Kind::Inspection) };
    let refusal = given::<Request>([]).when(TODAY, Command::Receive(future)).refusal();
    assert_eq!(faults(refusal), [("received", Why::Future(day("2026-07-02")))]);
    let received = Event::Received(content(Kind::Inspection));
    let early = Decision { on: day("2026-05-31"), ..decision(Outcome::Granted, &[]) };
    let it = given::<Request>([received.clone()]).when(TODAY, Command::Decide(early));
    assert_eq!(faults(it.refusal()), [("on", Why::Before(day("2026-06-01")))]);
    let tell = Command::Tell { on: day("2026-06-19"), way: Code::of("mondeling") };
    let it = given::<Request>([received, granted()]).when(TODAY, tell);
    assert_eq!(faults(it.refusal()), [("on", Why::Before(day("2026-06-20")))]);
    let nowhere = Content { case: None, ..content(Kind::Statement) };
    let refusal = given::<Request>([]).when(TODAY, Command::Receive(nowhere)).refusal();
    assert_eq!(faults(refusal), [("case", Why::NoFile)]);
}
