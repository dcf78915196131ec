//! Matching: is this somebody whom we know already? Two of three meldingen are about somebody who was reported before, and a duplicate
//! found too late splits what is known of one child over two files.
//!
//! A [`Card`] gathers what is known of one person; [`keys()`] says under which keys it can be found, also from a part of it or with a
//! mistake in it; [`Query::score`] says how well two cards agree, and why. Nothing is ever merged by it: a worker decides.
//!
//! Read: `name` and `sound` (one spelling of what is written in many ways) → `key` → `score`.

mod name;
mod sound;
mod key;
mod score;

pub use key::{Key, Kind, keys};
pub use score::{Match, Query, Reason};

use crate::codes::{self, Code};
use crate::particulars::{Bsn, PartialDate};
use serde::{Deserialize, Serialize};
use std::fmt;

/// From which score on two persons are so much alike that two meldingen about them may be about one incident: name and birth date, for
/// example, or the number alone.
pub const STRONG: u8 = 75;

/// How many days apart two meldingen about one incident are received at most.
pub const DUPLICATE_WITHIN_DAYS: i64 = 7;

/// What a particular tells of a person, as far as it helps to find him: the JSON that is sealed.
#[derive(Clone, Default, Deserialize)]
#[serde(default)]
pub struct Told {
    /// The whole name as one text.
    #[serde(rename = "naam")]
    pub name: Option<String>,
    #[serde(rename = "voornamen")]
    pub first_names: Option<String>,
    #[serde(rename = "voorvoegsel")]
    pub prefix: Option<String>,
    #[serde(rename = "achternaam")]
    pub last_name: Option<String>,
    /// The name at birth, of who bears another one since.
    #[serde(rename = "geboortenaam")]
    pub birth_name: Option<String>,
    #[serde(rename = "geboortedatum")]
    pub born: Option<String>,
    pub bsn: Option<String>,
    #[serde(rename = "telefoon")]
    pub phone: Option<String>,
    #[serde(rename = "adres")]
    pub address: Option<Address>,
    /// Not a particular: the event beside it says so.
    #[serde(skip)]
    pub sex: Option<Code>,
}

#[derive(Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Address {
    #[serde(rename = "straat", skip_serializing_if = "Option::is_none")]
    pub street: Option<String>,
    #[serde(rename = "huisnummer", skip_serializing_if = "Option::is_none")]
    pub number: Option<String>,
    #[serde(rename = "postcode", skip_serializing_if = "Option::is_none")]
    pub postcode: Option<String>,
    #[serde(rename = "woonplaats", skip_serializing_if = "Option::is_none")]
    pub town: Option<String>,
}

/// All that is known of one person for matching, each thing once, in the spelling in which it was told; last names with their prefix.
#[derive(Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Card {
    #[serde(rename = "voornamen", skip_serializing_if = "Vec::is_empty")]
    first_names: Vec<String>,
    #[serde(rename = "achternamen", skip_serializing_if = "Vec::is_empty")]
    last_names: Vec<String>,
    #[serde(rename = "geboortenamen", skip_serializing_if = "Vec::is_empty")]
    birth_names: Vec<String>,
    #[serde(rename = "geboortedatums", skip_serializing_if = "Vec::is_empty")]
    births: Vec<PartialDate>,
    #[serde(rename = "bsns", skip_serializing_if = "Vec::is_empty")]
    numbers: Vec<String>,
    #[serde(rename = "telefoons", skip_serializing_if = "Vec::is_empty")]
    phones: Vec<String>,
    #[serde(rename = "adressen", skip_serializing_if = "Vec::is_empty")]
    addresses: Vec<Address>,
    #[serde(rename = "geslachten", skip_serializing_if = "Vec::is_empty")]
    sexes: Vec<Code>,
}

impl fmt::Debug for Told {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Told")
    }
}

impl fmt::Debug for Card {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Card")
    }
}

impl Card {
    /// The birth dates that were told of him.
    pub fn births(&self) -> &[PartialDate] {
        &self.births
    }

    /// Takes out where he is and how he is reached: he is not found by it, nor is it shown.
    pub fn seal_whereabouts(&mut self) {
        self.phones.clear();
        self.addresses.clear();
    }

    /// Adds what was told: it may be as true as what was told before.
    pub fn add(&mut self, told: Told) {
        if let Some(name) = told.name {
            let (first, last) = name::split(&name);
            once(&mut self.first_names, first);
            once(&mut self.last_names, Some(last));
        }
        once(&mut self.first_names, told.first_names);
        let with_prefix = |last: String| match &told.prefix {
            Some(prefix) => format!("{prefix} {last}"),
            None => last,
        };
        once(&mut self.last_names, told.last_name.map(with_prefix));
        once(&mut self.birth_names, told.birth_name);
        once(&mut self.births, told.born.and_then(|it| it.parse().ok()));
        if let Some(Ok(Bsn::Number(number))) = told.bsn.map(|it| it.parse()) {
            once(&mut self.numbers, Some(number));
        }
        once(&mut self.phones, told.phone);
        once(&mut self.addresses, told.address);
        once(&mut self.sexes, told.sex.filter(|it| *it != codes::UNKNOWN));
    }

    /// Puts what was told in the place of what was told before in that respect: what was wrong must not be found any more.
    pub fn correct(&mut self, before: &Self, told: Told) {
        let whole = told.name.is_some();
        if whole || told.first_names.is_some() {
            without(&mut self.first_names, &before.first_names);
        }
        if whole || told.last_name.is_some() {
            without(&mut self.last_names, &before.last_names);
        }
        if told.birth_name.is_some() {
            without(&mut self.birth_names, &before.birth_names);
        }
        if told.born.is_some() {
            without(&mut self.births, &before.births);
        }
        if told.bsn.is_some() {
            without(&mut self.numbers, &before.numbers);
        }
        if told.phone.is_some() {
            without(&mut self.phones, &before.phones);
        }
        if told.address.is_some() {
            without(&mut self.addresses, &before.addresses);
        }
        self.add(told);
    }
}

impl From<Told> for Card {
    fn from(told: Told) -> Self {
        let mut card = Self::default();
        card.add(told);
        card
    }
}

fn without<T: PartialEq>(all: &mut Vec<T>, gone: &[T]) {
    all.retain(|it| !gone.contains(it));
}

/// Takes in what was told, unless it is there.
fn once<T: PartialEq>(all: &mut Vec<T>, told: Option<T>) {
    if let Some(it) = told.filter(|it| !all.contains(it)) {
        all.push(it);
    }
}

#[cfg(test)]
mod tests;
