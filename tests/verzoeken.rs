//! `/v1/verzoeken`: what persons ask about their own data, from the question to what was done, with its terms.

use crate::house::{House, id, stored};
use crate::steps::{at, make_case, take};
use crate::told::{MAN, WOMAN, but, without};
use domain::access::Role;
use serde_json::{Value, json};
use server::api::Route;
use sqlx::PgPool;

/// The casus in which the people live whose data are asked about.
const CASE: u128 = 0xCA5E;

/// A request of the woman of that casus to see her data.
pub(crate) fn request(_: u128) -> Value {
    json!({
        "soort": "inzage", "persoon": id(WOMAN), "verzoeker": "zelf", "leeftijdsgroep": "18-of-ouder",
        "vaststellingIdentiteit": "identiteitsbewijs", "ontvangenOp": "2026-06-30", "schriftelijk": true,
    })
}

fn asks(kind: &str) -> Value {
    but(but(request(0), "/soort", kind), "/casus", json!(id(CASE)))
}

/// A right body for a step of a request, by the path of its route.
pub(crate) fn request_step(path: &str) -> Value {
    let on = "2026-06-30";
    match path.rsplit('/').next().unwrap() {
        "kopie" => json!({ "op": on, "casus": id(CASE) }),
        "afweging" => json!({ "op": on, "onderdelen": [
            { "onderdeel": 1, "afweging": "afschermen", "reden": "privacy-ander" },
        ] }),
        "verlenging" => json!({ "op": on, "reden": "ingewikkeld", "toelichting": "Veel papier." }),
        "besluit" => json!({ "op": on, "uitkomst": "toegewezen" }),
        "bekendmaking" => json!({ "op": on, "wijze": "schriftelijk" }),
        "uitvoering" | "vaststelling" => json!({ "op": on }),
        "intrekking" => json!({ "op": on, "reden": "ingetrokken-door-verzoeker" }),
        other => panic!("{other} has no body here: add one, and what comes before"),
    }
}

fn to(number: u128, step: &str) -> String {
    format!("/v1/verzoeken/{}{step}", id(number))
}

/// Makes a request on which the step of a route can be taken.
pub(crate) async fn ready_for(house: &House, route: &Route, number: u128) {
    let path = route.path;
    known(house).await;
    house.put(to(number, ""), &request(number)).await.is(201);
    if path.contains("/kopie") {
        let told = json!({ "geopendOp": "2026-06-29" });
        house.put(format!("/v1/casussen/{}", id(CASE)), &told).await;
        let told = json!({ "persoon": id(WOMAN), "rollen": ["getuige"], "vanaf": "2026-06-29" });
        house.post(at(CASE, "betrokkenen"), &told).await;
    }
    if path.contains("/kopie/") || route.method == "get" && path.ends_with("/kopie") {
        house.post(to(number, "/kopie"), &request_step("/kopie")).await.is(200);
    }
    if route.method == "get" && path.ends_with("/kopie") {
        house.post(to(number, "/kopie/vaststelling"), &request_step("/vaststelling")).await.is(200);
    }
    if path.ends_with("/bekendmaking") || path.ends_with("/uitvoering") {
        house.post(to(number, "/besluit"), &request_step("/besluit")).await.is(200);
    }
}

/// The woman is known; whether for the first time or not.
async fn known(house: &House) {
    let told = json!({ "geslacht": "vrouw" });
    house.put(format!("/v1/personen/{}", id(WOMAN)), &told).await;
}

async fn house(pool: &PgPool) -> House {
    let house = House::on("2026-06-30", pool).await;
    make_case(&house, CASE).await;
    house
}

async fn file(house: &House, number: u128) -> Value {
    house.get(to(number, "")).await.is(200).json()
}

async fn step(house: &House, number: u128, name: &str, body: Value) {
    house.post(to(number, name), &body).await.is(200);
}

