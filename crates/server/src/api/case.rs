//! Casussen: opened, joined by meldingen, people and what one did to another, closed.

use super::input::{Asked, Body};
use super::melding::told_pair;
use crate::app::App;
use crate::body;
use crate::problem::{InputFault, Problem};
use crate::schema::Schema;
use axum::extract::State;
use axum::response::Response;
use domain::case::{Case, Command};
use domain::codes::List;
use domain::id::Organisation;
use domain::melding::Melding;
use uuid::Uuid;

/// `PUT /v1/casussen/{id}`
pub(super) async fn open(
    State(app): State<App>,
    asked: Asked,
    Body(body): Body,
) -> Result<Response, Problem> {
    let order = asked.creation::<Case>();
    let stamp = asked.worker.stamp(order.key);
    let (command, meldingen) = body::command::<Case, _>(&body, Schema::Case, &stamp, |it| {
        let meldingen = it.uuids("meldingen");
        Some((Command::Open { on: it.date("geopendOp")?, meldingen: meldingen.clone() }, meldingen))
    })?;
    there(&app, stamp.organisation, "/meldingen", &meldingen).await?;
    app.execute::<Case>(&asked.worker, asked.id, order, command, vec![]).await
}

/// `POST /v1/casussen/{id}/meldingen`
pub(super) async fn join(
    State(app): State<App>,
    asked: Asked,
    Body(body): Body,
) -> Result<Response, Problem> {
    let order = asked.action()?;
    let stamp = asked.worker.stamp(order.key);
    let (command, melding) = body::command::<Case, _>(&body, Schema::CaseMelding, &stamp, |it| {
        let melding = it.uuid("melding");
        let on = it.date("op");
        Some((Command::JoinMelding { melding: melding?, on: on? }, melding?))
    })?;
    there(&app, stamp.organisation, "/melding", &[melding]).await?;
    app.execute::<Case>(&asked.worker, asked.id, order, command, vec![]).await
}

/// `POST /v1/casussen/{id}/betrokkenen`
pub(super) async fn involve(
    State(app): State<App>,
    asked: Asked,
    Body(body): Body,
) -> Result<Response, Problem> {
    let order = asked.action()?;
    let stamp = asked.worker.stamp(order.key);
    let (command, ()) = body::command::<Case, _>(&body, Schema::CasePerson, &stamp, |it| {
        let from = it.date("vanaf");
        let person = it.uuid("persoon");
        let roles = it.codes("rollen", List::Role, from.unwrap_or(stamp.today));
        Some((Command::InvolvePerson { person: person?, roles, from: from? }, ()))
    })?;
    app.execute::<Case>(&asked.worker, asked.id, order, command, vec![]).await
}

/// `POST /v1/casussen/{id}/relaties`
pub(super) async fn record_pair(
    State(app): State<App>,
    asked: Asked,
    Body(body): Body,
) -> Result<Response, Problem> {
    let order = asked.action()?;
    let stamp = asked.worker.stamp(order.key);
    let (command, ()) = body::command::<Case, _>(&body, Schema::CasePair, &stamp, |it| {
        let on = it.date("op");
        let pair = it.inner("relatie", |pair| told_pair(pair, on.unwrap_or(stamp.today)));
        Some((Command::RecordPair { pair: pair?, on: on? }, ()))
    })?;
    app.execute::<Case>(&asked.worker, asked.id, order, command, vec![]).await
}

/// `POST /v1/casussen/{id}/sluiting`
pub(super) async fn close(
    State(app): State<App>,
    asked: Asked,
    Body(body): Body,
) -> Result<Response, Problem> {
    let order = asked.action()?;
    let stamp = asked.worker.stamp(order.key);
    let (command, ()) = body::command::<Case, _>(&body, Schema::CaseClosing, &stamp, |it| {
        let on = it.date("op");
        let outcome = it.code("uitkomst", List::CaseOutcome, on.unwrap_or(stamp.today));
        Some((Command::Close { on: on?, outcome: outcome? }, ()))
    })?;
    app.execute::<Case>(&asked.worker, asked.id, order, command, vec![]).await
}

/// A casus holds meldingen of its own organisation: this knowledge of other streams goes with the command.
async fn there(
    app: &App,
    organisation: Organisation,
    at: &str,
    meldingen: &[Uuid],
) -> Result<(), Problem> {
    let mut faults = Vec::new();
    for id in meldingen {
        let known = app.store.known::<Melding>(organisation, *id).await?;
        if known.version == 0 {
            let detail = format!("melding {id} is er niet");
            faults.push(InputFault { pointer: at.to_owned(), detail });
        }
    }
    if faults.is_empty() { Ok(()) } else { Err(Problem::Invalid(faults)) }
}
