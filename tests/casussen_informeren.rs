//! `/v1/casussen/{id}/informeren`, `…/kennisgevingen`, `…/monitoring`, `…/opschortingen`, `…/voorvallen`, `…/huishouden` and
//! `…/toewijzingen`: what is watched over, and who is who.

use crate::house::{House, id};
use crate::steps::{IT, at, make_case, step, take};
use crate::told::{MAN, WOMAN, but};
use serde_json::{Value, json};
use sqlx::PgPool;

async fn file(house: &House, query: &str) -> Value {
    house.get(format!("/v1/casussen/{}{query}", id(1))).await.is(200).json()
}

fn of_the_woman(file: &Value) -> &Value {
    let all = file["informeren"].as_array().unwrap();
    all.iter().find(|it| it["persoon"] == json!(id(WOMAN))).unwrap()
}

async fn case(pool: &PgPool) -> House {
    let house = House::on("2026-06-30", pool).await;
    make_case(&house, 1).await;
    house
}

/// Wmo 2015 art. 5.3.1.
#[sqlx::test(migrator = "store::MIGRATOR")]
async fn somebody_is_informed_within_four_weeks_postponed_by_two_at_a_time_and_never_too_late(
    pool: PgPool,
) {
    let mut house = case(&pool).await;
    assert_eq!(of_the_woman(&file(&house, "").await)["vervaltOp"], "2026-07-28");
    house.moves_to("2026-07-28");
    let postpone = |on: &str| json!({ "persoon": id(WOMAN), "op": on, "reden": "veiligheid" });
    house.post(at(1, "informeren/uitstel"), &postpone("2026-07-28")).await.is(200);
    let it = of_the_woman(&file(&house, "").await).clone();
    assert_eq!((&it["vervaltOp"], &it["uitgesteld"]), (&json!("2026-08-11"), &json!(1)));
    house.moves_to("2026-08-12");
    let late = house.post(at(1, "informeren/uitstel"), &postpone("2026-08-12")).await.is(409);
    assert!(late.text().contains("al verstreken; uitstel kan niet meer"));
    let informed = json!({ "persoon": id(WOMAN), "op": "2026-08-11", "wijze": "schriftelijk" });
    house.post(at(1, "informeren"), &informed).await.is(200);
    let now = file(&house, "").await;
    assert_eq!(
        (&of_the_woman(&now)["op"], &of_the_woman(&now)["wijze"]),
        (&json!("2026-08-11"), &json!("schriftelijk"))
    );
    let term =
        now["termijnen"].as_array().unwrap().iter().find(|it| it["betreft"] == json!(id(WOMAN)));
    assert_eq!(term.unwrap()["binnenTermijn"], true);
    let then = file(&house, "?zoalsBekendOp=2026-07-01").await;
    assert_eq!(of_the_woman(&then)["vervaltOp"], "2026-07-28");
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn the_duty_to_inform_incidents_and_what_others_do_go_on_after_closing_and_nothing_else(
    pool: PgPool,
) {
    let house = case(&pool).await;
    for name in ["overdrachten", "overdrachten/aanvaarding", "maatregelen"] {
        take(&house, name, 1).await;
    }
    take(&house, "sluiting", 1).await;
    let goes_on = [
        "informeren/uitstel",
        "informeren",
        "kennisgevingen",
        "voorvallen",
        "voorvallen/toezichtmelding",
        "voorvallen/afhandeling",
        "overdrachten/begin",
        "overdrachten/teruggave",
        "maatregelen/beeindiging",
        "afscherming",
        "afscherming/opheffing",
        "bewaring",
        "bewaring/opheffing",
        "onderzoeksgebruik",
        "onderzoeksgebruik/bezwaar",
    ];
    for name in goes_on {
        take(&house, name, 1).await;
    }
    for (_, name) in crate::steps::routes().filter(|(_, name)| !name.starts_with("informeren")) {
        if goes_on.contains(&name) || name == "meldingen" {
            continue;
        }
        let refused = house.post(at(1, name), &step(name, 1).1).await.is(409);
        assert!(refused.text().contains("deze casus is gesloten"), "{name}: {}", refused.text());
    }
    let correction = json!({ "reden": "verkeerde-gemeente", "gemeente": "0114" });
    house.post(format!("/v1/meldingen/{}/correcties", id(1)), &correction).await.is(200);
    assert_eq!(file(&house, "").await["besluiten"][0]["gemeente"], "0114");
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn the_melder_and_others_are_told_about_a_melding_of_this_casus(pool: PgPool) {
    let house = case(&pool).await;
    take(&house, "kennisgevingen", 1).await;
    let told = json!([{ "op": "2026-06-30", "aan": "melder", "melding": id(1) }]);
    assert_eq!(file(&house, "").await["kennisgevingen"], told);
    let other = but(step("kennisgevingen", 1).1, "/melding", json!(id(99)));
    let refused = house.post(at(1, "kennisgevingen"), &other).await.is(409);
    assert!(refused.text().contains("hoort niet bij deze casus"));
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn monitoring_begins_once_no_service_runs_and_ends_without_open_moments(pool: PgPool) {
    let mut house = case(&pool).await;
    take(&house, "onderzoeken", 1).await;
    let refused = house.post(at(1, "monitoring"), &step("monitoring", 1).1).await.is(409);
    assert!(refused.text().contains("monitoring begint daarna"));
    take(&house, "onderzoeken/beeindiging", 1).await;
    take(&house, "monitoring", 1).await;
    take(&house, "monitoring/momenten", 1).await;
    let refused = house.post(at(1, "monitoring/beeindiging"), &step("monitoring/beeindiging", 1).1);
    assert!(refused.await.is(409).text().contains("er staat nog een monitoringsmoment open"));
    house.moves_to("2026-10-01");
    let held = but(step("monitoring/bevindingen", 1).1, "/op", "2026-10-01");
    house.post(at(1, "monitoring/bevindingen"), &held).await.is(200);
    let ended = json!({ "op": "2026-10-01" });
    house.post(at(1, "monitoring/beeindiging"), &ended).await.is(200);
    let monitoring = file(&house, "").await["monitoring"].clone();
    assert_eq!(
        (&monitoring["vanaf"], &monitoring["tot"]),
        (&json!("2026-06-30"), &json!("2026-10-01"))
    );
    let moment = &monitoring["momenten"][0];
    assert_eq!(
        (&moment["stand"], &moment["op"], &moment["veilig"]),
        (&json!("geweest"), &json!("2026-10-01"), &json!("ja"))
    );
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn terms_stand_still_while_they_are_suspended_and_what_stood_still_is_added(pool: PgPool) {
    let mut house = case(&pool).await;
    take(&house, "onderzoeken", 1).await;
    let due = |file: &Value| {
        let terms = file["termijnen"].as_array().unwrap();
        terms.iter().find(|it| it["soort"] == "onderzoek").unwrap()["vervaltOp"].clone()
    };
    assert_eq!(due(&file(&house, "").await), "2026-09-07");
    take(&house, "opschortingen", 1).await;
    assert_eq!(due(&file(&house, "").await), json!(null));
    house.moves_to("2026-07-07");
    house.post(at(1, "opschortingen/hervatting"), &json!({ "op": "2026-07-07" })).await.is(200);
    let now = file(&house, "").await;
    assert_eq!(due(&now), "2026-09-14");
    let pause = json!([{ "vanaf": "2026-06-30", "tot": "2026-07-07", "reden": "wacht-op-derden" }]);
    assert_eq!(now["opschortingen"], pause);
    // As it was known then, nothing had been resumed yet.
    assert_eq!(due(&file(&house, "?zoalsBekendOp=2026-07-01").await), json!(null));
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn a_child_may_live_in_two_households_from_dates_that_are_known_in_part(pool: PgPool) {
    let house = case(&pool).await;
    let lives = |household: u128, from: &str| json!({ "huishouden": id(household), "persoon": id(WOMAN), "vanaf": from });
    house.post(at(1, "huishouden/inwoning"), &lives(0x60, "2019")).await.is(200);
    house.post(at(1, "huishouden/inwoning"), &lives(0x61, "2024-06")).await.is(200);
    let both = json!([
        { "huishouden": id(0x60), "persoon": id(WOMAN), "vanaf": "2019" },
        { "huishouden": id(0x61), "persoon": id(WOMAN), "vanaf": "2024-06" },
    ]);
    assert_eq!(file(&house, "").await["huishouden"], both);
    let gone = |until: &str| json!({ "huishouden": id(0x61), "persoon": id(WOMAN), "tot": until });
    house
        .post(at(1, "huishouden/vertrek"), &gone("2024-05"))
        .await
        .names(&[("/tot", "ligt voor 2024-06-01")]);
    house.post(at(1, "huishouden/vertrek"), &gone("2024")).await.is(200);
    assert_eq!(file(&house, "").await["huishouden"].as_array().unwrap().len(), 1);
    let stranger = but(lives(0x60, "2019"), "/persoon", json!(id(99)));
    house.post(at(1, "huishouden/inwoning"), &stranger).await.is(409);
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn a_casus_has_one_worker_at_a_time(pool: PgPool) {
    let house = case(&pool).await;
    take(&house, "toewijzingen", 1).await;
    let again = house.post(at(1, "toewijzingen"), &step("toewijzingen", 1).1).await.is(409);
    assert!(again.text().contains("al aan deze behandelaar toegewezen"));
    let other = json!({ "behandelaar": id(2), "op": "2026-06-30" });
    house.post(at(1, "toewijzingen"), &other).await.is(200);
    let now = file(&house, "").await;
    assert_eq!((&now["behandelaar"], &now["team"]), (&json!(id(2)), &json!(null)));
}

/// Wmo 2015 art. 4.2.4-4.2.11.
#[sqlx::test(migrator = "store::MIGRATOR")]
async fn an_incident_is_recorded_reported_and_settled(pool: PgPool) {
    let house = case(&pool).await;
    for name in ["voorvallen", "voorvallen/toezichtmelding", "voorvallen/afhandeling"] {
        take(&house, name, 1).await;
    }
    let expected = json!([{
        "voorval": id(IT), "op": "2026-06-30", "soort": "klacht", "gemeldOp": "2026-06-30",
        "afgehandeldOp": "2026-06-30", "uitkomst": "gegrond",
    }]);
    assert_eq!(file(&house, "").await["voorvallen"], expected);
    let exempt = json!({ "persoon": id(MAN), "op": "2026-06-30", "reden": "onvindbaar" });
    house.post(at(1, "informeren/vrijstelling"), &exempt).await.is(200);
}
