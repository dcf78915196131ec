//! What stands out among looks: rules that a privacy officer can read and defend. A pattern is a reason to ask somebody, never a judgement; which
//! numbers count as much is for the organisation to choose.

use super::{Looked, Outcome};
use crate::access::Ground;
use chrono::{DateTime, NaiveDate, NaiveTime, Utc};
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

/// A look with when and by whom; `on` and `time` as the clock on the wall said.
#[derive(Clone, Debug)]
pub struct Seen<'a> {
    pub position: i64,
    pub by: Uuid,
    pub at: DateTime<Utc>,
    pub on: NaiveDate,
    pub time: NaiveTime,
    pub working_day: bool,
    pub looked: &'a Looked,
}

/// What an organisation finds much.
#[derive(Clone, Debug, PartialEq)]
pub struct Bounds {
    /// More distinct persons than this on one day…
    pub persons_a_day: usize,
    /// …and more than so many times what is usual for the same worker.
    pub times_usual: usize,
    /// More files on one day in which nothing was recorded by who looked.
    pub idle_files_a_day: usize,
    /// Roles that do not work at night or in weekends, from when until when they do. Veilig Thuis is there day and night: whoever is not
    /// named here may look at any hour.
    pub hours: BTreeMap<String, (NaiveTime, NaiveTime)>,
}

impl Default for Bounds {
    /// Until an organisation chooses: numbers of our own, and nobody has office hours.
    fn default() -> Self {
        let hours = BTreeMap::new();
        Self { persons_a_day: 150, times_usual: 3, idle_files_a_day: 40, hours }
    }
}

/// What stands out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// At oneself, or at whoever occurs in one melding with oneself.
    Own,
    Volume,
    AfterHours,
    /// Files were looked at and nothing was done.
    Idle,
    /// In an emergency: each is to be judged.
    Emergency,
    /// At files that were not for him.
    TurnedAway,
}

impl Kind {
    pub const fn name(self) -> &'static str {
        match self {
            Self::Own => "eigen",
            Self::Volume => "veel",
            Self::AfterHours => "buiten-werktijd",
            Self::Idle => "zonder-vervolg",
            Self::Emergency => "noodtoegang",
            Self::TurnedAway => "geweigerd",
        }
    }
}

/// One worker on one day.
#[derive(Clone, Debug, PartialEq)]
pub struct Pattern {
    pub kind: Kind,
    pub worker: Uuid,
    pub on: NaiveDate,
    /// Persons, files or looks, by the kind.
    pub count: usize,
    /// Where the looks stand in their log.
    pub positions: Vec<i64>,
}

