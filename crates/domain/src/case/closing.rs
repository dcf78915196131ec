//! Closing a casus with its outcome. What comes after is a new casus.

use super::{Event, Refusal, meldingen::dated};
use crate::codes::Code;
use crate::decider::Stamp;
use chrono::NaiveDate;

pub(super) fn close(
    since: NaiveDate,
    on: NaiveDate,
    outcome: Code,
    stamp: &Stamp,
) -> Result<Vec<Event>, Refusal> {
    dated(since, on, stamp)?;
    Ok(vec![Event::Closed { on, outcome }])
}
