//! The inspection copy: what one person sees of a family file. It begins with a draft of what is shown and what is masked, made from whom each
//! record is about ([`crate::concern`]); a worker weighs it and changes it, each time with a reason; then it is fixed. The list itself is kept, item by
//! item, with the place in the log up to which it goes: so the copy can be made again as it was given.
//!
//! Law: [`crate::law::INSPECTION`]: what concerns only others is no part of it, and the privacy of another may weigh more.
//! [`crate::law::HIDDEN_REPORTER`]: the origin of data is not told when a professional would be in danger by it, or another did not consent.

use super::Refusal as RequestRefusal;
use crate::Event as Happened;
use crate::case::Case;
use crate::codes::{self, Code, List, coded};
use crate::concern::{About, Part, concerns};
use crate::decider::Decider;
use crate::melding::Melding;
use crate::particulars::melder_subject;
use crate::person::Person;
use crate::refusal::{Faults, Why};
use chrono::NaiveDate;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use thiserror::Error;
use uuid::Uuid;

/// Why it is masked: the origin of data.
pub const ORIGIN: &str = "herkomst";
/// The only reason for which a hidden origin is shown.
pub const MELDER_CONSENTS: &str = "toestemming-melder";

coded! {
    /// What is done with an item.
    Mark of CopyMark {
        Shown = "tonen",
        Masked = "afschermen",
        /// Somebody has to read it first.
        Undecided = "te-beoordelen",
    }
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "CopyEvent")]
#[serde(tag = "step", rename_all = "snake_case")]
pub enum Event {
    /// The whole list, and up to where in the log it goes.
    Drafted {
        case: Uuid,
        on: NaiveDate,
        position: i64,
        /// The chain at that position, in hexadecimal digits.
        chain: String,
        items: Vec<Item>,
        /// Whose address was hidden by then: a copy never says it, not to themselves either.
        #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
        hidden: BTreeSet<Uuid>,
    },
    Weighed {
        on: NaiveDate,
        weighings: Vec<Weighing>,
    },
    Fixed {
        on: NaiveDate,
    },
}

/// The list as it is now, after what a worker made of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Draft {
    pub case: Uuid,
    pub on: NaiveDate,
    pub position: i64,
    pub chain: String,
    pub items: Vec<Item>,
    pub hidden: BTreeSet<Uuid>,
}

/// A part of a record in one of the files.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Item {
    /// The stream, by its name in the log.
    pub stream: String,
    pub file: Uuid,
    pub version: i32,
    pub part: Part,
    pub mark: Mark,
    pub reason: Code,
}

/// What a worker makes of an item, counted from one.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Weighing {
    pub item: u32,
    pub mark: Mark,
    pub reason: Code,
}

/// The list as it stands.
#[derive(Clone, Debug, PartialEq)]
pub struct Copy {
    pub draft: Draft,
    pub fixed_on: Option<NaiveDate>,
}

/// What is in the list follows from the files, which may have grown when the same is asked again: only which casus it is about makes it the same.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub enum Command {
    Draft {
        on: NaiveDate,
        case: Uuid,
        #[serde(skip)]
        position: i64,
        #[serde(skip)]
        chain: String,
        #[serde(skip)]
        items: Vec<Item>,
        #[serde(skip)]
        hidden: BTreeSet<Uuid>,
    },
    Weigh {
        on: NaiveDate,
        weighings: Vec<Weighing>,
    },
    Fix {
        on: NaiveDate,
    },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum Refusal {
    #[error("een kopie hoort bij een verzoek om inzage")]
    NoInspection,
    #[error("er is nog geen afscherming opgesteld")]
    NotDrafted,
    #[error("de kopie is al vastgesteld")]
    FixedBefore,
    #[error("{0} onderdelen zijn nog niet beoordeeld")]
    Undecided(usize),
}

impl Command {
    pub(super) const fn on(&self) -> NaiveDate {
        match self {
            Self::Draft { on, .. } | Self::Weigh { on, .. } | Self::Fix { on } => *on,
        }
    }
}

pub(super) fn decide(copy: Option<&Copy>, command: Command) -> Result<Event, RequestRefusal> {
    if copy.is_some_and(|it| it.fixed_on.is_some()) {
        return Err(Refusal::FixedBefore.into());
    }
    match (copy, command) {
        (_, Command::Draft { on, case, position, chain, items, hidden }) => {
            Ok(Event::Drafted { case, on, position, chain, items, hidden })
        }
        (None, Command::Weigh { .. } | Command::Fix { .. }) => Err(Refusal::NotDrafted.into()),
        (Some(copy), Command::Weigh { on, weighings }) => {
            let mut faults = Faults::default();
            faults.check("on", on < copy.draft.on, Why::Before(copy.draft.on));
            for it in &weighings {
                copy.check(it, &mut faults);
            }
            faults.into_result(RequestRefusal::Invalid)?;
            Ok(Event::Weighed { on, weighings })
        }
        (Some(copy), Command::Fix { on }) => {
            let mut faults = Faults::default();
            faults.check("on", on < copy.draft.on, Why::Before(copy.draft.on));
            faults.into_result(RequestRefusal::Invalid)?;
            let undecided = |it: &&Item| it.mark == Mark::Undecided;
            match copy.draft.items.iter().filter(undecided).count() {
                0 => Ok(Event::Fixed { on }),
                some => Err(Refusal::Undecided(some).into()),
            }
        }
    }
}

