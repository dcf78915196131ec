//! What a melding tells of a household: who is victim and who perpetrator by each form of violence, the relation and the natures that
//! go with it, and those who are there besides. Direction: *the victim is the … of the perpetrator*.

use super::chance::Chance;
use super::course::Class;
use super::form::{Form, Forms, code};
use super::household::{Household, Member, Slot};
use chrono::{DateTime, NaiveDate, Utc};
use domain::codes::Code;
use domain::melding::{Pair, Person};

/// What is told: the part of a melding that is about people.
pub(super) struct Story {
    pub(super) persons: Vec<Person>,
    pub(super) pairs: Vec<Pair>,
    /// Forms without a perpetrator.
    pub(super) forms: Vec<Code>,
    pub(super) children: Option<u8>,
    /// Those who are told of for the first time.
    pub(super) fresh: Vec<Member>,
}

/// What is to be told.
#[derive(Clone, Copy)]
pub(super) struct Theme {
    pub(super) class: Class,
    /// About one known person in another household.
    pub(super) own: bool,
    pub(super) forms: Forms,
    pub(super) special: Option<&'static str>,
    pub(super) at: DateTime<Utc>,
    pub(super) day: NaiveDate,
}

const ANY: (u8, u8) = (0, 120);
const ADULT: (u8, u8) = (18, 64);

/// Tells of a household, which grows by it.
pub(super) fn tell(household: &mut Household, theme: Theme, chance: &mut Chance) -> Story {
    if theme.own {
        return tell_elsewhere(household, theme, chance);
    }
    if theme.class == Class::One {
        let kept = household.someone_known().cloned();
        household.members = kept.into_iter().collect();
    }
    let mut scene = Scene { household, theme, parts: vec![], pairs: vec![], loose: vec![] };
    for form in theme.forms.iter() {
        scene.act(form, chance);
    }
    scene.complete(chance);
    scene.end(chance)
}

/// About one person of the household whom the melding before this one told of, among others whom nobody knows.
fn tell_elsewhere(household: &mut Household, theme: Theme, chance: &mut Chance) -> Story {
    let kept = household.told_before().map(|nth| household.members[nth].clone());
    let Some(kept) = kept else {
        return tell(household, Theme { own: false, ..theme }, chance);
    };
    household.told = vec![kept.id];
    let mut elsewhere = household.begun_by(kept, chance);
    elsewhere.told.clone_from(&household.told);
    tell(&mut elsewhere, Theme { own: false, ..theme }, chance)
}

struct Drafted {
    victim: usize,
    perpetrator: usize,
    relation: &'static str,
    forms: Vec<Form>,
}

struct Scene<'a> {
    household: &'a mut Household,
    theme: Theme,
    /// Members with their roles.
    parts: Vec<(usize, Vec<&'static str>)>,
    pairs: Vec<Drafted>,
    loose: Vec<Form>,
}

