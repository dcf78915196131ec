//! The identity provider of an organisation: its keys come from a file (JWKS), and its tokens say who may what.

use crate::house::{AUDIENCE, House, ISSUER};
use crate::signer::{claims, jwk, numbered, signed};
use crate::told::call;
use serde_json::{Value, json};
use server::recogniser::{Accepts, NoKeys, Recogniser};
use sqlx::PgPool;
use std::fs;
use std::path::PathBuf;

/// A file for a test, gone when the test ends.
struct Jwks(PathBuf);

impl Jwks {
    fn of(keys: &Value) -> Self {
        let name = format!("meldboek-test-{}.json", server::clock::random_id());
        let path = std::env::temp_dir().join(name);
        fs::write(&path, json!({ "keys": keys }).to_string()).unwrap();
        Self(path)
    }

    fn recogniser(&self) -> Result<Recogniser, NoKeys> {
        Recogniser::of_jwks(&self.0, Accepts::new(ISSUER, AUDIENCE))
    }
}

impl Drop for Jwks {
    fn drop(&mut self) {
        let _already_gone = fs::remove_file(&self.0);
    }
}

/// What the provider of this test shows.
fn published() -> Value {
    json!([jwk(1, "2026")])
}

fn sign(claims: &Value) -> String {
    format!("Bearer {}", signed(&numbered(claims), 1, "2026"))
}

async fn house(pool: &PgPool) -> (House, Value) {
    let mut house = House::on("2026-06-30", pool).await;
    house.recognises(Jwks::of(&published()).recogniser().unwrap());
    let claims = claims(&house);
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
    let but = |name: &str, value: Value| json!([but(key, name, value)]);
    let wrong = [
        json!([]),
        but("kid", json!(null)),
        but("use", json!("enc")),
        but("alg", json!("RS256")),
        but("key_ops", json!(["encrypt"])),
        json!([{ "kty": "oct", "kid": "a", "k": key["x"] }]),
        json!([{ "kty": "RSA", "kid": "a", "n": "sXch".repeat(42), "e": "AQAB" }]),
    ];
    for keys in wrong {
        let refused = Jwks::of(&keys).recogniser().unwrap_err().to_string();
        assert!(refused.contains("geen bruikbare sleutel"), "{refused}");
    }
    let gone = Jwks::of(&json!([key]));
    fs::remove_file(&gone.0).unwrap();
    assert!(gone.recogniser().unwrap_err().to_string().contains("is niet te lezen"));
    fs::write(&gone.0, "sleutel").unwrap();
    assert!(gone.recogniser().unwrap_err().to_string().contains("is niet te lezen"));
}
