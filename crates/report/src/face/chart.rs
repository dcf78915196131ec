//! Which chart a table gets, as its definition says, from its shown figures.

use super::svg::{self, Bar, Group, Line, Named};
use super::{figure, percent, period};
use crate::definition::category::{Category, Rank};
use crate::definition::{Chart, TOTAL};
use crate::disclosure::{Figure, Status};
use crate::table::{Row, Table};

/// The chart of a table; none when there is nothing to draw.
pub(crate) fn chart(table: &Table) -> Option<String> {
    match table.definition.chart {
        Chart::None => None,
        Chart::Bars(along) => bars(table, along, 1),
        Chart::Years(along) => bars(table, along, table.columns.len()),
        Chart::Months(along) => months(table, along),
        Chart::Shares(of) => shares(table, of),
    }
}

/// The rows along one dimension, the others being totals.
fn along(table: &Table, axis: usize) -> impl Iterator<Item = (&Category, &Row)> {
    let only = move |row: &&Row| {
        let others = table.categories(row).enumerate().filter(|(nth, _)| *nth != axis);
        others.into_iter().all(|(_, it)| it.rank == Rank::Total)
    };
    let category = move |row: &Row| &table.axes[axis].categories[row.at[axis]];
    table.rows.iter().filter(only).map(move |row| (category(row), row))
}

fn bars(table: &Table, axis: usize, years: usize) -> Option<String> {
    let columns = table.columns.len() - years..table.columns.len();
    let blank =
        |it: &Figure| matches!(it.status(), Status::Zero | Status::NotApplicable | Status::Unknown);
    let drawn = |it: &Figure| !blank(it);
    let groups: Vec<Group> = along(table, axis)
        .filter(|(category, _)| matches!(category.rank, Rank::Value | Rank::Member))
        .filter(|(_, row)| row.figures[columns.clone()].iter().any(drawn))
        .map(|(category, row)| Group {
            label: category.label.to_string(),
            bars: columns.clone().map(|column| bar(table, row, column, years > 1)).collect(),
        })
        .collect();
    draw(table, &groups)
}

fn bar(table: &Table, row: &Row, column: usize, named: bool) -> Bar {
    let it = row.figures[column];
    Bar {
        label: if named { period(table.columns[column]) } else { String::new() },
        value: it.value().map(|value| value as f64),
        text: spoken(&figure(it)).to_owned(),
    }
}

fn shares(table: &Table, of: &str) -> Option<String> {
    let row = |row: &Row| {
        let mut categories = table.categories(row);
        let (first, last) = (categories.next()?, categories.last()?);
        let share = row.shares.last().copied().flatten();
        let text = share.map_or_else(|| "niet te tonen".to_owned(), percent);
        let bar = Bar { label: String::new(), value: share, text };
        (last.code == of).then(|| Group { label: first.label.to_string(), bars: vec![bar] })
    };
    let groups: Vec<Group> = table.rows.iter().filter_map(row).collect();
    draw(table, &groups)
}

fn draw(table: &Table, groups: &[Group]) -> Option<String> {
    if groups.iter().flat_map(|it| &it.bars).all(|bar| bar.value.is_none()) {
        return None;
    }
    let last = groups.iter().filter_map(|it| Some((it, it.bars.last()?)));
    let values: Vec<String> =
        last.map(|(group, bar)| format!("{}: {}", group.label, bar.text)).collect();
    let at = table.columns.last().map(|it| period(*it)).unwrap_or_default();
    let description = format!("Staafdiagram. Waarden in {at}: {}.", values.join("; "));
    Some(svg::bars(&named(table, description), groups))
}

fn months(table: &Table, axis: usize) -> Option<String> {
    let rows: Vec<(&Category, &Row)> =
        along(table, axis).filter(|(category, _)| category.code != TOTAL).collect();
    let from = table.columns.len().saturating_sub(2);
    let lines: Vec<Line> = (from..table.columns.len())
        .map(|column| Line {
            label: period(table.columns[column]),
            points: rows.iter().map(|(_, row)| point(row.figures[column])).collect(),
        })
        .collect();
    let drawn = lines.iter().flat_map(|it| &it.points).any(|it| it.is_some_and(|it| it > 0.0));
    if rows.len() < 2 || !drawn {
        return None;
    }
    let last = rows.iter().filter_map(|(category, row)| Some((category, row.figures.last()?)));
    let values: Vec<String> =
        last.map(|(it, value)| format!("{}: {}", it.label, spoken(&figure(*value)))).collect();
    let at = table.columns.last().map(|it| period(*it)).unwrap_or_default();
    let description = format!("Lijndiagram per maand. Waarden in {at}: {}.", values.join("; "));
    let names: Vec<String> = rows.iter().map(|(it, _)| short(&it.code).to_owned()).collect();
    Some(svg::lines(&named(table, description), &names, &lines))
}

/// The name of a month where there is little room.
pub(super) fn short(code: &str) -> &'static str {
    const SHORT: [&str; 12] =
        ["jan", "feb", "mrt", "apr", "mei", "jun", "jul", "aug", "sep", "okt", "nov", "dec"];
    code.parse::<usize>().ok().and_then(|nth| SHORT.get(nth.checked_sub(1)?)).copied().unwrap_or("")
}

fn point(it: Figure) -> Option<f64> {
    it.value().map(|value| value as f64)
}

fn named(table: &Table, description: String) -> Named<'_> {
    Named { id: table.definition.id, title: table.definition.title, description }
}

/// A figure in words where it is a sign.
fn spoken(text: &str) -> &str {
    match text {
        "." => "verborgen",
        "?" => "onbekend",
        "–" => "niet van toepassing",
        number => number,
    }
}
