//! The generator by itself, through `decide` and without a store: what comes out lies on the published figures, fits the code lists,
//! and is the same every time.

mod steps;

use super::*;
use chrono::NaiveDate;
use domain::advice::Advice;
use domain::case::{self, Case};
use domain::codes::{self, Code, List};
use domain::contact::Contact;
use domain::decider::{Decider, Stamp};
use domain::involvement::{self, CaseThen, Earlier};
use domain::melding::{Content, Melding};
use domain::person::Person;
use std::collections::{BTreeSet, HashMap, HashSet};

/// What there is after a simulation.
#[derive(Default)]
struct World {
    contacts: HashMap<Uuid, Contact>,
    advice: HashMap<Uuid, Advice>,
    /// In the order in which they were received.
    meldingen: Vec<(Organisation, Uuid)>,
    melding: HashMap<Uuid, Melding>,
    cases: HashMap<Uuid, Case>,
    persons: HashMap<Uuid, Person>,
    steps: Vec<(DateTime<Utc>, Uuid)>,
    particulars: Vec<String>,
    /// Days from receipt to recording, per melding.
    entered: Vec<i64>,
    corrections: usize,
    /// Streams that ended: nothing comes after that.
    over: HashSet<Uuid>,
    /// The kinds of commands for casussen.
    taken: BTreeSet<String>,
}

fn act<D: Decider>(world: &mut HashMap<Uuid, D>, stream: Uuid, command: D::Command, stamp: &Stamp) {
    let state = world.remove(&stream).unwrap_or_default();
    let events = match state.decide(command, stamp) {
        Ok(events) => events,
        Err(refusal) => {
            panic!("{}: {refusal} {:?}", stamp.at, domain::decider::Refused::faults(&refusal))
        }
    };
    world.insert(stream, events.iter().fold(state, D::evolve));
}

fn play(plan: Plan, now: &str) -> World {
    let script = Script::of(plan, now.parse().unwrap()).unwrap();
    let mut world = World::default();
    for (organisation, years) in &script.cells {
        let progress = ProgressBar::hidden();
        let years = years.values().map(Vec::as_slice);
        let mut last = DateTime::UNIX_EPOCH;
        for step in Play::new(*organisation, years, script.seed, script.until, &progress) {
            assert!(step.at >= last, "{} after {last}", step.at);
            assert!(step.at < script.until);
            last = step.at;
            world.take_in(step, *organisation);
        }
    }
    world
}

impl World {
    fn take_in(&mut self, step: Step, organisation: Organisation) {
        let today = arrivals::today(step.at);
        let by = Uuid::nil();
        let stamp = Stamp { organisation, by, at: step.at, today, key: step.key };
        self.steps.push((step.at, step.key));
        assert!(!self.over.contains(&step.stream), "{} goes on after its end", step.stream);
        if step.last {
            self.over.insert(step.stream);
        }
        self.particulars.extend(step.particulars.into_iter().map(|it| it.content));
        match step.act {
            Act::Contact(command) => act(&mut self.contacts, step.stream, command, &stamp),
            Act::Advice(command) => act(&mut self.advice, step.stream, command, &stamp),
            Act::Melding(command) => {
                if let melding::Command::Receive(content) = &command {
                    self.meldingen.push((organisation, step.stream));
                    self.entered.push((today - content.received.on).num_days());
                }
                self.corrections +=
                    usize::from(matches!(command, melding::Command::Correct { .. }));
                act(&mut self.melding, step.stream, command, &stamp);
            }
            Act::Case(command) => {
                let name = format!("{command:?}");
                let kind = name.split(['(', ' ']).next().unwrap_or_default();
                if !self.taken.contains(kind) {
                    self.taken.insert(kind.to_owned());
                }
                act(&mut self.cases, step.stream, command, &stamp);
            }
            Act::Person(command) => act(&mut self.persons, step.stream, command, &stamp),
        }
    }

    fn contents(&self) -> impl Iterator<Item = &Content> {
        let counted = |(_, id): &(Organisation, Uuid)| match &self.melding[id] {
            Melding::Received(content) | Melding::Assessed(content, _) => Some(content),
            Melding::Absent | Melding::Withdrawn(_) => None,
        };
        self.meldingen.iter().filter_map(counted)
    }

