//! What the fuzzer found worth keeping is done again here, on every change: `corpus/TARGET/*` through the same functions as the targets of
//! `tests/fuzz.sh`. Nothing in it may panic, or be answered with a fault of ours.

mod inputs;
mod log;

use crate::access::{ask, make, who_may};
use crate::house::{House, id};
use crate::log::heads::{Folder, keeper_of};
use crate::source::root;
use crate::told::call;
use server::api::{ROUTES, Route};
use sqlx::PgPool;
use std::fs;
use std::panic::catch_unwind;
use std::path::PathBuf;

fn folder(target: &str) -> PathBuf {
    root().join("tests/fuzz/corpus").join(target)
}

/// The kept inputs of a target, by name.
fn kept(target: &str) -> Vec<(String, Vec<u8>)> {
    let mut all: Vec<_> = fs::read_dir(folder(target))
        .unwrap()
        .map(|it| it.unwrap().path())
        .map(|it| (it.file_name().unwrap().to_string_lossy().into_owned(), fs::read(it).unwrap()))
        .collect();
    all.sort();
    assert!(!all.is_empty(), "{target} has no corpus");
    all
}

fn replay(target: &str, with: fn(&[u8])) {
    for (name, data) in kept(target) {
        // What panicked is printed, but not on which input.
        assert!(catch_unwind(|| with(&data)).is_ok(), "{target}/{name}");
    }
}

#[test]
fn kept_events_are_read_and_mean_the_same_when_written_again() {
    replay("events", inputs::events);
}

#[test]
fn kept_rows_of_a_log_are_judged() {
    replay("verifier", log::verifier);
}

#[test]
fn kept_heads_prove_nothing_that_is_not_so() {
    replay("heads", log::heads);
}

#[test]
fn kept_persons_are_compared() {
    replay("search", inputs::search);
}

#[test]
fn kept_texts_are_read_or_refused() {
    replay("texts", inputs::texts);
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn kept_tokens_let_nobody_in_who_may_not(pool: PgPool) {
    let house = House::on("2026-06-30", &pool).await;
    for (_, data) in kept("tokens") {
        inputs::tokens(&house, &data).await;
    }
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn kept_requests_are_answered(pool: PgPool) {
    let heads = Folder::new();
    let house = signing(&pool, &heads).await;
    house.put(format!("/v1/contacten/{}", id(1)), &call()).await.is(201);
    house.signed().await;
    let names: Vec<String> = ROUTES.iter().map(name).collect();
    for (run, (name, data)) in (1..).zip(kept("requests")) {
        let last = inputs::requests(&house, run, &data).await;
        if names.contains(&name) {
            assert!(
                matches!(last, Some(200 | 201)),
                "{name} is no right request any more: {last:?}"
            );
        }
    }
}

/// What the fuzzer begins with: for every route a right request, and what has to come before it. With `MELDBOEK_SCHRIJF=1` what is missing is
/// written.
#[sqlx::test(migrator = "store::MIGRATOR")]
async fn every_route_is_among_the_kept_requests(pool: PgPool) {
    let missing: Vec<_> =
        ROUTES.iter().filter(|it| !folder("requests").join(name(it)).exists()).collect();
    if std::env::var_os("MELDBOEK_SCHRIJF").is_some() {
        let heads = Folder::new();
        let house = signing(&pool, &heads).await;
        for (number, route) in (1..).map(|it| it * 0x100).zip(missing) {
            make(&house, route, number).await;
            ask(&house, route, number, who_may(route)).await;
            fs::write(folder("requests").join(name(route)), house.heard()).unwrap();
        }
        return;
    }
    let missing: Vec<_> = missing.into_iter().map(name).collect();
    let how = "MELDBOEK_SCHRIJF=1 tests/run.sh -p tests every_route_is_among_the_kept_requests";
    assert!(missing.is_empty(), "{missing:?}: {how}");
}

async fn signing(pool: &PgPool, heads: &Folder) -> House {
    let mut house = House::on("2026-06-30", pool).await;
    house.signs(keeper_of(&house.app.store, heads));
    house
}

/// `post-casussen-id-onderzoeken`
fn name(route: &Route) -> String {
    let path = route.path.replace(['{', '}', '_'], "").replace('/', "-");
    format!("{}{path}", route.method)
}
