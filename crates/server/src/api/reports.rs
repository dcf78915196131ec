//! The trend report and the statistics for municipalities: facts → definition → disclosure → answer, in every format.

use super::answer::text;
use super::input::{Asking, By};
use crate::app::App;
use crate::problem::Problem;
use axum::Json;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use chrono::{DateTime, Datelike, NaiveDate, Utc};
use domain::access::may_see_area;
use domain::codes;
use domain::id::Organisation;
use report::disclosure::Profile;
use report::period::Period;
use report::trend::{self, Question, Report, Standing};
use report::{face, statistics};
use serde_json::json;
use store::{Failed, Store};

/// The version of the definitions in force.
const DEFINITIONS: &str = "2019.1";

/// `GET /v1/trendrapporten/{jaar}`: of the organisation of the worker.
pub(super) async fn trend(
    State(app): State<App>,
    By(worker): By,
    Path(year): Path<String>,
    asking: Asking,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    asking.only(&["zoalsBekendOp", "profiel", "definitie", "formaat"])?;
    let now = app.clock.now();
    let known_years = 2015..=now.year();
    let digits = Some(year).filter(|it| it.len() == 4);
    let year = digits.and_then(|it| it.parse().ok()).filter(|it| known_years.contains(it));
    let year = year.ok_or_else(|| {
        let detail =
            format!("een jaar van {} tot en met {}", known_years.start(), known_years.end());
        Problem::parameter("jaar", detail)
    })?;
    if asking.get("definitie").is_some_and(|version| version != DEFINITIONS) {
        return Err(Problem::parameter("definitie", format!("bekend is: {DEFINITIONS}")));
    }
    let profile = profile(asking.get("profiel"), app.smallest_shown)?;
    let format = Format::asked(asking.get("formaat"), &headers)?;
    let as_known_at = asking.known_at(now)?.unwrap_or(now);
    let organisation = Some(worker.organisation());
    let report = trend_report(&app.store, year, organisation, as_known_at, profile).await?;
    Ok(format.answer(&report))
}

/// The trend report of a year, of one organisation or of all.
pub async fn trend_report(
    store: &Store,
    year: i32,
    organisation: Option<Organisation>,
    as_known_at: DateTime<Utc>,
    profile: Profile,
) -> Result<Report, Failed> {
    let organisations = match organisation {
        Some(one) => vec![one],
        None => store.organisations().await?,
    };
    let standing = standing(store, &organisations, as_known_at).await?;
    let (from, to) = trend::months(year);
    let counts = store.counted(organisation, from, to, as_known_at).await?;
    let question = Question { year, organisation, as_known_at, standing, profile };
    Ok(trend::report(&counts, &question))
}

/// Waits until everything recorded is counted, and says where each log stood at a moment.
async fn standing(
    store: &Store,
    organisations: &[Organisation],
    at: DateTime<Utc>,
) -> Result<Vec<Standing>, Failed> {
    let mut standing = Vec::with_capacity(organisations.len());
    for organisation in organisations.iter().copied() {
        store.settle(organisation).await?;
        let (position, chain) = store.head_at(organisation, at).await?;
        standing.push(Standing { organisation, position, chain: store::chain::hex(&chain) });
    }
    Ok(standing)
}

/// `GET /v1/statistieken`: which tables there are.
pub(super) async fn tables(asking: Asking) -> Result<Response, Problem> {
    asking.only(&[])?;
    Ok(Json(json!({ "tabellen": statistics::tables() })).into_response())
}

