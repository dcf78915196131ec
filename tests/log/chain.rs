//! The chain is computed twice, in the database when recording and in Rust when verifying: both must say the same of anything.

use super::given::{ByHand, CALL, append_by_hand, at, drenthe, id, open_in_the_past, stamp};
use chrono::{DateTime, Duration, Utc};
use domain::contact::Contact;
use domain::id::{Id, Log};
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;
use sqlx::PgPool;
use store::chain::{Hash, Link, database_time, genesis};
use uuid::Uuid;

const TEXTS: [&str; 6] =
    ["{}", "{ \"a\":1 }", "\"ë € 𝄞 \u{7f}\"", "[1,2,\n3]", "\"\\u0000\\\"\"", "0.10"];

fn bytes<const N: usize>(chance: &mut ChaCha8Rng) -> [u8; N] {
    let mut bytes = [0; N];
    chance.fill(&mut bytes[..]);
    bytes
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn rust_and_sql_compute_the_same_link(pool: PgPool) {
    let mut chance = ChaCha8Rng::seed_from_u64(42);
    for round in 0..300 {
        let before: Hash = bytes(&mut chance);
        let mac: [u8; 32] = bytes(&mut chance);
        let sealed: Option<[u8; 32]> = chance.random_bool(0.5).then(|| bytes(&mut chance));
        let organisation = format!("VT{:02}", round % 100).parse().unwrap();
        let log = Log::both(organisation)[round % 2];
        // Before and after the epoch of the database, to the microsecond.
        let microseconds = chance.random_range(-3_000_000_000_000_000..3_000_000_000_000_000);
        let recorded_at = DateTime::<Utc>::from_timestamp_micros(microseconds).unwrap();
        let link = Link {
            log,
            position: chance.random(),
            stream: ["contact", "melding", "é", ""][round % 4],
            stream_id: Uuid::from_bytes(bytes(&mut chance)),
            version: chance.random(),
            schema: chance.random(),
            body: TEXTS[round % TEXTS.len()],
            recorded_at: database_time(recorded_at),
            recorded_by: Uuid::from_bytes(bytes(&mut chance)),
            command_id: Uuid::from_bytes(bytes(&mut chance)),
            command_mac: &mac,
            sealed: sealed.as_ref().map(<[u8; 32]>::as_slice),
        };
        assert_eq!(
            in_sql(&pool, &before, &link, recorded_at).await,
            link.after(&before),
            "{round}"
        );
    }
}

async fn in_sql(pool: &PgPool, before: &Hash, it: &Link<'_>, at: DateTime<Utc>) -> Hash {
    let link = sqlx::query_scalar::<_, Vec<u8>>(
        "select chain_link($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)",
    );
    let link = link
        .bind(&before[..])
        .bind(it.log.to_string())
        .bind(it.position)
        .bind(it.stream)
        .bind(it.stream_id)
        .bind(it.version)
        .bind(it.schema)
        .bind(it.body)
        .bind(at)
        .bind(it.recorded_by)
        .bind(it.command_id)
        .bind(it.command_mac)
        .bind(it.sealed);
    link.fetch_one(pool).await.unwrap().try_into().unwrap()
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn an_empty_log_begins_where_the_first_event_does(pool: PgPool) {
    let (position, chain) = store::log::head(&pool, drenthe()).await.unwrap();
    assert_eq!((position, chain), (0, genesis(drenthe())));
    let it = ByHand { command: 1, stream: 1, expected: 0, bodies: &[CALL], content: 0 };
    append_by_hand(&pool, drenthe(), &it).await.unwrap();
    let verdicts = super::given::open(&pool).await.verify(None, &[], |_| {}).await.unwrap();
    assert_eq!(verdicts[0].breaks, []);
    assert_eq!(verdicts[0].head.position, 1);
}

/// Also when the clock does: after a wrong setting, a failover, a leap.
#[sqlx::test(migrator = "store::MIGRATOR")]
async fn the_recorded_moment_never_runs_back(pool: PgPool) {
    let store = open_in_the_past(&pool).await;
    let start = at("2026-03-01T12:00:00Z");
    let mut latest = start;
    for (number, hours) in (1..).zip([5, 3, -40, 6, 6, 0, 7, -1]) {
        let at = start + Duration::hours(hours);
        let stamp = domain::decider::Stamp {
            at,
            today: super::given::day("2026-03-05"),
            ..stamp(drenthe(), number)
        };
        let stream = Id::<Contact>::new(id(number));
        let call = domain::contact::Command::Receive {
            channel: domain::codes::Code::of("chat"),
            received: domain::moment::Moment::on(super::given::day("2026-02-01")),
            answered_at: None,
            call: None,
        };
        let receipt = store.execute(stream, call, vec![], &stamp, None).await.unwrap();
        latest = latest.max(at);
        assert_eq!(receipt.recorded_at, Some(latest), "a clock {hours} hours off");
    }
}
