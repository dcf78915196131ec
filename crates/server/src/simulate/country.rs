//! A realistic country over years: the published volume of each year times a scale, divided over the organisations of that year.

use super::area::{Place, places};
use super::cell::{Cell, Classes, OUTCOMES, joined};
use super::chance::Chance;
use super::figures::{ADVICE, MELDINGEN, Table, volume};
use super::margins::apportion;
use super::melder::national;
use domain::id::Organisation;
use std::collections::BTreeMap;

/// Classes of earlier involvement in 2023, in the order of [`Classes`]: two of three meldingen concern known people.
const CLASSES: [f64; 7] = [40_615.0, 43_080.0, 5_475.0, 1_815.0, 16_915.0, 12_895.0, 6_545.0];
/// The part of the chance that draws the volume; cells draw from parts below it.
const VOLUME: u64 = 1 << 32;

/// The cells of a year, one for each organisation.
pub(super) fn cells(year: i32, scale: f64, seed: u64) -> Vec<Cell> {
    let mut by: BTreeMap<Organisation, Vec<Place>> = BTreeMap::new();
    for place in places(year) {
        by.entry(place.organisation).or_default().push(place);
    }
    by.into_values().map(|places| cell(year, scale, seed, places)).collect()
}

fn cell(year: i32, scale: f64, seed: u64, places: Vec<Place>) -> Cell {
    let organisation = places[0].organisation;
    let mut chance = Chance::of_year(seed, organisation, year, VOLUME);
    let share = |of: fn(&Place) -> f64| places.iter().map(of).sum::<f64>();
    let meldingen = chance.whole(volume(year, MELDINGEN) * scale * share(|it| it.meldingen));
    let advice = chance.whole(volume(year, ADVICE) * scale * share(|it| it.advice));
    let classes = classes(meldingen);
    let per_kind = |n: u32, measure: &str| {
        apportion(n, &national(measure).into_iter().map(f64::from).collect::<Vec<_>>())
    };
    let (investigations, conditions) = super::completed::of_country(meldingen, &mut chance);
    let mut trafficking = |n: u32, measure: &str| {
        let table = Table { id: "84850NED", period: "2023", region: "NL" };
        let there = table.of_code(measure, super::form::TRAFFICKING).unwrap_or_default();
        chance.whole(f64::from(n) * f64::from(there) / volume(2023, measure))
    };
    Cell {
        organisation,
        year,
        part: 0,
        joined: joined(&classes),
        classes,
        advice,
        openers: None,
        joiners: None,
        questions: None,
        melders: per_kind(meldingen, MELDINGEN),
        askers: per_kind(advice, ADVICE),
        outcomes: outcomes(meldingen),
        trafficking: [trafficking(advice, ADVICE), trafficking(meldingen, MELDINGEN)],
        investigations,
        conditions,
        acute: apportion(meldingen, &[0.028, 0.972])[0],
        within_year: false,
        places,
    }
}

fn classes(meldingen: u32) -> Classes {
    let parts = apportion(meldingen, &CLASSES);
    let [mut first, mut several, mut one, none] = [parts[0], parts[1], parts[2], parts[3]];
    let [mut during, mut after, mut monitored] = [parts[4], parts[5], parts[6]];
    // Who comes back came once before.
    let again = several + one + during + after + monitored;
    if first == 0 && again > 0 {
        first = again;
        (several, one, during, after, monitored) = (0, 0, 0, 0, 0);
    }
    Classes { first, several, one, none, during, after, monitored }
}

/// As in Gelderland in 2023 (84852NED); in the end everything is assessed.
fn outcomes(meldingen: u32) -> Vec<u32> {
    let table = Table { id: "84852NED", period: "2023", region: "PV:Gelderland" };
    let of = |code: &&str| f64::from(table.of_code(MELDINGEN, code).unwrap_or_default());
    let mut parts = apportion(meldingen, &OUTCOMES.iter().map(of).collect::<Vec<_>>());
    parts.push(0);
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_country_has_the_volume_of_its_year_and_the_organisations_of_its_year() {
        for (year, organisations, meldingen) in [(2019, 26, 13_180), (2023, 25, 12_734)] {
            let cells = cells(year, 0.1, 42);
            let told: u32 = cells.iter().map(|it| it.classes.total()).sum();
            assert_eq!(cells.len(), organisations);
            assert!(told.abs_diff(meldingen) < 30, "{told}");
        }
    }

    #[test]
    fn a_tiny_country_has_nobody_who_comes_back_without_having_been_there() {
        for cell in cells(2024, 0.0005, 7) {
            assert!(cell.classes.first > 0 || cell.classes.further() == 0);
            assert!(cell.own() <= cell.classes.during);
        }
    }
}
