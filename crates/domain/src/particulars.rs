//! Particulars: what identifies a person. They are never part of an event; the store seals them beside it.
//!
//! A subject is whose key seals a particular: a person, or the melding for free text about the whole household.

use chrono::{Datelike, Days, Months, NaiveDate};
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Serialize};
use std::{borrow::Cow, fmt, str::FromStr};
use thiserror::Error;
use uuid::Uuid;

/// One particular that goes with a command, in plain form. It only lives on the way to being sealed.
#[derive(Clone, PartialEq)]
pub struct Particular {
    /// Whose key seals it.
    pub subject: Uuid,
    /// What it is, in one word: `person`, `melder`, `text`.
    pub part: &'static str,
    /// The content as JSON.
    pub content: String,
}

impl fmt::Debug for Particular {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Particular({} of {}, sealed from sight)", self.part, self.subject)
    }
}

/// The subject of a melder: known to Veilig Thuis, apart from the family ([`crate::law::HIDDEN_REPORTER`]).
pub fn melder_subject(melding: Uuid) -> Uuid {
    Uuid::new_v5(&melding, b"melder")
}

/// A citizen service number that passes the check of eleven, or one of the two values that stand for none.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum Bsn {
    Number(String),
    /// `000000000` in the delivery to CBS.
    Unknown,
    /// `999999999` in the delivery to CBS.
    Unborn,
}

/// Not a citizen service number. The number itself is not repeated: it may be somebody's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum NoBsn {
    #[error("een BSN heeft negen cijfers")]
    Digits,
    #[error("dit BSN doorstaat de elfproef niet")]
    Check,
}

impl FromStr for Bsn {
    type Err = NoBsn;

    fn from_str(text: &str) -> Result<Self, NoBsn> {
        match text {
            "onbekend" | "000000000" => return Ok(Self::Unknown),
            "ongeboren" | "999999999" => return Ok(Self::Unborn),
            _ => {}
        }
        if text.len() != 9 || !text.bytes().all(|b| b.is_ascii_digit()) {
            return Err(NoBsn::Digits);
        }
        let weighted = text.bytes().zip([9i32, 8, 7, 6, 5, 4, 3, 2, -1]);
        let sum: i32 = weighted.map(|(digit, weight)| i32::from(digit - b'0') * weight).sum();
        if sum % 11 == 0 { Ok(Self::Number(text.to_owned())) } else { Err(NoBsn::Check) }
    }
}

impl TryFrom<String> for Bsn {
    type Error = NoBsn;

    fn try_from(text: String) -> Result<Self, NoBsn> {
        text.parse()
    }
}

impl From<Bsn> for String {
    fn from(bsn: Bsn) -> Self {
        match bsn {
            Bsn::Number(number) => number,
            Bsn::Unknown => "onbekend".to_owned(),
            Bsn::Unborn => "ongeboren".to_owned(),
        }
    }
}

impl fmt::Debug for Bsn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Bsn")
    }
}

/// Nobody has been older, in years.
pub const OLDEST: u8 = 130;

/// A date with the precision at which it is known: `1950`, `1950-03` or `1950-03-28`. A birth date is one.
#[derive(Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct PartialDate {
    year: i32,
    month: Option<u32>,
    day: Option<u32>,
}

/// Not a date, also not in part.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("geen datum; verwacht JJJJ, JJJJ-MM of JJJJ-MM-DD")]
pub struct NoDate;

impl PartialDate {
    pub const fn year(self) -> i32 {
        self.year
    }

    pub const fn month(self) -> Option<u32> {
        self.month
    }

    pub const fn day(self) -> Option<u32> {
        self.day
    }

    /// The first day it can be.
    pub fn earliest(self) -> Option<NaiveDate> {
        NaiveDate::from_ymd_opt(self.year, self.month.unwrap_or(1), self.day.unwrap_or(1))
    }

    /// The last day it can be.
    pub fn latest(self) -> Option<NaiveDate> {
        let first = self.earliest()?;
        let after = match (self.month, self.day) {
            (None, _) => first.checked_add_months(Months::new(12)),
            (Some(_), None) => first.checked_add_months(Months::new(1)),
            (Some(_), Some(_)) => return Some(first),
        };
        after?.checked_sub_days(Days::new(1))
    }

    /// The same, as if it were the last day that it can be.
    pub fn at_the_latest(self) -> Option<Self> {
        let day = self.latest()?;
        Some(Self { year: day.year(), month: Some(day.month()), day: Some(day.day()) })
    }

