//! Files, as they stand or as they were known at a moment: contact, advies, melding, person. That of a casus stands in `case_topics.rs`.

use super::answer::etag;
use super::input::{Asked, Asking};
use crate::app::App;
use crate::clock::utc;
use crate::looking::Seen;
use crate::problem::Problem;
use crate::seal::without_whereabouts;
use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use axum::{Extension, Json};
use chrono::{DateTime, Utc};
use domain::Event;
use domain::advice::Advice;
use domain::contact::Contact;
use domain::decider::Decider;
use domain::id::Id;
use domain::look;
use domain::melding::{Content, Melding, Pair};
use domain::moment::Moment;
use domain::particulars::melder_subject;
use domain::person::{Person, Stage};
use serde_json::{Map, Value, json};
use std::collections::{BTreeSet, HashSet};
use store::file::{File, Opened};
use store::log::Recorded;
use uuid::Uuid;

/// `GET /v1/contacten/{id}`
pub(super) async fn contact(
    State(app): State<App>,
    asked: Asked,
    asking: Asking,
) -> Result<Response, Problem> {
    let file = open::<Contact>(&app, &asked, &asking).await?;
    let state: Contact = fold(&file.events);
    let body = match state {
        Contact::Absent => json!({}),
        Contact::Received { channel, received, outcome } => json!({
            "kanaal": channel, "ontvangenOp": moment(received), "uitkomst": outcome,
        }),
    };
    Ok(answer(Seen::of("contact", Some(asked.id), []), &file, body))
}

/// `GET /v1/adviezen/{id}`
pub(super) async fn advice(
    State(app): State<App>,
    asked: Asked,
    asking: Asking,
) -> Result<Response, Problem> {
    let file = open::<Advice>(&app, &asked, &asking).await?;
    let state: Advice = fold(&file.events);
    let body = match state {
        Advice::Absent => json!({}),
        Advice::Started { content, closed } => json!({
            "gestartOp": moment(content.started), "kanaal": content.channel, "contact": content.contact,
            "hoedanigheid": content.hoedanigheid, "organisatie": content.organisation,
            "gemeente": content.municipality, "vormen": content.forms, "aard": content.natures,
            "duur": content.duration, "afgeslotenOp": closed,
        }),
    };
    Ok(answer(Seen::of("advies", Some(asked.id), []), &file, body))
}

/// `GET /v1/meldingen/{id}`
pub(super) async fn melding(
    State(app): State<App>,
    asked: Asked,
    asking: Asking,
) -> Result<Response, Problem> {
    let file = open::<Melding>(&app, &asked, &asking).await?;
    let state: Melding = fold(&file.events);
    let status = match &state {
        Melding::Absent | Melding::Received(_) => "ontvangen",
        Melding::Assessed(..) => "beoordeeld",
        Melding::Withdrawn(_) => "omgezet-in-advies",
    };
    let persons: Vec<Uuid> =
        state.content().into_iter().flat_map(|it| &it.persons).map(|it| it.id).collect();
    let hidden = app.sealed_addresses(&asked.worker, &persons).await?;
    let mut body = match state.content() {
        Some(content) => told(asked.id, content, &file, &hidden),
        None => json!({}),
    };
    if app.seals_melder(&asked.worker, asked.id).await? {
        body["melder"]["gegevens"] = Value::Null;
        body["melder"]["afgeschermd"] = json!(true);
    }
    body["status"] = json!(status);
    if let Melding::Assessed(_, assessment) = &state {
        body["veiligheidsbeoordeling"] = json!({
            "op": assessment.on, "uitkomst": assessment.follow_up, "onveiligheid": assessment.unsafety,
            "vervaltOp": assessment.due_on, "binnenNorm": assessment.on <= assessment.due_on,
        });
    }
    Ok(answer(Seen::of("melding", Some(asked.id), persons), &file, body))
}

/// `GET /v1/personen/{id}`: with all who are the same human being as known at that moment, by whatever way, and the links that say so.
/// Somebody of whom only a link is recorded, on the stream of another, is there as well.
pub(super) async fn person(
    State(app): State<App>,
    asked: Asked,
    asking: Asking,
) -> Result<Response, Problem> {
    let (known_at, mut file) = look_up::<Person>(&app, &asked, &asking).await?;
    let organisation = asked.worker.organisation();
    let mut links = app.store.links(organisation, &[asked.id], known_at).await?;
    let others: Vec<Uuid> = links.iter().flat_map(|(one, other)| [*one, *other]).collect();
    let hidden = app.hidden::<Person>(&asked.worker, &others).await?;
    links.retain(|(one, other)| !hidden.contains(one) && !hidden.contains(other));
    let sealed = !app.sealed_addresses(&asked.worker, &[asked.id]).await?.is_empty();
    if let Some(file) = file.as_mut().filter(|_| sealed) {
        without_words_of_hiding(file);
    }
    let file = file.or_else(|| (!links.is_empty()).then(File::default));
    let file = file.ok_or_else(Problem::not_found)?;
    let sex = file.events.iter().find_map(|it| match &it.event {
        Event::Person(domain::person::Event::Registered { sex }) => Some(sex.clone()),
        _ => None,
    });
    let state = fold::<Person>(&file.events);
    let hides = !app.store.hidden_addresses(organisation, &[asked.id]).await?.is_empty();
    let details = details(&file.particulars, asked.id, "person");
    let others: BTreeSet<Uuid> = links.iter().flat_map(|(one, other)| [*one, *other]).collect();
    let body = json!({
        "geslacht": sex, "geidentificeerd": state.stage == Stage::Registered { identified: true },
        "gegevens": without_whereabouts(details, sealed), "geboren": state.born, "adresAfgeschermd": hides,
        "samengevoegdMet": others.iter().filter(|it| **it != asked.id).collect::<Vec<_>>(),
        "koppelingen": links, "toelichtingen": texts(&file.particulars, asked.id),
    });
    let persons = others.into_iter().chain([asked.id]);
    Ok(answer(Seen::of("persoon", Some(asked.id), persons), &file, body))
}

