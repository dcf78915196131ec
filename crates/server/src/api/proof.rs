//! `/v1/standen` and `/v1/bewijzen`: the signed heads of the logs, and proof that what somebody has a receipt of is in one. There is nothing
//! about a person in it, so every worker may ask.

use super::input::{Asking, By};
use crate::app::App;
use crate::problem::Problem;
use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use domain::id::{Log, Organisation};
use serde::Serialize;
use store::chain::{Hash, hex, unhex};
use store::proof::heads::Signed;

/// How many heads an answer has at most.
const MOST: i64 = 500;

#[derive(Serialize)]
struct Heads {
    logboek: String,
    /// By which the signatures are verified; what is trusted comes from elsewhere, and this is to compare.
    #[serde(rename = "controlesleutel", skip_serializing_if = "Option::is_none")]
    verifier: Option<String>,
    standen: Vec<Head>,
    /// What to give as `onder` for older heads.
    #[serde(skip_serializing_if = "Option::is_none")]
    volgende: Option<u64>,
}

#[derive(Serialize)]
struct Head {
    grootte: u64,
    wortel: String,
    /// The note as it was signed, with the cosignatures of witnesses below it.
    stand: String,
}

impl From<Signed> for Head {
    fn from(it: Signed) -> Self {
        let stand = it.to_string();
        let head = it.note.head;
        Self { grootte: head.size, wortel: STANDARD.encode(head.root), stand }
    }
}

/// `GET /v1/standen`: the heads of a log, the newest first.
pub(super) async fn heads(
    State(app): State<App>,
    By(worker): By,
    asking: Asking,
) -> Result<Response, Problem> {
    asking.only(&["logboek", "onder", "aantal"])?;
    let log = log(&asking, worker.organisation())?;
    let number = asking.number("aantal", 1..=MOST)?.unwrap_or(50);
    let below = asking.number("onder", 1..=i64::MAX)?;
    let standen: Vec<Head> =
        app.store.heads(log, below, number).await?.into_iter().map(Head::from).collect();
    let full = standen.len() as i64 == number;
    let volgende = standen.last().filter(|_| full).map(|it| it.grootte);
    let verifier = app.keeper.as_ref().map(|it| it.verifier(log).to_string());
    Ok(Json(Heads { logboek: log.to_string(), verifier, standen, volgende }).into_response())
}

#[derive(Serialize)]
struct Proof {
    logboek: String,
    positie: i64,
    keten: String,
    #[serde(flatten)]
    head: Head,
    /// From the leaf to the root (RFC 6962 par. 2.1.1).
    pad: Vec<String>,
}

/// `GET /v1/bewijzen/{positie}`: proof that the event at a position is in the log, and has the chain of a receipt.
pub(super) async fn inclusion(
    State(app): State<App>,
    By(worker): By,
    Path(position): Path<String>,
    asking: Asking,
) -> Result<Response, Problem> {
    asking.only(&["logboek", "keten"])?;
    let log = log(&asking, worker.organisation())?;
    let position = position.parse::<i64>().ok().filter(|it| *it > 0);
    let position =
        position.ok_or_else(|| Problem::parameter("positie", "een geheel getal vanaf 1"))?;
    let told = asking.get("keten").map(|text| {
        unhex(text).ok_or_else(|| Problem::parameter("keten", "64 hexadecimale cijfers"))
    });
    let told: Option<Hash> = told.transpose()?;
    let Some(found) = app.store.inclusion(log, position).await? else {
        let detail = "er is op deze positie niets vastgelegd, of er is nog geen ondertekende stand over; die komt binnen een minuut";
        return Err(Problem::other(StatusCode::NOT_FOUND, "Nog geen bewijs", detail));
    };
    if told.is_some_and(|it| it != found.chain) {
        tracing::error!(log = %log, position, "a receipt does not belong to the log");
        let detail = "op deze positie staat iets anders dan uw ontvangstbewijs zegt; bewaar het, en meld dit";
        return Err(Problem::other(StatusCode::CONFLICT, "Dit bewijs past niet", detail));
    }
    let head = Head::from(Signed { note: found.note, cosignatures: vec![] });
    let pad = found.path.iter().map(|it| STANDARD.encode(it)).collect();
    let (logboek, keten) = (log.to_string(), hex(&found.chain));
    Ok(Json(Proof { logboek, positie: position, keten, head, pad }).into_response())
}

/// Of the organisation of the worker, the register when nothing else is said.
fn log(asking: &Asking, organisation: Organisation) -> Result<Log, Problem> {
    match asking.get("logboek") {
        None | Some("register") => Ok(organisation.into()),
        Some("inzage") => Ok(Log::looks(organisation)),
        Some(_) => Err(Problem::parameter("logboek", "kies uit: register, inzage")),
    }
}
