//! Destroying what was ordered to be destroyed. The order itself makes that nobody reads the subjects any more, in the transaction that records it;
//! what comes after only makes it final: the keys, the sealed rows, the proof that nothing is left. Each step may be done again, so whoever
//! is cut off goes on where he was.

use crate::execute::{Known, Prepared, TRIES};
use crate::log::{self, Before, OutcomeKind};
use crate::{ExecuteError, Failed, Receipt, Store, execute};
use chrono::{DateTime, Utc};
use domain::decider::Stamp;
use domain::erasure::{Command, Erasure, Ground, Refusal};
use domain::id::{Id, Organisation};
use std::collections::HashMap;
use std::time::Duration;
use uuid::Uuid;

/// How often is looked whether another process left something to be done.
const POLL: Duration = Duration::from_mins(1);

/// What is done after the order, in this order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// The order is recorded, and nobody reads the subjects any more.
    Ordered,
    KeysDestroyed,
    ParticularsDestroyed,
    Proven,
    Completed,
}

impl Step {
    pub const ALL: [Self; 5] = [
        Self::Ordered,
        Self::KeysDestroyed,
        Self::ParticularsDestroyed,
        Self::Proven,
        Self::Completed,
    ];
}

/// An order that is not completed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pending {
    pub organisation: Organisation,
    pub erasure: Uuid,
}

/// How many rows there are of some subjects: a proof when all are none.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Left {
    /// In the key store.
    pub keys: i64,
    /// Numbers of keys, in the register.
    pub numbers: i64,
    pub particulars: i64,
    /// By which they could be found, in any telling.
    pub cards: i64,
}

impl Left {
    fn total(self) -> u32 {
        (self.keys + self.numbers + self.particulars + self.cards) as u32
    }
}

impl Store {
    /// Orders the data of subjects to be destroyed: persons, or files whose free text is about the household. When this answers they are read by
    /// nobody any more; the rest follows by itself where [`Store::keep_erasing`] runs. What stands in a casus that must be kept is refused.
    pub async fn order_erasure(
        &self,
        id: Id<Erasure>,
        subjects: Vec<Uuid>,
        ground: Ground,
        stamp: &Stamp,
    ) -> Result<Receipt, ExecuteError<Refusal>> {
        let held = self.held(stamp.organisation, &subjects, stamp.today).await?;
        let order = Command::Order { subjects: subjects.clone(), ground, held };
        for _ in 0..TRIES {
            let before = self.before(stamp.organisation, id, Some(stamp.key), &[]).await?;
            let Before { state, version, earlier, .. } = before;
            if let Some(earlier) = earlier {
                return self.recognised(id, &order, &[], &earlier, stamp);
            }
            let mut known = Known { state, version };
            let decided = Prepared::decide(id, &mut known, order.clone(), vec![], stamp);
            let mut prepared = decided.map_err(ExecuteError::Refused)?;
            prepared.forgets.clone_from(&subjects);
            self.seal(&mut prepared, &mut HashMap::new()).await?;
            let outcome = self.inner.writers.write(self, prepared).await?;
            match outcome.kind {
                OutcomeKind::Recorded | OutcomeKind::Repeated => {
                    self.inner.erasing.notify_one();
                    return Ok(execute::receipt(stamp.organisation.into(), &outcome));
                }
                OutcomeKind::Reused => return Err(ExecuteError::Reused),
                OutcomeKind::Overtaken | OutcomeKind::Rekeyed | OutcomeKind::Forgotten => {}
            }
        }
        Err(ExecuteError::Overtaken)
    }

    /// Destroys what is ordered, now and whenever something is ordered, until the store stops.
    pub async fn keep_erasing(self) {
        let mut stopping = self.inner.stopping.subscribe();
        loop {
            if let Err(error) = self.erase_all().await {
                tracing::error!(
                    error = &error as &dyn std::error::Error,
                    "an erasure was not completed; it is tried again"
                );
            }
            tokio::select! {
                _ = stopping.wait_for(|stop| *stop) => return,
                () = self.inner.erasing.notified() => {}
                () = tokio::time::sleep(POLL) => {}
            }
        }
    }

