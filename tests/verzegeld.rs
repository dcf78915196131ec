//! What is sealed in a file for who may read the rest of it: where somebody is who hides, and who told of it. Nowhere it leaks: not in files, not in what is
//! found, nor by what it is found, not in why two persons are alike, not in a copy.

use crate::house::{House, id};
use crate::steps::at;
use crate::told::{MAN, WOMAN, assess, but, melding, person, receive_melding};
use domain::access::Role;
use serde_json::{Value, json};
use sqlx::PgPool;

const IT: u128 = 0x77;
/// Who works on the casus; the usual case worker does not.
const HER_WORKER: u128 = 0x55;
const STREET: &str = "Verzonnenschuilplaats";
const PHONE: &str = "0612345670";
const MAIL: &str = "marker@schuilplaats.example";
const MELDER: &str = "Meldermarker";

fn details() -> Value {
    json!({
        "achternaam": "Verzonnen-Roodborst", "voornamen": "Testpersoon", "telefoon": PHONE, "email": MAIL,
        "adres": { "straat": STREET, "huisnummer": "7", "postcode": "9999ZZ", "woonplaats": "Verzonnendam" },
    })
}

fn told() -> Value {
    let her = but(person(WOMAN, "slachtoffer", "vrouw"), "/gegevens", details());
    let her = but(her, "/adresafscherming", "opvang");
    let told = but(melding("2026-06-29"), "/personen", json!([her, person(MAN, "pleger", "man")]));
    but(told, "/melder/gegevens", json!({ "naam": MELDER, "telefoon": "0612345671" }))
}

/// A melding about a woman who hides, in a casus on which somebody works.
async fn house(pool: &PgPool) -> House {
    let house = House::on("2026-06-30", pool).await;
    receive_melding(&house, IT, &told()).await;
    assess(&house, IT, "2026-06-29", "vervolgstappen-bij-veilig-thuis").await;
    let opened = json!({ "geopendOp": "2026-06-29", "meldingen": [id(IT)] });
    house.put(format!("/v1/casussen/{}", id(IT)), &opened).await.is(201);
    for (number, role) in [(WOMAN, "slachtoffer"), (MAN, "pleger")] {
        let told = json!({ "persoon": id(number), "rollen": [role], "vanaf": "2026-06-29" });
        house.post(at(IT, "betrokkenen"), &told).await.is(200);
    }
    let assigned = json!({ "behandelaar": id(HER_WORKER), "op": "2026-06-30" });
    house.post(at(IT, "toewijzingen"), &assigned).await.is(200);
    let registered =
        json!({ "geslacht": "vrouw", "gegevens": details(), "adresafscherming": "opvang" });
    house.put(file("personen", WOMAN), &registered).await.is(201);
    let path = format!("{}/adresafscherming", file("personen", WOMAN));
    house
        .post(format!("{path}/opheffing"), &json!({ "op": "2026-06-30" }))
        .by(Role::Privacy)
        .await
        .is(200);
    let why = format!("Zij zit bij haar zus in de {STREET}.");
    let hide = json!({ "op": "2026-06-30", "reden": "bedreiging", "toelichting": why });
    house.post(path, &hide).await.is(200);
    house
}

fn says_where(text: &str) -> bool {
    [STREET, PHONE, MAIL, "9999ZZ", "Verzonnendam"].iter().any(|it| text.contains(it))
}

