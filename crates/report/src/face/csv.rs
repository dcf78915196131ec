//! A report as one flat, long table, for spreadsheets and statistics programs (RFC 4180).

use crate::boundaries;
use crate::table::{Row, Table};
use crate::trend::{Report, Scope};
use csv::{QuoteStyle, Terminator, WriterBuilder};
use domain::area::Boundaries;

/// How a file is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Variant {
    /// As RFC 4180 says: comma, UTF-8.
    Plain,
    /// Opens right in a Dutch Excel: with byte order mark, semicolons and decimal commas.
    Excel,
}

const HEADINGS: [&str; 21] = [
    "tabel",
    "teleenheid",
    "definitie",
    "dimensie1",
    "code1",
    "label1",
    "dimensie2",
    "code2",
    "label2",
    "dimensie3",
    "code3",
    "label3",
    "periode",
    "waarde",
    "status",
    "aandeel",
    "profiel",
    "zoalsBekendOp",
    "grenzen",
    "gemeenten",
    "volledig",
];
const DIMENSIONS: usize = 3;

/// The report as CSV.
pub fn csv(report: &Report, variant: Variant) -> String {
    let delimiter = match variant {
        Variant::Plain => b',',
        Variant::Excel => b';',
    };
    let mut out = WriterBuilder::new()
        .delimiter(delimiter)
        .terminator(Terminator::CRLF)
        .quote_style(QuoteStyle::Necessary)
        .from_writer(vec![]);
    let known = report.as_known_at.format("%Y-%m-%dT%H:%M:%SZ").to_string();
    let about = [&[report.profile.name().to_owned(), known][..], &places(report)].concat();
    let mut write =
        |record: &[String]| out.write_record(record).expect("memory takes every record");
    write(&HEADINGS.map(str::to_owned));
    for table in &report.tables {
        for row in &table.rows {
            for column in 0..table.columns.len() {
                let mut record = cell(table, row, column, variant);
                record.extend_from_slice(&about);
                write(&record);
            }
        }
    }
    let bytes = out.into_inner().expect("memory takes every record");
    let text = String::from_utf8(bytes).expect("all that was written is text");
    match variant {
        Variant::Plain => text,
        Variant::Excel => format!("\u{feff}{text}"),
    }
}

/// In which boundaries, of which municipalities, and whether these are known to be all of a centre area.
fn places(report: &Report) -> [String; 3] {
    let boundaries = match report.boundaries {
        Boundaries::OfTheDate => boundaries::name(report.boundaries).to_owned(),
        Boundaries::On(day) => format!("{} {day}", boundaries::name(report.boundaries)),
    };
    let Scope::Area(_, extent) = &report.scope else {
        return [boundaries, String::new(), String::new()];
    };
    // With the letters of CBS, so that no spreadsheet takes a code for a number.
    let all: Vec<String> =
        extent.municipalities().iter().map(|it| format!("GM{}", it.code)).collect();
    [boundaries, all.join(" "), if extent.complete { "ja" } else { "nee" }.to_owned()]
}

fn cell(table: &Table, row: &Row, column: usize, variant: Variant) -> Vec<String> {
    let it = table.definition;
    let mut record = vec![safe(it.id), safe(it.unit), code(it.version, variant)];
    let mut dimensions = table.axes.iter().zip(table.categories(row));
    for _ in 0..DIMENSIONS {
        match dimensions.next() {
            Some((axis, category)) => {
                record.extend([
                    safe(axis.name),
                    code(&category.code, variant),
                    safe(&category.label),
                ]);
            }
            None => record.extend([const { String::new() }; 3]),
        }
    }
    let figure = row.figures[column];
    let share = row.shares.get(column).copied().flatten();
    record.extend([
        table.columns[column].to_string(),
        figure.value().map(|value| value.to_string()).unwrap_or_default(),
        figure.status().name().to_owned(),
        share.map(|share| decimal(share, variant)).unwrap_or_default(),
    ]);
    record
}

fn decimal(share: f64, variant: Variant) -> String {
    match variant {
        Variant::Plain => share.to_string(),
        Variant::Excel => share.to_string().replace('.', ","),
    }
}

/// A code. Excel would read 4-11 as the fourth of November and drop the zero of 0106, so there it gets codes of digits only as
/// a formula that is nothing but that text.
fn code(text: &str, variant: Variant) -> String {
    let like_a_number = text.bytes().all(|it| it.is_ascii_digit() || matches!(it, b'-' | b'.'));
    match variant {
        Variant::Excel if like_a_number => format!("=\"{text}\""),
        Variant::Excel | Variant::Plain => safe(text),
    }
}

/// Text that no spreadsheet takes for a formula.
fn safe(text: &str) -> String {
    if text.starts_with(['=', '+', '-', '@', '\t', '\r']) {
        format!("'{text}")
    } else {
        text.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_text_is_a_formula() {
        for text in ["=1+1", "+31", "-1", "@x", "\tx"] {
            assert!(safe(text).starts_with('\''), "{text}");
        }
        assert_eq!(safe("Kindermishandeling"), "Kindermishandeling");
    }

    #[test]
    fn excel_gets_codes_of_digits_as_text() {
        assert_eq!(code("4-11", Variant::Excel), "=\"4-11\"");
        assert_eq!(code("0106", Variant::Excel), "=\"0106\"");
        assert_eq!(code("80+", Variant::Excel), "80+");
        assert_eq!(code("4-11", Variant::Plain), "4-11");
    }
}
