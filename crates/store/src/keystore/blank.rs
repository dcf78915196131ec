//! Blank keys: made, wrapped and on disk ahead of need, so that whoever records a new person waits for one disk, not for two. They belong to
//! the process that made them, which hands out each once; what is left when it ends is never used, and opens nothing.

use super::{Kek, KeyStore};
use crate::Failed;
use crate::sealed::{self, DataKey};
use std::sync::{Arc, Mutex, PoisonError};
use uuid::Uuid;

/// How many are made at a time: few at first, more for whoever goes on using them.
const FEWEST: usize = 64;
const MOST: usize = 4096;

pub(super) struct Blanks {
    ready: Mutex<Vec<DataKey>>,
    /// How many the next time; whoever holds it is making some.
    making: tokio::sync::Mutex<usize>,
}

impl Default for Blanks {
    fn default() -> Self {
        Self { ready: Mutex::default(), making: tokio::sync::Mutex::new(FEWEST) }
    }
}

impl Blanks {
    /// Takes so many, if there are, and says how many are left.
    fn take(&self, many: usize) -> Option<(Vec<DataKey>, usize)> {
        let mut ready = self.ready.lock().unwrap_or_else(PoisonError::into_inner);
        let left = ready.len().checked_sub(many)?;
        Some((ready.split_off(left), left))
    }
}

impl KeyStore {
    /// Keys that were never used, for subjects that have none.
    pub(crate) async fn blanks(self: &Arc<Self>, many: usize) -> Result<Vec<DataKey>, Failed> {
        if many == 0 {
            return Ok(vec![]);
        }
        loop {
            if let Some((taken, left)) = self.blanks.take(many) {
                self.make_ahead(left);
                return Ok(taken);
            }
            let mut size = self.blanks.making.lock().await;
            // Somebody else may have made some while we waited for our turn.
            if self.blanks.take(0).is_some_and(|(_, left)| left < many) {
                self.make(&mut size, many).await?;
            }
        }
    }

    /// Makes more before there are none; nobody waits for it.
    fn make_ahead(self: &Arc<Self>, left: usize) {
        let Ok(size) = self.blanks.making.try_lock() else { return };
        if left > *size / 4 {
            return;
        }
        drop(size);
        let store = Arc::clone(self);
        tokio::spawn(async move {
            let mut size = store.blanks.making.lock().await;
            if store.blanks.take(0).is_some_and(|(_, left)| left > *size / 4) {
                return;
            }
            if let Err(error) = store.make(&mut size, 0).await {
                // Whoever needs one tries again, and is told.
                tracing::warn!(error = &error as &dyn std::error::Error, "no keys were made ahead");
            }
        });
    }

    async fn make(&self, size: &mut usize, at_least: usize) -> Result<(), Failed> {
        loop {
            let kek = self.newest_kek().await?;
            let made = new_keys(&kek, (*size).max(at_least))?;
            if self.put_in(&kek, &made.numbers, &made.wrapped).await? {
                let mut ready = self.blanks.ready.lock().unwrap_or_else(PoisonError::into_inner);
                ready.extend(made.open);
                *size = (*size * 2).min(MOST);
                return Ok(());
            }
            // The key above them was retired meanwhile.
        }
    }

    /// In one statement, so that a key-encryption key under which something is put in cannot be retired at that moment.
    async fn put_in(
        &self,
        kek: &Kek,
        numbers: &[Uuid],
        wrapped: &[Vec<u8>],
    ) -> Result<bool, Failed> {
        let mut on = self.connections.take().await?;
        let put = sqlx::query!(
            "with kek as (select number from key_encryption_key where number = $1 and retired_at is null for share)
             insert into wrapped_key (key, kek, wrapped)
             select t.key, kek.number, t.wrapped from kek cross join unnest($2::uuid[], $3::bytea[]) as t (key, wrapped)",
            kek.number,
            numbers,
            wrapped
        )
        .execute(&mut *on)
        .await?;
        on.give_back();
        Ok(put.rows_affected() == numbers.len() as u64)
    }
}

#[derive(Default)]
struct Made {
    numbers: Vec<Uuid>,
    wrapped: Vec<Vec<u8>>,
    open: Vec<DataKey>,
}

fn new_keys(kek: &Kek, many: usize) -> Result<Made, Failed> {
    let mut made = Made::default();
    for number in sealed::numbers(many)? {
        let bytes = sealed::random_key()?;
        made.wrapped.push(kek.wrap(number, &bytes)?);
        made.open.push(DataKey::of(number, &bytes)?);
        made.numbers.push(number);
    }
    Ok(made)
}