async fn of_the_case(house: &House) -> Value {
    house.get(format!("/v1/casussen/{}", id(CASE))).await.is(200).json()["verzoeken"].clone()
}

async fn terms(house: &House) -> Vec<String> {
    let kinds = "verzoek-inzage,verzoek-correctie,verzoek-verklaring,verzoek-vernietiging";
    let page = house.get(format!("/v1/werklijst?soort={kinds}")).await.is(200).json();
    let line = |it: &Value| {
        let due = it["vervaltOp"].as_str().unwrap_or("-");
        format!("{} {due} {}", it["soort"].as_str().unwrap(), it["verzoek"].as_str().unwrap())
    };
    page["regels"].as_array().unwrap().iter().map(line).collect()
}

/// Wmo 2015 art. 5.3.2; Algemene verordening gegevensbescherming art. 12 lid 3.
#[sqlx::test(migrator = "store::MIGRATOR")]
async fn a_request_for_inspection_lives_from_the_question_to_the_copy(pool: PgPool) {
    let mut house = house(&pool).await;
    let words = but(asks("inzage"), "/tekst", "Ik wil alles over mij lezen.");
    house.put(to(1, ""), &words).await.is(201);
    house.put(to(1, ""), &words).await.is(200);
    assert_eq!(terms(&house).await, [format!("verzoek-inzage 2026-07-30 {}", id(1))]);
    let it = file(&house, 1).await;
    assert_eq!((&it["bevoegd"], &it["tekst"]), (&json!(true), &words["tekst"]));
    house.moves_to("2026-07-30");
    let longer =
        json!({ "op": "2026-07-30", "reden": "aantal", "toelichting": "Het zijn er vier." });
    step(&house, 1, "/verlenging", longer).await;
    assert_eq!(terms(&house).await, [format!("verzoek-inzage 2026-09-30 {}", id(1))]);
    let decided = json!({
        "op": "2026-07-30", "uitkomst": "deels-toegewezen", "gronden": ["privacy-ander"], "toelichting": "De kinderen blijven buiten beeld.",
    });
    step(&house, 1, "/besluit", decided).await;
    step(&house, 1, "/bekendmaking", json!({ "op": "2026-07-30", "wijze": "schriftelijk" })).await;
    assert_eq!(terms(&house).await.len(), 1);
    step(&house, 1, "/uitvoering", json!({ "op": "2026-07-30" })).await;
    assert!(terms(&house).await.is_empty());
    let it = file(&house, 1).await;
    assert_eq!(it["besluit"]["gronden"], json!(["privacy-ander"]));
    assert_eq!(it["binnenTermijn"], true);
    assert_eq!(
        it["toelichtingen"],
        json!(["Het zijn er vier.", "De kinderen blijven buiten beeld."])
    );
    let kept = of_the_case(&house).await;
    assert_eq!(
        (&kept[0]["soort"], &kept[0]["uitkomst"]),
        (&json!("inzage"), &json!("deels-toegewezen"))
    );
    let line = house.get(format!("/v1/casussen/{}/tijdlijn", id(CASE))).await.json();
    let whats: Vec<&str> = line["gebeurtenissen"]
        .as_array()
        .unwrap()
        .iter()
        .map(|it| it["wat"].as_str().unwrap())
        .collect();
    assert!(whats.ends_with(&["verzoek", "verzoek-besloten", "verzoek-uitgevoerd"]), "{whats:?}");
    // As it was known before.
    let then = house.get(format!("{}?zoalsBekendOp=2026-07-01", to(1, ""))).await.json();
    assert_eq!((&then["vervaltOp"], &then["besluit"]), (&json!("2026-07-30"), &Value::Null));
}

