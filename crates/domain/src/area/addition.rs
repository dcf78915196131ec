//! Additions: what an organisation fills in about centre areas, as text. Whatever is wrong is told at once, in Dutch.

use super::centre::{Areas, Member, centre};
use super::municipality;
use chrono::NaiveDate;
use serde_json::{Map, Value};
use thiserror::Error;

/// What is wrong with additions. Members are numbered from one.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum Fault {
    #[error("geen JSON: regel {0}, kolom {1}")]
    NoJson(usize, usize),
    #[error("verwacht een object met de lijst 'members'")]
    NoMembers,
    #[error("onbekende sleutel '{0}'; alleen 'members' wordt aangevuld")]
    UnknownKey(String),
    #[error("lid {0}: verwacht een object")]
    NoObject(usize),
    #[error("lid {0}: onbekende sleutel '{1}'")]
    UnknownMemberKey(usize, String),
    #[error("lid {0}: '{1}' ontbreekt of is geen tekst")]
    NoText(usize, &'static str),
    #[error("lid {0}: '{1}' is geen datum; verwacht JJJJ-MM-DD of null")]
    NoDate(usize, &'static str),
    #[error("lid {0}: 'confirmed' is niet true of false")]
    NoYesOrNo(usize),
    #[error("lid {0}: '{1}' is geen Nederlandse gemeentecode")]
    UnknownMunicipality(usize, String),
    #[error("lid {0}: '{1}' is geen centrumgemeente")]
    UnknownCentre(usize, String),
    #[error("lid {0}: het einde {2} ligt niet na het begin {1}")]
    EndsBeforeItBegins(usize, NaiveDate, NaiveDate),
    #[error(
        "lid {nth}: gemeente {municipality} hoort dan bij centrumgemeente {one} en bij {other}"
    )]
    TwoCentres { nth: usize, municipality: String, one: String, other: String },
}

const ABOUT: [&str; 3] = ["about", "sources", "unconfirmed"];
const KEYS: [&str; 7] = ["municipality", "centre", "from", "to", "asOf", "confirmed", "basis"];

impl Areas {
    /// The published areas and the additions in a text, in the shape of `centre-areas.json`.
    pub fn with_additions(text: &str) -> Result<Self, Vec<Fault>> {
        let mut faults = vec![];
        let members = read(text, &mut faults);
        let areas = Self::with(members.iter().map(|(_, it)| it.clone()).collect());
        for (nth, it) in &members {
            two_centres(*nth, it, &areas, &mut faults);
        }
        if faults.is_empty() { Ok(areas) } else { Err(faults) }
    }
}

/// The other centres to which a municipality would belong at the same time.
fn two_centres(nth: usize, it: &Member, areas: &Areas, faults: &mut Vec<Fault>) {
    let before = |end: Option<NaiveDate>, begin: Option<NaiveDate>| {
        end.zip(begin).is_some_and(|(end, begin)| end <= begin)
    };
    let apart = |other: &Member| before(it.to, other.from) || before(other.to, it.from);
    let others = areas.members_of(&it.municipality);
    faults.extend(others.filter(|other| other.centre != it.centre && !apart(other)).map(|other| {
        Fault::TwoCentres {
            nth,
            municipality: it.municipality.clone(),
            one: it.centre.clone(),
            other: other.centre.clone(),
        }
    }));
}

/// The members that can be read, with their numbers.
fn read(text: &str, faults: &mut Vec<Fault>) -> Vec<(usize, Member)> {
    let value: Value = match serde_json::from_str(text) {
        Ok(value) => value,
        Err(error) => {
            faults.push(Fault::NoJson(error.line(), error.column()));
            return vec![];
        }
    };
    let members = value.get("members").and_then(Value::as_array);
    let (Some(object), Some(members)) = (value.as_object(), members) else {
        faults.push(Fault::NoMembers);
        return vec![];
    };
    let known = |key: &&String| *key == "members" || ABOUT.contains(&key.as_str());
    faults.extend(object.keys().filter(|key| !known(key)).cloned().map(Fault::UnknownKey));
    let numbered = (1..).zip(members);
    numbered.filter_map(|(nth, value)| Some((nth, member(nth, value, faults)?))).collect()
}

fn member(nth: usize, value: &Value, faults: &mut Vec<Fault>) -> Option<Member> {
    let Some(object) = value.as_object() else {
        faults.push(Fault::NoObject(nth));
        return None;
    };
    let unknown = object.keys().filter(|key| !KEYS.contains(&key.as_str()));
    faults.extend(unknown.cloned().map(|key| Fault::UnknownMemberKey(nth, key)));
    let place = text(nth, object, "municipality", faults);
    let of = text(nth, object, "centre", faults);
    let [from, to, _as_of] = ["from", "to", "asOf"].map(|key| date(nth, object, key, faults));
    let confirmed = match object.get("confirmed") {
        None => false,
        Some(Value::Bool(it)) => *it,
        Some(_) => {
            faults.push(Fault::NoYesOrNo(nth));
            false
        }
    };
    if let Some(code) = place.as_ref().filter(|it| municipality(it).is_none()) {
        faults.push(Fault::UnknownMunicipality(nth, code.clone()));
    }
    if let Some(code) = of.as_ref().filter(|it| centre(it).is_none()) {
        faults.push(Fault::UnknownCentre(nth, code.clone()));
    }
    if let Some((from, to)) = from.zip(to).filter(|(from, to)| to <= from) {
        faults.push(Fault::EndsBeforeItBegins(nth, from, to));
    }
    Some(Member { municipality: place?, centre: of?, from, to, confirmed })
}

fn text(
    nth: usize,
    object: &Map<String, Value>,
    key: &'static str,
    faults: &mut Vec<Fault>,
) -> Option<String> {
    let found = object.get(key).and_then(Value::as_str).map(str::to_owned);
    if found.is_none() {
        faults.push(Fault::NoText(nth, key));
    }
    found
}

fn date(
    nth: usize,
    object: &Map<String, Value>,
    key: &'static str,
    faults: &mut Vec<Fault>,
) -> Option<NaiveDate> {
    match object.get(key) {
        None | Some(Value::Null) => None,
        Some(told) => {
            let found = told.as_str().and_then(|it| it.parse().ok());
            if found.is_none() {
                faults.push(Fault::NoDate(nth, key));
            }
            found
        }
    }
}
