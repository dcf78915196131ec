//! The log: the only place that touches the event tables. Appends through one statement; reads in order, and asserts the order.
//!
//! A look-up names the order of the index that it is meant for, also where the order does not matter: while a table is small all its
//! indexes look equally good to the planner, and the plan is kept.

mod ahead;
mod append;
mod looks;
mod chains;
mod forgotten;
mod kept;
mod particulars;

pub(crate) use ahead::Ahead;
pub(crate) use append::append;
pub(crate) use chains::chains;
pub(crate) use forgotten::{
    destroy_particulars, destroyed_of, keys_of_forgotten, left_of, no_longer_pending, pending,
};
pub(crate) use kept::{Stream, last_before, last_days, streams_of, subjects, subjects_up_to};
pub(crate) use looks::{acts, looks};
pub(crate) use particulars::{PERSON, PersonPart, keys_of, person_parts, sealed_parts};

use crate::Failed;
use crate::chain::Hash;
use crate::follow::Checkpoint;
use chrono::{DateTime, Utc};
use domain::Event;
use domain::decider::Decider;
use domain::id::{Id, Log, LogKind, Organisation};
use domain::{advice, case, contact, emergency, erasure, look, melding, person, request};
use sqlx::PgExecutor;
use uuid::Uuid;

/// The version of the schema in which events are written today.
pub const SCHEMA: i16 = 1;

/// An event with its envelope: who, when, and where it stands in the log.
#[derive(Clone, Debug)]
pub struct Recorded {
    pub organisation: Organisation,
    pub position: i64,
    pub stream_id: Uuid,
    pub version: i32,
    pub event: Event,
    pub recorded_at: DateTime<Utc>,
    pub recorded_by: Uuid,
    pub chain: Hash,
}

/// What became of one command.
#[derive(Clone, Debug, PartialEq)]
pub struct Outcome {
    pub kind: OutcomeKind,
    pub position: i64,
    pub version: i32,
    pub chain: Option<Hash>,
    pub recorded_at: Option<DateTime<Utc>>,
}

