//! `/v1/verzoeken` of which destruction is asked: the person can be read no more, the others can; and what of the words about a household.

use crate::house::{House, id};
use crate::steps::at;
use crate::told::{MAN, WOMAN, about, assess, but, melding, person, receive_melding};
use crate::verzoeken::request;
use domain::decider::Stamp;
use domain::erasure::Ground;
use domain::id::Id;
use serde_json::{Value, json};
use server::clock::random_id;
use sqlx::PgPool;
use uuid::Uuid;

const CASE: u128 = 0xCA5E;
const HER_NAME: &str = "Roodborst";
const HIS_NAME: &str = "Sperwer";
const TEXT: &str = "Er was geschreeuw te horen.";

fn to(step: &str) -> String {
    format!("/v1/verzoeken/{}{step}", id(1))
}

async fn house(pool: &PgPool) -> House {
    let house = House::on("2026-06-30", pool).await;
    let named = |number, role, sex, name: &str| {
        but(person(number, role, sex), "/gegevens", json!({ "achternaam": name }))
    };
    let people = json!([
        named(WOMAN, "slachtoffer", "vrouw", HER_NAME),
        named(MAN, "pleger", "man", HIS_NAME)
    ]);
    let told = but(but(melding("2026-06-29"), "/personen", people), "/toelichting", TEXT);
    receive_melding(&house, CASE, &told).await;
    assess(&house, CASE, "2026-06-29", "vervolgstappen-bij-veilig-thuis").await;
    let opened = json!({ "geopendOp": "2026-06-29", "meldingen": [id(CASE)] });
    house.put(format!("/v1/casussen/{}", id(CASE)), &opened).await.is(201);
    let asked = but(but(request(0), "/soort", "vernietiging"), "/casus", json!(id(CASE)));
    house.put(to(""), &but(asked, "/tekst", "Haal mij eruit.")).await.is(201);
    house
}

fn granted(texts: Value) -> Value {
    let granted = json!({ "op": "2026-06-30", "uitkomst": "toegewezen", "toelichting": "Er is niets gevonden." });
    if texts.is_null() { granted } else { but(granted, "/teksten", texts) }
}

async fn told(house: &House) -> String {
    house.get(format!("/v1/meldingen/{}", id(CASE))).await.is(200).text()
}

/// Wmo 2015 art. 5.3.5: another person in the same file stays readable.
#[sqlx::test(migrator = "store::MIGRATOR")]
async fn who_was_granted_destruction_is_read_by_nobody_from_the_decision_on_and_the_others_are(
    pool: PgPool,
) {
    let house = house(&pool).await;
    let number = 0xDECDE;
    let body = granted(Value::Null);
    house.post(to("/besluit"), &body).numbered(number).await.is(200);
    let now = told(&house).await;
    assert!(!now.contains(HER_NAME) && now.contains(HIS_NAME) && now.contains(TEXT), "{now}");
    let early = house.post(to("/uitvoering"), &json!({ "op": "2026-06-30" })).await.is(409);
    assert!(early.text().contains("nog niet voltooid"), "{}", early.text());
    assert_eq!(house.app.store.erase_all().await.unwrap().len(), 1);
    // The same decision again orders nothing again.
    house.post(to("/besluit"), &body).numbered(number).await.is(200);
    assert!(house.app.store.erase_all().await.unwrap().is_empty());
    house.post(to("/uitvoering"), &json!({ "op": "2026-06-30" })).await.is(200);
    house
        .post(to("/bekendmaking"), &json!({ "op": "2026-06-30", "wijze": "schriftelijk" }))
        .await
        .is(200);
    let it = house.get(to("")).await.is(200).json();
    assert_eq!((&it["binnenTermijn"], &it["tekst"]), (&json!(true), &Value::Null));
    assert_eq!(it["toelichtingen"], json!([]));
    let waits = house.get("/v1/werklijst?soort=verzoek-vernietiging").await.json();
    assert_eq!(waits["aantal"], 0);
}

/// Wmo 2015 art. 5.3.5: what was written about a household goes when the decision says so, or when nobody else is in the file.
#[sqlx::test(migrator = "store::MIGRATOR")]
async fn the_words_about_a_household_go_when_the_decision_says_so(pool: PgPool) {
    let house = house(&pool).await;
    let texts = json!([{ "dossier": id(CASE), "vernietigen": true }]);
    house.post(to("/besluit"), &granted(texts)).await.is(200);
    let now = told(&house).await;
    assert!(!now.contains(HER_NAME) && now.contains(HIS_NAME) && !now.contains(TEXT), "{now}");
}

