//! A request body: JSON, then its published schema, then field by field into the domain's words. Whatever is wrong is gathered, so
//! that a worker hears everything at once and nothing is stored.

use crate::problem::{InputFault, Problem};
use crate::schema::Schema;
use axum::body::Bytes;
use chrono::{DateTime, NaiveDate, Utc};
use domain::area;
use domain::codes::{self, Code, List};
use domain::decider::{Decider, Stamp};
use domain::id::Organisation;
use domain::moment::Moment;
use domain::particulars::PartialDate;
use serde_json::Value;
use std::cell::RefCell;
use std::collections::HashSet;
use std::fmt::Display;
use uuid::Uuid;

/// Reads a body into a command, or says everything that is wrong with it.
pub(crate) fn command<D: Decider, T>(
    body: &Bytes,
    schema: Schema,
    stamp: &Stamp,
    read: impl FnOnce(&Fields<'_>) -> Option<(D::Command, T)>,
) -> Result<(D::Command, T), Problem> {
    let (command, mut all) = read_all(body, schema, stamp.today, read)?;
    if let Some((command, _)) = &command {
        all.extend(D::faults(command, stamp).iter().map(crate::problem::in_wire_words));
    }
    unless(all, command)
}

/// Reads a body that is no command: a question.
pub(crate) fn question<T>(
    body: &Bytes,
    schema: Schema,
    today: NaiveDate,
    read: impl FnOnce(&Fields<'_>) -> T,
) -> Result<T, Problem> {
    let (question, all) = read_all(body, schema, today, |it| Some(read(it)))?;
    unless(all, question)
}

fn unless<T>(faults: Vec<InputFault>, what: Option<T>) -> Result<T, Problem> {
    match what {
        Some(what) if faults.is_empty() => Ok(what),
        _ => Err(Problem::Invalid(faults)),
    }
}

/// What was read of a body, if it could be, and everything in it that is wrong in itself.
fn read_all<T>(
    body: &Bytes,
    schema: Schema,
    today: NaiveDate,
    read: impl FnOnce(&Fields<'_>) -> Option<T>,
) -> Result<(Option<T>, Vec<InputFault>), Problem> {
    let value: Value = serde_json::from_slice(body).map_err(|error| malformed(&error))?;
    let faults = RefCell::new(Vec::new());
    let fields = Fields { value: &value, at: String::new(), today, faults: &faults };
    let what = read(&fields);
    let mut all = faults.into_inner();
    // A field that the reading already explained needs no second, more technical explanation.
    let explained: HashSet<String> = all.iter().map(|it| it.pointer.clone()).collect();
    let technical = schema.faults(&value).into_iter();
    all.extend(technical.filter(|it| !explained.contains(&it.pointer)));
    Ok((what, all))
}

fn malformed(error: &serde_json::Error) -> Problem {
    let place = format!("regel {}, teken {}", error.line(), error.column());
    Problem::parameter("", format!("dit is geen geldige JSON ({place})"))
}

/// The fields of a JSON object, and where it stands in the body. A field of the wrong kind is the schema's to explain.
pub(crate) struct Fields<'a> {
    value: &'a Value,
    at: String,
    /// The day on which it is told.
    pub(crate) today: NaiveDate,
    faults: &'a RefCell<Vec<InputFault>>,
}

impl Fields<'_> {
    pub(crate) fn has(&self, key: &str) -> bool {
        self.value.get(key).is_some()
    }

    pub(crate) fn value(&self, key: &str) -> Option<&Value> {
        self.value.get(key)
    }

    pub(crate) fn fault(&self, key: &str, why: impl Display) {
        let pointer = format!("{}/{key}", self.at);
        self.faults.borrow_mut().push(InputFault { pointer, detail: why.to_string() });
    }

    /// What is wrong with it as a whole, unless a field was to blame already.
    pub(crate) fn fault_in_all(&self, why: impl Display) {
        let mut faults = self.faults.borrow_mut();
        if faults.is_empty() {
            faults.push(InputFault { pointer: self.at.clone(), detail: why.to_string() });
        }
    }

    pub(crate) fn text(&self, key: &str) -> Option<String> {
        self.value.get(key)?.as_str().map(str::to_owned)
    }

    pub(crate) fn flag(&self, key: &str) -> Option<bool> {
        self.value.get(key)?.as_bool()
    }

    pub(crate) fn number(&self, key: &str) -> Option<u8> {
        // `41.0` is a whole number as well: for a schema, and so for us.
        self.value.get(key)?.as_f64()?.to_string().parse().ok()
    }

    pub(crate) fn uuid(&self, key: &str) -> Option<Uuid> {
        let parsed = self.text(key)?.parse().ok();
        if parsed.is_none() {
            self.fault(key, "geen UUID");
        }
        parsed
    }

    pub(crate) fn uuids(&self, key: &str) -> Vec<Uuid> {
        let all = self.value.get(key).and_then(Value::as_array).into_iter().flatten();
        all.filter_map(|it| it.as_str()?.parse().ok()).collect()
    }

    pub(crate) fn date(&self, key: &str) -> Option<NaiveDate> {
        let parsed = date(&self.text(key)?);
        if parsed.is_none() {
            self.fault(key, "geen bestaande datum; verwacht JJJJ-MM-DD");
        }
        parsed
    }

    /// A date as far as it is known.
    pub(crate) fn partial_date(&self, key: &str) -> Option<PartialDate> {
        let parsed = self.text(key)?.parse();
        parsed.map_err(|why: domain::particulars::NoDate| self.fault(key, why)).ok()
    }

    pub(crate) fn organisation(&self, key: &str) -> Option<Organisation> {
        let parsed = self.text(key)?.parse();
        parsed.map_err(|why: domain::id::NoOrganisation| self.fault(key, why)).ok()
    }

    pub(crate) fn instant(&self, key: &str) -> Option<DateTime<Utc>> {
        let parsed = instant(&self.text(key)?);
        if parsed.is_none() {
            self.fault(key, "geen tijdstip met tijdzone, zoals 2026-03-02T10:15:00+01:00");
        }
        parsed
    }

    /// A moment: a time with its zone, or a date alone.
    pub(crate) fn moment(&self, key: &str) -> Option<Moment> {
        let text = self.text(key)?;
        let parsed = moment(&text);
        if parsed.is_none() {
            self.fault(
                key,
                "geen datum of tijdstip, zoals 2026-03-02 of 2026-03-02T10:15:00+01:00",
            );
        }
        parsed
    }

    /// A code of a list, valid on a date. An unknown code is a fault and is read on, so that the other faults are found too.
    pub(crate) fn code(&self, key: &str, list: List, on: NaiveDate) -> Option<Code> {
        let text = self.text(key)?;
        if let Err(why) = codes::check(list, &text, on) {
            self.fault(key, why);
        }
        Some(Code::from(text.as_str()))
    }

    pub(crate) fn code_or(&self, key: &str, list: List, on: NaiveDate, or: &'static str) -> Code {
        self.code(key, list, on).unwrap_or(Code::of(or))
    }

    pub(crate) fn codes(&self, key: &str, list: List, on: NaiveDate) -> Vec<Code> {
        let all = self.value.get(key).and_then(Value::as_array).into_iter().flatten();
        let texts = all.enumerate().filter_map(|(nth, it)| Some((nth, it.as_str()?)));
        let mut codes = Vec::new();
        for (nth, text) in texts {
            if let Err(why) = codes::check(list, text, on) {
                self.fault(&format!("{key}/{nth}"), why);
            }
            codes.push(Code::from(text));
        }
        codes
    }

    pub(crate) fn municipality(&self, key: &str, on: NaiveDate) -> Option<Code> {
        let text = self.text(key)?;
        if let Err(why) = area::check_municipality(&text, on) {
            self.fault(key, why);
        }
        Some(Code::from(text.as_str()))
    }

    /// The objects of an array, or `None` when one of them cannot be read: with some left out, the rules would blame the others.
    pub(crate) fn each<T>(
        &self,
        key: &str,
        read: impl Fn(&Fields<'_>) -> Option<T>,
    ) -> Option<Vec<T>> {
        let all = self.value.get(key)?.as_array()?;
        let one = |(nth, value)| read(&self.below(value, &format!("{key}/{nth}")));
        // All are read before one that is missing is missed: each has its own faults to tell.
        let read: Vec<Option<T>> = all.iter().enumerate().map(one).collect();
        read.into_iter().collect()
    }

    /// An object inside this one.
    pub(crate) fn inner<T>(
        &self,
        key: &str,
        read: impl FnOnce(&Fields<'_>) -> Option<T>,
    ) -> Option<T> {
        read(&self.below(self.value.get(key)?, key))
    }

    fn below<'b>(&'b self, value: &'b Value, key: &str) -> Fields<'b> {
        let at = format!("{}/{key}", self.at);
        Fields { value, at, today: self.today, faults: self.faults }
    }
}

/// A date of the calendar as JJJJ-MM-DD, and nothing that a database could not hold.
pub(crate) fn date(text: &str) -> Option<NaiveDate> {
    let digits = text.bytes().filter(u8::is_ascii_digit).count();
    (text.len() == 10 && digits == 8).then(|| text.parse().ok()).flatten()
}

/// A moment in RFC 3339, with any offset.
pub(crate) fn instant(text: &str) -> Option<DateTime<Utc>> {
    DateTime::parse_from_rfc3339(text).ok().map(|it| it.with_timezone(&Utc))
}

fn moment(text: &str) -> Option<Moment> {
    if let Some(on) = date(text) {
        return Some(Moment::on(on));
    }
    instant(text).map(|at| Moment { on: crate::clock::dutch_date(at), at: Some(at) })
}
