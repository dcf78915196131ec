//! The same figures and lists, recounted from the first event in the plainest way there is: fold every stream, compare every melding
//! with every other, go through all links until nobody is found any more. Slow, and right without any of the bookkeeping of the read models.

use chrono::Datelike;
use domain::advice::Advice;
use domain::case::{self, Case, Stage, deadlines};
use domain::codes::Code;
use domain::contact::Contact;
use domain::deadline::{Deadline, Kind, assessment_due};
use domain::decider::Decider;
use domain::id::Organisation;
use domain::involvement::{CaseThen, Earlier, classify, months_between};
use domain::melding::{Content, Melding};
use domain::request::Request;
use domain::{Event, person};
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
    requests: HashMap<Uuid, Request>,
    /// The casus that a melding joined last.
    joined: HashMap<Uuid, Uuid>,
    /// Who turned out to be one human being.
    links: BTreeSet<BTreeSet<Uuid>>,
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
                Event::Person(person::Event::Merged { with, .. }) => {
                    told.links.insert([id, *with].into());
                }
                Event::Person(person::Event::Unmerged { with, .. }) => {
                    told.links.remove(&[id, *with].into());
                }
                Event::Request(event) => go_on(&mut told.requests, id, event),
                Event::Person(_) | Event::Look(_) | Event::Erasure(_) | Event::Emergency(_) => {}
            }
            let entry = fact::of_entry(&it.event, it.recorded_at.date_naive());
            told.entries.extend(entry.map(|(on, fact)| (fact::month(on), fact)));
        }
        told
    }

    /// What a melding counts for beside those before it.
    fn compared(&self, position: i64, content: &Content) -> Vec<Fact> {
        let humans = self.humans(content);
        let (mut known, mut this_year) = (BTreeSet::new(), BTreeSet::new());
        let (mut earlier, mut months) = (Vec::new(), Vec::new());
        let on = content.received.on;
        for (other_id, (other_position, other)) in &self.meldingen {
            let Some(other_content) = other.content() else { continue };
            let other_on = other_content.received.on;
            let other_humans = self.humans(other_content);
            let shared: Vec<Uuid> = humans.intersection(&other_humans).copied().collect();
            let before = (other_on, *other_position) < (on, position);
            if matches!(other, Melding::Withdrawn(_)) || shared.is_empty() || !before {
                continue;
            }
            if other_on.year() == on.year() {
                this_year.extend(shared.clone());
            }
            known.extend(shared);
            months.push(months_between(other_on, on));
            let assessed = match other {
                Melding::Assessed(_, it) => Some((it.on, it.follow_up.clone())),
                Melding::Absent | Melding::Received(_) | Melding::Withdrawn(_) => None,
            };
            earlier.push(Earlier { assessed, case: self.case_of(*other_id) });
        }
        let municipality = || content.municipality.clone();
        let class = classify(on, humans.len(), known.len(), &earlier);
        let new = humans.difference(&this_year);
        let first = new.map(|_| Fact::FirstThisYear { municipality: municipality() });
        let latest = months.into_iter().min();
        let repeat = latest.map(|months| Fact::Repeat { municipality: municipality(), months });
        let involvement = Fact::Involvement { municipality: municipality(), class };
        first.chain(repeat).chain([involvement]).collect()
    }

    /// The human beings of a melding, each by the lowest of all ids under which they are known.
    fn humans(&self, content: &Content) -> BTreeSet<Uuid> {
        let lowest = |person: Uuid| {
            let mut same = BTreeSet::from([person]);
            loop {
                let linked = self.links.iter().filter(|link| !link.is_disjoint(&same));
                let more: BTreeSet<Uuid> = linked.flatten().copied().collect();
                if more.is_subset(&same) {
                    return *same.first().unwrap();
                }
                same.extend(more);
            }
        };
        content.persons.iter().map(|it| lowest(it.id)).collect()
    }

    fn case_of(&self, melding: Uuid) -> Option<CaseThen> {
        let case = self.cases.get(self.joined.get(&melding)?)?;
        let closed_on = match case.stage {
            Stage::Closed { on, .. } => Some(on),
            Stage::Open { .. } | Stage::Absent => None,
        };
        let (monitored_from, monitored_until) = (case.monitoring.since, case.monitoring.ended_on);
        Some(CaseThen { closed_on, monitored_from, monitored_until })
    }
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
    let cases = told.cases.values().flat_map(fact::of_case);
    let requests = told.requests.values().filter_map(fact::of_request);
    for (on, fact) in contacts.chain(adviezen).chain(meldingen).chain(cases).chain(requests) {
        add(fact::month(on), fact);
    }
    for (month, fact) in told.entries.clone() {
        add(month, fact);
    }
    for (position, melding) in told.meldingen.values() {
        if let Melding::Received(content) | Melding::Assessed(content, _) = melding {
            for fact in told.compared(*position, content) {
                add(fact::month(content.received.on), fact);
            }
        }
    }
    figures
}

/// The worklist of one organisation, from its whole log.
pub(super) fn relist(log: &[Recorded]) -> Vec<Entry> {
    let told = Told::by(log);
    let assigned = assigned(log);
    let of_melding = |(id, (_, state)): (&Uuid, &(i64, Melding))| {
        let Melding::Received(content) = state else { return None };
        let (worker, team) = assigned.get(id).copied().unzip();
        Some(Entry {
            kind: Kind::Assessment,
            file: *id,
            about: *id,
            since: content.received.on,
            due_on: Some(assessment_due(content.received.on)),
            municipality: content.municipality.to_string(),
            acute_danger: Some(content.acute_danger.to_string()),
            worker,
            team: team.flatten(),
        })
    };
    let of_case = |(id, case): (&Uuid, &Case)| {
        let municipality = case.municipality().map_or("onbekend", Code::as_str).to_owned();
        let open = deadlines::open(case).into_iter().map(|it| Entry {
            kind: it.kind,
            file: *id,
            about: it.about,
            since: it.from,
            due_on: it.due_on,
            municipality: municipality.clone(),
            acute_danger: None,
            worker: case.assignment.worker,
            team: case.assignment.team,
        });
        open.collect::<Vec<_>>()
    };
    let mut entries: Vec<Entry> = told.meldingen.iter().filter_map(of_melding).collect();
    entries.extend(told.cases.iter().flat_map(of_case));
    let of_request = |(id, it): (&Uuid, &Request)| {
        let term = it.deadline().filter(Deadline::is_open)?;
        Some(Entry {
            kind: term.kind,
            file: *id,
            about: term.about,
            since: term.from,
            due_on: term.due_on,
            municipality: "onbekend".to_owned(),
            acute_danger: None,
            worker: None,
            team: None,
        })
    };
    entries.extend(told.requests.iter().filter_map(of_request));
    let last = |it: &Entry| (it.due_on.is_none(), it.due_on, it.kind.code(), it.about, it.file);
    entries.sort_by_key(last);
    entries
}

/// To whom each melding was given last.
fn assigned(log: &[Recorded]) -> HashMap<Uuid, (Uuid, Option<Uuid>)> {
    let given = log.iter().filter_map(|it| match &it.event {
        Event::Melding(domain::melding::Event::Assigned { worker, team, .. }) => {
            Some((it.stream_id, (*worker, *team)))
        }
        _ => None,
    });
    given.collect()
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
