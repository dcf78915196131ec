//! Whether somebody is, or may be, a child on a day. What is known in part counts as the youngest that he can be: a birth date without its day, an age
//! without a birth date, a child of whom nothing is known but that he was one. Whoever nothing says was a child keeps nothing.

use crate::melding::{Content, Person};
use crate::particulars::PartialDate;
use crate::{codes, melding};
use chrono::{Datelike, Months, NaiveDate};

/// From this age on nobody is a child.
const OF_AGE: i32 = 18;
/// A child that was expected is born within so many months.
const EXPECTED: Months = Months::new(10);

/// Somebody in a dossier.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Member {
    /// All that was told of his birth, under every record that he has.
    pub births: Vec<PartialDate>,
    pub told: Vec<Age>,
}

/// What a record says of his age, without his birth date.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Age {
    /// So many whole years on a day.
    Years { on: NaiveDate, years: u8 },
    /// Told of as a child, on a day or before.
    Child { on: NaiveDate },
    /// Expected on a day.
    Unborn { on: NaiveDate },
}

impl Age {
    /// What a melding says of a person in it, that was last changed on a day.
    pub fn of(person: &Person, content: &Content, last_on: NaiveDate) -> Option<Self> {
        let abused = |pair: &melding::Pair| {
            pair.victim == person.id && pair.forms.iter().any(is_child_abuse)
        };
        if person.unborn {
            return Some(Self::Unborn { on: last_on });
        }
        if let Some(years) = person.age {
            return Some(Self::Years { on: content.received.on, years });
        }
        let child = person.has_role(codes::CHILD) || content.pairs.iter().any(abused);
        child.then_some(Self::Child { on: last_on })
    }

    /// The last day on which he can have been born.
    fn born_by(self) -> Option<NaiveDate> {
        match self {
            Self::Years { on, years } => on.checked_sub_months(Months::new(u32::from(years) * 12)),
            Self::Child { on } => Some(on),
            Self::Unborn { on } => on.checked_add_months(EXPECTED),
        }
    }
}

fn is_child_abuse(form: &codes::Code) -> bool {
    let counts_as =
        codes::find(codes::List::Form, form.as_str()).and_then(|it| it.counts_as.as_deref());
    counts_as.unwrap_or(form.as_str()) == codes::CHILD_ABUSE
}

impl Member {
    /// Whether he is, or may be, younger than eighteen on a day.
    pub fn may_be_a_child(&self, day: NaiveDate) -> bool {
        self.born_by().is_some_and(|born| day < of_age_on(born))
    }

    /// The last day on which he can have been born; none when nothing says so, nor that he was a child.
    fn born_by(&self) -> Option<NaiveDate> {
        let known = self.births.iter().filter_map(|it| it.latest()).max();
        let ages = self.told.iter().filter(|it| matches!(it, Age::Years { .. }));
        let by_age = || ages.filter_map(|it| it.born_by()).max();
        // That he was a child says less than how old he was.
        let by_word = || self.told.iter().filter_map(|it| it.born_by()).max();
        known.or_else(by_age).or_else(by_word)
    }
}

/// The day on which somebody comes of age; who was born on 29 February on 1 March, as everywhere an age is counted.
fn of_age_on(born: NaiveDate) -> NaiveDate {
    let year = born.year() + OF_AGE;
    let day = NaiveDate::from_ymd_opt(year, born.month(), born.day());
    day.or_else(|| NaiveDate::from_ymd_opt(year, 3, 1)).unwrap_or(NaiveDate::MAX)
}
