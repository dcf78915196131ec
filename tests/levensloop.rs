//! The whole life of one household, as its workers live it: told of by the police and by a neighbour, assessed, investigated, handed
//! over, monitored, closed, and told of again a year later. Read back through the file, the time line, the worklist and the report, also as
//! each of them was known on earlier dates.

use crate::figures::{exactly, figure};
use crate::house::{House, id};
use crate::told::{MAN, WOMAN, assess, but, receive_melding};
use domain::access::Role;
use serde_json::{Value, json};
use sqlx::PgPool;

const EARLIER: &str = "meldingen-naar-eerdere-betrokkenheid";
const CHILD: u128 = 0x12;
const POLICE: u128 = 1;
const NEIGHBOUR: u128 = 2;
const SCHOOL: u128 = 3;
const CASE: &str = "/v1/casussen/00000000-0000-0000-0000-0000000000ca";
const INVESTIGATION: u128 = 0x01;
const HANDOVER: u128 = 0x02;
const MOMENT: u128 = 0x03;

fn household(on: &str, hoedanigheid: &str, channel: &str) -> Value {
    let person = |number: u128, roles: &[&str], sex: &str, age: u8| json!({ "id": id(number), "rollen": roles, "geslacht": sex, "leeftijd": age });
    json!({
        "ontvangenOp": on, "kanaal": channel, "melder": { "hoedanigheid": hoedanigheid }, "gemeente": "0106",
        "acuutGevaar": "nee",
        "personen": [
            person(WOMAN, &["slachtoffer"], "vrouw", 34), person(MAN, &["pleger"], "man", 36),
            person(CHILD, &["kind", "getuige", "slachtoffer"], "man", 7),
        ],
        "relaties": [
            { "slachtoffer": id(WOMAN), "pleger": id(MAN), "relatie": "ongehuwde-partner-samenwonend", "vormen": ["ex-partnergeweld"] },
            { "slachtoffer": id(CHILD), "pleger": id(MAN), "relatie": "kind", "vormen": ["kindermishandeling"], "aard": ["getuige-van-geweld-in-gezin"] },
        ],
    })
}

async fn step(house: &House, path: &str, body: Value) {
    house.post(format!("{CASE}/{path}"), &body).await.is(200);
}

/// January: two tell of it, both are assessed, the casus opens.
async fn it_becomes_known(house: &mut House) {
    let told = household("2026-01-05T21:40:00+01:00", "politie", "politiebericht");
    receive_melding(house, POLICE, &told).await;
    house.moves_to("2026-01-07");
    let told = household("2026-01-06", "buurtbewoner", "landelijk-nummer");
    receive_melding(house, NEIGHBOUR, &but(told, "/toelichting", "Ik hoor het al weken.")).await;
    house.moves_to("2026-01-09");
    assess(house, POLICE, "2026-01-09", "vervolgstappen-bij-veilig-thuis").await;
    let opens = json!({ "geopendOp": "2026-01-09", "meldingen": [id(POLICE), id(NEIGHBOUR)] });
    house.put(CASE, &opens).await.is(201);
    step(house, "toewijzingen", json!({ "behandelaar": House::worker(), "op": "2026-01-09" }))
        .await;
    for (person, roles) in
        [(WOMAN, vec!["slachtoffer"]), (MAN, vec!["pleger"]), (CHILD, vec!["kind", "slachtoffer"])]
    {
        let told = json!({ "persoon": id(person), "rollen": roles, "vanaf": "2026-01-05" });
        step(house, "betrokkenen", told).await;
        let lives = json!({ "huishouden": id(0x40), "persoon": id(person), "vanaf": "2019" });
        step(house, "huishouden/inwoning", lives).await;
    }
    let forms = json!(["kindermishandeling", "ex-partnergeweld"]);
    let decided = json!({ "onderzoek": id(INVESTIGATION), "melding": id(POLICE), "vormen": forms });
    step(house, "onderzoeken", decided).await;
    // The second decision leaves the follow-up as it was: the investigation goes on.
    house.moves_to("2026-01-12");
    assess(house, NEIGHBOUR, "2026-01-12", "vervolgstappen-bij-veilig-thuis").await;
}

