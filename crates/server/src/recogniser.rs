//! Which bearer tokens are taken: JWTs (RFC 9068) of the identity provider of the organisation, for us, now, with a second factor for people.
//!
//! Whoever is refused learns that he is, and what an honest client needs to go on (RFC 6750, RFC 9470); which check failed is for our own log.

use crate::keyring::{Freshness, KeySet, Keyring, NoKey, PinnedKey, Place, Provider};
use crate::outside::Outside;
use crate::problem::Problem;
use crate::uses::{Presented, Uses};
use crate::worker::{Claims, Worker, demo_key, is_a_machine};
use axum::http::{HeaderMap, header};
use chrono::{DateTime, Duration, Utc};
use domain::access::Role;
use jsonwebtoken::{Algorithm, Header, Validation};
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::fmt;
use std::path::Path;
use store::{Failed, Store};
use thiserror::Error;

const LONGEST_TOKEN: usize = 16 * 1024;
/// How far the clock of the provider may be ahead of ours.
const AHEAD: i64 = 30;

/// What a token must say to be taken.
#[derive(Clone, Debug)]
pub struct Accepts {
    pub issuer: String,
    pub audience: String,
    pub second_factor: SecondFactor,
    /// The roles of machines of which a token counts once.
    pub once: Vec<Role>,
    /// How long a token is good at most, from when it was issued.
    pub longest: Duration,
}

impl Accepts {
    pub fn new(issuer: &str, audience: &str) -> Self {
        Self {
            issuer: issuer.to_owned(),
            audience: audience.to_owned(),
            second_factor: SecondFactor { acr: vec![], amr: vec!["mfa".to_owned()] },
            once: vec![Role::Telephony, Role::Police],
            longest: Duration::hours(24),
        }
    }
}

/// By which words of the provider a second factor is known (BIO2 5.17.01): one is enough.
#[derive(Clone, Debug, Default)]
pub struct SecondFactor {
    pub acr: Vec<String>,
    pub amr: Vec<String>,
}

impl SecondFactor {
    pub(crate) fn is_shown(&self, acr: Option<&str>, amr: &[String]) -> bool {
        acr.is_some_and(|it| self.acr.iter().any(|wanted| wanted == it))
            || amr.iter().any(|it| self.amr.contains(it))
    }
}

/// Why somebody was not recognised.
#[derive(Debug, Error)]
pub enum Stranger {
    #[error("er is een token nodig (Authorization: Bearer ...)")]
    NoToken,
    #[error("uw sessie is voorbij; meld u opnieuw aan")]
    NoSession,
    /// Which check failed, in our own words: for our log alone.
    #[error("dit token is niet geldig")]
    Invalid(&'static str),
    #[error("dit token is verlopen")]
    Expired,
    #[error("meld u aan met een tweede factor")]
    OneFactor,
    #[error("de aanmelddienst antwoordt niet; probeer het over een minuut opnieuw")]
    NobodyToAsk,
    #[error("whether a token was used is unknown")]
    Failed(#[from] Failed),
}

impl From<Stranger> for Problem {
    fn from(stranger: Stranger) -> Self {
        let told = stranger.to_string();
        let (reason, error) = match stranger {
            Stranger::NoToken => ("no token", None),
            Stranger::NoSession => ("no session", None),
            Stranger::Invalid(reason) => (reason, Some("invalid_token")),
            Stranger::Expired => ("expired", Some("invalid_token")),
            Stranger::OneFactor => ("one factor", Some("insufficient_user_authentication")),
            Stranger::NobodyToAsk => return Self::unavailable(told),
            Stranger::Failed(failed) => return failed.into(),
        };
        tracing::info!(reason, "somebody was not recognised");
        metrics::counter!("meldboek_not_recognised_total", "reason" => reason).increment(1);
        Self::Stranger(error, told)
    }
}

/// Recognises whoever shows a token.
pub struct Recogniser {
    accepts: Accepts,
    keys: Keyring,
    uses: Uses,
}

impl fmt::Debug for Recogniser {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Recogniser").field("accepts", &self.accepts).finish_non_exhaustive()
    }
}

/// A key file that cannot be used.
#[derive(Debug, Error)]
pub enum NoKeys {
    #[error("JWKS {0} is niet te lezen: {1}")]
    Unreadable(String, String),
    #[error(
        "JWKS {0} heeft geen bruikbare sleutel (Ed25519, P-256 of RSA vanaf 2048 bits, met kid)"
    )]
    Empty(String),
}

impl Recogniser {
    fn new(accepts: Accepts, keys: Keyring) -> Self {
        Self { accepts, keys, uses: Uses::default() }
    }

    /// The recogniser of the demo, with the key that everybody knows, whose tokens last long.
    pub fn demo(accepts: Accepts) -> Self {
        let accepts = Accepts { longest: Duration::days(366), ..accepts };
        Self::new(accepts, Keyring::Fixed(demo_key()))
    }

    /// The recogniser of an identity provider, by its JSON Web Key Set (RFC 7517) in a file.
    pub fn of_jwks(path: &Path, accepts: Accepts) -> Result<Self, NoKeys> {
        let name = path.display().to_string();
        let unreadable = |why: String| NoKeys::Unreadable(name.clone(), why);
        let text = std::fs::read(path).map_err(|error| unreadable(error.to_string()))?;
        let keys = KeySet::read(&text).map_err(|error| unreadable(error.to_string()))?;
        if keys.is_empty() {
            return Err(NoKeys::Empty(name));
        }
        Ok(Self::new(accepts, Keyring::Fixed(keys)))
    }

    /// The recogniser of an identity provider that shows its keys itself.
    pub fn of_provider(
        outside: Outside,
        place: Place,
        freshness: Freshness,
        accepts: Accepts,
    ) -> Self {
        let provider = Provider::new(outside, place, freshness);
        Self::new(accepts, Keyring::Provider(provider.into()))
    }

