//! Two persons turn out to be one human being, or two after all: a link between two ids, made and undone from either side.

use super::input::{Asked, Body};
use super::melding::text_of;
use crate::app::App;
use crate::body;
use crate::problem::Problem;
use crate::schema::Schema;
use axum::body::Bytes;
use axum::extract::State;
use axum::response::Response;
use domain::codes::List;
use domain::decider::Decider;
use domain::person::{Command, Link, Person, Refusal};
use store::ExecuteError;
use uuid::Uuid;

/// `POST /v1/personen/{id}/samenvoegingen`
pub(super) async fn merge(
    State(app): State<App>,
    asked: Asked,
    Body(body): Body,
) -> Result<Response, Problem> {
    link(&app, &asked, &body, (Schema::PersonMerge, List::MergeReason, Command::Merge)).await
}

/// `POST /v1/personen/{id}/ontkoppelingen`
pub(super) async fn unmerge(
    State(app): State<App>,
    asked: Asked,
    Body(body): Body,
) -> Result<Response, Problem> {
    link(&app, &asked, &body, (Schema::PersonUnmerge, List::UnmergeReason, Command::Unmerge)).await
}

/// The link stands on the stream of one of the two, whichever of them was asked about; the answer names that one. What was written
/// about it is sealed under the same person's key.
async fn link(
    app: &App,
    asked: &Asked,
    body: &Bytes,
    (schema, reasons, command): (Schema, List, fn(Link) -> Command),
) -> Result<Response, Problem> {
    let mut order = asked.action()?;
    let stamp = asked.worker.stamp(order.key);
    let (command, (with, person, text)) = body::command::<Person, _>(body, schema, &stamp, |it| {
        let with = it.uuid("met");
        let reason = it.code("reden", reasons, stamp.today);
        let on = it.date("op");
        let link = Link::between(asked.id, with?, reason?, on?);
        let (person, text) = (link.person(), text_of(it, link.person()));
        Some((command(link), (with?, person, text)))
    })?;
    both_are_known(app, asked, with).await?;
    if let Some(seen) = order.seen.take_if(|_| person != asked.id) {
        // The version that the worker saw is that of the person asked about, on whose stream nothing will change.
        let known = app.store.known::<Person>(stamp.organisation, asked.id).await?;
        if known.version != seen
            && !app.store.recorded_before(stamp.organisation, stamp.key).await?
        {
            return Err(ExecuteError::<Refusal>::Overtaken.into());
        }
    }
    app.execute::<Person>(&asked.worker, person, order, command, text).await
}

/// This knowledge of other streams goes with the command: a link leads to persons of its own organisation, both in sight.
async fn both_are_known(app: &App, asked: &Asked, with: Uuid) -> Result<(), Problem> {
    let organisation = asked.worker.organisation();
    if !app.store.known_person(organisation, asked.id).await? {
        return Err(Problem::not_found());
    }
    let in_sight = app.in_sight(&asked.worker, Person::STREAM, with).await?;
    if !app.store.known_person(organisation, in_sight).await? {
        return Err(Problem::parameter("/met", format!("persoon {with} is er niet")));
    }
    Ok(())
}
