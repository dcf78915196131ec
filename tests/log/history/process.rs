//! The steps of the process in the random past: of every topic of a casus something may happen, in any order. Numbers are few, so that a
//! step often finds what it is about.

use super::{FEW, FORMS, Past};
use crate::log::given::id;
use chrono::{Days, NaiveDate};
use domain::case::Command as C;
use domain::case::{
    conditions, handover, hold, incident, informing, investigation, junction, measure, monitoring,
    multidisciplinary, restriction, suspension, transfer,
};
use domain::codes::Code;
use rand::Rng;
use uuid::Uuid;

const YES_NO: [&str; 3] = ["ja", "nee", "onbekend"];
const DISCIPLINES: [&str; 2] = ["politie", "medisch"];

impl Past {
    /// A step of a topic, on a date, in the casus of a melding.
    pub(super) fn step(&mut self, topic: u8, melding: Uuid, on: NaiveDate) -> C {
        match topic {
            0..32 => C::Investigation(self.investigation(melding, on)),
            32..48 => C::Conditions(self.conditions(melding, on)),
            48..60 => C::Handover(self.handover(on)),
            60..64 => C::Measure(self.measure(on)),
            64..69 => C::Multidisciplinary(self.multidisciplinary(on)),
            69..74 => C::Junction(self.junction(on)),
            74..82 => C::Informing(self.informing(on)),
            82..90 => C::Monitoring(self.monitoring(on)),
            90..91 => C::Suspension(self.suspension(on)),
            91..92 => C::Restriction(self.restriction(on)),
            92..93 => C::Hold(self.hold(on)),
            93..96 => C::Transfer(self.transfer(on)),
            _ => C::Incident(self.incident(on)),
        }
    }

    /// One of a few things within a casus.
    fn thing(&mut self) -> Uuid {
        id(5000 + self.chance.random_range(0..2))
    }

    fn investigation(&mut self, melding: Uuid, on: NaiveDate) -> investigation::Command {
        use investigation::{Command as I, Finding};
        let investigation = self.thing();
        match self.chance.random_range(0..8) {
            0..3 => I::Decide { investigation, melding, forms: vec![Code::of(FORMS[0])], on },
            3..5 => I::Begin { investigation, on },
            5..7 => {
                let outcome = self.code(&["bevestigd", "bevestigd", "niet-bevestigd"]);
                let confirmed = outcome == "bevestigd";
                let natures = if confirmed { vec![Code::of("psychisch-geweld")] } else { vec![] };
                let finding = Finding { form: Code::of(FORMS[0]), outcome, natures };
                I::Conclude { investigation, on, findings: vec![finding] }
            }
            _ => I::End { investigation, on, reason: self.code(&["overleden", "anders"]) },
        }
    }

    fn conditions(&mut self, melding: Uuid, on: NaiveDate) -> conditions::Command {
        use conditions::{Agreement, Command as S};
        let (service, condition) = (self.thing(), self.thing());
        match self.chance.random_range(0..9) {
            0..2 => S::Decide { service, melding, on },
            2..4 => S::Begin { service, on },
            4..6 => {
                let with = vec![id(self.chance.random_range(FEW))];
                let partners = vec![Code::of("lokaal-veld")];
                let review_on = Some(on + Days::new(30));
                S::Agree(Agreement { service, condition, on, with, partners, review_on })
            }
            6..8 => S::Review {
                condition,
                on,
                kept: self.code(&["nagekomen", "niet-nagekomen"]),
                review_on: None,
            },
            _ => S::Conclude { service, on, outcome: self.code(&["veilig", "anders"]) },
        }
    }

    fn handover(&mut self, on: NaiveDate) -> handover::Command {
        use handover::Command as H;
        let handover = self.thing();
        match self.chance.random_range(0..6) {
            0..2 => H::Send {
                handover,
                on,
                to: self.code(&["lokaal-veld", "jeugdhulpaanbieder"]),
                warm: self.code(&YES_NO),
            },
            2..4 => H::Accept { handover, on },
            4 => H::Start { handover, on },
            _ => H::Return { handover, on, reason: self.code(&["geen-plaats", "anders"]) },
        }
    }

    fn restriction(&mut self, on: NaiveDate) -> restriction::Command {
        use restriction::{Command as R, Terms};
        if self.chance.random_range(0..3) == 0 {
            return R::Lift { on };
        }
        let (workers, teams) = ([self.thing()].into(), [self.thing()].into());
        let terms = Terms { workers, teams, excluded: [id(9)].into() };
        R::Place { on, reason: Code::of("anders"), terms }
    }

