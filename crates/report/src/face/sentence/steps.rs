//! What is seen in the chapters on the process: whether it went on in time, and what came of it.

use super::{Words, counted, lower, share, within};
use crate::definition::{Chapter, TOTAL};
use crate::face::{number, percent};
use crate::table::Table;
use crate::trend::Report;

const HANDOVERS: Words = Words {
    none: "zijn er geen overdrachten verzonden",
    one: "is 1 overdracht verzonden",
    more: ("zijn", "overdrachten verzonden"),
    what: "overdrachten",
};
const INVESTIGATIONS: Words = Words {
    none: "zijn er geen onderzoeken afgerond",
    one: "is 1 onderzoek afgerond",
    more: ("zijn", "onderzoeken afgerond"),
    what: "onderzoeken",
};
const CONDITIONS: Words = Words {
    none: "zijn er geen diensten voorwaarden en vervolg afgerond",
    one: "is 1 dienst voorwaarden en vervolg afgerond",
    more: ("zijn", "diensten voorwaarden en vervolg afgerond"),
    what: "diensten voorwaarden en vervolg",
};
const MULTIDISCIPLINARY: Words = Words {
    none: "zijn er geen casussen in de multidisciplinaire aanpak ingebracht",
    one: "is 1 casus in de multidisciplinaire aanpak ingebracht",
    more: ("zijn", "casussen in de multidisciplinaire aanpak ingebracht"),
    what: "ingebrachte casussen",
};
const MONITORING: Words = Words {
    none: "waren er geen monitoringsmomenten",
    one: "was er 1 monitoringsmoment",
    more: ("waren er", "monitoringsmomenten"),
    what: "monitoringsmomenten",
};

/// What is seen in a chapter on the process; nothing where nothing was counted.
pub(super) fn seen(report: &Report, chapter: Chapter) -> Option<String> {
    match chapter {
        Chapter::Deadlines => deadlines(report),
        Chapter::FollowUp => follow_up(report),
        Chapter::Handovers => handovers(report),
        Chapter::Investigations => counted(report, &["onderzoeken-afgerond"], &INVESTIGATIONS),
        Chapter::Waiting => waiting(report),
        Chapter::Conditions => counted(report, &["voorwaarden-en-vervolg"], &CONDITIONS),
        Chapter::Measures => measures(report),
        Chapter::Multidisciplinary => {
            counted(report, &["multidisciplinaire-aanpak"], &MULTIDISCIPLINARY)
        }
        Chapter::Monitoring => counted(report, &["monitoring"], &MONITORING),
        Chapter::Informing => informing(report),
        Chapter::Cases => cases(report),
        Chapter::Transfers => transfers(report),
        Chapter::Incidents => incidents(report),
        Chapter::Contacts
        | Chapter::Advice
        | Chapter::Meldingen
        | Chapter::Involvement
        | Chapter::Persons
        | Chapter::SpecialForms
        | Chapter::Assessment
        | Chapter::Quality => None,
    }
}

fn deadlines(report: &Report) -> Option<String> {
    let table = report.table("termijnen-naar-soort")?;
    let kept = |kind, what: &str| {
        let share = share(table, &[kind, "binnen-termijn"])?;
        Some(format!("{} van de {what}", percent(share)))
    };
    let parts = [
        kept("veiligheidsbeoordeling", "veiligheidsbeoordelingen"),
        kept("onderzoek", "oordelen van een onderzoek"),
        kept("informeren", "betrokkenen die zijn geïnformeerd"),
    ];
    let known: Vec<String> = parts.into_iter().flatten().collect();
    let at = within(*table.columns.last()?);
    match known.as_slice() {
        [] => None,
        [one] => Some(format!("{at} was {one} op tijd.")),
        [most @ .., last] => Some(format!("{at} was {} en {last} op tijd.", most.join(", "))),
    }
}

fn follow_up(report: &Report) -> Option<String> {
    let table = report.table("beoordelingen-naar-uitkomst")?;
    let at = lower(&within(*table.columns.last()?));
    let ours = percent(share(table, &["vervolgstappen-bij-veilig-thuis"])?);
    let theirs = percent(share(table, &["overdracht"])?);
    Some(format!(
        "Van de meldingen {at} kreeg {ours} vervolgstappen bij Veilig Thuis en {theirs} een overdracht."
    ))
}

fn handovers(report: &Report) -> Option<String> {
    let sent = counted(report, &["overdrachten-aanvaard"], &HANDOVERS)?;
    let accepted = share(report.table("overdrachten-aanvaard")?, &["aanvaard"]);
    Some(match accepted {
        Some(it) => format!("{sent} Daarvan is {} aanvaard.", percent(it)),
        None => sent,
    })
}

fn measures(report: &Report) -> Option<String> {
    let table = report.table("maatregelen")?;
    let at = within(*table.columns.last()?);
    let imposed = value(table, &["tijdelijk-huisverbod", "opgelegd"])?;
    let imposed = plural(imposed, "tijdelijk huisverbod", "tijdelijke huisverboden");
    Some(format!("{at}: {imposed} opgelegd."))
}

fn waiting(report: &Report) -> Option<String> {
    let table = report.table("wachtlijst")?;
    let at = lower(&within(*table.columns.last()?));
    let waits = share(table, &["onderzoek", "wacht"])?;
    Some(format!("Van de onderzoeken waartoe {at} is besloten wacht {} nog.", percent(waits)))
}

fn informing(report: &Report) -> Option<String> {
    let table = report.table("informeren-binnen-norm")?;
    let at = lower(&within(*table.columns.last()?));
    let in_time = percent(share(table, &["binnen-termijn", TOTAL])?);
    let open = percent(share(table, &["nog-niet", TOTAL])?);
    Some(format!(
        "Van de betrokkenen over wie {at} gegevens zijn vastgelegd is {in_time} binnen de termijn geïnformeerd en {open} nog niet."
    ))
}

fn cases(report: &Report) -> Option<String> {
    let table = report.table("casussen")?;
    let (opened, closed) = (value(table, &["geopend"])?, value(table, &["gesloten"])?);
    let at = within(*table.columns.last()?);
    let opened = plural(opened, "casus", "casussen");
    Some(format!("{at}: {opened} geopend, {} gesloten.", number(closed)))
}

fn transfers(report: &Report) -> Option<String> {
    let table = report.table("regio-overdrachten")?;
    let at = within(*table.columns.last()?);
    let offered = plural(value(table, &["aangeboden"])?, "casus", "casussen");
    let taken = number(value(table, &["overgenomen"])?);
    Some(format!("{at}: {offered} aangeboden aan een andere regio, {taken} overgenomen."))
}

fn incidents(report: &Report) -> Option<String> {
    let table = report.table("klachten")?;
    let at = within(*table.columns.last()?);
    let complaints = value(table, &[TOTAL])?;
    Some(format!("{at}: {} vastgelegd bij een casus.", plural(complaints, "klacht", "klachten")))
}

/// What the last column shows, when it shows a number.
fn value(table: &Table, codes: &[&str]) -> Option<i64> {
    table.latest(codes)?.0.value()
}

fn plural(count: i64, one: &str, more: &str) -> String {
    format!("{} {}", number(count), if count == 1 { one } else { more })
}
