//! The inspection copy over HTTP: drafted, weighed by a worker item by item, fixed, and read as often as one likes: always the same.

use super::super::answer::text;
use super::super::file::{fold, open};
use super::super::input::{Asked, Asking, Body};
use super::{is_not_in, record};
use crate::app::App;
use crate::body::{self, Fields};
use crate::copy::face::{html, text as plain};
use crate::copy::{Dossier, Shown, shown};
use crate::looking::Seen;
use crate::problem::{InputFault, Problem};
use crate::schema::Schema;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::{Extension, Json};
use domain::codes::{List, label};
use domain::request::copy::{self, Copy, Mark, Weighing};
use domain::request::{Command, Content, Request};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use uuid::Uuid;

/// `POST /v1/verzoeken/{id}/kopie`
pub(in crate::api) async fn draft_copy(
    State(app): State<App>,
    asked: Asked,
    Body(body): Body,
) -> Result<Response, Problem> {
    let order = asked.action()?;
    let stamp = asked.worker.stamp(order.key);
    let known = app.store.known::<Request>(stamp.organisation, asked.id).await?;
    let content = known.state.content;
    let of_request = content.as_ref().and_then(|it| it.case);
    let (_, (on, case)) = body::command::<Request, _>(&body, Schema::CopyDrafted, &stamp, |it| {
        let (on, told) = (it.date("op"), it.uuid("casus"));
        let case = case(it, told, of_request);
        let (on, case) = (on?, case?);
        let (position, chain, items, hidden) = (0, String::new(), vec![], BTreeSet::new());
        let command = copy::Command::Draft { on, case, position, chain, items, hidden };
        Some((Command::Copy(command), (on, case)))
    })?;
    let Some(Content { person, .. }) = content else { return Err(Problem::not_found()) };
    if let Some(detail) = is_not_in(&app, &asked.worker, person, case).await? {
        let (pointer, detail) = ("/casus".to_owned(), detail.to_owned());
        return Err(Problem::Invalid(vec![InputFault { pointer, detail }]));
    }
    let (position, chain) = app.store.head_at(stamp.organisation, app.clock.now()).await?;
    let dossier = Dossier::open(&app, stamp.organisation, person, case, position).await?;
    let (items, hidden) = (dossier.draft(), dossier.hidden());
    let chain = store::chain::hex(&chain);
    let command = copy::Command::Draft { on, case, position, chain, items, hidden };
    record(&app, &asked, order, Command::Copy(command), vec![]).await
}

/// The casus that the request names, or else the one that is told.
fn case(it: &Fields<'_>, told: Option<Uuid>, of_request: Option<Uuid>) -> Option<Uuid> {
    match (told, of_request) {
        (Some(told), Some(own)) if told != own => {
            it.fault("casus", "het verzoek gaat over een andere casus");
            None
        }
        (None, None) => {
            it.fault("casus", "ontbreekt: het verzoek noemt geen casus");
            None
        }
        (told, own) => told.or(own),
    }
}

/// `POST /v1/verzoeken/{id}/kopie/afweging`
pub(in crate::api) async fn weigh_items(
    State(app): State<App>,
    asked: Asked,
    Body(body): Body,
) -> Result<Response, Problem> {
    let order = asked.action()?;
    let stamp = asked.worker.stamp(order.key);
    let (command, ()) = body::command::<Request, _>(&body, Schema::CopyWeighed, &stamp, |it| {
        let on = it.date("op");
        let day = on.unwrap_or(stamp.today);
        let weighings = it.each("onderdelen", |it| {
            let item = it.value("onderdeel").and_then(Value::as_u64);
            let mark = it.code("afweging", Mark::LIST, day);
            let reason = it.code("reden", List::CopyReason, day);
            let item = u32::try_from(item?).ok()?;
            let mark = Mark::of(mark?.as_str())?;
            Some(Weighing { item, mark, reason: reason? })
        });
        let (on, weighings) = (on?, weighings?);
        Some((Command::Copy(copy::Command::Weigh { on, weighings }), ()))
    })?;
    record(&app, &asked, order, command, vec![]).await
}

