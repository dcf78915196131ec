//! The report as a whole: its shape, its figures, and that the same question gives the same bytes.

use super::*;
use crate::disclosure::Status;
use crate::fact::Fact;
use crate::sample::{self, counted, melding_place};
use chrono::NaiveDate;
use serde_json::{Value, json};

fn shown(profile: Profile) -> Value {
    serde_json::to_value(report(&sample::counts(), &sample::question(profile))).unwrap()
}

fn table<'v>(report: &'v Value, id: &str) -> &'v Value {
    let tables = report["tabellen"].as_array().unwrap();
    tables.iter().find(|it| it["id"] == id).unwrap()
}

/// The cell of the last year with this code along the first dimension.
fn cell<'v>(report: &'v Value, id: &str, code: &str) -> &'v Value {
    let table = table(report, id);
    let dimension = table["dimensies"][0].as_str().unwrap();
    let cells = table["cellen"].as_array().unwrap();
    cells.iter().find(|it| it[dimension] == code && it["jaar"] == 2023).unwrap()
}

#[test]
fn the_shape_is_the_published_one() {
    let report = shown(Profile::ROUNDED);
    let names: Vec<&String> = report.as_object().unwrap().keys().collect();
    let mut expected =
        ["jaar", "organisatie", "zoalsBekendOp", "stand", "profiel", "grenzen", "tabellen"];
    expected.sort_unstable();
    assert_eq!(names, expected);
    assert_eq!(report["zoalsBekendOp"], "2024-03-01T00:00:00Z");
    assert_eq!(report["stand"], json!({ "positie": 48_123, "keten": "9f2c" }));
    assert_eq!(report["profiel"], "afgerond5");
    let table = table(&report, "meldingen-naar-vorm");
    assert_eq!(table["titel"], "Meldingen naar vorm van geweld");
    assert_eq!(table["teleenheid"], "meldingen");
    assert_eq!(table["definitie"], "2019.1");
    assert_eq!(table["dimensies"], json!(["vorm", "jaar"]));
    assert_eq!(table["aandeelOnbekend"], 0.0);
    assert_eq!(table["labels"]["vorm"]["kindermishandeling"], "Kindermishandeling");
    let expected = json!({
        "vorm": "kindermishandeling", "jaar": 2023, "waarde": 25, "status": "afgerond", "aandeel": 0.714, "verschil": 5,
        "gepubliceerd": [{ "gebied": "VT02", "waarde": 1060, "bron": "84851NED" }],
    });
    assert_eq!(*cell(&report, "meldingen-naar-vorm", "kindermishandeling"), expected);
    let hidden = cell(&report, "meldingen-naar-vorm", "ouderenmishandeling");
    assert_eq!((&hidden["waarde"], &hidden["status"]), (&Value::Null, &json!("geheim")));
}

#[test]
fn the_country_says_how_far_every_log_had_come() {
    let question = Question { organisation: None, ..sample::question(Profile::ROUNDED) };
    let report = serde_json::to_value(report(&sample::counts(), &question)).unwrap();
    assert_eq!(report["organisatie"], "landelijk");
    let expected = json!([{ "organisatie": "VT02", "positie": 48_123, "keten": "9f2c" }]);
    assert_eq!(report["standen"], expected);
}

#[test]
fn parts_may_exceed_the_total_and_the_total_is_counted_by_itself() {
    let report = shown(Profile::Internal);
    let value = |code| cell(&report, "meldingen-naar-vorm", code)["waarde"].as_i64().unwrap();
    assert_eq!(value("totaal"), 36);
    let parts = [
        "kindermishandeling",
        "ex-partnergeweld",
        "huiselijk-geweld-overig",
        "ouderenmishandeling",
    ];
    assert_eq!(parts.map(value), [24, 24, 8, 4]);
}

#[test]
fn what_is_not_assessed_yet_is_what_remains() {
    let report = shown(Profile::Internal);
    let of = |code| cell(&report, "beoordelingen-binnen-norm", code);
    assert_eq!(of("nog-niet-beoordeeld")["waarde"], 8);
    assert_eq!(of("binnen-norm")["waarde"], 20);
    assert_eq!(of("binnen-norm")["aandeel"], 0.714);
    assert_eq!(of("nog-niet-beoordeeld")["aandeel"], 0.222);
    assert_eq!(cell(&report, "beoordelingen-naar-uitkomst", "nog-niet-beoordeeld")["waarde"], 8);
    assert_eq!(cell(&report, "contacten-naar-afronding", "nog-niet-afgerond")["waarde"], 16);
}

