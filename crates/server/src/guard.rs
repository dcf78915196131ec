//! What stands before every route: headers, a place among those at work, a time limit, a count, a log line without personal data; and before every
//! route that is not public: who is asking, and may he.

use crate::api::Route;
use crate::app::App;
use crate::looking::Looker;
use crate::problem::Problem;
use crate::rates::client;
use crate::session::{self, SESSION, comes_from_us, cookie_of};
use crate::sight::Doing;
use crate::trace::{self, Traced};
use crate::worker::Worker;
use axum::extract::{ConnectInfo, MatchedPath, Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use domain::access::{About, Ask, Decision, Purpose, decide};
use std::net::SocketAddr;
use std::time::Instant;

/// The version of the interface, in every answer.
pub(crate) const API_VERSION: &str = "1.0.0";

/// The header in which somebody says for what he asks.
const PURPOSE: &str = "doel";

const HEADERS: [(&str, &str); 7] = [
    ("api-version", API_VERSION),
    ("cache-control", "no-store"),
    (
        "content-security-policy",
        "default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'none'",
    ),
    ("strict-transport-security", "max-age=31536000; includeSubDomains"),
    ("x-content-type-options", "nosniff"),
    ("x-frame-options", "DENY"),
    ("referrer-policy", "no-referrer"),
];

/// Outermost: whatever is answered carries these headers, is counted and logged, and takes no longer than it may.
pub(crate) async fn every_request(
    State(app): State<App>,
    mut request: Request,
    next: Next,
) -> Response {
    let started = Instant::now();
    let method = known(request.method());
    // The template of the route, never the path itself: ids stay out of logs and metrics.
    let route = request
        .extensions()
        .get::<MatchedPath>()
        .map_or_else(|| "onbekend".to_owned(), |path| path.as_str().to_owned());
    let traced = Traced::of(request.headers());
    request.extensions_mut().insert(traced.clone());
    let from = request.extensions().get::<ConnectInfo<SocketAddr>>().map(|it| it.0.ip());
    let too_often = from.and_then(|it| app.rates.client.take(client(it), app.clock.now()).err());
    let mut response = match (too_often, app.places.try_acquire()) {
        (Some(seconds), _) => too_many(seconds),
        (None, Err(_)) => too_busy(),
        (None, Ok(_place)) => {
            match tokio::time::timeout(app.limits.time, next.run(request)).await {
                Ok(response) => response,
                Err(_) => too_slow(),
            }
        }
    };
    for (name, value) in HEADERS {
        let headers = response.headers_mut();
        headers.entry(HeaderName::from_static(name)).or_insert(HeaderValue::from_static(value));
    }
    if let Some(sent) = traced.header() {
        response.headers_mut().insert(trace::HEADER, sent);
    }
    let (status, took) = (response.status().as_u16(), started.elapsed());
    let labels =
        [("method", method.to_owned()), ("route", route.clone()), ("status", status.to_string())];
    metrics::counter!("http_requests_total", &labels).increment(1);
    metrics::histogram!("http_request_duration_seconds", "route" => route.clone())
        .record(took.as_secs_f64());
    tracing::info!(
        http.method = method,
        http.route = route,
        http.status = status,
        duration_ms = took.as_secs_f64() * 1000.0,
        trace.id = traced.trace.id,
        "request answered"
    );
    response
}

/// The method when it is one of HTTP: anybody can make one up, and put a name in it.
fn known(method: &Method) -> &'static str {
    const KNOWN: [&str; 7] = ["GET", "PUT", "POST", "HEAD", "DELETE", "PATCH", "OPTIONS"];
    KNOWN.into_iter().find(|it| *it == method.as_str()).unwrap_or("onbekend")
}

fn too_busy() -> Response {
    let detail = "er is nu te veel werk tegelijk; probeer het over een paar tellen opnieuw";
    Problem::other(StatusCode::SERVICE_UNAVAILABLE, "Even te druk", detail).into_response()
}

