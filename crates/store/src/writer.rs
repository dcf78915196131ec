//! Group commit: one writer per log takes what is waiting and makes one call. No artificial delay: while one
//! call is at the disk, the next batch gathers by itself.

use crate::execute::Prepared;
use crate::log::{self, Outcome};
use crate::{Failed, Store};
use domain::id::Log;
use sqlx::PgConnection;
use std::collections::{HashMap, HashSet, VecDeque};
use std::sync::Mutex;
use tokio::sync::{mpsc, oneshot};
use uuid::Uuid;

/// How many commands go into one call.
const BATCH: usize = 64;
const BATCH_IN_ORDER: usize = 128;
/// How often others may run between two full calls.
const YIELDS: usize = 4;
/// How many may wait; more is answered with "busy" rather than with an ever longer queue.
const QUEUE: usize = 1024;

#[derive(Default)]
pub(crate) struct Writers(Mutex<HashMap<Log, mpsc::Sender<Waiting>>>);

struct Waiting {
    prepared: Prepared,
    answer: oneshot::Sender<Result<Outcome, Failed>>,
}

impl Writers {
    /// Hands a command to the writer of its log, and waits for the outcome. Whoever stops waiting does not stop the writing.
    pub(crate) async fn write(&self, store: &Store, prepared: Prepared) -> Result<Outcome, Failed> {
        let (answer, outcome) = oneshot::channel();
        let queue = self.queue(store, prepared.log);
        queue.try_send(Waiting { prepared, answer }).map_err(|_| Failed::Busy)?;
        outcome.await.map_err(|_| Failed::Stopping)?
    }

    fn queue(&self, store: &Store, log: Log) -> mpsc::Sender<Waiting> {
        let mut queues = self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        let queue = queues.entry(log).or_insert_with(|| start(store, log));
        if queue.is_closed() {
            *queue = start(store, log);
        }
        queue.clone()
    }

    /// Appends in the order given, as many at a time as one call takes well. A stream may come again: each command was decided on the one
    /// before it.
    pub(crate) async fn write_in_order(
        &self,
        store: &Store,
        log: Log,
        batch: Vec<Prepared>,
    ) -> Result<Vec<Outcome>, Failed> {
        let mut connection = store.inner.importing.take().await?;
        let mut outcomes = Vec::with_capacity(batch.len());
        let by = store.inner.recorded_by;
        for now in batch.chunks(BATCH_IN_ORDER) {
            let now: Vec<&Prepared> = now.iter().collect();
            for outcome in log::append(&mut connection, log, &now, by).await? {
                if !outcome.is_recorded() {
                    let what = format!("a command in a row was not recorded: {:?}", outcome.kind);
                    return Err(Failed::Corrupt { log, position: outcome.position, what });
                }
                outcomes.push(outcome);
            }
        }
        connection.give_back();
        store.wake(log);
        Ok(outcomes)
    }
}

impl Writers {
    /// Appends two commands on two streams: both or neither. `None` when somebody was first.
    pub(crate) async fn write_both(
        &self,
        store: &Store,
        log: Log,
        both: [&Prepared; 2],
    ) -> Result<Option<Outcome>, Failed> {
        let mut connection = store.inner.importing.take().await?;
        let by = store.inner.recorded_by;
        // After an error the connection is not given back, and so closed.
        let outcomes = match log::append(&mut connection, log, &both, by).await {
            Err(Failed::Database(error)) if is_overtaken(&error) => return Ok(None),
            outcomes => outcomes?,
        };
        connection.give_back();
        store.wake(log);
        Ok(outcomes.into_iter().next().filter(Outcome::is_recorded))
    }
}

/// What `append()` says when one of two that are tied stands elsewhere: that it cannot go on, or that the version is taken.
fn is_overtaken(error: &sqlx::Error) -> bool {
    let code = error.as_database_error().and_then(sqlx::error::DatabaseError::code);
    matches!(code.as_deref(), Some("40001" | "23505"))
}

fn start(store: &Store, log: Log) -> mpsc::Sender<Waiting> {
    let (queue, waiting) = mpsc::channel(QUEUE);
    tokio::spawn(Writer { store: store.clone(), log, connection: None }.run(waiting));
    queue
}