    /// Completes every order that is not. Tells which.
    pub async fn erase_all(&self) -> Result<Vec<(Pending, Receipt)>, Failed> {
        let mut completed = Vec::new();
        for it in self.orders_pending().await? {
            if let Some(receipt) = self.erase(it, |_| true).await? {
                completed.push((it, receipt));
            }
        }
        Ok(completed)
    }

    /// Carries out one order. `goes_on` is asked after each step; who says no has it stop there, as a crash would. `None` when it did.
    pub async fn erase(
        &self,
        it: Pending,
        goes_on: impl Fn(Step) -> bool,
    ) -> Result<Option<Receipt>, Failed> {
        let Pending { organisation, erasure } = it;
        let known: Known<Erasure> = self.known(organisation, erasure).await?;
        let subjects = match known.state {
            Erasure::Ordered { subjects } => subjects,
            // Nobody ordered it, or only the list of what is to be done was not cleared.
            Erasure::Absent | Erasure::Completed => {
                log::no_longer_pending(&self.inner.privacy, organisation, erasure).await?;
                return Ok(None);
            }
        };
        if !goes_on(Step::Ordered) {
            return Ok(None);
        }
        let privacy = &self.inner.privacy;
        let keys = log::keys_of_forgotten(privacy, organisation, &subjects).await?;
        self.inner.key_store.destroy(&keys, erasure).await?;
        if !goes_on(Step::KeysDestroyed) {
            return Ok(None);
        }
        log::destroy_particulars(privacy, organisation, &subjects).await?;
        if !goes_on(Step::ParticularsDestroyed) {
            return Ok(None);
        }
        let left = self.left_of(organisation, &subjects).await?;
        let particulars = log::destroyed_of(privacy, organisation, &subjects).await?;
        if !goes_on(Step::Proven) {
            return Ok(None);
        }
        let (keys, particulars) = (keys.len() as u32, particulars as u32);
        let complete = Command::Complete { keys, particulars, left: left.total() };
        let receipt = self.complete(it, complete).await?;
        if !goes_on(Step::Completed) {
            return Ok(None);
        }
        log::no_longer_pending(privacy, organisation, erasure).await?;
        Ok(Some(receipt))
    }

    /// What there is of subjects, wherever something of them can be.
    pub async fn left_of(
        &self,
        organisation: Organisation,
        subjects: &[Uuid],
    ) -> Result<Left, Failed> {
        let privacy = &self.inner.privacy;
        let keys = log::keys_of_forgotten(privacy, organisation, subjects).await?;
        let keys = self.inner.key_store.left(&keys).await?;
        let rows = log::left_of(privacy, organisation, subjects).await?;
        Ok(Left { keys, numbers: rows.numbers, particulars: rows.particulars, cards: rows.cards })
    }

    /// The orders that are not completed, of all organisations.
    pub async fn orders_pending(&self) -> Result<Vec<Pending>, Failed> {
        let rows = log::pending(&self.inner.privacy).await?;
        let pending = rows.into_iter().filter_map(|(organisation, erasure)| {
            Some(Pending { organisation: organisation.parse().ok()?, erasure })
        });
        Ok(pending.collect())
    }

    /// Under a number that follows from the erasure: whoever does it a second time records nothing.
    async fn complete(&self, it: Pending, complete: Command) -> Result<Receipt, Failed> {
        let Pending { organisation, erasure } = it;
        let id = Id::<Erasure>::new(erasure);
        let (by, at) = self.ordered_by(it).await?;
        let key = Uuid::new_v5(&erasure, b"completed");
        let stamp = Stamp { organisation, by, at, today: at.date_naive(), key };
        match self.execute(id, complete, vec![], &stamp, None).await {
            Ok(receipt) => Ok(receipt),
            Err(ExecuteError::Failed(failed)) => Err(failed),
            Err(why) => {
                let what = format!("erasure {erasure} cannot be completed: {why}");
                Err(Failed::Corrupt { log: organisation.into(), position: 0, what })
            }
        }
    }

    /// Who ordered it, and when: it is completed in his name.
    async fn ordered_by(&self, it: Pending) -> Result<(Uuid, DateTime<Utc>), Failed> {
        let id = Id::<Erasure>::new(it.erasure);
        let events = self.events_since(it.organisation, id, Some(0)).await?;
        let first = events.first().ok_or(Failed::Stopping)?;
        Ok((first.recorded_by, first.recorded_at))
    }
}