impl Outcome {
    /// Whether it stands in the log, now or since before.
    pub(crate) const fn is_recorded(&self) -> bool {
        matches!(self.kind, OutcomeKind::Recorded | OutcomeKind::Repeated)
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OutcomeKind {
    Recorded,
    /// Known number, same content: the earlier receipt.
    Repeated,
    /// Known number, other content.
    Reused,
    /// The stream is at another version than the caller saw.
    Overtaken,
    /// A subject got its key from somebody else meanwhile.
    Rekeyed,
    /// A subject was forgotten: what is told of it would be lost.
    Forgotten,
}

/// Reads an event as it was written, in whatever schema: an old one is read for ever.
pub fn decode(stream: &str, schema: i16, body: &str) -> Result<Event, Failed> {
    let unknown = || {
        let text = format!("no reader for {stream} in schema {schema}");
        Failed::Unreadable(serde::de::Error::custom(text))
    };
    Ok(match (stream, schema) {
        (contact::Contact::STREAM, 1) => Event::Contact(serde_json::from_str(body)?),
        (advice::Advice::STREAM, 1) => Event::Advice(serde_json::from_str(body)?),
        (melding::Melding::STREAM, 1) => Event::Melding(serde_json::from_str(body)?),
        (case::Case::STREAM, 1) => Event::Case(serde_json::from_str(body)?),
        (erasure::Erasure::STREAM, 1) => Event::Erasure(serde_json::from_str(body)?),
        (emergency::Emergency::STREAM, 1) => Event::Emergency(serde_json::from_str(body)?),
        (look::Look::STREAM, 1) => Event::Look(serde_json::from_str(body)?),
        (person::Person::STREAM, 1) => Event::Person(serde_json::from_str(body)?),
        (request::Request::STREAM, 1) => Event::Request(serde_json::from_str(body)?),
        _ => return Err(unknown()),
    })
}

/// The name of the stream of an event.
pub(crate) fn stream_of(event: &Event) -> &'static str {
    match event {
        Event::Contact(_) => contact::Contact::STREAM,
        Event::Advice(_) => advice::Advice::STREAM,
        Event::Melding(_) => melding::Melding::STREAM,
        Event::Case(_) => case::Case::STREAM,
        Event::Person(_) => person::Person::STREAM,
        Event::Request(_) => request::Request::STREAM,
        Event::Look(_) => look::Look::STREAM,
        Event::Erasure(_) => erasure::Erasure::STREAM,
        Event::Emergency(_) => emergency::Emergency::STREAM,
    }
}

struct Row {
    position: i64,
    stream: String,
    stream_id: Uuid,
    version: i32,
    schema: i16,
    body: String,
    recorded_at: DateTime<Utc>,
    recorded_by: Uuid,
    chain: Vec<u8>,
}

impl Row {
    fn recorded(self, log: Log) -> Result<Recorded, Failed> {
        Ok(Recorded {
            organisation: log.organisation,
            position: self.position,
            stream_id: self.stream_id,
            version: self.version,
            event: decode(&self.stream, self.schema, &self.body)?,
            recorded_at: self.recorded_at,
            recorded_by: self.recorded_by,
            chain: hash(log, self.position, &self.chain)?,
        })
    }
}

fn hash(log: Log, position: i64, chain: &[u8]) -> Result<Hash, Failed> {
    let wrong = |_| Failed::Corrupt { log, position, what: "the chain has no 32 bytes".to_owned() };
    Hash::try_from(chain).map_err(wrong)
}

/// What a command needs to know before it is decided, in one round trip: the stream, an earlier receipt of the same command, the numbers of the
/// keys of its subjects, and who of these was forgotten. One statement sees one moment: a command that is recorded meanwhile is in both or in neither.
pub(crate) struct Before<D: Decider> {
    pub(crate) state: D,
    pub(crate) version: i32,
    /// The content digest and the outcome of the command that was recorded under the same number.
    pub(crate) earlier: Option<(Vec<u8>, Outcome)>,
    pub(crate) keys: Vec<(Uuid, Uuid)>,
    /// One of its subjects was forgotten.
    pub(crate) forgotten: bool,
}

struct BeforeRow {
    subject: Option<Uuid>,
    key: Option<Uuid>,
    bytes: Option<Vec<u8>>,
    version: Option<i32>,
    body: Option<String>,
    position: Option<i64>,
    chain: Option<Vec<u8>>,
    recorded_at: Option<DateTime<Utc>>,
}

/// The state and version of one stream, with what is known of a command and of the keys of its subjects.
pub(crate) async fn before<D: Decider>(
    on: impl PgExecutor<'_>,
    organisation: Organisation,
    id: Id<D>,
    command: Option<Uuid>,
    subjects: &[Uuid],
) -> Result<Before<D>, Failed> {
    let log = Log { organisation, kind: D::LOG };
    let mut rows = sqlx::query_as!(
        BeforeRow,
        r#"(select null::uuid as "subject?", null::uuid as "key?", null::bytea as "bytes?", version as "version?", body::text as "body?",
                   null::bigint as "position?", null::bytea as "chain?", null::timestamptz as "recorded_at?"
            from event where organisation = $1 and stream_id = $2 and stream = $3 order by version)
           union all
           (select null, null, command_mac, version, null, position, chain, recorded_at
            from event where organisation = $1 and command_id = $4 order by version desc limit 1)
           union all
           (select k.subject, k.key, null, null, null, null, null, null
            from unnest($5::uuid[]) as t (id) cross join lateral
                (select * from data_key where organisation = $1 and subject = t.id offset 0) k)
           union all
           (select f.subject, null, null, null, null, null, null, null
            from unnest($5::uuid[]) as t (id) cross join lateral
                (select * from forgotten where organisation = $1 and subject = t.id offset 0) f)"#,
        log.to_string(),
        id.0,
        D::STREAM,
        command,
        subjects
    )
    .fetch_all(on)
    .await?;
    rows.sort_by_key(|row| row.version);
    let mut before =
        Before { state: D::default(), version: 0, earlier: None, keys: vec![], forgotten: false };
    for row in rows {
        before = before.with(log, row)?;
    }
    Ok(before)
}

impl<D: Decider> Before<D> {
    fn with(mut self, log: Log, row: BeforeRow) -> Result<Self, Failed> {
        let BeforeRow { subject, key, bytes, version, body, position, chain, recorded_at } = row;
        let (bytes, version) = (bytes.unwrap_or_default(), version.unwrap_or_default());
        if let Some(subject) = subject {
            // Whoever was forgotten has none.
            self.forgotten |= key.is_none();
            self.keys.extend(key.map(|key| (subject, key)));
        } else if let Some(body) = body {
            let event: D::Event = serde_json::from_str(&body)?;
            self = Self { state: self.state.evolve(&event), version, ..self };
        } else if let Some(position) = position {
            let chain = Some(hash(log, position, &chain.unwrap_or_default())?);
            let kind = OutcomeKind::Repeated;
            self.earlier = Some((bytes, Outcome { kind, position, version, chain, recorded_at }));
        }
        Ok(self)
    }
}

/// The events of a log after a position, in order and without gaps, at most `limit`.
pub async fn after(
    on: impl PgExecutor<'_>,
    log: impl Into<Log>,
    position: i64,
    limit: i64,
) -> Result<Vec<Recorded>, Failed> {
    let log = log.into();
    in_order(log, position, rows_after(on, log, position, limit).await?)
}

