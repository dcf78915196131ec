//! `/v1/statistieken`: declared tables for municipalities, always through the disclosure profile, only for the areas in the token.

use crate::figures::{about, exactly, figure, hidden};
use crate::house::{Ask, House, id};
use crate::told::{but, question};
use domain::access::Role;
use sqlx::PgPool;

const TABLE: &str = "adviezen-naar-vorm";

fn ask<'h>(house: &'h House, query: &str) -> Ask<'h> {
    house.get(format!("/v1/statistieken/{TABLE}?{query}"))
}

/// Nine adviezen in Assen (0106) and three in Emmen (0114).
async fn twelve(house: &House) {
    for number in 1..=12 {
        let place = if number <= 9 { "0106" } else { "0114" };
        let told = but(question(), "/gemeente", place);
        house.put(format!("/v1/adviezen/{}", id(number)), &told).await.is(201);
    }
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn the_declared_tables_say_what_they_count(pool: PgPool) {
    let house = House::on("2026-06-30", &pool).await;
    let tables = house.get("/v1/statistieken").for_areas(&[]).await.is(200).json();
    let tables = tables["tabellen"].as_array().unwrap();
    assert!(tables.len() >= 5);
    for table in tables {
        for key in ["id", "titel", "teleenheid", "definitie"] {
            assert!(table[key].as_str().is_some_and(|it| !it.is_empty()), "{key} of {table}");
        }
        let path =
            format!("/v1/statistieken/{}?periode=2026&gebied=0106", table["id"].as_str().unwrap());
        let answer = house.get(path).for_areas(&["0106"]).await.is(200).json();
        assert_eq!(answer["tabellen"][0]["id"], table["id"]);
    }
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn figures_of_an_area_are_never_exact(pool: PgPool) {
    let house = House::on("2026-06-30", &pool).await;
    twelve(&house).await;
    let both = ["0106", "0114"];
    let here = ask(&house, "periode=2026&gebied=0106").for_areas(&both).await.is(200).json();
    assert_eq!(here["profiel"], "afgerond5");
    assert_eq!((&here["gebied"], &here["periode"]), (&"0106".into(), &"2026".into()));
    assert_eq!(figure(&here, TABLE, "ouderenmishandeling"), about(10));
    assert_eq!(figure(&here, TABLE, "kindermishandeling"), exactly(0));
    let there = ask(&house, "periode=2026&gebied=0114").for_areas(&both).await.is(200).json();
    assert_eq!(figure(&there, TABLE, "ouderenmishandeling"), hidden());
    // Also not for a manager, who may see exact figures of his organisation elsewhere.
    let manager = ask(&house, "periode=2026&gebied=0114").await.is(200).json();
    assert_eq!(figure(&manager, TABLE, "ouderenmishandeling"), hidden());
    let profile = ask(&house, "periode=2026&gebied=0114&profiel=intern").await;
    profile.names(&[("profiel", "onbekende sleutel")]);
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn a_period_is_a_year_a_half_year_or_a_month(pool: PgPool) {
    let house = House::on("2026-06-30", &pool).await;
    twelve(&house).await;
    for (period, count) in [
        ("2026H1", about(10)),
        ("2026-06", about(10)),
        ("2026-05", exactly(0)),
        ("2025", exactly(0)),
    ] {
        let answer = ask(&house, &format!("periode={period}&gebied=0106")).await.is(200).json();
        assert_eq!(figure(&answer, TABLE, "totaal"), count, "{period}");
    }
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn only_the_areas_in_the_token_are_shown(pool: PgPool) {
    let house = House::on("2026-06-30", &pool).await;
    twelve(&house).await;
    let here = "periode=2026&gebied=0106";
    for areas in [vec![], vec!["0114"], vec!["106"], vec!["onbekend"], vec!["*"]] {
        let answer = ask(&house, here).for_areas(&areas).await.is(403);
        assert_eq!(answer.json()["detail"], "dit gebied staat niet in uw token", "{areas:?}");
    }
    // A manager sees the municipalities of his own region: Assen lies in Drenthe, Amsterdam does not.
    ask(&house, here).await.is(200);
    ask(&house, here).of("VT03").await.is(403);
    ask(&house, "periode=2026&gebied=0363").await.is(403);
    // A role that is for something else does not become an analyst by having areas.
    for role in [Role::Intake, Role::CaseWorker, Role::Privacy, Role::Administrator] {
        ask(&house, here).for_areas(&["0106"]).by(role).await.is(403);
    }
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn figures_of_an_area_are_shown_as_known_then(pool: PgPool) {
    let mut house = House::on("2026-06-30", &pool).await;
    twelve(&house).await;
    house.moves_to("2026-07-20");
    for number in 20..=24 {
        house.put(format!("/v1/adviezen/{}", id(number)), &question()).await.is(201);
    }
    let then = "periode=2026&gebied=0106&zoalsBekendOp=2026-07-01";
    let first = ask(&house, then).await.is(200);
    assert_eq!(figure(&first.json(), TABLE, "totaal"), about(10));
    assert_eq!(ask(&house, then).await.is(200).body, first.body);
    let now = ask(&house, "periode=2026&gebied=0106").await.is(200).json();
    assert_eq!(figure(&now, TABLE, "totaal"), about(15));
    for format in ["csv", "csv-excel", "html", "tekst"] {
        ask(&house, &format!("{then}&formaat={format}")).await.is(200);
    }
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn a_wrong_question_is_answered_with_what_is_right(pool: PgPool) {
    let house = House::on("2026-06-30", &pool).await;
    let wrong = [
        ("gebied=0106", "periode", "ontbreekt"),
        ("periode=2026", "gebied", "ontbreekt"),
        ("periode=2026H3&gebied=0106", "periode", "geen periode"),
        ("periode=2026-13&gebied=0106", "periode", "geen periode"),
        ("periode=juni&gebied=0106", "periode", "geen periode"),
        ("periode=2026&gebied=9999", "gebied", "geen Nederlandse gemeentecode"),
        ("periode=2026&gebied=Assen", "gebied", "geen Nederlandse gemeentecode"),
        ("periode=2026&gebied=0003", "gebied", "bestond niet op"),
        ("periode=2026&gebied=0106&formaat=pdf", "formaat", "kies uit"),
        ("periode=2026&gebied=0106&soort=x", "soort", "onbekende sleutel"),
    ];
    for (query, key, why) in wrong {
        ask(&house, query).await.names(&[(key, why)]);
    }
    let absent = "/v1/statistieken/personen?periode=2026&gebied=0106";
    let answer = house.get(absent).await.is(404);
    assert_eq!(answer.json()["detail"], "'personen' is geen tabel van de statistieken");
}
