//! Who may ask what about the data of a person: he himself, or somebody for him. A pure function of kind, age and whether he can weigh his
//! interests. The age comes from a birth date, which is a particular: it is given, and where it is not known the worker says.
//!
//! Law: [`crate::law::INSPECTION`] (12 and 16 years), [`crate::law::DESTRUCTION`] (12 and 18 years). For adults no rule was found
//! in either: there a mentor or legal representative asks for who cannot weigh his interests himself, and whoever is authorised takes his place.
//! Of a correction the articles name no age; it follows inspection, in whose article it stands. An own statement is somebody's own
//! words, and has no age.

use super::Kind;
use crate::codes::coded;
use crate::particulars::PartialDate;
use chrono::NaiveDate;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use thiserror::Error;

coded! {
    /// In what quality somebody asks.
    By of Requester {
        Himself = "zelf",
        Representative = "wettelijk-vertegenwoordiger",
        Mentor = "mentor",
        Authorised = "gemachtigde",
    }
}

coded! {
    /// The ages on which the law branches.
    AgeClass of AgeClass {
        Below12 = "jonger-dan-12",
        From12 = "12-tot-16",
        From16 = "16-of-17",
        Adult = "18-of-ouder",
    }
}

/// Who asks, for whom.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Asker {
    pub by: By,
    /// Of the person, on the day of the request.
    pub age: AgeClass,
    /// Whether the person can weigh his interests in this.
    pub able: bool,
}

/// Why somebody may not ask this. The text is for the worker.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum Bar {
    #[error(
        "een kind jonger dan 12 jaar kan dit niet zelf vragen; de wettelijk vertegenwoordiger wel"
    )]
    TooYoung,
    #[error(
        "wie zijn belangen niet zelf kan afwegen, kan dit niet zelf vragen; wie hem vertegenwoordigt wel"
    )]
    NotAble,
    #[error("vanaf 16 jaar vraagt iemand dit zelf, tenzij hij zijn belangen niet zelf kan afwegen")]
    AsksFrom16,
    #[error(
        "vanaf 12 jaar vraagt een kind dit zelf, tenzij het zijn belangen niet zelf kan afwegen"
    )]
    AsksFrom12,
    #[error(
        "een mentor vraagt voor een meerderjarige die zijn belangen niet zelf kan afwegen; bij een kind doet de wettelijk \
         vertegenwoordiger dat"
    )]
    NoMentor,
}

impl AgeClass {
    /// On a day, as far as a birth date says: none when it is known in part, and could be of two classes.
    pub fn on(born: PartialDate, day: NaiveDate) -> Option<Self> {
        let oldest = Self::of_years(born.age_on(day)?);
        let youngest =
            PartialDate::age_on(born.at_the_latest()?, day).map_or(Self::Below12, Self::of_years);
        (oldest == youngest).then_some(oldest)
    }

    pub const fn of_years(years: u8) -> Self {
        match years {
            0..12 => Self::Below12,
            12..16 => Self::From12,
            16..18 => Self::From16,
            18.. => Self::Adult,
        }
    }
}

impl Asker {
    /// Whether he may ask this; if not, why.
    pub const fn may_ask(self, kind: Kind) -> Result<(), Bar> {
        match (self.by, kind) {
            (By::Himself | By::Authorised, Kind::Statement) => Ok(()),
            (By::Himself | By::Authorised, Kind::Inspection | Kind::Correction) => self.himself(),
            // Who cannot weigh his interests: the article speaks of children.
            (By::Himself | By::Authorised, Kind::Destruction) => match self.age {
                AgeClass::Adult => Ok(()),
                AgeClass::Below12 | AgeClass::From12 | AgeClass::From16 => self.himself(),
            },
            (By::Representative, Kind::Destruction) => match (self.age, self.able) {
                (AgeClass::Below12, _) | (_, false) => Ok(()),
                (AgeClass::From12 | AgeClass::From16 | AgeClass::Adult, true) => {
                    Err(Bar::AsksFrom12)
                }
            },
            (By::Representative, Kind::Inspection | Kind::Correction | Kind::Statement) => {
                match (self.age, self.able) {
                    (AgeClass::Below12 | AgeClass::From12, _) | (_, false) => Ok(()),
                    (AgeClass::From16 | AgeClass::Adult, true) => Err(Bar::AsksFrom16),
                }
            }
            (
                By::Mentor,
                Kind::Inspection | Kind::Correction | Kind::Statement | Kind::Destruction,
            ) => match (self.age, self.able) {
                (AgeClass::Adult, false) => Ok(()),
                (AgeClass::Below12 | AgeClass::From12 | AgeClass::From16, _) | (_, true) => {
                    Err(Bar::NoMentor)
                }
            },
        }
    }

    const fn himself(self) -> Result<(), Bar> {
        match (self.age, self.able) {
            (AgeClass::Below12, _) => Err(Bar::TooYoung),
            (AgeClass::From12 | AgeClass::From16 | AgeClass::Adult, false) => Err(Bar::NotAble),
            (AgeClass::From12 | AgeClass::From16 | AgeClass::Adult, true) => Ok(()),
        }
    }

    /// Whether a ground of the interest of the child can be held against this: the legal representative asks for a child below sixteen.
    pub const fn asks_for_a_child(self) -> bool {
        matches!((self.by, self.age), (By::Representative, AgeClass::Below12 | AgeClass::From12))
    }
}

#[cfg(test)]
mod tests;