fn too_many(seconds: u64) -> Response {
    let detail = format!("u vraagt te veel achter elkaar; probeer het over {seconds} s opnieuw");
    let problem = Problem::other(StatusCode::TOO_MANY_REQUESTS, "Te veel verzoeken", detail);
    let mut response = problem.into_response();
    response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
    response
}

fn too_slow() -> Response {
    let detail = "het duurde te lang; vraag het opnieuw met hetzelfde nummer, dan wordt niets dubbel vastgelegd";
    Problem::other(StatusCode::SERVICE_UNAVAILABLE, "Het duurde te lang", detail).into_response()
}

/// Round a route that is not public: recognises the worker, asks the one function whether he may, and records what he was shown before he is.
pub(crate) async fn only_for(
    State((app, route)): State<(App, &'static Route)>,
    mut request: Request,
    next: Next,
) -> Response {
    let mut worker = match recognised(&app, request.method(), request.headers()).await {
        Ok(worker) => worker,
        Err(problem) => return problem.into_response(),
    };
    if let Err(seconds) = app.rates.account.take(worker.id, worker.at) {
        return too_many(seconds);
    }
    let purpose = match purpose(request.headers()) {
        Ok(purpose) => purpose,
        Err(problem) => return problem.into_response(),
    };
    let ask = Ask { action: route.action, purpose, about: About::Anything };
    let decision = decide(&worker.asker, &ask);
    worker.doing = Doing::of(route.action, decision.grant().map(|it| it.purpose));
    let looker = Looker::of(&app, &worker, route, &request, (decision.grant(), purpose));
    match decision {
        Decision::Allowed(_) => {}
        Decision::NotAllowed => {
            let detail = "uw rol laat dit niet toe, of niet voor dit doel";
            let refusal = Problem::other(StatusCode::FORBIDDEN, "Geen toegang", detail);
            return looker.denied(&app, refusal.into_response()).await;
        }
        Decision::NotYours => {
            return looker.denied(&app, Problem::not_found().into_response()).await;
        }
    }
    request.extensions_mut().insert(route);
    request.extensions_mut().insert(worker);
    let answer = next.run(request).await;
    looker.shown(&app, answer).await
}

/// Whoever shows a token, or else the cookie of a session.
async fn recognised(app: &App, method: &Method, headers: &HeaderMap) -> Result<Worker, Problem> {
    let at = app.clock.now();
    let login = app.login.as_ref().filter(|_| !headers.contains_key(header::AUTHORIZATION));
    let Some((login, value)) = login.and_then(|it| Some((it, cookie_of(headers, SESSION)?))) else {
        return Ok(app.recogniser.recognise(headers, at, &app.store).await?);
    };
    comes_from_us(method, headers, &login.origin)?;
    Ok(session::recognise(app, value, login.lasting, at).await?)
}

/// For what somebody asks, when he says so.
fn purpose(headers: &HeaderMap) -> Result<Option<Purpose>, Problem> {
    let Some(value) = headers.get(PURPOSE) else { return Ok(None) };
    let known = || Purpose::ALL.map(|(_, name)| name).join(", ");
    let purpose = value.to_str().ok().and_then(Purpose::of);
    purpose.map(Some).ok_or_else(|| Problem::parameter("Doel", format!("kies uit: {}", known())))
}

pub(crate) async fn not_found() -> Problem {
    Problem::other(StatusCode::NOT_FOUND, "Niet gevonden", "dit pad bestaat niet")
}

/// The `Allow` header is added by the router.
pub(crate) async fn wrong_method() -> Problem {
    let detail = "dit pad kent deze methode niet; zie de kop Allow";
    Problem::other(StatusCode::METHOD_NOT_ALLOWED, "Methode niet toegestaan", detail)
}

/// A panic is a fault of ours: the caller learns that, and no more.
pub(crate) fn panicked(_: Box<dyn std::any::Any + Send>) -> Response {
    tracing::error!("a handler panicked");
    let detail = "de fout is vastgelegd";
    Problem::other(StatusCode::INTERNAL_SERVER_ERROR, "Er ging iets mis", detail).into_response()
}
