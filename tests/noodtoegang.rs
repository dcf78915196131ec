//! `/v1/noodtoegang`: somebody opens a file that is not his, because waiting is dangerous; for a while, and never unseen.

use crate::house::{House, id};
use crate::steps::{at, make_case, take};
use crate::told::{MAN, WOMAN, but, without};
use domain::access::Role;
use serde_json::{Value, json};
use sqlx::PgPool;

const IT: u128 = 0x77;
const STRANGER: u128 = 0x1234;
const EXCLUDED: u128 = 9;
const WHY: &str = "Buren horen nu geschreeuw uit de woning.";

/// A restricted casus with a melding about two persons.
async fn house(pool: &PgPool) -> House {
    let house = House::on("2026-06-30", pool).await;
    make_case(&house, IT).await;
    for person in [WOMAN, MAN] {
        house.put(format!("/v1/personen/{}", id(person)), &json!({ "geslacht": "vrouw" })).await;
    }
    take(&house, "afscherming", IT).await;
    house
}

fn glass(of: &str, number: u128) -> Value {
    json!({ of: id(number), "reden": "acuut-gevaar", "toelichting": WHY })
}

fn to(number: u128, step: &str) -> String {
    format!("/v1/noodtoegang/{}{step}", id(number))
}

fn files() -> [String; 3] {
    [("casussen", IT), ("meldingen", IT), ("personen", WOMAN)]
        .map(|(noun, number)| format!("/v1/{noun}/{}", id(number)))
}

