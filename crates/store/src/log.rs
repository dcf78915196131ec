//! The log: the only file that touches the event tables. Appends through one statement; reads in order, and asserts the order.

use crate::chain::Hash;
use crate::execute::Prepared;
use crate::{Failed, RecordedBy};
use chrono::{DateTime, Utc};
use domain::Event;
use domain::decider::Decider;
use domain::id::{Id, Organisation};
use domain::{advice, case, contact, melding, person};
use sqlx::{PgConnection, PgExecutor};
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
}

/// What a stream has been through, as far as `execute` needs it.
pub(crate) struct History<D: Decider> {
    pub(crate) state: D,
    pub(crate) version: i32,
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
        (person::Person::STREAM, 1) => Event::Person(serde_json::from_str(body)?),
        _ => return Err(unknown()),
    })
}

struct Row {
    organisation: String,
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
    fn recorded(self) -> Result<Recorded, Failed> {
        let organisation: Organisation = self
            .organisation
            .parse()
            .map_err(|e| Failed::Unreadable(serde::de::Error::custom(e)))?;
        Ok(Recorded {
            organisation,
            position: self.position,
            stream_id: self.stream_id,
            version: self.version,
            event: decode(&self.stream, self.schema, &self.body)?,
            recorded_at: self.recorded_at,
            recorded_by: self.recorded_by,
            chain: hash(organisation, self.position, &self.chain)?,
        })
    }
}

fn hash(organisation: Organisation, position: i64, chain: &[u8]) -> Result<Hash, Failed> {
    let wrong = |_| Failed::Corrupt {
        organisation,
        position,
        what: "the chain has no 32 bytes".to_owned(),
    };
    Hash::try_from(chain).map_err(wrong)
}

/// The state and version of one stream.
pub(crate) async fn history<D: Decider>(
    on: impl PgExecutor<'_>,
    organisation: Organisation,
    id: Id<D>,
) -> Result<History<D>, Failed> {
    struct Body {
        version: i32,
        body: String,
    }
    let rows = sqlx::query_as!(
        Body,
        r#"select version, body::text as "body!" from event
           where organisation = $1 and stream_id = $2 and stream = $3 order by version"#,
        organisation.as_str(),
        id.0,
        D::STREAM
    )
    .fetch_all(on)
    .await?;
    let mut history = History { state: D::default(), version: 0 };
    for row in rows {
        let event: D::Event = serde_json::from_str(&row.body)?;
        history = History { state: history.state.evolve(&event), version: row.version };
    }
    Ok(history)
}

/// The earlier receipt of a command, when its number is known: the content digest and the outcome.
pub(crate) async fn earlier(
    on: impl PgExecutor<'_>,
    organisation: Organisation,
    command: Uuid,
) -> Result<Option<(Vec<u8>, Outcome)>, Failed> {
    let row = sqlx::query!(
        "select command_mac, position, version, chain, recorded_at from event
         where organisation = $1 and command_id = $2 order by version desc limit 1",
        organisation.as_str(),
        command
    )
    .fetch_optional(on)
    .await?;
    row.map(|it| {
        let outcome = Outcome {
            kind: OutcomeKind::Repeated,
            position: it.position,
            version: it.version,
            chain: Some(hash(organisation, it.position, &it.chain)?),
            recorded_at: Some(it.recorded_at),
        };
        Ok((it.command_mac, outcome))
    })
    .transpose()
}

/// The events of an organisation after a position, in order and without gaps, at most `limit`.
pub async fn after(
    on: impl PgExecutor<'_>,
    organisation: Organisation,
    position: i64,
    limit: i64,
) -> Result<Vec<Recorded>, Failed> {
    let rows = sqlx::query_as!(
        Row,
        r#"select organisation, position, stream, stream_id, version, schema,
                  body::text as "body!", recorded_at, recorded_by, chain
           from event where organisation = $1 and position > $2 order by position limit $3"#,
        organisation.as_str(),
        position,
        limit
    )
    .fetch_all(on)
    .await?;
    let mut news = Vec::with_capacity(rows.len());
    for (expected, row) in (position + 1..).zip(rows) {
        if row.position != expected {
            let what = format!("position {} follows on {}", row.position, expected - 1);
            return Err(Failed::Corrupt { organisation, position: expected, what });
        }
        news.push(row.recorded()?);
    }
    Ok(news)
}

/// The events of some streams up to a position, oldest first per stream.
pub(crate) async fn of_streams(
    on: impl PgExecutor<'_>,
    organisation: Organisation,
    ids: &[Uuid],
    up_to: i64,
) -> Result<Vec<Recorded>, Failed> {
    let rows = sqlx::query_as!(
        Row,
        r#"select organisation, position, stream, stream_id, version, schema,
                  body::text as "body!", recorded_at, recorded_by, chain
           from event where organisation = $1 and stream_id = any($2) and position <= $3
           order by stream_id, stream, version"#,
        organisation.as_str(),
        ids,
        up_to
    )
    .fetch_all(on)
    .await?;
    rows.into_iter().map(Row::recorded).collect()
}

