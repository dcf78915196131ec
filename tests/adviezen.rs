//! `/v1/adviezen`: someone asks and stays responsible; nothing is recorded that identifies the family.

use crate::house::{House, id, stored};
use crate::told::{but, question};
use serde_json::json;
use sqlx::PgPool;

const ADVICE: &str = "/v1/adviezen/00000000-0000-0000-0000-000000000002";

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn an_advies_is_started_goes_on_and_is_closed(pool: PgPool) {
    let house = House::on("2026-06-30", &pool).await;
    house.put(ADVICE, &but(question(), "/contact", json!(id(1)))).await.is(201);
    let next = json!({ "op": "2026-06-30T09:00:00+02:00", "kanaal": "chat", "contact": id(3) });
    house.post(format!("{ADVICE}/contactmomenten"), &next).await.is(200);
    house.post(format!("{ADVICE}/afsluiting"), &json!({ "op": "2026-06-30" })).await.is(200);

    let file = house.get(ADVICE).await.is(200).json();
    assert_eq!(file["versie"], 3);
    assert_eq!(file["gestartOp"], "2026-06-29");
    assert_eq!(file["contact"], json!(id(1)));
    assert_eq!(file["vormen"], json!(["ouderenmishandeling"]));
    assert_eq!(file["afgeslotenOp"], "2026-06-30");

    let again = house.post(format!("{ADVICE}/contactmomenten"), &next).await.is(409);
    assert_eq!(again.json()["detail"], "dit advies is al afgesloten");
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn a_repeated_advies_gets_the_first_receipt_and_another_content_is_refused(pool: PgPool) {
    let house = House::on("2026-06-30", &pool).await;
    let first = house.put(ADVICE, &question()).await.is(201);
    let before = stored(&pool).await;
    assert_eq!(house.put(ADVICE, &question()).await.is(200).body, first.body);
    house.put(ADVICE, &but(question(), "/gemeente", "0114")).await.is(409);
    assert_eq!(stored(&pool).await, before);
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn a_correction_says_why_and_changes_only_what_it_names(pool: PgPool) {
    let mut house = House::on("2026-06-30", &pool).await;
    house.put(ADVICE, &question()).await.is(201);
    house.moves_to("2026-07-06");
    let path = format!("{ADVICE}/correcties");
    let nameless = json!({ "vormen": ["ex-partnergeweld"], "duur": "onbekend" });
    house.post(&path, &nameless).await.names(&[("/reden", "ontbreekt")]);
    let nothing = json!({ "reden": "invoerfout" });
    house.post(&path, &nothing).await.names(&[("", "er wordt niets gewijzigd")]);

    let correction = json!({ "reden": "invoerfout", "vormen": ["ex-partnergeweld"] });
    let first = house.post(&path, &correction).numbered(5).await.is(200);
    assert_eq!(house.post(&path, &correction).numbered(5).await.is(200).body, first.body);
    let file = house.get(ADVICE).await.json();
    assert_eq!(file["vormen"], json!(["ex-partnergeweld"]));
    assert_eq!(file["gemeente"], "0106");
    let then = house.get(format!("{ADVICE}?zoalsBekendOp=2026-07-05T00:00:00Z")).await.json();
    assert_eq!(then["vormen"], json!(["ouderenmishandeling"]));
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn what_identifies_the_family_has_no_place_in_an_advies(pool: PgPool) {
    let house = House::on("2026-06-30", &pool).await;
    for key in ["personen", "toelichting", "gegevens", "naam", "bsn"] {
        let told = but(question(), &format!("/{key}"), "iets");
        let at = format!("/{key}");
        house.put(ADVICE, &told).await.names(&[(at.as_str(), "hoort hier niet")]);
    }
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn a_correction_is_held_against_the_codes_of_the_day_that_it_is_about(pool: PgPool) {
    let house = House::on("2026-06-30", &pool).await;
    let old = but(question(), "/gestartOp", "2018-05-01");
    house.put(ADVICE, &old).await.is(201);
    let path = format!("{ADVICE}/correcties");
    let of_then = json!({ "reden": "invoerfout", "hoedanigheid": "wijkteam" });
    house.post(&path, &of_then).await.is(200);
    let of_now = json!({ "reden": "invoerfout", "vormen": ["stalking"] });
    house.post(&path, &of_now).await.names(&[("/vormen/0", "geldt niet op 2018-05-01")]);
}
