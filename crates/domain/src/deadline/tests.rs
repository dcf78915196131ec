//! Terms of law around weekends, public holidays, the change of the clock, and a change of norm.

use super::*;
use crate::scenario::{day, id};

fn of(kind: Kind, from: &str) -> Option<NaiveDate> {
    due(kind, day(from))
}

#[test]
fn every_kind_has_a_norm_from_the_first_day_on() {
    for kind in Kind::ALL {
        assert_eq!(
            norm(*kind, crate::moment::FIRST_DAY).from,
            crate::moment::FIRST_DAY,
            "{kind:?}"
        );
        assert_eq!(Kind::of(kind.code()), Some(*kind));
        assert!(
            crate::codes::find(crate::codes::List::Deadline, kind.code()).is_some(),
            "{kind:?}"
        );
    }
}

/// Uitvoeringsbesluit Wmo 2015 art. 4.1.7 lid 1.
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
fn easter_takes_no_working_days() {
    // 2023: Good Friday 7 April, Easter Monday 10 April.
    assert_eq!(assessment_due(day("2023-04-05")), day("2023-04-14"));
}

#[test]
fn a_term_over_the_change_to_summer_time_still_counts_days() {
    assert_eq!(assessment_due(day("2026-03-27")), day("2026-04-07"));
    assert_eq!(of(Kind::Investigation, "2026-03-27"), Some(day("2026-06-05")));
    // And back: 25 October 2026.
    assert_eq!(of(Kind::Informing, "2026-10-01"), Some(day("2026-10-29")));
}

/// Uitvoeringsbesluit Wmo 2015 art. 4.1.7; Algemene termijnenwet art. 1 lid 1.
#[test]
fn an_investigation_is_judged_within_ten_weeks_and_a_last_day_that_is_free_moves_on() {
    assert_eq!(of(Kind::Investigation, "2026-03-04"), Some(day("2026-05-13")));
    // Ten weeks after Saturday 7 March is Saturday 16 May.
    assert_eq!(of(Kind::Investigation, "2026-03-07"), Some(day("2026-05-18")));
    // Ten weeks after Monday 16 March is Whit Monday 25 May.
    assert_eq!(of(Kind::Investigation, "2026-03-16"), Some(day("2026-05-26")));
    // Ten weeks after Thursday 5 March is Ascension Day, and the Friday after it is equated (decree for 2026).
    assert_eq!(of(Kind::Investigation, "2026-03-05"), Some(day("2026-05-18")));
}

/// Wmo 2015 art. 5.3.1.
#[test]
fn a_person_is_informed_within_four_weeks() {
    assert_eq!(of(Kind::Informing, "2026-03-02"), Some(day("2026-03-30")));
    // Four weeks after Monday 30 March is the king's birthday.
    assert_eq!(of(Kind::Informing, "2026-03-30"), Some(day("2026-04-28")));
}

#[test]
fn where_no_length_is_known_there_is_no_last_day() {
    assert_eq!(of(Kind::Handover, "2026-03-02"), None);
}

#[test]
fn a_changed_norm_leaves_the_past_alone() {
    let of = |from: &str, length| Norm {
        from: day(from),
        length: Some(length),
        unit: Unit::WorkingDays,
        warn: 1,
    };
    let norms = [of("2015-01-01", 5), of("2027-01-01", 3)];
    let due = |from: &str| in_force(&norms, day(from)).due(day(from));
    // Begun on the last day of the old norm, it lapses by the old norm, although that is in the time of the new one.
    assert_eq!(due("2026-12-31"), Some(day("2027-01-08")));
    assert_eq!(due("2027-01-01"), Some(day("2027-01-06")));
}

#[test]
fn somebody_is_warned_before_a_term_passes_and_not_long_before() {
    let it = |due: &str| Deadline {
        kind: Kind::Assessment,
        about: id(1),
        from: day("2026-03-02"),
        due_on: Some(day(due)),
        met_on: None,
    };
    assert!(!it("2026-03-09").is_near(day("2026-03-04")));
    assert!(it("2026-03-09").is_near(day("2026-03-05")));
    assert!(it("2026-03-09").is_near(day("2026-03-20")));
}
