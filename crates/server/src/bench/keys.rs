//! The key above all keys of persons is replaced while 32 writers record: does anybody hear of it, and how much slower is it meanwhile? And
//! what sealing costs whoever records: the same meldingen with and without a sealed text.

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
const ROUNDS: usize = 5;

pub(super) async fn measure(
    database_url: &str,
    persons: usize,
    seconds: u64,
    table: &mut Table,
) -> Result<(), Trouble> {
    // A register of its own: who waits for what he recorded waits for the one that tells it, and that is to be the server.
    let ground = Ground::make(database_url, "verzegelen").await?;
    let measured = super::sealing::measure(&ground, seconds, table).await;
    ground.clear().await?;
    measured?;
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
    table.busy("wat verzegelen kost");
    let (mut bare, mut sealed) = (vec![], vec![]);
    for _ in 0..ROUNDS {
        bare.push(rate(&server, desk, Act::Bare, MOST_WRITERS, seconds).await?);
        sealed.push(rate(&server, desk, Act::Melding, MOST_WRITERS, seconds).await?);
    }
    let what = format!("melding met verzegelde tekst, {MOST_WRITERS} schrijvers");
    let line = Line::rate(PART, what, median(sealed)).beside(("zonder", median(bare)));
    // Not judged: three rows for one, and a bare insert of those costs as much (`--deel append`). What whoever takes in a melding feels, is above.
    table.add(line);

    table.busy("personen vastleggen");
    fill(&server, desk, persons).await?;
    let mut before = vec![];
    for _ in 0..ROUNDS {
        before.push(rate(&server, desk, Act::Melding, MOST_WRITERS, seconds).await?);
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
    let rotated = rotating.await.map_err(|why| Trouble::Plain(why.to_string()))??;
    let keys = rotated.map_or(0, |it| it.keys) as f64;
    let what = format!("{} sleutels vervangen", grouped(keys));
    table.add(Line::new(PART, what, took, " s").beside(("per seconde", keys / took)));
    let what = format!("vastleggen tijdens het vervangen, {MOST_WRITERS} schrijvers, 0 fouten");
    let line = Line::rate(PART, what, median(during)).beside(("ervoor", median(before)));
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
