//! On the time line: who may see a casus, and whether it must be kept.

use super::{Line, on};
use domain::case::{hold, restriction};
use serde_json::{Value, json};

pub(super) fn of_restriction(it: &restriction::Event) -> Line {
    use restriction::Event as E;
    match it {
        E::Placed { on: day, reason, workers, teams, excluded } => on(
            "afgeschermd",
            *day,
            json!({ "reden": reason, "medewerkers": workers, "teams": teams, "uitgesloten": excluded }),
        ),
        E::Lifted { on: day } => on("afscherming-opgeheven", *day, Value::Null),
    }
}

pub(super) fn of_hold(it: &hold::Event) -> Line {
    use hold::Event as E;
    match it {
        E::Placed { on: day, reason, until } => {
            on("bewaring", *day, json!({ "reden": reason, "totEnMet": until }))
        }
        E::Lifted { on: day, reason } => on("bewaring-opgeheven", *day, json!({ "reden": reason })),
    }
}
