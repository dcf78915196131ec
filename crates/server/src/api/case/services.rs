//! The services of a casus, who works on it, and who lives where: bodies read into commands.

use crate::body::Fields;
use chrono::NaiveDate;
use domain::case::conditions::{self, Agreement};
use domain::case::investigation::{self, Finding};
use domain::case::restriction::{self, Terms};
use domain::case::{Command, assignment, household};
use domain::codes::List;

pub(in crate::api) fn restricted(it: &Fields<'_>, day: NaiveDate) -> Option<Command> {
    let on = it.date("op");
    let reason = it.code("reden", List::RestrictionReason, day);
    let all = |key| it.uuids(key).into_iter().collect();
    let (workers, teams, excluded) = (all("medewerkers"), all("teams"), all("uitgesloten"));
    let terms = Terms { workers, teams, excluded };
    Some(Command::Restriction(restriction::Command::Place { on: on?, reason: reason?, terms }))
}

pub(in crate::api) fn unrestricted(it: &Fields<'_>, _: NaiveDate) -> Option<Command> {
    Some(Command::Restriction(restriction::Command::Lift { on: it.date("op")? }))
}

pub(in crate::api) fn assigned(it: &Fields<'_>, _: NaiveDate) -> Option<Command> {
    let (worker, team, on) = (it.uuid("behandelaar"), it.uuid("team"), it.date("op"));
    Some(Command::Assignment(assignment::Command::Assign { worker: worker?, team, on: on? }))
}

pub(in crate::api) fn moved_in(it: &Fields<'_>, _: NaiveDate) -> Option<Command> {
    let (household, person) = (it.uuid("huishouden"), it.uuid("persoon"));
    let from = it.partial_date("vanaf");
    let (household, person, from) = (household?, person?, from?);
    Some(Command::Household(household::Command::MoveIn { household, person, from }))
}

pub(in crate::api) fn moved_out(it: &Fields<'_>, _: NaiveDate) -> Option<Command> {
    let (household, person) = (it.uuid("huishouden"), it.uuid("persoon"));
    let until = it.partial_date("tot");
    let (household, person, until) = (household?, person?, until?);
    Some(Command::Household(household::Command::MoveOut { household, person, until }))
}

/// The formal start is that of the decision on the melding; this is asked today.
pub(in crate::api) fn investigation_decided(it: &Fields<'_>, today: NaiveDate) -> Option<Command> {
    let (investigation, melding) = (it.uuid("onderzoek"), it.uuid("melding"));
    let forms = it.codes("vormen", List::Form, today);
    let (investigation, melding, on) = (investigation?, melding?, today);
    let decide = investigation::Command::Decide { investigation, melding, forms, on };
    Some(Command::Investigation(decide))
}

pub(in crate::api) fn investigation_begun(it: &Fields<'_>, _: NaiveDate) -> Option<Command> {
    let (investigation, on) = (it.uuid("onderzoek"), it.date("op"));
    let (investigation, on) = (investigation?, on?);
    Some(Command::Investigation(investigation::Command::Begin { investigation, on }))
}

pub(in crate::api) fn investigation_concluded(it: &Fields<'_>, day: NaiveDate) -> Option<Command> {
    let (investigation, on) = (it.uuid("onderzoek"), it.date("op"));
    let findings = it.each("bevindingen", |it| {
        let form = it.code("vorm", List::Form, day);
        let outcome = it.code("uitkomst", List::Finding, day);
        let natures = it.codes("aard", List::Nature, day);
        Some(Finding { form: form?, outcome: outcome?, natures })
    });
    let (investigation, on, findings) = (investigation?, on?, findings?);
    let conclude = investigation::Command::Conclude { investigation, on, findings };
    Some(Command::Investigation(conclude))
}

pub(in crate::api) fn investigation_ended(it: &Fields<'_>, day: NaiveDate) -> Option<Command> {
    let (investigation, on) = (it.uuid("onderzoek"), it.date("op"));
    let reason = it.code("reden", List::EarlyEnd, day);
    let (investigation, on, reason) = (investigation?, on?, reason?);
    Some(Command::Investigation(investigation::Command::End { investigation, on, reason }))
}

pub(in crate::api) fn conditions_decided(it: &Fields<'_>, today: NaiveDate) -> Option<Command> {
    let (service, melding) = (it.uuid("dienst"), it.uuid("melding"));
    let (service, melding, on) = (service?, melding?, today);
    Some(Command::Conditions(conditions::Command::Decide { service, melding, on }))
}

pub(in crate::api) fn conditions_begun(it: &Fields<'_>, _: NaiveDate) -> Option<Command> {
    let (service, on) = (it.uuid("dienst"), it.date("op"));
    let (service, on) = (service?, on?);
    Some(Command::Conditions(conditions::Command::Begin { service, on }))
}

pub(in crate::api) fn condition_agreed(it: &Fields<'_>, day: NaiveDate) -> Option<Command> {
    let (service, condition) = (it.uuid("dienst"), it.uuid("voorwaarde"));
    let (on, review_on) = (it.date("op"), it.date("toetsenOp"));
    let with = it.uuids("met");
    let partners = it.codes("partners", List::Receiver, day);
    let (service, condition, on) = (service?, condition?, on?);
    let agreement = Agreement { service, condition, on, with, partners, review_on };
    Some(Command::Conditions(conditions::Command::Agree(agreement)))
}

pub(in crate::api) fn condition_reviewed(it: &Fields<'_>, day: NaiveDate) -> Option<Command> {
    let (condition, on) = (it.uuid("voorwaarde"), it.date("op"));
    let (kept, review_on) = (it.code("naleving", List::Kept, day), it.date("toetsenOp"));
    let (condition, on, kept) = (condition?, on?, kept?);
    Some(Command::Conditions(conditions::Command::Review { condition, on, kept, review_on }))
}

pub(in crate::api) fn conditions_concluded(it: &Fields<'_>, day: NaiveDate) -> Option<Command> {
    let (service, on) = (it.uuid("dienst"), it.date("op"));
    let outcome = it.code("uitkomst", List::ConditionsOutcome, day);
    let (service, on, outcome) = (service?, on?, outcome?);
    Some(Command::Conditions(conditions::Command::Conclude { service, on, outcome }))
}
