//! The same figures and lists, recounted from the first event in the plainest way there is: fold every stream, compare every melding
//! with every other. Slow, and right without any of the bookkeeping of the read models.

use domain::Event;
use domain::advice::Advice;
use domain::calendar::assessment_due;
use domain::case::{self, Case, Stage};
use domain::codes::Code;
use domain::contact::Contact;
use domain::decider::Decider;
use domain::id::Organisation;
use domain::involvement::{CaseThen, Earlier, classify};
use domain::melding::{Content, Melding};
use report::fact::{self, Fact, Month};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use store::Store;
use store::log::Recorded;
use store::projections::worklist::Entry;
use uuid::Uuid;

pub(super) type Figures = BTreeMap<(Month, Fact), i64>;

/// All streams of one organisation, folded.
#[derive(Default)]
struct Told {
    contacts: HashMap<Uuid, Contact>,
    adviezen: HashMap<Uuid, Advice>,
    /// With the position of the first event: it decides between meldingen of one day.
    meldingen: HashMap<Uuid, (i64, Melding)>,
    cases: HashMap<Uuid, Case>,
    /// The casus that a melding joined last.
    joined: HashMap<Uuid, Uuid>,
    entries: Vec<(Month, Fact)>,
}

impl Told {
    fn by(log: &[Recorded]) -> Self {
        let mut told = Self::default();
        for it in log {
            let id = it.stream_id;
            match &it.event {
                Event::Contact(event) => go_on(&mut told.contacts, id, event),
                Event::Advice(event) => go_on(&mut told.adviezen, id, event),
                Event::Case(event) => {
                    if let case::Event::MeldingJoined { melding, .. } = event {
                        told.joined.insert(*melding, id);
                    }
                    go_on(&mut told.cases, id, event);
                }
                Event::Melding(event) => {
                    let (position, state) = told.meldingen.remove(&id).unwrap_or_default();
                    let position = if position == 0 { it.position } else { position };
                    told.meldingen.insert(id, (position, state.evolve(event)));
                }
                Event::Person(_) | Event::Look(_) => {}
            }
            let entry = fact::of_entry(&it.event, it.recorded_at.date_naive());
            told.entries.extend(entry.map(|(on, fact)| (fact::month(on), fact)));
        }
        told
    }

    fn class(&self, position: i64, content: &Content) -> Code {
        let persons = persons(content);
        let mut known = BTreeSet::new();
        let mut earlier = Vec::new();
        for (other_id, (other_position, other)) in &self.meldingen {
            let Some(other_content) = other.content() else { continue };
            let shared: Vec<Uuid> =
                persons.intersection(&self::persons(other_content)).copied().collect();
            let before =
                (other_content.received.on, *other_position) < (content.received.on, position);
            if matches!(other, Melding::Withdrawn(_)) || shared.is_empty() || !before {
                continue;
            }
            known.extend(shared);
            let assessed = match other {
                Melding::Assessed(_, it) => Some((it.on, it.follow_up.clone())),
                Melding::Absent | Melding::Received(_) | Melding::Withdrawn(_) => None,
            };
            earlier.push(Earlier { assessed, case: self.case_of(*other_id) });
        }
        classify(content.received.on, persons.len(), known.len(), &earlier)
    }

    fn case_of(&self, melding: Uuid) -> Option<CaseThen> {
        let case = self.cases.get(self.joined.get(&melding)?)?;
        let closed_on = match case.stage {
            Stage::Closed { on, .. } => Some(on),
            Stage::Open { .. } | Stage::Absent => None,
        };
        Some(CaseThen { closed_on, monitored_from: None })
    }
}

fn persons(content: &Content) -> BTreeSet<Uuid> {
    content.persons.iter().map(|it| it.id).collect()
}

fn go_on<D: Decider>(streams: &mut HashMap<Uuid, D>, id: Uuid, event: &D::Event) {
    let state = streams.remove(&id).unwrap_or_default();
    streams.insert(id, state.evolve(event));
}

/// The figures of one organisation, from its whole log.
pub(super) fn recount(log: &[Recorded]) -> Figures {
    let told = Told::by(log);
    let mut figures = Figures::new();
    let mut add = |month, fact| *figures.entry((month, fact)).or_default() += 1;
    let contacts = told.contacts.values().flat_map(fact::of_contact);
    let adviezen = told.adviezen.values().flat_map(fact::of_advice);
    let meldingen = told.meldingen.values().flat_map(|(_, it)| fact::of_melding(it));
    for (on, fact) in contacts.chain(adviezen).chain(meldingen) {
        add(fact::month(on), fact);
    }
    for (month, fact) in told.entries.clone() {
        add(month, fact);
    }
    for (position, melding) in told.meldingen.values() {
        if let Melding::Received(content) | Melding::Assessed(content, _) = melding {
            let class = told.class(*position, content);
            let municipality = content.municipality.clone();
            add(fact::month(content.received.on), Fact::Involvement { municipality, class });
        }
    }
    figures
}

/// The worklist of one organisation, from its whole log.
pub(super) fn relist(log: &[Recorded]) -> Vec<Entry> {
    let told = Told::by(log);
    let waiting = told.meldingen.iter().filter_map(|(melding, (_, state))| match state {
        Melding::Received(content) => Some(Entry {
            melding: *melding,
            received_on: content.received.on,
            due_on: assessment_due(content.received.on),
            municipality: content.municipality.to_string(),
            acute_danger: content.acute_danger.to_string(),
        }),
        Melding::Absent | Melding::Assessed(..) | Melding::Withdrawn(_) => None,
    });
    let mut entries: Vec<Entry> = waiting.collect();
    entries.sort_by_key(|it| (it.due_on, it.melding));
    entries
}

/// What the store answers to the same question.
pub(super) async fn counted(
    store: &Store,
    organisation: Organisation,
    as_known_at: chrono::DateTime<chrono::Utc>,
) -> Figures {
    let all = store.counted(Some(organisation), 201_501, 209_912, as_known_at).await.unwrap();
    let months = all.iter().flat_map(|it| it.months.iter().map(move |month| (month, &it.fact)));
    months.map(|((month, count), fact)| ((*month, fact.clone()), *count)).collect()
}

/// Where two counts differ, in words: for whoever has to find out why.
pub(super) fn same(counted: &Figures, recounted: &Figures, when: &str) {
    if counted == recounted {
        return;
    }
    let of = |figures: &Figures, key| figures.get(key).copied().unwrap_or(0);
    let keys: BTreeSet<_> = counted.keys().chain(recounted.keys()).collect();
    let different = keys.into_iter().filter(|key| of(counted, key) != of(recounted, key));
    let lines: Vec<String> = different
        .map(|key| format!("{} counted, {} there: {key:?}", of(counted, key), of(recounted, key)))
        .collect();
    panic!("{when}:\n{}", lines.join("\n"));
}
