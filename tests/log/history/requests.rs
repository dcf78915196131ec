//! Requests in the random past: somebody asks, is answered, told and helped, in any order, some of them in one casus.

use super::Past;
use crate::log::given::id;
use chrono::Days;
use domain::codes::Code;
use domain::id::Id;
use domain::request::{
    AgeClass, Asker, By, Command as C, Content, Decision, Ground, Kind, Outcome, Request,
};
use rand::Rng;
use rand::seq::IndexedRandom;
use store::Store;

impl Past {
    pub(super) async fn request(&mut self, store: &Store) -> bool {
        let stream = Id::<Request>::new(self.stream());
        let (today, on) = (self.now.date_naive(), self.lately());
        let command = match self.chance.random_range(0..12) {
            0..4 => C::Receive(self.asked()),
            4 => C::Extend { on, reason: Code::of("aantal") },
            5..7 => {
                let (outcome, grounds) = (Outcome::Granted, vec![]);
                C::Decide(Decision { on: today, outcome, grounds, identity: None, texts: vec![] })
            }
            7 => {
                let (outcome, grounds) = (Outcome::Refused, vec![Ground::PrivacyOfAnother]);
                C::Decide(Decision { on: today, outcome, grounds, identity: None, texts: vec![] })
            }
            8 => C::Tell { on: today, way: Code::of("mondeling") },
            9 | 10 => C::Execute { on: today, files: vec![] },
            _ => C::Withdraw { on: today, reason: Code::of("anders") },
        };
        self.say(store, stream, command).await
    }

    fn asked(&mut self) -> Content {
        let kind = *Kind::ALL.choose(&mut self.chance).unwrap();
        // Some are late when they are answered.
        let on = self.now.date_naive() - Days::new(self.chance.random_range(0..120));
        let asker = Asker { by: By::Himself, age: AgeClass::Adult, able: true };
        let (person, case) = (id(self.chance.random_range(super::PEOPLE)), Some(id(1000)));
        let identity = Code::of("digid");
        Content { kind, person, case, asker, identity, on, in_writing: true }
    }
}
