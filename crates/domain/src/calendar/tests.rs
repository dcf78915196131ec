//! The calendar against the law, and against the published list of days where it is at hand.

use super::*;

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

#[test]
fn the_assessment_is_due_after_five_working_days() {
    assert_eq!(assessment_due(day("2026-03-02")), day("2026-03-09"));
}

#[test]
fn a_melding_on_saturday_and_one_on_sunday_are_due_on_the_same_friday() {
    assert_eq!(assessment_due(day("2026-03-07")), day("2026-03-13"));
    assert_eq!(assessment_due(day("2026-03-08")), day("2026-03-13"));
}

#[test]
fn easter_king_and_liberation_take_no_working_days() {
    // 2023: Good Friday 7 April, Easter Monday 10 April.
    assert_eq!(assessment_due(day("2023-04-05")), day("2023-04-14"));
    // 2025-04-27 is a Sunday: the king's birthday is kept on the 26th, a Saturday.
    assert!(is_public_holiday(day("2025-04-26")) && !is_public_holiday(day("2025-04-27")));
    assert!(is_public_holiday(day("2026-05-05")));
}

#[test]
fn a_day_equated_by_royal_decree_is_no_working_day() {
    // The Friday after Ascension Day 2025 (decree for 2023-2025).
    assert!(!is_working_day(day("2025-05-30")));
    assert_eq!(working_days_between(day("2025-05-28"), day("2025-06-02")), 1);
}

#[test]
fn a_term_over_the_change_to_summer_time_still_counts_days() {
    assert_eq!(assessment_due(day("2026-03-27")), day("2026-04-07"));
}

#[test]
fn a_changed_norm_leaves_the_past_alone() {
    let norms = [
        Norm { from: day("2015-01-01"), working_days: 5 },
        Norm { from: day("2027-01-01"), working_days: 3 },
    ];
    assert_eq!(norm_on(&norms, day("2026-12-31")).working_days, 5);
    assert_eq!(norm_on(&norms, day("2027-01-01")).working_days, 3);
}

#[test]
fn the_computed_holidays_are_those_of_the_published_list() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/reference/holidays.csv");
    // The list is a means of checking that not every checkout has; the sentences above stand on their own.
    let Ok(list) = std::fs::read_to_string(path) else { return };
    let published: BTreeSet<NaiveDate> = list
        .lines()
        .skip(1)
        .filter(|line| line.split(',').nth(6) == Some("true"))
        .map(|line| day(&line[..10]))
        .collect();
    let (first, last) = (*published.first().unwrap(), day("2035-12-31"));
    let ours: BTreeSet<NaiveDate> = first
        .iter_days()
        .take_while(|it| *it <= last)
        .filter(|it| is_public_holiday(*it))
        .collect();
    assert_eq!(ours, published);
}
