//! `/health`, `/metrics`: for whoever keeps the register running; open to all, and so without anything about anybody.

use crate::house::House;
use crate::told::call;
use sqlx::PgPool;

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn a_register_that_works_says_so(pool: PgPool) {
    let house = House::on("2026-06-30", &pool).await;
    assert_eq!(house.get("/health/live").without_token().await.is(200).text(), "levend");
    assert_eq!(house.get("/health/ready").without_token().await.is(200).text(), "gereed");
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn without_its_tables_it_lives_and_is_not_ready(pool: PgPool) {
    let house = House::on("2026-06-30", &pool).await;
    sqlx::query("alter table projection rename to elsewhere").execute(&pool).await.unwrap();
    house.get("/health/live").without_token().await.is(200);
    let answer = house.get("/health/ready").without_token().await.is(503);
    assert_eq!(answer.json()["title"], "Niet gereed");
    assert_eq!(answer.header("retry-after"), Some("1"));
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn metrics_count_by_route_and_never_by_what_somebody_sent(pool: PgPool) {
    let house = House::on("2026-06-30", &pool).await;
    let path = "/v1/contacten/7c9e6679-7425-40de-944b-e07fc1f90ae7";
    house.put(path, &call()).of("VT25").await.is(201);
    house.get("/v1/Zomaariets").without_token().await.is(404);
    let metrics = house.get("/metrics").without_token().await.is(200).text();
    for line in [
        "http_requests_total{method=\"PUT\",route=\"/v1/contacten/{id}\",status=\"201\"}",
        "route=\"onbekend\",status=\"404\"",
        "meldboek_shown_position{organisation=\"VT25\"} 1",
        "http_request_duration_seconds_bucket{route=\"/v1/contacten/{id}\"",
        "meldboek_commands_recorded_total",
    ] {
        assert!(metrics.contains(line), "{line} is missing in {metrics}");
    }
    for sent in ["7c9e6679", "Zomaariets"] {
        assert!(!metrics.contains(sent), "{sent}");
    }
}
