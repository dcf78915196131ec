//! Emergency access: a worker opens a file that is not his, for a while; the privacy officer sees each, with what was looked at, and judges it. A
//! file that is not there, and one from which he was excluded, cannot be opened, and are the same to him.

use super::file::{answer, fold, open as open_file, texts};
use super::input::{Asked, Asking, Body, By};
use super::looks::{entry, period, told};
use crate::app::App;
use crate::body::{self, Fields};
use crate::clock::{random_id, utc};
use crate::looking::Seen;
use crate::problem::{InputFault, Problem};
use crate::schema::Schema;
use crate::worker::Worker;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use axum::{Extension, Json};
use chrono::{DateTime, TimeDelta, Utc};
use domain::access::{About, Action, Around, Ask, Ground, decide};
use domain::case::Case;
use domain::codes::{List, label};
use domain::emergency::{Command, Emergency, File, Judgement, Opened};
use domain::id::Organisation;
use domain::look::Outcome;
use domain::melding::Melding;
use serde_json::{Value, json};
use std::collections::HashSet;
use std::num::NonZeroU8;
use store::hidden::Emergencies;
use store::projections::looks::Filter;
use uuid::Uuid;

type MakeFile = fn(Uuid) -> File;

/// Which files can be opened, and how each is named on the wire.
const FILES: [(&str, MakeFile); 3] =
    [("casus", File::Case), ("melding", File::Melding), ("persoon", File::Person)];

/// `PUT /v1/noodtoegang/{id}`
pub(super) async fn open(
    State(app): State<App>,
    asked: Asked,
    Body(body): Body,
) -> Result<Response, Problem> {
    let order = asked.creation::<Emergency>();
    let stamp = asked.worker.stamp(order.key);
    let longest = app.looking.longest_emergency;
    let (command, (file, text)) =
        body::command::<Emergency, _>(&body, Schema::EmergencyOpened, &stamp, |it| {
            let file = file(it);
            let reason = it.code("reden", List::EmergencyReason, stamp.today);
            let minutes = minutes(it, longest);
            let (file, reason, minutes) = (file?, reason?, minutes?);
            let text = super::melding::text_of(it, file.id());
            Some((Command::Open { file, reason, minutes }, (file, text)))
        })?;
    may_be_opened(&app, &asked.worker, file).await?;
    app.execute::<Emergency>(&asked.worker, asked.id, order, command, text).await
}

fn file(it: &Fields<'_>) -> Option<File> {
    let mut named = FILES.into_iter().filter(|(name, _)| it.has(name));
    let (first, second) = (named.next(), named.next());
    let Some((name, file)) = first.filter(|_| second.is_none()) else {
        it.fault_in_all("noem een dossier, en niet meer: casus, melding of persoon");
        return None;
    };
    it.uuid(name).map(file)
}

fn minutes(it: &Fields<'_>, longest: NonZeroU8) -> Option<NonZeroU8> {
    if !it.has("minuten") {
        return Some(longest);
    }
    let minutes = it.number("minuten").and_then(NonZeroU8::new).filter(|it| *it <= longest);
    if minutes.is_none() {
        it.fault("minuten", format!("een heel getal van 1 tot {longest}"));
    }
    minutes
}

/// That the file is there, and that he was not excluded from it.
async fn may_be_opened(app: &App, worker: &Worker, file: File) -> Result<(), Problem> {
    let organisation = worker.organisation();
    let around = app.store.around(organisation, file.stream(), &[file.id()]).await?;
    let nothing = Around::default();
    let about = About::Glass(around.get(&file.id()).unwrap_or(&nothing));
    let ask = Ask { action: Action::BreakGlass, purpose: worker.doing.purpose, about };
    let may = decide(&worker.asker, &ask).grant().is_some();
    let id = if may { file.id() } else { random_id() };
    let there = match file {
        File::Case(_) => app.store.known::<Case>(organisation, id).await?.version > 0,
        File::Melding(_) => app.store.known::<Melding>(organisation, id).await?.version > 0,
        File::Person(_) => app.store.known_person(organisation, id).await?,
    };
    if there {
        return Ok(());
    }
    let (pointer, detail) = (format!("/{}", name(file)), "dit dossier is er niet".to_owned());
    Err(Problem::Invalid(vec![InputFault { pointer, detail }]))
}