    fn questions(&self) -> impl Iterator<Item = &domain::advice::Content> {
        self.advice.values().filter_map(|it| match it {
            Advice::Started { content, .. } => Some(content),
            Advice::Absent => None,
        })
    }

    /// The class of earlier involvement of every melding with its municipality, as the projection derives it.
    fn classes(&self) -> Vec<(Code, &'static str)> {
        let mut case_of: HashMap<Uuid, &Case> = HashMap::new();
        for case in self.cases.values() {
            case_of.extend(case.meldingen.keys().map(|melding| (*melding, case)));
        }
        let mut about: HashMap<(Organisation, Uuid), Vec<usize>> = HashMap::new();
        let content = |nth: usize| self.melding[&self.meldingen[nth].1].content().unwrap();
        for (nth, (organisation, _)) in self.meldingen.iter().enumerate() {
            for person in &content(nth).persons {
                about.entry((*organisation, person.id)).or_default().push(nth);
            }
        }
        let class = |nth: usize| {
            let (organisation, now) = (self.meldingen[nth].0, content(nth));
            let (mut earlier, mut known) = (BTreeSet::new(), 0);
            for person in &now.persons {
                let before = about[&(organisation, person.id)].iter().copied();
                let before: Vec<usize> = before
                    .filter(|it| (content(*it).received.on, *it) < (now.received.on, nth))
                    .collect();
                known += usize::from(!before.is_empty());
                earlier.extend(before);
            }
            let stood = |it: usize| Earlier {
                assessed: match &self.melding[&self.meldingen[it].1] {
                    Melding::Assessed(_, it) => Some((it.on, it.follow_up.clone())),
                    Melding::Absent | Melding::Received(_) | Melding::Withdrawn(_) => None,
                },
                case: case_of.get(&self.meldingen[it].1).map(|it| CaseThen {
                    closed_on: closed(it),
                    monitored_from: it.monitoring.since,
                    monitored_until: it.monitoring.ended_on,
                }),
            };
            let earlier: Vec<Earlier> = earlier.into_iter().map(stood).collect();
            involvement::classify(now.received.on, now.persons.len(), known, &earlier)
        };
        (0..self.meldingen.len())
            .map(|nth| {
                let place = domain::area::municipality(content(nth).municipality.as_str());
                (class(nth), place.map_or("", |it| it.province.as_str()))
            })
            .collect()
    }
}

fn closed(case: &Case) -> Option<NaiveDate> {
    match case.stage {
        case::Stage::Closed { on, .. } => Some(on),
        case::Stage::Absent | case::Stage::Open { .. } => None,
    }
}

/// The counted forms, each once.
fn counted(forms: &[Code]) -> BTreeSet<String> {
    let counted = |it: &Code| {
        let value = codes::find(List::Form, it.as_str()).unwrap();
        value.counts_as.clone().unwrap_or_else(|| value.code.clone())
    };
    forms.iter().map(counted).collect()
}

const FORMS: [&str; 6] = [
    "kindermishandeling",
    "geweld-tegen-ouders",
    "ex-partnergeweld",
    "ouderenmishandeling",
    "huiselijk-geweld-overig",
    "andere-problematiek",
];

fn by_form(told: impl Iterator<Item = BTreeSet<String>>) -> [usize; 6] {
    let told: Vec<_> = told.collect();
    FORMS.map(|form| told.iter().filter(|it| it.contains(form)).count())
}

fn published(region: &str) -> World {
    play(Plan::Published { year: 2023, region: region.to_owned() }, "2026-01-01T00:00:00Z")
}

fn country(years: RangeInclusive<i32>, only: Option<&str>, now: &str) -> World {
    let only = only.map(|it| it.parse().unwrap());
    play(Plan::Country { years, scale: 0.01, seed: 42, only, except: None }, now)
}

