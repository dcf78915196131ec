//! How well does a card agree with what is asked, and why? Points for what agrees, fewer for what only looks alike, and off for what
//! contradicts; what one of the two does not know says nothing. The points are a choice of ours, held against planted mistakes by the
//! benchmark (`meldboek bench --deel zoeken`); the reasons are shown to the worker, who decides.

use super::sound::sounds;
use super::{Card, name};
use crate::codes::Code;
use crate::particulars::PartialDate;
use std::collections::BTreeSet;
use strsim::{damerau_levenshtein, jaro_winkler};

/// How well somebody agrees with what was asked.
#[derive(Clone, Debug, PartialEq)]
pub struct Match {
    /// 0 to 100.
    pub score: u8,
    pub reasons: Vec<Reason>,
}

macro_rules! reasons {
    ($($reason:ident = $code:literal, $points:literal),+ $(,)?) => {
        /// What agrees, or contradicts.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        pub enum Reason { $($reason),+ }

        impl Reason {
            pub const ALL: &[Self] = &[$(Self::$reason),+];

            /// The code in the list `reden-overeenkomst`.
            pub const fn code(self) -> &'static str {
                match self { $(Self::$reason => $code),+ }
            }

            const fn points(self) -> i32 {
                match self { $(Self::$reason => $points),+ }
            }
        }
    };
}

reasons! {
    SamePerson = "zelfde-persoon", 100,
    SameBsn = "bsn-gelijk", 80,
    OtherBsn = "bsn-verschilt", -40,
    SamePhone = "telefoon-gelijk", 30,
    SameBirth = "geboortedatum-gelijk", 40,
    SwappedBirth = "geboortedatum-omgewisseld", 32,
    OneDigitOff = "geboortedatum-een-cijfer-anders", 28,
    BirthInPart = "geboortedatum-deels-gelijk", 25,
    SameYear = "geboortejaar-gelijk", 10,
    OtherBirth = "geboortedatum-verschilt", -25,
    SameLastName = "achternaam-gelijk", 25,
    SameBirthName = "geboortenaam-gelijk", 25,
    LastNameSounds = "achternaam-klinkt-gelijk", 21,
    LastNameIsLike = "achternaam-lijkt", 16,
    OtherLastName = "achternaam-verschilt", -20,
    SameFirstName = "voornaam-gelijk", 20,
    FirstNameSounds = "voornaam-klinkt-gelijk", 17,
    FirstNameIsLike = "voornaam-lijkt", 13,
    SameInitial = "voorletter-gelijk", 7,
    OtherFirstName = "voornaam-verschilt", -15,
    NamesChanged = "voornaam-en-achternaam-omgewisseld", 35,
    SameAddress = "adres-gelijk", 20,
    SamePostcode = "postcode-gelijk", 8,
    OtherSex = "geslacht-verschilt", -5,
}

/// Below this nothing was found: an initial and a year are no agreement.
const LEAST: i32 = 20;
/// From which likeness on a name may be a mistake for another.
const LIKE: f64 = 0.88;

/// What is asked, ready to be held against many cards.
pub struct Query(Plain);

impl Query {
    pub fn of(asked: &Card) -> Self {
        Self(Plain::of(asked))
    }

    /// How well a card agrees; nothing when it does not.
    pub fn score(&self, card: &Card) -> Option<Match> {
        let (asked, known) = (&self.0, Plain::of(card));
        let mut reasons = Vec::new();
        reasons.extend(equal(&asked.numbers, &known.numbers, Reason::SameBsn, Reason::OtherBsn));
        reasons.extend(names(asked, &known));
        reasons.extend(birth(&asked.births, &known.births));
        reasons.extend(address(asked, &known));
        let phone = asked.phones.intersection(&known.phones).next();
        reasons.extend(phone.map(|_| Reason::SamePhone));
        let sex = asked.sexes.is_disjoint(&known.sexes);
        let told = !asked.sexes.is_empty() && !known.sexes.is_empty();
        reasons.extend((sex && told).then_some(Reason::OtherSex));
        let points: i32 = reasons.iter().map(|it| it.points()).sum();
        let score = u8::try_from(points.clamp(0, 100)).unwrap_or_default();
        (points >= LEAST).then_some(Match { score, reasons })
    }
}

