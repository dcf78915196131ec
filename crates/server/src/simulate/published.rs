//! The year 2023 as it was published: cells whose true counts lie on the published margins.
//!
//! - Drenthe (VT02): adviezen, meldingen and casussen by form (84851NED), and by itself Midden-Drenthe (GM1731), where a dot
//!   stands for a few; vervolgmeldingen of the province (85361NED).
//! - Amsterdam (GM0363): meldingen by earlier involvement (85361NED).
//! - Gelderland: meldingen by outcome of the safety assessment, and acute unsafety (84852NED).
//! - Nederland: adviezen and meldingen by organisation (84849NED), meldingen by earlier involvement, vervolgmeldingen of each
//!   province (85361NED), human trafficking (84850NED), on top of the three above.
//!
//! - Services that were completed: see [`completed`].
//!
//! What is not published is divided in proportion. A printed total and the sum of printed parts differ
//! by rounding; then the true counts are chosen such that each rounds to what is printed.

use super::SimulateError;
use super::area::{AMSTERDAM, MIDDEN_DRENTHE, Place, further, places};
use super::cell::{Cell, Classes, Conditions, Investigations, OUTCOMES, joined};
use super::completed;
use super::figures::{ADVICE, CASES, MELDINGEN, Table};
use super::form::{Form, Margins, TRAFFICKING};
use super::margins::{apportion, deal};
use super::melder::national;
use domain::id::Organisation;
use std::collections::BTreeMap;

const YEAR: i32 = 2023;
/// What a dot stands for: a few, less than are printed.
const DOT: u32 = 3;
const INVOLVEMENT: Table = Table { id: "85361NED", period: "2023", region: "NL" };
const IN_AMSTERDAM: Table = Table { id: "85361NED", period: "2023", region: "GM0363" };
const DRENTHE: Table = Table { id: "84851NED", period: "2023", region: "VT02" };
const IN_MIDDEN_DRENTHE: Table = Table { id: "84851NED", period: "2023", region: "GM1731" };
const GELDERLAND: Table = Table { id: "84852NED", period: "2023", region: "PV:Gelderland" };
const COUNTRY: Table = Table { id: "84849NED", period: "2023", region: "NL" };
/// Vervolgmeldingen in Midden-Drenthe beyond those that joined a casus: not published, as in the province.
const OWN_IN_MIDDEN_DRENTHE: u32 = 2;

/// A region of which enough is published.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Region {
    Drenthe,
    MiddenDrenthe,
    Amsterdam,
    Gelderland,
    Nederland,
}

const REGIONS: [(Region, &str, &str); 5] = [
    (Region::Drenthe, "Drenthe", "VT02"),
    (Region::MiddenDrenthe, "Midden-Drenthe", "GM1731"),
    (Region::Amsterdam, "Amsterdam", "GM0363"),
    (Region::Gelderland, "Gelderland", "PV:Gelderland"),
    (Region::Nederland, "Nederland", "NL"),
];

/// The cells of a region in a year, by its name or code.
pub(super) fn cells(year: i32, region: &str) -> Result<Vec<Cell>, SimulateError> {
    let wanted = REGIONS.iter().find(|(_, name, code)| {
        year == YEAR && [name, code].iter().any(|it| it.eq_ignore_ascii_case(region))
    });
    let Some((wanted, ..)) = wanted else {
        let possible: Vec<&str> = REGIONS.iter().map(|(_, name, _)| *name).collect();
        let asked = format!("{region} {year}");
        let possible = format!("{} ({YEAR})", possible.join(", "));
        return Err(SimulateError::NotPublished { asked, possible });
    };
    let mut all = country();
    all.retain(|(of, _)| of.is_in(*wanted));
    Ok(all.into_iter().map(|(_, cell)| cell).collect())
}

/// What is known by itself of a cell.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Of {
    MiddenDrenthe,
    RestOfDrenthe,
    Amsterdam,
    Gelderland,
    Elsewhere,
}

impl Of {
    fn place(place: &Place) -> Self {
        match (place.code, place.province) {
            (MIDDEN_DRENTHE, _) => Self::MiddenDrenthe,
            (AMSTERDAM, _) => Self::Amsterdam,
            (_, "Drenthe") => Self::RestOfDrenthe,
            (_, "Gelderland") => Self::Gelderland,
            (_, _) => Self::Elsewhere,
        }
    }

