//! One sentence per chapter: what is seen. Made from shown figures only, so it tells no more than the tables do.

mod steps;

use super::{MONTHS, number, percent};
use crate::definition::{Chapter, TOTAL};
use crate::disclosure::{Figure, Status};
use crate::period::Period;
use crate::table::Table;
use crate::trend::Report;

/// What is seen in a chapter.
pub(crate) fn seen(report: &Report, chapter: Chapter) -> Option<String> {
    match chapter {
        Chapter::Contacts => {
            counted(report, &["contacten-naar-kanaal-maand", "contacten-naar-afronding"], &CONTACTS)
        }
        Chapter::Advice => {
            counted(report, &["adviezen", "adviezen-naar-vorm", "adviezen-naar-maand"], &ADVICE)
        }
        Chapter::Meldingen => {
            let tables = ["meldingen", "meldingen-naar-vorm", "meldingen-naar-maand"];
            counted(report, &tables, &MELDINGEN)
        }
        Chapter::Involvement => involvement(report),
        Chapter::Persons => victims(report),
        Chapter::SpecialForms => counted(report, &["bijzondere-vormen"], &SPECIAL_FORMS),
        Chapter::Assessment => assessment(report),
        Chapter::Quality => quality(report),
        Chapter::Deadlines
        | Chapter::FollowUp
        | Chapter::Handovers
        | Chapter::Investigations
        | Chapter::Waiting
        | Chapter::Conditions
        | Chapter::Measures
        | Chapter::Multidisciplinary
        | Chapter::Monitoring
        | Chapter::Informing
        | Chapter::Cases
        | Chapter::Transfers
        | Chapter::Incidents => steps::seen(report, chapter),
    }
}

/// The words for a number of things that came.
struct Words {
    none: &'static str,
    one: &'static str,
    /// Before and after the number.
    more: (&'static str, &'static str),
    what: &'static str,
}

const CONTACTS: Words = Words {
    none: "kwamen er geen contacten binnen",
    one: "kwam 1 contact binnen",
    more: ("kwamen", "contacten binnen"),
    what: "contacten",
};
const ADVICE: Words = Words {
    none: "zijn er geen adviezen gestart",
    one: "is 1 advies gestart",
    more: ("zijn", "adviezen gestart"),
    what: "adviezen",
};
const MELDINGEN: Words = Words {
    none: "kwamen er geen meldingen binnen",
    one: "kwam 1 melding binnen",
    more: ("kwamen", "meldingen binnen"),
    what: "meldingen",
};
const SPECIAL_FORMS: Words = Words {
    none: "kwamen er geen meldingen met een bijzondere vorm van geweld binnen",
    one: "kwam 1 melding met een bijzondere vorm van geweld binnen",
    more: ("kwamen", "meldingen met een bijzondere vorm van geweld binnen"),
    what: "meldingen met een bijzondere vorm van geweld",
};

fn counted(report: &Report, tables: &[&str], words: &Words) -> Option<String> {
    let table = tables.iter().find_map(|id| report.table(id))?;
    let (now, before) = total(table)?;
    let at = within(*table.columns.last()?);
    Some(match (now.status(), now.value()) {
        (Status::Zero, _) => format!("{at} {}.", words.none),
        (_, Some(1)) => format!("{at} {}{}.", words.one, compared(table, now, before)),
        (_, Some(value)) => {
            let (first, last) = words.more;
            format!("{at} {first} {} {last}{}.", number(value), compared(table, now, before))
        }
        (_, None) => format!("{at} is het aantal {} niet te tonen.", words.what),
    })
}

fn total(table: &Table) -> Option<(Figure, Option<Figure>)> {
    table.latest(&vec![TOTAL; table.axes.len()])
}

/// For example `, 3 % meer dan in 2022`; nothing when one of both is hidden or zero.
fn compared(table: &Table, now: Figure, before: Option<Figure>) -> String {
    let year = table.columns.iter().rev().nth(1).map(ToString::to_string);
    let values = (now.value(), before.and_then(Figure::value), year);
    let (Some(now), Some(before @ 1..), Some(year)) = values else { return String::new() };
    let change = ((now - before) as f64 / before as f64 * 100.0).round() as i64;
    match change {
        _ if now == before => format!(", evenveel als in {year}"),
        0 if now > before => format!(", iets meer dan in {year}"),
        0 => format!(", iets minder dan in {year}"),
        1.. => format!(", {} % meer dan in {year}", number(change)),
        _ => format!(", {} % minder dan in {year}", number(-change)),
    }
}

