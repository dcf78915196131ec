//! Only what is declared, only the area that is asked, never exact.

use super::*;
use crate::disclosure::Status;
use crate::sample::{self, counted, melding_place};
use chrono::NaiveDate;
use domain::area::Areas;
use serde_json::{Value, json};

fn within(period: &str, area: Area, boundaries: Boundaries) -> Extent {
    let period: Period = period.parse().unwrap();
    Areas::default().extent(area, &period.first_days(), boundaries).unwrap()
}

fn here(period: &str, code: &str) -> Extent {
    within(period, Area::Municipality(code.to_owned()), Boundaries::OfTheDate)
}

fn ask<'q>(table: &'q str, period: &str, extent: &'q Extent) -> Question<'q> {
    Question {
        table,
        period: period.parse().unwrap(),
        extent,
        as_known_at: "2024-03-01T00:00:00Z".parse().unwrap(),
        standing: &[],
        threshold: 8,
    }
}

#[test]
fn every_declared_table_is_defined_and_can_be_made() {
    assert_eq!(tables().len(), DECLARED.len());
    for it in tables() {
        let report = table(&sample::counts(), &ask(it.id, "2023", &here("2023", "0106"))).unwrap();
        assert_eq!(report.tables[0].definition.id, it.id);
    }
    let first = serde_json::to_value(&tables()[1]).unwrap();
    assert_eq!(first["id"], "adviezen-naar-vorm");
    assert_eq!(first["periodes"], json!(["JJJJ", "JJJJH1", "JJJJ-MM"]));
}

#[test]
fn a_table_counts_one_area_and_one_period() {
    let latest = |period, area, codes: &[&str]| {
        let extent = here(period, area);
        let question = ask("meldingen-naar-vorm", period, &extent);
        let report = table(&sample::counts(), &question).unwrap();
        report.tables[0].latest(codes).unwrap().0
    };
    assert_eq!(latest("2023", "0106", &["totaal"]).value(), Some(25));
    assert_eq!(latest("2023H1", "0106", &["totaal"]).value(), Some(10));
    assert_eq!(latest("2023-12", "0106", &["kindermishandeling"]).value(), Some(10));
    assert_eq!(latest("2023-11", "0106", &["totaal"]).status(), Status::Zero);
    assert_eq!(latest("2023-12", "0114", &["totaal"]).status(), Status::Hidden);
}

#[test]
fn months_outside_the_period_are_not_in_it() {
    let report =
        table(&sample::counts(), &ask("meldingen-naar-maand", "2023H2", &here("2023H2", "0106")))
            .unwrap();
    let shown = serde_json::to_value(&report).unwrap();
    let cells = shown["tabellen"][0]["cellen"].as_array().unwrap();
    let months: Vec<&Value> = cells.iter().map(|it| &it["maand"]).collect();
    assert_eq!(months, ["totaal", "07", "08", "09", "10", "11", "12"]);
    assert_eq!(cells[0]["periode"], "2023H2");
}

#[test]
fn the_shape_says_which_area_and_period() {
    let report =
        table(&sample::counts(), &ask("meldingen", "2023", &here("2023", "0106"))).unwrap();
    let shown = serde_json::to_value(&report).unwrap();
    assert_eq!((&shown["periode"], &shown["gebied"]), (&json!("2023"), &json!("0106")));
    assert_eq!(shown["gemeenten"], json!([{ "code": "0106", "naam": "Assen" }]));
    assert!(shown.get("volledig").is_none());
    assert_eq!((&shown["profiel"], &shown["grenzen"]), (&json!("afgerond5"), &json!("datum")));
    assert_eq!(shown["standen"], json!([]));
    let table = &shown["tabellen"][0];
    assert_eq!(table["dimensies"], json!(["periode"]));
    let expected = json!([{ "periode": "2023", "waarde": 25, "status": "afgerond" }]);
    assert_eq!(table["cellen"], expected);
}

#[test]
fn the_published_figure_of_the_municipality_stands_beside_it() {
    let report =
        table(&sample::counts(), &ask("meldingen-naar-vorm", "2023", &here("2023", "1731")))
            .unwrap();
    let shown = serde_json::to_value(&report).unwrap();
    let expected = json!([{ "gebied": "GM1731", "waarde": 105, "bron": "84851NED" }]);
    assert_eq!(shown["tabellen"][0]["cellen"][0]["gepubliceerd"], expected);
    let of = |area: Area, boundaries| {
        let extent = within("2023", area, boundaries);
        let report = table(&sample::counts(), &ask("meldingen-naar-vorm", "2023", &extent));
        serde_json::to_value(report.unwrap()).unwrap()["tabellen"][0]["cellen"][0].clone()
    };
    let region = || Area::Region("VT02".to_owned());
    assert_eq!(of(region(), Boundaries::OfTheDate)["gepubliceerd"][0]["gebied"], "VT02");
    // Others publish in the boundaries of then; beside other boundaries it would be another figure.
    assert!(of(region(), today()).get("gepubliceerd").is_none());
}

