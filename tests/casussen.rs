//! `/v1/casussen`: the household over time, and the time line of what happened in it.

use crate::house::{House, id};
use crate::steps::{make_case, take};
use crate::told::{MAN, WOMAN, assess, melding, receive_melding};
use domain::case;
use domain::codes::Code;
use domain::decider::Stamp;
use domain::id::Id;
use domain::melding::{Changes, Command, Melding};
use serde_json::{Value, json};
use sqlx::PgPool;

const CASE: &str = "/v1/casussen/00000000-0000-0000-0000-000000000004";

async fn open(house: &House) {
    receive_melding(house, 1, &melding("2026-06-29")).await;
    house.put(CASE, &json!({ "geopendOp": "2026-06-29", "meldingen": [id(1)] })).await.is(201);
}

fn pair() -> Value {
    json!({ "op": "2026-06-30", "relatie": {
        "slachtoffer": id(WOMAN), "pleger": id(MAN), "relatie": "ongehuwde-partner-samenwonend",
        "vormen": ["huiselijk-geweld-overig"],
    } })
}

async fn involve(house: &House, person: u128, role: &str) {
    let told = json!({ "persoon": id(person), "rollen": [role], "vanaf": "2026-06-29" });
    house.post(format!("{CASE}/betrokkenen"), &told).await.is(200);
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn a_casus_holds_its_meldingen_its_people_and_what_they_do_to_each_other(pool: PgPool) {
    let house = House::on("2026-06-30", &pool).await;
    open(&house).await;
    receive_melding(&house, 2, &melding("2026-06-30")).await;
    let joined = json!({ "melding": id(2), "op": "2026-06-30" });
    house.post(format!("{CASE}/meldingen"), &joined).await.is(200);
    house.post(format!("{CASE}/meldingen"), &joined).await.is(409);
    let too_soon = house.post(format!("{CASE}/relaties"), &pair()).await.is(409);
    assert!(too_soon.json()["detail"].as_str().unwrap().contains("eerst bij de casus betrokken"));
    involve(&house, WOMAN, "slachtoffer").await;
    involve(&house, MAN, "pleger").await;
    house.post(format!("{CASE}/relaties"), &pair()).await.is(200);

    let file = house.get(CASE).await.is(200).json();
    assert_eq!(file["meldingen"], json!([id(1), id(2)]));
    assert_eq!(file["betrokkenen"][0], json!({ "persoon": id(WOMAN), "rollen": ["slachtoffer"] }));
    assert_eq!(file["relaties"][0]["relatie"]["pleger"], json!(id(MAN)));
    assert_eq!(file["geslotenOp"], json!(null));
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn the_time_line_tells_what_happened_and_when_it_was_recorded(pool: PgPool) {
    let mut house = House::on("2026-06-30", &pool).await;
    open(&house).await;
    house.moves_to("2026-07-02");
    involve(&house, WOMAN, "slachtoffer").await;
    assess(&house, 1, "2026-07-01", "geen-vervolgstappen").await;
    house.moves_to("2026-07-09");
    let closed = json!({ "op": "2026-07-08", "uitkomst": "geen-vervolg" });
    house.post(format!("{CASE}/sluiting"), &closed).await.is(200);

    let line = house.get(format!("{CASE}/tijdlijn")).await.is(200).json();
    let told: Vec<(&str, &str, &str)> = line["gebeurtenissen"]
        .as_array()
        .unwrap()
        .iter()
        .map(|it| {
            let text = |key: &str| it[key].as_str().unwrap();
            (text("wat"), text("op"), text("vastgelegdOp"))
        })
        .collect();
    let expected = [
        ("geopend", "2026-06-29", "2026-06-30T12:00:00Z"),
        ("melding-gevoegd", "2026-06-29", "2026-06-30T12:00:00Z"),
        ("betrokkene", "2026-06-29", "2026-07-02T12:00:00Z"),
        ("informeren-gaat-lopen", "2026-07-02", "2026-07-02T12:00:00Z"),
        ("besluit", "2026-07-01", "2026-07-02T12:00:00Z"),
        ("gesloten", "2026-07-08", "2026-07-09T12:00:00Z"),
    ];
    assert_eq!(told, expected);
    assert!(line["gebeurtenissen"][0]["vastgelegdDoor"].is_string());

    let then = house.get(format!("{CASE}/tijdlijn?zoalsBekendOp=2026-07-01")).await.json();
    assert_eq!(then["gebeurtenissen"].as_array().unwrap().len(), 2);
    let then = house.get(format!("{CASE}?zoalsBekendOp=2026-07-03")).await.json();
    assert_eq!(then["geslotenOp"], json!(null));
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn a_closed_casus_takes_no_melding(pool: PgPool) {
    let house = House::on("2026-06-30", &pool).await;
    open(&house).await;
    assess(&house, 1, "2026-06-30", "geen-vervolgstappen").await;
    receive_melding(&house, 2, &melding("2026-06-30")).await;
    let closed = json!({ "op": "2026-06-30", "uitkomst": "geen-vervolg" });
    house.post(format!("{CASE}/sluiting"), &closed).await.is(200);
    let joined = json!({ "melding": id(2), "op": "2026-06-30" });
    let refused = house.post(format!("{CASE}/meldingen"), &joined).await.is(409);
    assert!(refused.json()["detail"].as_str().unwrap().contains("begint een nieuwe casus"));
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn a_casus_takes_only_meldingen_that_there_are(pool: PgPool) {
    let house = House::on("2026-06-30", &pool).await;
    open(&house).await;
    let absent = json!({ "melding": id(99), "op": "2026-06-30" });
    let text = format!("melding {} is er niet", id(99));
    house.post(format!("{CASE}/meldingen"), &absent).await.names(&[("/melding", &text)]);
    let other = format!("/v1/casussen/{}", id(5));
    let both = json!({ "geopendOp": "2026-06-30", "meldingen": [id(1), id(99)] });
    house.put(&other, &both).await.names(&[("/meldingen", &text)]);
    house.get(&other).await.is(404);
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn a_repeated_casus_gets_the_first_receipt_and_another_content_is_refused(pool: PgPool) {
    let house = House::on("2026-06-30", &pool).await;
    let told = json!({ "geopendOp": "2026-06-29" });
    let first = house.put(CASE, &told).await.is(201);
    assert_eq!(house.put(CASE, &told).await.is(200).body, first.body);
    house.put(CASE, &json!({ "geopendOp": "2026-06-30" })).await.is(409);
    let closed = json!({ "op": "2026-06-30", "uitkomst": "geen-vervolg" });
    let path = format!("{CASE}/sluiting");
    house.post(&path, &closed).with("if-match", "\"7\"").await.is(412);
    let first = house.post(&path, &closed).numbered(9).with("if-match", "\"1\"").await.is(200);
    let again = house.post(&path, &closed).numbered(9).with("if-match", "\"1\"").await.is(200);
    assert_eq!(first.body, again.body);
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn a_casus_in_which_something_waits_names_everything_that_does(pool: PgPool) {
    let house = House::on("2026-06-30", &pool).await;
    make_case(&house, 4).await;
    receive_melding(&house, 5, &melding("2026-06-30")).await;
    let joined = json!({ "melding": id(5), "op": "2026-06-30" });
    house.post(format!("{CASE}/meldingen"), &joined).await.is(200);
    for name in ["onderzoeken", "voorwaarden", "overdrachten", "regio-overdrachten"] {
        take(&house, name, 4).await;
    }
    let closed = json!({ "op": "2026-06-30", "uitkomst": "geen-vervolg" });
    let refused = house.post(format!("{CASE}/sluiting"), &closed).await.is(409).json();
    let why = "deze casus kan nog niet dicht: een melding wacht op haar veiligheidsbeoordeling; er loopt een onderzoek; \
        er loopt een dienst voorwaarden en vervolg; een overdracht is nog niet aanvaard; een andere regio heeft nog niet geantwoord";
    assert_eq!(refused["detail"], why);
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn a_casus_is_not_opened_tomorrow_nor_before_its_meldingen_came(pool: PgPool) {
    let house = House::on("2026-06-30", &pool).await;
    receive_melding(&house, 1, &melding("2026-06-29")).await;
    let on = |day: &str| json!({ "geopendOp": day, "meldingen": [id(1)] });
    house.put(CASE, &on("2026-07-01")).await.names(&[("/geopendOp", "ligt in de toekomst")]);
    house.put(CASE, &on("2026-06-28")).await.names(&[("/geopendOp", "voor de ontvangst")]);
    house.put(CASE, &json!({ "geopendOp": "2014-12-31" })).await.names(&[("/geopendOp", "2015")]);
    house.get(CASE).await.is(404);
}

/// A melding that is decided on at the very moment at which it joins: the casus hears of it when it closes.
#[sqlx::test(migrator = "store::MIGRATOR")]
async fn what_a_casus_missed_of_a_melding_is_taken_in_before_it_closes(pool: PgPool) {
    let house = House::on("2026-06-30", &pool).await;
    open(&house).await;
    receive_melding(&house, 2, &melding("2026-06-29")).await;
    let joined = json!({ "melding": id(2), "op": "2026-06-30" });
    house.post(format!("{CASE}/meldingen"), &joined).await.is(200);
    let on = "2026-06-30".parse().unwrap();
    let follow_up = Code::of("geen-vervolgstappen");
    let elsewhere = Changes { municipality: Some(Code::of("0114")), ..Changes::default() };
    let missed = [
        (1, Command::Correct { reason: Code::of("verkeerde-gemeente"), changes: elsewhere }),
        (1, Command::Assess { on, follow_up, unsafety: vec![] }),
        (2, Command::Withdraw { reason: Code::of("anders"), on }),
    ];
    for (nth, (number, command)) in missed.into_iter().enumerate() {
        let stamp = Stamp {
            organisation: "VT02".parse().unwrap(),
            by: id(1),
            at: house.app.clock.now(),
            today: on,
            key: id(0xE0 + nth as u128),
        };
        let stream = Id::<Melding>::new(id(number));
        house.app.store.execute(stream, command, vec![], &stamp, None).await.unwrap();
    }
    let before = house.get(CASE).await.json();
    assert_eq!(before["besluiten"][0]["uitkomst"], json!(null));
    let seen = house.get(CASE).await.header("etag").unwrap().to_owned();
    let closed = json!({ "op": "2026-06-30", "uitkomst": "geen-vervolg" });
    // Whoever closes what he read is told that it changed; and then it is complete.
    house.post(format!("{CASE}/sluiting"), &closed).with("if-match", seen).await.is(412);
    house.post(format!("{CASE}/sluiting"), &closed).await.is(200);
    let now = house.get(CASE).await.json();
    assert_eq!(now["besluiten"][0]["uitkomst"], "geen-vervolgstappen");
    assert_eq!(now["besluiten"][1]["omgezetInAdvies"], true);
    let line = house.get(format!("{CASE}/tijdlijn")).await.text();
    assert!(line.contains("0114"), "{line}");
    assert_eq!(now["geslotenOp"], "2026-06-30");
}

/// Before it was refused, a casus could be closed while a melding in it waited.
#[sqlx::test(migrator = "store::MIGRATOR")]
async fn a_melding_in_a_casus_that_was_closed_too_soon_still_has_its_own_decision(pool: PgPool) {
    let house = House::on("2026-06-30", &pool).await;
    open(&house).await;
    let stamp = Stamp {
        organisation: "VT02".parse().unwrap(),
        by: id(1),
        at: house.app.clock.now(),
        today: "2026-06-30".parse().unwrap(),
        key: id(0xE0),
    };
    let close = case::Command::Close { on: stamp.today, outcome: Code::of("geen-vervolg") };
    // As if nothing in it waited.
    let state =
        case::Case { stage: case::Stage::Open { since: stamp.today }, ..Default::default() };
    let mut known = store::Known { state, version: 2 };
    let stream = Id::<case::Case>::new(id(4));
    let closed = store::Prepared::decide(stream, &mut known, close, vec![], &stamp).unwrap();
    house.app.store.append(stamp.organisation, vec![closed]).await.unwrap();
    assert_eq!(house.get(CASE).await.json()["geslotenOp"], "2026-06-30");

    assess(&house, 1, "2026-06-30", "overdracht").await;
    let file = house.get(format!("/v1/meldingen/{}", id(1))).await.json();
    assert_eq!(file["veiligheidsbeoordeling"]["uitkomst"], "overdracht");
    assert_eq!(house.get(CASE).await.json()["besluiten"][0]["uitkomst"], json!(null));
}
