//! An identity provider as far as tests of tokens need one: keys that are made of a number, and tokens signed with them.

use crate::house::{AUDIENCE, House, ISSUER};
use chrono::Duration;
use jsonwebtoken::jwk::Jwk;
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use serde_json::{Value, json};

/// An Ed25519 key: PKCS #8 around 32 times the same byte.
fn key(seed: u8) -> EncodingKey {
    let mut der = vec![48, 46, 2, 1, 0, 48, 5, 6, 3, 43, 101, 112, 4, 34, 4, 32];
    der.extend([seed; 32]);
    EncodingKey::from_ed_der(&der)
}

/// The public part of a key, as a provider shows it.
pub(crate) fn jwk(seed: u8, kid: &str) -> Value {
    let jwk = Jwk::from_encoding_key(&key(seed), Algorithm::EdDSA).unwrap();
    let mut jwk = serde_json::to_value(jwk).unwrap();
    jwk["kid"] = json!(kid);
    jwk["use"] = json!("sig");
    jwk
}

/// What the provider says of a case worker, for an hour.
pub(crate) fn claims(house: &House) -> Value {
    let now = house.app.clock.now();
    let claims = json!({
        "iss": ISSUER, "aud": AUDIENCE, "sub": "medewerker-7", "organisatie": "VT02", "rol": "casus", "amr": ["pwd", "mfa"],
        "iat": now.timestamp(), "exp": (now + Duration::hours(1)).timestamp(),
    });
    numbered(&claims)
}

/// The same claims for another token: each has a number of its own.
pub(crate) fn numbered(claims: &Value) -> Value {
    let mut claims = claims.clone();
    claims["jti"] = json!(server::clock::random_id());
    claims
}

pub(crate) fn signed(claims: &Value, seed: u8, kid: &str) -> String {
    let header = Header { kid: Some(kid.to_owned()), ..Header::new(Algorithm::EdDSA) };
    signed_under(&header, claims, seed)
}

pub(crate) fn signed_under(header: &Header, claims: &Value, seed: u8) -> String {
    jsonwebtoken::encode(header, claims, &key(seed)).unwrap()
}