    const fn is_in(self, region: Region) -> bool {
        match region {
            Region::Drenthe => matches!(self, Self::MiddenDrenthe | Self::RestOfDrenthe),
            Region::MiddenDrenthe => matches!(self, Self::MiddenDrenthe),
            Region::Amsterdam => matches!(self, Self::Amsterdam),
            Region::Gelderland => matches!(self, Self::Gelderland),
            Region::Nederland => true,
        }
    }
}

/// A cell in the making: where, and how many meldingen, vervolgmeldingen and adviezen.
struct Draft {
    of: Of,
    places: Vec<Place>,
    meldingen: u32,
    further: u32,
    advice: u32,
}

/// All cells of the country, with the order of what is most known first.
fn country() -> Vec<(Of, Cell)> {
    let mut drafts = drafts();
    share_meldingen(&mut drafts);
    share_further(&mut drafts);
    share_advice(&mut drafts);
    let classes = classes(&drafts);
    let mut melders = national(MELDINGEN);
    let mut askers = national(ADVICE);
    let mut outcomes = outcomes();
    let trafficking = [ADVICE, MELDINGEN].map(|measure| trafficking(&drafts, measure));
    let mut cells = vec![];
    for (nth, (draft, classes)) in drafts.into_iter().zip(classes).enumerate() {
        let [openers, joiners, questions] = forms(draft.of);
        let cell = Cell {
            organisation: draft.places[0].organisation,
            year: YEAR,
            part: match draft.of {
                Of::MiddenDrenthe | Of::Amsterdam => 1,
                Of::RestOfDrenthe | Of::Gelderland => 0,
                Of::Elsewhere => u64::from(draft.places[0].province == "Limburg") * 2,
            },
            joined: joiners.map_or_else(|| joined(&classes), |_| joined_in(draft.of)),
            classes,
            advice: draft.advice,
            openers,
            joiners,
            questions,
            melders: deal(draft.meldingen, &mut melders),
            askers: deal(draft.advice, &mut askers),
            outcomes: match draft.of {
                Of::Gelderland => deal(draft.meldingen, &mut outcomes),
                Of::MiddenDrenthe | Of::RestOfDrenthe | Of::Amsterdam | Of::Elsewhere => {
                    let shares: Vec<f64> = self::outcomes().into_iter().map(f64::from).collect();
                    apportion(draft.meldingen, &shares)
                }
            },
            acute: 0,
            investigations: Investigations::default(),
            conditions: Conditions::default(),
            trafficking: [trafficking[0][nth], trafficking[1][nth]],
            within_year: true,
            places: draft.places,
        };
        cells.push((draft.of, cell));
    }
    share_acute(&mut cells);
    share_services(&mut cells);
    cells
}

/// One cell per organisation and province, apart from the two municipalities that are published by themselves.
fn drafts() -> Vec<Draft> {
    let mut by: BTreeMap<(Of, Organisation, &str), Vec<Place>> = BTreeMap::new();
    for place in places(YEAR) {
        let key = (Of::place(&place), place.organisation, place.province);
        by.entry(key).or_default().push(place);
    }
    by.into_iter()
        .map(|((of, ..), places)| Draft { of, places, meldingen: 0, further: 0, advice: 0 })
        .collect()
}

impl Draft {
    fn weight(&self, of: fn(&Place) -> f64) -> f64 {
        self.places.iter().map(of).sum()
    }
}

/// Divides `total` over the cells that `open` says, by a weight.
fn divide(
    total: u32,
    drafts: &[Draft],
    open: impl Fn(&Draft) -> bool,
    of: fn(&Place) -> f64,
) -> Vec<u32> {
    let weights: Vec<f64> =
        drafts.iter().map(|it| if open(it) { it.weight(of) } else { 0.0 }).collect();
    apportion(total, &weights)
}

