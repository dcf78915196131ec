//! Is somebody found again among a million, with the mistakes that people make, and how long does it take? Beside it the same question to the same
//! people in plain text, which this register never has: the trigrams of PostgreSQL (`pg_trgm`).
//!
//! A million real commands would take an hour, so the people are put in directly; their tokens and seals are made by what the read model
//! makes them with. A search is all that a worker waits for: finding, opening, scoring, and recording the look on disk.

mod mistake;
mod names;
pub(super) mod people;

use super::ground::Ground;
use super::share;
use super::table::{Bar, Line, Table, grouped};
use crate::cli::Trouble;
use crate::clock::{Clock, random_id};
use domain::decider::Stamp;
use domain::id::{Id, Organisation};
use domain::look::{Command, Look, Looked};
use mistake::{Asked, Mistake};
use people::Person;
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;
use std::collections::{BTreeMap, HashMap};
use std::time::Instant;
use store::access::Within;
use store::bench::{Invented, PlainText};
use store::find::Candidate;
use store::{RecordedBy, Store};
use uuid::Uuid;

/// An organisation that has nothing else.
const ORGANISATION: &str = "VT99";
const SHOWN: usize = 10;
/// How many people go in at a time.
const AT_A_TIME: usize = 5000;
/// Of so many questions one is asked in plain text as well: it is slow.
const PLAIN_EVERY: usize = 4;
const PART: &str = "zoeken";

/// A question, and who is meant.
struct Planted {
    kind: Mistake,
    asked: Asked,
    meant: Uuid,
}

/// How often who was meant was shown, of how many questions.
#[derive(Clone, Copy, Default)]
struct Recall {
    asked: f64,
    shown: f64,
}

impl Recall {
    fn count(&mut self, shown: bool) {
        self.asked += 1.0;
        self.shown += f64::from(u8::from(shown));
    }

    fn share(self) -> f64 {
        self.shown / self.asked.max(1.0)
    }
}

pub(super) async fn measure(
    ground: &Ground,
    persons: usize,
    questions: usize,
    table: &mut Table,
) -> Result<(), Trouble> {
    table.busy(&format!("een register met {} personen", grouped(persons as f64)));
    let organisation: Organisation = ORGANISATION.parse().expect("an organisation");
    let store = ground.store(RecordedBy::Database).await?;
    let plain = fill(ground, &store, organisation, persons).await?;
    let planted = plant(persons, questions);
    table.busy(&format!("{} keer zoeken", grouped(planted.len() as f64)));
    search(&store, organisation, &planted, table).await?;
    compare(plain, &planted, table).await?;
    store.stop();
    Ok(())
}

async fn fill(
    ground: &Ground,
    store: &Store,
    organisation: Organisation,
    persons: usize,
) -> Result<PlainText, Trouble> {
    let mut putting = store::bench::Putting::begin(&ground.url).await?;
    for first in (0..persons).step_by(AT_A_TIME) {
        let batch: Vec<Invented> = (first..persons.min(first + AT_A_TIME))
            .map(Person::number)
            .map(|it| Invented { person: it.id, card: it.card(), name: it.name(), born: it.date() })
            .collect();
        putting.put(store, organisation, &batch).await?;
    }
    Ok(putting.end().await?)
}

/// Questions about people drawn at random, as many of each kind.
fn plant(persons: usize, questions: usize) -> Vec<Planted> {
    let mut chance = ChaCha8Rng::seed_from_u64(42);
    let mut planted = Vec::new();
    let mut names = Vec::new();
    let kinds: Vec<Mistake> = Mistake::ALL
        .iter()
        .map(|(kind, _)| *kind)
        .filter(|it| *it != Mistake::CommonNameOnly)
        .collect();
    while planted.len() < questions {
        let kind = kinds[planted.len() % kinds.len()];
        let it = Person::number(chance.random_range(0..persons));
        let Some(asked) = kind.about(&it, &mut chance) else { continue };
        if kind == Mistake::NameOnly {
            names.push((it.first.clone(), it.last.clone()));
        }
        planted.push(Planted { kind, asked, meant: it.id });
    }
    let namesakes = namesakes(persons, names);
    for it in planted.iter_mut().filter(|it| it.kind == Mistake::NameOnly) {
        if namesakes[&(it.asked.first.clone(), it.asked.last.clone())] > SHOWN {
            it.kind = Mistake::CommonNameOnly;
        }
    }
    planted
}

