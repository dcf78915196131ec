//! What recording every look costs on the way of an intake: somebody is searched, an earlier melding is read, a new one comes in. With and
//! without the two looks on disk before their answers, in turns in one run.

use super::acts::Desk;
use super::ground::Ground;
use super::median;
use super::table::{Bar, Line, Table};
use crate::cli::Trouble;
use crate::clock::random_id;
use domain::id::Id;
use domain::look::{Command, Look, Looked};
use domain::matching::{Card, Told};
use domain::melding::Melding;
use std::time::{Duration, Instant};
use store::access::Within;
use store::{RecordedBy, Store};
use uuid::Uuid;

const AT_ONCE: usize = 32;
const ROUNDS: usize = 5;
/// Recording looks may take less than a third of what goes through.
const BAR: Bar = Bar::Ratio { floor: 0.7, goal: 0.85 };

pub(super) async fn measure(
    ground: &Ground,
    seconds: u64,
    table: &mut Table,
) -> Result<(), Trouble> {
    table.busy("raadplegingen vastleggen");
    let store = ground.store(RecordedBy::Database).await?;
    let desk = Desk::open();
    let (mut with, mut without) = (vec![], vec![]);
    for _ in 0..ROUNDS {
        without.push(rate(&store, desk, false, seconds).await?);
        with.push(rate(&store, desk, true, seconds).await?);
    }
    store.catch_up(desk.organisation).await?;
    store.stop();
    let what = format!("zoeken, lezen en een melding, {AT_ONCE} tegelijk, met raadplegingen");
    let beside = ("zonder raadplegingen", median(without));
    table.add(Line::rate("inzage", what, median(with)).beside(beside).judged(BAR));
    Ok(())
}

async fn rate(store: &Store, desk: Desk, looks: bool, seconds: u64) -> Result<f64, Trouble> {
    let started = Instant::now();
    let end = started + Duration::from_secs(seconds);
    let tasks: Vec<_> =
        (0..AT_ONCE).map(|_| tokio::spawn(take_in(store.clone(), desk, looks, end))).collect();
    let mut taken_in = 0;
    for task in tasks {
        taken_in += task.await.map_err(|why| Trouble::Plain(why.to_string()))??;
    }
    Ok(f64::from(taken_in) / started.elapsed().as_secs_f64())
}

/// One intake after the other; each reads the melding of the one before.
async fn take_in(store: Store, desk: Desk, looks: bool, end: Instant) -> Result<u32, Trouble> {
    let asked = Card::from(Told { bsn: Some("999990019".to_owned()), ..Told::default() });
    let (mut taken_in, mut before) = (0, None);
    while Instant::now() < end {
        store.search(desk.organisation, &asked, 10, &Within::default(), &|_| false).await?;
        look(&store, desk, looks, vec![]).await?;
        if let Some(id) = before {
            store.open_file(desk.organisation, Id::<Melding>::new(id), None).await?;
            look(&store, desk, looks, vec![random_id(), random_id()]).await?;
        }
        let id = random_id();
        let (command, particulars) = desk.melding(id);
        let stream = Id::<Melding>::new(id);
        let recorded = store.execute(stream, command, particulars, &desk.stamp(), None).await;
        recorded.map_err(|why| Trouble::Plain(format!("een melding werd geweigerd: {why}")))?;
        before = Some(id);
        taken_in += 1;
    }
    Ok(taken_in)
}

/// As the guard does before an answer.
async fn look(store: &Store, desk: Desk, record: bool, persons: Vec<Uuid>) -> Result<(), Trouble> {
    if !record {
        return Ok(());
    }
    let (id, command) = (random_id(), Command::Record(Box::new(Looked::example(persons))));
    let look = Id::<Look>::new(id);
    let recorded = store.execute(look, command, vec![], &desk.stamp(), None).await;
    recorded
        .map(drop)
        .map_err(|why| Trouble::Plain(format!("een raadpleging werd geweigerd: {why}")))
}