/// `POST /v1/verzoeken/{id}/kopie/vaststelling`
pub(in crate::api) async fn fix_copy(
    State(app): State<App>,
    asked: Asked,
    Body(body): Body,
) -> Result<Response, Problem> {
    let order = asked.action()?;
    let stamp = asked.worker.stamp(order.key);
    let (command, ()) = body::command::<Request, _>(&body, Schema::CopyFixed, &stamp, |it| {
        Some((Command::Copy(copy::Command::Fix { on: it.date("op")? }), ()))
    })?;
    record(&app, &asked, order, command, vec![]).await
}

/// The list as it stands, and the files up to its place in the log.
async fn opened(app: &App, asked: &Asked, asking: &Asking) -> Result<(Copy, Dossier), Problem> {
    let file = open::<Request>(app, asked, asking).await?;
    let it: Request = fold(&file.events);
    let (Some(copy), Some(content)) = (it.copy, it.content) else {
        return Err(Problem::not_found());
    };
    let organisation = asked.worker.organisation();
    let (case, position) = (copy.draft.case, copy.draft.position);
    let mut dossier = Dossier::open(app, organisation, content.person, case, position).await?;
    dossier.hide(&copy.draft.hidden);
    Ok((copy, dossier))
}

/// `GET /v1/verzoeken/{id}/kopie/afweging`
pub(in crate::api) async fn read_items(
    State(app): State<App>,
    asked: Asked,
    asking: Asking,
) -> Result<Response, Problem> {
    asking.only(&[])?;
    let (copy, mut dossier) = opened(&app, &asked, &asking).await?;
    dossier.seal_melders(&app, &asked.worker).await?;
    let item = |(number, it): (u32, &copy::Item)| {
        let told = dossier.told(it);
        json!({
            "onderdeel": number, "afweging": it.mark, "reden": it.reason,
            "redenLabel": label(List::CopyReason, it.reason.as_str()),
            "op": told.as_ref().map(|it| &it.on), "wat": told.as_ref().map(|it| &it.heading),
            "inhoud": told.as_ref().map(|it| &it.lines),
        })
    };
    let items: Vec<Value> = (1..).zip(&copy.draft.items).map(item).collect();
    let place = json!({ "positie": copy.draft.position, "keten": copy.draft.chain });
    let body = json!({ "id": asked.id, "stand": place, "vastgesteldOp": copy.fixed_on, "onderdelen": items });
    let seen = Seen::of("verzoek", Some(asked.id), dossier.everybody());
    Ok((Extension(seen), Json(body)).into_response())
}

/// `GET /v1/verzoeken/{id}/kopie`
pub(in crate::api) async fn read_copy(
    State(app): State<App>,
    asked: Asked,
    asking: Asking,
) -> Result<Response, Problem> {
    asking.only(&["formaat"])?;
    let format = asking.get("formaat").unwrap_or("json");
    if !["json", "html", "tekst"].contains(&format) {
        return Err(Problem::parameter("formaat", "kies uit: json, html, tekst"));
    }
    let (copy, dossier) = opened(&app, &asked, &Asking::none()).await?;
    let Some(fixed_on) = copy.fixed_on else {
        let detail = "de afscherming is nog niet vastgesteld";
        return Err(Problem::other(StatusCode::CONFLICT, "Dit kan nu niet", detail));
    };
    let shown: Shown = shown(&dossier, &copy);
    let seen = Seen::of("verzoek", Some(asked.id), dossier.everybody());
    let answer = match format {
        "html" => text("text/html; charset=utf-8", html(&copy, fixed_on, &shown)),
        "tekst" => text("text/plain; charset=utf-8", plain(&copy, fixed_on, &shown)),
        _ => {
            let place = json!({ "positie": copy.draft.position, "keten": copy.draft.chain });
            let mut body = json!({ "id": asked.id, "vastgesteldOp": fixed_on, "stand": place });
            if let (Some(body), Ok(Value::Object(shown))) =
                (body.as_object_mut(), serde_json::to_value(&shown))
            {
                body.extend(shown);
            }
            Json(body).into_response()
        }
    };
    Ok((Extension(seen), answer).into_response())
}
