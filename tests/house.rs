//! The register as somebody outside meets it: HTTP in and out without a socket, a database of its own, a clock that stands still.
//!
//! Every answer is held against what holds for all: the security headers, the version of the interface, and for whatever is not what
//! was asked for, problem details. So each test of the outside is a test of these too.

use crate::answer::Answer;
use crate::keys::key_store;
use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{Method, Request};
use chrono::{DateTime, Duration, NaiveDate, NaiveTime, Utc};
use domain::access::{Asker, Role};
use domain::area::Areas;
use domain::decider::Stamp;
use domain::erasure::Ground;
use domain::id::{Id, Organisation};
use serde_json::Value;
use server::app::{App, Limits};
use server::clock::Clock;
use server::login::Login;
use server::looking::Looking;
use server::rates::Rates;
use server::recogniser::{Accepts, Recogniser};
use server::worker::{demo_token_of, demo_worker};
use sqlx::PgPool;
use sqlx::postgres::PgConnectOptions;
use std::pin::Pin;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use store::proof::keeper::Keeper;
use store::{Keys, RecordedBy, Store};
use tower::ServiceExt;
use uuid::Uuid;

pub(crate) const ISSUER: &str = "https://aanmelden.meldboek.example";
pub(crate) const AUDIENCE: &str = "meldboek";

pub(crate) struct House {
    pub(crate) app: App,
    router: Router,
    numbers: AtomicU64,
    heard: Mutex<Vec<String>>,
}

impl House {
    /// The register at noon of a day.
    pub(crate) async fn on(day: &str, pool: &PgPool) -> Self {
        Self::within(Limits::default(), day, pool).await
    }

    pub(crate) async fn within(limits: Limits, day: &str, pool: &PgPool) -> Self {
        Self::of(limits, day, (*pool.connect_options()).clone(), key_store(pool).await).await
    }

    /// The register of one database with the key store of another.
    pub(crate) async fn of(
        limits: Limits,
        day: &str,
        options: PgConnectOptions,
        key_store: PgConnectOptions,
    ) -> Self {
        let keys = Keys::of(&[7; 32], &[8; 32]).unwrap();
        let store = Store::open(options, key_store, keys, RecordedBy::Stamp).await.unwrap();
        let recogniser = Recogniser::demo(Accepts::new(ISSUER, AUDIENCE));
        let app = App::new(store, Clock::Standing(noon(day)), recogniser, limits);
        let router = server::api::router(&app);
        Self { app, router, numbers: AtomicU64::new(1), heard: Mutex::default() }
    }

    /// The same register at noon of another day.
    pub(crate) fn moves_to(&mut self, day: &str) {
        self.app.clock = Clock::Standing(noon(day));
        self.router = server::api::router(&self.app);
    }

    /// The same register now: somebody else's clock cannot be moved.
    pub(crate) fn moves_to_now(&mut self) {
        self.app.clock = Clock::Standing(Clock::Running.now());
        self.router = server::api::router(&self.app);
    }

    /// The same register, where people log in with a browser.
    pub(crate) fn lets_in(&mut self, login: Login) {
        self.app.login = Some(Arc::new(login));
        self.router = server::api::router(&self.app);
    }

    /// The same register, where nobody may ask more than this.
    pub(crate) fn limits_to(&mut self, rates: Rates) {
        self.app.rates = Arc::new(rates);
        self.router = server::api::router(&self.app);
    }

    /// The same register some seconds later.
    pub(crate) fn later(&mut self, seconds: i64) {
        self.app.clock = Clock::Standing(self.app.clock.now() + Duration::seconds(seconds));
        self.router = server::api::router(&self.app);
    }

    /// The same register with other centre areas: what is published, and these additions.
    pub(crate) fn knows(&mut self, additions: &str) {
        self.app.areas = Arc::new(Areas::with_additions(additions).unwrap());
        self.router = server::api::router(&self.app);
    }

    /// The same register, with somebody who signs its heads.
    pub(crate) fn signs(&mut self, keeper: Keeper) {
        self.app.keeper = Some(keeper);
        self.router = server::api::router(&self.app);
    }

    /// A head is signed now.
    pub(crate) async fn signed(&self) {
        let drenthe = "VT02".parse::<Organisation>().unwrap();
        self.app.keeper.as_ref().unwrap().sign(drenthe.into()).await.unwrap();
    }

