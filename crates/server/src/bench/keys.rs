//! The key above all keys of persons is replaced while 32 writers record: does anybody hear of it, and how much slower is it meanwhile than before
//! and after?

use super::acts::Desk;
use super::append::{Act, rate};
use super::ground::Ground;
use super::limit::MOST_WRITERS;
use super::median;
use super::table::{Bar, Line, Table, grouped};
use crate::cli::Trouble;
use crate::clock::random_id;
use domain::id::Id;
use domain::melding::Melding;
use std::time::Instant;
use store::{Known, Prepared, RecordedBy, Store};

const PART: &str = "sleutels";
const MOST_PERSONS: usize = 100_000;
const AT_A_TIME: usize = 2_000;
/// Before, and as often after: what is recorded makes the register larger, and so slower.
const ROUNDS: usize = 5;

pub(super) async fn measure(
    database_url: &str,
    persons: usize,
    seconds: u64,
    table: &mut Table,
) -> Result<(), Trouble> {
    let ground = Ground::make(database_url, "sleutels").await?;
    let measured = on(&ground, persons.min(MOST_PERSONS), seconds, table).await;
    ground.clear().await?;
    measured
}

async fn on(
    ground: &Ground,
    persons: usize,
    seconds: u64,
    table: &mut Table,
) -> Result<(), Trouble> {
    let (server, desk) = (ground.store(RecordedBy::Database).await?, Desk::open());
    table.busy("personen vastleggen");
    fill(&server, desk, persons).await?;
    let mut around = vec![];
    for _ in 0..ROUNDS {
        around.push(rate(&server, desk, Act::Melding, MOST_WRITERS, seconds).await?);
    }
    // As an administrator does it: from another process than the server.
    table.busy("vervangen onder belasting");
    let administrator = ground.store(RecordedBy::Database).await?;
    let began = Instant::now();
    let rotating = tokio::spawn(async move { administrator.rotate_keys(|_| true).await });
    // An error of any writer would end this.
    let mut during = vec![];
    while !rotating.is_finished() {
        during.push(rate(&server, desk, Act::Melding, MOST_WRITERS, seconds).await?);
    }
    let took = began.elapsed().as_secs_f64();
    table.busy("vastleggen daarna");
    for _ in 0..ROUNDS {
        around.push(rate(&server, desk, Act::Melding, MOST_WRITERS, seconds).await?);
    }
    let rotated = rotating.await.map_err(|why| Trouble::Plain(why.to_string()))??;
    let keys = rotated.map_or(0, |it| it.keys) as f64;
    let what = format!("{} sleutels vervangen, {}/s", grouped(keys), grouped(keys / took));
    table.add(Line::new(PART, what, took, " s"));
    let what = format!("vastleggen tijdens het vervangen, {MOST_WRITERS} schrijvers, 0 fouten");
    let line = Line::rate(PART, what, median(during)).beside(("ervoor en erna", median(around)));
    table.add(line.judged(Bar::Ratio { floor: 0.8, goal: 0.9 }));
    server.catch_up(desk.organisation).await?;
    server.stop();
    Ok(())
}

/// As many subjects with a key of their own.
async fn fill(store: &Store, desk: Desk, persons: usize) -> Result<(), Trouble> {
    for begin in (0..persons).step_by(AT_A_TIME) {
        let mut batch = Vec::with_capacity(AT_A_TIME);
        for _ in begin..persons.min(begin + AT_A_TIME) {
            let id = random_id();
            let (command, particulars) = desk.melding(id);
            let known = &mut Known::<Melding>::default();
            let decided = Prepared::decide(Id::new(id), known, command, particulars, &desk.stamp());
            batch.push(decided.map_err(|why| Trouble::Plain(why.to_string()))?);
        }
        store.append(desk.organisation, batch).await?;
    }
    Ok(())
}
