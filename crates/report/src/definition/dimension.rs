//! The dimensions along which is counted: which categories there are, and in which of them a code falls.

use super::TOTAL;
use super::category::{self, Category, Rank};
use domain::area;
use domain::codes::{self, Code, List};
use std::collections::HashMap;
use std::sync::LazyLock;

/// One way to divide what is counted.
#[derive(Debug)]
pub struct Dimension {
    pub name: &'static str,
    pub heading: &'static str,
    /// All that can be named beforehand, in the order of showing.
    pub categories: fn() -> Vec<Category>,
    /// The category of a code that cannot be named beforehand.
    pub named: fn(&str) -> Category,
    /// The codes that say that nobody knows, or that nobody asked.
    pub unknown: &'static [&'static str],
}

impl Dimension {
    /// Whether its codes are municipalities, of which it matters in which boundaries they are counted.
    pub fn is_place(&self) -> bool {
        self.name == MUNICIPALITY.name
    }
}

pub(super) const BASE: Dimension = Dimension {
    name: "",
    heading: "",
    categories: Vec::new,
    named: Category::unlisted,
    unknown: &[codes::UNKNOWN, codes::NOT_ASKED],
};

/// Of what somebody did, it is known what he did.
pub(super) const KNOWN: Dimension = Dimension { unknown: &[], ..BASE };

pub(super) const UNKNOWN_RELATION: &str = "relatie-onbekend";
pub(super) const NOT_APPLICABLE: &str = "niet-van-toepassing";

const HOEDANIGHEDEN: &[(&str, &str)] =
    &[("beroepsmatig", "Beroepsmatig"), ("niet-beroepsmatig", "Niet beroepsmatig")];
const INVOLVEMENTS: &[(&str, &str)] =
    &[("hermelding", "Hermelding"), ("vervolgmelding", "Vervolgmelding")];

pub static CHANNEL: Dimension = Dimension {
    name: "kanaal",
    heading: "Kanaal",
    categories: || category::list(List::Channel),
    ..BASE
};
pub static CONCLUSION: Dimension = Dimension {
    name: "afronding",
    heading: "Afronding",
    categories: || {
        let mut all = category::within(List::ContactOutcome, CONCLUDED, "Afgerond");
        all.push(Category::value(NOT_CONCLUDED, "Nog niet afgerond"));
        all
    },
    ..BASE
};
pub(super) const CONCLUDED: &str = "afgerond";
pub(super) const NOT_CONCLUDED: &str = "nog-niet-afgerond";
pub static MONTH: Dimension = Dimension {
    name: "maand",
    heading: "Maand",
    categories: || {
        let months = MONTHS.iter().map(|(code, label)| Category::value(code, label));
        std::iter::once(Category::total()).chain(months).collect()
    },
    ..BASE
};
pub static FORM: Dimension = Dimension {
    name: "vorm",
    heading: "Vorm van geweld",
    categories: || category::chosen(List::Form, |it| it.counts_as.is_none()),
    ..BASE
};
pub static SPECIAL_FORM: Dimension = Dimension {
    name: "vorm",
    heading: "Bijzondere vorm van geweld",
    categories: || category::chosen(List::Form, |it| it.group.as_deref() == Some(SPECIAL)),
    ..BASE
};
pub static NATURE: Dimension = Dimension {
    name: "aard",
    heading: "Aard van het geweld",
    categories: || with_not_asked(category::list(List::Nature)),
    ..BASE
};
pub static HOEDANIGHEID: Dimension = Dimension {
    name: "hoedanigheid",
    heading: "Hoedanigheid",
    categories: || category::grouped(List::Hoedanigheid, HOEDANIGHEDEN),
    ..BASE
};
pub static ORGANISATION: Dimension = Dimension {
    name: "organisatie",
    heading: "Organisatie",
    categories: || with_not_asked(category::list(List::Organisation)),
    ..BASE
};
pub static MUNICIPALITY: Dimension =
    Dimension { categories: || vec![Category::total()], ..MUNICIPALITIES };
