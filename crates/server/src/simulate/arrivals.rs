//! When things come in: days of the week, holidays and summer, the hour of the day, and how late they are recorded.

use super::chance::Chance;
use chrono::{DateTime, Datelike, Days, Duration, NaiveDate, TimeZone, Utc};
use chrono_tz::Europe::Amsterdam;
use domain::calendar::is_working_day;

/// When someone gets in touch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Hours {
    Office,
    Day,
    /// Day and night, most in the evening: the police.
    Always,
}

/// The last minute of a day at which something is recorded, so that a day stays a day.
const LAST: i64 = 23 * 60 + 50;

pub(super) fn new_year(year: i32) -> NaiveDate {
    NaiveDate::from_ymd_opt(year, 1, 1).unwrap_or_default()
}

/// A day of the year on which someone asks: fewer on free days and in summer.
pub(super) fn day_of(year: i32, chance: &mut Chance) -> NaiveDate {
    loop {
        let day = new_year(year) + Days::new(chance.below(366) as u64);
        if day.year() == year && chance.happens(weight(day)) {
            return day;
        }
    }
}

fn weight(day: NaiveDate) -> f64 {
    let summer = day.month() == 8 || (day.month() == 7 && day.day() > 10);
    match (is_working_day(day), summer) {
        (true, false) => 1.0,
        (true, true) => 0.8,
        (false, _) => 0.22,
    }
}

/// A moment on a day. On the last day of the year nobody calls late, so that the year can be closed.
pub(super) fn moment(on: NaiveDate, hours: Hours, chance: &mut Chance) -> DateTime<Utc> {
    let hour = match hours {
        Hours::Office => chance.between(8, 16),
        Hours::Day => chance.between(8, 21),
        Hours::Always if chance.happens(0.5) => chance.between(15, 23),
        Hours::Always => chance.between(0, 23),
    };
    let hour = if (on.month(), on.day()) == (12, 31) { hour.min(18) } else { hour };
    let minute = (hour * 60 + chance.between(0, 59)).min(LAST - 60);
    at(on, minute) + Duration::seconds(chance.between(0, 59))
}

/// A moment at which someone at the desk records something.
pub(super) fn desk(on: NaiveDate, chance: &mut Chance) -> DateTime<Utc> {
    at(on, chance.between(8 * 60 + 30, 17 * 60)) + Duration::seconds(chance.between(0, 59))
}

/// The moment at a minute of a Dutch day. In the hour that a change of the clock skips, an hour later.
pub(super) fn at(on: NaiveDate, minute: i64) -> DateTime<Utc> {
    let local = on.and_time(chrono::NaiveTime::MIN) + Duration::minutes(minute);
    let found = Amsterdam.from_local_datetime(&local).earliest();
    let found =
        found.or_else(|| Amsterdam.from_local_datetime(&(local + Duration::hours(1))).earliest());
    found.map_or_else(|| local.and_utc(), |it| it.with_timezone(&Utc))
}

/// A moment some minutes later, on the same Dutch day.
pub(super) fn after(moment: DateTime<Utc>, minutes: i64) -> DateTime<Utc> {
    (moment + Duration::minutes(minutes)).min(at(today(moment), LAST).max(moment))
}

/// The date of a moment in the Netherlands.
pub(super) fn today(at: DateTime<Utc>) -> NaiveDate {
    at.with_timezone(&Amsterdam).date_naive()
}

/// After how many days something is recorded: most the same day, a tail of sixty.
pub(super) fn lag(chance: &mut Chance) -> i64 {
    match chance.unit() {
        it if it < 0.84 => 0,
        it if it < 0.92 => 1,
        it if it < 0.975 => chance.between(2, 7),
        it if it < 0.995 => chance.between(8, 30),
        _ => chance.between(31, 60),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_lies_on_its_dutch_day_and_so_does_what_follows() {
        let mut chance = Chance::of_number(3);
        for _ in 0..2_000 {
            let on = day_of(2023, &mut chance);
            let moment = moment(on, Hours::Always, &mut chance);
            assert_eq!((today(moment), today(after(moment, 90))), (on, on));
            assert!(after(moment, 20) > moment);
        }
    }

    #[test]
    fn the_hour_that_the_clock_skips_exists_an_hour_later() {
        let on = NaiveDate::from_ymd_opt(2023, 3, 26).unwrap();
        assert_eq!(today(at(on, 150)), on);
    }
}
