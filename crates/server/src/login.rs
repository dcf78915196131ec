//! Logging in with OpenID Connect: authorization code with PKCE (S256), for the pages of the register (NLgov OpenID Connect).
//!
//! A login under way is one secret that only the browser has, in a cookie. From it follow state, nonce and code verifier, so that what is
//! in the database opens nothing; the row there lets each login end once.

use crate::client::{Proof, encoded};
use crate::keyring::{Discovered, discover};
use crate::outside::{NoAnswer, Outside};
use crate::recogniser::{Recogniser, SecondFactor, Stranger, Timed, Times};
use crate::session::Lasting;
use crate::uses::sha256;
use crate::worker::{Person, Worker, is_a_machine};
use aws_lc_rs::constant_time::verify_slices_are_equal;
use aws_lc_rs::digest::{SHA256, digest};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, Duration, Utc};
use serde::Deserialize;
use std::fmt;
use store::Failed;
use store::door::Digest;
use thiserror::Error;
use zeroize::Zeroizing;

/// How long somebody may take to log in.
pub(crate) const PATIENCE: Duration = Duration::minutes(10);

/// The register as a client of the identity provider.
pub struct Login {
    pub(crate) outside: Outside,
    pub(crate) issuer: String,
    pub(crate) client: String,
    pub(crate) proof: Proof,
    /// Where the register is for a browser: scheme, host, port.
    pub(crate) origin: String,
    pub(crate) second_factor: SecondFactor,
    pub(crate) lasting: Lasting,
    pub(crate) known: tokio::sync::Mutex<Option<(DateTime<Utc>, Discovered)>>,
}

impl fmt::Debug for Login {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Login").field("client", &self.client).finish_non_exhaustive()
    }
}

