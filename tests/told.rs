//! What people tell, as bodies of requests. All of them are fictional; numbers are from the range for tests.

use crate::answer::Answer;
use crate::house::{House, id};
use serde_json::{Value, json};

pub(crate) const WOMAN: u128 = 0x10;
pub(crate) const MAN: u128 = 0x11;

pub(crate) fn call() -> Value {
    json!({ "kanaal": "landelijk-nummer", "ontvangenOp": "2026-06-29T10:15:00+02:00" })
}

pub(crate) fn question() -> Value {
    json!({
        "gestartOp": "2026-06-29", "kanaal": "landelijk-nummer", "hoedanigheid": "buurtbewoner",
        "organisatie": "niet-van-toepassing", "gemeente": "0106", "vormen": ["ouderenmishandeling"],
    })
}

pub(crate) fn person(number: u128, role: &str, sex: &str) -> Value {
    json!({ "id": id(number), "rollen": [role], "geslacht": sex })
}

/// A melding about a woman who is hurt by the man she lives with.
pub(crate) fn melding(on: &str) -> Value {
    about(on, WOMAN, MAN)
}

pub(crate) fn about(on: &str, victim: u128, perpetrator: u128) -> Value {
    json!({
        "ontvangenOp": on, "kanaal": "regionaal-nummer", "melder": { "hoedanigheid": "huisarts" },
        "gemeente": "0106", "acuutGevaar": "nee",
        "personen": [person(victim, "slachtoffer", "vrouw"), person(perpetrator, "pleger", "man")],
        "relaties": [{
            "slachtoffer": id(victim), "pleger": id(perpetrator), "relatie": "ongehuwde-partner-samenwonend",
            "vormen": ["huiselijk-geweld-overig"],
        }],
    })
}

/// The same with another value at a place (JSON pointer); a key that is new there is added.
pub(crate) fn but(mut told: Value, at: &str, value: impl Into<Value>) -> Value {
    let (within, key) = at.rsplit_once('/').unwrap();
    let within = told.pointer_mut(within).unwrap();
    match within {
        Value::Array(all) => all[key.parse::<usize>().unwrap()] = value.into(),
        other => other[key] = value.into(),
    }
    told
}

pub(crate) fn without(mut told: Value, key: &str) -> Value {
    told.as_object_mut().unwrap().remove(key).unwrap();
    told
}

pub(crate) async fn receive_melding(house: &House, number: u128, told: &Value) -> Answer {
    house.put(format!("/v1/meldingen/{}", id(number)), told).await.is(201)
}

pub(crate) async fn assess(house: &House, number: u128, on: &str, follow_up: &str) -> Answer {
    let decision = json!({ "op": on, "uitkomst": follow_up });
    let path = format!("/v1/meldingen/{}/veiligheidsbeoordelingen", id(number));
    house.post(path, &decision).await.is(200)
}
