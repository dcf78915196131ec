//! The identity provider of an organisation: its keys come from a file (JWKS), and its tokens say who may what.

use crate::house::{AUDIENCE, House, ISSUER};
use crate::told::call;
use chrono::Duration;
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use serde_json::{Value, json};
use server::worker::Recogniser;
use sqlx::PgPool;
use std::fs;
use std::path::PathBuf;

/// The key that RFC 8037 publishes as its example: the private part, and below it the public one.
const SEED: &str = "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60";
const PUBLIC: &str = "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo";

/// A file for a test, gone when the test ends.
struct Jwks(PathBuf);

impl Jwks {
    fn of(keys: &Value) -> Self {
        let name = format!("meldboek-test-{}.json", server::clock::random_id());
        let path = std::env::temp_dir().join(name);
        fs::write(&path, json!({ "keys": keys }).to_string()).unwrap();
        Self(path)
    }

    fn recogniser(&self) -> Result<Recogniser, server::worker::NoKeys> {
        Recogniser::of_jwks(&self.0, ISSUER, AUDIENCE)
    }
}

impl Drop for Jwks {
    fn drop(&mut self) {
        let _already_gone = fs::remove_file(&self.0);
    }
}

fn published() -> Value {
    json!([{ "kty": "OKP", "crv": "Ed25519", "kid": "2026", "use": "sig", "x": PUBLIC }])
}

fn sign(claims: &Value) -> String {
    let mut der = vec![48, 46, 2, 1, 0, 48, 5, 6, 3, 43, 101, 112, 4, 34, 4, 32];
    let byte = |at: usize| u8::from_str_radix(&SEED[at..at + 2], 16).unwrap();
    der.extend((0..64).step_by(2).map(byte));
    let header = Header { kid: Some("2026".to_owned()), ..Header::new(Algorithm::EdDSA) };
    let token = jsonwebtoken::encode(&header, claims, &EncodingKey::from_ed_der(&der));
    format!("Bearer {}", token.unwrap())
}

async fn house(pool: &PgPool) -> (House, Value) {
    let mut house = House::on("2026-06-30", pool).await;
    house.recognises(Jwks::of(&published()).recogniser().unwrap());
    let expires = (house.app.clock.now() + Duration::hours(1)).timestamp();
    let claims = json!({
        "iss": ISSUER, "aud": AUDIENCE, "sub": "medewerker-7", "exp": expires, "organisatie": "VT02", "rol": "casus",
    });
    (house, claims)
}

fn but(claims: &Value, key: &str, value: Value) -> Value {
    let mut claims = claims.clone();
    claims[key] = value;
    claims
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn whoever_the_provider_vouches_for_is_recognised(pool: PgPool) {
    let (house, claims) = house(&pool).await;
    let path = "/v1/contacten/00000000-0000-0000-0000-000000000001";
    house.put(path, &call()).with("authorization", sign(&claims)).await.is(201);
    // The log knows an id, whatever the provider calls somebody.
    let by: uuid::Uuid =
        sqlx::query_scalar("select recorded_by from event").fetch_one(&pool).await.unwrap();
    assert_eq!(by.get_version_num(), 5);
    // The key that everybody knows is none of the keys of this provider.
    house.get(path).await.is(401);
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn somebody_may_what_any_of_his_roles_may(pool: PgPool) {
    let (house, claims) = house(&pool).await;
    let ask = async |role: Value, path: &str| {
        let token = sign(&but(&claims, "rol", role));
        house.get(path).with("authorization", token).await.status
    };
    let (list, report) = ("/v1/werklijst", "/v1/trendrapporten/2026");
    let table = [
        (json!("intake"), 200, 403),
        (json!(["intake", "auditor"]), 200, 200),
        (json!(["intake", "baas"]), 200, 403),
        (json!(["auditor"]), 403, 200),
        (json!("beheer"), 403, 403),
    ];
    for (role, may_list, may_report) in table {
        assert_eq!(ask(role.clone(), list).await, may_list, "{role}");
        assert_eq!(ask(role.clone(), report).await, may_report, "{role}");
    }
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn a_token_that_does_not_say_who_somebody_is_says_nothing(pool: PgPool) {
    let (house, claims) = house(&pool).await;
    let wrong = [
        ("rol", json!("baas")),
        ("rol", json!([])),
        ("rol", json!(7)),
        ("rol", json!("Casus")),
        ("organisatie", json!("Drenthe")),
        ("organisatie", json!(null)),
        ("exp", json!(null)),
        ("exp", json!("2099-01-01")),
        ("sub", json!(null)),
        ("iss", json!(["iemand", "anders"])),
        ("aud", json!(["iets", "anders"])),
        ("gebieden", json!("0106")),
    ];
    for (key, value) in wrong {
        let token = sign(&but(&claims, key, value.clone()));
        let answer = house.get("/v1/werklijst").with("authorization", token).await;
        assert_eq!(answer.status, 401, "{key}: {value}");
    }
    for key in ["iss", "aud", "sub", "exp", "organisatie", "rol"] {
        let mut claims = claims.clone();
        claims.as_object_mut().unwrap().remove(key);
        let answer = house.get("/v1/werklijst").with("authorization", sign(&claims)).await;
        assert_eq!(answer.status, 401, "without {key}");
    }
    house.get("/v1/werklijst").with("authorization", sign(&claims)).await.is(200);
}

#[test]
fn a_file_without_a_usable_key_is_refused_in_dutch() {
    let key = &published()[0];
    let nameless = json!([{ "kty": "OKP", "crv": "Ed25519", "x": PUBLIC }]);
    let shared = json!([{ "kty": "oct", "kid": "a", "k": PUBLIC }]);
    for keys in [json!([]), nameless, shared] {
        let refused = Jwks::of(&keys).recogniser().unwrap_err().to_string();
        assert!(refused.contains("geen bruikbare sleutel"), "{refused}");
    }
    let gone = Jwks::of(&json!([key]));
    fs::remove_file(&gone.0).unwrap();
    assert!(gone.recogniser().unwrap_err().to_string().contains("is niet te lezen"));
    fs::write(&gone.0, "sleutel").unwrap();
    assert!(gone.recogniser().unwrap_err().to_string().contains("is niet te lezen"));
}
