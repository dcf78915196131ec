//! What a token must say: its number, when it is good, how somebody proved who he is; and what it must not be.

use crate::answer::Answer;
use crate::house::House;
use crate::signer::{claims, jwk, numbered, signed, signed_under};
use crate::told::{call, melding};
use chrono::Duration;
use jsonwebtoken::{Algorithm, Header};
use serde_json::{Value, json};
use server::recogniser::{Accepts, Recogniser, SecondFactor};
use sqlx::PgPool;
use std::fs;

const CHALLENGE: &str = "Bearer realm=\"meldboek\", error=";

/// A house of whose provider one key is known.
async fn house(pool: &PgPool) -> House {
    house_that(pool, |it| it).await
}

async fn house_that(pool: &PgPool, accepts: impl FnOnce(Accepts) -> Accepts) -> House {
    let mut house = House::on("2026-06-30", pool).await;
    let name = format!("meldboek-test-{}.json", server::clock::random_id());
    let path = std::env::temp_dir().join(name);
    fs::write(&path, json!({ "keys": [jwk(1, "een")] }).to_string()).unwrap();
    let accepts = accepts(Accepts::new(crate::house::ISSUER, crate::house::AUDIENCE));
    house.recognises(Recogniser::of_jwks(&path, accepts).unwrap());
    fs::remove_file(&path).unwrap();
    house
}

fn but(claims: &Value, key: &str, value: &Value) -> Value {
    let mut claims = numbered(claims);
    claims[key] = value.clone();
    claims
}

async fn list(house: &House, claims: &Value) -> Answer {
    show(house, &signed(claims, 1, "een")).await
}

