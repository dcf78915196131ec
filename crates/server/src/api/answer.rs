//! The answer to a write: the receipt, which proves where it stands in the log.

use crate::clock::utc;
use axum::Json;
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use domain::id::LogKind;
use serde::Serialize;
use store::Receipt;
use uuid::Uuid;

#[derive(Serialize)]
struct Recorded {
    id: Uuid,
    versie: i32,
    bewijs: Proof,
}

/// Where something stands in the log of an organisation, and the chain up to there.
#[derive(Serialize)]
struct Proof {
    organisatie: String,
    positie: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    keten: Option<String>,
    /// Of which heads one will cover it: the first of that origin that is as large as its position.
    #[serde(skip_serializing_if = "Option::is_none")]
    oorsprong: Option<String>,
    /// Where the proof that it is in the log is to be had, from a minute after recording on.
    #[serde(skip_serializing_if = "Option::is_none")]
    nagaan: Option<String>,
    #[serde(rename = "vastgelegdOp", skip_serializing_if = "Option::is_none")]
    recorded_at: Option<String>,
}

/// `201` for something new, `200` for everything else, also for a repetition.
pub(crate) fn recorded(
    id: Uuid,
    receipt: &Receipt,
    origin: Option<String>,
    creates: bool,
) -> Response {
    let new = creates && !receipt.repeated;
    let status = if new { StatusCode::CREATED } else { StatusCode::OK };
    let body = Recorded {
        id,
        versie: receipt.version,
        bewijs: Proof {
            organisatie: receipt.log.organisation.to_string(),
            positie: receipt.position,
            keten: receipt.chain.map(|it| store::chain::hex(&it)),
            nagaan: origin.as_ref().and_then(|_| proven_at(receipt)),
            oorsprong: origin,
            recorded_at: receipt.recorded_at.map(utc),
        },
    };
    if !receipt.repeated {
        metrics::counter!("meldboek_commands_recorded_total").increment(1);
    }
    (status, [(header::ETAG, etag(receipt.version))], Json(body)).into_response()
}

/// Where the proof of a receipt is to be had.
fn proven_at(receipt: &Receipt) -> Option<String> {
    let chain = store::chain::hex(&receipt.chain.filter(|_| receipt.position > 0)?);
    let which = match receipt.log.kind {
        LogKind::Register => "",
        LogKind::Looks => "&logboek=inzage",
    };
    Some(format!("/v1/bewijzen/{}?keten={chain}{which}", receipt.position))
}

/// The version of a file, to decide upon.
pub(crate) fn etag(version: i32) -> HeaderValue {
    HeaderValue::from_str(&format!("\"{version}\"")).unwrap_or(HeaderValue::from_static("\"0\""))
}

/// A text in a media type.
pub(crate) fn text(media: &'static str, body: String) -> Response {
    ([(HeaderName::from_static("content-type"), media)], body).into_response()
}
