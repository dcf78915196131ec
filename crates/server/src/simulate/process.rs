//! Which casussen get a service, and on which days: planned for a year at once, so that as many are completed as is published.
//!
//! Waiting times and how long a service lasts are our estimate: the inspectorate found in 2023 that none of the organisations kept to
//! the terms (facts on law and practice), how many days it took was not published. What comes after in the household is
//! already laid out, so most casussen have only so much room; the last of a household takes what it needs.

use super::cell::Cell;
use super::chance::Chance;
use super::completed::NOT_CONFIRMED;
use super::days::{Laid, working};
use super::form::{Form, Forms, Margins};
use super::margins::sets;
use super::plan::Drafted;
use chrono::{Days, NaiveDate};
use domain::calendar::is_working_day;
use std::collections::HashMap;
use uuid::Uuid;

/// What is planned of a casus from its first melding on.
#[derive(Clone, Debug)]
pub(super) struct Process {
    /// How many meldingen join it.
    pub(super) joined: u32,
    /// The last day on which one of its meldingen is recorded or decided.
    pub(super) busy: NaiveDate,
    /// The decision that stands in the end is to hand over.
    pub(super) hands_over: bool,
    /// A vervolgmelding comes in while it is monitored, from this day.
    pub(super) monitored: Option<NaiveDate>,
    pub(super) investigation: Option<Investigation>,
    pub(super) conditions: Option<Stay>,
    /// Nobody accepts the handover; Veilig Thuis stays responsible.
    pub(super) unanswered: bool,
}

/// A service, as far as it gets.
#[derive(Clone, Copy, Debug)]
pub(super) struct Stay {
    pub(super) decided: NaiveDate,
    pub(super) begun: NaiveDate,
    pub(super) ended: Option<NaiveDate>,
}

#[derive(Clone, Debug)]
pub(super) struct Investigation {
    pub(super) stay: Stay,
    pub(super) forms: Forms,
    pub(super) ending: Ending,
}

