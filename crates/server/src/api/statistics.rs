//! `/v1/statistieken`: declared tables for a municipality, the area of a centre municipality, or a region.

use super::input::{Asking, By};
use super::reports::{Format, asked_boundaries, standing};
use crate::app::App;
use crate::clock::{dutch_date, start_of};
use crate::problem::{InputFault, Problem};
use crate::worker::Worker;
use axum::Json;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use chrono::{DateTime, Datelike, Utc};
use domain::access::{About, Action, Ask, Role, decide};
use domain::area::Area;
use report::period::Period;
use report::statistics::{self, Question};
use serde_json::json;

/// `GET /v1/statistieken`: which tables there are.
pub(super) async fn tables(asking: Asking) -> Result<Response, Problem> {
    asking.only(&[])?;
    Ok(Json(json!({ "tabellen": statistics::tables() })).into_response())
}

/// `GET /v1/statistieken/{tabel}`: one table of one area, always through the disclosure profile.
pub(super) async fn table(
    State(app): State<App>,
    By(worker): By,
    Path(table): Path<String>,
    asking: Asking,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    asking.only(&[
        "periode",
        "gebied",
        "centrum",
        "regio",
        "grenzen",
        "zoalsBekendOp",
        "formaat",
    ])?;
    let now = app.clock.now();
    let period = asking.get("periode").ok_or_else(|| Problem::parameter("periode", "ontbreekt"))?;
    let period: Period =
        period.parse().map_err(|why| Problem::parameter("periode", format!("{why}")))?;
    let as_known_at = known_at(&asking, &worker, now)?;
    let boundaries = asked_boundaries(&asking, as_known_at)?;
    let (key, area) = area(&asking)?;
    let extent = app.areas.extent(area, &period.first_days(), boundaries);
    let extent = extent.map_err(|why| Problem::parameter(key, why.to_string()))?;
    let about = About::Area(&extent);
    let ask = Ask { action: Action::ReadStatistics, purpose: None, about };
    if decide(&worker.asker, &ask).grant().is_none() {
        let detail = "dit gebied staat niet in uw token";
        return Err(Problem::other(StatusCode::FORBIDDEN, "Geen toegang", detail));
    }
    let format = Format::asked(asking.get("formaat"), &headers)?;
    let organisation = worker.organisation();
    let keeper = app.keeper.as_ref();
    let standing = standing(&app.store, keeper, &[organisation], as_known_at).await?;
    let (from, to) = period.months();
    let counts = app.store.counted(Some(organisation), from, to, as_known_at).await?;
    let question = Question {
        table: &table,
        period,
        extent: &extent,
        as_known_at,
        standing: &standing,
        threshold: i64::from(app.smallest_shown),
    };
    let report = statistics::table(&counts, &question)
        .map_err(|why| Problem::other(StatusCode::NOT_FOUND, "Niet gevonden", why.to_string()))?;
    Ok(format.answer(&report))
}

/// The moment up to which is counted. Whoever sees only figures might halve his way to the moment at which one person was recorded, and so to that
/// person: to him a moment in the past is the first of its month.
fn known_at(
    asking: &Asking,
    worker: &Worker,
    now: DateTime<Utc>,
) -> Result<DateTime<Utc>, Problem> {
    let Some(moment) = asking.known_at(now)? else { return Ok(now) };
    let only_figures = worker.asker.roles.iter().all(|it| *it == Role::Analyst);
    let first = dutch_date(moment).with_day(1).map(start_of);
    Ok(first.filter(|_| only_figures).unwrap_or(moment))
}

type Kind = fn(String) -> Area;
/// The keys by which an area is asked.
const AREAS: [(&str, Kind); 3] =
    [("gebied", Area::Municipality), ("centrum", Area::Centre), ("regio", Area::Region)];

/// The one area that is asked, and by which key.
fn area(asking: &Asking) -> Result<(&'static str, Area), Problem> {
    let given = AREAS.iter().filter_map(|(key, of)| Some((*key, of(asking.get(key)?.to_owned()))));
    let mut given: Vec<(&str, Area)> = given.collect();
    match given.pop() {
        None => {
            Err(Problem::parameter("gebied", "ontbreekt; kies een van gebied, centrum en regio"))
        }
        Some(one) if given.is_empty() => Ok(one),
        Some(last) => {
            let all = given.into_iter().chain([last]);
            let fault = |(key, _): (&str, Area)| InputFault {
                pointer: key.to_owned(),
                detail: "kies een van gebied, centrum en regio".to_owned(),
            };
            Err(Problem::Invalid(all.map(fault).collect()))
        }
    }
}
