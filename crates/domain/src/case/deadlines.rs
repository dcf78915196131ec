//! What lapses in a casus: open terms, and those that were met or missed by the rules of the day on which they began. A pure function of
//! what happened, the calendar and the dated norms ([`crate::deadline`]).

use super::conditions::Service;
use super::investigation::Investigation;
use super::measure::Stage as MeasureStage;
use super::monitoring::Stage as MomentStage;
use super::{Case, Stage};
use crate::deadline::{Deadline, Kind, assessment_due, due};
use chrono::NaiveDate;
use uuid::Uuid;

/// All terms of a casus, open or not, that of the safety assessment of its meldingen apart: those are the meldingen's own.
pub fn of(case: &Case) -> Vec<Deadline> {
    let mut all = Vec::new();
    for (id, it) in &case.investigations.0 {
        all.extend(begin_of_investigation(case, *id, it));
        all.push(Deadline {
            kind: Kind::Investigation,
            about: *id,
            from: it.formal_on,
            due_on: it
                .end
                .as_ref()
                .map_or_else(|| investigation_due(case, it, None), |end| end.due_on),
            met_on: it.end.as_ref().map(|end| end.on),
        });
    }
    services(case, &mut all);
    placed_elsewhere(case, &mut all);
    informing(case, &mut all);
    watched(case, &mut all);
    all
}

/// What is still open. A closed casus keeps what goes on after it: the duty to inform, and incidents.
pub fn open(case: &Case) -> Vec<Deadline> {
    let mut all = of(case);
    let over = matches!(case.stage, Stage::Closed { .. });
    all.retain(|it| it.is_open() && (!over || it.kind.goes_on_after_closing()));
    all
}

/// The last day for the judgement of an investigation ([`crate::law::INVESTIGATION`]): ten weeks after the decision. When a later melding
/// left the follow-up as it was, five days and ten weeks after the *first* melding ([`crate::law::SEVERAL_MELDINGEN`]). `ended_on` is when
/// it ended, of one that does.
pub(super) fn investigation_due(
    case: &Case,
    it: &Investigation,
    ended_on: Option<NaiveDate>,
) -> Option<NaiveDate> {
    let first = case.meldingen.get(&it.melding).and_then(|it| it.received_on);
    let from = match first {
        Some(received_on) if is_followed(case, it) => assessment_due(received_on),
        Some(_) | None => it.formal_on,
    };
    case.suspension.shift(it.formal_on, due(Kind::Investigation, from)?, ended_on)
}

/// Whether a later melding was decided on since. Had it changed the follow-up, the investigation would have been closed.
fn is_followed(case: &Case, it: &Investigation) -> bool {
    let first = case.meldingen.get(&it.melding).and_then(|it| it.received_on);
    let mut others = case.meldingen.iter().filter(|(id, _)| **id != it.melding);
    others.any(|(_, other)| {
        let decided_on = other.decision.as_ref().map(|it| it.on);
        decided_on >= Some(it.formal_on) && other.received_on >= first
    })
}

pub(super) fn conditions_due(
    case: &Case,
    it: &Service,
    ended_on: Option<NaiveDate>,
) -> Option<NaiveDate> {
    case.suspension.shift(it.formal_on, due(Kind::Conditions, it.formal_on)?, ended_on)
}

/// An investigation begins within five days of the receipt of the melding ([`crate::law::INVESTIGATION`]). One that ended before it
/// began has nothing to begin with any more.
fn begin_of_investigation(case: &Case, id: Uuid, it: &Investigation) -> Option<Deadline> {
    if it.begun_on.is_none() && it.end.is_some() {
        return None;
    }
    let received_on = case.meldingen.get(&it.melding).and_then(|it| it.received_on);
    let (kind, from) = (Kind::InvestigationBegin, it.formal_on);
    let due_on = due(kind, received_on.unwrap_or(from)).map(|due| due.max(from));
    Some(Deadline { kind, about: id, from, due_on, met_on: it.begun_on })
}

