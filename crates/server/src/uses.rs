//! The number of a token (`jti`) stands for one token. Another that comes with the same number is refused; and a token of a machine counts once.
//!
//! A token is sent with every request of its holder, so seeing it again proves nothing. What was seen is in the database, for all
//! servers; a token that was seen here before needs no second question.

use aws_lc_rs::digest::{SHA256, digest};
use chrono::{DateTime, Utc};
use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use store::door::{Digest, Use};
use store::{Failed, Store};

/// How many tokens are remembered without asking the database.
const REMEMBERED: usize = 10_000;

/// A token with its number.
pub(crate) struct Presented {
    number: Digest,
    token: Digest,
    expires_at: DateTime<Utc>,
}

impl Presented {
    pub(crate) fn new(issuer: &str, number: &str, token: &str, expires_at: DateTime<Utc>) -> Self {
        Self { number: sha256(&[issuer, number]), token: sha256(&[token]), expires_at }
    }
}

/// SHA-256 of texts, each with its length before it.
pub(crate) fn sha256(parts: &[&str]) -> Digest {
    let mut all = Vec::new();
    for part in parts {
        all.extend((part.len() as u64).to_be_bytes());
        all.extend(part.as_bytes());
    }
    let mut out = [0; 32];
    out.copy_from_slice(digest(&SHA256, &all).as_ref());
    out
}

/// Which tokens this server saw itself.
#[derive(Default)]
pub(crate) struct Uses {
    seen: Mutex<HashMap<Digest, (Digest, DateTime<Utc>)>>,
}

impl Uses {
    /// Whether a token may be used: always the first time, and again when it does not count once.
    pub(crate) async fn may(
        &self,
        it: &Presented,
        once: bool,
        at: DateTime<Utc>,
        store: &Store,
    ) -> Result<bool, Failed> {
        if !once && let Some((token, _)) = self.seen().get(&it.number) {
            return Ok(*token == it.token);
        }
        let used = store.use_token(&it.number, &it.token, it.expires_at).await?;
        if used != Use::ByAnother && !once {
            self.remember(it, at);
        }
        Ok(match used {
            Use::First => true,
            Use::Again => !once,
            Use::ByAnother => false,
        })
    }

    fn remember(&self, it: &Presented, at: DateTime<Utc>) {
        let mut seen = self.seen();
        if seen.len() >= REMEMBERED {
            seen.retain(|_, (_, expires)| *expires > at);
        }
        if seen.len() >= REMEMBERED {
            seen.clear();
        }
        seen.insert(it.number, (it.token, it.expires_at));
    }

    fn seen(&self) -> MutexGuard<'_, HashMap<Digest, (Digest, DateTime<Utc>)>> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
