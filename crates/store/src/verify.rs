//! Is the log what it was? Recomputes the chain from the first event, and says exactly where it breaks.
//!
//! What a chain alone cannot show, that its tail was cut or all of it rewritten, shows against heads that others keep: the
//! checkpoints of the read models, and any head from a receipt or a report that is given to it.

use crate::chain::{self, Hash, Link};
use crate::{Failed, Store, log, sealed};
use domain::id::Organisation;
use futures_util::TryStreamExt;
use std::collections::{BTreeSet, HashMap};
use std::fmt;
use uuid::Uuid;

/// A head that was kept: the log of an organisation had this chain at this position.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Head {
    pub organisation: Organisation,
    pub position: i64,
    pub chain: Hash,
}

/// What was found of one organisation.
#[derive(Clone, Debug, PartialEq)]
pub struct Verdict {
    pub organisation: Organisation,
    pub events: u64,
    pub head: Head,
    pub breaks: Vec<Break>,
}

/// Where the log is not what it was.
#[derive(Clone, Debug, PartialEq)]
pub struct Break {
    pub position: i64,
    pub what: What,
}

#[derive(Clone, Debug, PartialEq)]
pub enum What {
    /// The position is not one more than the one before it.
    Gap { after: i64 },
    /// The content and the chain do not belong together.
    Changed,
    /// The version does not follow on the one before it in its stream.
    Version,
    /// The sealed particulars are not those that came with the event.
    Particulars,
    /// A head that was kept has another chain at this position: everything was rewritten.
    Rewritten,
    /// A head that was kept stands beyond the end: the tail was cut.
    Cut { end: i64 },
    /// The key of a subject does not open.
    Key { subject: Uuid },
}

impl fmt::Display for Break {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let at = self.position;
        match &self.what {
            What::Gap { after } => write!(f, "positie {at}: sluit niet aan op {after}"),
            What::Changed => write!(f, "positie {at}: inhoud en keten horen niet bij elkaar"),
            What::Version => write!(f, "positie {at}: versie sluit niet aan binnen de stroom"),
            What::Particulars => {
                write!(f, "positie {at}: de verzegelde gegevens zijn niet die van de gebeurtenis")
            }
            What::Rewritten => write!(f, "positie {at}: een bewaarde stand heeft een andere keten"),
            What::Cut { end } => {
                write!(f, "positie {at}: het logboek eindigt op {end}, voor een bewaarde stand")
            }
            What::Key { subject } => write!(f, "sleutel van {subject} opent niet"),
        }
    }
}

struct Row {
    position: i64,
    stream: String,
    stream_id: Uuid,
    version: i32,
    schema: i16,
    body: String,
    recorded_at: chrono::DateTime<chrono::Utc>,
    recorded_by: Uuid,
    command_id: Uuid,
    command_mac: Vec<u8>,
    sealed: Option<Vec<u8>>,
    chain: Vec<u8>,
}

impl Store {
    /// Verifies the log of one organisation, or of all, against itself and against kept heads. `progress` hears of every 1,000 events.
    pub async fn verify(
        &self,
        only: Option<Organisation>,
        kept: &[Head],
        mut progress: impl FnMut(u64),
    ) -> Result<Vec<Verdict>, Failed> {
        let all = log::organisations(&self.inner.pool).await?;
        let mut organisations: BTreeSet<Organisation> = all.into_iter().collect();
        organisations.extend(self.beside_the_log().await?);
        let checkpoints = self.checkpoints().await?;
        // A log that was emptied has no organisation any more; what was kept of it tells.
        for head in kept.iter().chain(&checkpoints) {
            organisations.insert(head.organisation);
        }
        organisations.retain(|it| only.is_none_or(|only| only == *it));
        let mut verdicts = Vec::with_capacity(organisations.len());
        for organisation in organisations {
            let heads =
                kept.iter().chain(&checkpoints).filter(|it| it.organisation == organisation);
            let heads: Vec<Head> = heads.copied().collect();
            verdicts.push(self.verify_one(organisation, &heads, &mut progress).await?);
        }
        Ok(verdicts)
    }

    async fn verify_one(
        &self,
        organisation: Organisation,
        kept: &[Head],
        progress: &mut impl FnMut(u64),
    ) -> Result<Verdict, Failed> {
        let mut walk = Walk::new(organisation);
        let mut rows = sqlx::query_as!(
            Row,
            r#"select position, stream, stream_id, version, schema, body::text as "body!", recorded_at,
                      recorded_by, command_id, command_mac, sealed, chain
               from event where organisation = $1 order by position"#,
            organisation.as_str()
        )
        .fetch(&self.inner.pool);
        while let Some(row) = rows.try_next().await? {
            walk.step(&row, kept);
            if walk.events.is_multiple_of(1000) {
                progress(1000);
            }
        }
        drop(rows);
        for head in kept {
            if head.position > walk.position {
                let what = What::Cut { end: walk.position };
                walk.breaks.push(Break { position: head.position, what });
            }
        }
        self.particulars(organisation, &mut walk).await?;
        self.keys(organisation, &mut walk).await?;
        walk.breaks.sort_by_key(|it| it.position);
        walk.breaks.dedup();
        let head = Head { organisation, position: walk.position, chain: walk.chain };
        Ok(Verdict { organisation, events: walk.events, head, breaks: walk.breaks })
    }

