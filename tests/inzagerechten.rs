//! `/v1/casussen/{id}/inzagerechten`: who could see a casus at a moment, told from the log; and what the register does not know.

use crate::house::{House, id};
use crate::steps::{at, make_case, step};
use crate::told::but;
use domain::access::Role;
use serde_json::{Value, json};
use sqlx::PgPool;

const IT: u128 = 0x77;
const FIRST: u128 = 0x41;
const SECOND: u128 = 0x42;
const NAMED: u128 = 0x43;
const EXCLUDED: u128 = 9;

async fn rights(house: &House, op: &str) -> Value {
    let query = if op.is_empty() { String::new() } else { format!("?op={op}") };
    house.get(at(IT, "inzagerechten") + &query).await.is(200).json()
}

async fn take(house: &House, name: &str, on: &str) {
    house.post(at(IT, name), &but(step(name, IT).1, "/op", on)).await.is(200);
}

async fn assign(house: &House, worker: u128, team: u128, on: &str) {
    let told = json!({ "behandelaar": id(worker), "team": id(team), "op": on });
    house.post(at(IT, "toewijzingen"), &told).await.is(200);
}

/// Made on Tuesday 30 June, restricted on 7 July, given to another on the 9th, for everybody again on the 14th.
async fn past(pool: &PgPool) -> House {
    let mut house = House::on("2026-06-30", pool).await;
    make_case(&house, IT).await;
    assign(&house, FIRST, 1, "2026-06-30").await;
    house.moves_to("2026-07-07");
    let body = step("afscherming", IT).1;
    let body = but(but(body, "/op", "2026-07-07"), "/medewerkers", json!([id(NAMED)]));
    house.post(at(IT, "afscherming"), &but(body, "/teams", json!([id(5)]))).await.is(200);
    house.moves_to("2026-07-09");
    let told = json!({ "behandelaar": id(SECOND), "team": id(2), "op": "2026-07-09" });
    house.post(at(IT, "toewijzingen"), &told).who(FIRST).await.is(200);
    house.moves_to("2026-07-14");
    let lifted = json!({ "op": "2026-07-14" });
    house.post(at(IT, "afscherming/opheffing"), &lifted).by(Role::Privacy).await.is(200);
    house.moves_to("2026-07-20");
    house
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn on_monday_everybody_with_the_role_and_on_wednesday_whoever_worked_on_it_or_was_named(
    pool: PgPool,
) {
    let house = past(&pool).await;
    let monday = rights(&house, "2026-07-06T12:00:00Z").await;
    assert_eq!(monday["afgeschermd"], false);
    assert_eq!(monday["geldtSinds"], "2026-06-30T12:00:00Z");
    assert_eq!(monday["rollen"], json!(["intake", "casus", "privacy"]));
    assert_eq!(monday["genoemd"], json!({ "rollen": [], "medewerkers": [], "teams": [] }));
    assert_eq!((&monday["behandelaar"], &monday["team"]), (&json!(id(FIRST)), &json!(id(1))));

    let wednesday = rights(&house, "2026-07-08T12:00:00Z").await;
    assert_eq!(wednesday["afgeschermd"], true);
    assert_eq!(wednesday["geldtSinds"], "2026-07-07T12:00:00Z");
    assert_eq!(wednesday["afscherming"]["sinds"], "2026-07-07");
    assert_eq!(wednesday["rollen"], json!(["privacy"]));
    let named = json!({
        "rollen": ["intake", "casus"], "medewerkers": [id(FIRST), id(NAMED)], "teams": [id(1), id(5)],
    });
    assert_eq!(wednesday["genoemd"], named);
    assert_eq!(wednesday["uitgesloten"], json!([id(EXCLUDED)]));
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn whoever_it_was_given_to_could_see_it_from_then_on_and_whoever_had_it_no_more(
    pool: PgPool,
) {
    let house = past(&pool).await;
    // To the microsecond before, and from that moment on.
    let before = rights(&house, "2026-07-09T11:59:59.999999Z").await;
    assert_eq!(before["genoemd"]["medewerkers"], json!([id(FIRST), id(NAMED)]));
    let then = rights(&house, "2026-07-09T12:00:00Z").await;
    assert_eq!(then["genoemd"]["medewerkers"], json!([id(SECOND), id(NAMED)]));
    assert_eq!(then["genoemd"]["teams"], json!([id(2), id(5)]));
    assert_eq!(then["toegewezenSinds"], "2026-07-09T12:00:00Z");
    for at in ["2026-07-15", ""] {
        let lifted = rights(&house, at).await;
        assert_eq!((&lifted["afgeschermd"], &lifted["uitgesloten"]), (&json!(false), &json!([])));
        assert_eq!(lifted["geldtSinds"], "2026-07-14T12:00:00Z");
    }
}

/// What the decision of today says of each is what was told of them: nothing is typed a second time.
#[sqlx::test(migrator = "store::MIGRATOR")]
async fn what_is_told_is_what_each_of_them_meets(pool: PgPool) {
    let house = House::on("2026-06-30", &pool).await;
    make_case(&house, IT).await;
    assign(&house, FIRST, 1, "2026-06-30").await;
    take(&house, "afscherming", "2026-06-30").await;
    let told = rights(&house, "").await;
    let path = format!("/v1/casussen/{}", id(IT));
    let names = |key: &str| told["genoemd"][key].as_array().unwrap().clone();
    for (role, name) in Role::ALL {
        for worker in [FIRST, EXCLUDED, 0x4321] {
            let met = house.get(&path).by(role).who(worker).await.status == 200;
            let by_role = told["rollen"].as_array().unwrap().contains(&json!(name));
            let by_name = names("rollen").contains(&json!(name))
                && names("medewerkers").contains(&json!(id(worker)));
            let never = told["uitgesloten"].as_array().unwrap().contains(&json!(id(worker)));
            assert_eq!(met, (by_role || by_name) && !never, "{name} {worker:x}: {told}");
        }
    }
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn it_says_what_it_does_not_know_and_where_it_stands_who_looked(pool: PgPool) {
    let house = past(&pool).await;
    let told = rights(&house, "2026-07-08").await;
    // A date is its first moment in the Netherlands.
    assert_eq!(told["op"], "2026-07-07T22:00:00Z");
    let unknown = told["nietBekend"].to_string();
    assert!(unknown.contains("welke rol") && unknown.contains("in een team"), "{unknown}");
    let looks = told["inzagen"].as_str().unwrap();
    assert_eq!(looks, "/v1/inzagen?van=2026-07-08&tot=2026-07-08");
    house.get(looks).by(Role::Privacy).await.is(200);
    // Whoever asked is recorded as well.
    let today = house.get("/v1/inzagen?van=2026-07-20").by(Role::Privacy).await.is(200).json();
    let lines = today["regels"].as_array().unwrap();
    assert!(lines.iter().any(|it| it["in"] == "inzagerechten" && it["id"] == json!(id(IT))));
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn a_moment_that_is_none_or_is_still_to_come_is_refused(pool: PgPool) {
    let house = past(&pool).await;
    let ask = |query: &str| house.get(at(IT, "inzagerechten") + query);
    ask("?op=toen").await.names(&[("op", "geen tijdstip")]);
    ask("?op=2026-07-21").await.names(&[("op", "ligt in de toekomst")]);
    ask("?moment=2026-07-01").await.names(&[("moment", "onbekende sleutel; bekend zijn: op")]);
    // Before it was there, it was not there.
    ask("?op=2026-06-29").await.is(404);
    house.get(at(0xFFFE, "inzagerechten")).await.is(404);
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn for_a_privacy_officer_who_is_excluded_it_is_nowhere_here_either(pool: PgPool) {
    let house = House::on("2026-06-30", &pool).await;
    make_case(&house, IT).await;
    take(&house, "afscherming", "2026-06-30").await;
    let path = at(IT, "inzagerechten");
    let there = house.get(&path).who(EXCLUDED).await.is(404);
    let nowhere = house.get(at(0xFFFE, "inzagerechten")).who(EXCLUDED).await.is(404);
    assert_eq!(there.body, nowhere.body);
    house.get(&path).await.is(200);
    for (role, _) in Role::ALL.into_iter().filter(|(role, _)| *role != Role::Privacy) {
        house.get(&path).by(role).await.is(403);
    }
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn whoever_had_it_open_in_an_emergency_is_named_for_as_long_as_he_had(pool: PgPool) {
    let mut house = past(&pool).await;
    house.moves_to("2026-07-21");
    let glass =
        json!({ "casus": id(IT), "reden": "acuut-gevaar", "toelichting": "Het kan niet wachten." });
    house.put(format!("/v1/noodtoegang/{}", id(1)), &glass).who(0x99).await.is(201);
    house.moves_to("2026-07-22");
    let open = rights(&house, "2026-07-21T12:59:00Z").await["noodtoegang"].clone();
    assert_eq!((&open[0]["medewerker"], open.as_array().unwrap().len()), (&json!(id(0x99)), 1));
    for moment in ["2026-07-21T11:59:00Z", "2026-07-21T13:00:00Z"] {
        assert_eq!(rights(&house, moment).await["noodtoegang"], json!([]), "{moment}");
    }
}
