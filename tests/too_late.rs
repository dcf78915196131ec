//! Two workers decide at once: one wins, and the other is told what changed since he looked. Nothing is overwritten.

use crate::house::{House, id};
use crate::told::{MAN, WOMAN, assess, call, melding, receive_melding};
use domain::access::Role;
use serde_json::{Value, json};
use sqlx::PgPool;

const CASE: &str = "/v1/casussen/00000000-0000-0000-0000-0000000000ca";

fn changes(answer: &Value) -> Vec<(i64, &str)> {
    let all = answer["gewijzigd"].as_array().unwrap().iter();
    all.map(|it| (it["versie"].as_i64().unwrap(), it["wat"].as_str().unwrap())).collect()
}

async fn involve(house: &House, person: u128) {
    let told = json!({ "persoon": id(person), "rollen": ["gezinslid"], "vanaf": "2026-06-29" });
    house.post(format!("{CASE}/betrokkenen"), &told).await.is(200);
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn whoever_decided_on_an_old_version_is_told_what_happened_since(pool: PgPool) {
    let house = House::on("2026-06-30", &pool).await;
    house.put(CASE, &json!({ "geopendOp": "2026-06-29" })).await.is(201);
    let seen = house.get(CASE).await.header("etag").unwrap().to_owned();
    involve(&house, WOMAN).await;
    involve(&house, MAN).await;
    let closed = json!({ "op": "2026-06-30", "uitkomst": "geen-vervolg" });
    let path = format!("{CASE}/sluiting");
    let refused = house.post(&path, &closed).with("if-match", seen).await.is(412).json();
    let since = [
        (2, "betrokkene"),
        (3, "informeren-gaat-lopen"),
        (4, "betrokkene"),
        (5, "informeren-gaat-lopen"),
    ];
    assert_eq!(changes(&refused), since);
    assert_eq!(refused["gewijzigd"][0]["vastgelegdDoor"], json!(House::worker()));
    assert_eq!(house.get(CASE).await.json()["geslotenOp"], json!(null));
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn of_two_assessments_the_first_stands_and_the_second_is_told_of_it(pool: PgPool) {
    let house = House::on("2026-06-30", &pool).await;
    receive_melding(&house, 1, &melding("2026-06-29")).await;
    house.put(CASE, &json!({ "geopendOp": "2026-06-29", "meldingen": [id(1)] })).await.is(201);
    assess(&house, 1, "2026-06-30", "overdracht").await;
    let path = format!("/v1/meldingen/{}/veiligheidsbeoordelingen", id(1));
    let other = json!({ "op": "2026-06-30", "uitkomst": "geen-vervolgstappen" });
    let refused = house.post(&path, &other).await.is(409).json();
    assert!(refused["detail"].as_str().unwrap().contains("al beoordeeld"));
    assert_eq!(changes(&refused), [(2, "beoordeeld")]);
    let file = house.get(CASE).await.json();
    assert_eq!(file["besluiten"][0]["uitkomst"], "overdracht");
}

/// What changed is said only to whoever may read it: a reader of another organisation is told nothing at all.
#[sqlx::test(migrator = "store::MIGRATOR")]
async fn nobody_else_is_told_what_changed(pool: PgPool) {
    let house = House::on("2026-06-30", &pool).await;
    house.put(CASE, &json!({ "geopendOp": "2026-06-29" })).await.is(201);
    let closed = json!({ "op": "2026-06-30", "uitkomst": "geen-vervolg" });
    let path = format!("{CASE}/sluiting");
    let elsewhere = house.post(&path, &closed).of("VT03").with("if-match", "\"7\"").await;
    assert!(elsewhere.is(412).json().get("gewijzigd").is_none());
    house.post(&path, &closed).by(Role::Intake).await.is(403);
    // Who answers the telephone may end a contact, and may not read it.
    let contact = format!("/v1/contacten/{}", id(7));
    house.put(&contact, &call()).await.is(201);
    let ended = json!({ "uitkomst": "geen-gesprek" });
    let ending = house.post(format!("{contact}/afronding"), &ended).by(Role::Telephony);
    let refused = ending.with("if-match", "\"0\"").await.is(412).json();
    assert!(refused.get("gewijzigd").is_none(), "{refused}");
}
