//! The public keys of the identity provider: from a file, or from the provider itself (found by OpenID Connect Discovery), which may change them
//! at any moment. A key that the provider no longer shows is no longer taken; a provider that does not answer throws out nobody who is known.

use crate::outside::{NoAnswer, Outside};
use chrono::{DateTime, Duration, Utc};
use jsonwebtoken::jwk::{
    AlgorithmParameters, EllipticCurve, Jwk, KeyAlgorithm, KeyOperations, PublicKeyUse,
};
use jsonwebtoken::{Algorithm, DecodingKey};
use serde::Deserialize;
use serde_json::Value;
use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};

/// A key, and the one algorithm for which it is: what a token says about that is not believed.
#[derive(Clone)]
pub(crate) struct PinnedKey {
    pub(crate) algorithm: Algorithm,
    pub(crate) key: DecodingKey,
}

/// A JSON Web Key Set (RFC 7517), as far as we can use it.
#[derive(Clone, Default)]
pub(crate) struct KeySet(HashMap<String, PinnedKey>);

/// RSA below 2048 bits is not taken.
const SHORTEST_MODULUS: usize = 2048 / 8;

impl KeySet {
    pub(crate) fn of(kid: &str, algorithm: Algorithm, key: DecodingKey) -> Self {
        Self(HashMap::from([(kid.to_owned(), PinnedKey { algorithm, key })]))
    }

