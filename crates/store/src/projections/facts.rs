//! The facts: how often does what hold in which month, as known on any date?
//!
//! Append-only in itself: an event adds the facts of its stream after it, and takes away those before it. So a late entry or a correction
//! shows only in reports as known after it, and the same question always has the same answer.

mod figures;
mod involvement;
mod links;
mod persons;
mod rows;

use crate::log::{self, Recorded};
use crate::{Failed, Store, chain};
use chrono::{DateTime, NaiveDate, Utc};
use domain::Event;
use domain::advice::Advice;
use domain::case::Case;
use domain::contact::Contact;
use domain::decider::Decider;
use domain::id::Organisation;
use domain::melding::Melding;
use domain::request::Request;
use report::fact::{self, Fact, Month};
use sqlx::PgConnection;
use std::collections::{BTreeMap, HashMap, HashSet};
use std::mem::{Discriminant, discriminant};
use uuid::Uuid;

/// A change of the figures.
pub(super) struct Change {
    pub(super) month: Month,
    pub(super) fact: Fact,
    pub(super) weight: i16,
    pub(super) recorded_at: DateTime<Utc>,
}

/// As much of a stream as the figures need.
#[derive(Clone, Debug, Default)]
pub(super) enum State {
    #[default]
    Uncounted,
    Contact(Contact),
    Advice(Advice),
    Melding(Melding),
    Case(Box<Case>),
    Request(Box<Request>),
}

impl State {
    fn evolve(self, event: &Event) -> Self {
        match (self, event) {
            (Self::Contact(it), Event::Contact(event)) => Self::Contact(it.evolve(event)),
            (Self::Advice(it), Event::Advice(event)) => Self::Advice(it.evolve(event)),
            (Self::Melding(it), Event::Melding(event)) => Self::Melding(it.evolve(event)),
            (Self::Case(it), Event::Case(event)) => Self::Case(Box::new(it.evolve(event))),
            (Self::Request(it), Event::Request(event)) => Self::Request(Box::new(it.evolve(event))),
            (_, Event::Contact(event)) => Self::Contact(Contact::default().evolve(event)),
            (_, Event::Advice(event)) => Self::Advice(Advice::default().evolve(event)),
            (_, Event::Melding(event)) => Self::Melding(Melding::default().evolve(event)),
            (_, Event::Case(event)) => Self::Case(Box::new(Case::default().evolve(event))),
            (_, Event::Request(event)) => Self::Request(Box::new(Request::default().evolve(event))),
            // A person adds to the figures through meldingen ([`involvement`]); a look adds nothing.
            (it, Event::Person(_) | Event::Look(_) | Event::Erasure(_) | Event::Emergency(_)) => it,
        }
    }

    fn facts(&self) -> Vec<(NaiveDate, Fact)> {
        match self {
            Self::Uncounted => vec![],
            Self::Contact(it) => fact::of_contact(it),
            Self::Advice(it) => fact::of_advice(it),
            Self::Melding(it) => fact::of_melding(it),
            Self::Case(it) => fact::of_case(it),
            Self::Request(it) => fact::of_request(it).into_iter().collect(),
        }
    }
}

pub(super) async fn project(
    store: &Store,
    on: &mut PgConnection,
    generation: i16,
    news: &[Recorded],
) -> Result<(), Failed> {
    let Some(first) = news.first() else { return Ok(()) };
    let organisation = first.organisation;
    let mut states = earlier(on, organisation, news).await?;
    let mut known = involvement::Known::load(on, generation, organisation, news).await?;
    let mut changes = Vec::with_capacity(news.len() * 4);
    for it in news {
        let counted = states.entry(stream(it)).or_default();
        let mut changed = Vec::new();
        counted.take_in(it, &mut changed);
        known.take_in(it, &counted.state, &mut changed);
        changes.append(&mut changed);
    }
    known.store(on, generation, organisation).await?;
    insert(store, on, generation, organisation, &changes).await?;
    let last = news.last().map_or(first.recorded_at, |it| it.recorded_at);
    figures::sum_up(on, generation, organisation, last).await
}

