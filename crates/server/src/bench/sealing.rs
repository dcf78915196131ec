//! What sealing costs whoever takes in a melding, over HTTP: with and without what makes people recognisable, in turns in one run. Once as the
//! one request that records it, and once as the whole intake: the call, a search for who is named, the melding, and reading it back.

use super::finding::people::Person;
use super::ground::Ground;
use super::median;
use super::serving::{CONNECTIONS, Server, get, load, put_contact, send, token};
use super::table::{Bar, Line, Table};
use crate::cli::Trouble;
use crate::clock::{Clock, dutch_date, random_id};
use domain::access::Role;
use serde_json::{Value, json};
use std::sync::Arc;

const PART: &str = "verzegelen";
const ROUNDS: usize = 7;
/// In so many people is chosen who is named.
const PEOPLE: u128 = 1_000_000;
/// Sealing may take less than a third of what goes through.
const BAR: Bar = Bar::Ratio { floor: 0.7, goal: 0.85 };

/// What of a melding is sealed.
#[derive(Clone, Copy)]
enum Told {
    Nothing,
    /// What was told, in words.
    Words,
    /// The words, and who the two people are: three keys, three sealed parts, and two people who can be found again.
    Everything,
}

/// What is asked of the server.
#[derive(Clone, Copy)]
enum Asked {
    Record(Told),
    TakeIn(Told),
}

/// In the order in which they are measured; the first of each kind is what the others stand beside.
const ALL: [Asked; 5] = [
    Asked::Record(Told::Nothing),
    Asked::Record(Told::Words),
    Asked::Record(Told::Everything),
    Asked::TakeIn(Told::Nothing),
    Asked::TakeIn(Told::Everything),
];

pub(super) async fn measure(
    database_url: &str,
    seconds: u64,
    table: &mut Table,
) -> Result<(), Trouble> {
    // A register of its own: who waits for what he recorded waits for the one that tells it, and that is to be the server.
    let ground = Ground::make(database_url, PART).await?;
    let measured = on(&ground, seconds, table).await;
    ground.clear().await?;
    measured
}

async fn on(ground: &Ground, seconds: u64, table: &mut Table) -> Result<(), Trouble> {
    table.busy("wat verzegelen kost over HTTP");
    let (server, _) = Server::start(ground).await?;
    let token: Arc<str> = token(Role::Intake).into();
    let mut rates: [Vec<f64>; ALL.len()] = Default::default();
    for _ in 0..ROUNDS {
        for (asked, rates) in ALL.into_iter().zip(&mut rates) {
            let token = token.clone();
            let walk = move || steps(&token, asked);
            let took = load(server.address(), seconds, walk).await?;
            rates.push(took.len() as f64 / seconds as f64);
        }
    }
    server.stop()?;
    let [recorded, words, everything, taken_in, whole] = rates.map(median);
    for (what, rate, beside, bar) in [
        ("PUT /v1/meldingen, toelichting", words, recorded, Some(BAR)),
        // Not judged by itself: it records three times as many rows and lets two people be found, and that costs as much unsealed (`--deel append`).
        ("PUT /v1/meldingen, toelichting en twee namen", everything, recorded, None),
        ("intake: contact, zoeken, melding met namen, lezen", whole, taken_in, Some(BAR)),
    ] {
        let what = format!("{what}, {CONNECTIONS} verbindingen");
        let line = Line::rate(PART, what, rate).beside(("zonder", beside));
        table.add(line.judged(bar));
    }
    Ok(())
}

fn steps(token: &str, asked: Asked) -> Vec<(Vec<u8>, u16)> {
    let (id, people) = (random_id(), [somebody(), somebody()]);
    let path = format!("/v1/meldingen/{id}");
    let record = |told| (send("PUT", &path, token, &melding(told, &people).to_string()), 201);
    match asked {
        Asked::Record(told) => vec![record(told)],
        Asked::TakeIn(told) => {
            let named =
                json!({ "naam": people[0].name(), "geboortedatum": &people[0].date()[..4] });
            vec![
                (put_contact(token), 201),
                (send("POST", "/v1/personen/_zoek", token, &named.to_string()), 200),
                record(told),
                (get(&path, Some(token)), 200),
            ]
        }
    }
}

fn somebody() -> Person {
    Person::number((random_id().as_u128() % PEOPLE) as usize)
}

fn melding(told: Told, people: &[Person; 2]) -> Value {
    let [victim, perpetrator] = [random_id(), random_id()];
    let mut body = json!({
        "ontvangenOp": dutch_date(Clock::Running.now()), "kanaal": "regionaal-nummer", "melder": { "hoedanigheid": "huisarts" },
        "gemeente": "0106", "acuutGevaar": "nee",
        "personen": [
            { "id": victim, "rollen": ["slachtoffer"], "geslacht": "vrouw" },
            { "id": perpetrator, "rollen": ["pleger"], "geslacht": "man" },
        ],
        "relaties": [{
            "slachtoffer": victim, "pleger": perpetrator, "relatie": "ongehuwde-partner-samenwonend",
            "vormen": ["huiselijk-geweld-overig"],
        }],
    });
    match told {
        Told::Nothing => {}
        Told::Words => body["toelichting"] = json!(TEXT),
        Told::Everything => {
            body["toelichting"] = json!(TEXT);
            for (nth, person) in people.iter().enumerate() {
                body["personen"][nth]["gegevens"] = json!({ "naam": person.name() });
            }
        }
    }
    body
}

const TEXT: &str = "Buren hoorden geschreeuw; er zijn kinderen in huis. Een verzonnen toelichting om mee te meten.";
