//! The read path: follow the log, project, checkpoint, tell who waits. Rows and checkpoint commit in one transaction; an event that
//! cannot be projected stops the following visibly, and is never skipped.

use crate::chain::{self, Hash};
use crate::log::{self, Recorded};
use crate::projections::{self, Name};
use crate::{Failed, Following, Receipt, Store};
use chrono::{DateTime, Utc};
use domain::id::Organisation;
use sqlx::PgConnection;
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
    /// Follows the log of an organisation until the store stops; starts at most one follower each.
    pub fn follow(&self, organisation: Organisation) {
        let mut following = lock(&self.inner.following);
        following.entry(organisation).or_insert_with(|| {
            let it = Following { shown: watch::Sender::new(0), wake: Arc::new(Notify::new()) };
            tokio::spawn(self.clone().keep_following(organisation, it.clone()));
            it
        });
    }

    /// Waits until the read models show what a receipt proves, or patience ends.
    pub async fn shown(&self, receipt: &Receipt) {
        self.follow(receipt.organisation);
        let following = lock(&self.inner.following).get(&receipt.organisation).cloned();
        let Some(following) = following else { return };
        let mut shown = following.shown.subscribe();
        let wait = shown.wait_for(|position| *position >= receipt.position);
        let _too_slow_is_fine = tokio::time::timeout(PATIENCE, wait).await;
    }

    /// Waits until what was recorded before now is counted: takes its turn behind the appends that are under way, then waits for
    /// the read models to show the end of the log. So a report as known now stays the same when it is asked again.
    pub async fn settle(&self, organisation: Organisation) -> Result<(), Failed> {
        log::wait_for_turn(&self.inner.read, organisation).await?;
        let (position, _) = log::head(&self.inner.read, organisation).await?;
        let receipt = Receipt {
            organisation,
            position,
            version: 0,
            chain: None,
            recorded_at: None,
            repeated: true,
        };
        self.shown(&receipt).await;
        Ok(())
    }

    /// The position and chain of an organisation as they were at a moment.
    pub async fn head_at(
        &self,
        organisation: Organisation,
        at: DateTime<Utc>,
    ) -> Result<(i64, Hash), Failed> {
        log::head_at(&self.inner.read, organisation, at).await
    }

    /// The organisations that have a log.
    pub async fn organisations(&self) -> Result<Vec<Organisation>, Failed> {
        log::organisations(&self.inner.read).await
    }

    /// How far the read models of each followed organisation have come.
    pub fn shown_positions(&self) -> Vec<(Organisation, i64)> {
        lock(&self.inner.following).iter().map(|(it, to)| (*it, *to.shown.borrow())).collect()
    }

    pub(crate) fn wake(&self, organisation: Organisation) {
        if let Some(following) = lock(&self.inner.following).get(&organisation) {
            following.wake.notify_one();
        }
    }

    async fn keep_following(self, organisation: Organisation, following: Following) {
        let mut stopping = self.inner.stopping.subscribe();
        loop {
            match self.catch_up(organisation).await {
                Ok(position) => {
                    following.shown.send_replace(position);
                }
                Err(error) => {
                    tracing::error!(
                        error = &error as &dyn std::error::Error,
                        organisation = %organisation,
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

    /// Brings all live read models of an organisation up to the end of its log. Answers with the position they show.
    pub async fn catch_up(&self, organisation: Organisation) -> Result<i64, Failed> {
        loop {
            let (position, more) = self.catch_up_once(organisation).await?;
            if !more {
                return Ok(position);
            }
        }
    }

    /// One transaction: what is furthest behind goes first; projections that stand at the same place go together.
    async fn catch_up_once(&self, organisation: Organisation) -> Result<(i64, bool), Failed> {
        let mut tx = self.inner.pool.begin().await?;
        relax(&mut tx).await?;
        let live = projections::live(&mut tx).await?;
        let mut stands = Vec::with_capacity(live.len());
        for (name, generation) in live {
            let at = checkpoint(&mut tx, name, generation, organisation).await?;
            stands.push((name, generation, at));
        }
        let Some(from) = stands.iter().map(|(.., at)| *at).min_by_key(|at| at.position) else {
            return Ok((0, false));
        };
        stands.retain(|(.., at)| at.position == from.position);
        unbroken(&mut tx, organisation, from).await?;
        let news = log::after(&mut *tx, organisation, from.position, LIVE_BATCH).await?;
        let Some(last) = news.last() else { return Ok((from.position, false)) };
        let to = Checkpoint { position: last.position, chain: last.chain };
        for (name, generation, at) in stands {
            projections::project(self, &mut tx, name, generation, &news).await?;
            advance(&mut tx, name, generation, organisation, at, to).await?;
        }
        tx.commit().await?;
        let more = news.len() as i64 == LIVE_BATCH;
        Ok((to.position, more || self.behind(organisation).await?))
    }

    /// Whether one projection stands behind another, as after a rebuild.
    async fn behind(&self, organisation: Organisation) -> Result<bool, Failed> {
        let different = sqlx::query_scalar!(
            r#"select count(distinct c.position) > 1 as "different!" from checkpoint c
               join projection p on p.name = c.projection and p.live = c.generation
               where c.organisation = $1"#,
            organisation.as_str()
        );
        Ok(different.fetch_one(&self.inner.pool).await?)
    }
}

/// A read model that is lost with the power is told again: it need not wait for the disk. And between its statements the telling
/// computes, however long: it holds nothing that a writer waits for.
pub(crate) async fn relax(on: &mut PgConnection) -> Result<(), Failed> {
    sqlx::query!(
        r#"select set_config('synchronous_commit', 'off', true) as "one",
                  set_config('idle_in_transaction_session_timeout', '0', true) as "other""#
    )
    .fetch_one(on)
    .await?;
    Ok(())
}

/// Where a telling stands, locked; a new one stands before the first event.
pub(crate) async fn checkpoint(
    on: &mut PgConnection,
    name: Name,
    generation: i16,
    organisation: Organisation,
) -> Result<Checkpoint, Failed> {
    let row = sqlx::query!(
        "select position, chain from checkpoint
         where projection = $1 and generation = $2 and organisation = $3 for update",
        name.as_str(),
        generation,
        organisation.as_str()
    )
    .fetch_optional(&mut *on)
    .await?;
    if let Some(row) = row {
        let wrong = |_| Failed::Corrupt {
            organisation,
            position: row.position,
            what: format!("the checkpoint of {} has no chain", name.as_str()),
        };
        let chain = Hash::try_from(row.chain.as_slice()).map_err(wrong)?;
        return Ok(Checkpoint { position: row.position, chain });
    }
    let start = Checkpoint { position: 0, chain: chain::genesis(organisation) };
    sqlx::query!(
        "insert into checkpoint (projection, generation, organisation, position, chain)
         values ($1, $2, $3, 0, $4) on conflict do nothing",
        name.as_str(),
        generation,
        organisation.as_str(),
        &start.chain[..]
    )
    .execute(on)
    .await?;
    Ok(start)
}

/// A restored, forked or edited log shows here: at the checkpoint the chain must be what it was.
pub(crate) async fn unbroken(
    on: &mut PgConnection,
    organisation: Organisation,
    at: Checkpoint,
) -> Result<(), Failed> {
    if at.position == 0 || log::chain_at(on, organisation, at.position).await? == Some(at.chain) {
        return Ok(());
    }
    let what = "the log is not the one that was followed".to_owned();
    Err(Failed::Corrupt { organisation, position: at.position, what })
}

/// Moves a checkpoint, if it still stands where it was read.
pub(crate) async fn advance(
    on: &mut PgConnection,
    name: Name,
    generation: i16,
    organisation: Organisation,
    from: Checkpoint,
    to: Checkpoint,
) -> Result<(), Failed> {
    let moved = sqlx::query!(
        "update checkpoint set position = $5, chain = $6
         where projection = $1 and generation = $2 and organisation = $3 and position = $4",
        name.as_str(),
        generation,
        organisation.as_str(),
        from.position,
        to.position,
        &to.chain[..]
    )
    .execute(on)
    .await?;
    if moved.rows_affected() == 1 {
        return Ok(());
    }
    let what = format!("another follower moved the checkpoint of {}", name.as_str());
    Err(Failed::Corrupt { organisation, position: from.position, what })
}

/// The last of a batch as a checkpoint.
pub(crate) fn end_of(news: &[Recorded]) -> Option<Checkpoint> {
    news.last().map(|it| Checkpoint { position: it.position, chain: it.chain })
}

fn lock<T>(mutex: &std::sync::Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
}
