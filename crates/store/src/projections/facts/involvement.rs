//! Earlier involvement of every melding, derived from who occurs in which melding and how those stand
//! ([`domain::involvement`]). A melding that is recorded late, an assessment, a casus that closes: each may change the class of
//! later meldingen about the same persons, and the figures follow from the moment it is known.

mod rows;

use super::{Change, State};
use crate::log::Recorded;
use chrono::{DateTime, NaiveDate, Utc};
use domain::Event;
use domain::case;
use domain::codes::Code;
use domain::involvement::{self, CaseThen, Earlier};
use domain::melding::Melding;
use report::fact::{self, Fact};
use std::collections::{BTreeSet, HashMap, HashSet};
use uuid::Uuid;

/// What is known of the meldingen around a batch of events, and what changed.
#[derive(Default)]
pub(super) struct Known {
    meldingen: HashMap<Uuid, Seen>,
    by_person: HashMap<Uuid, BTreeSet<Uuid>>,
    by_case: HashMap<Uuid, BTreeSet<Uuid>>,
    closed: HashMap<Uuid, Option<NaiveDate>>,
    changed: BTreeSet<Uuid>,
    changed_cases: BTreeSet<Uuid>,
}

/// A melding, as far as this question goes.
#[derive(Clone, Debug, PartialEq)]
struct Seen {
    position: i64,
    received_on: NaiveDate,
    municipality: Code,
    persons: BTreeSet<Uuid>,
    withdrawn: bool,
    assessed: Option<(NaiveDate, Code)>,
    case: Option<Uuid>,
    /// Empty until it is classed for the first time.
    class: Option<Code>,
}

/// Between meldingen the day of receipt decides; of one day, the order of recording.
type Order = (NaiveDate, i64);

impl Known {
    /// Takes in an event of a melding (with its state after it) or of a casus. `changes` are those of this event alone: what one event
    /// does may not depend on which others come in the same batch.
    pub(super) fn take_in(&mut self, it: &Recorded, after: &State, changes: &mut Vec<Change>) {
        let around = match (&it.event, after) {
            (Event::Melding(_), State::Melding(state)) => self.melding(it, state, changes),
            (Event::Case(event), _) => self.case(it.stream_id, event),
            _ => BTreeSet::new(),
        };
        for id in around {
            self.class(id, it.recorded_at, changes);
        }
    }

    /// Answers with the meldingen whose class may be another now: this one, and those after it that share a person with it. Of these,
    /// and of no others, all that is before them was loaded.
    fn melding(
        &mut self,
        it: &Recorded,
        state: &Melding,
        changes: &mut Vec<Change>,
    ) -> BTreeSet<Uuid> {
        let id = it.stream_id;
        let Some(content) = state.content() else { return BTreeSet::new() };
        let before = self.meldingen.remove(&id);
        let mut around = BTreeSet::new();
        if let Some(before) = &before {
            // Persons who were taken out leave their other meldingen with one less before them.
            around.extend(self.sharing_after(before.order(), &before.persons));
            for person in &before.persons {
                self.by_person.entry(*person).or_default().remove(&id);
            }
            before.count(-1, it.recorded_at, changes);
        }
        let persons: BTreeSet<Uuid> = content.persons.iter().map(|person| person.id).collect();
        for person in &persons {
            self.by_person.entry(*person).or_default().insert(id);
        }
        let mut now = Seen {
            position: before.as_ref().map_or(it.position, |before| before.position),
            received_on: content.received.on,
            municipality: content.municipality.clone(),
            persons,
            withdrawn: matches!(state, Melding::Withdrawn(_)),
            assessed: match state {
                Melding::Assessed(_, assessment) => {
                    Some((assessment.on, assessment.follow_up.clone()))
                }
                Melding::Absent | Melding::Received(_) | Melding::Withdrawn(_) => None,
            },
            case: before.as_ref().and_then(|before| before.case),
            class: None,
        };
        let before_order = before.as_ref().map(Seen::order);
        now.class = before.and_then(|before| before.class);
        now.count(1, it.recorded_at, changes);
        let from = before_order.map_or(now.order(), |before| before.min(now.order()));
        around.extend(self.sharing_after(from, &now.persons));
        around.insert(id);
        self.meldingen.insert(id, now);
        self.changed.insert(id);
        around
    }