#[test]
fn drenthe_lies_on_the_published_figures() {
    let drenthe = published("Drenthe");
    let told = || drenthe.contents().map(|it| (it, counted(&it.all_forms())));
    assert_eq!((drenthe.questions().count(), told().count()), (2_960, 1_905));
    assert_eq!(by_form(told().map(|it| it.1)), [1060, 125, 585, 35, 185, 450]);
    let asked = || drenthe.questions().map(|it| (it, counted(&it.forms)));
    assert_eq!(by_form(asked().map(|it| it.1)), [1605, 70, 510, 95, 150, 960]);
    assert_eq!(drenthe.cases.len(), 1_495);
    let here = |code: &Code| code.as_str() == area::MIDDEN_DRENTHE;
    let told_here = || told().filter(|it| here(&it.0.municipality));
    assert_eq!(told_here().count(), 105);
    assert_eq!(by_form(told_here().map(|it| it.1)), [65, 10, 25, 3, 10, 25]);
    let asked_here = || asked().filter(|it| here(&it.0.municipality));
    assert_eq!(asked_here().count(), 130);
    assert_eq!(by_form(asked_here().map(|it| it.1)), [70, 3, 20, 3, 3, 35]);
}

#[test]
fn drenthe_has_its_vervolgmeldingen_by_real_earlier_involvement() {
    let drenthe = published("Drenthe");
    let cells = published::cells(2023, "Drenthe").unwrap();
    let sum = |of: fn(&Cell) -> u32| cells.iter().map(of).sum::<u32>() as usize;
    let classes = drenthe.classes();
    let count = |class: Code| classes.iter().filter(|it| it.0 == class).count();
    assert_eq!(count(involvement::DURING_ASSESSMENT), sum(|it| it.classes.during));
    assert_eq!(count(involvement::AFTER_ASSESSMENT), sum(|it| it.classes.after));
    assert_eq!(count(involvement::DURING_MONITORING), sum(|it| it.classes.monitored));
    assert_eq!(count(involvement::FIRST), sum(|it| it.classes.first));
    assert_eq!(count(involvement::SEVERAL_KNOWN), sum(|it| it.classes.several));
    assert_eq!(count(involvement::ONE_KNOWN), sum(|it| it.classes.one));
    assert_eq!(count(involvement::NOT_CLASSED), sum(|it| it.classes.none));
    assert_eq!(sum(|it| it.classes.further()), 480);
}

#[test]
fn gelderland_has_its_outcomes() {
    let gelderland = published("Gelderland");
    let outcome = |wanted: &str| {
        let is = |it: &&Melding| matches!(it, Melding::Assessed(_, it) if it.follow_up == wanted);
        gelderland.melding.values().filter(is).count()
    };
    assert_eq!(cell::OUTCOMES.map(outcome), [3_595, 4_335, 180, 170]);
    assert_eq!(gelderland.contents().count(), 8_565);
    let acute = |it: &&Melding| matches!(it, Melding::Assessed(_, it) if it.unsafety.contains(&Code::of("acuut")));
    assert_eq!(gelderland.melding.values().filter(acute).count(), 240);
    let further =
        gelderland.classes().into_iter().filter(|it| it.0.as_str().starts_with("vervolg"));
    assert_eq!(further.count(), 2_225);
}

#[test]
fn amsterdam_has_its_earlier_involvement() {
    let amsterdam = published("GM0363");
    let classes = amsterdam.classes();
    let rounded = |class: Code| (classes.iter().filter(|it| it.0 == class).count() + 2) / 5 * 5;
    assert_eq!((classes.len() + 2) / 5 * 5, 8_975);
    assert_eq!(rounded(involvement::FIRST), 2_895);
    assert_eq!(rounded(involvement::SEVERAL_KNOWN), 2_675);
    assert_eq!(rounded(involvement::ONE_KNOWN), 425);
    assert_eq!(rounded(involvement::DURING_ASSESSMENT), 1_310);
    assert_eq!(rounded(involvement::AFTER_ASSESSMENT), 975);
    assert_eq!(rounded(involvement::DURING_MONITORING), 670);
    assert_eq!(rounded(involvement::NOT_CLASSED), 20);
}

