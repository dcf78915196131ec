//! What one part of a record says, as lines of a name and a value in plain Dutch. Numbers of things and of workers are left out: they mean
//! nothing to who reads it.

use super::words::{heading, key, list, place, skipped};
use super::{Entry, Line};
use crate::api::time_line;
use crate::seal::without_whereabouts;
use chrono::NaiveDate;
use domain::codes::label;
use domain::concern::{About, Part, concerns};
use domain::melding::{self, Changes, Content, Melder, Pair, Person};
use domain::request::Kind;
use domain::{Event, case, contact, person};
use report::face::date;
use serde_json::{Map, Value, json};
use std::collections::{BTreeMap, BTreeSet, HashSet};
use store::file::Opened;
use uuid::Uuid;

/// One part of a record.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Told {
    pub(crate) on: String,
    pub(crate) heading: String,
    pub(crate) lines: Vec<Line>,
}

type Names = BTreeMap<Uuid, String>;

/// What is left out of a copy, whatever its list says.
#[derive(Clone, Debug, Default)]
pub(crate) struct Sealed {
    /// Persons whose address is hidden.
    pub(crate) addresses: HashSet<Uuid>,
    /// Melders, as subjects, who are not for whoever reads the draft.
    pub(crate) melders: HashSet<Uuid>,
}

/// What an item says.
pub(crate) fn of(
    event: &Event,
    part: Part,
    particulars: &[&Opened],
    names: &Names,
    sealed: &Sealed,
) -> Told {
    let (what, on, whole) = record(event);
    let content = match part {
        Part::Whole => whole,
        Part::Person { person } => {
            persons(event).iter().find(|it| it.id == person).map_or(Value::Null, told_person)
        }
        Part::Pair { victim, perpetrator } => {
            let same = |it: &&Pair| (it.victim, it.perpetrator) == (victim, perpetrator);
            pairs(event).iter().find(same).map_or(Value::Null, time_line::told_pair)
        }
        Part::Melder => melder(event),
        Part::Particular { nth } => {
            let own = particulars.get(nth as usize);
            own.map_or(Value::Null, |it| match it.content.readable() {
                _ if sealed.addresses.contains(&it.subject) && hides(event) => {
                    json!({ "afgeschermd": "toelichting" })
                }
                _ if sealed.melders.contains(&it.subject) => {
                    json!({ "toelichting": "(alleen voor wie aan deze melding werkt)" })
                }
                Some(Value::String(text)) => json!({ "toelichting": text }),
                Some(other) => told_of_person(it.subject, other, sealed),
                None => json!({ "toelichting": "(deze gegevens zijn vernietigd)" }),
            })
        }
    };
    let mut lines = Vec::new();
    write(what, &content, names, &mut lines);
    Told { on: dutch(&on), heading: heading(what).to_owned(), lines }
}

fn hides(event: &Event) -> bool {
    matches!(event, Event::Person(it) if it.is_about_hiding())
}

/// Where somebody is who hides, no copy says: it may end up with whom he hides from.
fn told_of_person(subject: Uuid, details: &Value, sealed: &Sealed) -> Value {
    let hides = sealed.addresses.contains(&subject);
    let mut told = without_whereabouts(details.clone(), hides);
    if hides {
        told["afgeschermd"] = json!("adres, telefoon en e-mail");
    }
    told
}

/// Somebody's own words that stay in the file.
pub(crate) fn words(kind: Kind, on: NaiveDate, text: &Value) -> Entry {
    let what = if kind == Kind::Statement { "eigen-verklaring" } else { "zienswijze" };
    let value = text.as_str().unwrap_or_default().to_owned();
    let lines = vec![Line { name: key("toelichting").to_owned(), value }];
    Entry { on: dutch(&json!(on)), heading: heading(what).to_owned(), lines, masked: vec![] }
}

/// Everybody whom an event names.
pub(crate) fn persons_in(event: &Event) -> BTreeSet<Uuid> {
    let pieces = concerns(event, Uuid::nil(), &case::Case::default());
    let persons = pieces.into_iter().filter_map(|it| match it.about {
        About::Persons(persons) => Some(persons),
        About::Household | About::Origin | About::Work | About::Unclear => None,
    });
    persons.flatten().filter(|it| !it.is_nil()).collect()
}

/// What it is, on which day, and all that is not told of one person apart.
fn record(event: &Event) -> (&'static str, Value, Value) {
    match event {
        Event::Case(event) => time_line::line(event),
        Event::Melding(event) => of_melding(event),
        Event::Contact(contact::Event::Received { channel, received, .. }) => {
            ("contact", json!(received.on), json!({ "kanaal": channel }))
        }
        Event::Contact(contact::Event::Concluded { outcome, .. }) => {
            ("contact-afgerond", Value::Null, json!({ "uitkomst": outcome }))
        }
        Event::Person(event) => of_person(event),
        // No part of a copy.
        Event::Advice(_)
        | Event::Request(_)
        | Event::Look(_)
        | Event::Erasure(_)
        | Event::Emergency(_) => ("", Value::Null, Value::Null),
    }
}

fn of_melding(event: &melding::Event) -> (&'static str, Value, Value) {
    match event {
        melding::Event::Received(it) => ("melding", json!(it.received.on), household(it)),
        melding::Event::Corrected { reason, changes } => {
            ("melding-gecorrigeerd", Value::Null, changed(reason.as_str(), changes))
        }
        melding::Event::Assessed(it) => (
            "veiligheidsbeoordeling",
            json!(it.on),
            json!({ "uitkomst": it.follow_up, "onveiligheid": it.unsafety }),
        ),
        melding::Event::Withdrawn { reason, on } => {
            ("melding-ingetrokken", json!(on), json!({ "reden": reason }))
        }
        melding::Event::Assigned { on, .. } => ("melding-toegewezen", json!(on), Value::Null),
    }
}

