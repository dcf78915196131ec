//! What has to be watched over: informing, monitoring, the standing still of terms, incidents, what must be kept.

use crate::body::Fields;
use chrono::NaiveDate;
use domain::case::research::{self, Purpose};
use domain::case::{Command, hold, incident, informing, monitoring, suspension};
use domain::codes::List;

pub(in crate::api) fn person_informed(it: &Fields<'_>, day: NaiveDate) -> Option<Command> {
    let (person, on) = (it.uuid("persoon"), it.date("op"));
    let way = it.code("wijze", List::InformingWay, day);
    let (person, on, way) = (person?, on?, way?);
    Some(Command::Informing(informing::Command::Inform { person, on, way }))
}

pub(in crate::api) fn informing_postponed(it: &Fields<'_>, day: NaiveDate) -> Option<Command> {
    let (person, on) = (it.uuid("persoon"), it.date("op"));
    let reason = it.code("reden", List::PostponementReason, day);
    let (person, on, reason) = (person?, on?, reason?);
    Some(Command::Informing(informing::Command::Postpone { person, on, reason }))
}

pub(in crate::api) fn informing_exempted(it: &Fields<'_>, day: NaiveDate) -> Option<Command> {
    let (person, on) = (it.uuid("persoon"), it.date("op"));
    let reason = it.code("reden", List::ExemptionReason, day);
    let (person, on, reason) = (person?, on?, reason?);
    Some(Command::Informing(informing::Command::Exempt { person, on, reason }))
}

pub(in crate::api) fn other_informed(it: &Fields<'_>, day: NaiveDate) -> Option<Command> {
    let (on, melding) = (it.date("op"), it.uuid("melding"));
    let whom = it.code("aan", List::Informed, day);
    let (whom, on) = (whom?, on?);
    Some(Command::Informing(informing::Command::Tell { whom, on, melding }))
}

pub(in crate::api) fn monitoring_started(it: &Fields<'_>, _: NaiveDate) -> Option<Command> {
    Some(Command::Monitoring(monitoring::Command::Start { on: it.date("op")? }))
}

pub(in crate::api) fn monitoring_planned(it: &Fields<'_>, _: NaiveDate) -> Option<Command> {
    let (moment, on, planned_for) = (it.uuid("moment"), it.date("op"), it.date("geplandOp"));
    let (moment, on, planned_for) = (moment?, on?, planned_for?);
    Some(Command::Monitoring(monitoring::Command::Plan { moment, on, planned_for }))
}

pub(in crate::api) fn monitoring_held(it: &Fields<'_>, day: NaiveDate) -> Option<Command> {
    let (moment, on) = (it.uuid("moment"), it.date("op"));
    let safe = it.code("veilig", List::YesNo, day);
    let by = it.code("door", List::MonitoredBy, day);
    let (moment, on, safe, by) = (moment?, on?, safe?, by?);
    Some(Command::Monitoring(monitoring::Command::Hold { moment, on, safe, by }))
}

pub(in crate::api) fn monitoring_cancelled(it: &Fields<'_>, _: NaiveDate) -> Option<Command> {
    let (moment, on) = (it.uuid("moment"), it.date("op"));
    let (moment, on) = (moment?, on?);
    Some(Command::Monitoring(monitoring::Command::Cancel { moment, on }))
}

pub(in crate::api) fn monitoring_ended(it: &Fields<'_>, _: NaiveDate) -> Option<Command> {
    Some(Command::Monitoring(monitoring::Command::End { on: it.date("op")? }))
}

pub(in crate::api) fn suspended(it: &Fields<'_>, day: NaiveDate) -> Option<Command> {
    let on = it.date("op");
    let reason = it.code("reden", List::SuspensionReason, day);
    let (on, reason) = (on?, reason?);
    Some(Command::Suspension(suspension::Command::Suspend { on, reason }))
}

pub(in crate::api) fn resumed(it: &Fields<'_>, _: NaiveDate) -> Option<Command> {
    Some(Command::Suspension(suspension::Command::Resume { on: it.date("op")? }))
}

pub(in crate::api) fn incident_recorded(it: &Fields<'_>, day: NaiveDate) -> Option<Command> {
    let (incident, on) = (it.uuid("voorval"), it.date("op"));
    let kind = it.code("soort", List::Incident, day);
    let (incident, on, kind) = (incident?, on?, kind?);
    Some(Command::Incident(incident::Command::Record { incident, on, kind }))
}

pub(in crate::api) fn incident_reported(it: &Fields<'_>, _: NaiveDate) -> Option<Command> {
    let (incident, on) = (it.uuid("voorval"), it.date("op"));
    let (incident, on) = (incident?, on?);
    Some(Command::Incident(incident::Command::Report { incident, on }))
}

pub(in crate::api) fn incident_settled(it: &Fields<'_>, day: NaiveDate) -> Option<Command> {
    let (incident, on) = (it.uuid("voorval"), it.date("op"));
    let outcome = it.code("uitkomst", List::IncidentOutcome, day);
    let (incident, on, outcome) = (incident?, on?, outcome?);
    Some(Command::Incident(incident::Command::Settle { incident, on, outcome }))
}

pub(in crate::api) fn used_for_research(it: &Fields<'_>, day: NaiveDate) -> Option<Command> {
    let (research, on) = (it.uuid("onderzoek"), it.date("op"));
    let purpose = it.code("doel", List::ResearchPurpose, day);
    let said = |key| it.flag(key).unwrap_or(false);
    let (consent, general_interest) = (it.flag("toestemming"), said("algemeenBelang"));
    let (not_otherwise, persons) = (said("nietAndersMogelijk"), it.uuids("personen"));
    let (research, on, purpose, consent) = (research?, on?, purpose?, consent?);
    let it = Purpose { research, on, purpose, consent, general_interest, not_otherwise, persons };
    Some(Command::Research(research::Command::Use(it)))
}

pub(in crate::api) fn research_objected(it: &Fields<'_>, _: NaiveDate) -> Option<Command> {
    let (person, on) = (it.uuid("persoon"), it.date("op"));
    let (person, on) = (person?, on?);
    Some(Command::Research(research::Command::Object { person, on }))
}

pub(in crate::api) fn held(it: &Fields<'_>, day: NaiveDate) -> Option<Command> {
    let (on, until) = (it.date("op"), it.date("totEnMet"));
    let reason = it.code("reden", List::HoldReason, day);
    let (on, reason) = (on?, reason?);
    Some(Command::Hold(hold::Command::Place { on, reason, until }))
}

pub(in crate::api) fn released(it: &Fields<'_>, day: NaiveDate) -> Option<Command> {
    let on = it.date("op");
    let reason = it.code("reden", List::HoldReason, day);
    let (on, reason) = (on?, reason?);
    Some(Command::Hold(hold::Command::Lift { on, reason }))
}
