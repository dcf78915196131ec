//! The plan of a cell: every melding and every question with its day, place, forms, melder and what becomes of it, and the calls
//! that come to nothing. Compact, for a year of one organisation is planned at once; what is said is made when its day comes.

use super::arrivals::{day_of, lag, new_year};
use super::cell::Cell;
use super::chance::Chance;
use super::course::{Course, Known, courses};
use super::days::{Laid, alone, lay};
use super::form::{Form, Forms, TRAFFICKING, special};
use super::margins::{in_shares, sets};
use super::melder::{Told, assign};
use super::process::{Process, processes};
use chrono::{Days, NaiveDate};
use domain::calendar::is_working_day;
use uuid::Uuid;

/// A melding to be.
#[derive(Clone, Debug)]
pub(super) struct Visit {
    /// `None`: without persons.
    pub(super) household: Option<u64>,
    /// The household is not told of again.
    pub(super) last: bool,
    pub(super) laid: Laid,
    pub(super) case: Uuid,
    /// Of one that opens a casus: what is planned of that.
    pub(super) process: Option<Process>,
    /// Which of the outcomes, when it is assessed.
    pub(super) outcome: usize,
    pub(super) acute: bool,
    pub(super) about: About,
}

/// A question to be.
#[derive(Clone, Debug)]
pub(super) struct Question {
    pub(super) lag: i64,
    pub(super) forms: Forms,
    pub(super) about: About,
}

/// What meldingen and questions have in common.
#[derive(Clone, Copy, Debug)]
pub(super) struct About {
    pub(super) day: NaiveDate,
    pub(super) municipality: &'static str,
    pub(super) town: &'static str,
    pub(super) special: Option<&'static str>,
    /// Which of the kinds of melder.
    pub(super) kind: usize,
    /// The chance of everything else about it.
    pub(super) number: u64,
}

#[derive(Clone, Debug)]
pub(super) enum Item {
    Visit(Visit),
    Question(Question),
    /// A contact of which nothing came.
    Call {
        day: NaiveDate,
        number: u64,
    },
}

impl Item {
    pub(super) const fn day(&self) -> NaiveDate {
        match self {
            Self::Visit(it) => it.about.day,
            Self::Question(it) => it.about.day,
            Self::Call { day, .. } => *day,
        }
    }
}

/// Of all contacts, those without a conversation that leads somewhere.
const NOTHING_CAME: f64 = 0.08;
/// Of the households of a year, those that a later year may hear of again.
const REMEMBERED: f64 = 0.5;
const FORMS_ASKED: [f64; 8] = [0.51, 0.03, 0.26, 0.03, 0.08, 0.27, 0.004, 0.01];

/// The plan of a cell, by day. `known` are the households of earlier years; afterwards also those of this one.
pub(super) fn plan(cell: &Cell, seed: u64, known: &mut Vec<Known>) -> Vec<Item> {
    let mut chance = Chance::of_year(seed, cell.organisation, cell.year, cell.part);
    let mut items: Vec<Item> =
        visits(cell, known, &mut chance).into_iter().map(Item::Visit).collect();
    items.extend(questions(cell, &mut chance).into_iter().map(Item::Question));
    let nothing = chance.whole(items.len() as f64 * NOTHING_CAME / (1.0 - NOTHING_CAME));
    items.extend(
        (0..nothing)
            .map(|_| Item::Call { day: day_of(cell.year, &mut chance), number: chance.number() }),
    );
    items.sort_by_key(Item::day);
    items
}

