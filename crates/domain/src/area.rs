//! Places through time: municipalities, regions of Veilig Thuis, and the areas of centre municipalities, from `schemas/reference`.
//!
//! Municipalities merge and are divided, regions merge and get other names, so a place is looked up with a date. Three
//! groupings stand beside each other: a region is not a sum of centre areas, and a centre area need not lie in one region.
//! Which municipality belongs to which centre is mostly unknown; unknown stays unknown until an organisation fills it in.

mod municipality;
mod region;
mod centre;
mod addition;
#[cfg(test)]
mod tests;

pub use addition::Fault;
pub use centre::{Areas, Centre, CentreOf, centre, centres};
pub use municipality::{Municipality, check_municipality, municipalities, municipality};
pub use region::{Region, region_name, region_on, regions, regions_on, taken_over_by};

use chrono::NaiveDate;
use std::collections::BTreeMap;
use thiserror::Error;

/// An area for which figures are made, by its code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Area {
    Municipality(String),
    /// Of a centre municipality: all municipalities for which it arranges shelter.
    Centre(String),
    Region(String),
}

/// In which boundaries places are counted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Boundaries {
    /// Of the day on which it happened.
    #[default]
    OfTheDate,
    /// Of one day for all years: a municipality that was abolished by then counts in the one to which it went.
    On(NaiveDate),
}

impl Boundaries {
    /// Under which municipality something counts that happened in a municipality. What is no municipality counts as itself.
    pub fn municipality(self, code: &str) -> &str {
        match self {
            Self::OfTheDate => code,
            Self::On(day) => municipality(code).map_or(code, |it| &it.went_to(day).code),
        }
    }
}

/// Why there is nothing to count in an area.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum NoArea {
    #[error("'{0}' is geen Nederlandse gemeentecode")]
    UnknownMunicipality(String),
    #[error("gemeente {0} bestond niet op {1}")]
    MunicipalityNotOn(String, NaiveDate),
    #[error("'{0}' is geen centrumgemeente")]
    UnknownCentre(String),
    #[error("van centrumgemeente {0} is op {1} geen gemeente bekend")]
    CentreNotOn(String, NaiveDate),
    #[error("'{0}' is geen regio van Veilig Thuis")]
    UnknownRegion(String),
    #[error("regio {0} bestond niet op {1}")]
    RegionNotOn(String, NaiveDate),
}

/// How far an area reaches: the municipalities that lay in it on each of some days. Never empty.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Extent {
    pub area: Area,
    pub boundaries: Boundaries,
    /// Whether these are known to be all; only of the area of a centre this can be in doubt.
    pub complete: bool,
    lay: BTreeMap<NaiveDate, Vec<&'static Municipality>>,
}

impl Areas {
    /// How far an area reached on the first days of the months that are counted, or on the one day of the boundaries.
    pub fn extent(
        &self,
        area: Area,
        days: &[NaiveDate],
        boundaries: Boundaries,
    ) -> Result<Extent, NoArea> {
        area.is_known()?;
        let days = match boundaries {
            Boundaries::OfTheDate => days.to_vec(),
            Boundaries::On(day) => vec![day],
        };
        let lay = days.iter().map(|day| (*day, self.municipalities_of(&area, *day)));
        let lay: BTreeMap<_, _> = lay.filter(|(_, all)| !all.is_empty()).collect();
        if lay.is_empty() {
            return Err(area.absent_on(days.last().copied().unwrap_or_default()));
        }
        let complete = match &area {
            Area::Centre(code) => days.iter().all(|day| self.is_complete(code, *day)),
            Area::Municipality(_) | Area::Region(_) => true,
        };
        Ok(Extent { area, boundaries, complete, lay })
    }

    /// The municipalities that lay in an area on a date, as far as known.
    pub fn municipalities_of(&self, area: &Area, on: NaiveDate) -> Vec<&'static Municipality> {
        let lies = |it: &&Municipality| match area {
            Area::Municipality(code) => it.code == *code,
            Area::Centre(code) => self.centre_of(&it.code, on).is(code),
            Area::Region(code) => it.region_on(on) == Some(code),
        };
        municipalities().filter(|it| it.existed_on(on)).filter(lies).collect()
    }
}

impl Extent {
    /// Whether something counts in the area that happened in a municipality in the month that begins on a day.
    pub fn holds(&self, code: &str, month: NaiveDate) -> bool {
        let day = match self.boundaries {
            Boundaries::OfTheDate => month,
            Boundaries::On(day) => day,
        };
        let code = self.boundaries.municipality(code);
        self.lay.get(&day).is_some_and(|all| all.iter().any(|it| it.code == code))
    }

    /// The municipalities, with the days on which they lay in it.
    pub fn lay(&self) -> impl Iterator<Item = (NaiveDate, &'static Municipality)> {
        self.lay.iter().flat_map(|(day, all)| all.iter().map(|it| (*day, *it)))
    }

    /// The municipalities, each once, by code.
    pub fn municipalities(&self) -> Vec<&'static Municipality> {
        let by_code: BTreeMap<&str, _> = self.lay().map(|(_, it)| (it.code.as_str(), it)).collect();
        by_code.into_values().collect()
    }
}

impl Area {
    pub fn code(&self) -> &str {
        match self {
            Self::Municipality(code) | Self::Centre(code) | Self::Region(code) => code,
        }
    }

    fn is_known(&self) -> Result<(), NoArea> {
        let code = || self.code().to_owned();
        match self {
            Self::Municipality(it) => {
                municipality(it).map(drop).ok_or_else(|| NoArea::UnknownMunicipality(code()))
            }
            Self::Centre(it) => centre(it).map(drop).ok_or_else(|| NoArea::UnknownCentre(code())),
            Self::Region(it) if regions().iter().any(|known| known.code == *it) => Ok(()),
            Self::Region(_) => Err(NoArea::UnknownRegion(code())),
        }
    }

    fn absent_on(&self, on: NaiveDate) -> NoArea {
        let code = self.code().to_owned();
        match self {
            Self::Municipality(_) => NoArea::MunicipalityNotOn(code, on),
            Self::Centre(_) => NoArea::CentreNotOn(code, on),
            Self::Region(_) => NoArea::RegionNotOn(code, on),
        }
    }
}

/// What is wrong with the published municipalities and regions, in Dutch; nothing, if all is well.
pub fn faults() -> Vec<String> {
    let all: Vec<&Municipality> = municipalities().collect();
    municipality::faults(&all, regions())
}

/// Whether a day lies in a period; it ends on the first day after. An open end goes on.
fn within(from: Option<NaiveDate>, to: Option<NaiveDate>, on: NaiveDate) -> bool {
    from.is_none_or(|from| from <= on) && to.is_none_or(|to| on < to)
}
