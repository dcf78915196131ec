//! Who comes back: the meldingen of a cell as courses of households. A course has one or more episodes; an episode begins with a
//! melding that opens a casus, goes on with vervolgmeldingen, and ends with that casus.

use super::cell::{Cell, Classes};
use super::chance::Chance;
use super::form::Forms;
use super::margins::{in_shares, sets};
use chrono::NaiveDate;

/// What a melding is to be, by earlier involvement.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Class {
    First,
    /// A hermelding about several known persons, or about one.
    Several,
    One,
    /// A vervolgmelding during the assessment of an earlier one, or after it.
    During,
    After,
    /// A vervolgmelding while Veilig Thuis only watches whether it stays safe.
    Monitored,
    /// Without persons, and so not classed.
    None,
}

/// A vervolgmelding within an episode.
#[derive(Clone, Copy, Debug)]
pub(super) struct Further {
    pub(super) class: Class,
    pub(super) forms: Forms,
    /// About one known person in another household: a casus of its own.
    pub(super) own: bool,
}

#[derive(Clone, Debug)]
pub(super) struct Episode {
    pub(super) class: Class,
    pub(super) forms: Forms,
    pub(super) further: Vec<Further>,
}

/// A household through a year.
#[derive(Clone, Debug)]
pub(super) struct Course {
    pub(super) household: u64,
    /// Which place of the cell.
    pub(super) place: usize,
    /// The first day on which it can be told of.
    pub(super) from: NaiveDate,
    pub(super) episodes: Vec<Episode>,
}

/// A household that was told of in an earlier year.
#[derive(Clone, Copy, Debug)]
pub(super) struct Known {
    pub(super) household: u64,
    pub(super) municipality: &'static str,
    /// From this day all its casussen are closed.
    pub(super) from: NaiveDate,
}

/// Shares of meldingen by form where none are published (facts of 2024 and 2025; the rest is our estimate).
const SHARES: [f64; 8] = [0.51, 0.06, 0.37, 0.02, 0.09, 0.2, 0.008, 0.012];
/// Of the hermeldingen, those about a household of an earlier year, as far as there are any.
const OF_EARLIER_YEARS: f64 = 0.6;
/// More would not fit in a year.
const MOST_EPISODES: usize = 6;
const MOST_FURTHER: usize = 4;

/// The courses of a cell, and the forms of its meldingen without persons. `known` loses the households that come back.
pub(super) fn courses(
    cell: &Cell,
    known: &mut Vec<Known>,
    chance: &mut Chance,
) -> (Vec<Course>, Vec<Forms>) {
    let Classes { first, several, one, none, .. } = cell.classes;
    let margins = cell.openers.unwrap_or_else(|| in_shares(cell.opened(), &SHARES, chance));
    let mut openers = sets(cell.opened(), &margins, chance).into_iter();
    let weights: Vec<(usize, f64)> =
        cell.places.iter().enumerate().map(|(nth, place)| (nth, place.meldingen)).collect();
    let first_day = super::arrivals::new_year(cell.year);
    let mut courses: Vec<Course> = openers
        .by_ref()
        .take(first as usize)
        .enumerate()
        .map(|(nth, forms)| Course {
            household: household(cell, nth),
            place: chance.weighted(&weights),
            from: first_day,
            episodes: vec![Episode { class: Class::First, forms, further: vec![] }],
        })
        .collect();
    let loose: Vec<Forms> = openers.by_ref().take(none as usize).collect();
    let mut again = vec![Class::Several; several as usize];
    again.extend(vec![Class::One; one as usize]);
    chance.shuffle(&mut again);
    for (class, forms) in again.into_iter().zip(openers.by_ref()) {
        come_back(class, forms, cell, &mut courses, known, chance);
    }
    for forms in openers {
        let further = Further { class: Class::During, forms, own: true };
        join(further, |_| true, &mut courses, chance);
    }
    join_all(cell, &mut courses, chance);
    (courses, loose)
}

