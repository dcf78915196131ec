//! `/v1/werklijst`: meldingen that wait for their safety assessment, most urgent first, with the exact count.

use crate::house::{House, id};
use crate::told::{assess, but, melding, receive_melding};
use serde_json::{Value, json};
use sqlx::PgPool;

const LIST: &str = "/v1/werklijst";

async fn waiting(house: &House, query: &str) -> Value {
    house.get(format!("{LIST}{query}")).await.is(200).json()
}

fn meldingen(page: &Value) -> Vec<Value> {
    page["regels"].as_array().unwrap().iter().map(|it| it["melding"].clone()).collect()
}

/// Five meldingen, told in another order than that in which they lapse.
async fn five(house: &House) {
    for (number, on) in [
        (1, "2026-06-30"),
        (2, "2026-06-15"),
        (3, "2026-06-29"),
        (4, "2026-06-16"),
        (5, "2026-06-15"),
    ] {
        receive_melding(house, number, &melding(on)).await;
    }
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn the_most_urgent_stands_first_and_the_count_is_exact(pool: PgPool) {
    let house = House::on("2026-06-30", &pool).await;
    five(&house).await;
    let page = waiting(&house, "").await;
    assert_eq!(page["aantal"], 5);
    assert_eq!(meldingen(&page), [2, 5, 4, 3, 1].map(|it| json!(id(it))));
    let first = json!({
        "melding": id(2), "ontvangenOp": "2026-06-15", "vervaltOp": "2026-06-22", "teLaat": true,
        "gemeente": "0106", "acuutGevaar": "nee", "acuutGevaarLabel": "Nee",
    });
    assert_eq!(page["regels"][0], first);
    assert_eq!(page["regels"][4]["teLaat"], false);
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn pages_follow_each_other_without_gap_or_repetition(pool: PgPool) {
    let house = House::on("2026-06-30", &pool).await;
    five(&house).await;
    let (mut seen, mut query) = (Vec::new(), "?aantal=2".to_owned());
    loop {
        let page = waiting(&house, &query).await;
        assert_eq!(page["aantal"], 5);
        seen.extend(meldingen(&page));
        let Some(next) = page["volgende"].as_str() else { break };
        query = format!("?aantal=2&na={next}");
    }
    assert_eq!(seen, [2, 5, 4, 3, 1].map(|it| json!(id(it))));
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn a_worker_can_ask_for_what_lapses_before_a_day(pool: PgPool) {
    let house = House::on("2026-06-30", &pool).await;
    five(&house).await;
    let page = waiting(&house, "?soort=veiligheidsbeoordeling&vervaltVoor=2026-06-23").await;
    assert_eq!(meldingen(&page), [2, 5].map(|it| json!(id(it))));
    assert_eq!(page["aantal"], 2);
    assert_eq!(waiting(&house, "?vervaltVoor=2026-06-22").await["aantal"], 0);
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn an_assessed_or_withdrawn_melding_waits_no_longer(pool: PgPool) {
    let house = House::on("2026-06-30", &pool).await;
    five(&house).await;
    assess(&house, 2, "2026-06-30", "overdracht").await;
    let why = json!({ "op": "2026-06-30", "reden": "dubbele-registratie" });
    house.post(format!("/v1/meldingen/{}/intrekking", id(5)), &why).await.is(200);
    let page = waiting(&house, "").await;
    assert_eq!(meldingen(&page), [4, 3, 1].map(|it| json!(id(it))));
    assert_eq!(page["aantal"], 3);
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn a_correction_moves_a_melding_on_the_list(pool: PgPool) {
    let house = House::on("2026-06-30", &pool).await;
    let told = but(melding("2026-06-29"), "/acuutGevaar", "ja");
    receive_melding(&house, 1, &told).await;
    let correction =
        json!({ "reden": "invoerfout", "ontvangenOp": "2026-06-26", "gemeente": "0114" });
    house.post(format!("/v1/meldingen/{}/correcties", id(1)), &correction).await.is(200);
    let line = &waiting(&house, "").await["regels"][0];
    assert_eq!(line["ontvangenOp"], "2026-06-26");
    assert_eq!(line["vervaltOp"], "2026-07-03");
    assert_eq!(line["gemeente"], "0114");
    assert_eq!(line["acuutGevaarLabel"], "Ja");
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn a_wrong_question_is_answered_with_what_is_right(pool: PgPool) {
    let house = House::on("2026-06-30", &pool).await;
    let wrong = [
        ("soort=iets", "soort", "kies uit: veiligheidsbeoordeling"),
        ("behandelaar=iemand", "behandelaar", "nog geen behandelaar"),
        ("vervaltVoor=morgen", "vervaltVoor", "JJJJ-MM-DD"),
        ("vervaltVoor=2026-6-1", "vervaltVoor", "JJJJ-MM-DD"),
        ("vervaltVoor=%2B99999-01-01", "vervaltVoor", "JJJJ-MM-DD"),
        ("aantal=0", "aantal", "1 tot 500"),
        ("aantal=501", "aantal", "1 tot 500"),
        ("aantal=veel", "aantal", "1 tot 500"),
        ("vervaltVoor=-262143-01-01", "vervaltVoor", "JJJJ-MM-DD"),
        ("na=overal", "na", "volgende"),
        ("na=-262143-01-01_00000000-0000-0000-0000-000000000001", "na", "volgende"),
        ("na=2026-06-22_1", "na", "volgende"),
        ("volgorde=op", "volgorde", "onbekende sleutel"),
    ];
    for (query, key, why) in wrong {
        house.get(format!("{LIST}?{query}")).await.names(&[(key, why)]);
    }
}