fn share_meldingen(drafts: &mut [Draft]) {
    let total = |table: Table| table.total(MELDINGEN).unwrap_or_default();
    let in_gelderland =
        divide(total(GELDERLAND), drafts, |it| it.of == Of::Gelderland, |it| it.meldingen);
    for (draft, share) in drafts.iter_mut().zip(in_gelderland) {
        draft.meldingen = match draft.of {
            Of::MiddenDrenthe => total(IN_MIDDEN_DRENTHE),
            Of::RestOfDrenthe => total(DRENTHE) - total(IN_MIDDEN_DRENTHE),
            Of::Amsterdam => in_amsterdam().total(),
            Of::Gelderland => share,
            Of::Elsewhere => 0,
        };
    }
    let told: u32 = drafts.iter().map(|it| it.meldingen).sum();
    let elsewhere =
        divide(total(COUNTRY) - told, drafts, |it| it.of == Of::Elsewhere, |it| it.meldingen);
    for (draft, share) in drafts.iter_mut().zip(elsewhere) {
        draft.meldingen += share;
    }
}

fn share_further(drafts: &mut [Draft]) {
    let mut provinces: Vec<&str> = drafts.iter().map(|it| it.places[0].province).collect();
    provinces.sort_unstable();
    provinces.dedup();
    for draft in drafts.iter_mut() {
        draft.further = match draft.of {
            Of::MiddenDrenthe => joined_in(draft.of) + OWN_IN_MIDDEN_DRENTHE,
            Of::Amsterdam => in_amsterdam().further(),
            Of::RestOfDrenthe | Of::Gelderland | Of::Elsewhere => 0,
        };
    }
    for province in provinces {
        let here = |it: &Draft| it.places[0].province == province;
        let told: u32 = drafts.iter().filter(|it| here(it)).map(|it| it.further).sum();
        let open = |it: &Draft| here(it) && it.further == 0;
        let shares = divide(further(province) - told, drafts, open, |it| it.meldingen);
        for (draft, share) in drafts.iter_mut().zip(shares) {
            draft.further += share;
        }
    }
}

fn share_advice(drafts: &mut [Draft]) {
    let total = |table: Table| table.total(ADVICE).unwrap_or_default();
    let in_drenthe = |it: &Draft| matches!(it.of, Of::MiddenDrenthe | Of::RestOfDrenthe);
    let left = total(COUNTRY) - total(DRENTHE);
    let shares = divide(left, drafts, |it| !in_drenthe(it), |it| it.advice);
    for (draft, share) in drafts.iter_mut().zip(shares) {
        draft.advice = match draft.of {
            Of::MiddenDrenthe => total(IN_MIDDEN_DRENTHE),
            Of::RestOfDrenthe => total(DRENTHE) - total(IN_MIDDEN_DRENTHE),
            Of::Amsterdam | Of::Gelderland | Of::Elsewhere => share,
        };
    }
}

fn class(table: Table, category: &str) -> u32 {
    table.of(MELDINGEN, category).unwrap_or_default()
}

fn published_classes(table: Table) -> Classes {
    Classes {
        first: class(table, "1e melding"),
        several: class(table, "hermelding: meerdere betrokkenen bekend"),
        one: class(table, "hermelding: één betrokkene bekend"),
        none: class(table, "niet ingedeeld"),
        during: class(table, "vervolgmelding: tijdens veiligheidsbeoordeling"),
        after: class(table, "vervolgmelding: na veiligheidsbeoordeling"),
        monitored: class(table, "vervolgmelding: tijdens monitoring"),
    }
}

/// Amsterdam: the printed parts add up to 8,970 and the printed total is 8,975, so four are added where they do not show.
fn in_amsterdam() -> Classes {
    let printed = published_classes(IN_AMSTERDAM);
    Classes { several: printed.several + 2, one: printed.one + 2, ..printed }
}

/// The classes of each cell, such that those of all cells add up to the published ones.
fn classes(drafts: &[Draft]) -> Vec<Classes> {
    let all = published_classes(INVOLVEMENT);
    let amsterdam = in_amsterdam();
    let mut further = [
        all.during - amsterdam.during,
        all.after - amsterdam.after,
        all.monitored - amsterdam.monitored,
    ];
    let mut others = [
        all.first - amsterdam.first,
        all.several - amsterdam.several,
        all.one - amsterdam.one,
        all.none - amsterdam.none,
    ];
    let of_cell = |draft: &Draft| {
        if draft.of == Of::Amsterdam {
            return amsterdam;
        }
        let f = deal(draft.further, &mut further);
        let o = deal(draft.meldingen - draft.further, &mut others);
        let [first, several, one, none] = [o[0], o[1], o[2], o[3]];
        Classes { first, several, one, none, during: f[0], after: f[1], monitored: f[2] }
    };
    drafts.iter().map(of_cell).collect()
}

