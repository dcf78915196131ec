//! What happens in a casus, told in any order and written down in the order of the days on which it happened. What nothing else waits
//! for is now and then written down days later.

use super::arrivals::{desk, lag, today};
use super::chance::Chance;
use super::days::working;
use super::line::Act;
use super::particulars::{happened, receiver};
use super::unfold::Office;
use chrono::{DateTime, Days, Duration, NaiveDate, Utc};
use domain::case::Command;
use domain::particulars::Particular;
use uuid::Uuid;

/// The life of a casus: since when and until when there is something to write.
#[derive(Clone, Copy, Debug)]
pub(super) struct Span {
    pub(super) from: DateTime<Utc>,
    /// The day on which it closes.
    pub(super) until: Option<NaiveDate>,
}

impl Span {
    /// A working day so many days after another, or as many as there is room for.
    pub(super) fn after(
        self,
        day: NaiveDate,
        (least, most): (i64, i64),
        chance: &mut Chance,
    ) -> NaiveDate {
        let room = self.until.map_or(i64::MAX, |until| (until - day).num_days().max(0));
        let days = chance.between(least.min(room), most.min(room)).unsigned_abs();
        let later = working(day + Days::new(days));
        self.until.map_or(later, |until| later.min(until.max(day)))
    }

    /// Days between a day and the end; plenty when there is none.
    pub(super) fn room(self, day: NaiveDate) -> i64 {
        self.until.map_or(365, |until| (until - day).num_days())
    }
}

/// A particular about a casus, drawn when it is written.
type Sealed = fn(Uuid, &mut Chance) -> Particular;

struct Entry {
    on: NaiveDate,
    command: Command,
    /// What is sealed with it.
    sealed: Option<Sealed>,
    /// Nothing waits for it.
    loose: bool,
}

#[derive(Default)]
pub(super) struct Diary(Vec<Entry>);

impl Diary {
    pub(super) fn note(&mut self, on: NaiveDate, command: Command) {
        self.0.push(Entry { on, command, sealed: None, loose: false });
    }

    /// With an explanation in words.
    pub(super) fn note_in_words(&mut self, on: NaiveDate, command: Command) {
        self.0.push(Entry { on, command, sealed: Some(happened), loose: false });
    }

    /// With the name of an organisation, and whom to call there.
    pub(super) fn note_receiver(&mut self, on: NaiveDate, command: Command) {
        self.0.push(Entry { on, command, sealed: Some(receiver), loose: false });
    }

    /// What may be written down days after it happened.
    pub(super) fn note_loose(&mut self, on: NaiveDate, command: Command) {
        self.0.push(Entry { on, command, sealed: None, loose: true });
    }
}

impl Office {
    /// Puts in line what is in a diary.
    pub(super) fn write(&mut self, case: Uuid, diary: Diary, span: Span, chance: &mut Chance) {
        let mut entries = diary.0;
        entries.sort_by_key(|it| it.on);
        let mut written = span.from;
        for Entry { on, command, sealed, loose } in entries {
            let particulars = sealed.map(|it| it(case, chance)).into_iter().collect();
            let at = if loose {
                let late = working(on + Days::new(lag(chance).unsigned_abs()));
                let late = if span.until.is_some_and(|until| late >= until) { on } else { late };
                desk(late, chance).max(span.from + Duration::seconds(1))
            } else {
                desk(on, chance).max(written + Duration::seconds(chance.between(20, 200)))
            };
            if !loose {
                written = at;
            }
            self.put_with(case, at, Act::Case(command), particulars, chance);
        }
    }
}

/// The first working day on which something that comes up at a moment can be done.
pub(super) fn first_day(at: DateTime<Utc>) -> NaiveDate {
    working(today(at))
}
