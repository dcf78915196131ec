//! How long something took, in classes: facts hold days, a table shows stretches of time that a manager steers on.

use super::category::Category;
use super::dimension::{self, Dimension};

/// The last day of each class, its code and its label.
pub(super) type Classes = [(u16, &'static str, &'static str)];

pub(super) const NO_ANSWER: &str = "nog-geen-antwoord";

/// How long somebody waited for a service.
pub(super) const WAITED: &Classes = &[
    (6, "minder-dan-1-week", "Minder dan 1 week"),
    (13, "1-tot-2-weken", "1 tot 2 weken"),
    (27, "2-tot-4-weken", "2 tot 4 weken"),
    (55, "4-tot-8-weken", "4 tot 8 weken"),
    (u16::MAX, "8-weken-of-langer", "8 weken of langer"),
];
/// How long a service lasted; ten weeks is the norm.
pub(super) const LASTED: &Classes = &[
    (35, "tot-en-met-5-weken", "Tot en met 5 weken"),
    (70, "5-tot-en-met-10-weken", "Meer dan 5, tot en met 10 weken"),
    (105, "10-tot-en-met-15-weken", "Meer dan 10, tot en met 15 weken"),
    (u16::MAX, "meer-dan-15-weken", "Meer dan 15 weken"),
];
/// How long somebody else took to answer.
pub(super) const ANSWERED: &Classes = &[
    (0, "zelfde-dag", "Dezelfde dag"),
    (7, "1-7-dagen", "1 tot en met 7 dagen"),
    (28, "8-28-dagen", "8 tot en met 28 dagen"),
    (u16::MAX, "meer-dan-28-dagen", "Meer dan 28 dagen"),
];

pub(super) static WAITING_TIME: Dimension = Dimension {
    name: "wachttijd",
    heading: "Wachttijd",
    categories: || categories(WAITED),
    ..dimension::KNOWN
};
pub(super) static LEAD_TIME: Dimension = Dimension {
    name: "doorlooptijd",
    heading: "Doorlooptijd",
    categories: || categories(LASTED),
    ..dimension::KNOWN
};
pub(super) static ANSWER_TIME: Dimension = Dimension {
    name: "tijd",
    heading: "Tijd tot het antwoord",
    categories: || {
        let mut all = categories(ANSWERED);
        all.push(Category::value(NO_ANSWER, "Nog geen antwoord"));
        all
    },
    ..dimension::KNOWN
};

pub(super) fn categories(classes: &Classes) -> Vec<Category> {
    let all = classes.iter().map(|(_, code, label)| Category::value(code, label));
    std::iter::once(Category::total()).chain(all).collect()
}

/// The class of a number of days.
pub(super) fn class(days: u16, classes: &Classes) -> &'static str {
    let found = classes.iter().find(|(last, ..)| days <= *last);
    found.map_or(domain::codes::UNKNOWN, |(_, code, _)| code)
}

/// The class of the time to an answer, when there is one.
pub(super) fn answered(after: Option<u16>) -> &'static str {
    after.map_or(NO_ANSWER, |days| class(days, ANSWERED))
}
