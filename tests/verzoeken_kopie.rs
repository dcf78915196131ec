//! `/v1/verzoeken/{id}/kopie`: what one person sees of a family file, and what is left out of it.

use crate::house::{House, id};
use crate::steps::{at, take};
use crate::told::{MAN, WOMAN, assess, but, melding, person, receive_melding};
use crate::verzoeken::request;
use serde_json::{Value, json};
use sqlx::PgPool;

const CASE: u128 = 0xCA5E;
const CALL: u128 = 0xCA11;
/// Strings that occur nowhere else.
const HER_NAME: &str = "Roodborst";
const HIS_NAME: &str = "Sperwer";
const MELDER: &str = "Doktersmarker";
const READ: &str = "Zij vertelde over haar buurvrouw Merelmarker.";
const WORDS: &str = "Zo is het voor mij gegaan.";

fn to(number: u128, step: &str) -> String {
    format!("/v1/verzoeken/{}{step}", id(number))
}

fn asks(number: u128, kind: &str) -> Value {
    let asked = but(but(request(0), "/soort", kind), "/casus", json!(id(CASE)));
    but(asked, "/persoon", json!(id(number)))
}

/// A casus of two people with a hidden melder, a measure on the man, and a complaint.
async fn house(pool: &PgPool) -> House {
    let house = House::on("2026-06-30", pool).await;
    let call = json!({ "kanaal": "chat", "ontvangenOp": "2026-06-29" });
    house.put(format!("/v1/contacten/{}", id(CALL)), &call).await.is(201);
    let named = |number, role, sex, name: &str| {
        but(
            person(number, role, sex),
            "/gegevens",
            json!({ "achternaam": name, "telefoon": "0880000000" }),
        )
    };
    let people = json!([
        named(WOMAN, "slachtoffer", "vrouw", HER_NAME),
        named(MAN, "pleger", "man", HIS_NAME)
    ]);
    let told = but(but(melding("2026-06-29"), "/personen", people), "/contact", json!(id(CALL)));
    let told = but(told, "/melder/gegevens", json!({ "naam": MELDER }));
    receive_melding(&house, CASE, &but(told, "/toelichting", READ)).await;
    assess(&house, CASE, "2026-06-29", "vervolgstappen-bij-veilig-thuis").await;
    let opened = json!({ "geopendOp": "2026-06-29", "meldingen": [id(CASE)] });
    house.put(format!("/v1/casussen/{}", id(CASE)), &opened).await.is(201);
    for (number, role) in [(WOMAN, "slachtoffer"), (MAN, "pleger")] {
        let told = json!({ "persoon": id(number), "rollen": [role], "vanaf": "2026-06-29" });
        house.post(at(CASE, "betrokkenen"), &told).await.is(200);
    }
    for name in ["toewijzingen", "maatregelen", "informeren", "voorvallen"] {
        take(&house, name, CASE).await;
    }
    house
}

async fn draft(house: &House, number: u128) -> Vec<Value> {
    house.post(to(number, "/kopie"), &json!({ "op": "2026-06-30" })).await.is(200);
    let read = house.get(to(number, "/kopie/afweging")).await.is(200).json();
    read["onderdelen"].as_array().unwrap().clone()
}

/// Everything that was to be read is masked for the privacy of another, but for these words.
async fn weigh(house: &House, number: u128, items: &[Value], shown: &str) {
    let undecided = items.iter().filter(|it| it["afweging"] == "te-beoordelen");
    let weighed: Vec<Value> = undecided
        .map(|it| {
            let harmless = !shown.is_empty() && it.to_string().contains(shown);
            let (mark, why) =
                if harmless { ("tonen", "gezin") } else { ("afschermen", "privacy-ander") };
            json!({ "onderdeel": it["onderdeel"], "afweging": mark, "reden": why })
        })
        .collect();
    assert!(!weighed.is_empty());
    let body = json!({ "op": "2026-06-30", "onderdelen": weighed });
    house.post(to(number, "/kopie/afweging"), &body).await.is(200);
}

async fn fix(house: &House, number: u128) {
    house.post(to(number, "/kopie/vaststelling"), &json!({ "op": "2026-06-30" })).await.is(200);
}