    /// Recognises whoever sent these headers with a bearer token.
    pub async fn recognise(
        &self,
        headers: &HeaderMap,
        at: DateTime<Utc>,
        store: &Store,
    ) -> Result<Worker, Stranger> {
        let token = bearer(headers)?;
        let claims: Claims = self.verified(token, &self.accepts.audience, at).await?;
        if claims.is_of_a_login() {
            return Err(Stranger::Invalid("an id token"));
        }
        let presented = Presented::new(&claims.iss, number(&claims)?, token, claims.expires()?);
        let (acr, amr) = (claims.acr.clone(), claims.amr.clone());
        let worker =
            claims.person.worker(at).ok_or(Stranger::Invalid("no role or organisation"))?;
        let roles = &worker.asker.roles;
        let human = roles.iter().any(|it| !is_a_machine(*it));
        if human && !self.accepts.second_factor.is_shown(acr.as_deref(), &amr) {
            return Err(Stranger::OneFactor);
        }
        let once = roles.iter().any(|it| self.accepts.once.contains(it));
        if !self.uses.may(&presented, once, at, store).await? {
            return Err(Stranger::Invalid("a number that was used"));
        }
        Ok(worker)
    }

    /// The claims of a token, when the provider signed it for this audience and it is good now.
    pub(crate) async fn verified<C: DeserializeOwned + Timed>(
        &self,
        token: &str,
        audience: &str,
        at: DateTime<Utc>,
    ) -> Result<C, Stranger> {
        let invalid = Stranger::Invalid;
        let head = jsonwebtoken::decode_header(token).map_err(|_| invalid("no header"))?;
        if !is_a_plain_token(&head) {
            return Err(invalid("another kind of token"));
        }
        let kid = head.kid.unwrap_or_default();
        let PinnedKey { algorithm, key } =
            self.keys.find(&kid, at).await.map_err(|why| match why {
                NoKey::Unknown => Stranger::Invalid("an unknown key"),
                NoKey::Unreachable => Stranger::NobodyToAsk,
            })?;
        let validation = self.validation(algorithm, audience);
        let read = jsonwebtoken::decode::<C>(token, &key, &validation);
        let claims = read.map_err(|_| invalid("signature, issuer, audience or form"))?.claims;
        claims.times().hold(at, self.accepts.longest)?;
        Ok(claims)
    }

    fn validation(&self, algorithm: Algorithm, audience: &str) -> Validation {
        let mut validation = Validation::new(algorithm);
        validation.set_issuer(&[&self.accepts.issuer]);
        validation.set_audience(&[audience]);
        validation.set_required_spec_claims(&["exp", "iss", "aud", "sub"]);
        // The server has one clock; whether a token is good now is asked of that.
        validation.validate_exp = false;
        validation.validate_nbf = false;
        validation
    }
}

/// The one bearer token of a request.
fn bearer(headers: &HeaderMap) -> Result<&str, Stranger> {
    let mut all = headers.get_all(header::AUTHORIZATION).iter();
    let (Some(one), None) = (all.next(), all.next()) else { return Err(Stranger::NoToken) };
    let one = one.to_str().map_err(|_| Stranger::NoToken)?;
    let (scheme, token) = one.split_once(' ').ok_or(Stranger::NoToken)?;
    if !scheme.eq_ignore_ascii_case("bearer") {
        return Err(Stranger::NoToken);
    }
    if token.len() > LONGEST_TOKEN {
        return Err(Stranger::Invalid("too long"));
    }
    Ok(token)
}

/// Whether a header is one of a token as we know it: nothing in it that has to be understood (RFC 7515, 4.1.11), no other kind.
fn is_a_plain_token(head: &Header) -> bool {
    let kind = head.typ.as_deref().map(str::to_ascii_lowercase);
    let known =
        kind.as_deref().is_none_or(|it| ["jwt", "at+jwt", "application/at+jwt"].contains(&it));
    known && head.crit.is_none()
}

/// The number of a token, when nobody could have guessed it: at least 128 bits, as far as its form can tell (NLgov OAuth).
fn number(claims: &Claims) -> Result<&str, Stranger> {
    let it = claims.jti.as_str();
    // A UUID is written in sixteens, with hyphens between; everything else, at its best, in sixty-fours.
    let digits = it.bytes().filter(u8::is_ascii_hexdigit).count();
    let hex = it.bytes().all(|it| it.is_ascii_hexdigit() || it == b'-');
    let bits = if hex { digits * 4 } else { it.len() * 6 };
    let right = bits >= 128 && it.len() <= 256 && it.is_ascii();
    if right { Ok(it) } else { Err(Stranger::Invalid("no number of 128 bits")) }
}

/// When a token is good, in seconds since 1970.
#[derive(Clone, Copy, Debug, Serialize)]
pub(crate) struct Times {
    pub(crate) issued: i64,
    pub(crate) not_before: Option<i64>,
    pub(crate) expires: i64,
}

/// Claims that say when they hold.
pub(crate) trait Timed {
    fn times(&self) -> Times;
}

impl Times {
    fn hold(self, at: DateTime<Utc>, longest: Duration) -> Result<(), Stranger> {
        let now = at.timestamp();
        if self.expires <= now {
            return Err(Stranger::Expired);
        }
        if self.issued > now + AHEAD || self.not_before.is_some_and(|it| it > now + AHEAD) {
            return Err(Stranger::Invalid("not yet good"));
        }
        if self.expires.saturating_sub(self.issued) > longest.num_seconds() {
            return Err(Stranger::Invalid("good for too long"));
        }
        Ok(())
    }
}
