//! Municipalities since 2015: when they existed, to which they went, and in which region of Veilig Thuis they lay when.

use super::{NoArea, Region, within};
use crate::codes::UNKNOWN;
use chrono::NaiveDate;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::sync::LazyLock;

/// A municipality as published by CBS.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Municipality {
    pub code: String,
    pub name: String,
    pub province: String,
    pub valid_from: Option<NaiveDate>,
    /// The first day on which it is no longer.
    pub valid_to: Option<NaiveDate>,
    /// To which it went, the largest part first. More than one: it was divided.
    pub successors: Vec<String>,
    vt_region: Vec<Lay>,
}

/// In which region a municipality lay, from a date to (and not including) a date.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
struct Lay {
    region: String,
    from: NaiveDate,
    to: Option<NaiveDate>,
}

static MUNICIPALITIES: LazyLock<BTreeMap<String, Municipality>> = LazyLock::new(|| {
    #[derive(Deserialize)]
    struct File {
        municipalities: Vec<Municipality>,
    }
    let text = include_str!("../../../../schemas/reference/municipalities.json");
    let file: File = serde_json::from_str(text).expect("published municipalities are valid");
    file.municipalities.into_iter().map(|it| (it.code.clone(), it)).collect()
});

/// All municipalities since 2015, by code.
pub fn municipalities() -> impl Iterator<Item = &'static Municipality> {
    MUNICIPALITIES.values()
}

/// A municipality by its four-digit code.
pub fn municipality(code: &str) -> Option<&'static Municipality> {
    MUNICIPALITIES.get(code)
}

/// Whether a municipality existed on a date. `onbekend` is a value: unknown is not the same as not asked.
pub fn check_municipality(code: &str, on: NaiveDate) -> Result<(), NoArea> {
    if code == UNKNOWN {
        return Ok(());
    }
    match municipality(code) {
        None => Err(NoArea::UnknownMunicipality(code.to_owned())),
        Some(it) if !it.existed_on(on) => Err(NoArea::MunicipalityNotOn(code.to_owned(), on)),
        Some(_) => Ok(()),
    }
}

impl Municipality {
    pub fn existed_on(&self, on: NaiveDate) -> bool {
        within(self.valid_from, self.valid_to, on)
    }

    /// The region in which it lay on a date.
    pub fn region_on(&self, on: NaiveDate) -> Option<&str> {
        let lay = self.vt_region.iter().find(|it| within(Some(it.from), it.to, on));
        lay.map(|it| it.region.as_str())
    }

    /// The municipality in which it lies on a later day: itself as long as it exists, else the one to which it went, and so on.
    /// One that was divided goes as a whole to its largest part, because a fact does not say in which part a household lived.
    pub fn went_to(&'static self, day: NaiveDate) -> &'static Self {
        let mut it = self;
        // This ends: a successor exists when its predecessor ends, so it ends later (see `faults`).
        while it.valid_to.is_some_and(|to| to <= day) {
            let Some(next) = it.successors.first().and_then(|code| municipality(code)) else {
                break;
            };
            it = next;
        }
        it
    }

    pub fn was_divided(&self) -> bool {
        self.successors.len() > 1
    }
}

/// Since when Veilig Thuis exists, and with it the regions.
const BEGIN: NaiveDate = NaiveDate::from_ymd_opt(2015, 1, 1).expect("a date");

/// What does not hold together in municipalities and regions.
pub(super) fn faults(all: &[&Municipality], regions: &[Region]) -> Vec<String> {
    let by_code: BTreeMap<&str, &Municipality> =
        all.iter().map(|it| (it.code.as_str(), *it)).collect();
    all.iter()
        .flat_map(|it| {
            let wrong = regions_of(it, regions).into_iter().chain(successors_of(it, &by_code));
            wrong.map(|why| format!("gemeente {} {}: {why}", it.code, it.name))
        })
        .collect()
}

/// From 2015 or its begin until its end it lies in one region at a time, without gaps, and the region exists.
fn regions_of(it: &Municipality, regions: &[Region]) -> Vec<String> {
    let mut wrong = vec![];
    let mut since = it.valid_from.map_or(BEGIN, |from| from.max(BEGIN));
    for (nth, lay) in it.vt_region.iter().enumerate() {
        if nth > 0 && it.vt_region[nth - 1].to.is_none() {
            wrong.push(format!(
                "na {} zonder einde volgt {}",
                it.vt_region[nth - 1].region,
                lay.region
            ));
        } else if lay.from != since {
            wrong
                .push(format!("ligt vanaf {} in {}, verwacht vanaf {since}", lay.from, lay.region));
        }
        if lay.to.is_some_and(|to| to <= lay.from) {
            wrong.push(format!("ligt in {} tot voor het begin", lay.region));
        }
        if !exists_through(&lay.region, lay.from, lay.to, regions) {
            wrong.push(format!("regio {} bestaat dan niet", lay.region));
        }
        since = lay.to.unwrap_or(since);
    }
    let end = it.vt_region.last().map_or(Some(since), |last| last.to);
    let before_regions = it.valid_to.is_some_and(|to| to <= BEGIN) && it.vt_region.is_empty();
    if end != it.valid_to && !before_regions {
        wrong.push("ligt niet tot het einde in een regio".to_owned());
    }
    wrong
}

/// Whether the names of a region follow each other without a gap over a period.
fn exists_through(code: &str, from: NaiveDate, to: Option<NaiveDate>, regions: &[Region]) -> bool {
    let on = |day| regions.iter().find(|it| it.code == code && it.existed_on(day));
    let mut day = from;
    loop {
        match on(day).map(|it| it.valid_to) {
            None => return false,
            Some(None) => return true,
            Some(Some(end)) if to.is_some_and(|to| to <= end) => return true,
            Some(Some(end)) => day = end,
        }
    }
}

/// What ends has a successor, and each successor is there when it ends.
fn successors_of(it: &Municipality, by_code: &BTreeMap<&str, &Municipality>) -> Vec<String> {
    let Some(end) = it.valid_to else {
        let wrong =
            (!it.successors.is_empty()).then(|| "heeft een opvolger en geen einde".to_owned());
        return wrong.into_iter().collect();
    };
    if it.successors.is_empty() {
        return vec!["is opgeheven en heeft geen opvolger".to_owned()];
    }
    let wrong = |code: &String| match by_code.get(code.as_str()) {
        None => Some(format!("opvolger {code} bestaat niet")),
        Some(next) if !next.existed_on(end) => {
            Some(format!("opvolger {code} bestond niet op {end}"))
        }
        Some(_) => None,
    };
    it.successors.iter().filter_map(wrong).collect()
}