/// Municipalities beside each other, without a total of them.
pub(super) const MUNICIPALITIES: Dimension = Dimension {
    name: "gemeente",
    heading: "Gemeente",
    named: |code| match area::municipality(code) {
        Some(it) => Category::of_municipality(it),
        None if code == codes::UNKNOWN => Category::value(codes::UNKNOWN, "Onbekend"),
        None => Category::unlisted(code),
    },
    ..BASE
};
pub static DURATION: Dimension = Dimension {
    name: "duur",
    heading: "Duur van het geweld",
    categories: || with_not_asked(category::list(List::Duration)),
    ..BASE
};
pub static INVOLVEMENT: Dimension = Dimension {
    name: "betrokkenheid",
    heading: "Eerdere betrokkenheid",
    categories: || category::grouped(List::Involvement, INVOLVEMENTS),
    unknown: &["niet-ingedeeld"],
    ..BASE
};
pub static SEX: Dimension = Dimension {
    name: "geslacht",
    heading: "Geslacht",
    categories: || category::list(List::Sex),
    ..BASE
};
pub static AGE: Dimension = Dimension {
    name: "leeftijd",
    heading: "Leeftijd",
    categories: || {
        let bands = AGE_BANDS.iter().map(|(_, code, label)| Category::value(code, label));
        let unknown = Category::value(codes::UNKNOWN, "Onbekend");
        std::iter::once(Category::total()).chain(bands).chain([unknown]).collect()
    },
    ..BASE
};
pub static RELATION: Dimension = Dimension {
    name: "relatie",
    heading: "Relatie (het slachtoffer is … van de pleger)",
    categories: || category::list(List::Relation),
    unknown: &[UNKNOWN_RELATION],
    ..BASE
};
pub static SEXES: Dimension = Dimension {
    name: "geslachten",
    heading: "Geslacht van slachtoffer en pleger",
    categories: || {
        let mut all = vec![Category::total()];
        all.extend(SEX_PAIRS.iter().map(|(code, label)| Category::value(code, label)));
        all
    },
    ..BASE
};
pub static ROLE: Dimension =
    Dimension { name: "rol", heading: "Rol", categories: || category::list(List::Role), ..BASE };

/// The version of the age bands below. Another division is another version.
pub const AGE_BANDS_VERSION: &str = "2019.1";
const AGE_BANDS: [(u8, &str, &str); 8] = [
    (3, "0-3", "0 tot en met 3 jaar"),
    (11, "4-11", "4 tot en met 11 jaar"),
    (17, "12-17", "12 tot en met 17 jaar"),
    (24, "18-24", "18 tot en met 24 jaar"),
    (44, "25-44", "25 tot en met 44 jaar"),
    (64, "45-64", "45 tot en met 64 jaar"),
    (79, "65-79", "65 tot en met 79 jaar"),
    (u8::MAX, "80+", "80 jaar of ouder"),
];
const MONTHS: [(&str, &str); 12] = [
    ("01", "Januari"),
    ("02", "Februari"),
    ("03", "Maart"),
    ("04", "April"),
    ("05", "Mei"),
    ("06", "Juni"),
    ("07", "Juli"),
    ("08", "Augustus"),
    ("09", "September"),
    ("10", "Oktober"),
    ("11", "November"),
    ("12", "December"),
];
const SEX_PAIRS: [(&str, &str); 6] = [
    ("vrouw-door-man", "Vrouw, door man"),
    ("vrouw-door-vrouw", "Vrouw, door vrouw"),
    ("man-door-vrouw", "Man, door vrouw"),
    ("man-door-man", "Man, door man"),
    ("anders", "Een van beiden overig"),
    (codes::UNKNOWN, "Een van beiden onbekend"),
];
/// The group of the forms that are reported on their own.
const SPECIAL: &str = "bijzonder";

/// Of each code in a list, the code under which it counts as well: the value it is a part of, or else its group.
type Parents = HashMap<&'static str, &'static str>;
static COUNTED_FORMS: LazyLock<Parents> = LazyLock::new(|| parents(List::Form));
static ORGANISATIONS: LazyLock<Parents> = LazyLock::new(|| parents(List::Organisation));
static HOEDANIGHEID_GROUPS: LazyLock<Parents> =
    LazyLock::new(|| group_of(List::Hoedanigheid, HOEDANIGHEDEN));
static INVOLVEMENT_GROUPS: LazyLock<Parents> =
    LazyLock::new(|| group_of(List::Involvement, INVOLVEMENTS));

