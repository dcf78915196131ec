//! Nobody looks unseen: every answer that shows something of people was recorded before it left, and what could not be recorded does not
//! leave. Told for every route of the register, from the list of routes.

use crate::access::{ask, make, who_may};
use crate::house::{House, id};
use crate::told::{MAN, WOMAN, melding, receive_melding};
use domain::access::{About, Ask, Asker, Decision, Role, decide};
use domain::id::Log;
use serde_json::{Value, json};
use server::api::{ROUTES, Route};
use server::looking::{Looking, Shows};
use sqlx::{Connection, PgConnection, PgPool};
use std::collections::BTreeSet;
use std::time::Duration;
use store::projections::Name;
use uuid::Uuid;

/// All that was recorded in the log of looks of the organisation of these tests, in order.
pub(crate) async fn looks(pool: &PgPool) -> Vec<Value> {
    let looks = "select body::text from event where organisation = 'VT02/inzage' order by position";
    let looks = sqlx::query_scalar::<_, String>(looks).fetch_all(pool).await.unwrap();
    looks.iter().map(|it| serde_json::from_str(it).unwrap()).collect()
}

fn may(route: &Route, role: Role) -> bool {
    let organisation = "VT02".parse().unwrap();
    let (id, roles, teams) = (Uuid::nil(), vec![role], vec![]);
    let asker = Asker { id, roles, organisation, teams, areas: vec![] };
    let ask = Ask { action: route.action, purpose: None, about: About::Anything };
    matches!(decide(&asker, &ask), Decision::Allowed(_))
}

fn somebody(route: &Route, who_may: bool) -> Role {
    let mut roles = Role::ALL.iter().map(|(role, _)| *role);
    roles.find(|role| may(route, *role) == who_may).unwrap()
}

/// The persons of the register whose ids stand in a text.
async fn persons_in(pool: &PgPool, text: &str) -> BTreeSet<String> {
    let known = "select distinct person::text from known_person
                 union select stream_id::text from event where stream = 'person'";
    let known = sqlx::query_scalar::<_, String>(known).fetch_all(pool).await.unwrap();
    known.into_iter().filter(|it| text.contains(it.as_str())).collect()
}

