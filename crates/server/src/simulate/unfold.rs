//! What follows from a melding, a question or a call: every command with the moment at which it is recorded.

use super::arrivals::{after, desk, moment, today};
use super::cell::{Cell, OUTCOMES};
use super::chance::Chance;
use super::course::{Class, Known};
use super::figures::MELDINGEN;
use super::form::{Forms, code};
use super::household::Household;
use super::line::{Act, Line, Step};
use super::melder::{KINDS, channel, melder};
use super::particulars::{Numbers, melder as melder_particular, person as particulars_of, text};
use super::plan::{Item, Visit};
use super::proceed::taken_in;
use super::story::{Story, Theme, tell};
use chrono::{DateTime, Duration, NaiveDate, Utc};
use domain::case::follow_up;
use domain::case::meldingen::Known as KnownMelding;
use domain::codes::Code;
use domain::id::Organisation;
use domain::melding::{Changes, Command, Content};
use domain::moment::Moment;
use domain::particulars::Particular;
use domain::{case, person};
use std::collections::{HashMap, HashSet};
use uuid::Uuid;

const DURATIONS: [(&str, f64); 7] = [
    ("niet-langer-dan-1-week", 0.1),
    ("1-week-tot-1-maand", 0.07),
    ("1-tot-6-maanden", 0.18),
    ("6-maanden-tot-1-jaar", 0.13),
    ("1-tot-5-jaar", 0.26),
    ("langer-dan-5-jaar", 0.12),
    ("onbekend", 0.14),
];

/// One organisation: its line, and the households that may be told of again.
pub(super) struct Office {
    pub(super) organisation: Organisation,
    pub(super) line: Line,
    households: HashMap<u64, Household>,
    numbers: Numbers,
    /// Where it works this year.
    pub(super) municipalities: Vec<&'static str>,
    /// Whether the margins of this year are exact, so that nothing may move a figure afterwards.
    pub(super) exact: bool,
}

/// A melding whose story is told: when it came, and when it is written down.
pub(super) struct Told {
    pub(super) id: Uuid,
    received: DateTime<Utc>,
    pub(super) recorded: DateTime<Utc>,
    pub(super) story: Story,
    channel: &'static str,
}

impl Office {
    pub(super) fn of(organisation: Organisation) -> Self {
        Self {
            organisation,
            line: Line::default(),
            households: HashMap::new(),
            numbers: Numbers::default(),
            municipalities: vec![],
            exact: false,
        }
    }

    /// Begins a year: where it works then.
    pub(super) fn begin(&mut self, cell: &Cell) {
        self.municipalities = cell.places.iter().map(|place| place.code).collect();
        self.exact = cell.within_year;
    }

    /// The id of somebody or something of this organisation that does not exist.
    pub(super) fn fictional(&self, kind: &str, nth: u64) -> Uuid {
        Uuid::new_v5(&super::FICTIONAL, format!("{} {kind} {nth}", self.organisation).as_bytes())
    }

    /// Ends a year: households of which no later year will hear are forgotten.
    pub(super) fn remember(&mut self, known: &[Known]) {
        let known: HashSet<u64> = known.iter().map(|it| it.household).collect();
        self.households.retain(|household, _| known.contains(household));
    }

    /// Puts in line everything that follows from an item.
    pub(super) fn take_in(&mut self, item: Item) {
        match item {
            Item::Visit(visit) => self.visit(&visit),
            Item::Question(question) => self.question(&question),
            Item::Call { day, number } => self.call(day, number),
        }
    }

    pub(super) fn put(&mut self, stream: Uuid, at: DateTime<Utc>, act: Act, chance: &mut Chance) {
        self.put_with(stream, at, act, vec![], chance);
    }

    pub(super) fn put_with(
        &mut self,
        stream: Uuid,
        at: DateTime<Utc>,
        act: Act,
        particulars: Vec<Particular>,
        chance: &mut Chance,
    ) {
        let key = chance.id(at);
        self.line.put(Step { at, stream, key, act, particulars, last: false });
    }

    fn visit(&mut self, visit: &Visit) {
        let chance = &mut Chance::of_number(visit.about.number);
        let received = moment(visit.about.day, KINDS[visit.about.kind].hours, chance);
        let recorded = recorded(received, visit.laid.lag, visit.about.day, chance);
        let channel = channel(visit.about.kind, MELDINGEN, chance);
        let story = self.story(visit, received, chance);
        let told = Told { id: chance.id(received), received, recorded, story, channel };
        let assessed = visit.laid.assessed.map(|on| {
            let at = if on > visit.laid.recorded() { desk(on, chance) } else { recorded };
            // Its casus is there by then.
            (on, at.max(after(recorded, 20)).max(recorded + Duration::minutes(1)))
        });
        let (with_bsn, municipality) = self.receive(visit, &told, chance);
        self.assign_melding(&told, chance);
        let joined = self.join(visit, &told, municipality, chance);
        self.attend_to(visit, &told, joined, chance);
        let mut decided = None;
        if let Some((on, at)) = assessed {
            let command = self.assess(visit, &told, (on, at), &with_bsn, chance);
            let withdrawn = matches!(command, Command::Withdraw { .. });
            decided = Some(today(at)).filter(|_| !withdrawn);
            let taken_in = taken_in(told.id, &command);
            self.put(told.id, at, Act::Melding(command), chance);
            if let Some(command) = taken_in {
                self.take_in_case(visit.case, at, command, chance);
            }
        }
        if let Some(decided) = decided {
            self.answer((visit, &told), (joined, decided), chance);
        }
        match &visit.process {
            Some(process) => {
                self.proceed((visit, process), &told, (joined, decided), chance);
            }
            None => {
                self.line.came(visit.case);
            }
        }
    }

