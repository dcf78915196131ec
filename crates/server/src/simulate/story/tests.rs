//! A story is one that the domain takes in: roles, relations and ages that fit the forms, and as many known people as the class asks.

use super::super::course::Class;
use super::*;
use domain::codes::{self, List};

fn theme(class: Class, forms: Forms, year: i32) -> Theme {
    let day = NaiveDate::from_ymd_opt(year, 5, 10).unwrap();
    let at = day.and_hms_opt(9, 0, 0).unwrap().and_utc();
    Theme { class, own: false, forms, special: None, at, day }
}

fn any_forms(chance: &mut Chance) -> Forms {
    let one = Forms::of(chance.pick(&Form::ALL[..6]));
    if chance.happens(0.3) { one.with(chance.pick(&Form::ALL[..6])) } else { one }
}

#[test]
fn ages_and_roles_fit_the_forms() {
    let mut chance = Chance::of_number(21);
    for number in 0..3_000 {
        let mut household = Household::new(number, &mut chance);
        for year in [2019, 2022, 2025] {
            let forms = any_forms(&mut chance);
            let class = if year == 2019 { Class::First } else { Class::Several };
            let story = tell(&mut household, theme(class, forms, year), &mut chance);
            let age = |id| story.persons.iter().find(|it| it.id == id).unwrap().age;
            for pair in &story.pairs {
                for form in &pair.forms {
                    let age = age(pair.victim);
                    let fits = match form.as_str() {
                        "kindermishandeling" => age.is_none_or(|age| age < 18),
                        "ouderenmishandeling" => age.is_none_or(|age| age >= 65),
                        "geweld-tegen-ouders" => age.is_none_or(|age| age < 65),
                        _ => true,
                    };
                    assert!(fits, "{form} {age:?}");
                }
                assert!(codes::find(List::Relation, pair.relation.as_str()).is_some());
                assert!(
                    pair.natures.iter().all(|it| codes::find(List::Nature, it.as_str()).is_some())
                );
            }
            let mut told: Vec<&str> =
                story.pairs.iter().flat_map(|it| &it.forms).map(Code::as_str).collect();
            told.extend(story.forms.iter().map(Code::as_str));
            assert!(forms.iter().all(|form| told.contains(&form.code())));
            assert!(told.iter().all(|it| forms.iter().any(|form| form.code() == *it)));
        }
    }
}

#[test]
fn a_class_has_as_many_known_people_as_it_says() {
    let mut chance = Chance::of_number(22);
    for number in 0..2_000 {
        let mut household = Household::new(number, &mut chance);
        let mut known: Vec<uuid::Uuid> = vec![];
        for class in [
            Class::First,
            Class::Several,
            Class::One,
            Class::Several,
            Class::During,
            Class::After,
            Class::Monitored,
        ] {
            let forms = any_forms(&mut chance);
            let mut it = theme(class, forms, 2023);
            it.own = class == Class::During && number % 2 == 0;
            let before = household.told.clone();
            let story = tell(&mut household, it, &mut chance);
            let there = story.persons.iter().filter(|it| known.contains(&it.id)).count();
            let told = story.persons.iter().filter(|it| before.contains(&it.id)).count();
            let fresh = story.fresh.len();
            assert_eq!(there + fresh, story.persons.len());
            match class {
                Class::First | Class::None => assert_eq!(there, 0),
                Class::One => assert_eq!(there, 1),
                Class::Several => assert!(there >= 2),
                Class::During | Class::After | Class::Monitored => assert!(told >= 1),
            }
            assert!(story.persons.len() >= 2);
            known.extend(story.persons.iter().map(|it| it.id));
        }
    }
}
