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
