//! Is the log what it was? Recomputes the chain from the first event, and says exactly where it breaks. What was destroyed by order is no
//! break; what is missing without one is.
//!
//! What a chain alone cannot show, that its tail was cut or all of it rewritten, shows against heads that others keep: the
//! checkpoints of the read models, and any head from a receipt or a report that is given to it.

mod bindings;
mod evidence;
pub mod export;
pub mod outwards;
mod signed;
mod tree;
mod walk;
mod what;

pub use evidence::Evidence;
pub use signed::log_of;
pub use what::{Break, What};

use crate::chain::{self, Hash};
use crate::{Failed, Store, log};
use domain::id::{Log, Organisation};
use futures_util::TryStreamExt;
use std::collections::{BTreeSet, VecDeque};
use tokio::sync::mpsc;
use tokio::task::JoinHandle;
use tree::{Grown, PIECE, Piece};
use walk::{Chunk, Part, Row, Sealed, Walk, links};

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
    /// How many leaves the tree has, and its root.
    pub size: u64,
    pub root: Hash,
    pub breaks: Vec<Break>,
}

/// How many chunks of events are hashed at the same time.
const CHUNKS: usize = 2;

impl Store {
    /// Verifies the logs of one organisation, or of all, against themselves and against kept heads. `progress` hears of every 1,024 events.
    pub async fn verify(
        &self,
        only: Option<Organisation>,
        kept: &[Head],
        progress: impl FnMut(u64),
    ) -> Result<Vec<Verdict>, Failed> {
        self.verify_against(
            only,
            &Evidence { kept: kept.to_vec(), ..Evidence::default() },
            progress,
        )
        .await
    }

    /// The same, against all that others kept, by keys that are trusted.
    pub async fn verify_against(
        &self,
        only: Option<Organisation>,
        evidence: &Evidence,
        mut progress: impl FnMut(u64),
    ) -> Result<Vec<Verdict>, Failed> {
        let mut logs: BTreeSet<Log> = log::logs(&self.inner.pool).await?.into_iter().collect();
        logs.extend(self.beside_the_log().await?);
        let checkpoints = self.checkpoints().await?;
        // A log that was emptied has no rows any more; what was kept of it tells.
        logs.extend(evidence.kept.iter().chain(&checkpoints).map(|it| it.log));
        logs.extend(evidence.published.iter().filter_map(|it| log_of(&it.head.origin)));
        logs.retain(|it| only.is_none_or(|only| only == it.organisation));
        let mut verdicts = Vec::with_capacity(logs.len());
        for log in logs {
            let mut of_log = evidence.of(log);
            of_log.kept.extend(checkpoints.iter().filter(|it| it.log == log));
            verdicts.push(self.verify_one(log, &of_log, &mut progress).await?);
        }
        Ok(verdicts)
    }

    /// Three things at once, each over a connection of its own: the chain, the sealed particulars beside it, the keys.
    async fn verify_one(
        &self,
        log: Log,
        evidence: &Evidence,
        progress: &mut impl FnMut(u64),
    ) -> Result<Verdict, Failed> {
        let signed = self.signed(log).await?;
        let said = signed.say(log, &evidence.published, &evidence.trust);
        let (digests, beside) = mpsc::channel(PIECE);
        let digests = tokio::spawn(self.clone().digests(log, digests));
        let bindings = tokio::spawn(self.clone().bindings(log));
        let grown = Grown::expecting(said.roots.iter().copied());
        let mut walk = Walk::new(log, &evidence.kept, beside, grown);
        self.walk(&mut walk, progress).await?;
        walk.end(said.newest, &signed.nodes).await;
        let ended = |_| Failed::Stopping;
        digests.await.map_err(ended)??;
        let bindings = bindings.await.map_err(ended)??;
        let remembered = self.remembered(log, &walk.orders, &bindings).await?;
        let of_keys = bindings.breaks(&walk.breaks, &walk.orders);
        walk.breaks.extend(of_keys);
        walk.breaks.extend(remembered);
        walk.breaks.extend(said.breaks);
        Ok(walk.verdict())
    }