    fn case(&mut self, id: Uuid, event: &case::Event) -> BTreeSet<Uuid> {
        let touched: Vec<Uuid> = match event {
            case::Event::Opened { .. } => {
                self.closed.insert(id, None);
                self.changed_cases.insert(id);
                vec![]
            }
            case::Event::MeldingJoined { melding, .. } => {
                let Some(seen) = self.meldingen.get_mut(melding) else { return BTreeSet::new() };
                seen.case = Some(id);
                self.by_case.entry(id).or_default().insert(*melding);
                self.changed.insert(*melding);
                vec![*melding]
            }
            case::Event::Closed { on, .. } => {
                self.closed.insert(id, Some(*on));
                self.changed_cases.insert(id);
                self.by_case.get(&id).into_iter().flatten().copied().collect()
            }
            case::Event::PersonInvolved { .. }
            | case::Event::PairRecorded { .. }
            | case::Event::FollowUp(_)
            | case::Event::Household(_)
            | case::Event::Assignment(_)
            | case::Event::Investigation(_)
            | case::Event::Conditions(_)
            | case::Event::Handover(_)
            | case::Event::Measure(_)
            | case::Event::Multidisciplinary(_)
            | case::Event::Junction(_)
            | case::Event::Informing(_)
            | case::Event::Monitoring(_)
            | case::Event::Suspension(_)
            | case::Event::Transfer(_)
            | case::Event::Incident(_) => vec![],
        };
        let touched = touched.iter().filter_map(|melding| self.meldingen.get(melding));
        touched.flat_map(|seen| self.sharing_after(seen.order(), &seen.persons)).collect()
    }

    fn sharing(&self, persons: &BTreeSet<Uuid>) -> BTreeSet<Uuid> {
        persons.iter().filter_map(|person| self.by_person.get(person)).flatten().copied().collect()
    }

    /// Those that share a person and come after a place in the order: what is before them may have changed.
    fn sharing_after(&self, from: Order, persons: &BTreeSet<Uuid>) -> BTreeSet<Uuid> {
        let mut sharing = self.sharing(persons);
        sharing.retain(|id| self.meldingen.get(id).is_some_and(|seen| seen.order() > from));
        sharing
    }

    /// Classes a melding anew; when the class is another than before, the figures change.
    fn class(&mut self, id: Uuid, recorded_at: DateTime<Utc>, changes: &mut Vec<Change>) {
        let Some(seen) = self.meldingen.get(&id) else { return };
        let mut earlier = Vec::new();
        let mut known: HashSet<Uuid> = HashSet::new();
        for other in self.sharing(&seen.persons) {
            let Some(other) = self.meldingen.get(&other) else { continue };
            if other.order() < seen.order() && !other.withdrawn {
                known.extend(other.persons.intersection(&seen.persons));
                let case = other.case.map(|case| CaseThen {
                    closed_on: self.closed.get(&case).copied().flatten(),
                    monitored_from: None,
                });
                earlier.push(Earlier { assessed: other.assessed.clone(), case });
            }
        }
        let class =
            involvement::classify(seen.received_on, seen.persons.len(), known.len(), &earlier);
        if seen.class.as_ref() == Some(&class) {
            return;
        }
        seen.count(-1, recorded_at, changes);
        if let Some(seen) = self.meldingen.get_mut(&id) {
            seen.class = Some(class);
            seen.count(1, recorded_at, changes);
            self.changed.insert(id);
        }
    }
}

impl Seen {
    fn order(&self) -> Order {
        (self.received_on, self.position)
    }

    /// Adds or takes away what this melding counts for, once it has a class.
    fn count(&self, weight: i16, recorded_at: DateTime<Utc>, changes: &mut Vec<Change>) {
        let Some(class) = self.class.clone().filter(|_| !self.withdrawn) else { return };
        let fact = Fact::Involvement { municipality: self.municipality.clone(), class };
        let month = fact::month(self.received_on);
        // What was added by the same event and is taken away again leaves no trace.
        let undoes = |it: &Change| it.weight == -weight && it.month == month && it.fact == fact;
        if let Some(nth) = changes.iter().rposition(undoes) {
            changes.remove(nth);
        } else {
            changes.push(Change { month, fact, weight, recorded_at });
        }
    }
}
