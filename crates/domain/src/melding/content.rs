//! What a melding tells: the melder, the persons, and per pair of victim and perpetrator the relation and the violence.
//!
//! Direction is explicit everywhere: *the victim is the … of the perpetrator*. A person may be both at once.

use crate::codes::{self, Code};
use crate::decider::Stamp;
use crate::moment::{FIRST_DAY, Moment};
use crate::particulars::OLDEST;
use crate::refusal::{Fault, Faults, Why};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use uuid::Uuid;

/// From this age violence against a parent is elder abuse ([`crate::law::ELDER_ABUSE`]).
const ELDER: u8 = 65;

/// A melding as told.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Content {
    pub received: Moment,
    pub channel: Code,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub contact: Option<Uuid>,
    pub melder: Melder,
    /// Four-digit CBS code of the municipality of the household, or `onbekend`.
    pub municipality: Code,
    pub persons: Vec<Person>,
    pub pairs: Vec<Pair>,
    /// Forms beyond those of the pairs: a problem without a perpetrator, or a form nobody can place yet.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub forms: Vec<Code>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub natures: Vec<Code>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub duration: Option<Code>,
    /// How many children live in the household, when known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub children: Option<u8>,
    /// The check on acute danger, made at once on receipt.
    pub acute_danger: Code,
}

/// Who told it, without saying who: name and address of the melder are particulars.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Melder {
    pub hoedanigheid: Code,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub organisation: Option<Code>,
    /// Hidden from the family ([`crate::law::HIDDEN_REPORTER`]).
    pub hidden_from_family: bool,
}

/// Someone the melding is about.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Person {
    pub id: Uuid,
    pub roles: Vec<Code>,
    pub sex: Code,
    /// Whole years on the day of receipt, when known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub age: Option<u8>,
    /// Not born yet: a child that is expected, and in danger already.
    #[serde(default, skip_serializing_if = "is_false")]
    pub unborn: bool,
    /// Why his address is only for whoever works with him, when it is; until that is lifted at the person himself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub address_hidden: Option<Code>,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands over a reference")]
const fn is_false(it: &bool) -> bool {
    !*it
}

impl Person {
    pub fn has_role(&self, role: &str) -> bool {
        self.roles.iter().any(|it| it.as_str() == role)
    }
}

/// What one person is presumed to do to another.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Pair {
    pub victim: Uuid,
    pub perpetrator: Uuid,
    /// The victim is the … of the perpetrator.
    pub relation: Code,
    pub current_or_former: Code,
    pub cohabiting: Code,
    pub forms: Vec<Code>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub natures: Vec<Code>,
    /// Presumed, until an investigation establishes it.
    pub certainty: Code,
}

/// What a correction replaces; a field that is absent stays.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct Changes {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub received: Option<Moment>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub channel: Option<Code>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub melder: Option<Melder>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub municipality: Option<Code>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub persons: Option<Vec<Person>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pairs: Option<Vec<Pair>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub forms: Option<Vec<Code>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub natures: Option<Vec<Code>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub duration: Option<Code>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub children: Option<u8>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub acute_danger: Option<Code>,
}

impl Content {
    /// All forms of violence in it, each once, sorted.
    pub fn all_forms(&self) -> Vec<Code> {
        let pairs = self.pairs.iter().flat_map(|pair| &pair.forms);
        self.forms.iter().chain(pairs).cloned().collect::<BTreeSet<_>>().into_iter().collect()
    }

    /// All natures of violence in it, each once, sorted.
    pub fn all_natures(&self) -> Vec<Code> {
        let pairs = self.pairs.iter().flat_map(|pair| &pair.natures);
        self.natures.iter().chain(pairs).cloned().collect::<BTreeSet<_>>().into_iter().collect()
    }

    pub fn person(&self, id: Uuid) -> Option<&Person> {
        self.persons.iter().find(|person| person.id == id)
    }

    pub(super) fn with(mut self, changes: &Changes) -> Self {
        let it = changes.clone();
        self.received = it.received.unwrap_or(self.received);
        self.channel = it.channel.unwrap_or(self.channel);
        self.melder = it.melder.unwrap_or(self.melder);
        self.municipality = it.municipality.unwrap_or(self.municipality);
        self.persons = it.persons.unwrap_or(self.persons);
        self.pairs = it.pairs.unwrap_or(self.pairs);
        self.forms = it.forms.unwrap_or(self.forms);
        self.natures = it.natures.unwrap_or(self.natures);
        self.duration = it.duration.or(self.duration);
        self.children = it.children.or(self.children);
        self.acute_danger = it.acute_danger.unwrap_or(self.acute_danger);
        self
    }

    pub(super) fn faults(&self, stamp: &Stamp) -> Vec<Fault> {
        let mut faults = Faults::default();
        let received = self.received;
        faults.check(
            "received",
            received.is_after(stamp.at, stamp.today),
            Why::Future(received.on),
        );
        faults.check("received", received.on < FIRST_DAY, Why::BeforeTheRegister);
        let checked = self.acute_danger.as_str() != codes::NOT_ASKED;
        faults.check("acute_danger", !checked, Why::AcuteDangerNotChecked);
        faults.check("forms", self.all_forms().is_empty(), Why::NoForm);
        self.check_persons(&mut faults);
        for (nth, pair) in self.pairs.iter().enumerate() {
            let (victim, perpetrator) = (pair.victim, pair.perpetrator);
            let same = |it: &&Pair| (it.victim, it.perpetrator) == (victim, perpetrator);
            let twice = self.pairs[..nth].iter().any(|it| same(&it));
            faults.check("pairs", twice, Why::PairTwice(victim, perpetrator));
            self.check_pair(pair, &mut faults);
        }
        faults.list()
    }

    fn check_persons(&self, faults: &mut Faults) {
        let mut seen = BTreeSet::new();
        for person in &self.persons {
            faults.check("persons", !seen.insert(person.id), Why::PersonTwice(person.id));
            if let Some(age) = person.age {
                faults.check("persons", age > OLDEST, Why::ImpossibleAge(age));
                faults.check("persons", person.unborn, Why::UnbornWithAge(person.id));
            }
        }
    }

    fn check_pair(&self, pair: &Pair, faults: &mut Faults) {
        faults.check("pairs", pair.victim == pair.perpetrator, Why::SamePerson(pair.victim));
        let parts = [(pair.victim, codes::VICTIM), (pair.perpetrator, codes::PERPETRATOR)];
        for (id, role) in parts {
            match self.person(id) {
                None => faults.add("pairs", Why::UnknownPerson(id)),
                Some(person) if !person.has_role(role) => {
                    faults.add("pairs", Why::RoleMissing(id, role));
                }
                Some(_) => {}
            }
        }
        let Some(age) = self.person(pair.victim).and_then(|victim| victim.age) else { return };
        let has = |form: &str| pair.forms.iter().any(|it| it.as_str() == form);
        let too_young = has(codes::ELDER_ABUSE) && age < ELDER;
        faults.check("pairs", too_young, Why::TooYoungForElderAbuse(pair.victim, age));
        let too_old = has(codes::PARENT_ABUSE) && age >= ELDER;
        faults.check("pairs", too_old, Why::TooOldForParentAbuse(pair.victim, age));
    }
}
