//! How long data are kept: the term to the day, whoever is a child, what holds a casus, who occurs in several dossiers.

use super::*;
use crate::codes::Code;
use crate::scenario::{day, id};

const YEARS: u32 = 20;
const CASE: Key = (Kind::Case, Uuid::from_u128(1));
const OTHER: Key = (Kind::Case, Uuid::from_u128(2));
/// Somebody in one of them or in both, and the words about each household.
const PERSON: u128 = 10;
const TEXT: u128 = 1;

fn dossier(last_on: &str) -> Dossier {
    Dossier { last_on: day(last_on), goes_on: false, held: vec![], people: vec![] }
}

fn held(until: Option<&str>) -> Held {
    Held { case: id(1), reason: Code::of("strafzaak"), until: until.map(day) }
}

/// These dossiers, with who occurs in which.
fn known(dossiers: &[(Key, Dossier)], subjects: &[(u128, &[Key])]) -> Known {
    let places = subjects.iter().map(|(it, keys)| (id(*it), keys.iter().copied().collect()));
    let (dossiers, places) = (dossiers.iter().cloned().collect(), places.collect());
    let readable = subjects.iter().map(|(it, _)| id(*it)).collect();
    Known { dossiers, places, readable, humans: vec![] }
}

/// Who is destroyed on a day, of all dossiers together.
fn destroyed(known: &Known, on: &str) -> Vec<Uuid> {
    judge(known, day(on), YEARS).into_iter().flat_map(|it| it.destroyed).collect()
}

fn why(known: &Known, on: &str) -> Vec<Keeps> {
    judge(known, day(on), YEARS).into_iter().flat_map(|it| it.kept).collect()
}

fn one(it: Dossier) -> Known {
    known(&[(CASE, it)], &[(TEXT, &[CASE]), (PERSON, &[CASE])])
}

/// With somebody of whom this is known.
fn with(births: &[&str], told: &[Age]) -> Known {
    let births = births.iter().map(|it| it.parse().unwrap()).collect();
    let member = Member { births, told: told.to_vec() };
    one(Dossier { people: vec![member], ..dossier("2006-06-30") })
}

/// Wmo 2015 art. 5.3.4.
#[test]
fn on_the_last_day_of_the_term_all_is_kept_and_on_the_next_it_is_over() {
    let it = one(dossier("2006-06-30"));
    assert_eq!(
        keeps(&it.dossiers[&CASE], day("2026-06-30"), YEARS),
        [Keeps::Term(day("2026-06-30"))]
    );
    assert!(
        judge(&it, day("2026-06-30"), YEARS).is_empty(),
        "what is within its term is not named"
    );
    assert_eq!(destroyed(&it, "2026-07-01"), [id(TEXT), id(PERSON)]);
}

#[test]
fn a_term_that_ends_in_a_year_without_29_february_ends_on_the_28th() {
    assert_eq!(kept_until(day("2004-02-29"), 15), day("2019-02-28"));
    assert_eq!(kept_until(day("2004-02-29"), 20), day("2024-02-29"));
}

#[test]
fn the_first_day_that_is_kept_is_the_first_whose_term_has_not_passed() {
    for on in ["2026-06-30", "2024-02-29", "2024-03-01", "2023-02-28", "2023-03-01"] {
        for years in [1, 15, 20] {
            let first = first_kept(day(on), years);
            assert!(kept_until(first, years) >= day(on), "{on} {years}");
            let before = first.pred_opt().unwrap();
            assert!(kept_until(before, years) < day(on), "{on} {years}");
        }
    }
}

/// Wmo 2015 art. 5.3.4: the text of 2015 says fifteen years; since when it is twenty is not confirmed.
#[test]
fn the_term_is_that_of_the_day_of_reckoning() {
    assert_eq!(years_on(day("2014-12-31")), 15);
    assert_eq!(years_on(day("2019-12-31")), 15);
    assert_eq!(years_on(day("2026-06-30")), 20);
}

#[test]
fn what_goes_on_is_never_over() {
    let open = one(Dossier { goes_on: true, ..dossier("1996-06-30") });
    assert_eq!(
        (destroyed(&open, "2026-07-01"), why(&open, "2026-07-01")),
        (vec![], vec![Keeps::GoesOn])
    );
}

#[test]
fn what_is_held_is_never_over() {
    let it = one(Dossier { held: vec![held(None)], ..dossier("1996-06-30") });
    assert!(destroyed(&it, "2026-07-01").is_empty());
    assert_eq!(why(&it, "2026-07-01"), [Keeps::Held(held(None))]);
}