fn parents(list: List) -> Parents {
    let values = codes::values(list).iter();
    values.filter_map(|it| Some((it.code.as_str(), it.counts_as.as_deref()?))).collect()
}

fn group_of(list: List, groups: &[(&str, &str)]) -> Parents {
    let named = |group: &&str| groups.iter().any(|(it, _)| it == group);
    let values = codes::values(list).iter();
    values.filter_map(|it| Some((it.code.as_str(), it.group.as_deref().filter(named)?))).collect()
}

fn with_not_asked(mut all: Vec<Category>) -> Vec<Category> {
    all.push(Category::of(Rank::Value, codes::NOT_ASKED, "Niet gevraagd"));
    all
}

/// A code, and the total.
pub(super) fn plain(code: &Code) -> Vec<&str> {
    vec![TOTAL, code.as_str()]
}

/// Codes, each once, and the total; not asked when there is none.
pub(super) fn plain_each(codes: &[Code]) -> Vec<&str> {
    match codes {
        [] => vec![TOTAL, codes::NOT_ASKED],
        some => std::iter::once(TOTAL).chain(some.iter().map(Code::as_str)).collect(),
    }
}

/// The counted forms of what is told, each once, and the total.
pub(super) fn forms(forms: &[Code]) -> Vec<&str> {
    let mut all = vec![TOTAL];
    for form in forms {
        let counted = counted_form(form);
        if !all.contains(&counted) {
            all.push(counted);
        }
    }
    all
}

/// The form under which a form counts.
pub(super) fn counted_form(form: &Code) -> &str {
    let code = form.as_str();
    COUNTED_FORMS.get(code).copied().unwrap_or(code)
}

/// The special forms of what is told, and the total of what has any.
pub(super) fn special_forms(forms: &[Code]) -> Option<Vec<&str>> {
    let special = forms.iter().map(Code::as_str).filter(|it| COUNTED_FORMS.contains_key(it));
    let all: Vec<&str> = std::iter::once(TOTAL).chain(special).collect();
    (all.len() > 1).then_some(all)
}

pub(super) fn hoedanigheid(code: &Code) -> Vec<&str> {
    with_parent(&HOEDANIGHEID_GROUPS, code.as_str())
}

/// Where somebody works. Who does not speak in a professional capacity has no organisation to ask for.
pub(super) fn organisation<'a>(code: Option<&'a Code>, hoedanigheid: &Code) -> Vec<&'a str> {
    let in_private =
        || HOEDANIGHEID_GROUPS.get(hoedanigheid.as_str()) == Some(&"niet-beroepsmatig");
    match code {
        Some(code) => with_parent(&ORGANISATIONS, code.as_str()),
        None if in_private() => vec![TOTAL, NOT_APPLICABLE],
        None => vec![TOTAL, codes::NOT_ASKED],
    }
}

pub(super) fn involvement(class: &Code) -> Vec<&str> {
    with_parent(&INVOLVEMENT_GROUPS, class.as_str())
}

pub(super) fn age_band(age: Option<u8>) -> &'static str {
    let band = |age| AGE_BANDS.iter().find(|(last, ..)| age <= *last).map(|(_, code, _)| *code);
    age.and_then(band).unwrap_or(codes::UNKNOWN)
}

/// The sexes of a victim and a perpetrator, as one category.
pub(super) fn sexes(victim: &Code, perpetrator: &Code) -> &'static str {
    match (victim.as_str(), perpetrator.as_str()) {
        (codes::UNKNOWN, _) | (_, codes::UNKNOWN) => codes::UNKNOWN,
        ("vrouw", "man") => "vrouw-door-man",
        ("vrouw", "vrouw") => "vrouw-door-vrouw",
        ("man", "vrouw") => "man-door-vrouw",
        ("man", "man") => "man-door-man",
        _ => "anders",
    }
}

/// The code of a month of the year.
pub(crate) fn month_code(month: i32) -> &'static str {
    let nth = usize::try_from(month % 100 - 1).unwrap_or(0);
    MONTHS.get(nth).map_or(codes::UNKNOWN, |(code, _)| code)
}

fn with_parent<'a>(parents: &Parents, code: &'a str) -> Vec<&'a str> {
    std::iter::once(TOTAL).chain([code]).chain(parents.get(code).copied()).collect()
}
