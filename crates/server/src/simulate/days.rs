//! When the meldingen of a household come in, are assessed, and when its casussen close: the class of earlier involvement of each
//! follows from these days, so they are laid out to give the class that is wanted.
//!
//! ```text
//!  first ─┬─ during (before the first is assessed) ── all assessed ─┬─ after ── … ── monitoring ─┬─ … ── casus closes ─┬─ hermelding …
//! ```
//! Days that decide a class never fall together, so that the order of recording within a day does not matter.

use super::arrivals::lag;
use super::chance::Chance;
use super::course::{Class, Course};
use super::form::Forms;
use chrono::{Datelike, Days, NaiveDate};
use domain::calendar::{is_working_day, working_days_after};

/// A melding with its days.
#[derive(Clone, Debug)]
pub(super) struct Laid {
    pub(super) class: Class,
    pub(super) forms: Forms,
    /// It opens a casus; else it joins that of its episode.
    pub(super) opens: bool,
    /// It is about one known person in another household.
    pub(super) own: bool,
    /// Which episode of its course.
    pub(super) episode: usize,
    pub(super) day: NaiveDate,
    /// Days until it is recorded.
    pub(super) lag: i64,
    pub(super) assessed: Option<NaiveDate>,
    /// When its casus closes, for one that opens it.
    pub(super) closes: Option<NaiveDate>,
    /// Since when it is only monitored, for one that opens a casus in which a vervolgmelding comes in after that.
    pub(super) monitored: Option<NaiveDate>,
}

impl Laid {
    pub(super) fn recorded(&self) -> NaiveDate {
        self.day + Days::new(self.lag.unsigned_abs())
    }
}

/// Days until a casus is only monitored.
const UNTIL_MONITORED: usize = 60;
/// Casussen that stay open for months: our estimate.
const LASTING: f64 = 0.3;
/// How much room is taken between two days, in hundredths: all, then less until it fits in the year.
const SQUEEZES: [usize; 5] = [100, 50, 25, 10, 0];

/// Lays out a course within its year, all of it received before the last day.
pub(super) fn lay(
    course: &Course,
    last: NaiveDate,
    within_year: bool,
    chance: &mut Chance,
) -> Vec<Laid> {
    let number = chance.number();
    let place = chance.number();
    let last_told = last - Days::new(1);
    let mut laid = vec![];
    for squeeze in SQUEEZES {
        let from = |start| told(course, start, squeeze, &mut Chance::of_number(number));
        laid = from(course.from);
        let room = laid.last().map_or(0, |it| (last_told - it.day).num_days());
        if room < 0 {
            continue;
        }
        // Free days make a course a little longer or shorter when it starts elsewhere: then it starts a week earlier.
        let offset = begins(room, &mut Chance::of_number(place));
        let mut start = course.from + Days::new(offset.unsigned_abs());
        laid = from(start);
        while laid.last().is_some_and(|it| it.day > last_told) && start > course.from {
            start = (start - Days::new(7)).max(course.from);
            laid = from(start);
        }
        break;
    }
    record(&mut laid, within_year.then_some(last), chance);
    laid
}

/// How long after it could a course begins. Who comes back does so later in the year; so that the year is not busier towards its end,
/// some begin early.
fn begins(room: i64, chance: &mut Chance) -> i64 {
    let offset = chance.between(0, room);
    if chance.happens(0.25) { offset.min(chance.between(0, room)) } else { offset }
}

