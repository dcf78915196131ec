//! The people of a casus: who takes part, in which role from when, and what one did to another.

use super::{Case, Event, Refusal, informing};
use crate::codes::Code;
use crate::decider::Stamp;
use crate::melding::Pair;
use crate::refusal::{Faults, Why};
use chrono::NaiveDate;
use uuid::Uuid;

/// Involves a person, or changes the role of one who is involved: roles change over time. From the first time on runs the term within
/// which he is to be informed ([`crate::law::INFORMING`]).
pub(super) fn involve(
    case: &Case,
    person: Uuid,
    roles: Vec<Code>,
    from: NaiveDate,
    stamp: &Stamp,
) -> Result<Vec<Event>, Refusal> {
    if case.people.get(&person) == Some(&roles) {
        return Err(Refusal::InvolvedBefore);
    }
    let first = !case.people.contains_key(&person);
    let required = first.then_some(informing::Event::Required { person, on: stamp.today });
    let involved = Event::PersonInvolved { person, roles, from };
    Ok(std::iter::once(involved).chain(required.map(Event::Informing)).collect())
}

pub(super) fn record_pair(case: &Case, pair: Pair, on: NaiveDate) -> Result<Vec<Event>, Refusal> {
    let involved = |id: &Uuid| case.people.contains_key(id);
    if !involved(&pair.victim) || !involved(&pair.perpetrator) {
        return Err(Refusal::PairNotInvolved);
    }
    let mut faults = Faults::default();
    let same = pair.victim == pair.perpetrator;
    faults.check("pair", same, Why::SamePerson(pair.victim));
    faults.into_result(Refusal::Invalid)?;
    Ok(vec![Event::PairRecorded { pair, on }])
}

#[cfg(test)]
mod tests;