impl Scene<'_> {
    fn cast(&mut self, slot: Slot, ages: (u8, u8), chance: &mut Chance) -> usize {
        self.household.cast(slot, ages, (self.theme.at, self.theme.day), chance)
    }

    fn part(&mut self, member: usize, role: &'static str) {
        match self.parts.iter_mut().find(|(it, _)| *it == member) {
            Some((_, roles)) if roles.contains(&role) => {}
            Some((_, roles)) => roles.push(role),
            None => self.parts.push((member, vec![role])),
        }
    }

    fn pair(&mut self, victim: usize, perpetrator: usize, relation: &'static str, form: Form) {
        self.part(victim, "slachtoffer");
        self.part(perpetrator, "pleger");
        let same = |it: &&mut Drafted| it.victim == victim && it.perpetrator == perpetrator;
        match self.pairs.iter_mut().find(same) {
            Some(pair) => pair.forms.push(form),
            None => self.pairs.push(Drafted { victim, perpetrator, relation, forms: vec![form] }),
        }
    }

    /// Brings in whoever belongs to a form.
    fn act(&mut self, form: Form, chance: &mut Chance) {
        match form {
            Form::Child => self.child(chance),
            Form::Parents => {
                let parent = self.cast(Slot::Parent, (33, 64), chance);
                let teen = self.cast(Slot::Teen, (12, 23), chance);
                self.pair(parent, teen, "ouder", form);
            }
            Form::Partner => self.partners(chance),
            Form::Elder => {
                let elder = self.cast(Slot::Elder, (65, 120), chance);
                let (slot, relation) = chance.weighted(&[
                    ((Slot::Grown, "ouder"), 0.66),
                    ((Slot::Relative, "persoon-die-verzorgd-wordt-client-oudere"), 0.2),
                    ((Slot::Relative, "overige-familie"), 0.14),
                ]);
                let other = self.cast(slot, ADULT, chance);
                self.pair(elder, other, relation, form);
            }
            Form::Other => self.other(chance),
            Form::Problem | Form::NoViolence | Form::Unknown => {
                self.loose.push(form);
                let parent = self.cast(Slot::Parent, ADULT, chance);
                self.part(parent, "anders-betrokken");
                if chance.happens(0.5) {
                    let child = self.cast(Slot::Child, (0, 17), chance);
                    self.part(child, "kind");
                }
            }
        }
    }

    fn child(&mut self, chance: &mut Chance) {
        let parent = self.cast(Slot::Parent, ADULT, chance);
        let child = self.cast(Slot::Child, (0, 17), chance);
        if chance.happens(0.45) {
            let partner = self.cast(Slot::Partner, (18, 120), chance);
            let relation = match (self.household.step, self.household.bond) {
                (false, _) => "kind",
                (true, "echtgenoot-of-geregistreerd-partner") => "stiefkind",
                (true, _) => "kind-van-de-partner",
            };
            self.pair(child, partner, relation, Form::Child);
        } else {
            self.pair(child, parent, "kind", Form::Child);
        }
        if chance.happens(0.3) {
            self.part(parent, "gezinslid");
        }
    }

    fn partners(&mut self, chance: &mut Chance) {
        let parent = self.cast(Slot::Parent, ADULT, chance);
        let partner = self.cast(Slot::Partner, (18, 120), chance);
        let bond = self.household.bond;
        let (victim, perpetrator) =
            if chance.happens(0.93) { (parent, partner) } else { (partner, parent) };
        self.pair(victim, perpetrator, bond, Form::Partner);
        if chance.happens(0.15) {
            self.pair(perpetrator, victim, bond, Form::Partner);
        }
        if chance.happens(0.5) {
            let child = self.cast(Slot::Child, (0, 17), chance);
            self.part(child, "kind");
            self.part(child, "getuige");
        }
    }

    fn other(&mut self, chance: &mut Chance) {
        if let Some("huwelijksdwang" | "achterlating") = self.theme.special {
            let parent = self.cast(Slot::Parent, (33, 64), chance);
            let teen = self.cast(Slot::Teen, (12, 23), chance);
            self.pair(teen, parent, "kind", Form::Other);
            return;
        }
        let victim = self.cast(Slot::Parent, ADULT, chance);
        let relative = self.cast(Slot::Relative, ANY, chance);
        let relation = chance.weighted(&[
            ("broer-of-zus", 0.4),
            ("overige-familie", 0.25),
            ("aangetrouwde-familie", 0.2),
            ("anders-bekend", 0.08),
            ("buur", 0.05),
            ("relatie-onbekend", 0.02),
        ]);
        self.pair(victim, relative, relation, Form::Other);
    }

    /// Adds whoever must be there for the class that is wanted, and never one person alone.
    fn complete(&mut self, chance: &mut Chance) {
        let wanted = match self.theme.class {
            Class::First | Class::None => 0,
            Class::One | Class::During | Class::After | Class::Monitored => 1,
            Class::Several => 2,
        };
        let of_before = matches!(self.theme.class, Class::During | Class::After | Class::Monitored);
        let counts = |scene: &Self, nth: usize| {
            let member = &scene.household.members[nth];
            member.known && (!of_before || scene.household.told.contains(&member.id))
        };
        for nth in 0..self.household.members.len() {
            let there = self.parts.iter().filter(|(it, _)| counts(self, *it)).count();
            let absent = self.parts.iter().all(|(it, _)| *it != nth);
            if there < wanted && absent && counts(self, nth) {
                self.bystander(nth);
            }
        }
        if self.parts.len() < 2 {
            let child =
                self.parts.iter().any(|(nth, _)| self.household.members[*nth].slot == Slot::Child);
            let slot = if child { Slot::Parent } else { Slot::Child };
            let nth = self.cast(slot, if child { ADULT } else { (0, 17) }, chance);
            self.bystander(nth);
        }
    }

    fn bystander(&mut self, nth: usize) {
        let minor = self.household.members[nth].age_on(self.theme.day) < 18;
        self.part(nth, if minor { "kind" } else { "gezinslid" });
    }

    fn end(self, chance: &mut Chance) -> Story {
        let Self { household, theme, parts, pairs, loose } = self;
        let id = |nth: usize| household.members[nth].id;
        let persons = parts
            .iter()
            .map(|(nth, roles)| {
                let it = &household.members[*nth];
                Person {
                    id: it.id,
                    roles: roles.iter().map(|role| Code::of(role)).collect(),
                    sex: Code::of(it.sex),
                    age: it.age_known.then(|| it.age_on(theme.day)),
                    unborn: false,
                    address_hidden: None,
                }
            })
            .collect();
        let pair = |it: &Drafted, chance: &mut Chance| {
            let girl = household.members[it.victim].sex == "vrouw";
            let special =
                theme.special.filter(|it| girl || *it != "vrouwelijke-genitale-verminking");
            let (current_or_former, cohabiting) = standing(it.relation, chance);
            Pair {
                victim: id(it.victim),
                perpetrator: id(it.perpetrator),
                relation: Code::of(it.relation),
                current_or_former: Code::of(current_or_former),
                cohabiting: Code::of(cohabiting),
                forms: it.forms.iter().map(|form| code(*form, special)).collect(),
                natures: natures(&it.forms, chance),
                certainty: Code::of("vermoed"),
            }
        };
        let pairs = pairs.iter().map(|it| pair(it, chance)).collect();
        let minors = household.members.iter().filter(|it| it.age_on(theme.day) < 18).count();
        let children = u8::try_from(minors).ok().filter(|_| chance.happens(0.85));
        let fresh = parts.iter().map(|(nth, _)| &household.members[*nth]);
        let fresh = fresh.filter(|it| !it.known).cloned().collect();
        for (nth, _) in &parts {
            household.members[*nth].known = true;
        }
        household.told = parts.iter().map(|(nth, _)| household.members[*nth].id).collect();
        let forms = loose.iter().map(|form| code(*form, theme.special)).collect();
        Story { persons, pairs, forms, children, fresh }
    }
}

