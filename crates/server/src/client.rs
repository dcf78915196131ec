//! How the register proves to the identity provider which client it is: with a signature (`private_key_jwt`, RFC 7523; NLgov OAuth asks for
//! it) or with a secret.

use crate::clock::random_id;
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{
    Ed25519KeyPair, RSA_PKCS1_SHA256, RSA_PSS_SHA256, RsaEncoding, RsaKeyPair,
};
use axum::http::header::{AUTHORIZATION, HeaderName};
use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use chrono::{DateTime, Utc};
use secrecy::{ExposeSecret, SecretString};
use serde_json::json;
use std::fmt::Write;
use std::path::Path;
use thiserror::Error;
use tokio_rustls::rustls::pki_types::PrivateKeyDer;
use tokio_rustls::rustls::pki_types::pem::PemObject;
use zeroize::Zeroizing;

/// How long a signature of ours is good, in seconds.
const GOOD_FOR: i64 = 60;

pub(crate) enum Proof {
    Secret(SecretString),
    Signature { key: SigningKey, kid: Option<String> },
}

pub(crate) enum SigningKey {
    Ed25519(Ed25519KeyPair),
    Rsa(RsaKeyPair, &'static dyn RsaEncoding, &'static str),
}

/// A key or secret that cannot be used.
#[derive(Debug, Error)]
pub enum NoProof {
    #[error("{0}: {1}")]
    Unreadable(String, std::io::Error),
    #[error("{0} is geen PKCS#8-sleutel in PEM (RSA vanaf 2048 bits of Ed25519)")]
    NoKey(String),
    #[error("'{0}' is geen algoritme voor een RSA-sleutel; kies RS256 of PS256")]
    NoAlgorithm(String),
    #[error("{0} is leeg")]
    Empty(String),
}

impl Proof {
    /// A secret, the only line of a file.
    pub(crate) fn secret(path: &Path) -> Result<Self, NoProof> {
        let text = Zeroizing::new(read(path)?);
        match text.trim() {
            "" => Err(NoProof::Empty(path.display().to_string())),
            secret => Ok(Self::Secret(secret.into())),
        }
    }

    /// A private key in a file.
    pub(crate) fn key(path: &Path, kid: Option<String>, rsa: &str) -> Result<Self, NoProof> {
        let wrong = || NoProof::NoKey(path.display().to_string());
        let text = Zeroizing::new(read(path)?);
        let der = PrivateKeyDer::from_pem_slice(text.as_bytes()).map_err(|_| wrong())?;
        let PrivateKeyDer::Pkcs8(der) = &der else { return Err(wrong()) };
        let der = der.secret_pkcs8_der();
        if let Ok(key) = Ed25519KeyPair::from_pkcs8_maybe_unchecked(der) {
            return Ok(Self::Signature { key: SigningKey::Ed25519(key), kid });
        }
        let key = RsaKeyPair::from_pkcs8(der).map_err(|_| wrong())?;
        let key = match rsa {
            "RS256" => SigningKey::Rsa(key, &RSA_PKCS1_SHA256, "RS256"),
            "PS256" => SigningKey::Rsa(key, &RSA_PSS_SHA256, "PS256"),
            other => return Err(NoProof::NoAlgorithm(other.to_owned())),
        };
        Ok(Self::Signature { key, kid })
    }

    /// What goes with a request: a header, and what is added to the form.
    pub(crate) fn shown(
        &self,
        client: &str,
        audience: &str,
        at: DateTime<Utc>,
    ) -> (Vec<(HeaderName, String)>, String) {
        match self {
            Self::Secret(secret) => {
                let pair = format!("{}:{}", encoded(client), encoded(secret.expose_secret()));
                (vec![(AUTHORIZATION, format!("Basic {}", STANDARD.encode(pair)))], String::new())
            }
            Self::Signature { key, kid } => {
                let assertion = key.assertion(kid.as_deref(), client, audience, at);
                let kind = encoded("urn:ietf:params:oauth:client-assertion-type:jwt-bearer");
                (vec![], format!("&client_assertion_type={kind}&client_assertion={assertion}"))
            }
        }
    }
}

fn read(path: &Path) -> Result<String, NoProof> {
    let unreadable = |error| NoProof::Unreadable(path.display().to_string(), error);
    std::fs::read_to_string(path).map_err(unreadable)
}

impl SigningKey {
    /// A signed statement that we are this client; it counts once.
    fn assertion(
        &self,
        kid: Option<&str>,
        client: &str,
        audience: &str,
        at: DateTime<Utc>,
    ) -> String {
        let mut head = json!({ "typ": "JWT", "alg": self.algorithm() });
        if let Some(kid) = kid {
            head["kid"] = json!(kid);
        }
        let now = at.timestamp();
        let claims = json!({
            "iss": client, "sub": client, "aud": audience, "jti": random_id(),
            "iat": now, "exp": now + GOOD_FOR,
        });
        let part = |it: serde_json::Value| URL_SAFE_NO_PAD.encode(it.to_string());
        let signed = format!("{}.{}", part(head), part(claims));
        let signature = URL_SAFE_NO_PAD.encode(self.sign(signed.as_bytes()));
        format!("{signed}.{signature}")
    }

    const fn algorithm(&self) -> &'static str {
        match self {
            Self::Ed25519(_) => "EdDSA",
            Self::Rsa(_, _, name) => name,
        }
    }

    fn sign(&self, message: &[u8]) -> Vec<u8> {
        match self {
            Self::Ed25519(key) => key.sign(message).as_ref().to_vec(),
            Self::Rsa(key, encoding, _) => {
                let mut signature = vec![0; key.public_modulus_len()];
                key.sign(*encoding, &SystemRandom::new(), message, &mut signature)
                    .expect("a key that was read signs");
                signature
            }
        }
    }
}

/// Text in a form or an address (`application/x-www-form-urlencoded`).
pub(crate) fn encoded(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            out.push(char::from(byte));
        } else {
            let _never_fails = write!(out, "%{byte:02X}");
        }
    }
    out
}
