//! Persons: registered, identified, corrected, born. What identifies them is sealed; here it is only checked on its way there.

use super::input::{Asked, Body};
use super::melding::text_of;
use crate::app::App;
use crate::body::{self, Fields};
use crate::problem::Problem;
use crate::schema::Schema;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use domain::codes::List;
use domain::particulars::{Bsn, PartialDate, Particular};
use domain::person::{Command, Person};
use uuid::Uuid;

/// `PUT /v1/personen/{id}`
pub(super) async fn register(
    State(app): State<App>,
    asked: Asked,
    Body(body): Body,
) -> Result<Response, Problem> {
    let order = asked.creation::<Person>();
    let stamp = asked.worker.stamp(order.key);
    let (command, particulars) = body::command::<Person, _>(&body, Schema::Person, &stamp, |it| {
        let sex = it.code("geslacht", List::Sex, stamp.today);
        let hidden = it.code("adresafscherming", List::HidingReason, stamp.today);
        let particulars = particulars(it, asked.id, "person");
        Some((Command::Register { sex: sex?, hidden }, particulars))
    })?;
    app.execute::<Person>(&asked.worker, asked.id, order, command, particulars).await
}

/// `POST /v1/personen/{id}/identificaties`
pub(super) async fn identify(
    State(app): State<App>,
    asked: Asked,
    Body(body): Body,
) -> Result<Response, Problem> {
    let order = asked.action()?;
    let stamp = asked.worker.stamp(order.key);
    let (command, particulars) =
        body::command::<Person, _>(&body, Schema::PersonIdentification, &stamp, |it| {
            let with_bsn = it
                .inner("gegevens", |it| it.text("bsn")?.parse().ok())
                .is_some_and(|bsn: Bsn| matches!(bsn, Bsn::Number(_)));
            let particulars = particulars(it, asked.id, "person");
            Some((Command::Identify { on: it.date("op")?, with_bsn }, particulars))
        })?;
    app.execute::<Person>(&asked.worker, asked.id, order, command, particulars).await
}

/// `POST /v1/personen/{id}/correcties`
pub(super) async fn correct(
    State(app): State<App>,
    asked: Asked,
    Body(body): Body,
) -> Result<Response, Problem> {
    let order = asked.action()?;
    let stamp = asked.worker.stamp(order.key);
    let (command, particulars) =
        body::command::<Person, _>(&body, Schema::PersonCorrection, &stamp, |it| {
            let reason = it.code("reden", List::CorrectionReason, stamp.today);
            let particulars = particulars(it, asked.id, "person");
            Some((Command::CorrectIdentity { reason: reason?, on: it.date("op")? }, particulars))
        })?;
    app.execute::<Person>(&asked.worker, asked.id, order, command, particulars).await
}

/// `POST /v1/personen/{id}/geboorte`: of a child that was told of before it was born. Who was told of in a melding has no file of his own
/// until something is recorded about him, so a person need only be known.
pub(super) async fn birth(
    State(app): State<App>,
    asked: Asked,
    Body(body): Body,
) -> Result<Response, Problem> {
    let order = asked.action()?;
    let stamp = asked.worker.stamp(order.key);
    let (command, particulars) =
        body::command::<Person, _>(&body, Schema::PersonBirth, &stamp, |it| {
            let particulars = particulars(it, asked.id, "person");
            Some((Command::RecordBirth { on: it.date("op")? }, particulars))
        })?;
    if !app.store.known_person(stamp.organisation, asked.id).await? {
        return Err(Problem::not_found());
    }
    app.execute::<Person>(&asked.worker, asked.id, order, command, particulars).await
}

