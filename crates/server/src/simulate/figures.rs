//! The published figures on which the simulation is calibrated, read from `schemas/reference/published.json`.

use serde::Deserialize;
use std::sync::LazyLock;

#[derive(Deserialize)]
struct Figure {
    table: String,
    period: String,
    region: String,
    dimension: String,
    category: String,
    code: Option<String>,
    measure: String,
    value: Option<f64>,
}

static FIGURES: LazyLock<Vec<Figure>> = LazyLock::new(|| {
    #[derive(Deserialize)]
    struct File {
        figures: Vec<Figure>,
    }
    let text = include_str!("../../../../schemas/reference/published.json");
    let file: File = serde_json::from_str(text).expect("the published figures are valid");
    file.figures
});

pub(super) const ADVICE: &str = "gestarte adviezen";
pub(super) const MELDINGEN: &str = "ontvangen meldingen";
pub(super) const CASES: &str = "casussen met ontvangen melding(en)";

/// A published table of one region and period.
#[derive(Clone, Copy)]
pub(super) struct Table {
    pub(super) id: &'static str,
    pub(super) period: &'static str,
    pub(super) region: &'static str,
}

impl Table {
    fn find(self, measure: &str, is: impl Fn(&Figure) -> bool) -> Option<&'static Figure> {
        FIGURES.iter().find(|it| {
            it.table == self.id
                && it.period == self.period
                && it.region == self.region
                && it.measure == measure
                && is(it)
        })
    }

    /// The figure of a category by its printed label; `None` where a dot is printed, or nothing.
    pub(super) fn of(self, measure: &str, category: &str) -> Option<u32> {
        self.find(measure, |it| it.category == category)?.value.map(count)
    }

    /// The figure of a category by our code for it.
    pub(super) fn of_code(self, measure: &str, code: &str) -> Option<u32> {
        self.find(measure, |it| it.code.as_deref() == Some(code))?.value.map(count)
    }

    pub(super) fn total(self, measure: &str) -> Option<u32> {
        self.of(measure, "totaal")
    }
}

#[expect(clippy::cast_sign_loss, reason = "a published count is not negative")]
fn count(value: f64) -> u32 {
    value as u32
}

/// How many there were in a year in the whole country: the figure of the year; two half-years; or twice the half that is known.
/// A year without any figure gets those of the nearest year that has them.
pub(super) fn volume(year: i32, measure: &str) -> f64 {
    let distance = |candidate: &i32| (candidate - year).abs();
    let mut years: Vec<i32> = (2015..=2040).collect();
    years.sort_by_key(distance);
    years.into_iter().find_map(|it| of_year(it, measure)).unwrap_or_default()
}

fn of_year(year: i32, measure: &str) -> Option<f64> {
    let whole = national(&format!("{year}"), measure);
    let first = national(&format!("{year}H1"), measure);
    let second = national(&format!("{year}H2"), measure);
    match (whole, first, second) {
        (Some(whole), _, _) => Some(whole),
        (None, Some(first), Some(second)) => Some(first + second),
        (None, Some(half), None) | (None, None, Some(half)) => Some(2.0 * half),
        (None, None, None) => None,
    }
}

fn national(period: &str, measure: &str) -> Option<f64> {
    // An earlier publication of the same half-year stands beside the revised one.
    let revised = |it: &&Figure| it.table != "NJi-2019";
    let of = |it: &&Figure| {
        it.region == "NL"
            && it.dimension == "totaal"
            && it.period == period
            && it.measure == measure
    };
    FIGURES.iter().filter(revised).find(of)?.value
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn volumes_come_from_what_is_published() {
        assert!((volume(2019, MELDINGEN) - 131_805.0).abs() < 0.5);
        assert!((volume(2023, ADVICE) - 143_210.0).abs() < 0.5);
        assert!((volume(2025, MELDINGEN) - 132_540.0).abs() < 0.5);
        assert!((volume(2030, ADVICE) - volume(2025, ADVICE)).abs() < 0.5);
    }
}