fn file(noun: &str, number: u128) -> String {
    format!("/v1/{noun}/{}", id(number))
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn where_she_is_only_who_works_with_her_reads(pool: PgPool) {
    let house = house(&pool).await;
    for path in [file("personen", WOMAN), file("meldingen", IT)] {
        for role in [Role::CaseWorker, Role::Intake, Role::Privacy] {
            let read = house.get(&path).by(role).await.is(200).text();
            assert!(!says_where(&read), "{path} as {role:?}: {read}");
            assert!(read.contains("Verzonnen-Roodborst"), "{path}: {read}");
            assert!(read.contains(r#""afgeschermd":["adres","telefoon","email"]"#), "{read}");
        }
        assert!(says_where(&house.get(&path).who(HER_WORKER).await.is(200).text()), "{path}");
        // Nor as it was known before somebody thought of hiding it.
        let then = house.get(format!("{path}?zoalsBekendOp=2026-06-30T12:00:00Z")).await.is(200);
        assert!(!says_where(&then.text()));
    }
    let it = house.get(file("personen", WOMAN)).await.json();
    assert_eq!(it["adresAfgeschermd"], true);
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn she_is_not_found_by_where_she_is_and_not_shown_with_it(pool: PgPool) {
    let house = house(&pool).await;
    let asks = |body: &Value, by: u128| {
        let ask = house.post("/v1/personen/_zoek", body).who(by);
        async move { ask.await.is(200).json()["kandidaten"].clone() }
    };
    let by_where =
        [json!({ "telefoon": PHONE }), json!({ "postcode": "9999ZZ", "huisnummer": "7" })];
    for body in &by_where {
        assert_eq!(asks(body, 1).await, json!([]), "{body}");
    }
    let named = json!({ "achternaam": "Verzonnen-Roodborst", "voornamen": "Testpersoon" });
    let more = but(but(named.clone(), "/postcode", "9999ZZ"), "/huisnummer", "7");
    let (plain, guessed) = (asks(&named, 1).await, asks(&more, 1).await);
    assert_eq!(plain.as_array().unwrap().len(), 1);
    assert!(!says_where(&plain.to_string()), "{plain}");
    // A right guess is answered as a wrong one.
    assert_eq!(guessed, plain);
    assert_eq!(plain[0]["gegevens"]["afgeschermd"][0], "adres");
    // Who works with her finds her by the telephone from which she calls.
    let body = &by_where[0];
    let own = asks(body, HER_WORKER).await;
    assert!(says_where(&own.to_string()), "{own}");
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn that_two_persons_live_together_is_no_reason_that_is_shown(pool: PgPool) {
    let house = house(&pool).await;
    // Somebody else of the same name and telephone number is told of.
    let other = but(person(0x20, "slachtoffer", "vrouw"), "/gegevens", details());
    let people = json!([other, person(0x21, "pleger", "man")]);
    let again = but(crate::told::about("2026-06-29", 0x20, 0x21), "/personen", people);
    receive_melding(&house, IT + 1, &again).await;
    let path = format!("{}/dubbelingen", file("meldingen", IT + 1));
    let shown = house.get(&path).await.is(200).text();
    assert!(!shown.contains("telefoon-gelijk") && !shown.contains("adres-gelijk"), "{shown}");
    let own = house.get(&path).who(HER_WORKER).await.is(200).text();
    assert!(own.contains("telefoon-gelijk"), "{own}");
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn what_hides_one_record_of_her_hides_the_other(pool: PgPool) {
    let house = house(&pool).await;
    let told = json!({ "geslacht": "vrouw", "gegevens": details() });
    house.put(file("personen", 0x30), &told).await.is(201);
    assert!(says_where(&house.get(file("personen", 0x30)).await.text()));
    let merged = json!({ "met": id(WOMAN), "reden": "anders", "op": "2026-06-30" });
    house.post(format!("{}/samenvoegingen", file("personen", 0x30)), &merged).await.is(200);
    assert!(!says_where(&house.get(file("personen", 0x30)).await.is(200).text()));
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn lifting_it_is_for_who_sees_it_anyway_or_oversees(pool: PgPool) {
    let house = house(&pool).await;
    let path = format!("{}/adresafscherming/opheffing", file("personen", WOMAN));
    let lifted = json!({ "op": "2026-06-30" });
    let refused = house.post(&path, &lifted).await.is(403).text();
    assert!(refused.contains("wie aan de zaak van deze persoon werkt"), "{refused}");
    house.post(&path, &lifted).who(HER_WORKER).await.is(200);
    assert!(says_where(&house.get(file("personen", WOMAN)).await.is(200).text()));
    let again = house.post(&path, &lifted).by(Role::Privacy).await.is(409).text();
    assert!(again.contains("niet afgeschermd"), "{again}");
    let hide = json!({ "op": "2026-06-30", "reden": "bedreiging" });
    let path = format!("{}/adresafscherming", file("personen", WOMAN));
    house.post(&path, &hide).by(Role::Intake).await.is(200);
    assert!(!says_where(&house.get(file("personen", WOMAN)).await.is(200).text()));
    house.post(&path, &hide).await.is(409);
    let nowhere = format!("{}/adresafscherming", file("personen", 0xFFFE));
    house.post(nowhere, &hide).await.is(404);
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn in_an_emergency_it_is_read_and_the_look_says_so(pool: PgPool) {
    let house = house(&pool).await;
    let glass =
        json!({ "casus": id(IT), "reden": "acuut-gevaar", "toelichting": "De politie rijdt uit." });
    house.put("/v1/noodtoegang/00000000-0000-0000-0000-000000000001", &glass).await.is(201);
    let read = house.get(file("personen", WOMAN)).await.is(200).text();
    assert!(says_where(&read), "{read}");
    let looks = house.get(format!("{}/inzagen", file("personen", WOMAN))).by(Role::Privacy);
    let looks = looks.await.is(200).json();
    let last = looks["inzagen"].as_array().unwrap().last().unwrap().clone();
    assert_eq!((&last["noodgeval"], &last["wat"]), (&json!(true), &json!("uw gegevens")));
}

/// Uitvoeringsbesluit Wmo 2015 art. 4.1.8 lid 3.
#[sqlx::test(migrator = "store::MIGRATOR")]
async fn who_told_of_it_only_who_works_on_it_reads(pool: PgPool) {
    let house = House::on("2026-06-30", &pool).await;
    receive_melding(&house, IT, &told()).await;
    let path = file("meldingen", IT);
    // Until somebody works on it, whoever takes meldingen has to be able to call back.
    let read = house.get(&path).by(Role::Intake).await.is(200).text();
    assert!(read.contains(MELDER), "{read}");
    let assigned = json!({ "behandelaar": id(HER_WORKER), "op": "2026-06-30" });
    house.post(format!("{path}/toewijzingen"), &assigned).await.is(200);
    for role in [Role::CaseWorker, Role::Intake, Role::Privacy] {
        let read = house.get(&path).by(role).await.is(200).json();
        assert_eq!(
            (&read["melder"]["gegevens"], &read["melder"]["afgeschermd"]),
            (&Value::Null, &json!(true))
        );
        assert_eq!(read["melder"]["hoedanigheid"], "huisarts");
    }
    assert!(house.get(&path).who(HER_WORKER).await.is(200).text().contains(MELDER));
    // A melder who need not be hidden is not.
    let open = but(told(), "/melder/anoniemVoorGezin", false);
    receive_melding(&house, IT + 1, &open).await;
    let path = file("meldingen", IT + 1);
    house.post(format!("{path}/toewijzingen"), &assigned).await.is(200);
    assert!(house.get(&path).await.is(200).text().contains(MELDER));
}

/// A father who asks for his child gets a copy of it: it may not say where the child is.
#[sqlx::test(migrator = "store::MIGRATOR")]
async fn a_copy_never_says_where_somebody_is_who_hides(pool: PgPool) {
    let house = house(&pool).await;
    let asked = json!({
        "soort": "inzage", "persoon": id(WOMAN), "casus": id(IT), "verzoeker": "wettelijk-vertegenwoordiger",
        "leeftijdsgroep": "jonger-dan-12", "vaststellingIdentiteit": "identiteitsbewijs", "ontvangenOp": "2026-06-30",
        "schriftelijk": true, "gegevensVerzoeker": { "naam": "Testpersoon Vader" },
    });
    let to = |step: &str| format!("{}{step}", file("verzoeken", 1));
    house.put(to(""), &asked).await.is(201);
    house.post(to("/kopie"), &json!({ "op": "2026-06-30" })).await.is(200);
    for by in [1, HER_WORKER] {
        let items = house.get(to("/kopie/afweging")).who(by).await.is(200).text();
        assert!(!says_where(&items), "{items}");
        assert_eq!(items.contains(MELDER), by == HER_WORKER, "{items}");
    }
    house.post(to("/kopie/vaststelling"), &json!({ "op": "2026-06-30" })).await.is(200);
    // Also when it need not be hidden any longer it stays the copy that was given.
    let lift = format!("{}/adresafscherming/opheffing", file("personen", WOMAN));
    house.post(lift, &json!({ "op": "2026-06-30" })).who(HER_WORKER).await.is(200);
    for format in ["json", "html", "tekst"] {
        let path = to(&format!("/kopie?formaat={format}"));
        let copy = house.get(path).who(HER_WORKER).await.is(200).text();
        assert!(!says_where(&copy), "{format}: {copy}");
        assert!(
            copy.contains("Verzonnen-Roodborst") && copy.contains("adres, telefoon en e-mail"),
            "{copy}"
        );
    }
}
