//! What may be shown: the wall between counts and figures. No number leaves this crate except as a [`Figure`], and only a
//! [`Profile`] makes one.
//!
//! CBS hides small counts about Veilig Thuis and rounds the others to multiples of five (StatLine 84847NED to 84855NED). Where the
//! line lies exactly is not published, so it is a setting.

use serde::{Serialize, Serializer};
use std::str::FromStr;
use thiserror::Error;

/// Rounding to fives turns 1 and 2 into 0, which would read as "none": they are always hidden.
const LOWEST_THRESHOLD: i64 = 3;

/// For whom figures are made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Profile {
    /// Exact, for the own organisation only.
    Internal,
    /// Counts above zero and below the threshold are hidden, the others rounded to multiples of five.
    Rounded { threshold: i64 },
}

impl Profile {
    /// As CBS seems to do it: 1 to 7 hidden.
    pub const ROUNDED: Self = Self::Rounded { threshold: 8 };

    pub fn name(self) -> &'static str {
        match self {
            Self::Internal => "intern",
            Self::Rounded { .. } => "afgerond5",
        }
    }

    /// The rule in words, to stand with every table.
    pub fn rule(self) -> String {
        match self {
            Self::Internal => "Exacte aantallen, alleen voor intern gebruik.".to_owned(),
            Self::Rounded { threshold } => format!(
                "Aantallen van 1 tot en met {} zijn verborgen; andere aantallen zijn afgerond op vijftallen. Totalen zijn apart \
                 afgerond; verschillen en aandelen zijn berekend uit de getoonde aantallen.",
                threshold.max(LOWEST_THRESHOLD) - 1
            ),
        }
    }

    /// The figure of a count.
    pub(crate) fn show(self, count: i64) -> Figure {
        let shown = |value, status| Figure { value: Some(value), status };
        match self {
            // Fewer than none: the facts are incomplete, so the figure is not known.
            _ if count < 0 => Figure::UNKNOWN,
            _ if count == 0 => shown(0, Status::Zero),
            Self::Internal => shown(count, Status::Exact),
            Self::Rounded { threshold } if count < threshold.max(LOWEST_THRESHOLD) => {
                Figure { value: None, status: Status::Hidden }
            }
            Self::Rounded { .. } => shown((count + 2) / 5 * 5, Status::Rounded),
        }
    }
}

impl Serialize for Profile {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(self.name())
    }
}

/// Not a profile.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("'{0}' is geen profiel; kies uit intern, afgerond5")]
pub struct NoProfile(String);

impl FromStr for Profile {
    type Err = NoProfile;

    fn from_str(name: &str) -> Result<Self, NoProfile> {
        let all = [Self::Internal, Self::ROUNDED];
        all.into_iter().find(|it| it.name() == name).ok_or_else(|| NoProfile(name.to_owned()))
    }
}

/// What was done to a figure before it was shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum Status {
    #[serde(rename = "exact")]
    Exact,
    #[serde(rename = "afgerond")]
    Rounded,
    #[serde(rename = "geheim")]
    Hidden,
    #[serde(rename = "nul")]
    Zero,
    #[serde(rename = "onbekend")]
    Unknown,
    /// The category did not exist in that period.
    #[serde(rename = "niet-van-toepassing")]
    NotApplicable,
}

impl Status {
    pub fn name(self) -> &'static str {
        match self {
            Self::Exact => "exact",
            Self::Rounded => "afgerond",
            Self::Hidden => "geheim",
            Self::Zero => "nul",
            Self::Unknown => "onbekend",
            Self::NotApplicable => "niet-van-toepassing",
        }
    }
}

/// A number that may be shown, or why there is none. Its fields are closed, so that only a profile makes one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Figure {
    value: Option<i64>,
    status: Status,
}

impl Figure {
    pub(crate) const NOT_APPLICABLE: Self = Self { value: None, status: Status::NotApplicable };
    pub(crate) const UNKNOWN: Self = Self { value: None, status: Status::Unknown };

    pub fn value(self) -> Option<i64> {
        self.value
    }

    pub fn status(self) -> Status {
        self.status
    }

    /// The part that this is of a whole, in thousandths; not there when either is hidden or the whole is empty.
    pub fn share_of(self, whole: Self) -> Option<f64> {
        let (part, whole) = (self.value?, whole.value?);
        (whole > 0).then(|| (part as f64 / whole as f64 * 1000.0).round() / 1000.0)
    }

    /// How much more this is than it was, as shown.
    pub fn more_than(self, before: Self) -> Option<i64> {
        Some(self.value? - before.value?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rounded(count: i64) -> (Option<i64>, Status) {
        let figure = Profile::ROUNDED.show(count);
        (figure.value, figure.status)
    }

    #[test]
    fn small_counts_are_hidden_and_others_rounded_to_fives() {
        let table = [
            (0, Some(0), Status::Zero),
            (1, None, Status::Hidden),
            (7, None, Status::Hidden),
            (8, Some(10), Status::Rounded),
            (12, Some(10), Status::Rounded),
            (13, Some(15), Status::Rounded),
            (1903, Some(1905), Status::Rounded),
        ];
        for (count, value, status) in table {
            assert_eq!(rounded(count), (value, status), "{count}");
        }
    }

    #[test]
    fn the_threshold_is_a_setting_but_never_so_low_that_something_reads_as_nothing() {
        let profile = Profile::Rounded { threshold: 0 };
        assert_eq!(profile.show(2).status, Status::Hidden);
        assert_eq!(profile.show(3).value, Some(5));
        assert_eq!(Profile::Rounded { threshold: 11 }.show(10).status, Status::Hidden);
        assert!(Profile::Rounded { threshold: 11 }.rule().contains("1 tot en met 10"));
    }

    #[test]
    fn inside_the_organisation_figures_are_exact() {
        assert_eq!(Profile::Internal.show(1), Figure { value: Some(1), status: Status::Exact });
        assert_eq!(Profile::Internal.show(0).status, Status::Zero);
    }

    #[test]
    fn fewer_than_none_is_unknown() {
        assert_eq!(Profile::Internal.show(-1).status, Status::Unknown);
        assert_eq!(rounded(-3), (None, Status::Unknown));
    }

    #[test]
    fn shares_come_from_shown_figures_and_hide_with_their_parts() {
        let show = |count| Profile::ROUNDED.show(count);
        assert_eq!(show(13).share_of(show(98)), Some(0.15));
        assert_eq!(show(5).share_of(show(100)), None);
        assert_eq!(show(0).share_of(show(100)), Some(0.0));
        assert_eq!(show(0).share_of(show(0)), None);
    }

    #[test]
    fn differences_come_from_shown_figures() {
        let show = |count| Profile::ROUNDED.show(count);
        assert_eq!(show(13).more_than(show(12)), Some(5));
        assert_eq!(show(13).more_than(show(3)), None);
    }

    #[test]
    fn a_profile_is_named_in_dutch() {
        assert_eq!("intern".parse(), Ok(Profile::Internal));
        assert_eq!("afgerond5".parse(), Ok(Profile::ROUNDED));
        let refused = "exact".parse::<Profile>().unwrap_err().to_string();
        assert_eq!(refused, "'exact' is geen profiel; kies uit intern, afgerond5");
    }
}