fn today() -> Boundaries {
    Boundaries::On(NaiveDate::from_ymd_opt(2024, 3, 1).unwrap())
}

/// Haren (0017) went to Groningen (0014) in 2019.
#[test]
fn an_abolished_municipality_counts_by_itself_or_in_the_one_to_which_it_went() {
    let vorm = &["kindermishandeling"];
    let counts = [
        counted(201_806, 9, melding_place("0017", vorm)),
        counted(201_806, 13, melding_place("0014", vorm)),
    ];
    let value = |code: &str, boundaries| {
        let extent = within("2018", Area::Municipality(code.to_owned()), boundaries);
        let report = table(&counts, &ask("meldingen", "2018", &extent)).unwrap();
        report.tables[0].latest(&[]).unwrap().0.value()
    };
    assert_eq!(value("0017", Boundaries::OfTheDate), Some(10));
    assert_eq!(value("0014", Boundaries::OfTheDate), Some(15));
    assert_eq!(value("0014", today()), Some(20));
}

/// Each part is hidden; the sum is no longer small.
#[test]
fn disclosure_is_applied_to_the_sum_of_an_area() {
    let vorm = &["kindermishandeling"];
    let places = ["0106", "0109", "0114"];
    let counts = places.map(|it| counted(202_306, 4, melding_place(it, vorm)));
    let figure = |extent: &Extent| {
        let report = table(&counts, &ask("meldingen", "2023", extent)).unwrap();
        report.tables[0].latest(&[]).unwrap().0
    };
    assert!(places.iter().all(|it| figure(&here("2023", it)).status() == Status::Hidden));
    let drenthe = within("2023", Area::Region("VT02".to_owned()), Boundaries::OfTheDate);
    assert_eq!(figure(&drenthe).value(), Some(10));
}

/// Wijdemeren moved from Utrecht to Gooi en Vechtstreek in 2022: the year decides.
#[test]
fn an_area_counts_the_municipalities_that_lay_in_it_then() {
    let vorm = &["kindermishandeling"];
    let counts = [
        counted(202_112, 10, melding_place("1696", vorm)),
        counted(202_201, 20, melding_place("1696", vorm)),
    ];
    let value = |period: &str, region: &str, boundaries| {
        let extent = within(period, Area::Region(region.to_owned()), boundaries);
        let report = table(&counts, &ask("meldingen", period, &extent)).unwrap();
        report.tables[0].latest(&[]).unwrap().0.value()
    };
    assert_eq!(value("2021", "VT20", Boundaries::OfTheDate), Some(10));
    assert_eq!(value("2021", "VT07", Boundaries::OfTheDate), Some(0));
    assert_eq!(value("2022", "VT07", Boundaries::OfTheDate), Some(20));
    assert_eq!(value("2021", "VT07", today()), Some(10));
    assert_eq!(value("2021", "VT20", today()), Some(0));
}

#[test]
fn a_centre_area_says_whether_it_is_known_to_be_complete() {
    let zwolle = within("2023", Area::Centre("0193".to_owned()), today());
    let report = table(&sample::counts(), &ask("meldingen", "2023", &zwolle)).unwrap();
    let shown = serde_json::to_value(&report).unwrap();
    assert_eq!((&shown["centrum"], &shown["volledig"]), (&json!("0193"), &json!(false)));
    assert_eq!(shown["gemeenten"].as_array().unwrap().len(), 12);
    assert_eq!((&shown["grenzen"], &shown["grenzenOp"]), (&json!("heden"), &json!("2024-03-01")));
}

#[test]
fn what_is_not_declared_is_refused() {
    for id in ["plegers-naar-geslacht-leeftijd-vorm", "meldingen-naar-gemeente", "", "x"] {
        let refused = table(&[], &ask(id, "2023", &here("2023", "0106"))).unwrap_err().to_string();
        assert_eq!(refused, format!("'{id}' is geen tabel van de statistieken"));
    }
}
