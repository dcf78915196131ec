//! Who is asking: what the identity provider says of a worker or a machine, and what is stamped from it.
//!
//! Claims: `sub`, `organisatie`, `rol` (one or several), `team` (the ids of none, one or several), `gebieden` (municipality codes of an analyst),
//! `iss`, `aud`, `iat`, `exp`, `jti`, and of people `acr` or `amr`.

use crate::clock::{dutch_date, random_id};
use crate::keyring::KeySet;
use crate::recogniser::{Stranger, Timed, Times};
use crate::sight::Doing;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use chrono::{DateTime, Utc};
use domain::access::{Asker, Role};
use domain::decider::Stamp;
use domain::id::Organisation;
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header};
use serde::{Deserialize, Serialize};
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
    /// What he was let in for.
    pub doing: Doing,
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

/// What a token says.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Claims {
    pub(crate) iss: String,
    aud: Several,
    exp: i64,
    iat: i64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    nbf: Option<i64>,
    pub(crate) jti: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) acr: Option<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) amr: Vec<String>,
    /// Only an ID token has one, and that is no access token.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    nonce: Option<serde_json::Value>,
    #[serde(flatten)]
    pub(crate) person: Person,
}

/// Who somebody is for the register, in an access token and in an ID token alike.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Person {
    sub: String,
    organisatie: String,
    rol: Several,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    team: Option<Several>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    gebieden: Vec<String>,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(untagged)]
enum Several {
    One(String),
    All(Vec<String>),
}

impl From<Several> for Vec<String> {
    fn from(it: Several) -> Self {
        match it {
            Several::One(one) => vec![one],
            Several::All(all) => all,
        }
    }
}

impl Timed for Claims {
    fn times(&self) -> Times {
        Times { issued: self.iat, not_before: self.nbf, expires: self.exp }
    }
}

impl Claims {
    pub(crate) fn is_of_a_login(&self) -> bool {
        self.nonce.is_some()
    }

    pub(crate) fn expires(&self) -> Result<DateTime<Utc>, Stranger> {
        DateTime::from_timestamp(self.exp, 0).ok_or(Stranger::Invalid("no moment"))
    }
}

impl Person {
    pub(crate) fn worker(self, at: DateTime<Utc>) -> Option<Worker> {
        let names = Vec::from(self.rol);
        let roles: Vec<Role> = names.iter().filter_map(|name| name.parse().ok()).collect();
        if roles.is_empty() {
            return None;
        }
        let id = known_as(&self.sub);
        let teams = self.team.map(Vec::from).unwrap_or_default();
        let teams = teams.iter().map(|team| known_as(team)).collect();
        let organisation = self.organisatie.parse().ok()?;
        Some(Worker {
            id,
            asker: Asker { id, roles, organisation, teams, areas: self.gebieden },
            at,
            doing: Doing::default(),
        })
    }
}

/// Whatever the provider calls somebody, or a team, the log knows an id.
pub(crate) fn known_as(name: &str) -> Uuid {
    name.parse().unwrap_or_else(|_| Uuid::new_v5(&Uuid::NAMESPACE_OID, name.as_bytes()))
}

pub(crate) fn is_a_machine(role: Role) -> bool {
    match role {
        Role::Telephony | Role::Police => true,
        Role::Intake
        | Role::CaseWorker
        | Role::Manager
        | Role::Analyst
        | Role::Privacy
        | Role::Auditor
        | Role::Administrator => false,
    }
}

pub(crate) fn demo_key() -> KeySet {
    let key = DecodingKey::from_ed_components(DEMO_PUBLIC).expect("the demo key is a key");
    KeySet::of(DEMO_KEY_ID, Algorithm::EdDSA, key)
}

/// A token of the demo, signed with the key that everybody knows: of the one worker that each role has there.
pub fn demo_token(
    role: Role,
    organisation: Organisation,
    areas: Vec<String>,
    issuer: &str,
    audience: &str,
    issued: DateTime<Utc>,
    expires: DateTime<Utc>,
) -> String {
    let (id, roles, teams) = (demo_worker(role), vec![role], vec![]);
    let asker = Asker { id, roles, organisation, teams, areas };
    demo_token_of(&asker, issuer, audience, issued, expires)
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
    issued: DateTime<Utc>,
    expires: DateTime<Utc>,
) -> String {
    let roles = asker.roles.iter().map(|role| role.name().to_owned()).collect();
    let teams: Vec<String> = asker.teams.iter().map(Uuid::to_string).collect();
    let person = Person {
        sub: asker.id.to_string(),
        organisatie: asker.organisation.to_string(),
        rol: Several::All(roles),
        team: (!teams.is_empty()).then_some(Several::All(teams)),
        gebieden: asker.areas.clone(),
    };
    let claims = Claims {
        iss: issuer.to_owned(),
        aud: Several::One(audience.to_owned()),
        exp: expires.timestamp(),
        iat: issued.timestamp(),
        nbf: None,
        jti: random_id().to_string(),
        acr: None,
        amr: vec!["mfa".to_owned()],
        nonce: None,
        person,
    };
    let head = Header { kid: Some(DEMO_KEY_ID.to_owned()), ..Header::new(Algorithm::EdDSA) };
    let key =
        EncodingKey::from_ed_der(&STANDARD.decode(DEMO_PRIVATE).expect("the demo key is a key"));
    jsonwebtoken::encode(&head, &claims, &key).expect("claims are JSON")
}
