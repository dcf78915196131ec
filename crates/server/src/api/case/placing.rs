//! What is placed with others: handovers, measures, the multidisciplinary approach, the junction, another region.

use crate::body::Fields;
use chrono::NaiveDate;
use domain::case::measure::Imposition;
use domain::case::{Command, handover, junction, measure, multidisciplinary, transfer};
use domain::codes::List;
use domain::particulars::Particular;
use uuid::Uuid;

/// Which organisation receives a handover, and whom to call there: sealed under the key of the casus.
pub(super) fn receiver(it: &Fields<'_>, case: Uuid) -> Option<Particular> {
    let told = it.value("ontvanger").filter(|it| it.is_object())?;
    Some(Particular { subject: case, part: "receiver", content: told.to_string() })
}

pub(in crate::api) fn handover_sent(it: &Fields<'_>, day: NaiveDate) -> Option<Command> {
    let (handover, on) = (it.uuid("overdracht"), it.date("op"));
    let to = it.code("soortOrganisatie", List::Receiver, day);
    let warm = it.code("warm", List::YesNo, day);
    let (handover, on, to, warm) = (handover?, on?, to?, warm?);
    Some(Command::Handover(handover::Command::Send { handover, on, to, warm }))
}

pub(in crate::api) fn handover_accepted(it: &Fields<'_>, _: NaiveDate) -> Option<Command> {
    let (handover, on) = (it.uuid("overdracht"), it.date("op"));
    let (handover, on) = (handover?, on?);
    Some(Command::Handover(handover::Command::Accept { handover, on }))
}

pub(in crate::api) fn handover_started(it: &Fields<'_>, _: NaiveDate) -> Option<Command> {
    let (handover, on) = (it.uuid("overdracht"), it.date("op"));
    let (handover, on) = (handover?, on?);
    Some(Command::Handover(handover::Command::Start { handover, on }))
}

pub(in crate::api) fn handover_returned(it: &Fields<'_>, day: NaiveDate) -> Option<Command> {
    let (handover, on) = (it.uuid("overdracht"), it.date("op"));
    let reason = it.code("reden", List::ReturnReason, day);
    let (handover, on, reason) = (handover?, on?, reason?);
    Some(Command::Handover(handover::Command::Return { handover, on, reason }))
}

pub(in crate::api) fn measure_considered(it: &Fields<'_>, day: NaiveDate) -> Option<Command> {
    let (measure, on) = (it.uuid("maatregel"), it.date("op"));
    let kind = it.code("soort", List::Measure, day);
    let consulted = it.code("geraadpleegd", List::YesNo, day);
    let (measure, on, kind, consulted) = (measure?, on?, kind?, consulted?);
    Some(Command::Measure(measure::Command::Consider { measure, kind, on, consulted }))
}

pub(in crate::api) fn measure_imposed(it: &Fields<'_>, day: NaiveDate) -> Option<Command> {
    let (measure, on) = (it.uuid("maatregel"), it.date("op"));
    let kind = it.code("soort", List::Measure, day);
    let consulted = it.code("geraadpleegd", List::YesNo, day);
    let (until, person) = (it.date("tot"), it.uuid("persoon"));
    let (measure, on, kind, consulted) = (measure?, on?, kind?, consulted?);
    let imposition = Imposition { measure, kind, on, until, person, consulted };
    Some(Command::Measure(measure::Command::Impose(imposition)))
}

pub(in crate::api) fn measure_extended(it: &Fields<'_>, _: NaiveDate) -> Option<Command> {
    let (measure, on, until) = (it.uuid("maatregel"), it.date("op"), it.date("tot"));
    let (measure, on, until) = (measure?, on?, until?);
    Some(Command::Measure(measure::Command::Extend { measure, on, until }))
}

pub(in crate::api) fn measure_ended(it: &Fields<'_>, day: NaiveDate) -> Option<Command> {
    let (measure, on) = (it.uuid("maatregel"), it.date("op"));
    let reason = it.code("reden", List::MeasureEnd, day);
    let (measure, on, reason) = (measure?, on?, reason?);
    Some(Command::Measure(measure::Command::End { measure, on, reason }))
}

