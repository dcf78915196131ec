//! `meldboek bewaartermijn`: what is past its term is destroyed, what must be kept longer is kept and it is said why; looking ahead changes nothing.

use crate::cli::{KeyFile, on, run};
use crate::house::{House, id, stored};
use crate::steps::at;
use crate::told::{about, assess, but, receive_melding};
use chrono::Datelike;
use serde_json::{Value, json};
use server::clock::Clock;
use sqlx::PgPool;
use uuid::Uuid;

const NAME: &str = "Grutto-Verzonnen";
const TEXT: &str = "Er was geschreeuw te horen op de trap.";
const BY: &str = "00000000-0000-4000-8000-00000000000b";
/// On which a past dossier was last written to.
const THEN: &str = "2016-03-01";

/// The two persons of a household with this number.
const fn persons(number: u128) -> [u128; 2] {
    [number + 1, number + 2]
}

/// A melding by name about a household, with words about it; the second person was born then.
async fn told(house: &House, number: u128, day: &str, born: &str) {
    let [one, other] = persons(number);
    let body = but(about(day, one, other), "/toelichting", TEXT);
    let name = json!({ "achternaam": NAME });
    let body = but(body, "/personen/0/gegevens", name.clone());
    let body = but(body, "/personen/1/gegevens", name);
    let body = but(body, "/personen/0/geboortedatum", "1970-05-05");
    let body = but(body, "/personen/1/geboortedatum", born);
    receive_melding(house, number, &body).await;
    assess(house, number, day, "vervolgstappen-bij-veilig-thuis").await;
}

/// The same with a casus, which is closed on that day.
async fn closed(house: &House, number: u128, day: &str, born: &str) {
    told(house, number, day, born).await;
    let opened = json!({ "geopendOp": day, "meldingen": [id(number)] });
    house.put(format!("/v1/casussen/{}", id(number)), &opened).await.is(201);
    let [one, _] = persons(number);
    let involved = json!({ "persoon": id(one), "rollen": ["slachtoffer"], "vanaf": day });
    house.post(at(number, "betrokkenen"), &involved).await.is(200);
    let outcome = json!({ "op": day, "uitkomst": "anders" });
    house.post(at(number, "sluiting"), &outcome).await.is(200);
}

async fn melding(house: &House, number: u128) -> String {
    house.get(format!("/v1/meldingen/{}", id(number))).await.is(200).text()
}

/// Beside the house, which must be able to go on: it may hold what the command waits for.
async fn ask(pool: &PgPool, arguments: &[&str]) -> String {
    let keys = KeyFile::new();
    let mut command = on(pool, &keys);
    command.arg("bewaartermijn").args(arguments);
    tokio::task::spawn_blocking(move || run(&mut command, &[]).printed()).await.unwrap()
}

/// What is found on a day, by the number of the dossier.
async fn found(pool: &PgPool, arguments: &[&str]) -> Value {
    serde_json::from_str(&ask(pool, &[arguments, &["--json"]].concat()).await).unwrap()
}

fn of(found: &Value, number: u128) -> Option<&Value> {
    let dossiers = found["organisaties"][0]["dossiers"].as_array().unwrap();
    dossiers.iter().find(|it| it["dossier"] == json!(id(number)))
}

fn reasons(found: &Value, number: u128) -> Vec<&str> {
    let why = of(found, number).map(|it| it["blijftVanwege"].as_array().unwrap());
    why.into_iter().flatten().map(|it| it["reden"].as_str().unwrap()).collect()
}

fn destroyed(found: &Value, number: u128) -> Vec<Uuid> {
    let gone = of(found, number).map(|it| it["vernietigen"].as_array().unwrap());
    gone.into_iter().flatten().map(|it| it.as_str().unwrap().parse().unwrap()).collect()
}

async fn orders(pool: &PgPool) -> i64 {
    let ordered =
        "select count(*) from event where stream = 'erasure' and body ->> 'type' = 'ordered'";
    sqlx::query_scalar(ordered).fetch_one(pool).await.unwrap()
}

/// Wmo 2015 art. 5.3.4, to the day: twenty years, of which the last day counts.
#[sqlx::test(migrator = "store::MIGRATOR")]
async fn on_the_last_day_of_its_term_a_dossier_is_kept_and_on_the_next_it_is_over(pool: PgPool) {
    let house = House::on(THEN, &pool).await;
    closed(&house, 0x100, THEN, "1971").await;
    house.app.store.catch_up("VT02".parse::<domain::id::Organisation>().unwrap()).await.unwrap();
    let before = stored(&pool).await;
    let last = found(&pool, &["--op", "2036-03-01"]).await;
    assert_eq!((last["jaren"].as_u64(), of(&last, 0x100)), (Some(20), None), "{last}");
    let next = found(&pool, &["--op", "2036-03-02"]).await;
    let [one, other] = persons(0x100);
    let gone = destroyed(&next, 0x100);
    for subject in [one, other, 0x100] {
        assert!(gone.contains(&id(subject)), "{subject:x}: {next}");
    }
    assert_eq!(stored(&pool).await, before, "looking ahead changes nothing");
    assert!(melding(&house, 0x100).await.contains(NAME));
}