/// What was written when an address was hidden may say where somebody is.
fn without_words_of_hiding(file: &mut File) {
    let File { events, particulars, .. } = file;
    let hides =
        |it: &Recorded| matches!(&it.event, Event::Person(event) if event.is_about_hiding());
    let versions: Vec<i32> = events.iter().filter(|it| hides(it)).map(|it| it.version).collect();
    particulars.retain(|it| !versions.contains(&it.version));
}

pub(super) async fn open<D: Decider>(
    app: &App,
    asked: &Asked,
    asking: &Asking,
) -> Result<File, Problem> {
    look_up::<D>(app, asked, asking).await?.1.ok_or_else(Problem::not_found)
}

/// The moment up to which is asked, and the file as known then.
async fn look_up<D: Decider>(
    app: &App,
    asked: &Asked,
    asking: &Asking,
) -> Result<(Option<DateTime<Utc>>, Option<File>), Problem> {
    asking.only(&["zoalsBekendOp"])?;
    let known_at = asking.known_at(app.clock.now())?;
    let id = Id::<D>::new(asked.id);
    let file = app.store.open_file(asked.worker.organisation(), id, known_at).await?;
    Ok((known_at, file))
}

/// The state that the events of a file lead to.
pub(super) fn fold<D: Decider>(events: &[Recorded]) -> D
where
    D::Event: TryFrom<domain::Event>,
{
    let own = events.iter().filter_map(|it| D::Event::try_from(it.event.clone()).ok());
    own.fold(D::default(), |state, event| state.evolve(&event))
}

/// Everybody of whom the events of a file tell.
pub(super) fn everybody(file: &File) -> impl Iterator<Item = Uuid> {
    file.events.iter().flat_map(|it| look::persons(it.stream_id, &it.event))
}

/// A file as it is shown, with whom that shows.
pub(super) fn answer(mut seen: Seen, file: &File, mut body: Value) -> Response {
    seen.known_at = file.known_at;
    body["id"] = json!(seen.id);
    body["versie"] = json!(file.version);
    if file.is_changed() {
        // Something that was told is missing here, and nobody ordered that.
        body["beschadigd"] = json!(true);
        tracing::error!(id = ?seen.id, "a file holds what does not open: see what verify says");
    }
    let span = file.events.first().zip(file.events.last());
    if let Some((first, last)) = span {
        body["vastgelegdOp"] = json!(utc(first.recorded_at));
        body["gewijzigdOp"] = json!(utc(last.recorded_at));
    }
    (Extension(seen), [(header::ETAG, etag(file.version))], Json(body)).into_response()
}

/// A melding as told, with the particulars opened where they belong.
fn told(id: Uuid, content: &Content, file: &File, hidden: &HashSet<Uuid>) -> Value {
    let people: Vec<Value> = content
        .persons
        .iter()
        .map(|person| {
            let details = details(&file.particulars, person.id, "person");
            json!({
                "id": person.id, "rollen": person.roles, "geslacht": person.sex, "leeftijd": person.age,
                "ongeboren": person.unborn,
                "gegevens": without_whereabouts(details, hidden.contains(&person.id)),
            })
        })
        .collect();
    json!({
        "ontvangenOp": moment(content.received), "kanaal": content.channel, "contact": content.contact,
        "melder": {
            "hoedanigheid": content.melder.hoedanigheid, "organisatie": content.melder.organisation,
            "anoniemVoorGezin": content.melder.hidden_from_family,
            "gegevens": details(&file.particulars, melder_subject(id), "melder"),
        },
        "gemeente": content.municipality, "personen": people,
        "relaties": content.pairs.iter().map(pair).collect::<Vec<_>>(),
        "vormen": content.all_forms(), "aard": content.all_natures(), "duur": content.duration, "kinderen": content.children,
        "acuutGevaar": content.acute_danger, "toelichtingen": texts(&file.particulars, id),
    })
}

/// The free texts under the key of a subject, in the order of recording.
pub(super) fn texts(particulars: &[Opened], subject: Uuid) -> Vec<&Value> {
    let own = particulars.iter().filter(|it| it.subject == subject && it.part == "text");
    own.filter_map(|it| it.content.readable()).collect()
}

/// The particulars of a subject, later ones over earlier ones; `null` when there are none, or they were destroyed.
pub(super) fn details(particulars: &[Opened], subject: Uuid, part: &str) -> Value {
    let own = particulars.iter().filter(|it| it.subject == subject && it.part == part);
    let mut all = Map::new();
    for it in own {
        if let Some(Value::Object(content)) = it.content.readable() {
            all.extend(content.clone());
        }
    }
    if all.is_empty() { Value::Null } else { Value::Object(all) }
}

pub(crate) fn pair(it: &Pair) -> Value {
    json!({
        "slachtoffer": it.victim, "pleger": it.perpetrator, "relatie": it.relation,
        "huidigOfVoormalig": it.current_or_former, "samenwonend": it.cohabiting, "vormen": it.forms, "aard": it.natures,
        "vermoedOfVastgesteld": it.certainty,
    })
}

/// A time where it is known, otherwise the date.
fn moment(it: Moment) -> String {
    it.at.map_or_else(|| it.on.to_string(), utc)
}
