//! The periods over which figures are made: a year, a half year or a month.

use crate::fact::{self, Month};
use chrono::NaiveDate;
use std::{fmt, str::FromStr};
use thiserror::Error;

/// The years of the register are years of four digits.
const YEARS: std::ops::RangeInclusive<i32> = 2000..=2100;

/// A stretch of whole months within one year.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Period {
    Year(i32),
    /// First (1) or second (2) half.
    Half(i32, u8),
    Month(i32, u8),
}

/// Not a period.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error(
    "'{0}' is geen periode; verwacht een jaar (2023), een half jaar (2023H1) of een maand (2023-03)"
)]
pub struct NoPeriod(String);

impl Period {
    /// The first and the last month of it.
    pub fn months(self) -> (Month, Month) {
        match self {
            Self::Year(year) => (year * 100 + 1, year * 100 + 12),
            Self::Half(year, 1) => (year * 100 + 1, year * 100 + 6),
            Self::Half(year, _) => (year * 100 + 7, year * 100 + 12),
            Self::Month(year, month) => {
                let month = year * 100 + i32::from(month);
                (month, month)
            }
        }
    }

    /// The first day of each of its months.
    pub fn first_days(self) -> Vec<NaiveDate> {
        let (from, to) = self.months();
        (from..=to).filter_map(fact::first_day).collect()
    }

    pub fn contains(self, month: Month) -> bool {
        let (first, last) = self.months();
        (first..=last).contains(&month)
    }

    pub fn year(self) -> i32 {
        match self {
            Self::Year(year) | Self::Half(year, _) | Self::Month(year, _) => year,
        }
    }
}

impl fmt::Display for Period {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Year(year) => write!(f, "{year}"),
            Self::Half(year, half) => write!(f, "{year}H{half}"),
            Self::Month(year, month) => write!(f, "{year}-{month:02}"),
        }
    }
}

impl FromStr for Period {
    type Err = NoPeriod;

    fn from_str(text: &str) -> Result<Self, NoPeriod> {
        let no_period = || NoPeriod(text.to_owned());
        let digits = |part: &str| part.bytes().all(|it| it.is_ascii_digit());
        let (year, rest) = text.split_at_checked(4).ok_or_else(no_period)?;
        let year = year.parse().ok().filter(|it| digits(&text[..4]) && YEARS.contains(it));
        let year: i32 = year.ok_or_else(no_period)?;
        let period = match rest {
            "" => Some(Self::Year(year)),
            "H1" => Some(Self::Half(year, 1)),
            "H2" => Some(Self::Half(year, 2)),
            _ => rest
                .strip_prefix('-')
                .filter(|it| it.len() == 2 && digits(it))
                .and_then(|it| it.parse().ok())
                .filter(|month| (1..=12).contains(month))
                .map(|month| Self::Month(year, month)),
        };
        period.ok_or_else(no_period)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn years_half_years_and_months_are_periods() {
        let table = [
            ("2023", Period::Year(2023), (202_301, 202_312)),
            ("2023H1", Period::Half(2023, 1), (202_301, 202_306)),
            ("2023H2", Period::Half(2023, 2), (202_307, 202_312)),
            ("2023-03", Period::Month(2023, 3), (202_303, 202_303)),
        ];
        for (text, period, months) in table {
            assert_eq!(text.parse(), Ok(period));
            assert_eq!(period.months(), months);
            assert_eq!(period.to_string(), text);
        }
    }

    #[test]
    fn anything_else_is_refused_in_dutch() {
        for text in [
            "",
            "23",
            "2023H3",
            "2023-13",
            "2023-3",
            "2023-+3",
            "+023",
            "1023",
            "éé23",
            "2023-03-01",
        ] {
            let refused = text.parse::<Period>().unwrap_err().to_string();
            assert!(refused.starts_with(&format!("'{text}' is geen periode")), "{refused}");
        }
    }
}
