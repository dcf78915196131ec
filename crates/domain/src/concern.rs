//! Whom a record is about: the persons, the household as a whole, the origin of the data, the work of Veilig Thuis. One file is about several
//! persons, and each has rights on only the part that concerns him; so a copy for one of them is made by what is said here of every event,
//! exhaustively: a new kind of event has to say whom it is about.
//!
//! Law: [`crate::law::INSPECTION`], [`crate::law::HIDDEN_REPORTER`].

use crate::Event;
use crate::case::{self, Case, conditions, household, informing, measure, request, research};
use crate::melding::{self, Changes, Content, Pair, Person};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use uuid::Uuid;

/// Whom.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum About {
    /// Everybody in the file.
    Household,
    Persons(BTreeSet<Uuid>),
    /// From whom the data come.
    Origin,
    /// Who works on it, and how it is administered.
    Work,
    /// Somebody has to read it.
    Unclear,
}

/// What of a record.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(tag = "of", rename_all = "snake_case")]
pub enum Part {
    /// All that is not named apart.
    Whole,
    Person {
        person: Uuid,
    },
    Pair {
        victim: Uuid,
        perpetrator: Uuid,
    },
    Melder,
    /// The nth particular beside it.
    Particular {
        nth: u32,
    },
}

/// One part of a record, and whom it is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Piece {
    pub part: Part,
    pub about: About,
}

impl About {
    pub fn person(person: Uuid) -> Self {
        Self::Persons(BTreeSet::from([person]))
    }

    /// These persons; the household when none is named.
    fn of(persons: impl IntoIterator<Item = Uuid>) -> Self {
        let persons: BTreeSet<Uuid> = persons.into_iter().collect();
        if persons.is_empty() { Self::Household } else { Self::Persons(persons) }
    }
}

/// Whom an event of a stream is about, part by part. `before` is the casus before it, for what refers to something earlier.
pub fn concerns(event: &Event, stream: Uuid, before: &Case) -> Vec<Piece> {
    let whole = |about| vec![Piece { part: Part::Whole, about }];
    match event {
        // Who reaches us, and how.
        Event::Contact(_) | Event::Advice(_) => whole(About::Origin),
        Event::Melding(event) => of_melding(event),
        Event::Case(event) => whole(of_case(event, before)),
        // Where somebody is, and that it is hidden, is not for whoever asks for a child.
        Event::Person(it) if it.is_about_hiding() => whole(About::Work),
        Event::Person(_) => whole(About::person(stream)),
        Event::Request(crate::request::Event::Received(it)) => whole(About::person(it.person)),
        Event::Request(_) | Event::Look(_) | Event::Erasure(_) | Event::Emergency(_) => {
            whole(About::Work)
        }
    }
}

fn of_melding(event: &melding::Event) -> Vec<Piece> {
    let whole = |about| vec![Piece { part: Part::Whole, about }];
    match event {
        melding::Event::Received(it) => of_content(it),
        melding::Event::Corrected { changes, .. } => of_changes(changes),
        melding::Event::Assessed(_) | melding::Event::Withdrawn { .. } => whole(About::Household),
        melding::Event::Assigned { .. } => whole(About::Work),
    }
}

fn of_content(it: &Content) -> Vec<Piece> {
    let whole = Piece { part: Part::Whole, about: About::Household };
    let melder = Piece { part: Part::Melder, about: About::Origin };
    [whole, melder].into_iter().chain(of_persons(&it.persons)).chain(of_pairs(&it.pairs)).collect()
}

fn of_changes(it: &Changes) -> Vec<Piece> {
    let mut pieces = vec![Piece { part: Part::Whole, about: About::Household }];
    if it.melder.is_some() || it.channel.is_some() {
        pieces.push(Piece { part: Part::Melder, about: About::Origin });
    }
    pieces.extend(it.persons.iter().flat_map(|it| of_persons(it)));
    pieces.extend(it.pairs.iter().flat_map(|it| of_pairs(it)));
    pieces
}

fn of_persons(persons: &[Person]) -> impl Iterator<Item = Piece> {
    persons
        .iter()
        .map(|it| Piece { part: Part::Person { person: it.id }, about: About::person(it.id) })
}

fn of_pairs(pairs: &[Pair]) -> impl Iterator<Item = Piece> {
    pairs.iter().map(|it| {
        let (victim, perpetrator) = (it.victim, it.perpetrator);
        let about = About::of([victim, perpetrator]);
        Piece { part: Part::Pair { victim, perpetrator }, about }
    })
}

fn of_case(event: &case::Event, before: &Case) -> About {
    use case::Event as E;
    match event {
        E::Opened { .. }
        | E::MeldingJoined { .. }
        | E::Closed { .. }
        | E::FollowUp(_)
        | E::Investigation(_)
        | E::Handover(_)
        | E::Multidisciplinary(_)
        | E::Junction(_)
        | E::Monitoring(_)
        | E::Suspension(_)
        | E::Transfer(_) => About::Household,
        E::PairRecorded { pair, .. } => About::of([pair.victim, pair.perpetrator]),
        // Which workers see it, and which do not.
        E::Assignment(_) | E::Restriction(_) => About::Work,
        E::Conditions(it) => of_conditions(it, before),
        E::Measure(it) => of_measure(it, before),
        E::Informing(it) => of_informing(it),
        // Whom a complaint or an accident is about, or a court case for which it is kept, is told in words.
        E::Incident(_) | E::Hold(_) => About::Unclear,
        E::PersonInvolved { person, .. }
        | E::Household(
            household::Event::MovedIn { person, .. } | household::Event::MovedOut { person, .. },
        )
        | E::Request(
            request::Event::Asked { person, .. }
            | request::Event::Answered { person, .. }
            | request::Event::Executed { person, .. }
            | request::Event::Withdrawn { person, .. },
        )
        | E::Research(research::Event::Objected { person, .. }) => About::person(*person),
        E::Research(research::Event::Used { persons, .. }) => About::of(persons.iter().copied()),
    }
}

fn of_conditions(event: &conditions::Event, before: &Case) -> About {
    use conditions::Event as E;
    match event {
        E::Decided { .. } | E::Begun { .. } | E::Concluded { .. } => About::Household,
        E::Agreed { with, .. } => About::of(with.iter().copied()),
        E::Reviewed { condition, .. } => {
            let agreed = before.conditions.conditions.get(condition);
            About::of(agreed.into_iter().flat_map(|it| it.with.iter().copied()))
        }
    }
}

fn of_measure(event: &measure::Event, before: &Case) -> About {
    use measure::Event as E;
    match event {
        E::Considered { .. } => About::Household,
        E::Imposed { person, .. } => About::of(*person),
        E::Extended { measure, .. } | E::Ended { measure, .. } => {
            match before.measures.0.get(measure).map(|it| &it.stage) {
                Some(measure::Stage::Imposed { person, .. }) => About::of(*person),
                Some(measure::Stage::Considered | measure::Stage::Ended { .. }) | None => {
                    About::Household
                }
            }
        }
    }
}

fn of_informing(event: &informing::Event) -> About {
    use informing::Event as E;
    match event {
        E::Required { person, .. }
        | E::Postponed { person, .. }
        | E::Informed { person, .. }
        | E::Exempted { person, .. } => About::person(*person),
        E::Told { .. } => About::Household,
    }
}

#[cfg(test)]
mod tests;
