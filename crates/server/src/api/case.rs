//! Casussen: opened, joined by meldingen, people and what one did to another, closed; and every step of the process, one file per group of
//! topics below `case/`.

mod placing;
mod services;
mod watching;

pub(super) use placing::*;
pub(super) use services::*;
pub(super) use watching::*;

use super::input::{Asked, Body};
use super::melding::{text_of, told_pair};
use crate::app::App;
use crate::body::{self, Fields};
use crate::problem::{InputFault, Problem};
use crate::schema::Schema;
use crate::worker::Worker;
use axum::extract::State;
use axum::response::Response;
use chrono::NaiveDate;
use domain::case::follow_up;
use domain::case::meldingen::{Joined, Known};
use domain::case::{Case, Command, Stage};
use domain::codes::List;
use domain::id::Id;
use domain::melding::Melding;
use std::future::Future;
use std::pin::Pin;
use uuid::Uuid;

/// `PUT /v1/casussen/{id}`
pub(super) async fn open(
    State(app): State<App>,
    asked: Asked,
    Body(body): Body,
) -> Result<Response, Problem> {
    let order = asked.creation::<Case>();
    let stamp = asked.worker.stamp(order.key);
    let (command, (on, ids)) = body::command::<Case, _>(&body, Schema::Case, &stamp, |it| {
        let on = it.date("geopendOp")?;
        Some((Command::Open { on, meldingen: vec![] }, (on, it.uuids("meldingen"))))
    })?;
    let meldingen = there(&app, &asked.worker, "/meldingen", &ids).await?;
    let command = if ids.is_empty() { command } else { Command::Open { on, meldingen } };
    let answer = app.execute::<Case>(&asked.worker, asked.id, order, command, vec![]).await?;
    take_in_what_was_missed(&app, &asked.worker, asked.id).await?;
    Ok(answer)
}

/// `POST /v1/casussen/{id}/meldingen`
pub(super) async fn join(
    State(app): State<App>,
    asked: Asked,
    Body(body): Body,
) -> Result<Response, Problem> {
    let order = asked.action()?;
    let stamp = asked.worker.stamp(order.key);
    // What is asked is checked before the melding is looked up: all that is wrong with it is said at once.
    let (_, (id, on)) = body::command::<Case, _>(&body, Schema::CaseMelding, &stamp, |it| {
        let (id, on) = (it.uuid("melding"), it.date("op"));
        let (id, on) = (id?, on?);
        Some((Command::JoinMelding { melding: Known::asked(id, on), on }, (id, on)))
    })?;
    let known = there(&app, &asked.worker, "/melding", &[id]).await?;
    let joins = known.into_iter().next().ok_or_else(Problem::not_found)?;
    let command = Command::JoinMelding { melding: joins, on };
    let answer = app.execute::<Case>(&asked.worker, asked.id, order, command, vec![]).await?;
    take_in_what_was_missed(&app, &asked.worker, asked.id).await?;
    Ok(answer)
}

/// `POST /v1/casussen/{id}/betrokkenen`
pub(super) async fn involve(
    State(app): State<App>,
    asked: Asked,
    Body(body): Body,
) -> Result<Response, Problem> {
    let order = asked.action()?;
    let stamp = asked.worker.stamp(order.key);
    let (command, ()) = body::command::<Case, _>(&body, Schema::CasePerson, &stamp, |it| {
        let from = it.date("vanaf");
        let person = it.uuid("persoon");
        let roles = it.codes("rollen", List::Role, from.unwrap_or(stamp.today));
        Some((Command::InvolvePerson { person: person?, roles, from: from? }, ()))
    })?;
    app.execute::<Case>(&asked.worker, asked.id, order, command, vec![]).await
}

/// `POST /v1/casussen/{id}/relaties`
pub(super) async fn record_pair(
    State(app): State<App>,
    asked: Asked,
    Body(body): Body,
) -> Result<Response, Problem> {
    let order = asked.action()?;
    let stamp = asked.worker.stamp(order.key);
    let (command, ()) = body::command::<Case, _>(&body, Schema::CasePair, &stamp, |it| {
        let on = it.date("op");
        let pair = it.inner("relatie", |pair| told_pair(pair, on.unwrap_or(stamp.today)));
        Some((Command::RecordPair { pair: pair?, on: on? }, ()))
    })?;
    app.execute::<Case>(&asked.worker, asked.id, order, command, vec![]).await
}