/// Wmo 2015 art. 5.3.2 and 5.3.5: the ages of twelve and sixteen, by the birth date where it is known.
#[sqlx::test(migrator = "store::MIGRATOR")]
async fn a_child_below_twelve_is_heard_and_refused_and_its_representative_may_ask(pool: PgPool) {
    let house = house(&pool).await;
    let child = json!({ "geslacht": "man", "geboortedatum": "2015-02-03" });
    house.put(format!("/v1/personen/{}", id(0x12)), &child).await.is(201);
    let himself = without(but(request(0), "/persoon", json!(id(0x12))), "leeftijdsgroep");
    house.put(to(1, ""), &himself).await.is(201);
    let it = file(&house, 1).await;
    assert_eq!((&it["leeftijdsgroep"], &it["bevoegd"]), (&json!("jonger-dan-12"), &json!(false)));
    assert!(it["nietBevoegdOmdat"].as_str().unwrap().contains("jonger dan 12 jaar"));
    let granted = json!({ "op": "2026-06-30", "uitkomst": "toegewezen" });
    let refused = house.post(to(1, "/besluit"), &granted).await.is(409);
    assert!(refused.text().contains("de wettelijk vertegenwoordiger wel"), "{}", refused.text());
    let no = json!({ "op": "2026-06-30", "uitkomst": "geweigerd", "gronden": ["niet-bevoegd"] });
    step(&house, 1, "/besluit", no.clone()).await;
    let parent = but(himself.clone(), "/verzoeker", "wettelijk-vertegenwoordiger");
    let parent = but(parent, "/gegevensVerzoeker", json!({ "naam": "Testouder" }));
    house.put(to(2, ""), &parent).await.is(201);
    assert_eq!(file(&house, 2).await["gegevensVerzoeker"]["naam"], "Testouder");
    house.post(to(2, "/besluit"), &no).await.names(&[("/gronden", "geen grond")]);
    step(&house, 2, "/besluit", granted).await;
    // Of whom no birth date is known somebody has to say how old he is; and not otherwise than is known.
    let nobody_knows = without(request(0), "leeftijdsgroep");
    house.put(to(3, ""), &nobody_knows).await.names(&[("/leeftijdsgroep", "zeg in welke")]);
    let older = but(himself, "/leeftijdsgroep", "16-of-17");
    house.put(to(3, ""), &older).await.names(&[("/leeftijdsgroep", "die geeft jonger-dan-12")]);
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn every_fault_of_a_request_is_named(pool: PgPool) {
    let house = house(&pool).await;
    let before = stored(&pool).await;
    let missing = |key: &'static str| (key, "ontbreekt");
    house.put(to(9, ""), &json!({})).await.names(&[
        ("/leeftijdsgroep", "zeg in welke"),
        missing("/ontvangenOp"),
        missing("/persoon"),
        missing("/schriftelijk"),
        missing("/soort"),
        missing("/vaststellingIdentiteit"),
        missing("/verzoeker"),
    ]);
    let wrong = json!({
        "soort": "klacht", "persoon": "een mens", "casus": 7, "verzoeker": "buurman", "leeftijdsgroep": "oud",
        "vaststellingIdentiteit": "op-zijn-woord", "ontvangenOp": "2026-02-30", "schriftelijk": "ja", "naam": "x",
    });
    house.put(to(9, ""), &wrong).await.names(&[
        ("/casus", "verkeerde soort"),
        ("/leeftijdsgroep", "staat niet in de codelijst"),
        ("/leeftijdsgroep", "zeg in welke"),
        ("/naam", "hoort hier niet"),
        ("/ontvangenOp", "geen bestaande datum"),
        ("/persoon", "geen UUID"),
        ("/schriftelijk", "verkeerde soort"),
        ("/soort", "staat niet in de codelijst"),
        ("/vaststellingIdentiteit", "staat niet in de codelijst"),
        ("/verzoeker", "staat niet in de codelijst"),
    ]);
    let spoken =
        but(but(asks("vernietiging"), "/schriftelijk", false), "/ontvangenOp", "2026-07-01");
    house.put(to(9, ""), &spoken).await.names(&[
        ("/ontvangenOp", "toekomst"),
        ("/schriftelijk", "een verzoek om vernietiging is schriftelijk"),
    ]);
    let wordless = without(asks("eigen-verklaring"), "casus");
    house.put(to(9, ""), &wordless).await.names(&[
        ("/casus", "wordt aan een casus toegevoegd"),
        ("/tekst", "een eigen verklaring heeft een tekst"),
    ]);
    let elsewhere = but(but(asks("inzage"), "/persoon", json!(id(77))), "/casus", json!(id(78)));
    house
        .put(to(9, ""), &elsewhere)
        .await
        .names(&[("/casus", "deze casus is er niet"), ("/persoon", "hier niet bekend")]);
    assert_eq!(stored(&pool).await, before);
    let stranger = json!({ "geslacht": "man" });
    house.put(format!("/v1/personen/{}", id(77)), &stranger).await.is(201);
    let stranger = but(asks("inzage"), "/persoon", json!(id(77)));
    house.put(to(9, ""), &stranger).await.names(&[("/casus", "komt in deze casus niet voor")]);
    house.put(to(9, ""), &asks("inzage")).await.is(201);
    let both =
        json!({ "op": "2026-06-30", "uitkomst": "toegewezen", "gronden": ["privacy-ander"] });
    house.post(to(9, "/besluit"), &both).await.names(&[("/gronden", "geen grond")]);
    let other = json!({ "op": "2026-06-30", "uitkomst": "geweigerd", "gronden": ["belang-ander"], "teksten": [
        { "dossier": id(CASE), "vernietigen": true },
    ] });
    house.post(to(9, "/besluit"), &other).await.names(&[
        ("/gronden", "bij dit verzoek (inzage) geen grond"),
        ("/teksten", "niets vernietigd"),
    ]);
}

/// Wmo 2015 art. 5.3.2 lid 5 and 6.
#[sqlx::test(migrator = "store::MIGRATOR")]
async fn a_correction_is_made_where_it_is_said_to_be_made_and_a_refused_one_leaves_the_view(
    pool: PgPool,
) {
    let house = house(&pool).await;
    let (wrong, right) = ("Ik woon in Aa en Hunze.", "Ik heb nooit geslagen.");
    house.put(to(1, ""), &but(asks("correctie"), "/tekst", wrong)).await.is(201);
    step(&house, 1, "/besluit", json!({ "op": "2026-06-30", "uitkomst": "toegewezen" })).await;
    let done = json!({ "op": "2026-06-30", "dossiers": [id(CASE)] });
    house
        .post(to(1, "/uitvoering"), &done)
        .await
        .names(&[("/dossiers/0", "geen correctie vastgelegd")]);
    let correction = json!({ "reden": "verkeerde-gemeente", "gemeente": "1680" });
    house.post(format!("/v1/meldingen/{}/correcties", id(CASE)), &correction).await.is(200);
    step(&house, 1, "/uitvoering", done.clone()).await;
    let him = but(but(asks("correctie"), "/persoon", json!(id(MAN))), "/tekst", right);
    house.put(to(2, ""), &him).await.is(201);
    assert_eq!(of_the_case(&house).await[1]["tekst"], Value::Null);
    let refused =
        json!({ "op": "2026-06-30", "uitkomst": "geweigerd", "gronden": ["gegevens-juist"] });
    step(&house, 2, "/besluit", refused).await;
    let kept = of_the_case(&house).await;
    assert_eq!((&kept[0]["tekst"], &kept[1]["tekst"]), (&Value::Null, &json!(right)));
    house.put(to(3, ""), &asks("inzage")).await.is(201);
    step(&house, 3, "/besluit", json!({ "op": "2026-06-30", "uitkomst": "toegewezen" })).await;
    house
        .post(to(3, "/uitvoering"), &done)
        .await
        .names(&[("/dossiers/0", "alleen bij een verzoek om correctie")]);
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn an_own_statement_stands_in_the_file_once_it_was_added_also_of_a_closed_casus(
    pool: PgPool,
) {
    let house = house(&pool).await;
    take(&house, "sluiting", CASE).await;
    let words = "Zo is het voor mij gegaan.";
    house.put(to(1, ""), &but(asks("eigen-verklaring"), "/tekst", words)).await.is(201);
    assert_eq!(terms(&house).await, [format!("verzoek-verklaring - {}", id(1))]);
    step(&house, 1, "/besluit", json!({ "op": "2026-06-30", "uitkomst": "toegewezen" })).await;
    assert_eq!(of_the_case(&house).await[0]["tekst"], Value::Null);
    step(&house, 1, "/uitvoering", json!({ "op": "2026-06-30" })).await;
    assert_eq!(of_the_case(&house).await[0]["tekst"], words);
}

/// Wmo 2015 art. 5.3.6.
#[sqlx::test(migrator = "store::MIGRATOR")]
async fn the_file_says_that_its_data_were_used_for_research_and_who_objected(pool: PgPool) {
    let house = house(&pool).await;
    let used = |research: u128| json!({ "onderzoek": id(research), "op": "2026-06-30", "doel": "wetenschappelijk-onderzoek", "toestemming": false });
    let path = at(CASE, "onderzoeksgebruik");
    house
        .post(&path, &used(1))
        .await
        .names(&[("/algemeenBelang", "algemeen belang"), ("/nietAndersMogelijk", "niet anders")]);
    let under = |it| but(but(it, "/algemeenBelang", true), "/nietAndersMogelijk", true);
    house.post(&path, &under(used(1))).await.is(200);
    take(&house, "onderzoeksgebruik/bezwaar", CASE).await;
    let refused = house.post(&path, &under(used(2))).await.is(409);
    assert!(refused.text().contains("heeft bezwaar gemaakt"), "{}", refused.text());
    house.post(&path, &but(used(3), "/toestemming", true)).await.is(200);
    let file = house.get(format!("/v1/casussen/{}", id(CASE))).await.json();
    let noted: Vec<bool> = file["onderzoeksgebruik"]
        .as_array()
        .unwrap()
        .iter()
        .map(|it| it["toestemming"].as_bool().unwrap())
        .collect();
    assert_eq!(noted, [false, true]);
    assert_eq!(file["bezwaarOnderzoek"][0]["persoon"], json!(id(WOMAN)));
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn a_privacy_officer_answers_requests_and_intake_does_not_see_them(pool: PgPool) {
    let house = house(&pool).await;
    house.put(to(1, ""), &asks("inzage")).by(Role::Privacy).await.is(201);
    house.get(to(1, "")).by(Role::Intake).await.is(403);
    house.get(to(1, "")).by(Role::Privacy).await.is(200);
    house.get(to(1, "")).of("VT03").await.is(404);
}

/// Wmo 2015 art. 5.3.5: who is found not to be involved in violence is pointed to the right to have his data destroyed.
#[sqlx::test(migrator = "store::MIGRATOR")]
async fn a_casus_in_which_all_violence_is_refuted_says_that_people_may_have_their_data_destroyed(
    pool: PgPool,
) {
    let house = house(&pool).await;
    let points = || async {
        let file = house.get(format!("/v1/casussen/{}", id(CASE))).await.is(200).json();
        file["wijsOpVernietiging"].as_bool().unwrap()
    };
    take(&house, "onderzoeken", CASE).await;
    take(&house, "onderzoeken/begin", CASE).await;
    assert!(!points().await);
    let judged = json!({ "onderzoek": id(crate::steps::IT), "op": "2026-06-30", "bevindingen": [
        { "vorm": "ex-partnergeweld", "uitkomst": "weerlegd" },
    ] });
    house.post(at(CASE, "onderzoeken/oordeel"), &judged).await.is(200);
    assert!(points().await);
}
