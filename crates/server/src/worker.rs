//! Who is asking: a bearer token from the identity provider of the organisation, and what is stamped from it.
//!
//! Claims: `sub`, `organisatie`, `rol` (one or several), `team` (the ids of none, one or several), `gebieden` (municipality codes of an
//! analyst), `iss`, `aud`, `exp`. Ed25519 or RS256; the algorithm comes from the key, never from the token.

use crate::clock::{Clock, dutch_date};
use crate::problem::Problem;
use axum::http::{HeaderMap, StatusCode, header};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use chrono::{DateTime, Utc};
use domain::access::{Asker, Role};
use domain::decider::Stamp;
use domain::id::Organisation;
use jsonwebtoken::jwk::{AlgorithmParameters, EllipticCurve, JwkSet};
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation};
use serde::{Deserialize, Serialize};
use std::collections::HashMap;
use std::fmt;
use std::path::Path;
use thiserror::Error;
use uuid::Uuid;

/// The key of the demo (PKCS #8, and its public part), known to everybody: a server takes it only when it is told that it is a demo.
const DEMO_PRIVATE: &str = "MC4CAQAwBQYDK2VwBCIEII77ruiYDDISsibp1kXYtG6vNnsG5MsUyhTFPTZumhyF";
const DEMO_PUBLIC: &str = "4iIgCf7-l4ZAruMHpJSTw_-48OJJKOMiT1nSfwMpeM4";
const DEMO_KEY_ID: &str = "demo";

/// Somebody who was recognised.
#[derive(Clone, Debug)]
pub struct Worker {
    pub id: Uuid,
    pub asker: Asker,
    pub at: DateTime<Utc>,
}

impl Worker {
    pub fn organisation(&self) -> Organisation {
        self.asker.organisation
    }

    /// What goes with a command of this worker.
    pub fn stamp(&self, key: Uuid) -> Stamp {
        let today = dutch_date(self.at);
        Stamp { organisation: self.asker.organisation, by: self.id, at: self.at, today, key }
    }
}

#[derive(Debug, Serialize, Deserialize)]
struct Claims {
    iss: String,
    aud: String,
    sub: String,
    exp: i64,
    organisatie: String,
    rol: OneOrSeveral,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    team: Option<OneOrSeveral>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    gebieden: Vec<String>,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(untagged)]
enum OneOrSeveral {
    One(String),
    Several(Vec<String>),
}

impl From<OneOrSeveral> for Vec<String> {
    fn from(it: OneOrSeveral) -> Self {
        match it {
            OneOrSeveral::One(one) => vec![one],
            OneOrSeveral::Several(several) => several,
        }
    }
}

/// Which tokens are taken.
#[derive(Clone)]
pub struct Recogniser {
    issuer: String,
    audience: String,
    keys: HashMap<String, (Algorithm, DecodingKey)>,
}

impl fmt::Debug for Recogniser {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Recogniser").field("issuer", &self.issuer).finish_non_exhaustive()
    }
}

/// A key file that cannot be used.
#[derive(Debug, Error)]
pub enum NoKeys {
    #[error("JWKS {0} is niet te lezen: {1}")]
    Unreadable(String, String),
    #[error("JWKS {0} heeft geen bruikbare sleutel (Ed25519 of RSA, met kid)")]
    Empty(String),
}

impl Recogniser {
    /// The recogniser of the demo, with the key that everybody knows.
    pub fn demo(issuer: &str, audience: &str) -> Self {
        let key = DecodingKey::from_ed_components(DEMO_PUBLIC).expect("the demo key is a key");
        let keys = HashMap::from([(DEMO_KEY_ID.to_owned(), (Algorithm::EdDSA, key))]);
        Self { issuer: issuer.to_owned(), audience: audience.to_owned(), keys }
    }

    /// The recogniser of an identity provider, by its JSON Web Key Set (RFC 7517) in a file.
    pub fn of_jwks(path: &Path, issuer: &str, audience: &str) -> Result<Self, NoKeys> {
        let name = path.display().to_string();
        let unreadable = |why: String| NoKeys::Unreadable(name.clone(), why);
        let text = std::fs::read_to_string(path).map_err(|error| unreadable(error.to_string()))?;
        let set: JwkSet =
            serde_json::from_str(&text).map_err(|error| unreadable(error.to_string()))?;
        let usable = set.keys.iter().filter_map(|jwk| {
            let algorithm = match &jwk.algorithm {
                AlgorithmParameters::OctetKeyPair(it) if it.curve == EllipticCurve::Ed25519 => {
                    Algorithm::EdDSA
                }
                AlgorithmParameters::RSA(_) => Algorithm::RS256,
                _ => return None,
            };
            let key = DecodingKey::from_jwk(jwk).ok()?;
            Some((jwk.common.key_id.clone()?, (algorithm, key)))
        });
        let keys: HashMap<_, _> = usable.collect();
        if keys.is_empty() {
            return Err(NoKeys::Empty(name));
        }
        Ok(Self { issuer: issuer.to_owned(), audience: audience.to_owned(), keys })
    }