/// The last position and chain of an organisation; the genesis when nothing was recorded.
pub async fn head(
    on: impl PgExecutor<'_>,
    organisation: Organisation,
) -> Result<(i64, Hash), Failed> {
    at_most(on, organisation, i64::MAX).await
}

/// The position and chain at the last event up to a position.
async fn at_most(
    on: impl PgExecutor<'_>,
    organisation: Organisation,
    position: i64,
) -> Result<(i64, Hash), Failed> {
    let row = sqlx::query!(
        "select position, chain from event where organisation = $1 and position <= $2
         order by position desc limit 1",
        organisation.as_str(),
        position
    )
    .fetch_optional(on)
    .await?;
    row.map_or(Ok((0, crate::chain::genesis(organisation))), |it| {
        Ok((it.position, hash(organisation, it.position, &it.chain)?))
    })
}

/// The chain at exactly a position, when the log has it.
pub(crate) async fn chain_at(
    on: impl PgExecutor<'_>,
    organisation: Organisation,
    position: i64,
) -> Result<Option<Hash>, Failed> {
    let (found, chain) = at_most(on, organisation, position).await?;
    Ok((found == position).then_some(chain))
}

/// The last position and chain that were recorded at or before a moment.
pub async fn head_at(
    on: impl PgExecutor<'_>,
    organisation: Organisation,
    at: DateTime<Utc>,
) -> Result<(i64, Hash), Failed> {
    // Times never run back along the positions of one organisation.
    let row = sqlx::query!(
        "select position, chain from event where organisation = $1 and recorded_at <= $2
         order by position desc limit 1",
        organisation.as_str(),
        at
    )
    .fetch_optional(on)
    .await?;
    row.map_or(Ok((0, crate::chain::genesis(organisation))), |it| {
        Ok((it.position, hash(organisation, it.position, &it.chain)?))
    })
}

/// Returns when every append of an organisation that was under way has ended: the lock is taken and given back in one statement.
pub(crate) async fn wait_for_turn(
    on: impl PgExecutor<'_>,
    organisation: Organisation,
) -> Result<(), Failed> {
    sqlx::query!(
        "select pg_advisory_xact_lock_shared(hashtextextended('meldboek ' || $1, 0))",
        organisation.as_str()
    )
    .execute(on)
    .await?;
    Ok(())
}

/// The organisations that have a log. Steps from one to the next, so that its cost does not grow with the log.
pub async fn organisations(on: impl PgExecutor<'_>) -> Result<Vec<Organisation>, Failed> {
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

/// Appends commands in one statement. A stream, a command number and a new subject come at most once in a batch.
pub(crate) async fn append(
    on: &mut PgConnection,
    organisation: Organisation,
    batch: &[&Prepared],
    recorded_by: RecordedBy,
) -> Result<Vec<Outcome>, Failed> {
    let columns = Columns::of(batch);
    let rows = match recorded_by {
        RecordedBy::Database => columns.append(on, organisation).await?,
        RecordedBy::Stamp => columns.append_as_of(on, organisation).await?,
    };
    rows.into_iter().map(|row| row.outcome(organisation)).collect()
}

struct OutcomeRow {
    outcome: Option<String>,
    at_position: Option<i64>,
    at_version: Option<i32>,
    at_chain: Option<Vec<u8>>,
    at_time: Option<DateTime<Utc>>,
}

impl OutcomeRow {
    fn outcome(self, organisation: Organisation) -> Result<Outcome, Failed> {
        let position = self.at_position.unwrap_or_default();
        let kind = match self.outcome.as_deref() {
            Some("recorded") => OutcomeKind::Recorded,
            Some("repeated") => OutcomeKind::Repeated,
            Some("reused") => OutcomeKind::Reused,
            Some("overtaken") => OutcomeKind::Overtaken,
            Some("rekeyed") => OutcomeKind::Rekeyed,
            other => {
                let what = format!("append() answered {other:?}");
                return Err(Failed::Corrupt { organisation, position, what });
            }
        };
        let chain = self.at_chain.map(|it| hash(organisation, position, &it)).transpose()?;
        let version = self.at_version.unwrap_or_default();
        Ok(Outcome { kind, position, version, chain, recorded_at: self.at_time })
    }
}

/// A batch, turned into the columns that `append()` takes.
#[derive(Default)]
struct Columns<'a> {
    as_of: Vec<DateTime<Utc>>,
    c_id: Vec<Uuid>,
    c_by: Vec<Uuid>,
    c_mac: Vec<&'a [u8]>,
    c_stream: Vec<&'a str>,
    c_stream_id: Vec<Uuid>,
    c_expected: Vec<i32>,
    e_command: Vec<i32>,
    e_schema: Vec<i16>,
    e_body: Vec<&'a str>,
    e_sealed: Vec<Option<&'a [u8]>>,
    p_event: Vec<i32>,
    p_nth: Vec<i16>,
    p_subject: Vec<Uuid>,
    p_part: Vec<&'a str>,
    p_sealed: Vec<&'a [u8]>,
    k_command: Vec<i32>,
    k_subject: Vec<Uuid>,
    k_wrapped: Vec<&'a [u8]>,
}