/// Whether a relation is over, and whether the two live together.
fn standing(relation: &str, chance: &mut Chance) -> (&'static str, &'static str) {
    match relation {
        "echtgenoot-of-geregistreerd-partner" | "ongehuwde-partner-samenwonend" => ("huidig", "ja"),
        "partner-niet-samenwonend" => ("huidig", "nee"),
        "ex-echtgenoot-of-ex-geregistreerd-partner" | "ex-partner-ongehuwd" => {
            ("voormalig", chance.weighted(&[("nee", 0.9), ("ja", 0.05), ("onbekend", 0.05)]))
        }
        "kind" | "ouder" | "stiefkind" | "kind-van-de-partner" => (
            "niet-van-toepassing",
            chance.weighted(&[("ja", 0.75), ("nee", 0.2), ("onbekend", 0.05)]),
        ),
        "relatie-onbekend" => ("onbekend", "onbekend"),
        _ => (
            "niet-van-toepassing",
            chance.weighted(&[
                ("nee", 0.6),
                ("ja", 0.25),
                ("onbekend", 0.1),
                ("niet-gevraagd", 0.05),
            ]),
        ),
    }
}

/// One or two natures of violence that go with the forms of a pair.
pub(super) fn natures(forms: &[Form], chance: &mut Chance) -> Vec<Code> {
    let of = |form: Form| -> &[(&'static str, f64)] {
        match form {
            Form::Child => &[
                ("getuige-van-geweld-in-gezin", 0.34),
                ("psychisch-geweld", 0.17),
                ("lichamelijke-mishandeling", 0.15),
                ("pedagogische-verwaarlozing", 0.13),
                ("affectieve-verwaarlozing", 0.09),
                ("lichamelijke-verwaarlozing", 0.07),
                ("seksueel-misbruik", 0.04),
                ("onbekend", 0.01),
            ],
            Form::Elder => &[
                ("psychisch-geweld", 0.33),
                ("financiele-uitbuiting", 0.25),
                ("lichamelijke-mishandeling", 0.24),
                ("lichamelijke-verwaarlozing", 0.17),
                ("onbekend", 0.01),
            ],
            Form::Parents | Form::Partner | Form::Other => &[
                ("lichamelijke-mishandeling", 0.5),
                ("psychisch-geweld", 0.4),
                ("financiele-uitbuiting", 0.03),
                ("seksueel-misbruik", 0.04),
                ("anders-onveilig", 0.02),
                ("onbekend", 0.01),
            ],
            Form::Problem | Form::NoViolence | Form::Unknown => &[("anders-niet-onveilig", 1.0)],
        }
    };
    let mut natures: Vec<Code> = vec![];
    for form in forms {
        for _ in 0..=usize::from(chance.happens(0.3)) {
            let nature = Code::of(chance.weighted(of(*form)));
            if !natures.contains(&nature) {
                natures.push(nature);
            }
        }
    }
    natures
}

#[cfg(test)]
mod tests;
