//! What others publish about Veilig Thuis: the figures of CBS, to stand beside our own. Data of `schemas/reference`, read once.

use crate::definition::{Published, TOTAL};
use crate::period::Period;
use serde::{Deserialize, Serialize};
use std::collections::HashMap;
use std::sync::LazyLock;

/// A figure as published elsewhere. Without a value it is a dot there: hidden, or not known.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Elsewhere {
    #[serde(rename = "gebied")]
    pub region: &'static str,
    #[serde(rename = "waarde")]
    pub value: Option<i64>,
    #[serde(rename = "bron")]
    pub source: &'static str,
}

#[derive(Deserialize)]
struct Figure {
    table: String,
    period: String,
    region: String,
    category: String,
    list: Option<String>,
    code: Option<String>,
    group: Option<String>,
    measure: String,
    value: Option<f64>,
}

/// By measure, period and region.
type Figures = HashMap<(String, String, String), Vec<Figure>>;
static FIGURES: LazyLock<Figures> = LazyLock::new(|| {
    #[derive(Deserialize)]
    struct File {
        figures: Vec<Figure>,
    }
    let text = include_str!("../../../schemas/reference/published.json");
    let file: File = serde_json::from_str(text).expect("the published figures are valid");
    let mut all = Figures::new();
    // Only tables of CBS: figures of the press are rounded, older publications were revised.
    for it in file.figures.into_iter().filter(|it| it.table.ends_with("NED")) {
        let key = (it.measure.clone(), it.period.clone(), it.region.clone());
        all.entry(key).or_default().push(it);
    }
    all
});

/// The published figure of a category of a table.
pub(crate) fn find(by: Published, code: &str, period: Period, region: &str) -> Option<Elsewhere> {
    let key = (by.measure.to_owned(), period.to_string(), region.to_owned());
    let found = FIGURES.get(&key)?.iter().find(|it| it.is(by, code))?;
    let value = found.value.map(|value| value.round() as i64);
    Some(Elsewhere { region: &found.region, value, source: &found.table })
}

impl Figure {
    fn is(&self, by: Published, code: &str) -> bool {
        if code == TOTAL {
            return by.total && self.category == TOTAL;
        }
        let same = |own: &Option<String>| own.as_deref() == Some(code);
        let named = self.code.is_none() && slug(&self.category) == code;
        self.list.as_deref().unwrap_or_default() == by.list
            && (same(&self.code) || same(&self.group) || named)
    }
}

/// A category as a code: `(ex-)partnergeweld bevestigd` is `ex-partnergeweld-bevestigd`.
fn slug(category: &str) -> String {
    category.replace(' ', "-").replace(['(', ')'], "")
}

#[cfg(test)]
mod tests {
    use super::*;

    const BY_FORM: Published =
        Published { measure: "ontvangen meldingen", list: "vorm", total: true };

    fn year(by: Published, code: &str, region: &str) -> Option<Elsewhere> {
        find(by, code, Period::Year(2023), region)
    }

    #[test]
    fn totals_codes_groups_and_dots_are_found() {
        assert_eq!(year(BY_FORM, "totaal", "VT02").unwrap().value, Some(1905));
        assert_eq!(year(BY_FORM, "kindermishandeling", "VT02").unwrap().value, Some(1060));
        assert_eq!(year(BY_FORM, "ouderenmishandeling", "GM1731").unwrap().value, None);
        assert_eq!(year(BY_FORM, "stalking", "VT02"), None);
        let involvement = Published { list: "eerdere-betrokkenheid", ..BY_FORM };
        assert_eq!(year(involvement, "vervolgmelding", "NL").unwrap().value, Some(36_355));
    }

    #[test]
    fn a_cross_of_dimensions_is_found_by_its_codes() {
        let by = Published { measure: "afgeronde diensten onderzoek", list: "", total: true };
        let table = [
            ("totaal", 7350),
            ("niet-voortijdig-afgesloten", 5595),
            ("kindermishandeling-bevestigd", 2900),
            ("ex-partnergeweld-weerlegd", 20),
        ];
        for (code, value) in table {
            assert_eq!(year(by, code, "NL").unwrap().value, Some(value), "{code}");
        }
    }

    #[test]
    fn the_total_of_a_part_is_not_the_published_total() {
        assert_eq!(year(Published { total: false, ..BY_FORM }, "totaal", "VT02"), None);
    }
}