/// `POST /v1/noodtoegang/{id}/beeindiging`
pub(super) async fn end(
    State(app): State<App>,
    asked: Asked,
    Body(body): Body,
) -> Result<Response, Problem> {
    let order = asked.action()?;
    let stamp = asked.worker.stamp(order.key);
    let (command, ()) =
        body::command::<Emergency, _>(&body, Schema::EmergencyEnded, &stamp, |_| {
            Some((Command::End, ()))
        })?;
    app.execute::<Emergency>(&asked.worker, asked.id, order, command, vec![]).await
}

/// `POST /v1/noodtoegang/{id}/beoordeling`
pub(super) async fn review(
    State(app): State<App>,
    mut asked: Asked,
    Body(body): Body,
) -> Result<Response, Problem> {
    let order = asked.action()?;
    let stamp = asked.worker.stamp(order.key);
    let known = app.store.known::<Emergency>(stamp.organisation, asked.id).await?.state;
    let subject = known.opened().map_or(asked.id, |it| it.file.id());
    let (command, text) =
        body::command::<Emergency, _>(&body, Schema::EmergencyReviewed, &stamp, |it| {
            let judgement = it.code("oordeel", Judgement::LIST, stamp.today);
            let judgement = Judgement::of(judgement?.as_str())?;
            Some((Command::Review { judgement }, super::melding::text_of(it, subject)))
        })?;
    asked.id = in_sight(&app, &asked, known.opened()).await?;
    app.execute::<Emergency>(&asked.worker, asked.id, order, command, text).await
}

/// `GET /v1/noodtoegang/{id}`: with why, and with what was looked at meanwhile.
pub(super) async fn read(
    State(app): State<App>,
    mut asked: Asked,
    asking: Asking,
) -> Result<Response, Problem> {
    asking.only(&[])?;
    let organisation = asked.worker.organisation();
    let known = app.store.known::<Emergency>(organisation, asked.id).await?.state;
    asked.id = in_sight(&app, &asked, known.opened()).await?;
    let file = open_file::<Emergency>(&app, &asked, &asking).await?;
    let state = fold::<Emergency>(&file.events);
    let (Some(it), Some(first)) = (state.opened(), file.events.first()) else {
        return Err(Problem::not_found());
    };
    let looks = during(&app, organisation, it, first.recorded_at).await?;
    let judgement = match &state {
        Emergency::Reviewed(_, judgement) => Some(judgement.code()),
        Emergency::Absent | Emergency::Open(_) | Emergency::Over(_) => None,
    };
    let mut body = line(it.worker, it.file.stream(), it.file.id(), it.reason.as_str());
    body["geopendOp"] = json!(utc(first.recorded_at));
    body["tot"] = json!(utc(it.until));
    judged(&mut body, judgement);
    body["toelichtingen"] = json!(texts(&file.particulars, it.file.id()));
    body["raadplegingen"] = json!(looks.iter().map(entry).collect::<Vec<_>>());
    let own = match it.file {
        File::Person(person) => Some(person),
        File::Case(_) | File::Melding(_) => None,
    };
    let persons = looks.iter().flat_map(|it| it.looked.persons.iter().copied()).chain(own);
    Ok(answer(Seen::of("noodtoegang", Some(asked.id), persons), &file, body))
}

