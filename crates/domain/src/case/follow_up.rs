//! What follows on the meldingen of a casus: every melding has its own decision, taken on the melding itself; here is kept what
//! that means for the casus ([`crate::law::SEVERAL_MELDINGEN`]).
//!
//! To the letter: a second decision that changes the follow-up neither changes nor overwrites the first; the file records that the
//! follow-up was adapted because of the second melding; a running investigation is then closed on the first decision.

use super::investigation;
use super::meldingen::Joined;
use super::{Case, Event as CaseEvent, Refusal as CaseRefusal};
use crate::codes::{ADAPTED, Code, STEPS_AT_VEILIG_THUIS};
use chrono::NaiveDate;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use thiserror::Error;
use uuid::Uuid;

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "FollowUpEvent")]
#[serde(tag = "step", rename_all = "snake_case")]
pub enum Event {
    /// The safety assessment of a melding of this casus.
    Decided {
        melding: Uuid,
        on: NaiveDate,
        follow_up: Code,
        /// The follow-up that stood until then, when this decision changes it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        adapts: Option<Code>,
    },
    /// A melding of this casus turned out to be a question.
    Withdrawn { melding: Uuid, on: NaiveDate },
    /// When a melding was received, or where the household lives, was put right.
    Corrected { melding: Uuid, on: NaiveDate, received_on: NaiveDate, municipality: Code },
}

impl Event {
    /// A correction puts right what was told of a melding, which can be done at any time.
    pub(super) const fn on(&self) -> Option<NaiveDate> {
        match self {
            Self::Decided { on, .. } | Self::Withdrawn { on, .. } => Some(*on),
            Self::Corrected { .. } => None,
        }
    }
}

/// What stands now.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct FollowUp {
    /// The latest decision: one that is told late, and was taken before it, changes nothing.
    pub standing: Option<Decision>,
    /// Meldingen because of which the follow-up was adapted, in order.
    pub adapted_by: Vec<Uuid>,
    /// Meldingen whose decision was adapted by a later one. It stays so, also when the next steps become ours again.
    pub adapted: BTreeSet<Uuid>,
}

/// A decision on a melding.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Decision {
    pub on: NaiveDate,
    pub follow_up: Code,
}

/// Comes with the assessment, withdrawal or correction of a melding, in the same statement.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub enum Command {
    TakeIn {
        melding: Uuid,
        decision: Decision,
    },
    LetGo {
        melding: Uuid,
        on: NaiveDate,
    },
    /// What is not named stays as the casus knows it: somebody else may be correcting that.
    Correct {
        melding: Uuid,
        on: NaiveDate,
        received_on: Option<NaiveDate>,
        municipality: Option<Code>,
    },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum Refusal {
    #[error("deze melding hoort niet bij deze casus")]
    NotJoined,
}

impl Command {
    pub(super) const fn on(&self) -> NaiveDate {
        match self {
            Self::TakeIn { decision, .. } => decision.on,
            Self::LetGo { on, .. } | Self::Correct { on, .. } => *on,
        }
    }
}

/// What is so already is not recorded again.
pub(super) fn decide(case: &Case, command: Command) -> Result<Vec<CaseEvent>, CaseRefusal> {
    let melding = match &command {
        Command::TakeIn { melding, .. }
        | Command::LetGo { melding, .. }
        | Command::Correct { melding, .. } => *melding,
    };
    let Some(joined) = case.meldingen.get(&melding) else { return Err(Refusal::NotJoined.into()) };
    let event = match command {
        Command::TakeIn { .. } | Command::LetGo { .. } if !joined.waits() => None,
        Command::TakeIn { decision, .. } => {
            Some(decided(melding, &decision, case.follow_up.standing.as_ref()))
        }
        Command::LetGo { on, .. } => Some(Event::Withdrawn { melding, on }),
        Command::Correct { on, received_on, municipality, .. } => {
            corrected(melding, joined, on, (received_on, municipality))
        }
    };
    let mut events: Vec<CaseEvent> = event.into_iter().map(CaseEvent::FollowUp).collect();
    events.extend(ends_investigation(case, &events));
    Ok(events)
}