/// Wmo 2015 art. 5.3.2; Uitvoeringsbesluit Wmo 2015 art. 4.1.8 lid 3.
#[sqlx::test(migrator = "store::MIGRATOR")]
async fn one_sees_oneself_and_the_household_and_not_the_others_the_melder_or_the_workers(
    pool: PgPool,
) {
    let house = house(&pool).await;
    house.put(to(1, ""), &asks(WOMAN, "inzage")).await.is(201);
    house.get(to(1, "/kopie")).await.is(404);
    let items = draft(&house, 1).await;
    let early = house.get(to(1, "/kopie")).await.is(409);
    assert!(early.text().contains("nog niet vastgesteld"));
    let refused =
        house.post(to(1, "/kopie/vaststelling"), &json!({ "op": "2026-06-30" })).await.is(409);
    assert!(refused.text().contains("onderdelen zijn nog niet beoordeeld"), "{}", refused.text());
    weigh(&house, 1, &items, "").await;
    fix(&house, 1).await;
    for format in ["json", "html", "tekst"] {
        let copy = house.get(to(1, &format!("/kopie?formaat={format}"))).await.is(200).text();
        assert!(copy.contains(HER_NAME) && copy.contains("vastgesteld"), "{format}: {copy}");
        let worker = House::worker().to_string();
        let ids = [id(WOMAN), id(MAN), id(CASE), id(CALL)].map(|it| it.to_string());
        for hidden in
            [HIS_NAME, MELDER, READ, "Huisarts", "Chat", "huisverbod", "klacht vastgelegd", &worker]
        {
            assert!(!copy.contains(hidden), "{format} shows {hidden}: {copy}");
        }
        for number in ids.iter().filter(|_| format != "json") {
            assert!(!copy.contains(number), "{format} shows {number}");
        }
    }
    let read = house.get(to(1, "/kopie")).await.json();
    assert!(read["nietGetoond"]["Van wie de gegevens komen"].as_u64().unwrap() >= 2, "{read}");
    assert_eq!(read["stand"]["keten"].as_str().unwrap().len(), 64);
    // He sees himself, and what was done to him.
    house.put(to(2, ""), &asks(MAN, "inzage")).await.is(201);
    let items = draft(&house, 2).await;
    weigh(&house, 2, &items, "").await;
    fix(&house, 2).await;
    let his = house.get(to(2, "/kopie?formaat=tekst")).await.text();
    assert!(his.contains(HIS_NAME) && his.contains("huisverbod"), "{his}");
    assert!(!his.contains(HER_NAME) && !his.contains(MELDER), "{his}");
}

