//! Projections are exact: lived through one event at a time or told again by thousands, the rows are the same, and they say what a
//! recount from the first event says.

use super::given::{allow_any_statement, drenthe, open_in_the_past, perform};
use super::history::Past;
use super::oracle::{counted, recount, relist, same};
use domain::id::Organisation;
use report::definition::Kind;
use sqlx::PgPool;
use std::collections::BTreeSet;
use store::projections::Name;
use store::projections::worklist::Filter;
use store::rebuild::Rebuilt;
use store::{Failed, Store};

const NEVER: &str = "2100-01-01T00:00:00Z";

async fn told(store: &Store, organisation: Organisation, seed: u64, steps: usize) -> usize {
    let mut past = Past::of(organisation, seed);
    let mut recorded = 0;
    for _ in 0..steps {
        recorded += usize::from(past.go_on(store).await);
    }
    recorded
}

async fn contents(store: &Store) -> Vec<String> {
    let mut contents = Vec::new();
    for name in Name::ALL {
        contents.push(store.content(name).await.unwrap());
    }
    contents
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn told_again_in_batches_of_any_size_it_is_what_was_lived_through(pool: PgPool) {
    let store = open_in_the_past(&pool).await;
    let groningen: Organisation = "VT01".parse().unwrap();
    let mut pasts = [Past::of(drenthe(), 1), Past::of(groningen, 2)];
    for step in 0..900 {
        if pasts[step % 2].go_on(&store).await {
            // Lived through: one command at a time.
            store.catch_up([drenthe(), groningen][step % 2]).await.unwrap();
        }
    }
    let lived = contents(&store).await;
    for batch in [1, 7, 500, 5000] {
        let mut progress = 0;
        let all = store.rebuild(&Name::ALL, batch, |events| progress += events).await.unwrap();
        assert_eq!(all.iter().map(|it| it.name).collect::<Vec<_>>(), Name::ALL);
        for (rebuilt, lived) in all.iter().zip(&lived) {
            assert!(rebuilt.same(), "in batches of {batch}: {rebuilt:?}");
            assert_eq!(&rebuilt.content, lived, "{:?} in batches of {batch}", rebuilt.name);
            assert_eq!(progress, rebuilt.events);
        }
        assert_eq!(contents(&store).await, lived, "live after a telling in batches of {batch}");
    }
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn followed_in_one_go_it_is_what_was_lived_through(pool: PgPool) {
    let store = open_in_the_past(&pool).await;
    let recorded = told(&store, drenthe(), 3, 600).await;
    assert!(recorded > 250, "only {recorded} events: too few to prove anything");
    store.catch_up(drenthe()).await.unwrap();
    let in_one_go = contents(&store).await;
    let rebuilt = store.rebuild(&[Name::Facts], 1, |_| {}).await.unwrap();
    assert!(rebuilt[0].same(), "{rebuilt:?}");
    assert_eq!(contents(&store).await, in_one_go);
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn figures_and_lists_are_what_a_recount_from_the_first_event_says(pool: PgPool) {
    let store = open_in_the_past(&pool).await;
    let mut happened: BTreeSet<Kind> = BTreeSet::new();
    for seed in 10..17_u64 {
        let organisation: Organisation = format!("VT{seed}").parse().unwrap();
        let mut past = Past::of(organisation, seed);
        for step in 1..=320 {
            past.go_on(&store).await;
            if step % 20 == 0 {
                store.catch_up(organisation).await.unwrap();
                let log = store::log::after(&pool, organisation, 0, 10_000).await.unwrap();
                let figures = counted(&store, organisation, NEVER.parse().unwrap()).await;
                same(&figures, &recount(&log), &format!("seed {seed}, step {step}"));
                happened.extend(figures.keys().map(|(_, fact)| Kind::of(fact)));
                let all = Filter { limit: 10_000, ..Filter::default() };
                let page = store.worklist(organisation, &all).await.unwrap();
                assert_eq!(page.entries, relist(&log), "seed {seed}, step {step}");
                assert_eq!(page.count(), page.entries.len() as i64);
            }
        }
    }
    assert_eq!(happened.len(), Kind::COUNT, "the random past lets only these happen: {happened:?}");
}

/// A migration that needs more of the past than was kept forgets what was told: whoever follows the log tells it again.
#[sqlx::test(migrator = "store::MIGRATOR")]
async fn what_a_migration_forgets_is_told_again_by_whoever_follows(pool: PgPool) {
    let store = open_in_the_past(&pool).await;
    told(&store, drenthe(), 7, 300).await;
    store.catch_up(drenthe()).await.unwrap();
    let before = contents(&store).await;
    allow_any_statement(&pool).await;
    let mut by_hand = pool.acquire().await.unwrap();
    let migration = store::MIGRATOR.iter().find(|it| it.description == "known links").unwrap();
    let statements = migration.sql.as_str().lines();
    let forgotten: Vec<&str> = statements.filter(|it| it.starts_with("delete from ")).collect();
    for statement in &forgotten {
        perform(&mut by_hand, statement).await.unwrap();
    }
    assert_eq!(forgotten.len(), 7);
    perform(&mut by_hand, "delete from known_link").await.unwrap();
    assert!(counted(&store, drenthe(), NEVER.parse().unwrap()).await.is_empty());
    store.catch_up(drenthe()).await.unwrap();
    assert_eq!(contents(&store).await, before);
}

/// Reading goes on while a telling grows beside the live one, and never shows less.
#[sqlx::test(migrator = "store::MIGRATOR")]
async fn while_it_is_told_again_the_figures_stay(pool: PgPool) {
    let store = open_in_the_past(&pool).await;
    told(&store, drenthe(), 4, 400).await;
    store.catch_up(drenthe()).await.unwrap();
    let now = NEVER.parse().unwrap();
    let before = counted(&store, drenthe(), now).await;
    let rebuilding = tokio::spawn({
        let store = store.0.clone();
        async move { store.rebuild(&[Name::Facts], 5, |_| {}).await.unwrap() }
    });
    let mut looks = 0;
    while !rebuilding.is_finished() {
        same(&counted(&store, drenthe(), now).await, &before, "while it is told again");
        looks += 1;
    }
    assert!(rebuilding.await.unwrap()[0].same());
    assert!(looks > 3, "looked {looks} times");
    same(&counted(&store, drenthe(), now).await, &before, "after it was told again");
}

/// A second one would take what the first is telling for a leftover.
#[sqlx::test(migrator = "store::MIGRATOR")]
async fn it_is_told_again_by_one_at_a_time(pool: PgPool) {
    let store = open_in_the_past(&pool).await;
    told(&store, drenthe(), 5, 20).await;
    store.catch_up(drenthe()).await.unwrap();
    let mut first = pool.acquire().await.unwrap();
    let hold = "select pg_advisory_lock(hashtextextended('meldboek rebuild', 0))";
    sqlx::raw_sql(hold).execute(&mut *first).await.unwrap();
    let second = store.rebuild(&Name::ALL, 500, |_| {}).await;
    assert!(matches!(second, Err(Failed::Rebuilding)), "{second:?}");
    sqlx::raw_sql("select pg_advisory_unlock_all()").execute(&mut *first).await.unwrap();
    assert!(store.rebuild(&Name::ALL, 500, |_| {}).await.unwrap()[0].same());
}

/// What is written while a telling grows is in it when it becomes the live one.
#[sqlx::test(migrator = "store::MIGRATOR")]
async fn what_is_written_while_it_is_told_again_is_not_lost(pool: PgPool) {
    let store = open_in_the_past(&pool).await;
    told(&store, drenthe(), 5, 200).await;
    store.follow(drenthe());
    let writing = tokio::spawn({
        let store = store.0.clone();
        async move { told(&store, "VT01".parse().unwrap(), 6, 200).await }
    });
    for _ in 0..3 {
        let all = store.rebuild(&Name::ALL, 20, |_| {}).await.unwrap();
        assert!(all.iter().all(Rebuilt::same), "{all:?}");
    }
    writing.await.unwrap();
    for organisation in [drenthe(), "VT01".parse().unwrap()] {
        store.catch_up(organisation).await.unwrap();
        let log = store::log::after(&pool, organisation, 0, 10_000).await.unwrap();
        let figures = counted(&store, organisation, NEVER.parse().unwrap()).await;
        same(&figures, &recount(&log), "after");
    }
}
