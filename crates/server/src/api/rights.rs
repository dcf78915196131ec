//! Who could see a casus at a moment: told from its own events up to that moment, by the same decision that lets workers in today. Who did look is
//! another question (`/v1/inzagen`). What the register does not know it says: who had which role, and who was in which team.

use super::file::{everybody, fold};
use super::input::{Asked, Asking};
use crate::app::App;
use crate::clock::{dutch_date, utc};
use crate::looking::Seen;
use crate::problem::Problem;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use axum::{Extension, Json};
use chrono::{DateTime, Utc};
use domain::access::{Around, Role, Wall, Who, who};
use domain::case::assignment::Assignment;
use domain::case::{Case, Event, restriction};
use domain::codes::{List, label};
use domain::decider::Decider;
use domain::id::{Id, Organisation};
use serde_json::{Value, json};
use store::hidden::{Emergencies, Emergency};
use store::log::Recorded;
use uuid::Uuid;

/// What only the identity provider can tell.
const NOT_KNOWN: [&str; 2] = [
    "welke medewerkers op dat moment welke rol hadden: dat weet de uitgever van de tokens",
    "welke medewerkers op dat moment in een team zaten: dat weet de uitgever van de tokens",
];

/// `GET /v1/casussen/{id}/inzagerechten`
pub(super) async fn read(
    State(app): State<App>,
    asked: Asked,
    asking: Asking,
) -> Result<Response, Problem> {
    asking.only(&["op"])?;
    let now = app.clock.now();
    let at = asking.moment("op", now)?;
    let organisation = asked.worker.organisation();
    let file = app.store.open_file(organisation, Id::<Case>::new(asked.id), at).await?;
    let file = file.ok_or_else(Problem::not_found)?;
    let case: Case = fold(&file.events);
    let at = at.unwrap_or(now);
    let around = Around { walls: wall(asked.id, &case).into_iter().collect(), ..Around::default() };
    let mut body = told(&who(organisation, &around, at), &case, &file.events);
    body["id"] = json!(asked.id);
    body["op"] = json!(utc(at));
    body["noodtoegang"] = json!(emergencies(&app, organisation, asked.id, at).await?);
    body["nietBekend"] = json!(NOT_KNOWN);
    body["inzagen"] = json!(looks(at));
    let mut seen = Seen::of("inzagerechten", Some(asked.id), everybody(&file));
    seen.known_at = file.known_at;
    Ok((Extension(seen), Json(body)).into_response())
}

/// Who had it open in an emergency at that moment.
async fn emergencies(
    app: &App,
    organisation: Organisation,
    case: Uuid,
    at: DateTime<Utc>,
) -> Result<Vec<Value>, Problem> {
    let which = Emergencies { file: Some(case), ..Emergencies::default() };
    let mut all = app.store.emergencies(organisation, &which).await?;
    all.retain(|it| it.kind == Case::STREAM && it.opened_at <= at && at < it.until);
    let one = |it: &Emergency| {
        json!({
            "noodtoegang": it.emergency, "medewerker": it.worker, "geopendOp": utc(it.opened_at), "tot": utc(it.until),
        })
    };
    Ok(all.iter().map(one).collect())
}

fn wall(id: Uuid, case: &Case) -> Option<Wall> {
    let standing = case.restriction.0.as_ref()?;
    let (assigned, terms) = (case.assignment, standing.terms.clone());
    Some(Wall { case: id, assigned, terms, broken: vec![] })
}

fn told(who: &Who, case: &Case, events: &[Recorded]) -> Value {
    let names = |roles: &[Role]| roles.iter().map(|it| it.name()).collect::<Vec<_>>();
    let Assignment { worker, team } = case.assignment;
    let restriction = case.restriction.0.as_ref().map(|it| {
        json!({
            "sinds": it.since, "reden": it.reason, "redenLabel": label(List::RestrictionReason, it.reason.as_str()),
        })
    });
    json!({
        "afgeschermd": restriction.is_some(),
        // Since when this was so, and since when somebody could know it.
        "geldtSinds": last(events, changes_who).map(|it| utc(it.recorded_at)),
        "afscherming": restriction,
        "rollen": names(&who.roles),
        "genoemd": { "rollen": names(&who.roles_if_named), "medewerkers": who.workers, "teams": who.teams },
        "uitgesloten": who.excluded,
        "behandelaar": worker, "team": team,
        "toegewezenSinds": last(events, assigns).map(|it| utc(it.recorded_at)),
    })
}

/// The last event of a kind.
fn last(events: &[Recorded], kind: fn(&Event) -> bool) -> Option<&Recorded> {
    let of_kind = |it: &&Recorded| match &it.event {
        domain::Event::Case(event) => kind(event),
        _ => false,
    };
    events.iter().rev().find(of_kind)
}

/// Opening it, restricting it, naming others, lifting it.
fn changes_who(event: &Event) -> bool {
    use restriction::Event as E;
    matches!(event, Event::Opened { .. } | Event::Restriction(E::Placed { .. } | E::Lifted { .. }))
}

fn assigns(event: &Event) -> bool {
    matches!(event, Event::Assignment(_))
}

/// Where it stands who looked on that day.
fn looks(at: DateTime<Utc>) -> String {
    let day = dutch_date(at);
    format!("/v1/inzagen?van={day}&tot={day}")
}