fn told(look: &Value) -> BTreeSet<String> {
    let persons = look["persons"].as_array().unwrap();
    persons.iter().map(|it| it.as_str().unwrap().to_owned()).collect()
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn every_answer_about_people_was_recorded_with_all_whom_it_shows(pool: PgPool) {
    let house = House::on("2026-06-30", &pool).await;
    receive_melding(&house, 1, &melding("2026-06-29")).await;
    let mut shown = 0;
    for (nth, route) in (1..).zip(ROUTES.iter().filter(|it| it.shows == Shows::People)) {
        let number = nth * 100;
        make(&house, route, number).await;
        let before = looks(&pool).await.len();
        let answer = ask(&house, route, number, somebody(route, true)).await.is(200);
        let all = looks(&pool).await;
        assert_eq!(all.len(), before + 1, "{}", route.path);
        let look = all.last().unwrap();
        assert_eq!((&look["outcome"], &look["ground"]), (&json!("shown"), &json!("rol")));
        let about = route.path.contains("{id}").then(|| id(number).to_string());
        assert_eq!(look["id"].as_str(), about.as_deref(), "{}", route.path);
        let persons = persons_in(&pool, &answer.text()).await;
        assert!(told(look).is_superset(&persons), "{}: {persons:?} and {look}", route.path);
        shown += persons.len();
    }
    assert!(shown > 4, "nobody was shown");
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn whoever_is_told_what_changed_has_looked_and_whoever_records_has_not(pool: PgPool) {
    let house = House::on("2026-06-30", &pool).await;
    let mut conflicts = 0;
    let writing = ROUTES.iter().filter(|it| it.shows == Shows::Changes && it.method == "post");
    for (nth, route) in (1..).zip(writing) {
        let number = nth * 100;
        make(&house, route, number).await;
        let role = who_may(route);
        let before = looks(&pool).await.len();
        let late = ask(&house, route, number, role).with("if-match", "\"0\"").await;
        let told = late.is(412).json()["gewijzigd"].is_array();
        assert_eq!(looks(&pool).await.len(), before + usize::from(told), "{}", route.path);
        conflicts += usize::from(told);
        ask(&house, route, number, role).await.is(200);
        assert_eq!(looks(&pool).await.len(), before + usize::from(told), "{}", route.path);
    }
    assert!(conflicts > 50, "{conflicts}");
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn whoever_is_not_let_in_is_recorded_once_and_so_is_who_asks_for_what_is_not_there(
    pool: PgPool,
) {
    let house = House::on("2026-06-30", &pool).await;
    // Who he is himself, everybody may ask.
    let closed = |it: &&Route| Role::ALL.iter().any(|(role, _)| !may(it, *role));
    for route in ROUTES.iter().filter(closed) {
        let before = looks(&pool).await.len();
        ask(&house, route, 7, somebody(route, false)).await.is(403);
        let all = looks(&pool).await;
        if route.shows == Shows::Nobody {
            assert_eq!(all.len(), before, "{}", route.path);
            continue;
        }
        assert_eq!(all.len(), before + 1, "{}", route.path);
        let look = all.last().unwrap();
        assert_eq!((&look["outcome"], &look["ground"]), (&json!("denied"), &Value::Null));
        let reads = route.shows == Shows::People && route.path.contains("{id}");
        if reads {
            ask(&house, route, 0xFFFF, somebody(route, true)).await.is(404);
            let all = looks(&pool).await;
            assert_eq!(all.len(), before + 2, "{}", route.path);
            assert_eq!(all.last().unwrap()["outcome"], "absent", "{}", route.path);
        }
    }
}

/// Broken: no look can be recorded.
#[sqlx::test(migrator = "store::MIGRATOR")]
async fn what_cannot_be_recorded_is_not_shown(pool: PgPool) {
    let house = House::on("2026-06-30", &pool).await;
    receive_melding(&house, 1, &melding("2026-06-29")).await;
    let showing: Vec<&Route> = ROUTES.iter().filter(|it| it.shows == Shows::People).collect();
    for (nth, route) in (1..).zip(&showing) {
        make(&house, route, nth * 100).await;
    }
    sqlx::raw_sql("alter function append rename to elsewhere").execute(&pool).await.unwrap();
    for (nth, route) in (1..).zip(&showing) {
        let answer = ask(&house, route, nth * 100, somebody(route, true)).await.is(503);
        assert_eq!(persons_in(&pool, &answer.text()).await, BTreeSet::new(), "{}", route.path);
        let said = answer.json();
        assert!(said["detail"].as_str().unwrap().contains("niet worden vastgelegd"), "{said}");
    }
}

/// Recording is held up: until it is done there is no answer, and whoever is cut off then has been recorded all the same.
#[sqlx::test(migrator = "store::MIGRATOR")]
async fn an_answer_waits_for_its_record_and_a_cut_leaves_the_record(pool: PgPool) {
    let house = House::on("2026-06-30", &pool).await;
    receive_melding(&house, 1, &melding("2026-06-29")).await;
    let mut holding = PgConnection::connect_with(&pool.connect_options()).await.unwrap();
    let hold = "begin; select pg_advisory_xact_lock(hashtextextended('meldboek VT02/inzage', 0))";
    sqlx::raw_sql(hold).execute(&mut holding).await.unwrap();
    let path = format!("/v1/meldingen/{}", id(1));
    let mut reading = Box::pin(house.get(path).answer());
    let waits = "select count(*) from pg_locks where locktype = 'advisory' and not granted
                 and database = (select oid from pg_database where datname = current_database())";
    loop {
        let held_up = sqlx::query_scalar::<_, i64>(waits).fetch_one(&pool).await.unwrap() > 0;
        let answered = tokio::time::timeout(Duration::ZERO, &mut reading).await;
        assert!(answered.is_err(), "it was shown before it was recorded: {answered:?}");
        if held_up {
            break;
        }
        tokio::task::yield_now().await;
    }
    assert_eq!(looks(&pool).await.len(), 0);
    drop(reading);
    sqlx::raw_sql("commit").execute(&mut holding).await.unwrap();
    while looks(&pool).await.is_empty() {
        tokio::task::yield_now().await;
    }
    assert_eq!(told(&looks(&pool).await[0]), [id(WOMAN), id(MAN)].map(|it| it.to_string()).into());
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn whoever_it_is_about_reads_in_plain_words_who_looked_when_at_what_and_why(pool: PgPool) {
    let house = House::on("2026-06-30", &pool).await;
    receive_melding(&house, 1, &melding("2026-06-29")).await;
    house.get(format!("/v1/meldingen/{}", id(1))).await.is(200);
    house.get(format!("/v1/personen/{}", id(WOMAN))).by(Role::Telephony).await.is(403);
    let path = format!("/v1/personen/{}/inzagen", id(WOMAN));
    let told = house.get(&path).by(Role::Privacy).await.is(200).json();
    let lines = told["inzagen"].as_array().unwrap();
    assert_eq!(lines.len(), 2);
    let worker = House::worker();
    let expected = format!(
        "Op 30 juni 2026 om 14:00 uur keek medewerker {worker} (werkt aan dossiers) naar een melding waarin u voorkomt. \
         Waarom: onderzoek en vervolg. Dat mocht: het hoort bij het werk van deze medewerker."
    );
    assert_eq!(lines[0]["zin"], expected);
    assert_eq!(lines[0]["noodgeval"], false);
    assert!(lines[1]["zin"].as_str().unwrap().contains("Dat mocht niet. De medewerker zag niets."));
    // To look who looked is to look.
    let again = house.get(format!("{path}?formaat=tekst")).by(Role::Privacy).await.is(200).text();
    assert!(
        again.contains(&expected) && again.contains("naar wie er naar uw gegevens heeft gekeken")
    );
    let page = house.get(&path).by(Role::Privacy).with("accept", "text/html").await.is(200);
    assert!(
        page.text().contains("<h1>Wie heeft naar uw gegevens gekeken?</h1>"),
        "{}",
        page.text()
    );
    let before = house.get(format!("{path}?tot=2026-06-29&formaat=tekst")).by(Role::Privacy).await;
    assert!(before.text().contains("heeft niemand naar uw gegevens gekeken"));
    let nobody = format!("/v1/personen/{}/inzagen", id(0xFFFF));
    house.get(nobody).by(Role::Privacy).await.is(404);
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn the_privacy_officer_sees_who_looked_and_what_stands_out(pool: PgPool) {
    let mut house = House::on("2026-06-30", &pool).await;
    let own = [(House::worker(), vec![id(MAN)])].into();
    house.looks_as(Looking { own, ..Looking::default() });
    receive_melding(&house, 1, &melding("2026-06-29")).await;
    let path = format!("/v1/meldingen/{}", id(1));
    for _ in 0..3 {
        house.get(&path).await.is(200);
    }
    let list = |query: String| house.get(format!("/v1/inzagen{query}")).by(Role::Privacy);
    let first = list(format!("?medewerker={}&aantal=2", House::worker())).await.is(200).json();
    assert_eq!(first["regels"].as_array().unwrap().len(), 2);
    assert_eq!(first["regels"][0]["doelLabel"], "Onderzoek en vervolg");
    let rest =
        list(format!("?medewerker={}&na={}", House::worker(), first["volgende"].as_str().unwrap()));
    assert_eq!(rest.await.is(200).json()["regels"].as_array().unwrap().len(), 1);
    let nobody = list(format!("?persoon={}", id(0xFFFF))).await.is(200).json();
    assert_eq!(nobody["regels"], json!([]));
    let unusual =
        house.get("/v1/inzagen/opvallend?van=2026-06-30&tot=2026-06-30").by(Role::Privacy);
    let unusual = unusual.await.is(200).json();
    let found = unusual["opvallend"].as_array().unwrap();
    assert_eq!(found.len(), 1, "{unusual}");
    assert_eq!((&found[0]["soort"], &found[0]["aantal"]), (&json!("eigen"), &json!(3)));
    assert_eq!(found[0]["medewerker"], json!(House::worker()));
    list("?aantal=501".to_owned()).await.is(400);
    house.get("/v1/inzagen/opvallend?van=2026-01-01").by(Role::Privacy).await.is(400);
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn who_looked_is_told_again_as_it_was_lived_through(pool: PgPool) {
    let house = House::on("2026-06-30", &pool).await;
    receive_melding(&house, 1, &melding("2026-06-29")).await;
    for _ in 0..5 {
        house.get(format!("/v1/meldingen/{}", id(1))).await.is(200);
    }
    let store = &house.app.store;
    store.catch_up("VT02/inzage".parse::<Log>().unwrap()).await.unwrap();
    let lived = store.content(Name::Looks).await.unwrap();
    assert!(lived.starts_with("5/"), "{lived}");
    for batch in [1, 2, 500] {
        let rebuilt = store.rebuild(&Name::ALL, batch, |_| {}).await.unwrap();
        assert!(rebuilt.iter().all(store::rebuild::Rebuilt::same), "{rebuilt:?}");
        assert_eq!(store.content(Name::Looks).await.unwrap(), lived);
    }
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn a_look_says_for_what_as_known_when_and_in_which_chain_of_requests(pool: PgPool) {
    let house = House::on("2026-06-30", &pool).await;
    receive_melding(&house, 1, &melding("2026-06-29")).await;
    let trace = "0af7651916cd43dd8448eb211c80319c";
    let path = format!("/v1/meldingen/{}?zoalsBekendOp=2026-06-30T12:00:00Z", id(1));
    let answer = house
        .get(path)
        .with("doel", "rechten-van-betrokkenen")
        .with("traceparent", format!("00-{trace}-b7ad6b7169203331-01"))
        .await
        .is(200);
    let look = looks(&pool).await.pop().unwrap();
    assert_eq!(look["purpose"], "rechten-van-betrokkenen");
    assert_eq!(look["known_at"], "2026-06-30T12:00:00Z");
    assert_eq!(
        (&look["trace"]["id"], &look["trace"]["parent"]),
        (&json!(trace), &json!("b7ad6b7169203331"))
    );
    let sent = answer.header("traceparent").unwrap();
    assert_eq!(sent, format!("00-{trace}-{}-01", look["trace"]["span"].as_str().unwrap()));
    assert_eq!(look["roles"], json!(["casus"]));
    assert_eq!(look["processing"], "verwerkingen/lezen");
}
