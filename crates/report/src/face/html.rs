//! A report as one page that stands by itself: nothing is fetched from elsewhere, it prints, and it can be read without colour.

use super::chart::{chart, short};
use super::sentence::seen;
use super::{
    LEGEND, Margin, NOTHING, about, escape, figure, is_indented, label, margins, moment, percent,
    period, places, published_heading, signed, standing, title,
};
use crate::definition::Chapter;
use crate::definition::category::Rank;
use crate::definition::dimension::MONTH;
use crate::disclosure::Figure;
use crate::table::{Row, Table};
use crate::trend::Report;
use std::collections::HashMap;
use std::fmt::Write;

const STYLE: &str = include_str!("page.css");
/// More columns than this do not fit on paper.
const WIDEST: usize = 14;
/// With more than these, columns must be narrow.
const MANY: usize = 8;

/// The report as a page.
pub fn html(report: &Report) -> String {
    let title = escape(&title(report));
    let chapters: Vec<Chapter> =
        Chapter::ALL.into_iter().filter(|it| tables(report, *it).next().is_some()).collect();
    let mut out = format!(
        "<!doctype html>\n<html lang=\"nl\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>{title}</title>\n\
         <style>\n{STYLE}</style>\n</head>\n<body>\n<a class=\"skip\" href=\"#inhoud\">Naar de inhoud</a>\n\
         <header>\n<h1>{title}</h1>\n<p>Zoals bekend op {}. Stand: {}.</p>\n<p>Profiel {}. {}</p>\n<p>{}</p>\n<p>{LEGEND}</p>\n</header>\n",
        moment(report.as_known_at),
        escape(&standing(report)),
        report.profile.name(),
        escape(&report.profile.rule()),
        escape(&places(report)),
    );
    out.push_str("<nav aria-label=\"Inhoud\">\n<h2>Inhoud</h2>\n<ol>\n");
    for chapter in &chapters {
        let (code, name) = chapter.name();
        let _ = writeln!(out, "<li><a href=\"#hoofdstuk-{code}\">{name}</a></li>");
    }
    out.push_str("</ol>\n</nav>\n<main id=\"inhoud\">\n");
    for chapter in chapters {
        one_chapter(&mut out, report, chapter);
    }
    out.push_str("</main>\n</body>\n</html>\n");
    out
}

fn tables(report: &Report, chapter: Chapter) -> impl Iterator<Item = &Table> {
    report.tables.iter().filter(move |it| it.definition.chapter == chapter)
}

fn one_chapter(out: &mut String, report: &Report, chapter: Chapter) {
    let (code, name) = chapter.name();
    let _ = writeln!(
        out,
        "<section aria-labelledby=\"hoofdstuk-{code}\">\n<h2 id=\"hoofdstuk-{code}\">{name}</h2>"
    );
    if let Some(sentence) = seen(report, chapter) {
        let _ = writeln!(out, "<p class=\"seen\">{}</p>", escape(&sentence));
    }
    for table in tables(report, chapter) {
        one_table(out, report, table);
    }
    out.push_str("</section>\n");
}

fn one_table(out: &mut String, report: &Report, table: &Table) {
    let it = table.definition;
    let _ = writeln!(out, "<h3 id=\"tabel-{}\">{}</h3>", it.id, escape(it.title));
    if table.is_empty() {
        let _ = writeln!(out, "<p class=\"about\">{NOTHING}</p>");
        return;
    }
    let _ = writeln!(out, "<p class=\"about\">{}</p>", escape(&about(report, table)));
    if let Some(chart) = chart(table) {
        let _ = writeln!(out, "{chart}");
    }
    let margins = margins(table);
    by_column(out, table, &margins);
    if margins.iter().map(|it| it.rows.len()).sum::<usize>() < table.rows.len() {
        crossed(out, table);
    }
    let _ = writeln!(out, "<p class=\"note\">{}</p>", escape(&table.note()));
}

/// The years beside each other; of a cross of dimensions the margins.
fn by_column(out: &mut String, table: &Table, margins: &[Margin]) {
    let regions = regions(table);
    let headings = table.columns.iter().map(|it| period(*it));
    let difference = table.by_year().then(|| "Verschil".to_owned());
    let share = table.has_shares().then(|| "Aandeel".to_owned());
    let published = regions.iter().map(|it| published_heading(it));
    let headings: Vec<String> = headings.chain(difference).chain(share).chain(published).collect();
    head(out, &names(table, None), table.definition.title, &headings);
    for margin in margins {
        if let Some(heading) = margin.heading {
            let (across, heading) = (headings.len() + 1, escape(heading));
            let _ = writeln!(
                out,
                "<tr class=\"g\"><th scope=\"rowgroup\" colspan=\"{across}\">{heading}</th></tr>"
            );
        }
        for row in &margin.rows {
            one_row(out, table, row, &regions);
        }
    }
    out.push_str("</tbody>\n</table></div>\n");
}

