//! Earlier involvement of every melding, derived from who occurs in which melding and how those stand
//! ([`domain::involvement`]). A melding that is recorded late, an assessment, a casus that closes, two persons who turn out to be one
//! human being: each may change the class of later meldingen about the same people, and the figures follow from the moment it is known.
//!
//! The same comparison tells who is in a melding for the first time that year, and how long ago the last melding was.

mod rows;

use super::links::Links;
use super::{Change, State};
use crate::log::Recorded;
use chrono::{DateTime, Datelike, NaiveDate, Utc};
use domain::case::{self, monitoring};
use domain::codes::Code;
use domain::involvement::{self, CaseThen, Earlier};
use domain::melding::Melding;
use domain::{Event, person};
use report::fact::{self, Fact};
use std::collections::{BTreeSet, HashMap};
use uuid::Uuid;

/// What is known of the meldingen around a batch of events, and what changed.
#[derive(Default)]
pub(super) struct Known {
    meldingen: HashMap<Uuid, Seen>,
    by_person: HashMap<Uuid, BTreeSet<Uuid>>,
    by_case: HashMap<Uuid, BTreeSet<Uuid>>,
    cases: HashMap<Uuid, CaseThen>,
    links: Links,
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
    /// Empty until it is compared for the first time.
    compared: Option<Compared>,
}

/// What follows for a melding from those before it.
#[derive(Clone, Debug, PartialEq)]
struct Compared {
    class: Code,
    /// How many of its human beings were in no earlier melding of the same year.
    first_this_year: i16,
    /// Whole months since the latest earlier melding about one of them.
    months: Option<u8>,
}

/// Between meldingen the day of receipt decides; of one day, the order of recording.
type Order = (NaiveDate, i64);

impl Known {
    /// Takes in an event of a melding (with its state after it), of a casus or of a person. `changes` are those of this event alone: what
    /// one event does may not depend on which others come in the same batch.
    pub(super) fn take_in(&mut self, it: &Recorded, after: &State, changes: &mut Vec<Change>) {
        let around = match (&it.event, after) {
            (Event::Melding(_), State::Melding(state)) => self.melding(it, state, changes),
            (Event::Case(event), _) => self.case(it.stream_id, event),
            (Event::Person(event), _) => self.person(it, event),
            (
                Event::Melding(_)
                | Event::Contact(_)
                | Event::Advice(_)
                | Event::Request(_)
                | Event::Look(_)
                | Event::Erasure(_)
                | Event::Emergency(_),
                _,
            ) => return,
        };
        for id in around {
            self.compare(id, it.recorded_at, changes);
        }
    }

