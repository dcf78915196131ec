//! The categories of a dimension: codes with Dutch labels, in the order of publication, with the years in which they are valid.

use super::TOTAL;
use crate::fact::Month;
use chrono::{Datelike, Days, NaiveDate};
use domain::area::{self, Municipality};
use domain::codes::{self, List, Value};
use std::borrow::Cow;

/// One row heading.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Category {
    pub code: Cow<'static, str>,
    pub label: Cow<'static, str>,
    pub rank: Rank,
    /// First and last month in which it can occur.
    valid: (Month, Month),
}

/// How a category stands to the others.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rank {
    Total,
    /// A subtotal of the members that follow.
    Group,
    Value,
    /// A value of a group.
    Member,
    /// Counted under another value as well.
    Part,
}

const ALWAYS: (Month, Month) = (Month::MIN, Month::MAX);

impl Category {
    pub fn of(rank: Rank, code: &'static str, label: &'static str) -> Self {
        Self { code: Cow::Borrowed(code), label: Cow::Borrowed(label), rank, valid: ALWAYS }
    }

    pub fn value(code: &'static str, label: &'static str) -> Self {
        Self::of(Rank::Value, code, label)
    }

    pub fn total() -> Self {
        Self::of(Rank::Total, TOTAL, "Totaal")
    }

    /// A code that is not in the list of today. It was counted, so it is shown, under its own name.
    pub fn unlisted(code: &str) -> Self {
        let text = || Cow::Owned(code.to_owned());
        Self { code: text(), label: text(), rank: Rank::Value, valid: ALWAYS }
    }

    pub fn of_municipality(it: &'static Municipality) -> Self {
        let valid = span(it.valid_from, it.valid_to);
        Self { valid, ..Self::value(&it.code, &it.name) }
    }

    /// Another Veilig Thuis, by the code of its region.
    pub fn of_region(code: &str) -> Self {
        let label = Cow::Owned(area::region_name(code).to_owned());
        Self { label, ..Self::unlisted(code) }
    }

    /// The same, for figures in which it stands for what came before it as well.
    pub(crate) fn at_any_time(self) -> Self {
        Self { valid: ALWAYS, ..self }
    }

    /// Whether it can occur between two months.
    pub fn exists_in(&self, (from, to): (Month, Month)) -> bool {
        self.valid.0 <= to && from <= self.valid.1
    }

    fn listed(rank: Rank, value: &'static Value) -> Self {
        let valid = span(value.valid_from, value.valid_to);
        Self { valid, ..Self::of(rank, &value.code, &value.nl) }
    }
}

/// The months of a validity; its end is the first day on which it is no longer valid.
fn span(from: Option<NaiveDate>, to: Option<NaiveDate>) -> (Month, Month) {
    let month = |date: NaiveDate| date.year() * 100 + date.month().cast_signed();
    let last = to.and_then(|to| to.checked_sub_days(Days::new(1)));
    (from.map_or(Month::MIN, month), last.map_or(Month::MAX, month))
}

/// The total and the values of a published list.
pub fn list(list: List) -> Vec<Category> {
    chosen(list, |_| true)
}

/// The values of a published list, without a total: of things that are not to be added up.
pub fn values(list: List) -> Vec<Category> {
    self::list(list).split_off(1)
}

/// The total and those values of a published list that are wanted.
pub fn chosen(list: List, wanted: fn(&Value) -> bool) -> Vec<Category> {
    let values = codes::values(list).iter().filter(|value| wanted(value));
    let rank = |value: &Value| match value.counts_as {
        Some(_) if list == List::Organisation => Rank::Part,
        Some(_) | None => Rank::Value,
    };
    let values = values.map(|value| Category::listed(rank(value), value));
    std::iter::once(Category::total()).chain(values).collect()
}

/// The total, and below it a group that holds all values of a published list.
pub fn within(list: List, code: &'static str, label: &'static str) -> Vec<Category> {
    let members = codes::values(list).iter().map(|value| Category::listed(Rank::Member, value));
    [Category::total(), Category::of(Rank::Group, code, label)].into_iter().chain(members).collect()
}

/// The total, and the values of a published list below the groups named here. Groups not named here get no subtotal.
pub fn grouped(list: List, groups: &[(&'static str, &'static str)]) -> Vec<Category> {
    let mut all = vec![Category::total()];
    let of = |value: &Value, group: &str| value.group.as_deref() == Some(group);
    for value in codes::values(list) {
        let group = groups.iter().find(|(group, _)| of(value, group));
        let Some((code, label)) = group else {
            all.push(Category::listed(Rank::Value, value));
            continue;
        };
        if !all.iter().any(|it| it.code == *code) {
            all.push(Category::of(Rank::Group, code, label));
            let members = codes::values(list).iter().filter(|value| of(value, code));
            all.extend(members.map(|value| Category::listed(Rank::Member, value)));
        }
    }
    all
}
