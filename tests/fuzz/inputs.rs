//! What is done with the bytes of an input, the same in the fuzzer and when the kept corpus is replayed: none may panic, hang, or be
//! answered with a fault of ours; and what is read must mean the same when it is written and read again.

use crate::house::{AUDIENCE, Ask, House, ISSUER};
use axum::http::{HeaderValue, Method, Uri};
use chrono::NaiveDate;
use domain::Event;
use domain::access::Role;
use domain::advice::Advice;
use domain::area::Areas;
use domain::case::{Case, deadlines};
use domain::codes::{self, List};
use domain::contact::Contact;
use domain::decider::Decider;
use domain::id::Organisation;
use domain::look::Look;
use domain::matching::{self, Card, Query, Told};
use domain::melding::Melding;
use domain::particulars::{Bsn, PartialDate};
use domain::person::Person;
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use report::fact;
use report::period::Period;
use serde_json::Value;
use std::str::from_utf8;
use uuid::Uuid;

/// More requests than this in one input only cost time.
const MOST: usize = 24;
/// Headers that mean something to the register.
const HEADERS: [&str; 9] = [
    "accept",
    "authorization",
    "content-length",
    "content-type",
    "cookie",
    "doel",
    "idempotency-key",
    "if-match",
    "x-forwarded-for",
];
/// How ids of the tests begin. In every run they are others, so that each input meets a register in which it is the first.
const ID: &str = "00000000-0000-0000-0000-";
/// The private key of the demo (PKCS #8), as everybody can read it.
const DEMO: [u8; 48] = [
    0x30, 0x2e, 0x02, 0x01, 0x00, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x04, 0x22, 0x04, 0x20,
    0x8e, 0xfb, 0xae, 0xe8, 0x98, 0x0c, 0x32, 0x12, 0xb2, 0x26, 0xe9, 0xd6, 0x45, 0xd8, 0xb4, 0x6e,
    0xaf, 0x36, 0x7b, 0x06, 0xe4, 0xcb, 0x14, 0xca, 0x14, 0xc5, 0x3d, 0x36, 0x6e, 0x9a, 0x1c, 0x85,
];

/// Requests, one after another, with an empty line between them. The first line of each says `METHOD PATH`, and who asks when that is not a case
/// worker; lines that begin with `-` are headers; the rest is the body. The status of the last answer.
pub(crate) async fn requests(house: &House, run: u32, data: &[u8]) -> Option<u16> {
    let text = String::from_utf8_lossy(data).replace(ID, &format!("{run:08x}-0000-4000-8000-"));
    let mut last = None;
    for (nth, one) in text.split("\n\n").take(MOST).enumerate() {
        let number = (u128::from(run) << 64) + nth as u128;
        let Some(ask) = request(house, number, one) else { break };
        let answer = ask.await;
        assert!(answer.status < 500, "{one}: {}", answer.text());
        last = Some(answer.status);
    }
    last
}

fn request<'h>(house: &'h House, number: u128, text: &str) -> Option<Ask<'h>> {
    let mut lines = text.splitn(2, '\n');
    let mut words = lines.next()?.split(' ');
    let method = Method::from_bytes(words.next()?.as_bytes()).ok()?;
    let path = words.next()?;
    // What is no address does not get past the reader of HTTP.
    if !path.starts_with('/') || path.parse::<Uri>().is_err() {
        return None;
    }
    let number = Uuid::from_u128(number).to_string();
    let ask = house.ask(method, path).with("content-type", "application/json");
    let mut ask = ask.with("idempotency-key", number);
    if let Some(role) = words.next().and_then(|it| it.parse::<Role>().ok()) {
        ask = ask.by(role);
    }
    if words.next() == Some("VT03") {
        ask = ask.of("VT03");
    }
    let mut rest = lines.next().unwrap_or_default();
    while let Some(header) = rest.strip_prefix('-') {
        let (line, after) = header.split_once('\n').unwrap_or((header, ""));
        let (name, value) = line.split_once(": ").unwrap_or((line, ""));
        let known = HEADERS.iter().find(|it| **it == name);
        if let Some(name) = known.filter(|_| HeaderValue::from_str(value).is_ok()) {
            ask = ask.with(name, value);
        }
        rest = after;
    }
    Some(ask.body(rest.to_owned()))
}

