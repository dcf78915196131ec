//! The trend report: facts → definition → disclosure → answer, in every format.

use super::answer::text;
use super::input::{Asking, By};
use crate::app::App;
use crate::clock::dutch_date;
use crate::problem::Problem;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, header};
use axum::response::Response;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use chrono::{DateTime, Datelike, Utc};
use domain::area::Boundaries;
use domain::id::{Log, Organisation};
use report::disclosure::Profile;
use report::face;
use report::trend::{self, Question, Report, SignedHead, Standing};
use std::time::Duration;
use store::proof::keeper::Keeper;
use store::{Failed, Store};

/// How long a report waits for a head to be signed.
const PATIENCE: Duration = Duration::from_secs(2);
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
    asking.only(&["zoalsBekendOp", "profiel", "definitie", "grenzen", "formaat"])?;
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
    let boundaries = asked_boundaries(&asking, as_known_at)?;
    let organisation = Some(worker.organisation());
    let report = trend_report(
        &app.store,
        app.keeper.as_ref(),
        year,
        organisation,
        as_known_at,
        profile,
        boundaries,
    )
    .await?;
    Ok(format.answer(&report))
}

/// The trend report of a year, of one organisation or of all.
pub async fn trend_report(
    store: &Store,
    keeper: Option<&Keeper>,
    year: i32,
    organisation: Option<Organisation>,
    as_known_at: DateTime<Utc>,
    profile: Profile,
    boundaries: Boundaries,
) -> Result<Report, Failed> {
    let organisations = match organisation {
        Some(one) => vec![one],
        None => store.organisations().await?,
    };
    let standing = standing(store, keeper, &organisations, as_known_at).await?;
    let (from, to) = trend::months(year);
    let counts = store.counted(organisation, from, to, as_known_at).await?;
    let question = Question { year, organisation, as_known_at, standing, profile, boundaries };
    Ok(trend::report(&counts, &question))
}

/// Waits until everything recorded is counted, and says where each log stood at a moment.
pub(super) async fn standing(
    store: &Store,
    keeper: Option<&Keeper>,
    organisations: &[Organisation],
    at: DateTime<Utc>,
) -> Result<Vec<Standing>, Failed> {
    let mut standing = Vec::with_capacity(organisations.len());
    for organisation in organisations.iter().copied() {
        store.settle(organisation).await?;
        let (position, chain) = store.head_at(organisation, at).await?;
        let signed = covering(store, keeper, organisation.into(), position).await;
        let chain = store::chain::hex(&chain);
        standing.push(Standing { organisation, position, chain, signed });
    }
    Ok(standing)
}

/// The first signed head over a position. None is signed twice over the same, so the same report says the same when it is asked again; a report
/// that is asked before the minute is over has one signed now. Without one the figures are not wrong.
async fn covering(
    store: &Store,
    keeper: Option<&Keeper>,
    log: Log,
    position: i64,
) -> Option<SignedHead> {
    if position == 0 {
        return None;
    }
    let signing = async {
        match keeper {
            Some(keeper) => keeper.cover(log, position).await,
            None => store.covering(log, position).await,
        }
    };
    let note = match tokio::time::timeout(PATIENCE, signing).await {
        Ok(Ok(note)) => note?,
        Ok(Err(error)) => {
            let error = &error as &dyn std::error::Error;
            tracing::error!(error, log = %log, "a report has no signed head");
            return None;
        }
        Err(_) => {
            tracing::warn!(log = %log, "a report did not wait for a signed head");
            return None;
        }
    };
    let head = note.head;
    Some(SignedHead { origin: head.origin, size: head.size, root: STANDARD.encode(head.root) })
}

/// Boundaries by the name with which they are asked. Those of today are those of the day up to which is known: the same question is
/// answered the same whenever it is asked again.
pub fn boundaries(name: &str, as_known_at: DateTime<Utc>) -> Result<Boundaries, &'static str> {
    match name {
        "datum" => Ok(Boundaries::OfTheDate),
        "heden" => Ok(Boundaries::On(dutch_date(as_known_at))),
        _ => Err("kies uit: datum, heden"),
    }
}

pub(super) fn asked_boundaries(
    asking: &Asking,
    as_known_at: DateTime<Utc>,
) -> Result<Boundaries, Problem> {
    let name = asking.get("grenzen").unwrap_or("datum");
    boundaries(name, as_known_at).map_err(|why| Problem::parameter("grenzen", why))
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
    pub(super) fn asked(name: Option<&str>, headers: &HeaderMap) -> Result<Self, Problem> {
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

    pub(super) fn answer(self, report: &Report) -> Response {
        let media = match self {
            Self::Json => "application/json",
            Self::Csv | Self::CsvExcel => "text/csv; charset=utf-8",
            Self::Html => "text/html; charset=utf-8",
            Self::Text => "text/plain; charset=utf-8",
        };
        text(media, self.write(report))
    }
}
