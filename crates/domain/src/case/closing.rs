//! Closing a casus with its outcome. What comes after is a new casus. Nothing is closed that still waits: a melding without its
//! decision, a service that runs, a household for whose safety nobody else has accepted to be responsible ([`crate::law::HANDOVER`]).

use super::{Case, Event, Refusal as CaseRefusal};
use crate::codes::{Code, HANDED_OVER, MOVED, TO_HAND_OVER};
use crate::refusal::{Faults, Why};
use chrono::NaiveDate;
use thiserror::Error;

#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum Refusal {
    #[error("deze casus kan nog niet dicht: {}", .0.iter().map(ToString::to_string).collect::<Vec<_>>().join("; "))]
    StillOpen(Vec<Open>),
}

/// What still waits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum Open {
    #[error("een melding wacht op haar veiligheidsbeoordeling")]
    Melding,
    #[error("er loopt een onderzoek")]
    Investigation,
    #[error("er loopt een dienst voorwaarden en vervolg")]
    Conditions,
    #[error("een overdracht is nog niet aanvaard")]
    Handover,
    #[error("een overdracht is teruggegeven en er is geen andere aanvaard")]
    Returned,
    #[error("er is niets overgedragen")]
    NothingHandedOver,
    #[error("een monitoringsmoment staat open")]
    Monitoring,
    #[error("een andere regio heeft nog niet geantwoord")]
    Transfer,
    #[error("geen andere regio heeft de casus overgenomen")]
    NotTakenOver,
}

pub(super) fn close(case: &Case, on: NaiveDate, outcome: Code) -> Result<Vec<Event>, CaseRefusal> {
    let open = still_open(case, &outcome);
    if !open.is_empty() {
        return Err(Refusal::StillOpen(open).into());
    }
    not_before(case, on)?;
    Ok(vec![Event::Closed { on, outcome }])
}

/// A casus does not end before the last thing that was done in it.
fn not_before(case: &Case, on: NaiveDate) -> Result<(), CaseRefusal> {
    let mut faults = Faults::default();
    if let Some(last) = case.last_on.filter(|last| on < *last) {
        faults.add("on", Why::Before(last));
    }
    faults.into_result(CaseRefusal::Invalid)
}

fn still_open(case: &Case, outcome: &Code) -> Vec<Open> {
    let moved = case.transfers.is_accepted();
    let to_hand_over = case.follow_up.stands_as(TO_HAND_OVER) && !moved;
    let nothing = case.handovers.0.is_empty() && (to_hand_over || *outcome == HANDED_OVER);
    let checks = [
        (case.meldingen.values().any(super::meldingen::Joined::waits), Open::Melding),
        (case.investigations.running().is_some(), Open::Investigation),
        (case.conditions.running().is_some(), Open::Conditions),
        (case.handovers.is_unanswered(), Open::Handover),
        (!moved && case.handovers.is_returned(), Open::Returned),
        (nothing, Open::NothingHandedOver),
        (case.monitoring.has_open_moment(), Open::Monitoring),
        (case.transfers.waits(), Open::Transfer),
        (*outcome == MOVED && !moved && !case.transfers.waits(), Open::NotTakenOver),
    ];
    checks.into_iter().filter(|(open, _)| *open).map(|(_, what)| what).collect()
}

impl Event {
    /// The day on which a step was taken, of those that need an open casus. Who somebody is to somebody else and where he lives are no
    /// steps, but what is known of people; informing and incidents go on after closing; who may see it and whether it must be kept is asked at any time. What is planned for later did not happen.
    pub(super) const fn step_on(&self) -> Option<NaiveDate> {
        match self {
            Self::Opened { on } | Self::MeldingJoined { on, .. } | Self::Closed { on, .. } => {
                Some(*on)
            }
            Self::FollowUp(it) => it.on(),
            Self::Assignment(it) => Some(it.on()),
            Self::Investigation(it) => Some(it.on()),
            Self::Conditions(it) => Some(it.on()),
            Self::Handover(it) => Some(it.on()),
            Self::Measure(it) => Some(it.on()),
            Self::Multidisciplinary(it) => Some(it.on()),
            Self::Junction(it) => Some(it.on()),
            Self::Monitoring(it) => Some(it.on()),
            Self::Suspension(it) => Some(it.on()),
            Self::Transfer(it) => Some(it.on()),
            Self::PersonInvolved { .. }
            | Self::PairRecorded { .. }
            | Self::Household(_)
            | Self::Informing(_)
            | Self::Incident(_)
            | Self::Request(_)
            | Self::Research(_)
            | Self::Restriction(_)
            | Self::Hold(_) => None,
        }
    }
}

#[cfg(test)]
mod tests;
