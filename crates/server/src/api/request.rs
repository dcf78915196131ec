//! Requests: what persons ask about their own data. Each is received, decided upon, told and done; one that is about a casus is recorded in the
//! file of that casus in the same statement.

mod copying;
mod destroying;
mod reading;

pub(super) use copying::{draft_copy, fix_copy, read_copy, read_items, weigh_items};
pub(crate) use reading::WORDS;
pub(super) use reading::{in_case, read};

use super::input::{Asked, Body};
use super::melding::text_of;
use crate::app::{App, Order};
use crate::body::{self, Fields};
use crate::problem::{InputFault, Problem};
use crate::schema::Schema;
use crate::worker::Worker;
use axum::body::Bytes;
use axum::extract::State;
use axum::response::Response;
use domain::case::request::Command as Means;
use domain::case::{Case, Command as CaseCommand};
use domain::codes::List;
use domain::decider::{Decider, Stamp};
use domain::id::{Id, Organisation};
use domain::melding::Melding;
use domain::particulars::{PartialDate, Particular, requester_subject};
use domain::person::Person;
use domain::request::{
    AgeClass, Asker, By, Command, Content, Decision, Ground, Kind, Outcome, Request, Texts,
};
use std::collections::BTreeSet;
use uuid::Uuid;

/// `PUT /v1/verzoeken/{id}`
pub(super) async fn receive(
    State(app): State<App>,
    asked: Asked,
    Body(body): Body,
) -> Result<Response, Problem> {
    let order = asked.creation::<Request>();
    let stamp = asked.worker.stamp(order.key);
    let births = match person_in(&body) {
        Some(person) => {
            let person = app.in_sight(&asked.worker, Person::STREAM, person).await?;
            app.store.births(stamp.organisation, person).await?
        }
        None => vec![],
    };
    let (command, particulars) =
        body::command::<Request, _>(&body, Schema::Request, &stamp, |it| {
            let content = content(it, &stamp, &births);
            let particulars = told(it, asked.id);
            Some((Command::Receive(content?), particulars))
        })?;
    let Command::Receive(content) = &command else { return Err(Problem::not_found()) };
    is_there(&app, &asked.worker, content).await?;
    record(&app, &asked, order, command, particulars).await
}

/// Whose data a body is about, as far as it says; what is wrong with it is said when it is read.
fn person_in(body: &[u8]) -> Option<Uuid> {
    let body: serde_json::Value = serde_json::from_slice(body).ok()?;
    body.get("persoon")?.as_str()?.parse().ok()
}

fn content(it: &Fields<'_>, stamp: &Stamp, births: &[PartialDate]) -> Option<Content> {
    let on = it.date("ontvangenOp");
    let day = on.unwrap_or(stamp.today);
    let code = |key: &str, list| it.code(key, list, day);
    let kind = code("soort", Kind::LIST).and_then(|it| Kind::of(it.as_str()));
    let by = code("verzoeker", By::LIST).and_then(|it| By::of(it.as_str()));
    let said = code("leeftijdsgroep", AgeClass::LIST).and_then(|it| AgeClass::of(it.as_str()));
    let known: BTreeSet<AgeClass> =
        births.iter().filter_map(|born| AgeClass::on(*born, day)).collect();
    let known = known.first().copied().filter(|_| known.len() == 1);
    match (said, known) {
        (None, None) => it.fault(
            "leeftijdsgroep",
            "ontbreekt: de geboortedatum is niet (helemaal) bekend, dus zeg in welke leeftijdsgroep de persoon valt",
        ),
        (Some(said), Some(known)) if said != known => {
            let why = format!("klopt niet met de bekende geboortedatum: die geeft {}", known.code());
            it.fault("leeftijdsgroep", why);
        }
        (Some(_), _) | (None, Some(_)) => {}
    }
    let identity = code("vaststellingIdentiteit", List::Identity);
    let (person, case) = (it.uuid("persoon"), it.uuid("casus"));
    let able = it.flag("kanBelangenAfwegen").unwrap_or(true);
    let in_writing = it.flag("schriftelijk");
    let wordless = kind == Some(Kind::Statement) && !it.has("tekst");
    if wordless {
        it.fault("tekst", "ontbreekt: een eigen verklaring heeft een tekst");
    }
    let asker = Asker { by: by?, age: known.or(said)?, able };
    let (kind, person, identity, on) = (kind?, person?, identity?, on?);
    Some(Content { kind, person, case, asker, identity, on, in_writing: in_writing? })
}

/// The words of who asks, under the key of whose data it is; and who he is, when he asks for another.
fn told(it: &Fields<'_>, request: Uuid) -> Vec<Particular> {
    let words = it.value("tekst").filter(|it| it.is_string()).map(ToString::to_string);
    let words = words.zip(it.uuid("persoon"));
    let words =
        words.map(|(content, subject)| Particular { subject, part: reading::WORDS, content });
    let asker = it.value("gegevensVerzoeker").filter(|it| it.is_object()).map(|content| {
        let (subject, content) = (requester_subject(request), content.to_string());
        Particular { subject, part: reading::REQUESTER, content }
    });
    words.into_iter().chain(asker).collect()
}

