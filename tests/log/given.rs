//! What the tests of the store begin with: a store on the database of one test, commands with fixed numbers, and a way in by hand.

use crate::keys::key_store;
use chrono::{DateTime, NaiveDate, Utc};
use domain::codes::Code;
use domain::contact::{self, Contact};
use domain::decider::Stamp;
use domain::id::{Id, Organisation};
use domain::melding::{Content, Melder, Pair, Person};
use domain::moment::Moment;
use domain::particulars::Particular;
use sqlx::{PgConnection, PgExecutor, PgPool, Row};
use store::{ExecuteError, Keys, Receipt, RecordedBy, Store};
use uuid::Uuid;

pub(super) fn keys() -> Keys {
    Keys::of(&[7; 32], &[8; 32]).unwrap()
}

/// A store that ends its followers when the test ends, so that the database of the test can go.
pub(super) struct Open(pub(super) Store);

impl std::ops::Deref for Open {
    type Target = Store;

    fn deref(&self) -> &Store {
        &self.0
    }
}

impl Drop for Open {
    fn drop(&mut self) {
        self.0.stop();
    }
}

pub(super) async fn open(pool: &PgPool) -> Open {
    open_as(pool, RecordedBy::Database).await
}

/// A store that records by the stamps of its commands: a past can be lived through in a second.
pub(super) async fn open_in_the_past(pool: &PgPool) -> Open {
    open_as(pool, RecordedBy::Stamp).await
}

async fn open_as(pool: &PgPool, recorded_by: RecordedBy) -> Open {
    let options = (*pool.connect_options()).clone();
    let key_store = key_store(pool).await;
    Open(Store::open(options, key_store, keys(), recorded_by).await.unwrap())
}

pub(super) fn drenthe() -> Organisation {
    "VT02".parse().unwrap()
}

pub(super) fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

pub(super) fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

pub(super) fn id(number: u128) -> Uuid {
    Uuid::from_u128(number)
}

/// A stamp with a number of its own, on a day after everything that the tests tell of.
pub(super) fn stamp(organisation: Organisation, key: u128) -> Stamp {
    let at = at("2026-03-31T12:00:00Z");
    Stamp { organisation, by: id(1), at, today: at.date_naive(), key: id(key) }
}

pub(super) fn call() -> contact::Command {
    contact::Command::Receive {
        channel: Code::of("landelijk-nummer"),
        received: Moment::on(day("2026-03-02")),
        answered_at: None,
        call: None,
    }
}

pub(super) type Called = Result<Receipt, ExecuteError<contact::Refusal>>;

/// A contact comes in: the stream and the command have the same number.
pub(super) async fn receive_call(
    store: &Store,
    organisation: Organisation,
    number: u128,
) -> Called {
    let stamp = stamp(organisation, number);
    store.execute(Id::<Contact>::new(id(number)), call(), vec![], &stamp, None).await
}

pub(super) fn person(number: u128, role: &'static str) -> Person {
    let (roles, sex) = (vec![Code::of(role)], Code::of("vrouw"));
    Person { id: id(number), roles, sex, age: Some(41), unborn: false, address_hidden: None }
}

pub(super) fn pair(victim: u128, perpetrator: u128) -> Pair {
    Pair {
        victim: id(victim),
        perpetrator: id(perpetrator),
        relation: Code::of("partner-niet-samenwonend"),
        current_or_former: Code::of("huidig"),
        cohabiting: Code::of("ja"),
        forms: vec![Code::of("huiselijk-geweld-overig")],
        natures: vec![Code::of("lichamelijke-mishandeling")],
        certainty: Code::of("vermoed"),
    }
}

/// A melding about one person hurting another.
pub(super) fn content(received_on: NaiveDate, victim: u128, perpetrator: u128) -> Content {
    Content {
        received: Moment::on(received_on),
        channel: Code::of("regionaal-nummer"),
        contact: None,
        melder: Melder {
            hoedanigheid: Code::of("huisarts"),
            organisation: None,
            hidden_from_family: true,
        },
        municipality: Code::of("0106"),
        persons: vec![person(victim, "slachtoffer"), person(perpetrator, "pleger")],
        pairs: vec![pair(victim, perpetrator)],
        forms: vec![],
        natures: vec![],
        duration: None,
        children: Some(2),
        acute_danger: Code::of("nee"),
    }
}

pub(super) fn named(subject: u128, name: &str) -> Particular {
    let content = serde_json::json!({ "naam": name }).to_string();
    Particular { subject: id(subject), part: "person", content }
}

/// What `append()` answered on one command by hand.
#[derive(Debug, PartialEq)]
pub(super) struct Answer {
    pub(super) outcome: String,
    pub(super) position: Option<i64>,
    pub(super) version: i32,
}

/// A command as it goes to `append()` itself, without the store around it.
pub(super) struct ByHand<'a> {
    pub(super) command: u128,
    pub(super) stream: u128,
    pub(super) expected: i32,
    pub(super) bodies: &'a [&'a str],
    /// Stands for what the digest of the content would be.
    pub(super) content: u8,
}

pub(super) const CALL: &str =
    r#"{"type":"received","channel":"chat","received":{"on":"2026-03-02"}}"#;

pub(super) async fn append_by_hand(
    on: impl PgExecutor<'_>,
    organisation: Organisation,
    it: &ByHand<'_>,
) -> sqlx::Result<Answer> {
    let nth = 1..=i32::try_from(it.bodies.len()).unwrap();
    let versions: Vec<i32> = nth.map(|nth| it.expected.saturating_add(nth)).collect();
    let rows = sqlx::query(
        "select outcome, at_position, at_version from append($1, 1::smallint, '{}', array[$2::uuid], array[$2::uuid],
             array[$3::bytea], array['contact'], array[$4::uuid], array[$5::int], array[null::int], array[$5::int],
             array_fill(1, array[cardinality($6)]), $6, $7, array_fill(null::bytea, array[cardinality($6)]),
             '{}', '{}', '{}', '{}', '{}', '{}', '{}', '{}', '{}', '{}')",
    )
    .bind(organisation.as_str())
    .bind(id(it.command))
    .bind(vec![it.content; 32])
    .bind(id(it.stream))
    .bind(it.expected)
    .bind(versions)
    .bind(it.bodies)
    .fetch_all(on)
    .await?;
    let last = rows.last().ok_or(sqlx::Error::RowNotFound)?;
    Ok(Answer { outcome: last.get(0), position: last.get(1), version: last.get(2) })
}

/// Lets SQL that is put together in a test run as whoever is connected.
pub(super) async fn allow_any_statement(pool: &PgPool) {
    sqlx::query(
        "create function perform(statement text) returns void language plpgsql as $$ begin execute statement; end $$",
    )
    .execute(pool)
    .await
    .unwrap();
}

pub(super) async fn perform(on: &mut PgConnection, statement: &str) -> sqlx::Result<()> {
    sqlx::query("select perform($1)").bind(statement).execute(on).await.map(drop)
}

/// The SQLSTATE of a refusal, or `None` when it was no refusal.
pub(super) fn refused_with<T>(result: sqlx::Result<T>) -> Option<String> {
    Some(result.err()?.into_database_error()?.code()?.into_owned())
}

pub(super) async fn number(pool: &PgPool, statement: &'static str) -> i64 {
    sqlx::query_scalar(statement).fetch_one(pool).await.unwrap()
}
