//! Where somebody asked from: no more of it than an organisation chose to keep.

use axum::extract::{ConnectInfo, Request};
use axum::http::HeaderName;
use std::net::SocketAddr;
use std::str::FromStr;
use thiserror::Error;

/// How much of a workplace is kept.
const LONGEST_ORIGIN: usize = 64;

/// What is kept of where a request came from: no more than somebody needs it for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Origin {
    Nothing,
    /// The address at the other end of the connection.
    #[default]
    Address,
    /// The number of a workplace, in a header that a proxy sets and callers cannot.
    Workplace(HeaderName),
}

#[derive(Debug, Error)]
#[error("'{0}' is geen herkomst; kies uit geen, adres, kop:NAAM")]
pub struct NoOrigin(String);

impl FromStr for Origin {
    type Err = NoOrigin;

    fn from_str(text: &str) -> Result<Self, NoOrigin> {
        match text {
            "geen" => Ok(Self::Nothing),
            "adres" => Ok(Self::Address),
            other => {
                let name = other.strip_prefix("kop:").and_then(|name| name.parse().ok());
                name.map(Self::Workplace).ok_or_else(|| NoOrigin(text.to_owned()))
            }
        }
    }
}

impl Origin {
    pub(super) fn of(&self, request: &Request) -> Option<String> {
        match self {
            Self::Nothing => None,
            Self::Address => {
                let peer = request.extensions().get::<ConnectInfo<SocketAddr>>();
                peer.map(|ConnectInfo(address)| address.ip().to_string())
            }
            Self::Workplace(name) => {
                let told = request.headers().get(name)?.to_str().ok()?;
                let usual = |it: u8| it.is_ascii_alphanumeric() || b"-._:".contains(&it);
                let usual = !told.is_empty() && told.bytes().all(usual);
                (usual && told.len() <= LONGEST_ORIGIN).then(|| told.to_owned())
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_where_somebody_asked_no_more_is_kept_than_was_chosen() {
        let from = |origin: &str, told: &str| {
            let request = Request::builder().header("x-werkplek", told).body("".into()).unwrap();
            origin.parse::<Origin>().unwrap().of(&request)
        };
        assert_eq!(from("geen", "balie-3"), None);
        assert_eq!(from("adres", "balie-3"), None);
        assert_eq!(from("kop:x-werkplek", "balie-3"), Some("balie-3".to_owned()));
        assert_eq!(from("kop:x-werkplek", "balie 3 van Testpersoon"), None);
        assert_eq!(from("kop:x-werkplek", &"b".repeat(65)), None);
        assert!("kop:".parse::<Origin>().is_err() && "overal".parse::<Origin>().is_err());
    }
}
