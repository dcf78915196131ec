//! Opening a casus, and the meldingen that join it ([`crate::law::SEVERAL_MELDINGEN`]).

use super::follow_up::{self, Decision};
use super::{Case, Event, Refusal};
use crate::codes::{Code, UNKNOWN};
use crate::decider::Stamp;
use crate::melding::Melding;
use crate::refusal::{Faults, Why};
use chrono::NaiveDate;
use serde::Serialize;
use uuid::Uuid;

/// What is known of a melding when it joins: knowledge of another stream, which goes with the command. Only which melding it is makes
/// the command the same when it is sent again: what is known of it may have grown meanwhile.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Known {
    pub melding: Uuid,
    #[serde(skip)]
    pub received_on: NaiveDate,
    #[serde(skip)]
    pub municipality: Code,
    #[serde(skip)]
    pub decision: Option<Decision>,
    /// It turned out to be a question.
    #[serde(skip)]
    pub withdrawn: bool,
}

impl Known {
    /// One of which is known only that it is asked for.
    pub fn asked(melding: Uuid, on: NaiveDate) -> Self {
        let municipality = Code::of(UNKNOWN);
        Self { melding, received_on: on, municipality, decision: None, withdrawn: false }
    }

    /// What a melding says of itself; `None` when it is not there.
    pub fn of(id: Uuid, melding: &Melding) -> Option<Self> {
        let content = melding.content()?;
        let decision = match melding {
            Melding::Assessed(_, it) => {
                Some(Decision { on: it.on, follow_up: it.follow_up.clone() })
            }
            Melding::Absent | Melding::Received(_) | Melding::Withdrawn(_) => None,
        };
        Some(Self {
            melding: id,
            received_on: content.received.on,
            municipality: content.municipality.clone(),
            decision,
            withdrawn: matches!(melding, Melding::Withdrawn(_)),
        })
    }
}

/// A melding of this casus, as far as the process depends on it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Joined {
    /// Not known of those that joined before this was kept.
    pub received_on: Option<NaiveDate>,
    pub municipality: Option<Code>,
    /// Its safety assessment.
    pub decision: Option<Decision>,
    /// It turned out to be a question: nothing follows on it.
    pub withdrawn: bool,
}

impl Joined {
    /// Whether it still waits for its safety assessment.
    pub const fn waits(&self) -> bool {
        self.decision.is_none() && !self.withdrawn
    }
}

pub(super) fn open(
    on: NaiveDate,
    meldingen: &[Known],
    stamp: &Stamp,
) -> Result<Vec<Event>, Refusal> {
    let mut faults = Faults::default();
    faults.check("opened", on > stamp.today, Why::Future(on));
    faults.check("opened", on < crate::moment::FIRST_DAY, Why::BeforeTheRegister);
    let last = meldingen.iter().map(|it| it.received_on).max();
    if let Some(received_on) = last.filter(|it| on < *it) {
        faults.add("opened", Why::BeforeReceipt(received_on));
    }
    faults.into_result(Refusal::Invalid)?;
    // The second decision is the one that was taken second, in whatever order the meldingen are named.
    let mut in_order: Vec<&Known> = meldingen.iter().collect();
    in_order.sort_by_key(|it| (it.decision.as_ref().map(|it| it.on), it.received_on));
    let mut events = vec![Event::Opened { on }];
    let mut standing = None;
    for it in in_order {
        events.extend(joined(it, on, &mut standing));
    }
    Ok(events)
}

pub(super) fn join(case: &Case, melding: &Known, on: NaiveDate) -> Result<Vec<Event>, Refusal> {
    if case.meldingen.contains_key(&melding.melding) {
        return Err(Refusal::JoinedBefore);
    }
    let received_on = melding.received_on;
    let mut faults = Faults::default();
    faults.check("on", on < received_on, Why::BeforeReceipt(received_on));
    faults.into_result(Refusal::Invalid)?;
    let mut standing = case.follow_up.standing.clone();
    let mut events: Vec<Event> = joined(melding, on, &mut standing).collect();
    events.extend(follow_up::ends_investigation(case, &events));
    Ok(events)
}

/// That it joined, and what was decided on it already.
fn joined(
    it: &Known,
    on: NaiveDate,
    standing: &mut Option<Decision>,
) -> impl Iterator<Item = Event> + use<> {
    let joined = Event::MeldingJoined {
        melding: it.melding,
        on,
        received_on: Some(it.received_on),
        municipality: Some(it.municipality.clone()),
    };
    let decided = it.decision.as_ref().map(|decision| {
        let decided = follow_up::decided(it.melding, decision, standing.as_ref());
        if standing.as_ref().is_none_or(|it| decision.follows(it)) {
            *standing = Some(decision.clone());
        }
        decided
    });
    let withdrawn = it.withdrawn.then_some(follow_up::Event::Withdrawn { melding: it.melding, on });
    std::iter::once(joined).chain(decided.into_iter().chain(withdrawn).map(Event::FollowUp))
}

#[cfg(test)]
mod tests;
