//! Contacts and questions: someone reaches us, asks, and goes on himself. Nothing in it says whom it is about.

use super::arrivals::{Hours, after, desk, moment, today};
use super::chance::Chance;
use super::figures::ADVICE;
use super::form::code;
use super::line::Act;
use super::melder::{KINDS, channel, melder};
use super::plan::{Question, Visit};
use super::story::natures;
use super::unfold::{Office, recorded};
use chrono::{DateTime, Duration, NaiveDate, Utc};
use domain::advice::{Changes, Command, Content};
use domain::codes::Code;
use domain::contact;
use domain::moment::Moment;
use uuid::Uuid;

impl Office {
    /// A contact that ends at a moment as something, and what came of it.
    pub(super) fn contact(
        &mut self,
        channel: &'static str,
        received: DateTime<Utc>,
        (ended, outcome, led_to): (DateTime<Utc>, &'static str, Option<Uuid>),
        chance: &mut Chance,
    ) -> Uuid {
        let id = chance.id(received);
        let spoken = matches!(channel, "landelijk-nummer" | "regionaal-nummer" | "chat");
        let waited = Duration::seconds(chance.between(4, 180));
        let taken = outcome != "geen-gesprek";
        let telephone = matches!(channel, "landelijk-nummer" | "regionaal-nummer");
        let receive = contact::Command::Receive {
            channel: Code::of(channel),
            received: Moment { on: today(received), at: Some(received) },
            answered_at: (spoken && taken).then_some(received + waited),
            call: telephone.then(|| chance.id(received)),
        };
        self.put(id, received + waited, Act::Contact(receive), chance);
        let conclude = contact::Command::Conclude { outcome: Code::of(outcome), led_to };
        let at = ended.max(received + waited) + Duration::seconds(1);
        self.put(id, at, Act::Contact(conclude), chance);
        id
    }

    /// A contact of which neither an advies nor a melding came.
    pub(super) fn call(&mut self, day: NaiveDate, number: u64) {
        let chance = &mut Chance::of_number(number);
        let received = moment(day, Hours::Day, chance);
        let channel = chance.weighted(&[
            ("landelijk-nummer", 0.55),
            ("regionaal-nummer", 0.25),
            ("chat", 0.15),
            ("e-mail", 0.05),
        ]);
        let outcome = chance.weighted(&[
            ("geen-gesprek", 0.62),
            ("informatie-gegeven", 0.24),
            ("doorverwezen-andere-regio", 0.11),
            ("hulpdiensten", 0.03),
        ]);
        let ended = if outcome == "geen-gesprek" {
            received
        } else {
            after(received, chance.between(4, 15))
        };
        self.contact(channel, received, (ended, outcome, None), chance);
    }

    pub(super) fn question(&mut self, question: &Question) {
        let about = question.about;
        let chance = &mut Chance::of_number(about.number);
        let received = moment(about.day, KINDS[about.kind].hours, chance);
        let recorded = recorded(received, question.lag, about.day, chance);
        let channel = channel(about.kind, ADVICE, chance);
        let id = chance.id(received);
        let known = channel != "onbekend";
        let contact =
            known.then(|| self.contact(channel, received, (recorded, "advies", Some(id)), chance));
        let melder = melder(about.kind, chance);
        let forms: Vec<_> = question.forms.iter().collect();
        let content = Content {
            started: Moment { on: about.day, at: Some(received) },
            channel: Code::of(channel),
            contact,
            hoedanigheid: melder.hoedanigheid,
            organisation: melder.organisation,
            municipality: Code::of(about.municipality),
            forms: forms.iter().map(|form| code(*form, about.special)).collect(),
            natures: natures(&forms, chance),
            duration: chance.happens(0.55).then(|| Code::of(chance.weighted(&LASTED))),
        };
        self.put(id, recorded, Act::Advice(Command::Start(content)), chance);
        self.go_on(id, recorded, channel, chance);
    }

    /// Most questions are answered at once; some take a second conversation.
    fn go_on(
        &mut self,
        id: Uuid,
        recorded: DateTime<Utc>,
        channel: &'static str,
        chance: &mut Chance,
    ) {
        let mut ended = recorded + Duration::minutes(1);
        if chance.happens(0.1) {
            let day = super::days::working(today(recorded) + Duration::days(chance.between(1, 12)));
            let again = desk(day, chance);
            ended = after(again, chance.between(10, 60));
            let contact = self.contact(channel, again, (ended, "advies", Some(id)), chance);
            let on = Moment { on: day, at: Some(again) };
            let channel = Code::of(channel);
            let add = Command::AddContact { on, channel, contact: Some(contact) };
            self.put(id, ended, Act::Advice(add), chance);
        }
        let corrected = chance.happens(0.006);
        let close = Act::Advice(Command::Close { on: today(ended) });
        let at = ended + Duration::seconds(20);
        if !corrected {
            self.put(id, at, close, chance);
            return;
        }
        self.put(id, at, close, chance);
        let duration = Some(Code::of(chance.weighted(&LASTED)));
        let changes = Changes { duration, ..Changes::default() };
        let correct = Command::Correct { reason: Code::of("nieuwe-informatie"), changes };
        let later = desk(today(ended) + Duration::days(chance.between(1, 20)), chance);
        self.put(id, later, Act::Advice(correct), chance);
    }

    /// The advies that a melding turned out to be.
    pub(super) fn instead(
        &mut self,
        visit: &Visit,
        channel: &'static str,
        (received, known): (DateTime<Utc>, DateTime<Utc>),
        chance: &mut Chance,
    ) {
        let about = visit.about;
        let id = chance.id(received);
        let melder = melder(about.kind, chance);
        let forms: Vec<_> = visit.laid.forms.iter().collect();
        let content = Content {
            started: Moment { on: about.day, at: Some(received) },
            channel: Code::of(channel),
            contact: None,
            hoedanigheid: melder.hoedanigheid,
            organisation: melder.organisation,
            municipality: Code::of(about.municipality),
            forms: forms.iter().map(|form| code(*form, about.special)).collect(),
            natures: natures(&forms, chance),
            duration: None,
        };
        let at = known + Duration::seconds(5);
        self.put(id, at, Act::Advice(Command::Start(content)), chance);
        let close = Command::Close { on: today(at) };
        self.put(id, at + Duration::seconds(5), Act::Advice(close), chance);
    }
}

const LASTED: [(&str, f64); 7] = [
    ("niet-langer-dan-1-week", 0.08),
    ("1-week-tot-1-maand", 0.1),
    ("1-tot-6-maanden", 0.2),
    ("6-maanden-tot-1-jaar", 0.15),
    ("1-tot-5-jaar", 0.25),
    ("langer-dan-5-jaar", 0.12),
    ("onbekend", 0.1),
];