/// `POST /v1/casussen/{id}/sluiting`
pub(super) async fn close(
    State(app): State<App>,
    asked: Asked,
    Body(body): Body,
) -> Result<Response, Problem> {
    let order = asked.action()?;
    let stamp = asked.worker.stamp(order.key);
    let (command, ()) = body::command::<Case, _>(&body, Schema::CaseClosing, &stamp, |it| {
        let on = it.date("op");
        let outcome = it.code("uitkomst", List::CaseOutcome, on.unwrap_or(stamp.today));
        Some((Command::Close { on: on?, outcome: outcome? }, ()))
    })?;
    take_in_what_was_missed(&app, &asked.worker, asked.id).await?;
    app.execute::<Case>(&asked.worker, asked.id, order, command, vec![]).await
}

/// What a step of the process answers with.
type Answering = Pin<Box<dyn Future<Output = Result<Response, Problem>> + Send>>;

/// One step of the process: its body is read into a command of the casus; free text with it is sealed under the key of the casus.
pub(super) fn step(
    schema: Schema,
    read: fn(&Fields<'_>, NaiveDate) -> Option<Command>,
) -> impl Fn(State<App>, Asked, Body) -> Answering + Clone + Send + Sync + 'static {
    move |State(app), asked, Body(body)| {
        Box::pin(async move {
            let order = asked.action()?;
            let stamp = asked.worker.stamp(order.key);
            let (command, particulars) = body::command::<Case, _>(&body, schema, &stamp, |it| {
                // Codes are those of the day that it is about.
                let command = read(it, it.date("op").unwrap_or(stamp.today));
                let mut particulars = text_of(it, asked.id);
                particulars.extend(placing::receiver(it, asked.id));
                Some((command?, particulars))
            })?;
            app.execute::<Case>(&asked.worker, asked.id, order, command, particulars).await
        })
    }
}

/// A casus holds meldingen of its own organisation that its worker may see: this knowledge of other streams goes with the command.
async fn there(
    app: &App,
    worker: &Worker,
    at: &str,
    meldingen: &[Uuid],
) -> Result<Vec<Known>, Problem> {
    let hidden = app.hidden::<Melding>(worker, meldingen).await?;
    let (mut known, mut faults) = (Vec::new(), Vec::new());
    for id in meldingen {
        let melding = app.store.known::<Melding>(worker.organisation(), *id).await?;
        if let Some(it) = Known::of(*id, &melding.state).filter(|_| !hidden.contains(id)) {
            known.push(it);
        } else {
            let detail = format!("melding {id} is er niet");
            faults.push(InputFault { pointer: at.to_owned(), detail });
        }
    }
    if faults.is_empty() { Ok(known) } else { Err(Problem::Invalid(faults)) }
}

/// A melding may join while it is being assessed, corrected, or turned into an advies, by somebody who does not see it there yet. Both look again
/// afterwards, and so does who closes: the later of them finds what the other did.
pub(super) async fn take_in_what_was_missed(
    app: &App,
    worker: &Worker,
    case: Uuid,
) -> Result<(), Problem> {
    let organisation = worker.organisation();
    let known = app.store.known::<Case>(organisation, case).await?.state;
    if !matches!(known.stage, Stage::Open { .. }) {
        return Ok(());
    }
    for (id, joined) in &known.meldingen {
        let melding = app.store.known::<Melding>(organisation, *id).await?;
        let Some(now) = Known::of(*id, &melding.state) else { continue };
        let today = worker.stamp(case).today;
        for (what, command) in missed(joined, now, today) {
            // Whoever finds the same at the same time records it once.
            let number = format!("{case} {} {what}", melding.version);
            let stamp = worker.stamp(Uuid::new_v5(id, number.as_bytes()));
            let (stream, command) = (Id::<Case>::new(case), Command::FollowUp(command));
            let receipt = app.store.execute(stream, command, vec![], &stamp, None).await?;
            app.store.shown(&receipt).await;
        }
    }
    Ok(())
}

/// What a melding says by now that its casus does not know.
fn missed(
    joined: &Joined,
    now: Known,
    today: NaiveDate,
) -> Vec<(&'static str, follow_up::Command)> {
    let melding = now.melding;
    let received_on = Some(now.received_on).filter(|it| joined.received_on != Some(*it));
    let municipality = Some(now.municipality).filter(|it| joined.municipality.as_ref() != Some(it));
    let mut commands = Vec::new();
    if received_on.is_some() || municipality.is_some() {
        let on = today;
        let correct = follow_up::Command::Correct { melding, on, received_on, municipality };
        commands.push(("correctie", correct));
    }
    match now.decision {
        Some(decision) if joined.waits() => {
            commands.push(("besluit", follow_up::Command::TakeIn { melding, decision }));
        }
        None if joined.waits() && now.withdrawn => {
            commands.push(("intrekking", follow_up::Command::LetGo { melding, on: today }));
        }
        Some(_) | None => {}
    }
    commands
}