fn told(course: &Course, start: NaiveDate, squeeze: usize, chance: &mut Chance) -> Vec<Laid> {
    let mut all: Vec<Laid> = vec![];
    let mut next = start;
    for (nth, episode) in course.episodes.iter().enumerate() {
        let mut laid = vec![melding(episode.class, episode.forms, nth, next, squeeze, chance)];
        laid[0].opens = true;
        for further in &episode.further {
            let day = comes(further.class, &mut laid, squeeze, chance);
            let mut it = melding(further.class, further.forms, nth, day, squeeze, chance);
            (it.own, it.opens) = (further.own, further.own);
            laid.push(it);
        }
        // Those that last are the minority. The last of a course has time enough: nothing follows on it.
        let lasts = nth + 1 < course.episodes.len() && chance.happens(LASTING);
        let most = if lasts { 180 } else { 70 };
        let closes = working(stretch(assessed(&laid), 2, most, squeeze, chance));
        let monitored = laid[0].monitored;
        for it in laid.iter_mut().filter(|it| it.opens) {
            // What came to a casus of its own is settled before the first is only monitored.
            it.closes = Some(monitored.filter(|_| it.own).unwrap_or(closes));
        }
        next = stretch(closes, 1, 130, squeeze, chance);
        all.extend(laid);
    }
    all
}

/// The day on which a vervolgmelding of a class comes in. One during the assessment makes the one before it wait; the first during
/// monitoring makes it begin.
fn comes(class: Class, laid: &mut [Laid], squeeze: usize, chance: &mut Chance) -> NaiveDate {
    let before = laid.len() - 1;
    let decided = assessed(laid);
    match class {
        Class::During => {
            let day = stretch(laid[before].day, 1, 4, squeeze, chance);
            let still_waiting = working(day + Days::new(1));
            laid[before].assessed = laid[before].assessed.max(Some(still_waiting));
            day
        }
        Class::Monitored => {
            let from = laid[0]
                .monitored
                .unwrap_or_else(|| working(stretch(decided, 2, UNTIL_MONITORED, squeeze, chance)));
            laid[0].monitored = Some(from);
            stretch(decided.max(from), 1, 40, squeeze, chance)
        }
        Class::First | Class::Several | Class::One | Class::After | Class::None => {
            stretch(decided, 1, 40, squeeze, chance)
        }
    }
}

/// The day on which all of these are assessed.
fn assessed(laid: &[Laid]) -> NaiveDate {
    laid.iter().filter_map(|it| it.assessed).max().unwrap_or_default()
}

fn stretch(
    from: NaiveDate,
    least: u64,
    more: usize,
    squeeze: usize,
    chance: &mut Chance,
) -> NaiveDate {
    from + Days::new(least + chance.below(more * squeeze / 100 + 1) as u64)
}

/// The first working day from a date on.
pub(super) fn working(mut date: NaiveDate) -> NaiveDate {
    while !is_working_day(date) {
        date = date + Days::new(1);
    }
    date
}

fn melding(
    class: Class,
    forms: Forms,
    episode: usize,
    day: NaiveDate,
    squeeze: usize,
    chance: &mut Chance,
) -> Laid {
    let patience = term(chance);
    let days = if squeeze < 50 { patience.min(2) } else { patience };
    let assessed = Some(working_days_after(day, days));
    let (opens, own, lag, closes, monitored) = (false, false, 0, None, None);
    Laid { class, forms, opens, own, episode, day, lag, assessed, closes, monitored }
}

/// A melding without persons, on any day: a casus of its own.
pub(super) fn alone(forms: Forms, last: NaiveDate, within_year: bool, chance: &mut Chance) -> Laid {
    let day = last - Days::new(1 + chance.below(last.ordinal0() as usize) as u64);
    let mut laid = vec![melding(Class::None, forms, 0, day, 100, chance)];
    laid[0].opens = true;
    laid[0].closes = laid[0].assessed.map(|it| working(it + Days::new(1)));
    record(&mut laid, within_year.then_some(last), chance);
    laid.remove(0)
}

/// Working days until the assessment: about 85 % within the norm of five, and a tail.
fn term(chance: &mut Chance) -> u32 {
    let days = match chance.unit() {
        it if it < 0.85 => {
            chance.weighted(&[(0, 0.06), (1, 0.17), (2, 0.19), (3, 0.19), (4, 0.19), (5, 0.2)])
        }
        it if it < 0.95 => chance.between(6, 10),
        _ => chance.between(11, 30),
    };
    u32::try_from(days).unwrap_or_default()
}