    /// Reads the log along the chain; what is read is hashed elsewhere meanwhile.
    async fn walk(
        &self,
        walk: &mut Walk<'_>,
        progress: &mut impl FnMut(u64),
    ) -> Result<(), Failed> {
        let log = walk.log;
        let mut rows = sqlx::query_as!(
            Row,
            r#"select position, stream, stream_id, version, schema, body::text as "body!", recorded_at as "recorded_at: walk::Micros",
                      recorded_by, command_id, command_mac, sealed, chain
               from event where organisation = $1 order by position"#,
            log.to_string()
        )
        .fetch(&self.inner.pool);
        let mut hashing: VecDeque<JoinHandle<Chunk>> = VecDeque::new();
        let (mut last, mut read) = (chain::genesis(log), 0);
        loop {
            let mut chunk = Vec::with_capacity(PIECE);
            while chunk.len() < PIECE {
                let Some(row) = rows.try_next().await? else { break };
                chunk.push(row);
            }
            let full = chunk.len() == PIECE;
            let (before, piece) = (last, Piece::new(read, walk.grown.sizes(read)));
            last = chunk.last().map_or(before, Row::chain);
            read += chunk.len() as u64;
            hashing.push_back(tokio::spawn(async move { links(log, &before, chunk, piece) }));
            while hashing.len() > if full { CHUNKS } else { 0 } {
                let Some(first) = hashing.pop_front() else { break };
                let chunk = first.await.map_err(|_| Failed::Stopping)?;
                progress(chunk.links.len() as u64);
                walk.take(chunk).await;
            }
            if !full {
                return Ok(());
            }
        }
    }

    /// The signed heads of a log, and what goes with them, as they are stored.
    async fn signed(&self, log: Log) -> Result<signed::Signed, Failed> {
        // Before the heads: a head that is signed in between may have none, and none may be without its head.
        let lines = sqlx::query!(
            "select size, witness, line from cosignature where organisation = $1 order by size, witness",
            log.to_string()
        );
        let lines = lines.fetch_all(&self.inner.pool).await?;
        let heads = sqlx::query!(
            "select size, note from tree_head where organisation = $1 order by size",
            log.to_string()
        );
        let heads = heads.fetch_all(&self.inner.pool).await?;
        let nodes = sqlx::query!(
            "select level, nth, hash from tree_node where organisation = $1 order by level, nth",
            log.to_string()
        );
        let nodes = nodes.fetch_all(&self.inner.pool).await?;
        Ok(signed::Signed {
            heads: heads.into_iter().map(|it| (it.size, it.note)).collect(),
            nodes: nodes.into_iter().map(|it| (it.level, it.nth, it.hash)).collect(),
            cosignatures: lines.into_iter().map(|it| (it.size, it.witness, it.line)).collect(),
        })
    }

    /// What the chain should hold of the sealed particulars, event by event.
    async fn digests(self, log: Log, to: mpsc::Sender<Sealed>) -> Result<(), Failed> {
        let mut rows = sqlx::query_as!(
            Part,
            r#"select position as "position!", nth as "nth!", subject as "subject!", name, sealed, digest from (
                   select position, nth, subject, part as name, sealed, null::bytea as digest from particular where organisation = $1
                   union all
                   select position, nth, subject, null, null, digest from destroyed_part where organisation = $1) as parts
               order by position, nth"#,
            log.to_string()
        )
        .fetch(&self.inner.pool);
        let (mut at, mut of_event) = (0, Vec::<Part>::new());
        loop {
            let row = rows.try_next().await?;
            let position = row.as_ref().map(|it| it.position);
            if !of_event.is_empty() && Some(at) != position {
                // Whoever walks may have ended early, with an error of its own.
                let _ended = to.send(Sealed::of_stored(at, &of_event)).await;
                of_event.clear();
            }
            let Some(row) = row else { return Ok(()) };
            at = row.position;
            of_event.push(row);
        }
    }

    /// The logs of which there are particulars or keys, with or without a log.
    async fn beside_the_log(&self) -> Result<Vec<Log>, Failed> {
        let names = sqlx::query_scalar!(
            r#"select organisation as "organisation!" from particular union select organisation from data_key
               union select organisation from forgotten union select organisation from destroyed_part
               union select organisation from tree_head union select organisation from tree_node
               union select organisation from cosignature"#
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
