//! Names of things: `Id<Melding>` is not `Id<Person>`, and an organisation is one of the Veilig Thuis regions.

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Serialize};
use std::{borrow::Cow, fmt, hash, marker::PhantomData, str::FromStr};
use thiserror::Error;
use uuid::Uuid;

/// The id of one stream; it knows which rules apply to it.
pub struct Id<D>(pub Uuid, PhantomData<fn() -> D>);

impl<D> Id<D> {
    pub const fn new(id: Uuid) -> Self {
        Self(id, PhantomData)
    }
}

impl<D> Clone for Id<D> {
    fn clone(&self) -> Self {
        *self
    }
}
impl<D> Copy for Id<D> {}
impl<D> PartialEq for Id<D> {
    fn eq(&self, other: &Self) -> bool {
        self.0 == other.0
    }
}
impl<D> Eq for Id<D> {}
impl<D> hash::Hash for Id<D> {
    fn hash<H: hash::Hasher>(&self, state: &mut H) {
        self.0.hash(state);
    }
}
impl<D> fmt::Debug for Id<D> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}
impl<D> fmt::Display for Id<D> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// A Veilig Thuis organisation by its CBS region code, `VT01` to `VT99`. It is the controller in law
/// (Wmo 2015 art. 5.1.6 lid 1) and has a log of its own.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct Organisation([u8; 4]);

/// Not the code of an organisation.
#[derive(Clone, Debug, PartialEq, Error)]
#[error("'{0}' is geen organisatie; verwacht een code als VT02")]
pub struct NoOrganisation(String);

impl Organisation {
    pub fn as_str(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or_default()
    }
}

impl JsonSchema for Organisation {
    fn schema_name() -> Cow<'static, str> {
        "Organisation".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "string", "pattern": "^VT[0-9]{2}$" })
    }
}

impl FromStr for Organisation {
    type Err = NoOrganisation;

    fn from_str(text: &str) -> Result<Self, NoOrganisation> {
        match text.as_bytes() {
            [b'V', b'T', a, b] if a.is_ascii_digit() && b.is_ascii_digit() => {
                Ok(Self([b'V', b'T', *a, *b]))
            }
            _ => Err(NoOrganisation(text.to_owned())),
        }
    }
}

impl TryFrom<String> for Organisation {
    type Error = NoOrganisation;

    fn try_from(text: String) -> Result<Self, NoOrganisation> {
        text.parse()
    }
}

impl From<Organisation> for String {
    fn from(it: Organisation) -> Self {
        it.as_str().to_owned()
    }
}

impl fmt::Display for Organisation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Debug for Organisation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// What a log of an organisation is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum LogKind {
    /// What was told, found and decided.
    Register,
    /// Who looked at it.
    Looks,
}

/// One log. An organisation has two, each with its own positions and its own chain: who looks every minute does not hold up who records,
/// and what was recorded is not pushed apart by who looked.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Log {
    pub organisation: Organisation,
    pub kind: LogKind,
}

/// Not the name of a log.
#[derive(Clone, Debug, PartialEq, Error)]
#[error("'{0}' is geen logboek; verwacht een naam als VT02 of VT02/inzage")]
pub struct NoLog(String);

/// What comes behind the organisation in the name of its log of looks.
const LOOKS: &str = "/inzage";

impl Log {
    pub const fn looks(organisation: Organisation) -> Self {
        Self { organisation, kind: LogKind::Looks }
    }

    pub const fn both(organisation: Organisation) -> [Self; 2] {
        [Self { organisation, kind: LogKind::Register }, Self::looks(organisation)]
    }
}

/// The log of an organisation, when nothing else is said, is its register.
impl From<Organisation> for Log {
    fn from(organisation: Organisation) -> Self {
        Self { organisation, kind: LogKind::Register }
    }
}

impl FromStr for Log {
    type Err = NoLog;

    fn from_str(text: &str) -> Result<Self, NoLog> {
        let (name, kind) = match text.strip_suffix(LOOKS) {
            Some(name) => (name, LogKind::Looks),
            None => (text, LogKind::Register),
        };
        let organisation = name.parse().map_err(|_| NoLog(text.to_owned()))?;
        Ok(Self { organisation, kind })
    }
}

impl fmt::Display for Log {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.organisation.as_str())?;
        match self.kind {
            LogKind::Register => Ok(()),
            LogKind::Looks => f.write_str(LOOKS),
        }
    }
}

impl fmt::Debug for Log {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_log_is_named_by_its_organisation_and_what_it_is_about() {
        for (name, kind) in [("VT02", LogKind::Register), ("VT02/inzage", LogKind::Looks)] {
            let log: Log = name.parse().unwrap();
            assert_eq!((log.kind, log.to_string().as_str()), (kind, name));
        }
        for wrong in ["", "VT2", "VT02/", "VT02/inzagen", "/inzage", "VT02/inzage/inzage"] {
            assert_eq!(wrong.parse::<Log>(), Err(NoLog(wrong.to_owned())), "{wrong}");
        }
    }
}
