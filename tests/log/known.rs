//! As known at: what a report says of an earlier moment is what it would have said then, whatever came in later.

use super::given::{at, drenthe, open_in_the_past};
use super::history::Past;
use super::oracle::{Figures, counted, recount, same};
use chrono::{DateTime, Duration, Utc};
use sqlx::PgPool;

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn as_known_at_a_moment_is_what_was_known_at_that_moment(pool: PgPool) {
    let store = open_in_the_past(&pool).await;
    let mut past = Past::of(drenthe(), 20);
    let mut then: Vec<(DateTime<Utc>, Figures)> = Vec::new();
    for _ in 0..350 {
        if past.go_on(&store).await {
            store.catch_up(drenthe()).await.unwrap();
            let figures = counted(&store, drenthe(), at("2100-01-01T00:00:00Z")).await;
            // Of what came in at one moment, the last is what was known then.
            then.retain(|(moment, _)| *moment != past.now);
            then.push((past.now, figures));
        }
    }
    assert!(then.len() > 100, "only {} moments", then.len());
    let log = store::log::after(&pool, drenthe(), 0, 10_000).await.unwrap();
    let mut before = Figures::new();
    for (moment, figures) in &then {
        let just_before = *moment - Duration::microseconds(1);
        same(&counted(&store, drenthe(), just_before).await, &before, "just before");
        same(&counted(&store, drenthe(), *moment).await, figures, "at the moment");
        let known = log.partition_point(|it| it.recorded_at <= *moment);
        same(figures, &recount(&log[..known]), "a recount of what was recorded by then");
        before.clone_from(figures);
    }
}

/// The head of the log as known at a moment belongs to the same events.
#[sqlx::test(migrator = "store::MIGRATOR")]
async fn the_head_as_known_at_a_moment_is_that_of_its_last_event(pool: PgPool) {
    let store = open_in_the_past(&pool).await;
    let mut past = Past::of(drenthe(), 21);
    for _ in 0..120 {
        past.go_on(&store).await;
    }
    let log = store::log::after(&pool, drenthe(), 0, 10_000).await.unwrap();
    for it in &log {
        let last = log.iter().rfind(|other| other.recorded_at <= it.recorded_at).unwrap();
        let head = store::log::head_at(&pool, drenthe(), it.recorded_at).await.unwrap();
        assert_eq!(head, (last.position, last.chain));
    }
    let (position, _) =
        store::log::head_at(&pool, drenthe(), at("2020-01-01T00:00:00Z")).await.unwrap();
    assert_eq!(position, 0);
}
