//! Where it plays: every municipality with its organisation in a year, and its weight.
//!
//! What is published gives the weights: per province the vervolgmeldingen of 2023 (85361NED), for Drenthe, Gelderland and
//! Amsterdam all meldingen, per part of the country the adviezen of the first half of 2025 (84849NED). Within a province a
//! centre municipality weighs six times an ordinary one and the four largest cities thirty times: our estimate.

use super::figures::{ADVICE, MELDINGEN, Table};
use chrono::NaiveDate;
use domain::area::{Municipality, centre, municipalities};
use domain::id::Organisation;
use std::collections::BTreeMap;

/// A municipality in a year.
#[derive(Clone, Debug)]
pub(super) struct Place {
    pub(super) code: &'static str,
    pub(super) name: &'static str,
    pub(super) province: &'static str,
    pub(super) organisation: Organisation,
    /// Share of the meldingen of the country.
    pub(super) meldingen: f64,
    /// Share of the adviezen of the country.
    pub(super) advice: f64,
}

pub(super) const AMSTERDAM: &str = "0363";
pub(super) const MIDDEN_DRENTHE: &str = "1731";
const LARGEST: [&str; 4] = [AMSTERDAM, "0344", "0518", "0599"];

/// The parts of the country and their provinces (CBS landsdelen).
const PARTS: [(&str, &[&str]); 4] = [
    ("LD:Noord-Nederland", &["Groningen", "Fryslân", "Drenthe"]),
    ("LD:Oost-Nederland", &["Overijssel", "Flevoland", "Gelderland"]),
    ("LD:West-Nederland", &["Utrecht", "Noord-Holland", "Zuid-Holland", "Zeeland"]),
    ("LD:Zuid-Nederland", &["Noord-Brabant", "Limburg"]),
];

/// All municipalities that existed through a whole year.
pub(super) fn places(year: i32) -> Vec<Place> {
    let (Some(first), Some(last)) =
        (NaiveDate::from_ymd_opt(year, 1, 1), NaiveDate::from_ymd_opt(year, 12, 31))
    else {
        return vec![];
    };
    let through = |it: &&Municipality| it.existed_on(first) && it.existed_on(last);
    let place = |it: &'static Municipality| {
        let organisation = it.region_on(first)?.parse().ok()?;
        let (code, name, province) = (it.code.as_str(), it.name.as_str(), it.province.as_str());
        let meldingen = size(code);
        Some(Place { code, name, province, organisation, meldingen, advice: 0.0 })
    };
    let mut places: Vec<Place> = municipalities().filter(through).filter_map(place).collect();
    weigh_meldingen(&mut places);
    weigh_advice(&mut places);
    places
}

fn size(code: &str) -> f64 {
    if LARGEST.contains(&code) {
        30.0
    } else if centre(code).is_some() {
        6.0
    } else {
        1.0
    }
}

/// Vervolgmeldingen of a province in 2023.
pub(super) fn further(province: &str) -> u32 {
    let region = format!("PV:{province}");
    let find = |region: &'static str| {
        let table = Table { id: "85361NED", period: "2023", region };
        table.of(MELDINGEN, "vervolgmelding tijdens betrokkenheid")
    };
    PROVINCES.iter().find(|it| **it == region).and_then(|it| find(it)).unwrap_or_default()
}

const PROVINCES: [&str; 12] = [
    "PV:Groningen",
    "PV:Fryslân",
    "PV:Drenthe",
    "PV:Overijssel",
    "PV:Flevoland",
    "PV:Gelderland",
    "PV:Utrecht",
    "PV:Noord-Holland",
    "PV:Zuid-Holland",
    "PV:Zeeland",
    "PV:Noord-Brabant",
    "PV:Limburg",
];

const INVOLVEMENT: Table = Table { id: "85361NED", period: "2023", region: "GM0363" };
const DRENTHE: Table = Table { id: "84851NED", period: "2023", region: "VT02" };
const GELDERLAND: Table = Table { id: "84852NED", period: "2023", region: "PV:Gelderland" };
const COUNTRY: Table = Table { id: "84849NED", period: "2023", region: "NL" };

/// Spreads the meldingen of the country over provinces, and those of a province over its municipalities.
fn weigh_meldingen(places: &mut [Place]) {
    let known = |table: Table| f64::from(table.total(MELDINGEN).unwrap_or_default());
    let of_amsterdam = "vervolgmelding tijdens betrokkenheid";
    let amsterdam = f64::from(INVOLVEMENT.of(MELDINGEN, of_amsterdam).unwrap_or_default());
    let all = |province: &str| f64::from(further(province));
    let every: f64 = PROVINCES.iter().map(|it| all(&it[3..])).sum();
    let told = known(INVOLVEMENT) + known(DRENTHE) + known(GELDERLAND);
    let factor = (known(COUNTRY) - told) / (every - amsterdam - all("Drenthe") - all("Gelderland"));
    let of_province = |province: &str| match province {
        "Drenthe" => known(DRENTHE),
        "Gelderland" => known(GELDERLAND),
        "Noord-Holland" => (all(province) - amsterdam) * factor,
        other => all(other) * factor,
    };
    let mut sizes: BTreeMap<&str, f64> = BTreeMap::new();
    for place in places.iter().filter(|it| it.code != AMSTERDAM) {
        *sizes.entry(place.province).or_default() += place.meldingen;
    }
    for place in places {
        place.meldingen = if place.code == AMSTERDAM {
            known(INVOLVEMENT)
        } else {
            of_province(place.province) * place.meldingen / sizes[place.province]
        } / known(COUNTRY);
    }
}

/// Spreads the adviezen of the country over its parts, and those of a part over its municipalities as their meldingen.
fn weigh_advice(places: &mut [Place]) {
    let of_part = |region: &'static str| {
        let table = Table { id: "84849NED", period: "2025H1", region };
        f64::from(table.total(ADVICE).unwrap_or_default())
    };
    let country: f64 = PARTS.iter().map(|(region, _)| of_part(region)).sum();
    for (region, provinces) in PARTS {
        let here = |it: &&Place| provinces.contains(&it.province);
        let meldingen: f64 = places.iter().filter(here).map(|it| it.meldingen).sum();
        for place in places.iter_mut().filter(|it| provinces.contains(&it.province)) {
            place.advice = of_part(region) / country * place.meldingen / meldingen;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_municipality_of_a_year_has_its_organisation_and_its_share() {
        for (year, municipalities, organisations) in [(2019, 355, 26), (2023, 342, 25)] {
            let places = places(year);
            let mut found: Vec<Organisation> = places.iter().map(|it| it.organisation).collect();
            found.sort();
            found.dedup();
            assert_eq!((places.len(), found.len()), (municipalities, organisations));
            let sum = |of: fn(&Place) -> f64| places.iter().map(of).sum::<f64>();
            assert!((sum(|it| it.meldingen) - 1.0).abs() < 1e-9);
            assert!((sum(|it| it.advice) - 1.0).abs() < 1e-9);
        }
    }
}