async fn sees(house: &House, by: u128) -> [u16; 3] {
    let mut all = [0; 3];
    for (nth, path) in files().into_iter().enumerate() {
        all[nth] = house.get(path).by(Role::Intake).who(by).await.status;
    }
    all
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn whoever_breaks_the_glass_of_a_casus_sees_all_that_is_in_it_until_his_time_is_over(
    pool: PgPool,
) {
    let mut house = house(&pool).await;
    assert_eq!(sees(&house, STRANGER).await, [404; 3]);
    let told = but(glass("casus", IT), "/minuten", 30);
    house.put(to(1, ""), &told).by(Role::Intake).who(STRANGER).await.is(201);
    // Sent again it is the same.
    house.put(to(1, ""), &told).by(Role::Intake).who(STRANGER).await.is(200);
    assert_eq!(sees(&house, STRANGER).await, [200; 3]);
    assert_eq!(sees(&house, STRANGER + 1).await, [404; 3]);
    house.later(30 * 60);
    assert_eq!(sees(&house, STRANGER).await, [404; 3]);
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn whoever_breaks_it_of_one_melding_or_person_sees_that_alone(pool: PgPool) {
    let house = house(&pool).await;
    house.put(to(1, ""), &glass("melding", IT)).by(Role::Intake).who(STRANGER).await.is(201);
    assert_eq!(sees(&house, STRANGER).await, [404, 200, 404]);
    house.put(to(2, ""), &glass("persoon", WOMAN)).by(Role::Intake).who(STRANGER).await.is(201);
    assert_eq!(sees(&house, STRANGER).await, [404, 200, 200]);
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn whoever_is_excluded_cannot_tell_it_from_what_is_not_there(pool: PgPool) {
    let house = house(&pool).await;
    for (nth, (of, number)) in
        [("casus", IT), ("melding", IT), ("persoon", WOMAN)].into_iter().enumerate()
    {
        let nth = nth as u128;
        let there = house.put(to(10 + nth, ""), &glass(of, number)).who(EXCLUDED).await.is(400);
        let nowhere = house.put(to(20 + nth, ""), &glass(of, 0xFFFE)).who(EXCLUDED).await.is(400);
        assert_eq!(there.body, nowhere.body);
        assert_eq!(there.json()["errors"][0]["pointer"], format!("/{of}"));
    }
    assert_eq!(sees(&house, EXCLUDED).await, [404; 3]);
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn it_is_ended_by_who_opened_it_and_by_nobody_else(pool: PgPool) {
    let house = house(&pool).await;
    house.put(to(1, ""), &glass("casus", IT)).who(STRANGER).await.is(201);
    house.post(to(1, "/beeindiging"), &json!({})).who(STRANGER + 1).await.is(404);
    assert_eq!(sees(&house, STRANGER).await, [200; 3]);
    house.post(to(1, "/beeindiging"), &json!({})).who(STRANGER).await.is(200);
    assert_eq!(sees(&house, STRANGER).await, [404; 3]);
    let late = house.post(to(1, "/beeindiging"), &json!({})).who(STRANGER).await.is(409);
    assert!(late.text().contains("al voorbij"), "{}", late.text());
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn the_privacy_officer_sees_who_opened_what_and_why_and_what_he_looked_at(pool: PgPool) {
    let mut house = house(&pool).await;
    house.put(to(1, ""), &glass("casus", IT)).who(STRANGER).await.is(201);
    house.later(60);
    house.get(&files()[0]).who(STRANGER).await.is(200);
    let list = house.get("/v1/noodtoegang?beoordeeld=nee").by(Role::Privacy).await.is(200).json();
    assert_eq!((&list["aantal"], &list["teBeoordelen"]), (&json!(1), &json!(1)));
    let line = &list["regels"][0];
    assert_eq!(line["medewerker"], json!(id(STRANGER)));
    assert_eq!(line["dossier"], json!({ "soort": "casus", "id": id(IT) }));
    assert_eq!(line["tot"], "2026-06-30T13:00:00Z");
    let it = house.get(to(1, "")).by(Role::Privacy).await.is(200).json();
    assert_eq!(it["toelichtingen"], json!([WHY]));
    assert_eq!(it["raadplegingen"].as_array().unwrap().len(), 1);
    assert_eq!(it["raadplegingen"][0]["nood"], true);
    assert_eq!(it["raadplegingen"][0]["id"], json!(id(IT)));
    // Nobody else has business with it.
    for role in [Role::CaseWorker, Role::Intake, Role::Manager, Role::Auditor] {
        house.get("/v1/noodtoegang").by(role).await.is(403);
    }
    house.later(60);
    let unusual = house.get("/v1/inzagen/opvallend?van=2026-06-30").by(Role::Privacy).await;
    assert!(unusual.is(200).text().contains("keek 1 keer met noodtoegang"));
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn it_is_judged_once_by_another_and_then_it_is_over(pool: PgPool) {
    let house = house(&pool).await;
    house.put(to(1, ""), &glass("casus", IT)).who(STRANGER).await.is(201);
    let judged = json!({ "oordeel": "onterecht", "toelichting": "Er was niemand in gevaar." });
    let own = house.post(to(1, "/beoordeling"), &judged).by(Role::Privacy).who(STRANGER).await;
    assert!(own.is(409).text().contains("een ander beoordeelt"));
    house.post(to(1, "/beoordeling"), &judged).by(Role::Privacy).await.is(200);
    assert_eq!(sees(&house, STRANGER).await, [404; 3]);
    let it = house.get(to(1, "")).by(Role::Privacy).await.is(200).json();
    assert_eq!((&it["oordeel"], &it["tot"]), (&json!("onterecht"), &json!("2026-06-30T12:00:00Z")));
    house.post(to(1, "/beoordeling"), &judged).by(Role::Privacy).await.is(409);
    let open = house.get("/v1/noodtoegang?beoordeeld=nee").by(Role::Privacy).await.is(200).json();
    assert_eq!(open["aantal"], 0);
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn a_privacy_officer_who_is_excluded_sees_nothing_of_it(pool: PgPool) {
    let house = house(&pool).await;
    house.put(to(1, ""), &glass("casus", IT)).who(STRANGER).await.is(201);
    let list = house.get("/v1/noodtoegang").by(Role::Privacy).who(EXCLUDED).await.is(200).json();
    assert_eq!(list["aantal"], 0);
    let judged = json!({ "oordeel": "terecht" });
    for number in [1, 0xFFFE] {
        house.get(to(number, "")).by(Role::Privacy).who(EXCLUDED).await.is(404);
        let judge = house.post(to(number, "/beoordeling"), &judged);
        judge.by(Role::Privacy).who(EXCLUDED).await.is(404);
    }
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn what_is_wrong_with_it_is_said_all_at_once(pool: PgPool) {
    let house = house(&pool).await;
    let wrong =
        json!({ "casus": id(IT), "persoon": id(WOMAN), "reden": "nieuwsgierig", "minuten": 240 });
    let said = house.put(to(1, ""), &wrong).await.is(400).text();
    for part in ["/reden", "/minuten", "van 1 tot 60", "/toelichting"] {
        assert!(said.contains(part), "{part}: {said}");
    }
    for wrong in [
        without(glass("casus", IT), "casus"),
        but(glass("casus", IT), "/persoon", json!(id(WOMAN))),
    ] {
        let said = house.put(to(1, ""), &wrong).await.is(400).text();
        assert!(said.contains("noem een dossier"), "{said}");
    }
    house.get("/v1/noodtoegang?beoordeeld=misschien").by(Role::Privacy).await.is(400);
}

/// Who works on it needs no glass; who broke it may also act: to send help, something has to be recorded.
#[sqlx::test(migrator = "store::MIGRATOR")]
async fn whoever_broke_the_glass_may_also_record(pool: PgPool) {
    let house = house(&pool).await;
    let informed = json!({ "behandelaar": id(STRANGER), "op": "2026-06-30" });
    house.post(at(IT, "toewijzingen"), &informed).who(STRANGER).await.is(404);
    house.put(to(1, ""), &glass("casus", IT)).who(STRANGER).await.is(201);
    house.post(at(IT, "toewijzingen"), &informed).who(STRANGER).await.is(200);
}
