//! `/v1/casussen/{id}/onderzoeken` and `…/voorwaarden`: the services of Veilig Thuis, and what a second melding does to them.

use crate::house::{House, id, stored};
use crate::steps::{CONDITION, IT, at, make_case, take};
use crate::told::{MAN, WOMAN, assess, but, melding, receive_melding};
use domain::codes::ADAPTED;
use futures_util::future::join;
use serde_json::{Value, json};
use sqlx::PgPool;

const FIRST: u128 = 1;
const SECOND: u128 = 2;
const OURS: &str = "vervolgstappen-bij-veilig-thuis";

async fn file(house: &House, query: &str) -> Value {
    house.get(format!("/v1/casussen/{}{query}", id(FIRST))).await.is(200).json()
}

/// A term of a file, by its kind.
fn term<'f>(file: &'f Value, kind: &str) -> &'f Value {
    let terms = file["termijnen"].as_array().unwrap();
    terms.iter().find(|it| it["soort"] == kind).unwrap()
}

async fn join_second(house: &House) {
    receive_melding(house, SECOND, &melding("2026-06-30")).await;
    let joins = json!({ "melding": id(SECOND), "op": "2026-06-30" });
    house.post(at(FIRST, "meldingen"), &joins).await.is(200);
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn an_investigation_has_two_starts_and_a_judgement_for_each_form(pool: PgPool) {
    let mut house = House::on("2026-06-30", &pool).await;
    make_case(&house, FIRST).await;
    take(&house, "onderzoeken", FIRST).await;
    house.moves_to("2026-07-07");
    let begun = json!({ "onderzoek": id(IT), "op": "2026-07-07" });
    house.post(at(FIRST, "onderzoeken/begin"), &begun).await.is(200);
    house.moves_to("2026-09-08");
    let findings = json!([
        { "vorm": "ex-partnergeweld", "uitkomst": "bevestigd", "aard": ["psychisch-geweld"] },
        { "vorm": "kindermishandeling", "uitkomst": "weerlegd" },
    ]);
    let judged = json!({ "onderzoek": id(IT), "op": "2026-09-08", "bevindingen": findings });
    house.post(at(FIRST, "onderzoeken/oordeel"), &judged).await.is(200);

    let now = file(&house, "").await;
    let it = &now["onderzoeken"][0];
    assert_eq!(it["formeelBegonnenOp"], "2026-06-29");
    assert_eq!(it["begonnenOp"], "2026-07-07");
    assert_eq!(it["geeindigdOp"], "2026-09-08");
    assert_eq!(it["bevindingen"][0], findings[0]);
    assert_eq!(it["bevindingen"][1]["aard"], json!([]));
    // Five working days after the receipt it was to begin, ten weeks after the decision to be judged.
    let begin = term(&now, "onderzoek-begin");
    assert_eq!(
        (&begin["vervaltOp"], &begin["binnenTermijn"]),
        (&json!("2026-07-06"), &json!(false))
    );
    let judgement = term(&now, "onderzoek");
    assert_eq!(
        (&judgement["vervaltOp"], &judgement["binnenTermijn"]),
        (&json!("2026-09-07"), &json!(false))
    );
    let then = file(&house, "?zoalsBekendOp=2026-07-08").await;
    assert_eq!(then["onderzoeken"][0]["bevindingen"], json!(null));
    assert_eq!(term(&then, "onderzoek")["gehaaldOp"], json!(null));
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn everything_that_is_wrong_with_a_judgement_is_named_at_once(pool: PgPool) {
    let house = House::on("2026-06-30", &pool).await;
    make_case(&house, FIRST).await;
    take(&house, "onderzoeken", FIRST).await;
    take(&house, "onderzoeken/begin", FIRST).await;
    let before = stored(&pool).await;
    let finding =
        json!({ "vorm": "stalking", "uitkomst": "weerlegd", "aard": ["psychisch-geweld"] });
    let judged = json!({
        "onderzoek": id(IT), "op": "2026-06-29", "bevindingen": [finding, finding],
    });
    house.post(at(FIRST, "onderzoeken/oordeel"), &judged).await.names(&[
        ("/bevindingen", "bij de vorm stalking staat een aard"),
        ("/bevindingen", "de vorm stalking staat er twee keer in"),
        ("/bevindingen", "over de vorm ex-partnergeweld staat er geen oordeel"),
        ("/op", "ligt voor 2026-06-30, toen de vorige stap was"),
    ]);
    let unknown =
        but(judged, "/bevindingen", json!([{ "vorm": "x", "uitkomst": "y", "aard": ["z"] }]));
    house.post(at(FIRST, "onderzoeken/oordeel"), &unknown).await.names(&[
        ("/bevindingen/0/aard/0", "'z' staat niet in de codelijst aard"),
        ("/bevindingen/0/uitkomst", "'y' staat niet in de codelijst uitkomst-onderzoek"),
        ("/bevindingen/0/vorm", "'x' staat niet in de codelijst vorm"),
    ]);
    assert_eq!(stored(&pool).await, before);
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn a_service_follows_only_on_a_decision_that_the_next_steps_are_ours(pool: PgPool) {
    let house = House::on("2026-06-30", &pool).await;
    make_case(&house, FIRST).await;
    join_second(&house).await;
    let decide =
        |melding| json!({ "onderzoek": id(IT), "melding": id(melding), "vormen": ["stalking"] });
    let refused = house.post(at(FIRST, "onderzoeken"), &decide(SECOND)).await.is(409);
    assert!(refused.text().contains("over deze melding is niet besloten"));
    assess(&house, SECOND, "2026-06-30", "overdracht").await;
    let refused = house.post(at(FIRST, "onderzoeken"), &decide(FIRST)).await.is(409);
    assert!(refused.text().contains("aangepast vanwege een latere melding"));
}

/// Informatieprotocol 2025 par. 3.1.2.
#[sqlx::test(migrator = "store::MIGRATOR")]
async fn a_second_decision_that_changes_the_follow_up_closes_the_investigation_and_leaves_the_first(
    pool: PgPool,
) {
    let mut house = House::on("2026-06-30", &pool).await;
    make_case(&house, FIRST).await;
    take(&house, "onderzoeken", FIRST).await;
    join_second(&house).await;
    let untouched = house.get(format!("/v1/meldingen/{}", id(FIRST))).await.body;
    house.moves_to("2026-07-03");
    assess(&house, SECOND, "2026-07-03", "overdracht").await;

    let now = file(&house, "").await;
    assert_eq!(
        (&now["vervolg"], &now["aangepastVanwege"]),
        (&json!("overdracht"), &json!([id(SECOND)]))
    );
    let decisions: Vec<(&Value, &Value)> = now["besluiten"]
        .as_array()
        .unwrap()
        .iter()
        .map(|it| (&it["op"], &it["uitkomst"]))
        .collect();
    let (first, second) = (json!("2026-06-29"), json!("2026-07-03"));
    assert_eq!(decisions, [(&first, &json!(OURS)), (&second, &json!("overdracht"))]);
    let it = &now["onderzoeken"][0];
    assert_eq!((&it["geeindigdOp"], &it["voortijdig"]), (&json!("2026-07-03"), &json!(ADAPTED)));
    assert_eq!(house.get(format!("/v1/meldingen/{}", id(FIRST))).await.body, untouched);

    let line = house.get(at(FIRST, "tijdlijn")).await.json();
    let line = line["gebeurtenissen"].as_array().unwrap();
    let last = &line[line.len() - 2..];
    assert_eq!(
        (&last[0]["wat"], &last[0]["betreft"]["wijzigtVervolg"]),
        (&json!("besluit"), &json!(OURS))
    );
    assert_eq!(last[1]["wat"], "onderzoek-voortijdig-afgesloten");
    let then = file(&house, "?zoalsBekendOp=2026-07-02").await;
    assert_eq!((&then["vervolg"], &then["aangepastVanwege"]), (&json!(OURS), &json!([])));
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn an_unchanged_follow_up_leaves_the_investigation_running_five_days_and_ten_weeks_from_the_first_melding(
    pool: PgPool,
) {
    let house = House::on("2026-06-30", &pool).await;
    make_case(&house, FIRST).await;
    take(&house, "onderzoeken", FIRST).await;
    join_second(&house).await;
    assert_eq!(term(&file(&house, "").await, "onderzoek")["vervaltOp"], "2026-09-07");
    assess(&house, SECOND, "2026-06-30", OURS).await;
    let now = file(&house, "").await;
    assert_eq!(now["aangepastVanwege"], json!([]));
    assert_eq!(now["onderzoeken"][0]["geeindigdOp"], json!(null));
    // The first was received on Monday 29 June: five working days, and ten weeks.
    assert_eq!(term(&now, "onderzoek")["vervaltOp"], "2026-09-14");
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn what_is_withdrawn_or_corrected_on_a_melding_is_known_in_its_casus(pool: PgPool) {
    let house = House::on("2026-06-30", &pool).await;
    make_case(&house, FIRST).await;
    join_second(&house).await;
    let why = json!({ "op": "2026-06-30", "reden": "meldcode-niet-doorlopen" });
    house.post(format!("/v1/meldingen/{}/intrekking", id(SECOND)), &why).await.is(200);
    let correction =
        json!({ "reden": "verkeerde-gemeente", "gemeente": "0114", "ontvangenOp": "2026-06-28" });
    house.post(format!("/v1/meldingen/{}/correcties", id(FIRST)), &correction).await.is(200);
    let now = file(&house, "").await;
    let (first, second) = (&now["besluiten"][0], &now["besluiten"][1]);
    assert_eq!((&first["gemeente"], &first["ontvangenOp"]), (&json!("0114"), &json!("2026-06-28")));
    assert_eq!(second["omgezetInAdvies"], true);
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn conditions_are_agreed_reviewed_and_the_base_of_what_comes_after(pool: PgPool) {
    let mut house = House::on("2026-06-30", &pool).await;
    make_case(&house, FIRST).await;
    for step in ["voorwaarden", "voorwaarden/begin", "voorwaarden/afspraken"] {
        take(&house, step, FIRST).await;
    }
    house.moves_to("2026-07-31");
    let reviewed =
        json!({ "voorwaarde": id(CONDITION), "op": "2026-07-31", "naleving": "deels-nagekomen" });
    house.post(at(FIRST, "voorwaarden/toetsingen"), &reviewed).await.is(200);
    let ended = json!({ "dienst": id(IT), "op": "2026-07-31", "uitkomst": "veilig" });
    house.post(at(FIRST, "voorwaarden/afronding"), &ended).await.is(200);

    let now = file(&house, "").await;
    let service = &now["voorwaarden"][0];
    assert_eq!(
        (&service["formeelBegonnenOp"], &service["uitkomst"]),
        (&json!("2026-06-29"), &json!("veilig"))
    );
    let condition = &now["afspraken"][0];
    assert_eq!(condition["met"], json!([id(WOMAN), id(MAN)]));
    assert_eq!(condition["getoetst"], json!({ "op": "2026-07-31", "naleving": "deels-nagekomen" }));
    assert_eq!(term(&now, "voorwaarden")["binnenTermijn"], true);
    let then = file(&house, "?zoalsBekendOp=2026-07-01").await;
    assert_eq!(term(&then, "voorwaarde-toetsing")["vervaltOp"], "2026-07-30");
}

/// Two workers decide at the same moment: one wins, in the melding and in its casus alike.
#[sqlx::test(migrator = "store::MIGRATOR")]
async fn of_two_who_decide_at_once_one_wins_in_melding_and_casus_and_the_other_is_told(
    pool: PgPool,
) {
    let house = House::on("2026-06-30", &pool).await;
    make_case(&house, FIRST).await;
    for round in 100..125_u128 {
        receive_melding(&house, round, &melding("2026-06-30")).await;
        let joins = json!({ "melding": id(round), "op": "2026-06-30" });
        house.post(at(FIRST, "meldingen"), &joins).await.is(200);
        let path = format!("/v1/meldingen/{}/veiligheidsbeoordelingen", id(round));
        let decide = |outcome: &str| {
            let ask = house.post(&path, &json!({ "op": "2026-06-30", "uitkomst": outcome }));
            // Half of them say on which reading they decide.
            if round % 2 == 0 { ask.with("if-match", "\"1\"") } else { ask }
        };
        let (one, other) = join(decide(OURS).answer(), decide("overdracht").answer()).await;
        let won = if one.status == 200 { OURS } else { "overdracht" };
        let mut statuses = [one.status, other.status];
        statuses.sort_unstable();
        let told = if round % 2 == 0 { 412 } else { 409 };
        assert!(statuses == [200, told] || statuses == [200, 409], "{statuses:?}");

        let melding = house.get(format!("/v1/meldingen/{}", id(round))).await.json();
        assert_eq!(melding["veiligheidsbeoordeling"]["uitkomst"], won);
        let casus = file(&house, "").await;
        let decisions = casus["besluiten"].as_array().unwrap();
        let in_casus = decisions.iter().find(|it| it["melding"] == json!(id(round))).unwrap();
        assert_eq!((&in_casus["uitkomst"], &casus["vervolg"]), (&json!(won), &json!(won)));
    }
}

/// One records that a melding belongs to a casus while another decides on it: whichever is first, the casus knows the decision.
#[sqlx::test(migrator = "store::MIGRATOR")]
async fn a_melding_that_joins_while_it_is_decided_on_brings_its_decision_along(pool: PgPool) {
    let house = House::on("2026-06-30", &pool).await;
    make_case(&house, FIRST).await;
    for round in 100..140_u128 {
        receive_melding(&house, round, &melding("2026-06-30")).await;
        let joins = json!({ "melding": id(round), "op": "2026-06-30" });
        let joining = house.post(at(FIRST, "meldingen"), &joins);
        let path = format!("/v1/meldingen/{}/veiligheidsbeoordelingen", id(round));
        let decision = json!({ "op": "2026-06-30", "uitkomst": OURS });
        let deciding = house.post(&path, &decision);
        let (joined, decided) = join(joining.answer(), deciding.answer()).await;
        assert_eq!(
            (joined.status, decided.status),
            (200, 200),
            "{} {}",
            joined.text(),
            decided.text()
        );
        let casus = file(&house, "").await;
        let decisions = casus["besluiten"].as_array().unwrap();
        let it = decisions.iter().find(|it| it["melding"] == json!(id(round))).unwrap();
        assert_eq!(it["uitkomst"], OURS, "round {round}");
    }
}