/// Decides how late each is recorded: before whatever comes next in its household, and if need be before a last day.
fn record(laid: &mut [Laid], by: Option<NaiveDate>, chance: &mut Chance) {
    for nth in 0..laid.len() {
        let it = &laid[nth];
        let closes = laid[..=nth].iter().rev().find_map(|it| it.closes);
        let first = laid[..=nth].iter().rev().find(|e| e.opens && !e.own);
        let monitored = first.and_then(|first| first.monitored).filter(|from| it.day < *from);
        let next = match laid.get(nth + 1) {
            Some(next) if next.episode == it.episode => {
                Some(monitored.map_or(next.day, |from| next.day.min(from)))
            }
            Some(_) => closes,
            None => None,
        };
        let room = next.map(|next| next - Days::new(1)).into_iter().chain(by).min();
        let most = room.map_or(i64::MAX, |room| (room - it.day).num_days());
        let lag = lag(chance).min(most).max(0);
        laid[nth].lag = lag;
    }
    // What is recorded last may come after the day on which its casus was to close.
    let Some(last) = laid.last().map(|it| (it.episode, it.recorded() + Days::new(1))) else {
        return;
    };
    let monitored = laid.iter().any(|it| it.episode == last.0 && it.monitored.is_some());
    for it in laid.iter_mut().filter(|it| it.episode == last.0 && !(it.own && monitored)) {
        it.closes = it.closes.map(|closes| closes.max(working(last.1)));
    }
}

#[cfg(test)]
mod tests {
    use super::super::course::{Episode, Further};
    use super::super::form::Form;
    use super::*;

    #[test]
    fn the_days_give_the_classes_that_are_wanted() {
        let mut chance = Chance::of_number(11);
        let forms = Forms::of(Form::Child);
        let further = |class, own| Further { class, forms, own };
        let followers = vec![
            further(Class::During, false),
            further(Class::During, true),
            further(Class::After, false),
            further(Class::Monitored, false),
        ];
        let episode = |class| Episode { class, forms, further: followers.clone() };
        let from = NaiveDate::from_ymd_opt(2023, 1, 1).unwrap();
        let last = NaiveDate::from_ymd_opt(2023, 12, 31).unwrap();
        let mut episodes = vec![episode(Class::First)];
        episodes.extend((0..5).map(|_| episode(Class::Several)));
        let course = Course { household: 1, place: 0, from, episodes };
        for _ in 0..200 {
            let laid = lay(&course, last, true, &mut chance);
            assert_eq!(laid.len(), 30);
            assert!(laid.last().unwrap().day < last);
            for (nth, it) in laid.iter().enumerate() {
                let earlier = &laid[..nth];
                let now = earlier.iter().filter(|e| e.episode == it.episode);
                let waiting = now.clone().any(|e| e.assessed > Some(it.day));
                let from = now.clone().find_map(|e| e.monitored);
                let monitored = from.is_some_and(|from| from <= it.day);
                assert_eq!(it.class == Class::Monitored, monitored);
                let settled = now.clone().filter(|e| e.own).all(|e| e.closes < Some(it.day));
                assert!(!monitored || settled);
                let closed = earlier.iter().filter(|e| e.opens && e.episode < it.episode);
                assert_eq!(it.class == Class::During, waiting);
                assert!(closed.clone().all(|e| e.closes < Some(it.day)));
                assert!(earlier.iter().all(|e| e.recorded() < it.day));
                assert!(it.assessed >= Some(it.day) && it.recorded() <= last);
            }
        }
    }

    #[test]
    fn most_is_assessed_within_five_working_days() {
        let mut chance = Chance::of_number(12);
        let within = (0..10_000).filter(|_| term(&mut chance) <= 5).count();
        assert!((8_300..8_700).contains(&within), "{within}");
    }
}
