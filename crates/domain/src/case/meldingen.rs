//! Opening a casus, and the meldingen that join it ([`crate::law::SEVERAL_MELDINGEN`]).

use super::{Case, Event, Refusal};
use crate::decider::Stamp;
use crate::refusal::{Faults, Why};
use chrono::NaiveDate;
use uuid::Uuid;

pub(super) fn open(
    on: NaiveDate,
    meldingen: &[Uuid],
    stamp: &Stamp,
) -> Result<Vec<Event>, Refusal> {
    let mut faults = Faults::default();
    faults.check("on", on > stamp.today, Why::Future(on));
    faults.check("on", on < crate::moment::FIRST_DAY, Why::BeforeTheRegister);
    faults.into_result(Refusal::Invalid)?;
    let joined = meldingen.iter().map(|melding| Event::MeldingJoined { melding: *melding, on });
    Ok(std::iter::once(Event::Opened { on }).chain(joined).collect())
}

pub(super) fn join(
    case: &Case,
    since: NaiveDate,
    melding: Uuid,
    on: NaiveDate,
    stamp: &Stamp,
) -> Result<Vec<Event>, Refusal> {
    if case.meldingen.contains(&melding) {
        return Err(Refusal::JoinedBefore);
    }
    dated(since, on, stamp)?;
    Ok(vec![Event::MeldingJoined { melding, on }])
}

/// A date within the life of the casus so far.
pub(super) fn dated(since: NaiveDate, on: NaiveDate, stamp: &Stamp) -> Result<(), Refusal> {
    let mut faults = Faults::default();
    faults.check("on", on > stamp.today, Why::Future(on));
    faults.check("on", on < since, Why::BeforeReceipt(since));
    faults.into_result(Refusal::Invalid)
}