    /// Reads a set. One key that we do not know the kind of does not spoil the others; of two with one name the first counts.
    pub(crate) fn read(text: &[u8]) -> Result<Self, serde_json::Error> {
        #[derive(Deserialize)]
        struct Set {
            keys: Vec<Value>,
        }
        let set: Set = serde_json::from_slice(text)?;
        let mut keys = HashMap::new();
        for jwk in set.keys {
            let Ok(jwk) = serde_json::from_value::<Jwk>(jwk) else { continue };
            let (Some(kid), Some(algorithm)) = (&jwk.common.key_id, algorithm(&jwk)) else {
                continue;
            };
            if let Ok(key) = DecodingKey::from_jwk(&jwk) {
                keys.entry(kid.clone()).or_insert(PinnedKey { algorithm, key });
            }
        }
        Ok(Self(keys))
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// The algorithm for which a key is, when it is there to check signatures with.
fn algorithm(jwk: &Jwk) -> Option<Algorithm> {
    let common = &jwk.common;
    let signs = common.public_key_use.as_ref().is_none_or(|it| *it == PublicKeyUse::Signature);
    let verifies =
        common.key_operations.as_ref().is_none_or(|it| it.contains(&KeyOperations::Verify));
    if !signs || !verifies {
        return None;
    }
    let said = common.key_algorithm;
    match &jwk.algorithm {
        AlgorithmParameters::OctetKeyPair(it) if it.curve == EllipticCurve::Ed25519 => {
            (said.is_none() || said == Some(KeyAlgorithm::EdDSA)).then_some(Algorithm::EdDSA)
        }
        AlgorithmParameters::RSA(it) if long_enough(&it.n) => match said {
            None | Some(KeyAlgorithm::RS256) => Some(Algorithm::RS256),
            Some(KeyAlgorithm::PS256) => Some(Algorithm::PS256),
            Some(_) => None,
        },
        AlgorithmParameters::EllipticCurve(it) if it.curve == EllipticCurve::P256 => {
            (said.is_none() || said == Some(KeyAlgorithm::ES256)).then_some(Algorithm::ES256)
        }
        _ => None,
    }
}

fn long_enough(modulus: &str) -> bool {
    use base64::Engine;
    let bytes = base64::engine::general_purpose::URL_SAFE_NO_PAD.decode(modulus);
    bytes.is_ok_and(|it| it.iter().skip_while(|byte| **byte == 0).count() >= SHORTEST_MODULUS)
}

/// Where keys are found.
pub(crate) enum Keyring {
    Fixed(KeySet),
    Provider(Arc<Provider>),
}

/// No key: there is none by this name, or nobody could be asked.
pub(crate) enum NoKey {
    Unknown,
    Unreachable,
}

impl Keyring {
    pub(crate) async fn find(&self, kid: &str, at: DateTime<Utc>) -> Result<PinnedKey, NoKey> {
        match self {
            Self::Fixed(set) => set.0.get(kid).cloned().ok_or(NoKey::Unknown),
            Self::Provider(provider) => provider.find(kid, at).await,
        }
    }
}

/// How long keys are good without asking again, and how long to wait between two questions about a key that is unknown.
#[derive(Clone, Copy, Debug)]
pub struct Freshness {
    pub keys: Duration,
    pub pause: Duration,
}

impl Default for Freshness {
    fn default() -> Self {
        Self { keys: Duration::minutes(5), pause: Duration::seconds(30) }
    }
}

/// Where the provider shows its keys.
#[derive(Clone, Debug)]
pub enum Place {
    /// Its discovery document says so (OpenID Connect Discovery 1.0).
    Discovery { issuer: String },
    /// Here.
    Jwks(String),
}

/// A provider that is asked for its keys.
pub(crate) struct Provider {
    outside: Outside,
    place: Place,
    freshness: Freshness,
    held: RwLock<Held>,
    /// One question at a time: whoever wants the same waits for its answer.
    turn: Arc<tokio::sync::Mutex<()>>,
}

#[derive(Clone, Default)]
struct Held {
    keys: Arc<KeySet>,
    fetched: Option<DateTime<Utc>>,
    tried: Option<DateTime<Utc>>,
}

impl Provider {
    pub(crate) fn new(outside: Outside, place: Place, freshness: Freshness) -> Self {
        Self { outside, place, freshness, held: RwLock::default(), turn: Arc::default() }
    }

    async fn find(self: &Arc<Self>, kid: &str, at: DateTime<Utc>) -> Result<PinnedKey, NoKey> {
        let held = self.held();
        let known = held.keys.0.get(kid);
        let fresh = held.fetched.is_some_and(|it| within(it, self.freshness.keys, at));
        if let (Some(key), true) = (known, fresh) {
            return Ok(key.clone());
        }
        self.refresh(held.tried, at).await;
        let held = self.held();
        match held.keys.0.get(kid) {
            Some(key) => Ok(key.clone()),
            None if held.fetched.is_none() => Err(NoKey::Unreachable),
            None => Err(NoKey::Unknown),
        }
    }

    /// Asks for the keys anew, unless that was done a moment ago, or by somebody else since `tried`.
    async fn refresh(self: &Arc<Self>, tried: Option<DateTime<Utc>>, at: DateTime<Utc>) {
        if tried.is_some_and(|it| within(it, self.freshness.pause, at)) {
            return;
        }
        let turn = self.turn.clone().lock_owned().await;
        if self.held().tried != tried {
            return;
        }
        let provider = self.clone();
        // Whoever asked may go away; the answer is for all.
        let asked = tokio::spawn(async move {
            let fetched = provider.fetch().await;
            provider.take(fetched, at);
            drop(turn);
        });
        let _told_to_the_log = asked.await;
    }

    fn take(&self, fetched: Result<KeySet, NoAnswer>, at: DateTime<Utc>) {
        let mut held = self.held.write().unwrap_or_else(PoisonError::into_inner);
        held.tried = Some(at);
        match fetched {
            Ok(keys) => {
                tracing::info!(keys = keys.0.len(), "the keys of the identity provider were read");
                held.keys = Arc::new(keys);
                held.fetched = Some(at);
            }
            Err(error) => tracing::warn!(
                error = &error as &dyn std::error::Error,
                "the identity provider did not show its keys; those of before stay"
            ),
        }
    }

    async fn fetch(&self) -> Result<KeySet, NoAnswer> {
        let address = match &self.place {
            Place::Jwks(address) => address.clone(),
            Place::Discovery { issuer } => discover(&self.outside, issuer).await?.jwks_uri,
        };
        let text = self.outside.get(&address).await?;
        let keys = KeySet::read(&text).map_err(|why| NoAnswer::Unreadable(why.to_string()))?;
        if keys.is_empty() {
            return Err(NoAnswer::Unreadable("no usable key".to_owned()));
        }
        Ok(keys)
    }

    fn held(&self) -> Held {
        self.held.read().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

/// What a provider tells about itself.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Discovered {
    issuer: String,
    pub(crate) jwks_uri: String,
    #[serde(default)]
    pub(crate) authorization_endpoint: String,
    #[serde(default)]
    pub(crate) token_endpoint: String,
    pub(crate) end_session_endpoint: Option<String>,
    /// Whether it says with every answer whose it is (RFC 9207).
    #[serde(default, rename = "authorization_response_iss_parameter_supported")]
    pub(crate) names_itself: bool,
}

/// Reads the discovery document of an issuer. It must be of that issuer, to the letter.
pub(crate) async fn discover(outside: &Outside, issuer: &str) -> Result<Discovered, NoAnswer> {
    let address = format!("{}/.well-known/openid-configuration", issuer.trim_end_matches('/'));
    let text = outside.get(&address).await?;
    let found: Discovered =
        serde_json::from_slice(&text).map_err(|why| NoAnswer::Unreadable(why.to_string()))?;
    if found.issuer != issuer {
        return Err(NoAnswer::Unreadable("it is about another issuer".to_owned()));
    }
    Ok(found)
}

/// Whether a moment lies less than this before now. One that lies after now does not: a clock was set back.
fn within(moment: DateTime<Utc>, span: Duration, now: DateTime<Utc>) -> bool {
    moment <= now && now - moment < span
}