    /// Answers with the meldingen that may compare otherwise now: this one, and those after it that share a human being with it. Of
    /// these, and of no others, all that is before them was loaded.
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
            compared: None,
        };
        let before_order = before.as_ref().map(Seen::order);
        now.compared = before.and_then(|before| before.compared);
        now.count(1, it.recorded_at, changes);
        let from = before_order.map_or(now.order(), |before| before.min(now.order()));
        around.extend(self.sharing_after(from, &now.persons));
        around.insert(id);
        self.meldingen.insert(id, now);
        self.changed.insert(id);
        around
    }

    /// What is known of a casus is kept here and in `known_case`, by one arm per event that changes it.
    fn case(&mut self, id: Uuid, event: &case::Event) -> BTreeSet<Uuid> {
        let touched: Vec<Uuid> = match event {
            case::Event::Opened { .. } => {
                self.cases.insert(id, CaseThen::default());
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
            case::Event::Closed { on, .. } => self.stands(id, |it| it.closed_on = Some(*on)),
            case::Event::Monitoring(monitoring::Event::Started { on }) => self.stands(id, |it| {
                (it.monitored_from, it.monitored_until) = (Some(*on), None);
            }),
            case::Event::Monitoring(monitoring::Event::Ended { on }) => {
                self.stands(id, |it| it.monitored_until = Some(*on))
            }
            case::Event::PersonInvolved { .. }
            | case::Event::PairRecorded { .. }
            | case::Event::FollowUp(_)
            | case::Event::Household(_)
            | case::Event::Assignment(_)
            | case::Event::Restriction(_)
            | case::Event::Hold(_)
            | case::Event::Investigation(_)
            | case::Event::Conditions(_)
            | case::Event::Handover(_)
            | case::Event::Measure(_)
            | case::Event::Multidisciplinary(_)
            | case::Event::Junction(_)
            | case::Event::Informing(_)
            | case::Event::Monitoring(
                monitoring::Event::Planned { .. }
                | monitoring::Event::Held { .. }
                | monitoring::Event::Cancelled { .. },
            )
            | case::Event::Suspension(_)
            | case::Event::Transfer(_)
            | case::Event::Incident(_)
            | case::Event::Request(_)
            | case::Event::Research(_) => vec![],
        };
        let touched = touched.iter().filter_map(|melding| self.meldingen.get(melding));
        touched.flat_map(|seen| self.sharing_after(seen.order(), &seen.persons)).collect()
    }

    /// A casus stands otherwise: answers with its meldingen.
    fn stands(&mut self, id: Uuid, otherwise: impl FnOnce(&mut CaseThen)) -> Vec<Uuid> {
        otherwise(self.cases.entry(id).or_default());
        self.changed_cases.insert(id);
        self.by_case.get(&id).into_iter().flatten().copied().collect()
    }

    /// Two persons are one human being, or are not: every melding about that human being is compared anew.
    fn person(&mut self, it: &Recorded, event: &person::Event) -> BTreeSet<Uuid> {
        let (with, one) = match event {
            person::Event::Merged { with, .. } => (*with, true),
            person::Event::Unmerged { with, .. } => (*with, false),
            person::Event::Registered { .. }
            | person::Event::Identified { .. }
            | person::Event::IdentityCorrected { .. }
            | person::Event::Born { .. }
            | person::Event::AddressHidden { .. }
            | person::Event::AddressShown { .. } => return BTreeSet::new(),
        };
        let pair = [it.stream_id, with];
        // Before a link goes and after it came, everybody is found from either of the two.
        let around = self.sharing(&BTreeSet::from(pair));
        let changed = if one { self.links.merge(pair, it) } else { self.links.unmerge(pair, it) };
        if changed { around } else { BTreeSet::new() }
    }

    /// The meldingen about the human beings that these persons are.
    fn sharing(&self, persons: &BTreeSet<Uuid>) -> BTreeSet<Uuid> {
        let all = persons.iter().flat_map(|person| self.links.same_as(*person));
        all.filter_map(|person| self.by_person.get(&person)).flatten().copied().collect()
    }

    fn humans(&self, persons: &BTreeSet<Uuid>) -> BTreeSet<Uuid> {
        persons.iter().map(|person| self.links.human(*person)).collect()
    }

    /// Those that share a human being and come after a place in the order: what is before them may have changed.
    fn sharing_after(&self, from: Order, persons: &BTreeSet<Uuid>) -> BTreeSet<Uuid> {
        let mut sharing = self.sharing(persons);
        sharing.retain(|id| self.meldingen.get(id).is_some_and(|seen| seen.order() > from));
        sharing
    }

    /// Compares a melding anew with those before it; when that gives something else, the figures change.
    fn compare(&mut self, id: Uuid, recorded_at: DateTime<Utc>, changes: &mut Vec<Change>) {
        let Some(seen) = self.meldingen.get(&id) else { return };
        let compared = self.compared(seen);
        if seen.compared.as_ref() == Some(&compared) {
            return;
        }
        seen.count(-1, recorded_at, changes);
        if let Some(seen) = self.meldingen.get_mut(&id) {
            seen.compared = Some(compared);
            seen.count(1, recorded_at, changes);
            self.changed.insert(id);
        }
    }

    fn compared(&self, seen: &Seen) -> Compared {
        let humans = self.humans(&seen.persons);
        let (mut known, mut this_year) = (BTreeSet::new(), BTreeSet::new());
        let mut latest = None;
        let mut earlier = Vec::new();
        for other in self.sharing(&seen.persons) {
            let Some(other) = self.meldingen.get(&other) else { continue };
            if other.order() >= seen.order() || other.withdrawn {
                continue;
            }
            let shared =
                self.humans(&other.persons).intersection(&humans).copied().collect::<Vec<_>>();
            if other.received_on.year() == seen.received_on.year() {
                this_year.extend(shared.iter().copied());
            }
            known.extend(shared);
            latest = latest.max(Some(other.received_on));
            let case = other.case.map(|case| self.cases.get(&case).copied().unwrap_or_default());
            earlier.push(Earlier { assessed: other.assessed.clone(), case });
        }
        let since = |latest| involvement::months_between(latest, seen.received_on);
        Compared {
            class: involvement::classify(seen.received_on, humans.len(), known.len(), &earlier),
            first_this_year: (humans.len() - this_year.len()) as i16,
            months: latest.map(since),
        }
    }
}

impl Seen {
    fn order(&self) -> Order {
        (self.received_on, self.position)
    }

    /// Adds or takes away what this melding counts for, once it was compared.
    fn count(&self, sign: i16, recorded_at: DateTime<Utc>, changes: &mut Vec<Change>) {
        let Some(compared) = self.compared.as_ref().filter(|_| !self.withdrawn) else { return };
        let municipality = || self.municipality.clone();
        let class = compared.class.clone();
        let involvement = Fact::Involvement { municipality: municipality(), class };
        let first = Fact::FirstThisYear { municipality: municipality() };
        let repeat =
            compared.months.map(|months| Fact::Repeat { municipality: municipality(), months });
        let facts = [(involvement, 1), (first, compared.first_this_year)];
        let month = fact::month(self.received_on);
        for (fact, weight) in facts.into_iter().chain(repeat.map(|it| (it, 1))) {
            add(Change { month, fact, weight: sign * weight, recorded_at }, changes);
        }
    }
}

/// Adds to what the same event changes already; what comes to nothing leaves no trace.
fn add(change: Change, changes: &mut Vec<Change>) {
    let same = |it: &Change| it.month == change.month && it.fact == change.fact;
    let nth = changes.iter().position(same).unwrap_or(changes.len());
    if nth == changes.len() {
        changes.push(change);
    } else {
        changes[nth].weight += change.weight;
    }
    changes.retain(|it| it.weight != 0);
}
