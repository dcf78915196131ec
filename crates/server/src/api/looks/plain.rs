//! Looks in plain Dutch (language level B1), for whoever they were about: short sentences, no terms of art, no names of workers.

use super::is_emergency;
use crate::clock::{dutch_moment, utc};
use crate::copy::face::STYLE;
use chrono::{DateTime, Utc};
use domain::codes::{List, label};
use domain::look::patterns::{Kind, Pattern};
use domain::look::{Looked, Outcome};
use report::face::{date, escape};
use serde_json::{Value, json};
use store::projections::looks::Recalled;

const TITLE: &str = "Wie heeft naar uw gegevens gekeken?";
const INTRODUCTION: &str = "Hieronder staat wie bij Veilig Thuis naar uw gegevens heeft gekeken, op volgorde van tijd. U ziet een nummer en niet \
    de naam van de medewerker. Wilt u meer weten? Vraag het aan Veilig Thuis.";
const NOBODY: &str = "In deze periode heeft niemand naar uw gegevens gekeken.";

/// A look as the person concerned sees it.
pub(super) fn line(it: &Recalled) -> Value {
    let looked = &it.looked;
    json!({
        "op": utc(it.at), "wanneer": when(it.at), "wie": it.by, "rol": roles(looked), "wat": what(looked), "waarom": why(looked),
        "grond": ground(looked), "noodgeval": is_emergency(looked.ground.as_ref()), "zin": sentence(it),
    })
}

pub(super) fn letter(looks: &[Recalled]) -> String {
    let mut all = vec![TITLE.to_owned(), String::new(), INTRODUCTION.to_owned(), String::new()];
    if looks.is_empty() {
        all.push(NOBODY.to_owned());
    }
    all.extend(looks.iter().map(|it| format!("- {}", sentence(it))));
    all.join("\n") + "\n"
}

/// Nothing in it comes from outside: codes have labels of ours, and the rest is numbers.
pub(super) fn page(looks: &[Recalled]) -> String {
    let lines: Vec<String> = looks.iter().map(|it| escape(&sentence(it))).collect();
    let lines = lines.join("</li>\n<li>");
    let told = if looks.is_empty() {
        format!("<p>{NOBODY}</p>")
    } else {
        format!("<ol>\n<li>{lines}</li>\n</ol>")
    };
    format!(
        "<!doctype html>\n<html lang=\"nl\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>{TITLE}</title>\n<style>\n{STYLE}</style>\n</head>\n\
         <body>\n<header>\n<h1>{TITLE}</h1>\n<p>{INTRODUCTION}</p>\n</header>\n<main>\n{told}\n</main>\n</body>\n</html>\n"
    )
}

fn sentence(it: &Recalled) -> String {
    let (when, what) = (when(it.at), what(&it.looked));
    let who = format!("medewerker {} ({})", it.by, roles(&it.looked));
    let did = match it.looked.outcome {
        Outcome::Shown => format!("{when} keek {who} naar {what}."),
        Outcome::Denied => {
            format!(
                "{when} wilde {who} kijken naar {what}. Dat mocht niet. De medewerker zag niets."
            )
        }
        Outcome::Absent => format!("{when} zocht {who} {what}. Er was niets te zien."),
    };
    let emergency =
        if is_emergency(it.looked.ground.as_ref()) { " Dit was een noodgeval." } else { "" };
    let why = it.looked.purpose.as_ref().map(|_| format!(" Waarom: {}.", why(&it.looked)));
    let ground = it.looked.ground.as_ref().map(|_| format!(" Dat mocht: {}.", ground(&it.looked)));
    format!("{did}{}{}{emergency}", why.unwrap_or_default(), ground.unwrap_or_default())
}

fn when(at: DateTime<Utc>) -> String {
    let local = dutch_moment(at);
    format!("Op {} om {} uur", date(local.date()), local.format("%H:%M"))
}

fn what(looked: &Looked) -> String {
    let own = "uw gegevens";
    match looked.of.as_str() {
        "persoon" => own.to_owned(),
        "personen" => "mensen die bekend zijn, en vond u daarbij".to_owned(),
        "melding" => "een melding waarin u voorkomt".to_owned(),
        "dubbelingen" => "meldingen die op elkaar lijken, en waarin u voorkomt".to_owned(),
        "casus" => "het dossier waarin u voorkomt".to_owned(),
        "tijdlijn" => "wat er in uw dossier gebeurde".to_owned(),
        "werklijst" | "wachtlijst" => {
            "een lijst met werk dat nog moet gebeuren; u komt daarin voor".to_owned()
        }
        "inzagen" => "wie er naar uw gegevens heeft gekeken".to_owned(),
        "noodtoegang" => "een dossier dat in nood was geopend".to_owned(),
        "inzagerechten" => "wie er naar uw dossier mag kijken".to_owned(),
        other => label(List::LookedIn, other).to_lowercase(),
    }
}

fn why(looked: &Looked) -> String {
    let purpose = looked.purpose.as_ref();
    purpose.map_or("niet bekend".to_owned(), |it| label(List::Purpose, it.as_str()).to_lowercase())
}

fn ground(looked: &Looked) -> &'static str {
    match looked.ground.as_ref().map(domain::codes::Code::as_str) {
        Some("rol") => "het hoort bij het werk van deze medewerker",
        Some("toewijzing") => "deze medewerker werkt aan uw dossier",
        Some("nood") => "het moest meteen, en het wordt achteraf gecontroleerd",
        Some(_) | None => "niet bekend",
    }
}

fn roles(looked: &Looked) -> String {
    let name = |role: &str| match role {
        "intake" => "neemt meldingen aan",
        "casus" => "werkt aan dossiers",
        "manager" => "geeft leiding",
        "privacy" => "let op privacy",
        "auditor" => "controleert",
        "telefonie" => "neemt de telefoon aan",
        "politie" => "politie",
        "beheer" => "beheert het systeem",
        "analist" => "maakt cijfers",
        _ => "medewerker",
    };
    let all: Vec<&str> = looked.roles.iter().map(|it| name(it.as_str())).collect();
    if all.is_empty() { "medewerker".to_owned() } else { all.join(", ") }
}

/// What stands out, for the privacy officer.
pub(super) fn pattern(it: &Pattern) -> String {
    let count = it.count;
    match it.kind {
        Kind::Own => format!(
            "keek {count} keer naar zichzelf of naar iemand uit een melding waarin hij zelf voorkomt"
        ),
        Kind::Volume => {
            format!("zag {count} verschillende personen, meer dan de grens en meer dan gewoonlijk")
        }
        Kind::AfterHours => format!("keek {count} keer buiten de werktijd van deze rol"),
        Kind::Idle => format!("opende {count} dossiers zonder er daarna iets in vast te leggen"),
        Kind::Emergency => format!("keek {count} keer met noodtoegang"),
        Kind::TurnedAway => format!("vroeg {count} keer om een dossier dat hij niet mag zien"),
    }
}