/// How many people bear each of these names.
fn namesakes(persons: usize, names: Vec<(String, String)>) -> HashMap<(String, String), usize> {
    let mut count: HashMap<(String, String), usize> = names.into_iter().map(|it| (it, 0)).collect();
    for it in (0..persons).map(Person::number) {
        if let Some(bearers) = count.get_mut(&(it.first, it.last)) {
            *bearers += 1;
        }
    }
    count
}

async fn search(
    store: &Store,
    organisation: Organisation,
    planted: &[Planted],
    table: &mut Table,
) -> Result<(), Trouble> {
    let mut recall: BTreeMap<Mistake, Recall> = BTreeMap::new();
    let mut all = Recall::default();
    let mut milliseconds = Vec::with_capacity(planted.len());
    for it in planted {
        let asked = it.asked.card();
        let started = Instant::now();
        let found =
            store.search(organisation, &asked, SHOWN, &Within::default(), &|_| false).await?;
        record(store, organisation, &found).await?;
        milliseconds.push(started.elapsed().as_secs_f64() * 1000.0);
        let shown = found.iter().any(|candidate| candidate.person == it.meant);
        recall.entry(it.kind).or_default().count(shown);
        if it.kind != Mistake::CommonNameOnly {
            all.count(shown);
        }
    }
    for (kind, name) in Mistake::ALL {
        let of = recall.get(&kind).copied().unwrap_or_default();
        let what = format!("gevonden bij {} x {name}", grouped(of.asked));
        table.add(Line::new(PART, what, of.share(), ""));
    }
    let bar = Bar::AtLeast { floor: 0.95, goal: 0.99 };
    let what = format!("gevonden in alles, hoogstens {SHOWN} kandidaten");
    table.add(Line::new(PART, what, all.share(), "").judged(bar));
    table.add(Line::new(PART, "p50, met vastleggen", share(&mut milliseconds, 0.5), " ms"));
    let p95 = Line::new(PART, "p95, met vastleggen", share(&mut milliseconds, 0.95), " ms");
    table.add(p95.judged(Bar::AtMost { floor: 100.0 }));
    table.note("Alleen een naam die meer dan tien mensen dragen kan niet altijd bij de eerste tien staan; die vragen staan apart en tellen niet mee in alles.".to_owned());
    Ok(())
}

/// The same in plain text.
async fn compare(
    mut plain: PlainText,
    planted: &[Planted],
    table: &mut Table,
) -> Result<(), Trouble> {
    table.busy("dezelfde vragen aan pg_trgm");
    let mut all = Recall::default();
    let mut milliseconds = vec![];
    // A step that meets every kind.
    for it in planted.iter().step_by(PLAIN_EVERY).filter(|it| it.kind != Mistake::CommonNameOnly) {
        let started = Instant::now();
        let born = it.asked.born.as_deref().unwrap_or_default();
        let found = plain.search(&it.asked.name(), born, SHOWN as i64).await?;
        milliseconds.push(started.elapsed().as_secs_f64() * 1000.0);
        all.count(found.contains(&it.meant));
    }
    table.add(Line::new(PART, "pg_trgm op leesbare tekst, gevonden", all.share(), ""));
    table.add(Line::new(
        PART,
        "pg_trgm op leesbare tekst, p95",
        share(&mut milliseconds, 0.95),
        " ms",
    ));
    Ok(())
}

/// As the guard records it before the answer leaves.
async fn record(
    store: &Store,
    organisation: Organisation,
    found: &[Candidate],
) -> Result<(), Trouble> {
    let (id, at) = (random_id(), Clock::Running.now());
    let stamp = Stamp { organisation, by: Uuid::nil(), at, today: at.date_naive(), key: id };
    let shown = found.iter().flat_map(Candidate::persons).collect();
    let command = Command::Record(Box::new(Looked::example(shown)));
    let recorded = store.execute(Id::<Look>::new(id), command, vec![], &stamp, None).await;
    recorded.map(drop).map_err(|why| Trouble::Plain(format!("zoeken: {why}")))
}
