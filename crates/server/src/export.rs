//! Looks in the forms that others ask for: Logboek Dataverwerkingen (as OTLP) and NEN 7513. Of one internal record each takes what it may hold.

pub mod ldv;
pub mod nen7513;

use chrono::{DateTime, Utc};
use domain::id::Organisation;
use serde_json::{Value, json};

/// Whose looks they are, and by which name a person goes outside.
pub struct Source<'a> {
    pub organisation: Organisation,
    /// A keyed digest of a person: the same person, and nobody who can be found by it.
    pub pseudonym: &'a dyn Fn(uuid::Uuid) -> String,
}

/// What kind of name that is.
pub const PSEUDONYM: &str = "hmac-sha256";

fn nanoseconds(at: DateTime<Utc>) -> String {
    // To the millisecond, as Logboek Dataverwerkingen has it.
    format!("{}000000", at.timestamp_millis())
}

fn attribute(key: &str, value: &str) -> Value {
    json!({ "key": key, "value": { "stringValue": value } })
}
