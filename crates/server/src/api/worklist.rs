//! `/v1/werklijst` and `/v1/wachtlijst`: what waits, most urgent first, with the exact number of entries, kind by kind; and the services that
//! were decided upon and that nobody has begun.

use super::input::{Asking, By};
use crate::app::App;
use crate::body::date;
use crate::clock::dutch_date;
use crate::looking::Seen;
use crate::problem::{InputFault, Problem};
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use axum::{Extension, Json};
use chrono::NaiveDate;
use domain::codes::{List, UNKNOWN, label};
use domain::deadline::{Deadline, Kind, Of};
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};
use store::projections::worklist::{Entry, Filter, Page, Place};
use uuid::Uuid;

/// Stands for whoever asks.
const ME: &str = "mij";
/// Formally started, and not begun.
const WAITING: [Kind; 2] = [Kind::InvestigationBegin, Kind::ConditionsBegin];

#[derive(Serialize)]
struct Worklist {
    /// Exactly how many wait, on all pages together.
    aantal: i64,
    /// The same, kind by kind.
    aantallen: BTreeMap<&'static str, i64>,
    regels: Vec<Line>,
    /// What to give as `na` for the next page.
    #[serde(skip_serializing_if = "Option::is_none")]
    volgende: Option<String>,
}

#[derive(Serialize)]
struct Line {
    soort: &'static str,
    #[serde(rename = "soortLabel")]
    kind_label: &'static str,
    /// The file in which it stands.
    #[serde(skip_serializing_if = "Option::is_none")]
    melding: Option<Uuid>,
    #[serde(skip_serializing_if = "Option::is_none")]
    casus: Option<Uuid>,
    #[serde(skip_serializing_if = "Option::is_none")]
    verzoek: Option<Uuid>,
    #[serde(rename = "betreft")]
    about: Uuid,
    #[serde(rename = "vanaf")]
    since: NaiveDate,
    #[serde(rename = "vervaltOp")]
    due_on: Option<NaiveDate>,
    #[serde(rename = "teLaat")]
    late: bool,
    /// Soon too late: time for a warning.
    #[serde(rename = "nadert")]
    near: bool,
    gemeente: String,
    #[serde(rename = "acuutGevaar", skip_serializing_if = "Option::is_none")]
    acute_danger: Option<String>,
    #[serde(rename = "acuutGevaarLabel", skip_serializing_if = "Option::is_none")]
    acute_danger_label: Option<String>,
    #[serde(rename = "behandelaar")]
    worker: Option<Uuid>,
    team: Option<Uuid>,
    /// How many days a service waits for its actual start.
    #[serde(rename = "wachtDagen", skip_serializing_if = "Option::is_none")]
    waits: Option<i64>,
}

/// `GET /v1/werklijst`
pub(super) async fn read(
    State(app): State<App>,
    By(worker): By,
    asking: Asking,
) -> Result<Response, Problem> {
    asking.only(&["soort", "behandelaar", "team", "gemeente", "vervaltVoor", "aantal", "na"])?;
    answer(&app, &worker, &asking, ("werklijst", None)).await
}

/// `GET /v1/wachtlijst`
pub(super) async fn waiting(
    State(app): State<App>,
    By(worker): By,
    asking: Asking,
) -> Result<Response, Problem> {
    asking.only(&["behandelaar", "team", "gemeente", "aantal", "na"])?;
    answer(&app, &worker, &asking, ("wachtlijst", Some(&WAITING))).await
}

