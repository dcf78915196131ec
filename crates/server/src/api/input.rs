//! What comes with a request besides its body: the id in the path, the number of the command, the version seen, the body within its limit.

use crate::api::Route;
use crate::app::{App, Order};
use crate::body;
use crate::clock::{dutch_date, start_of};
use crate::problem::{InputFault, Problem};
use crate::worker::Worker;
use axum::body::{Bytes, to_bytes};
use axum::extract::{FromRequest, FromRequestParts, Path, Query, Request};
use axum::http::request::Parts;
use axum::http::{HeaderMap, Method, StatusCode, header};
use chrono::{DateTime, NaiveDate, Utc};
use domain::decider::Decider;
use std::collections::BTreeMap;
use std::ops::RangeInclusive;
use uuid::Uuid;

/// Who asks, about what: a file that is not there for him is, from here on, one that is nowhere.
pub(crate) struct Asked {
    pub(crate) worker: Worker,
    pub(crate) id: Uuid,
    pub(crate) headers: HeaderMap,
}

impl Asked {
    /// A creation: its number follows from its id, so that it can be repeated.
    pub(crate) fn creation<D: Decider>(&self) -> Order {
        let key = Uuid::new_v5(&self.id, D::STREAM.as_bytes());
        Order { key, seen: None, creates: true }
    }

    /// An action: numbered by the caller, on the version that he saw if he says so.
    pub(crate) fn action(&self) -> Result<Order, Problem> {
        let text = self.headers.get("idempotency-key").and_then(|it| it.to_str().ok());
        let missing = || {
            let detail = "geef elke opdracht een eigen UUID, en een herhaling dezelfde";
            Problem::parameter("Idempotency-Key", detail)
        };
        let key = text.map(|it| it.trim_matches('"')).ok_or_else(missing)?;
        let key = key.parse().map_err(|_| missing())?;
        Ok(Order { key, seen: self.seen()?, creates: false })
    }

    fn seen(&self) -> Result<Option<i32>, Problem> {
        let Some(value) = self.headers.get(header::IF_MATCH) else { return Ok(None) };
        let text = value.to_str().unwrap_or_default();
        if text == "*" {
            return Ok(None);
        }
        let version = text.trim_start_matches("W/").trim_matches('"').parse();
        let wrong = |_| Problem::parameter("If-Match", "verwacht de ETag van de laatste lezing");
        version.map(Some).map_err(wrong)
    }
}

impl FromRequestParts<App> for Asked {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        let worker = worker(parts)?;
        let path = Path::<Uuid>::from_request_parts(parts, app).await;
        let Path(id) = path.map_err(|_| Problem::parameter("id", "geen UUID"))?;
        // What comes into being is looked at afterwards: there is nothing yet, or somebody used its number before.
        let makes = parts.method == Method::PUT;
        let about = parts.extensions.get::<&'static Route>().and_then(|it| it.about());
        let id = match about.filter(|_| !makes) {
            Some(kind) => app.in_sight(&worker, kind, id).await?,
            None => id,
        };
        Ok(Self { worker, id, headers: parts.headers.clone() })
    }
}

/// The worker whom the guard recognised.
pub(crate) fn worker(parts: &Parts) -> Result<Worker, Problem> {
    parts.extensions.get::<Worker>().cloned().ok_or_else(Problem::not_found)
}

/// The worker alone.
pub(crate) struct By(pub(crate) Worker);

impl FromRequestParts<App> for By {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &App) -> Result<Self, Problem> {
        worker(parts).map(Self)
    }
}

/// The bytes of a body, within the limit.
pub(crate) struct Body(pub(crate) Bytes);

impl FromRequest<App> for Body {
    type Rejection = Problem;