/// `POST /v1/personen/{id}/adresafscherming`
pub(super) async fn hide_address(
    State(app): State<App>,
    asked: Asked,
    Body(body): Body,
) -> Result<Response, Problem> {
    let order = asked.action()?;
    let stamp = asked.worker.stamp(order.key);
    let (command, text) = body::command::<Person, _>(&body, Schema::AddressHidden, &stamp, |it| {
        let on = it.date("op");
        let reason = it.code("reden", List::HidingReason, on.unwrap_or(stamp.today));
        let (on, reason) = (on?, reason?);
        Some((Command::HideAddress { reason, on }, text_of(it, asked.id)))
    })?;
    if !app.store.known_person(stamp.organisation, asked.id).await? {
        return Err(Problem::not_found());
    }
    app.execute::<Person>(&asked.worker, asked.id, order, command, text).await
}

/// `POST /v1/personen/{id}/adresafscherming/opheffing`: by whoever sees it anyway, or the privacy officer; otherwise lifting would be a way of
/// looking.
pub(super) async fn show_address(
    State(app): State<App>,
    asked: Asked,
    Body(body): Body,
) -> Result<Response, Problem> {
    let order = asked.action()?;
    let stamp = asked.worker.stamp(order.key);
    let (command, text) = body::command::<Person, _>(&body, Schema::AddressShown, &stamp, |it| {
        Some((Command::ShowAddress { on: it.date("op")? }, text_of(it, asked.id)))
    })?;
    if !app.store.known_person(stamp.organisation, asked.id).await? {
        return Err(Problem::not_found());
    }
    let repeated = app.store.recorded_before(stamp.organisation, order.key).await?;
    if !repeated && app.store.hidden_addresses(stamp.organisation, &[asked.id]).await?.is_empty() {
        let detail = "het adres van deze persoon is niet afgeschermd";
        return Err(Problem::other(StatusCode::CONFLICT, "Dit kan nu niet", detail));
    }
    if !repeated && !app.may_unseal(&asked.worker, asked.id).await? {
        let detail =
            "alleen wie aan de zaak van deze persoon werkt, of de privacyfunctionaris, heft dit op";
        return Err(Problem::other(StatusCode::FORBIDDEN, "Geen toegang", detail));
    }
    app.execute::<Person>(&asked.worker, asked.id, order, command, text).await
}

/// Whether somebody is told of as a child that is expected: said so, or by the value that stands for it in place of a number.
pub(super) fn unborn(it: &Fields<'_>) -> bool {
    let number = it.inner("gegevens", |details| details.text("bsn")?.parse::<Bsn>().ok());
    it.flag("ongeboren") == Some(true) || number == Some(Bsn::Unborn)
}

/// A birth date, also in part.
pub(super) fn birth_date(it: &Fields<'_>) -> Option<PartialDate> {
    match it.text("geboortedatum")?.parse::<PartialDate>() {
        Ok(born) => {
            if born.earliest().is_some_and(|earliest| earliest > it.today) {
                it.fault("geboortedatum", "ligt in de toekomst");
            }
            if born.is_too_long_ago(it.today) {
                it.fault("geboortedatum", "ligt langer geleden dan iemand oud kan zijn");
            }
            if unborn(it) {
                it.fault("geboortedatum", "een ongeboren kind heeft er nog geen");
            }
            Some(born)
        }
        Err(why) => {
            it.fault("geboortedatum", why);
            None
        }
    }
}

/// The particulars in `gegevens` and `geboortedatum`, to be sealed under the key of a subject.
pub(super) fn particulars(it: &Fields<'_>, subject: Uuid, part: &'static str) -> Vec<Particular> {
    let _checked = birth_date(it);
    let mut content = it.value("gegevens").cloned().unwrap_or_else(|| serde_json::json!({}));
    it.inner("gegevens", |details| {
        if let Some(Err(why)) = details.text("bsn").map(|bsn| bsn.parse::<Bsn>()) {
            details.fault("bsn", why);
        }
        Some(())
    });
    if let (Some(born), Some(content)) = (it.value("geboortedatum"), content.as_object_mut()) {
        content.insert("geboortedatum".to_owned(), born.clone());
    }
    if content.as_object().is_none_or(serde_json::Map::is_empty) {
        return vec![];
    }
    vec![Particular { subject, part, content: content.to_string() }]
}