/// Until March: informed, investigated, judged.
async fn it_is_investigated(house: &mut House) {
    house.moves_to("2026-01-20");
    step(house, "onderzoeken/begin", json!({ "onderzoek": id(INVESTIGATION), "op": "2026-01-20" }))
        .await;
    step(
        house,
        "informeren",
        json!({ "persoon": id(WOMAN), "op": "2026-01-20", "wijze": "mondeling" }),
    )
    .await;
    step(
        house,
        "informeren/uitstel",
        json!({ "persoon": id(MAN), "op": "2026-01-20", "reden": "veiligheid" }),
    )
    .await;
    let child = json!({ "persoon": id(CHILD), "op": "2026-01-20", "reden": "via-wettelijk-vertegenwoordiger" });
    step(house, "informeren/vrijstelling", child).await;
    house.moves_to("2026-02-18");
    step(
        house,
        "informeren",
        json!({ "persoon": id(MAN), "op": "2026-02-18", "wijze": "mondeling" }),
    )
    .await;
    house.moves_to("2026-03-18");
    let judged = json!({ "onderzoek": id(INVESTIGATION), "op": "2026-03-18", "toelichting": "Beide zijn bevestigd.", "bevindingen": [
        { "vorm": "kindermishandeling", "uitkomst": "bevestigd", "aard": ["getuige-van-geweld-in-gezin"] },
        { "vorm": "ex-partnergeweld", "uitkomst": "bevestigd", "aard": ["lichamelijke-mishandeling"] },
    ] });
    step(house, "onderzoeken/oordeel", judged).await;
}

/// Until June: handed over, watched, closed.
async fn it_becomes_safe(house: &mut House) {
    house.moves_to("2026-03-19");
    let sent = json!({ "overdracht": id(HANDOVER), "op": "2026-03-19", "soortOrganisatie": "lokaal-veld", "warm": "ja",
        "ontvanger": { "organisatie": "Wijkteam Nergenshuizen" } });
    step(house, "overdrachten", sent).await;
    let closed = json!({ "op": "2026-03-19", "uitkomst": "overgedragen" });
    house.post(format!("{CASE}/sluiting"), &closed).await.is(409);
    house.moves_to("2026-03-24");
    step(
        house,
        "overdrachten/aanvaarding",
        json!({ "overdracht": id(HANDOVER), "op": "2026-03-23" }),
    )
    .await;
    step(house, "monitoring", json!({ "op": "2026-03-24" })).await;
    let planned = json!({ "moment": id(MOMENT), "op": "2026-03-24", "geplandOp": "2026-06-23" });
    step(house, "monitoring/momenten", planned).await;
    house.moves_to("2026-06-25");
    let held =
        json!({ "moment": id(MOMENT), "op": "2026-06-23", "veilig": "ja", "door": "professional" });
    step(house, "monitoring/bevindingen", held).await;
    step(house, "monitoring/beeindiging", json!({ "op": "2026-06-25" })).await;
    step(house, "sluiting", json!({ "op": "2026-06-25", "uitkomst": "veilig-na-monitoring" }))
        .await;
}

/// A year later the school tells of the same people: a new casus.
async fn it_happens_again(house: &mut House) {
    house.moves_to("2027-03-10");
    let told = household("2027-03-09", "basisonderwijs", "regionaal-nummer");
    receive_melding(house, SCHOOL, &told).await;
    let joined = json!({ "melding": id(SCHOOL), "op": "2027-03-10" });
    let refused = house.post(format!("{CASE}/meldingen"), &joined).await.is(409);
    assert!(refused.json()["detail"].as_str().unwrap().contains("begint een nieuwe casus"));
    assess(house, SCHOOL, "2027-03-10", "overdracht").await;
    let again = json!({ "geopendOp": "2027-03-10", "meldingen": [id(SCHOOL)] });
    house.put("/v1/casussen/00000000-0000-0000-0000-0000000000cb", &again).await.is(201);
}

