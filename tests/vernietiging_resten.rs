//! What PostgreSQL leaves lying about of somebody who was destroyed: in the files of tables and indexes, in statistics, and in its write-ahead
//! log, of both databases. What was told of him never stands there in plain text. What is left of his key does, for a while, wrapped under a
//! key that is still there; `deploy/README.md` says how that ends, and here it is done.

use crate::access::{ask, make, told as right_body, who_may};
use crate::dump::{dump, spellings};
use crate::house::{House, id};
use crate::markers::{keep_the_log, log};
use crate::source::root;
use crate::steps::{at, step};
use crate::told::{but, melding};
use domain::access::Role;
use domain::id::Log;
use serde_json::{Value, json};
use server::api::{ROUTES, Route};
use sqlx::PgPool;
use uuid::Uuid;

const ERASURE: u128 = 0xE1;
const HER: &str = "Roerdompmarker";
const BSN: &str = "999990135";

/// The files of the cluster in which some bytes stand: of this database, and of the log of all of them. A segment of the log that is recycled gets
/// another name and keeps its bytes: when one is gone before it was read, all are read again.
async fn files_with(pool: &PgPool, bytes: &[u8]) -> Vec<String> {
    let files = "select name, content is null from (
             select name, pg_read_binary_file(file, 0, 32 * 1024 * 1024, true) as content from (
                 select relname::text as name, pg_relation_filepath(oid) as file from pg_class where relkind in ('r', 'i', 't', 'm')
                 union all select 'wal', 'pg_wal/' || name from pg_ls_waldir()) as named
             where file is not null) as files
         where content is null or position($1 in content) > 0 order by 1";
    loop {
        let files = sqlx::query_as::<_, (String, bool)>(files).bind(bytes);
        let mut files = files.fetch_all(pool).await.unwrap();
        if files.iter().any(|(name, gone)| *gone && name == "wal") {
            continue;
        }
        files.retain(|(_, gone)| !gone);
        files.dedup();
        return files.into_iter().map(|(name, _)| name).collect();
    }
}

/// What is in memory goes to the files.
async fn flush(pool: &PgPool) {
    sqlx::raw_sql("checkpoint").execute(pool).await.unwrap();
}

/// Every segment of the log that is recycled is written anew: a switch fills the rest of one with zeros.
async fn recycle(pool: &PgPool, bytes: &[u8]) {
    let mut absent = 0;
    for _ in 0..400 {
        let there = files_with(pool, bytes).await.contains(&"wal".to_owned());
        // Whoever lists a folder may miss a file that gets another name just then: it is looked for once more.
        absent = if there { 0 } else { absent + 1 };
        if absent == 3 {
            return;
        }
        for _ in 0..8 {
            let next =
                "select pg_logical_emit_message(false, 'meldboek', ''); select pg_switch_wal()";
            sqlx::raw_sql(next).execute(pool).await.unwrap();
        }
        flush(pool).await;
    }
    panic!("it stays in the log, however often that is recycled");
}

async fn told(house: &House) -> Uuid {
    let body = melding("2026-06-29");
    let her: Uuid = body["personen"][0]["id"].as_str().unwrap().parse().unwrap();
    let body = but(body, "/personen/0/gegevens", json!({ "naam": HER, "bsn": BSN }));
    house.put(format!("/v1/meldingen/{}", id(1)), &body).await.is(201);
    her
}

