//! Sentences about casussen: every stage with every command of every topic; and what the tests of the topics begin with.

use super::follow_up::Decision;
use super::meldingen::Known;
use super::*;
use crate::refusal::Why;
use crate::scenario::{self, Given, day, id, table};

pub(super) const OURS: &str = crate::codes::STEPS_AT_VEILIG_THUIS;
pub(super) const VICTIM: u128 = 10;
pub(super) const PERPETRATOR: u128 = 11;
/// The melding with which most of it begins: received on Monday 2 March 2026, decided on two days later.
pub(super) const FIRST: u128 = 7;

fn opened() -> Event {
    Event::Opened { on: day("2026-03-02") }
}

pub(super) fn closed() -> Event {
    Event::Closed { on: day("2026-06-01"), outcome: Code::of("geen-vervolg") }
}

pub(super) fn involved(number: u128, role: &'static str) -> Event {
    let from = day("2026-03-02");
    Event::PersonInvolved { person: id(number), roles: vec![Code::of(role)], from }
}

/// What is known of a melding that comes to its casus on the day of its receipt.
pub(super) fn known(number: u128, on: &str, decision: Option<(&str, &'static str)>) -> Known {
    let decision =
        decision.map(|(on, follow_up)| Decision { on: day(on), follow_up: Code::of(follow_up) });
    let municipality = Code::of("0106");
    Known { melding: id(number), received_on: day(on), municipality, decision, withdrawn: false }
}

pub(super) fn joined(number: u128, on: &str) -> Event {
    let (melding, on, municipality) = (id(number), day(on), Some(Code::of("0106")));
    Event::MeldingJoined { melding, on, received_on: Some(on), municipality }
}

pub(super) fn decided(number: u128, on: &str, follow_up: &'static str) -> Event {
    let (melding, follow_up) = (id(number), Code::of(follow_up));
    Event::FollowUp(follow_up::Event::Decided { melding, on: day(on), follow_up, adapts: None })
}

/// A decision that changes the follow-up.
pub(super) fn adapting(number: u128, on: &str, from: &'static str, to: &'static str) -> Event {
    let (melding, on, adapts) = (id(number), day(on), Some(Code::of(from)));
    Event::FollowUp(follow_up::Event::Decided { melding, on, follow_up: Code::of(to), adapts })
}

/// An open casus of two persons, with a melding of which the next steps are ours; and then these steps of a topic.
pub(super) fn ours_and<E>(
    steps: impl IntoIterator<Item = E>,
    of: impl Fn(E) -> Event,
) -> Vec<Event> {
    let begin = [
        opened(),
        joined(FIRST, "2026-03-02"),
        involved(VICTIM, "slachtoffer"),
        involved(PERPETRATOR, "pleger"),
        decided(FIRST, "2026-03-04", OURS),
    ];
    begin.into_iter().chain(steps.into_iter().map(of)).collect()
}

pub(super) fn given(history: impl IntoIterator<Item = Event>) -> Given<Case> {
    scenario::given(history)
}

/// Refused for what is wrong at one place.
pub(super) fn invalid(at: &'static str, why: Why) -> Refusal {
    Refusal::Invalid(vec![Fault { at, why }])
}

fn join() -> Command {
    Command::JoinMelding { melding: known(8, "2026-03-03", None), on: day("2026-06-03") }
}

fn involve() -> Command {
    let roles = vec![Code::of("slachtoffer")];
    Command::InvolvePerson { person: id(12), roles, from: day("2026-06-03") }
}

fn pair() -> Command {
    let pair = Pair {
        victim: id(VICTIM),
        perpetrator: id(PERPETRATOR),
        relation: Code::of("kind"),
        current_or_former: Code::of("niet-van-toepassing"),
        cohabiting: Code::of("ja"),
        forms: vec![Code::of("kindermishandeling")],
        natures: vec![],
        certainty: Code::of("vermoed"),
    };
    Command::RecordPair { pair, on: day("2026-06-03") }
}

fn close() -> Command {
    Command::Close { on: day("2026-06-03"), outcome: Code::of("geen-vervolg") }
}

fn open() -> Command {
    Command::Open { on: day("2026-03-02"), meldingen: vec![known(FIRST, "2026-03-02", None)] }
}

/// The first step of every topic, and the step after it where closing makes a difference.
fn of_every_topic() -> Vec<(&'static str, Command)> {
    [of_the_people(), of_the_services(), placed_elsewhere(), watched_over()].concat()
}

const IT: u128 = 50;

fn on() -> NaiveDate {
    day("2026-06-03")
}

fn of_the_people() -> Vec<(&'static str, Command)> {
    let (household, from) = (id(IT), "2026-06".parse().unwrap());
    let moves_in = household::Command::MoveIn { household, person: id(VICTIM), from };
    let (person, until) = (id(PERPETRATOR), from);
    let moves_out = household::Command::MoveOut { household, person, until };
    let assign = assignment::Command::Assign { worker: id(1), team: None, on: on() };
    vec![
        ("move-in", Command::Household(moves_in)),
        ("move-out", Command::Household(moves_out)),
        ("assign", Command::Assignment(assign)),
    ]
}

fn of_the_services() -> Vec<(&'static str, Command)> {
    let (on, melding) = (on(), id(FIRST));
    let decision = Decision { on, follow_up: Code::of(OURS) };
    let take_in = follow_up::Command::TakeIn { melding: id(9), decision };
    let let_go = follow_up::Command::LetGo { melding: id(9), on };
    let (received_on, municipality) = (Some(day("2026-03-01")), None);
    let correct = follow_up::Command::Correct { melding, on, received_on, municipality };
    let (investigation, forms) = (id(IT), vec![]);
    let investigate = investigation::Command::Decide { investigation, melding, forms, on };
    let set_conditions = conditions::Command::Decide { service: id(IT), melding, on };
    vec![
        ("take-in", Command::FollowUp(take_in)),
        ("let-go", Command::FollowUp(let_go)),
        ("correct", Command::FollowUp(correct)),
        ("investigate", Command::Investigation(investigate)),
        ("set-conditions", Command::Conditions(set_conditions)),
    ]
}

fn placed_elsewhere() -> Vec<(&'static str, Command)> {
    let (on, it, other) = (on(), id(IT), "VT03".parse().unwrap());
    let (to, yes, reason) = (Code::of("anders"), Code::of("ja"), Code::of("anders"));
    let hand_over = handover::Command::Send { handover: it, on, to, warm: yes.clone() };
    let kind = Code::of("aware");
    let consider = measure::Command::Consider { measure: it, kind, on, consulted: yes };
    let disciplines = vec![];
    let put_in =
        multidisciplinary::Command::PutIn { approach: it, on, reason: reason.clone(), disciplines };
    let form = Code::of("huwelijksdwang");
    let consult = junction::Command::Consult { consult: it, on, form };
    let offer = transfer::Command::Offer { transfer: it, on, to: other, reason };
    let take_over = transfer::Command::TakeOver { transfer: it, on, from: other };
    vec![
        ("hand-over", Command::Handover(hand_over)),
        ("measure", Command::Measure(consider)),
        ("put-in", Command::Multidisciplinary(put_in)),
        ("consult", Command::Junction(consult)),
        ("offer", Command::Transfer(offer)),
        ("take-over", Command::Transfer(take_over)),
    ]
}

fn watched_over() -> Vec<(&'static str, Command)> {
    let (on, person, anything) = (on(), id(VICTIM), || Code::of("anders"));
    let postpone = informing::Command::Postpone { person, on, reason: anything() };
    let inform = informing::Command::Inform { person, on, way: anything() };
    let exempt = informing::Command::Exempt { person, on, reason: anything() };
    let tell = informing::Command::Tell { whom: Code::of("melder"), on, melding: None };
    let suspend = suspension::Command::Suspend { on, reason: anything() };
    let record = incident::Command::Record { incident: id(IT), on, kind: Code::of("klacht") };
    let incident = id(51);
    let settle = incident::Command::Settle { incident, on, outcome: Code::of("gegrond") };
    let kind = crate::request::Kind::Inspection;
    let ask = request::Command::Ask { request: id(IT), person, kind, on };
    vec![
        ("postpone", Command::Informing(postpone)),
        ("inform", Command::Informing(inform)),
        ("exempt", Command::Informing(exempt)),
        ("tell", Command::Informing(tell)),
        ("monitor", Command::Monitoring(monitoring::Command::Start { on })),
        ("suspend", Command::Suspension(suspend)),
        ("record", Command::Incident(record)),
        ("report", Command::Incident(incident::Command::Report { incident, on })),
        ("settle", Command::Incident(settle)),
        ("ask", Command::Request(ask)),
        ("object", Command::Research(research::Command::Object { person, on })),
    ]
}

#[test]
fn every_stage_with_every_command() {
    let required = |person| informing::Event::Required { person, on: day("2026-06-01") };
    let recorded = incident::Event::Recorded {
        incident: id(51),
        on: day("2026-06-01"),
        kind: Code::of("klacht"),
    };
    let lives = household::Event::MovedIn {
        household: id(50),
        person: id(PERPETRATOR),
        from: "2026-06".parse().unwrap(),
    };
    let more = [
        Event::Informing(required(id(VICTIM))),
        Event::Incident(recorded),
        Event::Household(lives),
    ];
    let opened = ours_and(more, |it| it);
    let waits = [opened.clone(), vec![joined(9, "2026-03-05")]].concat();
    let over = [opened.clone(), vec![joined(9, "2026-03-05"), closed()]].concat();
    let of_the_casus = [
        ("open", open()),
        ("join", join()),
        ("involve", involve()),
        ("pair", pair()),
        ("close", close()),
    ];
    table::<Case>("2026-06-04", &[("absent", vec![]), ("open", opened), ("waits", waits.clone()), ("closed", over.clone())], &of_the_casus, "
        |       open                   join           involve                   pair           close
        absent  opened+melding-joined  NoSuchCase     NoSuchCase                NoSuchCase     NoSuchCase
        open    OpenedBefore           melding-joined person-involved+required  pair-recorded  closed
        waits   OpenedBefore           melding-joined person-involved+required  pair-recorded  StillOpen
        closed  OpenedBefore           ClosedBefore   ClosedBefore              ClosedBefore   ClosedBefore
    ");
    for (name, command) in of_every_topic() {
        given([]).when("2026-06-04", command.clone()).refused(Refusal::NoSuchCase);
        let recorded = given(waits.clone()).when("2026-06-04", command.clone()).events();
        assert_eq!(recorded.len(), 1, "{name}: {recorded:?}");
        let goes_on = [
            "correct", "postpone", "inform", "exempt", "tell", "record", "report", "settle", "ask",
            "object",
        ];
        let when_closed = given(over.clone()).when("2026-06-04", command);
        if goes_on.contains(&name) {
            assert_eq!(when_closed.events().len(), 1, "{name}");
        } else {
            when_closed.refused(Refusal::ClosedBefore);
        }
    }
}

/// Informatieprotocol 2025 par. 3.1.2.
#[test]
fn a_closed_case_takes_no_melding() {
    given(ours_and([closed()], |it| it)).when("2026-06-04", join()).refused(Refusal::ClosedBefore);
}

#[test]
fn nothing_happens_in_a_case_before_its_first_melding_or_in_the_future() {
    let on = |on| Command::Monitoring(monitoring::Command::Start { on: day(on) });
    // The melding was received before the casus was opened: what has to do with it may be as old as that.
    let earlier = [Event::Opened { on: day("2026-03-05") }, joined(FIRST, "2026-03-02")];
    let early = invalid("on", Why::BeforeReceipt(day("2026-03-02")));
    given(earlier.clone()).when("2026-06-04", on("2026-03-01")).refused(early);
    assert_eq!(given(earlier.clone()).when("2026-06-04", on("2026-03-02")).events().len(), 1);
    let late = invalid("on", Why::Future(day("2026-06-05")));
    given(earlier).when("2026-06-04", on("2026-06-05")).refused(late);
}

#[test]
fn roles_households_measures_and_a_transfer_here_may_be_older_than_the_casus() {
    let measure = measure::Command::Consider {
        measure: id(50),
        kind: Code::of("aware"),
        on: day("2020-02-01"),
        consulted: Code::of("nee"),
    };
    let (household, person) = (id(50), id(VICTIM));
    let moved = household::Command::MoveIn { household, person, from: "2019".parse().unwrap() };
    let (transfer, on) = (id(50), day("2026-02-01"));
    let taken = transfer::Command::TakeOver { transfer, on, from: "VT03".parse().unwrap() };
    let role = Command::InvolvePerson {
        person: id(VICTIM),
        roles: vec![Code::of("kind")],
        from: day("2019-01-01"),
    };
    for command in
        [Command::Measure(measure), Command::Household(moved), Command::Transfer(taken), role]
    {
        let history = ours_and([], |it: Event| it);
        assert_eq!(given(history).when("2026-06-04", command).events().len(), 1);
    }
}