    /// Recognises whoever sent these headers.
    pub fn recognise(&self, headers: &HeaderMap, clock: Clock) -> Result<Worker, Problem> {
        let token = headers
            .get(header::AUTHORIZATION)
            .and_then(|value| value.to_str().ok())
            .and_then(|value| value.strip_prefix("Bearer "))
            .ok_or_else(|| stranger("er is een token nodig (Authorization: Bearer ...)"))?;
        let unknown = |_| stranger("dit token is niet geldig");
        let head = jsonwebtoken::decode_header(token).map_err(unknown)?;
        let key_id = head.kid.unwrap_or_default();
        let (algorithm, key) = self
            .keys
            .get(&key_id)
            .ok_or_else(|| stranger("dit token is niet met een bekende sleutel ondertekend"))?;
        let mut validation = Validation::new(*algorithm);
        validation.set_issuer(&[&self.issuer]);
        validation.set_audience(&[&self.audience]);
        validation.set_required_spec_claims(&["exp", "iss", "aud", "sub"]);
        // The server has one clock; whether a token has expired is asked of that.
        validation.validate_exp = false;
        let claims: Claims = jsonwebtoken::decode(token, key, &validation).map_err(unknown)?.claims;
        let at = clock.now();
        if claims.exp <= at.timestamp() {
            return Err(stranger("dit token is verlopen"));
        }
        worker(claims, at)
            .ok_or_else(|| stranger("dit token noemt geen bekende rol en organisatie"))
    }
}

fn worker(claims: Claims, at: DateTime<Utc>) -> Option<Worker> {
    let names = Vec::from(claims.rol);
    let roles: Vec<Role> = names.iter().filter_map(|name| name.parse().ok()).collect();
    if roles.is_empty() {
        return None;
    }
    let id = known_as(&claims.sub);
    let teams = claims.team.map(Vec::from).unwrap_or_default();
    let teams = teams.iter().map(|team| known_as(team)).collect();
    let organisation = claims.organisatie.parse().ok()?;
    Some(Worker { id, asker: Asker { id, roles, organisation, teams, areas: claims.gebieden }, at })
}

/// Whatever the provider calls somebody, or a team, the log knows an id.
fn known_as(name: &str) -> Uuid {
    name.parse().unwrap_or_else(|_| Uuid::new_v5(&Uuid::NAMESPACE_OID, name.as_bytes()))
}

fn stranger(detail: &str) -> Problem {
    Problem::other(StatusCode::UNAUTHORIZED, "Niet herkend", detail)
}

/// A token of the demo, signed with the key that everybody knows: of the one worker that each role has there.
pub fn demo_token(
    role: Role,
    organisation: Organisation,
    areas: Vec<String>,
    issuer: &str,
    audience: &str,
    expires: DateTime<Utc>,
) -> String {
    let (id, roles, teams) = (demo_worker(role), vec![role], vec![]);
    let asker = Asker { id, roles, organisation, teams, areas };
    demo_token_of(&asker, issuer, audience, expires)
}

/// Who somebody with a role is in the demo.
pub fn demo_worker(role: Role) -> Uuid {
    known_as(role.name())
}

/// A token of the demo for anybody.
pub fn demo_token_of(
    asker: &Asker,
    issuer: &str,
    audience: &str,
    expires: DateTime<Utc>,
) -> String {
    let roles = asker.roles.iter().map(|role| role.name().to_owned()).collect();
    let teams: Vec<String> = asker.teams.iter().map(Uuid::to_string).collect();
    let claims = Claims {
        iss: issuer.to_owned(),
        aud: audience.to_owned(),
        sub: asker.id.to_string(),
        exp: expires.timestamp(),
        organisatie: asker.organisation.to_string(),
        rol: OneOrSeveral::Several(roles),
        team: (!teams.is_empty()).then_some(OneOrSeveral::Several(teams)),
        gebieden: asker.areas.clone(),
    };
    let head = Header { kid: Some(DEMO_KEY_ID.to_owned()), ..Header::new(Algorithm::EdDSA) };
    let key =
        EncodingKey::from_ed_der(&STANDARD.decode(DEMO_PRIVATE).expect("the demo key is a key"));
    jsonwebtoken::encode(&head, &claims, &key).expect("claims are JSON")
}