/// What was given can be shown again, word for word, whatever was recorded since.
#[sqlx::test(migrator = "store::MIGRATOR")]
async fn a_copy_that_was_fixed_is_the_same_whenever_it_is_read(pool: PgPool) {
    let mut house = house(&pool).await;
    let statement = but(asks(WOMAN, "eigen-verklaring"), "/tekst", WORDS);
    house.put(to(9, ""), &statement).await.is(201);
    let granted = json!({ "op": "2026-06-30", "uitkomst": "toegewezen" });
    house.post(to(9, "/besluit"), &granted).await.is(200);
    house.post(to(9, "/uitvoering"), &json!({ "op": "2026-06-30" })).await.is(200);
    house.put(to(1, ""), &asks(WOMAN, "inzage")).await.is(201);
    let items = draft(&house, 1).await;
    weigh(&house, 1, &items, READ).await;
    let consent = |reason: &str, number: &Value| json!({ "op": "2026-06-30", "onderdelen": [{ "onderdeel": number, "afweging": "tonen", "reden": reason }] });
    let origin = items.iter().find(|it| it["reden"] == "herkomst").unwrap()["onderdeel"].clone();
    house
        .post(to(1, "/kopie/afweging"), &consent("al-bekend", &origin))
        .await
        .names(&[("/onderdelen", "alleen getoond als de melder daarmee instemt")]);
    fix(&house, 1).await;
    let late =
        house.post(to(1, "/kopie/afweging"), &consent("toestemming-melder", &origin)).await.is(409);
    assert!(late.text().contains("al vastgesteld"));
    let formats = ["json", "html", "tekst"];
    let mut given = Vec::new();
    for format in formats {
        given.push(house.get(to(1, &format!("/kopie?formaat={format}"))).await.is(200).text());
    }
    assert!(given[2].contains(READ) && given[2].contains(WORDS), "{}", given[2]);
    house.moves_to("2026-07-20");
    take(&house, "kennisgevingen", CASE).await;
    let correction = json!({ "reden": "verkeerde-gemeente", "gemeente": "0114" });
    house.post(format!("/v1/meldingen/{}/correcties", id(CASE)), &correction).await.is(200);
    for (format, given) in formats.iter().zip(&given) {
        let now = house.get(to(1, &format!("/kopie?formaat={format}"))).await.is(200).text();
        assert_eq!(&now, given, "{format}");
    }
    if let Ok(folder) = std::env::var("MELDBOEK_KOPIE") {
        std::fs::write(format!("{folder}/kopie.html"), &given[1]).unwrap();
    }
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn every_fault_of_a_copy_is_named(pool: PgPool) {
    let house = house(&pool).await;
    house.put(to(1, ""), &asks(WOMAN, "inzage")).await.is(201);
    let other = json!({ "op": "2026-07-01", "casus": id(7) });
    house.post(to(1, "/kopie"), &other).await.names(&[("/casus", "over een andere casus")]);
    house.put(to(2, ""), &request(0)).await.is(201);
    house
        .post(to(2, "/kopie"), &json!({ "op": "2026-06-30" }))
        .await
        .names(&[("/casus", "noemt geen casus")]);
    let nowhere = json!({ "op": "2026-06-30", "casus": id(7) });
    house.post(to(2, "/kopie"), &nowhere).await.names(&[("/casus", "deze casus is er niet")]);
    house
        .put(format!("/v1/casussen/{}", id(7)), &json!({ "geopendOp": "2026-06-29" }))
        .await
        .is(201);
    let elsewhere = house.post(to(2, "/kopie"), &nowhere).await;
    elsewhere.names(&[("/casus", "deze persoon komt in deze casus niet voor")]);
    let weigh = to(1, "/kopie/afweging");
    let first = json!({ "onderdeel": 1, "afweging": "afschermen", "reden": "privacy-ander" });
    let one = json!({ "op": "2026-06-30", "onderdelen": [first] });
    let none = house.post(&weigh, &one).await.is(409);
    assert!(none.text().contains("nog geen afscherming opgesteld"));
    draft(&house, 1).await;
    let wrong = json!({ "op": "2026-06-30", "onderdelen": [
        { "onderdeel": 0, "afweging": "weglaten", "reden": "daarom" }, { "onderdeel": 1 },
    ] });
    house.post(&weigh, &wrong).await.names(&[
        ("/onderdelen/0/afweging", "staat niet in de codelijst"),
        ("/onderdelen/0/onderdeel", "kleiner dan 1"),
        ("/onderdelen/0/reden", "staat niet in de codelijst"),
        ("/onderdelen/1/afweging", "ontbreekt"),
        ("/onderdelen/1/reden", "ontbreekt"),
    ]);
    let both = json!({ "op": "2026-06-30", "onderdelen": [
        { "onderdeel": 999, "afweging": "afschermen", "reden": "privacy-ander" },
        { "onderdeel": 1, "afweging": "afschermen", "reden": "gezin" },
    ] });
    house.post(&weigh, &both).await.names(&[
        ("/onderdelen", "onderdeel 1: dit is geen reden voor afschermen"),
        ("/onderdelen", "onderdeel 999 is er niet"),
    ]);
    house
        .get(to(1, "/kopie?formaat=pdf"))
        .await
        .names(&[("formaat", "kies uit: json, html, tekst")]);
    house.put(to(3, ""), &but(asks(WOMAN, "correctie"), "/tekst", "Nee.")).await.is(201);
    let no_copy = house.post(to(3, "/kopie"), &json!({ "op": "2026-06-30" })).await.is(409);
    assert!(no_copy.text().contains("hoort bij een verzoek om inzage"));
}

/// Whom a criminal case is about for which a casus is kept, only a reader can see; shown, it is told in words.
#[sqlx::test(migrator = "store::MIGRATOR")]
async fn why_a_casus_must_be_kept_is_shown_when_a_reader_says_so(pool: PgPool) {
    let house = house(&pool).await;
    take(&house, "bewaring", CASE).await;
    house.put(to(1, ""), &asks(WOMAN, "inzage")).await.is(201);
    let items = draft(&house, 1).await;
    let hold = items.iter().find(|it| it.to_string().contains("De casus moet bewaard blijven"));
    assert_eq!(hold.unwrap()["afweging"], "te-beoordelen", "{items:?}");
    weigh(&house, 1, &items, "bewaard blijven").await;
    fix(&house, 1).await;
    let copy = house.get(to(1, "/kopie?formaat=tekst")).await.is(200).text();
    for words in ["De casus moet bewaard blijven", "Een schadeclaim", "Tot en met"] {
        assert!(copy.contains(words), "{words}: {copy}");
    }
}
