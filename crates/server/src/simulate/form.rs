//! The forms of violence as the simulation deals with them: small sets of the counted forms, and the special forms that
//! stand in the place of the form under which they count.

use super::chance::Chance;
use domain::codes::Code;

/// A counted form, in the order of the published table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    Child,
    Parents,
    Partner,
    Elder,
    Other,
    Problem,
    NoViolence,
    Unknown,
}

impl Form {
    pub(super) const ALL: [Self; 8] = [
        Self::Child,
        Self::Parents,
        Self::Partner,
        Self::Elder,
        Self::Other,
        Self::Problem,
        Self::NoViolence,
        Self::Unknown,
    ];

    pub(super) const fn code(self) -> &'static str {
        match self {
            Self::Child => "kindermishandeling",
            Self::Parents => "geweld-tegen-ouders",
            Self::Partner => "ex-partnergeweld",
            Self::Elder => "ouderenmishandeling",
            Self::Other => "huiselijk-geweld-overig",
            Self::Problem => "andere-problematiek",
            Self::NoViolence => "geen-kindermishandeling-huiselijk-geweld",
            Self::Unknown => "onbekend",
        }
    }

    /// Whether two forms are often told together.
    pub(super) const fn goes_with(self, other: Self) -> bool {
        use Form::{Child, Elder, NoViolence, Other, Parents, Partner, Problem, Unknown};
        match self {
            NoViolence | Unknown => false,
            Elder => matches!(other, Other | Problem),
            Child | Parents | Partner => {
                matches!(other, Child | Parents | Partner | Other | Problem)
            }
            Other | Problem => !matches!(other, NoViolence | Unknown),
        }
    }
}

/// How many items carry each form, in the order of [`Form::ALL`]. Parts may exceed the total.
pub(super) type Margins = [u32; 8];

/// A set of counted forms.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Forms(u8);

impl Forms {
    pub(super) const fn of(form: Form) -> Self {
        Self(1 << form as u8)
    }

    pub(super) const fn with(self, form: Form) -> Self {
        Self(self.0 | 1 << form as u8)
    }

    pub(super) const fn has(self, form: Form) -> bool {
        self.0 & 1 << form as u8 != 0
    }

    pub(super) const fn includes(self, other: Self) -> bool {
        self.0 & other.0 == other.0
    }

    pub(super) const fn meets(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }

    pub(super) const fn len(self) -> u32 {
        self.0.count_ones()
    }

    pub(super) fn iter(self) -> impl Iterator<Item = Form> {
        Form::ALL.into_iter().filter(move |form| self.has(*form))
    }

    /// Some of these forms, at least one.
    pub(super) fn some(self, chance: &mut Chance) -> Self {
        let kept = self.iter().filter(|_| chance.happens(0.6)).fold(Self::default(), Self::with);
        if kept.len() == 0 { self } else { kept }
    }
}

/// A special form with the counted form under which it falls, and about how often it is that form. Shares are our estimate:
/// no figures per special form are published, except for human trafficking.
const SPECIAL: [(&str, Form, f64); 7] = [
    ("complexe-scheiding", Form::Child, 0.07),
    ("kindcheck", Form::Child, 0.02),
    ("vrouwelijke-genitale-verminking", Form::Child, 0.001),
    ("eergerelateerd-geweld", Form::Other, 0.05),
    ("huwelijksdwang", Form::Other, 0.008),
    ("achterlating", Form::Other, 0.005),
    ("loverboyproblematiek", Form::Problem, 0.002),
];
pub(super) const TRAFFICKING: &str = "mensenhandel";

/// At most one special form among those told.
pub(super) fn special(forms: Forms, chance: &mut Chance) -> Option<&'static str> {
    let mut left = chance.unit();
    for (code, form, share) in SPECIAL {
        if forms.has(form) {
            if left < share {
                return Some(code);
            }
            left -= share;
        }
    }
    None
}

/// The counted form under which a special form falls.
pub(super) fn counted(special: &str) -> Form {
    let listed = SPECIAL.iter().find(|(code, ..)| *code == special);
    listed.map_or(Form::Problem, |(_, form, _)| *form)
}

/// The code to write for a form: the special one in its place, when there is one.
pub(super) fn code(form: Form, special: Option<&'static str>) -> Code {
    Code::of(special.filter(|it| counted(it) == form).unwrap_or(form.code()))
}