/// A header as it comes, or claims (an input that begins with a brace) signed with the right key. Whoever comes in was named by the right
/// provider, for this register, and is not too late.
pub(crate) async fn tokens(house: &House, data: &[u8]) {
    let Ok(text) = from_utf8(data) else { return };
    let claims = text.starts_with('{').then(|| serde_json::from_str(text).ok()).flatten();
    let header = claims.as_ref().map_or(text.to_owned(), |it| format!("Bearer {}", signed(it)));
    if HeaderValue::from_str(&header).is_err() {
        return;
    }
    let answer = house.get("/v1/werklijst").with("authorization", header).await;
    assert!(answer.status < 500, "{text}: {}", answer.text());
    if answer.status != 401 {
        let claims = claims.expect("nobody signs by accident");
        let now = house.app.clock.now().timestamp();
        let meant = |key: &str, it: &str| {
            claims[key] == *it || claims[key].as_array().is_some_and(|all| all.contains(&it.into()))
        };
        let in_time = claims["exp"].as_f64().is_some_and(|it| it > now as f64);
        assert!(meant("iss", ISSUER) && meant("aud", AUDIENCE) && in_time, "{claims}");
        assert!(claims["sub"].is_string() && claims["organisatie"].is_string(), "{claims}");
    }
}

fn signed(claims: &Value) -> String {
    let key = EncodingKey::from_ed_der(&DEMO);
    let header = Header { kid: Some("demo".to_owned()), ..Header::new(Algorithm::EdDSA) };
    jsonwebtoken::encode(&header, claims, &key).unwrap()
}

/// The first line names a stream, each line after it holds an event.
pub(crate) fn events(data: &[u8]) {
    let Ok(text) = from_utf8(data) else { return };
    let Some((stream, bodies)) = text.split_once('\n') else { return };
    let read = |body: &str| store::log::decode(stream, store::log::SCHEMA, body).ok();
    let history: Vec<Event> = bodies.lines().filter_map(read).collect();
    let _contact = fact::of_contact(&told(&history));
    let _advice = fact::of_advice(&told::<Advice>(&history));
    let _melding = fact::of_melding(&told::<Melding>(&history));
    let case = told::<Case>(&history);
    let open = deadlines::open(&case);
    assert!(open.len() <= deadlines::of(&case).len());
    let _case = fact::of_case(&case);
    let _read = (told::<Person>(&history), told::<Look>(&history), told::<Contact>(&history));
}

/// What a history leads to. An event means the same when it is written and read again.
fn told<D: Decider>(history: &[Event]) -> D
where
    D::Event: TryFrom<Event>,
{
    let own = history.iter().filter_map(|it| D::Event::try_from(it.clone()).ok());
    own.fold(D::default(), |state, event| {
        let written = serde_json::to_string(&event).unwrap();
        let again: D::Event = serde_json::from_str(&written).unwrap();
        assert_eq!(serde_json::to_string(&again).unwrap(), written);
        state.evolve(&again)
    })
}

/// Each line tells of a person; all are compared with the first.
pub(crate) fn search(data: &[u8]) {
    let Ok(text) = from_utf8(data) else { return };
    let told = text.lines().take(8).filter_map(|it| serde_json::from_str::<Told>(it).ok());
    let cards: Vec<Card> = told.map(Card::from).collect();
    let Some(first) = cards.first() else { return };
    let query = Query::of(first);
    for card in &cards {
        let _found_by = matching::keys(card);
        let found = query.score(card);
        assert!(found.is_none_or(|it| it.score <= 100));
        let kept = serde_json::to_string(card).unwrap();
        let again: Card = serde_json::from_str(&kept).unwrap();
        assert_eq!(serde_json::to_string(&again).unwrap(), kept);
    }
}

/// Every line as everything that a short text from outside can be.
pub(crate) fn texts(data: &[u8]) {
    let Ok(text) = from_utf8(data) else { return };
    let _areas = Areas::with_additions(text);
    let on = NaiveDate::from_ymd_opt(2026, 6, 30).unwrap();
    for line in text.lines().take(32) {
        if let Ok(period) = line.parse::<Period>() {
            assert_eq!(period.to_string().parse(), Ok(period));
            assert!(!period.first_days().is_empty());
        }
        if let Ok(date) = line.parse::<PartialDate>() {
            let _age = (date.age_on(on), date.earliest(), date.latest());
            let kept = serde_json::to_string(&date).unwrap();
            assert_eq!(serde_json::from_str::<PartialDate>(&kept).unwrap(), date);
        }
        if let Ok(organisation) = line.parse::<Organisation>() {
            assert_eq!(organisation.as_str(), line);
        }
        if let Some(hash) = store::chain::unhex(line) {
            assert_eq!(store::chain::hex(&hash), line.to_lowercase());
        }
        let _number = line.parse::<Bsn>();
        let _municipality = domain::area::check_municipality(line, on);
        for list in List::ALL {
            let _code = codes::check(*list, line, on);
        }
    }
}
