//! Is this person known already, and did somebody else tell of this incident before? Both answer with candidates and why they are shown; a
//! worker decides.

use super::input::{Asked, Asking, Body, By};
use crate::app::App;
use crate::body::{self, Fields};
use crate::clock::dutch_date;
use crate::looking::Seen;
use crate::problem::Problem;
use crate::schema::Schema;
use crate::seal::without_whereabouts;
use crate::sight::unseals;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use axum::{Extension, Json};
use domain::codes::{Code, List, label, values};
use domain::matching::{self, Address, Card, Reason, Told};
use domain::melding::Melding;
use domain::particulars::Bsn;
use serde::Serialize;
use serde_json::{Value, json};
use store::find::{Alike, Candidate, Duplicate, Occurrence};

/// How many candidates are shown when nobody says how many.
const USUAL: usize = 10;
/// How many meldingen are named with a candidate; all are counted.
const MELDINGEN: usize = 5;
/// What is asked when nobody could be found by it.
const TOO_LITTLE: &str = "hiermee is niemand te vinden; geef een BSN, telefoonnummer, postcode met huisnummer of hele geboortedatum, \
    of een achternaam met een voornaam, voorletter, geboortejaar of postcode";

/// What is asked.
struct Question {
    asked: Card,
    fields: Vec<Code>,
    most: usize,
}

/// `POST /v1/personen/_zoek`
pub(super) async fn persons(
    State(app): State<App>,
    By(worker): By,
    Body(body): Body,
) -> Result<Response, Problem> {
    let today = dutch_date(worker.at);
    let question = body::question(&body, Schema::PersonSearch, today, question)?;
    let Question { asked, fields, most } = question;
    let hidden = app.out_of_sight(&worker).await?;
    let candidates =
        app.store.search(worker.organisation(), &asked, most, &hidden, &unseals(&worker)).await?;
    let shown = candidates.iter().flat_map(Candidate::persons);
    let seen = Seen { fields, ..Seen::of("personen", None, shown) };
    let candidates: Vec<Value> = candidates.iter().map(candidate).collect();
    let body = json!({ "raadpleging": seen.look, "kandidaten": candidates });
    Ok((Extension(seen), Json(body)).into_response())
}

/// `GET /v1/meldingen/{id}/dubbelingen`
pub(super) async fn duplicates(
    State(app): State<App>,
    asked: Asked,
    asking: Asking,
) -> Result<Response, Problem> {
    asking.only(&[])?;
    let organisation = asked.worker.organisation();
    let melding = app.store.known::<Melding>(organisation, asked.id).await?;
    let Some(content) = melding.state.content() else { return Err(Problem::not_found()) };
    let hidden = app.out_of_sight(&asked.worker).await?;
    let found = app
        .store
        .duplicates(organisation, asked.id, content, &hidden, &unseals(&asked.worker))
        .await?;
    let alike = found.iter().flat_map(|it| &it.alike).flat_map(|it| [it.person, it.other]);
    let seen = Seen::of("dubbelingen", Some(asked.id), alike);
    let found: Vec<Value> = found.iter().map(duplicate).collect();
    let body = json!({ "raadpleging": seen.look, "dubbelingen": found });
    Ok((Extension(seen), Json(body)).into_response())
}

fn question(it: &Fields<'_>) -> Question {
    let _checked = super::person::birth_date(it);
    if let Some(Err(why)) = it.text("bsn").map(|bsn| bsn.parse::<Bsn>()) {
        it.fault("bsn", why);
    }
    let (postcode, number) = (it.text("postcode"), it.text("huisnummer"));
    let at_home = postcode.is_some() || number.is_some();
    let asked = Card::from(Told {
        name: it.text("naam"),
        first_names: it.text("voornamen"),
        prefix: it.text("voorvoegsel"),
        last_name: it.text("achternaam"),
        birth_name: None,
        born: it.text("geboortedatum"),
        bsn: it.text("bsn"),
        phone: it.text("telefoon"),
        address: at_home.then(|| Address { number, postcode, ..Address::default() }),
        sex: it.code("geslacht", List::Sex, it.today),
    });
    let given = values(List::SearchField).iter().filter(|field| it.has(&field.code));
    let fields = given.map(|field| Code::from(field.code.as_str())).collect();
    if matching::keys(&asked).is_empty() {
        it.fault_in_all(TOO_LITTLE);
    }
    Question { asked, fields, most: it.number("aantal").map_or(USUAL, usize::from) }
}

fn candidate(it: &Candidate) -> Value {
    let meldingen: Vec<Value> = it.meldingen.iter().take(MELDINGEN).map(occurrence).collect();
    let details = without_whereabouts(json!(it.card), it.sealed);
    json!({
        "persoon": it.person, "ookBekendAls": it.also, "score": it.score, "redenen": reasons(&it.reasons), "gegevens": details,
        "meldingen": meldingen, "aantalMeldingen": it.meldingen.len(),
    })
}

fn duplicate(it: &Duplicate) -> Value {
    let mut body = occurrence(&it.melding);
    body["personen"] = it.alike.iter().map(alike).collect();
    body
}

fn alike(it: &Alike) -> Value {
    json!({ "persoon": it.person, "andere": it.other, "score": it.score, "redenen": reasons(&it.reasons) })
}

fn occurrence(it: &Occurrence) -> Value {
    json!({ "melding": it.melding, "ontvangenOp": it.received_on, "omgezetInAdvies": it.withdrawn })
}

#[derive(Serialize)]
struct Why {
    code: &'static str,
    label: &'static str,
}

fn reasons(all: &[Reason]) -> Vec<Why> {
    let why = |it: &Reason| Why { code: it.code(), label: label(List::MatchReason, it.code()) };
    all.iter().map(why).collect()
}
