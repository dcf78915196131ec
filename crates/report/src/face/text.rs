//! A report for a terminal: aligned tables, a hundred columns wide.
//!
//! Of a cross of dimensions only the margins are shown; the whole of it is in JSON and CSV.

use super::{
    LEGEND, NOTHING, about, figure, is_indented, label, margins, moment, percent, period, places,
    signed, standing, title,
};
use crate::definition::Chapter;
use crate::table::{Row, Table};
use crate::trend::Report;
use std::fmt::Write;

const WIDTH: usize = 100;
const LABEL: usize = 38;
const COLUMN: usize = 9;
const SHARE: usize = 8;

/// The report as text.
pub fn text(report: &Report) -> String {
    let mut out = title(report) + "\n";
    let known =
        format!("Zoals bekend op {}. Stand: {}.", moment(report.as_known_at), standing(report));
    paragraph(&mut out, &known);
    paragraph(&mut out, &report.profile.rule());
    paragraph(&mut out, &places(report));
    paragraph(&mut out, LEGEND);
    for chapter in Chapter::ALL {
        let tables = || report.tables.iter().filter(|it| it.definition.chapter == chapter);
        if tables().next().is_some() {
            let name = chapter.name().1.to_uppercase();
            let _ = write!(out, "\n{name}\n{}\n", "=".repeat(name.chars().count()));
            tables().for_each(|table| one(&mut out, report, table));
        }
    }
    out
}

fn one(out: &mut String, report: &Report, table: &Table) {
    out.push('\n');
    paragraph(out, table.definition.title);
    if table.is_empty() {
        paragraph(out, NOTHING);
        return;
    }
    paragraph(out, &about(report, table));
    let _ = write!(out, "{:LABEL$}", "");
    for column in &table.columns {
        let _ = write!(out, "{:>COLUMN$}", period(*column));
    }
    if table.by_year() {
        let _ = write!(out, "{:>COLUMN$}", "verschil");
    }
    if table.has_shares() {
        let _ = write!(out, "{:>SHARE$}", "aandeel");
    }
    out.push('\n');
    let mut shown = 0;
    for margin in margins(table) {
        if let Some(heading) = margin.heading {
            paragraph(out, &format!("{heading}:"));
        }
        for row in &margin.rows {
            line(out, table, row);
        }
        shown += margin.rows.len();
    }
    if shown < table.rows.len() {
        paragraph(
            out,
            "De kruising van deze dimensies staat in de JSON en de CSV van dit rapport.",
        );
    }
    paragraph(out, &table.note());
}

fn line(out: &mut String, table: &Table, row: &Row) {
    let indent = if is_indented(table, row) { "  " } else { "" };
    let mut lines = wrap(&label(table, row), LABEL - 1 - indent.len());
    let last = lines.pop().unwrap_or_default();
    for line in lines {
        let _ = writeln!(out, "{indent}{line}");
    }
    let _ = write!(out, "{:LABEL$}", format!("{indent}{last}"));
    for it in &row.figures {
        let _ = write!(out, "{:>COLUMN$}", figure(*it));
    }
    if table.by_year() {
        let _ = write!(out, "{:>COLUMN$}", row.difference().map(signed).unwrap_or_default());
    }
    if let Some(share) = row.shares.last() {
        let _ = write!(out, "{:>SHARE$}", share.map(percent).unwrap_or_default());
    }
    out.truncate(out.trim_end().len());
    out.push('\n');
}

fn paragraph(out: &mut String, text: &str) {
    for line in wrap(text, WIDTH) {
        out.push_str(&line);
        out.push('\n');
    }
}

/// Breaks at spaces, so that no line is wider; a longer word stays whole.
pub(super) fn wrap(text: &str, width: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    for word in text.split(' ') {
        let line = lines.last_mut().expect("there is always a line");
        if line.is_empty() {
            line.push_str(word);
        } else if line.chars().count() + 1 + word.chars().count() <= width {
            line.push(' ');
            line.push_str(word);
        } else {
            lines.push(word.to_owned());
        }
    }
    lines
}
