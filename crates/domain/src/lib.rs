//! The law and the practice of Veilig Thuis, as pure functions. No clock, no chance, no I/O, no HTTP, no SQL.
//!
//! **The people in the data.** Everyone in this register is in danger, accused, or a child of either; they
//! never use it and everything in it is about them. They may expect of this code: that what was told is
//! not lost; that what is presumed is never shown as proven; that whoever reported stays hidden where the law says so;
//! that no name, number or address stands where it is not needed; that a decision about them keeps
//! its reason and its date; and that what must be forgotten is forgotten.
//!
//! Read in the order of the list below: the one pattern, the small notions, then the streams.

pub mod decider;
pub mod id;
pub mod law;
pub mod calendar;
pub mod codes;
pub mod deadline;
pub mod area;
pub mod moment;
pub mod particulars;
pub mod refusal;
pub mod contact;
pub mod advice;
pub mod melding;
pub mod case;
pub mod person;
pub mod request;
pub mod concern;
pub mod involvement;
pub mod matching;
pub mod look;
pub mod erasure;
pub mod emergency;
pub mod retention;
pub mod access;
#[cfg(test)]
pub mod scenario;

use serde::{Deserialize, Serialize};

/// Everything that can ever be recorded. A new variant breaks the build wherever it must be thought about.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(tag = "stream", content = "event", rename_all = "snake_case")]
pub enum Event {
    Contact(contact::Event),
    Advice(advice::Event),
    Melding(melding::Event),
    Case(case::Event),
    Person(person::Event),
    Request(request::Event),
    Look(look::Event),
    Erasure(erasure::Event),
    Emergency(emergency::Event),
}

/// Of another stream than was asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OtherStream;

macro_rules! narrow {
    ($($variant:ident: $event:path),+ $(,)?) => {
        $(impl TryFrom<Event> for $event {
            type Error = OtherStream;

            fn try_from(event: Event) -> Result<Self, OtherStream> {
                match event {
                    Event::$variant(event) => Ok(event),
                    _ => Err(OtherStream),
                }
            }
        })+
    };
}

narrow! {
    Contact: contact::Event,
    Advice: advice::Event,
    Melding: melding::Event,
    Case: case::Event,
    Person: person::Event,
    Request: request::Event,
    Look: look::Event,
    Erasure: erasure::Event,
    Emergency: emergency::Event,
}