impl<'a> Columns<'a> {
    fn of(batch: &'a [&Prepared]) -> Self {
        let mut it = Self::default();
        for (command, prepared) in (1..).zip(batch) {
            it.as_of.push(prepared.stamp.at);
            it.c_id.push(prepared.stamp.key);
            it.c_by.push(prepared.stamp.by);
            it.c_mac.push(&prepared.mac);
            it.c_stream.push(prepared.stream);
            it.c_stream_id.push(prepared.stream_id);
            it.c_expected.push(prepared.expected);
            for (nth, body) in prepared.bodies.iter().enumerate() {
                it.e_command.push(command);
                it.e_schema.push(SCHEMA);
                it.e_body.push(body);
                // Particulars go with the first event of their command.
                let first = nth == 0;
                it.e_sealed
                    .push(prepared.digest.as_ref().filter(|_| first).map(<[u8; 32]>::as_slice));
                if first {
                    it.particulars(prepared);
                }
            }
            for (subject, wrapped) in &prepared.new_keys {
                it.k_command.push(command);
                it.k_subject.push(*subject);
                it.k_wrapped.push(wrapped);
            }
        }
        it
    }

    fn particulars(&mut self, prepared: &'a Prepared) {
        for (nth, (subject, part, sealed)) in (1..).zip(&prepared.sealed) {
            self.p_event.push(self.e_command.len() as i32);
            self.p_nth.push(nth);
            self.p_subject.push(*subject);
            self.p_part.push(part);
            self.p_sealed.push(sealed);
        }
    }

    async fn append(
        &self,
        on: &mut PgConnection,
        organisation: Organisation,
    ) -> Result<Vec<OutcomeRow>, Failed> {
        Ok(sqlx::query_as!(
            OutcomeRow,
            "select outcome, at_position, at_version, at_chain, at_time from append(
                $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19)
             order by nth",
            organisation.as_str(),
            &self.c_id,
            &self.c_by,
            &self.c_mac as _,
            &self.c_stream as _,
            &self.c_stream_id,
            &self.c_expected,
            &self.e_command,
            &self.e_schema,
            &self.e_body as _,
            &self.e_sealed as _,
            &self.p_event,
            &self.p_nth,
            &self.p_subject,
            &self.p_part as _,
            &self.p_sealed as _,
            &self.k_command,
            &self.k_subject,
            &self.k_wrapped as _
        )
        .fetch_all(on)
        .await?)
    }

    async fn append_as_of(
        &self,
        on: &mut PgConnection,
        organisation: Organisation,
    ) -> Result<Vec<OutcomeRow>, Failed> {
        Ok(sqlx::query_as!(
            OutcomeRow,
            "select outcome, at_position, at_version, at_chain, at_time from append_as_of(
                $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20)
             order by nth",
            organisation.as_str(),
            &self.as_of,
            &self.c_id,
            &self.c_by,
            &self.c_mac as _,
            &self.c_stream as _,
            &self.c_stream_id,
            &self.c_expected,
            &self.e_command,
            &self.e_schema,
            &self.e_body as _,
            &self.e_sealed as _,
            &self.p_event,
            &self.p_nth,
            &self.p_subject,
            &self.p_part as _,
            &self.p_sealed as _,
            &self.k_command,
            &self.k_subject,
            &self.k_wrapped as _
        )
        .fetch_all(on)
        .await?)
    }
}

/// A particular as it stands, still sealed, with where it belongs.
pub(crate) struct SealedPart {
    pub(crate) version: i32,
    pub(crate) schema: i16,
    pub(crate) subject: Uuid,
    pub(crate) part: String,
    pub(crate) sealed: Vec<u8>,
    /// The key of the subject; `None` when it was destroyed.
    pub(crate) wrapped: Option<Vec<u8>>,
}

/// The sealed particulars of one stream, up to a position, in the order of recording.
pub(crate) async fn sealed_parts(
    on: impl PgExecutor<'_>,
    organisation: Organisation,
    stream: &str,
    id: Uuid,
    up_to: i64,
) -> Result<Vec<SealedPart>, Failed> {
    Ok(sqlx::query_as!(
        SealedPart,
        r#"select e.version, e.schema, p.subject, p.part, p.sealed, k.wrapped as "wrapped?"
           from event e join particular p using (organisation, position)
           left join data_key k on k.organisation = p.organisation and k.subject = p.subject
           where e.organisation = $1 and e.stream_id = $2 and e.stream = $3 and e.position <= $4
           order by e.version, p.nth"#,
        organisation.as_str(),
        id,
        stream,
        up_to
    )
    .fetch_all(on)
    .await?)
}

/// The keys of some subjects, still wrapped.
pub(crate) async fn keys_of(
    on: impl PgExecutor<'_>,
    organisation: Organisation,
    subjects: &[Uuid],
) -> Result<Vec<(Uuid, Vec<u8>)>, Failed> {
    let rows = sqlx::query!(
        "select subject, wrapped from data_key where organisation = $1 and subject = any($2)",
        organisation.as_str(),
        subjects
    )
    .fetch_all(on)
    .await?;
    Ok(rows.into_iter().map(|row| (row.subject, row.wrapped)).collect())
}
