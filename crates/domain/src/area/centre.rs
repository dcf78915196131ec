//! The 35 centre municipalities, and which municipalities belong to each, as far as that is known.
//!
//! No list of all areas is published. What is not among the members is unknown; an organisation fills it in with additions.

use super::{municipalities, within};
use chrono::NaiveDate;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::sync::LazyLock;

/// A municipality that arranges shelter and the approach to violence for an area.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Centre {
    pub code: String,
    pub name: String,
    /// Whether the published members are known to be all.
    confirmed: bool,
}

/// To which centre a municipality belongs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CentreOf {
    Known(&'static Centre),
    Unknown,
}

/// That a municipality belongs to a centre, from a date to (and not including) a date.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub(super) struct Member {
    pub(super) municipality: String,
    pub(super) centre: String,
    pub(super) from: Option<NaiveDate>,
    pub(super) to: Option<NaiveDate>,
    /// Whether a source names it.
    pub(super) confirmed: bool,
}

#[derive(Deserialize)]
struct File {
    centres: Vec<Centre>,
    members: Vec<Member>,
}

static PUBLISHED: LazyLock<File> = LazyLock::new(|| {
    let text = include_str!("../../../../schemas/reference/centre-areas.json");
    serde_json::from_str(text).expect("published centre areas are valid")
});

/// The centre municipalities.
pub fn centres() -> &'static [Centre] {
    &PUBLISHED.centres
}

/// A centre municipality by its code.
pub fn centre(code: &str) -> Option<&'static Centre> {
    centres().iter().find(|it| it.code == code)
}

/// Which municipality belongs to which centre when: what is published, and what an organisation added.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Areas {
    of: BTreeMap<String, Vec<Member>>,
}

impl Default for Areas {
    /// Only what is published.
    fn default() -> Self {
        Self::of(PUBLISHED.members.iter().cloned())
    }
}

impl Areas {
    /// What is published, and additions. What an organisation tells of a municipality replaces what was only derived.
    pub(super) fn with(additions: Vec<Member>) -> Self {
        let told = |it: &&Member| additions.iter().any(|new| new.municipality == it.municipality);
        let stays = |it: &&Member| it.confirmed || !told(it);
        let published: Vec<Member> = PUBLISHED.members.iter().filter(stays).cloned().collect();
        Self::of(published.into_iter().chain(additions))
    }

    fn of(members: impl Iterator<Item = Member>) -> Self {
        let mut of: BTreeMap<String, Vec<Member>> = BTreeMap::new();
        for it in members {
            of.entry(it.municipality.clone()).or_default().push(it);
        }
        Self { of }
    }

    /// To which centre a municipality belonged on a date.
    pub fn centre_of(&self, municipality: &str, on: NaiveDate) -> CentreOf {
        let found = self.members_of(municipality).find(|it| within(it.from, it.to, on));
        found.and_then(|it| centre(&it.centre)).map_or(CentreOf::Unknown, CentreOf::Known)
    }

    /// Whether the members of a centre on a date are known to be all: the published list says so, or no municipality is left of
    /// which the centre is unknown, and no member is only derived.
    pub fn is_complete(&self, centre_code: &str, on: NaiveDate) -> bool {
        let mut all = municipalities().filter(|it| it.existed_on(on));
        centre(centre_code).is_some_and(|it| it.confirmed)
            || all.all(|it| {
                let mut on_the_day =
                    self.members_of(&it.code).filter(|it| within(it.from, it.to, on));
                on_the_day.any(|it| it.confirmed || it.centre != centre_code)
            })
    }

    pub(super) fn members_of(&self, municipality: &str) -> impl Iterator<Item = &Member> {
        self.of.get(municipality).into_iter().flatten()
    }
}

impl CentreOf {
    pub fn is(self, code: &str) -> bool {
        matches!(self, Self::Known(it) if it.code == code)
    }
}
