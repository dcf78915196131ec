//! `/v1/casussen`: the household over time, and the time line of what happened in it.

use crate::house::{House, id};
use crate::told::{MAN, WOMAN, assess, melding, receive_melding};
use serde_json::{Value, json};
use sqlx::PgPool;

const CASE: &str = "/v1/casussen/00000000-0000-0000-0000-000000000004";

async fn open(house: &House) {
    receive_melding(house, 1, &melding("2026-06-29")).await;
    house.put(CASE, &json!({ "geopendOp": "2026-06-29", "meldingen": [id(1)] })).await.is(201);
}

fn pair() -> Value {
    json!({ "op": "2026-06-30", "relatie": {
        "slachtoffer": id(WOMAN), "pleger": id(MAN), "relatie": "ongehuwde-partner-samenwonend",
        "vormen": ["huiselijk-geweld-overig"],
    } })
}

async fn involve(house: &House, person: u128, role: &str) {
    let told = json!({ "persoon": id(person), "rollen": [role], "vanaf": "2026-06-29" });
    house.post(format!("{CASE}/betrokkenen"), &told).await.is(200);
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn a_casus_holds_its_meldingen_its_people_and_what_they_do_to_each_other(pool: PgPool) {
    let house = House::on("2026-06-30", &pool).await;
    open(&house).await;
    receive_melding(&house, 2, &melding("2026-06-30")).await;
    let joined = json!({ "melding": id(2), "op": "2026-06-30" });
    house.post(format!("{CASE}/meldingen"), &joined).await.is(200);
    house.post(format!("{CASE}/meldingen"), &joined).await.is(409);
    let too_soon = house.post(format!("{CASE}/relaties"), &pair()).await.is(409);
    assert!(too_soon.json()["detail"].as_str().unwrap().contains("eerst bij de casus betrokken"));
    involve(&house, WOMAN, "slachtoffer").await;
    involve(&house, MAN, "pleger").await;
    house.post(format!("{CASE}/relaties"), &pair()).await.is(200);

    let file = house.get(CASE).await.is(200).json();
    assert_eq!(file["meldingen"], json!([id(1), id(2)]));
    assert_eq!(file["betrokkenen"][0], json!({ "persoon": id(WOMAN), "rollen": ["slachtoffer"] }));
    assert_eq!(file["relaties"][0]["relatie"]["pleger"], json!(id(MAN)));
    assert_eq!(file["geslotenOp"], json!(null));
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn the_time_line_tells_what_happened_and_when_it_was_recorded(pool: PgPool) {
    let mut house = House::on("2026-06-30", &pool).await;
    open(&house).await;
    house.moves_to("2026-07-02");
    involve(&house, WOMAN, "slachtoffer").await;
    assess(&house, 1, "2026-07-01", "overdracht").await;
    house.moves_to("2026-07-09");
    let closed = json!({ "op": "2026-07-08", "uitkomst": "hulp-belegd" });
    house.post(format!("{CASE}/sluiting"), &closed).await.is(200);

    let line = house.get(format!("{CASE}/tijdlijn")).await.is(200).json();
    let told: Vec<(&str, &str, &str)> = line["gebeurtenissen"]
        .as_array()
        .unwrap()
        .iter()
        .map(|it| {
            let text = |key: &str| it[key].as_str().unwrap();
            (text("wat"), text("op"), text("vastgelegdOp"))
        })
        .collect();
    let expected = [
        ("geopend", "2026-06-29", "2026-06-30T12:00:00Z"),
        ("melding-gevoegd", "2026-06-29", "2026-06-30T12:00:00Z"),
        ("betrokkene", "2026-06-29", "2026-07-02T12:00:00Z"),
        ("informeren-gaat-lopen", "2026-07-02", "2026-07-02T12:00:00Z"),
        ("besluit", "2026-07-01", "2026-07-02T12:00:00Z"),
        ("gesloten", "2026-07-08", "2026-07-09T12:00:00Z"),
    ];
    assert_eq!(told, expected);
    assert!(line["gebeurtenissen"][0]["vastgelegdDoor"].is_string());

    let then = house.get(format!("{CASE}/tijdlijn?zoalsBekendOp=2026-07-01")).await.json();
    assert_eq!(then["gebeurtenissen"].as_array().unwrap().len(), 2);
    let then = house.get(format!("{CASE}?zoalsBekendOp=2026-07-03")).await.json();
    assert_eq!(then["geslotenOp"], json!(null));
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn a_closed_casus_takes_no_melding(pool: PgPool) {
    let house = House::on("2026-06-30", &pool).await;
    open(&house).await;
    assess(&house, 1, "2026-06-30", "geen-vervolgstappen").await;
    receive_melding(&house, 2, &melding("2026-06-30")).await;
    let closed = json!({ "op": "2026-06-30", "uitkomst": "geen-vervolg" });
    house.post(format!("{CASE}/sluiting"), &closed).await.is(200);
    let joined = json!({ "melding": id(2), "op": "2026-06-30" });
    let refused = house.post(format!("{CASE}/meldingen"), &joined).await.is(409);
    assert!(refused.json()["detail"].as_str().unwrap().contains("begint een nieuwe casus"));
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn a_casus_takes_only_meldingen_that_there_are(pool: PgPool) {
    let house = House::on("2026-06-30", &pool).await;
    open(&house).await;
    let absent = json!({ "melding": id(99), "op": "2026-06-30" });
    let text = format!("melding {} is er niet", id(99));
    house.post(format!("{CASE}/meldingen"), &absent).await.names(&[("/melding", &text)]);
    let other = format!("/v1/casussen/{}", id(5));
    let both = json!({ "geopendOp": "2026-06-30", "meldingen": [id(1), id(99)] });
    house.put(&other, &both).await.names(&[("/meldingen", &text)]);
    house.get(&other).await.is(404);
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn a_repeated_casus_gets_the_first_receipt_and_another_content_is_refused(pool: PgPool) {
    let house = House::on("2026-06-30", &pool).await;
    let told = json!({ "geopendOp": "2026-06-29" });
    let first = house.put(CASE, &told).await.is(201);
    assert_eq!(house.put(CASE, &told).await.is(200).body, first.body);
    house.put(CASE, &json!({ "geopendOp": "2026-06-30" })).await.is(409);
    let closed = json!({ "op": "2026-06-30", "uitkomst": "geen-vervolg" });
    let path = format!("{CASE}/sluiting");
    house.post(&path, &closed).with("if-match", "\"7\"").await.is(412);
    let first = house.post(&path, &closed).numbered(9).with("if-match", "\"1\"").await.is(200);
    let again = house.post(&path, &closed).numbered(9).with("if-match", "\"1\"").await.is(200);
    assert_eq!(first.body, again.body);
}
