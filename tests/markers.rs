//! What identifies a person goes in through every opening that there is, rightly and wrongly, and comes out nowhere but in the file
//! of that person: not in the database, not in a log, not in the metrics, not in what somebody else is told.

use crate::dump::{dump, spellings};
use crate::house::{House, id};
use crate::steps::{at, make_case_for, routes, step};
use crate::told::{MAN, WOMAN, assess, but, call, melding, person, question, receive_melding};
use axum::http::Method;
use serde_json::{Value, json};
use sqlx::PgPool;
use std::cell::RefCell;
use std::io;
use std::sync::Once;

/// Strings that occur nowhere else. The BSN is of the range for tests.
const NAME: &str = "Zwaluwstaart";
const BSN: &str = "999990019";
const WRONG_BSN: &str = "999990018";
const PHONE: &str = "0880123987";
const STREET: &str = "Merelmarkeringslaan";
const POSTCODE: &str = "9876ZW";
const MAIL: &str = "wielewaal@familie.example";
const BORN: &str = "1947-11-23";
const TEXT: &str = "IJsvogelmarkering achter de schutting";
/// The shape of a code, so that it comes past every check of form.
const CODE: &str = "putterverklikker";

const MARKERS: [&str; 10] = [NAME, BSN, WRONG_BSN, PHONE, STREET, POSTCODE, MAIL, BORN, TEXT, CODE];

thread_local! {
    /// What this thread logged since it began to listen; a test and all that it starts run on one.
    static LOG: RefCell<Option<Vec<u8>>> = const { RefCell::new(None) };
}

/// Begins to keep the log of this thread. The subscriber is one for the whole process: what another thread decides about a line
/// of the log would otherwise hold for this one too.
fn keep_the_log() {
    static SUBSCRIBER: Once = Once::new();
    SUBSCRIBER.call_once(|| {
        let subscriber = tracing_subscriber::fmt()
            .json()
            .with_env_filter("debug,server=trace,store=trace")
            .with_writer(|| Kept)
            .finish();
        tracing::subscriber::set_global_default(subscriber).unwrap();
    });
    LOG.set(Some(Vec::new()));
}

fn log() -> String {
    String::from_utf8(LOG.take().unwrap()).unwrap()
}

struct Kept;