    /// The same register with other settings of looks.
    pub(crate) fn looks_as(&mut self, looking: Looking) {
        self.app.looking = Arc::new(looking);
        self.router = server::api::router(&self.app);
    }

    /// The same register with another provider of tokens.
    pub(crate) fn recognises(&mut self, recogniser: Recogniser) {
        self.app.recogniser = Arc::new(recogniser);
        self.router = server::api::router(&self.app);
    }

    pub(crate) fn get(&self, path: impl Into<String>) -> Ask<'_> {
        self.ask(Method::GET, path)
    }

    pub(crate) fn put(&self, path: impl Into<String>, body: &Value) -> Ask<'_> {
        self.ask(Method::PUT, path).json(body)
    }

    /// An action with a number of its own.
    pub(crate) fn post(&self, path: impl Into<String>, body: &Value) -> Ask<'_> {
        let number = u128::from(self.numbers.fetch_add(1, Ordering::Relaxed));
        self.ask(Method::POST, path).json(body).numbered(0xA000_0000 + number)
    }

    pub(crate) fn ask(&self, method: Method, path: impl Into<String>) -> Ask<'_> {
        let path = path.into();
        let figures = ["/v1/trendrapporten", "/v1/statistieken"];
        let about_figures = figures.iter().any(|it| path.starts_with(it));
        let of_privacy = ["/bewaring", "/bewaring/opheffing"].iter().any(|it| path.ends_with(it))
            || path.contains("/inzagerechten");
        let role = match (about_figures, of_privacy) {
            (true, _) => Role::Manager,
            (false, true) => Role::Privacy,
            (false, false) => Role::CaseWorker,
        };
        let token = Token::of(role, "VT02");
        let (body, told) = (Body::empty(), String::new());
        Ask { house: self, method, path, token: Some(token), headers: vec![], body, told }
    }

    /// What was asked since the last time, as an input of a fuzz target (`fuzz/inputs.rs`).
    pub(crate) fn heard(&self) -> String {
        std::mem::take(&mut *self.heard.lock().unwrap()).join("\n\n")
    }

    /// Orders the data of subjects to be destroyed. They are read by nobody when this answers; what else is to be done is not done yet.
    pub(crate) async fn forgets(&self, erasure: u128, subjects: &[Uuid]) {
        let (organisation, at) = ("VT02".parse().unwrap(), self.app.clock.now());
        let today = at.date_naive();
        let stamp = Stamp { organisation, by: Self::worker(), at, today, key: id(erasure) };
        let (it, ground) = (Id::new(id(erasure)), Ground::Request { request: id(erasure + 1) });
        self.app.store.order_erasure(it, subjects.to_vec(), ground, &stamp).await.unwrap();
    }

    /// Who asks when nobody else is named: the case worker of the demo.
    pub(crate) fn worker() -> Uuid {
        demo_worker(Role::CaseWorker)
    }

    /// A token that is valid until an hour from now.
    pub(crate) fn token(&self, it: &Token) -> String {
        let now = self.app.clock.now();
        let asker = Asker {
            id: it.worker.map_or_else(|| demo_worker(it.role), id),
            roles: vec![it.role],
            organisation: it.organisation.parse().unwrap(),
            teams: it.team.map(id).into_iter().collect(),
            areas: it.areas.clone(),
        };
        demo_token_of(&asker, ISSUER, AUDIENCE, now, now + Duration::hours(1))
    }
}

impl Drop for House {
    /// Ends the followers, so that the database of the test can go.
    fn drop(&mut self) {
        self.app.store.stop();
    }
}

/// Who asks.
pub(crate) struct Token {
    pub(crate) role: Role,
    pub(crate) organisation: &'static str,
    pub(crate) areas: Vec<String>,
    /// Somebody else than the one worker that each role has.
    pub(crate) worker: Option<u128>,
    pub(crate) team: Option<u128>,
}

impl Token {
    pub(crate) const fn of(role: Role, organisation: &'static str) -> Self {
        Self { role, organisation, areas: vec![], worker: None, team: None }
    }
}