fn questions(cell: &Cell, chance: &mut Chance) -> Vec<Question> {
    let margins = cell.questions.unwrap_or_else(|| in_shares(cell.advice, &FORMS_ASKED, chance));
    let forms = sets(cell.advice, &margins, chance);
    let days: Vec<NaiveDate> = forms.iter().map(|_| day_of(cell.year, chance)).collect();
    let told: Vec<Told> = forms.iter().zip(&days).map(|(forms, day)| told(*forms, *day)).collect();
    let kinds = assign(&cell.askers, &told, chance);
    let specials = specials(&forms, cell.trafficking[0], chance);
    let last = new_year(cell.year + 1) - Days::new(1);
    let places: Vec<(usize, f64)> =
        cell.places.iter().enumerate().map(|(nth, it)| (nth, it.advice)).collect();
    let question = |nth: usize| {
        let day = days[nth];
        let most = if cell.within_year { (last - day).num_days() } else { i64::MAX };
        let place = &cell.places[chance.weighted(&places)];
        let about = About {
            day,
            municipality: place.code,
            town: place.name,
            special: specials[nth],
            kind: kinds[nth],
            number: chance.number(),
        };
        Question { lag: lag(chance).min(most), forms: forms[nth], about }
    };
    (0..forms.len()).map(question).collect()
}

/// A melding of a course, before it is known who tells it.
pub(super) struct Drafted {
    pub(super) household: Option<u64>,
    place: usize,
    /// Nothing of its household comes after it.
    ends: bool,
    remembered: bool,
    /// It opens a casus after which nothing comes, so that it may stay open.
    pub(super) free: bool,
    pub(super) case: Uuid,
    pub(super) laid: Laid,
}

fn visits(cell: &Cell, known: &mut Vec<Known>, chance: &mut Chance) -> Vec<Visit> {
    let last = new_year(cell.year + 1) - Days::new(1);
    let (courses, loose) = courses(cell, known, chance);
    known.clear();
    let mut drafted = vec![];
    for course in &courses {
        drafted.extend(draft(course, cell, last, known, chance));
    }
    for forms in loose {
        let laid = alone(forms, last, cell.within_year, chance);
        let place = chance.below(cell.places.len());
        let case = chance.id(super::arrivals::at(laid.day, 0));
        let (household, ends, remembered, free) = (None, true, false, false);
        drafted.push(Drafted { household, place, ends, remembered, free, case, laid });
    }
    if cell.within_year {
        leave_waiting(&mut drafted, cell.outcomes[4] as usize, last);
    }
    let told: Vec<Told> = drafted.iter().map(|it| told(it.laid.forms, it.laid.day)).collect();
    let kinds = assign(&cell.melders, &told, chance);
    let forms: Vec<Forms> = drafted.iter().map(|it| it.laid.forms).collect();
    let specials = specials(&forms, cell.trafficking[1], chance);
    let outcomes = outcomes(cell, &drafted, chance);
    let mut processes = processes(cell, &mut drafted, &outcomes, last, chance);
    let visit = |(nth, it): (usize, Drafted)| {
        let place = &cell.places[it.place];
        let (outcome, acute) = outcomes[nth];
        Visit {
            household: it.household,
            last: it.ends && !it.remembered,
            case: it.case,
            process: processes[nth].take(),
            outcome,
            acute,
            about: About {
                day: it.laid.day,
                municipality: place.code,
                town: place.name,
                special: specials[nth],
                kind: kinds[nth],
                number: chance.number(),
            },
            laid: it.laid,
        }
    };
    drafted.into_iter().enumerate().map(visit).collect()
}

/// The meldingen of one course; a later year may know its household.
fn draft(
    course: &Course,
    cell: &Cell,
    last: NaiveDate,
    known: &mut Vec<Known>,
    chance: &mut Chance,
) -> Vec<Drafted> {
    let laid = lay(course, last, cell.within_year, chance);
    let remembered = !cell.within_year && chance.happens(REMEMBERED);
    let closed = laid.iter().filter_map(|it| it.closes).max();
    if let Some(closed) = closed.filter(|_| remembered) {
        let household = course.household;
        let municipality = cell.places[course.place].code;
        known.push(Known { household, municipality, from: closed + Days::new(1) });
    }
    let (count, episodes) = (laid.len(), course.episodes.len());
    let mut case = Uuid::nil();
    let mut drafted = vec![];
    for (nth, laid) in laid.into_iter().enumerate() {
        let opened = chance.id(super::arrivals::at(laid.day, 0));
        if laid.opens && !laid.own {
            case = opened;
        }
        drafted.push(Drafted {
            household: Some(course.household),
            place: course.place,
            ends: nth + 1 == count,
            remembered,
            free: laid.opens && !laid.own && laid.episode + 1 == episodes && !remembered,
            case: if laid.own { opened } else { case },
            laid,
        });
    }
    drafted
}

