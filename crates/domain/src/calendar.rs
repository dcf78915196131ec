//! Working days and statutory terms. Law: Algemene termijnenwet ([`crate::law::TERMS`]).
//!
//! Days equated by royal decree (art. 3 lid 3) cannot be computed; they are published data.

use chrono::{Datelike, Days, NaiveDate, Weekday};
use serde::Deserialize;
use std::{collections::BTreeSet, sync::LazyLock};

static EQUATED: LazyLock<BTreeSet<NaiveDate>> = LazyLock::new(|| {
    #[derive(Deserialize)]
    struct Published {
        days: Vec<Day>,
    }
    #[derive(Deserialize)]
    struct Day {
        date: NaiveDate,
    }
    let text = include_str!("../../../schemas/reference/holidays-equated.json");
    let published: Published = serde_json::from_str(text).expect("the published list is valid");
    published.days.into_iter().map(|day| day.date).collect()
});

/// Easter Sunday of a year, western church (anonymous Gregorian computus; Meeus, Astronomical Algorithms, ch. 8).
#[expect(clippy::many_single_char_names, reason = "the letters of the published algorithm")]
fn easter(year: i32) -> NaiveDate {
    let (a, b, c) = (year % 19, year / 100, year % 100);
    let (d, e, f) = (b / 4, b % 4, (b + 8) / 25);
    let g = (b - f + 1) / 3;
    let h = (19 * a + b - d - g + 15) % 30;
    let (i, k) = (c / 4, c % 4);
    let l = (32 + 2 * e + 2 * i - h - k) % 7;
    let m = (a + 11 * h + 22 * l) / 451;
    let n = h + l - 7 * m + 114;
    let (month, day) = (n / 31, n % 31 + 1);
    NaiveDate::from_ymd_opt(year, month.unsigned_abs(), day.unsigned_abs()).expect("a date")
}

/// Whether a date is a public holiday, or equated with one, for the Algemene termijnenwet (art. 3).
pub fn is_public_holiday(date: NaiveDate) -> bool {
    let kings_day = match NaiveDate::from_ymd_opt(date.year(), 4, 27) {
        Some(day) if day.weekday() == Weekday::Sun => 26,
        _ => 27,
    };
    match (date.month(), date.day()) {
        (1, 1) | (5, 5) | (12, 25 | 26) => return true,
        (4, day) if day == kings_day => return true,
        _ => {}
    }
    let after_easter = (date - easter(date.year())).num_days();
    // Good Friday (lid 2), Easter Monday, Ascension Day, Whit Monday (lid 1).
    matches!(after_easter, -2 | 1 | 39 | 50) || EQUATED.contains(&date)
}

/// Whether people work: no Saturday, Sunday or public holiday.
pub fn is_working_day(date: NaiveDate) -> bool {
    !matches!(date.weekday(), Weekday::Sat | Weekday::Sun) && !is_public_holiday(date)
}

/// The date `days` working days after `from`; the day itself does not count.
pub fn working_days_after(from: NaiveDate, days: u32) -> NaiveDate {
    let mut date = from;
    let mut left = days;
    while left > 0 {
        date = date + Days::new(1);
        if is_working_day(date) {
            left -= 1;
        }
    }
    date
}

/// How many working days lie between two dates: after `from`, up to and including `to`.
pub fn working_days_between(from: NaiveDate, to: NaiveDate) -> u32 {
    working_days(from, to).count() as u32
}

/// Whether at most so many working days lie between two dates; looks no further than it must, however far the second is.
pub fn within_working_days(from: NaiveDate, to: NaiveDate, most: u32) -> bool {
    working_days(from, to).nth(most as usize).is_none()
}

fn working_days(from: NaiveDate, to: NaiveDate) -> impl Iterator<Item = NaiveDate> {
    let days = from.iter_days().skip(1).take_while(move |day| *day <= to);
    days.filter(|day| is_working_day(*day))
}

/// The date itself when people work then, otherwise the next day on which they do (art. 1).
pub fn working_day_from(date: NaiveDate) -> NaiveDate {
    date.iter_days().find(|day| is_working_day(*day)).unwrap_or(date)
}

#[cfg(test)]
mod tests;
