//! `/v1/contacten`: someone reaches us; how it ended.

use crate::house::{House, id, stored};
use crate::told::{but, call};
use domain::access::Role;
use serde_json::json;
use sqlx::PgPool;

const CALL: &str = "/v1/contacten/00000000-0000-0000-0000-000000000001";

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn a_contact_that_was_received_can_be_read_at_once(pool: PgPool) {
    let house = House::on("2026-06-30", &pool).await;
    let receipt = house.put(CALL, &call()).by(Role::Telephony).await.is(201);
    assert_eq!(receipt.header("etag"), Some("\"1\""));
    let proof = &receipt.json()["bewijs"];
    assert_eq!(proof["organisatie"], "VT02");
    assert_eq!(proof["positie"], 1);
    assert_eq!(proof["keten"].as_str().unwrap().len(), 64);
    assert_eq!(proof["vastgelegdOp"], "2026-06-30T12:00:00Z");

    let file = house.get(CALL).await.is(200);
    assert_eq!(file.header("etag"), Some("\"1\""));
    let file = file.json();
    assert_eq!(file["id"], json!(id(1)));
    assert_eq!(file["kanaal"], "landelijk-nummer");
    assert_eq!(file["ontvangenOp"], "2026-06-29T08:15:00Z");
    assert_eq!(file["uitkomst"], json!(null));
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn a_time_that_is_not_known_is_a_date(pool: PgPool) {
    let house = House::on("2026-06-30", &pool).await;
    house.put(CALL, &but(call(), "/ontvangenOp", "2026-06-29")).await.is(201);
    assert_eq!(house.get(CALL).await.is(200).json()["ontvangenOp"], "2026-06-29");
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn a_repeated_contact_gets_the_first_receipt_also_later(pool: PgPool) {
    let mut house = House::on("2026-06-30", &pool).await;
    let first = house.put(CALL, &call()).await.is(201);
    house.moves_to("2026-07-02");
    house.post(format!("{CALL}/afronding"), &json!({ "uitkomst": "geen-gesprek" })).await.is(200);
    let before = stored(&pool).await;
    let again = house.put(CALL, &call()).await.is(200);
    assert_eq!(again.body, first.body);
    assert_eq!(stored(&pool).await, before);
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn the_same_id_with_another_content_is_refused(pool: PgPool) {
    let house = House::on("2026-06-30", &pool).await;
    house.put(CALL, &call()).await.is(201);
    let before = stored(&pool).await;
    let other = house.put(CALL, &but(call(), "/kanaal", "chat")).await.is(409);
    assert_eq!(other.json()["title"], "Dit nummer is al gebruikt");
    assert_eq!(stored(&pool).await, before);
    assert_eq!(house.get(CALL).await.json()["kanaal"], "landelijk-nummer");
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn a_silent_call_ends_once(pool: PgPool) {
    let house = House::on("2026-06-30", &pool).await;
    house.put(CALL, &call()).await.is(201);
    let ended = json!({ "uitkomst": "geen-gesprek" });
    let ending = format!("{CALL}/afronding");
    assert_eq!(house.post(&ending, &ended).await.is(200).json()["versie"], 2);
    assert_eq!(house.get(CALL).await.json()["uitkomst"], "geen-gesprek");
    let twice = house.post(&ending, &ended).await.is(409);
    assert_eq!(twice.json()["detail"], "dit contact is al afgerond");
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn an_action_has_a_number_and_a_repetition_the_same(pool: PgPool) {
    let house = House::on("2026-06-30", &pool).await;
    house.put(CALL, &call()).await.is(201);
    let ending = format!("{CALL}/afronding");
    let ended = json!({ "uitkomst": "advies", "leiddeTot": id(2) });
    let nameless = house.post(&ending, &ended).without("idempotency-key").await;
    nameless.names(&[("Idempotency-Key", "een eigen UUID")]);
    let wrong = house.post(&ending, &ended).with("idempotency-key", "7").await;
    wrong.names(&[("Idempotency-Key", "een eigen UUID")]);

    let first = house.post(&ending, &ended).numbered(7).await.is(200);
    let again = house.post(&ending, &ended).numbered(7).await.is(200);
    assert_eq!(again.body, first.body);
    let other = json!({ "uitkomst": "melding" });
    house.post(&ending, &other).numbered(7).await.is(409);
    assert_eq!(house.get(CALL).await.json()["versie"], 2);
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn whoever_decided_on_an_old_reading_is_told_that_somebody_was_first(pool: PgPool) {
    let house = House::on("2026-06-30", &pool).await;
    house.put(CALL, &call()).await.is(201);
    let ending = format!("{CALL}/afronding");
    let ended = json!({ "uitkomst": "geen-gesprek" });
    let old = house.post(&ending, &ended).with("if-match", "\"9\"").await.is(412);
    assert_eq!(old.json()["title"], "Iemand was u voor");
    let wrong = house.post(&ending, &ended).with("if-match", "gisteren").await;
    wrong.names(&[("If-Match", "de ETag van de laatste lezing")]);
    assert_eq!(house.get(CALL).await.json()["versie"], 1);

    let read = house.get(CALL).await;
    let seen = read.header("etag").unwrap();
    house.post(&ending, &ended).with("if-match", seen).await.is(200);
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn a_contact_is_shown_as_it_was_known_then(pool: PgPool) {
    let mut house = House::on("2026-06-30", &pool).await;
    house.put(CALL, &call()).await.is(201);
    house.moves_to("2026-07-02");
    house.post(format!("{CALL}/afronding"), &json!({ "uitkomst": "advies" })).await.is(200);
    let then = house.get(format!("{CALL}?zoalsBekendOp=2026-07-01")).await.is(200);
    assert_eq!(then.json()["uitkomst"], json!(null));
    assert_eq!(then.header("etag"), Some("\"1\""));
    house.get(format!("{CALL}?zoalsBekendOp=2026-06-30")).await.is(404);
    assert_eq!(house.get(CALL).await.json()["uitkomst"], "advies");
}