/// Why somebody did not come in; the provider's own words go nowhere.
#[derive(Debug, Error)]
pub(crate) enum NotIn {
    #[error(
        "dit aanmelden is al gebruikt, te lang geleden begonnen, of niet in deze browser begonnen; begin opnieuw"
    )]
    NotUnderWay,
    #[error("de aanmelddienst heeft u niet aangemeld")]
    Refused,
    #[error("meld u aan met een tweede factor; met alleen een wachtwoord komt u niet binnen")]
    OneFactor,
    #[error("uw account heeft geen rol in dit register; vraag het uw beheerder")]
    Nobody,
    #[error("wat de aanmelddienst antwoordt, klopt niet; begin opnieuw")]
    Wrong(&'static str),
    #[error("de aanmelddienst antwoordt niet; probeer het over een minuut opnieuw")]
    Silent(#[from] NoAnswer),
    #[error("the database did not answer")]
    Failed(#[from] Failed),
}

/// What a browser keeps while it logs in, and what follows from it.
pub(crate) struct UnderWay(Zeroizing<String>);

impl UnderWay {
    pub(crate) fn of(secret: &str) -> Self {
        Self(Zeroizing::new(secret.to_owned()))
    }

    pub(crate) fn state(&self) -> String {
        self.derive("state")
    }

    fn nonce(&self) -> String {
        self.derive("nonce")
    }

    fn verifier(&self) -> Zeroizing<String> {
        Zeroizing::new(self.derive("verifier"))
    }

    /// By what the database knows it.
    pub(crate) fn digest(&self) -> Digest {
        sha256(&["login", &self.0])
    }

    fn derive(&self, what: &str) -> String {
        URL_SAFE_NO_PAD.encode(sha256(&[what, &self.0]))
    }
}

/// What the provider sends back with the browser.
#[derive(Debug, Default)]
pub(crate) struct Returned {
    pub(crate) code: Option<String>,
    pub(crate) state: Option<String>,
    pub(crate) iss: Option<String>,
    pub(crate) error: bool,
}

/// What an ID token says.
#[derive(Deserialize)]
struct IdClaims {
    aud: serde_json::Value,
    azp: Option<String>,
    nonce: Option<String>,
    exp: i64,
    iat: i64,
    nbf: Option<i64>,
    acr: Option<String>,
    amr: Option<Vec<String>>,
    /// Who it is; of somebody who has no account here it says less.
    #[serde(flatten)]
    person: serde_json::Map<String, serde_json::Value>,
}

impl Timed for IdClaims {
    fn times(&self) -> Times {
        Times { issued: self.iat, not_before: self.nbf, expires: self.exp }
    }
}

impl Login {
    /// Exactly the address that is registered with the provider.
    fn redirect_uri(&self) -> String {
        format!("{}/aanmelden/terug", self.origin)
    }

    /// Where a browser goes to log in.
    pub(crate) async fn address(&self, it: &UnderWay, at: DateTime<Utc>) -> Result<String, NotIn> {
        let provider = self.provider(at).await?;
        let challenge = digest(&SHA256, it.verifier().as_bytes());
        let mut parameters = vec![
            ("response_type", "code".to_owned()),
            ("client_id", self.client.clone()),
            ("redirect_uri", self.redirect_uri()),
            ("scope", "openid".to_owned()),
            ("state", it.state()),
            ("nonce", it.nonce()),
            ("code_challenge", URL_SAFE_NO_PAD.encode(challenge.as_ref())),
            ("code_challenge_method", "S256".to_owned()),
        ];
        if !self.second_factor.acr.is_empty() {
            parameters.push(("acr_values", self.second_factor.acr.join(" ")));
        }
        Ok(with_query(&provider.authorization_endpoint, &parameters))
    }

    /// Where a browser goes to log out at the provider as well.
    pub(crate) async fn address_of_end(&self, at: DateTime<Utc>) -> Result<String, NotIn> {
        let home = format!("{}/", self.origin);
        let Some(end) = self.provider(at).await?.end_session_endpoint else { return Ok(home) };
        let parameters = [("client_id", self.client.clone()), ("post_logout_redirect_uri", home)];
        Ok(with_query(&end, &parameters))
    }

    /// Whether what came back belongs to this login.
    pub(crate) fn holds(&self, it: &UnderWay, back: &Returned) -> Result<(), NotIn> {
        let state = back.state.as_deref().unwrap_or_default();
        verify_slices_are_equal(state.as_bytes(), it.state().as_bytes())
            .map_err(|_| NotIn::NotUnderWay)?;
        // RFC 9207: an answer that names another provider is not for this login.
        if back.iss.as_ref().is_some_and(|iss| *iss != self.issuer) {
            return Err(NotIn::Wrong("another issuer"));
        }
        if back.error { Err(NotIn::Refused) } else { Ok(()) }
    }

    /// Exchanges the code for who it is.
    pub(crate) async fn worker(
        &self,
        it: &UnderWay,
        back: &Returned,
        recogniser: &Recogniser,
        at: DateTime<Utc>,
    ) -> Result<Worker, NotIn> {
        let provider = self.provider(at).await?;
        if back.iss.is_none() && provider.names_itself {
            return Err(NotIn::Wrong("no issuer"));
        }
        let code = back.code.as_deref().ok_or(NotIn::Wrong("no code"))?;
        let token = self.id_token(&provider, code, it, at).await?;
        let claims: IdClaims =
            recogniser.verified(&token, &self.client, at).await.map_err(not_taken)?;
        if claims.nonce.as_deref() != Some(&it.nonce()) {
            return Err(NotIn::Wrong("another nonce"));
        }
        let several = claims.aud.as_array().is_some_and(|it| it.len() > 1);
        let for_us = claims.azp.as_ref().map_or(!several, |azp| *azp == self.client);
        if !for_us {
            return Err(NotIn::Wrong("for another client"));
        }
        let amr = claims.amr.unwrap_or_default();
        if !self.second_factor.is_shown(claims.acr.as_deref(), &amr) {
            return Err(NotIn::OneFactor);
        }
        let person = serde_json::from_value::<Person>(claims.person.into());
        let worker = person.ok().and_then(|it| it.worker(at)).ok_or(NotIn::Nobody)?;
        if worker.asker.roles.iter().any(|role| is_a_machine(*role)) {
            return Err(NotIn::Nobody);
        }
        Ok(worker)
    }

    async fn id_token(
        &self,
        provider: &Discovered,
        code: &str,
        it: &UnderWay,
        at: DateTime<Utc>,
    ) -> Result<Zeroizing<String>, NotIn> {
        #[derive(Deserialize)]
        struct Tokens {
            id_token: String,
        }
        let (headers, proof) = self.proof.shown(&self.client, &self.issuer, at);
        let form = format!(
            "grant_type=authorization_code&client_id={}&redirect_uri={}&code={}&code_verifier={}{proof}",
            encoded(&self.client),
            encoded(&self.redirect_uri()),
            encoded(code),
            *it.verifier(),
        );
        let address = &provider.token_endpoint;
        let (status, body) = self.outside.post_form(address, &headers, form).await?;
        match status {
            200 => {
                let tokens: Result<Tokens, _> = serde_json::from_slice(&body);
                tokens
                    .map(|it| Zeroizing::new(it.id_token))
                    .map_err(|_| NotIn::Wrong("no id token"))
            }
            400..500 => Err(NotIn::Wrong("the code or the client was refused")),
            other => Err(NotIn::Silent(NoAnswer::Status(other))),
        }
    }

    async fn provider(&self, at: DateTime<Utc>) -> Result<Discovered, NotIn> {
        let mut known = self.known.lock().await;
        if let Some((since, it)) = known.as_ref()
            && *since <= at
            && at - *since < Duration::minutes(5)
        {
            return Ok(it.clone());
        }
        let found = discover(&self.outside, &self.issuer).await?;
        *known = Some((at, found.clone()));
        Ok(found)
    }
}

fn not_taken(stranger: Stranger) -> NotIn {
    match stranger {
        Stranger::NobodyToAsk => NotIn::Silent(NoAnswer::Unreadable("no keys".to_owned())),
        Stranger::Failed(failed) => NotIn::Failed(failed),
        Stranger::NoToken
        | Stranger::NoSession
        | Stranger::Invalid(_)
        | Stranger::Expired
        | Stranger::OneFactor => NotIn::Wrong("an id token that is not taken"),
    }
}

fn with_query(address: &str, parameters: &[(&str, String)]) -> String {
    let pairs = parameters.iter().map(|(name, value)| format!("{name}={}", encoded(value)));
    let join = if address.contains('?') { '&' } else { '?' };
    format!("{address}{join}{}", pairs.collect::<Vec<_>>().join("&"))
}

/// The page to go to after logging in: one of ours, or else the first.
pub(crate) fn own_page(asked: Option<&str>) -> &str {
    let ours = |it: &&str| {
        let plain = it.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'\\');
        it.starts_with('/') && !it.starts_with("//") && plain && it.len() <= 500
    };
    asked.filter(ours).unwrap_or("/")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_is_sent_elsewhere() {
        for own in ["/", "/werklijst?soort=a", "/a//b", "/?naar=https://elders.example"] {
            assert_eq!(own_page(Some(own)), own);
        }
        for not in [
            "//elders.example",
            "https://elders.example",
            "/\\elders.example",
            "",
            "a",
            "/a b",
            "/\r\n",
        ] {
            assert_eq!(own_page(Some(not)), "/", "{not}");
        }
    }

    #[test]
    fn of_one_secret_come_things_that_do_not_tell_each_other() {
        let (one, other) = (UnderWay::of("a"), UnderWay::of("b"));
        let all = [one.state(), one.nonce(), one.verifier().to_string(), other.state()];
        let different: std::collections::BTreeSet<_> = all.iter().collect();
        assert_eq!(different.len(), 4);
        // RFC 7636: 43 characters or more.
        assert!(all.iter().all(|it| it.len() == 43));
    }
}
