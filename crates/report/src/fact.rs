//! What a stream adds to the figures: facts are a pure function of the state of a stream, and nothing in them points
//! to a person.
//!
//! When an event changes a state, the figures change by the facts after it minus the facts before it. So a correction
//! moves figures from the moment it is known, and an earlier edition stays what it was. Facts hold raw values;
//! classes such as age bands are made by a definition, so that old years can be counted again under a new one.
//! One stream gives several small facts rather than one large one: there are few different ones, which makes counting fast.

mod case;

pub use case::{Begin, Finding, Informed, Service, Step, Watched, counts, of_case};

use chrono::{Datelike, NaiveDate};
use domain::Event;
use domain::advice::{self, Advice};
use domain::codes::{self, Code};
use domain::contact::{self, Contact};
use domain::deadline;
use domain::melding::{self, Content, Melding, Pair, Person};
use domain::request::Request;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// One thing that may be counted.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(tag = "unit", rename_all = "kebab-case")]
pub enum Fact {
    /// A contact came in.
    Contact {
        channel: Code,
    },
    /// A contact ended as something.
    Conclusion {
        channel: Code,
        outcome: Code,
    },
    /// An advies was started; who asked, about which forms (sorted, each once).
    Advice {
        hoedanigheid: Code,
        organisation: Option<Code>,
        forms: Vec<Code>,
    },
    /// The same advies, by where it plays.
    AdvicePlace {
        municipality: Code,
        forms: Vec<Code>,
    },
    AdviceNature {
        natures: Vec<Code>,
    },
    /// A melding was received; who told it, about which forms.
    Melding {
        hoedanigheid: Code,
        organisation: Option<Code>,
        forms: Vec<Code>,
    },
    MeldingPlace {
        municipality: Code,
        forms: Vec<Code>,
    },
    MeldingNature {
        natures: Vec<Code>,
        duration: Option<Code>,
    },
    /// Whether Veilig Thuis was already involved with the persons of a melding.
    Involvement {
        municipality: Code,
        class: Code,
    },
    /// A human being in a melding who was in no earlier melding of the same calendar year: so each counts once a year, however often
    /// told of and under however many records.
    FirstThisYear {
        municipality: Code,
    },
    /// A melding that follows an earlier one about one of the same human beings: whole months since the latest of those.
    Repeat {
        municipality: Code,
        months: u8,
    },
    /// A person in a melding, with the roles, and the forms of the pairs in which he or she stands
    /// (all forms of the melding for a role without a pair).
    Person {
        roles: Vec<Code>,
        sex: Code,
        age: Option<u8>,
        forms: Vec<Code>,
    },
    /// A victim and a perpetrator in a melding. The victim is the `relation` of the perpetrator.
    Pair {
        relation: Code,
        victim_sex: Code,
        perpetrator_sex: Code,
        forms: Vec<Code>,
    },
    /// The safety assessment of a melding; working days from receipt, and whether that met the norm of that day.
    Assessment {
        follow_up: Code,
        unsafety: Vec<Code>,
        working_days: u16,
        within_norm: bool,
    },
    /// A term was met, in time by the norm of the day on which it began or too late; in the month in which it was met.
    Deadline {
        kind: Code,
        municipality: Code,
        within: bool,
    },
    /// A step of the process in a casus.
    Case(Step),
    /// How many days after it happened something was first recorded (dates in UTC).
    Entry {
        of: Unit,
        days: u16,
    },
}

/// A year and a month, `202303`, of when something happened (not of when it was typed in).
pub type Month = i32;

/// The month of a date.
pub fn month(on: NaiveDate) -> Month {
    on.year() * 100 + on.month().cast_signed()
}

/// The first day of a month: a place is looked up with it.
pub fn first_day(month: Month) -> Option<NaiveDate> {
    NaiveDate::from_ymd_opt(month / 100, month.unsigned_abs() % 100, 1)
}

/// How often a fact holds in each month, as known on some date.
#[derive(Clone, Debug, PartialEq)]
pub struct Counted {
    pub fact: Fact,
    pub months: Vec<(Month, i64)>,
}

/// What is entered when: the days between what happened and its recording, per unit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Unit {
    Contact,
    Advice,
    Melding,
}

/// How late a stream was first recorded, if this event is its first.
pub fn of_entry(event: &Event, recorded_on: NaiveDate) -> Option<(NaiveDate, Fact)> {
    let (of, on) = match event {
        Event::Contact(contact::Event::Received { received, .. }) => (Unit::Contact, received.on),
        Event::Advice(advice::Event::Started(content)) => (Unit::Advice, content.started.on),
        Event::Melding(melding::Event::Received(content)) => (Unit::Melding, content.received.on),
        Event::Contact(contact::Event::Concluded { .. })
        | Event::Advice(
            advice::Event::ContactAdded { .. }
            | advice::Event::Corrected { .. }
            | advice::Event::Closed { .. },
        )
        | Event::Melding(
            melding::Event::Corrected { .. }
            | melding::Event::Assessed(_)
            | melding::Event::Withdrawn { .. }
            | melding::Event::Assigned { .. },
        )
        | Event::Case(_)
        | Event::Person(_)
        | Event::Request(_)
        | Event::Look(_)
        | Event::Erasure(_)
        | Event::Emergency(_) => return None,
    };
    let days = u16::try_from((recorded_on - on).num_days().max(0)).unwrap_or(u16::MAX);
    Some((on, Fact::Entry { of, days }))
}