/// Whatever keeps a dossier longer is said, in numbers and reasons; no name, no birth date, no word of it.
#[sqlx::test(migrator = "store::MIGRATOR")]
async fn what_is_kept_longer_is_named_with_its_reason_and_nothing_that_is_sealed(pool: PgPool) {
    let mut house = House::on(THEN, &pool).await;
    let (over, open, held, child, waits, moved) = (0x100, 0x200, 0x300, 0x400, 0x500, 0x600);
    closed(&house, over, THEN, "1971").await;
    told(&house, open, THEN, "1971").await;
    let opened = json!({ "geopendOp": THEN, "meldingen": [id(open)] });
    house.put(format!("/v1/casussen/{}", id(open)), &opened).await.is(201);
    closed(&house, held, THEN, "1971").await;
    let hold = json!({ "op": THEN, "reden": "schadeclaim", "totEnMet": "2037-01-01" });
    house.post(at(held, "bewaring"), &hold).await.is(200);
    closed(&house, child, THEN, "2003-06-15").await;
    let [one, other] = persons(waits);
    receive_melding(&house, waits, &but(about(THEN, one, other), "/toelichting", TEXT)).await;
    closed(&house, moved, THEN, "1971").await;
    // The victim of that household is told of again, years later.
    house.moves_to("2020-06-01");
    let [one, _] = persons(moved);
    let again =
        but(about("2020-06-01", one, 0x999), "/personen/0/gegevens", json!({ "achternaam": NAME }));
    receive_melding(&house, 0x700, &again).await;
    assess(&house, 0x700, "2020-06-01", "vervolgstappen-bij-veilig-thuis").await;

    let told = found(&pool, &["--jaren", "5", "--op", "2021-06-14"]).await;
    assert!(reasons(&told, over).is_empty(), "{told}");
    assert_eq!(reasons(&told, open), ["loopt-nog"]);
    assert_eq!(reasons(&told, held), ["bewaring"]);
    assert_eq!(of(&told, held).unwrap()["blijftVanwege"][0]["totEnMet"], "2037-01-01");
    assert_eq!(reasons(&told, child), ["kind"], "seventeen, on the day before the birthday");
    assert_eq!(reasons(&told, waits), ["loopt-nog"], "a melding waits for its assessment");
    assert_eq!(reasons(&told, moved), ["elders"]);
    assert!(destroyed(&told, moved).contains(&id(moved)), "the words about the household go");
    assert!(!destroyed(&told, moved).contains(&id(one)));
    for kept in [open, held, child, waits] {
        assert!(destroyed(&told, kept).is_empty(), "{kept:x}");
    }
    let of_age = found(&pool, &["--jaren", "5", "--op", "2021-06-15"]).await;
    assert!(reasons(&of_age, child).is_empty(), "eighteen");
    // In an organisation that has nothing there is nothing.
    let elsewhere = found(&pool, &["--organisatie", "VT03"]).await;
    assert_eq!(elsewhere["organisaties"][0]["dossiers"], json!([]));

    let table = ask(&pool, &["--jaren", "5", "--op", "2021-06-14"]).await;
    for words in ["jonger dan 18", "het loopt nog", "een schadeclaim", "tot en met 2037-01-01"] {
        assert!(table.contains(words), "{words}: {table}");
    }
    for text in [table, told.to_string()] {
        for sealed in [NAME, TEXT, "2003-06-15", "1971", "1970-05-05"] {
            assert!(!text.contains(sealed), "{sealed}: {text}");
        }
    }
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn what_is_over_is_destroyed_once_and_no_report_moves(pool: PgPool) {
    // By the clock of the database: nobody looks ahead when he destroys.
    let year = Clock::Running.now().year();
    let (then, recently) = (format!("{}-02-10", year - 7), format!("{}-02-10", year - 1));
    let (over, held, child, moved, new) = (0x100, 0x200, 0x300, 0x400, 0x500);
    let mut house = House::on(&then, &pool).await;
    for number in [over, held, moved] {
        closed(&house, number, &then, "1971").await;
    }
    closed(&house, child, &then, &format!("{}", year - 10)).await;
    house.post(at(held, "bewaring"), &json!({ "op": then, "reden": "strafzaak" })).await.is(200);
    house.moves_to(&recently);
    let [one, _] = persons(moved);
    let again =
        but(about(&recently, one, 0x999), "/personen/0/gegevens", json!({ "achternaam": NAME }));
    receive_melding(&house, new, &again).await;
    let report = format!(
        "/v1/trendrapporten/{}?profiel=intern&formaat=json&zoalsBekendOp={recently}T00:00:00Z",
        year - 7
    );
    let before = house.get(&report).await.is(200).body;

    let five = ["--jaren", "5", "--organisatie", "VT02"];
    let execute = ["--uitvoeren", "--door", BY];
    let out = ask(&pool, &[&five[..], &execute].concat()).await;
    assert!(out.contains("is voltooid: VT02:"), "{out}");
    let ordered = orders(&pool).await;
    assert_eq!(ordered, 2, "the dossier that is over, and the words of the other: {out}");
    let gone = melding(&house, over).await;
    assert!(!gone.contains(NAME) && !gone.contains(TEXT), "{gone}");
    for kept in [held, child] {
        let kept = melding(&house, kept).await;
        assert!(kept.contains(NAME) && kept.contains(TEXT), "{kept}");
    }
    let old = melding(&house, moved).await;
    assert!(!old.contains(TEXT) && old.contains(NAME), "who is told of again stays: {old}");
    assert_eq!(house.get(&report).await.is(200).body, before);
    let verdicts = house.app.store.verify(None, &[], |_| {}).await.unwrap();
    assert!(verdicts.iter().all(|it| it.breaks.is_empty()), "{verdicts:?}");

    // Again: nothing is ordered twice.
    let out = ask(&pool, &[&five[..], &execute].concat()).await;
    assert!(out.contains("Er is niets te vernietigen"), "{out}");
    assert_eq!(orders(&pool).await, ordered);
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn cut_off_between_order_and_completion_it_goes_on(pool: PgPool) {
    let year = Clock::Running.now().year();
    let then = format!("{}-02-10", year - 7);
    let house = House::on(&then, &pool).await;
    closed(&house, 0x100, &then, "1971").await;
    let [one, _] = persons(0x100);
    // Ordered, and nothing after that.
    house.forgets(0xE0, &[id(one)]).await;
    assert_eq!(house.app.store.orders_pending().await.unwrap().len(), 1);
    let out = ask(&pool, &["--jaren", "5", "--uitvoeren", "--door", BY]).await;
    assert_eq!(out.matches("is voltooid: VT02:").count(), 2, "{out}");
    assert_eq!(house.app.store.orders_pending().await.unwrap(), []);
    assert!(!melding(&house, 0x100).await.contains(NAME));
}

/// Persons who turned out to be one human being are kept by the dossier of either.
#[sqlx::test(migrator = "store::MIGRATOR")]
async fn who_was_merged_with_somebody_told_of_later_is_kept(pool: PgPool) {
    let mut house = House::on(THEN, &pool).await;
    closed(&house, 0x100, THEN, "1971").await;
    house.moves_to("2020-06-01");
    closed(&house, 0x200, "2020-06-01", "1971").await;
    let ([one, _], [other, _]) = (persons(0x100), persons(0x200));
    let merge = json!({ "met": id(other), "reden": "anders", "op": "2020-06-01" });
    house.post(format!("/v1/personen/{}/samenvoegingen", id(one)), &merge).await.is(200);
    let told = found(&pool, &["--op", "2036-06-14"]).await;
    assert_eq!(reasons(&told, 0x100), ["elders"]);
    assert!(!destroyed(&told, 0x100).contains(&id(one)), "{told}");
    let later = found(&pool, &["--op", "2040-06-02"]).await;
    assert!(destroyed(&later, 0x100).contains(&id(one)), "{later}");
}

/// Whoever asked for something and was not answered is answered first.
#[sqlx::test(migrator = "store::MIGRATOR")]
async fn a_request_that_was_not_answered_keeps_its_casus(pool: PgPool) {
    let house = House::on(THEN, &pool).await;
    closed(&house, 0x100, THEN, "1971").await;
    let [one, _] = persons(0x100);
    let request = json!({
        "soort": "inzage", "persoon": id(one), "casus": id(0x100), "verzoeker": "zelf",
        "vaststellingIdentiteit": "identiteitsbewijs", "ontvangenOp": THEN, "schriftelijk": true, "tekst": "Wat staat er?",
    });
    house.put(format!("/v1/verzoeken/{}", id(0x501)), &request).await.is(201);
    let told = found(&pool, &["--op", "2036-06-14"]).await;
    assert_eq!(reasons(&told, 0x100), ["loopt-nog"], "{told}");
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn who_destroys_says_who_he_is_and_does_not_look_ahead(pool: PgPool) {
    let house = House::on(THEN, &pool).await;
    let keys = KeyFile::new();
    let ask =
        |arguments: &[&str]| run(&mut on(&pool, &keys), &[&["bewaartermijn"], arguments].concat());
    ask(&["--uitvoeren"]).says("--door");
    ask(&["--uitvoeren", "--door", BY, "--op", "2036-06-14"]).says("--op");
    ask(&["--op", "2036-02-30"]).says("geen bestaande datum; verwacht JJJJ-MM-DD");
    ask(&["--jaren", "0"]).says("--jaren");
    let settled = run(on(&pool, &keys).env("MELDBOEK_BEWAARTERMIJN", "7"), &["bewaartermijn"]);
    assert!(settled.printed().starts_with("Bewaartermijn 7 jaar"));
    drop(house);
}
