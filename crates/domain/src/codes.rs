//! Codes are data with validity: the published lists of `schemas/codelists`, read once.
//!
//! A new form of violence is a new value with a begin date: no release, no recoding of history. Only the few codes
//! that the law branches on have a name here.

use chrono::NaiveDate;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::{borrow::Cow, collections::BTreeMap, fmt, sync::LazyLock};
use thiserror::Error;

/// A value of a code list: a stable, readable Dutch slug.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(transparent)]
pub struct Code(pub Cow<'static, str>);

impl Code {
    pub const fn of(code: &'static str) -> Self {
        Self(Cow::Borrowed(code))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl From<&str> for Code {
    fn from(code: &str) -> Self {
        Self(Cow::Owned(code.to_owned()))
    }
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl PartialEq<&str> for Code {
    fn eq(&self, other: &&str) -> bool {
        self.0 == *other
    }
}

pub const UNKNOWN: &str = "onbekend";
pub const NOT_ASKED: &str = "niet-gevraagd";
pub const VICTIM: &str = "slachtoffer";
pub const PERPETRATOR: &str = "pleger";
pub const CHILD: &str = "kind";
pub const CHILD_ABUSE: &str = "kindermishandeling";
pub const ELDER_ABUSE: &str = "ouderenmishandeling";
pub const PARENT_ABUSE: &str = "geweld-tegen-ouders";
pub const STEPS_AT_VEILIG_THUIS: &str = "vervolgstappen-bij-veilig-thuis";
pub const YES: &str = "ja";
pub const NO: &str = "nee";
pub const CONFIRMED: &str = "bevestigd";
pub const REFUTED: &str = "weerlegd";
pub const ADAPTED: &str = "besluit-aangepast";
pub const HUISVERBOD: &str = "tijdelijk-huisverbod";
pub const FORCED_MARRIAGE: &str = "huwelijksdwang";
pub const ABANDONMENT: &str = "achterlating";
pub const MOVED: &str = "verhuisd-andere-regio";
pub const TO_HAND_OVER: &str = "overdracht";
pub const HANDED_OVER: &str = "overgedragen";
pub const COMPLAINT: &str = "klacht";
pub const NOT_ESTABLISHED: &str = "niet-vastgesteld";

/// Whether somebody said yes or no: not known and not asked are no answers.
pub fn is_answer(code: &Code) -> bool {
    *code == YES || *code == NO
}

macro_rules! lists {
    ($($(#[$doc:meta])* $name:ident = $file:literal),+ $(,)?) => {
        /// The published code lists.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum List { $($(#[$doc])* $name),+ }

        impl List {
            pub const ALL: &[Self] = &[$(Self::$name),+];

            /// The name of the list, which is the name of its file.
            pub const fn name(self) -> &'static str {
                match self { $(Self::$name => $file),+ }
            }

            const fn text(self) -> &'static str {
                match self {
                    $(Self::$name => include_str!(concat!(
                        "../../../schemas/codelists/", $file, ".json"
                    ))),+
                }
            }
        }
    };
}

lists! {
    Channel = "kanaal",
    ContactOutcome = "afronding-contact",
    Hoedanigheid = "hoedanigheid",
    Organisation = "organisatie",
    Form = "vorm",
    Nature = "aard",
    Relation = "relatie",
    CurrentOrFormer = "huidig-of-voormalig",
    YesNo = "ja-nee",
    Sex = "geslacht",
    Role = "rol",
    Certainty = "vermoeden",
    Duration = "duur",
    FollowUp = "uitkomst-veiligheidsbeoordeling",
    Unsafety = "onveiligheid",
    Involvement = "eerdere-betrokkenheid",
    CorrectionReason = "reden-correctie",
    WithdrawalReason = "reden-intrekking",
    MergeReason = "reden-samenvoeging",
    UnmergeReason = "reden-ontkoppeling",
    CaseOutcome = "sluiting-casus",
    Deadline = "termijn",
    Finding = "uitkomst-onderzoek",
    EarlyEnd = "reden-voortijdig",
    ConditionsOutcome = "uitkomst-voorwaarden",
    Kept = "naleving",
    Receiver = "soort-organisatie",
    ReturnReason = "reden-teruggave",
    Measure = "maatregel",
    MeasureEnd = "reden-einde-maatregel",
    MultidisciplinaryReason = "reden-multidisciplinair",
    Discipline = "discipline",
    JunctionOutcome = "uitkomst-knooppunt",
    PostponementReason = "reden-uitstel",
    ExemptionReason = "reden-niet-informeren",
    InformingWay = "wijze-informeren",
    Informed = "kennisgeving",
    MonitoredBy = "monitoring-door",
    SuspensionReason = "reden-opschorting",
    TransferReason = "reden-regio-overdracht",
    Incident = "soort-voorval",
    IncidentOutcome = "uitkomst-voorval",
    SearchField = "zoekveld",
    MatchReason = "reden-overeenkomst",
    Act = "handeling",
    LookedIn = "inzage-in",
    Purpose = "doel",
    Ground = "grond-toegang",
    RestrictionReason = "reden-afscherming",
    EmergencyReason = "reden-noodtoegang",
    EmergencyJudgement = "oordeel-noodtoegang",
    HidingReason = "reden-adresafscherming",
    HoldReason = "reden-bewaring",
    Request = "soort-verzoek",
    Requester = "verzoeker",
    AgeClass = "leeftijdsgroep-verzoeker",
    Identity = "vaststelling-identiteit",
    RequestOutcome = "uitkomst-verzoek",
    RequestGround = "grond-verzoek",
    ExtensionReason = "reden-verlenging",
    RequestWithdrawal = "reden-intrekking-verzoek",
    ResearchPurpose = "doel-onderzoek",
    CopyMark = "afweging-kopie",
    CopyReason = "reden-afweging-kopie",
}

/// The values of a list on all of which the law branches, as an enum. In events and on the wire stands the code.
macro_rules! coded {
    ($(#[$doc:meta])* $name:ident of $list:ident { $($(#[$of:meta])* $value:ident = $code:literal),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(
            Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize, schemars::JsonSchema,
        )]
        pub enum $name { $($(#[$of])* #[serde(rename = $code)] $value),+ }

        impl $name {
            pub const LIST: crate::codes::List = crate::codes::List::$list;
            pub const ALL: &[Self] = &[$(Self::$value),+];

            pub const fn code(self) -> &'static str {
                match self { $(Self::$value => $code),+ }
            }

            pub fn of(code: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|it| it.code() == code)
            }
        }
    };
}
pub(crate) use coded;

/// One value of a list, as published.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Value {
    pub code: String,
    pub nl: String,
    pub en: String,
    pub valid_from: Option<NaiveDate>,
    /// The first day on which it is no longer valid.
    pub valid_to: Option<NaiveDate>,
    pub successor: Option<String>,
    pub group: Option<String>,
    /// For a special form: the counted form under which it falls.
    pub counts_as: Option<String>,
}

impl Value {
    pub fn is_valid_on(&self, on: NaiveDate) -> bool {
        self.valid_from.is_none_or(|from| from <= on) && self.valid_to.is_none_or(|to| on < to)
    }
}

/// Why a code cannot be used.
#[derive(Clone, Debug, PartialEq, Error)]
pub enum CodeFault {
    #[error("'{code}' staat niet in de codelijst {list}")]
    Unknown { list: &'static str, code: String },
    #[error("'{code}' uit de codelijst {list} geldt niet op {on}")]
    NotValidOn { list: &'static str, code: String, on: NaiveDate },
}

struct Published {
    order: Vec<Value>,
    by_code: BTreeMap<String, usize>,
}

static LISTS: LazyLock<BTreeMap<List, Published>> = LazyLock::new(|| {
    #[derive(Deserialize)]
    struct File {
        values: Vec<Value>,
    }
    let read = |list: &List| {
        let file: File = serde_json::from_str(list.text()).expect("published lists are valid");
        let by_code = file.values.iter().enumerate().map(|(i, v)| (v.code.clone(), i)).collect();
        (*list, Published { order: file.values, by_code })
    };
    List::ALL.iter().map(read).collect()
});

/// The values of a list, in the order of publication.
pub fn values(list: List) -> &'static [Value] {
    &LISTS[&list].order
}

/// A value of a list, whenever valid.
pub fn find(list: List, code: &str) -> Option<&'static Value> {
    let published = &LISTS[&list];
    published.by_code.get(code).map(|i| &published.order[*i])
}

/// The Dutch label of a code; the code itself when it is of another world.
pub fn label(list: List, code: &str) -> &str {
    find(list, code).map_or(code, |value| &value.nl)
}

/// Whether a code may be used for something that happened on a date.
pub fn check(list: List, code: &str, on: NaiveDate) -> Result<(), CodeFault> {
    let name = list.name();
    match find(list, code) {
        None => Err(CodeFault::Unknown { list: name, code: code.to_owned() }),
        Some(value) if !value.is_valid_on(on) => {
            Err(CodeFault::NotValidOn { list: name, code: code.to_owned(), on })
        }
        Some(_) => Ok(()),
    }
}