/// The facts of a contact.
pub fn of_contact(state: &Contact) -> Vec<(NaiveDate, Fact)> {
    match state {
        Contact::Absent => vec![],
        Contact::Received { channel, received, outcome } => {
            let channel = || channel.clone();
            let conclusion = outcome
                .iter()
                .map(|it| Fact::Conclusion { channel: channel(), outcome: it.clone() });
            let all = std::iter::once(Fact::Contact { channel: channel() }).chain(conclusion);
            all.map(|fact| (received.on, fact)).collect()
        }
    }
}

/// The facts of an advies.
pub fn of_advice(state: &Advice) -> Vec<(NaiveDate, Fact)> {
    match state {
        Advice::Absent => vec![],
        Advice::Started { content, .. } => {
            let forms = sorted(&content.forms);
            let facts = [
                Fact::Advice {
                    hoedanigheid: content.hoedanigheid.clone(),
                    organisation: content.organisation.clone(),
                    forms: forms.clone(),
                },
                Fact::AdvicePlace { municipality: content.municipality.clone(), forms },
                Fact::AdviceNature { natures: sorted(&content.natures) },
            ];
            facts.map(|fact| (content.started.on, fact)).into()
        }
    }
}

/// The facts of a melding. One that turned out to be a question counts no longer as a melding, from when that is known.
pub fn of_melding(state: &Melding) -> Vec<(NaiveDate, Fact)> {
    let (content, assessment) = match state {
        Melding::Absent | Melding::Withdrawn(_) => return vec![],
        Melding::Received(content) => (content, None),
        Melding::Assessed(content, assessment) => (content, Some(assessment)),
    };
    let on = content.received.on;
    let forms = content.all_forms();
    let mut facts = vec![
        Fact::Melding {
            hoedanigheid: content.melder.hoedanigheid.clone(),
            organisation: content.melder.organisation.clone(),
            forms: forms.clone(),
        },
        Fact::MeldingPlace { municipality: content.municipality.clone(), forms },
        Fact::MeldingNature { natures: content.all_natures(), duration: content.duration.clone() },
    ];
    facts.extend(content.persons.iter().map(|person| of_person(content, person)));
    facts.extend(content.pairs.iter().map(|pair| of_pair(content, pair)));
    facts.extend(assessment.map(|it| Fact::Assessment {
        follow_up: it.follow_up.clone(),
        unsafety: sorted(&it.unsafety),
        working_days: domain::calendar::working_days_between(on, it.on) as u16,
        within_norm: it.on <= it.due_on,
    }));
    let met = assessment.map(|it| {
        let kind = Code::of(deadline::Kind::Assessment.code());
        let (municipality, within) = (content.municipality.clone(), it.on <= it.due_on);
        (it.on, Fact::Deadline { kind, municipality, within })
    });
    facts.into_iter().map(|fact| (on, fact)).chain(met).collect()
}

/// A request about the data of somebody: whether its term was met. Where he lives it does not say. One that may take as long as it takes
/// has no term.
pub fn of_request(request: &Request) -> Option<(NaiveDate, Fact)> {
    let it = request.deadline()?;
    let (kind, municipality) = (Code::of(it.kind.code()), Code::of(codes::UNKNOWN));
    Some((it.met_on?, Fact::Deadline { kind, municipality, within: it.within()? }))
}

fn of_person(content: &Content, person: &Person) -> Fact {
    let stands = |pair: &&Pair| pair.victim == person.id || pair.perpetrator == person.id;
    let of_pairs: Vec<Code> =
        content.pairs.iter().filter(stands).flat_map(|pair| pair.forms.clone()).collect();
    let forms = if of_pairs.is_empty() { content.all_forms() } else { sorted(&of_pairs) };
    Fact::Person { roles: sorted(&person.roles), sex: person.sex.clone(), age: person.age, forms }
}

fn of_pair(content: &Content, pair: &Pair) -> Fact {
    let unknown = Code::of(codes::UNKNOWN);
    let sex = |id| content.person(id).map_or_else(|| unknown.clone(), |person| person.sex.clone());
    Fact::Pair {
        relation: pair.relation.clone(),
        victim_sex: sex(pair.victim),
        perpetrator_sex: sex(pair.perpetrator),
        forms: sorted(&pair.forms),
    }
}

fn sorted(codes: &[Code]) -> Vec<Code> {
    codes.iter().cloned().collect::<BTreeSet<_>>().into_iter().collect()
}
