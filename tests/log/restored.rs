//! A log that was restored from a copy, went on otherwise, or was rewritten is noticed at the first read by whoever followed it: the
//! checkpoint knows the chain at its position. Nothing of it is projected.

use super::given::{drenthe, number, receive_call};
use super::scene::Scene;
use sqlx::PgPool;
use store::projections::Name;
use store::{Failed, Store};

const FACTS: &str = "select count(*) from fact where generation = (select live from projection where name = 'facts')";

async fn noticed_at(store: &Store, position: i64) {
    match store.catch_up(drenthe()).await {
        Err(Failed::Corrupt { position: at, .. }) => assert_eq!(at, position),
        other => panic!("followed another log: {other:?}"),
    }
    // A telling again would show another past: it is refused as well, not made to fit.
    let again = store.rebuild(&[Name::Facts], 500, |_| {}).await;
    assert!(matches!(again, Err(Failed::Corrupt { .. })), "{again:?}");
}

async fn restored(scene: &mut Scene, end: i64) {
    for table in ["event", "particular"] {
        scene.change(&format!("delete from {table} where position > {end}")).await;
    }
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn a_restored_log_is_noticed_at_the_first_read(pool: PgPool) {
    let mut scene = Scene::set(&pool).await;
    scene.store.catch_up(drenthe()).await.unwrap();
    let before = number(&pool, FACTS).await;
    for end in [scene.last - 1, 3, 0] {
        restored(&mut scene, end).await;
        noticed_at(&scene.store, scene.last).await;
        scene.undo().await;
    }
    assert_eq!(scene.store.catch_up(drenthe()).await.unwrap(), scene.last);
    assert_eq!(number(&pool, FACTS).await, before);
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn a_forked_log_is_noticed_at_the_first_read(pool: PgPool) {
    let mut scene = Scene::set(&pool).await;
    scene.store.catch_up(drenthe()).await.unwrap();
    let before = number(&pool, FACTS).await;
    restored(&mut scene, 4).await;
    for call in 1..=20 {
        receive_call(&scene.store, drenthe(), 8000 + call).await.unwrap();
        noticed_at(&scene.store, scene.last).await;
    }
    assert_eq!(number(&pool, FACTS).await, before);
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn a_log_with_a_gap_stops_whoever_follows(pool: PgPool) {
    let mut scene = Scene::set(&pool).await;
    scene.change("delete from event where position = 5").await;
    match scene.store.catch_up(drenthe()).await {
        Err(Failed::Corrupt { position, .. }) => assert_eq!(position, 5),
        other => panic!("skipped an event: {other:?}"),
    }
    assert_eq!(number(&pool, FACTS).await, 0);
}

/// An event that cannot be read stops the following visibly, and is never skipped.
#[sqlx::test(migrator = "store::MIGRATOR")]
async fn an_unreadable_event_stops_whoever_follows(pool: PgPool) {
    let mut scene = Scene::set(&pool).await;
    scene.change("update event set schema = 99 where position = 5").await;
    let stopped = scene.store.catch_up(drenthe()).await;
    assert!(matches!(stopped, Err(Failed::Unreadable(_))), "{stopped:?}");
    assert_eq!(number(&pool, "select coalesce(max(position), 0) from checkpoint").await, 0);
    scene.undo().await;
    assert_eq!(scene.store.catch_up(drenthe()).await.unwrap(), scene.last);
}
