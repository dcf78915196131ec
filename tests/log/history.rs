//! A random past, the same for the same seed: contacts, adviezen and meldingen of the same few people, told late, corrected, assessed,
//! withdrawn, joined in casussen with all steps of the process, that close; some of the people turn out to be one human being, or two
//! after all. Whatever the domain refuses did not happen.

mod people;
mod process;
mod requests;

use super::given::{at, content, id, pair, person};
use chrono::{DateTime, Days, Duration, NaiveDate, Utc};
use domain::codes::Code;
use domain::decider::{Decider, Stamp};
use domain::id::{Id, Organisation};
use domain::moment::Moment;
use domain::particulars::Particular;
use domain::{advice, case, contact, melding};
use rand::seq::IndexedRandom;
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;
use std::collections::{BTreeSet, HashMap};
use store::{ExecuteError, Store};
use uuid::Uuid;

const CHANNELS: [&str; 3] = ["landelijk-nummer", "chat", "politiebericht"];
const MUNICIPALITIES: [&str; 4] = ["0106", "0114", "0118", "onbekend"];
const FORMS: [&str; 4] =
    ["kindermishandeling", "ex-partnergeweld", "huiselijk-geweld-overig", "huwelijksdwang"];
const FOLLOW_UPS: [&str; 3] =
    ["vervolgstappen-bij-veilig-thuis", "overdracht", "geen-vervolgstappen"];
const OUTCOMES: [&str; 3] = ["melding", "advies", "informatie-gegeven"];
const REASONS: [&str; 3] = ["invoerfout", "nieuwe-informatie", "anders"];
/// Few enough to meet again.
const PEOPLE: std::ops::Range<u128> = 1..14;
/// Of whom it is about in the steps of the process.
const FEW: std::ops::Range<u128> = 1..4;

/// Lives on, one command at a time.
pub(super) struct Past {
    chance: ChaCha8Rng,
    organisation: Organisation,
    pub(super) now: DateTime<Utc>,
    number: u128,
    /// How many streams there are of each kind. One id names a stream of every kind: ids are the callers', and they may do so.
    streams: u128,
    /// The meldingen that were received: a casus knows no others.
    received: Vec<Uuid>,
    /// The casus that a melding joined last: what is decided on it is decided there too.
    joined: HashMap<Uuid, Uuid>,
    /// Which people were merged, and not yet separated.
    merged: Vec<(u128, u128)>,
}

impl Past {
    pub(super) fn of(organisation: Organisation, seed: u64) -> Self {
        Self {
            chance: ChaCha8Rng::seed_from_u64(seed),
            organisation,
            now: at("2025-01-06T08:00:00Z"),
            number: u128::from(seed) << 32,
            streams: 4,
            received: vec![],
            joined: HashMap::new(),
            merged: vec![],
        }
    }

    /// One more thing happens; answers whether anything was recorded.
    pub(super) async fn go_on(&mut self, store: &Store) -> bool {
        // Sometimes at the very same moment: one import, one batch.
        if self.chance.random_bool(0.6) {
            self.now += Duration::minutes(self.chance.random_range(1..5000));
        }
        self.number += 1;
        if self.chance.random_bool(0.15) {
            self.streams += 1;
        }
        match self.chance.random_range(0..100) {
            0..12 => self.contact(store).await,
            12..28 => self.advice(store).await,
            28..72 => self.melding(store).await,
            72..76 => self.request(store).await,
            76..82 => self.case(store).await,
            82..91 => self.process(store).await,
            91..95 => self.link(store).await,
            95 => self.emergency(store).await,
            _ => self.human(store).await,
        }
    }

    async fn say<D: Decider>(&self, store: &Store, to: Id<D>, command: D::Command) -> bool {
        self.say_with(store, to, command, vec![]).await
    }

    /// Says something, with what it tells of persons.
    async fn say_with<D: Decider>(
        &self,
        store: &Store,
        to: Id<D>,
        command: D::Command,
        told: Vec<Particular>,
    ) -> bool {
        happened(store.execute(to, command, told, &self.stamp(), None).await)
    }

    fn stamp(&self) -> Stamp {
        Stamp {
            organisation: self.organisation,
            by: id(1),
            at: self.now,
            today: self.now.date_naive(),
            key: id(self.number),
        }
    }

    /// What a casus knows of a melding that joins it.
    async fn known(&self, store: &Store, melding: Uuid) -> case::meldingen::Known {
        let known = store.known::<melding::Melding>(self.organisation, melding).await.unwrap();
        case::meldingen::Known::of(melding, &known.state).unwrap()
    }

