//! The faces of a report: the same figures for a machine, a spreadsheet, a terminal and a reader.
//!
//! JSON is the serialisation of [`Report`] itself; the others are here. All words are Dutch, numbers for readers are in Dutch notation.

pub mod csv;
mod chart;
pub mod html;
mod sentence;
mod svg;
pub mod text;

use crate::boundaries;
use crate::definition::category::{Category, Rank};
use crate::disclosure::{Figure, Status};
use crate::period::Period;
use crate::table::{Axis, Row, Table};
use crate::trend::{Report, Scope};
use chrono::{DateTime, Datelike, NaiveDate, Timelike, Utc};
use domain::area::{Area, Extent, centre, municipality, region_name};

/// How the signs of figures without a number are to be read.
pub(crate) const LEGEND: &str = "Een punt (.) is een verborgen aantal, een vraagteken (?) een onbekend aantal; een streepje (–) betekent dat de categorie in \
     die periode niet bestond.";

/// Instead of a table of zeros, which would only clutter; the zeros themselves are in JSON and CSV.
pub(crate) const NOTHING: &str = "Hiervan is niets geteld.";

const MONTHS: [&str; 12] = [
    "januari",
    "februari",
    "maart",
    "april",
    "mei",
    "juni",
    "juli",
    "augustus",
    "september",
    "oktober",
    "november",
    "december",
];

/// Text that a browser takes for nothing but text.
pub fn escape(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for it in text.chars() {
        match it {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\'' => safe.push_str("&#39;"),
            other => safe.push(other),
        }
    }
    safe
}

/// A whole number in Dutch notation: `1.905`.
pub(crate) fn number(value: i64) -> String {
    let digits = value.unsigned_abs().to_string();
    let mut text = String::new();
    for (nth, digit) in digits.chars().enumerate() {
        if nth > 0 && (digits.len() - nth).is_multiple_of(3) {
            text.push('.');
        }
        text.push(digit);
    }
    if value < 0 { format!("−{text}") } else { text }
}

/// A difference, always with its sign.
pub(crate) fn signed(value: i64) -> String {
    if value > 0 { format!("+{}", number(value)) } else { number(value) }
}

/// A part of one as a percentage in Dutch notation: `31,9 %`.
pub(crate) fn percent(share: f64) -> String {
    format!("{:.1} %", share * 100.0).replace('.', ",")
}

/// A figure as a reader sees it.
pub(crate) fn figure(it: Figure) -> String {
    match (it.value(), it.status()) {
        (Some(value), _) => number(value),
        (None, Status::NotApplicable) => "–".to_owned(),
        (None, Status::Hidden) => ".".to_owned(),
        (None, Status::Exact | Status::Rounded | Status::Zero | Status::Unknown) => "?".to_owned(),
    }
}

/// A moment as a reader sees it.
pub(crate) fn moment(at: DateTime<Utc>) -> String {
    format!("{}, {:02}:{:02} UTC", date(at.date_naive()), at.hour(), at.minute())
}

/// A day as a reader sees it.
pub fn date(on: NaiveDate) -> String {
    format!("{} {} {}", on.day(), MONTHS[on.month0() as usize], on.year())
}

/// The heading of a column.
pub(crate) fn period(it: Period) -> String {
    match it {
        Period::Year(year) => year.to_string(),
        Period::Half(year, half) => format!("{half}e helft {year}"),
        Period::Month(year, month) => {
            format!("{} {year}", MONTHS[usize::from(month).saturating_sub(1) % 12])
        }
    }
}

/// What a report is about, as a title.
pub(crate) fn title(report: &Report) -> String {
    match &report.scope {
        Scope::Organisation(year, organisation) => {
            let name = region_name(organisation.as_str());
            format!("Trendrapport {year}: Veilig Thuis {name} ({organisation})")
        }
        Scope::Country(year) => format!("Trendrapport {year}: Veilig Thuis, heel Nederland"),
        Scope::Area(at, extent) => {
            format!("Veilig Thuis in {}, {}", area(&extent.area), period(*at))
        }
    }
}

fn area(it: &Area) -> String {
    let (kind, name) = match it {
        Area::Municipality(code) => ("gemeente", municipality(code).map(|it| it.name.as_str())),
        Area::Centre(code) => ("het centrumgebied", centre(code).map(|it| it.name.as_str())),
        Area::Region(code) => ("regio", Some(region_name(code))),
    };
    let code = it.code();
    format!("{kind} {} ({code})", name.unwrap_or(code))
}

/// Which places are counted, and in which boundaries.
pub(crate) fn places(report: &Report) -> String {
    let boundaries = boundaries::sentence(report.boundaries);
    match &report.scope {
        Scope::Organisation(..) | Scope::Country(_) => boundaries,
        Scope::Area(_, extent) => {
            format!("{}{} {boundaries}", counted(extent), recorded_by(report))
        }
    }
}

