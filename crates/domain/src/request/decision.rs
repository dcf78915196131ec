//! The decision on a request: granted, granted in part or refused, each with its grounds. Which ground the law knows for which kind stands
//! here: inspection may be refused for the privacy of another, or for ending or investigating violence, or for the interest of the child for which
//! its legal representative asks ([`crate::law::INSPECTION`]); destruction when keeping is of considerable interest to another or law
//! forbids ([`crate::law::DESTRUCTION`]). What was thought is free text, sealed under the key of the person.

use super::{Content, Kind};
use crate::codes::{Code, coded};
use crate::refusal::{Faults, Why};
use chrono::NaiveDate;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use uuid::Uuid;

coded! {
    Outcome of RequestOutcome {
        Granted = "toegewezen",
        InPart = "deels-toegewezen",
        Refused = "geweigerd",
    }
}

coded! {
    Ground of RequestGround {
        PrivacyOfAnother = "privacy-ander",
        EndingViolence = "nodig-voor-beeindigen-of-onderzoeken",
        InterestOfTheChild = "belang-kind",
        InterestOfAnother = "belang-ander",
        LawForbids = "wet-verzet-zich",
        DataAreRight = "gegevens-juist",
        /// Whoever asks may not: see [`super::entitlement`].
        NotEntitled = "niet-bevoegd",
        NotIdentified = "identiteit-niet-vastgesteld",
    }
}

/// What was decided, and why.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Decision {
    pub on: NaiveDate,
    pub outcome: Outcome,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub grounds: Vec<Ground>,
    /// How it was established who asks, when that was not so on receipt.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub identity: Option<Code>,
    /// Of a destruction: what becomes of the free texts about the whole household, file by file.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub texts: Vec<Texts>,
}

/// The free texts of one melding or casus, which are about everybody in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Texts {
    pub file: Uuid,
    pub destroyed: bool,
}

impl Decision {
    pub const fn grants(&self) -> bool {
        matches!(self.outcome, Outcome::Granted | Outcome::InPart)
    }

    pub(super) fn faults(&self, faults: &mut Faults) {
        let none = self.grounds.is_empty();
        faults.check("grounds", none && self.outcome != Outcome::Granted, Why::GroundMissing);
        faults.check("grounds", !none && self.outcome == Outcome::Granted, Why::GroundNotNeeded);
        let mut files = BTreeSet::new();
        for it in &self.texts {
            faults.check("texts", !files.insert(it.file), Why::FileTwice(it.file));
        }
    }

    /// What is wrong with it on this request.
    pub(super) fn faults_on(&self, it: &Content, faults: &mut Faults) {
        faults.check("on", self.on < it.on, Why::Before(it.on));
        for ground in &self.grounds {
            let fits = ground.fits(it, self.outcome);
            faults.check("grounds", !fits, Why::NotAGround(ground.code(), it.kind.code()));
        }
        let texts = !self.texts.is_empty();
        let destroys = it.kind == Kind::Destruction && self.grants();
        faults.check("texts", texts && !destroys, Why::NothingDestroyed);
    }
}

impl Ground {
    /// Whether the law knows this ground for such a request.
    fn fits(self, it: &Content, outcome: Outcome) -> bool {
        let refused = outcome == Outcome::Refused;
        match self {
            Self::PrivacyOfAnother | Self::EndingViolence => it.kind == Kind::Inspection,
            Self::InterestOfTheChild => it.kind == Kind::Inspection && it.asker.asks_for_a_child(),
            Self::InterestOfAnother | Self::LawForbids => it.kind == Kind::Destruction,
            Self::DataAreRight => it.kind == Kind::Correction,
            Self::NotEntitled => refused && it.asker.may_ask(it.kind).is_err(),
            Self::NotIdentified => refused && !it.is_identified(),
        }
    }
}
