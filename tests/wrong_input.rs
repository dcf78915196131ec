//! Whatever is wrong with a request is named in Dutch, all of it at once, and nothing is stored.

use crate::house::{House, id, stored};
use crate::told::{MAN, WOMAN, but, call, melding, person, question, receive_melding, without};
use serde_json::{Value, json};
use sqlx::PgPool;

/// Where something is wrong, and words that say what.
type Faults<'a> = Vec<(&'a str, &'a str)>;

/// A house in which there is one of everything, all with id 1.
async fn house(pool: &PgPool) -> House {
    let house = House::on("2026-06-30", pool).await;
    house.put(at("contacten", ""), &call()).await.is(201);
    house.put(at("adviezen", ""), &question()).await.is(201);
    receive_melding(&house, 1, &melding("2026-06-29")).await;
    house.put(at("casussen", ""), &json!({ "geopendOp": "2026-06-29" })).await.is(201);
    house.put(at("personen", ""), &json!({ "geslacht": "man" })).await.is(201);
    house
}

fn at(noun: &str, action: &str) -> String {
    format!("/v1/{noun}/{}{action}", id(1))
}

fn new(noun: &str) -> String {
    format!("/v1/{noun}/{}", id(2))
}

/// Sends what is wrong to where things come into being, and then looks whether anything was left behind.
async fn refused(pool: &PgPool, noun: &str, wrong: Vec<(Value, Faults<'_>)>) {
    let house = house(pool).await;
    let before = stored(pool).await;
    for (body, faults) in wrong {
        house.put(new(noun), &body).await.names(&faults);
    }
    assert_eq!(stored(pool).await, before);
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn every_fault_of_a_contact_is_named(pool: PgPool) {
    let unknown_code = "'postduif' staat niet in de codelijst kanaal";
    let wrong: Vec<(Value, Faults<'_>)> = vec![
        (json!({}), vec![("/kanaal", "ontbreekt"), ("/ontvangenOp", "ontbreekt")]),
        (but(call(), "/kanaal", "postduif"), vec![("/kanaal", unknown_code)]),
        (but(call(), "/kanaal", 7), vec![("/kanaal", "verkeerde soort")]),
        (but(call(), "/kanaal", json!(null)), vec![("/kanaal", "verkeerde soort")]),
        (but(call(), "/ontvangenOp", "2026-07-01"), vec![("/ontvangenOp", "ligt in de toekomst")]),
        (
            but(call(), "/ontvangenOp", "2026-06-30T12:01:00Z"),
            vec![("/ontvangenOp", "ligt in de toekomst")],
        ),
        (but(call(), "/ontvangenOp", "2014-12-31"), vec![("/ontvangenOp", "voor 1 januari 2015")]),
        (
            but(call(), "/ontvangenOp", "2026-02-30"),
            vec![("/ontvangenOp", "geen datum of tijdstip")],
        ),
        (
            but(call(), "/ontvangenOp", "2026-06-29T10:15:00"),
            vec![("/ontvangenOp", "geen datum of tijdstip")],
        ),
        (
            but(call(), "/beantwoordOp", "2026-06-29T08:14:59Z"),
            vec![("/beantwoordOp", "voor de ontvangst")],
        ),
        (but(call(), "/oproepId", "0880000000"), vec![("/oproepId", "geen UUID")]),
        (but(call(), "/naam", "Testpersoon"), vec![("/naam", "hoort hier niet")]),
        (
            json!({ "kanaal": "postduif", "ontvangenOp": "2026-07-01", "oproepId": 1 }),
            vec![
                ("/kanaal", unknown_code),
                ("/ontvangenOp", "toekomst"),
                ("/oproepId", "verkeerde soort"),
            ],
        ),
    ];
    refused(&pool, "contacten", wrong).await;
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn every_fault_of_an_advies_is_named(pool: PgPool) {
    let wrong: Vec<(Value, Faults<'_>)> = vec![
        (
            but(question(), "/hoedanigheid", "wijkteam"),
            vec![("/hoedanigheid", "geldt niet op 2026-06-29")],
        ),
        (
            but(but(question(), "/gestartOp", "2025-12-31"), "/vormen/0", "stalking"),
            vec![("/vormen/0", "geldt niet op 2025-12-31")],
        ),
        (
            but(question(), "/vormen", json!([])),
            vec![("/vormen", "geen enkele vorm"), ("/vormen", "minder dan 1")],
        ),
        (
            but(question(), "/vormen", json!(["stalking", "stalking"])),
            vec![("/vormen", "een waarde twee keer")],
        ),
        (
            but(question(), "/gemeente", "9999"),
            vec![("/gemeente", "geen Nederlandse gemeentecode")],
        ),
        (
            but(question(), "/gemeente", "0003"),
            vec![("/gemeente", "gemeente 0003 bestond niet op")],
        ),
        (
            but(question(), "/gemeente", "Assen"),
            vec![("/gemeente", "geen Nederlandse gemeentecode")],
        ),
        (without(question(), "hoedanigheid"), vec![("/hoedanigheid", "ontbreekt")]),
    ];
    refused(&pool, "adviezen", wrong).await;
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn every_fault_of_a_melding_is_named(pool: PgPool) {
    let told = || melding("2026-06-29");
    let (elder, parent) = (json!(["ouderenmishandeling"]), json!(["geweld-tegen-ouders"]));
    let aged = |age| but(told(), "/personen/0/leeftijd", age);
    let twice = told()["relaties"][0].clone();
    let stranger = format!("persoon {} staat niet bij de personen", id(99));
    let person_twice = format!("persoon {} staat er twee keer in", id(WOMAN));
    let same = format!("dezelfde persoon: {}", id(WOMAN));
    let no_victim = format!("{} staat in een relatie als slachtoffer", id(WOMAN));
    let people = json!([person(WOMAN, "slachtoffer", "vrouw"), person(WOMAN, "pleger", "man")]);
    let wrong: Vec<(Value, Faults<'_>)> = vec![
        (but(told(), "/relaties/0/pleger", json!(id(99))), vec![("/relaties", &stranger)]),
        (
            but(told(), "/relaties/0/pleger", json!(id(WOMAN))),
            vec![("/relaties", "heeft die rol niet"), ("/relaties", &same)],
        ),
        (
            but(told(), "/relaties", json!([twice, twice])),
            vec![("/relaties", "staat er twee keer in")],
        ),
        (but(told(), "/personen/0/rollen/0", "getuige"), vec![("/relaties", &no_victim)]),
        (
            but(without(told(), "personen"), "/personen", people),
            vec![("/personen", &person_twice), ("/relaties", "persoon")],
        ),
        (but(aged(64), "/relaties/0/vormen", elder), vec![("/relaties", "vanaf 65 jaar")]),
        (but(aged(65), "/relaties/0/vormen", parent), vec![("/relaties", "tot 65 jaar")]),
        (
            aged(131),
            vec![("/personen", "bestaat niet"), ("/personen/0/leeftijd", "groter dan 130")],
        ),
        (aged(-1), vec![("/personen/0/leeftijd", "kleiner dan 0")]),
        (but(told(), "/kinderen", 31), vec![("/kinderen", "groter dan 30")]),
        (but(told(), "/kinderen", 1.5), vec![("/kinderen", "verkeerde soort")]),
        (
            but(told(), "/acuutGevaar", "niet-gevraagd"),
            vec![("/acuutGevaar", "ja, nee of onbekend")],
        ),
        (but(told(), "/relaties", json!([])), vec![("/vormen", "geen enkele vorm")]),
        (but(told(), "/personen", "niemand"), vec![("/personen", "verkeerde soort")]),
        (but(told(), "/personen/1", 7), vec![("/personen/1", "verkeerde soort")]),
        (
            but(told(), "/personen/0/gegevens", json!({ "bsn": "999990018" })),
            vec![("/personen/0/gegevens/bsn", "elfproef")],
        ),
        (
            but(told(), "/melder/gegevens", json!({ "bsn": "999990018" })),
            vec![("/melder/gegevens/bsn", "elfproef")],
        ),
        (
            but(told(), "/personen/1/geboortedatum", "2026-07-01"),
            vec![("/personen/1/geboortedatum", "ligt in de toekomst")],
        ),
        (
            but(told(), "/personen/1/geboortedatum", "0198-04"),
            vec![("/personen/1/geboortedatum", "langer geleden dan iemand oud kan zijn")],
        ),
        (
            but(told(), "/toelichting", "x".repeat(20_001)),
            vec![("/toelichting", "langer dan 20000")],
        ),
        (but(told(), "/toelichting", ""), vec![("/toelichting", "is leeg")]),
    ];
    refused(&pool, "meldingen", wrong).await;
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn what_is_missing_of_a_person_is_not_also_said_of_his_relations(pool: PgPool) {
    let mut told = melding("2026-06-29");
    told["personen"][0].as_object_mut().unwrap().remove("geslacht");
    refused(&pool, "meldingen", vec![(told, vec![("/personen/0/geslacht", "ontbreekt")])]).await;
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn all_faults_of_a_melding_are_named_at_once(pool: PgPool) {
    let mut told = melding("2026-07-01");
    for (place, value) in [
        ("/kanaal", json!("postduif")),
        ("/melder/hoedanigheid", json!("wijkteam")),
        ("/gemeente", json!("0003")),
        ("/personen/0/gegevens", json!({ "bsn": "999990018" })),
        ("/personen/1/geboortedatum", json!("1950-02-30")),
        ("/relaties/0/slachtoffer", json!(id(99))),
        ("/relaties/0/vormen/0", json!("ruzie")),
        ("/weer", json!("regen")),
    ] {
        told = but(told, place, value);
    }
    let faults = vec![
        ("/gemeente", "bestond niet op 2026-07-01"),
        ("/kanaal", "'postduif'"),
        ("/melder/hoedanigheid", "geldt niet op 2026-07-01"),
        ("/ontvangenOp", "ligt in de toekomst: 2026-07-01"),
        ("/personen/0/gegevens/bsn", "elfproef"),
        ("/personen/1/geboortedatum", "geen datum"),
        ("/relaties", "staat niet bij de personen"),
        ("/relaties/0/vormen/0", "'ruzie'"),
        ("/weer", "hoort hier niet"),
    ];
    refused(&pool, "meldingen", vec![(told, faults)]).await;
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn every_fault_of_an_action_is_named(pool: PgPool) {
    let house = house(&pool).await;
    let before = stored(&pool).await;
    let future = || vec![("/op", "ligt in de toekomst: 2026-07-01")];
    let early = || vec![("/op", "voor de ontvangst op 2026-06-29")];
    let decision = |on: &str| json!({ "op": on, "uitkomst": "overdracht" });
    let withdrawal = |on: &str| json!({ "op": on, "reden": "anders" });
    let closing = |on: &str| json!({ "op": on, "uitkomst": "hulp-belegd" });
    let involved = |from: &str| json!({ "persoon": id(MAN), "rollen": ["pleger"], "vanaf": from });
    let identified = |on: &str| json!({ "op": on, "gegevens": { "bsn": "onbekend" } });
    let wrong: Vec<(&str, &str, Value, Faults<'_>)> = vec![
        (
            "contacten",
            "/afronding",
            json!({ "uitkomst": "koffie" }),
            vec![("/uitkomst", "'koffie'")],
        ),
        ("adviezen", "/contactmomenten", json!({ "op": "2026-07-01", "kanaal": "chat" }), future()),
        ("adviezen", "/afsluiting", json!({ "op": "2026-07-01" }), future()),
        ("adviezen", "/afsluiting", json!({ "op": "2026-06-28" }), early()),
        (
            "adviezen",
            "/afsluiting",
            json!({ "op": "29 juni" }),
            vec![("/op", "geen bestaande datum")],
        ),
        ("meldingen", "/veiligheidsbeoordelingen", decision("2026-07-01"), future()),
        ("meldingen", "/veiligheidsbeoordelingen", decision("2026-06-28"), early()),
        ("meldingen", "/intrekking", withdrawal("2026-07-01"), future()),
        ("meldingen", "/intrekking", withdrawal("2026-06-28"), early()),
        (
            "meldingen",
            "/correcties",
            json!({ "reden": "anders", "relaties": [] }),
            vec![("/vormen", "geen enkele vorm")],
        ),
        (
            "meldingen",
            "/correcties",
            json!({ "reden": "zomaar", "gemeente": "0106" }),
            vec![("/reden", "'zomaar'")],
        ),
        ("casussen", "/sluiting", closing("2026-07-01"), future()),
        ("casussen", "/betrokkenen", involved("2026-07-01"), vec![("/vanaf", "in de toekomst")]),
        ("personen", "/identificaties", identified("2026-07-01"), future()),
        (
            "personen",
            "/correcties",
            json!({ "op": "2026-06-30", "reden": "anders", "gegevens": { "bsn": "1" } }),
            vec![("/gegevens/bsn", "negen cijfers")],
        ),
    ];
    for (noun, action, body, faults) in wrong {
        house.post(at(noun, action), &body).await.names(&faults);
    }
    assert_eq!(stored(&pool).await, before);
}