async fn answer(
    app: &App,
    worker: &crate::worker::Worker,
    asking: &Asking,
    (list, only): (&'static str, Option<&[Kind]>),
) -> Result<Response, Problem> {
    let filter = filter(asking, worker.id, only)?;
    let organisation = worker.organisation();
    let page = app.store.worklist(organisation, &filter).await?;
    let files: BTreeSet<Uuid> = page.entries.iter().map(|it| it.file).collect();
    let files: Vec<Uuid> = files.into_iter().collect();
    let persons = app.store.persons_in(organisation, &files).await?;
    let about_person = |kind: Kind| kind == Kind::Informing || kind.file() == Of::Request;
    let informed = page.entries.iter().filter(|it| about_person(it.kind)).map(|it| it.about);
    let seen = Seen { files, ..Seen::of(list, None, persons.into_iter().chain(informed)) };
    let body = Json(shown(page, filter.limit, dutch_date(worker.at)));
    Ok((Extension(seen), body).into_response())
}

/// All that is wrong with the query is said at once.
fn filter(asking: &Asking, me: Uuid, only: Option<&[Kind]>) -> Result<Filter, Problem> {
    let mut faults = Vec::new();
    let worker = if asking.get("behandelaar") == Some(ME) {
        Some(me)
    } else {
        right(asking.uuid("behandelaar"), &mut faults)
    };
    let kinds = right(asking.get("soort").map(kinds).transpose(), &mut faults);
    let municipality = right(asking.get("gemeente").map(municipality).transpose(), &mut faults);
    let filter = Filter {
        kinds: only.map(<[Kind]>::to_vec).or(kinds),
        worker,
        team: right(asking.uuid("team"), &mut faults),
        municipality,
        due_before: right(asking.date("vervaltVoor"), &mut faults),
        after: right(asking.get("na").map(place).transpose(), &mut faults),
        limit: right(limit(asking.get("aantal")).map(Some), &mut faults).unwrap_or_default(),
    };
    if faults.is_empty() { Ok(filter) } else { Err(Problem::Invalid(faults)) }
}

fn right<T>(asked: Result<Option<T>, Problem>, faults: &mut Vec<InputFault>) -> Option<T> {
    match asked {
        Ok(it) => it,
        Err(Problem::Invalid(more)) => {
            faults.extend(more);
            None
        }
        Err(
            Problem::Other(_, _, detail)
            | Problem::Stranger(_, detail)
            | Problem::TooLate(_, _, detail, _),
        ) => {
            faults.push(InputFault { pointer: String::new(), detail });
            None
        }
    }
}

fn municipality(code: &str) -> Result<String, Problem> {
    let known = code == UNKNOWN || domain::area::municipality(code).is_some();
    let wrong =
        || Problem::parameter("gemeente", "geen Nederlandse gemeentecode, en niet onbekend");
    if known { Ok(code.to_owned()) } else { Err(wrong()) }
}

fn shown(page: Page, limit: i64, today: NaiveDate) -> Worklist {
    let full = page.entries.len() as i64 == limit;
    let volgende = page.entries.last().filter(|_| full).map(|it| text(it.place()));
    let aantallen = page.counts.iter().map(|(kind, count)| (kind.code(), *count)).collect();
    let aantal = page.count();
    let regels = page.entries.into_iter().map(|entry| line(entry, today)).collect();
    Worklist { aantal, aantallen, regels, volgende }
}

fn line(entry: Entry, today: NaiveDate) -> Line {
    let Entry { kind, file, about, since, due_on, .. } = entry;
    let late = due_on.is_some_and(|due| due < today);
    let term = Deadline { kind, about, from: since, due_on, met_on: None };
    let of = |what| (kind.file() == what).then_some(file);
    let danger = entry.acute_danger;
    Line {
        soort: kind.code(),
        kind_label: label(List::Deadline, kind.code()),
        melding: of(Of::Melding),
        casus: of(Of::Case),
        verzoek: of(Of::Request),
        about,
        since,
        due_on,
        late,
        near: !late && term.is_near(today),
        acute_danger_label: danger.as_ref().map(|it| label(List::YesNo, it).to_owned()),
        acute_danger: danger,
        gemeente: entry.municipality,
        worker: entry.worker,
        team: entry.team,
        waits: WAITING.contains(&kind).then(|| (today - since).num_days()),
    }
}

/// One kind, or several with commas between them.
fn kinds(text: &str) -> Result<Vec<Kind>, Problem> {
    let known = || Kind::ALL.iter().map(|it| it.code()).collect::<Vec<_>>().join(", ");
    let kinds: Option<Vec<Kind>> = text.split(',').map(Kind::of).collect();
    kinds.ok_or_else(|| Problem::parameter("soort", format!("kies uit: {}", known())))
}

/// Without an underscore in any of its parts.
fn text(it: Place) -> String {
    let due = it.due_on.map(|due| due.to_string()).unwrap_or_default();
    format!("{due}_{}_{}_{}", it.kind.code(), it.about, it.file)
}

fn place(text: &str) -> Result<Place, Problem> {
    let told = |text: &str| {
        let mut parts = text.split('_');
        let due_on = match parts.next()? {
            "" => None,
            due => Some(date(due)?),
        };
        let kind = Kind::of(parts.next()?)?;
        let (about, file) = (parts.next()?.parse().ok()?, parts.next()?.parse().ok()?);
        parts.next().is_none().then_some(Place { due_on, kind, about, file })
    };
    told(text)
        .ok_or_else(|| Problem::parameter("na", "geef wat de vorige bladzijde als `volgende` gaf"))
}

fn limit(text: Option<&str>) -> Result<i64, Problem> {
    let wanted =
        text.map_or(Some(50), |text| text.parse().ok().filter(|it| (1..=500).contains(it)));
    wanted.ok_or_else(|| Problem::parameter("aantal", "een getal van 1 tot 500"))
}