/// The margins by form of openers, joiners and adviezen, where published: meldingen that a casus began with are as many as the
/// casussen, and the other meldingen joined one.
fn forms(of: Of) -> [Option<Margins>; 3] {
    match of {
        Of::MiddenDrenthe => margins(IN_MIDDEN_DRENTHE).map(Some),
        Of::RestOfDrenthe => {
            let (all, part) = (margins(DRENTHE), margins(IN_MIDDEN_DRENTHE));
            let rest = |nth: usize| Some(std::array::from_fn(|i| all[nth][i] - part[nth][i]));
            [rest(0), rest(1), rest(2)]
        }
        Of::Amsterdam | Of::Gelderland | Of::Elsewhere => [None; 3],
    }
}

fn margins(table: Table) -> [Margins; 3] {
    let of = |measure, form: Form| match form {
        Form::NoViolence | Form::Unknown => 0,
        form => table.of_code(measure, form.code()).unwrap_or(DOT),
    };
    let cases = Form::ALL.map(|form| of(CASES, form));
    let joiners = Form::ALL.map(|form| of(MELDINGEN, form) - of(CASES, form));
    [cases, joiners, Form::ALL.map(|form| of(ADVICE, form))]
}

fn joined_in(of: Of) -> u32 {
    let joined = |table: Table| {
        table.total(MELDINGEN).unwrap_or_default() - table.total(CASES).unwrap_or_default()
    };
    match of {
        Of::MiddenDrenthe => joined(IN_MIDDEN_DRENTHE),
        Of::RestOfDrenthe => joined(DRENTHE) - joined(IN_MIDDEN_DRENTHE),
        Of::Amsterdam | Of::Gelderland | Of::Elsewhere => 0,
    }
}

/// Outcomes in Gelderland, and last those not yet assessed.
fn outcomes() -> Vec<u32> {
    let of = |code: &&str| GELDERLAND.of_code(MELDINGEN, code).unwrap_or_default();
    let waiting = GELDERLAND.of(MELDINGEN, "nog niet beoordeeld").unwrap_or_default();
    OUTCOMES.iter().map(of).chain([waiting]).collect()
}

/// Acute unsafety: exactly the published figure for Gelderland, and its share elsewhere.
fn share_acute(cells: &mut [(Of, Cell)]) {
    let acute = GELDERLAND.of(MELDINGEN, "acute onveiligheid").unwrap_or_default();
    let all = f64::from(GELDERLAND.total(MELDINGEN).unwrap_or_default());
    let size = |cell: &Cell| f64::from(cell.classes.total());
    let weights: Vec<f64> = cells
        .iter()
        .map(|(of, cell)| if *of == Of::Gelderland { size(cell) } else { 0.0 })
        .collect();
    for ((of, cell), share) in cells.iter_mut().zip(apportion(acute, &weights)) {
        cell.acute = match of {
            Of::Gelderland => share,
            Of::MiddenDrenthe | Of::RestOfDrenthe | Of::Amsterdam | Of::Elsewhere => {
                apportion(cell.classes.total(), &[f64::from(acute), all - f64::from(acute)])[0]
            }
        };
    }
}

fn share_services(cells: &mut [(Of, Cell)]) {
    let (mut drenthe, mut elsewhere) = (vec![], vec![]);
    for (of, cell) in cells {
        match of {
            Of::MiddenDrenthe | Of::RestOfDrenthe => drenthe.push(cell),
            Of::Amsterdam | Of::Gelderland | Of::Elsewhere => elsewhere.push(cell),
        }
    }
    completed::publish(&mut drenthe, &mut elsewhere);
}

/// Human trafficking per cell: published for the country and for Utrecht (VT20).
fn trafficking(drafts: &[Draft], measure: &str) -> Vec<u32> {
    let of = |region| {
        let table = Table { id: "84850NED", period: "2023", region };
        table.of_code(measure, TRAFFICKING).unwrap_or_default()
    };
    let in_utrecht = |it: &Draft| it.places[0].organisation.as_str() == "VT20";
    let size = |place: &Place| place.meldingen;
    let mut shares = divide(of("NL") - of("VT20"), drafts, |it| !in_utrecht(it), size);
    for (share, draft) in shares.iter_mut().zip(drafts) {
        if in_utrecht(draft) {
            *share = of("VT20");
        }
    }
    shares
}

#[cfg(test)]
mod tests;
