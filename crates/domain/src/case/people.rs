//! The people of a casus: who takes part, in which role from when, and what one did to another.

use super::{Case, Event, Refusal, meldingen::dated};
use crate::codes::Code;
use crate::decider::Stamp;
use crate::melding::Pair;
use crate::refusal::{Faults, Why};
use chrono::NaiveDate;
use uuid::Uuid;

/// Involves a person, or changes the role of one who is involved: roles change over time.
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
    let mut faults = Faults::default();
    faults.check("from", from > stamp.today, Why::Future(from));
    faults.into_result(Refusal::Invalid)?;
    Ok(vec![Event::PersonInvolved { person, roles, from }])
}

pub(super) fn record_pair(
    case: &Case,
    since: NaiveDate,
    pair: Pair,
    on: NaiveDate,
    stamp: &Stamp,
) -> Result<Vec<Event>, Refusal> {
    let involved = |id: &Uuid| case.people.contains_key(id);
    if !involved(&pair.victim) || !involved(&pair.perpetrator) {
        return Err(Refusal::NotInvolved);
    }
    let mut faults = Faults::default();
    let same = pair.victim == pair.perpetrator;
    faults.check("pair", same, Why::SamePerson(pair.victim));
    faults.into_result(Refusal::Invalid)?;
    dated(since, on, stamp)?;
    Ok(vec![Event::PairRecorded { pair, on }])
}