/// `GET /v1/statistieken/{tabel}`: one table of one area, always through the disclosure profile.
pub(super) async fn statistic(
    State(app): State<App>,
    By(worker): By,
    Path(table): Path<String>,
    asking: Asking,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    asking.only(&["periode", "gebied", "zoalsBekendOp", "formaat"])?;
    let now = app.clock.now();
    let missing = |key: &str| Problem::parameter(key, "ontbreekt");
    let period = asking.get("periode").ok_or_else(|| missing("periode"))?;
    let period: Period =
        period.parse().map_err(|why| Problem::parameter("periode", format!("{why}")))?;
    let area = asking.get("gebied").ok_or_else(|| missing("gebied"))?;
    let (from, to) = period.months();
    let last_day =
        NaiveDate::from_ymd_opt(to / 100, to.unsigned_abs() % 100, 1).unwrap_or_default();
    codes::check_municipality(area, last_day)
        .map_err(|why| Problem::parameter("gebied", why.to_string()))?;
    if !may_see_area(&worker.asker, area, last_day) {
        let detail = "dit gebied staat niet in uw token";
        return Err(Problem::other(StatusCode::FORBIDDEN, "Geen toegang", detail));
    }
    let format = Format::asked(asking.get("formaat"), &headers)?;
    let as_known_at = asking.known_at(now)?.unwrap_or(now);
    let organisation = worker.organisation();
    let standing = standing(&app.store, &[organisation], as_known_at).await?;
    let counts = app.store.counted(Some(organisation), from, to, as_known_at).await?;
    let question = statistics::Question {
        table: &table,
        period,
        area,
        as_known_at,
        standing: &standing,
        threshold: i64::from(app.smallest_shown),
    };
    let report = statistics::table(&counts, &question)
        .map_err(|why| Problem::other(StatusCode::NOT_FOUND, "Niet gevonden", why.to_string()))?;
    Ok(format.answer(&report))
}

fn profile(name: Option<&str>, smallest_shown: u32) -> Result<Profile, Problem> {
    match name {
        // Managers see exact figures of their own organisation, marked as internal.
        None | Some("intern") => Ok(Profile::Internal),
        Some("afgerond5") => Ok(Profile::Rounded { threshold: i64::from(smallest_shown) }),
        Some(_) => Err(Problem::parameter("profiel", "kies uit: intern, afgerond5")),
    }
}

/// How figures are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    Json,
    Csv,
    CsvExcel,
    Html,
    Text,
}

impl Format {
    const NAMES: [(&'static str, &'static str, Self); 5] = [
        ("json", "application/json", Self::Json),
        ("csv", "text/csv", Self::Csv),
        ("csv-excel", "text/csv; charset=utf-8; header=present", Self::CsvExcel),
        ("html", "text/html", Self::Html),
        ("tekst", "text/plain", Self::Text),
    ];

    pub fn of(name: &str) -> Option<Self> {
        Self::NAMES.iter().find(|(it, ..)| *it == name).map(|(.., format)| *format)
    }

    /// By the key in the query, else by `Accept`, else JSON.
    fn asked(name: Option<&str>, headers: &HeaderMap) -> Result<Self, Problem> {
        if let Some(name) = name {
            let known = "kies uit: json, csv, csv-excel, html, tekst";
            return Self::of(name).ok_or_else(|| Problem::parameter("formaat", known));
        }
        let accept =
            headers.get(header::ACCEPT).and_then(|it| it.to_str().ok()).unwrap_or_default();
        let mut wanted =
            accept.split(',').map(|it| it.split(';').next().unwrap_or_default().trim());
        let by_media = |media: &str| {
            Self::NAMES.iter().find(|(_, it, _)| *it == media).map(|(.., format)| *format)
        };
        Ok(wanted.find_map(by_media).unwrap_or(Self::Json))
    }

    /// A report as text in this format.
    pub fn write(self, report: &Report) -> String {
        match self {
            Self::Json => serde_json::to_string(report).unwrap_or_default(),
            Self::Csv => face::csv::csv(report, face::csv::Variant::Plain),
            Self::CsvExcel => face::csv::csv(report, face::csv::Variant::Excel),
            Self::Html => face::html::html(report),
            Self::Text => face::text::text(report),
        }
    }

    fn answer(self, report: &Report) -> Response {
        let media = match self {
            Self::Json => "application/json",
            Self::Csv | Self::CsvExcel => "text/csv; charset=utf-8",
            Self::Html => "text/html; charset=utf-8",
            Self::Text => "text/plain; charset=utf-8",
        };
        text(media, self.write(report))
    }
}
