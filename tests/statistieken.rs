//! `/v1/statistieken`: declared tables for municipalities, centre areas and regions, always through the disclosure profile, only for the areas in the token.

use crate::figures::{about, exactly, figure, hidden};
use crate::house::{Ask, House, id};
use crate::told::{but, melding, question};
use domain::access::Role;
use serde_json::json;
use sqlx::PgPool;

const TABLE: &str = "adviezen-naar-vorm";

fn ask<'h>(house: &'h House, query: &str) -> Ask<'h> {
    house.get(format!("/v1/statistieken/{TABLE}?{query}"))
}

/// Nine adviezen in Assen (0106) and three in Emmen (0114).
async fn twelve(house: &House) {
    for number in 1..=12 {
        let place = if number <= 9 { "0106" } else { "0114" };
        let told = but(question(), "/gemeente", place);
        house.put(format!("/v1/adviezen/{}", id(number)), &told).await.is(201);
    }
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn the_declared_tables_say_what_they_count(pool: PgPool) {
    let house = House::on("2026-06-30", &pool).await;
    let tables = house.get("/v1/statistieken").for_areas(&[]).await.is(200).json();
    let tables = tables["tabellen"].as_array().unwrap();
    assert!(tables.len() >= 5);
    for table in tables {
        for key in ["id", "titel", "teleenheid", "definitie"] {
            assert!(table[key].as_str().is_some_and(|it| !it.is_empty()), "{key} of {table}");
        }
        let path =
            format!("/v1/statistieken/{}?periode=2026&gebied=0106", table["id"].as_str().unwrap());
        let answer = house.get(path).for_areas(&["0106"]).await.is(200).json();
        assert_eq!(answer["tabellen"][0]["id"], table["id"]);
    }
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn figures_of_an_area_are_never_exact(pool: PgPool) {
    let house = House::on("2026-06-30", &pool).await;
    twelve(&house).await;
    let both = ["0106", "0114"];
    let here = ask(&house, "periode=2026&gebied=0106").for_areas(&both).await.is(200).json();
    assert_eq!(here["profiel"], "afgerond5");
    assert_eq!((&here["gebied"], &here["periode"]), (&"0106".into(), &"2026".into()));
    assert_eq!(figure(&here, TABLE, "ouderenmishandeling"), about(10));
    assert_eq!(figure(&here, TABLE, "kindermishandeling"), exactly(0));
    let there = ask(&house, "periode=2026&gebied=0114").for_areas(&both).await.is(200).json();
    assert_eq!(figure(&there, TABLE, "ouderenmishandeling"), hidden());
    // Also not for a manager, who may see exact figures of his organisation elsewhere.
    let manager = ask(&house, "periode=2026&gebied=0114").await.is(200).json();
    assert_eq!(figure(&manager, TABLE, "ouderenmishandeling"), hidden());
    let profile = ask(&house, "periode=2026&gebied=0114&profiel=intern").await;
    profile.names(&[("profiel", "onbekende sleutel")]);
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn a_period_is_a_year_a_half_year_or_a_month(pool: PgPool) {
    let house = House::on("2026-06-30", &pool).await;
    twelve(&house).await;
    for (period, count) in [
        ("2026H1", about(10)),
        ("2026-06", about(10)),
        ("2026-05", exactly(0)),
        ("2025", exactly(0)),
    ] {
        let answer = ask(&house, &format!("periode={period}&gebied=0106")).await.is(200).json();
        assert_eq!(figure(&answer, TABLE, "totaal"), count, "{period}");
    }
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn only_the_areas_in_the_token_are_shown(pool: PgPool) {
    let house = House::on("2026-06-30", &pool).await;
    twelve(&house).await;
    let here = "periode=2026&gebied=0106";
    for areas in [vec![], vec!["0114"], vec!["106"], vec!["onbekend"], vec!["*"]] {
        let answer = ask(&house, here).for_areas(&areas).await.is(403);
        assert_eq!(answer.json()["detail"], "dit gebied staat niet in uw token", "{areas:?}");
    }
    // A manager sees the municipalities of his own region: Assen lies in Drenthe, Amsterdam does not.
    ask(&house, here).await.is(200);
    ask(&house, here).of("VT03").await.is(403);
    ask(&house, "periode=2026&gebied=0363").await.is(403);
    // A role that is for something else does not become an analyst by having areas.
    for role in [Role::Intake, Role::CaseWorker, Role::Privacy, Role::Administrator] {
        ask(&house, here).for_areas(&["0106"]).by(role).await.is(403);
    }
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn figures_of_an_area_are_shown_as_known_then(pool: PgPool) {
    let mut house = House::on("2026-06-30", &pool).await;
    twelve(&house).await;
    house.moves_to("2026-07-20");
    for number in 20..=24 {
        house.put(format!("/v1/adviezen/{}", id(number)), &question()).await.is(201);
    }
    let then = "periode=2026&gebied=0106&zoalsBekendOp=2026-07-01";
    let first = ask(&house, then).await.is(200);
    assert_eq!(figure(&first.json(), TABLE, "totaal"), about(10));
    assert_eq!(ask(&house, then).await.is(200).body, first.body);
    let now = ask(&house, "periode=2026&gebied=0106").await.is(200).json();
    assert_eq!(figure(&now, TABLE, "totaal"), about(15));
    for format in ["csv", "csv-excel", "html", "tekst"] {
        ask(&house, &format!("{then}&formaat={format}")).await.is(200);
    }
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn a_wrong_question_is_answered_with_what_is_right(pool: PgPool) {
    let house = House::on("2026-06-30", &pool).await;
    let wrong = [
        ("gebied=0106", "periode", "ontbreekt"),
        ("periode=2026", "gebied", "ontbreekt"),
        ("periode=2026H3&gebied=0106", "periode", "geen periode"),
        ("periode=2026-13&gebied=0106", "periode", "geen periode"),
        ("periode=juni&gebied=0106", "periode", "geen periode"),
        ("periode=2026&gebied=9999", "gebied", "geen Nederlandse gemeentecode"),
        ("periode=2026&gebied=Assen", "gebied", "geen Nederlandse gemeentecode"),
        ("periode=2026&gebied=0003", "gebied", "bestond niet op"),
        ("periode=2026&gebied=0106&formaat=pdf", "formaat", "kies uit"),
        ("periode=2026&gebied=0106&soort=x", "soort", "onbekende sleutel"),
    ];
    for (query, key, why) in wrong {
        ask(&house, query).await.names(&[(key, why)]);
    }
    let absent = "/v1/statistieken/personen?periode=2026&gebied=0106";
    let answer = house.get(absent).await.is(404);
    assert_eq!(answer.json()["detail"], "'personen' is geen tabel van de statistieken");
}

/// Nine meldingen in Haren (0017) and thirteen in Groningen (0014) in 2018; Haren went to Groningen in 2019.
async fn before_the_merger(pool: &PgPool) -> House {
    let mut house = House::on("2018-06-30", pool).await;
    for number in 1..=22 {
        let place = if number <= 9 { "0017" } else { "0014" };
        let told = but(melding("2018-06-29"), "/gemeente", place);
        house.put(format!("/v1/meldingen/{}", id(number)), &told).of("VT08").await.is(201);
    }
    house.moves_to("2026-06-30");
    house
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn an_abolished_municipality_is_counted_in_the_boundaries_that_are_asked(pool: PgPool) {
    let house = before_the_merger(&pool).await;
    let ask = |query: &str| {
        house.get(format!("/v1/statistieken/meldingen?periode=2018&{query}")).of("VT08")
    };
    let value = async |query: &str| {
        let answer = ask(query).await.is(200).json();
        answer["tabellen"][0]["cellen"][0]["waarde"].as_i64()
    };
    assert_eq!(value("gebied=0017").await, Some(10));
    assert_eq!(value("gebied=0014").await, Some(15));
    assert_eq!(value("gebied=0014&grenzen=datum").await, Some(15));
    assert_eq!(value("gebied=0014&grenzen=heden").await, Some(20));
    // As known on a day before the merger, its boundaries are those of before.
    assert_eq!(value("gebied=0014&grenzen=heden&zoalsBekendOp=2018-12-31").await, Some(15));
    ask("gebied=0017&grenzen=heden")
        .await
        .names(&[("gebied", "gemeente 0017 bestond niet op 2026-06-30")]);
    ask("gebied=0014&grenzen=toen").await.names(&[("grenzen", "kies uit: datum, heden")]);
    // Whoever may see Groningen of today sees what happened in Haren then only as part of it.
    ask("gebied=0014&grenzen=heden").for_areas(&["0014"]).await.is(200);
    ask("gebied=0017").for_areas(&["0014"]).await.is(403);

    let now = ask("gebied=0014&grenzen=heden").await.json();
    assert_eq!((&now["grenzen"], &now["grenzenOp"]), (&json!("heden"), &json!("2026-06-30")));
    assert_eq!(now["gemeenten"], json!([{ "code": "0014", "naam": "Groningen" }]));
    for format in ["json", "html", "tekst"] {
        let text = ask(&format!("gebied=0014&grenzen=heden&formaat={format}")).await.text();
        assert!(text.contains("gemeentegrenzen van 30 juni 2026"), "{format}: {text}");
        let text = ask(&format!("gebied=0014&formaat={format}")).await.text();
        assert!(text.contains("gemeentegrenzen van de dag waarop het gebeurde"), "{format}");
    }
    let rows = ask("gebied=0014&grenzen=heden&formaat=csv").await.text();
    assert!(rows.contains(",heden 2026-06-30,GM0014,ja"), "{rows}");
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn the_figures_of_a_region_are_those_of_its_municipalities(pool: PgPool) {
    let house = House::on("2026-06-30", &pool).await;
    twelve(&house).await;
    let query = "periode=2026&regio=VT02";
    let drenthe = ask(&house, query).await.is(200).json();
    assert_eq!(drenthe["regio"], "VT02");
    assert_eq!(drenthe["gemeenten"].as_array().unwrap().len(), 12);
    // Nine and three: each part is small or rounded by itself, the sum is rounded once.
    assert_eq!(figure(&drenthe, TABLE, "ouderenmishandeling"), about(10));
    // An analyst sees a region when he may see each of its municipalities.
    let codes = drenthe["gemeenten"].as_array().unwrap().iter();
    let codes: Vec<&str> = codes.map(|it| it["code"].as_str().unwrap()).collect();
    ask(&house, query).for_areas(&codes).await.is(200);
    ask(&house, query).for_areas(&codes[1..]).await.is(403);
    ask(&house, query).for_areas(&["VT02"]).await.is(403);
    ask(&house, query).of("VT03").await.is(403);
    ask(&house, "periode=2026&regio=VT03").await.is(403);
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn a_centre_area_counts_what_is_known_and_says_that_it_may_be_more(pool: PgPool) {
    let mut house = House::on("2026-06-30", &pool).await;
    twelve(&house).await;
    let query = "periode=2026&centrum=0114";
    // Published is only that Emmen lies in its own area.
    let published = ask(&house, query).for_areas(&["0114"]).await.is(200).json();
    assert_eq!((&published["centrum"], &published["volledig"]), (&json!("0114"), &json!(false)));
    assert_eq!(published["gemeenten"], json!([{ "code": "0114", "naam": "Emmen" }]));
    assert_eq!(figure(&published, TABLE, "ouderenmishandeling"), hidden());

    house.knows(
        r#"{"members": [{"municipality": "0106", "centre": "0114", "from": "2020-01-01"}]}"#,
    );
    let known = ask(&house, query).for_areas(&["0114", "0106"]).await.is(200).json();
    assert_eq!(known["gemeenten"].as_array().unwrap().len(), 2);
    assert_eq!(known["volledig"], false);
    assert_eq!(figure(&known, TABLE, "ouderenmishandeling"), about(10));
    // What is filled in makes no token wider.
    ask(&house, query).for_areas(&["0114"]).await.is(403);
    ask(&house, query).for_areas(&["centrum:0114"]).await.is(403);
    ask(&house, query).await.is(200);
    ask(&house, "periode=2019&centrum=0114").for_areas(&["0114"]).await.is(200);
    let text = ask(&house, &format!("{query}&formaat=tekst")).await.text().replace('\n', " ");
    assert!(text.contains("Veilig Thuis in het centrumgebied Emmen (0114), 2026"), "{text}");
    assert!(text.contains("Het is niet bekend of dit alle gemeenten van het centrumgebied zijn."));
    assert!(text.contains("Alleen wat is vastgelegd bij VT02."), "{text}");
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn a_wrong_area_is_answered_with_what_is_right(pool: PgPool) {
    let house = House::on("2026-06-30", &pool).await;
    let wrong: [(&str, &[(&str, &str)]); 8] = [
        ("centrum=0106", &[("centrum", "'0106' is geen centrumgemeente")]),
        ("centrum=centrum:0114", &[("centrum", "is geen centrumgemeente")]),
        ("regio=VT99", &[("regio", "'VT99' is geen regio van Veilig Thuis")]),
        ("regio=Drenthe", &[("regio", "'Drenthe' is geen regio van Veilig Thuis")]),
        ("regio=VT16", &[("regio", "regio VT16 bestond niet op 2026-12-01")]),
        ("gebied=0106&centrum=0114", &[("centrum", "kies een van"), ("gebied", "kies een van")]),
        ("gebied=0106&regio=VT02", &[("gebied", "kies een van"), ("regio", "kies een van")]),
        ("grenzen=heden", &[("gebied", "kies een van gebied, centrum en regio")]),
    ];
    for (query, faults) in wrong {
        ask(&house, &format!("periode=2026&{query}")).await.names(faults);
    }
}

/// With any moment he could halve his way to the one at which a single person was recorded.
#[sqlx::test(migrator = "store::MIGRATOR")]
async fn whoever_sees_only_figures_asks_for_a_moment_by_whole_months(pool: PgPool) {
    let house = House::on("2026-06-30", &pool).await;
    for number in 1..=20 {
        crate::told::receive_melding(&house, number, &crate::told::melding("2026-06-02")).await;
    }
    let path = "/v1/statistieken/meldingen?periode=2026-06&gebied=0106";
    let ask =
        |moment: &str| house.get(format!("{path}&zoalsBekendOp={moment}")).for_areas(&["0106"]);
    let first = ask("2026-06-01").await.is(200).json()["tabellen"].clone();
    for moment in ["2026-06-30T11:59:59Z", "2026-06-30T12:00:00Z", "2026-06-15"] {
        assert_eq!(ask(moment).await.is(200).json()["tabellen"], first, "{moment}");
    }
    let now = house.get(path).for_areas(&["0106"]).await.is(200).json()["tabellen"].clone();
    assert_ne!(now, first);
}