/// A request; it is sent when it is awaited.
pub(crate) struct Ask<'h> {
    house: &'h House,
    method: Method,
    path: String,
    token: Option<Token>,
    headers: Vec<(&'static str, String)>,
    body: Body,
    /// The body, as far as it is JSON.
    told: String,
}

impl Ask<'_> {
    pub(crate) fn by(mut self, role: Role) -> Self {
        self.token.as_mut().unwrap().role = role;
        self
    }

    /// As another worker than the usual one with this role.
    pub(crate) fn who(mut self, worker: u128) -> Self {
        self.token.as_mut().unwrap().worker = Some(worker);
        self
    }

    pub(crate) fn in_team(mut self, team: u128) -> Self {
        self.token.as_mut().unwrap().team = Some(team);
        self
    }

    pub(crate) fn of(mut self, organisation: &'static str) -> Self {
        self.token.as_mut().unwrap().organisation = organisation;
        self
    }

    /// As an analyst for these areas.
    pub(crate) fn for_areas(mut self, areas: &[&str]) -> Self {
        let token = self.token.as_mut().unwrap();
        token.role = Role::Analyst;
        token.areas = areas.iter().map(ToString::to_string).collect();
        self
    }

    pub(crate) fn without_token(mut self) -> Self {
        self.token = None;
        self
    }

    /// Sets a header, also one that the house would set itself.
    pub(crate) fn with(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self = self.without(name);
        if name == "authorization" {
            self.token = None;
        }
        self.headers.push((name, value.into()));
        self
    }

    pub(crate) fn without(mut self, name: &'static str) -> Self {
        self.headers.retain(|(it, _)| *it != name);
        self
    }

    pub(crate) fn numbered(self, number: u128) -> Self {
        self.with("idempotency-key", Uuid::from_u128(number).to_string())
    }

    pub(crate) fn json(mut self, body: &Value) -> Self {
        self.told = body.to_string();
        self.with("content-type", "application/json").body(body.to_string())
    }

    pub(crate) fn body(mut self, body: impl Into<Body>) -> Self {
        self.body = body.into();
        self
    }

    /// Sends it, and holds the answer against what holds for every answer.
    pub(crate) async fn answer(self) -> Answer {
        let Self { house, method, path, token, headers, body, told } = self;
        let by = token.as_ref().map_or("", |it| it.role.name());
        house.heard.lock().unwrap().push(format!("{method} {path} {by}\n{told}"));
        let mut request = Request::builder().method(method.clone()).uri(&path);
        for (name, value) in headers {
            request = request.header(name, value);
        }
        if let Some(token) = token {
            request = request.header("authorization", format!("Bearer {}", house.token(&token)));
        }
        let request = request.body(body).unwrap();
        let (head, body) = house.router.clone().oneshot(request).await.unwrap().into_parts();
        let body = to_bytes(body, usize::MAX).await.unwrap();
        let asked = format!("{method} {path}");
        Answer::of(&method, asked, head, body)
    }
}

impl<'h> IntoFuture for Ask<'h> {
    type Output = Answer;
    type IntoFuture = Pin<Box<dyn Future<Output = Answer> + Send + 'h>>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(self.answer())
    }
}

pub(crate) fn noon(day: &str) -> DateTime<Utc> {
    let day: NaiveDate = day.parse().unwrap();
    day.and_time(NaiveTime::from_hms_opt(12, 0, 0).unwrap()).and_utc()
}

pub(crate) fn id(number: u128) -> Uuid {
    Uuid::from_u128(number)
}

/// How many rows there are of everything that a request can leave behind, besides that somebody looked.
pub(crate) async fn stored(pool: &PgPool) -> Vec<i64> {
    sqlx::query_scalar(
        "select array[(select count(*) from event where organisation not like '%/inzage'), (select count(*) from particular), (select count(*) from data_key),
             (select count(*) from worklist), (select count(*) from fact), (select count(*) from fact_kind),
             (select count(*) from known_melding), (select count(*) from known_person), (select count(*) from known_case),
             (select count(*) from known_link), (select count(*) from person_card), (select count(*) from part_of_case),
             (select count(*) from assigned), (select count(*) from restricted), (select count(*) from asked_about),
             (select count(*) from forgotten), (select count(*) from erasing), (select count(*) from destroyed_part)]",
    )
    .fetch_one(pool)
    .await
    .unwrap()
}
