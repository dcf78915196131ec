//! A casus that is not for everybody: for whoever is not let in there is no such casus, no such melding and no such person, on any route, in any
//! list or count, byte for byte.

use crate::access::{ask, told};
use crate::answer::Answer;
use crate::house::{Ask, House, id};
use crate::markers::{keep_the_log, log};
use crate::steps::{at, make_case, other, take};
use crate::told::{MAN, WOMAN, about, but, melding, receive_melding};
use axum::http::Method;
use domain::access::Role;
use serde_json::{Value, json};
use server::api::{ROUTES, Route};
use sqlx::PgPool;

/// The number of the casus, of its melding, and of a person in it.
pub(crate) const IT: u128 = 0x77;
/// Under which there is nothing.
pub(crate) const NOWHERE: u128 = 0xFFFE;
/// Somebody who works at Veilig Thuis, and not on this casus.
pub(crate) const STRANGER: u128 = 0x1234;
const EXCLUDED: u128 = 9;
const NAME: &str = "Verzonnen-Afgeschermd";

/// A restricted casus with a melding about two persons, both with files of their own.
async fn restricted(house: &House) {
    told_of(house).await;
    take(house, "afscherming", IT).await;
}

async fn told_of(house: &House) {
    make_case(house, IT).await;
    for person in [WOMAN, MAN, IT] {
        let told =
            json!({ "geslacht": "vrouw", "gegevens": { "achternaam": NAME, "bsn": "999990019" } });
        house.put(format!("/v1/personen/{}", id(person)), &told).await.is(201);
    }
    let told = json!({ "persoon": id(IT), "rollen": ["getuige"], "vanaf": "2026-06-29" });
    house.post(at(IT, "betrokkenen"), &told).await.is(200);
}

/// Everything of an answer but its date.
pub(crate) fn whole(answer: &Answer) -> (u16, Vec<(String, String)>, String) {
    let mut headers: Vec<(String, String)> = answer
        .headers
        .iter()
        .filter(|(name, _)| *name != "date" && *name != "traceparent")
        .map(|(name, value)| (name.to_string(), value.to_str().unwrap().to_owned()))
        .collect();
    headers.sort();
    (answer.status, headers, answer.text())
}

/// The routes that name a file that may be restricted.
fn about_files() -> impl Iterator<Item = &'static Route> {
    let nouns = ["/casussen/{id}", "/meldingen/{id}", "/personen/{id}"];
    ROUTES.iter().filter(move |it| nouns.iter().any(|noun| it.path.starts_with(noun)))
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn for_whoever_is_not_let_in_it_is_nowhere_on_every_route(pool: PgPool) {
    let house = House::on("2026-06-30", &pool).await;
    restricted(&house).await;
    receive_melding(&house, other(IT), &melding("2026-06-29")).await;
    let mut compared = 0;
    for route in about_files().filter(|it| it.method != "put") {
        let asked = |number, role| {
            let asked = ask(&house, route, number, role).who(STRANGER).numbered(0xB000_0000);
            // What is said in the body is the same, whatever is named in the path.
            told(route, IT).into_iter().fold(asked, |asked, body| asked.json(&body))
        };
        for (role, name) in Role::ALL.into_iter().filter(|(role, _)| *role != Role::Privacy) {
            let there = asked(IT, role).await;
            let nowhere = asked(NOWHERE, role).await;
            let place = format!("{} {} as {name}", route.method, route.path);
            assert!([400, 403, 404].contains(&there.status), "{place}: {}", there.text());
            assert_eq!(whole(&there), whole(&nowhere), "{place}");
            compared += 1;
        }
        // Whatever is wrong besides: it is said of both.
        for change in ["idempotency-key", "if-match", "body"] {
            let there = spoiled(asked(IT, Role::CaseWorker), change).await;
            let nowhere = spoiled(asked(NOWHERE, Role::CaseWorker), change).await;
            assert_eq!(whole(&there), whole(&nowhere), "{} {change}", route.path);
        }
    }
    assert!(compared > 400, "{compared}");
}

/// Time tells as much as words: what is not his takes the same statements, in the same order, as what is nowhere.
#[sqlx::test(migrator = "store::MIGRATOR")]
async fn what_is_not_his_takes_the_same_statements_as_what_is_nowhere(pool: PgPool) {
    let house = House::on("2026-06-30", &pool).await;
    restricted(&house).await;
    // What follows the log would mix its statements with ours.
    house.app.store.stop();
    for route in about_files().filter(|it| it.method != "put") {
        let mut taken = Vec::new();
        // The first time a statement is prepared as well.
        for number in [NOWHERE, IT, NOWHERE] {
            keep_the_log();
            let asked = ask(&house, route, number, Role::CaseWorker).who(STRANGER);
            told(route, IT).into_iter().fold(asked, |asked, body| asked.json(&body)).await;
            taken.push(statements(&log()));
        }
        assert!(!taken[1].is_empty(), "{}", route.path);
        assert_eq!(taken[1], taken[2], "{} {}", route.method, route.path);
    }
}