/// Leaves exactly `count` meldingen without an assessment at the end of the year, the latest, and has all others assessed by then.
fn leave_waiting(drafted: &mut [Drafted], count: usize, last: NaiveDate) {
    let mut order: Vec<usize> = (0..drafted.len()).filter(|nth| drafted[*nth].ends).collect();
    order.sort_by_key(|nth| {
        std::cmp::Reverse((drafted[*nth].laid.assessed, drafted[*nth].laid.day))
    });
    for nth in order.into_iter().take(count) {
        let Drafted { household, laid, .. } = &mut drafted[nth];
        let (episode, day) = ((*household, laid.episode), laid.day);
        laid.assessed = None;
        laid.closes = None;
        // Its casus stays open, and those around it.
        for earlier in drafted[..nth].iter_mut().rev() {
            if earlier.household.is_none() || (earlier.household, earlier.laid.episode) != episode {
                break;
            }
            // But not what was settled before that one came in.
            earlier.laid.closes = earlier.laid.closes.filter(|closes| *closes < day);
        }
    }
    for it in drafted {
        it.laid.assessed = it.laid.assessed.map(|assessed| assessed.min(last));
    }
}

/// What becomes of each: exactly so many of every outcome, over those that are assessed.
fn outcomes(cell: &Cell, drafted: &[Drafted], chance: &mut Chance) -> Vec<(usize, bool)> {
    let parts = cell.outcomes.iter().take(4).enumerate();
    let mut bag: Vec<usize> =
        parts.flat_map(|(nth, count)| std::iter::repeat_n(nth, *count as usize)).collect();
    chance.shuffle(&mut bag);
    let assessed: Vec<bool> = drafted.iter().map(|it| it.laid.assessed.is_some()).collect();
    let mut acute = vec![false; assessed.iter().filter(|it| **it).count()];
    acute.iter_mut().take(cell.acute as usize).for_each(|it| *it = true);
    chance.shuffle(&mut acute);
    let mut each = bag.into_iter().zip(acute);
    let mut dealt: Vec<(usize, bool)> = assessed
        .into_iter()
        .map(|it| if it { each.next().unwrap_or_default() } else { (0, false) })
        .collect();
    follow_what_is_monitored(drafted, &mut dealt);
    dealt
}

/// Something follows on the melding that opens a casus which is monitored: it changes places with one that has no sequel.
fn follow_what_is_monitored(drafted: &[Drafted], dealt: &mut [(usize, bool)]) {
    let is = |it: &Drafted| it.laid.monitored.is_some();
    let mut others = 0..drafted.len();
    for nth in (0..drafted.len()).filter(|nth| is(&drafted[*nth])) {
        if dealt[nth].0 < 2 {
            continue;
        }
        let other = others.find(|other| {
            !is(&drafted[*other]) && drafted[*other].laid.assessed.is_some() && dealt[*other].0 < 2
        });
        if let Some(other) = other {
            (dealt[nth].0, dealt[other].0) = (dealt[other].0, dealt[nth].0);
        }
    }
}

/// The special form of each: exactly so many about human trafficking, others by chance.
fn specials(forms: &[Forms], trafficking: u32, chance: &mut Chance) -> Vec<Option<&'static str>> {
    let mut problems: Vec<usize> =
        (0..forms.len()).filter(|nth| forms[*nth].has(Form::Problem)).collect();
    chance.shuffle(&mut problems);
    let mut all: Vec<Option<&'static str>> =
        forms.iter().map(|forms| special(*forms, chance)).collect();
    for nth in problems.into_iter().take(trafficking as usize) {
        all[nth] = Some(TRAFFICKING);
    }
    all
}

fn told(forms: Forms, day: NaiveDate) -> Told {
    Told { forms, on_free_day: !is_working_day(day) }
}