/// A card in one spelling.
#[derive(Default)]
struct Plain {
    firsts: BTreeSet<String>,
    lasts: BTreeSet<String>,
    birth_names: BTreeSet<String>,
    births: Vec<PartialDate>,
    numbers: BTreeSet<String>,
    phones: BTreeSet<String>,
    /// Postcode, house number, addition.
    addresses: Vec<(String, String, String)>,
    sexes: BTreeSet<Code>,
}

impl Plain {
    fn of(card: &Card) -> Self {
        let all = |of: &[String], names: fn(&str) -> Vec<String>| -> BTreeSet<String> {
            of.iter().flat_map(|it| names(it)).collect()
        };
        let phones = card.phones.iter().map(|it| name::phone(it)).filter(|it| !it.is_empty());
        let address = |it: &super::Address| {
            let (number, addition) = name::house_number(it.number.as_deref().unwrap_or_default());
            Some((name::postcode(it.postcode.as_deref()?), number, addition))
        };
        Self {
            firsts: all(&card.first_names, name::first_names),
            lasts: all(&card.last_names, name::last_names),
            birth_names: all(&card.birth_names, name::last_names),
            births: card.births.clone(),
            numbers: card.numbers.iter().cloned().collect(),
            phones: phones.collect(),
            addresses: card.addresses.iter().filter_map(address).collect(),
            sexes: card.sexes.iter().cloned().collect(),
        }
    }
}

fn equal(
    asked: &BTreeSet<String>,
    known: &BTreeSet<String>,
    same: Reason,
    other: Reason,
) -> Option<Reason> {
    if asked.is_empty() || known.is_empty() {
        return None;
    }
    Some(if asked.is_disjoint(known) { other } else { same })
}

fn names(asked: &Plain, known: &Plain) -> Vec<Reason> {
    let (last, first) = (last_name(asked, known), first_name(asked, known));
    let apart: Vec<Reason> = last.into_iter().chain(first).collect();
    let points: i32 = apart.iter().map(|it| it.points()).sum();
    let changed =
        !asked.firsts.is_disjoint(&known.lasts) && !asked.lasts.is_disjoint(&known.firsts);
    if changed && points < Reason::NamesChanged.points() {
        vec![Reason::NamesChanged]
    } else {
        apart
    }
}

/// Somebody may be asked for by the name of birth, and be known by it.
fn last_name(asked: &Plain, known: &Plain) -> Option<Reason> {
    let of =
        |it: &Plain| -> BTreeSet<String> { it.lasts.union(&it.birth_names).cloned().collect() };
    let (all_asked, all_known) = (of(asked), of(known));
    if all_asked.is_empty() || all_known.is_empty() {
        return None;
    }
    if !asked.lasts.is_disjoint(&known.lasts) {
        return Some(Reason::SameLastName);
    }
    if !all_asked.is_disjoint(&all_known) {
        return Some(Reason::SameBirthName);
    }
    Some(match likeness(&all_asked, &all_known) {
        Likeness::Sounds => Reason::LastNameSounds,
        Likeness::Like => Reason::LastNameIsLike,
        Likeness::Other => Reason::OtherLastName,
    })
}

fn first_name(asked: &Plain, known: &Plain) -> Option<Reason> {
    if asked.firsts.is_empty() || known.firsts.is_empty() {
        return None;
    }
    let written_out = |it: &&String| it.chars().nth(1).is_some();
    let out = |of: &BTreeSet<String>| -> BTreeSet<String> {
        of.iter().filter(written_out).cloned().collect()
    };
    let (all_asked, all_known) = (out(&asked.firsts), out(&known.firsts));
    if !all_asked.is_disjoint(&all_known) {
        return Some(Reason::SameFirstName);
    }
    match likeness(&all_asked, &all_known) {
        Likeness::Sounds => return Some(Reason::FirstNameSounds),
        Likeness::Like => return Some(Reason::FirstNameIsLike),
        Likeness::Other => {}
    }
    let initials = |of: &BTreeSet<String>| -> BTreeSet<char> {
        of.iter().filter_map(|it| it.chars().next()).collect()
    };
    // An initial agrees with a name; two names that begin alike are still two names.
    let only_initials = all_asked.is_empty() || all_known.is_empty();
    if initials(&asked.firsts).is_disjoint(&initials(&known.firsts)) {
        return Some(Reason::OtherFirstName);
    }
    only_initials.then_some(Reason::SameInitial)
}

