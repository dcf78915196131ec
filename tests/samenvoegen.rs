//! `/v1/personen/{id}/samenvoegingen` and `…/ontkoppelingen`: two records turn out to be one human being, or two after all, and the
//! figures follow at once.

use crate::figures::{exactly, figure};
use crate::house::{House, id, stored};
use crate::told::{MAN, WOMAN, about, assess, but, receive_melding, without};
use domain::access::Role;
use serde_json::{Value, json};
use sqlx::PgPool;

const INVOLVEMENT: &str = "meldingen-naar-eerdere-betrokkenheid";
const PERSONS: &str = "unieke-personen";
const REPEATS: &str = "herhaling-naar-tijd";
/// The woman of the first melding, as she was told of again under another record.
const AGAIN: u128 = 0x20;

fn at(person: u128, action: &str) -> String {
    format!("/v1/personen/{}{action}", id(person))
}

fn same(with: u128, on: &str) -> Value {
    json!({ "met": id(with), "reden": "zelfde-gegevens", "op": on })
}

fn not_same(with: u128, on: &str) -> Value {
    json!({ "met": id(with), "reden": "persoonsverwisseling", "op": on })
}

/// Two meldingen of one year about the same woman under two records, with another man each; the first has ended.
async fn house(pool: &PgPool) -> House {
    let house = House::on("2026-06-30", pool).await;
    receive_melding(&house, 1, &about("2026-02-10", WOMAN, MAN)).await;
    assess(&house, 1, "2026-02-12", "overdracht").await;
    receive_melding(&house, 2, &about("2026-06-20", AGAIN, 0x21)).await;
    house
}

/// The link stands with the other person; the number of the command counts before what became of the one who was asked about.
#[sqlx::test(migrator = "store::MIGRATOR")]
async fn a_repeated_merge_gets_its_first_receipt_also_when_more_is_known_meanwhile(pool: PgPool) {
    let house = house(&pool).await;
    let told = json!({ "geslacht": "vrouw" });
    let seen = house.put(at(AGAIN, ""), &told).await.is(201).header("etag").unwrap().to_owned();
    let asked = |number: u128| {
        let body = same(WOMAN, "2026-06-30");
        house.post(at(AGAIN, "/samenvoegingen"), &body).numbered(number).with("if-match", &seen)
    };
    let first = asked(9).await.is(200);
    let identified = json!({ "op": "2026-06-30", "gegevens": { "telefoon": "0600012345" } });
    house.post(at(AGAIN, "/identificaties"), &identified).await.is(200);
    assert_eq!(asked(9).await.is(200).body, first.body);
    asked(10).await.is(412);
}

