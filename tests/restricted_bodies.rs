//! A file that is not for everybody, named in what is sent: of what is not his whoever sends it is told what he would be told of nothing, and he gets
//! nothing of it by way of a file that is his.

use crate::access::{ask, make, told};
use crate::answer::Answer;
use crate::house::{House, id};
use crate::restricted::{IT, NOWHERE, STRANGER, whole};
use crate::steps::{at, other, take};
use crate::told::{WOMAN, about, assess, but, melding, receive_melding};
use crate::verzoeken::request;
use domain::access::Role;
use serde_json::{Value, json};
use server::api::{ROUTES, Route};
use sqlx::PgPool;
use uuid::Uuid;

/// In every body every number in turn: of what is not his he is told what he would be told of nothing. Not of an emergency, which is there to open
/// it (`noodtoegang.rs`).
#[sqlx::test(migrator = "store::MIGRATOR")]
async fn a_number_in_a_body_says_no_more_than_one_in_a_path(pool: PgPool) {
    let house = House::on("2026-06-30", &pool).await;
    of_people_who_are_nowhere_else(&house).await;
    receive_melding(&house, 1, &melding("2026-06-29")).await;
    let (mut number, mut refused) = (0x1000, 0);
    let others = ROUTES.iter().filter(|it| it.method != "get" && it.path != "/noodtoegang/{id}");
    for route in others {
        for pointer in numbers_in(&naming_more(route, number), "") {
            let mut answers = Vec::new();
            for named in [IT, NOWHERE] {
                // Each has a file of its own in the path: what one answer changes is not seen by the other.
                number += 0x200;
                make(&house, route, number).await;
                let body = but(naming_more(route, number), &pointer, json!(id(named)));
                let asked = ask(&house, route, number, Role::CaseWorker).who(STRANGER).json(&body);
                let answer = asked.await;
                answers.push(without_numbers(&answer, [number, number + 50, other(number), named]));
                // The same two persons are in every other casus here: they are not to be hidden by what was tried.
                let lifted = json!({ "op": "2026-06-30" });
                house.post(at(number, "afscherming/opheffing"), &lifted).by(Role::Privacy).await;
            }
            assert_eq!(answers[0], answers[1], "{} {} {pointer}", route.method, route.path);
            refused += usize::from(answers[0].0 == 400);
        }
    }
    assert!(refused >= 7, "{refused}");
}

/// A body in which also stands what may be left out, as far as it is a number.
fn naming_more(route: &Route, number: u128) -> Value {
    let told = told(route, number).unwrap();
    match route.path {
        "/meldingen/{id}" | "/adviezen/{id}" | "/adviezen/{id}/contactmomenten" => {
            but(told, "/contact", json!(id(7)))
        }
        "/contacten/{id}/afronding" => but(told, "/leiddeTot", json!(id(7))),
        "/meldingen/{id}/correcties" => {
            but(told, "/personen", melding("2026-06-29")["personen"].clone())
        }
        "/casussen/{id}" => but(told, "/meldingen", json!([id(7)])),
        "/verzoeken/{id}" => but(told, "/casus", json!(id(7))),
        _ => told,
    }
}

/// What a request for destruction or correction is decided or done about.
#[sqlx::test(migrator = "store::MIGRATOR")]
async fn a_file_that_a_decision_names_is_told_no_more_of_than_what_is_nowhere(pool: PgPool) {
    let house = House::on("2026-06-30", &pool).await;
    of_people_who_are_nowhere_else(&house).await;
    receive_melding(&house, 1, &melding("2026-06-29")).await;
    let correction = json!({ "reden": "anders", "gemeente": "1680" });
    house.post(format!("/v1/meldingen/{}/correcties", id(IT)), &correction).await.is(200);
    let decided = json!({ "op": "2026-06-30", "uitkomst": "toegewezen" });
    for (kind, number) in [("vernietiging", 0x601), ("correctie", 0x602)] {
        let path = format!("/v1/verzoeken/{}", id(number));
        let asked = but(but(request(number), "/soort", kind), "/tekst", "Dit klopt niet.");
        house.put(&path, &asked).await.is(201);
        let told = |named: u128| {
            if kind == "vernietiging" {
                let texts = json!([{ "dossier": id(named), "vernietigen": true }]);
                return (format!("{path}/besluit"), but(decided.clone(), "/teksten", texts));
            }
            (format!("{path}/uitvoering"), json!({ "op": "2026-06-30", "dossiers": [id(named)] }))
        };
        if kind == "correctie" {
            house.post(format!("{path}/besluit"), &decided).await.is(200);
        }
        let mut answers = Vec::new();
        for named in [IT, NOWHERE] {
            let (path, body) = told(named);
            answers.push(whole(&house.post(path, &body).who(STRANGER).await.is(400)));
        }
        assert_eq!(answers[0], answers[1], "{kind}");
    }
}

