//! How a copy is read: as one page that stands by itself and prints, or as text. In plain Dutch, for whoever it is about.

use super::{Entry, Shown};
use chrono::NaiveDate;
use domain::request::copy::Copy;
use report::face::escape;
use std::fmt::Write;

/// How a page looks that is made for whoever it is about.
pub(crate) const STYLE: &str = include_str!("page.css");
const TITLE: &str = "Kopie van uw dossier bij Veilig Thuis";
/// What it is.
const INTRODUCTION: &str = "Dit is een kopie van wat in het dossier van deze casus over u staat. In het dossier staan meer mensen. Wat alleen over \
    anderen gaat, staat niet in deze kopie. Ook wie ons iets vertelde, zeggen wij niet altijd. \u{201c}Vermoedelijk\u{201d} betekent dat het niet vaststaat.";
/// What one can do.
const RIGHTS: &str = "Klopt er iets niet? Dan kunt u vragen om een correctie. U kunt ook een eigen verklaring laten toevoegen, of vragen om uw gegevens \
    te vernietigen. Bent u het niet eens met wat in deze kopie is weggelaten? Vraag ons dan waarom, of dien een klacht in.";
const LEFT_OUT: &str = "Wat niet in deze kopie staat";
const NOTHING_LEFT_OUT: &str = "Er is niets weggelaten.";

/// The copy as a page.
pub(crate) fn html(copy: &Copy, fixed_on: NaiveDate, shown: &Shown) -> String {
    let mut out = format!(
        "<!doctype html>\n<html lang=\"nl\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>{TITLE}</title>\n\
         <style>\n{STYLE}</style>\n</head>\n<body>\n<header>\n<h1>{TITLE}</h1>\n<p>{INTRODUCTION}</p>\n<p>{RIGHTS}</p>\n</header>\n<main>\n<ol class=\"dossier\">\n"
    );
    for it in &shown.entries {
        entry(&mut out, it);
    }
    let _ = writeln!(out, "</ol>\n<section>\n<h2>{LEFT_OUT}</h2>");
    if shown.left_out.is_empty() {
        let _ = writeln!(out, "<p>{NOTHING_LEFT_OUT}</p>");
    } else {
        out.push_str("<ul>\n");
        for (why, count) in &shown.left_out {
            let _ = writeln!(
                out,
                "<li>{} <span class=\"count\">({})</span></li>",
                escape(why),
                parts(*count)
            );
        }
        out.push_str("</ul>\n");
    }
    let _ = write!(
        out,
        "</section>\n</main>\n<footer><p>{}</p></footer>\n</body>\n</html>\n",
        origin(copy, fixed_on)
    );
    out
}

fn entry(out: &mut String, it: &Entry) {
    let _ = writeln!(
        out,
        "<li>\n<p class=\"on\">{}</p>\n<h3>{}</h3>",
        escape(&it.on),
        escape(&it.heading)
    );
    if !it.lines.is_empty() {
        out.push_str("<dl>\n");
        for line in &it.lines {
            let value = escape(&line.value).replace('\n', "<br>");
            let _ = writeln!(out, "<div><dt>{}</dt><dd>{value}</dd></div>", escape(&line.name));
        }
        out.push_str("</dl>\n");
    }
    for why in &it.masked {
        let _ = writeln!(
            out,
            "<p class=\"masked\">Een deel is weggelaten: {}.</p>",
            escape(&lower(why))
        );
    }
    out.push_str("</li>\n");
}

/// The copy as text.
pub(crate) fn text(copy: &Copy, fixed_on: NaiveDate, shown: &Shown) -> String {
    let mut out = format!("{TITLE}\n\n{INTRODUCTION}\n\n{RIGHTS}\n");
    for it in &shown.entries {
        let on = if it.on.is_empty() { String::new() } else { format!("{} - ", it.on) };
        let _ = write!(out, "\n{on}{}\n", it.heading);
        for line in &it.lines {
            let _ = writeln!(out, "  {}: {}", line.name, line.value.replace('\n', "\n    "));
        }
        for why in &it.masked {
            let _ = writeln!(out, "  [Een deel is weggelaten: {}.]", lower(why));
        }
    }
    let _ = write!(out, "\n{LEFT_OUT}\n");
    if shown.left_out.is_empty() {
        let _ = writeln!(out, "  {NOTHING_LEFT_OUT}");
    }
    for (why, count) in &shown.left_out {
        let _ = writeln!(out, "  - {why} ({})", parts(*count));
    }
    let _ = write!(out, "\n{}\n", origin(copy, fixed_on));
    out
}

/// From what it was made: whoever has it can show that it is this copy.
fn origin(copy: &Copy, fixed_on: NaiveDate) -> String {
    let (position, chain) = (copy.draft.position, &copy.draft.chain);
    format!(
        "Deze kopie is vastgesteld op {} en gemaakt van alles wat was vastgelegd tot en met positie {position} (keten {chain}).",
        fixed_on.format("%d-%m-%Y")
    )
}

fn parts(count: usize) -> String {
    if count == 1 { "1 onderdeel".to_owned() } else { format!("{count} onderdelen") }
}

fn lower(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_lowercase().chain(letters).collect())
}
