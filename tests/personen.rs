//! `/v1/personen`: one human being as far as this organisation knows. What identifies him is sealed.

use crate::house::{House, stored};
use crate::told::but;
use domain::access::Role;
use serde_json::{Value, json};
use sqlx::PgPool;

const PERSON: &str = "/v1/personen/00000000-0000-0000-0000-000000000005";

fn told() -> Value {
    json!({ "geslacht": "vrouw", "geboortedatum": "1950-03",
        "gegevens": { "voornamen": "Test", "achternaam": "Persoon", "bsn": "onbekend" } })
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn a_person_is_registered_then_identified_once(pool: PgPool) {
    let mut house = House::on("2026-06-30", &pool).await;
    house.put(PERSON, &told()).await.is(201);
    let file = house.get(PERSON).await.is(200).json();
    assert_eq!((&file["geslacht"], &file["geidentificeerd"]), (&json!("vrouw"), &json!(false)));
    assert_eq!(file["gegevens"]["geboortedatum"], "1950-03");

    house.moves_to("2026-07-01");
    let identified = json!({ "op": "2026-07-01", "geboortedatum": "1950-03-28", "gegevens": { "bsn": "999990019" } });
    let path = format!("{PERSON}/identificaties");
    house.post(&path, &identified).await.is(200);
    let file = house.get(PERSON).await.json();
    assert_eq!(file["geidentificeerd"], true);
    assert_eq!(file["gegevens"]["bsn"], "999990019");
    assert_eq!(file["gegevens"]["geboortedatum"], "1950-03-28");
    assert_eq!(file["gegevens"]["achternaam"], "Persoon");
    let again = house.post(&path, &identified).await.is(409);
    assert!(again.json()["detail"].as_str().unwrap().contains("al geïdentificeerd"));

    let then = house.get(format!("{PERSON}?zoalsBekendOp=2026-07-01")).await.json();
    assert_eq!(then["gegevens"]["bsn"], "onbekend");
    let privacy_officer = house.get(PERSON).by(Role::Privacy).await.is(200);
    assert_eq!(privacy_officer.json()["versie"], 2);
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn a_mistaken_identity_is_corrected_with_a_reason(pool: PgPool) {
    let house = House::on("2026-06-30", &pool).await;
    house.put(PERSON, &told()).await.is(201);
    let right = json!({ "op": "2026-06-30", "reden": "verkeerde-persoon", "gegevens": { "achternaam": "Ander" } });
    let path = format!("{PERSON}/correcties");
    house.post(&path, &right).with("if-match", "\"2\"").await.is(412);
    let first = house.post(&path, &right).numbered(1).await.is(200);
    assert_eq!(house.post(&path, &right).numbered(1).await.is(200).body, first.body);
    assert_eq!(house.get(PERSON).await.json()["gegevens"]["achternaam"], "Ander");
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn unknown_and_unborn_are_values_of_a_bsn_and_a_wrong_one_is_not_repeated(pool: PgPool) {
    let house = House::on("2026-06-30", &pool).await;
    for (number, bsn) in (10..).zip(["onbekend", "ongeboren", "000000000", "999999999"]) {
        let path = format!("/v1/personen/{}", crate::house::id(number));
        house.put(path, &but(told(), "/gegevens/bsn", bsn)).await.is(201);
    }
    let before = stored(&pool).await;
    let wrong = [
        ("999990018", "doorstaat de elfproef niet"),
        ("99999001", "heeft negen cijfers"),
        ("99999001９", "heeft negen cijfers"),
        ("-99999001", "heeft negen cijfers"),
        ("", "heeft negen cijfers"),
    ];
    for (bsn, why) in wrong {
        let answer = house.put(PERSON, &but(told(), "/gegevens/bsn", bsn)).await;
        assert!(bsn.is_empty() || !answer.text().contains(bsn), "{}", answer.text());
        answer.names(&[("/gegevens/bsn", why)]);
    }
    assert_eq!(stored(&pool).await, before);
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn a_birth_date_is_a_date_also_in_part_and_not_to_come(pool: PgPool) {
    let house = House::on("2026-06-30", &pool).await;
    let born = |text: &str| but(told(), "/geboortedatum", text);
    for (number, text) in (10..).zip(["1950", "1950-03", "1950-03-28", "2026-06-30"]) {
        let path = format!("/v1/personen/{}", crate::house::id(number));
        house.put(&path, &born(text)).await.is(201);
        assert_eq!(house.get(&path).await.json()["gegevens"]["geboortedatum"], text);
    }
    for text in ["1950-13", "1950-02-30", "28-03-1950", "1950-3-28", "circa 1950", ""] {
        house.put(PERSON, &born(text)).await.names(&[("/geboortedatum", "geen datum")]);
    }
    for text in ["2026-07-01", "2026-07", "2027"] {
        house.put(PERSON, &born(text)).await.names(&[("/geboortedatum", "ligt in de toekomst")]);
    }
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn a_repeated_person_gets_the_first_receipt_and_another_content_is_refused(pool: PgPool) {
    let house = House::on("2026-06-30", &pool).await;
    let first = house.put(PERSON, &told()).await.is(201);
    assert_eq!(house.put(PERSON, &told()).await.is(200).body, first.body);
    house.put(PERSON, &but(told(), "/gegevens/achternaam", "Ander")).await.is(409);
}