/// How many first meldingen, hermeldingen, persons and repeats within twelve months the report counts.
async fn counted(house: &House, query: &str) -> [i64; 4] {
    let report = house.get(format!("/v1/trendrapporten/2026{query}")).await.is(200).json();
    [
        (INVOLVEMENT, "eerste-melding"),
        (INVOLVEMENT, "hermelding"),
        (PERSONS, "totaal"),
        (REPEATS, "binnen-12-maanden"),
    ]
    .map(|(table, code)| {
        let (count, status) = figure(&report, table, code);
        assert_eq!((count, status), exactly(count.unwrap()), "{table}");
        count.unwrap()
    })
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn a_hermelding_appears_when_two_records_are_merged_and_goes_when_that_is_undone(
    pool: PgPool,
) {
    let mut house = house(&pool).await;
    assert_eq!(counted(&house, "").await, [2, 0, 4, 0]);

    house.moves_to("2026-07-05");
    house.post(at(AGAIN, "/samenvoegingen"), &same(WOMAN, "2026-07-05")).await.is(200);
    assert_eq!(counted(&house, "").await, [1, 1, 3, 1]);
    let report = house.get("/v1/trendrapporten/2026").await.json();
    assert_eq!(figure(&report, REPEATS, "3-tot-6-maanden"), exactly(1));
    assert_eq!(figure(&report, INVOLVEMENT, "hermelding-een-betrokkene"), exactly(1));

    // What comes in while they are one, stays theirs when they are two again.
    receive_melding(&house, 3, &about("2026-07-05", WOMAN, MAN)).await;
    house.moves_to("2026-07-20");
    house.post(at(WOMAN, "/ontkoppelingen"), &not_same(AGAIN, "2026-07-20")).await.is(200);
    assert_eq!(counted(&house, "").await, [2, 1, 4, 1]);

    assert_eq!(counted(&house, "?zoalsBekendOp=2026-07-01").await, [2, 0, 4, 0]);
    assert_eq!(counted(&house, "?zoalsBekendOp=2026-07-05T12:00:00Z").await[0], 1);
    assert_eq!(counted(&house, "?zoalsBekendOp=2026-07-20").await[0], 1);
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn two_records_in_one_melding_are_one_person_when_merged(pool: PgPool) {
    let house = house(&pool).await;
    let both = [WOMAN, AGAIN].map(|it| crate::told::person(it, "slachtoffer", "vrouw"));
    let told = but(about("2026-06-25", WOMAN, MAN), "/relaties", json!([]));
    let told = but(but(told, "/personen", json!(both)), "/vormen", json!(["kindermishandeling"]));
    receive_melding(&house, 3, &told).await;
    let class = async |code| {
        let report = house.get("/v1/trendrapporten/2026").await.json();
        figure(&report, INVOLVEMENT, code)
    };
    assert_eq!(class("vervolgmelding").await, exactly(1));
    assess(&house, 2, "2026-06-22", "overdracht").await;
    assert_eq!(class("hermelding-meerdere-betrokkenen").await, exactly(1));
    house.post(at(WOMAN, "/samenvoegingen"), &same(AGAIN, "2026-06-30")).await.is(200);
    assert_eq!(class("hermelding-meerdere-betrokkenen").await, exactly(0));
    assert_eq!(class("hermelding-een-betrokkene").await, exactly(2));
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn who_belongs_together_is_seen_from_each_of_them_as_known_then(pool: PgPool) {
    let mut house = house(&pool).await;
    // Of people who are told of in a melding alone there is no file, until somebody says something about them.
    house.get(at(WOMAN, "")).await.is(404);
    house.post(at(AGAIN, "/samenvoegingen"), &same(WOMAN, "2026-06-30")).await.is(200);
    house.moves_to("2026-07-01");
    house.put(at(0x30, ""), &json!({ "geslacht": "vrouw" })).await.is(201);
    house.post(at(0x30, "/samenvoegingen"), &same(AGAIN, "2026-07-01")).await.is(200);
    let ids = |all: &[u128]| json!(all.iter().map(|it| id(*it)).collect::<Vec<_>>());
    for (person, others) in [(WOMAN, [AGAIN, 0x30]), (AGAIN, [WOMAN, 0x30]), (0x30, [WOMAN, AGAIN])]
    {
        let file = house.get(at(person, "")).await.is(200).json();
        assert_eq!(file["samengevoegdMet"], ids(&others), "{person}");
        let links = json!([ids(&[WOMAN, AGAIN]), ids(&[AGAIN, 0x30])]);
        assert_eq!(file["koppelingen"], links, "{person}");
    }
    let then = house.get(at(AGAIN, "?zoalsBekendOp=2026-07-01")).await.is(200).json();
    assert_eq!(then["samengevoegdMet"], ids(&[WOMAN]));
    house.get(at(AGAIN, "?zoalsBekendOp=2026-06-29")).await.is(404);

    // Not by way of a third: that one's links are to be undone.
    let answer = house.post(at(WOMAN, "/ontkoppelingen"), &not_same(0x30, "2026-07-01")).await;
    assert!(answer.is(409).text().contains("via een derde"));
    house.post(at(WOMAN, "/ontkoppelingen"), &not_same(AGAIN, "2026-07-01")).await.is(200);
    let file = house.get(at(0x30, "")).await.json();
    assert_eq!(file["samengevoegdMet"], ids(&[AGAIN]));
    // Registered later, she keeps what was recorded of her.
    house.put(at(AGAIN, ""), &json!({ "geslacht": "vrouw" })).await.is(201);
    assert_eq!(house.get(at(AGAIN, "")).await.json()["samengevoegdMet"], ids(&[0x30]));
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn a_merge_is_made_and_undone_once_from_whichever_side(pool: PgPool) {
    let house = house(&pool).await;
    let merge = same(AGAIN, "2026-06-30");
    house.post(at(WOMAN, "/ontkoppelingen"), &not_same(AGAIN, "2026-06-30")).await.is(409);
    let first = house.post(at(WOMAN, "/samenvoegingen"), &merge).numbered(1).await.is(200);
    let again = house.post(at(WOMAN, "/samenvoegingen"), &merge).numbered(1).await.is(200);
    assert_eq!(again.body, first.body);
    let other_side = same(WOMAN, "2026-06-30");
    let answer = house.post(at(AGAIN, "/samenvoegingen"), &other_side).await.is(409);
    assert!(answer.text().contains("al samengevoegd"));
    let undo = not_same(WOMAN, "2026-06-30");
    house.post(at(AGAIN, "/ontkoppelingen"), &undo).await.is(200);
    house.post(at(WOMAN, "/ontkoppelingen"), &not_same(AGAIN, "2026-06-30")).await.is(409);
    house.post(at(AGAIN, "/samenvoegingen"), &other_side).await.is(200);
}

/// The version that a worker saw is that of the person whom he asked about, on whosever stream the link comes to stand.
#[sqlx::test(migrator = "store::MIGRATOR")]
async fn a_merge_upon_an_old_version_is_refused(pool: PgPool) {
    let house = house(&pool).await;
    house.put(at(AGAIN, ""), &json!({ "geslacht": "vrouw" })).await.is(201);
    let merge = |version: &'static str| {
        let ask = house.post(at(AGAIN, "/samenvoegingen"), &same(WOMAN, "2026-06-30"));
        ask.with("if-match", version)
    };
    merge("\"2\"").await.is(412);
    merge("\"1\"").await.is(200);
    let undo = house.post(at(WOMAN, "/ontkoppelingen"), &not_same(AGAIN, "2026-06-30"));
    undo.with("if-match", "\"2\"").await.is(412);
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn what_was_written_about_a_merge_is_sealed_and_in_the_file_of_who_carries_it(pool: PgPool) {
    let house = house(&pool).await;
    let told = but(same(WOMAN, "2026-06-30"), "/toelichting", "Zij noemde zelf haar oude adres.");
    let answer = house.post(at(AGAIN, "/samenvoegingen"), &told).await.is(200).json();
    assert_eq!(answer["id"], json!(id(WOMAN)));
    let file = house.get(at(WOMAN, "")).await.json();
    assert_eq!(file["toelichtingen"], json!(["Zij noemde zelf haar oude adres."]));
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn whatever_is_wrong_with_a_merge_is_named_at_once(pool: PgPool) {
    let house = house(&pool).await;
    let before = stored(&pool).await;
    let right = || same(AGAIN, "2026-06-30");
    let nobody = format!("persoon {} is er niet", id(0x99));
    for (action, list) in
        [("/samenvoegingen", "reden-samenvoeging"), ("/ontkoppelingen", "reden-ontkoppeling")]
    {
        let right = || but(right(), "/reden", "anders");
        let unknown = format!("'omdat' staat niet in de codelijst {list}");
        let himself = but(right(), "/met", json!(id(WOMAN)));
        let wrong: Vec<(Value, Vec<(&str, &str)>)> = vec![
            (json!({}), vec![("/met", "ontbreekt"), ("/op", "ontbreekt"), ("/reden", "ontbreekt")]),
            (
                but(but(himself, "/op", "2026-07-01"), "/reden", "omdat"),
                vec![("/met", "met zichzelf"), ("/op", "in de toekomst"), ("/reden", &unknown)],
            ),
            (but(right(), "/met", "zij"), vec![("/met", "geen UUID")]),
            (but(right(), "/toelichting", ""), vec![("/toelichting", "is leeg")]),
            (but(right(), "/waarom", "zo"), vec![("/waarom", "hoort hier niet")]),
            (but(right(), "/met", json!(id(0x99))), vec![("/met", &nobody)]),
        ];
        for (body, faults) in wrong {
            house.post(at(WOMAN, action), &body).await.names(&faults);
        }
        house.post(at(0x99, action), &right()).await.is(404);
    }
    house.post(at(WOMAN, "/samenvoegingen"), &without(right(), "met")).await.is(400);
    assert_eq!(stored(&pool).await, before);
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn persons_of_another_organisation_are_not_there(pool: PgPool) {
    let house = house(&pool).await;
    let merge = same(AGAIN, "2026-06-30");
    house.post(at(WOMAN, "/samenvoegingen"), &merge).of("VT03").await.is(404);
    house.put(at(WOMAN, ""), &json!({ "geslacht": "vrouw" })).of("VT03").await.is(201);
    let nobody = format!("persoon {} is er niet", id(AGAIN));
    let answer = house.post(at(WOMAN, "/samenvoegingen"), &merge).of("VT03").await;
    answer.names(&[("/met", &nobody)]);
    house.post(at(WOMAN, "/samenvoegingen"), &merge).await.is(200);
    let elsewhere = house.get(at(WOMAN, "")).of("VT03").await.is(200).json();
    assert_eq!(elsewhere["samengevoegdMet"], json!([]));
    house.get(at(AGAIN, "")).of("VT03").await.is(404);
    house.post(at(WOMAN, "/samenvoegingen"), &merge).by(Role::Intake).await.is(403);
}

/// Somebody who was taken out of the only melding about him can still be separated from whom he was merged with.
#[sqlx::test(migrator = "store::MIGRATOR")]
async fn a_merge_can_be_undone_when_one_of_the_two_is_in_no_melding_any_more(pool: PgPool) {
    let house = house(&pool).await;
    house.post(at(WOMAN, "/samenvoegingen"), &same(AGAIN, "2026-06-30")).await.is(200);
    let told = about("2026-06-20", 0x22, 0x21);
    let right = json!({ "reden": "verkeerde-persoon", "personen": told["personen"], "relaties": told["relaties"] });
    house.post(format!("/v1/meldingen/{}/correcties", id(2)), &right).await.is(200);
    assert_eq!(counted(&house, "").await, [2, 0, 4, 0]);
    house.post(at(AGAIN, "/ontkoppelingen"), &not_same(WOMAN, "2026-06-30")).await.is(200);
    assert_eq!(house.get(at(WOMAN, "")).await.json()["samengevoegdMet"], json!([]));
}
