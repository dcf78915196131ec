//! Adviezen: someone asks; nothing identifies the family.

use super::input::{Asked, Body};
use crate::app::App;
use crate::body;
use crate::problem::Problem;
use crate::schema::Schema;
use axum::extract::State;
use axum::response::Response;
use domain::advice::{Advice, Changes, Command, Content};
use domain::codes::List;

/// `PUT /v1/adviezen/{id}`
pub(super) async fn start(
    State(app): State<App>,
    asked: Asked,
    Body(body): Body,
) -> Result<Response, Problem> {
    let order = asked.creation::<Advice>();
    let stamp = asked.worker.stamp(order.key);
    let (command, ()) = body::command::<Advice, _>(&body, Schema::Advice, &stamp, |it| {
        let started = it.moment("gestartOp");
        let on = started.map_or(stamp.today, |it| it.on);
        let channel = it.code("kanaal", List::Channel, on);
        let hoedanigheid = it.code("hoedanigheid", List::Hoedanigheid, on);
        let municipality = it.municipality("gemeente", on);
        let organisation = it.code("organisatie", List::Organisation, on);
        let duration = it.code("duur", List::Duration, on);
        let forms = it.codes("vormen", List::Form, on);
        let natures = it.codes("aard", List::Nature, on);
        let content = Content {
            started: started?,
            channel: channel?,
            contact: it.uuid("contact"),
            hoedanigheid: hoedanigheid?,
            organisation,
            municipality: municipality?,
            forms,
            natures,
            duration,
        };
        Some((Command::Start(content), ()))
    })?;
    app.execute::<Advice>(&asked.worker, asked.id, order, command, vec![]).await
}

/// `POST /v1/adviezen/{id}/contactmomenten`
pub(super) async fn add_contact(
    State(app): State<App>,
    asked: Asked,
    Body(body): Body,
) -> Result<Response, Problem> {
    let order = asked.action()?;
    let stamp = asked.worker.stamp(order.key);
    let (command, ()) = body::command::<Advice, _>(&body, Schema::AdviceContact, &stamp, |it| {
        let on = it.moment("op");
        let channel = it.code("kanaal", List::Channel, on.map_or(stamp.today, |it| it.on));
        let contact = it.uuid("contact");
        Some((Command::AddContact { on: on?, channel: channel?, contact }, ()))
    })?;
    app.execute::<Advice>(&asked.worker, asked.id, order, command, vec![]).await
}

/// `POST /v1/adviezen/{id}/correcties`
pub(super) async fn correct(
    State(app): State<App>,
    asked: Asked,
    Body(body): Body,
) -> Result<Response, Problem> {
    let order = asked.action()?;
    let stamp = asked.worker.stamp(order.key);
    let known = app.store.known::<Advice>(stamp.organisation, asked.id).await?;
    let Advice::Started { content: before, .. } = known.state else {
        return Err(Problem::not_found());
    };
    let (command, ()) =
        body::command::<Advice, _>(&body, Schema::AdviceCorrection, &stamp, |it| {
            let reason = it.code("reden", List::CorrectionReason, stamp.today);
            let started = it.moment("gestartOp");
            // Codes are those of the day that it is about, not of the day of correcting.
            let on = started.map_or(before.started.on, |it| it.on);
            let some = |key: &str, list| it.has(key).then(|| it.codes(key, list, on));
            let changes = Changes {
                started,
                channel: it.code("kanaal", List::Channel, on),
                hoedanigheid: it.code("hoedanigheid", List::Hoedanigheid, on),
                organisation: it.code("organisatie", List::Organisation, on),
                municipality: it.municipality("gemeente", on),
                forms: some("vormen", List::Form),
                natures: some("aard", List::Nature),
                duration: it.code("duur", List::Duration, on),
            };
            Some((Command::Correct { reason: reason?, changes }, ()))
        })?;
    app.execute::<Advice>(&asked.worker, asked.id, order, command, vec![]).await
}

/// `POST /v1/adviezen/{id}/afsluiting`
pub(super) async fn close(
    State(app): State<App>,
    asked: Asked,
    Body(body): Body,
) -> Result<Response, Problem> {
    let order = asked.action()?;
    let stamp = asked.worker.stamp(order.key);
    let (command, ()) = body::command::<Advice, _>(&body, Schema::AdviceClosing, &stamp, |it| {
        Some((Command::Close { on: it.date("op")? }, ()))
    })?;
    app.execute::<Advice>(&asked.worker, asked.id, order, command, vec![]).await
}