impl io::Write for Kept {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        LOG.with_borrow_mut(|it| it.as_mut().map(|it| it.extend_from_slice(bytes)));
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

fn details() -> Value {
    json!({
        "naam": NAME, "voornamen": NAME, "achternaam": NAME, "geboortenaam": NAME, "bsn": BSN, "telefoon": PHONE, "email": MAIL,
        "organisatie": NAME, "functie": NAME,
        "adres": { "straat": STREET, "huisnummer": "1", "postcode": POSTCODE, "woonplaats": NAME },
    })
}

/// All that may be told, where it may be told.
async fn tell(house: &House) {
    let told = but(melding("2026-06-29"), "/melder/gegevens", details());
    let told = but(told, "/personen/0/gegevens", details());
    let told = but(told, "/personen/0/geboortedatum", BORN);
    receive_melding(house, 1, &but(told, "/toelichting", TEXT)).await;
    let people = json!([person(WOMAN, "slachtoffer", "vrouw"), person(MAN, "pleger", "man")]);
    let people = but(but(people, "/1/gegevens", details()), "/1/geboortedatum", BORN);
    let correction = json!({ "reden": "anders", "personen": people, "toelichting": TEXT });
    house.post(format!("/v1/meldingen/{}/correcties", id(1)), &correction).await.is(200);
    let decision = json!({ "op": "2026-06-30", "uitkomst": "overdracht", "toelichting": TEXT });
    let path = format!("/v1/meldingen/{}/veiligheidsbeoordelingen", id(1));
    house.post(path, &decision).await.is(200);
    let known = json!({ "geslacht": "vrouw", "geboortedatum": BORN, "gegevens": details() });
    let path = format!("/v1/personen/{}", id(WOMAN));
    house.put(&path, &known).await.is(201);
    let more = json!({ "op": "2026-06-30", "geboortedatum": BORN, "gegevens": details() });
    house.post(format!("{path}/identificaties"), &more).await.is(200);
    let other = but(more.clone(), "/reden", "anders");
    house.post(format!("{path}/correcties"), &other).await.is(200);
    house.post(format!("{path}/geboorte"), &more).await.is(200);
    for (action, reason) in
        [("samenvoegingen", "zelfde-bsn"), ("ontkoppelingen", "persoonsverwisseling")]
    {
        let link =
            json!({ "met": id(MAN), "reden": reason, "op": "2026-06-30", "toelichting": TEXT });
        house.post(format!("{path}/{action}"), &link).await.is(200);
    }
    search(house).await;
}

/// Everything that may be asked for; whom it finds, and that somebody looked, is told to nobody else.
async fn search(house: &House) {
    let asked = json!({
        "naam": NAME, "voornamen": NAME, "voorvoegsel": NAME, "achternaam": NAME, "geboortedatum": BORN, "geslacht": "vrouw",
        "bsn": BSN, "telefoon": PHONE, "postcode": POSTCODE, "huisnummer": "1",
    });
    let found = house.post("/v1/personen/_zoek", &asked).await.is(200);
    assert!(found.text().contains(NAME), "{}", found.text());
    house.get(format!("/v1/meldingen/{}/dubbelingen", id(1))).await.is(200);
}

/// Every step of a casus, with what may be told with it.
async fn tell_steps(house: &House) {
    for (number, (_, name)) in (0x100..).zip(routes()) {
        make_case_for(house, name, number).await;
        let mut body = step(name, number).1;
        for (key, value) in [
            ("toelichting", json!(TEXT)),
            ("ontvanger", json!({ "organisatie": NAME, "telefoon": PHONE, "email": MAIL })),
        ] {
            if body.get(key).is_some() {
                body[key] = value;
            }
        }
        house.post(at(number, name), &body).await.is(200);
        for (key, value) in step(name, number).1.as_object().unwrap() {
            if value.is_string() && key != "toelichting" {
                house
                    .post(at(number, name), &but(body.clone(), &format!("/{key}"), CODE))
                    .await
                    .is(400);
            }
        }
    }
}

/// All of it where it does not belong: in codes, dates, ids, paths, queries, headers, methods, and keys.
async fn blurt_out(house: &House) {
    let calls = "/v1/contacten";
    let path = format!("{calls}/{}", id(7));
    for marker in MARKERS {
        for key in ["/kanaal", "/ontvangenOp", "/beantwoordOp", "/oproepId", &format!("/{marker}")]
        {
            house.put(&path, &but(call(), key, marker)).await.is(400);
        }
        for key in ["/gemeente", "/hoedanigheid", "/vormen/0", "/vormen"] {
            house
                .put(format!("/v1/adviezen/{}", id(7)), &but(question(), key, marker))
                .await
                .is(400);
        }
        for key in [
            "/melder",
            "/personen/0/id",
            "/personen/0/geslacht",
            "/relaties/0/relatie",
            "/kinderen",
        ] {
            let told = but(melding("2026-06-29"), key, marker);
            house.put(format!("/v1/meldingen/{}", id(7)), &told).await.is(400);
        }
        house.put(&path, &call()).body(marker).await.is(400);
        ask_wrongly(house, marker).await;
        let safe = marker.replace(' ', "%20");
        house.get(format!("{calls}/{safe}")).await.is(400);
        house.get(format!("/v1/{safe}")).await.is(404);
        house.get(format!("/{safe}")).without_token().await.is(404);
        house.get(format!("/v1/werklijst?{safe}={safe}")).await.is(400);
        house.get(format!("/v1/werklijst?na={safe}")).await.is(400);
        house.get(format!("/v1/trendrapporten/{safe}")).await.is(400);
        house.get(format!("/v1/statistieken/{safe}?periode=2026&gebied=0106")).await.is(404);
        house.get(format!("/v1/statistieken/meldingen?periode={safe}&gebied={safe}")).await.is(400);
        let method = marker.replace([' ', '@'], "-");
        house.ask(Method::from_bytes(method.as_bytes()).unwrap(), &path).await.is(405);
        house.get(&path).with("authorization", format!("Bearer {marker}")).await.is(401);
        for header in ["user-agent", "x-request-id", "traceparent", "accept", "referer", "cookie"] {
            house.get(&path).with(header, marker).await.is(404);
        }
        let action = format!("{path}/afronding");
        let ended = json!({ "uitkomst": "advies" });
        house.post(&action, &ended).with("idempotency-key", marker).await.is(400);
        // A number is taken for a version, which is an old one then.
        let number = marker.bytes().all(|it| it.is_ascii_digit());
        let status = if number { 412 } else { 400 };
        house.post(&action, &ended).with("if-match", marker).await.is(status);
        house.post(&action, &ended).with("content-type", marker).await.is(415);
    }
    for (noun, body) in
        [("personen", json!({ "geslacht": "man" })), ("meldingen", melding("2026-06-29"))]
    {
        let at = if noun == "personen" { "/gegevens" } else { "/melder/gegevens" };
        let body = but(body, at, but(details(), "/bsn", WRONG_BSN));
        let refused = house.put(format!("/v1/{noun}/{}", id(7)), &body).await.is(400);
        // Not even to whoever sent it: it may be the number of somebody else.
        assert!(!refused.text().contains(WRONG_BSN), "{}", refused.text());
    }
}

/// A question in which a marker stands where it does not belong, or finds nobody.
async fn ask_wrongly(house: &House, marker: &'static str) {
    for key in ["/geboortedatum", "/geslacht", "/aantal", &format!("/{marker}")] {
        let asked = but(json!({ "bsn": BSN }), key, marker);
        // A birth date is a right one, of nobody.
        let status = if key == "/geboortedatum" && marker == BORN { 200 } else { 400 };
        house.post("/v1/personen/_zoek", &asked).await.is(status);
    }
    for key in ["/naam", "/voorvoegsel", "/achternaam"] {
        house.post("/v1/personen/_zoek", &but(json!({}), key, marker)).await;
    }
    house.post("/v1/personen/_zoek", &json!({})).body(marker).await.is(400);
}

/// What others are told afterwards: refusals, conflicts, failures, lists, figures.
async fn what_others_hear(house: &House, pool: &PgPool) -> String {
    let path = format!("/v1/meldingen/{}", id(1));
    let mut heard = Vec::new();
    for ask in [
        house.put(&path, &melding("2026-06-29")),
        house.put(&path, &json!({})),
        house.post(format!("{path}/intrekking"), &json!({ "op": "2026-06-30", "reden": "anders" })),
        house.get(&path).of("VT03"),
        house.get(&path).without_token(),
        house.put(format!("/v1/personen/{}", id(WOMAN)), &json!({ "geslacht": "man" })),
        house.get("/v1/werklijst"),
        house.get("/v1/trendrapporten/2026?formaat=html"),
        house.get("/v1/trendrapporten/2026?formaat=csv"),
        house.get("/v1/statistieken/meldingen?periode=2026&gebied=0106"),
        house.get("/metrics"),
    ] {
        let answer = ask.await;
        heard.push(format!("{:?}\n{}", answer.headers, answer.text()));
    }
    sqlx::query("alter table particular rename to elsewhere").execute(pool).await.unwrap();
    heard.push(house.get(&path).await.is(500).text());
    let told = but(melding("2026-06-29"), "/toelichting", TEXT);
    heard.push(house.put(&path, &told).await.text());
    heard.join("\n")
}

fn nowhere_in(place: &str, text: &str) {
    let text = text.to_lowercase();
    for marker in MARKERS {
        for spelling in spellings(marker) {
            assert!(
                !text.contains(&spelling.to_lowercase()),
                "{marker} stands in {place}: {spelling}"
            );
        }
    }
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn what_identifies_a_person_comes_out_nowhere_but_in_his_file(pool: PgPool) {
    keep_the_log();
    let house = House::on("2026-06-30", &pool).await;
    tell(&house).await;
    tell_steps(&house).await;
    blurt_out(&house).await;
    receive_melding(&house, 2, &melding("2026-06-29")).await;
    assess(&house, 2, "2026-06-30", "overdracht").await;

    let dump = dump(&pool);
    let cards = sqlx::query_scalar::<_, i64>(
        "select count(*) from person_card where cardinality(tokens) > 5",
    );
    assert!(cards.fetch_one(&pool).await.unwrap() > 1 && dump.contains("\"act\":\"zoeken\""));
    assert!(dump.contains("COPY public.particular") && dump.contains("\"type\":\"received\""));
    nowhere_in("the database", &dump);
    let heard = what_others_hear(&house, &pool).await;
    assert!(heard.contains("http_requests_total") && heard.contains("Er ging iets mis"));
    nowhere_in("what others hear", &heard);
    let log = log();
    for line in ["request answered", "a request failed", "\"http.route\":\"/v1/meldingen/{id}\""] {
        assert!(log.contains(line), "the log does not say: {line}");
    }
    nowhere_in("the log", &log);
}

/// Ids are no names, and still point to somebody: they stay out of the log as well.
#[sqlx::test(migrator = "store::MIGRATOR")]
async fn the_log_points_to_nobody(pool: PgPool) {
    keep_the_log();
    let house = House::on("2026-06-30", &pool).await;
    let melding_id = 0x7c9e_6679_7425_40de_944b_e07f_c1f9_0ae7;
    receive_melding(&house, melding_id, &melding("2026-06-29")).await;
    house.get(format!("/v1/meldingen/{}", id(melding_id))).await.is(200);
    let log = log();
    assert!(log.contains("request answered"));
    for pointing in ["7c9e6679", &id(WOMAN).to_string()] {
        assert!(!log.contains(pointing), "{pointing} stands in the log: {log}");
    }
}
