//! The read path: follow the log, project, checkpoint, tell who waits. Rows and checkpoint commit in one transaction; an event that
//! cannot be projected stops the following visibly, and is never skipped.

use crate::chain::{self, Hash};
use crate::log::{self, Recorded};
use crate::projections::{self, Name};
use crate::{Failed, Following, Receipt, Store};
use chrono::{DateTime, Utc};
use domain::id::{Log, Organisation};
use sqlx::{Connection, PgConnection};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{Notify, watch};

/// How many events one transaction takes at most while following.
pub(crate) const LIVE_BATCH: i64 = 500;
/// How often to look without having been woken: another process may have written.
const POLL: Duration = Duration::from_secs(1);
/// How long the answer to a write waits for its own effect.
const PATIENCE: Duration = Duration::from_secs(2);

/// How far one telling of one projection has come.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Checkpoint {
    pub(crate) position: i64,
    pub(crate) chain: Hash,
}

impl Store {
    /// Follows a log until the store stops; starts at most one follower each.
    pub fn follow(&self, log: impl Into<Log>) {
        let log = log.into();
        let mut following = lock(&self.inner.following);
        following.entry(log).or_insert_with(|| {
            let it = Following { shown: watch::Sender::new(0), wake: Arc::new(Notify::new()) };
            tokio::spawn(self.clone().keep_following(log, it.clone()));
            it
        });
    }

    /// Waits until the read models show what a receipt proves, or patience ends.
    pub async fn shown(&self, receipt: &Receipt) {
        self.follow(receipt.log);
        let following = lock(&self.inner.following).get(&receipt.log).cloned();
        let Some(following) = following else { return };
        let mut shown = following.shown.subscribe();
        let wait = shown.wait_for(|position| *position >= receipt.position);
        let _too_slow_is_fine = tokio::time::timeout(PATIENCE, wait).await;
    }

    /// Waits until what was recorded before now is counted: takes its turn behind the appends that are under way, then waits for
    /// the read models to show the end of the log. So a report as known now stays the same when it is asked again.
    pub async fn settle(&self, log: impl Into<Log>) -> Result<(), Failed> {
        let log = log.into();
        let mut on = self.inner.read.of(log).await?;
        log::wait_for_turn(&mut *on, log).await?;
        let (position, _) = log::head(&mut *on, log).await?;
        on.give_back();
        let receipt =
            Receipt { log, position, version: 0, chain: None, recorded_at: None, repeated: true };
        self.shown(&receipt).await;
        Ok(())
    }

    /// The position and chain of a log as they were at a moment.
    pub async fn head_at(
        &self,
        log: impl Into<Log>,
        at: DateTime<Utc>,
    ) -> Result<(i64, Hash), Failed> {
        let log = log.into();
        let mut on = self.inner.read.of(log).await?;
        let head = log::head_at(&mut *on, log, at).await?;
        on.give_back();
        Ok(head)
    }

    /// The logs that there are.
    pub async fn logs(&self) -> Result<Vec<Log>, Failed> {
        log::logs(&self.inner.pool).await
    }

    /// The organisations that have a register.
    pub async fn organisations(&self) -> Result<Vec<Organisation>, Failed> {
        log::organisations(&self.inner.pool).await
    }

    /// How far the read models of each followed log have come.
    pub fn shown_positions(&self) -> Vec<(Log, i64)> {
        lock(&self.inner.following).iter().map(|(it, to)| (*it, *to.shown.borrow())).collect()
    }

    pub(crate) fn wake(&self, log: Log) {
        if let Some(following) = lock(&self.inner.following).get(&log) {
            following.wake.notify_one();
        }
    }

    async fn keep_following(self, log: Log, following: Following) {
        let mut stopping = self.inner.stopping.subscribe();
        loop {
            match self.catch_up(log).await {
                Ok(position) => {
                    following.shown.send_replace(position);
                }
                Err(error) => {
                    tracing::error!(
                        error = &error as &dyn std::error::Error,
                        log = %log,
                        "following the log stopped; it is tried again"
                    );
                }
            }
            tokio::select! {
                _ = stopping.wait_for(|stop| *stop) => return,
                () = following.wake.notified() => {}
                () = tokio::time::sleep(POLL) => {}
            }
        }
    }

    /// Brings all live read models of a log up to its end. Answers with the position they show.
    pub async fn catch_up(&self, log: impl Into<Log>) -> Result<i64, Failed> {
        let log = log.into();
        loop {
            let (position, more) = self.catch_up_once(log).await?;
            if !more {
                return Ok(position);
            }
        }
    }

