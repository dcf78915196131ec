//! Given what happened, when a command comes, then these events or this refusal; one by one, or every state with every command as a
//! table. Tests only.

use crate::decider::{Decider, Stamp, fold};
use chrono::NaiveDate;
use serde_json::Value;
use std::fmt::Debug;
use uuid::Uuid;

pub fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

pub fn id(number: u128) -> Uuid {
    Uuid::from_u128(number)
}

/// A stamp of noon on a date.
pub fn stamp(on: &str) -> Stamp {
    Stamp {
        organisation: "VT02".parse().unwrap(),
        by: id(1),
        at: format!("{on}T12:00:00Z").parse().unwrap(),
        today: day(on),
        key: id(2),
    }
}

pub struct Given<D>(D);

pub fn given<D: Decider>(history: impl IntoIterator<Item = D::Event>) -> Given<D> {
    Given(history.into_iter().fold(D::default(), |state, event| state.evolve(&event)))
}

pub struct Then<D: Decider>(Result<Vec<D::Event>, D::Refusal>);

impl<D: Decider> Given<D> {
    pub fn when(self, on: &str, command: D::Command) -> Then<D> {
        Then(self.0.decide(command, &stamp(on)))
    }
}

impl<D: Decider> Then<D>
where
    D::Event: PartialEq + Debug,
    D::Refusal: PartialEq,
{
    pub fn then(self, events: impl IntoIterator<Item = D::Event>) {
        assert_eq!(self.0, Ok(events.into_iter().collect()));
    }

    pub fn refused(self, refusal: D::Refusal) {
        assert_eq!(self.0, Err(refusal));
    }

    pub fn refusal(self) -> D::Refusal {
        self.0.unwrap_err()
    }

    pub fn events(self) -> Vec<D::Event> {
        self.0.unwrap()
    }

    pub fn state(self) -> D {
        fold::<D>(&self.0.unwrap())
    }
}

/// Every state with every command. A cell says which steps are recorded, or why not: `sent`, `SentBefore`. The first line names the
/// commands, the first word of every other line the state.
pub fn table<D: Decider>(
    on: &str,
    states: &[(&str, Vec<D::Event>)],
    commands: &[(&str, D::Command)],
    expected: &str,
) {
    let heads = commands.iter().map(|(name, _)| (*name).to_owned());
    let mut found: Vec<Vec<String>> = vec![std::iter::once("|".to_owned()).chain(heads).collect()];
    for (name, history) in states {
        let decided = commands.iter().map(|(_, command)| {
            let Then::<D>(answer) = given(history.clone()).when(on, command.clone());
            answer.map_or_else(|why| in_a_word(&why), |events| steps(&events))
        });
        found.push(std::iter::once((*name).to_owned()).chain(decided).collect());
    }
    let words = |line: &str| line.split_whitespace().map(str::to_owned).collect::<Vec<_>>();
    let said: Vec<Vec<String>> = expected.trim().lines().map(words).collect();
    let shown: Vec<String> = found.iter().map(|line| line.join(" ")).collect();
    assert!(found == said, "it is:\n{}", shown.join("\n"));
}

/// What was recorded: the step of each event, or its type when it has none.
fn steps<E: serde::Serialize>(events: &[E]) -> String {
    let one = |event: &E| {
        let event = serde_json::to_value(event).unwrap();
        let name = event.get("step").or(event.get("type")).and_then(Value::as_str).unwrap();
        name.replace('_', "-")
    };
    if events.is_empty() {
        "-".to_owned()
    } else {
        events.iter().map(one).collect::<Vec<_>>().join("+")
    }
}

/// The name of a refusal, without the topic that it is of.
fn in_a_word(why: &impl Debug) -> String {
    let text = format!("{why:?}");
    let (outer, inner) = text.split_once('(').unwrap_or((&text, ""));
    let of_a_topic = !inner.is_empty() && outer != "Invalid";
    let name = if of_a_topic { inner } else { outer };
    name.split(['(', ')']).next().unwrap().to_owned()
}
