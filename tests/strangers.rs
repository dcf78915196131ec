//! Whoever cannot show who he is comes no further; and what is of another organisation does not exist.

use crate::house::{AUDIENCE, House, ISSUER, Token, id, stored};
use crate::told::{call, melding, receive_melding};
use chrono::Duration;
use domain::access::Role;
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use serde_json::{Value, json};
use server::worker::demo_token;
use sqlx::PgPool;

const INVALID: &str = "Bearer realm=\"meldboek\", error=\"invalid_token\"";
const CALL: &str = "/v1/contacten/00000000-0000-0000-0000-000000000001";
/// The public part of the key of the demo, as everybody can read it.
const DEMO_PUBLIC: &str = "4iIgCf7-l4ZAruMHpJSTw_-48OJJKOMiT1nSfwMpeM4";

fn claims(house: &House) -> Value {
    let expires = house.app.clock.now() + Duration::hours(1);
    json!({
        "iss": ISSUER, "aud": AUDIENCE, "sub": id(1), "organisatie": "VT02", "rol": "casus", "amr": ["mfa"],
        "iat": house.app.clock.now().timestamp(), "exp": expires.timestamp(), "jti": server::clock::random_id(),
    })
}

fn header(algorithm: Algorithm) -> Header {
    Header { kid: Some("demo".to_owned()), ..Header::new(algorithm) }
}

/// An Ed25519 key that nobody published: PKCS #8 around 32 bytes.
fn another_key() -> EncodingKey {
    let mut der = vec![48, 46, 2, 1, 0, 48, 5, 6, 3, 43, 101, 112, 4, 34, 4, 32];
    der.extend([7; 32]);
    EncodingKey::from_ed_der(&der)
}

