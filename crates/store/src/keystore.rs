//! The key store: where the keys of subjects stand, wrapped, in a database of its own. The register knows their numbers only, so that a copy
//! of it, however old, is read by nobody once a key is destroyed here.
//!
//! Whoever reads looks up the number of a key in the register first, and asks here for what is under it, many at a time.

mod blank;
mod kek;
mod rotate;

pub use rotate::{Rotated, Turn};

use crate::held::Held;
use crate::root::RootKey;
use crate::sealed::{DataKey, SealError};
use crate::{Failed, Store};
use blank::Blanks;
use kek::{Kek, Ring};
use sqlx::migrate::Migrator;
use sqlx::postgres::PgConnectOptions;
use std::collections::HashMap;
use std::sync::Arc;
use uuid::Uuid;

/// The schema of the key store.
pub static MIGRATOR: Migrator = sqlx::migrate!("../../migrations/keys");

pub(crate) struct KeyStore {
    connections: Held,
    root: Arc<dyn RootKey>,
    ring: Ring,
    blanks: Blanks,
}

/// What there is under the number of a key.
#[derive(Clone, Debug)]
pub(crate) enum Found {
    Key(DataKey),
    /// It was destroyed, on purpose.
    Destroyed,
    /// It is not there, or is not what was put there. Nobody ordered that.
    Broken,
}

impl Found {
    /// The key, of somebody of whom something is to be sealed or opened and for whom that is no matter of course.
    pub(crate) fn key(self) -> Result<Option<DataKey>, Failed> {
        match self {
            Self::Key(key) => Ok(Some(key)),
            Self::Destroyed => Ok(None),
            Self::Broken => Err(SealError::DoesNotFit.into()),
        }
    }
}

/// A key as it stands.
struct Row {
    key: Uuid,
    kek: i32,
    wrapped: Vec<u8>,
}

impl KeyStore {
    pub(crate) async fn open(
        options: PgConnectOptions,
        root: Arc<dyn RootKey>,
    ) -> Result<Arc<Self>, Failed> {
        let connections = Held::new(options, 8);
        let (ring, blanks) = (Ring::default(), Blanks::default());
        let store = Arc::new(Self { connections, root, ring, blanks });
        store.newest_kek().await?;
        Ok(store)
    }

    /// What there is under each of some numbers.
    pub(crate) async fn find(&self, numbers: &[Uuid]) -> Result<HashMap<Uuid, Found>, Failed> {
        let mut found: HashMap<Uuid, Found> = HashMap::with_capacity(numbers.len());
        if numbers.is_empty() {
            return Ok(found);
        }
        let mut left = numbers.to_vec();
        // Between reading what is wrapped and opening it the key above it may be retired: then it is read again, wrapped anew.
        for _ in 0..2 {
            for it in self.wrapped(&left).await? {
                if let Some(kek) = self.kek(it.kek).await? {
                    let opened = kek.unwrap(it.key, &it.wrapped);
                    found.insert(it.key, opened.map_or(Found::Broken, Found::Key));
                }
            }
            left.retain(|it| !found.contains_key(it));
            if left.is_empty() {
                return Ok(found);
            }
        }
        let destroyed = self.destroyed(&left).await?;
        found.extend(left.into_iter().map(|it| (it, Found::Broken)));
        found.extend(destroyed.into_iter().map(|it| (it, Found::Destroyed)));
        Ok(found)
    }

    async fn wrapped(&self, numbers: &[Uuid]) -> Result<Vec<Row>, Failed> {
        let mut on = self.connections.take().await?;
        let rows = sqlx::query_as!(
            Row,
            "select w.key, w.kek, w.wrapped from unnest($1::uuid[]) as t (id) cross join lateral
                 (select key, kek, wrapped from wrapped_key where key = t.id offset 0) w",
            numbers
        )
        .fetch_all(&mut *on)
        .await?;
        on.give_back();
        Ok(rows)
    }

    async fn destroyed(&self, numbers: &[Uuid]) -> Result<Vec<Uuid>, Failed> {
        let mut on = self.connections.take().await?;
        let rows = sqlx::query_scalar!(
            "select key from destroyed_key where key = any($1::uuid[])",
            numbers
        );
        let rows = rows.fetch_all(&mut *on).await?;
        on.give_back();
        Ok(rows)
    }

    /// Destroys keys; those that are gone already stay so.
    pub(crate) async fn destroy(&self, numbers: &[Uuid], erasure: Uuid) -> Result<(), Failed> {
        let mut on = self.connections.take().await?;
        sqlx::query!(
            "with told as (insert into destroyed_key (key, erasure) select t.key, $2 from unnest($1::uuid[]) as t (key)
                           on conflict do nothing)
             delete from wrapped_key where key = any($1::uuid[])",
            numbers,
            erasure
        )
        .execute(&mut *on)
        .await?;
        on.give_back();
        Ok(())
    }

    /// How many of some keys are still there.
    pub(crate) async fn left(&self, numbers: &[Uuid]) -> Result<i64, Failed> {
        let mut on = self.connections.take().await?;
        let left = sqlx::query_scalar!(
            r#"select count(*) as "left!" from wrapped_key where key = any($1::uuid[])"#,
            numbers
        );
        let left = left.fetch_one(&mut *on).await?;
        on.give_back();
        Ok(left)
    }
}

impl Store {
    /// Replaces the key above all keys of subjects, while everybody goes on. `goes_on` hears of every step; `None` when it said no.
    pub async fn rotate_keys(
        &self,
        goes_on: impl FnMut(Turn) -> bool,
    ) -> Result<Option<Rotated>, Failed> {
        self.inner.key_store.rotate(goes_on).await
    }
}
