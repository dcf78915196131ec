//! The only place that asks the time or draws a random id. Everything else gets them as arguments.

use chrono::{DateTime, NaiveDate, NaiveDateTime, SecondsFormat, SubsecRound, Utc};
use uuid::Uuid;

/// The clock of the server; it stands still in tests.
#[derive(Clone, Copy, Debug)]
pub enum Clock {
    Running,
    Standing(DateTime<Utc>),
}

impl Clock {
    #[expect(clippy::disallowed_methods, reason = "this is where time enters")]
    pub fn now(self) -> DateTime<Utc> {
        match self {
            // No finer than the database keeps.
            Self::Running => Utc::now().trunc_subsecs(6),
            Self::Standing(at) => at,
        }
    }
}

/// The date of a moment in the Netherlands.
pub fn dutch_date(at: DateTime<Utc>) -> NaiveDate {
    at.with_timezone(&chrono_tz::Europe::Amsterdam).date_naive()
}

/// What the clock on the wall says in the Netherlands.
pub(crate) fn dutch_moment(at: DateTime<Utc>) -> NaiveDateTime {
    at.with_timezone(&chrono_tz::Europe::Amsterdam).naive_local()
}

/// The first moment of a date in the Netherlands, as UTC.
pub fn start_of(date: NaiveDate) -> DateTime<Utc> {
    let midnight = date.and_time(chrono::NaiveTime::MIN);
    // Summer time never changes at midnight in the Netherlands; the earliest reading always exists.
    let local = midnight.and_local_timezone(chrono_tz::Europe::Amsterdam).earliest();
    local.map_or_else(|| midnight.and_utc(), |it| it.with_timezone(&Utc))
}

/// A new random id.
#[expect(clippy::disallowed_methods, reason = "this is where chance enters")]
pub fn random_id() -> Uuid {
    Uuid::new_v4()
}

/// A moment in UTC, to the microsecond of the database.
pub(crate) fn utc(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(SecondsFormat::AutoSi, true)
}