/// The same of a casus that she came into without a melding.
#[sqlx::test(migrator = "store::MIGRATOR")]
async fn the_words_in_a_casus_in_which_nobody_else_occurs_go_with_her(pool: PgPool) {
    let house = house(&pool).await;
    let (alone, with_him, words) = (0x30, 0x31, "Verzonnen woorden over wie hier wonen.");
    for (case, people) in [(alone, vec![WOMAN]), (with_him, vec![WOMAN, MAN])] {
        let opened = json!({ "geopendOp": "2026-06-29" });
        house.put(format!("/v1/casussen/{}", id(case)), &opened).await.is(201);
        for person in people {
            let told =
                json!({ "persoon": id(person), "rollen": ["getuige"], "vanaf": "2026-06-29" });
            house.post(at(case, "betrokkenen"), &told).await.is(200);
        }
        let restricted = json!({
            "op": "2026-06-30", "reden": "anders", "medewerkers": [House::worker()], "toelichting": words,
        });
        house.post(at(case, "afscherming"), &restricted).await.is(200);
    }
    house.post(to("/besluit"), &granted(Value::Null)).await.is(200);
    let told = |case| house.get(format!("/v1/casussen/{}", id(case)));
    assert!(!told(alone).await.is(200).text().contains(words));
    assert!(told(with_him).await.is(200).text().contains(words));
}

/// A number that is mistyped destroys nothing of another family.
#[sqlx::test(migrator = "store::MIGRATOR")]
async fn the_words_about_a_household_in_which_she_does_not_occur_are_not_hers_to_destroy(
    pool: PgPool,
) {
    let house = house(&pool).await;
    let other = but(about("2026-06-29", 0x20, 0x21), "/toelichting", TEXT);
    receive_melding(&house, 0x22, &other).await;
    let texts = json!([
        { "dossier": id(CASE), "vernietigen": true }, { "dossier": id(0x22), "vernietigen": true },
        { "dossier": id(0x23), "vernietigen": false },
    ]);
    let refused = house.post(to("/besluit"), &granted(texts)).await;
    let why = "komt in dit dossier niet voor";
    refused.names(&[("/teksten/1/dossier", why), ("/teksten/2/dossier", why)]);
    assert!(house.app.store.erase_all().await.unwrap().is_empty());
    assert!(told(&house).await.contains(TEXT));
}

/// Wmo 2015 art. 5.3.5: considerable interest of another.
#[sqlx::test(migrator = "store::MIGRATOR")]
async fn what_was_refused_is_not_destroyed(pool: PgPool) {
    let house = house(&pool).await;
    let refused =
        json!({ "op": "2026-06-30", "uitkomst": "geweigerd", "gronden": ["belang-ander"] });
    house.post(to("/besluit"), &refused).await.is(200);
    assert!(house.app.store.erase_all().await.unwrap().is_empty());
    assert!(told(&house).await.contains(HER_NAME));
    house.post(to("/uitvoering"), &json!({ "op": "2026-06-30" })).await.is(409);
}

/// Wmo 2015 art. 5.3.5: keeping is of considerable interest to another, or law forbids. Looked at before the first step.
#[sqlx::test(migrator = "store::MIGRATOR")]
async fn of_a_casus_that_must_be_kept_nobody_is_destroyed_and_the_refusal_says_what_holds_it(
    pool: PgPool,
) {
    let house = house(&pool).await;
    let hold = json!({ "op": "2026-06-30", "reden": "strafzaak", "totEnMet": "2026-12-31" });
    house.post(at(CASE, "bewaring"), &hold).await.is(200);
    let refused = house.post(to("/besluit"), &granted(Value::Null)).await.is(409).text();
    for words in [id(CASE).to_string().as_str(), "een strafzaak", "tot en met 2026-12-31"] {
        assert!(refused.contains(words), "{words}: {refused}");
    }
    let it = house.get(to("")).await.is(200).json();
    assert_eq!(it["besluit"], Value::Null, "nothing was decided: {it}");
    assert!(told(&house).await.contains(HER_NAME));
    // Nor by whoever goes round the request.
    let (her, him) = (id(WOMAN), id(MAN));
    for subjects in [vec![her], vec![him, her], vec![id(CASE)]] {
        assert!(ordered(&house, subjects).await.is_err());
    }
    // A refusal may be decided; and when the hold is lifted what was asked may be granted.
    let lifted = json!({ "op": "2026-06-30", "reden": "strafzaak" });
    house.post(at(CASE, "bewaring/opheffing"), &lifted).await.is(200);
    house.post(to("/besluit"), &granted(Value::Null)).await.is(200);
    assert!(!told(&house).await.contains(HER_NAME));
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn a_hold_that_has_passed_holds_nothing(pool: PgPool) {
    let mut house = house(&pool).await;
    let hold = json!({ "op": "2026-06-30", "reden": "strafzaak", "totEnMet": "2026-06-30" });
    house.post(at(CASE, "bewaring"), &hold).await.is(200);
    assert!(ordered(&house, vec![id(MAN)]).await.is_err(), "its last day still counts");
    house.moves_to("2026-07-01");
    ordered(&house, vec![id(MAN)]).await.unwrap();
}

/// Orders an erasure as the program does, past the request.
async fn ordered(house: &House, subjects: Vec<Uuid>) -> Result<(), String> {
    let at = house.app.clock.now();
    let (organisation, by, today) = ("VT02".parse().unwrap(), House::worker(), at.date_naive());
    let stamp = Stamp { organisation, by, at, today, key: random_id() };
    let order =
        house.app.store.order_erasure(Id::new(random_id()), subjects, Ground::Retention, &stamp);
    order.await.map(drop).map_err(|why| why.to_string())
}