struct Writer {
    store: Store,
    log: Log,
    /// Held, not pooled: a pool asks after the health of a connection on every release, which costs a third.
    connection: Option<PgConnection>,
}

impl Writer {
    async fn run(mut self, mut waiting: mpsc::Receiver<Waiting>) {
        let mut stopping = self.store.inner.stopping.subscribe();
        let mut put_off = VecDeque::new();
        loop {
            let first = if let Some(it) = put_off.pop_front() {
                it
            } else {
                tokio::select! {
                    biased;
                    it = waiting.recv() => match it { Some(it) => it, None => return },
                    // What was accepted before the stop has been taken by the arm above.
                    _ = stopping.wait_for(|stop| *stop) => return,
                }
            };
            let mut batch = Batch::default();
            let _first_always_fits = batch.take(first);
            for _ in 0..put_off.len() {
                if let Some(it) = put_off.pop_front() {
                    put_off.extend(batch.take(it));
                }
            }
            while batch.0.len() < BATCH {
                let Ok(it) = waiting.try_recv() else { break };
                put_off.extend(batch.take(it));
            }
            let several = batch.0.len() > 1;
            self.write(batch.0).await;
            // Those just answered may have more to write: with them the next call is full, and not two calls half.
            if several {
                for _ in 0..YIELDS {
                    tokio::task::yield_now().await;
                }
            }
        }
    }

    async fn write(&mut self, batch: Vec<Waiting>) {
        let prepared: Vec<&Prepared> = batch.iter().map(|it| &it.prepared).collect();
        match self.append(&prepared).await {
            Ok(outcomes) => {
                for (it, outcome) in batch.into_iter().zip(outcomes) {
                    // Whoever left does not need the answer; it is recorded all the same.
                    let _left = it.answer.send(Ok(outcome));
                }
                self.store.wake(self.log);
            }
            Err(error) => {
                // The held connection may be of before a restart, and one command may spoil the call of all: each once more, alone,
                // over a connection that is known to be new. What was recorded all the same is recognised by its number.
                tracing::warn!(
                    error = &error as &dyn std::error::Error,
                    "an append is tried again"
                );
                for it in batch {
                    let outcome = match self.append(&[&it.prepared]).await {
                        Ok(mut outcomes) => outcomes.pop().ok_or(Failed::Stopping),
                        Err(error) => Err(error),
                    };
                    let _left = it.answer.send(outcome);
                    self.store.wake(self.log);
                }
            }
        }
    }

    async fn append(&mut self, batch: &[&Prepared]) -> Result<Vec<Outcome>, Failed> {
        let mut connection = match self.connection.take() {
            Some(connection) => connection,
            None => self.store.writing_connection().await?,
        };
        let by = self.store.inner.recorded_by;
        let outcomes = log::append(&mut connection, self.log, batch, by).await?;
        // After an error the connection is dropped: what it did is not known, and the number of the command tells later.
        self.connection = Some(connection);
        Ok(outcomes)
    }
}

/// Commands that may go into one call: each stream, number and new subject once.
#[derive(Default)]
struct Batch(Vec<Waiting>, HashSet<Uuid>);

impl Batch {
    /// Takes a command, or gives it back for the next call.
    fn take(&mut self, it: Waiting) -> Option<Waiting> {
        let prepared = &it.prepared;
        let claims: HashSet<Uuid> = prepared
            .new_keys
            .iter()
            .map(|(subject, _)| *subject)
            .chain([prepared.stream_id, prepared.stamp.key])
            .collect();
        // Whoever is forgotten is forgotten alone: what comes with him in one call would stand on neither side of it.
        let alone = |it: &Prepared| !it.forgets.is_empty();
        let with_others = !self.0.is_empty();
        if with_others && (alone(prepared) || self.0.iter().any(|it| alone(&it.prepared))) {
            return Some(it);
        }
        if self.0.len() >= BATCH || claims.iter().any(|claim| self.1.contains(claim)) {
            return Some(it);
        }
        self.1.extend(claims);
        self.0.push(it);
        None
    }
}