    async fn from_request(request: Request, app: &App) -> Result<Self, Problem> {
        let limit = app.limits.body_bytes;
        let said = request.headers().get(header::CONTENT_LENGTH).and_then(|it| it.to_str().ok());
        let too_large = || {
            let detail = format!("een verzoek is hoogstens {} KB", limit / 1024);
            Problem::other(StatusCode::PAYLOAD_TOO_LARGE, "Te groot", detail)
        };
        if said.and_then(|it| it.parse::<usize>().ok()).is_some_and(|length| length > limit) {
            return Err(too_large());
        }
        let json = request.headers().get(header::CONTENT_TYPE).and_then(|it| it.to_str().ok());
        let kind = json.and_then(|it| it.split(';').next()).unwrap_or_default().trim();
        if !kind.eq_ignore_ascii_case("application/json") {
            let detail = "stuur application/json";
            return Err(Problem::other(
                StatusCode::UNSUPPORTED_MEDIA_TYPE,
                "Verkeerde soort",
                detail,
            ));
        }
        let all = to_bytes(request.into_body(), limit);
        let too_slow = |_| {
            let detail = "het verzoek kwam te traag binnen; stuur het opnieuw met hetzelfde nummer";
            Problem::other(StatusCode::REQUEST_TIMEOUT, "Te traag", detail)
        };
        let bytes = tokio::time::timeout(app.limits.body_time, all).await.map_err(too_slow)?;
        bytes.map(Self).map_err(|_| too_large())
    }
}

/// The keys of a query; one that the route does not know is a fault, not silence.
pub(crate) struct Asking(BTreeMap<String, String>);

impl FromRequestParts<App> for Asking {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        let query = Query::<BTreeMap<String, String>>::from_request_parts(parts, app).await;
        query
            .map(|Query(keys)| Self(keys))
            .map_err(|_| Problem::parameter("query", "niet te lezen"))
    }
}

impl Asking {
    /// Nothing is asked.
    pub(crate) fn none() -> Self {
        Self(BTreeMap::new())
    }

    /// Refuses keys that are not among these.
    pub(crate) fn only(&self, known: &[&str]) -> Result<(), Problem> {
        let unknown = self.0.keys().filter(|key| !known.contains(&key.as_str()));
        let known = if known.is_empty() { "geen".to_owned() } else { known.join(", ") };
        let detail = format!("onbekende sleutel; bekend zijn: {known}");
        let fault = |key: &String| InputFault { pointer: key.clone(), detail: detail.clone() };
        let faults: Vec<InputFault> = unknown.map(fault).collect();
        if faults.is_empty() { Ok(()) } else { Err(Problem::Invalid(faults)) }
    }

    pub(crate) fn get(&self, key: &str) -> Option<&str> {
        self.0.get(key).map(String::as_str)
    }

    pub(crate) fn date(&self, key: &str) -> Result<Option<NaiveDate>, Problem> {
        let wrong = || Problem::parameter(key, "geen datum; verwacht JJJJ-MM-DD");
        self.get(key).map(|text| body::date(text).ok_or_else(wrong)).transpose()
    }

    pub(crate) fn number(
        &self,
        key: &str,
        within: RangeInclusive<i64>,
    ) -> Result<Option<i64>, Problem> {
        let Some(text) = self.get(key) else { return Ok(None) };
        let number = text.parse().ok().filter(|it| within.contains(it));
        let wrong = || match *within.end() {
            i64::MAX => format!("een geheel getal vanaf {}", within.start()),
            end => format!("een getal van {} tot {end}", within.start()),
        };
        number.map(Some).ok_or_else(|| Problem::parameter(key, wrong()))
    }

    pub(crate) fn uuid(&self, key: &str) -> Result<Option<Uuid>, Problem> {
        let wrong = |_| Problem::parameter(key, "geen UUID");
        self.get(key).map(|text| text.parse().map_err(wrong)).transpose()
    }

    /// The moment up to which is known what is asked.
    pub(crate) fn known_at(&self, now: DateTime<Utc>) -> Result<Option<DateTime<Utc>>, Problem> {
        self.moment("zoalsBekendOp", now)
    }

    /// A moment, or the first moment of a Dutch date; never later than now.
    pub(crate) fn moment(
        &self,
        key: &str,
        now: DateTime<Utc>,
    ) -> Result<Option<DateTime<Utc>>, Problem> {
        let Some(text) = self.get(key) else { return Ok(None) };
        let moment = body::date(text).map(start_of).or_else(|| body::instant(text));
        let moment = moment.ok_or_else(|| {
            Problem::parameter(key, "geen tijdstip; verwacht bijvoorbeeld 2024-03-01T00:00:00Z")
        })?;
        if moment > now {
            let today = dutch_date(now);
            let detail = format!(
                "ligt in de toekomst; het is nu {today}, wat later bekend wordt weet nog niemand"
            );
            return Err(Problem::parameter(key, detail));
        }
        Ok(Some(moment))
    }
}
