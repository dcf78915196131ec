//! `/v1/trendrapporten`: the yearly report, as known on any date, the same whenever it is asked again.

use crate::figures::{about, cell, exactly, figure, hidden};
use crate::house::{House, id};
use crate::told::{assess, but, melding, question, receive_melding};
use domain::access::Role;
use serde_json::{Value, json};
use sqlx::PgPool;

const REPORT: &str = "/v1/trendrapporten/2026";
const FORMS: &str = "meldingen-naar-vorm";
const FORMATS: [&str; 5] = ["json", "csv", "csv-excel", "html", "tekst"];

async fn report(house: &House, query: &str) -> Value {
    house.get(format!("{REPORT}{query}")).await.is(200).json()
}

async fn correct(house: &House, number: u128, what: Value) {
    let path = format!("/v1/meldingen/{}/correcties", id(number));
    house.post(path, &but(what, "/reden", "invoerfout")).await.is(200);
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn a_late_entry_shows_only_in_reports_as_known_after_it(pool: PgPool) {
    let mut house = House::on("2026-06-30", &pool).await;
    receive_melding(&house, 1, &melding("2026-06-29")).await;
    receive_melding(&house, 2, &melding("2026-06-30")).await;
    house.moves_to("2026-07-20");
    receive_melding(&house, 3, &melding("2026-06-30")).await;

    let count = |report: &Value| figure(report, FORMS, "huiselijk-geweld-overig");
    assert_eq!(count(&report(&house, "?zoalsBekendOp=2026-06-30").await), exactly(0));
    assert_eq!(count(&report(&house, "?zoalsBekendOp=2026-07-01").await), exactly(2));
    assert_eq!(count(&report(&house, "?zoalsBekendOp=2026-07-20T11:59:59Z").await), exactly(2));
    assert_eq!(count(&report(&house, "?zoalsBekendOp=2026-07-20T12:00:00Z").await), exactly(3));
    assert_eq!(count(&report(&house, "").await), exactly(3));
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn a_correction_shows_only_in_reports_as_known_after_it(pool: PgPool) {
    let mut house = House::on("2026-06-30", &pool).await;
    receive_melding(&house, 1, &melding("2026-06-29")).await;
    house.moves_to("2026-07-20");
    let told = melding("2026-06-29");
    let pairs = but(told["relaties"].clone(), "/0/vormen", json!(["ex-partnergeweld"]));
    correct(&house, 1, json!({ "relaties": pairs, "gemeente": "0114" })).await;

    let [then, now] = ["?zoalsBekendOp=2026-07-01", ""].map(|query| report(&house, query));
    let (then, now) = (then.await, now.await);
    for (code, before, after) in [("huiselijk-geweld-overig", 1, 0), ("ex-partnergeweld", 0, 1)] {
        assert_eq!(figure(&then, FORMS, code), exactly(before), "{code}");
        assert_eq!(figure(&now, FORMS, code), exactly(after), "{code}");
    }
    assert_eq!(figure(&then, "meldingen-naar-gemeente", "0106"), exactly(1));
    assert_eq!(figure(&now, "meldingen-naar-gemeente", "0114"), exactly(1));
    assert_eq!(figure(&now, FORMS, "totaal"), exactly(1));
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn the_same_report_is_the_same_to_the_byte_whatever_was_recorded_since(pool: PgPool) {
    let mut house = House::on("2026-06-30", &pool).await;
    for number in 1..=3 {
        receive_melding(&house, number, &melding("2026-06-29")).await;
    }
    house.put(format!("/v1/adviezen/{}", id(1)), &question()).await.is(201);
    house.moves_to("2026-07-20");
    let ask = |format: &str, profile: &str| {
        format!("{REPORT}?zoalsBekendOp=2026-07-01T00:00:00Z&formaat={format}&profiel={profile}")
    };
    let asked: Vec<String> = FORMATS
        .iter()
        .flat_map(|format| ["intern", "afgerond5"].map(|profile| ask(format, profile)))
        .collect();
    let mut first = Vec::new();
    for path in &asked {
        first.push(house.get(path).await.is(200).body);
    }
    receive_melding(&house, 4, &melding("2026-06-30")).await;
    correct(&house, 1, json!({ "gemeente": "0114" })).await;
    assess(&house, 2, "2026-07-20", "overdracht").await;
    let why = json!({ "op": "2026-07-20", "reden": "dubbele-registratie" });
    house.post(format!("/v1/meldingen/{}/intrekking", id(3)), &why).await.is(200);
    house.moves_to("2027-01-10");
    for (path, before) in asked.iter().zip(first) {
        assert_eq!(house.get(path).await.is(200).body, before, "{path}");
    }
    assert_eq!(figure(&report(&house, "").await, FORMS, "totaal"), exactly(3));
}

/// Haren (0017) went to Groningen (0014) in 2019.
#[sqlx::test(migrator = "store::MIGRATOR")]
async fn municipalities_are_counted_in_the_boundaries_that_are_asked(pool: PgPool) {
    const PLACES: &str = "meldingen-naar-gemeente";
    let mut house = House::on("2018-06-30", &pool).await;
    for (number, place) in [(1, "0017"), (2, "0017"), (3, "0014"), (4, "onbekend")] {
        receive_melding(&house, number, &but(melding("2018-06-29"), "/gemeente", place)).await;
    }
    house.moves_to("2020-06-30");
    let ask = async |query: &str| {
        house.get(format!("/v1/trendrapporten/2018{query}")).await.is(200).json()
    };
    let then = ask("").await;
    assert_eq!(ask("?grenzen=datum").await["tabellen"], then["tabellen"]);
    assert_eq!(then["grenzen"], "datum");
    assert_eq!(figure(&then, PLACES, "0017"), exactly(2));
    assert_eq!(figure(&then, PLACES, "0014"), exactly(1));
    let now = ask("?grenzen=heden").await;
    assert_eq!((&now["grenzen"], &now["grenzenOp"]), (&json!("heden"), &json!("2020-06-30")));
    assert_eq!(figure(&now, PLACES, "0014"), exactly(3));
    assert_eq!(figure(&now, PLACES, "onbekend"), exactly(1));
    assert!(!now.to_string().contains("\"0017\""));
    // What is not about places is the same.
    for report in [&then, &now] {
        assert_eq!(figure(report, PLACES, "totaal"), exactly(4));
        assert_eq!(figure(report, FORMS, "totaal"), exactly(4));
    }
    // The same question in a later year: the boundaries are those of the day up to which is known, so the answer is the same.
    let query = "?grenzen=heden&zoalsBekendOp=2018-12-31";
    let first = ask(query).await;
    assert_eq!(figure(&first, PLACES, "0017"), exactly(2));
    house.moves_to("2026-06-30");
    let again = house.get(format!("/v1/trendrapporten/2018{query}")).await.is(200).json();
    assert_eq!(again, first);
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn a_report_says_on_which_log_it_stands(pool: PgPool) {
    let mut house = House::on("2026-06-30", &pool).await;
    let receipt = receive_melding(&house, 1, &melding("2026-06-29")).await.json();
    house.moves_to("2026-07-20");
    receive_melding(&house, 2, &melding("2026-06-29")).await;
    let report = report(&house, "?zoalsBekendOp=2026-07-01T00:00:00Z").await;
    assert_eq!(report["stand"]["positie"], receipt["bewijs"]["positie"]);
    assert_eq!(report["stand"]["keten"], receipt["bewijs"]["keten"]);
    assert_eq!(report["zoalsBekendOp"], "2026-07-01T00:00:00Z");
    assert_eq!((&report["jaar"], &report["organisatie"]), (&json!(2026), &json!("VT02")));
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn earlier_involvement_follows_from_who_was_known(pool: PgPool) {
    let house = House::on("2026-06-30", &pool).await;
    let receive = async |number, on, victim, perpetrator| {
        let told = crate::told::about(on, victim, perpetrator);
        receive_melding(&house, number, &told).await;
    };
    let at_veilig_thuis = "vervolgstappen-bij-veilig-thuis";
    // One household comes back: after it ended, while it is assessed, while its casus is open.
    receive(1, "2026-06-01", 10, 11).await;
    assess(&house, 1, "2026-06-03", "overdracht").await;
    receive(2, "2026-06-10", 10, 11).await;
    receive(3, "2026-06-11", 10, 12).await;
    assess(&house, 2, "2026-06-12", at_veilig_thuis).await;
    assess(&house, 3, "2026-06-12", at_veilig_thuis).await;
    let opened = json!({ "geopendOp": "2026-06-12", "meldingen": [id(2), id(3)] });
    house.put(format!("/v1/casussen/{}", id(1)), &opened).await.is(201);
    receive(4, "2026-06-15", 11, 13).await;
    // In another, one of the persons comes back with somebody else.
    receive(5, "2026-06-01", 20, 21).await;
    assess(&house, 5, "2026-06-02", "geen-vervolgstappen").await;
    receive(6, "2026-06-20", 20, 22).await;
    let nobody = but(but(melding("2026-06-20"), "/personen", json!([])), "/relaties", json!([]));
    receive_melding(&house, 7, &but(nobody, "/vormen", json!(["andere-problematiek"]))).await;

    let report = report(&house, "").await;
    for (class, count) in [
        ("eerste-melding", 2),
        ("hermelding", 2),
        ("hermelding-meerdere-betrokkenen", 1),
        ("hermelding-een-betrokkene", 1),
        ("vervolgmelding", 2),
        ("vervolgmelding-tijdens-beoordeling", 1),
        ("vervolgmelding-na-beoordeling", 1),
        ("vervolgmelding-tijdens-monitoring", 0),
        ("niet-ingedeeld", 1),
        ("totaal", 7),
    ] {
        let found = figure(&report, "meldingen-naar-eerdere-betrokkenheid", class);
        assert_eq!(found, exactly(count), "{class}");
    }
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn a_melding_that_was_none_counts_no_longer_from_when_that_is_known(pool: PgPool) {
    let mut house = House::on("2026-06-30", &pool).await;
    receive_melding(&house, 1, &melding("2026-06-29")).await;
    house.moves_to("2026-07-20");
    let why = json!({ "op": "2026-07-20", "reden": "meldcode-niet-doorlopen" });
    house.post(format!("/v1/meldingen/{}/intrekking", id(1)), &why).await.is(200);
    let (then, now) = (report(&house, "?zoalsBekendOp=2026-07-01").await, report(&house, "").await);
    assert_eq!(figure(&then, FORMS, "totaal"), exactly(1));
    assert_eq!(figure(&now, FORMS, "totaal"), exactly(0));
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn outside_the_organisation_small_counts_are_hidden_and_others_rounded(pool: PgPool) {
    let house = House::on("2026-06-30", &pool).await;
    for number in 1..=9 {
        let form = if number == 1 { "ex-partnergeweld" } else { "huiselijk-geweld-overig" };
        let told = but(melding("2026-06-29"), "/relaties/0/vormen/0", form);
        receive_melding(&house, number, &told).await;
    }
    let outside = report(&house, "?profiel=afgerond5").await;
    assert_eq!(outside["profiel"], "afgerond5");
    assert_eq!(figure(&outside, FORMS, "huiselijk-geweld-overig"), about(10));
    assert_eq!(figure(&outside, FORMS, "ex-partnergeweld"), hidden());
    assert_eq!(figure(&outside, FORMS, "ouderenmishandeling"), exactly(0));
    assert_eq!(cell(&outside, FORMS, "ex-partnergeweld")["aandeel"], json!(null));
    let inside = report(&house, "?profiel=intern").await;
    assert_eq!(figure(&inside, FORMS, "ex-partnergeweld"), exactly(1));
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn a_report_comes_in_the_format_that_is_asked(pool: PgPool) {
    let house = House::on("2026-06-30", &pool).await;
    receive_melding(&house, 1, &melding("2026-06-29")).await;
    let kinds = [
        ("json", "application/json", "application/json"),
        ("csv", "text/csv", "text/csv; charset=utf-8"),
        ("html", "text/html", "text/html; charset=utf-8"),
        ("tekst", "text/plain", "text/plain; charset=utf-8"),
    ];
    for (name, accept, kind) in kinds {
        let by_key = house.get(format!("{REPORT}?formaat={name}")).await.is(200);
        assert_eq!(by_key.header("content-type"), Some(kind));
        let accept = format!("image/png, {accept};q=0.9");
        let by_accept = house.get(REPORT).with("accept", accept).await.is(200);
        assert_eq!(by_accept.body, by_key.body, "{name}");
    }
    let excel = house.get(format!("{REPORT}?formaat=csv-excel")).await.is(200);
    assert!(excel.text().starts_with("\u{feff}tabel;"));
    let page = house.get(format!("{REPORT}?formaat=html")).await.text();
    for part in ["<html lang=\"nl\"", "<svg", "role=\"img\"", "<title", "<desc"] {
        assert!(page.contains(part), "{part}");
    }
    // The page keeps to the policy that is sent with it: nothing from elsewhere, no scripts.
    for part in ["<script", "http://", "<link", " onclick"] {
        assert!(!page.replace("http://www.w3.org", "").contains(part), "{part}");
    }
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn a_wrong_question_is_answered_with_what_is_right(pool: PgPool) {
    let house = House::on("2026-06-30", &pool).await;
    for year in ["2014", "2027", "0", "26", "02026", "+2026", "2026.0", "jaar", "99999999999"] {
        let answer = house.get(format!("/v1/trendrapporten/{year}")).await;
        answer.names(&[("jaar", "een jaar van 2015 tot en met 2026")]);
    }
    let wrong = [
        ("formaat=xlsx", "formaat", "kies uit: json, csv, csv-excel, html, tekst"),
        ("profiel=geheim", "profiel", "kies uit: intern, afgerond5"),
        ("definitie=2015.1", "definitie", "bekend is: 2019.1"),
        ("grenzen=toen", "grenzen", "kies uit: datum, heden"),
    ];
    for (query, key, why) in wrong {
        house.get(format!("{REPORT}?{query}")).await.names(&[(key, why)]);
    }
    house.get("/v1/trendrapporten/2015").by(Role::Auditor).await.is(200);
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn a_report_is_of_the_own_organisation_only(pool: PgPool) {
    let house = House::on("2026-06-30", &pool).await;
    receive_melding(&house, 1, &melding("2026-06-29")).await;
    let other = house.get(REPORT).of("VT03").await.is(200).json();
    assert_eq!(other["organisatie"], "VT03");
    assert_eq!(figure(&other, FORMS, "totaal").0.unwrap_or(0), 0);
    assert_eq!(other["stand"]["positie"], 0);
}
