//! Why a request says no. The texts are for the worker.

use super::{Bar, copy};
use crate::refusal::{Fault, refused};
use thiserror::Error;

#[derive(Clone, Debug, PartialEq, Error)]
pub enum Refusal {
    #[error("de gegevens van het verzoek kloppen niet")]
    Invalid(Vec<Fault>),
    #[error("dit verzoek is er niet")]
    NoSuchRequest,
    #[error("dit verzoek is al vastgelegd")]
    ReceivedBefore,
    #[error("de termijn van dit verzoek kan niet worden verlengd: de wet geeft drie maanden")]
    NotToBeExtended,
    #[error("de termijn van dit verzoek is al verlengd")]
    ExtendedBefore,
    #[error("de termijn is al verstreken; verlengen kan niet meer")]
    TermPassed,
    #[error("op dit verzoek is al besloten")]
    DecidedBefore,
    #[error("op dit verzoek is nog niet besloten")]
    NotDecided,
    #[error("dit verzoek kan alleen worden geweigerd: {0}")]
    NotEntitled(Bar),
    #[error("stel eerst vast wie het vraagt; tot dan kan dit verzoek alleen worden geweigerd")]
    NotIdentified,
    #[error("dit verzoek is geweigerd; er is niets uit te voeren")]
    NothingGranted,
    #[error("het besluit is al bekendgemaakt")]
    ToldBefore,
    #[error("dit verzoek is al uitgevoerd")]
    ExecutedBefore,
    #[error("dit verzoek is afgehandeld; intrekken kan niet meer")]
    Over,
    #[error("dit verzoek is ingetrokken")]
    WithdrawnBefore,
    #[error(transparent)]
    Copy(#[from] copy::Refusal),
}
refused!(Refusal {
    Absent: Self::NoSuchRequest,
    Conflict: Self::ReceivedBefore
        | Self::NotToBeExtended
        | Self::ExtendedBefore
        | Self::TermPassed
        | Self::DecidedBefore
        | Self::NotDecided
        | Self::NotEntitled(_)
        | Self::NotIdentified
        | Self::NothingGranted
        | Self::ToldBefore
        | Self::ExecutedBefore
        | Self::Over
        | Self::WithdrawnBefore
        | Self::Copy(_),
});
