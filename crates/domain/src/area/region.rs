//! The regions of Veilig Thuis: their CBS codes, their names through time, and what took over.

use super::within;
use chrono::NaiveDate;
use serde::Deserialize;
use std::sync::LazyLock;

/// A region under one name. One that was renamed is there once per name, the last name last.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Region {
    pub code: String,
    pub name: String,
    pub valid_from: Option<NaiveDate>,
    /// The first day on which it is no longer, or no longer under this name.
    pub valid_to: Option<NaiveDate>,
    /// Its own code when only the name changed.
    pub successor: Option<String>,
}

static REGIONS: LazyLock<Vec<Region>> = LazyLock::new(|| {
    #[derive(Deserialize)]
    struct File {
        regions: Vec<Region>,
    }
    let text = include_str!("../../../../schemas/reference/regions.json");
    let file: File = serde_json::from_str(text).expect("published regions are valid");
    file.regions
});

/// All regions since 2015, one per name.
pub fn regions() -> &'static [Region] {
    &REGIONS
}

/// The regions on a date.
pub fn regions_on(on: NaiveDate) -> impl Iterator<Item = &'static Region> {
    regions().iter().filter(move |it| it.existed_on(on))
}

/// A region as it was on a date, with its name of then.
pub fn region_on(code: &str, on: NaiveDate) -> Option<&'static Region> {
    regions_on(on).find(|it| it.code == code)
}

/// The last name of a region; the code itself when it is none of ours.
pub fn region_name(code: &str) -> &str {
    regions().iter().rfind(|it| it.code == code).map_or(code, |it| &it.name)
}

/// The region that took over from one that ended. Nothing took over from a region that goes on, be it under another name.
pub fn taken_over_by(code: &str) -> Option<&'static str> {
    let last = regions().iter().rfind(|it| it.code == code)?;
    last.successor.as_deref().filter(|next| *next != code)
}

impl Region {
    pub fn existed_on(&self, on: NaiveDate) -> bool {
        within(self.valid_from, self.valid_to, on)
    }
}