/// The number of a household, unique within its organisation.
fn household(cell: &Cell, nth: usize) -> u64 {
    u64::from(cell.year.unsigned_abs()) << 40 | cell.part << 36 | nth as u64
}

/// A hermelding: of a household of an earlier year, or of this one.
fn come_back(
    class: Class,
    forms: Forms,
    cell: &Cell,
    courses: &mut Vec<Course>,
    known: &mut Vec<Known>,
    chance: &mut Chance,
) {
    let episode = Episode { class, forms, further: vec![] };
    if !known.is_empty() && chance.happens(OF_EARLIER_YEARS) {
        let it = known.swap_remove(chance.below(known.len()));
        let there = cell.places.iter().position(|place| place.code == it.municipality);
        let place = there.unwrap_or_else(|| chance.below(cell.places.len()));
        let from = it.from.max(super::arrivals::new_year(cell.year));
        let household = it.household;
        courses.push(Course { household, place, from, episodes: vec![episode] });
        return;
    }
    let start = chance.below(courses.len());
    let room = |course: &Course| course.episodes.len() < MOST_EPISODES;
    let places = (0..courses.len()).map(|step| (start + step) % courses.len());
    let found = places.clone().find(|nth| room(&courses[*nth])).unwrap_or(start);
    if let Some(course) = courses.get_mut(found) {
        course.episodes.push(episode);
    }
}

/// Vervolgmeldingen that join the running casus: about no other forms than the melding that opened it.
fn join_all(cell: &Cell, courses: &mut [Course], chance: &mut Chance) {
    let during = cell.classes.during - cell.own();
    let mut classes = vec![Class::During; during as usize];
    classes.extend(vec![Class::After; cell.classes.after as usize]);
    classes.extend(vec![Class::Monitored; cell.classes.monitored as usize]);
    chance.shuffle(&mut classes);
    let mut told = cell.joiners.map(|margins| sets(cell.joined, &margins, chance));
    if let Some(told) = &mut told {
        // Those with most forms are the hardest to place.
        told.sort_by_key(|forms| forms.len());
    }
    for class in classes {
        match told.as_mut().and_then(Vec::pop) {
            Some(forms) => {
                let further = Further { class, forms, own: false };
                join(further, |opener| opener.includes(forms), courses, chance);
            }
            None => join(
                Further { class, forms: Forms::default(), own: false },
                |_| true,
                courses,
                chance,
            ),
        }
    }
}

/// Puts a vervolgmelding in an episode whose first melding `fits`; in a kindred one when there is none.
/// Without forms of its own it gets some of those of the episode.
fn join(
    further: Further,
    fits: impl Fn(Forms) -> bool,
    courses: &mut [Course],
    chance: &mut Chance,
) {
    if courses.is_empty() {
        return;
    }
    let start = chance.below(courses.len());
    let kindred = |opener: Forms| opener.meets(further.forms);
    let room = |it: &Episode| it.further.len() < MOST_FURTHER;
    let find = |right: &dyn Fn(&Episode) -> bool| {
        (0..courses.len()).map(|step| (start + step) % courses.len()).find_map(|nth| {
            courses[nth].episodes.iter().rposition(right).map(|episode| (nth, episode))
        })
    };
    let found = find(&|it| room(it) && fits(it.forms))
        .or_else(|| find(&|it| room(it) && kindred(it.forms)))
        .or_else(|| find(&room))
        .unwrap_or((start, 0));
    let episode = &mut courses[found.0].episodes[found.1];
    let own_forms = further.forms != Forms::default();
    let forms = if own_forms { further.forms } else { episode.forms.some(chance) };
    episode.further.push(Further { forms, ..further });
    // Those during the assessment come before those after it, and monitoring comes last.
    episode.further.sort_by_key(|it| (it.class == Class::Monitored, it.class == Class::After));
}