#[test]
fn the_share_unknown_is_of_the_last_year() {
    let report = shown(Profile::Internal);
    assert_eq!(table(&report, "meldingen-naar-hoedanigheid")["aandeelOnbekend"], 0.222);
    assert_eq!(table(&report, "meldingen-naar-duur")["aandeelOnbekend"], 0.333);
    assert_eq!(table(&report, "late-registratie")["aandeelOnbekend"], Value::Null);
}

#[test]
fn a_category_is_shown_with_zero_where_it_is_valid_and_not_applicable_where_it_is_not() {
    let counts = sample::counts();
    let question = Question { year: 2026, ..sample::question(Profile::ROUNDED) };
    let later = report(&counts, &question);
    let special = later.table("bijzondere-vormen").unwrap();
    let status =
        |row: &crate::table::Row| row.figures.iter().map(|it| it.status()).collect::<Vec<_>>();
    let stalking = special.row(&["stalking"]).unwrap();
    assert_eq!(status(stalking)[3..], [Status::NotApplicable, Status::Zero]);
    let report = report(&counts, &sample::question(Profile::ROUNDED));
    assert!(report.table("bijzondere-vormen").unwrap().row(&["stalking"]).is_none());
    let adviezen = report.table("adviezen-naar-hoedanigheid").unwrap();
    assert!(adviezen.row(&["geriater"]).is_some());
    assert!(adviezen.row(&["wijkteam"]).is_none());
}

#[test]
fn municipalities_stand_by_name() {
    let report = report(&sample::counts(), &sample::question(Profile::Internal));
    let table = report.table("meldingen-naar-gemeente").unwrap();
    let codes: Vec<&str> = table.rows.iter().flat_map(|row| table.codes(row)).collect();
    assert_eq!(codes, ["totaal", "0106", "0114"]);
    assert_eq!(table.categories(&table.rows[1]).next().unwrap().label, "Assen");
}

/// Haren (0017) and Winsum (0053, divided) were abolished in 2019; Het Hogeland (1966) began then.
#[test]
fn municipalities_count_in_the_boundaries_of_then_or_of_now() {
    let told = [
        ("0014", 201_606),
        ("0014", 201_806),
        ("0017", 201_806),
        ("0053", 201_806),
        ("onbekend", 201_806),
        ("1966", 202_006),
    ];
    let counts = told.map(|(place, month)| counted(month, 10, melding_place(place, &[])));
    let figures = |boundaries| {
        let question = Question { year: 2020, boundaries, ..sample::question(Profile::Internal) };
        let report = report(&counts, &question);
        let table = report.table("meldingen-naar-gemeente").unwrap();
        let of = |row: &crate::table::Row| {
            let code = table.codes(row).next().unwrap().to_owned();
            (code, row.figures[1..].iter().map(|it| it.value()).collect::<Vec<_>>())
        };
        table.rows.iter().map(of).collect::<Vec<_>>()
    };
    // 2017, 2018, 2019 and 2020; where there is no number, there was no such municipality.
    let row = |code: &str, values: [Option<i64>; 4]| (code.to_owned(), values.to_vec());
    let then = [
        row("totaal", [Some(0), Some(40), Some(0), Some(10)]),
        row("0014", [Some(0), Some(10), Some(0), Some(0)]),
        row("0017", [Some(0), Some(10), None, None]),
        row("1966", [None, None, Some(0), Some(10)]),
        row("0053", [Some(0), Some(10), None, None]),
        row("onbekend", [Some(0), Some(10), Some(0), Some(0)]),
    ];
    assert_eq!(figures(Boundaries::OfTheDate), then);
    let now = [
        row("totaal", [Some(0), Some(40), Some(0), Some(10)]),
        row("0014", [Some(0), Some(20), Some(0), Some(0)]),
        row("1966", [Some(0), Some(10), Some(0), Some(10)]),
        row("onbekend", [Some(0), Some(10), Some(0), Some(0)]),
    ];
    let march = NaiveDate::from_ymd_opt(2024, 3, 1).unwrap();
    assert_eq!(figures(Boundaries::On(march)), now);
}

/// A municipality of which nothing was in time is not left out of the list of shares.
#[test]
fn of_what_was_counted_every_part_is_shown_and_of_what_was_not_none() {
    let report = report(&sample::counts(), &sample::question(Profile::Internal));
    let table = report.table("beoordelingen-naar-gemeente").unwrap();
    let rows: Vec<Vec<&str>> = table.rows.iter().map(|row| table.codes(row).collect()).collect();
    let of =
        |municipality| ["totaal", "binnen-termijn", "te-laat"].map(|part| vec![municipality, part]);
    assert_eq!(rows, [of("0106"), of("0114")].concat());
    let never = table.row(&["0114", "binnen-termijn"]).unwrap();
    assert_eq!(never.shares.last().unwrap(), &Some(0.0));
}

