//! The people of a household: who they are to each other, their ages, and who of them is known from an earlier melding.
//!
//! Nobody in it exists. A household is small and grows as more is told of it.

use super::chance::Chance;
use chrono::{DateTime, Datelike, Days, Months, NaiveDate, Utc};
use uuid::Uuid;

/// What someone is in a household.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Slot {
    Parent,
    Partner,
    Child,
    /// A son or daughter from 12 to 23.
    Teen,
    Elder,
    /// A grown-up son or daughter of an elder.
    Grown,
    Relative,
}

#[derive(Clone, Debug)]
pub(super) struct Member {
    pub(super) id: Uuid,
    pub(super) slot: Slot,
    pub(super) sex: &'static str,
    pub(super) born: NaiveDate,
    /// Whether the melder knew the age.
    pub(super) age_known: bool,
    /// Whether an earlier melding told of this person.
    pub(super) known: bool,
}

impl Member {
    pub(super) fn age_on(&self, on: NaiveDate) -> u8 {
        let had_birthday = (on.month(), on.day()) >= (self.born.month(), self.born.day());
        let years = on.year() - self.born.year() - i32::from(!had_birthday);
        u8::try_from(years.clamp(0, 120)).unwrap_or_default()
    }
}

#[derive(Clone, Debug)]
pub(super) struct Household {
    /// Which fictional name and street.
    pub(super) number: u64,
    pub(super) members: Vec<Member>,
    /// Who the melding before this one told of.
    pub(super) told: Vec<Uuid>,
    /// What the partners are to each other.
    pub(super) bond: &'static str,
    /// Whether the partner is no parent of the children.
    pub(super) step: bool,
}

/// What the victim is of a partner, and how often.
const BONDS: [(&str, f64); 5] = [
    ("echtgenoot-of-geregistreerd-partner", 0.33),
    ("ongehuwde-partner-samenwonend", 0.25),
    ("partner-niet-samenwonend", 0.09),
    ("ex-echtgenoot-of-ex-geregistreerd-partner", 0.14),
    ("ex-partner-ongehuwd", 0.19),
];

impl Household {
    pub(super) fn new(number: u64, chance: &mut Chance) -> Self {
        let (bond, step) = (chance.weighted(&BONDS), chance.happens(0.25));
        Self { number, members: vec![], told: vec![], bond, step }
    }

    /// The same street, with nobody left but one: someone who is known begins another household.
    pub(super) fn begun_by(&self, member: Member, chance: &mut Chance) -> Self {
        let mut begun = Self::new(self.number ^ (1 << 63), chance);
        begun.members.push(member);
        begun
    }

    /// Someone of whom the melding before this one told.
    pub(super) fn told_before(&self) -> Option<usize> {
        self.members.iter().position(|it| self.told.contains(&it.id))
    }

    /// Someone who is known, a grown-up if possible.
    pub(super) fn someone_known(&self) -> Option<&Member> {
        let grown_up = |it: &&Member| match it.slot {
            Slot::Partner | Slot::Parent | Slot::Grown | Slot::Relative => it.known,
            Slot::Child | Slot::Teen | Slot::Elder => false,
        };
        self.members.iter().rev().find(grown_up).or_else(|| self.members.iter().find(|it| it.known))
    }

    /// The member in a slot, of an age within limits on a day; a new one when there is none.
    pub(super) fn cast(
        &mut self,
        slot: Slot,
        ages: (u8, u8),
        at: (DateTime<Utc>, NaiveDate),
        chance: &mut Chance,
    ) -> usize {
        let fits = |it: &Member| it.slot == slot && (ages.0..=ages.1).contains(&it.age_on(at.1));
        if let Some(found) = self.members.iter().position(fits) {
            return found;
        }
        let age = self.age(slot, ages, at.1, chance);
        let birthday = at.1 - Months::new(u32::from(age) * 12);
        self.members.push(Member {
            id: chance.id(at.0),
            slot,
            sex: self.sex(slot, chance),
            born: birthday - Days::new(chance.below(364) as u64),
            age_known: chance.happens(0.96),
            known: false,
        });
        self.members.len() - 1
    }

    /// An age that fits the slot, the limits and the others.
    fn age(&self, slot: Slot, (least, most): (u8, u8), on: NaiveDate, chance: &mut Chance) -> u8 {
        let of =
            |slot| self.members.iter().rev().find(|it| it.slot == slot).map(|it| it.age_on(on));
        let parent = of(Slot::Parent).unwrap_or(40);
        let (young, old) = match slot {
            Slot::Parent => (24, 52),
            Slot::Partner => (parent.saturating_sub(4).max(20), parent.saturating_add(7)),
            Slot::Child => (0, parent.saturating_sub(18).min(17)),
            Slot::Teen => (12, parent.saturating_sub(18).clamp(12, 23)),
            Slot::Elder => (66, 92),
            Slot::Grown => {
                let elder = of(Slot::Elder).unwrap_or(75);
                (elder - 40, elder - 22)
            }
            Slot::Relative => (17, 68),
        };
        let (young, old) = (young.clamp(least, most), old.clamp(least, most));
        u8::try_from(chance.between(i64::from(young), i64::from(old.max(young)))).unwrap_or(least)
    }

    fn sex(&self, slot: Slot, chance: &mut Chance) -> &'static str {
        if chance.happens(0.008) {
            return chance.weighted(&[("onbekend", 0.8), ("overig", 0.2)]);
        }
        let parent = self.members.iter().find(|it| it.slot == Slot::Parent).map(|it| it.sex);
        let women = match (slot, parent) {
            (Slot::Parent, _) => 0.84,
            (Slot::Partner, Some("vrouw")) => 0.03,
            (Slot::Partner, Some(_)) => 0.94,
            (Slot::Partner, None) => 0.2,
            (Slot::Child | Slot::Grown, _) => 0.5,
            (Slot::Teen | Slot::Relative, _) => 0.35,
            (Slot::Elder, _) => 0.65,
        };
        if chance.happens(women) { "vrouw" } else { "man" }
    }
}