fn statements(log: &str) -> Vec<String> {
    let lines = log.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
    let queries = lines.filter(|it| it["target"] == "sqlx::query");
    queries
        .map(|it| it["fields"]["db.statement"].to_string() + &it["fields"]["summary"].to_string())
        .collect()
}

fn spoiled<'h>(ask: Ask<'h>, change: &str) -> Ask<'h> {
    match change {
        "body" => ask.json(&json!({ "vreemd": true })),
        "if-match" => ask.with("if-match", "\"1\""),
        _ => ask.without("idempotency-key"),
    }
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn whoever_works_on_it_or_was_named_and_the_privacy_officer_see_it(pool: PgPool) {
    let house = House::on("2026-06-30", &pool).await;
    restricted(&house).await;
    let files = ["casussen", "meldingen", "personen"].map(|it| format!("/v1/{it}/{}", id(IT)));
    for path in &files {
        house.get(path).await.is(200);
        house.get(path).by(Role::Privacy).await.is(200);
        house.get(path).who(STRANGER).in_team(1).await.is(200);
        for role in [Role::CaseWorker, Role::Intake, Role::Privacy] {
            house.get(path).by(role).who(EXCLUDED).in_team(1).await.is(404);
        }
        house.get(path).who(STRANGER).await.is(404);
    }
    let assign = json!({ "behandelaar": id(STRANGER), "op": "2026-06-30" });
    house.post(at(IT, "toewijzingen"), &assign).await.is(200);
    house.get(&files[0]).who(STRANGER).await.is(200);
    take(&house, "afscherming/opheffing", IT).await;
    for path in &files {
        house.get(path).who(0x4321).await.is(200);
    }
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn lists_counts_and_searches_are_those_of_a_register_in_which_it_never_was(pool: PgPool) {
    let house = House::on("2026-06-30", &pool).await;
    receive_melding(&house, 1, &melding_of("Verzonnen-Gewoon")).await;
    let before = asked_for_all(&house).await;
    receive_melding(&house, IT + 1, &melding_of(NAME)).await;
    restricted(&house).await;
    let join = json!({ "melding": id(IT + 1), "op": "2026-06-30" });
    house.post(at(IT, "meldingen"), &join).await.is(200);
    assert_eq!(asked_for_all(&house).await, before);
    // Whoever works on it sees more.
    let seen = house.get("/v1/werklijst").await.is(200).json();
    assert!(seen["aantal"].as_i64() > before[0]["aantal"].as_i64());
}

/// Another family, of which nothing is restricted.
fn melding_of(name: &str) -> Value {
    let number = if name == NAME { 0x20 } else { 0x30 };
    let told = about("2026-06-29", number, number + 1);
    let details = json!({ "achternaam": name, "voornamen": "Testpersoon", "bsn": "999990019" });
    but(told, "/personen/0/gegevens", details)
}

/// What somebody who is not let in gets of every list, count and search; without the number of the look, which differs each time.
async fn asked_for_all(house: &House) -> Vec<Value> {
    let mut all = Vec::new();
    for role in [Role::CaseWorker, Role::Manager, Role::Intake] {
        for path in ["/v1/werklijst", "/v1/werklijst?aantal=1", "/v1/wachtlijst"] {
            all.push(house.get(path).by(role).who(STRANGER).await.is(200).json());
        }
    }
    for asked in [
        json!({ "bsn": "999990019" }),
        json!({ "achternaam": NAME, "voornamen": "Testpersoon" }),
        json!({ "achternaam": "Verzonnen-Gewoon", "voornamen": "Testpersoon" }),
    ] {
        let found = house.post("/v1/personen/_zoek", &asked).who(STRANGER).await.is(200).json();
        all.push(found["kandidaten"].clone());
    }
    let path = format!("/v1/meldingen/{}/dubbelingen", id(1));
    all.push(house.get(path).who(STRANGER).await.is(200).json()["dubbelingen"].clone());
    all
}

/// Numbers are made by whoever sends: of one that was used before nobody can be told that it was not. He is told that, and no more.
#[sqlx::test(migrator = "store::MIGRATOR")]
async fn whoever_makes_something_under_its_number_learns_that_the_number_was_used(pool: PgPool) {
    let house = House::on("2026-06-30", &pool).await;
    restricted(&house).await;
    let used = house.put(format!("/v1/meldingen/{}", id(IT)), &melding("2026-06-28"));
    let used = used.who(STRANGER).await.is(409);
    assert!(used.json().get("gewijzigd").is_none());
    for route in about_files().filter(|it| it.method == "put") {
        let same = route.path.replace("{id}", &id(IT).to_string());
        let body = match route.path {
            "/meldingen/{id}" => melding("2026-06-29"),
            "/casussen/{id}" => json!({ "geopendOp": "2026-06-29", "meldingen": [id(IT)] }),
            _ => told(route, IT).unwrap(),
        };
        let answer = house.ask(Method::PUT, format!("/v1{same}")).json(&body).who(STRANGER).await;
        let expected = if route.path == "/casussen/{id}" { 400 } else { 409 };
        assert_eq!(answer.status, expected, "{}: {}", route.path, answer.text());
    }
}

/// What persons ask names them, and their casus: it is as hidden as they are, on every route and in every list.
#[sqlx::test(migrator = "store::MIGRATOR")]
async fn a_request_of_whoever_is_hidden_is_nowhere_as_well(pool: PgPool) {
    let house = House::on("2026-06-30", &pool).await;
    told_of(&house).await;
    let list = || async {
        house.get("/v1/werklijst").who(STRANGER).await.is(200).json()["aantal"].clone()
    };
    let request = |person: u128| {
        json!({
            "soort": "inzage", "persoon": id(person), "verzoeker": "zelf", "leeftijdsgroep": "18-of-ouder",
            "vaststellingIdentiteit": "identiteitsbewijs", "ontvangenOp": "2026-06-30", "schriftelijk": true,
        })
    };
    let path = format!("/v1/verzoeken/{}", id(0x501));
    let empty = list().await;
    house.put(&path, &request(IT)).await.is(201);
    let full = list().await;
    take(&house, "afscherming", IT).await;
    assert_ne!(full, empty);
    house.get(&path).await.is(200);
    let routes = ROUTES.iter().filter(|it| it.path.starts_with("/verzoeken/{id}"));
    for route in routes.filter(|it| it.method != "put") {
        let there = ask(&house, route, 0x501, Role::CaseWorker).who(STRANGER).await;
        let nowhere = ask(&house, route, NOWHERE, Role::CaseWorker).who(STRANGER).await;
        assert_eq!(there.status, 404, "{}: {}", route.path, there.text());
        assert_eq!(whole(&there), whole(&nowhere), "{}", route.path);
    }
    // The terms of the casus and of the request are gone from his list.
    assert_eq!(list().await, json!(0));
    let refused =
        |person| house.put(format!("/v1/verzoeken/{}", id(0x502)), &request(person)).who(STRANGER);
    let (there, nowhere) = (refused(IT).await, refused(NOWHERE).await);
    assert_eq!(whole(&there), whole(&nowhere));
    assert_eq!(there.status, 400);
}

/// To him it is nowhere; to who looks at looks it is not the same whether he asked for what is not there or for what is not his.
#[sqlx::test(migrator = "store::MIGRATOR")]
async fn whoever_asks_for_what_is_not_his_stands_out(pool: PgPool) {
    let mut house = House::on("2026-06-30", &pool).await;
    restricted(&house).await;
    for number in [IT, NOWHERE] {
        house.get(format!("/v1/casussen/{}", id(number))).who(STRANGER).await.is(404);
    }
    house.later(60);
    let looks = house.get(format!("/v1/inzagen?medewerker={}", id(STRANGER))).by(Role::Privacy);
    let looks = looks.await.is(200).json()["regels"].clone();
    let mut asked: Vec<_> = looks.as_array().unwrap().iter().collect();
    asked.sort_by_key(|it| it["id"].to_string());
    let asked: Vec<_> = asked.iter().map(|it| (&it["id"], &it["uitkomst"])).collect();
    let (turned, absent) = (json!("geweigerd"), json!("niet-gevonden"));
    assert_eq!(asked, [(&json!(id(IT)), &turned), (&json!(id(NOWHERE)), &absent)]);
    let unusual = house.get("/v1/inzagen/opvallend").by(Role::Privacy).await.is(200).text();
    assert!(unusual.contains("vroeg 1 keer om een dossier dat hij niet mag zien"), "{unusual}");
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn a_privacy_officer_who_is_excluded_does_not_see_who_looked_at_it(pool: PgPool) {
    let mut house = House::on("2026-06-30", &pool).await;
    restricted(&house).await;
    for path in ["casussen", "meldingen", "personen"].map(|it| format!("/v1/{it}/{}", id(IT))) {
        house.get(path).await.is(200);
    }
    house.get("/v1/werklijst").await.is(200);
    house.later(60);
    for path in ["/v1/inzagen", "/v1/inzagen/opvallend"] {
        let sees = |by: u128| house.get(path).by(Role::Privacy).who(by);
        let hidden = sees(EXCLUDED).await.is(200).text();
        assert!(!hidden.contains(&id(IT).to_string()), "{path}: {hidden}");
    }
    let all = house.get("/v1/inzagen").by(Role::Privacy).await.is(200).text();
    assert!(all.contains(&id(IT).to_string()));
}