/// A restricted casus about people who are in no other.
async fn of_people_who_are_nowhere_else(house: &House) {
    receive_melding(house, IT, &about("2026-06-29", 0x20, 0x21)).await;
    assess(house, IT, "2026-06-29", "vervolgstappen-bij-veilig-thuis").await;
    let opened = json!({ "geopendOp": "2026-06-29", "meldingen": [id(IT)] });
    house.put(format!("/v1/casussen/{}", id(IT)), &opened).await.is(201);
    house.put(format!("/v1/personen/{}", id(IT)), &json!({ "geslacht": "vrouw" })).await.is(201);
    let told = json!({ "persoon": id(IT), "rollen": ["getuige"], "vanaf": "2026-06-29" });
    house.post(at(IT, "betrokkenen"), &told).await.is(200);
    take(house, "afscherming", IT).await;
}

/// Where in a body numbers stand.
fn numbers_in(body: &Value, at: &str) -> Vec<String> {
    match body {
        Value::String(text) => text.parse::<Uuid>().map(|_| at.to_owned()).into_iter().collect(),
        Value::Array(all) => {
            let each = all.iter().enumerate();
            each.flat_map(|(nth, it)| numbers_in(it, &format!("{at}/{nth}"))).collect()
        }
        Value::Object(all) => {
            all.iter().flat_map(|(key, it)| numbers_in(it, &format!("{at}/{key}"))).collect()
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => vec![],
    }
}

/// What is answered; of what was recorded only that it was, for each is recorded elsewhere.
fn without_numbers(answer: &Answer, numbers: [u128; 4]) -> (u16, String) {
    let text = if answer.status < 400 { String::new() } else { answer.text() };
    let blank = |text: String, number| text.replace(&id(number).to_string(), "?");
    (answer.status, numbers.into_iter().fold(text, blank))
}

/// Somebody who is known under two records, of which one is not for everybody: whoever does not see both destroys neither.
#[sqlx::test(migrator = "store::MIGRATOR")]
async fn what_somebody_does_not_see_he_does_not_destroy(pool: PgPool) {
    let house = House::on("2026-06-30", &pool).await;
    of_people_who_are_nowhere_else(&house).await;
    receive_melding(&house, 1, &melding("2026-06-29")).await;
    let merged = json!({ "met": id(IT), "reden": "anders", "op": "2026-06-30" });
    house.post(format!("/v1/personen/{}/samenvoegingen", id(WOMAN)), &merged).await.is(200);
    let path = format!("/v1/verzoeken/{}", id(0x603));
    let asked = but(request(0x603), "/soort", "vernietiging");
    house.put(&path, &asked).who(STRANGER).await.is(201);
    let decided = json!({ "op": "2026-06-30", "uitkomst": "toegewezen" });
    let refused = house.post(format!("{path}/besluit"), &decided).who(STRANGER).await.is(409);
    assert!(refused.text().contains("door wie alles mag zien"), "{}", refused.text());
    assert!(!refused.text().contains(&id(IT).to_string()));
    assert!(house.app.store.orders_pending().await.unwrap().is_empty());
    house.post(format!("{path}/besluit"), &decided).by(Role::Privacy).await.is(200);
    assert_eq!(house.app.store.orders_pending().await.unwrap().len(), 1);
}