/// As with an investigation, a service that ended before it began has nothing to begin with any more.
fn begin_of_conditions(about: Uuid, it: &Service) -> Option<Deadline> {
    if it.begun_on.is_none() && it.end.is_some() {
        return None;
    }
    let (kind, from) = (Kind::ConditionsBegin, it.formal_on);
    Some(Deadline { kind, about, from, due_on: due(kind, from), met_on: it.begun_on })
}

fn services(case: &Case, all: &mut Vec<Deadline>) {
    for (id, it) in &case.conditions.services {
        let (about, from) = (*id, it.formal_on);
        all.extend(begin_of_conditions(about, it));
        all.push(Deadline {
            kind: Kind::Conditions,
            about,
            from,
            due_on: it
                .end
                .as_ref()
                .map_or_else(|| conditions_due(case, it, None), |end| end.due_on),
            met_on: it.end.as_ref().map(|end| end.on),
        });
    }
    for (id, it) in &case.conditions.conditions {
        let Some(review_on) = it.review_on else { continue };
        let from = it.reviews.last().map_or(it.agreed_on, |(on, _)| *on);
        let (kind, about, due_on) = (Kind::ConditionReview, *id, Some(review_on));
        all.push(Deadline { kind, about, from, due_on, met_on: None });
    }
}

/// What waits for the answer of somebody else.
fn placed_elsewhere(case: &Case, all: &mut Vec<Deadline>) {
    let mut waits = |kind, about: &Uuid, from, met_on| {
        let due_on = due(kind, from);
        all.push(Deadline { kind, about: *about, from, due_on, met_on });
    };
    for (id, it) in &case.handovers.0 {
        let returned_on = it.returned.as_ref().map(|(on, _)| *on);
        waits(Kind::Handover, id, it.sent_on, it.accepted_on.or(returned_on));
    }
    for (id, it) in &case.multidisciplinary.0 {
        waits(Kind::Multidisciplinary, id, it.put_in_on, it.answered_on().or(it.ended_on));
    }
    for (id, it) in &case.junction.0 {
        let concluded_on = it.outcome.as_ref().map(|(on, _)| *on);
        waits(Kind::Junction, id, it.on, it.answered_on.or(concluded_on));
    }
    for (id, it) in &case.transfers.offered {
        waits(Kind::Transfer, id, it.on, it.answer.as_ref().map(|(on, _)| *on));
    }
    for (id, it) in &case.incidents.0 {
        waits(Kind::Incident, id, it.on, it.outcome.as_ref().map(|(on, _)| *on));
    }
}

fn informing(case: &Case, all: &mut Vec<Deadline>) {
    use super::informing::End;
    for (person, it) in &case.informing.persons {
        let due_on = match &it.end {
            Some(End::Informed { due_on, .. }) => *due_on,
            Some(End::Exempt { .. }) | None => it.due_on(),
        };
        let (kind, about, met_on) = (Kind::Informing, *person, it.ended_on());
        all.push(Deadline { kind, about, from: it.from, due_on, met_on });
    }
}

/// What is planned for a day, or ends on one.
fn watched(case: &Case, all: &mut Vec<Deadline>) {
    for (id, it) in &case.monitoring.moments {
        let met_on = match it.stage {
            MomentStage::Planned => None,
            MomentStage::Held { on, .. } => Some(on),
            MomentStage::Cancelled { .. } => continue,
        };
        let (kind, about, due_on) = (Kind::Monitoring, *id, Some(it.planned_for));
        all.push(Deadline { kind, about, from: it.planned_on, due_on, met_on });
    }
    for (id, it) in &case.measures.0 {
        let MeasureStage::Imposed { until: Some(until), .. } = it.stage else { continue };
        let (kind, about, from) = (Kind::Measure, *id, it.on);
        all.push(Deadline { kind, about, from, due_on: Some(until), met_on: None });
    }
}

#[cfg(test)]
mod tests;
