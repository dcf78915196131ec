//! Which kind of fact a step of the process is, and where it plays.

use super::Kind;
use crate::fact::Step;

pub(super) fn kind(step: &Step) -> Kind {
    match step {
        Step::Opened { .. } => Kind::CaseOpened,
        Step::Closed { .. } => Kind::CaseClosed,
        Step::Adapted { .. } => Kind::Adapted,
        Step::Service { .. } => Kind::Service,
        Step::Investigation { .. } => Kind::Investigation,
        Step::Judgement { .. } => Kind::Judgement,
        Step::Established { .. } => Kind::Established,
        Step::Conditions { .. } => Kind::Conditions,
        Step::ConditionReview { .. } => Kind::ConditionReview,
        Step::Handover { .. } => Kind::Handover,
        Step::Measure { .. } => Kind::Measure,
        Step::Multidisciplinary { .. } => Kind::Multidisciplinary,
        Step::Partner { .. } => Kind::Partner,
        Step::Junction { .. } => Kind::Junction,
        Step::Informing { .. } => Kind::Informing,
        Step::Told { .. } => Kind::Told,
        Step::Moment { .. } => Kind::Moment,
        Step::Transfer { .. } => Kind::Transfer,
        Step::TakenOver { .. } => Kind::TakenOver,
        Step::Incident { .. } => Kind::Incident,
    }
}

pub(super) fn municipality(step: &Step) -> Option<&str> {
    match step {
        Step::Opened { municipality } | Step::Closed { municipality, .. } => {
            Some(municipality.as_str())
        }
        Step::Adapted { .. }
        | Step::Service { .. }
        | Step::Investigation { .. }
        | Step::Judgement { .. }
        | Step::Established { .. }
        | Step::Conditions { .. }
        | Step::ConditionReview { .. }
        | Step::Handover { .. }
        | Step::Measure { .. }
        | Step::Multidisciplinary { .. }
        | Step::Partner { .. }
        | Step::Junction { .. }
        | Step::Informing { .. }
        | Step::Told { .. }
        | Step::Moment { .. }
        | Step::Transfer { .. }
        | Step::TakenOver { .. }
        | Step::Incident { .. } => None,
    }
}