/// The same, after a checkpoint. A restored, forked or edited log shows here: at the checkpoint the chain must be what it was.
pub(crate) async fn after_checkpoint(
    on: impl PgExecutor<'_>,
    log: Log,
    at: Checkpoint,
    limit: i64,
) -> Result<Vec<Recorded>, Failed> {
    if at.position == 0 {
        return after(on, log, 0, limit).await;
    }
    let mut rows = rows_after(on, log, at.position - 1, limit + 1).await?.into_iter();
    let here = rows.next().filter(|it| it.position == at.position && it.chain == at.chain);
    if here.is_none() {
        let what = "the log is not the one that was followed".to_owned();
        return Err(Failed::Corrupt { log, position: at.position, what });
    }
    in_order(log, at.position, rows)
}

async fn rows_after(
    on: impl PgExecutor<'_>,
    log: Log,
    position: i64,
    limit: i64,
) -> Result<Vec<Row>, Failed> {
    Ok(sqlx::query_as!(
        Row,
        r#"select position, stream, stream_id, version, schema,
                  body::text as "body!", recorded_at, recorded_by, chain
           from event where organisation = $1 and position > $2 order by position limit $3"#,
        log.to_string(),
        position,
        limit
    )
    .fetch_all(on)
    .await?)
}

fn in_order(
    log: Log,
    position: i64,
    rows: impl IntoIterator<Item = Row>,
) -> Result<Vec<Recorded>, Failed> {
    let mut news = Vec::new();
    for (expected, row) in (position + 1..).zip(rows) {
        if row.position != expected {
            let what = format!("position {} follows on {}", row.position, expected - 1);
            return Err(Failed::Corrupt { log, position: expected, what });
        }
        news.push(row.recorded(log)?);
    }
    Ok(news)
}

/// The events of some streams up to a position, oldest first per stream.
pub(crate) async fn of_streams(
    on: impl PgExecutor<'_>,
    log: impl Into<Log>,
    ids: &[Uuid],
    up_to: i64,
) -> Result<Vec<Recorded>, Failed> {
    let log = log.into();
    let mut rows = sqlx::query_as!(
        Row,
        r#"select position, stream, stream_id, version, schema,
                  body::text as "body!", recorded_at, recorded_by, chain
           from unnest($2::uuid[]) as t (id) cross join lateral
                (select * from event where organisation = $1 and stream_id = t.id and position <= $3
                 order by stream, version) e"#,
        log.to_string(),
        ids,
        up_to
    )
    .fetch_all(on)
    .await?;
    rows.sort_by_key(|row| row.version);
    rows.into_iter().map(|row| row.recorded(log)).collect()
}

/// The last position and chain of a log; the genesis when nothing was recorded.
pub async fn head(on: impl PgExecutor<'_>, log: impl Into<Log>) -> Result<(i64, Hash), Failed> {
    let log = log.into();
    let row = sqlx::query!(
        "select position, chain from event where organisation = $1 order by position desc limit 1",
        log.to_string()
    )
    .fetch_optional(on)
    .await?;
    row.map_or(Ok((0, crate::chain::genesis(log))), |it| {
        Ok((it.position, hash(log, it.position, &it.chain)?))
    })
}

/// The last position and chain that were recorded at or before a moment.
pub async fn head_at(
    on: impl PgExecutor<'_>,
    log: impl Into<Log>,
    at: DateTime<Utc>,
) -> Result<(i64, Hash), Failed> {
    let log = log.into();
    // Times never run back along the positions of one log.
    let row = sqlx::query!(
        "select position, chain from event where organisation = $1 and recorded_at <= $2
         order by position desc limit 1",
        log.to_string(),
        at
    )
    .fetch_optional(on)
    .await?;
    row.map_or(Ok((0, crate::chain::genesis(log))), |it| {
        Ok((it.position, hash(log, it.position, &it.chain)?))
    })
}

/// Returns when every append of a log that was under way has ended: the lock is taken and given back in one statement.
pub(crate) async fn wait_for_turn(on: impl PgExecutor<'_>, log: Log) -> Result<(), Failed> {
    sqlx::query!(
        "select pg_advisory_xact_lock_shared(hashtextextended('meldboek ' || $1, 0))",
        log.to_string()
    )
    .execute(on)
    .await?;
    Ok(())
}

/// The logs that there are. Steps from one to the next, so that its cost does not grow with the log.
pub async fn logs(on: impl PgExecutor<'_>) -> Result<Vec<Log>, Failed> {
    let names = sqlx::query_scalar!(
        r#"with recursive step(organisation) as (
               (select organisation from event order by organisation limit 1)
               union all
               select (select e.organisation from event e where e.organisation > step.organisation
                       order by e.organisation limit 1)
               from step where step.organisation is not null)
           select organisation as "organisation!" from step where organisation is not null"#
    )
    .fetch_all(on)
    .await?;
    Ok(names.iter().filter_map(|name| name.parse().ok()).collect())
}

/// The organisations that have a register.
pub async fn organisations(on: impl PgExecutor<'_>) -> Result<Vec<Organisation>, Failed> {
    let registers = logs(on).await?.into_iter().filter(|it| it.kind == LogKind::Register);
    Ok(registers.map(|it| it.organisation).collect())
}