    /// Compares the sealed particulars with the digests in the chain: one that was changed, moved, added or taken away is a break.
    async fn particulars(&self, organisation: Organisation, walk: &mut Walk) -> Result<(), Failed> {
        struct Part {
            position: i64,
            nth: i16,
            subject: Uuid,
            name: String,
            sealed: Vec<u8>,
            digest: Option<Vec<u8>>,
        }
        let mut rows = sqlx::query_as!(
            Part,
            r#"select p.position, p.nth, p.subject, p.part as name, p.sealed, e.sealed as "digest?"
               from particular p left join event e using (organisation, position)
               where p.organisation = $1 order by p.position, p.nth"#,
            organisation.as_str()
        )
        .fetch(&self.inner.pool);
        let mut of_event: Vec<Part> = Vec::new();
        let check = |parts: &mut Vec<Part>, walk: &mut Walk| {
            let Some(first) = parts.first() else { return };
            let all: Vec<_> = parts
                .iter()
                .map(|it| (it.subject, it.name.as_str(), it.sealed.as_slice()))
                .collect();
            let in_order = (1..).zip(parts.iter()).all(|(nth, it)| it.nth == nth);
            let right = first.digest.as_deref() == Some(sealed::digest(&all).as_slice());
            if !(in_order && right) {
                walk.breaks.push(Break { position: first.position, what: What::Particulars });
            }
            parts.clear();
        };
        while let Some(row) = rows.try_next().await? {
            if of_event.first().is_some_and(|first| first.position != row.position) {
                check(&mut of_event, walk);
            }
            of_event.push(row);
        }
        check(&mut of_event, walk);
        drop(rows);
        let without = sqlx::query_scalar!(
            "select position from event e where organisation = $1 and sealed is not null and not exists
                 (select from particular p where p.organisation = e.organisation and p.position = e.position)",
            organisation.as_str()
        )
        .fetch_all(&self.inner.pool)
        .await?;
        let gone = without.into_iter().map(|position| Break { position, what: What::Particulars });
        walk.breaks.extend(gone);
        Ok(())
    }

    async fn keys(&self, organisation: Organisation, walk: &mut Walk) -> Result<(), Failed> {
        let keys = sqlx::query!(
            "select subject, wrapped from data_key where organisation = $1",
            organisation.as_str()
        );
        let mut rows = keys.fetch(&self.inner.pool);
        while let Some(row) = rows.try_next().await? {
            let subject = row.subject;
            if self.inner.keys.open_data_key(organisation, subject, &row.wrapped).is_err() {
                walk.breaks.push(Break { position: 0, what: What::Key { subject } });
            }
        }
        Ok(())
    }

    /// The organisations of which there are particulars or keys, with or without a log.
    async fn beside_the_log(&self) -> Result<Vec<Organisation>, Failed> {
        let names = sqlx::query_scalar!(
            r#"select organisation as "organisation!" from particular union select organisation from data_key"#
        );
        let names = names.fetch_all(&self.inner.pool).await?;
        Ok(names.iter().filter_map(|name| name.parse().ok()).collect())
    }

    /// The heads that the read models keep.
    async fn checkpoints(&self) -> Result<Vec<Head>, Failed> {
        let rows = sqlx::query!(
            "select distinct organisation, position, chain from checkpoint where position > 0"
        )
        .fetch_all(&self.inner.pool)
        .await?;
        let head = |it: (String, i64, Vec<u8>)| {
            let chain = Hash::try_from(it.2.as_slice()).ok()?;
            Some(Head { organisation: it.0.parse().ok()?, position: it.1, chain })
        };
        let heads = rows.into_iter().map(|row| (row.organisation, row.position, row.chain));
        Ok(heads.filter_map(head).collect())
    }
}

/// Walking along the chain.
struct Walk {
    organisation: Organisation,
    position: i64,
    chain: Hash,
    versions: HashMap<(Uuid, StreamName), i32>,
    events: u64,
    breaks: Vec<Break>,
}

/// The first letters of a stream name tell the streams apart, and cost no memory per event.
type StreamName = [u8; 2];

impl Walk {
    fn new(organisation: Organisation) -> Self {
        Self {
            organisation,
            position: 0,
            chain: chain::genesis(organisation),
            versions: HashMap::new(),
            events: 0,
            breaks: vec![],
        }
    }

    fn step(&mut self, row: &Row, kept: &[Head]) {
        let position = row.position;
        let link = Link {
            organisation: self.organisation,
            position,
            stream: &row.stream,
            stream_id: row.stream_id,
            version: row.version,
            schema: row.schema,
            body: &row.body,
            recorded_at: chain::database_time(row.recorded_at),
            recorded_by: row.recorded_by,
            command_id: row.command_id,
            command_mac: &row.command_mac,
            sealed: row.sealed.as_deref(),
        };
        if position != self.position + 1 {
            self.breaks.push(Break { position, what: What::Gap { after: self.position } });
        }
        let stored: Hash = row.chain.as_slice().try_into().unwrap_or_default();
        if link.after(&self.chain) != stored {
            self.breaks.push(Break { position, what: What::Changed });
        }
        let name = row.stream.as_bytes();
        let stream = [name.first().copied().unwrap_or(0), name.get(1).copied().unwrap_or(0)];
        let version = self.versions.entry((row.stream_id, stream)).or_default();
        if row.version != *version + 1 {
            self.breaks.push(Break { position, what: What::Version });
        }
        *version = row.version;
        if kept.iter().any(|head| head.position == position && head.chain != stored) {
            self.breaks.push(Break { position, what: What::Rewritten });
        }
        // Goes on from what is stored, so that one change is one break, and a second is found as well.
        self.chain = stored;
        self.position = position;
        self.events += 1;
    }
}
