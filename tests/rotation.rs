//! A provider that shows its keys itself, and changes them: over a real socket, with a clock that the test moves.

use crate::answer::Answer;
use crate::house::{AUDIENCE, House, ISSUER};
use crate::signer::{claims, jwk, numbered, signed};
use axum::extract::State;
use axum::http::StatusCode;
use axum::routing::get;
use axum::{Json, Router};
use futures_util::future::join_all;
use serde_json::{Value, json};
use server::keyring::{Freshness, Place};
use server::outside::Outside;
use server::recogniser::{Accepts, Recogniser};
use sqlx::PgPool;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use tokio::net::TcpListener;

/// The keys that are shown, or nothing: then the provider is out of order. And how often somebody looked.
#[derive(Clone, Default)]
struct Provider {
    keys: Arc<Mutex<Option<Value>>>,
    asked: Arc<AtomicUsize>,
    address: String,
}

impl Provider {
    async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        let it = Self { address, ..Self::default() };
        let router = Router::new()
            .route("/sleutels", get(show))
            .route("/.well-known/openid-configuration", get(tell))
            .with_state(it.clone());
        tokio::spawn(async move { axum::serve(listener, router).await });
        it
    }

    fn shows(&self, keys: &[(u8, &str)]) {
        let keys: Vec<Value> = keys.iter().map(|(seed, kid)| jwk(*seed, kid)).collect();
        *self.keys.lock().unwrap() = Some(json!({ "keys": keys }));
    }

    fn falls_silent(&self) {
        *self.keys.lock().unwrap() = None;
    }

    fn asked(&self) -> usize {
        self.asked.load(Ordering::SeqCst)
    }

    /// A house that takes the keys of this provider.
    async fn house(&self, pool: &PgPool) -> House {
        let mut house = House::on("2026-06-30", pool).await;
        house.recognises(Self::recogniser(Place::Jwks(format!("{}/sleutels", self.address))));
        house
    }

    fn recogniser(place: Place) -> Recogniser {
        let outside = Outside::new().unwrap();
        Recogniser::of_provider(
            outside,
            place,
            Freshness::default(),
            Accepts::new(ISSUER, AUDIENCE),
        )
    }
}

async fn show(State(it): State<Provider>) -> Result<Json<Value>, StatusCode> {
    it.asked.fetch_add(1, Ordering::SeqCst);
    it.keys.lock().unwrap().clone().map(Json).ok_or(StatusCode::INTERNAL_SERVER_ERROR)
}

async fn tell(State(it): State<Provider>) -> Json<Value> {
    let (issuer, keys) = (&it.address, format!("{}/sleutels", it.address));
    Json(json!({ "issuer": issuer, "jwks_uri": keys }))
}

async fn ask(house: &House, token: &str) -> Answer {
    house.get("/v1/werklijst").with("authorization", format!("Bearer {token}")).await
}

/// A new token under a key.
async fn ask_under(house: &House, seed: u8, kid: &str) -> u16 {
    ask(house, &signed(&claims(house), seed, kid)).await.status
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn a_key_that_is_new_is_asked_for_once_in_a_while(pool: PgPool) {
    let provider = Provider::start().await;
    provider.shows(&[(1, "een")]);
    let mut house = provider.house(&pool).await;
    assert_eq!(ask_under(&house, 1, "een").await, 200);
    assert_eq!(provider.asked(), 1);
    provider.shows(&[(1, "een"), (2, "twee")]);
    // Whoever makes up names of keys does not make us ask.
    for made_up in ["twee", "drie", "vier"] {
        assert_eq!(ask_under(&house, 2, made_up).await, 401);
    }
    assert_eq!(provider.asked(), 1);
    house.later(30);
    assert_eq!(ask_under(&house, 2, "twee").await, 200);
    assert_eq!(ask_under(&house, 1, "een").await, 200);
    assert_eq!(provider.asked(), 2);
    // The name of one key with the signature of another.
    assert_eq!(ask_under(&house, 1, "twee").await, 401);
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn all_who_come_at_once_wait_for_one_question(pool: PgPool) {
    let provider = Provider::start().await;
    provider.shows(&[(1, "een")]);
    let house = provider.house(&pool).await;
    let answers = join_all((0..20).map(|_| ask_under(&house, 1, "een"))).await;
    assert_eq!(answers, [200; 20]);
    assert_eq!(provider.asked(), 1);
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn a_key_that_the_provider_no_longer_shows_is_no_longer_taken(pool: PgPool) {
    let provider = Provider::start().await;
    provider.shows(&[(1, "een"), (2, "twee")]);
    let mut house = provider.house(&pool).await;
    let token = signed(&claims(&house), 1, "een");
    assert_eq!(ask(&house, &token).await.status, 200);
    provider.shows(&[(2, "twee")]);
    house.later(299);
    assert_eq!(ask(&house, &token).await.status, 200);
    house.later(1);
    // The same token, good for another 55 minutes.
    assert_eq!(ask(&house, &token).await.status, 401);
    assert_eq!(ask_under(&house, 2, "twee").await, 200);
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn a_provider_that_is_silent_throws_out_nobody_who_is_known(pool: PgPool) {
    let provider = Provider::start().await;
    provider.shows(&[(1, "een")]);
    let mut house = provider.house(&pool).await;
    assert_eq!(ask_under(&house, 1, "een").await, 200);
    provider.falls_silent();
    house.later(3600);
    assert_eq!(ask_under(&house, 1, "een").await, 200);
    assert_eq!(ask_under(&house, 2, "twee").await, 401);
    assert_eq!(provider.asked(), 2);
    provider.shows(&[(2, "twee")]);
    house.later(30);
    assert_eq!(ask_under(&house, 1, "een").await, 401);
    assert_eq!(ask_under(&house, 2, "twee").await, 200);
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn when_nobody_was_ever_there_to_ask_nobody_is_called_a_stranger(pool: PgPool) {
    let provider = Provider::start().await;
    let house = provider.house(&pool).await;
    let answer = ask(&house, &signed(&claims(&house), 1, "een")).await.is(503);
    assert!(answer.json()["detail"].as_str().unwrap().contains("aanmelddienst antwoordt niet"));
    assert_eq!(house.get("/v1/werklijst").without_token().await.status, 401);
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn keys_are_found_by_the_document_of_the_issuer_and_of_no_other(pool: PgPool) {
    let provider = Provider::start().await;
    provider.shows(&[(1, "een")]);
    let mut house = House::on("2026-06-30", &pool).await;
    let token = signed(&numbered(&claims(&house)), 1, "een");
    for (issuer, status) in [
        (provider.address.clone(), 200),
        // The same place under another name: the document is not of this issuer.
        (provider.address.replace("127.0.0.1", "localhost"), 503),
        (format!("{}/elders", provider.address), 503),
        ("http://elders.example".to_owned(), 503),
    ] {
        house.recognises(Provider::recogniser(Place::Discovery { issuer: issuer.clone() }));
        assert_eq!(ask(&house, &token).await.status, status, "{issuer}");
    }
}