fn one_row(out: &mut String, table: &Table, row: &Row, regions: &[&str]) {
    let last = table.columns.len() - 1;
    open_row(out, table, row, &label(table, row));
    for (nth, it) in row.figures.iter().enumerate() {
        cell(out, *it, nth == last);
    }
    if table.by_year() {
        let _ = write!(out, "<td>{}</td>", row.difference().map(signed).unwrap_or_default());
    }
    if table.has_shares() {
        let share = row.shares.last().copied().flatten();
        let _ = write!(out, "<td>{}</td>", share.map(percent).unwrap_or_default());
    }
    for region in regions {
        let found = row.published_in(last).find(|it| it.region == *region);
        let text = found.map(|it| it.value.map_or_else(|| ".".to_owned(), super::number));
        let _ = write!(out, "<td>{}</td>", text.unwrap_or_default());
    }
    out.push_str("</tr>\n");
}

/// The regions of which something is published beside the last column.
fn regions(table: &Table) -> Vec<&'static str> {
    let last = table.columns.len() - 1;
    let mut all = vec![];
    for it in table.rows.iter().flat_map(|row| row.published_in(last)) {
        if !all.contains(&it.region) {
            all.push(it.region);
        }
    }
    all
}

/// The last column, crossed: one dimension across, the others below each other.
fn crossed(out: &mut String, table: &Table) {
    let axes = table.axes.len();
    let used = |axis: usize| -> Vec<usize> {
        let mut places = vec![];
        for row in &table.rows {
            if !places.contains(&row.at[axis]) {
                places.push(row.at[axis]);
            }
        }
        places
    };
    let across = if used(axes - 1).len() > WIDEST { 0 } else { axes - 1 };
    let columns = used(across);
    let crosswise = &table.axes[across];
    let heading = |place: &usize| {
        let it = &crosswise.categories[*place];
        match short(&it.code) {
            month if crosswise.name == MONTH.name && !month.is_empty() => month.to_owned(),
            _ => it.label.to_string(),
        }
    };
    let headings: Vec<String> = columns.iter().map(heading).collect();
    let at = table.columns.last().map(|it| period(*it)).unwrap_or_default();
    let caption = format!("{}, {at}", table.definition.title);
    head(out, &names(table, Some(across)), &caption, &headings);
    let by_place: HashMap<&[usize], &Row> =
        table.rows.iter().map(|row| (row.at.as_slice(), row)).collect();
    // The figure of the row that differs only across. No such row: nothing was counted.
    let crossing = |row: &Row, place: usize| {
        let mut at = row.at.clone();
        at[across] = place;
        by_place.get(at.as_slice())?.figures.last().copied()
    };
    let mut left_out = 0;
    let total = |row: &&Row| table.axes[across].categories[row.at[across]].rank == Rank::Total;
    for first in table.rows.iter().filter(total) {
        let figures: Vec<Option<Figure>> =
            columns.iter().map(|place| crossing(first, *place)).collect();
        if figures.iter().all(|it| it.and_then(Figure::value).unwrap_or(0) == 0) {
            left_out += 1;
            continue;
        }
        open_row(out, table, first, &label(table, first));
        for it in figures {
            match it {
                Some(it) => cell(out, it, false),
                None => out.push_str("<td>0</td>"),
            }
        }
        out.push_str("</tr>\n");
    }
    out.push_str("</tbody>\n</table></div>\n");
    if left_out > 0 {
        let _ = writeln!(
            out,
            "<p class=\"note\">Weggelaten: {left_out} rijen met alleen nullen of verborgen aantallen.</p>"
        );
    }
}

/// What the rows are, without the dimension that stands across.
fn names(table: &Table, across: Option<usize>) -> String {
    let below = table.axes.iter().enumerate().filter(|(nth, _)| Some(*nth) != across);
    let names: Vec<&str> = below.map(|(_, axis)| axis.heading).collect();
    if names.is_empty() { "Totaal".to_owned() } else { names.join(" / ") }
}

fn head(out: &mut String, first: &str, caption: &str, headings: &[String]) {
    let class = if headings.len() > MANY { " class=\"wide\"" } else { "" };
    let _ = write!(
        out,
        "<div class=\"scroll\"><table{class}>\n<caption>{}</caption>\n<thead><tr><th scope=\"col\">{}</th>",
        escape(caption),
        escape(first)
    );
    for heading in headings {
        let _ = write!(out, "<th scope=\"col\">{}</th>", escape(heading));
    }
    out.push_str("</tr></thead>\n<tbody>\n");
}

fn open_row(out: &mut String, table: &Table, row: &Row, label: &str) {
    let total = table.categories(row).all(|it| it.rank == Rank::Total);
    let group = table.categories(row).any(|it| it.rank == Rank::Group);
    let class = match (total, group, is_indented(table, row)) {
        (true, ..) => " class=\"t\"",
        (_, true, _) => " class=\"g\"",
        (_, _, true) => " class=\"m\"",
        (false, false, false) => "",
    };
    let _ = write!(out, "<tr{class}><th scope=\"row\">{}</th>", escape(label));
}

fn cell(out: &mut String, it: Figure, now: bool) {
    let class = if now { " class=\"now\"" } else { "" };
    let text = figure(it);
    let why = it.status().name();
    let _ = match it.value() {
        Some(_) => write!(out, "<td{class}>{text}</td>"),
        None => write!(out, "<td{class}><abbr title=\"{why}\">{text}</abbr></td>"),
    };
}