enum Likeness {
    Sounds,
    Like,
    Other,
}

/// How much the two most alike of two sets of names are alike.
fn likeness(asked: &BTreeSet<String>, known: &BTreeSet<String>) -> Likeness {
    let pairs = || asked.iter().flat_map(|one| known.iter().map(move |other| (one, other)));
    let like = pairs().any(|(one, other)| mistaken(one, other));
    let sound = |of: &BTreeSet<String>| -> BTreeSet<String> {
        of.iter().flat_map(|it| sounds(it)).collect()
    };
    // Short sounds are shared by names that have little else in common: Bos and Bas, but not Bos and Boschma.
    let sounding = !sound(asked).is_disjoint(&sound(known));
    if sounding && pairs().any(|(one, other)| jaro_winkler(one, other) >= 0.7) {
        Likeness::Sounds
    } else if like {
        Likeness::Like
    } else {
        Likeness::Other
    }
}

/// Whether one may be a slip of the pen for the other.
fn mistaken(one: &str, other: &str) -> bool {
    let shortest = one.len().min(other.len());
    jaro_winkler(one, other) >= LIKE || (shortest >= 4 && damerau_levenshtein(one, other) <= 1)
}

/// The best that two sets of dates have in common.
fn birth(asked: &[PartialDate], known: &[PartialDate]) -> Option<Reason> {
    let pairs = asked.iter().flat_map(|one| known.iter().map(move |other| dates(*one, *other)));
    pairs.max_by_key(|it| it.points())
}

fn dates(one: PartialDate, other: PartialDate) -> Reason {
    let parts = |it: PartialDate| (it.year(), it.month(), it.day());
    let ((year, month, day), (other_year, other_month, other_day)) = (parts(one), parts(other));
    if let (Some(month), Some(day), Some(other_month), Some(other_day)) =
        (month, day, other_month, other_day)
    {
        let same_year = year == other_year;
        return if same_year && (month, day) == (other_month, other_day) {
            Reason::SameBirth
        } else if same_year && (month, day) == (other_day, other_month) {
            Reason::SwappedBirth
        } else if one_digit(one, other) {
            Reason::OneDigitOff
        } else if same_year {
            Reason::SameYear
        } else {
            Reason::OtherBirth
        };
    }
    // What one of the two does not know contradicts nothing.
    if year != other_year || month.zip(other_month).is_some_and(|(one, other)| one != other) {
        Reason::OtherBirth
    } else if month.is_some() && other_month.is_some() {
        Reason::BirthInPart
    } else {
        Reason::SameYear
    }
}

/// Whether two dates differ in one digit.
fn one_digit(one: PartialDate, other: PartialDate) -> bool {
    let (one, other) = (String::from(one), String::from(other));
    one.bytes().zip(other.bytes()).filter(|(a, b)| a != b).count() == 1
}

fn address(asked: &Plain, known: &Plain) -> Option<Reason> {
    let pairs =
        || asked.addresses.iter().flat_map(|one| known.addresses.iter().map(move |it| (one, it)));
    let house = |(one, other): (&(String, String, String), &(String, String, String))| {
        // An addition that one of the two leaves out contradicts nothing.
        let addition = one.2 == other.2 || one.2.is_empty() || other.2.is_empty();
        one.0 == other.0 && one.1 == other.1 && !one.1.is_empty() && addition
    };
    if pairs().any(house) {
        return Some(Reason::SameAddress);
    }
    pairs().any(|(one, other)| one.0 == other.0).then_some(Reason::SamePostcode)
}
