//! Under which keys a person can be found. Each key combines so much that few people share it, and a few keys together leave room for
//! a mistake in any one place: whoever has the last name wrong still meets the birth date.
//!
//! A key becomes a token by a keyed digest, so whoever reads the database cannot tell which name a token stands for. But he can count: the
//! token of *de Jong* with *Jan* is the one that occurs most. Therefore a token is cut to so few bits that different values share
//! one: the rare ones then hide among each other, and what occurs most is no longer surely one value. What is found too much by it
//! the score takes out again.

use super::Card;
use super::name;
use super::sound::sounds;
use std::collections::BTreeSet;

/// What a key combines.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    Bsn,
    Phone,
    /// Postcode and house number, without addition.
    Address,
    /// The whole birth date, day and month in order of size: so a date with the two changed round meets the right one.
    Birth,
    /// The sounds of a last and a first name, in either order.
    Names,
    /// The sound of a first name, and the first three letters of a last name.
    FirstAndBeginning,
    /// The sound of a first name, and the last three letters of a last name.
    FirstAndEnd,
    /// The sound of a last name, and an initial.
    LastAndInitial,
    /// The sound of a last name, and the year of birth.
    LastAndYear,
    /// The sound of a last name, and the digits of a postcode.
    LastAndPostcode,
}

/// One way to find a person.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Key {
    pub kind: Kind,
    pub value: String,
}

impl Kind {
    /// A number of its own, for ever: tokens are made with it.
    pub const fn number(self) -> u8 {
        match self {
            Self::Bsn => 1,
            Self::Phone => 2,
            Self::Address => 3,
            Self::Birth => 4,
            Self::Names => 5,
            Self::FirstAndBeginning => 6,
            Self::FirstAndEnd => 7,
            Self::LastAndInitial => 8,
            Self::LastAndYear => 9,
            Self::LastAndPostcode => 10,
        }
    }

    /// To how many bits its token is cut.
    pub const fn bits(self) -> u8 {
        match self {
            // Nearly everybody has his own, so there is nothing to count; a number finds one person and no crowd.
            Self::Bsn | Self::Phone => 40,
            // Some 22,000 in a century, evenly spread: there is little to count, and many share one all the same.
            Self::Birth => 14,
            // Names are spread very unevenly, addresses by household. In a register of a million people, of whom most have a combination to
            // themselves, several combinations share each of the quarter of a million tokens.
            Self::Address
            | Self::Names
            | Self::FirstAndBeginning
            | Self::FirstAndEnd
            | Self::LastAndInitial
            | Self::LastAndYear
            | Self::LastAndPostcode => 18,
        }
    }

    /// How much it says that somebody is found under it: with more people under the keys of a question than can be looked at, those with
    /// the most are.
    pub const fn weight(self) -> i32 {
        match self {
            Self::Bsn => 12,
            Self::Phone => 8,
            Self::Address | Self::Birth => 5,
            Self::Names => 4,
            Self::LastAndYear | Self::LastAndPostcode => 3,
            Self::FirstAndBeginning | Self::FirstAndEnd | Self::LastAndInitial => 2,
        }
    }
}

/// The keys of a card, each once: those of all names that somebody bears or bore.
pub fn keys(card: &Card) -> BTreeSet<Key> {
    let mut keys = BTreeSet::new();
    let mut add = |kind, value: String| {
        keys.insert(Key { kind, value });
    };
    card.numbers.iter().for_each(|it| add(Kind::Bsn, it.clone()));
    let phones = card.phones.iter().map(|it| name::phone(it)).filter(|it| !it.is_empty());
    phones.for_each(|it| add(Kind::Phone, it));
    let mut postcodes = BTreeSet::new();
    for address in &card.addresses {
        let Some(postcode) = address.postcode.as_deref().map(name::postcode) else { continue };
        postcodes.insert(postcode.chars().take(4).collect::<String>());
        let (number, _) = name::house_number(address.number.as_deref().unwrap_or_default());
        if !number.is_empty() {
            add(Kind::Address, format!("{postcode} {number}"));
        }
    }
    for born in &card.births {
        if let (Some(month), Some(day)) = (born.month(), born.day()) {
            let (less, more) = (month.min(day), month.max(day));
            add(Kind::Birth, format!("{} {less} {more}", born.year()));
        }
    }
    by_name(card, &postcodes, &mut add);
    keys
}

fn by_name(card: &Card, postcodes: &BTreeSet<String>, add: &mut impl FnMut(Kind, String)) {
    let each = |of: &[String], names: fn(&str) -> Vec<String>| -> BTreeSet<String> {
        of.iter().flat_map(|it| names(it)).collect()
    };
    let firsts = each(&card.first_names, name::first_names);
    let mut lasts = each(&card.last_names, name::last_names);
    lasts.extend(each(&card.birth_names, name::last_names));
    let first_sounds: BTreeSet<String> =
        firsts.iter().filter(|it| it.chars().nth(1).is_some()).flat_map(|it| sounds(it)).collect();
    let initials: BTreeSet<char> = firsts.iter().filter_map(|it| it.chars().next()).collect();
    let years: BTreeSet<i32> = card.births.iter().map(|it| it.year()).collect();
    for last in lasts {
        for sound in sounds(&last) {
            for first in &first_sounds {
                let (one, other) = (first.min(&sound), first.max(&sound));
                add(Kind::Names, format!("{one} {other}"));
            }
            for it in &initials {
                add(Kind::LastAndInitial, format!("{sound} {it}"));
            }
            for it in &years {
                add(Kind::LastAndYear, format!("{sound} {it}"));
            }
            for it in postcodes {
                add(Kind::LastAndPostcode, format!("{sound} {it}"));
            }
        }
        for first in &first_sounds {
            let letters: Vec<char> = last.chars().collect();
            let (beginning, end) = (letters.iter().take(3), letters.iter().rev().take(3).rev());
            let beginning = beginning.collect::<String>();
            add(Kind::FirstAndBeginning, format!("{first} {beginning}"));
            add(Kind::FirstAndEnd, format!("{first} {}", end.collect::<String>()));
        }
    }
}