/// An area may reach outside the region of who counts; what others recorded there is not in it.
fn recorded_by(report: &Report) -> String {
    let all: Vec<&str> = report.standing.iter().map(|it| it.organisation.as_str()).collect();
    if all.is_empty() {
        String::new()
    } else {
        format!(" Alleen wat is vastgelegd bij {}.", all.join(", "))
    }
}

fn counted(extent: &Extent) -> String {
    let all: Vec<String> =
        extent.municipalities().iter().map(|it| format!("{} ({})", it.name, it.code)).collect();
    let doubt = if extent.complete {
        ""
    } else {
        " Het is niet bekend of dit alle gemeenten van het centrumgebied zijn."
    };
    format!("Geteld in: {}.{doubt}", all.join(", "))
}

/// How far the logs had come: who holds them can check the figures.
pub(crate) fn standing(report: &Report) -> String {
    let one = |it: &crate::trend::Standing| {
        let signed = it.signed.as_ref().map(|head| {
            format!(" (ondertekende stand {}, wortel {})", number(head.size as i64), head.root)
        });
        let signed = signed.unwrap_or_default();
        format!("{} tot en met {}{signed}", it.organisation, number(it.position))
    };
    let all: Vec<String> = report.standing.iter().map(one).collect();
    if all.is_empty() { "geen gebeurtenissen".to_owned() } else { all.join("; ") }
}

/// The label of a row; totals are left out of it, unless nothing else is left.
pub(crate) fn label(table: &Table, row: &Row) -> String {
    if let Some(inner) = inner(table, row) {
        return inner.label.to_string();
    }
    let parts: Vec<&str> = table
        .categories(row)
        .filter(|it| it.code != crate::definition::TOTAL)
        .map(|it| it.label.as_ref())
        .collect();
    if parts.is_empty() { "Totaal".to_owned() } else { parts.join(" / ") }
}

/// Rows that belong together, below the heading of their dimension if there are more.
pub(crate) struct Margin<'t> {
    pub(crate) heading: Option<&'t str>,
    pub(crate) rows: Vec<&'t Row>,
}

/// The rows of a table without its crossings: the total, then each dimension by itself. A dimension without a total cannot be
/// left out, so its table is shown whole.
pub(crate) fn margins(table: &Table) -> Vec<Margin<'_>> {
    let single = table.axes.len() < 2 || !table.axes.iter().all(Axis::has_total);
    if single {
        return vec![Margin { heading: None, rows: table.rows.iter().collect() }];
    }
    let rows = |wanted: &[usize]| -> Vec<&Row> {
        let detailed = |row: &Row| -> Vec<usize> {
            let all = table.categories(row).enumerate();
            all.filter(|(_, it)| it.rank != Rank::Total).map(|(nth, _)| nth).collect()
        };
        table.rows.iter().filter(|row| detailed(row) == wanted).collect()
    };
    let of =
        |(nth, axis): (usize, &'_ Axis)| Margin { heading: Some(axis.heading), rows: rows(&[nth]) };
    let total = Margin { heading: None, rows: rows(&[]) };
    std::iter::once(total).chain(table.axes.iter().enumerate().map(of)).collect()
}

/// Whether a row stands below another of which it is a part.
pub(crate) fn is_indented(table: &Table, row: &Row) -> bool {
    let part = |it: &Category| matches!(it.rank, Rank::Member | Rank::Part);
    inner(table, row).is_some() || table.categories(row).any(part)
}

/// The part of a thing that its row is about, where things stand below each other that are not to be added up, each with its parts:
/// terms, services, municipalities.
fn inner<'t>(table: &'t Table, row: &'t Row) -> Option<&'t Category> {
    match table.axes.as_slice() {
        [first, last] if !first.has_total() && last.has_total() => {
            table.categories(row).last().filter(|it| it.rank != Rank::Total)
        }
        _ => None,
    }
}

/// The line under the title of a table: enough to quote it by itself.
pub(crate) fn about(report: &Report, table: &Table) -> String {
    let Table { definition: it, .. } = table;
    let unknown = match table.unknown_share {
        _ if it.dimensions.iter().all(|it| it.unknown.is_empty()) => String::new(),
        Some(share) => format!(" · onbekend: {}", percent(share)),
        None => " · onbekend: niet te tonen".to_owned(),
    };
    let known = date(report.as_known_at.date_naive());
    let profile = report.profile.name();
    format!(
        "Geteld: {} · definitie {} · zoals bekend op {known} · profiel {profile}{unknown}",
        it.unit, it.version
    )
}

/// Where a published figure comes from, as a heading.
pub(crate) fn published_heading(region: &str) -> String {
    let place = match region {
        "NL" => "Nederland",
        code => match code.strip_prefix("GM").and_then(municipality) {
            Some(it) => &it.name,
            None => region_name(code),
        },
    };
    format!("CBS {place}")
}

#[cfg(test)]
mod tests;
