//! The key-encryption keys: each has a number, is sealed by the root key, and wraps keys of subjects. Several can be open at a time.

use super::KeyStore;
use crate::Failed;
use crate::sealed::{self, DataKey, SealError, SecretKey};
use aws_lc_rs::aead::LessSafeKey;
use secrecy::ExposeSecret;
use std::collections::BTreeMap;
use std::sync::{Arc, PoisonError, RwLock};
use uuid::Uuid;

/// A key-encryption key, open.
#[derive(Clone)]
pub(super) struct Kek {
    pub(super) number: i32,
    open: Arc<LessSafeKey>,
}

/// Those that are open.
#[derive(Default)]
pub(super) struct Ring(RwLock<BTreeMap<i32, Kek>>);

struct SealedKek {
    number: i32,
    sealed: Vec<u8>,
}

impl Kek {
    /// Bound to the number of the key, so that no two can change places.
    pub(super) fn wrap(&self, key: Uuid, bytes: &SecretKey) -> Result<Vec<u8>, SealError> {
        sealed::seal(&self.open, &self.place(key), bytes.expose_secret())
    }

    pub(super) fn unwrap_bytes(&self, key: Uuid, wrapped: &[u8]) -> Result<SecretKey, SealError> {
        sealed::secret_key(&sealed::open(&self.open, &self.place(key), wrapped)?)
    }

    pub(super) fn unwrap(&self, key: Uuid, wrapped: &[u8]) -> Result<DataKey, SealError> {
        DataKey::of(key, &self.unwrap_bytes(key, wrapped)?)
    }

    fn place(&self, key: Uuid) -> Vec<u8> {
        format!("key {key} under {}", self.number).into_bytes()
    }
}

/// Where a key-encryption key belongs.
fn place(number: i32) -> Vec<u8> {
    format!("key-encryption key {number}").into_bytes()
}

impl Ring {
    fn get(&self, number: i32) -> Option<Kek> {
        self.0.read().unwrap_or_else(PoisonError::into_inner).get(&number).cloned()
    }

    fn newest(&self) -> Option<Kek> {
        let ring = self.0.read().unwrap_or_else(PoisonError::into_inner);
        ring.last_key_value().map(|(_, it)| it.clone())
    }

    fn replace(&self, with: BTreeMap<i32, Kek>) {
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = with;
    }
}

impl KeyStore {
    /// The key-encryption key of a number; `None` when it was retired. One that is not known yet was made elsewhere, and is read.
    pub(super) async fn kek(&self, number: i32) -> Result<Option<Kek>, Failed> {
        if let Some(it) = self.ring.get(number) {
            return Ok(Some(it));
        }
        self.read_ring().await?;
        Ok(self.ring.get(number))
    }

    /// Under which new keys are wrapped. The first of a key store is made here.
    pub(super) async fn newest_kek(&self) -> Result<Kek, Failed> {
        self.read_ring().await?;
        if let Some(it) = self.ring.newest() {
            return Ok(it);
        }
        self.make_kek(1).await?;
        self.read_ring().await?;
        self.ring.newest().ok_or_else(|| SealError::OtherRoot.into())
    }

    /// Makes the key-encryption key of a number, unless somebody did.
    pub(super) async fn make_kek(&self, number: i32) -> Result<(), Failed> {
        let sealed = self.root.seal(&place(number), &sealed::random_key()?)?;
        let mut on = self.connections.take().await?;
        sqlx::query!(
            "insert into key_encryption_key (number, sealed) values ($1, $2) on conflict do nothing",
            number,
            sealed
        )
        .execute(&mut *on)
        .await?;
        on.give_back();
        Ok(())
    }

    /// Reads which there are now, and opens those that are new here.
    async fn read_ring(&self) -> Result<(), Failed> {
        let mut on = self.connections.take().await?;
        let rows = sqlx::query_as!(
            SealedKek,
            r#"select number, sealed as "sealed!" from key_encryption_key where sealed is not null order by number"#
        );
        let rows = rows.fetch_all(&mut *on).await?;
        on.give_back();
        let mut ring = BTreeMap::new();
        for SealedKek { number, sealed } in rows {
            let kek = match self.ring.get(number) {
                Some(it) => it,
                None => self.opened(number, &sealed)?,
            };
            ring.insert(number, kek);
        }
        self.ring.replace(ring);
        Ok(())
    }

    fn opened(&self, number: i32, sealed: &[u8]) -> Result<Kek, SealError> {
        let bytes = self.root.open(&place(number), sealed);
        let bytes = bytes.map_err(|why| match why {
            SealError::DoesNotFit => SealError::OtherRoot,
            other => other,
        })?;
        Ok(Kek { number, open: Arc::new(sealed::sealing_key(&bytes)?) })
    }
}