fn household(it: &Content) -> Value {
    json!({
        "gemeente": it.municipality, "vormen": it.all_forms(), "aard": it.all_natures(), "duur": it.duration,
        "kinderen": it.children, "acuutGevaar": it.acute_danger,
    })
}

fn changed(reason: &str, it: &Changes) -> Value {
    json!({
        "reden": reason, "ontvangenOp": it.received.map(|it| it.on), "gemeente": it.municipality, "vormen": it.forms,
        "aard": it.natures, "duur": it.duration, "kinderen": it.children, "acuutGevaar": it.acute_danger,
    })
}

fn of_person(event: &person::Event) -> (&'static str, Value, Value) {
    match event {
        person::Event::Registered { sex } => ("persoon", Value::Null, json!({ "geslacht": sex })),
        person::Event::Identified { on, .. } => ("persoon-geidentificeerd", json!(on), Value::Null),
        person::Event::IdentityCorrected { reason, on } => {
            ("persoon-gecorrigeerd", json!(on), json!({ "reden": reason }))
        }
        person::Event::Merged { on, .. } => ("persoon-samengevoegd", json!(on), Value::Null),
        person::Event::Unmerged { on, .. } => ("persoon-ontkoppeld", json!(on), Value::Null),
        person::Event::Born { on } => ("persoon-geboren", json!(on), Value::Null),
        person::Event::AddressHidden { on, reason } => {
            ("adres-afgeschermd", json!(on), json!({ "reden": reason }))
        }
        person::Event::AddressShown { on } => {
            ("adres-niet-meer-afgeschermd", json!(on), Value::Null)
        }
    }
}

fn persons(event: &Event) -> &[Person] {
    match event {
        Event::Melding(melding::Event::Received(it)) => &it.persons,
        Event::Melding(melding::Event::Corrected { changes, .. }) => {
            changes.persons.as_deref().unwrap_or_default()
        }
        _ => &[],
    }
}

fn pairs(event: &Event) -> &[Pair] {
    match event {
        Event::Melding(melding::Event::Received(it)) => &it.pairs,
        Event::Melding(melding::Event::Corrected { changes, .. }) => {
            changes.pairs.as_deref().unwrap_or_default()
        }
        _ => &[],
    }
}

fn told_person(it: &Person) -> Value {
    json!({
        "persoon": it.id, "rollen": it.roles, "geslacht": it.sex, "leeftijd": it.age,
        "ongeboren": it.unborn.then_some(true),
    })
}

fn melder(event: &Event) -> Value {
    let told = |it: &Melder| json!({ "hoedanigheid": it.hoedanigheid, "organisatieMelder": it.organisation });
    match event {
        Event::Melding(melding::Event::Received(it)) => {
            let mut melder = told(&it.melder);
            melder["kanaal"] = json!(it.channel);
            melder
        }
        Event::Melding(melding::Event::Corrected { changes, .. }) => {
            let mut melder = changes.melder.as_ref().map_or_else(|| json!({}), told);
            melder["kanaal"] = json!(changes.channel);
            melder
        }
        _ => Value::Null,
    }
}

/// The lines of an object, in the words of who reads it.
fn write(what: &str, content: &Value, names: &Names, lines: &mut Vec<Line>) {
    let Value::Object(content) = content else { return };
    let mut told: Vec<_> = content.iter().filter(|(name, _)| !skipped(name)).collect();
    told.sort_by_key(|(name, _)| place(name));
    for (name, value) in told {
        match value {
            Value::Object(inner) => write(what, &Value::Object(Map::clone(inner)), names, lines),
            Value::Array(all) if all.iter().any(Value::is_object) => {
                for inner in all {
                    write(what, inner, names, lines);
                }
            }
            other => {
                let value = in_words(what, name, other, names);
                if !value.is_empty() {
                    lines.push(Line { name: key(name).to_owned(), value });
                }
            }
        }
    }
}

fn in_words(what: &str, name: &str, value: &Value, names: &Names) -> String {
    match value {
        Value::Array(all) => {
            let all = all.iter().map(|it| in_words(what, name, it, names));
            all.filter(|it| !it.is_empty()).collect::<Vec<_>>().join(", ")
        }
        Value::Bool(yes) => if *yes { "ja" } else { "nee" }.to_owned(),
        Value::Number(number) => number.to_string(),
        Value::String(text) => match (text.parse::<Uuid>(), list(what, name)) {
            (Ok(id), _) => names.get(&id).cloned().unwrap_or_default(),
            (Err(_), Some(list)) => label(list, text).to_owned(),
            (Err(_), None) if name == "gemeente" => municipality(text),
            (Err(_), None) => dutch(value),
        },
        Value::Null | Value::Object(_) => String::new(),
    }
}

fn municipality(code: &str) -> String {
    domain::area::municipality(code).map_or_else(|| "onbekend".to_owned(), |it| it.name.clone())
}

/// A date as people write it; anything else as it is.
fn dutch(value: &Value) -> String {
    let text = value.as_str().unwrap_or_default();
    let whole = text.parse::<NaiveDate>().ok().filter(|_| text.len() == 10);
    whole.map_or_else(|| text.to_owned(), date)
}