pub(in crate::api) fn multidisciplinary_put_in(it: &Fields<'_>, day: NaiveDate) -> Option<Command> {
    let (approach, on) = (it.uuid("aanpak"), it.date("op"));
    let reason = it.code("reden", List::MultidisciplinaryReason, day);
    let disciplines = it.codes("disciplines", List::Discipline, day);
    let (approach, on, reason) = (approach?, on?, reason?);
    let put_in = multidisciplinary::Command::PutIn { approach, on, reason, disciplines };
    Some(Command::Multidisciplinary(put_in))
}

pub(in crate::api) fn multidisciplinary_answered(
    it: &Fields<'_>,
    day: NaiveDate,
) -> Option<Command> {
    let (approach, on) = (it.uuid("aanpak"), it.date("op"));
    let discipline = it.code("discipline", List::Discipline, day);
    let accepted = it.code("aanvaard", List::YesNo, day);
    let (approach, on, discipline, accepted) = (approach?, on?, discipline?, accepted?);
    let answer = multidisciplinary::Command::Answer { approach, on, discipline, accepted };
    Some(Command::Multidisciplinary(answer))
}

pub(in crate::api) fn multidisciplinary_ended(it: &Fields<'_>, _: NaiveDate) -> Option<Command> {
    let (approach, on) = (it.uuid("aanpak"), it.date("op"));
    let (approach, on) = (approach?, on?);
    Some(Command::Multidisciplinary(multidisciplinary::Command::End { approach, on }))
}

pub(in crate::api) fn junction_consulted(it: &Fields<'_>, day: NaiveDate) -> Option<Command> {
    let (consult, on) = (it.uuid("overleg"), it.date("op"));
    let form = it.code("vorm", List::Form, day);
    let (consult, on, form) = (consult?, on?, form?);
    Some(Command::Junction(junction::Command::Consult { consult, on, form }))
}

pub(in crate::api) fn junction_answered(it: &Fields<'_>, _: NaiveDate) -> Option<Command> {
    let (consult, on) = (it.uuid("overleg"), it.date("op"));
    let (consult, on) = (consult?, on?);
    Some(Command::Junction(junction::Command::Answer { consult, on }))
}

pub(in crate::api) fn junction_concluded(it: &Fields<'_>, day: NaiveDate) -> Option<Command> {
    let (consult, on) = (it.uuid("overleg"), it.date("op"));
    let outcome = it.code("uitkomst", List::JunctionOutcome, day);
    let (consult, on, outcome) = (consult?, on?, outcome?);
    Some(Command::Junction(junction::Command::Conclude { consult, on, outcome }))
}

pub(in crate::api) fn transfer_offered(it: &Fields<'_>, day: NaiveDate) -> Option<Command> {
    let (transfer, on) = (it.uuid("overdracht"), it.date("op"));
    let to = it.organisation("naar");
    let reason = it.code("reden", List::TransferReason, day);
    let (transfer, on, to, reason) = (transfer?, on?, to?, reason?);
    Some(Command::Transfer(transfer::Command::Offer { transfer, on, to, reason }))
}

pub(in crate::api) fn transfer_answered(it: &Fields<'_>, day: NaiveDate) -> Option<Command> {
    let (transfer, on) = (it.uuid("overdracht"), it.date("op"));
    let accepted = it.code("aanvaard", List::YesNo, day);
    let (transfer, on, accepted) = (transfer?, on?, accepted?);
    Some(Command::Transfer(transfer::Command::Answer { transfer, on, accepted }))
}

pub(in crate::api) fn taken_over(it: &Fields<'_>, _: NaiveDate) -> Option<Command> {
    let (transfer, on, from) = (it.uuid("overdracht"), it.date("op"), it.organisation("van"));
    let (transfer, on, from) = (transfer?, on?, from?);
    Some(Command::Transfer(transfer::Command::TakeOver { transfer, on, from }))
}