/// A stream and what it adds to the figures. The facts after one event are those before the next: each state is counted once.
#[derive(Debug, Default)]
struct Counted {
    state: State,
    facts: Option<Vec<(Month, Fact)>>,
}

impl Counted {
    /// Takes in an event, and notes how the figures change by it.
    fn take_in(&mut self, it: &Recorded, changes: &mut Vec<Change>) {
        let mut difference: BTreeMap<(Month, Fact), i16> = BTreeMap::new();
        if counts(&it.event) {
            let before = self.facts.take().unwrap_or_else(|| by_month(self.state.facts()));
            self.evolve(&it.event);
            let after = by_month(self.state.facts());
            let (gone, new) = apart(&before, &after);
            for fact in gone {
                *difference.entry(fact.clone()).or_default() -= 1;
            }
            for fact in new {
                *difference.entry(fact.clone()).or_default() += 1;
            }
            self.facts = Some(after);
        } else {
            self.evolve(&it.event);
        }
        if let Some(entry) = fact::of_entry(&it.event, it.recorded_at.date_naive()) {
            *difference.entry(in_month(entry)).or_default() += 1;
        }
        let changed = difference.into_iter().filter(|(_, weight)| *weight != 0);
        changes.extend(changed.map(|((month, fact), weight)| Change {
            month,
            fact,
            weight,
            recorded_at: it.recorded_at,
        }));
    }

    fn evolve(&mut self, event: &Event) {
        self.state = std::mem::take(&mut self.state).evolve(event);
    }
}

/// Whether an event can change what its stream adds.
fn counts(event: &Event) -> bool {
    match event {
        Event::Contact(_) | Event::Advice(_) | Event::Melding(_) | Event::Request(_) => true,
        Event::Case(event) => fact::counts(event),
        Event::Person(_) | Event::Look(_) | Event::Erasure(_) | Event::Emergency(_) => false,
    }
}

fn in_month((on, fact): (NaiveDate, Fact)) -> (Month, Fact) {
    (fact::month(on), fact)
}

fn by_month(facts: Vec<(NaiveDate, Fact)>) -> Vec<(Month, Fact)> {
    facts.into_iter().map(in_month).collect()
}

/// Both without what they begin and end with alike: a step in a long casus changes few of its facts, and the others need no comparing.
fn apart<'f, T: PartialEq>(before: &'f [T], after: &'f [T]) -> (&'f [T], &'f [T]) {
    let same = |(a, b): &(&T, &T)| a == b;
    let first = before.iter().zip(after).take_while(same).count();
    let (before, after) = (&before[first..], &after[first..]);
    let last = before.iter().rev().zip(after.iter().rev()).take_while(same).count();
    (&before[..before.len() - last], &after[..after.len() - last])
}

/// One stream among all: callers make the ids, and may use one for streams of two kinds.
type Stream = (Uuid, Discriminant<Event>);

fn stream(it: &Recorded) -> Stream {
    (it.stream_id, discriminant(&it.event))
}

/// The streams that go on in this batch, as they were before it; one of which nothing is counted now is left out, for its state is
/// not looked at.
async fn earlier(
    on: &mut PgConnection,
    organisation: Organisation,
    news: &[Recorded],
) -> Result<HashMap<Stream, Counted>, Failed> {
    let begun: HashSet<Stream> = news.iter().filter(|it| it.version == 1).map(stream).collect();
    let mut going_on: Vec<Uuid> = news
        .iter()
        .filter(|it| counts(&it.event))
        .filter(|it| !begun.contains(&stream(it)))
        .map(|it| it.stream_id)
        .collect();
    going_on.sort_unstable();
    going_on.dedup();
    let mut states: HashMap<Stream, Counted> = HashMap::new();
    let up_to = news.first().map_or(0, |it| it.position - 1);
    if !going_on.is_empty() {
        for it in log::of_streams(on, organisation, &going_on, up_to).await? {
            states.entry(stream(&it)).or_default().evolve(&it.event);
        }
    }
    Ok(states)
}

async fn insert(
    store: &Store,
    on: &mut PgConnection,
    generation: i16,
    organisation: Organisation,
    changes: &[Change],
) -> Result<(), Failed> {
    if changes.is_empty() {
        return Ok(());
    }
    let kinds = kinds(store, on, changes).await?;
    rows::insert(on, generation, organisation, changes, &kinds).await
}

