//! Who looked: for the person whom it was about, in words that he can read; and for the privacy officer, by worker, person and period, with what
//! stands out. Whoever looks at looks is recorded as well.

mod plain;

use super::answer::text;
use super::input::{Asked, Asking, By};
use crate::app::App;
use crate::clock::{dutch_moment, start_of, utc};
use crate::looking::Seen;
use crate::problem::Problem;
use crate::worker::Worker;
use axum::extract::State;
use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse, Response};
use axum::{Extension, Json};
use chrono::{DateTime, Days, Utc};
use domain::calendar::is_working_day;
use domain::codes::{Code, List, label};
use domain::id::{Log, Organisation};
use domain::look::Outcome;
use domain::look::patterns::{self, Pattern, patterns};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet, HashSet};
use store::projections::looks::{Filter, Recalled};
use uuid::Uuid;

/// How many looks one answer holds at most.
const MOST: i64 = 5000;
/// How many days are searched for what stands out when nobody says how many, and how many at most.
const USUAL_DAYS: u64 = 7;
const MOST_DAYS: i64 = 31;
/// How long after a look something may still be recorded because of it.
const DAYS_TO_ACT: u64 = 7;

/// `GET /v1/personen/{id}/inzagen`
pub(super) async fn of_person(
    State(app): State<App>,
    asked: Asked,
    asking: Asking,
) -> Result<Response, Problem> {
    asking.only(&["van", "tot", "formaat"])?;
    let organisation = asked.worker.organisation();
    let face = face(asking.get("formaat"), &asked.headers)?;
    if !app.store.known_person(organisation, asked.id).await? {
        return Err(Problem::not_found());
    }
    let linked = app.store.linked(organisation, &[asked.id], &HashSet::new()).await?;
    let all: BTreeSet<Uuid> = linked.into_values().flatten().chain([asked.id]).collect();
    let (from, until) = period(&asking)?;
    let persons = Some(all.iter().copied().collect());
    let filter = Filter { persons, from, until, limit: MOST, ..Filter::default() };
    let looks = told(&app, organisation, &filter).await?;
    let seen = Seen::of("inzagen", Some(asked.id), all);
    let body = match face {
        Face::Json => {
            let lines: Vec<Value> = looks.iter().map(plain::line).collect();
            Json(json!({ "persoon": asked.id, "aantal": lines.len(), "inzagen": lines }))
                .into_response()
        }
        Face::Text => text("text/plain; charset=utf-8", plain::letter(&looks)),
        Face::Html => text("text/html; charset=utf-8", plain::page(&looks)),
    };
    Ok((Extension(seen), body).into_response())
}

/// `GET /v1/inzagen`
pub(super) async fn list(
    State(app): State<App>,
    By(worker): By,
    asking: Asking,
) -> Result<Response, Problem> {
    asking.only(&["medewerker", "persoon", "van", "tot", "aantal", "na"])?;
    let organisation = worker.organisation();
    let wrong = |key: &str, what: &str| Problem::parameter(key, what.to_owned());
    let limit = asking.get("aantal").map_or(Ok(50), str::parse).ok();
    let limit = limit.filter(|it| (1..=500).contains(it));
    let after = asking.get("na").map_or(Ok(0), str::parse);
    let (from, until) = period(&asking)?;
    let filter = Filter {
        persons: asking.uuid("persoon")?.map(|it| vec![it]),
        worker: asking.uuid("medewerker")?,
        from,
        until,
        after: after.map_err(|_| wrong("na", "geef wat de vorige bladzijde als `volgende` gaf"))?,
        limit: limit.ok_or_else(|| wrong("aantal", "een getal van 1 tot 500"))?,
    };
    let looks = told(&app, organisation, &filter).await?;
    let last = looks.last().filter(|_| looks.len() as i64 == filter.limit);
    let next = last.map(|it| it.position);
    let looks = in_sight(&app, &worker, looks).await?;
    let mut body = json!({ "regels": looks.iter().map(entry).collect::<Vec<_>>() });
    if let Some(last) = next {
        body["volgende"] = json!(last.to_string());
    }
    let shown = looks.iter().flat_map(|it| it.looked.persons.iter().copied());
    Ok((Extension(Seen::of("inzagen", None, shown)), Json(body)).into_response())
}

/// `GET /v1/inzagen/opvallend`
pub(super) async fn unusual(
    State(app): State<App>,
    By(worker): By,
    asking: Asking,
) -> Result<Response, Problem> {
    asking.only(&["van", "tot"])?;
    let organisation = worker.organisation();
    let (from, until) = period(&asking)?;
    let until = until.unwrap_or_else(|| app.clock.now());
    let from = from.unwrap_or(until - Days::new(USUAL_DAYS));
    if until < from || (until - from).num_days() > MOST_DAYS {
        let detail = format!("een periode van hoogstens {MOST_DAYS} dagen, van voor tot");
        return Err(Problem::parameter("van", detail));
    }
    let filter =
        Filter { from: Some(from), until: Some(until), limit: i64::MAX, ..Filter::default() };
    let looks = told(&app, organisation, &filter).await?;
    let looks = in_sight(&app, &worker, looks).await?;
    let acts = app.store.acts(organisation, from, until + Days::new(DAYS_TO_ACT)).await?;
    let own = own(&app, organisation).await?;
    let seen: Vec<patterns::Seen<'_>> = looks.iter().map(as_seen).collect();
    let found = patterns(&seen, &own, &acts, &app.looking.bounds);
    let named: BTreeSet<i64> = found.iter().flat_map(|it| it.positions.iter().copied()).collect();
    let shown = looks.iter().filter(|it| named.contains(&it.position));
    let shown = shown.flat_map(|it| it.looked.persons.iter().copied());
    let look = Seen::of("inzagen", None, shown);
    let lines: Vec<Value> = found.iter().map(|it| pattern(it, &looks)).collect();
    let body = json!({ "van": utc(from), "tot": utc(until), "raadplegingen": looks.len(), "opvallend": lines });
    Ok((Extension(look), Json(body)).into_response())
}