    /// The age in whole years on a date. With a partial date this is the highest it can be; `None` before
    /// birth, and beyond 130 years.
    pub fn age_on(self, on: NaiveDate) -> Option<u8> {
        let born = self.earliest()?;
        if born > on {
            return None;
        }
        let had_birthday = (on.month(), on.day()) >= (born.month(), born.day());
        let years = on.year() - born.year() - i32::from(!had_birthday);
        u8::try_from(years).ok().filter(|age| *age <= OLDEST)
    }

    /// Whether nobody who was born then can be alive on a day: a slip of the pen.
    pub fn is_too_long_ago(self, on: NaiveDate) -> bool {
        let oldest = on.checked_sub_months(Months::new((u32::from(OLDEST) + 1) * 12));
        self.latest().zip(oldest).is_some_and(|(born, oldest)| born < oldest)
    }
}

impl FromStr for PartialDate {
    type Err = NoDate;

    fn from_str(text: &str) -> Result<Self, NoDate> {
        let digits = |part: &str, length: usize| {
            let right = part.len() == length && part.bytes().all(|b| b.is_ascii_digit());
            right.then(|| part.parse::<u32>().ok()).flatten().ok_or(NoDate)
        };
        let mut parts = text.split('-');
        let year = digits(parts.next().unwrap_or_default(), 4)?;
        let month = parts.next().map(|part| digits(part, 2)).transpose()?;
        let day = parts.next().map(|part| digits(part, 2)).transpose()?;
        let date = Self { year: year.cast_signed(), month, day };
        if parts.next().is_some() || date.earliest().is_none() { Err(NoDate) } else { Ok(date) }
    }
}

impl TryFrom<String> for PartialDate {
    type Error = NoDate;

    fn try_from(text: String) -> Result<Self, NoDate> {
        text.parse()
    }
}

impl From<PartialDate> for String {
    fn from(date: PartialDate) -> Self {
        let month = date.month.map(|m| format!("-{m:02}")).unwrap_or_default();
        let day = date.day.map(|d| format!("-{d:02}")).unwrap_or_default();
        format!("{:04}{month}{day}", date.year)
    }
}

impl JsonSchema for PartialDate {
    fn schema_name() -> Cow<'static, str> {
        "PartialDate".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "string", "pattern": "^[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?$" })
    }
}

impl fmt::Debug for PartialDate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PartialDate")
    }
}

/// The subject of whoever asks something for a person: not the person himself ([`crate::request`]).
pub fn requester_subject(request: Uuid) -> Uuid {
    Uuid::new_v5(&request, b"verzoeker")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bsn_passes_the_check_of_eleven_or_is_refused() {
        assert!("999990019".parse::<Bsn>().is_ok());
        assert_eq!("999990018".parse::<Bsn>(), Err(NoBsn::Check));
        assert_eq!("12345678".parse::<Bsn>(), Err(NoBsn::Digits));
    }

    #[test]
    fn unknown_and_unborn_are_values() {
        assert_eq!("onbekend".parse::<Bsn>(), Ok(Bsn::Unknown));
        assert_eq!("000000000".parse::<Bsn>(), Ok(Bsn::Unknown));
        assert_eq!("ongeboren".parse::<Bsn>(), Ok(Bsn::Unborn));
    }

    #[test]
    fn a_partial_birth_date_is_a_date_with_a_precision() {
        let on = "2026-03-01".parse().unwrap();
        assert_eq!("1950".parse::<PartialDate>().unwrap().age_on(on), Some(76));
        assert_eq!("1950-03-02".parse::<PartialDate>().unwrap().age_on(on), Some(75));
        assert_eq!("1950-02".parse::<PartialDate>().unwrap().latest(), "1950-02-28".parse().ok());
        assert_eq!("1950".parse::<PartialDate>().unwrap().latest(), "1950-12-31".parse().ok());
        assert!("1950-13".parse::<PartialDate>().is_err());
        assert!("1950-02-30".parse::<PartialDate>().is_err());
    }

    #[test]
    fn nobody_who_was_born_in_the_year_0198_is_in_danger_today() {
        let on = "2026-03-01".parse().unwrap();
        let slip = |text: &str| text.parse::<PartialDate>().unwrap().is_too_long_ago(on);
        assert!(slip("0000") && slip("0198-04") && slip("1894"));
        assert!(!slip("1895") && !slip("1896") && !slip("2026-03"));
    }

    #[test]
    fn what_identifies_a_person_is_not_printed() {
        let bsn = "999990019".parse::<Bsn>().unwrap();
        let born = "1950-03-02".parse::<PartialDate>().unwrap();
        assert!(!format!("{bsn:?} {born:?}").contains("99999"));
        assert!(!format!("{born:?}").contains("1950"));
    }
}
