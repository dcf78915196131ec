//! `/aanmelden`: with a real OpenID provider; what is right comes in, and everything that is not right does not.

use crate::answer::Answer;
use crate::openid::{
    OpenId, SESSION, UNDER_WAY, begin, come_back, kept, log_in, session, somebody_with,
};
use serde_json::json;
use sqlx::PgPool;

/// Not logged in: told so, and without a session.
fn stays_out(answer: Answer, status: u16, why: &str) {
    let answer = answer.is(status);
    assert!(answer.json()["detail"].as_str().unwrap().contains(why), "{}", answer.text());
    assert_eq!(answer.header("set-cookie"), None);
}

async fn sessions(pool: &PgPool) -> i64 {
    sqlx::query_scalar("select count(*) from session").fetch_one(pool).await.unwrap()
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn whoever_logs_in_at_the_provider_is_in_here_whatever_proof_it_asks_of_us(pool: PgPool) {
    let provider = OpenId::start();
    for client in ["rs256", "ps256", "eddsa", "geheim"] {
        let house = provider.house(&pool, client).await;
        let answer = log_in(&house, &provider).await.is(303);
        assert_eq!(answer.header("location"), Some("/werklijst"), "{client}");
        let cookie = kept(&answer, SESSION);
        // The cookie of the way there goes.
        assert_eq!(kept(&answer, UNDER_WAY), format!("{UNDER_WAY}="));
        let me = house.get("/v1/ik").without_token().with("cookie", &cookie).await.is(200).json();
        assert_eq!((&me["organisatie"], &me["rollen"]), (&json!("VT02"), &json!(["casus"])));
        house.get("/v1/werklijst").without_token().with("cookie", &cookie).await.is(200);
        house.get("/v1/trendrapporten/2026").without_token().with("cookie", &cookie).await.is(403);
    }
    assert_eq!(sessions(&pool).await, 4);
    let left = sqlx::query_scalar::<_, i64>("select count(*) from login");
    assert_eq!(left.fetch_one(&pool).await.unwrap(), 0);
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn an_answer_and_a_code_are_taken_once(pool: PgPool) {
    let provider = OpenId::start();
    let house = provider.house(&pool, "rs256").await;
    let begun = begin(&house, "/aanmelden").await;
    let back = provider.browse(&begun.address).await;
    come_back(&house, &back, &begun.cookie).await.is(303);
    let again = come_back(&house, &back, &begun.cookie).await;
    stays_out(again, 401, "al gebruikt");
    // The code that was used, in a login that is new and right in everything else.
    let fresh = begin(&house, "/aanmelden").await;
    let right = provider.browse(&fresh.address).await;
    let replayed = right.replace(&parameter(&right, "code"), &parameter(&back, "code"));
    stays_out(come_back(&house, &replayed, &fresh.cookie).await, 401, "klopt niet");
    assert_eq!(sessions(&pool).await, 1);
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn an_answer_belongs_to_the_browser_and_the_login_it_was_asked_in(pool: PgPool) {
    let provider = OpenId::start();
    let mut house = provider.house(&pool, "rs256").await;
    let (one, other) = (begin(&house, "/aanmelden").await, begin(&house, "/aanmelden").await);
    let back = provider.browse(&one.address).await;
    let state = parameter(&back, "state");
    let again = "begin opnieuw";
    stays_out(come_back(&house, &back, &other.cookie).await, 401, again);
    stays_out(come_back(&house, &back, "iets=anders").await, 401, again);
    stays_out(come_back(&house, &back, &format!("{0}; {0}", one.cookie)).await, 401, again);
    stays_out(come_back(&house, &back, &format!("{UNDER_WAY}=zomaar")).await, 401, again);
    for wrong in ["zomaar", "", &state[1..]] {
        let wrong = back.replace(&state, wrong);
        stays_out(come_back(&house, &wrong, &one.cookie).await, 401, again);
    }
    let twice = format!("{back}&state={state}");
    stays_out(come_back(&house, &twice, &one.cookie).await, 401, again);
    stays_out(come_back(&house, "/aanmelden/terug", &one.cookie).await, 401, again);
    // Ten minutes is what a login may take.
    house.later(600);
    stays_out(come_back(&house, &back, &one.cookie).await, 401, again);
    assert_eq!(sessions(&pool).await, 0);
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn an_id_token_with_another_nonce_or_of_another_issuer_is_not_taken(pool: PgPool) {
    let provider = OpenId::start();
    let house = provider.house(&pool, "rs256").await;
    let begun = begin(&house, "/aanmelden").await;
    let nonce = parameter(&begun.address, "nonce");
    let back = provider.browse(&begun.address.replace(&nonce, "een-andere-nonce")).await;
    stays_out(come_back(&house, &back, &begun.cookie).await, 401, "klopt niet");
    let begun = begin(&house, "/aanmelden").await;
    let back = provider.browse(&begun.address).await;
    let issuer = parameter(&back, "iss");
    let wrong = back.replace(&issuer, "https%3A%2F%2Felders.example");
    stays_out(come_back(&house, &wrong, &begun.cookie).await, 401, "klopt niet");
    let unsaid = back.replace(&format!("&iss={issuer}"), "");
    assert_ne!(unsaid, back);
    stays_out(come_back(&house, &unsaid, &begun.cookie).await, 401, "klopt niet");
    // Without PKCE the provider would give a code to whoever listened.
    let begun = begin(&house, "/aanmelden").await;
    assert_eq!(parameter(&begun.address, "code_challenge_method"), "S256");
    let challenge = parameter(&begun.address, "code_challenge");
    let other = begin(&house, "/aanmelden").await;
    let back = provider
        .browse(&begun.address.replace(&challenge, &parameter(&other.address, "code_challenge")))
        .await;
    stays_out(come_back(&house, &back, &begun.cookie).await, 401, "klopt niet");
    assert_eq!(sessions(&pool).await, 0);
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn without_a_second_factor_or_a_role_nobody_comes_in(pool: PgPool) {
    let provider = OpenId::start();
    let house = provider.house(&pool, "rs256").await;
    let factor = "tweede factor";
    let nobody = "geen rol in dit register";
    for (key, value, why) in [
        ("amr", json!(["pwd"]), factor),
        ("amr", json!([]), factor),
        ("amr", json!(null), factor),
        ("rol", json!("baas"), nobody),
        ("rol", json!([]), nobody),
        ("rol", json!(null), nobody),
        ("rol", json!("politie"), nobody),
        ("organisatie", json!("Drenthe"), nobody),
    ] {
        provider.sees(&somebody_with(key, &value)).await;
        stays_out(log_in(&house, &provider).await, 403, why);
    }
    let begun = begin(&house, "/aanmelden").await;
    let state = parameter(&begun.address, "state");
    let refused =
        format!("/aanmelden/terug?error=access_denied&error_description=geheim&state={state}");
    let answer = come_back(&house, &refused, &begun.cookie).await;
    assert!(!answer.text().contains("geheim"));
    stays_out(answer, 401, "heeft u niet aangemeld");
    assert_eq!(sessions(&pool).await, 0);
    provider.sees(&somebody_with("rol", &json!(["intake", "manager"]))).await;
    let cookie = session(&house, &provider).await;
    let me = house.get("/v1/ik").without_token().with("cookie", cookie).await.json();
    assert_eq!(me["rollen"], json!(["intake", "manager"]));
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn after_the_provider_changed_its_keys_people_log_in(pool: PgPool) {
    let provider = OpenId::start();
    let mut house = provider.house(&pool, "rs256").await;
    let before = session(&house, &provider).await;
    let token = provider.access_token("meldboek").await;
    let list = async |house: &crate::house::House, token: &str| {
        house.get("/v1/werklijst").with("authorization", format!("Bearer {token}")).await.status
    };
    assert_eq!(list(&house, &token).await, 200);
    provider.changes_its_keys().await;
    let after = provider.access_token("meldboek").await;
    house.later(30);
    assert_eq!(list(&house, &after).await, 200);
    assert_eq!(list(&house, &token).await, 401);
    log_in(&house, &provider).await.is(303);
    // A session is ours: it does not hang on the key that began it.
    house.get("/v1/ik").without_token().with("cookie", before).await.is(200);
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn a_token_of_the_provider_is_for_us_and_signed_and_not_over(pool: PgPool) {
    let provider = OpenId::start();
    let mut house = provider.house(&pool, "rs256").await;
    let (right, elsewhere) =
        (provider.access_token("meldboek").await, provider.access_token("elders").await);
    let unsigned =
        format!("eyJhbGciOiJub25lIiwidHlwIjoiSldUIn0.{}.", right.split('.').nth(1).unwrap());
    let opaque = "Z4kqT3zPRMWyYqYzq2iV0k8v2hFqkQb7iTnJt1eXg8A".to_owned();
    for (what, token, status) in [
        ("right", &right, 200),
        ("for another", &elsewhere, 401),
        ("unsigned", &unsigned, 401),
        ("no JWT", &opaque, 401),
        ("right once more", &right, 200),
    ] {
        let bearer = format!("Bearer {token}");
        let answer = house.get("/v1/werklijst").with("authorization", bearer).await;
        assert_eq!(answer.status, status, "{what}");
    }
    house.later(301);
    let answer = house.get("/v1/werklijst").with("authorization", format!("Bearer {right}"));
    assert_eq!(answer.await.is(401).json()["detail"], "dit token is verlopen");
}

/// A parameter of an address, as it stands there.
fn parameter(address: &str, name: &str) -> String {
    let query = address.split_once('?').unwrap().1;
    let mut pairs = query.split('&').filter_map(|it| it.split_once('='));
    pairs.find(|(it, _)| *it == name).unwrap().1.to_owned()
}