/// The person is known, and occurs in the casus.
async fn is_there(app: &App, worker: &Worker, it: &Content) -> Result<(), Problem> {
    let organisation = worker.organisation();
    let person = app.in_sight(worker, Person::STREAM, it.person).await?;
    let mut faults = Vec::new();
    let mut fault = |pointer: &str, detail: &str| {
        faults.push(InputFault { pointer: pointer.to_owned(), detail: detail.to_owned() });
    };
    if !app.store.known_person(organisation, person).await? {
        fault("/persoon", "deze persoon is hier niet bekend");
    }
    if let Some(case) = it.case
        && let Some(why) = is_not_in(app, worker, person, case).await?
    {
        fault("/casus", why);
    }
    if faults.is_empty() { Ok(()) } else { Err(Problem::Invalid(faults)) }
}

/// Why a casus is not one of a person, for a worker.
async fn is_not_in(
    app: &App,
    worker: &Worker,
    person: Uuid,
    case: Uuid,
) -> Result<Option<&'static str>, Problem> {
    let organisation = worker.organisation();
    let case = app.in_sight(worker, Case::STREAM, case).await?;
    let case = app.store.known::<Case>(organisation, case).await?;
    if case.version == 0 {
        return Ok(Some("deze casus is er niet"));
    }
    let occurs = occurs(app, organisation, person, &case.state).await?;
    Ok((!occurs).then_some("deze persoon komt in deze casus niet voor"))
}

async fn occurs(
    app: &App,
    organisation: Organisation,
    person: Uuid,
    case: &Case,
) -> Result<bool, Problem> {
    if case.people.contains_key(&person) {
        return Ok(true);
    }
    for melding in case.meldingen.keys() {
        let melding = app.store.known::<Melding>(organisation, *melding).await?;
        if melding.state.content().is_some_and(|it| it.person(person).is_some()) {
            return Ok(true);
        }
    }
    Ok(false)
}

/// `POST /v1/verzoeken/{id}/verlenging`
pub(super) async fn extend(
    State(app): State<App>,
    asked: Asked,
    Body(body): Body,
) -> Result<Response, Problem> {
    step(&app, &asked, &body, Schema::RequestExtended, |it, stamp| {
        let on = it.date("op");
        let reason = it.code("reden", List::ExtensionReason, on.unwrap_or(stamp.today));
        let (on, reason) = (on?, reason?);
        Some(Command::Extend { on, reason })
    })
    .await
}

/// `POST /v1/verzoeken/{id}/besluit`
pub(super) async fn decide(
    State(app): State<App>,
    asked: Asked,
    Body(body): Body,
) -> Result<Response, Problem> {
    let (order, command, text) =
        told_in_step(&app, &asked, &body, Schema::RequestDecided, decision).await?;
    if let Command::Decide(it) = &command {
        destroying::may_be(&app, &asked, it).await?;
    }
    let answer = record(&app, &asked, order, command, text).await?;
    destroying::order(&app, &asked).await?;
    Ok(answer)
}

fn decision(it: &Fields<'_>, stamp: &Stamp) -> Option<Command> {
    let on = it.date("op");
    let day = on.unwrap_or(stamp.today);
    let outcome = it.code("uitkomst", Outcome::LIST, day);
    let grounds = it.codes("gronden", Ground::LIST, day);
    let identity = it.code("vaststellingIdentiteit", List::Identity, day);
    let texts = it.each("teksten", |it| {
        let (file, destroyed) = (it.uuid("dossier"), it.flag("vernietigen"));
        Some(Texts { file: file?, destroyed: destroyed? })
    });
    let texts = if it.has("teksten") { texts? } else { vec![] };
    let outcome = outcome.and_then(|it| Outcome::of(it.as_str()));
    let grounds = grounds.iter().filter_map(|it| Ground::of(it.as_str())).collect();
    let (on, outcome) = (on?, outcome?);
    Some(Command::Decide(Decision { on, outcome, grounds, identity, texts }))
}

/// `POST /v1/verzoeken/{id}/bekendmaking`
pub(super) async fn tell(
    State(app): State<App>,
    asked: Asked,
    Body(body): Body,
) -> Result<Response, Problem> {
    step(&app, &asked, &body, Schema::RequestTold, |it, stamp| {
        let on = it.date("op");
        let way = it.code("wijze", List::InformingWay, on.unwrap_or(stamp.today));
        let (on, way) = (on?, way?);
        Some(Command::Tell { on, way })
    })
    .await
}