    fn code(&mut self, of: &[&'static str]) -> Code {
        Code::of(of.choose(&mut self.chance).unwrap())
    }

    fn codes(&mut self, of: &[&'static str]) -> Vec<Code> {
        (0..self.chance.random_range(1..3)).map(|_| self.code(of)).collect()
    }

    /// A day of the last weeks, most often one of the last days.
    fn lately(&mut self) -> NaiveDate {
        let days = if self.chance.random_bool(0.8) { 4 } else { 60 };
        self.now.date_naive() - Days::new(self.chance.random_range(0..days))
    }

    /// One of the streams that there are, most often a recent one.
    fn stream(&mut self) -> Uuid {
        let back = if self.chance.random_bool(0.6) { 6 } else { self.streams };
        id(1000 + self.streams - self.chance.random_range(0..back.min(self.streams)))
    }

    async fn contact(&mut self, store: &Store) -> bool {
        let stream = Id::<contact::Contact>::new(self.stream());
        let channel = self.code(&CHANNELS);
        let received = Moment::on(self.lately());
        let receive =
            contact::Command::Receive { channel, received, answered_at: None, call: None };
        let outcome = self.code(&OUTCOMES);
        let conclude = contact::Command::Conclude { outcome, led_to: None };
        let command = if self.chance.random_bool(0.6) { receive } else { conclude };
        self.say(store, stream, command).await
    }

    async fn advice(&mut self, store: &Store) -> bool {
        use advice::Command as C;
        let stream = Id::<advice::Advice>::new(self.stream());
        let on = self.lately();
        let command = match self.chance.random_range(0..10) {
            0..5 => C::Start(advice::Content {
                started: Moment::on(on),
                channel: self.code(&CHANNELS),
                contact: None,
                hoedanigheid: self.code(&["buurtbewoner", "huisarts"]),
                organisation: None,
                municipality: self.code(&MUNICIPALITIES),
                forms: self.codes(&FORMS),
                natures: vec![],
                duration: None,
            }),
            5 => C::AddContact { on: Moment::on(on), channel: self.code(&CHANNELS), contact: None },
            6..9 => C::Correct {
                reason: self.code(&REASONS),
                changes: advice::Changes {
                    started: self.chance.random_bool(0.5).then(|| Moment::on(on)),
                    municipality: Some(self.code(&MUNICIPALITIES)),
                    forms: Some(self.codes(&FORMS)),
                    ..advice::Changes::default()
                },
            },
            _ => C::Close { on },
        };
        self.say(store, stream, command).await
    }

    async fn melding(&mut self, store: &Store) -> bool {
        use melding::Command as C;
        let stream = Id::<melding::Melding>::new(self.stream());
        let on = self.lately();
        let command = match self.chance.random_range(0..10) {
            0..5 => C::Receive(self.told(on)),
            5..7 => C::Assess {
                on: self.now.date_naive(),
                follow_up: self.code(&FOLLOW_UPS),
                unsafety: vec![],
            },
            7..9 => C::Correct { reason: self.code(&REASONS), changes: self.otherwise(on) },
            _ => C::Withdraw { reason: self.code(&REASONS), on: self.now.date_naive() },
        };
        let received = matches!(command, C::Receive(_));
        let persons = match &command {
            C::Receive(content) => Some(&content.persons),
            C::Correct { changes, .. } => changes.persons.as_ref(),
            C::Assess { .. } | C::Withdraw { .. } | C::Assign { .. } => None,
        };
        let persons: Vec<Uuid> = persons.into_iter().flatten().map(|it| it.id).collect();
        let told = self.told_of(&persons);
        let recorded = self.tell(store, stream, command, told).await;
        if received && recorded {
            self.received.push(stream.0);
        }
        recorded
    }

    /// A command of a melding, with what it means for its casus.
    async fn tell(
        &self,
        store: &Store,
        to: Id<melding::Melding>,
        command: melding::Command,
        told: Vec<Particular>,
    ) -> bool {
        match (self.joined.get(&to.0), means(to.0, &command)) {
            (Some(case), Some(means)) => {
                let (one, other) = ((to, command, told), (Id::<case::Case>::new(*case), means));
                happened(store.execute_both(one, other, &self.stamp(), None).await)
            }
            _ => self.say_with(store, to, command, told).await,
        }
    }

    /// A melding about nobody, one, two or three of the same few people.
    fn told(&mut self, on: NaiveDate) -> melding::Content {
        let (persons, pairs) = self.people();
        melding::Content {
            municipality: self.code(&MUNICIPALITIES),
            forms: self.codes(&FORMS),
            persons,
            pairs,
            ..content(on, 1, 2)
        }
    }

    fn people(&mut self) -> (Vec<melding::Person>, Vec<melding::Pair>) {
        let mut numbers: Vec<u128> =
            (0..self.chance.random_range(0..4)).map(|_| self.chance.random_range(PEOPLE)).collect();
        numbers.sort_unstable();
        numbers.dedup();
        let role = |nth| if nth == 0 { "slachtoffer" } else { "pleger" };
        let persons = numbers.iter().enumerate().map(|(nth, it)| person(*it, role(nth))).collect();
        let pairs = numbers.iter().skip(1).map(|other| pair(numbers[0], *other)).collect();
        (persons, pairs)
    }

    fn otherwise(&mut self, on: NaiveDate) -> melding::Changes {
        let mut changes = melding::Changes::default();
        match self.chance.random_range(0..4) {
            0 => changes.municipality = Some(self.code(&MUNICIPALITIES)),
            1 => changes.received = Some(Moment::on(on)),
            2 => {
                let (persons, pairs) = self.people();
                changes.persons = Some(persons);
                changes.pairs = Some(pairs);
            }
            _ => {
                changes.acute_danger = Some(self.code(&["ja", "nee"]));
                changes.forms = Some(self.codes(&FORMS));
            }
        }
        changes
    }

    async fn case(&mut self, store: &Store) -> bool {
        use case::Command as C;
        let stream = Id::<case::Case>::new(self.stream());
        let on = self.now.date_naive();
        let command = match self.chance.random_range(0..10) {
            0..4 => {
                let some = self.chance.random_range(0..3);
                let chosen = self.received.choose_multiple(&mut self.chance, some).copied();
                let mut meldingen = Vec::new();
                for id in chosen.collect::<Vec<_>>() {
                    meldingen.push(self.known(store, id).await);
                }
                C::Open { on: self.lately_or(on), meldingen }
            }
            4..7 => match self.received.choose(&mut self.chance) {
                Some(melding) => C::JoinMelding { melding: self.known(store, *melding).await, on },
                None => return false,
            },
            7 => {
                let person = id(self.chance.random_range(PEOPLE));
                C::InvolvePerson { person, roles: self.codes(&["kind", "pleger"]), from: on }
            }
            _ => {
                C::Close { on: self.lately_or(on), outcome: self.code(&["hulp-belegd", "anders"]) }
            }
        };
        let joining: Vec<Uuid> = match &command {
            C::Open { meldingen, .. } => meldingen.iter().map(|it| it.melding).collect(),
            C::JoinMelding { melding, .. } => vec![melding.melding],
            _ => vec![],
        };
        let recorded = self.say(store, stream, command).await;
        if recorded {
            self.joined.extend(joining.into_iter().map(|melding| (melding, stream.0)));
        }
        recorded
    }

    /// Steps of the process in one of the casussen: a few of one topic in a row, for most of them follow on each other.
    async fn process(&mut self, store: &Store) -> bool {
        let back = if self.chance.random_bool(0.6) { 4 } else { 20 };
        let joined: BTreeSet<(Uuid, Uuid)> =
            self.joined.iter().map(|(melding, case)| (*case, *melding)).collect();
        let nth = self.chance.random_range(0..back);
        let Some((case, melding)) = joined.into_iter().rev().nth(nth) else { return false };
        let today = self.now.date_naive();
        let on = if self.chance.random_bool(0.7) { today } else { self.lately() };
        let topic = self.chance.random_range(0..100);
        // Services follow on a decision.
        let assess = melding::Command::Assess {
            on: today,
            follow_up: Code::of(FOLLOW_UPS[0]),
            unsafety: vec![],
        };
        let mut recorded = self.tell(store, Id::new(melding), assess, vec![]).await;
        let person = id(self.chance.random_range(FEW));
        let mut steps =
            vec![case::Command::InvolvePerson { person, roles: self.codes(&["kind"]), from: on }];
        steps.extend((0..28).map(|_| self.step(topic, melding, on)));
        if self.chance.random_bool(0.3) {
            steps.push(case::Command::Close { on, outcome: Code::of("anders") });
        }
        for step in steps {
            self.number += 1;
            recorded |= self.say(store, Id::<case::Case>::new(case), step).await;
        }
        recorded
    }

    fn lately_or(&mut self, on: NaiveDate) -> NaiveDate {
        if self.chance.random_bool(0.5) { on } else { self.lately() }
    }
}

fn happened<T, R: std::error::Error>(outcome: Result<T, ExecuteError<R>>) -> bool {
    match outcome {
        Ok(_) => true,
        Err(ExecuteError::Refused(_)) => false,
        Err(error) => panic!("{error}"),
    }
}

/// What a command of a melding means for its casus.
fn means(melding: Uuid, command: &melding::Command) -> Option<case::Command> {
    use case::follow_up::{Command as Means, Decision};
    use melding::Command as C;
    let means = match command {
        C::Assess { on, follow_up, .. } => {
            let decision = Decision { on: *on, follow_up: follow_up.clone() };
            Means::TakeIn { melding, decision }
        }
        C::Withdraw { on, .. } => Means::LetGo { melding, on: *on },
        C::Receive(_) | C::Correct { .. } | C::Assign { .. } => return None,
    };
    Some(case::Command::FollowUp(means))
}
