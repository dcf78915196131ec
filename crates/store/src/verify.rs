//! Is the log what it was? Recomputes the chain from the first event, and says exactly where it breaks.
//!
//! What a chain alone cannot show, that its tail was cut or all of it rewritten, shows against heads that others keep: the
//! checkpoints of the read models, and any head from a receipt or a report that is given to it.

mod walk;

use crate::chain::{self, Hash};
use crate::{Failed, Store, log};
use domain::id::{Log, Organisation};
use futures_util::TryStreamExt;
use std::collections::{BTreeSet, VecDeque};
use std::fmt;
use tokio::sync::mpsc;
use tokio::task::JoinHandle;
use uuid::Uuid;
use walk::{Link, Sealed, Walk, links};

pub use walk::{Part, Row};

/// A head that was kept: a log had this chain at this position.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Head {
    pub log: Log,
    pub position: i64,
    pub chain: Hash,
}

/// What was found of one log.
#[derive(Clone, Debug, PartialEq)]
pub struct Verdict {
    pub log: Log,
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

/// How many events are hashed together, and how many such chunks at the same time.
const CHUNK: usize = 1000;
const CHUNKS: usize = 2;

/// The same walk over rows at hand, with the particulars of each event. Whatever somebody put into a database, it is for the verifier to
/// tell, and not to stumble over.
pub async fn of_rows(log: Log, kept: &[Head], rows: Vec<Row>, parts: &[Vec<Part>]) -> Vec<Break> {
    let (digests, beside) = mpsc::channel(parts.len().max(1));
    for of_event in parts {
        let _fits = digests.try_send(Sealed::of(of_event));
    }
    drop(digests);
    let mut walk = Walk::new(log, kept, beside);
    for link in links(log, &chain::genesis(log), rows) {
        walk.step(link).await;
    }
    walk.end().await;
    walk.breaks
}

impl Store {
    /// Verifies the logs of one organisation, or of all, against itself and against kept heads. `progress` hears of every 1,000 events.
    pub async fn verify(
        &self,
        only: Option<Organisation>,
        kept: &[Head],
        mut progress: impl FnMut(u64),
    ) -> Result<Vec<Verdict>, Failed> {
        let mut logs: BTreeSet<Log> = log::logs(&self.inner.pool).await?.into_iter().collect();
        logs.extend(self.beside_the_log().await?);
        let checkpoints = self.checkpoints().await?;
        // A log that was emptied has no rows any more; what was kept of it tells.
        for head in kept.iter().chain(&checkpoints) {
            logs.insert(head.log);
        }
        logs.retain(|it| only.is_none_or(|only| only == it.organisation));
        let mut verdicts = Vec::with_capacity(logs.len());
        for log in logs {
            let heads = kept.iter().chain(&checkpoints).filter(|it| it.log == log);
            let heads: Vec<Head> = heads.copied().collect();
            verdicts.push(self.verify_one(log, &heads, &mut progress).await?);
        }
        Ok(verdicts)
    }

    /// Three things at once, each over a connection of its own: the chain, the sealed particulars beside it, the keys.
    async fn verify_one(
        &self,
        log: Log,
        kept: &[Head],
        progress: &mut impl FnMut(u64),
    ) -> Result<Verdict, Failed> {
        let (digests, beside) = mpsc::channel(CHUNK);
        let digests = tokio::spawn(self.clone().digests(log, digests));
        let keys = tokio::spawn(self.clone().keys(log));
        let mut walk = self.walk(log, kept, beside, progress).await?;
        let ended = |_| Failed::Stopping;
        digests.await.map_err(ended)??;
        walk.breaks.extend(keys.await.map_err(ended)??);
        walk.breaks.sort_by_key(|it| it.position);
        walk.breaks.dedup();
        let head = Head { log, position: walk.position, chain: walk.chain };
        Ok(Verdict { log, events: walk.events, head, breaks: walk.breaks })
    }

    /// Reads the log along the chain; what is read is hashed elsewhere meanwhile.
    async fn walk<'a>(
        &self,
        log: Log,
        kept: &'a [Head],
        beside: mpsc::Receiver<Sealed>,
        progress: &mut impl FnMut(u64),
    ) -> Result<Walk<'a>, Failed> {
        let mut walk = Walk::new(log, kept, beside);
        let mut rows = sqlx::query_as!(
            Row,
            r#"select position, stream, stream_id, version, schema, body::text as "body!", recorded_at,
                      recorded_by, command_id, command_mac, sealed, chain
               from event where organisation = $1 order by position"#,
            log.to_string()
        )
        .fetch(&self.inner.pool);
        let mut hashing: VecDeque<JoinHandle<Vec<Link>>> = VecDeque::new();
        let mut last = chain::genesis(log);
        loop {
            let mut chunk = Vec::with_capacity(CHUNK);
            while chunk.len() < CHUNK {
                let Some(row) = rows.try_next().await? else { break };
                chunk.push(row);
            }
            let full = chunk.len() == CHUNK;
            let before = last;
            last = chunk.last().map_or(before, Row::chain);
            hashing.push_back(tokio::spawn(async move { links(log, &before, chunk) }));
            while hashing.len() > if full { CHUNKS } else { 0 } {
                let Some(first) = hashing.pop_front() else { break };
                let chunk = first.await.map_err(|_| Failed::Stopping)?;
                progress(chunk.len() as u64);
                for link in chunk {
                    walk.step(link).await;
                }
            }
            if !full {
                walk.end().await;
                return Ok(walk);
            }
        }
    }

    /// What the chain should hold of the sealed particulars, event by event.
    async fn digests(self, log: Log, to: mpsc::Sender<Sealed>) -> Result<(), Failed> {
        let mut rows = sqlx::query_as!(
            Part,
            r#"select position, nth, subject, part as name, sealed from particular
               where organisation = $1 order by position, nth"#,
            log.to_string()
        )
        .fetch(&self.inner.pool);
        let mut of_event: Vec<Part> = Vec::new();
        loop {
            let row = rows.try_next().await?;
            let position = row.as_ref().map(|it| it.position);
            if of_event.first().is_some_and(|first| Some(first.position) != position) {
                // Whoever walks may have ended early, with an error of its own.
                let _ended = to.send(Sealed::of(&of_event)).await;
                of_event.clear();
            }
            let Some(row) = row else { return Ok(()) };
            of_event.push(row);
        }
    }

    async fn keys(self, log: Log) -> Result<Vec<Break>, Failed> {
        let keys = sqlx::query!(
            "select subject, wrapped from data_key where organisation = $1",
            log.to_string()
        );
        let mut rows = keys.fetch(&self.inner.pool);
        let mut breaks = vec![];
        while let Some(row) = rows.try_next().await? {
            let subject = row.subject;
            if self.inner.keys.open_data_key(log.organisation, subject, &row.wrapped).is_err() {
                breaks.push(Break { position: 0, what: What::Key { subject } });
            }
        }
        Ok(breaks)
    }

    /// The logs of which there are particulars or keys, with or without a log.
    async fn beside_the_log(&self) -> Result<Vec<Log>, Failed> {
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
            Some(Head { log: it.0.parse().ok()?, position: it.1, chain })
        };
        let heads = rows.into_iter().map(|row| (row.organisation, row.position, row.chain));
        Ok(heads.filter_map(head).collect())
    }
}