#[derive(Clone, Debug)]
pub(super) enum Ending {
    Judged(Vec<(Form, &'static str)>),
    Early(&'static str),
    /// By the decision on a later melding, which ends it without more.
    Adapted,
    /// Not within what is simulated.
    Runs,
}

/// Of the investigations, those beside which conditions are agreed upon as well: our estimate.
const BOTH: f64 = 0.12;
/// Beside those that are completed in a year, a quarter of them still runs at the end: our estimate.
const RUNNING: u32 = 4;
/// Handovers that nobody accepts: our estimate.
const UNANSWERED: f64 = 0.02;
/// Days within which a service ends when nothing else presses.
const TIME_ENOUGH: u64 = 400;

/// A casus that may get a service.
struct Casus {
    nth: usize,
    forms: Forms,
    /// The first day on which a service can be decided upon, and the last on which it can end.
    from: NaiveDate,
    most: NaiveDate,
    /// When a later melding adapts the follow-up.
    adapted: Option<NaiveDate>,
    /// It may stay open: nothing of its household comes after it.
    free: bool,
    monitored: bool,
    /// Whether it may get both services.
    both: bool,
    conditions: Option<Stay>,
    investigation: Option<Investigation>,
}

/// The process of every casus that a melding opens, by the place of that melding. Moves the closing of those that have time.
pub(super) fn processes(
    cell: &Cell,
    drafted: &mut [Drafted],
    outcomes: &[(usize, bool)],
    last: NaiveDate,
    chance: &mut Chance,
) -> Vec<Option<Process>> {
    let mut of_case: HashMap<Uuid, Vec<usize>> = HashMap::new();
    for (nth, it) in drafted.iter().enumerate() {
        of_case.entry(it.case).or_default().push(nth);
    }
    let year = cell.within_year.then_some(last);
    let mut all: Vec<Option<Process>> = vec![];
    let mut candidates = vec![];
    for (nth, it) in drafted.iter().enumerate() {
        let others = &of_case[&it.case][1..];
        let opens = it.laid.opens.then(|| process(drafted, outcomes, nth, others));
        if opens.is_some() && outcomes[nth].0 == 0 {
            candidates.extend(casus(drafted, (nth, others), outcomes, year, chance));
        }
        all.push(opens);
    }
    chance.shuffle(&mut candidates);
    // Most room first, in steps, so that few are cut short.
    candidates.sort_by_key(|it| {
        let room = (it.most - it.from).num_days();
        std::cmp::Reverse([7, 21, 45, 90, 150].iter().filter(|least| room >= **least).count())
    });
    investigate(cell, &mut candidates, chance);
    agree(cell, &mut candidates, chance);
    if let Some(last) = year {
        leave_running(cell, &mut candidates, last, chance);
    }
    for it in candidates {
        if it.free {
            drafted[it.nth].laid.closes = closes(&it, drafted[it.nth].laid.closes, chance);
        }
        if let Some(process) = &mut all[it.nth] {
            (process.conditions, process.investigation) = (it.conditions, it.investigation);
        }
    }
    for (nth, process) in all.iter_mut().enumerate() {
        let Some(process) = process else { continue };
        if drafted[nth].free && outcomes[nth].0 == 1 && chance.happens(UNANSWERED) {
            process.unanswered = process.monitored.is_none();
            drafted[nth].laid.closes = drafted[nth].laid.closes.filter(|_| !process.unanswered);
        }
    }
    all
}

fn process(
    drafted: &[Drafted],
    outcomes: &[(usize, bool)],
    nth: usize,
    others: &[usize],
) -> Process {
    let all = || std::iter::once(&nth).chain(others);
    let of_case = all().map(|it| &drafted[*it].laid);
    let laid = &drafted[nth].laid;
    let decided = |nth: &usize| drafted[*nth].laid.assessed;
    let last = all().filter_map(decided).max();
    let hands_over = all().any(|it| decided(it) == last && outcomes[*it].0 == 1);
    Process {
        joined: u32::try_from(others.len()).unwrap_or_default(),
        busy: of_case.map(settled).max().unwrap_or(laid.day),
        hands_over,
        monitored: laid.monitored,
        investigation: None,
        conditions: None,
        unanswered: false,
    }
}

/// The day on which the decision on a melding, or else the melding itself, is recorded.
fn settled(laid: &Laid) -> NaiveDate {
    laid.assessed.map_or_else(|| laid.recorded(), |it| it.max(laid.recorded()))
}

/// A casus with room for a service between the decision on its first melding and what comes after.
fn casus(
    drafted: &[Drafted],
    (nth, others): (usize, &[usize]),
    outcomes: &[(usize, bool)],
    year: Option<NaiveDate>,
    chance: &mut Chance,
) -> Option<Casus> {
    let it = &drafted[nth];
    if it.household.is_none() || it.laid.own || it.laid.assessed.is_none() {
        return None;
    }
    let decided = settled(&it.laid);
    let from = working(decided + Days::new(1));
    let laid = |nth: usize| &drafted[nth].laid;
    let later = others.iter().copied().filter(|nth| {
        settled(laid(*nth)) >= decided && laid(*nth).assessed.is_some() && outcomes[*nth].0 != 0
    });
    let changes: Vec<usize> = later.collect();
    // One that is told after what was decided later adapts nothing: such a casus is left alone.
    let told_late = |change: usize| {
        let known = others.iter().copied().chain([nth]).map(laid);
        let known = known.filter(|it| settled(it) <= settled(laid(change)));
        known.map(|it| it.assessed).max() > Some(laid(change).assessed)
    };
    if changes.iter().any(|change| told_late(*change)) {
        return None;
    }
    let adapted = changes.iter().map(|change| settled(laid(*change))).min();
    if adapted.is_some_and(|on| on <= from) {
        return None;
    }
    let close = it.laid.closes.filter(|_| !it.free).map(|it| it - Days::new(1));
    let monitored = it.laid.monitored.map(|it| it - Days::new(1));
    let ends = close.into_iter().chain(monitored).chain(year).min();
    let most = ends.unwrap_or(decided + Days::new(TIME_ENOUGH));
    let both = chance.happens(BOTH);
    (from < most).then_some(Casus {
        nth,
        forms: it.laid.forms,
        from,
        most,
        adapted,
        free: it.free,
        monitored: it.laid.monitored.is_some(),
        both,
        conditions: None,
        investigation: None,
    })
}

/// The conditions services that are completed.
fn agree(cell: &Cell, candidates: &mut [Casus], chance: &mut Chance) {
    let count = cell.conditions.completed;
    let forms = cell.conditions.forms.map(|margins| {
        let margins = margins.map(|it| it.min(count));
        sets(count, &margins, chance)
    });
    for wanted in forms.unwrap_or_else(|| vec![Forms::default(); count as usize]) {
        let Some(it) = choose(candidates, wanted, may_agree) else { break };
        it.conditions = Some(stay(it.from, it.most, conditions_last(chance), chance));
    }
}

/// The investigations that are completed: judged, or ended early.
fn investigate(cell: &Cell, candidates: &mut [Casus], chance: &mut Chance) {
    let all = cell.investigations;
    for (forms, findings) in findings(all.judged, &all.confirmed, chance) {
        let most = |it: &Casus| it.adapted.map_or(it.most, |on| it.most.min(on - Days::new(1)));
        let fits = |it: &Casus| it.investigation.is_none() && it.from < most(it);
        let Some(it) = choose(candidates, forms, fits) else { break };
        let stay = stay(it.from, most(it), investigation_lasts(chance), chance);
        let ending = Ending::Judged(findings);
        it.investigation = Some(Investigation { stay, forms, ending });
    }
    let early = all.completed - all.judged;
    for nth in 0..early {
        let adapted = nth * 3 < early;
        let within = |it: &Casus| it.adapted.is_some_and(|on| on <= it.most);
        let fits = |it: &Casus| it.investigation.is_none() && within(it) == adapted;
        let wanted = Forms::default();
        let found = choose(candidates, wanted, fits).map(|it| it.nth);
        let found = found.or_else(|| {
            choose(candidates, wanted, |it| it.investigation.is_none() && !within(it))
                .map(|it| it.nth)
        });
        let Some(it) = candidates.iter_mut().find(|it| Some(it.nth) == found) else { break };
        it.investigation = Some(ended_early(it, chance));
    }
}

const fn may_agree(it: &Casus) -> bool {
    it.conditions.is_none() && (it.investigation.is_none() || it.both)
}

fn ended_early(it: &Casus, chance: &mut Chance) -> Investigation {
    let (ends, ending) = match it.adapted.filter(|on| *on <= it.most) {
        Some(on) => (on - Days::new(1), Ending::Adapted),
        None => (it.most, Ending::Early(chance.weighted(&EARLY))),
    };
    let planned = stay(it.from, ends, chance.between(3, 60), chance);
    let ended = planned.ended.filter(|_| !matches!(ending, Ending::Adapted));
    Investigation { stay: Stay { ended, ..planned }, forms: it.forms, ending }
}

/// Why an investigation ends early, but for an adapted follow-up: our estimate.
const EARLY: [(&str, f64); 4] = [
    ("vertrokken-onbekende-bestemming", 0.25),
    ("verhuisd-andere-regio", 0.3),
    ("overleden", 0.03),
    ("anders", 0.42),
];

/// At the end of the year some services run, of casussen of the last months.
fn leave_running(cell: &Cell, candidates: &mut [Casus], last: NaiveDate, chance: &mut Chance) {
    let late = last - Days::new(120);
    let fits = |it: &Casus| {
        let free = it.free && !it.monitored && it.adapted.is_none() && it.from > late;
        free && it.conditions.is_none() && it.investigation.is_none()
    };
    let begun = |it: &Casus, chance: &mut Chance| {
        let wait = u64::try_from(waits(chance)).unwrap_or_default();
        Stay { decided: it.from, begun: working(it.from + Days::new(wait)), ended: None }
    };
    for _ in 0..cell.investigations.completed / RUNNING {
        let Some(it) = choose(candidates, Forms::default(), fits) else { break };
        let (stay, forms, ending) = (begun(it, chance), it.forms, Ending::Runs);
        it.investigation = Some(Investigation { stay, forms, ending });
    }
    for _ in 0..cell.conditions.completed / RUNNING {
        let Some(it) = choose(candidates, Forms::default(), fits) else { break };
        it.conditions = Some(begun(it, chance));
    }
}

/// The casus that suits best: of exactly these forms, with these among others, with one of them; in the end any.
fn choose(
    candidates: &mut [Casus],
    wanted: Forms,
    fits: impl Fn(&Casus) -> bool,
) -> Option<&mut Casus> {
    let find = |right: &dyn Fn(Forms) -> bool| {
        candidates.iter().position(|it| fits(it) && right(it.forms))
    };
    let found = find(&|it| it == wanted)
        .or_else(|| find(&|it| it.includes(wanted)))
        .or_else(|| find(&|it| it.meets(wanted)))
        .or_else(|| find(&|_| true))?;
    candidates.get_mut(found)
}

/// So many sets of forms that were looked into, with a judgement on each, of which exactly so many confirm each form.
fn findings(
    judged: u32,
    confirmed: &Margins,
    chance: &mut Chance,
) -> Vec<(Forms, Vec<(Form, &'static str)>)> {
    let mut outcomes: [Vec<&'static str>; 8] = Default::default();
    for form in Form::ALL {
        let (not, refuted) = NOT_CONFIRMED[form as usize];
        let sure = confirmed[form as usize].min(judged);
        let others = chance.whole(f64::from(sure) * (not + refuted)).min(judged - sure);
        let mut of_form = vec!["bevestigd"; sure as usize];
        let other = [("niet-bevestigd", not), ("weerlegd", refuted)];
        of_form.extend((0..others).map(|_| chance.weighted(&other)));
        outcomes[form as usize] = of_form;
    }
    // Each looked into something.
    let told: usize = outcomes.iter().map(Vec::len).sum();
    let missing = (judged as usize).saturating_sub(told);
    outcomes[Form::Child as usize].extend(vec!["niet-bevestigd"; missing]);
    let margins =
        Form::ALL.map(|form| u32::try_from(outcomes[form as usize].len()).unwrap_or_default());
    for it in &mut outcomes {
        chance.shuffle(it);
    }
    let mut judge = |forms: Forms| {
        let each = forms.iter().map(|form| (form, outcomes[form as usize].pop()));
        each.filter_map(|(form, outcome)| Some((form, outcome?))).collect()
    };
    sets(judged, &margins, chance).into_iter().map(|it| (it, judge(it))).collect()
}

/// A service that waits, begins and ends within limits: when there is little room, both are as much shorter.
fn stay(from: NaiveDate, most: NaiveDate, lasts: i64, chance: &mut Chance) -> Stay {
    let (wait, room) = (waits(chance), (most - from).num_days().max(0));
    let fit = |days: i64| if wait + lasts > room { days * room / (wait + lasts) } else { days };
    let after = |days: i64| {
        let mut day = from + Days::new(fit(days).unsigned_abs());
        while !is_working_day(day) && day > from {
            day = day - Days::new(1);
        }
        day
    };
    Stay { decided: from, begun: after(wait), ended: Some(after(wait + lasts)) }
}

/// Days between the decision and the beginning: one in five begins within the five working days.
fn waits(chance: &mut Chance) -> i64 {
    let (least, most) =
        chance.weighted(&[((0, 4), 0.2), ((7, 28), 0.32), ((29, 84), 0.36), ((85, 150), 0.12)]);
    chance.between(least, most)
}

fn investigation_lasts(chance: &mut Chance) -> i64 {
    let (least, most) = chance.weighted(&[((21, 70), 0.45), ((71, 112), 0.4), ((113, 180), 0.15)]);
    chance.between(least, most)
}

fn conditions_last(chance: &mut Chance) -> i64 {
    let (least, most) = chance.weighted(&[((14, 70), 0.6), ((71, 130), 0.4)]);
    chance.between(least, most)
}

/// When a casus closes that has time: some weeks after its services, if those end.
fn closes(it: &Casus, laid: Option<NaiveDate>, chance: &mut Chance) -> Option<NaiveDate> {
    let adapted = it.adapted;
    let investigated = it.investigation.as_ref().map(|it| match it.ending {
        Ending::Judged(_) | Ending::Early(_) | Ending::Runs => it.stay.ended,
        Ending::Adapted => adapted,
    });
    let ends: Option<Vec<NaiveDate>> =
        investigated.into_iter().chain(it.conditions.map(|it| it.ended)).collect();
    let more = 2 + chance.below(55) as u64;
    let after = ends?.into_iter().max().map(|on| working(on + Days::new(more)));
    Some(laid?.max(after.unwrap_or(laid?)))
}
