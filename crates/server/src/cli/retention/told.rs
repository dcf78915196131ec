//! What `bewaartermijn` found, as a table for who reads it and as JSON for what does.

use super::{Found, Outcome};
use domain::retention::{Judged, Keeps, Kind};
use serde_json::{Value, json};
use std::fmt::Write;

pub(super) fn table(it: &Outcome) -> String {
    let mut text = format!("Bewaartermijn {} jaar, gerekend op {}.", it.years, it.day);
    for found in &it.organisations {
        let _infallible = write!(text, "\n\n{}", of_one(found));
    }
    if it.organisations.is_empty() {
        text.push_str("\nEr is nog niets vastgelegd.");
    }
    text
}

fn of_one(it: &Found) -> String {
    let destroyed: usize = it.judged.iter().map(|it| it.destroyed.len()).sum();
    let over = it.judged.iter().filter(|it| !it.destroyed.is_empty()).count();
    let kept = it.judged.iter().filter(|it| !it.kept.is_empty()).count();
    let mut lines = vec![format!(
        "{}: {destroyed} van {} te vernietigen, in {over} dossiers; {kept} dossiers langer bewaard",
        it.organisation, it.subjects
    )];
    let header = ("dossier", "nummer", "laatst vastgelegd", "wordt vernietigd", "blijft vanwege");
    let (dossier, id, last, gone, why) = header;
    if !it.judged.is_empty() {
        lines.push(format!("  {dossier:<9} {id:<36} {last:<18} {gone:<17} {why}"));
    }
    lines.extend(it.judged.iter().map(|it| {
        let (kind, id, gone) = (name(it), it.dossier.1, it.destroyed.len());
        // A date does not keep to a width.
        let last = it.last_on.to_string();
        let why: Vec<String> = it.kept.iter().map(reason).collect();
        let why = if why.is_empty() { "-".to_owned() } else { why.join("; ") };
        format!("  {kind:<9} {id:<36} {last:<18} {gone:<17} {why}")
    }));
    lines.join("\n")
}

pub(super) fn json(it: &Outcome) -> Value {
    let of_one = |it: &Found| {
        let dossiers: Vec<Value> = it.judged.iter().map(dossier).collect();
        json!({ "organisatie": it.organisation, "leesbaar": it.subjects, "dossiers": dossiers })
    };
    let all: Vec<Value> = it.organisations.iter().map(of_one).collect();
    json!({ "op": it.day, "jaren": it.years, "organisaties": all })
}

fn dossier(it: &Judged) -> Value {
    let why: Vec<Value> = it.kept.iter().map(kept).collect();
    json!({
        "soort": name(it), "dossier": it.dossier.1, "laatstVastgelegd": it.last_on, "vernietigen": it.destroyed,
        "blijftVanwege": why,
    })
}

fn kept(it: &Keeps) -> Value {
    match it {
        Keeps::Term(until) => json!({ "reden": "termijn", "totEnMet": until }),
        Keeps::GoesOn => json!({ "reden": "loopt-nog" }),
        Keeps::Held(it) => {
            json!({ "reden": "bewaring", "waarom": it.reason, "totEnMet": it.until })
        }
        Keeps::Child => json!({ "reden": "kind" }),
        Keeps::Elsewhere(count) => json!({ "reden": "elders", "aantal": count }),
    }
}

fn reason(it: &Keeps) -> String {
    match it {
        Keeps::Term(until) => format!("termijn tot en met {until}"),
        Keeps::GoesOn => "het loopt nog".to_owned(),
        Keeps::Held(it) => format!("bewaring: {it}"),
        Keeps::Child => "een kind dat jonger dan 18 is of kan zijn".to_owned(),
        Keeps::Elsewhere(count) => {
            format!("{count} komt of komen voor in een dossier dat niet om is")
        }
    }
}

const fn name(it: &Judged) -> &'static str {
    match it.dossier.0 {
        Kind::Case => "casus",
        Kind::Melding => "melding",
        Kind::Request => "verzoek",
        Kind::Advice => "advies",
        Kind::Contact => "contact",
        Kind::Person => "persoon",
    }
}