/// The number of each fact. New ones are added outside the transaction: they mean nothing until they are counted, and nobody waits for
/// another organisation's counting.
async fn kinds(
    store: &Store,
    on: &mut PgConnection,
    changes: &[Change],
) -> Result<Vec<i32>, Failed> {
    let texts = changes.iter().map(|it| serde_json::to_string(&it.fact));
    let texts = texts.collect::<Result<Vec<String>, _>>()?;
    let keys: Vec<u128> = texts.iter().map(|text| key(text)).collect();
    let mut new: BTreeMap<u128, &str> = BTreeMap::new();
    {
        let cache = store.inner.kinds.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        for (key, text) in keys.iter().zip(&texts) {
            if !cache.contains_key(key) {
                new.insert(*key, text);
            }
        }
    }
    if !new.is_empty() {
        let unknown: Vec<String> = new.values().map(|&text| text.to_owned()).collect();
        let mut own = store.inner.aside.acquire().await?;
        sqlx::query!(
            "insert into fact_kind (fact) select * from unnest($1::text[]) as t (fact)
             where not exists (select from fact_kind k where k.fact = t.fact) on conflict do nothing",
            &unknown
        )
        .execute(&mut *own)
        .await?;
        drop(own);
        let rows = sqlx::query!("select id, fact from fact_kind where fact = any($1)", &unknown)
            .fetch_all(on)
            .await?;
        let mut cache = store.inner.kinds.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        cache.extend(rows.into_iter().map(|row| (key(&row.fact), row.id)));
    }
    let cache = store.inner.kinds.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    let missing = || Failed::Database(sqlx::Error::RowNotFound);
    keys.iter().map(|key| cache.get(key).copied().ok_or_else(missing)).collect()
}

/// Half of a SHA-256: the cache holds no texts.
fn key(text: &str) -> u128 {
    let hash = chain::sha256(&[text.as_bytes()]);
    hash.iter().take(16).fold(0, |sum, byte| sum << 8 | u128::from(*byte))
}

pub(super) async fn remove(on: &mut PgConnection, generation: i16) -> Result<(), Failed> {
    for table in [
        sqlx::query!("delete from fact where generation = $1", generation),
        sqlx::query!("delete from fact_sum where generation = $1", generation),
        sqlx::query!("delete from fact_summed where generation = $1", generation),
        sqlx::query!("delete from known_person where generation = $1", generation),
        sqlx::query!("delete from known_melding where generation = $1", generation),
        sqlx::query!("delete from known_case where generation = $1", generation),
        sqlx::query!("delete from known_link where generation = $1", generation),
    ] {
        table.execute(&mut *on).await?;
    }
    Ok(())
}

/// The number of rows and the sum of their hashes, table by table.
pub(super) async fn content(on: &mut PgConnection, generation: i16) -> Result<String, Failed> {
    let hashes = sqlx::query_scalar!(
        r#"select format('%s/%s', count(*), sum(hash)) as "hash!" from (
               select 1 as of, hash_record_extended(row(organisation, month, kind, recorded_at, weight), 0) as hash
               from fact where generation = $1
               union all
               select 2, hash_record_extended(row(organisation, month, kind, recorded_before, weight), 0)
               from fact_sum where generation = $1
               union all
               select 3, hash_record_extended(row(organisation, until), 0) from fact_summed where generation = $1
               union all
               select 4, hash_record_extended(row(organisation, melding, position, received_on, municipality, withdrawn,
                   assessed_on, follow_up, case_id, class, first_this_year, months_since), 0)
               from known_melding where generation = $1
               union all
               select 5, hash_record_extended(row(organisation, person, melding), 0)
               from known_person where generation = $1
               union all
               select 6, hash_record_extended(row(organisation, case_id, closed_on, monitored_from, monitored_until), 0)
               from known_case where generation = $1
               union all
               select 7, hash_record_extended(row(organisation, person, other, position, since, until), 0)
               from known_link where generation = $1) as rows
           group by of order by of"#,
        generation
    )
    .fetch_all(on)
    .await?;
    Ok(hashes.join(" "))
}
