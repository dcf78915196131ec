//! Every refusal and failure, once: problem details (RFC 9457) in Dutch. A failure is logged here, with its causes; the caller
//! learns nothing about our insides.

use crate::change::Change;
use crate::looking::Seen;
use axum::Json;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use domain::decider::Refused;
use domain::refusal::{Fault, Kind};
use serde::Serialize;
use store::{ExecuteError, Failed};

/// One fault in the input: where (JSON pointer, or the name of a parameter), and what.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct InputFault {
    pub pointer: String,
    pub detail: String,
}

/// An answer that is not what was asked for.
#[derive(Debug)]
pub enum Problem {
    /// Faults in the input, all at once.
    Invalid(Vec<InputFault>),
    /// Anything else: status, title, detail.
    Other(StatusCode, &'static str, String),
    /// Not recognised: what went wrong in the words of RFC 6750, if anything was shown at all; detail.
    Stranger(Option<&'static str>, String),
    /// Somebody was first, or it is so already: status, title, detail, and what changed.
    TooLate(StatusCode, &'static str, String, Box<Told>),
}

/// What changed, and whom that shows.
#[derive(Debug)]
pub struct Told {
    changes: Vec<Change>,
    seen: Seen,
}

#[derive(Serialize)]
struct Details<'a> {
    #[serde(rename = "type")]
    kind: &'static str,
    title: &'a str,
    status: u16,
    detail: &'a str,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    errors: &'a [InputFault],
    #[serde(rename = "gewijzigd", skip_serializing_if = "<[_]>::is_empty")]
    changes: &'a [Change],
}

impl Problem {
    pub fn not_found() -> Self {
        Self::other(StatusCode::NOT_FOUND, "Niet gevonden", "dit is er niet, of niet voor u")
    }

    pub fn other(status: StatusCode, title: &'static str, detail: impl Into<String>) -> Self {
        Self::Other(status, title, detail.into())
    }

    pub fn unavailable(detail: impl Into<String>) -> Self {
        Self::other(StatusCode::SERVICE_UNAVAILABLE, "Even niet mogelijk", detail)
    }

    /// The same, with what changed.
    #[must_use]
    pub(crate) fn because_of(self, changes: Vec<Change>, seen: Seen) -> Self {
        match self {
            Self::Other(status, title, detail) if !changes.is_empty() => {
                Self::TooLate(status, title, detail, Box::new(Told { changes, seen }))
            }
            Self::Invalid(_) | Self::Stranger(..) | Self::Other(..) | Self::TooLate(..) => self,
        }
    }

    pub fn parameter(name: &str, detail: impl Into<String>) -> Self {
        Self::Invalid(vec![InputFault { pointer: name.to_owned(), detail: detail.into() }])
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let challenge = self.challenge();
        let (status, title, detail, errors, told) = match self {
            Self::Invalid(mut errors) => {
                errors.sort();
                errors.dedup();
                let detail = match errors.as_slice() {
                    // Of the body as a whole.
                    [one] if one.pointer.is_empty() => one.detail.clone(),
                    [one] => format!("{}: {}", one.pointer, one.detail),
                    more => format!("er kloppen {} dingen niet; ze staan hieronder", more.len()),
                };
                (StatusCode::BAD_REQUEST, "De invoer klopt niet", detail, errors, None)
            }
            Self::Other(status, title, detail) => (status, title, detail, vec![], None),
            Self::Stranger(_, detail) => {
                (StatusCode::UNAUTHORIZED, "Niet herkend", detail, vec![], None)
            }
            Self::TooLate(status, title, detail, told) => {
                (status, title, detail, vec![], Some(told))
            }
        };
        let body = Details {
            kind: "about:blank",
            title,
            status: status.as_u16(),
            detail: &detail,
            errors: &errors,
            changes: told.as_ref().map_or(&[], |it| &it.changes),
        };
        let mut response = (status, Json(body)).into_response();
        if let Some(told) = told {
            response.extensions_mut().insert(told.seen);
        }
        let headers = response.headers_mut();
        let json = HeaderValue::from_static("application/problem+json");
        headers.insert(header::CONTENT_TYPE, json);
        if let Some(challenge) = challenge {
            headers.insert(header::WWW_AUTHENTICATE, challenge);
        }
        if status == StatusCode::REQUEST_TIMEOUT {
            headers.insert(header::CONNECTION, HeaderValue::from_static("close"));
        }
        if status == StatusCode::SERVICE_UNAVAILABLE {
            headers.insert(header::RETRY_AFTER, HeaderValue::from_static("1"));
        }
        response
    }
}

impl Problem {
    /// How to show who one is, or more of it (RFC 6750, section 3).
    fn challenge(&self) -> Option<HeaderValue> {
        let error = match self {
            Self::Stranger(error, _) => *error,
            Self::Other(StatusCode::FORBIDDEN, ..) => Some("insufficient_scope"),
            Self::Invalid(_) | Self::Other(..) | Self::TooLate(..) => return None,
        };
        let error = error.map(|it| format!(", error=\"{it}\"")).unwrap_or_default();
        HeaderValue::from_str(&format!("Bearer realm=\"meldboek\"{error}")).ok()
    }
}

impl From<Failed> for Problem {
    fn from(failed: Failed) -> Self {
        let busy = matches!(failed, Failed::Busy | Failed::Stopping);
        if busy {
            return Self::other(
                StatusCode::SERVICE_UNAVAILABLE,
                "Even te druk",
                "probeer het over een paar tellen opnieuw; dezelfde opdracht wordt niet dubbel vastgelegd",
            );
        }
        tracing::error!(error = &failed as &dyn std::error::Error, "a request failed");
        Self::other(
            StatusCode::INTERNAL_SERVER_ERROR,
            "Er ging iets mis",
            "de fout is vastgelegd; probeer het opnieuw met hetzelfde nummer, dan wordt niets dubbel vastgelegd",
        )
    }
}

impl<R: Refused> From<ExecuteError<R>> for Problem {
    fn from(error: ExecuteError<R>) -> Self {
        match error {
            ExecuteError::Refused(refusal) => Self::from_refusal(&refusal),
            ExecuteError::Overtaken => Self::other(
                StatusCode::PRECONDITION_FAILED,
                "Iemand was u voor",
                "er is intussen iets veranderd; haal de stand opnieuw op en beslis dan",
            ),
            ExecuteError::Reused => Self::other(
                StatusCode::CONFLICT,
                "Dit nummer is al gebruikt",
                "onder dit nummer is al iets anders vastgelegd; er is niets veranderd",
            ),
            ExecuteError::Forgotten => Self::other(
                StatusCode::CONFLICT,
                "De gegevens zijn vernietigd",
                format!("{error}; is er nieuws, leg dan een nieuwe melding of persoon vast"),
            ),
            ExecuteError::Failed(failed) => failed.into(),
        }
    }
}

impl Problem {
    pub fn from_refusal(refusal: &impl Refused) -> Self {
        match refusal.kind() {
            Kind::Invalid => Self::Invalid(refusal.faults().iter().map(in_wire_words).collect()),
            Kind::Absent => Self::not_found(),
            Kind::Conflict => {
                Self::other(StatusCode::CONFLICT, "Dit kan nu niet", refusal.to_string())
            }
        }
    }
}

/// A fault of the domain, at the field where it stands on the wire.
pub fn in_wire_words(fault: &Fault) -> InputFault {
    let pointer = match fault.at {
        "received" => "/ontvangenOp",
        "started" => "/gestartOp",
        "opened" => "/geopendOp",
        "answered" => "/beantwoordOp",
        "on" => "/op",
        "from" => "/vanaf",
        "with" => "/met",
        "persons" => "/personen",
        "pairs" => "/relaties",
        "pair" => "/relatie",
        "forms" => "/vormen",
        "acute_danger" => "/acuutGevaar",
        "until" => "/tot",
        "kept_until" => "/totEnMet",
        "findings" => "/bevindingen",
        "form" => "/vorm",
        "discipline" => "/discipline",
        "accepted" => "/aanvaard",
        "review_on" => "/toetsenOp",
        "planned_for" => "/geplandOp",
        "to" => "/naar",
        "from_region" => "/van",
        "excluded" => "/uitgesloten",
        "subjects" => "/betrokkenen",
        "in_writing" => "/schriftelijk",
        "case" => "/casus",
        "grounds" => "/gronden",
        "weighings" => "/onderdelen",
        "texts" => "/teksten",
        "general_interest" => "/algemeenBelang",
        "not_otherwise" => "/nietAndersMogelijk",
        _ => "",
    };
    InputFault { pointer: pointer.to_owned(), detail: fault.why.to_string() }
}
