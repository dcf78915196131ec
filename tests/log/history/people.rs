//! The people of a random past: registered, identified, corrected, born, told of in other words each time, merged and separated.

use super::super::given::id;
use super::{PEOPLE, Past, REASONS};
use domain::codes::Code;
use domain::id::Id;
use domain::particulars::Particular;
use domain::person as human;
use rand::Rng;
use rand::seq::{IndexedRandom, IteratorRandom};
use std::num::NonZeroU8;
use store::Store;
use uuid::Uuid;

impl Past {
    pub(super) async fn human(&mut self, store: &Store) -> bool {
        use human::Command as C;
        let who = self.chance.random_range(PEOPLE);
        let on = self.now.date_naive();
        let command = match self.chance.random_range(0..12) {
            0..4 => C::Register { sex: self.code(&["man", "vrouw"]), hidden: None },
            4..6 => C::Identify { on, with_bsn: false },
            6 => C::RecordBirth { on },
            7 => C::HideAddress { reason: self.code(&["opvang", "anders"]), on },
            8 => C::ShowAddress { on },
            _ => C::CorrectIdentity { reason: self.code(&REASONS), on },
        };
        let told = self.told_of(&[id(who)]);
        self.say_with(store, Id::<human::Person>::new(id(who)), command, told).await
    }

    /// Somebody opens a file that is not his; he ends it, or another judges it.
    pub(super) async fn emergency(&mut self, store: &Store) -> bool {
        use domain::emergency::{Command as C, Emergency, File, Judgement};
        let file = match self.chance.random_range(0..3) {
            0 => File::Case(id(self.chance.random_range(PEOPLE))),
            1 => File::Melding(id(self.chance.random_range(PEOPLE))),
            _ => File::Person(id(self.chance.random_range(PEOPLE))),
        };
        let minutes = NonZeroU8::new(self.chance.random_range(1..60)).unwrap();
        let (reason, judgement) = (self.code(&["acuut-gevaar", "anders"]), Judgement::Justified);
        let command = match self.chance.random_range(0..3) {
            0 => C::Open { file, reason, minutes },
            1 => C::End,
            _ => C::Review { judgement },
        };
        let which = Id::<Emergency>::new(id(self.chance.random_range(0..4)));
        self.say(store, which, command).await
    }

    /// What is told of some persons: of one more than of another, and never quite the same.
    pub(super) fn told_of(&mut self, persons: &[Uuid]) -> Vec<Particular> {
        let mut told = vec![];
        for subject in persons {
            let mut about = serde_json::Map::new();
            let mut some = |key: &str, of: &[&str]| {
                if self.chance.random_bool(0.5) {
                    let it = *of.choose(&mut self.chance).unwrap();
                    about.insert(key.to_owned(), it.into());
                }
            };
            some("naam", &["Testpersoon van der Mispel", "Kwee, T. de", "Appel"]);
            some("achternaam", &["Appel", "Peer-Kers"]);
            some("geboortenaam", &["el Pruim"]);
            some("geboortedatum", &["1987", "1987-04", "1987-04-11"]);
            some("bsn", &["999990019", "onbekend"]);
            some("telefoon", &["0600012345", "+31 6 00054321"]);
            let content = serde_json::Value::Object(about).to_string();
            told.push(Particular { subject: *subject, part: "person", content });
        }
        told
    }

    /// An even and an odd number may turn out to be one, so that a test knows of two people whom nobody links but itself.
    pub(super) async fn link(&mut self, store: &Store) -> bool {
        if self.chance.random_bool(0.4) {
            let Some(nth) = (0..self.merged.len()).choose(&mut self.chance) else { return false };
            let pair = self.merged.remove(nth);
            return self.unmerge(store, pair).await;
        }
        let [one, other] = [0, 1].map(|_| self.chance.random_range(PEOPLE));
        if (one + other) % 2 == 0 {
            return false;
        }
        let recorded = self.merge(store, (one, other)).await;
        if recorded {
            self.merged.push((one, other));
        }
        recorded
    }

    /// Two people turn out to be one, by whoever says so.
    pub(in crate::log) async fn merge(&mut self, store: &Store, people: (u128, u128)) -> bool {
        self.tie(store, people, human::Command::Merge).await
    }

    pub(in crate::log) async fn unmerge(&mut self, store: &Store, people: (u128, u128)) -> bool {
        self.tie(store, people, human::Command::Unmerge).await
    }

    async fn tie(
        &mut self,
        store: &Store,
        (one, other): (u128, u128),
        command: fn(human::Link) -> human::Command,
    ) -> bool {
        self.number += 1;
        let on = self.now.date_naive();
        let link = human::Link::between(id(one), id(other), Code::of("anders"), on);
        self.say(store, Id::<human::Person>::new(link.person()), command(link)).await
    }
}
