//! Order: whoever has seen 7 has seen 1 to 7, whatever writers, rollbacks and slow commits do. And a write is shown when its rows are.

use super::given::{
    ByHand, CALL, allow_any_statement, append_by_hand, content, day, drenthe, id, number, open,
    receive_call, stamp,
};
use domain::id::{Id, Organisation};
use domain::melding::{Command, Melding};
use futures_util::future::join_all;
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;
use sqlx::{Connection, PgConnection, PgPool, Row};
use std::collections::HashMap;
use std::time::Duration;
use store::Store;
use store::projections::worklist::Filter;
use tokio::sync::watch;
use uuid::Uuid;

const WRITERS: u128 = 12;
const EACH: u128 = 40;
const READERS: u64 = 6;

/// What a reader saw, in the order in which it was seen.
#[derive(Clone, Debug, PartialEq)]
struct Seen {
    position: i64,
    command: Uuid,
    recorded_at: chrono::DateTime<chrono::Utc>,
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn readers_never_meet_a_gap_a_skip_a_duplicate_or_another_order(pool: PgPool) {
    commits_take_their_time(&pool).await;
    let regions = [drenthe(), "VT07".parse().unwrap()];
    // Two processes write, as during an upgrade.
    let stores = [open(&pool).await, open(&pool).await];
    let (done, _) = watch::channel(0_i64);
    let readers = (0..READERS).map(|seed| {
        let region = regions[seed as usize % 2];
        tokio::spawn(read_along(pool.clone(), region, seed, done.subscribe()))
    });
    let readers: Vec<_> = readers.collect();
    let rolled_back = tokio::spawn(write_and_roll_back(pool.clone(), regions));
    let writers = (0..WRITERS).map(|writer| {
        let store = stores[writer as usize % 2].0.clone();
        tokio::spawn(write(store, regions[(writer / 2) as usize % 2], writer))
    });
    let mut acknowledged: HashMap<(Organisation, i64), Uuid> = HashMap::new();
    for written in join_all(writers).await {
        for (organisation, position, command) in written.unwrap() {
            let twice = acknowledged.insert((organisation, position), command);
            assert_eq!(twice, None, "position {position} was given twice");
        }
    }
    let by_hand = rolled_back.await.unwrap();
    done.send_replace(i64::try_from(WRITERS * EACH / 2).unwrap() + by_hand / 2);
    let mut orders: HashMap<Organisation, Vec<Seen>> = HashMap::new();
    for (seed, reader) in readers.into_iter().enumerate() {
        let region = regions[seed % 2];
        let seen = reader.await.unwrap();
        let one_order = orders.entry(region).or_insert_with(|| seen.clone());
        assert_eq!(*one_order, seen, "two readers saw another order");
    }
    for ((organisation, position), command) in acknowledged {
        let seen = &orders[&organisation][usize::try_from(position).unwrap() - 1];
        assert_eq!((seen.position, seen.command), (position, command), "acknowledged, not there");
    }
    for store in &stores {
        let breaks = store.verify(None, &[], |_| {}).await.unwrap();
        assert!(breaks.iter().all(|it| it.breaks.is_empty()), "{breaks:?}");
    }
}

/// Test only: between deciding and committing lies time, in which another might come first.
async fn commits_take_their_time(pool: &PgPool) {
    sqlx::raw_sql(
        "create function dawdle() returns trigger language plpgsql as
             $$ begin perform pg_sleep(random() * 0.002); return null; end $$;
         create constraint trigger event_dawdles after insert on event deferrable initially deferred
             for each row execute function dawdle();",
    )
    .execute(pool)
    .await
    .unwrap();
}

async fn write(store: Store, to: Organisation, writer: u128) -> Vec<(Organisation, i64, Uuid)> {
    let mut written = Vec::new();
    for nth in 0..EACH {
        let number = 1000 + writer * EACH + nth;
        let receipt = receive_call(&store, to, number).await.unwrap();
        written.push((to, receipt.position, id(number)));
    }
    written
}

/// Appends by hand, half of them taken back; answers how many stayed. What was taken back has a number that nobody may see.
async fn write_and_roll_back(pool: PgPool, regions: [Organisation; 2]) -> i64 {
    let mut chance = ChaCha8Rng::seed_from_u64(7);
    let mut connection = PgConnection::connect_with(&pool.connect_options()).await.unwrap();
    let rounds = 60;
    for round in 0..rounds {
        let stays = round % 2 == 0;
        let number = if stays { 500_000 } else { 900_000 } + round as u128;
        let mut tx = connection.begin().await.unwrap();
        let it =
            ByHand { command: number, stream: number, expected: 0, bodies: &[CALL], content: 0 };
        let answer = append_by_hand(&mut *tx, regions[round / 2 % 2], &it).await.unwrap();
        assert_eq!(answer.outcome, "recorded");
        tokio::time::sleep(Duration::from_millis(chance.random_range(0..4))).await;
        if stays { tx.commit().await.unwrap() } else { tx.rollback().await.unwrap() }
    }
    (rounds / 2) as i64
}

/// Reads along in pages of any size until everything was written, and asserts what the store promises at every step. Half of the
/// readers ask in SQL of their own, so that what `log::after` asserts cannot hide what it reads.
async fn read_along(
    pool: PgPool,
    organisation: Organisation,
    seed: u64,
    done: watch::Receiver<i64>,
) -> Vec<Seen> {
    let mut chance = ChaCha8Rng::seed_from_u64(seed);
    let mut connection = PgConnection::connect_with(&pool.connect_options()).await.unwrap();
    let mut seen: Vec<Seen> = Vec::new();
    loop {
        let end = *done.borrow();
        let from = seen.last().map_or(0, |it| it.position);
        let page = chance.random_range(1..40);
        let news = page_after(&mut connection, organisation, from, page).await;
        if seed >= READERS / 2 {
            let through = store::log::after(&mut connection, organisation, from, page).await;
            let positions: Vec<i64> = through.unwrap().iter().map(|it| it.position).collect();
            let same: Vec<i64> = news.iter().map(|it| it.position).collect();
            assert!(positions.starts_with(&same), "{positions:?} after {same:?}");
        }
        for it in news {
            let last = seen.last();
            assert_eq!(it.position, last.map_or(1, |it| it.position + 1), "a gap or a skip");
            assert!(last.is_none_or(|last| last.recorded_at <= it.recorded_at), "time ran back");
            assert!(!(900_000..).contains(&it.command.as_u128()), "seen, and taken back");
            seen.push(it);
        }
        if end > 0 && seen.last().is_some_and(|it| it.position == end) {
            return seen;
        }
        tokio::time::sleep(Duration::from_micros(chance.random_range(0..1500))).await;
    }
}

async fn page_after(
    on: &mut PgConnection,
    organisation: Organisation,
    from: i64,
    page: i64,
) -> Vec<Seen> {
    let rows = sqlx::query(
        "select position, command_id, recorded_at from event
         where organisation = $1 and position > $2 order by position limit $3",
    )
    .bind(organisation.as_str())
    .bind(from)
    .bind(page)
    .fetch_all(on)
    .await
    .unwrap();
    let seen = |row: &sqlx::postgres::PgRow| Seen {
        position: row.get(0),
        command: row.get(1),
        recorded_at: row.get(2),
    };
    rows.iter().map(seen).collect()
}

/// Peers tell a reader how far the log goes by a notification, which may arrive before the rows do.
#[sqlx::test(migrator = "store::MIGRATOR")]
async fn a_write_is_shown_only_when_its_rows_can_be_read(pool: PgPool) {
    commits_take_their_time(&pool).await;
    let store = open(&pool).await;
    let writers = (1..=20_u128).map(|number| {
        let store = store.0.clone();
        tokio::spawn(async move {
            let melding = Id::<Melding>::new(id(number));
            let command = Command::Receive(content(day("2026-03-02"), 1, 2));
            let stamp = stamp(drenthe(), number);
            let receipt = store.execute(melding, command, vec![], &stamp, None).await.unwrap();
            store.shown(&receipt).await;
            let all = Filter { limit: 100, ..Filter::default() };
            let page = store.worklist(drenthe(), &all).await.unwrap();
            page.entries.iter().any(|it| it.file == melding.0)
        })
    });
    for shown in join_all(writers).await {
        assert!(shown.unwrap(), "told to be visible, and it was not");
    }
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn a_checkpoint_never_stands_beyond_its_rows_or_the_log(pool: PgPool) {
    let store = open(&pool).await;
    store.follow(drenthe());
    let writing = tokio::spawn({
        let store = store.0.clone();
        async move {
            for number in 1..=150_u128 {
                let melding = Id::<Melding>::new(id(number));
                let command = Command::Receive(content(day("2026-03-02"), 1, 2));
                let stamp = stamp(drenthe(), number);
                store.execute(melding, command, vec![], &stamp, None).await.unwrap();
            }
        }
    });
    loop {
        let ended = writing.is_finished();
        // One statement is one look: every melding before the checkpoint has its row, and nothing after it has.
        let wrong = number(
            &pool,
            "select count(*) from checkpoint c where projection = 'worklist' and
                 (position <> (select count(*) from worklist) or
                  position > (select coalesce(max(position), 0) from event))",
        );
        assert_eq!(wrong.await, 0);
        if ended {
            break;
        }
    }
    writing.await.unwrap();
}

/// Every organisation of the country is followed by one process: none may wait for a connection that another holds.
#[sqlx::test(migrator = "store::MIGRATOR")]
async fn all_organisations_can_be_followed_at_the_same_time(pool: PgPool) {
    allow_any_statement(&pool).await;
    let store = open(&pool).await;
    let regions: Vec<Organisation> =
        (1..=26).map(|n| format!("VT{n:02}").parse().unwrap()).collect();
    for (nth, organisation) in regions.iter().enumerate() {
        for call in 0..3 {
            receive_call(&store, *organisation, (nth * 10 + call) as u128).await.unwrap();
        }
    }
    let caught_up = join_all(regions.iter().map(|it| store.catch_up(*it))).await;
    for (organisation, position) in regions.iter().zip(caught_up) {
        assert_eq!(position.unwrap(), 3, "{organisation}");
    }
}