impl Copy {
    pub fn item(&self, number: u32) -> Option<&Item> {
        self.draft.items.get(usize::try_from(number).ok()?.checked_sub(1)?)
    }

    fn check(&self, it: &Weighing, faults: &mut Faults) {
        let Some(item) = self.item(it.item) else {
            return faults.add("weighings", Why::NoSuchItem(it.item));
        };
        // The group of a reason says for which mark it is one.
        let group =
            codes::find(List::CopyReason, it.reason.as_str()).and_then(|it| it.group.as_deref());
        let fits = it.mark == Mark::Undecided || group == Some(it.mark.code());
        faults.check("weighings", !fits, Why::NotAReason(it.item, it.mark.code()));
        let told = it.mark == Mark::Shown && item.reason == ORIGIN && it.reason != MELDER_CONSENTS;
        faults.check("weighings", told, Why::OriginIsHidden(it.item));
    }

    pub(super) fn evolve(copy: Option<Self>, event: &Event) -> Option<Self> {
        match (copy, event) {
            (_, Event::Drafted { case, on, position, chain, items, hidden }) => {
                let (case, on, position) = (*case, *on, *position);
                let (chain, items, hidden) = (chain.clone(), items.clone(), hidden.clone());
                let draft = Draft { case, on, position, chain, items, hidden };
                Some(Self { draft, fixed_on: None })
            }
            (Some(mut copy), Event::Weighed { weighings, .. }) => {
                for it in weighings {
                    let nth = it.item as usize;
                    if let Some(item) =
                        nth.checked_sub(1).and_then(|nth| copy.draft.items.get_mut(nth))
                    {
                        item.mark = it.mark;
                        item.reason = it.reason.clone();
                    }
                }
                Some(copy)
            }
            (Some(copy), Event::Fixed { on }) => Some(Self { fixed_on: Some(*on), ..copy }),
            (None, Event::Weighed { .. } | Event::Fixed { .. }) => None,
        }
    }
}

/// A record in one of the files, with whose key sealed each particular beside it.
#[derive(Clone, Debug)]
pub struct Record<'a> {
    pub stream: &'static str,
    pub file: Uuid,
    pub version: i32,
    pub event: &'a Happened,
    pub subjects: Vec<Uuid>,
}

/// The draft for a person: of each record, in order, what is shown to him and what is not. `records` are those of a casus and of what is
/// tied to it; a contact comes with the melding that it led to (`melding_of`).
pub fn draft(person: Uuid, records: &[Record<'_>], melding_of: &BTreeMap<Uuid, Uuid>) -> Vec<Item> {
    let hidden = hidden_origins(records);
    let hides = |it: &Record<'_>| {
        let melding = melding_of.get(&it.file).copied().unwrap_or(it.file);
        hidden.get(&melding).copied().unwrap_or(true)
    };
    let mut case = Case::default();
    let mut items = Vec::new();
    for it in records {
        let mut item = |part, (mark, reason): (Mark, &'static str)| {
            let (stream, reason) = (it.stream.to_owned(), Code::of(reason));
            items.push(Item { stream, file: it.file, version: it.version, part, mark, reason });
        };
        let mut whole = (Mark::Masked, "alleen-anderen");
        for piece in concerns(it.event, it.file, &case) {
            let mark = mark(&piece.about, person, hides(it));
            if piece.part == Part::Whole {
                whole = mark;
            }
            item(piece.part, mark);
        }
        for (nth, subject) in (0..).zip(&it.subjects) {
            let about_the_file = *subject == it.file && it.stream != Person::STREAM;
            let mark = if *subject == melder_subject(it.file) {
                mark(&About::Origin, person, hides(it))
            } else if whole.0 == Mark::Masked && (about_the_file || it.stream == Person::STREAM) {
                whole
            } else if about_the_file {
                // Words about the household may be about one of them.
                mark(&About::Unclear, person, true)
            } else {
                mark(&About::person(*subject), person, true)
            };
            item(Part::Particular { nth }, mark);
        }
        if let Happened::Case(event) = it.event {
            case = case.evolve(event);
        }
    }
    items
}

fn mark(about: &About, person: Uuid, hidden: bool) -> (Mark, &'static str) {
    match about {
        About::Household => (Mark::Shown, "gezin"),
        About::Persons(persons) if persons.contains(&person) => (Mark::Shown, "over-betrokkene"),
        About::Persons(_) => (Mark::Masked, "alleen-anderen"),
        About::Origin if hidden => (Mark::Masked, ORIGIN),
        About::Origin => (Mark::Shown, "herkomst-bekend"),
        About::Work => (Mark::Masked, "werkgegevens"),
        About::Unclear => (Mark::Undecided, "nog-lezen"),
    }
}

/// Of each melding, whether its melder is hidden from the family, as last told.
fn hidden_origins(records: &[Record<'_>]) -> BTreeMap<Uuid, bool> {
    let mut meldingen: BTreeMap<Uuid, Melding> = BTreeMap::new();
    for it in records {
        if let Happened::Melding(event) = it.event {
            let melding = meldingen.remove(&it.file).unwrap_or_default();
            meldingen.insert(it.file, melding.evolve(event));
        }
    }
    let hidden = |it: &Melding| it.content().is_none_or(|it| it.melder.hidden_from_family);
    meldingen.iter().map(|(id, it)| (*id, hidden(it))).collect()
}

#[cfg(test)]
mod tests;
