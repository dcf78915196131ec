//! When something happened: always a Dutch date, and a time of day as far as it is known.

use chrono::{DateTime, NaiveDate, Utc};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A moment with the precision at which it is known. Statutory days are counted from `on`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Moment {
    /// The date in the Netherlands.
    pub on: NaiveDate,
    /// The exact time, when someone noted it; a letter has none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at: Option<DateTime<Utc>>,
}

impl Moment {
    pub const fn on(on: NaiveDate) -> Self {
        Self { on, at: None }
    }

    /// Whether this lies after the moment of recording.
    pub fn is_after(&self, now: DateTime<Utc>, today: NaiveDate) -> bool {
        self.on > today || self.at.is_some_and(|at| at > now)
    }
}

/// The first day on which a Veilig Thuis organisation existed (Wmo 2015, in force).
pub const FIRST_DAY: NaiveDate = NaiveDate::from_ymd_opt(2015, 1, 1).expect("a date");
