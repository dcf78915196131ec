//! What changed since an earlier edition: late entries and corrections move figures, and readers are told which.
//!
//! Compared is what was shown, so that two rounded editions never tell more together than each of them did.

use crate::disclosure::{Figure, Status};
use crate::period::Period;
use crate::table::{Row, Table};
use crate::trend::Report;
use serde::Serialize;
use serde::ser::{SerializeMap, Serializer};
use std::collections::BTreeMap;

/// A cell that now shows something else. A cell that is not in an edition was never counted there: zero.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    pub table: &'static str,
    /// Per dimension its name and the code.
    pub codes: Vec<(&'static str, String)>,
    pub period: Period,
    pub was: Option<Figure>,
    pub is: Option<Figure>,
}

/// The cells of the periods in both editions that show something else now, in the order of the report.
pub fn changes(now: &Report, then: &Report) -> Vec<Change> {
    let pairs = now.tables.iter().filter_map(|it| Some((it, then.table(it.definition.id)?)));
    pairs.flat_map(|(now, then)| of_table(now, then)).collect()
}

type Rows = BTreeMap<Vec<String>, Vec<(Period, Figure)>>;

fn of_table(now: &Table, then: &Table) -> Vec<Change> {
    let rows = |it: &Table| -> Rows {
        it.rows.iter().map(|row| (codes(it, row), by_period(it, row))).collect()
    };
    let (is, was) = (rows(now), rows(then));
    let gone = then.rows.iter().map(|row| codes(then, row)).filter(|it| !is.contains_key(it));
    let order: Vec<Vec<String>> = now.rows.iter().map(|row| codes(now, row)).chain(gone).collect();
    let periods: Vec<Period> =
        now.columns.iter().filter(|it| then.columns.contains(it)).copied().collect();
    let mut all = vec![];
    for codes in order {
        for period in &periods {
            let at = |rows: &Rows| {
                let row = rows.get(&codes)?;
                row.iter().find(|(it, _)| it == period).map(|(_, figure)| *figure)
            };
            let (was, is) = (at(&was), at(&is));
            if differ(was, is) {
                let names = now.axes.iter().map(|axis| axis.name);
                let codes = names.zip(codes.iter().cloned()).collect();
                all.push(Change { table: now.definition.id, codes, period: *period, was, is });
            }
        }
    }
    all
}

fn codes(table: &Table, row: &Row) -> Vec<String> {
    table.codes(row).map(str::to_owned).collect()
}

fn by_period(table: &Table, row: &Row) -> Vec<(Period, Figure)> {
    table.columns.iter().copied().zip(row.figures.iter().copied()).collect()
}

fn differ(was: Option<Figure>, is: Option<Figure>) -> bool {
    match (was, is) {
        (Some(was), Some(is)) => was != is,
        (Some(one), None) | (None, Some(one)) => {
            !matches!(one.status(), Status::Zero | Status::NotApplicable | Status::Unknown)
        }
        (None, None) => false,
    }
}

impl Serialize for Change {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let mut out = to.serialize_map(None)?;
        out.serialize_entry("tabel", self.table)?;
        for (name, code) in &self.codes {
            out.serialize_entry(name, code)?;
        }
        out.serialize_entry("periode", &self.period.to_string())?;
        out.serialize_entry("was", &self.was.map(Shown))?;
        out.serialize_entry("is", &self.is.map(Shown))?;
        out.end()
    }
}

struct Shown(Figure);

impl Serialize for Shown {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let mut out = to.serialize_map(Some(2))?;
        out.serialize_entry("waarde", &self.0.value())?;
        out.serialize_entry("status", &self.0.status())?;
        out.end()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::disclosure::Profile;
    use crate::sample::{self, counted, melding_place};
    use crate::trend::{self, Question};
    use serde_json::json;

    #[test]
    fn the_same_edition_has_no_changes() {
        let report = trend::report(&sample::counts(), &sample::question(Profile::Internal));
        assert_eq!(changes(&report, &report), []);
    }

    #[test]
    fn a_late_entry_shows_as_a_change_of_each_of_its_cells() {
        let question = sample::question(Profile::Internal);
        let then = trend::report(&sample::counts(), &question);
        let mut counts = sample::counts();
        counts.push(counted(202_203, 1, melding_place("1680", &["kindermishandeling"])));
        let all = changes(&trend::report(&counts, &question), &then);
        let shown = serde_json::to_value(&all).unwrap();
        let by_form = json!({
            "tabel": "meldingen-naar-vorm", "vorm": "kindermishandeling", "periode": "2022",
            "was": { "waarde": 18, "status": "exact" }, "is": { "waarde": 19, "status": "exact" },
        });
        let new = json!({
            "tabel": "meldingen-naar-gemeente", "gemeente": "1680", "periode": "2022",
            "was": null, "is": { "waarde": 1, "status": "exact" },
        });
        let shown = shown.as_array().unwrap();
        assert!(shown.contains(&by_form) && shown.contains(&new));
        assert!(all.iter().all(|it| it.period == Period::Year(2022)));
    }

    #[test]
    fn editions_of_different_years_are_compared_where_they_overlap() {
        let then = Question { year: 2022, ..sample::question(Profile::ROUNDED) };
        let then = trend::report(&sample::counts(), &then);
        let now = trend::report(&sample::counts(), &sample::question(Profile::ROUNDED));
        assert_eq!(changes(&now, &then), []);
    }
}