async fn show(house: &House, token: &str) -> Answer {
    house.get("/v1/werklijst").with("authorization", format!("Bearer {token}")).await
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn a_token_has_a_number_that_nobody_guesses(pool: PgPool) {
    let house = house(&pool).await;
    let claims = claims(&house);
    let right =
        ["urn:uuid:0b4c1c9f-2c1e-4d0c-9e59-3c1f9a1f0a11", &"aB3_-x".repeat(4), &"0f".repeat(16)];
    for number in right {
        list(&house, &but(&claims, "jti", &json!(number))).await.is(200);
    }
    let wrong = [
        json!(null),
        json!(7),
        json!(""),
        json!("aB3_-x"),
        json!("0f".repeat(15)),
        json!("é".repeat(30)),
    ];
    for number in wrong.into_iter().chain([json!("a1-".repeat(100))]) {
        let answer = list(&house, &but(&claims, "jti", &number)).await.is(401);
        assert_eq!(
            answer.header("www-authenticate"),
            Some(&*format!("{CHALLENGE}\"invalid_token\""))
        );
    }
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn a_number_stands_for_one_token_on_every_server(pool: PgPool) {
    let (here, there) = (house(&pool).await, house(&pool).await);
    let claims = claims(&here);
    // The holder of a token shows it as often as he asks something, wherever.
    for house in [&here, &here, &there, &there, &here] {
        list(house, &claims).await.is(200);
    }
    let mut other = claims.clone();
    other["sub"] = json!("medewerker-8");
    for house in [&here, &there, &house(&pool).await] {
        list(house, &other).await.is(401);
        list(house, &claims).await.is(200);
    }
    let kept: Vec<Vec<u8>> =
        sqlx::query_scalar("select number from token_use").fetch_all(&pool).await.unwrap();
    assert_eq!(kept.len(), 1);
    // What is forgotten has expired by then.
    let later = here.app.clock.now() + Duration::hours(1);
    here.app.store.forget_expired(later).await.unwrap();
    let left = sqlx::query_scalar::<_, i64>("select count(*) from token_use");
    assert_eq!(left.fetch_one(&pool).await.unwrap(), 0);
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn a_token_of_a_machine_counts_once(pool: PgPool) {
    let (here, there) = (house(&pool).await, house(&pool).await);
    for (role, path, body) in [
        ("telefonie", "/v1/contacten/00000000-0000-0000-0000-000000000001", call()),
        ("politie", "/v1/meldingen/00000000-0000-0000-0000-000000000001", melding("2026-06-29")),
    ] {
        let mut claims = but(&claims(&here), "rol", &json!(role));
        claims.as_object_mut().unwrap().remove("amr");
        let put = async |house: &House, claims: &Value| {
            let token = format!("Bearer {}", signed(claims, 1, "een"));
            house.put(path, &body).with("authorization", token).await.status
        };
        assert_eq!(put(&here, &claims).await, 201, "{role}");
        for house in [&here, &there] {
            assert_eq!(put(house, &claims).await, 401, "{role}");
        }
        // Whoever was cut off asks for another token, and sends the same again.
        assert_eq!(put(&there, &numbered(&claims)).await, 200, "{role}");
    }
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn people_come_in_with_a_second_factor(pool: PgPool) {
    let acr = "urn:voorbeeld:substantieel";
    let by_acr = |it: Accepts| {
        let second_factor = SecondFactor { acr: vec![acr.to_owned()], amr: vec!["hwk".to_owned()] };
        Accepts { second_factor, ..it }
    };
    let (usual, other) = (house(&pool).await, house_that(&pool, by_acr).await);
    let mut plain = claims(&usual);
    plain.as_object_mut().unwrap().remove("amr");
    let table = [
        (plain.clone(), 401, 401),
        (but(&plain, "amr", &json!([])), 401, 401),
        (but(&plain, "amr", &json!(["pwd"])), 401, 401),
        (but(&plain, "amr", &json!(["pwd", "mfa"])), 200, 401),
        (but(&plain, "amr", &json!(["hwk"])), 401, 200),
        (but(&plain, "acr", &json!(acr)), 401, 200),
        (but(&plain, "acr", &json!("urn:voorbeeld:laag")), 401, 401),
    ];
    for (claims, at_usual, at_other) in table {
        assert_eq!(list(&usual, &claims).await.status, at_usual, "{claims}");
        assert_eq!(list(&other, &claims).await.status, at_other, "{claims}");
    }
    let answer = list(&usual, &plain).await;
    let challenge = format!("{CHALLENGE}\"insufficient_user_authentication\"");
    assert_eq!(answer.header("www-authenticate"), Some(&*challenge));
    assert!(answer.json()["detail"].as_str().unwrap().contains("tweede factor"));
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn a_token_is_good_from_its_beginning_and_not_for_long(pool: PgPool) {
    let house = house(&pool).await;
    let claims = claims(&house);
    let now = house.app.clock.now();
    let at = |span: Duration| json!((now + span).timestamp());
    let (second, day) = (Duration::seconds(1), Duration::days(1));
    let table = [
        ("iat", at(Duration::seconds(30)), 200),
        ("iat", at(Duration::seconds(31)), 401),
        ("iat", json!(null), 401),
        ("nbf", at(Duration::seconds(30)), 200),
        ("nbf", at(Duration::minutes(5)), 401),
        ("nbf", at(-day), 200),
        ("exp", at(day), 200),
        ("exp", at(day + second), 401),
        ("exp", at(second), 200),
        ("exp", at(Duration::zero()), 401),
        ("exp", json!(i64::MAX), 401),
        ("exp", json!(i64::MIN), 401),
    ];
    for (key, value, status) in table {
        let answer = list(&house, &but(&claims, key, &value)).await;
        assert_eq!(answer.status, status, "{key} {value}");
    }
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn what_is_no_access_token_opens_nothing(pool: PgPool) {
    let house = house(&pool).await;
    let claims = claims(&house);
    let plain = || Header { kid: Some("een".to_owned()), ..Header::new(Algorithm::EdDSA) };
    let kind = |typ: &str| Header { typ: Some(typ.to_owned()), ..plain() };
    let under = |header: &Header| signed_under(header, &numbered(&claims), 1);
    for header in [plain(), kind("at+jwt"), kind("application/at+JWT")] {
        show(&house, &under(&header)).await.is(200);
    }
    let to_understand = Header { crit: Some(vec!["exp".to_owned()]), ..plain() };
    for header in [kind("logout+jwt"), kind("dpop+jwt"), to_understand] {
        show(&house, &under(&header)).await.is(401);
    }
    // An ID token says who logged in; it is not meant for us to let somebody in with.
    list(&house, &but(&claims, "nonce", &json!("n-0S6_WzA2Mj"))).await.is(401);
    let token = format!("Bearer {}", signed(&claims, 1, "een"));
    let long = format!("{token}{}", "a".repeat(20_000));
    house.get("/v1/werklijst").with("authorization", long).await.is(401);
    // Not twice, and not in the address.
    house.get(format!("/v1/werklijst?access_token={}", &token[7..])).without_token().await.is(401);
}