    /// One transaction: what is furthest behind goes first; projections that stand at the same place go together.
    async fn catch_up_once(&self, log: Log) -> Result<(i64, bool), Failed> {
        let mut connection = self.inner.telling.take().await?;
        let mut tx = connection.begin().await?;
        let mut stands = stands(&mut tx, log).await?;
        let Some(from) = stands.iter().map(|it| it.at).min_by_key(|at| at.position) else {
            return Ok((0, false));
        };
        let live = stands.len();
        stands.retain(|it| it.at.position == from.position);
        let news = log::after_checkpoint(&mut *tx, log, from, LIVE_BATCH).await?;
        let to = end_of(&news).unwrap_or(from);
        if !news.is_empty() {
            for it in &stands {
                projections::project(self, &mut tx, it.name, it.generation, &news).await?;
            }
            advance(&mut tx, &stands, log, from, to).await?;
        }
        tx.commit().await?;
        connection.give_back();
        // After a rebuild one projection may stand behind another: it goes on until they stand together.
        let behind = stands.len() < live;
        Ok((to.position, !news.is_empty() && (behind || news.len() as i64 == LIVE_BATCH)))
    }
}

/// Where one telling of one projection stands.
pub(crate) struct Stand {
    pub(crate) name: Name,
    pub(crate) generation: i16,
    pub(crate) at: Checkpoint,
}

/// Where the live projections stand, locked until the transaction ends.
async fn stands(on: &mut PgConnection, log: Log) -> Result<Vec<Stand>, Failed> {
    let rows = sqlx::query!(
        "select p.name, p.live, c.position, c.chain from projection p
         join checkpoint c on c.projection = p.name and c.generation = p.live
         where c.organisation = $1 order by p.name for share of p for update of c",
        log.to_string()
    )
    .fetch_all(&mut *on)
    .await?;
    let mut stands = Vec::with_capacity(rows.len());
    for row in rows {
        let Some(name) = Name::of(&row.name).filter(|it| it.log() == log.kind) else { continue };
        let at = Checkpoint::of(log, name, row.position, &row.chain)?;
        stands.push(Stand { name, generation: row.live, at });
    }
    if stands.len() == Name::told_from(log.kind).count() {
        return Ok(stands);
    }
    // The first event of a log: its checkpoints are made.
    stands.clear();
    let live = projections::live(on).await?;
    for (name, generation) in live.into_iter().filter(|(it, _)| it.log() == log.kind) {
        let at = checkpoint(on, name, generation, log).await?;
        stands.push(Stand { name, generation, at });
    }
    Ok(stands)
}

impl Checkpoint {
    fn of(log: Log, name: Name, position: i64, chain: &[u8]) -> Result<Self, Failed> {
        let wrong = |_| Failed::Corrupt {
            log,
            position,
            what: format!("the checkpoint of {} has no chain", name.as_str()),
        };
        Ok(Self { position, chain: Hash::try_from(chain).map_err(wrong)? })
    }
}

/// Where a telling stands, locked; a new one stands before the first event.
pub(crate) async fn checkpoint(
    on: &mut PgConnection,
    name: Name,
    generation: i16,
    log: Log,
) -> Result<Checkpoint, Failed> {
    let start = Checkpoint { position: 0, chain: chain::genesis(log) };
    sqlx::query!(
        "insert into checkpoint (projection, generation, organisation, position, chain)
         values ($1, $2, $3, 0, $4) on conflict do nothing",
        name.as_str(),
        generation,
        log.to_string(),
        &start.chain[..]
    )
    .execute(&mut *on)
    .await?;
    // Read after it: whoever made it first may have moved it by now.
    let row = sqlx::query!(
        "select position, chain from checkpoint
         where projection = $1 and generation = $2 and organisation = $3 for update",
        name.as_str(),
        generation,
        log.to_string()
    )
    .fetch_one(on)
    .await?;
    Checkpoint::of(log, name, row.position, &row.chain)
}

/// Moves checkpoints that stand at the same place, if they still stand there.
pub(crate) async fn advance(
    on: &mut PgConnection,
    stands: &[Stand],
    log: Log,
    from: Checkpoint,
    to: Checkpoint,
) -> Result<(), Failed> {
    let names: Vec<&str> = stands.iter().map(|it| it.name.as_str()).collect();
    let generations: Vec<i16> = stands.iter().map(|it| it.generation).collect();
    let moved = sqlx::query!(
        "update checkpoint c set position = $5, chain = $6
         from unnest($1::text[], $2::smallint[]) as t (projection, generation)
         where c.projection = t.projection and c.generation = t.generation and c.organisation = $3 and c.position = $4",
        &names as _,
        &generations,
        log.to_string(),
        from.position,
        to.position,
        &to.chain[..]
    )
    .execute(on)
    .await?;
    if moved.rows_affected() == stands.len() as u64 {
        return Ok(());
    }
    let what = format!("another follower moved a checkpoint of {}", names.join(", "));
    Err(Failed::Corrupt { log, position: from.position, what })
}

/// The last of a batch as a checkpoint.
pub(crate) fn end_of(news: &[Recorded]) -> Option<Checkpoint> {
    news.last().map(|it| Checkpoint { position: it.position, chain: it.chain })
}

fn lock<T>(mutex: &std::sync::Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
}
