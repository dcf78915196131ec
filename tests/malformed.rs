//! What is no request at all, or too much of one: refused before anything is done with it, and nothing is stored.

use crate::access::who_may;
use crate::house::{Ask, House, id, stored};
use crate::told::{but, call, melding};
use axum::body::{Body, Bytes};
use axum::http::Method;
use server::api::ROUTES;
use sqlx::PgPool;
use std::convert::Infallible;

const CALL: &str = "/v1/contacten/00000000-0000-0000-0000-000000000001";

fn raw(house: &House, body: impl Into<Body>) -> Ask<'_> {
    house.put(CALL, &call()).body(body)
}

/// The path of a route with something filled in; `/v1` before it.
fn filled(path: &str) -> String {
    let path = path.replace("{id}", &id(1).to_string()).replace("{jaar}", "2026");
    format!("/v1{}", path.replace("{tabel}", "meldingen"))
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn what_is_no_json_is_no_request(pool: PgPool) {
    let house = House::on("2026-06-30", &pool).await;
    let deep = format!("{{\"kanaal\": {}{}}}", "[".repeat(10_000), "]".repeat(10_000));
    let wrong: [&[u8]; 11] = [
        b"",
        b"{",
        b"{'kanaal': 'chat'}",
        b"{\"kanaal\": \"chat\",}",
        b"{\"kanaal\": NaN}",
        b"{\"kanaal\": 1e999}",
        b"{\"kanaal\": \"\xff\xfe\"}",
        b"{\"kanaal\": \"\\ud800\"}",
        b"\xef\xbb\xbf{}",
        b"{} {}",
        deep.as_bytes(),
    ];
    for body in wrong {
        let place = ("", "geen geldige JSON (regel 1, teken");
        raw(&house, body.to_vec()).await.names(&[place]);
    }
    for body in ["[]", "null", "\"tekst\"", "12", "true", "[{\"kanaal\": \"chat\"}]"] {
        raw(&house, body).await.names(&[("", "verkeerde soort")]);
    }
    assert!(stored(&pool).await.iter().all(|it| *it == 0));
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn a_number_that_is_too_large_is_a_fault_like_any_other(pool: PgPool) {
    let house = House::on("2026-06-30", &pool).await;
    let told = but(melding("2026-06-29"), "/kinderen", 7).to_string();
    let path = format!("/v1/meldingen/{}", id(1));
    for huge in ["256", "18446744073709551616", "1e300", "-99999999999999999999"] {
        let body = told.replace("\"kinderen\":7", &format!("\"kinderen\":{huge}"));
        let why = if huge.starts_with('-') { "kleiner dan 0" } else { "groter dan 30" };
        house.put(&path, &call()).body(body).await.names(&[("/kinderen", why)]);
    }
    assert!(stored(&pool).await.iter().all(|it| *it == 0));
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn a_null_byte_breaks_nothing(pool: PgPool) {
    let house = House::on("2026-06-30", &pool).await;
    raw(&house, but(call(), "/kanaal", "chat\0").to_string()).await.is(400);
    raw(&house, but(call(), "/ontvangenOp", "2026-06-29\0").to_string()).await.is(400);
    raw(&house, but(call(), "/nul\0", "x").to_string()).await.is(400);
    house.get("/v1/contacten/%00").await.is(400);
    house.get("/v1/werklijst?na=%00").await.is(400);
    house.get("/v1/trendrapporten/%00").await.is(400);
    house.get("/v1/statistieken/%00?periode=2026&gebied=0106").await.is(404);
    assert!(stored(&pool).await.iter().all(|it| *it == 0));
    // In a free text it is text, and comes back as it was.
    let told = but(melding("2026-06-29"), "/toelichting", "voor\0na");
    let path = format!("/v1/meldingen/{}", id(1));
    house.put(&path, &told).await.is(201);
    assert_eq!(house.get(&path).await.json()["toelichtingen"][0], "voor\0na");
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn only_json_is_read(pool: PgPool) {
    let house = House::on("2026-06-30", &pool).await;
    let wrong = [
        "text/plain",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "application/xml",
        "application/jsonp",
        "application/json-patch+json",
        "",
    ];
    for kind in wrong {
        raw(&house, call().to_string()).with("content-type", kind).await.is(415);
    }
    raw(&house, call().to_string()).without("content-type").await.is(415);
    assert!(stored(&pool).await.iter().all(|it| *it == 0));
    let spelled = "Application/JSON; charset=utf-8";
    raw(&house, call().to_string()).with("content-type", spelled).await.is(201);
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn a_body_that_is_too_large_is_refused_whether_it_says_so_or_not(pool: PgPool) {
    let house = House::on("2026-06-30", &pool).await;
    let limit = house.app.limits.body_bytes;
    let answer = raw(&house, " ".repeat(limit + 1)).await.is(413);
    assert_eq!(answer.json()["detail"], "een verzoek is hoogstens 256 KB");
    // Whoever says beforehand that it will be too much is not even read.
    raw(&house, "{}").with("content-length", (limit + 1).to_string()).await.is(413);
    let piece = Bytes::from_static(&[b' '; 4096]);
    let endless = futures_util::stream::repeat_with(move || Ok::<_, Infallible>(piece.clone()));
    raw(&house, Body::from_stream(endless)).await.is(413);
    assert!(stored(&pool).await.iter().all(|it| *it == 0));
    let mut just = call().to_string();
    just.push_str(&" ".repeat(limit - just.len()));
    raw(&house, just).await.is(201);
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn a_wrong_method_is_told_which_are_right(pool: PgPool) {
    let house = House::on("2026-06-30", &pool).await;
    for route in ROUTES {
        let path = filled(route.path);
        for method in [Method::DELETE, Method::PATCH, Method::from_bytes(b"ONZIN").unwrap()] {
            let answer = house.ask(method, &path).await.is(405);
            let allowed = answer.header("allow").unwrap().to_lowercase();
            assert!(allowed.split(',').any(|it| it == route.method), "{path}: {allowed}");
            assert!(!allowed.contains("delete"), "{path}: {allowed}");
        }
    }
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn what_is_not_on_the_page_of_routes_is_not_found(pool: PgPool) {
    let house = House::on("2026-06-30", &pool).await;
    for route in ROUTES {
        let path = filled(route.path);
        let method = Method::from_bytes(route.method.to_uppercase().as_bytes()).unwrap();
        house.ask(method.clone(), format!("{path}/")).await.is(404);
        house.ask(method.clone(), format!("{path}/iets/anders")).await.is(404);
        house.ask(method, path.replacen("/v1/", "/v2/", 1)).await.is(404);
    }
    for path in
        ["/", "/v1", "/v1/", "/v1/klanten", "/v1/contacten", "/V1/werklijst", "/v1//werklijst"]
    {
        house.get(path).await.is(404);
        house.get(path).without_token().await.is(404);
    }
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn an_id_is_a_uuid(pool: PgPool) {
    let house = House::on("2026-06-30", &pool).await;
    for route in ROUTES.iter().filter(|it| it.path.contains("{id}")) {
        for wrong in ["7", "999990019", "niet-een-uuid", "%2e%2e"] {
            let path = format!("/v1{}", route.path.replace("{id}", wrong));
            let method = Method::from_bytes(route.method.to_uppercase().as_bytes()).unwrap();
            let answer = house.ask(method, path).by(who_may(route)).json(&call()).await;
            answer.names(&[("id", "geen UUID")]);
        }
    }
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn a_key_in_the_query_that_the_route_does_not_know_is_a_fault(pool: PgPool) {
    let house = House::on("2026-06-30", &pool).await;
    house.put(CALL, &call()).await.is(201);
    for route in ROUTES.iter().filter(|it| it.method == "get") {
        let path =
            format!("{}?periode=2026&gebied=0106&zoalsbekendop=2026-06-01", filled(route.path));
        let path = if route.path.contains("{tabel}") {
            path
        } else {
            path.replace("periode=2026&gebied=0106&", "")
        };
        let answer = house.get(path).by(who_may(route)).await;
        answer.names(&[("zoalsbekendop", "onbekende sleutel")]);
    }
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn a_moment_as_known_at_is_a_moment_and_not_to_come(pool: PgPool) {
    let house = House::on("2026-06-30", &pool).await;
    house.put(CALL, &call()).await.is(201);
    let wrong = [
        ("gisteren", "geen tijdstip"),
        ("", "geen tijdstip"),
        ("2026-13-01", "geen tijdstip"),
        ("2026-6-1", "geen tijdstip"),
        ("2026-06-01T00:00:00", "geen tijdstip"),
        ("-9999-01-01", "geen tijdstip"),
        ("-262143-01-01", "geen tijdstip"),
        ("%2B12026-01-01", "geen tijdstip"),
        ("2026-07-01", "ligt in de toekomst; het is nu 2026-06-30"),
        ("2026-06-30T12:00:01Z", "ligt in de toekomst"),
        ("9999-12-31T23:59:59Z", "ligt in de toekomst"),
    ];
    let about = "/v1/statistieken/meldingen?periode=2026&gebied=0106&";
    for (moment, why) in wrong {
        for path in [&format!("{CALL}?"), "/v1/trendrapporten/2026?", about] {
            let answer = house.get(format!("{path}zoalsBekendOp={moment}")).await;
            answer.names(&[("zoalsBekendOp", why)]);
        }
    }
    house.get(format!("{CALL}?zoalsBekendOp=0000-01-01")).await.is(404);
    house.get("/v1/trendrapporten/2026?zoalsBekendOp=0000-01-01T00:00:00Z").await.is(200);
}