/// A token without a signature, as if none were needed: `{"alg":"none","kid":"demo","typ":"JWT"}`.
fn unsigned(signed: &str) -> String {
    let claims = signed.split('.').nth(1).unwrap();
    format!("eyJhbGciOiJub25lIiwia2lkIjoiZGVtbyIsInR5cCI6IkpXVCJ9.{claims}.")
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn only_a_token_that_the_own_provider_signed_is_taken(pool: PgPool) {
    let house = House::on("2026-06-30", &pool).await;
    let casus = Token { role: Role::CaseWorker, organisation: "VT02", areas: vec![] };
    let good = house.token(&casus);
    let secret = EncodingKey::from_secret(DEMO_PUBLIC.as_bytes());
    let confused = jsonwebtoken::encode(&header(Algorithm::HS256), &claims(&house), &secret);
    let forged = jsonwebtoken::encode(&header(Algorithm::EdDSA), &claims(&house), &another_key());
    let other_key = Header { kid: Some("mijn".to_owned()), ..Header::new(Algorithm::EdDSA) };
    let unknown_key = jsonwebtoken::encode(&other_key, &claims(&house), &another_key());
    let nameless_key =
        jsonwebtoken::encode(&Header::new(Algorithm::EdDSA), &claims(&house), &another_key());
    let (head, rest) = good.split_once('.').unwrap();
    let (claims, signature) = rest.split_once('.').unwrap();
    let manager = house.token(&Token { role: Role::Manager, ..casus });
    let swapped = format!("{head}.{}.{signature}", manager.split('.').nth(1).unwrap());
    let wrong = [
        ("no signature", unsigned(&good)),
        ("a secret that is public", confused.unwrap()),
        ("another key", forged.unwrap()),
        ("a key of another name", unknown_key.unwrap()),
        ("a key without a name", nameless_key.unwrap()),
        ("claims of another token", swapped),
        ("half a token", format!("{head}.{claims}")),
        ("no token", "zomaar".to_owned()),
        ("nothing", String::new()),
    ];
    for (what, token) in wrong {
        let answer =
            house.put(CALL, &call()).with("authorization", format!("Bearer {token}")).await;
        assert_eq!(answer.status, 401, "{what}");
        assert_eq!(answer.header("www-authenticate"), Some(INVALID), "{what}");
        // All that is not right is told in the same words: they say nothing to whoever tries.
        assert_eq!(answer.json()["detail"], "dit token is niet geldig", "{what}");
    }
    for scheme in ["Basic ", "bearer:", ""] {
        let answer = house.put(CALL, &call()).with("authorization", format!("{scheme}{good}"));
        let answer = answer.await.is(401);
        assert_eq!(answer.header("www-authenticate"), Some("Bearer realm=\"meldboek\""));
    }
    house.put(CALL, &call()).without_token().await.is(401);
    assert!(stored(&pool).await.iter().all(|it| *it == 0));
    house.put(CALL, &call()).with("authorization", format!("Bearer {good}")).await.is(201);
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn a_token_is_for_this_register_and_for_a_while(pool: PgPool) {
    let house = House::on("2026-06-30", &pool).await;
    let organisation = "VT02".parse().unwrap();
    let (now, hour) = (house.app.clock.now(), Duration::hours(1));
    let token = |issuer, audience, expires| {
        demo_token(Role::CaseWorker, organisation, vec![], issuer, audience, now - hour, expires)
    };
    let expired = "dit token is verlopen";
    let invalid = "dit token is niet geldig";
    let wrong = [
        (token(ISSUER, AUDIENCE, now - Duration::seconds(1)), expired),
        (token(ISSUER, AUDIENCE, now), expired),
        (token("https://elders.example", AUDIENCE, now + hour), invalid),
        (token(ISSUER, "ander-systeem", now + hour), invalid),
    ];
    for (token, why) in wrong {
        let answer = house.get(CALL).with("authorization", format!("Bearer {token}")).await.is(401);
        assert_eq!(answer.json()["detail"], why);
    }
    let last_second = token(ISSUER, AUDIENCE, now + Duration::seconds(1));
    house.get(CALL).with("authorization", format!("Bearer {last_second}")).await.is(404);
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn what_another_organisation_has_does_not_show_in_lists_and_counts(pool: PgPool) {
    let house = House::on("2026-06-30", &pool).await;
    receive_melding(&house, 1, &melding("2026-06-29")).await;
    let list = house.get("/v1/werklijst").of("VT03").await.is(200).json();
    assert_eq!((&list["aantal"], &list["regels"]), (&json!(0), &json!([])));
    let figures = "/v1/statistieken/meldingen?periode=2026&gebied=0106";
    let there = house.get(figures).of("VT03").for_areas(&["0106"]).await.is(200).json();
    assert!(there["tabellen"][0]["cellen"].as_array().unwrap().iter().all(|it| it["waarde"] == 0));
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn two_organisations_may_use_the_same_id_without_meeting(pool: PgPool) {
    let house = House::on("2026-06-30", &pool).await;
    receive_melding(&house, 1, &melding("2026-06-29")).await;
    let path = format!("/v1/meldingen/{}", id(1));
    let own = house.put(&path, &melding("2026-06-30")).of("VT03").await.is(201).json();
    assert_eq!(own["bewijs"]["positie"], 1);
    assert_eq!(house.get(&path).await.json()["ontvangenOp"], "2026-06-29");
    assert_eq!(house.get(&path).of("VT03").await.json()["ontvangenOp"], "2026-06-30");
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn whoever_asks_says_for_what_and_only_for_what_his_role_is_there_for(pool: PgPool) {
    let house = House::on("2026-06-30", &pool).await;
    house.put(CALL, &call()).with("doel", "advies-geven").await.is(201);
    house.get(CALL).with("doel", "onderzoek-en-vervolg").await.is(200);
    house.get(CALL).with("doel", "nieuwsgierigheid").await.names(&[("Doel", "kies uit: advies")]);
    house.get(CALL).with("doel", "toezicht").await.is(403);
    house.get(CALL).with("doel", "toezicht").by(Role::Privacy).await.is(200);
    house.get(CALL).with("doel", "advies-geven").by(Role::Privacy).await.is(403);
}
