//! How a test finds a figure in an answer.

use serde_json::Value;

/// The cell of a table of one dimension, by its code.
pub(crate) fn cell(report: &Value, table: &str, code: &str) -> Value {
    let tables = report["tabellen"].as_array().unwrap();
    let table = tables.iter().find(|it| it["id"] == table).unwrap();
    let dimension = table["dimensies"][0].as_str().unwrap();
    let last = &table["cellen"].as_array().unwrap().iter().rfind(|it| it[dimension] == code);
    last.unwrap_or_else(|| panic!("no {code} in {table}")).clone()
}

/// The figure of the last year: its value and its status.
pub(crate) fn figure(report: &Value, table: &str, code: &str) -> (Option<i64>, String) {
    let cell = cell(report, table, code);
    (cell["waarde"].as_i64(), cell["status"].as_str().unwrap().to_owned())
}

pub(crate) fn exactly(count: i64) -> (Option<i64>, String) {
    (Some(count), if count == 0 { "nul" } else { "exact" }.to_owned())
}

pub(crate) fn about(count: i64) -> (Option<i64>, String) {
    (Some(count), "afgerond".to_owned())
}

pub(crate) fn hidden() -> (Option<i64>, String) {
    (None, "geheim".to_owned())
}