fn involvement(report: &Report) -> Option<String> {
    let table = report.table("meldingen-naar-eerdere-betrokkenheid")?;
    let share = |code| share(table, &[code]);
    let parts = [
        ("een eerste melding", share("eerste-melding")),
        ("een hermelding", share("hermelding")),
        ("een vervolgmelding", share("vervolgmelding")),
    ];
    let known: Vec<String> =
        parts.iter().filter_map(|(name, it)| Some(format!("{} {name}", percent((*it)?)))).collect();
    let at = lower(&within(*table.columns.last()?));
    Some(match known.as_slice() {
        [] => format!("De aandelen van de meldingen {at} zijn niet te tonen."),
        [one] => format!("Van de meldingen {at} was {one}."),
        [most @ .., last] => format!("Van de meldingen {at} was {} en {last}.", most.join(", ")),
    })
}

fn victims(report: &Report) -> Option<String> {
    let table = report.table("slachtoffers-naar-geslacht-leeftijd-vorm")?;
    let at = within(*table.columns.last()?);
    let (now, before) = total(table)?;
    let Some(value @ 1..) = now.value() else {
        let why = match now.status() {
            Status::Zero => "zijn er geen vermoedelijke slachtoffers geteld",
            Status::Exact
            | Status::Rounded
            | Status::Hidden
            | Status::Unknown
            | Status::NotApplicable => "is het aantal vermoedelijke slachtoffers niet te tonen",
        };
        return Some(format!("{at} {why}."));
    };
    let women = share(table, &["vrouw", TOTAL, TOTAL])
        .map(|it| format!("; {} van hen is vrouw", percent(it)))
        .unwrap_or_default();
    let compared = compared(table, now, before);
    let number = number(value);
    Some(format!("{at} staan {number} vermoedelijke slachtoffers in meldingen{compared}{women}."))
}

fn assessment(report: &Report) -> Option<String> {
    let table = report.table("beoordelingen-binnen-norm")?;
    let at = lower(&within(*table.columns.last()?));
    let Some(within_norm) = share(table, &["binnen-norm"]) else {
        return Some(format!("Het aandeel beoordelingen binnen de norm {at} is niet te tonen."));
    };
    let waiting = match table.latest(&["nog-niet-beoordeeld"]).and_then(|(now, _)| now.value()) {
        Some(0) => "; alle meldingen zijn beoordeeld".to_owned(),
        Some(1) => "; 1 melding is nog niet beoordeeld".to_owned(),
        Some(more) => format!("; {} meldingen zijn nog niet beoordeeld", number(more)),
        None => String::new(),
    };
    let within_norm = percent(within_norm);
    Some(format!(
        "Van de beoordeelde meldingen {at} is {within_norm} binnen de norm van vijf werkdagen beoordeeld{waiting}."
    ))
}

fn quality(report: &Report) -> Option<String> {
    let table = report.table("late-registratie")?;
    let at = lower(&within(*table.columns.last()?));
    Some(match share(table, &["meldingen", "meer-dan-30-dagen"]) {
        Some(late) => format!(
            "Van de meldingen {at} is {} meer dan 30 dagen na ontvangst vastgelegd.",
            percent(late)
        ),
        None => format!("Het aandeel late registraties {at} is niet te tonen."),
    })
}

/// The share of a row in the last column.
fn share(table: &Table, codes: &[&str]) -> Option<f64> {
    table.row(codes)?.shares.last().copied().flatten()
}

fn within(period: Period) -> String {
    match period {
        Period::Year(year) => format!("In {year}"),
        Period::Half(year, half) => format!("In de {half}e helft van {year}"),
        Period::Month(year, month) => {
            format!("In {} {year}", MONTHS[usize::from(month).saturating_sub(1) % MONTHS.len()])
        }
    }
}

fn lower(text: &str) -> String {
    text.replacen("In", "in", 1)
}
