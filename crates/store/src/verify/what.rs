//! Where a log is not what it was, and in which respect: one place and one word each, which any verifier finds the same
//! (`migrations/README.md`).

use std::fmt;
use uuid::Uuid;

/// Where the log is not what it was.
#[derive(Clone, Debug, PartialEq)]
pub struct Break {
    pub position: i64,
    pub what: What,
}

#[derive(Clone, Debug, PartialEq)]
pub enum What {
    /// The position is not one more than the one before it.
    Gap { after: i64 },
    /// The content and the chain do not belong together.
    Changed,
    /// The version does not follow on the one before it in its stream.
    Version,
    /// The sealed particulars are not those that came with the event.
    Particulars,
    /// A head that was kept has another chain at this position: everything was rewritten.
    Rewritten,
    /// A head that was kept stands beyond the end: the tail was cut.
    Cut { end: i64 },
    /// The key of a subject is not there, does not open, or is not the one under which was sealed; and nobody ordered that.
    Key { subject: Uuid },
    /// Somebody is held to be forgotten, and nobody ordered that; or not by this order, or his key was not destroyed.
    Forgotten { subject: Uuid },
    /// Somebody was ordered to be forgotten, and is not held to be.
    Remembered { subject: Uuid },
    /// A signed head has another root than the log has at its size, or is kept under another log or size than it says.
    Head,
    /// A head is not signed by whom is trusted.
    Signature,
    /// A head that was published, or the signature of a witness below it, is not kept any more.
    Missing,
    /// What a witness signed does not belong to the head.
    Cosignature,
    /// A kept node of the tree is not what it should be, or is not there.
    Node,
}

impl Break {
    /// The position that it points to: of what is gone, the first that is missing.
    pub fn place(&self) -> i64 {
        match self.what {
            What::Gap { after: last } | What::Cut { end: last } => last + 1,
            What::Changed
            | What::Version
            | What::Particulars
            | What::Rewritten
            | What::Key { .. }
            | What::Forgotten { .. }
            | What::Remembered { .. }
            | What::Head
            | What::Signature
            | What::Missing
            | What::Cosignature
            | What::Node => self.position,
        }
    }
}

impl What {
    /// In one word.
    pub const fn word(&self) -> &'static str {
        match self {
            Self::Gap { .. } => "gat",
            Self::Changed => "keten",
            Self::Version => "versie",
            Self::Particulars => "gegevens",
            Self::Rewritten => "herschreven",
            Self::Cut { .. } => "einde",
            Self::Key { .. } => "sleutel",
            Self::Forgotten { .. } | Self::Remembered { .. } => "vernietigd",
            Self::Head => "stand",
            Self::Signature => "handtekening",
            Self::Missing => "ontbreekt",
            Self::Cosignature => "medeondertekening",
            Self::Node => "knoop",
        }
    }
}

impl fmt::Display for Break {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let at = self.position;
        match &self.what {
            What::Gap { after } => write!(f, "positie {at}: sluit niet aan op {after}"),
            What::Changed => write!(f, "positie {at}: inhoud en keten horen niet bij elkaar"),
            What::Version => write!(f, "positie {at}: versie sluit niet aan binnen de stroom"),
            What::Particulars => {
                write!(f, "positie {at}: de verzegelde gegevens zijn niet die van de gebeurtenis")
            }
            What::Rewritten => write!(f, "positie {at}: een bewaarde stand heeft een andere keten"),
            What::Cut { end } => {
                write!(f, "positie {at}: het logboek eindigt op {end}, voor een bewaarde stand")
            }
            What::Key { subject } => write!(f, "sleutel van {subject} ontbreekt of opent niet"),
            What::Forgotten { subject } => {
                write!(
                    f,
                    "{subject} geldt als vernietigd zonder dat dat zo is opgedragen en gedaan"
                )
            }
            What::Remembered { subject } => {
                write!(f, "{subject} geldt niet als vernietigd, terwijl dat is opgedragen")
            }
            What::Head => write!(f, "stand {at}: het logboek is niet dat wat is ondertekend"),
            What::Signature => write!(f, "stand {at}: de handtekening klopt niet"),
            What::Missing => write!(f, "stand {at}: is gepubliceerd en wordt niet meer bewaard"),
            What::Cosignature => write!(f, "stand {at}: de medeondertekening klopt niet"),
            What::Node => write!(f, "positie {at}: een bewaarde knoop van de boom klopt niet"),
        }
    }
}
