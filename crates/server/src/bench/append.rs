//! Recording, with every promise of the store, beside bare inserts of `pgbench`: one event per command, one log, 1, 8 and 32 writers.

use super::acts::Desk;
use super::ground::Ground;
use super::limit::{HISTORY, Limit, MOST_WRITERS, STREAMS};
use super::median;
use super::table::{Bar, Line, Table};
use crate::cli::Trouble;
use crate::clock::random_id;
use domain::advice::Advice;
use domain::contact::Contact;
use domain::id::Id;
use domain::melding::Melding;
use std::time::{Duration, Instant};
use store::{Known, Prepared, RecordedBy, Store};
use uuid::Uuid;

const ROUNDS: usize = 3;
const PART: &str = "vastleggen";

/// What one writer does again and again.
#[derive(Clone, Copy)]
pub(super) enum Act {
    Contact,
    Melding,
    /// Reads a stream of ten events and adds one on the version that was seen.
    NextInStream,
}

/// Events per second of 32 writers, and how many events there were.
#[derive(Clone, Copy)]
pub(super) struct Small {
    rate: f64,
    events: i64,
}

pub(super) async fn measure(
    ground: &Ground,
    seconds: u64,
    table: &mut Table,
) -> Result<Small, Trouble> {
    let store = ground.store(RecordedBy::Database).await?;
    let (desk, limit) = (Desk::open(), Limit::prepare(ground)?);
    for (writers, bar) in [
        (1, Some(Bar::Ratio { floor: 0.6, goal: 0.8 })),
        (8, None),
        (MOST_WRITERS, Some(Bar::Ratio { floor: 1.2, goal: 1.8 })),
    ] {
        table.busy(&format!("vastleggen, {writers} schrijvers"));
        let (mut bare, mut contacts) = (vec![], vec![]);
        let (mut bare_sealed, mut meldingen) = (vec![], vec![]);
        for _ in 0..ROUNDS {
            bare.push(limit.inserts(writers, seconds)?);
            contacts.push(rate(&store, desk, Act::Contact, writers, seconds).await?);
            bare_sealed.push(limit.sealed_inserts(writers, seconds)?);
            meldingen.push(rate(&store, desk, Act::Melding, writers, seconds).await?);
        }
        for (what, rates, limit, bare) in [
            ("contact", contacts, "losse insert", bare),
            ("melding met verzegelde tekst", meldingen, "dezelfde drie rijen", bare_sealed),
        ] {
            let what = format!("{what}, {writers} schrijver(s)");
            let line = Line::rate(PART, what, median(rates));
            let bare = (format!("pgbench, {limit}"), median(bare));
            table.add(line.beside(bare).judged(bar));
        }
    }
    prepare_streams(&store, desk).await?;
    table.busy("lezen van 10 en vastleggen op versie");
    let (mut bare, mut ours) = (vec![], vec![]);
    for _ in 0..ROUNDS {
        bare.push(limit.histories(MOST_WRITERS, seconds)?);
        ours.push(rate(&store, desk, Act::NextInStream, MOST_WRITERS, seconds).await?);
    }
    let bar = Some(Bar::Ratio { floor: 1.0, goal: 1.5 });
    let what = format!("10 lezen + 1 op versie, {MOST_WRITERS} schrijvers");
    let line = Line::rate(PART, what, median(ours));
    table.add(line.beside(("pgbench, hetzelfde", median(bare))).judged(bar));
    let rate = many(&store, desk, seconds).await?;
    let events = store::bench::events(&ground.url).await?;
    store.catch_up(desk.organisation).await?;
    store.stop();
    Ok(Small { rate, events })
}

/// The same, now that the log is much longer.
pub(super) async fn again(
    ground: &Ground,
    seconds: u64,
    small: Small,
    table: &mut Table,
) -> Result<(), Trouble> {
    table.busy("vastleggen in een lang logboek");
    let store = ground.store(RecordedBy::Database).await?;
    let desk = Desk::open();
    let events = store::bench::events(&ground.url).await?;
    let rate = many(&store, desk, seconds).await?;
    let what = format!("melding bij {} gebeurtenissen, {MOST_WRITERS} schrijvers", whole(events));
    let before = format!("bij {} gebeurtenissen", whole(small.events));
    let bar = Some(Bar::Ratio { floor: 0.85, goal: 0.95 });
    table.add(Line::rate(PART, what, rate).beside((before, small.rate)).judged(bar));
    store.catch_up(desk.organisation).await?;
    store.stop();
    Ok(())
}

async fn many(store: &Store, desk: Desk, seconds: u64) -> Result<f64, Trouble> {
    let mut rates = vec![];
    for _ in 0..ROUNDS {
        rates.push(rate(store, desk, Act::Melding, MOST_WRITERS, seconds).await?);
    }
    Ok(median(rates))
}

/// Commands per second of some writers who each wait for their receipt.
pub(super) async fn rate(
    store: &Store,
    desk: Desk,
    act: Act,
    writers: usize,
    seconds: u64,
) -> Result<f64, Trouble> {
    let started = Instant::now();
    let end = started + Duration::from_secs(seconds);
    let tasks: Vec<_> = (0..writers)
        .map(|writer| tokio::spawn(write(store.clone(), desk, act, writer, end)))
        .collect();
    let mut written = 0;
    for task in tasks {
        written += task.await.map_err(|why| Trouble::Plain(why.to_string()))??;
    }
    Ok(f64::from(written) / started.elapsed().as_secs_f64())
}

async fn write(
    store: Store,
    desk: Desk,
    act: Act,
    writer: usize,
    end: Instant,
) -> Result<u32, Trouble> {
    let mut written = 0;
    while Instant::now() < end {
        let (id, stamp) = (random_id(), desk.stamp());
        let done = match act {
            Act::Contact => {
                let id = Id::<Contact>::new(id);
                store.execute(id, desk.contact(), vec![], &stamp, None).await.map_err(refused)
            }
            Act::Melding => {
                let (command, particulars) = desk.melding(id);
                let id = Id::<Melding>::new(id);
                store.execute(id, command, particulars, &stamp, None).await.map_err(refused)
            }
            Act::NextInStream => {
                let id = Id::<Advice>::new(stream(writer, id.as_u128() as usize % STREAMS));
                store.execute(id, desk.next_contact(), vec![], &stamp, None).await.map_err(refused)
            }
        };
        done?;
        written += 1;
    }
    Ok(written)
}

fn refused(why: impl std::fmt::Display) -> Trouble {
    Trouble::Plain(format!("een opdracht werd geweigerd: {why}"))
}

fn stream(writer: usize, nth: usize) -> Uuid {
    Uuid::from_u128((writer * STREAMS + nth + 1) as u128)
}

/// Streams of ten events, as many for every writer as `pgbench` has.
async fn prepare_streams(store: &Store, desk: Desk) -> Result<(), Trouble> {
    for writer in 0..MOST_WRITERS {
        let mut batch = Vec::with_capacity(STREAMS * HISTORY);
        let mut known = vec![Known::<Advice>::default(); STREAMS];
        for version in 0..HISTORY {
            for (nth, known) in known.iter_mut().enumerate() {
                let command = if version == 0 { desk.advice() } else { desk.next_contact() };
                let id = Id::new(stream(writer, nth));
                let decided = Prepared::decide(id, known, command, vec![], &desk.stamp());
                batch.push(decided.map_err(refused)?);
            }
        }
        store.append(desk.organisation, batch).await?;
    }
    Ok(())
}

fn whole(number: i64) -> String {
    super::table::grouped(number as f64)
}
