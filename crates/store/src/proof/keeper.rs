//! Whoever signs heads: reads behind the log over a connection of its own, so that no append waits for it, and goes on from what it knows.
//!
//! It signs nothing that contradicts what was signed before, in the database or outside it: then the log is not what it was, and that is said
//! instead.

use super::heads::{keep, newest, since, tree_of};
use super::note::{Head, Note, Signature, Signer, VerifierKey};
use super::published::Published;
use super::tree::{Compact, Node, TILE};
use crate::{Failed, Store, log as events};
use domain::id::Log;
use sqlx::PgConnection;
use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{Mutex, watch};
use tokio::time::Instant;

/// After how many events a head is signed without waiting for the time.
pub const EVENTS: u64 = 1000;
/// After how long a head is signed, however few events there are.
pub const EVERY: Duration = Duration::from_mins(1);
/// How often to look whether it is time.
const POLL: Duration = Duration::from_secs(1);
/// How many events are read at once.
const PAGE: i64 = 10_000;

/// Signs the heads of all logs of a register.
#[derive(Clone)]
pub struct Keeper(Arc<Inner>);

struct Inner {
    store: Store,
    signer: Signer,
    /// What comes before the name of a log in its origin.
    prefix: String,
    published: Option<Published>,
    known: Mutex<Known>,
    signed: watch::Sender<u64>,
}

#[derive(Default)]
struct Known {
    connection: Option<PgConnection>,
    logs: HashMap<Log, Tree>,
    /// Since when a log cannot be signed: it is not tried every second.
    troubled: HashMap<Log, Instant>,
}

/// What is known of one log.
struct Tree {
    compact: Compact,
    /// Up to which size heads stand outside the database.
    published: u64,
    newest: Option<Note>,
    signed_at: Instant,
}

impl Keeper {
    pub fn new(store: Store, signer: Signer, prefix: &str, published: Option<Published>) -> Self {
        let (known, signed) = (Mutex::default(), watch::Sender::new(0));
        Self(Arc::new(Inner { store, signer, prefix: prefix.to_owned(), published, known, signed }))
    }

    /// The first line of the heads of a log.
    pub fn origin(&self, log: Log) -> String {
        format!("{}/{log}", self.0.prefix)
    }

    /// By which others verify the heads of a log.
    pub fn verifier(&self, log: Log) -> VerifierKey {
        self.0.signer.verifier(&self.origin(log))
    }

    /// Hears of every new head.
    pub fn signed(&self) -> watch::Receiver<u64> {
        self.0.signed.subscribe()
    }

    /// Signs when it is time, until the register stops.
    pub async fn run(self) {
        let mut stopping = self.0.store.inner.stopping.subscribe();
        let mut tick = tokio::time::interval(POLL);
        loop {
            tokio::select! {
                _ = tick.tick() => {}
                _ = stopping.wait_for(|stop| *stop) => return,
            }
            if let Err(error) = self.when_due().await {
                tracing::warn!(error = &error as &dyn std::error::Error, "no heads are signed now");
            }
        }
    }

    async fn when_due(&self) -> Result<(), Failed> {
        for log in events::logs(&self.0.store.inner.pool).await? {
            let (position, _) = events::head(&self.0.store.inner.pool, log).await?;
            if self.0.known.lock().await.is_due(log, position as u64)
                && let Err(error) = self.sign(log).await
            {
                let error = &error as &dyn std::error::Error;
                tracing::error!(error, log = %log, "a head could not be signed");
            }
        }
        Ok(())
    }

    /// The first head that covers a position: signed now, if there is none yet. Goes on also when nobody waits for it any more, so that
    /// nothing is left half written.
    pub async fn cover(&self, log: Log, position: i64) -> Result<Option<Note>, Failed> {
        if let Some(note) = self.0.store.covering(log, position).await? {
            return Ok(Some(note));
        }
        let signing = tokio::spawn({
            let it = self.clone();
            async move { it.sign(log).await }
        });
        signing.await.map_err(|_| Failed::Stopping)??;
        self.0.store.covering(log, position).await
    }

    /// Signs a head over all that is recorded now, and one for every 1,000 events before it. Answers with the newest head; `None` while nothing
    /// was recorded.
    pub async fn sign(&self, log: Log) -> Result<Option<Note>, Failed> {
        let mut known = self.0.known.lock().await;
        let known = &mut *known;
        // What is not put back after trouble is read again, over another connection.
        let connection = known.connection.take();
        let tree = known.logs.remove(&log);
        known.troubled.insert(log, Instant::now());
        let mut connection = match connection {
            Some(connection) => connection,
            None => self.0.store.signing_connection().await?,
        };
        let mut tree = match tree {
            Some(tree) => tree,
            None => self.0.read(&mut connection, log).await?,
        };
        let before = tree.compact.size();
        while self.sign_page(&mut connection, log, &mut tree).await? {}
        let newest = tree.newest.clone();
        if tree.compact.size() > before {
            self.0.signed.send_modify(|heads| *heads += 1);
        }
        known.logs.insert(log, tree);
        known.connection = Some(connection);
        known.troubled.remove(&log);
        Ok(newest)
    }

