//! How somebody is asked for: rightly, or with one of the mistakes that people make when they write down a name that they hear.

use super::names::{ROWS, SPELLINGS};
use super::people::Person;
use domain::matching::{Card, Told};
use rand::Rng;
use rand_chacha::ChaCha8Rng;

/// What is otherwise than it is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Mistake {
    None,
    LastDropped,
    LastSwapped,
    LastDoubled,
    LastNeighbour,
    FirstMistyped,
    DayAndMonthSwapped,
    PrefixLeftOut,
    NameAtBirth,
    OtherSpelling,
    DateInPart,
    MistypedAndYearOnly,
    /// Only a name, of which the register has ten at most.
    NameOnly,
    /// Only a name that more than ten people bear: no order can put the right one among ten.
    CommonNameOnly,
}

impl Mistake {
    pub(super) const ALL: [(Self, &'static str); 14] = [
        (Self::None, "zonder fout"),
        (Self::LastDropped, "achternaam, letter weg"),
        (Self::LastSwapped, "achternaam, letters omgewisseld"),
        (Self::LastDoubled, "achternaam, letter dubbel"),
        (Self::LastNeighbour, "achternaam, toets ernaast"),
        (Self::FirstMistyped, "voornaam, tikfout"),
        (Self::DayAndMonthSwapped, "dag en maand omgewisseld"),
        (Self::PrefixLeftOut, "voorvoegsel weg"),
        (Self::NameAtBirth, "geboortenaam als achternaam"),
        (Self::OtherSpelling, "andere schrijfwijze"),
        (Self::DateInPart, "geboortedatum gedeeltelijk"),
        (Self::MistypedAndYearOnly, "tikfout, alleen geboortejaar"),
        (Self::NameOnly, "alleen naam, hoogstens 10 naamgenoten"),
        (Self::CommonNameOnly, "alleen naam, meer naamgenoten"),
    ];
}

/// What is asked: first name, prefix, last name, birth date.
#[derive(Clone, Debug)]
pub(super) struct Asked {
    pub(super) first: String,
    pub(super) prefix: String,
    pub(super) last: String,
    pub(super) born: Option<String>,
}

impl Asked {
    pub(super) fn card(&self) -> Card {
        Card::from(Told {
            first_names: Some(self.first.clone()),
            prefix: (!self.prefix.is_empty()).then(|| self.prefix.clone()),
            last_name: Some(self.last.clone()),
            born: self.born.clone(),
            ..Told::default()
        })
    }

    pub(super) fn name(&self) -> String {
        let parts = [&self.first, &self.prefix, &self.last];
        parts.into_iter().filter(|it| !it.is_empty()).cloned().collect::<Vec<_>>().join(" ")
    }
}

impl Mistake {
    /// How somebody is asked for with this mistake; nothing when it cannot be made about him.
    pub(super) fn about(self, it: &Person, chance: &mut ChaCha8Rng) -> Option<Asked> {
        let mut asked = Asked {
            first: it.first.clone(),
            prefix: it.prefix.clone(),
            last: it.last.clone(),
            born: Some(it.date()),
        };
        let (year, month, day) = it.born;
        match self {
            Self::None => {}
            Self::LastDropped => asked.last = dropped(&it.last, chance)?,
            Self::LastSwapped => asked.last = swapped(&it.last, chance)?,
            Self::LastDoubled => asked.last = doubled(&it.last, chance)?,
            Self::LastNeighbour => asked.last = neighbour(&it.last, chance)?,
            Self::FirstMistyped => asked.first = mistyped(&it.first, chance)?,
            Self::DayAndMonthSwapped => {
                let other = day <= 12 && day != month;
                asked.born = Some(other.then(|| format!("{year}-{day:02}-{month:02}"))?);
            }
            Self::PrefixLeftOut => {
                asked.prefix = (!it.prefix.is_empty()).then(String::new)?;
            }
            Self::NameAtBirth => (asked.prefix, asked.last) = it.at_birth.clone()?,
            Self::OtherSpelling => {
                asked.last = otherwise(&it.last, chance)?;
                asked.first = otherwise(&it.first, chance).unwrap_or(asked.first);
            }
            Self::DateInPart => {
                let month_known = chance.random_bool(0.5);
                let month = if month_known { format!("-{month:02}") } else { String::new() };
                asked.born = Some(format!("{year}{month}"));
            }
            Self::MistypedAndYearOnly => {
                asked.last = mistyped(&it.last, chance)?;
                asked.born = Some(year.to_string());
            }
            Self::NameOnly | Self::CommonNameOnly => asked.born = None,
        }
        Some(asked)
    }
}

fn mistyped(name: &str, chance: &mut ChaCha8Rng) -> Option<String> {
    match chance.random_range(0..4) {
        0 => dropped(name, chance),
        1 => swapped(name, chance),
        2 => doubled(name, chance),
        _ => neighbour(name, chance),
    }
}

/// The letters of a name and one place in it; a mistake in a name of three letters makes another name.
fn place(name: &str, chance: &mut ChaCha8Rng) -> Option<(Vec<char>, usize)> {
    let letters: Vec<char> = name.chars().collect();
    let at = chance.random_range(0..letters.len().max(1));
    (letters.len() > 3).then_some((letters, at))
}

fn dropped(name: &str, chance: &mut ChaCha8Rng) -> Option<String> {
    let (mut letters, at) = place(name, chance)?;
    letters.remove(at);
    Some(letters.into_iter().collect())
}

fn doubled(name: &str, chance: &mut ChaCha8Rng) -> Option<String> {
    let (mut letters, at) = place(name, chance)?;
    letters.insert(at, letters[at]);
    Some(letters.into_iter().collect())
}

fn swapped(name: &str, chance: &mut ChaCha8Rng) -> Option<String> {
    let (mut letters, at) = place(name, chance)?;
    let next = (at + 1 < letters.len() && letters[at] != letters[at + 1]).then_some(at + 1)?;
    letters.swap(at, next);
    Some(letters.into_iter().collect())
}

fn neighbour(name: &str, chance: &mut ChaCha8Rng) -> Option<String> {
    let (mut letters, at) = place(name, chance)?;
    let row: Vec<char> = ROWS.iter().find(|row| row.contains(letters[at]))?.chars().collect();
    let key = row.iter().position(|it| *it == letters[at])?;
    letters[at] = row[if key > 0 { key - 1 } else { key + 1 }];
    Some(letters.into_iter().collect())
}

/// One sound of the name in another spelling.
fn otherwise(name: &str, chance: &mut ChaCha8Rng) -> Option<String> {
    let name = name.to_lowercase();
    let fitting: Vec<_> = SPELLINGS.iter().filter(|(one, _)| name.contains(one)).collect();
    let (one, other) = fitting.get(chance.random_range(0..fitting.len().max(1)))?;
    Some(name.replacen(one, other, 1))
}
