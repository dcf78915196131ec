//! Earlier involvement: was Veilig Thuis already concerned with these persons when a melding came in?
//!
//! Derived, never typed in. First melding: nobody known. Vervolgmelding: an earlier melding about one of these persons was still
//! being assessed, or its casus was still open. Hermelding: someone was known, and that involvement had ended.
//! What is counted are human beings: persons who were merged ([`crate::person`]) are one.
//! Source: CBS StatLine 85361NED and [`crate::law::SEVERAL_MELDINGEN`].

use crate::codes::{Code, STEPS_AT_VEILIG_THUIS};
use chrono::{Datelike, NaiveDate};

pub const FIRST: Code = Code::of("eerste-melding");
pub const SEVERAL_KNOWN: Code = Code::of("hermelding-meerdere-betrokkenen");
pub const ONE_KNOWN: Code = Code::of("hermelding-een-betrokkene");
pub const DURING_ASSESSMENT: Code = Code::of("vervolgmelding-tijdens-beoordeling");
pub const AFTER_ASSESSMENT: Code = Code::of("vervolgmelding-na-beoordeling");
pub const DURING_MONITORING: Code = Code::of("vervolgmelding-tijdens-monitoring");
pub const NOT_CLASSED: Code = Code::of("niet-ingedeeld");

/// An earlier melding about one or more of the same persons.
#[derive(Clone, Debug, PartialEq)]
pub struct Earlier {
    pub assessed: Option<(NaiveDate, Code)>,
    /// The casus it belongs to, when it belongs to one.
    pub case: Option<CaseThen>,
}

/// What is known of a casus for this question.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct CaseThen {
    pub closed_on: Option<NaiveDate>,
    /// Since when Veilig Thuis only watches whether it stays safe, and until when it did.
    pub monitored_from: Option<NaiveDate>,
    pub monitored_until: Option<NaiveDate>,
}

impl CaseThen {
    fn is_monitored_on(self, on: NaiveDate) -> bool {
        self.monitored_from.is_some_and(|from| from <= on)
            && self.monitored_until.is_none_or(|until| on < until)
    }
}

/// How an earlier melding stood on a date.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Standing {
    Ended,
    Monitored,
    Assessed,
    Waiting,
}

impl Earlier {
    fn standing_on(&self, on: NaiveDate) -> Standing {
        let Some((assessed_on, follow_up)) = &self.assessed else { return Standing::Waiting };
        if *assessed_on > on {
            return Standing::Waiting;
        }
        match self.case {
            Some(case) if case.closed_on.is_some_and(|closed| closed <= on) => Standing::Ended,
            Some(case) if case.is_monitored_on(on) => Standing::Monitored,
            Some(_) => Standing::Assessed,
            // Without a casus, involvement goes on only where the next steps are ours.
            None if follow_up.as_str() == STEPS_AT_VEILIG_THUIS => Standing::Assessed,
            None => Standing::Ended,
        }
    }
}

/// The class of a melding received on a date about `humans` human beings, of whom `known` occur in earlier meldingen.
/// The nearest involvement decides. A melding without any person cannot be classed.
pub fn classify(on: NaiveDate, humans: usize, known: usize, earlier: &[Earlier]) -> Code {
    if humans == 0 {
        return NOT_CLASSED;
    }
    match earlier.iter().map(|it| it.standing_on(on)).max() {
        None => FIRST,
        Some(Standing::Waiting) => DURING_ASSESSMENT,
        Some(Standing::Assessed) => AFTER_ASSESSMENT,
        Some(Standing::Monitored) => DURING_MONITORING,
        Some(Standing::Ended) if known > 1 => SEVERAL_KNOWN,
        Some(Standing::Ended) => ONE_KNOWN,
    }
}

/// How many whole months lie between a melding and an earlier one; more than the highest number is that number.
pub fn months_between(earlier: NaiveDate, on: NaiveDate) -> u8 {
    let months = |it: NaiveDate| it.year() * 12 + it.month0().cast_signed();
    let begun = i32::from(on.day() < earlier.day());
    u8::try_from((months(on) - months(earlier) - begun).max(0)).unwrap_or(u8::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn assessed(follow_up: &'static str, case: Option<CaseThen>) -> Earlier {
        Earlier { assessed: Some((day("2026-03-09"), Code::of(follow_up))), case }
    }

    #[test]
    fn nobody_known_is_a_first_melding() {
        assert_eq!(classify(day("2026-03-02"), 2, 0, &[]), FIRST);
    }

    #[test]
    fn a_melding_while_an_earlier_one_waits_is_a_vervolgmelding_during_assessment() {
        let waiting = Earlier { assessed: None, case: None };
        assert_eq!(classify(day("2026-03-05"), 2, 2, &[waiting]), DURING_ASSESSMENT);
        let later = assessed("overdracht", None);
        assert_eq!(classify(day("2026-03-05"), 2, 2, &[later]), DURING_ASSESSMENT);
    }

    #[test]
    fn an_open_case_makes_it_a_vervolgmelding_after_assessment() {
        let open = CaseThen::default();
        let it = [assessed("overdracht", Some(open))];
        assert_eq!(classify(day("2026-04-01"), 2, 1, &it), AFTER_ASSESSMENT);
    }

    #[test]
    fn a_monitored_case_makes_it_a_vervolgmelding_during_monitoring() {
        let (from, until) = (Some(day("2026-05-01")), Some(day("2026-08-01")));
        let monitored = CaseThen { closed_on: None, monitored_from: from, monitored_until: until };
        let it = [assessed(STEPS_AT_VEILIG_THUIS, Some(monitored))];
        assert_eq!(classify(day("2026-05-01"), 2, 1, &it), DURING_MONITORING);
        assert_eq!(classify(day("2026-04-30"), 2, 1, &it), AFTER_ASSESSMENT);
        assert_eq!(classify(day("2026-08-01"), 2, 1, &it), AFTER_ASSESSMENT);
    }

    #[test]
    fn a_closed_case_makes_it_a_hermelding_of_one_or_several_persons() {
        let closed = CaseThen { closed_on: Some(day("2026-06-01")), ..CaseThen::default() };
        let it = [assessed(STEPS_AT_VEILIG_THUIS, Some(closed))];
        assert_eq!(classify(day("2026-06-01"), 3, 2, &it), SEVERAL_KNOWN);
        assert_eq!(classify(day("2026-06-01"), 3, 1, &it), ONE_KNOWN);
    }

    #[test]
    fn without_a_case_involvement_ends_with_the_handover() {
        let it = [assessed("overdracht", None)];
        assert_eq!(classify(day("2026-04-01"), 1, 1, &it), ONE_KNOWN);
    }

    #[test]
    fn months_are_counted_when_they_are_over() {
        let between = |earlier, on| months_between(day(earlier), day(on));
        assert_eq!(between("2026-01-15", "2026-01-15"), 0);
        assert_eq!(between("2026-01-15", "2026-04-14"), 2);
        assert_eq!(between("2026-01-15", "2026-04-15"), 3);
        assert_eq!(between("2025-12-31", "2026-02-28"), 1);
        assert_eq!(between("2015-01-01", "2099-01-01"), u8::MAX);
    }

    #[test]
    fn a_melding_without_persons_is_not_classed() {
        assert_eq!(classify(day("2026-04-01"), 0, 0, &[]), NOT_CLASSED);
    }
}