    /// Keeps what a witness signed below a head: in the database and outside it.
    pub async fn keep_cosignature(
        &self,
        log: Log,
        note: &Note,
        witness: &VerifierKey,
        line: Signature,
    ) -> Result<(), Failed> {
        self.0.store.keep_cosignature(log, note.head.size, witness, &line).await?;
        let Some(published) = &self.0.published else { return Ok(()) };
        let mut note = note.clone();
        note.signatures.push(line);
        // Whoever signs writes to the same file.
        let _turn = self.0.known.lock().await;
        published.append(log, vec![note]).await
    }

    /// A page of the log; answers whether there may be more.
    async fn sign_page(
        &self,
        on: &mut PgConnection,
        log: Log,
        tree: &mut Tree,
    ) -> Result<bool, Failed> {
        let from = tree.compact.size();
        let page = events::chains(&mut *on, log, from as i64, PAGE).await?;
        let (mut nodes, mut notes) = (Vec::new(), Vec::new());
        let full = page.len() as i64 == PAGE;
        for (nth, (_, chain)) in (1..).zip(&page) {
            tree.compact.push(chain, |node| keep_some(&mut nodes, node));
            if tree.compact.size().is_multiple_of(EVENTS) || nth == page.len() {
                notes.push(self.head(log, &tree.compact));
            }
        }
        if let Some(newest) = notes.last() {
            keep(on, log, &nodes, &notes).await?;
            tree.newest = Some(newest.clone());
        }
        tree.signed_at = Instant::now();
        self.0.publish(on, log, tree).await?;
        Ok(full)
    }

    fn head(&self, log: Log, tree: &Compact) -> Note {
        let origin = self.origin(log);
        self.0.signer.sign(Head { origin, size: tree.size(), root: tree.root() })
    }
}

fn keep_some(nodes: &mut Vec<Node>, node: Node) {
    if node.level > 0 && node.level.is_multiple_of(TILE) {
        nodes.push(node);
    }
}

impl Known {
    fn is_due(&self, log: Log, position: u64) -> bool {
        match (self.logs.get(&log), self.troubled.get(&log)) {
            (Some(tree), _) => tree.is_due(position),
            (None, since) => since.is_none_or(|it| it.elapsed() >= EVERY),
        }
    }
}

impl Tree {
    fn is_due(&self, position: u64) -> bool {
        let waiting = position.saturating_sub(self.compact.size());
        waiting >= EVENTS || (waiting > 0 && self.signed_at.elapsed() >= EVERY)
    }
}

impl Inner {
    /// What was signed before, held against the log: heads in the database and outside it.
    async fn read(&self, on: &mut PgConnection, log: Log) -> Result<Tree, Failed> {
        let newest = newest(on, log).await?;
        let size = newest.as_ref().map_or(0, |it| it.head.size);
        let compact = tree_of(on, log, size).await?;
        if let Some(note) = &newest {
            Self::goes_on(log, note, &compact)?;
        }
        let outside = match &self.published {
            Some(published) => published.last(log).await?,
            None => None,
        };
        let published = outside.as_ref().map_or(0, |it| it.head.size);
        if let Some(note) = &outside {
            if published > size {
                let what = "a head was published that is no longer there".to_owned();
                return Err(Failed::Corrupt { log, position: published as i64, what });
            }
            Self::goes_on(log, note, &tree_of(on, log, published).await?)?;
        }
        Ok(Tree { compact, published, newest, signed_at: Instant::now() })
    }

    fn goes_on(log: Log, note: &Note, tree: &Compact) -> Result<(), Failed> {
        if note.head.root == tree.root() {
            return Ok(());
        }
        let what = "the log is not the one over which a head was signed".to_owned();
        Err(Failed::Corrupt { log, position: note.head.size as i64, what })
    }

    /// Brings what stands outside the database up to date: also what an earlier run signed and could not write.
    async fn publish(
        &self,
        on: &mut PgConnection,
        log: Log,
        tree: &mut Tree,
    ) -> Result<(), Failed> {
        let Some(published) = &self.published else { return Ok(()) };
        while tree.newest.as_ref().is_some_and(|it| it.head.size > tree.published) {
            let notes = since(on, log, Some(tree.published), PAGE).await?;
            let Some(last) = notes.last() else { return Ok(()) };
            let size = last.head.size;
            published.append(log, notes).await?;
            tree.published = size;
        }
        Ok(())
    }
}
