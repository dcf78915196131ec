//! A session: opens what a token opens, only from our own pages, for a while, and until somebody leaves.

use crate::house::{Ask, House};
use crate::openid::{ORIGIN, OpenId, SESSION, begin, come_back, kept, session};
use crate::told::call;
use axum::http::Method;
use serde_json::json;
use sqlx::PgPool;

const CALL: &str = "/v1/contacten/00000000-0000-0000-0000-000000000001";

fn with<'h>(ask: Ask<'h>, cookie: &str, headers: Headers<'_>) -> Ask<'h> {
    let ask = ask.without_token().with("cookie", cookie);
    headers.iter().fold(ask, |ask, (name, value)| ask.with(name, *value))
}

type Headers<'h> = &'h [(&'static str, &'h str)];

async fn me(house: &House, cookie: &str) -> u16 {
    house.get("/v1/ik").without_token().with("cookie", cookie).await.status
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn another_site_cannot_make_a_browser_do_anything_here(pool: PgPool) {
    let provider = OpenId::start();
    let house = provider.house(&pool, "rs256").await;
    let cookie = session(&house, &provider).await;
    let table: [(Headers<'_>, u16, u16); 9] = [
        (&[], 403, 200),
        (&[("origin", "https://elders.example")], 403, 403),
        (&[("origin", "null")], 403, 403),
        (&[("origin", "http://meldboek.example")], 403, 403),
        (&[("sec-fetch-site", "cross-site"), ("origin", ORIGIN)], 403, 403),
        (&[("sec-fetch-site", "same-site")], 403, 403),
        (&[("sec-fetch-site", "none")], 403, 200),
        (&[("origin", ORIGIN)], 201, 200),
        (&[("sec-fetch-site", "same-origin"), ("origin", ORIGIN)], 200, 200),
    ];
    for (headers, put, get) in table {
        let put_status = with(house.put(CALL, &call()), &cookie, headers).await.status;
        assert_eq!(put_status, put, "put {headers:?}");
        assert_eq!(
            with(house.get("/v1/ik"), &cookie, headers).await.status,
            get,
            "get {headers:?}"
        );
        let leaving = with(house.ask(Method::POST, "/afmelden"), &cookie, headers);
        if put == 403 {
            assert_eq!(leaving.await.status, 403, "leave {headers:?}");
        }
    }
    // A token is no cookie: no browser sends it by itself.
    let token = format!("Bearer {}", provider.access_token("meldboek").await);
    let elsewhere = house.put(CALL, &call()).with("authorization", token);
    elsewhere.with("origin", "https://elders.example").with("cookie", &cookie).await.is(200);
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn whoever_leaves_is_out_here_and_at_the_provider(pool: PgPool) {
    let provider = OpenId::start();
    let house = provider.house(&pool, "rs256").await;
    let (one, other) = (session(&house, &provider).await, session(&house, &provider).await);
    let leave = house.ask(Method::POST, "/afmelden").without_token().with("origin", ORIGIN);
    let answer = leave.with("cookie", &one).await.is(303);
    assert_eq!(kept(&answer, SESSION), format!("{SESSION}="));
    let to = answer.header("location").unwrap();
    assert!(to.starts_with(&format!("{}/session/end?", provider.issuer)), "{to}");
    assert!(answer.header("clear-site-data").is_some());
    assert_eq!((me(&house, &one).await, me(&house, &other).await), (401, 200));
    house.get("/afmelden").without_token().with("cookie", &other).await.is(405);
    assert_eq!(me(&house, &other).await, 200);
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn a_session_ends_when_it_is_not_used_and_however_it_is_used(pool: PgPool) {
    let provider = OpenId::start();
    let mut house = provider.house(&pool, "rs256").await;
    let (idle, busy) = (session(&house, &provider).await, session(&house, &provider).await);
    for passed in (29..600).step_by(29) {
        house.later(29 * 60);
        assert_eq!(me(&house, &busy).await, 200, "after {passed} minutes");
    }
    assert_eq!(me(&house, &idle).await, 401);
    house.later(20 * 60);
    assert_eq!(me(&house, &busy).await, 401);
    house.app.store.forget_expired(house.app.clock.now()).await.unwrap();
    let left = sqlx::query_scalar::<_, i64>("select count(*) from session");
    assert_eq!(left.fetch_one(&pool).await.unwrap(), 0);
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn logging_in_gives_another_session_and_ends_the_one_before(pool: PgPool) {
    let provider = OpenId::start();
    let house = provider.house(&pool, "rs256").await;
    let before = session(&house, &provider).await;
    let begun = begin(&house, "/aanmelden?naar=//elders.example").await;
    let back = provider.browse(&begun.address).await;
    let both = format!("{}; {before}", begun.cookie);
    let answer = come_back(&house, &back, &both).await.is(303);
    assert_eq!(answer.header("location"), Some("/"));
    let after = kept(&answer, SESSION);
    assert_ne!(after, before);
    assert_eq!((me(&house, &before).await, me(&house, &after).await), (401, 200));
    // Nor does a value that somebody thought of open anything.
    assert_eq!(me(&house, &format!("{SESSION}=zomaar")).await, 401);
    assert_eq!(me(&house, &format!("{after}; {after}")).await, 401);
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn a_copy_of_the_database_opens_nothing(pool: PgPool) {
    let provider = OpenId::start();
    let house = provider.house(&pool, "rs256").await;
    let begun = begin(&house, "/aanmelden").await;
    let cookie = session(&house, &provider).await;
    let dump = crate::dump::dump(&pool);
    for value in [&cookie, &begun.cookie].map(|it| it.split_once('=').unwrap().1) {
        assert!(crate::dump::spellings(value).iter().all(|it| !dump.contains(it)), "{value}");
    }
    for name in ["state", "nonce"] {
        let value = begun.address.split(&format!("{name}=")).nth(1).unwrap();
        assert!(!dump.contains(value.split('&').next().unwrap()), "{name}");
    }
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn where_no_browsers_come_in_a_cookie_is_nothing(pool: PgPool) {
    let house = House::on("2026-06-30", &pool).await;
    assert_eq!(me(&house, &format!("{SESSION}=zomaar")).await, 401);
    for path in ["/aanmelden", "/aanmelden/terug?code=a&state=b"] {
        let answer = house.get(path).without_token().await.is(404);
        assert!(answer.json()["detail"].as_str().unwrap().contains("niet ingericht"));
    }
    let mine = house.get("/v1/ik").await.is(200).json();
    assert_eq!(mine["rollen"], json!(["casus"]));
}
