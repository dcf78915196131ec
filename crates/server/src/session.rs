//! A worker who logged in with a browser: a session in the database, and a cookie that opens it. It gives the same worker as a token.
//!
//! The cookie holds a random value of which the database knows only the digest. A request with a cookie must come from our own pages: a browser
//! sends cookies along with what another site made it send.

use crate::app::App;
use crate::problem::Problem;
use crate::recogniser::Stranger;
use crate::sight::Doing;
use crate::uses::sha256;
use crate::worker::Worker;
use aws_lc_rs::rand;
use axum::http::{HeaderMap, Method, StatusCode, header};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, Duration, Utc};
use domain::access::Asker;
use store::Failed;
use store::door::{Digest, Session};

pub(crate) const SESSION: &str = "__Host-meldboek-sessie";

/// How long a session lasts: without being used, and however busy.
#[derive(Clone, Copy, Debug)]
pub struct Lasting {
    pub idle: Duration,
    pub longest: Duration,
}

impl Default for Lasting {
    fn default() -> Self {
        Self { idle: Duration::minutes(30), longest: Duration::hours(10) }
    }
}

/// 256 bits that nobody guesses, as text.
pub(crate) fn secret() -> String {
    let mut bytes = [0; 32];
    rand::fill(&mut bytes).expect("the system gives random bytes");
    URL_SAFE_NO_PAD.encode(bytes)
}

/// A cookie that only this server gets, over TLS, and no script reads. `Lax`, for the way back from the provider begins elsewhere.
pub(crate) fn cookie(name: &str, value: &str, seconds: i64) -> String {
    format!("{name}={value}; Path=/; Max-Age={seconds}; Secure; HttpOnly; SameSite=Lax")
}

/// The value of a cookie, when there is exactly one of that name.
pub(crate) fn cookie_of<'h>(headers: &'h HeaderMap, name: &str) -> Option<&'h str> {
    let all = headers.get_all(header::COOKIE).iter().filter_map(|it| it.to_str().ok());
    let pairs = all.flat_map(|it| it.split(';')).filter_map(|it| it.trim().split_once('='));
    let mut values = pairs.filter(|(it, _)| *it == name).map(|(_, value)| value);
    let one = values.next();
    if values.next().is_some() { None } else { one }
}

fn digest(value: &str) -> Digest {
    sha256(&["session", value])
}

/// Begins a session; tells the cookie that opens it. One that the browser had before ends.
pub(crate) async fn begin(
    app: &App,
    headers: &HeaderMap,
    worker: &Worker,
    lasting: Lasting,
) -> Result<String, Failed> {
    end(app, headers).await?;
    let value = secret();
    let Asker { id, roles, organisation, teams, areas } = worker.asker.clone();
    let session = Session {
        worker: id,
        organisation: organisation.to_string(),
        roles: roles.iter().map(|it| it.name().to_owned()).collect(),
        teams,
        areas,
        seen_at: worker.at,
        ends_at: worker.at + lasting.longest,
    };
    app.store.begin_session(&digest(&value), &session).await?;
    Ok(cookie(SESSION, &value, lasting.longest.num_seconds()))
}

/// Ends the session of a browser, if it has one.
pub(crate) async fn end(app: &App, headers: &HeaderMap) -> Result<(), Failed> {
    match cookie_of(headers, SESSION) {
        Some(value) => app.store.end_session(&digest(value)).await,
        None => Ok(()),
    }
}

/// Recognises whoever sent a cookie of a session.
pub(crate) async fn recognise(
    app: &App,
    value: &str,
    lasting: Lasting,
    at: DateTime<Utc>,
) -> Result<Worker, Stranger> {
    let (idle_since, seen_before) = (at - lasting.idle, at - Duration::minutes(1));
    let session = app.store.session(&digest(value), at, idle_since, seen_before).await?;
    session.and_then(|it| worker(it, at)).ok_or(Stranger::NoSession)
}

fn worker(it: Session, at: DateTime<Utc>) -> Option<Worker> {
    let roles: Vec<_> = it.roles.iter().filter_map(|name| name.parse().ok()).collect();
    let organisation = it.organisation.parse().ok()?;
    let asker = Asker { id: it.worker, roles, organisation, teams: it.teams, areas: it.areas };
    (!asker.roles.is_empty()).then_some(Worker {
        id: it.worker,
        asker,
        at,
        doing: Doing::default(),
    })
}

/// Refuses what another site may have made a browser send along with its cookie.
pub(crate) fn comes_from_us(
    method: &Method,
    headers: &HeaderMap,
    origin: &str,
) -> Result<(), Problem> {
    let said = |name: &str| headers.get(name).map(|it| it.to_str().unwrap_or_default());
    let ours = match said("sec-fetch-site") {
        Some("same-origin") => true,
        // Typed, or opened from a bookmark.
        Some("none") => method.is_safe(),
        Some(_) => false,
        None => said("origin").map_or(method.is_safe(), |it| it == origin),
    };
    let detail = "met een sessie neemt het register alleen verzoeken van de eigen bladzijden aan";
    ours.then_some(()).ok_or_else(|| Problem::other(StatusCode::FORBIDDEN, "Geen toegang", detail))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cookies(all: &[&'static str]) -> HeaderMap {
        all.iter().map(|it| (header::COOKIE, it.parse().unwrap())).collect()
    }

    #[test]
    fn a_cookie_is_found_when_there_is_one_of_its_name() {
        let value = |all| cookie_of(&cookies(all), "a").map(str::to_owned);
        assert_eq!(value(&["b=1; a=2; aa=3"]).as_deref(), Some("2"));
        assert_eq!(value(&["b=1", "a=2"]).as_deref(), Some("2"));
        assert_eq!(value(&["a=1; a=2"]), None);
        assert_eq!(value(&["a=1", "a=1"]), None);
        assert_eq!(value(&["A=1; b=a=2"]), None);
    }

    #[test]
    fn no_two_secrets_are_alike() {
        assert_ne!(secret(), secret());
        assert_eq!(secret().len(), 43);
    }
}
