//! Too much at once, too slow, and trouble of our own: the caller is told what he can do, and learns nothing about our insides.

use crate::house::House;
use crate::told::{call, melding};
use axum::body::{Body, Bytes};
use futures_util::{FutureExt, stream};
use server::app::Limits;
use sqlx::PgPool;
use std::convert::Infallible;
use std::time::Duration;

const CALL: &str = "/v1/contacten/00000000-0000-0000-0000-000000000001";

/// A body of which nothing ever comes.
fn never() -> Body {
    Body::from_stream(stream::pending::<Result<Bytes, Infallible>>())
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn whoever_comes_when_all_places_are_taken_may_come_again(pool: PgPool) {
    let limits = Limits { at_once: 1, ..Limits::default() };
    let house = House::within(limits, "2026-06-30", &pool).await;
    let mut first = Box::pin(house.put(CALL, &call()).body(never()).answer());
    assert!(first.as_mut().now_or_never().is_none());
    let second = house.put(CALL, &call()).await.is(503);
    assert_eq!(second.header("retry-after"), Some("1"));
    assert_eq!(second.json()["title"], "Even te druk");
    // Also when the first leaves without an answer, its place is free again.
    drop(first);
    house.put(CALL, &call()).await.is(201);
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn a_request_that_takes_too_long_is_ended(pool: PgPool) {
    let limits = Limits { time: Duration::ZERO, ..Limits::default() };
    let house = House::within(limits, "2026-06-30", &pool).await;
    let answer = house.put(CALL, &call()).body(never()).await.is(503);
    assert_eq!(answer.header("retry-after"), Some("1"));
    assert!(answer.json()["detail"].as_str().unwrap().contains("niets dubbel vastgelegd"));
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn trouble_of_our_own_is_ours_to_know(pool: PgPool) {
    let house = House::on("2026-06-30", &pool).await;
    house.put(CALL, &call()).await.is(201);
    sqlx::query("alter table worklist rename to elsewhere").execute(&pool).await.unwrap();
    let answer = house.get("/v1/werklijst").await.is(500);
    assert_eq!(answer.json()["title"], "Er ging iets mis");
    for inside in ["worklist", "relation", "sql", "database", "column"] {
        assert!(!answer.text().to_lowercase().contains(inside), "{}", answer.text());
    }
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn a_write_that_cannot_be_shown_yet_is_recorded_all_the_same(pool: PgPool) {
    let house = House::on("2026-06-30", &pool).await;
    sqlx::query("alter table worklist rename to elsewhere").execute(&pool).await.unwrap();
    let path = "/v1/meldingen/00000000-0000-0000-0000-000000000001";
    house.put(path, &melding("2026-06-29")).await.is(201);
    house.get(path).await.is(200);
    // The read model catches up by itself when the trouble is over; nothing was skipped.
    sqlx::query("alter table elsewhere rename to worklist").execute(&pool).await.unwrap();
    house.app.store.catch_up("VT02".parse::<domain::id::Log>().unwrap()).await.unwrap();
    assert_eq!(house.get("/v1/werklijst").await.is(200).json()["aantal"], 1);
}
