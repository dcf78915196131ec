//! Another key-encryption key, while everybody goes on: a new one is made, every key is wrapped anew under it, the old ones are retired. Each step
//! is durable by itself; who is cut off begins again and goes on where he was. Whoever reads or makes keys meanwhile finds the new one by itself.

use super::{KeyStore, Row};
use crate::Failed;
use crate::sealed::SealError;
use sqlx::Connection;
use std::time::{Duration, Instant};
use uuid::Uuid;

/// How many keys are wrapped anew at a time.
const BATCH: i64 = 500;
/// Nobody waits for this, and many wait for the database: between two batches it rests so many times as long as one took.
const REST: u32 = 5;

/// How far it has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Turn {
    /// The new key-encryption key is there.
    Made,
    /// So many keys are wrapped under it.
    Wrapped(u64),
    /// The old ones are retired.
    Retired,
}

/// What became of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rotated {
    /// The number of the key-encryption key that is now the only one.
    pub number: i32,
    pub keys: u64,
    /// An earlier rotation was cut off; it is completed, and no other was begun.
    pub resumed: bool,
}

impl KeyStore {
    /// Wraps all keys under another key-encryption key. `goes_on` hears of every step; who says no has it stop there, as a crash would.
    pub(crate) async fn rotate(
        &self,
        mut goes_on: impl FnMut(Turn) -> bool,
    ) -> Result<Option<Rotated>, Failed> {
        let newest = self.newest_kek().await?.number;
        let resumed = self.open_keks().await? > 1;
        let number = if resumed { newest } else { newest + 1 };
        if !resumed {
            self.make_kek(number).await?;
        }
        let mut rotated = Rotated { number, keys: 0, resumed };
        if !goes_on(Turn::Made) {
            return Ok(None);
        }
        loop {
            let mut after = (0, Uuid::nil());
            loop {
                let began = Instant::now();
                let rows = self.wrapped_under_others(number, after).await?;
                let Some(last) = rows.last() else { break };
                after = (last.kek, last.key);
                rotated.keys += self.wrap_anew(number, &rows).await?;
                if !goes_on(Turn::Wrapped(rotated.keys)) {
                    return Ok(None);
                }
                rest(began).await;
            }
            // What was put in meanwhile, by who did not know yet, is wrapped in a next round.
            if self.retire_before(number).await? {
                break;
            }
        }
        let done = goes_on(Turn::Retired);
        Ok(done.then_some(rotated))
    }

    async fn open_keks(&self) -> Result<i64, Failed> {
        let mut on = self.connections.take().await?;
        let open = sqlx::query_scalar!(
            r#"select count(*) as "open!" from key_encryption_key where retired_at is null"#
        );
        let open = open.fetch_one(&mut *on).await?;
        on.give_back();
        Ok(open)
    }

    async fn wrapped_under_others(
        &self,
        number: i32,
        (kek, key): (i32, Uuid),
    ) -> Result<Vec<Row>, Failed> {
        let mut on = self.connections.take().await?;
        let rows = sqlx::query_as!(
            Row,
            "select key, kek, wrapped from wrapped_key where kek < $1 and (kek, key) > ($2, $3) order by kek, key limit $4",
            number,
            kek,
            key,
            BATCH
        );
        let rows = rows.fetch_all(&mut *on).await?;
        on.give_back();
        Ok(rows)
    }

    /// One that was destroyed meanwhile stays so: only what is still as it was read is replaced.
    async fn wrap_anew(&self, number: i32, rows: &[Row]) -> Result<u64, Failed> {
        let new = self.kek(number).await?.ok_or(SealError::DoesNotFit)?;
        let (mut keys, mut keks, mut wrapped) = (vec![], vec![], vec![]);
        for row in rows {
            let Some(old) = self.kek(row.kek).await? else { continue };
            let bytes = old.unwrap_bytes(row.key, &row.wrapped)?;
            wrapped.push(new.wrap(row.key, &bytes)?);
            keys.push(row.key);
            keks.push(row.kek);
        }
        let mut on = self.connections.take().await?;
        let done = sqlx::query!(
            "update wrapped_key w set kek = $1, wrapped = t.wrapped
             from unnest($2::uuid[], $3::int[], $4::bytea[]) as t (key, kek, wrapped) where w.key = t.key and w.kek = t.kek",
            number,
            &keys,
            &keks,
            &wrapped
        )
        .execute(&mut *on)
        .await?;
        on.give_back();
        Ok(done.rows_affected())
    }

    /// Retires the key-encryption keys before a number, when nothing is wrapped under them any more. Two statements: the second has to see what
    /// was put in while the first waited.
    async fn retire_before(&self, number: i32) -> Result<bool, Failed> {
        let mut on = self.connections.take().await?;
        let mut tx = on.begin().await?;
        sqlx::query!(
            "select number from key_encryption_key where number < $1 and retired_at is null for update",
            number
        )
        .fetch_all(&mut *tx)
        .await?;
        sqlx::query!(
            "update key_encryption_key k set sealed = null, retired_at = now()
             where number < $1 and retired_at is null and not exists (select from wrapped_key where kek = k.number)",
            number
        )
        .execute(&mut *tx)
        .await?;
        let left = sqlx::query_scalar!(
            r#"select count(*) as "left!" from key_encryption_key where number < $1 and retired_at is null"#,
            number
        );
        let left = left.fetch_one(&mut *tx).await?;
        tx.commit().await?;
        on.give_back();
        Ok(left == 0)
    }
}

async fn rest(since: Instant) {
    let took: Duration = since.elapsed();
    tokio::time::sleep(took * REST).await;
}