/// The family's data are kept until the youngest child is eighteen.
#[test]
fn a_child_keeps_the_whole_dossier_until_its_eighteenth_birthday() {
    let it = with(&["1970-01-01", "2008-07-02"], &[]);
    assert_eq!(
        (destroyed(&it, "2026-07-01"), why(&it, "2026-07-01")),
        (vec![], vec![Keeps::Child])
    );
    assert_eq!(destroyed(&it, "2026-07-02"), [id(TEXT), id(PERSON)]);
}

#[test]
fn a_birth_date_that_is_known_in_part_counts_as_the_youngest_possible() {
    for (born, last, first) in [
        ("2008", "2026-12-30", "2026-12-31"),
        ("2008-07", "2026-07-30", "2026-07-31"),
        ("2008-02-29", "2026-02-28", "2026-03-01"),
    ] {
        let it = Member { births: vec![born.parse().unwrap()], told: vec![] };
        assert!(it.may_be_a_child(day(last)), "{born}");
        assert!(!it.may_be_a_child(day(first)), "{born}");
    }
}

#[test]
fn of_several_birth_dates_the_youngest_counts() {
    let it =
        Member { births: vec!["1950".parse().unwrap(), "2010".parse().unwrap()], told: vec![] };
    assert!(it.may_be_a_child(day("2026-07-01")));
}

#[test]
fn without_a_birth_date_the_age_that_was_told_counts_as_the_youngest_possible() {
    let it =
        |years| Member { births: vec![], told: vec![Age::Years { on: day("2016-06-30"), years }] };
    // Eight on that day, perhaps since that day.
    assert!(it(8).may_be_a_child(day("2026-06-29")));
    assert!(!it(8).may_be_a_child(day("2026-06-30")));
    assert!(!it(40).may_be_a_child(day("2016-07-01")));
}

#[test]
fn who_was_told_of_as_a_child_keeps_until_he_cannot_be_one_any_more() {
    let it = |told| Member { births: vec![], told };
    let child = it(vec![Age::Child { on: day("2016-06-30") }]);
    assert!(child.may_be_a_child(day("2034-06-29")) && !child.may_be_a_child(day("2034-06-30")));
    let unborn = it(vec![Age::Unborn { on: day("2016-06-30") }]);
    assert!(unborn.may_be_a_child(day("2035-04-29")) && !unborn.may_be_a_child(day("2035-04-30")));
    // How old he was says more.
    let aged = Age::Years { on: day("2016-06-30"), years: 17 };
    let both = it(vec![Age::Child { on: day("2016-06-30") }, aged]);
    assert!(!both.may_be_a_child(day("2017-06-30")));
    assert!(!it(vec![]).may_be_a_child(day("2016-06-30")), "nothing says that he was a child");
}

#[test]
fn who_is_in_a_dossier_that_is_not_over_stays_while_the_words_of_the_other_go() {
    let dossiers = [(CASE, dossier("2000-06-30")), (OTHER, dossier("2020-06-30"))];
    let it = known(&dossiers, &[(TEXT, &[CASE]), (2, &[OTHER]), (PERSON, &[CASE, OTHER])]);
    let judged = judge(&it, day("2026-07-01"), YEARS);
    assert_eq!(judged.len(), 1, "the other is within its term: {judged:?}");
    assert_eq!(judged[0].destroyed, [id(TEXT)]);
    assert_eq!(judged[0].kept, [Keeps::Elsewhere(1)]);
    // When both are over he goes with the first, once.
    assert_eq!(destroyed(&it, "2040-07-01"), [id(TEXT), id(PERSON), id(2)]);
}

#[test]
fn persons_who_are_one_human_being_are_kept_by_the_dossier_of_either() {
    let dossiers = [(CASE, dossier("2000-06-30")), (OTHER, dossier("2020-06-30"))];
    let mut it = known(&dossiers, &[(PERSON, &[CASE]), (11, &[OTHER])]);
    assert_eq!(destroyed(&it, "2026-07-01"), [id(PERSON)]);
    it.humans = vec![BTreeSet::from([id(PERSON), id(11)])];
    assert!(destroyed(&it, "2026-07-01").is_empty());
    assert_eq!(destroyed(&it, "2040-07-01"), [id(PERSON), id(11)]);
}

#[test]
fn of_what_is_gone_already_nothing_is_told() {
    let mut it = one(dossier("2000-06-30"));
    it.readable.clear();
    assert!(judge(&it, day("2026-07-01"), YEARS).is_empty());
}
