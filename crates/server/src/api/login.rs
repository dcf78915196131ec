//! `/aanmelden`, `/aanmelden/terug` and `/afmelden`: how a browser comes in through the identity provider, and goes.

use crate::app::App;
use crate::login::{Login, NotIn, PATIENCE, Returned, UnderWay, own_page};
use crate::problem::Problem;
use crate::session::{self, SESSION, comes_from_us, cookie, cookie_of, secret};
use axum::extract::{Query, State};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};

/// The cookie of a login that is under way.
const UNDER_WAY: &str = "__Host-meldboek-aanmelden";

type Asked = Query<Vec<(String, String)>>;

impl From<NotIn> for Problem {
    fn from(not: NotIn) -> Self {
        const TITLE: &str = "Niet aangemeld";
        let detail = not.to_string();
        let status = match not {
            NotIn::Failed(failed) => return failed.into(),
            NotIn::Silent(why) => {
                tracing::warn!(error = &why as &dyn std::error::Error, "nobody could log in");
                return Self::unavailable(detail);
            }
            NotIn::OneFactor | NotIn::Nobody => StatusCode::FORBIDDEN,
            NotIn::Wrong(reason) => {
                tracing::warn!(reason, "an answer of the identity provider was not taken");
                StatusCode::UNAUTHORIZED
            }
            NotIn::NotUnderWay | NotIn::Refused => StatusCode::UNAUTHORIZED,
        };
        Self::other(status, TITLE, detail)
    }
}

/// Sends a browser to the provider.
pub(super) async fn begin(
    State(app): State<App>,
    asked: Result<Asked, axum::extract::rejection::QueryRejection>,
) -> Result<Response, Problem> {
    let login = login(&app)?;
    let asked = asked.map(|it| it.0).unwrap_or_default();
    let to = asked.iter().find(|(name, _)| name == "naar").map(|(_, value)| value.as_str());
    let (at, secret) = (app.clock.now(), secret());
    let under_way = UnderWay::of(&secret);
    let address = login.address(&under_way, at).await?;
    app.store.begin_login(&under_way.digest(), own_page(to), at + PATIENCE).await?;
    let cookies = [cookie(UNDER_WAY, &secret, PATIENCE.num_seconds())];
    Ok(sent_to(&address, &cookies))
}

/// Takes a browser that comes back from the provider, once.
pub(super) async fn end(
    State(app): State<App>,
    headers: HeaderMap,
    asked: Result<Asked, axum::extract::rejection::QueryRejection>,
) -> Result<Response, Problem> {
    let login = login(&app)?;
    let at = app.clock.now();
    let secret = cookie_of(&headers, UNDER_WAY).ok_or(NotIn::NotUnderWay)?;
    let under_way = UnderWay::of(secret);
    let back = returned(asked.map(|it| it.0).unwrap_or_default()).ok_or(NotIn::NotUnderWay)?;
    login.holds(&under_way, &back)?;
    let to = app.store.end_login(&under_way.digest(), at).await?.ok_or(NotIn::NotUnderWay)?;
    let worker = login.worker(&under_way, &back, &app.recogniser, at).await?;
    let session = session::begin(&app, &headers, &worker, login.lasting).await?;
    tracing::info!(worker.id = %worker.id, "somebody logged in");
    Ok(sent_to(&to, &[session, cookie(UNDER_WAY, "", 0)]))
}

/// Ends the session, and sends the browser to the provider to end it there too.
pub(super) async fn leave(
    State(app): State<App>,
    method: Method,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let login = login(&app)?;
    comes_from_us(&method, &headers, &login.origin)?;
    session::end(&app, &headers).await?;
    let home = format!("{}/", login.origin);
    let address = login.address_of_end(app.clock.now()).await.unwrap_or(home);
    let mut response = sent_to(&address, &[cookie(SESSION, "", 0)]);
    let all = HeaderValue::from_static("\"cache\", \"cookies\", \"storage\"");
    response.headers_mut().insert("clear-site-data", all);
    Ok(response)
}

fn login(app: &App) -> Result<&Login, Problem> {
    app.login.as_deref().ok_or_else(|| {
        let detail = "aanmelden met een browser is hier niet ingericht";
        Problem::other(StatusCode::NOT_FOUND, "Niet gevonden", detail)
    })
}

/// What the provider sent back; nothing when it says something twice.
fn returned(all: Vec<(String, String)>) -> Option<Returned> {
    let mut back = Returned::default();
    for (name, value) in all {
        let place = match name.as_str() {
            "code" => &mut back.code,
            "state" => &mut back.state,
            "iss" => &mut back.iss,
            "error" => {
                back.error = true;
                continue;
            }
            _ => continue,
        };
        if place.replace(value).is_some() {
            return None;
        }
    }
    Some(back)
}

fn sent_to(address: &str, cookies: &[String]) -> Response {
    let mut response = StatusCode::SEE_OTHER.into_response();
    let headers = response.headers_mut();
    if let Ok(address) = HeaderValue::from_str(address) {
        headers.insert(header::LOCATION, address);
    }
    for cookie in cookies {
        if let Ok(cookie) = HeaderValue::from_str(cookie) {
            headers.append(header::SET_COOKIE, cookie);
        }
    }
    response
}