/// All that stands out, day by day. `own` are the persons whom a worker has no business with; `acts` who recorded something in which file.
pub fn patterns(
    looks: &[Seen<'_>],
    own: &BTreeMap<Uuid, BTreeSet<Uuid>>,
    acts: &BTreeSet<(Uuid, Uuid)>,
    bounds: &Bounds,
) -> Vec<Pattern> {
    let days = by_day(looks, Outcome::Shown);
    let mut found = Vec::new();
    for ((worker, on), day) in by_day(looks, Outcome::Denied) {
        let at_files = day.iter().filter(|it| it.looked.id.is_some());
        let positions: Vec<i64> = at_files.map(|it| it.position).collect();
        if !positions.is_empty() {
            let (kind, count) = (Kind::TurnedAway, positions.len());
            found.push(Pattern { kind, worker, on, count, positions });
        }
    }
    for ((worker, on), day) in &days {
        let all = [
            at_own(day, own.get(worker)),
            much(day, usual(&days, *worker, *on), bounds),
            after_hours(day, bounds),
            idle(day, *worker, acts, bounds),
            in_emergency(day),
        ];
        for (kind, count, positions) in all.into_iter().flatten() {
            found.push(Pattern { kind, worker: *worker, on: *on, count, positions });
        }
    }
    found.sort_by_key(|it| (it.on, it.worker, it.kind));
    found
}

type Days<'a> = BTreeMap<(Uuid, NaiveDate), Vec<&'a Seen<'a>>>;

fn by_day<'a>(looks: &'a [Seen<'a>], outcome: Outcome) -> Days<'a> {
    let mut days = Days::new();
    for look in looks.iter().filter(|it| it.looked.outcome == outcome) {
        days.entry((look.by, look.on)).or_default().push(look);
    }
    days
}

type Found = Option<(Kind, usize, Vec<i64>)>;

fn at_own(day: &[&Seen<'_>], own: Option<&BTreeSet<Uuid>>) -> Found {
    let own = own?;
    let hit = |it: &&&Seen<'_>| it.looked.persons.iter().any(|person| own.contains(person));
    let positions: Vec<i64> = day.iter().filter(hit).map(|it| it.position).collect();
    (!positions.is_empty()).then_some((Kind::Own, positions.len(), positions))
}

/// Files and searches; a list is work that was handed out, and shows many at once.
fn persons(day: &[&Seen<'_>]) -> BTreeSet<Uuid> {
    let chosen = day.iter().filter(|it| it.looked.files.is_empty());
    chosen.flat_map(|it| it.looked.persons.iter().copied()).collect()
}

/// How many persons a worker sees on the middle one of his other days.
fn usual(days: &Days<'_>, worker: Uuid, on: NaiveDate) -> Option<usize> {
    let others = days.iter().filter(|((by, day), _)| *by == worker && *day != on);
    let mut counts: Vec<usize> = others.map(|(_, day)| persons(day).len()).collect();
    counts.sort_unstable();
    counts.get(counts.len() / 2).copied()
}

fn much(day: &[&Seen<'_>], usual: Option<usize>, bounds: &Bounds) -> Found {
    let count = persons(day).len();
    let usual = usual.map_or(0, |it| it * bounds.times_usual);
    let positions = day.iter().map(|it| it.position).collect();
    (count > bounds.persons_a_day.max(usual)).then_some((Kind::Volume, count, positions))
}

fn after_hours(day: &[&Seen<'_>], bounds: &Bounds) -> Found {
    let outside = |it: &&&Seen<'_>| {
        let hours = it.looked.roles.iter().map(|role| bounds.hours.get(role.as_str()));
        // Whoever also has a role that works at any hour, may be at work.
        let hours: Option<Vec<_>> = hours.collect();
        let inside = |(from, until): &(NaiveTime, NaiveTime)| {
            it.working_day && it.time >= *from && it.time < *until
        };
        hours.is_some_and(|all| !all.is_empty() && !all.into_iter().any(inside))
    };
    let positions: Vec<i64> = day.iter().filter(outside).map(|it| it.position).collect();
    (!positions.is_empty()).then_some((Kind::AfterHours, positions.len(), positions))
}

fn in_emergency(day: &[&Seen<'_>]) -> Found {
    let nood = |it: &&&Seen<'_>| {
        it.looked.ground.as_ref().is_some_and(|it| *it == Ground::Emergency.name())
    };
    let positions: Vec<i64> = day.iter().filter(nood).map(|it| it.position).collect();
    (!positions.is_empty()).then_some((Kind::Emergency, positions.len(), positions))
}

fn idle(day: &[&Seen<'_>], worker: Uuid, acts: &BTreeSet<(Uuid, Uuid)>, bounds: &Bounds) -> Found {
    let mut files = BTreeMap::new();
    for it in day {
        if let Some(file) = it.looked.id.filter(|file| !acts.contains(&(worker, *file))) {
            files.entry(file).or_insert(it.position);
        }
    }
    let positions: Vec<i64> = files.values().copied().collect();
    (positions.len() > bounds.idle_files_a_day).then_some((Kind::Idle, positions.len(), positions))
}

#[cfg(test)]
mod tests;