async fn lived(pool: &PgPool) -> House {
    let mut house = House::on("2026-01-06", pool).await;
    it_becomes_known(&mut house).await;
    it_is_investigated(&mut house).await;
    it_becomes_safe(&mut house).await;
    it_happens_again(&mut house).await;
    house
}

fn happened(line: &Value) -> Vec<(String, String)> {
    let lines = line["gebeurtenissen"].as_array().unwrap();
    let text = |it: &Value, key: &str| it[key].as_str().unwrap().to_owned();
    lines.iter().map(|it| (text(it, "wat"), text(it, "op"))).collect()
}

fn whats(line: &Value) -> Vec<String> {
    happened(line).into_iter().map(|(what, _)| what).collect()
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn the_file_tells_the_whole_story(pool: PgPool) {
    let house = lived(&pool).await;
    let file = house.get(CASE).await.is(200).json();
    assert_eq!(
        (&file["geopendOp"], &file["geslotenOp"]),
        (&json!("2026-01-09"), &json!("2026-06-25"))
    );
    assert_eq!(file["besluiten"][0]["uitkomst"], "vervolgstappen-bij-veilig-thuis");
    assert_eq!(file["besluiten"][1]["op"], "2026-01-12");
    assert_eq!(file["aangepastVanwege"], json!([]));
    let investigation = &file["onderzoeken"][0];
    // Two dates: the formal start is that of the decision, the actual start the day on which somebody began.
    assert_eq!(investigation["formeelBegonnenOp"], "2026-01-09");
    assert_eq!(investigation["begonnenOp"], "2026-01-20");
    assert_eq!(investigation["bevindingen"][0]["uitkomst"], "bevestigd");
    let handover = &file["overdrachten"][0];
    assert_eq!(
        (&handover["aanvaardOp"], &handover["veiligThuisVerantwoordelijk"]),
        (&json!("2026-03-23"), &json!(false))
    );
    assert_eq!(file["huishouden"][0]["vanaf"], "2019");
    assert_eq!(file["monitoring"]["momenten"][0]["veilig"], "ja");
    let term = |kind: &str| {
        let all = file["termijnen"].as_array().unwrap();
        all.iter().find(|it| it["soort"] == kind).unwrap().clone()
    };
    // The second melding left the follow-up as it was: five days and ten weeks after the first.
    let judged = term("onderzoek");
    assert_eq!(
        (&judged["vervaltOp"], &judged["binnenTermijn"]),
        (&json!("2026-03-23"), &json!(true))
    );
    assert_eq!(term("onderzoek-begin")["binnenTermijn"], false);
    let informed: Vec<&Value> =
        file["informeren"].as_array().unwrap().iter().map(|it| &it["vervaltOp"]).collect();
    assert_eq!(informed, ["2026-02-06", "2026-02-20", "2026-02-06"]);
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn the_time_line_tells_it_in_order_also_as_it_was_known(pool: PgPool) {
    let house = lived(&pool).await;
    let line = house.get(format!("{CASE}/tijdlijn")).await.is(200).json();
    let all = happened(&line);
    let last = all.last().unwrap();
    assert_eq!((last.0.as_str(), last.1.as_str()), ("gesloten", "2026-06-25"));
    for what in ["besluit", "onderzoek-begonnen", "overdracht-aanvaard", "monitoring-bevinding"] {
        assert!(all.iter().any(|it| it.0 == what), "{what}: {all:?}");
    }
    let judged = line["gebeurtenissen"]
        .as_array()
        .unwrap()
        .iter()
        .find(|it| it["wat"] == "onderzoek-afgerond");
    assert_eq!(judged.unwrap()["toelichting"], "Beide zijn bevestigd.");
    let sent = line["gebeurtenissen"]
        .as_array()
        .unwrap()
        .iter()
        .find(|it| it["wat"] == "overdracht-verzonden");
    assert_eq!(sent.unwrap()["ontvanger"]["organisatie"], "Wijkteam Nergenshuizen");

    // On three earlier dates it was known as far as it was recorded then, and not as far as it had happened.
    let known = |on: &str| house.get(format!("{CASE}/tijdlijn?zoalsBekendOp={on}"));
    let in_january = whats(&known("2026-01-10").await.is(200).json());
    assert_eq!(in_january.iter().filter(|it| *it == "besluit").count(), 1);
    assert!(!in_january.contains(&"onderzoek-begonnen".to_owned()));
    let on_the_day_after = whats(&known("2026-03-24").await.json());
    assert!(!on_the_day_after.contains(&"overdracht-aanvaard".to_owned()));
    let then = house.get(format!("{CASE}?zoalsBekendOp=2026-03-24")).await.json();
    assert_eq!(then["overdrachten"][0]["veiligThuisVerantwoordelijk"], true);
    let in_april = whats(&known("2026-04-01").await.json());
    assert!(
        in_april.contains(&"overdracht-aanvaard".to_owned())
            && !in_april.contains(&"gesloten".to_owned())
    );
    house.get(format!("{CASE}?zoalsBekendOp=2026-01-08")).await.is(404);
}

/// What waits for the worker who asks: what it is, and when it lapses.
async fn mine(house: &House) -> Vec<String> {
    let page = house.get("/v1/werklijst?behandelaar=mij").await.is(200).json();
    let text = |it: &Value, key: &str| it[key].as_str().unwrap_or("-").to_owned();
    let lines = page["regels"].as_array().unwrap().iter();
    lines.map(|it| format!("{} {}", text(it, "soort"), text(it, "vervaltOp"))).collect()
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn the_worklist_held_what_was_to_be_done_and_nothing_passed_unseen(pool: PgPool) {
    let mut house = House::on("2026-01-06", &pool).await;
    it_becomes_known(&mut house).await;
    let informing = "informeren 2026-02-06";
    assert_eq!(
        mine(&house).await,
        ["onderzoek-begin 2026-01-12", informing, informing, informing, "onderzoek 2026-03-23"]
    );
    house.moves_to("2026-01-19");
    let late = house.get("/v1/werklijst?soort=onderzoek-begin").await.json();
    assert_eq!(late["regels"][0]["teLaat"], true);
    it_is_investigated(&mut house).await;
    assert!(mine(&house).await.is_empty());
    it_becomes_safe(&mut house).await;
    assert!(mine(&house).await.is_empty());
    it_happens_again(&mut house).await;
    assert_eq!(house.get("/v1/werklijst").await.json()["aantal"], 0);
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn the_report_counts_it_once_for_what_it_was(pool: PgPool) {
    let house = lived(&pool).await;
    let report = |year: i32, query: &str| {
        house.get(format!("/v1/trendrapporten/{year}{query}")).by(Role::Manager)
    };
    let first = report(2026, "").await.is(200).json();
    assert_eq!(figure(&first, EARLIER, "eerste-melding"), exactly(1));
    assert_eq!(figure(&first, EARLIER, "vervolgmelding-tijdens-beoordeling"), exactly(1));
    assert_eq!(figure(&first, "beoordelingen-binnen-norm", "binnen-norm"), exactly(2));
    let second = report(2027, "").await.json();
    assert_eq!(figure(&second, EARLIER, "hermelding-meerdere-betrokkenen"), exactly(1));
    // As it was known in January: one of two was assessed.
    let then = report(2026, "?zoalsBekendOp=2026-01-10").await.json();
    assert_eq!(figure(&then, "beoordelingen-binnen-norm", "nog-niet-beoordeeld"), exactly(1));
    assert_eq!(figure(&then, "beoordelingen-binnen-norm", "totaal"), exactly(2));
}
