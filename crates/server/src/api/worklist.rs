//! `GET /v1/werklijst`: meldingen that wait for their safety assessment, most urgent first, with the exact count.

use super::input::{Asking, By};
use crate::app::App;
use crate::body::date;
use crate::clock::dutch_date;
use crate::problem::Problem;
use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use chrono::NaiveDate;
use domain::codes::{List, label};
use serde::Serialize;
use store::projections::worklist::{Entry, Filter};
use uuid::Uuid;

const KIND: &str = "veiligheidsbeoordeling";

#[derive(Serialize)]
struct Worklist {
    soort: &'static str,
    /// Exactly how many wait, on all pages together.
    aantal: i64,
    regels: Vec<Line>,
    /// What to give as `na` for the next page.
    #[serde(skip_serializing_if = "Option::is_none")]
    volgende: Option<String>,
}

#[derive(Serialize)]
struct Line {
    melding: Uuid,
    #[serde(rename = "ontvangenOp")]
    received_on: NaiveDate,
    #[serde(rename = "vervaltOp")]
    due_on: NaiveDate,
    #[serde(rename = "teLaat")]
    late: bool,
    gemeente: String,
    #[serde(rename = "acuutGevaar")]
    acute_danger: String,
    #[serde(rename = "acuutGevaarLabel")]
    acute_danger_label: String,
}

pub(super) async fn read(
    State(app): State<App>,
    By(worker): By,
    asking: Asking,
) -> Result<Response, Problem> {
    asking.only(&["soort", "behandelaar", "vervaltVoor", "aantal", "na"])?;
    if asking.get("behandelaar").is_some() {
        let detail = "meldingen hebben voor hun beoordeling nog geen behandelaar";
        return Err(Problem::parameter("behandelaar", detail));
    }
    if asking.get("soort").is_some_and(|kind| kind != KIND) {
        let detail = format!("kies uit: {KIND}");
        return Err(Problem::parameter("soort", detail));
    }
    let filter = Filter {
        due_before: asking.date("vervaltVoor")?,
        after: asking.get("na").map(after).transpose()?,
        limit: limit(asking.get("aantal"))?,
    };
    let page = app.store.worklist(worker.organisation(), &filter).await?;
    let today = dutch_date(worker.at);
    let full = page.entries.len() as i64 == filter.limit;
    let next = page.entries.last().filter(|_| full);
    let volgende = next.map(|last| format!("{}_{}", last.due_on, last.melding));
    let regels = page.entries.into_iter().map(|entry| line(entry, today)).collect();
    Ok(Json(Worklist { soort: KIND, aantal: page.count, regels, volgende }).into_response())
}

fn line(entry: Entry, today: NaiveDate) -> Line {
    Line {
        melding: entry.melding,
        received_on: entry.received_on,
        due_on: entry.due_on,
        late: entry.due_on < today,
        acute_danger_label: label(List::YesNo, &entry.acute_danger).to_owned(),
        gemeente: entry.municipality,
        acute_danger: entry.acute_danger,
    }
}

fn after(text: &str) -> Result<(NaiveDate, Uuid), Problem> {
    let parts = text.split_once('_').and_then(|(due, id)| Some((date(due)?, id.parse().ok()?)));
    parts.ok_or_else(|| Problem::parameter("na", "geef wat de vorige bladzijde als `volgende` gaf"))
}

fn limit(text: Option<&str>) -> Result<i64, Problem> {
    let wanted =
        text.map_or(Some(50), |text| text.parse().ok().filter(|it| (1..=500).contains(it)));
    wanted.ok_or_else(|| Problem::parameter("aantal", "een getal van 1 tot 500"))
}