/// `POST /v1/verzoeken/{id}/uitvoering`
pub(super) async fn execute(
    State(app): State<App>,
    asked: Asked,
    Body(body): Body,
) -> Result<Response, Problem> {
    let order = asked.action()?;
    let stamp = asked.worker.stamp(order.key);
    let (command, ()) =
        body::command::<Request, _>(&body, Schema::RequestExecuted, &stamp, |it| {
            let (on, files) = (it.date("op"), it.uuids("dossiers"));
            Some((Command::Execute { on: on?, files }, ()))
        })?;
    if let Command::Execute { files, .. } = &command {
        corrected(&app, &asked, files).await?;
        destroying::is_done(&app, &asked).await?;
    }
    record(&app, &asked, order, command, vec![]).await
}

/// Where a correction is said to have been made, one was recorded since it was asked.
async fn corrected(app: &App, asked: &Asked, files: &[Uuid]) -> Result<(), Problem> {
    let organisation = asked.worker.organisation();
    let known = app.store.known::<Request>(organisation, asked.id).await?;
    let Some(it) = known.state.content else { return Ok(()) };
    let mut faults = Vec::new();
    for (nth, file) in files.iter().enumerate() {
        let pointer = format!("/dossiers/{nth}");
        if it.kind != Kind::Correction {
            let detail = "alleen bij een verzoek om correctie".to_owned();
            faults.push(InputFault { pointer, detail });
            continue;
        }
        let file = app.in_sight_of_any_kind(&asked.worker, *file).await?;
        if !app.store.corrected_since(organisation, file, it.on).await? {
            let detail = "hierin is sinds het verzoek geen correctie vastgelegd".to_owned();
            faults.push(InputFault { pointer, detail });
        }
    }
    if faults.is_empty() { Ok(()) } else { Err(Problem::Invalid(faults)) }
}

/// `POST /v1/verzoeken/{id}/intrekking`
pub(super) async fn withdraw(
    State(app): State<App>,
    asked: Asked,
    Body(body): Body,
) -> Result<Response, Problem> {
    step(&app, &asked, &body, Schema::RequestWithdrawn, |it, stamp| {
        let on = it.date("op");
        let reason = it.code("reden", List::RequestWithdrawal, on.unwrap_or(stamp.today));
        let (on, reason) = (on?, reason?);
        Some(Command::Withdraw { on, reason })
    })
    .await
}

/// One step: its body is read into a command; free text with it is sealed under the key of the person.
async fn step(
    app: &App,
    asked: &Asked,
    body: &Bytes,
    schema: Schema,
    read: impl FnOnce(&Fields<'_>, &Stamp) -> Option<Command>,
) -> Result<Response, Problem> {
    let (order, command, text) = told_in_step(app, asked, body, schema, read).await?;
    record(app, asked, order, command, text).await
}

/// What a step says, before it is recorded.
async fn told_in_step(
    app: &App,
    asked: &Asked,
    body: &Bytes,
    schema: Schema,
    read: impl FnOnce(&Fields<'_>, &Stamp) -> Option<Command>,
) -> Result<(Order, Command, Vec<Particular>), Problem> {
    let order = asked.action()?;
    let stamp = asked.worker.stamp(order.key);
    let known = app.store.known::<Request>(stamp.organisation, asked.id).await?;
    let person = known.state.content.map_or(asked.id, |it| it.person);
    let (command, text) = body::command::<Request, _>(body, schema, &stamp, |it| {
        let command = read(it, &stamp);
        Some((command?, text_of(it, person)))
    })?;
    Ok((order, command, text))
}

/// Records a command of a request, and what it means for the casus that it is about: both, or neither.
async fn record(
    app: &App,
    asked: &Asked,
    order: Order,
    command: Command,
    particulars: Vec<Particular>,
) -> Result<Response, Problem> {
    let stamp = asked.worker.stamp(order.key);
    let content = match &command {
        Command::Receive(content) => Some(content.clone()),
        _ => app.store.known::<Request>(stamp.organisation, asked.id).await?.state.content,
    };
    let case = content.as_ref().and_then(|it| it.case);
    let (Some(case), Some(means)) = (case, means(asked.id, &command)) else {
        return app.execute::<Request>(&asked.worker, asked.id, order, command, particulars).await;
    };
    let id = Id::<Request>::new(asked.id);
    let second = (Id::<Case>::new(case), CaseCommand::Request(means));
    let first = (id, command, particulars);
    let outcome = app.store.execute_both(first, second, &stamp, order.seen).await;
    app.answered(&asked.worker, id, order, outcome).await
}

/// What the casus keeps of it.
fn means(request: Uuid, command: &Command) -> Option<Means> {
    match command {
        Command::Receive(it) => {
            Some(Means::Ask { request, person: it.person, kind: it.kind, on: it.on })
        }
        Command::Decide(it) => Some(Means::Answer { request, outcome: it.outcome, on: it.on }),
        Command::Execute { on, .. } => Some(Means::Execute { request, on: *on }),
        Command::Withdraw { on, .. } => Some(Means::Withdraw { request, on: *on }),
        Command::Extend { .. } | Command::Tell { .. } | Command::Copy(_) => None,
    }
}
