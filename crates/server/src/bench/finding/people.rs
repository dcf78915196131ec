//! A register of invented people, each made from his number alone: so a million of them take no memory.

use super::names::{
    COMMON, DUTCH_FIRST, EASTERN, EASTERN_FIRST, ENDINGS, PREFIXES, SOUTHERN, SOUTHERN_FIRST, STEMS,
};
use domain::matching::{Address, Card, Told};
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;
use uuid::Uuid;

/// Somebody invented.
#[derive(Clone)]
pub(in crate::bench) struct Person {
    pub(super) id: Uuid,
    pub(super) first: String,
    pub(super) second: Option<String>,
    pub(super) prefix: String,
    pub(super) last: String,
    /// Another name at birth, and its prefix.
    pub(super) at_birth: Option<(String, String)>,
    pub(super) born: (i32, u32, u32),
    phone: Option<String>,
    address: Option<Address>,
}

impl Person {
    pub(in crate::bench) fn number(number: usize) -> Self {
        let mut chance = ChaCha8Rng::seed_from_u64(number as u64);
        let chance = &mut chance;
        let descent = chance.random_range(0..100);
        let (prefix, last) = last_name(chance, descent);
        let second = chance.random_bool(0.4).then(|| first_name(chance, descent));
        let at_birth = chance.random_bool(0.2).then(|| last_name(chance, descent));
        let postcode =
            format!("{:04} {}{}", number / 40 % 9000 + 1000, letter(chance), letter(chance));
        Self {
            id: Uuid::from_u128(0x5EAC_0000 << 96 | number as u128),
            first: first_name(chance, descent),
            second,
            prefix: prefix.to_owned(),
            last,
            at_birth: at_birth.map(|(prefix, last)| (prefix.to_owned(), last)),
            born: (
                chance.random_range(1930..=2026),
                chance.random_range(1..=12),
                chance.random_range(1..=28),
            ),
            phone: chance
                .random_bool(0.4)
                .then(|| format!("06{:08}", chance.random_range(0..100_000_000))),
            address: chance.random_bool(0.6).then(|| Address {
                postcode: Some(postcode),
                number: Some(chance.random_range(1..250).to_string()),
                ..Address::default()
            }),
        }
    }

    /// The whole name, as one writes it.
    pub(in crate::bench) fn name(&self) -> String {
        let at_birth = self.at_birth.iter().flat_map(|(prefix, last)| [prefix, last]);
        let second = self.second.iter();
        let parts = [&self.first]
            .into_iter()
            .chain(second)
            .chain([&self.prefix, &self.last])
            .chain(at_birth);
        parts.filter(|it| !it.is_empty()).cloned().collect::<Vec<_>>().join(" ")
    }

    pub(in crate::bench) fn date(&self) -> String {
        let (year, month, day) = self.born;
        format!("{year}-{month:02}-{day:02}")
    }

    pub(super) fn card(&self) -> Card {
        let firsts = [Some(&self.first), self.second.as_ref()];
        let firsts: Vec<&str> = firsts.into_iter().flatten().map(String::as_str).collect();
        Card::from(Told {
            first_names: Some(firsts.join(" ")),
            prefix: (!self.prefix.is_empty()).then(|| self.prefix.clone()),
            last_name: Some(self.last.clone()),
            birth_name: self.at_birth.as_ref().map(|(prefix, last)| format!("{prefix} {last}")),
            born: Some(self.date()),
            phone: self.phone.clone(),
            address: self.address.clone(),
            ..Told::default()
        })
    }
}

/// The first of a list occurs most; the further on, the rarer.
fn ranked<T: Copy>(chance: &mut ChaCha8Rng, of: &[T]) -> T {
    let unit: f64 = chance.random();
    of[((unit * unit * of.len() as f64) as usize).min(of.len() - 1)]
}

fn first_name(chance: &mut ChaCha8Rng, descent: u32) -> String {
    let of: &[&str] = match descent {
        0..80 => &DUTCH_FIRST,
        80..94 => &SOUTHERN_FIRST,
        _ => &EASTERN_FIRST,
    };
    ranked(chance, of).to_owned()
}

/// A prefix and a last name. Three of ten bear a common one, most of the others one that few bear.
fn last_name(chance: &mut ChaCha8Rng, descent: u32) -> (&'static str, String) {
    match descent {
        0..30 => {
            let (prefix, last) = ranked(chance, &COMMON);
            (prefix, last.to_owned())
        }
        30..77 => rare(chance),
        77..80 => {
            let (prefix, last) = ranked(chance, &COMMON);
            (prefix, format!("{last}-{}", rare(chance).1))
        }
        80..94 => {
            let (prefix, last) = ranked(chance, &SOUTHERN);
            (prefix, last.to_owned())
        }
        _ => ("", ranked(chance, &EASTERN).to_owned()),
    }
}

fn rare(chance: &mut ChaCha8Rng) -> (&'static str, String) {
    let prefix = PREFIXES[chance.random_range(0..PREFIXES.len())];
    let stem = STEMS[chance.random_range(0..STEMS.len())];
    (prefix, format!("{stem}{}", ENDINGS[chance.random_range(0..ENDINGS.len())]))
}

fn letter(chance: &mut ChaCha8Rng) -> char {
    char::from(b'A' + chance.random_range(0..26_u8))
}
