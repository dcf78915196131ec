//! How long data are kept, and what may be destroyed on a day: a pure function of what is known of the dossiers that are there.
//!
//! A *dossier* is what hangs together: a casus with its meldingen and requests, a melding without a casus, the record of a human being. Whose data
//! they are is a *subject*: a person, or a file whose free text is about the household. A dossier is over when its term has passed and nothing
//! keeps it longer; a subject is destroyed when every dossier in which it occurs is over.
//!
//! The term counts from the last day on which anything was recorded in the dossier, whatever it was about: each record is received or made on the
//! day on which it is recorded, and the last of them ends last. Law: [`crate::law::RETENTION`].

mod child;

pub use child::{Age, Member};

use crate::erasure::Held;
use chrono::{Months, NaiveDate};
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;
use uuid::Uuid;

/// What a dossier is about: the stream that it is named after.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    Case,
    Melding,
    Request,
    Advice,
    Contact,
    Person,
}

/// The name of a dossier: the ids of different kinds may be the same.
pub type Key = (Kind, Uuid);

/// What the rule needs to know of a dossier.
#[derive(Clone, Debug, PartialEq)]
pub struct Dossier {
    /// The last day on which something was recorded in it.
    pub last_on: NaiveDate,
    /// Somebody still works on it, or owes somebody an answer.
    pub goes_on: bool,
    pub held: Vec<Held>,
    /// Who occurs in it, as far as their age is concerned.
    pub people: Vec<Member>,
}

/// All that may be past its term, and whatever hangs together with it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Known {
    pub dossiers: BTreeMap<Key, Dossier>,
    /// Where each subject occurs.
    pub places: BTreeMap<Uuid, BTreeSet<Key>>,
    /// Of whom something can be read: what is destroyed is not destroyed again.
    pub readable: BTreeSet<Uuid>,
    /// Persons who turned out to be one human being.
    pub humans: Vec<BTreeSet<Uuid>>,
}

/// Why a dossier is not over.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Keeps {
    /// The term runs until and including a day.
    Term(NaiveDate),
    GoesOn,
    Held(Held),
    /// Somebody in it is, or may be, younger than eighteen. Until when would say how old.
    Child,
    /// So many of its subjects occur in a dossier that is not over.
    Elsewhere(usize),
}

/// What is to become of a dossier.
#[derive(Clone, Debug, PartialEq)]
pub struct Judged {
    pub dossier: Key,
    pub last_on: NaiveDate,
    /// Whose data are destroyed with it: each subject with one dossier only.
    pub destroyed: Vec<Uuid>,
    pub kept: Vec<Keeps>,
}

/// The last day of a term of so many years; on that day everything is still kept.
pub fn kept_until(last_on: NaiveDate, years: u32) -> NaiveDate {
    last_on.checked_add_months(Months::new(years * 12)).unwrap_or(NaiveDate::MAX)
}

/// Whatever was last recorded before this day is past a term of so many years on `day`.
pub fn first_kept(day: NaiveDate, years: u32) -> NaiveDate {
    let around = day.checked_sub_months(Months::new(years * 12)).unwrap_or(NaiveDate::MIN);
    // The end of February: the day on which a term began and the one on which it ends need not have the same number.
    let near = (-2..=2).filter_map(|days| around.checked_add_signed(chrono::Duration::days(days)));
    near.into_iter().find(|it| kept_until(*it, years) >= day).unwrap_or(around)
}

/// Why a dossier is kept on a day; nothing when it is over.
pub fn keeps(it: &Dossier, day: NaiveDate, years: u32) -> Vec<Keeps> {
    let until = kept_until(it.last_on, years);
    let term = (day <= until).then_some(Keeps::Term(until));
    let goes_on = it.goes_on.then_some(Keeps::GoesOn);
    let child = it.people.iter().any(|it| it.may_be_a_child(day)).then_some(Keeps::Child);
    let held = it.held.iter().cloned().map(Keeps::Held);
    term.into_iter().chain(goes_on).chain(held).chain(child).collect()
}

/// What becomes of each dossier that is past its term on a day. One of which nothing is left is not named, nor one within its term.
pub fn judge(known: &Known, day: NaiveDate, years: u32) -> Vec<Judged> {
    let why: BTreeMap<Key, Vec<Keeps>> =
        known.dossiers.iter().map(|(key, it)| (*key, keeps(it, day, years))).collect();
    let occurs = of_human_beings(known);
    let over = |key: &Key| why.get(key).is_some_and(Vec::is_empty);
    let mut of_dossier: BTreeMap<Key, (Vec<Uuid>, usize)> = BTreeMap::new();
    for (subject, dossiers) in &occurs {
        let goes = dossiers.iter().all(over);
        // The first of them takes it along.
        for it in dossiers.iter().take(if goes { 1 } else { dossiers.len() }) {
            let (destroyed, elsewhere) = of_dossier.entry(*it).or_default();
            if goes {
                destroyed.push(*subject);
            } else {
                *elsewhere += 1;
            }
        }
    }
    let judged = of_dossier.into_iter().filter_map(|(dossier, (destroyed, elsewhere))| {
        let last_on = known.dossiers.get(&dossier)?.last_on;
        let mut kept = why.get(&dossier)?.clone();
        if kept.is_empty() && elsewhere > 0 {
            kept.push(Keeps::Elsewhere(elsewhere));
        }
        let within = kept.iter().any(|it| matches!(it, Keeps::Term(_)));
        (!within).then_some(Judged { dossier, last_on, destroyed, kept })
    });
    judged.filter(|it| !it.destroyed.is_empty() || !it.kept.is_empty()).collect()
}

/// Where each subject occurs; persons who are one human being occur wherever one of them does.
fn of_human_beings(known: &Known) -> BTreeMap<Uuid, BTreeSet<Key>> {
    let mut occurs = known.places.clone();
    for human in &known.humans {
        let everywhere: BTreeSet<Key> =
            human.iter().filter_map(|it| known.places.get(it)).flatten().copied().collect();
        for person in human {
            if let Some(dossiers) = occurs.get_mut(person) {
                dossiers.clone_from(&everywhere);
            }
        }
    }
    occurs.retain(|it, dossiers| known.readable.contains(it) && !dossiers.is_empty());
    occurs
}

/// A term that is in force from a day on.
#[derive(Clone, Copy, Debug, Deserialize)]
struct Term {
    from: NaiveDate,
    years: u32,
}

static TERMS: LazyLock<Vec<Term>> = LazyLock::new(|| {
    #[derive(Deserialize)]
    struct Published {
        terms: Vec<Term>,
    }
    let text = include_str!("../../../schemas/reference/retention.json");
    let mut published: Published =
        serde_json::from_str(text).expect("the published terms are valid");
    published.terms.sort_by_key(|it| it.from);
    published.terms
});

/// For how many years data are kept, by the rule that is in force on a day; before the first rule, by the first.
pub fn years_on(day: NaiveDate) -> u32 {
    let in_force = TERMS.iter().rev().find(|it| it.from <= day);
    in_force.unwrap_or(&TERMS[0]).years
}

#[cfg(test)]
mod tests;
