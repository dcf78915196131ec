//! `/v1/casussen/{id}/…`: what holds for every step of the process, whatever the step: one list of bodies, every route.

use crate::house::{House, id, stored};
use crate::source::files;
use crate::steps::{ON, TEXT, at, make_case, make_case_for, routes, step, take};
use crate::told::but;
use domain::refusal::{Fault, Why};
use serde_json::{Value, json};
use server::problem::in_wire_words;
use sqlx::PgPool;

/// Not among the steps with a text: these are told in codes and numbers only.
const WITHOUT_TEXT: [&str; 7] = [
    "meldingen",
    "betrokkenen",
    "relaties",
    "sluiting",
    "toewijzingen",
    "huishouden/inwoning",
    "huishouden/vertrek",
];

async fn lines(house: &House, number: u128, query: &str) -> Vec<Value> {
    let path = format!("{}{query}", at(number, "tijdlijn"));
    house.get(path).await.is(200).json()["gebeurtenissen"].as_array().unwrap().clone()
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn every_step_is_taken_once_however_often_it_is_sent(pool: PgPool) {
    let house = House::on(ON, &pool).await;
    for (number, (_, name)) in (100..).zip(routes()) {
        make_case_for(&house, name, number).await;
        let body = step(name, number).1;
        let send = |body: &Value| house.post(at(number, name), body).numbered(number);
        let first = send(&body).await.is(200);
        let before = stored(&pool).await;
        assert_eq!(send(&body).await.is(200).body, first.body, "{name}");
        // The same number for something else is refused, also when only what is sealed differs.
        let keys = ["toelichting", "op", "vanaf", "tot"].into_iter();
        let key = keys.into_iter().find(|it| body.get(*it).is_some()).unwrap();
        let something_else = but(body, &format!("/{key}"), "2026-06-29");
        let refused = send(&something_else).await.is(409);
        assert!(refused.text().contains("onder dit nummer is al iets anders"), "{name}");
        assert_eq!(stored(&pool).await, before, "{name}");
    }
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn every_step_stands_on_the_time_line_with_its_text_from_the_day_it_was_recorded(
    pool: PgPool,
) {
    let mut house = House::on(ON, &pool).await;
    for (number, (_, name)) in (100..).zip(routes()) {
        make_case_for(&house, name, number).await;
    }
    house.moves_to("2026-07-02");
    for (number, (_, name)) in (100..).zip(routes()) {
        let before = lines(&house, number, "").await;
        take(&house, name, number).await;
        let now = lines(&house, number, "").await;
        let line = &now[before.len()];
        assert_eq!(line["vastgelegdOp"], "2026-07-02T12:00:00Z", "{name}");
        assert!(line["wat"].is_string() && line["op"].is_string(), "{name}: {line}");
        let text = if WITHOUT_TEXT.contains(&name) { json!(null) } else { json!(TEXT) };
        assert_eq!(line.get("toelichting").cloned().unwrap_or_default(), text, "{name}");
        let then = lines(&house, number, "?zoalsBekendOp=2026-07-02").await;
        assert_eq!(then, before, "{name}");
    }
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn of_two_who_take_a_step_on_the_same_reading_the_second_is_told_and_changes_nothing(
    pool: PgPool,
) {
    let house = House::on(ON, &pool).await;
    for (number, (_, name)) in (100..).zip(routes()) {
        make_case_for(&house, name, number).await;
        let path = format!("/v1/casussen/{}", id(number));
        let seen = house.get(&path).await.is(200).header("etag").unwrap().to_owned();
        let body = step(name, number).1;
        house.post(at(number, name), &body).with("if-match", &seen).await.is(200);
        let (now, kept) = (house.get(&path).await.body, stored(&pool).await);
        let second = house.post(at(number, name), &body).with("if-match", &seen).await.is(412);
        let line = lines(&house, number, "").await;
        let what = line.iter().rev().find(|it| it["wat"] != "informeren-gaat-lopen").unwrap();
        let told = second.json()["gewijzigd"].as_array().unwrap().clone();
        assert!(told.iter().any(|it| it["wat"] == what["wat"]), "{name}: {told:?} {what}");
        // Without saying what was seen it is the state of affairs that says no, or it is a new fact of its own.
        let third = house.post(at(number, name), &body).await;
        assert!([200, 400, 409].contains(&third.status), "{name}: {}", third.text());
        if third.status != 200 {
            assert_eq!((house.get(&path).await.body, stored(&pool).await), (now, kept), "{name}");
        }
    }
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn a_casus_of_another_organisation_is_not_there(pool: PgPool) {
    let house = House::on(ON, &pool).await;
    for (number, (_, name)) in (100..).zip(routes()) {
        make_case_for(&house, name, number).await;
        let before = stored(&pool).await;
        let body = step(name, number).1;
        // A melding of another organisation is not there either, and is said to be missing first.
        let status = if name == "meldingen" { 400 } else { 404 };
        house.post(at(number, name), &body).of("VT03").await.is(status);
        house.post(at(0xFFFF, name), &body).of("VT03").await.is(status);
        assert_eq!(stored(&pool).await, before, "{name}");
    }
    house.get(at(100, "tijdlijn")).of("VT03").await.is(404);
    house.get(format!("/v1/casussen/{}", id(100))).of("VT03").await.is(404);
}

/// Generated from the published schemas: whatever is asked is missed, whatever is not known is refused, each at its place.
#[sqlx::test(migrator = "store::MIGRATOR")]
async fn whatever_is_wrong_with_a_step_is_named_at_its_place_and_nothing_is_stored(pool: PgPool) {
    let house = House::on(ON, &pool).await;
    make_case(&house, 1).await;
    let before = stored(&pool).await;
    for (route, name) in routes() {
        let schema = route.body.unwrap().json();
        let required = schema["required"].as_array().unwrap();
        let mut missing: Vec<String> =
            required.iter().map(|it| format!("/{}", it.as_str().unwrap())).collect();
        missing.sort();
        let missed: Vec<(&str, &str)> =
            missing.iter().map(|it| (it.as_str(), "ontbreekt")).collect();
        house.post(at(1, name), &json!({})).await.names(&missed);

        let body = step(name, 1).1;
        let stranger = but(body.clone(), "/vreemd", "iets");
        house.post(at(1, name), &stranger).await.names(&[("/vreemd", "hoort hier niet")]);
        // Each by itself, and then all of them at once.
        let mut all_wrong = body.clone();
        let mut places = Vec::new();
        for (key, value) in body.as_object().unwrap() {
            let place = format!("/{key}");
            let (wrong, why) = wrong(value, &schema["properties"][key]);
            let told = but(body.clone(), &place, wrong.clone());
            all_wrong = but(all_wrong, &place, wrong);
            places.push((place, why));
            names(&house, name, &told, &places[places.len() - 1..]).await;
        }
        names(&house, name, &all_wrong, &places).await;
    }
    assert_eq!(stored(&pool).await, before);
}

/// Refused, and each of these is named.
async fn names(house: &House, name: &str, body: &Value, places: &[(String, &str)]) {
    let answer = house.post(at(1, name), body).await.is(400).json();
    let faults = answer["errors"].as_array().unwrap();
    for (place, why) in places {
        let named = faults.iter().any(|it| {
            let pointer = it["pointer"].as_str().unwrap();
            pointer.starts_with(place) && it["detail"].as_str().unwrap().contains(why)
        });
        assert!(named, "{name} {place}: {answer}");
    }
}

/// Something that is wrong for a field, by its schema, and what is said of it.
fn wrong(value: &Value, schema: &Value) -> (Value, &'static str) {
    let codes = |schema: &Value| {
        schema["description"].as_str().is_some_and(|it| it.starts_with("Code uit"))
    };
    match value {
        Value::String(_) if schema["format"] == "uuid" => (json!("7"), "geen UUID"),
        Value::String(_) if schema["format"] == "date" => {
            (json!("2026-02-30"), "geen bestaande datum")
        }
        Value::String(_) if codes(schema) => (json!("bestaat-niet"), "staat niet in de codelijst"),
        Value::String(text) if text.starts_with("VT") => (json!("vt2"), "geen organisatie"),
        Value::String(text) if text == TEXT => (json!(""), "is leeg"),
        Value::Array(_) if codes(&schema["items"]) => {
            (json!(["bestaat-niet"]), "staat niet in de codelijst")
        }
        Value::String(_) => (json!("overmorgen"), "geen datum"),
        Value::Array(_) | Value::Object(_) | Value::Bool(_) => (json!(7), "verkeerde soort"),
        Value::Null | Value::Number(_) => unreachable!("{value}"),
    }
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn nothing_is_told_of_tomorrow(pool: PgPool) {
    let house = House::on(ON, &pool).await;
    make_case(&house, 1).await;
    let before = stored(&pool).await;
    for (_, name) in routes() {
        let body = step(name, 1).1;
        for key in ["op", "vanaf", "tot"] {
            // How long a measure lasts, is to come.
            if body.get(key).is_none() || (key == "tot" && name.starts_with("maatregelen")) {
                continue;
            }
            let place = format!("/{key}");
            let told = but(body.clone(), &place, "2026-07-01");
            house.post(at(1, name), &told).await.names(&[(place.as_str(), "ligt in de toekomst")]);
        }
    }
    assert_eq!(stored(&pool).await, before);
}

/// What the domain finds wrong with a casus is said at a field, never at nothing.
#[test]
fn every_fault_of_a_casus_has_a_place_in_the_body() {
    let mut places = 0;
    for file in files("crates/domain/src/case", ".rs") {
        let told = file.text.split("faults.check(").chain(file.text.split("faults.add("));
        for at in told.filter_map(|it| it.trim_start().strip_prefix('"')?.split('"').next()) {
            let at = at.to_owned().leak();
            let fault = Fault { at, why: Why::NothingChanged };
            assert!(!in_wire_words(&fault).pointer.is_empty(), "{}: {at}", file.name);
            places += 1;
        }
    }
    assert!(places > 30, "{places}");
}
