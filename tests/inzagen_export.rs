//! Looks as others ask for them: what a collector of Logboek Dataverwerkingen gets is exactly what was recorded, also when it was away for a
//! while, and no worker is in it; for NEN 7513 the worker is.

use crate::cli::{KeyFile, on, run};
use crate::house::{House, id};
use crate::told::{MAN, WOMAN, melding, receive_melding};
use axum::extract::State;
use axum::http::StatusCode;
use axum::routing::post;
use axum::{Json, Router};
use serde_json::{Value, json};
use sqlx::PgPool;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use tokio::net::TcpListener;

/// A collector: what it confirmed, and how many requests it confirms before it falls silent.
#[derive(Clone, Default)]
struct Collector(Arc<Mutex<(Vec<Value>, usize)>>);

async fn collect(
    State(it): State<Collector>,
    Json(body): Json<Value>,
) -> (StatusCode, Json<Value>) {
    let (got, willing) = &mut *it.0.lock().unwrap();
    if *willing == 0 {
        return (StatusCode::SERVICE_UNAVAILABLE, Json(json!({})));
    }
    *willing -= 1;
    got.push(body);
    (StatusCode::OK, Json(json!({ "partialSuccess": {} })))
}

impl Collector {
    async fn on_loopback(&self) -> String {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let router = Router::new().route("/v1/traces", post(collect)).with_state(self.clone());
        tokio::spawn(async move { axum::serve(listener, router).await });
        format!("http://{address}/v1/traces")
    }

    fn confirms(&self, requests: usize) {
        self.0.lock().unwrap().1 = requests;
    }

    fn spans(&self) -> Vec<Value> {
        let got = &self.0.lock().unwrap().0;
        let all = got.iter().map(|it| it["resourceSpans"][0]["scopeSpans"][0]["spans"].clone());
        all.flat_map(|it| it.as_array().unwrap().clone()).collect()
    }
}

async fn some_looks(pool: &PgPool) {
    let house = House::on("2026-06-30", pool).await;
    receive_melding(&house, 1, &melding("2026-06-29")).await;
    for _ in 0..3 {
        house.get(format!("/v1/meldingen/{}", id(1))).await.is(200);
    }
    house.get(format!("/v1/personen/{}", id(WOMAN))).await.is(404);
    house.get("/v1/werklijst?soort=monitoring").await.is(200);
}

fn attributes(span: &Value) -> BTreeMap<String, String> {
    let all = span["attributes"].as_array().unwrap().iter();
    let text = |it: &Value| it.as_str().unwrap().to_owned();
    all.map(|it| (text(&it["key"]), text(&it["value"]["stringValue"]))).collect()
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn a_collector_gets_all_that_was_recorded_once_also_after_it_was_away(pool: PgPool) {
    some_looks(&pool).await;
    let collector = Collector::default();
    let (address, keys) = (collector.on_loopback().await, KeyFile::new());
    let mark = keys.0.with_extension("stand");
    let send = || {
        let mut program = on(&pool, &keys);
        let (address, mark) = (address.clone(), mark.display().to_string());
        tokio::task::spawn_blocking(move || {
            let plain = ["inzagen", "exporteren", "--organisatie", "VT02", "--vorm", "ldv"];
            let more = ["--partij", "2", "--naar", &address, "--stand", &mark];
            run(&mut program, &[&plain[..], &more].concat())
        })
    };
    collector.confirms(1);
    send().await.unwrap().says("bevestigt niet: 503");
    collector.confirms(usize::MAX);
    send().await.unwrap().printed();
    let before = collector.spans().len();
    send().await.unwrap().printed();
    assert_eq!(collector.spans().len(), before, "what was confirmed was sent again");
    std::fs::remove_file(&mark).unwrap();

    let recorded = crate::inzagen::looks(&pool).await;
    assert_eq!(recorded.len(), 5);
    let spans = collector.spans();
    // A look at two persons is a record of its own with one below it for each.
    for look in &recorded {
        let own = |it: &&Value| it["traceId"] == look["trace"]["id"];
        let of_look: Vec<&Value> = spans.iter().filter(own).collect();
        let persons = look["persons"].as_array().unwrap().len();
        assert_eq!(of_look.len(), if persons > 1 { persons + 1 } else { 1 }, "{look}");
        let parent = of_look.iter().find(|it| it["spanId"] == look["trace"]["span"]).unwrap();
        assert_eq!(attributes(parent)["dpl.core.processing_activity_id"], look["processing"]);
        let about =
            of_look.iter().filter(|it| attributes(it).contains_key("dpl.core.data_subject_id"));
        assert_eq!(about.count(), persons, "{look}");
    }
    let all = spans.iter().map(Value::to_string).collect::<String>();
    for hidden in [House::worker(), id(WOMAN), id(MAN)] {
        assert!(!all.contains(&hidden.to_string()), "{hidden} is in what the collector got");
    }
    let named =
        spans.iter().map(attributes).filter_map(|it| it.get("dpl.core.data_subject_id").cloned());
    let named: std::collections::BTreeSet<String> = named.collect();
    assert_eq!(named.len(), 2, "one name for each of two persons, always the same");
    assert!(
        spans.iter().all(|it| it["status"]["code"] == 1 && it["startTimeUnixNano"].is_string())
    );
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn for_nen_7513_each_look_says_who_in_which_role_for_what_and_because_of_what(pool: PgPool) {
    some_looks(&pool).await;
    let keys = KeyFile::new();
    let ask = |more: &[&str]| {
        let plain = ["inzagen", "exporteren", "--organisatie", "VT02", "--vorm", "nen7513"];
        run(&mut on(&pool, &keys), &[&plain, more].concat())
    };
    let lines = ask(&["--van", "2026-06-30", "--tot", "2026-06-30"]).printed();
    let records: Vec<Value> = lines.lines().map(|it| serde_json::from_str(it).unwrap()).collect();
    assert_eq!(records.len(), 5);
    let first = &records[0];
    assert!(first["profiel"].as_str().unwrap().contains("concept"));
    let user = &first["users"][0];
    assert_eq!(
        (&user["userID"], &user["roleIDCode"]),
        (&json!(House::worker()), &json!(["casus"]))
    );
    assert_eq!(
        (&user["purposeOfUse"], &first["autorisatieProtocol"]),
        (&json!("onderzoek-en-vervolg"), &json!("rol"))
    );
    assert_eq!(first["participants"].as_array().unwrap().len(), 2);
    assert_eq!(
        (&first["EventOutcomeIndicator"], &first["EventActionCode"]),
        (&json!("0"), &json!("R"))
    );
    assert_eq!(records[3]["EventOutcomeIndicator"], "4");
    assert_eq!(ask(&["--tot", "2026-06-29"]).printed(), "");
    ask(&["--naar", "https://verzamelpunt.example/v1/traces", "--stand", "x"])
        .says("alleen bij --vorm ldv");
}
