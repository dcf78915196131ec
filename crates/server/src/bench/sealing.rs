//! What sealing costs on the way of an intake: the same meldingen over HTTP, with and without what makes people recognisable, in turns in one run.

use super::ground::Ground;
use super::median;
use super::serving::{CONNECTIONS, Server, load, token};
use super::table::{Bar, Line, Table};
use crate::cli::Trouble;
use crate::clock::{Clock, dutch_date, random_id};
use domain::access::Role;
use serde_json::{Value, json};
use std::sync::Arc;

const ROUNDS: usize = 5;
/// Sealing may take less than a third of what goes through.
const BAR: Bar = Bar::Ratio { floor: 0.7, goal: 0.85 };

/// What of a melding is sealed.
#[derive(Clone, Copy)]
enum Told {
    Nothing,
    /// What was told, in words.
    Words,
    /// The words, and who the two people are: three keys and three sealed parts.
    Everything,
}

pub(super) async fn measure(
    ground: &Ground,
    seconds: u64,
    table: &mut Table,
) -> Result<(), Trouble> {
    table.busy("wat verzegelen kost over HTTP");
    let (server, _) = Server::start(ground).await?;
    let token: Arc<str> = token(Role::Intake).into();
    let mut rates: [Vec<f64>; 3] = Default::default();
    for _ in 0..ROUNDS {
        for (told, rates) in
            [Told::Nothing, Told::Words, Told::Everything].into_iter().zip(&mut rates)
        {
            let token = token.clone();
            let put = move || put_melding(&token, told);
            let took = load(server.address(), seconds, put, 201).await?;
            rates.push(took.len() as f64 / seconds as f64);
        }
    }
    server.stop()?;
    let [nothing, words, everything] = rates.map(median);
    for (what, rate) in [("toelichting", words), ("toelichting en twee namen", everything)] {
        let what = format!("PUT /v1/meldingen, {what}, {CONNECTIONS} verbindingen");
        let line = Line::rate("sleutels", what, rate).beside(("zonder", nothing));
        table.add(line.judged(BAR));
    }
    Ok(())
}

fn put_melding(token: &str, told: Told) -> Vec<u8> {
    let body = melding(told).to_string();
    format!(
        "PUT /v1/meldingen/{} HTTP/1.1\r\nHost: meldboek\r\nAuthorization: Bearer {token}\r\n\
         Content-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
        random_id(),
        body.len()
    )
    .into_bytes()
}

fn melding(told: Told) -> Value {
    let (victim, perpetrator) = (random_id(), random_id());
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
            for nth in 0..2 {
                body["personen"][nth]["gegevens"] = json!({ "naam": "Testpersoon van de Meting" });
            }
        }
    }
    body
}

const TEXT: &str = "Buren hoorden geschreeuw; er zijn kinderen in huis. Een verzonnen toelichting om mee te meten.";
