//! `/v1/meldingen`: someone tells, by name; every melding has its own safety assessment.

use crate::house::{House, id, stored};
use crate::told::{MAN, WOMAN, assess, but, melding, person, receive_melding};
use domain::access::Role;
use serde_json::{Value, json};
use sqlx::PgPool;

const MELDING: &str = "/v1/meldingen/00000000-0000-0000-0000-000000000003";
const NUMBER: u128 = 3;

/// The BSN is from the range for tests.
fn told_in_full() -> Value {
    let details = json!({
        "naam": "Testpersoon", "bsn": "999990019", "telefoon": "0880000000",
        "adres": { "straat": "Teststraat", "huisnummer": "1", "postcode": "0000XX", "woonplaats": "Teststad" },
    });
    let mut told = melding("2026-06-29T23:30:00+02:00");
    told = but(told, "/melder/gegevens", json!({ "naam": "Testmelder", "functie": "huisarts" }));
    told = but(told, "/personen/0/gegevens", details);
    told = but(told, "/personen/0/geboortedatum", "1980-07-01");
    told = but(told, "/toelichting", "Een toelichting die alleen wordt verzegeld.");
    told = but(told, "/kinderen", 2);
    told = but(told, "/duur", "1-tot-5-jaar");
    but(told, "/relaties/0/aard", json!(["psychisch-geweld"]))
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn a_melding_is_read_as_it_was_told(pool: PgPool) {
    let house = House::on("2026-06-30", &pool).await;
    receive_melding(&house, NUMBER, &told_in_full()).await;
    let file = house.get(MELDING).await.is(200).json();
    assert_eq!(file["status"], "ontvangen");
    assert_eq!(file["ontvangenOp"], "2026-06-29T21:30:00Z");
    assert_eq!(file["melder"]["gegevens"]["naam"], "Testmelder");
    assert_eq!(file["personen"][0]["gegevens"]["bsn"], "999990019");
    assert_eq!(file["personen"][0]["gegevens"]["adres"]["straat"], "Teststraat");
    assert_eq!(file["personen"][0]["gegevens"]["geboortedatum"], "1980-07-01");
    assert_eq!(file["personen"][1]["gegevens"], json!(null));
    assert_eq!(file["toelichtingen"], json!(["Een toelichting die alleen wordt verzegeld."]));
    assert_eq!((&file["kinderen"], &file["duur"]), (&json!(2), &json!("1-tot-5-jaar")));
    assert_eq!(file["vormen"], json!(["huiselijk-geweld-overig"]));
    assert_eq!(file["aard"], json!(["psychisch-geweld"]));
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn what_was_not_asked_is_not_made_up(pool: PgPool) {
    let house = House::on("2026-06-30", &pool).await;
    receive_melding(&house, NUMBER, &melding("2026-06-29")).await;
    let pair = &house.get(MELDING).await.json()["relaties"][0];
    assert_eq!(pair["samenwonend"], "niet-gevraagd");
    assert_eq!(pair["huidigOfVoormalig"], "onbekend");
    assert_eq!(pair["vermoedOfVastgesteld"], "vermoed");
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn a_melder_is_hidden_from_the_family_unless_somebody_says_otherwise(pool: PgPool) {
    let house = House::on("2026-06-30", &pool).await;
    receive_melding(&house, NUMBER, &melding("2026-06-29")).await;
    assert_eq!(house.get(MELDING).await.json()["melder"]["anoniemVoorGezin"], true);
    let open = but(melding("2026-06-29"), "/melder/anoniemVoorGezin", false);
    receive_melding(&house, 4, &open).await;
    let file = house.get(format!("/v1/meldingen/{}", id(4))).await.json();
    assert_eq!(file["melder"]["anoniemVoorGezin"], false);
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn the_age_on_the_day_of_receipt_follows_from_the_birth_date(pool: PgPool) {
    let house = House::on("2026-06-30", &pool).await;
    let ages = [
        ("1980-06-29", json!(46)),
        ("1980-06-30", json!(45)),
        ("1980-07", json!(45)),
        ("1980", json!(46)),
        ("2026-06-30", json!(null)),
    ];
    for (number, (born, age)) in (100..).zip(ages) {
        let told = but(melding("2026-06-29"), "/personen/0/geboortedatum", born);
        receive_melding(&house, number, &told).await;
        let file = house.get(format!("/v1/meldingen/{}", id(number))).await.json();
        assert_eq!(file["personen"][0]["leeftijd"], age, "{born}");
        assert_eq!(file["personen"][0]["gegevens"]["geboortedatum"], born);
    }
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn a_whole_number_is_a_number_however_it_is_written(pool: PgPool) {
    let house = House::on("2026-06-30", &pool).await;
    let told = melding("2026-06-29").to_string();
    let told = told.replacen("\"geslacht\"", "\"leeftijd\":41.0,\"geslacht\"", 1);
    house.put(MELDING, &json!({})).body(told).await.is(201);
    assert_eq!(house.get(MELDING).await.json()["personen"][0]["leeftijd"], 41);
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn a_melding_of_the_police_comes_in_without_a_worker(pool: PgPool) {
    let house = House::on("2026-06-30", &pool).await;
    let told = but(melding("2026-06-29"), "/kanaal", "politiebericht");
    let told = but(told, "/melder/hoedanigheid", "politie");
    house.put(MELDING, &told).by(Role::Police).await.is(201);
    house.get(MELDING).by(Role::Police).await.is(403);
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn a_repeated_melding_gets_the_first_receipt_and_another_content_is_refused(pool: PgPool) {
    let house = House::on("2026-06-30", &pool).await;
    let first = receive_melding(&house, NUMBER, &told_in_full()).await;
    let before = stored(&pool).await;
    assert_eq!(house.put(MELDING, &told_in_full()).await.is(200).body, first.body);
    // Also when only what is sealed differs.
    let other = but(told_in_full(), "/personen/0/gegevens/naam", "Iemand anders");
    house.put(MELDING, &other).await.is(409);
    assert_eq!(stored(&pool).await, before);
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn a_melding_is_assessed_once_within_five_working_days(pool: PgPool) {
    let mut house = House::on("2026-06-30", &pool).await;
    receive_melding(&house, NUMBER, &melding("2026-06-29")).await;
    house.moves_to("2026-07-06");
    let text = json!("Waarom dit besluit.");
    let decision = json!({
        "op": "2026-07-06", "uitkomst": "vervolgstappen-bij-veilig-thuis",
        "onveiligheid": ["acuut", "structureel"], "toelichting": text,
    });
    let path = format!("{MELDING}/veiligheidsbeoordelingen");
    house.post(&path, &decision).await.is(200);
    let file = house.get(MELDING).await.json();
    assert_eq!(file["status"], "beoordeeld");
    let assessment = &file["veiligheidsbeoordeling"];
    assert_eq!(
        (&assessment["vervaltOp"], &assessment["binnenNorm"]),
        (&json!("2026-07-06"), &json!(true))
    );
    assert_eq!(file["toelichtingen"], json!([text]));

    let second = house.post(&path, &decision).await.is(409);
    assert!(second.json()["detail"].as_str().unwrap().contains("al beoordeeld"));
    house
        .post(format!("{MELDING}/intrekking"), &json!({ "op": "2026-07-06", "reden": "anders" }))
        .await
        .is(409);
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn a_decision_after_the_term_is_recorded_as_late(pool: PgPool) {
    let mut house = House::on("2026-06-30", &pool).await;
    receive_melding(&house, NUMBER, &melding("2026-06-29")).await;
    house.moves_to("2026-07-07");
    assess(&house, NUMBER, "2026-07-07", "overdracht").await;
    let file = house.get(MELDING).await.json();
    assert_eq!(file["veiligheidsbeoordeling"]["binnenNorm"], false);
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn a_melding_that_was_a_question_becomes_an_advies(pool: PgPool) {
    let house = House::on("2026-06-30", &pool).await;
    receive_melding(&house, NUMBER, &melding("2026-06-29")).await;
    let why = json!({ "op": "2026-06-30", "reden": "meldcode-niet-doorlopen" });
    house.post(format!("{MELDING}/intrekking"), &why).await.is(200);
    assert_eq!(house.get(MELDING).await.json()["status"], "omgezet-in-advies");
    let decision = json!({ "op": "2026-06-30", "uitkomst": "overdracht" });
    let path = format!("{MELDING}/veiligheidsbeoordelingen");
    let refused = house.post(path, &decision).await.is(409);
    assert_eq!(refused.json()["detail"], "deze melding is omgezet in een advies");
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn a_correction_stands_beside_what_it_corrects(pool: PgPool) {
    let mut house = House::on("2026-06-30", &pool).await;
    receive_melding(&house, NUMBER, &told_in_full()).await;
    assess(&house, NUMBER, "2026-06-30", "overdracht").await;
    house.moves_to("2026-07-06");
    let people = json!([person(WOMAN, "slachtoffer", "vrouw"), person(MAN, "pleger", "man")]);
    let people = but(people, "/0/gegevens", json!({ "naam": "Andere Testpersoon" }));
    let correction =
        json!({ "reden": "nieuwe-informatie", "gemeente": "0114", "personen": people });
    house.post(format!("{MELDING}/correcties"), &correction).await.is(200);

    let now = house.get(MELDING).await.json();
    assert_eq!(now["status"], "beoordeeld");
    assert_eq!(now["gemeente"], "0114");
    assert_eq!(now["personen"][0]["gegevens"]["naam"], "Andere Testpersoon");
    let then = house.get(format!("{MELDING}?zoalsBekendOp=2026-07-01")).await.json();
    assert_eq!(then["gemeente"], "0106");
    assert_eq!(then["personen"][0]["gegevens"]["naam"], "Testpersoon");
    assert_eq!(then["gewijzigdOp"], "2026-06-30T12:00:00Z");
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn two_workers_who_decide_on_the_same_reading_do_not_overwrite_each_other(pool: PgPool) {
    let house = House::on("2026-06-30", &pool).await;
    receive_melding(&house, NUMBER, &melding("2026-06-29")).await;
    let path = format!("{MELDING}/correcties");
    let correction = |place: &str| json!({ "reden": "verkeerde-gemeente", "gemeente": place });
    house.post(&path, &correction("0114")).with("if-match", "\"1\"").await.is(200);
    let second = house.post(&path, &correction("1680")).with("if-match", "\"1\"").await.is(412);
    let changed = json!([{
        "versie": 2, "wat": "gecorrigeerd", "vastgelegdOp": "2026-06-30T12:00:00Z", "vastgelegdDoor": House::worker(),
    }]);
    assert_eq!(second.json()["gewijzigd"], changed);
    assert_eq!(house.get(MELDING).await.json()["gemeente"], "0114");
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn who_assesses_a_melding_is_assigned_while_it_waits(pool: PgPool) {
    let house = House::on("2026-06-30", &pool).await;
    receive_melding(&house, NUMBER, &melding("2026-06-29")).await;
    let path = format!("{MELDING}/toewijzingen");
    let assign = json!({ "behandelaar": id(1), "team": id(2), "op": "2026-06-30" });
    house.post(&path, &assign).await.is(200);
    house.post(&path, &json!({ "behandelaar": id(3), "op": "2026-06-30" })).await.is(200);
    let before = stored(&pool).await;
    let wrong = json!({ "behandelaar": "ik", "team": 7, "op": "2026-07-01", "wie": "ik" });
    house.post(&path, &wrong).await.names(&[
        ("/behandelaar", "geen UUID"),
        ("/team", "verkeerde soort"),
        ("/wie", "hoort hier niet"),
    ]);
    let early = json!({ "behandelaar": id(3), "op": "2026-06-28" });
    house.post(&path, &early).await.names(&[("/op", "voor de ontvangst op 2026-06-29")]);
    let late = json!({ "behandelaar": id(3), "op": "2026-07-01" });
    house.post(&path, &late).await.names(&[("/op", "in de toekomst")]);
    assert_eq!(stored(&pool).await, before);
    assess(&house, NUMBER, "2026-06-30", "overdracht").await;
    house.post(&path, &assign).await.is(409);
}

/// Alone, and in a casus: there the same request means two things, and both happen once.
#[sqlx::test(migrator = "store::MIGRATOR")]
async fn what_is_sent_twice_about_a_melding_changes_once(pool: PgPool) {
    let house = House::on("2026-06-30", &pool).await;
    let actions = [
        ("toewijzingen", json!({ "behandelaar": id(1), "op": "2026-06-30" })),
        ("correcties", json!({ "reden": "anders", "gemeente": "0114", "toelichting": "Tekst." })),
        ("veiligheidsbeoordelingen", json!({ "op": "2026-06-30", "uitkomst": "overdracht" })),
        ("intrekking", json!({ "op": "2026-06-30", "reden": "anders" })),
    ];
    for (number, (action, body)) in (100..).zip(actions) {
        for (number, in_a_casus) in [(number, false), (number + 100, true)] {
            receive_melding(&house, number, &melding("2026-06-29")).await;
            if in_a_casus {
                let opened = json!({ "geopendOp": "2026-06-29", "meldingen": [id(number)] });
                house.put(format!("/v1/casussen/{}", id(number)), &opened).await.is(201);
            }
            let path = format!("/v1/meldingen/{}/{action}", id(number));
            let first = house.post(&path, &body).numbered(number).await.is(200);
            let before = stored(&pool).await;
            let again = house.post(&path, &body).numbered(number).await.is(200);
            assert_eq!(again.body, first.body, "{action}");
            let other = but(body.clone(), "/op", "2026-06-29");
            let other =
                if action == "correcties" { but(body.clone(), "/gemeente", "1680") } else { other };
            house.post(&path, &other).numbered(number).await.is(409);
            assert_eq!(stored(&pool).await, before, "{action}");
        }
    }
}