    fn story(&mut self, visit: &Visit, at: DateTime<Utc>, chance: &mut Chance) -> Story {
        let (forms, special) = (visit.laid.forms, visit.about.special);
        let Some(number) = visit.household else { return nobody(forms, special) };
        let household =
            self.households.entry(number).or_insert_with(|| Household::new(number, chance));
        let theme = Theme {
            class: visit.laid.class,
            own: visit.laid.own,
            forms,
            special,
            at,
            day: visit.about.day,
        };
        let story = tell(household, theme, chance);
        if visit.last {
            self.households.remove(&number);
        }
        story
    }

    /// The melding itself and the contact through which it came. Says of which persons a number was found, and of which municipality
    /// it was said to be.
    fn receive(
        &mut self,
        visit: &Visit,
        told: &Told,
        chance: &mut Chance,
    ) -> (Vec<(Uuid, bool)>, Code) {
        let contact = match told.channel {
            "brief" | "ambtshalve" | "onbekend" => None,
            channel => Some(self.contact(
                channel,
                told.received,
                (told.recorded, "melding", Some(told.id)),
                chance,
            )),
        };
        let mut content = content(visit, told, contact, chance);
        let correction = self.correction(visit, &mut content, chance);
        let mut found = vec![];
        let mut particulars = vec![];
        let elsewhere = u64::from(visit.laid.own) << 63;
        let household = visit.household.unwrap_or_default() ^ elsewhere;
        for member in &told.story.fresh {
            let town = visit.about.town;
            let (sealed, with_bsn) =
                particulars_of(member, household, town, &mut self.numbers, chance);
            particulars.push(sealed);
            found.push((member.id, with_bsn));
        }
        if told.channel != "politiebericht" {
            particulars.push(melder_particular(told.id, chance));
        }
        if chance.happens(0.6) {
            particulars.push(text(told.id, chance));
        }
        let municipality = content.municipality.clone();
        let receive = Act::Melding(Command::Receive(content));
        self.put_with(told.id, told.recorded, receive, particulars, chance);
        if let Some((reason, changes)) = correction {
            self.correct(visit, told, (reason, changes), chance);
        }
        (found, municipality)
    }