#[test]
fn a_table_of_which_nothing_was_counted_is_empty() {
    let full = report(&sample::counts(), &sample::question(Profile::ROUNDED));
    assert!(full.tables.iter().all(|it| !it.is_empty()), "the sample has something of everything");
    let none = report(&[], &sample::question(Profile::ROUNDED));
    assert!(none.tables.iter().all(crate::table::Table::is_empty));
}

#[test]
fn a_code_that_is_in_no_list_is_counted_under_its_own_name() {
    let mut counts = sample::counts();
    counts.push(counted(202_303, 3, melding_place("0106", &["nieuwe-vorm"])));
    let report = report(&counts, &sample::question(Profile::Internal));
    let latest = |codes: &[&str]| {
        report.table("meldingen-naar-vorm").unwrap().latest(codes).unwrap().0.value()
    };
    assert_eq!(latest(&["nieuwe-vorm"]), Some(3));
    assert_eq!(latest(&["totaal"]), Some(39));
    assert_eq!(latest(&["kindermishandeling"]), Some(24));
}

#[test]
fn a_correction_takes_figures_away_again() {
    let mut counts = sample::counts();
    counts.push(counted(202_301, -1, melding_place("0114", &["ouderenmishandeling"])));
    let report = report(&counts, &sample::question(Profile::Internal));
    let table = report.table("meldingen-naar-vorm").unwrap();
    assert_eq!(table.latest(&["ouderenmishandeling"]).unwrap().0.value(), Some(3));
}

#[test]
fn the_order_of_the_facts_does_not_matter() {
    let mut counts = sample::counts();
    counts.push(counted(202_303, 3, melding_place("1680", &["kindermishandeling"])));
    let question = sample::question(Profile::ROUNDED);
    let text = |counts: &[Counted]| serde_json::to_string(&report(counts, &question)).unwrap();
    let once = text(&counts);
    assert_eq!(once, text(&counts));
    counts.reverse();
    assert_eq!(once, text(&counts));
}

/// A register that began in 2021 does not know 2019 and 2020; that is not the same as none.
#[test]
fn years_before_the_register_began_are_unknown_and_not_none() {
    let fact = || Fact::Contact { channel: sample::code("chat") };
    let counts = [counted(202_112, 9, fact()), counted(202_305, 9, fact())];
    let report = report(&counts, &sample::question(Profile::Internal));
    let table = report.table("contacten-naar-kanaal-maand").unwrap();
    let row = table.row(&["totaal", "totaal"]).unwrap();
    let statuses: Vec<Status> = row.figures.iter().map(|it| it.status()).collect();
    let known = [Status::Exact, Status::Zero, Status::Exact];
    assert_eq!(statuses, [[Status::Unknown; 2].as_slice(), &known].concat());
}

#[test]
fn years_outside_the_five_are_left_out() {
    let fact = || Fact::Contact { channel: sample::code("chat") };
    let counts = [counted(201_812, 9, fact()), counted(202_401, 9, fact())];
    let report = report(&counts, &sample::question(Profile::Internal));
    let table = report.table("contacten-naar-kanaal-maand").unwrap();
    let row = table.row(&["totaal", "totaal"]).unwrap();
    assert!(row.figures.iter().all(|it| it.status() == Status::Zero));
}

/// The frozen report, one cell per line: whoever changes a figure or a name changes this file, and says why. The tables of three
/// dimensions are left out; they are made in the same way and would fill most of it.
#[test]
fn the_report_is_as_it_was() {
    let mut report = report(&sample::counts(), &sample::question(Profile::ROUNDED));
    report.tables.retain(|it| it.axes.len() < 3);
    let now = serde_json::to_string(&report).unwrap().replace("},{", "},\n{") + "\n";
    if std::env::var_os("MELDBOEK_FREEZE").is_some() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/src/trend/frozen.json");
        std::fs::write(path, &now).unwrap();
        return;
    }
    let frozen = include_str!("frozen.json");
    let same = frozen.lines().zip(now.lines()).take_while(|(a, b)| a == b).count();
    assert!(frozen == now, "differs from line {} (freeze again with MELDBOEK_FREEZE=1)", same + 1);
}