/// What somebody was shown on the ground of an emergency, while it was open.
async fn during(
    app: &App,
    organisation: Organisation,
    it: &Opened,
    from: DateTime<Utc>,
) -> Result<Vec<store::projections::looks::Recalled>, Problem> {
    // A look is recorded just after it was decided that it may be.
    let until = it.until + TimeDelta::seconds(app.limits.time.as_secs().cast_signed());
    let (from, until) = (Some(from), Some(until));
    let filter =
        Filter { worker: Some(it.worker), from, until, limit: i64::MAX, ..Filter::default() };
    let mut looks = told(app, organisation, &filter).await?;
    looks.retain(|it| {
        let ground = it.looked.ground.as_ref();
        it.looked.outcome == Outcome::Shown
            && ground.is_some_and(|it| *it == Ground::Emergency.name())
    });
    Ok(looks)
}

/// `GET /v1/noodtoegang`: the latest first.
pub(super) async fn list(
    State(app): State<App>,
    By(worker): By,
    asking: Asking,
) -> Result<Response, Problem> {
    asking.only(&["beoordeeld", "medewerker", "van", "tot"])?;
    let reviewed = match asking.get("beoordeeld") {
        None => None,
        Some("ja") => Some(true),
        Some("nee") => Some(false),
        Some(_) => return Err(Problem::parameter("beoordeeld", "kies uit: ja, nee".to_owned())),
    };
    let (from, until) = period(&asking)?;
    let worker_asked = asking.uuid("medewerker")?;
    let which = Emergencies { reviewed, worker: worker_asked, file: None, from, until };
    let mut all = app.store.emergencies(worker.organisation(), &which).await?;
    let mut hidden: HashSet<(String, Uuid)> = HashSet::new();
    for (_, file) in FILES {
        let kind = file(Uuid::nil()).stream();
        let ids: Vec<Uuid> = all.iter().filter(|it| it.kind == kind).map(|it| it.file).collect();
        let not_his = app.hidden_of(&worker, kind, &ids).await?;
        hidden.extend(not_his.into_iter().map(|id| (kind.to_owned(), id)));
    }
    all.retain(|it| !hidden.contains(&(it.kind.clone(), it.file)));
    let lines: Vec<Value> = all.iter().map(listed).collect();
    let open = all.iter().filter(|it| it.reviewed_at.is_none()).count();
    let persons = all.iter().filter(|it| it.kind == "person").map(|it| it.file);
    let mut seen = Seen::of("noodtoegang", None, persons);
    seen.files = all.iter().map(|it| it.file).collect();
    let body = json!({ "aantal": lines.len(), "teBeoordelen": open, "regels": lines });
    Ok((Extension(seen), Json(body)).into_response())
}

/// The number to go on with: of nothing when the file that was opened is not there for who asks.
async fn in_sight(app: &App, asked: &Asked, opened: Option<&Opened>) -> Result<Uuid, Problem> {
    let Some(it) = opened else { return Ok(asked.id) };
    let hidden = app.hidden_of(&asked.worker, it.file.stream(), &[it.file.id()]).await?;
    Ok(if hidden.is_empty() { asked.id } else { random_id() })
}

fn listed(it: &store::hidden::Emergency) -> Value {
    let mut line = line(it.worker, &it.kind, it.file, &it.reason);
    line["noodtoegang"] = json!(it.emergency);
    line["geopendOp"] = json!(utc(it.opened_at));
    line["tot"] = json!(utc(it.until));
    line["beoordeeldOp"] = json!(it.reviewed_at.map(utc));
    judged(&mut line, it.judgement.as_deref());
    line
}

fn line(worker: Uuid, kind: &str, file: Uuid, reason: &str) -> Value {
    let of = FILES.into_iter().find(|(_, of)| of(file).stream() == kind);
    json!({
        "medewerker": worker, "dossier": { "soort": of.map(|(name, _)| name), "id": file },
        "reden": reason, "redenLabel": label(List::EmergencyReason, reason),
    })
}

fn judged(line: &mut Value, judgement: Option<&str>) {
    line["oordeel"] = json!(judgement);
    line["oordeelLabel"] = json!(judgement.map(|it| label(List::EmergencyJudgement, it)));
}

fn name(file: File) -> &'static str {
    FILES.into_iter().find(|(_, of)| of(file.id()) == file).map_or("", |(name, _)| name)
}
