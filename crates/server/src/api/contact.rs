//! Contacts: someone reaches us; how it ended.

use super::input::{Asked, Body};
use crate::app::App;
use crate::body;
use crate::problem::Problem;
use crate::schema::Schema;
use axum::extract::State;
use axum::response::Response;
use domain::codes::List;
use domain::contact::{Command, Contact};

/// `PUT /v1/contacten/{id}`
pub(super) async fn receive(
    State(app): State<App>,
    asked: Asked,
    Body(body): Body,
) -> Result<Response, Problem> {
    let order = asked.creation::<Contact>();
    let stamp = asked.worker.stamp(order.key);
    let (command, ()) = body::command::<Contact, _>(&body, Schema::Contact, &stamp, |it| {
        let received = it.moment("ontvangenOp");
        let channel = it.code("kanaal", List::Channel, received.map_or(stamp.today, |it| it.on));
        let (answered_at, call) = (it.instant("beantwoordOp"), it.uuid("oproepId"));
        Some((Command::Receive { channel: channel?, received: received?, answered_at, call }, ()))
    })?;
    app.execute::<Contact>(&asked.worker, asked.id, order, command, vec![]).await
}

/// `POST /v1/contacten/{id}/afronding`
pub(super) async fn conclude(
    State(app): State<App>,
    asked: Asked,
    Body(body): Body,
) -> Result<Response, Problem> {
    let order = asked.action()?;
    let stamp = asked.worker.stamp(order.key);
    let (command, ()) =
        body::command::<Contact, _>(&body, Schema::ContactConclusion, &stamp, |it| {
            let outcome = it.code("uitkomst", List::ContactOutcome, stamp.today);
            let led_to = it.uuid("leiddeTot");
            Some((Command::Conclude { outcome: outcome?, led_to }, ()))
        })?;
    app.execute::<Contact>(&asked.worker, asked.id, order, command, vec![]).await
}
