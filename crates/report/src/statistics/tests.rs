//! Only what is declared, only the area that is asked, never exact.

use super::*;
use crate::disclosure::Status;
use crate::sample;
use serde_json::{Value, json};

fn ask<'q>(table: &'q str, period: &str, area: &'q str) -> Question<'q> {
    Question {
        table,
        period: period.parse().unwrap(),
        area,
        as_known_at: "2024-03-01T00:00:00Z".parse().unwrap(),
        standing: &[],
        threshold: 8,
    }
}

#[test]
fn every_declared_table_is_defined_and_can_be_made() {
    assert_eq!(tables().len(), DECLARED.len());
    for it in tables() {
        let report = table(&sample::counts(), &ask(it.id, "2023", "0106")).unwrap();
        assert_eq!(report.tables[0].definition.id, it.id);
    }
    let first = serde_json::to_value(&tables()[1]).unwrap();
    assert_eq!(first["id"], "adviezen-naar-vorm");
    assert_eq!(first["periodes"], json!(["JJJJ", "JJJJH1", "JJJJ-MM"]));
}

#[test]
fn a_table_counts_one_area_and_one_period() {
    let latest = |period, area, codes: &[&str]| {
        let report = table(&sample::counts(), &ask("meldingen-naar-vorm", period, area)).unwrap();
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
    let report = table(&sample::counts(), &ask("meldingen-naar-maand", "2023H2", "0106")).unwrap();
    let shown = serde_json::to_value(&report).unwrap();
    let cells = shown["tabellen"][0]["cellen"].as_array().unwrap();
    let months: Vec<&Value> = cells.iter().map(|it| &it["maand"]).collect();
    assert_eq!(months, ["totaal", "07", "08", "09", "10", "11", "12"]);
    assert_eq!(cells[0]["periode"], "2023H2");
}

#[test]
fn the_shape_says_which_area_and_period() {
    let report = table(&sample::counts(), &ask("meldingen", "2023", "0106")).unwrap();
    let shown = serde_json::to_value(&report).unwrap();
    assert_eq!((&shown["periode"], &shown["gebied"]), (&json!("2023"), &json!("0106")));
    assert_eq!(shown["profiel"], "afgerond5");
    assert_eq!(shown["standen"], json!([]));
    let table = &shown["tabellen"][0];
    assert_eq!(table["dimensies"], json!(["periode"]));
    let expected = json!([{ "periode": "2023", "waarde": 25, "status": "afgerond" }]);
    assert_eq!(table["cellen"], expected);
}

#[test]
fn the_published_figure_of_the_municipality_stands_beside_it() {
    let report = table(&sample::counts(), &ask("meldingen-naar-vorm", "2023", "1731")).unwrap();
    let shown = serde_json::to_value(&report).unwrap();
    let expected = json!([{ "gebied": "GM1731", "waarde": 105, "bron": "84851NED" }]);
    assert_eq!(shown["tabellen"][0]["cellen"][0]["gepubliceerd"], expected);
}

#[test]
fn what_is_not_declared_is_refused() {
    for id in ["plegers-naar-geslacht-leeftijd-vorm", "meldingen-naar-gemeente", "", "x"] {
        let refused = table(&[], &ask(id, "2023", "0106")).unwrap_err().to_string();
        assert_eq!(refused, format!("'{id}' is geen tabel van de statistieken"));
    }
}
