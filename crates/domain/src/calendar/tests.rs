//! The calendar against the law, and against the published list of days where it is at hand.

use super::*;

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

#[test]
fn easter_king_and_liberation_are_free() {
    // 2023: Good Friday 7 April, Easter Monday 10 April.
    assert!(is_public_holiday(day("2023-04-07")) && is_public_holiday(day("2023-04-10")));
    // 2025-04-27 is a Sunday: the king's birthday is kept on the 26th, a Saturday.
    assert!(is_public_holiday(day("2025-04-26")) && !is_public_holiday(day("2025-04-27")));
    assert!(is_public_holiday(day("2026-05-05")));
}

#[test]
fn a_day_equated_by_royal_decree_is_no_working_day() {
    // The Friday after Ascension Day 2025 (decree for 2023-2025).
    assert!(!is_working_day(day("2025-05-30")));
    assert_eq!(working_days_between(day("2025-05-28"), day("2025-06-02")), 1);
    assert!(within_working_days(day("2025-05-28"), day("2025-06-02"), 1));
    assert!(!within_working_days(day("2025-05-28"), day("2025-06-03"), 1));
}

#[test]
fn a_free_day_moves_to_the_next_day_on_which_people_work() {
    assert_eq!(working_day_from(day("2026-05-23")), day("2026-05-26"));
    assert_eq!(working_day_from(day("2026-05-26")), day("2026-05-26"));
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
