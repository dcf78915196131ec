//! What others kept of a log, against which it is verified.

use super::{Head, log_of};
use crate::proof::note::{Note, Trust};
use domain::id::Log;

#[derive(Clone, Debug, Default)]
pub struct Evidence {
    /// Positions and chains: of receipts, reports, checkpoints.
    pub kept: Vec<Head>,
    /// Signed heads as they were published.
    pub published: Vec<Note>,
    pub trust: Trust,
}

impl Evidence {
    /// What it says of one log.
    pub(super) fn of(&self, log: Log) -> Self {
        let published = self.published.iter().filter(|it| log_of(&it.head.origin) == Some(log));
        let kept = self.kept.iter().filter(|it| it.log == log);
        Self {
            kept: kept.copied().collect(),
            published: published.cloned().collect(),
            trust: self.trust.clone(),
        }
    }
}
