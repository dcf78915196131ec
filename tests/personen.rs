//! `/v1/personen`: one human being as far as this organisation knows. What identifies him is sealed.

use crate::house::{House, id, stored};
use crate::told::{MAN, WOMAN, but, melding, receive_melding, without};
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
        house.put(path, &but(without(told(), "geboortedatum"), "/gegevens/bsn", bsn)).await.is(201);
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

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn an_unborn_child_has_no_age_and_no_birth_date_until_it_is_born(pool: PgPool) {
    let mut house = House::on("2026-06-30", &pool).await;
    let child = |with: Value| but(melding("2026-06-29"), "/personen/0", with);
    let unborn = || json!({ "id": id(WOMAN), "rollen": ["slachtoffer"], "geslacht": "onbekend", "ongeboren": true });
    let by_number = but(without(unborn(), "ongeboren"), "/gegevens", json!({ "bsn": "ongeboren" }));
    let (no_age, no_date) = ("is ongeboren en heeft nog geen leeftijd", "heeft er nog geen");
    for it in [unborn(), by_number] {
        let path = format!("/v1/meldingen/{}", id(9));
        let aged = child(but(it.clone(), "/leeftijd", 0));
        house.put(&path, &aged).await.names(&[("/personen", no_age)]);
        let dated = child(but(it.clone(), "/geboortedatum", "2026"));
        house.put(&path, &dated).await.names(&[("/personen/0/geboortedatum", no_date)]);
        let number = u128::from(it["ongeboren"] == true);
        receive_melding(&house, number, &child(it)).await;
        let file = house.get(format!("/v1/meldingen/{}", id(number))).await.json();
        assert_eq!(file["personen"][0]["ongeboren"], true);
        assert_eq!(file["personen"][1]["ongeboren"], false);
    }
    let registered = but(told(), "/gegevens/bsn", "ongeboren");
    house.put(PERSON, &registered).await.names(&[("/geboortedatum", no_date)]);

    house.moves_to("2026-08-01");
    let path = format!("/v1/personen/{}", id(WOMAN));
    let birth = json!({ "op": "2026-08-01", "geboortedatum": "2026-07-28", "gegevens": { "voornamen": "Test" } });
    house.post(format!("{path}/geboorte"), &birth).await.is(200);
    let file = house.get(&path).await.json();
    assert_eq!((&file["geboren"], &file["versie"]), (&json!(true), &json!(1)));
    assert_eq!(file["gegevens"]["geboortedatum"], "2026-07-28");
    let again = house.post(format!("{path}/geboorte"), &birth).await.is(409);
    assert!(again.text().contains("geboorte al vastgelegd"));
    house.put(&path, &json!({ "geslacht": "vrouw" })).await.is(201);
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn a_birth_is_recorded_of_somebody_who_is_known_and_not_beforehand(pool: PgPool) {
    let house = House::on("2026-06-30", &pool).await;
    receive_melding(&house, 1, &melding("2026-06-29")).await;
    let path = |person| format!("/v1/personen/{}/geboorte", id(person));
    house.post(path(0x99), &json!({ "op": "2026-06-30" })).await.is(404);
    house.post(path(MAN), &json!({ "op": "2026-06-30" })).of("VT03").await.is(404);
    let early = json!({ "op": "2026-07-01", "geboortedatum": "2026-07-01" });
    let future = "ligt in de toekomst";
    house.post(path(MAN), &early).await.names(&[("/geboortedatum", future), ("/op", future)]);
}