/// Without the looks at what is not for whoever asks, and without the persons who are not: a privacy officer who was excluded from a casus sees nothing of
/// it here either.
async fn in_sight(
    app: &App,
    worker: &Worker,
    mut looks: Vec<Recalled>,
) -> Result<Vec<Recalled>, Problem> {
    let hidden = app.out_of_sight(worker).await?;
    let all = [&hidden.cases, &hidden.meldingen, &hidden.persons, &hidden.requests];
    let is_hidden = |id: &Uuid| all.iter().any(|it| it.contains(id));
    looks.retain(|it| !it.looked.id.is_some_and(|id| is_hidden(&id)));
    for it in &mut looks {
        it.looked.persons.retain(|id| !is_hidden(id));
        it.looked.files.retain(|id| !is_hidden(id));
    }
    Ok(looks)
}

/// Once all that was recorded before now can be read.
pub(super) async fn told(
    app: &App,
    organisation: Organisation,
    filter: &Filter,
) -> Result<Vec<Recalled>, Problem> {
    app.store.settle(Log::looks(organisation)).await?;
    Ok(app.store.looks(organisation, filter).await?)
}

/// The persons with whom a worker has no business: himself as far as was told, and whoever occurs in one melding with him.
async fn own(
    app: &App,
    organisation: Organisation,
) -> Result<BTreeMap<Uuid, BTreeSet<Uuid>>, Problem> {
    let mut all = BTreeMap::new();
    for (worker, persons) in &app.looking.own {
        let linked = app.store.linked(organisation, persons, &HashSet::new()).await?;
        let mut own: BTreeSet<Uuid> = linked.into_values().flatten().collect();
        own.extend(persons);
        let themselves: Vec<Uuid> = own.iter().copied().collect();
        own.extend(app.store.persons_beside(organisation, &themselves).await?);
        all.insert(*worker, own);
    }
    Ok(all)
}

fn as_seen(it: &Recalled) -> patterns::Seen<'_> {
    let local = dutch_moment(it.at);
    let (on, time) = (local.date(), local.time());
    let (position, by, at, working_day) = (it.position, it.by, it.at, is_working_day(on));
    patterns::Seen { position, by, at, on, time, working_day, looked: &it.looked }
}

type Period = (Option<DateTime<Utc>>, Option<DateTime<Utc>>);

/// From the first moment of one day to the last of another.
pub(super) fn period(asking: &Asking) -> Result<Period, Problem> {
    let from = asking.date("van")?.map(start_of);
    let until = asking.date("tot")?.and_then(|it| it.succ_opt()).map(start_of);
    Ok((from, until))
}

/// A look as the privacy officer sees it.
pub(super) fn entry(it: &Recalled) -> Value {
    let looked = &it.looked;
    json!({
        "raadpleging": it.id, "positie": it.position, "op": utc(it.at), "medewerker": it.by, "rollen": looked.roles,
        "handeling": looked.act, "handelingLabel": label(List::Act, looked.act.as_str()),
        "in": looked.of, "inLabel": label(List::LookedIn, looked.of.as_str()), "id": looked.id,
        "personen": looked.persons, "dossiers": looked.files, "gezochtOp": looked.fields,
        "doel": looked.purpose, "doelLabel": looked.purpose.as_ref().map(|it| label(List::Purpose, it.as_str())),
        "grond": looked.ground, "grondLabel": looked.ground.as_ref().map(|it| label(List::Ground, it.as_str())),
        "nood": is_emergency(looked.ground.as_ref()), "uitkomst": outcome(looked.outcome), "zoalsBekendOp": looked.known_at.map(utc),
        "herkomst": looked.origin, "trace": looked.trace.id, "verwerking": looked.processing,
    })
}

fn pattern(it: &Pattern, looks: &[Recalled]) -> Value {
    let numbers = looks.iter().filter(|look| it.positions.contains(&look.position));
    json!({
        "soort": it.kind.name(), "uitleg": plain::pattern(it), "medewerker": it.worker, "op": it.on, "aantal": it.count,
        "raadplegingen": numbers.map(|it| it.id).collect::<Vec<_>>(),
    })
}

fn is_emergency(ground: Option<&Code>) -> bool {
    ground.is_some_and(|it| *it == domain::access::Ground::Emergency.name())
}

fn outcome(it: Outcome) -> &'static str {
    match it {
        Outcome::Shown => "getoond",
        Outcome::Denied => "geweigerd",
        Outcome::Absent => "niet-gevonden",
    }
}

#[derive(Clone, Copy, Debug)]
enum Face {
    Json,
    Html,
    Text,
}

fn face(name: Option<&str>, headers: &HeaderMap) -> Result<Face, Problem> {
    let accept = headers.get(header::ACCEPT).and_then(|it| it.to_str().ok()).unwrap_or_default();
    match name {
        Some("json") => Ok(Face::Json),
        Some("html") => Ok(Face::Html),
        Some("tekst") => Ok(Face::Text),
        Some(_) => Err(Problem::parameter("formaat", "kies uit: json, html, tekst")),
        None if accept.starts_with("text/html") => Ok(Face::Html),
        None if accept.starts_with("text/plain") => Ok(Face::Text),
        None => Ok(Face::Json),
    }
}
