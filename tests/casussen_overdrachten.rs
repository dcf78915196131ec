//! `/v1/casussen/{id}/overdrachten`, `…/regio-overdrachten`, `…/maatregelen`, `…/multidisciplinair` and `…/knooppunt`: what is placed
//! with others.

use crate::house::{House, id, stored};
use crate::steps::{IT, at, make_case, step, take};
use crate::told::{MAN, but};
use serde_json::{Value, json};
use sqlx::PgPool;

async fn file(house: &House) -> Value {
    house.get(format!("/v1/casussen/{}", id(1))).await.is(200).json()
}

async fn case(pool: &PgPool) -> House {
    let house = House::on("2026-06-30", pool).await;
    make_case(&house, 1).await;
    house
}

/// Informatieprotocol 2025 par. 3.7.
#[sqlx::test(migrator = "store::MIGRATOR")]
async fn veilig_thuis_is_responsible_until_a_handover_is_accepted_and_again_when_it_is_returned(
    pool: PgPool,
) {
    let house = case(&pool).await;
    let close = json!({ "op": "2026-06-30", "uitkomst": "overgedragen" });
    let mut seen = Vec::new();
    for name in
        ["overdrachten", "overdrachten/aanvaarding", "overdrachten/begin", "overdrachten/teruggave"]
    {
        take(&house, name, 1).await;
        seen.push(file(&house).await["overdrachten"][0]["veiligThuisVerantwoordelijk"].clone());
        if name == "overdrachten" {
            let refused = house.post(at(1, "sluiting"), &close).await.is(409);
            assert!(refused.text().contains("een overdracht is nog niet aanvaard"));
        }
    }
    assert_eq!(seen, [true, false, false, true]);
    let refused = house.post(at(1, "sluiting"), &close).await.is(409);
    assert!(refused.text().contains("teruggegeven en er is geen andere aanvaard"));
    let refused =
        house.post(at(1, "overdrachten/aanvaarding"), &step("overdrachten/aanvaarding", 1).1);
    assert!(refused.await.is(409).text().contains("al teruggegeven"));
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn whom_to_call_at_the_other_organisation_is_sealed_and_stands_on_the_time_line(
    pool: PgPool,
) {
    let house = case(&pool).await;
    take(&house, "overdrachten", 1).await;
    let line = house.get(at(1, "tijdlijn")).await.json();
    let sent = line["gebeurtenissen"].as_array().unwrap().last().unwrap().clone();
    let receiver = json!({ "organisatie": "Testorganisatie", "contactpersoon": "Testpersoon" });
    assert_eq!((&sent["wat"], &sent["ontvanger"]), (&json!("overdracht-verzonden"), &receiver));
    let events: Vec<String> =
        sqlx::query_scalar("select body::text from event").fetch_all(&pool).await.unwrap();
    assert!(events.iter().all(|it| !it.contains("Testpersoon") && !it.contains("toelichting")));
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn a_household_that_moves_goes_to_one_other_region_at_a_time_and_never_to_the_own(
    pool: PgPool,
) {
    let house = case(&pool).await;
    let before = stored(&pool).await;
    let offer = step("regio-overdrachten", 1).1;
    let own = but(offer.clone(), "/naar", "VT02");
    house
        .post(at(1, "regio-overdrachten"), &own)
        .await
        .names(&[("/naar", "dit is de eigen regio")]);
    let own = but(step("regio-overdrachten/overname", 1).1, "/van", "VT02");
    house
        .post(at(1, "regio-overdrachten/overname"), &own)
        .await
        .names(&[("/van", "dit is de eigen regio")]);
    assert_eq!(stored(&pool).await, before);

    take(&house, "regio-overdrachten", 1).await;
    let second = but(offer, "/overdracht", json!(id(0x60)));
    let refused = house.post(at(1, "regio-overdrachten"), &second).await.is(409);
    assert!(refused.text().contains("er wacht al een overdracht"));
    let no_answer = but(step("regio-overdrachten/antwoord", 1).1, "/aanvaard", "niet-gevraagd");
    house
        .post(at(1, "regio-overdrachten/antwoord"), &no_answer)
        .await
        .names(&[("/aanvaard", "het antwoord is ja of nee")]);
    let moved = json!({ "op": "2026-06-30", "uitkomst": "verhuisd-andere-regio" });
    house.post(at(1, "sluiting"), &moved).await.is(409);
    take(&house, "regio-overdrachten/antwoord", 1).await;
    assert_eq!(file(&house).await["regioOverdrachten"][0]["aanvaard"], "ja");
    house.post(at(1, "sluiting"), &moved).await.is(200);
    // The other region has a log of its own, in which nothing of this stands.
    house.get(format!("/v1/casussen/{}", id(1))).of("VT04").await.is(404);
}

/// Wet tijdelijk huisverbod art. 2 lid 1 and art. 9 lid 1.
#[sqlx::test(migrator = "store::MIGRATOR")]
async fn a_huisverbod_lasts_ten_days_and_four_weeks_in_all(pool: PgPool) {
    let mut house = case(&pool).await;
    let impose = step("maatregelen", 1).1;
    let too_long = but(impose.clone(), "/tot", "2026-07-11");
    house.post(at(1, "maatregelen"), &too_long).await.names(&[("/tot", "ligt na 2026-07-10")]);
    let nobody = but(impose, "/persoon", json!(id(99)));
    house.post(at(1, "maatregelen"), &nobody).await.is(409);
    take(&house, "maatregelen", 1).await;
    let extend = |on: &str, until: &str| json!({ "maatregel": id(IT), "op": on, "tot": until });
    let path = at(1, "maatregelen/verlenging");
    house
        .post(&path, &extend("2026-06-30", "2026-07-29"))
        .await
        .names(&[("/tot", "ligt na 2026-07-28")]);
    house.moves_to("2026-07-13");
    let lapsed = house.post(&path, &extend("2026-07-11", "2026-07-28")).await.is(409);
    assert!(lapsed.text().contains("al verlopen"));
    house.post(&path, &extend("2026-07-10", "2026-07-28")).await.is(200);
    let it = file(&house).await["maatregelen"][0].clone();
    assert_eq!(
        (&it["stand"], &it["tot"], &it["verlengd"]),
        (&json!("opgelegd"), &json!("2026-07-28"), &json!(true))
    );
    assert_eq!((&it["persoon"], &it["geraadpleegd"]), (&json!(id(MAN)), &json!("ja")));
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn a_measure_that_was_considered_is_on_file_and_was_not_imposed(pool: PgPool) {
    let house = case(&pool).await;
    take(&house, "maatregelen/overwegingen", 1).await;
    let it = file(&house).await["maatregelen"][0].clone();
    assert_eq!((&it["stand"], &it["soort"]), (&json!("overwogen"), &json!("aware")));
    let end = step("maatregelen/beeindiging", 1).1;
    let refused = house.post(at(1, "maatregelen/beeindiging"), &end).await.is(409);
    assert!(refused.text().contains("overwogen en niet opgelegd"));
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn partners_of_several_disciplines_take_part_or_not(pool: PgPool) {
    let house = case(&pool).await;
    take(&house, "multidisciplinair", 1).await;
    let wrong = but(step("multidisciplinair/antwoorden", 1).1, "/discipline", "opvang");
    let wrong = but(wrong, "/aanvaard", "onbekend");
    house
        .post(at(1, "multidisciplinair/antwoorden"), &wrong)
        .await
        .names(&[("/aanvaard", "ja of nee"), ("/discipline", "opvang doet niet mee")]);
    take(&house, "multidisciplinair/antwoorden", 1).await;
    let it = file(&house).await["multidisciplinair"][0].clone();
    let partners = json!([
        { "discipline": "medisch", "op": null, "aanvaard": null },
        { "discipline": "politie", "op": "2026-06-30", "aanvaard": "ja" },
    ]);
    assert_eq!(it["partners"], partners);
    take(&house, "multidisciplinair/beeindiging", 1).await;
    assert_eq!(file(&house).await["multidisciplinair"][0]["beeindigdOp"], "2026-06-30");
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn the_junction_is_asked_about_forced_marriage_and_abandonment_only(pool: PgPool) {
    let house = case(&pool).await;
    let other = but(step("knooppunt", 1).1, "/vorm", "kindermishandeling");
    let why = "het knooppunt is er voor huwelijksdwang en achterlating";
    house.post(at(1, "knooppunt"), &other).await.names(&[("/vorm", why)]);
    for name in ["knooppunt", "knooppunt/antwoord", "knooppunt/afronding"] {
        take(&house, name, 1).await;
    }
    let it = file(&house).await["knooppunt"][0].clone();
    assert_eq!(
        (&it["beantwoordOp"], &it["uitkomst"]),
        (&json!("2026-06-30"), &json!("advies-gegeven"))
    );
}