    fn measure(&mut self, on: NaiveDate) -> measure::Command {
        use measure::{Command as M, Imposition};
        let (measure, consulted) = (self.thing(), self.code(&YES_NO));
        let kind = self.code(&["tijdelijk-huisverbod", "aware"]);
        match self.chance.random_range(0..5) {
            0 => M::Consider { measure, kind, on, consulted },
            1 | 2 => {
                let (until, person) = (None, None);
                M::Impose(Imposition { measure, kind, on, until, person, consulted })
            }
            3 => M::Extend { measure, on, until: on + Days::new(12) },
            _ => M::End { measure, on, reason: Code::of("verlopen") },
        }
    }

    fn multidisciplinary(&mut self, on: NaiveDate) -> multidisciplinary::Command {
        use multidisciplinary::Command as M;
        let approach = self.thing();
        match self.chance.random_range(0..5) {
            0 | 1 => {
                let (reason, disciplines) = (Code::of("anders"), self.codes(&DISCIPLINES));
                M::PutIn { approach, on, reason, disciplines }
            }
            2 | 3 => M::Answer {
                approach,
                on,
                discipline: self.code(&DISCIPLINES),
                accepted: self.code(&YES_NO),
            },
            _ => M::End { approach, on },
        }
    }

    fn junction(&mut self, on: NaiveDate) -> junction::Command {
        use junction::Command as J;
        let consult = self.thing();
        match self.chance.random_range(0..4) {
            0 | 1 => {
                J::Consult { consult, on, form: self.code(&["huwelijksdwang", "achterlating"]) }
            }
            2 => J::Answer { consult, on },
            _ => J::Conclude { consult, on, outcome: Code::of("advies-gegeven") },
        }
    }

    fn informing(&mut self, on: NaiveDate) -> informing::Command {
        use informing::Command as I;
        let person = id(self.chance.random_range(FEW));
        match self.chance.random_range(0..6) {
            0..3 => I::Inform { person, on, way: Code::of("mondeling") },
            3 => I::Postpone { person, on, reason: Code::of("veiligheid") },
            4 => I::Exempt { person, on, reason: Code::of("onvindbaar") },
            _ => I::Tell { whom: Code::of("melder"), on, melding: None },
        }
    }

    fn monitoring(&mut self, on: NaiveDate) -> monitoring::Command {
        use monitoring::Command as M;
        let moment = self.thing();
        match self.chance.random_range(0..8) {
            0..3 => M::Start { on },
            3 | 4 => M::Plan { moment, on, planned_for: on + Days::new(20) },
            5 => M::Hold {
                moment,
                on,
                safe: self.code(&YES_NO),
                by: self.code(&["veilig-thuis", "professional"]),
            },
            6 => M::Cancel { moment, on },
            _ => M::End { on },
        }
    }

    fn hold(&mut self, on: NaiveDate) -> hold::Command {
        let reason = self.code(&["schadeclaim", "strafzaak"]);
        if self.chance.random_bool(0.6) {
            hold::Command::Place { on, reason, until: Some(on + Days::new(500)) }
        } else {
            hold::Command::Lift { on, reason }
        }
    }

    fn suspension(&mut self, on: NaiveDate) -> suspension::Command {
        if self.chance.random_bool(0.6) {
            suspension::Command::Suspend { on, reason: Code::of("anders") }
        } else {
            suspension::Command::Resume { on }
        }
    }

    fn transfer(&mut self, on: NaiveDate) -> transfer::Command {
        use transfer::Command as T;
        let (transfer, other) = (self.thing(), "VT25".parse().unwrap());
        match self.chance.random_range(0..4) {
            0 | 1 => T::Offer { transfer, on, to: other, reason: Code::of("verhuizing") },
            2 => T::Answer { transfer, on, accepted: self.code(&YES_NO) },
            _ => T::TakeOver { transfer, on, from: other },
        }
    }

    fn incident(&mut self, on: NaiveDate) -> incident::Command {
        use incident::Command as I;
        let incident = self.thing();
        match self.chance.random_range(0..4) {
            0 | 1 => I::Record { incident, on, kind: self.code(&["klacht", "calamiteit"]) },
            2 => I::Report { incident, on },
            _ => I::Settle { incident, on, outcome: self.code(&["gegrond", "ongegrond"]) },
        }
    }
}
