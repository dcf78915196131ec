//! A random past, the same for the same seed: contacts, adviezen and meldingen of the same few people, told late, corrected, assessed,
//! withdrawn, joined in casussen that close. Whatever the domain refuses did not happen.

use super::given::{at, content, id, pair, person};
use chrono::{DateTime, Days, Duration, NaiveDate, Utc};
use domain::case::meldingen::Known;
use domain::case::{handover, incident, informing, investigation, monitoring, suspension};
use domain::codes::Code;
use domain::decider::{Decider, Stamp};
use domain::id::{Id, Organisation};
use domain::moment::Moment;
use domain::{advice, case, contact, melding, person as human};
use rand::seq::IndexedRandom;
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;
use std::collections::HashMap;
use store::{ExecuteError, Receipt, Store};
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
    /// In which casus a melding is, as far as it was said.
    joined: HashMap<Uuid, Uuid>,
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
            28..76 => self.melding(store).await,
            76..96 => self.case(store).await,
            _ => {
                let sex = self.code(&["man", "vrouw"]);
                let who = self.chance.random_range(PEOPLE);
                self.say(store, Id::<human::Person>::new(id(who)), human::Command::Register { sex })
                    .await
            }
        }
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

    async fn say<D: Decider>(&self, store: &Store, to: Id<D>, command: D::Command) -> bool {
        recorded(store.execute(to, command, vec![], &self.stamp(), None).await)
    }

    /// What is decided on a melding means something for its casus: both happen, or neither.
    async fn say_of_melding(
        &self,
        store: &Store,
        to: Id<melding::Melding>,
        command: melding::Command,
    ) -> bool {
        use case::follow_up::{Command as Means, Decision};
        let melding = to.0;
        let means = match &command {
            melding::Command::Assess { on, follow_up, .. } => {
                let decision = Decision { on: *on, follow_up: follow_up.clone() };
                Some(Means::TakeIn { melding, decision })
            }
            melding::Command::Withdraw { on, .. } => Some(Means::LetGo { melding, on: *on }),
            melding::Command::Receive(_)
            | melding::Command::Correct { .. }
            | melding::Command::Assign { .. } => None,
        };
        let (Some(case), Some(means)) = (self.joined.get(&melding), means) else {
            return self.say(store, to, command).await;
        };
        let also = (Id::<case::Case>::new(*case), case::Command::FollowUp(means));
        recorded(store.execute_both((to, command, vec![]), also, &self.stamp(), None).await)
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
        let recorded = self.say_of_melding(store, stream, command).await;
        if received && recorded {
            self.received.push(stream.0);
        }
        recorded
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
        if self.chance.random_bool(0.4) {
            let command = self.step(stream.0, on);
            return self.say(store, stream, command).await;
        }
        let command = match self.chance.random_range(0..10) {
            0..4 => {
                let some = self.chance.random_range(0..3);
                let some = self.received.choose_multiple(&mut self.chance, some).copied();
                let meldingen = self.known(store, some.collect()).await;
                C::Open { on: self.lately_or(on), meldingen }
            }
            4..7 => {
                let one = self.received.choose(&mut self.chance).copied();
                let one = self.known(store, one.into_iter().collect()).await;
                let Some(melding) = one.into_iter().next() else { return false };
                C::JoinMelding { melding, on }
            }
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
            self.joined.extend(joining.into_iter().map(|it| (it, stream.0)));
        }
        recorded
    }

    /// A step of the process: of everything one thing in each casus, so that steps meet what they follow on.
    fn step(&mut self, case: Uuid, on: NaiveDate) -> case::Command {
        use case::Command as C;
        let it = id(7);
        let melding = self.joined.iter().filter(|(_, of)| **of == case).map(|(it, _)| *it).min();
        let melding = melding.unwrap_or(it);
        let (yes, anything) = (self.code(&["ja", "nee"]), Code::of("anders"));
        match self.chance.random_range(0..10) {
            0 => {
                let forms = self.codes(&FORMS);
                C::Investigation(investigation::Command::Decide {
                    investigation: it,
                    melding,
                    forms,
                    on,
                })
            }
            1 => C::Investigation(investigation::Command::Begin { investigation: it, on }),
            2 => {
                let reason = anything;
                C::Investigation(investigation::Command::End { investigation: it, on, reason })
            }
            3 => C::Handover(handover::Command::Send { handover: it, on, to: anything, warm: yes }),
            4 => C::Handover(handover::Command::Accept { handover: it, on }),
            5 => C::Monitoring(monitoring::Command::Start { on }),
            6 => C::Suspension(suspension::Command::Suspend { on, reason: anything }),
            7 => C::Suspension(suspension::Command::Resume { on }),
            8 => {
                let (person, way) = (id(self.chance.random_range(PEOPLE)), anything);
                C::Informing(informing::Command::Inform { person, on, way })
            }
            _ => C::Incident(incident::Command::Record { incident: it, on, kind: anything }),
        }
    }

    async fn known(&self, store: &Store, meldingen: Vec<Uuid>) -> Vec<Known> {
        let mut known = Vec::new();
        for id in meldingen {
            let melding = store.known::<melding::Melding>(self.organisation, id).await.unwrap();
            known.extend(Known::of(id, &melding.state));
        }
        known
    }

    fn lately_or(&mut self, on: NaiveDate) -> NaiveDate {
        if self.chance.random_bool(0.5) { on } else { self.lately() }
    }
}

fn recorded<R: std::error::Error>(answer: Result<Receipt, ExecuteError<R>>) -> bool {
    match answer {
        Ok(_) => true,
        Err(ExecuteError::Refused(_)) => false,
        Err(error) => panic!("{error}"),
    }
}