    /// Puts right what was wrong at first; where the household lives, in the casus as well.
    fn correct(
        &mut self,
        visit: &Visit,
        told: &Told,
        (reason, changes): (&'static str, Changes),
        chance: &mut Chance,
    ) {
        let on = visit.laid.recorded() + Duration::days(chance.between(1, 40));
        let (at, melding) = (desk(on, chance), told.id);
        let municipality = changes.municipality.clone();
        let command = Command::Correct { reason: Code::of(reason), changes };
        self.put(told.id, at, Act::Melding(command), chance);
        if municipality.is_some() {
            let received_on = None;
            let correct = follow_up::Command::Correct { melding, on, received_on, municipality };
            self.take_in_case(visit.case, at, correct, chance);
        }
    }

    /// Now and then something was wrong at first, or becomes known later.
    fn correction(
        &self,
        visit: &Visit,
        content: &mut Content,
        chance: &mut Chance,
    ) -> Option<(&'static str, Changes)> {
        let elsewhere = chance.pick(&self.municipalities);
        let moved = chance.happens(0.004) && !self.exact && elsewhere != visit.about.municipality;
        if moved {
            content.municipality = Code::of(elsewhere);
            let right = Some(Code::of(visit.about.municipality));
            return Some((
                "verkeerde-gemeente",
                Changes { municipality: right, ..Changes::default() },
            ));
        }
        if !self.exact && chance.happens(0.004) {
            content.municipality = Code::of(domain::codes::UNKNOWN);
        }
        let duration = Some(Code::of(chance.weighted(&DURATIONS[..6])));
        let known_now = Changes { duration, ..Changes::default() };
        chance.happens(0.012).then_some(("nieuwe-informatie", known_now))
    }

    /// The casus that it opens or joins, with the people of it, who are entered one after the other.
    fn join(
        &mut self,
        visit: &Visit,
        told: &Told,
        municipality: Code,
        chance: &mut Chance,
    ) -> DateTime<Utc> {
        let (case, on) = (visit.case, visit.laid.recorded());
        let mut at = told.recorded + Duration::seconds(30);
        let melding = KnownMelding {
            melding: told.id,
            received_on: visit.about.day,
            municipality,
            decision: None,
            withdrawn: false,
        };
        let begin = if visit.laid.opens {
            case::Command::Open { on, meldingen: vec![melding] }
        } else {
            case::Command::JoinMelding { melding, on }
        };
        self.put(case, at, Act::Case(begin), chance);
        let fresh: Vec<Uuid> = told.story.fresh.iter().map(|it| it.id).collect();
        for it in &told.story.persons {
            if visit.laid.opens || fresh.contains(&it.id) {
                at = after(at, chance.between(1, 12));
                let roles = it.roles.clone();
                let involve = case::Command::InvolvePerson { person: it.id, roles, from: on };
                self.put(case, at, Act::Case(involve), chance);
            }
        }
        for pair in told.story.pairs.iter().filter(|_| visit.laid.opens) {
            at = after(at, chance.between(1, 12));
            let record = case::Command::RecordPair { pair: pair.clone(), on };
            self.put(case, at, Act::Case(record), chance);
        }
        at
    }

    /// The safety assessment; rarely it turns out that it was a question.
    fn assess(
        &mut self,
        visit: &Visit,
        told: &Told,
        (on, at): (NaiveDate, DateTime<Utc>),
        with_bsn: &[(Uuid, bool)],
        chance: &mut Chance,
    ) -> Command {
        let told_once = visit.laid.class == Class::First && visit.last;
        if !self.exact && told_once && chance.happens(0.01) {
            let reason = Code::of("meldcode-niet-doorlopen");
            self.instead(visit, told.channel, (told.received, at), chance);
            return Command::Withdraw { reason, on };
        }
        let structural = Code::of("structureel");
        let unsafety = match (visit.acute, chance.unit()) {
            (true, it) if it < 0.4 => vec![Code::of("acuut"), structural],
            (true, _) => vec![Code::of("acuut")],
            (false, it) if it < 0.22 => vec![structural],
            (false, _) => vec![],
        };
        let follow_up = Code::of(OUTCOMES[visit.outcome]);
        if visit.outcome == 0 && chance.happens(0.25) {
            self.identify(told, at, with_bsn, chance);
        }
        Command::Assess { on, follow_up, unsafety }
    }

    /// Persons whom we go on with are registered, and looked up in the register of persons.
    fn identify(
        &mut self,
        told: &Told,
        at: DateTime<Utc>,
        with_bsn: &[(Uuid, bool)],
        chance: &mut Chance,
    ) {
        for (id, with_bsn) in with_bsn {
            let Some(it) = told.story.persons.iter().find(|it| it.id == *id) else { continue };
            let register = person::Command::Register { sex: it.sex.clone(), hidden: None };
            self.put(*id, at + Duration::seconds(1), Act::Person(register), chance);
            let on = today(at);
            let identify = person::Command::Identify { on, with_bsn: *with_bsn };
            self.put(*id, at + Duration::seconds(2), Act::Person(identify), chance);
        }
    }
}

/// When something is written down: soon, or so many days later.
pub(super) fn recorded(
    received: DateTime<Utc>,
    lag: i64,
    day: NaiveDate,
    chance: &mut Chance,
) -> DateTime<Utc> {
    match lag {
        0 => after(received, chance.between(6, 70)),
        days => desk(day + Duration::days(days), chance),
    }
}

fn nobody(forms: Forms, special: Option<&'static str>) -> Story {
    let forms = forms.iter().map(|form| code(form, special)).collect();
    Story { persons: vec![], pairs: vec![], forms, children: None, fresh: vec![] }
}

fn content(visit: &Visit, told: &Told, contact: Option<Uuid>, chance: &mut Chance) -> Content {
    let danger = chance.weighted(&[("nee", 0.88), ("ja", 0.07), ("onbekend", 0.05)]);
    let duration = chance.happens(0.9).then(|| Code::of(chance.weighted(&DURATIONS)));
    Content {
        received: Moment {
            on: visit.about.day,
            at: (told.channel != "brief").then_some(told.received),
        },
        channel: Code::of(told.channel),
        contact,
        melder: melder(visit.about.kind, chance),
        municipality: Code::of(visit.about.municipality),
        persons: told.story.persons.clone(),
        pairs: told.story.pairs.clone(),
        forms: told.story.forms.clone(),
        natures: if told.story.pairs.is_empty() {
            let forms: Vec<_> = visit.laid.forms.iter().collect();
            super::story::natures(&forms, chance)
        } else {
            vec![]
        },
        duration,
        children: told.story.children,
        acute_danger: Code::of(if visit.acute { "ja" } else { danger }),
    }
}