/// Her key as it is stored, and the key above it.
async fn keys(pool: &PgPool, her: Uuid) -> (Vec<u8>, Vec<u8>) {
    let keys = sqlx::query_as(
        "select wrapped, sealed from data_key d join sleutels.wrapped_key w using (key)
         join sleutels.key_encryption_key k on k.number = w.kek where d.subject = $1",
    );
    keys.bind(her).fetch_one(pool).await.unwrap()
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn of_whoever_is_destroyed_nothing_is_left_in_files_or_in_the_log_of_the_database(
    pool: PgPool,
) {
    let house = House::on("2026-06-30", &pool).await;
    let her = told(&house).await;
    let (wrapped, kek) = keys(&pool, her).await;
    // At once: whoever writes beside us has the log recycled before long.
    assert!(
        files_with(&pool, &wrapped).await.contains(&"wal".to_owned()),
        "it is looked for there"
    );
    // Statistics are samples of rows, and outlive them.
    sqlx::raw_sql("analyze").execute(&pool).await.unwrap();
    flush(&pool).await;
    let mut before = files_with(&pool, &wrapped).await;
    before.retain(|it| it != "wal");
    assert_eq!(before, ["wrapped_key"], "it is looked for where it is, and nowhere else");
    for text in [HER, BSN] {
        assert!(files_with(&pool, text.as_bytes()).await.is_empty(), "it never was in plain text");
    }

    house.forgets(ERASURE, &[her]).await;
    house.app.store.erase_all().await.unwrap();
    // What an administrator does afterwards (deploy/README.md): another key above all keys, and tables that are written anew.
    house.app.store.rotate_keys(|_| true).await.unwrap().unwrap();
    for anew in ["vacuum full sleutels.wrapped_key", "vacuum full sleutels.key_encryption_key"] {
        sqlx::raw_sql(anew).execute(&pool).await.unwrap();
    }
    flush(&pool).await;
    for (what, bytes) in [("her key", wrapped), ("the key above it", kek)] {
        recycle(&pool, &bytes).await;
        assert_eq!(files_with(&pool, &bytes).await, [""; 0], "{what}");
    }
    for text in [HER, BSN] {
        assert!(files_with(&pool, text.as_bytes()).await.is_empty(), "nor afterwards");
    }
}

/// Short enough for every text that may be told.
const MARKER: &str = "Purperreiger";

/// Where in a body somebody may write what he likes, by its published schema.
fn texts(all: &Value, schema: &Value, at: &str, found: &mut Vec<String>) {
    if let Some(name) = schema["$ref"].as_str() {
        return texts(all, all.pointer(&name[1..]).unwrap(), at, found);
    }
    for one in ["allOf", "anyOf", "oneOf"] {
        for it in schema[one].as_array().into_iter().flatten() {
            texts(all, it, at, found);
        }
    }
    for (name, it) in schema["properties"].as_object().into_iter().flatten() {
        texts(all, it, &format!("{at}/{name}"), found);
    }
    if schema["items"].is_object() {
        texts(all, &schema["items"], &format!("{at}/0"), found);
    }
    let fixed = ["enum", "const", "format", "pattern"].iter().any(|it| schema.get(it).is_some());
    if schema["type"] == "string" && !fixed {
        found.push(at.to_owned());
    }
}

/// A right body of a route with everything in it that somebody may write, and how much that is.
fn told_in_full(interface: &Value, route: &Route, number: u128) -> (Value, usize) {
    let body = &interface["paths"][route.path][route.method]["requestBody"]["content"];
    let mut found = Vec::new();
    texts(interface, &body["application/json"]["schema"], "", &mut found);
    let (mut told, whole) = (right_body(route, number).unwrap(), melding("2026-06-30"));
    for at in &found {
        let value = if at.ends_with("/bsn") { BSN } else { MARKER };
        let mut to = &mut told;
        for step in at[1..].split('/') {
            to = if step == "0" { &mut to[0] } else { &mut to[step] };
            // What has to stand beside it.
            if to.is_null() {
                *to = whole[step].clone();
            }
        }
        *to = json!(value);
    }
    (told, found.len())
}

/// Everything that can be read of a number, whatever it is the number of.
async fn read(house: &House, noun: &str, number: u128) -> String {
    let mut read = String::new();
    let of_it = format!("/{noun}/{{id}}");
    for route in ROUTES.iter().filter(|it| it.method == "get" && it.path.starts_with(&of_it)) {
        let answer = ask(house, route, number, who_may(route)).await;
        assert!(answer.status < 500, "{}: {}", route.path, answer.text());
        read.push_str(&answer.text());
    }
    read
}

/// Through every opening there is, by the published interface; then everybody is destroyed, and it is looked for wherever something can be.
#[sqlx::test(migrator = "store::MIGRATOR")]
async fn what_came_in_by_any_route_is_nowhere_when_all_it_was_about_are_destroyed(pool: PgPool) {
    let house = House::on("2026-06-30", &pool).await;
    let interface = std::fs::read_to_string(root().join("schemas/openapi.json")).unwrap();
    let interface: Value = serde_json::from_str(&interface).unwrap();
    keep_the_log();
    let (mut told, mut shown) = (Vec::new(), 0);
    for (number, route) in (0x1000..).step_by(0x100).zip(ROUTES).filter(|(_, it)| it.body.is_some())
    {
        let (body, texts) = told_in_full(&interface, route, number);
        if texts == 0 {
            continue;
        }
        make(&house, route, number).await;
        let answer = ask(&house, route, number, who_may(route)).json(&body).await;
        assert!(matches!(answer.status, 200 | 201), "{}: {}", route.path, answer.text());
        if route.path.ends_with("/bewaring") {
            // Otherwise nothing of it may be destroyed.
            let (lift, told) = ("bewaring/opheffing", step("bewaring/opheffing", number).1);
            house.post(at(number, lift), &told).by(Role::Privacy).await.is(200);
        }
        let noun = route.path.split('/').nth(1).unwrap();
        shown += usize::from(read(&house, noun, number).await.contains(MARKER));
        told.push((noun, number, texts));
    }
    let texts: usize = told.iter().map(|it| it.2).sum();
    assert!(told.len() > 40 && shown > 40 && texts > 100, "{} {shown} {texts}", told.len());

    let all =
        sqlx::query_scalar::<_, Uuid>("select subject from data_key where organisation = 'VT02'");
    let all = all.fetch_all(&pool).await.unwrap();
    house.forgets(ERASURE, &all).await;
    house.app.store.erase_all().await.unwrap();
    let mut left = vec![("the dump", dump(&pool)), ("the log of the server", log())];
    for (noun, number, _) in told {
        left.push((noun, read(&house, noun, number).await));
    }
    for of in Log::both("VT02".parse().unwrap()) {
        let mut exported = Vec::new();
        house.app.store.export_log(of, &mut exported).await.unwrap();
        left.push(("an export", String::from_utf8(exported).unwrap()));
    }
    for (place, text) in left {
        for spelling in spellings(MARKER).iter().chain(&spellings(BSN)) {
            assert!(!text.contains(spelling), "{place} holds {spelling}");
        }
    }
    flush(&pool).await;
    for text in [MARKER, BSN] {
        assert!(files_with(&pool, text.as_bytes()).await.is_empty(), "{text}");
    }
}