fn corrected(
    melding: Uuid,
    joined: &Joined,
    on: NaiveDate,
    (received_on, municipality): (Option<NaiveDate>, Option<Code>),
) -> Option<Event> {
    let now =
        (received_on.or(joined.received_on), municipality.or_else(|| joined.municipality.clone()));
    if now == (joined.received_on, joined.municipality.clone()) {
        return None;
    }
    let (Some(received_on), Some(municipality)) = now else { return None };
    Some(Event::Corrected { melding, on, received_on, municipality })
}

pub(super) fn decided(melding: Uuid, it: &Decision, standing: Option<&Decision>) -> Event {
    let changed = standing.filter(|standing| it.follows(standing));
    let changed = changed.filter(|standing| standing.follow_up != it.follow_up);
    let adapts = changed.map(|standing| standing.follow_up.clone());
    Event::Decided { melding, on: it.on, follow_up: it.follow_up.clone(), adapts }
}

impl Decision {
    /// Whether it comes after the other; of one day, the one that is told last does.
    pub(super) fn follows(&self, other: &Self) -> bool {
        self.on >= other.on
    }
}

impl FollowUp {
    /// Whether the next steps are ours, as it stands now, and a service may follow on the decision of a melding.
    pub(super) fn is_ours_by(&self, melding: Uuid) -> bool {
        self.stands_as(STEPS_AT_VEILIG_THUIS) && !self.adapted.contains(&melding)
    }

    pub(super) fn stands_as(&self, follow_up: &str) -> bool {
        self.standing.as_ref().is_some_and(|it| it.follow_up == follow_up)
    }
}

/// An adapted follow-up closes the running investigation, on the first decision.
pub(super) fn ends_investigation(case: &Case, events: &[CaseEvent]) -> Option<CaseEvent> {
    let adapted = |event: &CaseEvent| match event {
        CaseEvent::FollowUp(Event::Decided { on, adapts: Some(_), .. }) => Some(*on),
        _ => None,
    };
    let on = events.iter().find_map(adapted)?;
    let (id, running) = case.investigations.running()?;
    Some(CaseEvent::Investigation(investigation::Event::Ended {
        investigation: id,
        on: on.max(running.begun_on.unwrap_or(running.formal_on)),
        reason: Code::of(ADAPTED),
        due_on: super::deadlines::investigation_due(case, running, Some(on)),
    }))
}

pub(super) fn evolve(case: &mut Case, event: &Event) {
    match event {
        Event::Decided { melding, on, follow_up, adapts } => {
            let decision = Decision { on: *on, follow_up: follow_up.clone() };
            if case.follow_up.standing.as_ref().is_none_or(|it| decision.follows(it)) {
                case.follow_up.standing = Some(decision.clone());
            }
            adapt(case, *melding, &decision, adapts.is_some());
            if let Some(joined) = case.meldingen.get_mut(melding) {
                joined.decision = Some(decision);
            }
        }
        Event::Withdrawn { melding, .. } => {
            if let Some(joined) = case.meldingen.get_mut(melding) {
                joined.withdrawn = true;
            }
        }
        Event::Corrected { melding, received_on, municipality, .. } => {
            if let Some(joined) = case.meldingen.get_mut(melding) {
                joined.received_on = Some(*received_on);
                joined.municipality = Some(municipality.clone());
            }
        }
    }
}

/// A decision that changes the follow-up adapts all before it; one that is told late was adapted by what came after it.
fn adapt(case: &mut Case, melding: Uuid, it: &Decision, changes: bool) {
    let decided = |id: &Uuid| case.meldingen.get(id)?.decision.as_ref();
    if case.follow_up.adapted_by.iter().filter_map(decided).any(|by| by.on > it.on) {
        case.follow_up.adapted.insert(melding);
    }
    if changes {
        let earlier =
            case.meldingen.keys().filter(|id| decided(id).is_some_and(|by| it.follows(by)));
        case.follow_up.adapted.extend(earlier);
        case.follow_up.adapted_by.push(melding);
    }
}

#[cfg(test)]
mod tests;