#[test]
fn all_codes_are_published_and_valid_on_their_day() {
    let country = country(2025..=2025, None, "2026-12-01T00:00:00Z");
    for it in country.contents() {
        let on = it.received.on;
        let valid = |list, code: &Code| codes::check(list, code.as_str(), on).unwrap();
        valid(List::Channel, &it.channel);
        valid(List::Hoedanigheid, &it.melder.hoedanigheid);
        it.all_forms().iter().for_each(|form| valid(List::Form, form));
        it.all_natures().iter().for_each(|nature| valid(List::Nature, nature));
        it.duration.iter().for_each(|duration| valid(List::Duration, duration));
        domain::area::check_municipality(it.municipality.as_str(), on).unwrap();
        it.persons.iter().flat_map(|it| &it.roles).for_each(|role| valid(List::Role, role));
        it.persons.iter().for_each(|it| valid(List::Sex, &it.sex));
        for pair in &it.pairs {
            valid(List::Relation, &pair.relation);
            valid(List::CurrentOrFormer, &pair.current_or_former);
            valid(List::YesNo, &pair.cohabiting);
            valid(List::Certainty, &pair.certainty);
        }
    }
    for it in country.questions() {
        it.forms
            .iter()
            .for_each(|form| codes::check(List::Form, form.as_str(), it.started.on).unwrap());
    }
}

#[test]
fn years_have_known_people_late_entries_corrections_and_little_that_misses_the_norm() {
    let country = country(2022..=2024, Some("VT18"), "2026-12-01T00:00:00Z");
    let classes = country.classes();
    let again = classes.iter().filter(|it| it.0 != involvement::FIRST).count() as f64;
    let share = again / classes.len() as f64;
    assert!((0.6..0.75).contains(&share), "{share}");
    let assessed: Vec<_> = country
        .melding
        .values()
        .filter_map(|it| match it {
            Melding::Assessed(_, it) => Some(it.on <= it.due_on),
            Melding::Absent | Melding::Received(_) | Melding::Withdrawn(_) => None,
        })
        .collect();
    let within = assessed.iter().filter(|it| **it).count() as f64 / assessed.len() as f64;
    assert!((0.7..0.92).contains(&within), "{within}");
    let late = country.entered.iter().filter(|lag| **lag > 0).count() * 100 / country.entered.len();
    assert!((5..25).contains(&late), "{late} %");
    assert!(country.entered.iter().all(|lag| (0..=60).contains(lag)));
    assert!(country.corrections > 0);
    assert!(country.contacts.len() > country.advice.len());
}

#[test]
fn the_same_plan_gives_the_same_events_also_for_one_organisation() {
    let now = "2026-12-01T00:00:00Z";
    let alone = country(2020..=2021, Some("VT04"), now);
    let again = country(2020..=2021, Some("VT04"), now);
    let all = country(2020..=2021, None, now);
    assert!(!alone.steps.is_empty());
    assert_eq!((&alone.steps, &alone.particulars), (&again.steps, &again.particulars));
    let every: BTreeSet<_> = all.steps.iter().collect();
    assert!(alone.steps.iter().all(|it| every.contains(it)));
    assert_eq!(every.len(), all.steps.len(), "every command has a number of its own");
}

#[test]
fn a_tiny_country_works_too() {
    let years = 2015..=2025;
    let tiny =
        Plan::Country { years, scale: 0.0004, seed: 1, only: None, except: "VT18".parse().ok() };
    let tiny = play(tiny, "2026-12-01T00:00:00Z");
    assert!(tiny.meldingen.len() > 300 && tiny.advice.len() > 300);
    assert!(tiny.meldingen.iter().all(|it| it.0.as_str() != "VT18"));
}

#[test]
fn nothing_is_recorded_after_now() {
    let early = country(2023..=2023, Some("VT04"), "2023-06-01T00:00:00Z");
    let now = "2023-06-01T00:00:00Z".parse::<DateTime<Utc>>().unwrap();
    assert!(early.steps.iter().all(|it| it.0 < now));
    assert!(early.meldingen.len() > 5);
}
