//! What is written in a benchmark: a contact, a melding with something sealed beside it, an advies that goes on. Nobody in it exists.

use crate::clock::{Clock, dutch_date, random_id};
use chrono::{DateTime, Utc};
use domain::case::informing;
use domain::codes::Code;
use domain::decider::Stamp;
use domain::id::Organisation;
use domain::melding::{Content, Melder, Pair, Person};
use domain::moment::Moment;
use domain::particulars::Particular;
use domain::{advice, case, contact, melding};
use uuid::Uuid;

/// A log of its own, beside those of the simulated country.
pub(super) const ORGANISATION: &str = "VT99";
const MUNICIPALITY: Code = Code::of("0106");
/// As much as somebody tells in a few sentences.
const TOLD: usize = 300;

/// Somebody who works at the register.
#[derive(Clone, Copy)]
pub(super) struct Desk {
    pub(super) organisation: Organisation,
    by: Uuid,
    now: DateTime<Utc>,
}

impl Desk {
    pub(super) fn open() -> Self {
        let organisation = ORGANISATION.parse().expect("a code of an organisation");
        Self { organisation, by: random_id(), now: Clock::Running.now() }
    }

    /// A new command, with a number of its own.
    pub(super) fn stamp(&self) -> Stamp {
        let (organisation, by, at) = (self.organisation, self.by, self.now);
        Stamp { organisation, by, at, today: dutch_date(at), key: random_id() }
    }

    fn moment(&self) -> Moment {
        Moment { on: dutch_date(self.now), at: Some(self.now) }
    }

    pub(super) fn contact(&self) -> contact::Command {
        let (channel, received) = (Code::of("landelijk-nummer"), self.moment());
        contact::Command::Receive { channel, received, answered_at: Some(self.now), call: None }
    }

    /// A melding about two persons, and what was told about them.
    pub(super) fn melding(&self, id: Uuid) -> (melding::Command, Vec<Particular>) {
        let (victim, perpetrator) = (random_id(), random_id());
        let person = |id, role, age| Person {
            id,
            roles: vec![Code::of(role)],
            sex: Code::of("vrouw"),
            age: Some(age),
            unborn: false,
            address_hidden: None,
        };
        let content = Content {
            received: self.moment(),
            channel: Code::of("landelijk-nummer"),
            contact: None,
            melder: Melder {
                hoedanigheid: Code::of("huisarts"),
                organisation: None,
                hidden_from_family: true,
            },
            municipality: MUNICIPALITY,
            persons: vec![person(victim, "slachtoffer", 82), person(perpetrator, "pleger", 51)],
            pairs: vec![Pair {
                victim,
                perpetrator,
                relation: Code::of("ouder"),
                current_or_former: Code::of("niet-van-toepassing"),
                cohabiting: Code::of("ja"),
                forms: vec![Code::of("ouderenmishandeling")],
                natures: vec![],
                certainty: Code::of("vermoed"),
            }],
            forms: vec![],
            natures: vec![],
            duration: None,
            children: None,
            acute_danger: Code::of("nee"),
        };
        let told = format!("{{\"toelichting\":\"{}\"}}", "x".repeat(TOLD - 18));
        let particulars = vec![Particular { subject: id, part: "text", content: told }];
        (melding::Command::Receive(content), particulars)
    }

    pub(super) fn assign(&self, worker: Uuid) -> melding::Command {
        melding::Command::Assign { worker, team: None, on: dutch_date(self.now) }
    }

    /// One event of a casus after the other: it opens, then each time a person becomes involved in another role and somebody is
    /// told, with a sealed text.
    pub(super) fn step_of_case(&self, id: Uuid, nth: usize) -> (case::Command, Vec<Particular>) {
        let on = dutch_date(self.now);
        if nth == 0 {
            return (case::Command::Open { on, meldingen: vec![] }, vec![]);
        }
        let told = format!("\"{}\"", "x".repeat(TOLD));
        let text = Particular { subject: id, part: "text", content: told };
        if nth.is_multiple_of(2) {
            let whom = Code::of("hulpverlenende-instantie");
            let tell = informing::Command::Tell { whom, on, melding: None };
            return (case::Command::Informing(tell), vec![text]);
        }
        let role = if nth % 4 == 1 { "gezinslid" } else { "kind" };
        // The first of a person also begins the term of informing: after it, one event for each.
        let (person, roles) = (Uuid::from_u128(0x500), vec![Code::of(role)]);
        (case::Command::InvolvePerson { person, roles, from: on }, vec![])
    }

    pub(super) fn advice(&self) -> advice::Command {
        advice::Command::Start(advice::Content {
            started: self.moment(),
            channel: Code::of("landelijk-nummer"),
            contact: None,
            hoedanigheid: Code::of("familielid"),
            organisation: None,
            municipality: MUNICIPALITY,
            forms: vec![Code::of("ouderenmishandeling")],
            natures: vec![],
            duration: None,
        })
    }

    pub(super) fn next_contact(&self) -> advice::Command {
        let channel = Code::of("regionaal-nummer");
        advice::Command::AddContact { on: self.moment(), channel, contact: None }
    }
}
