//! `/v1/werklijst`: meldingen that wait for their safety assessment, most urgent first, with the exact count.

use crate::house::{House, id};
use crate::told::{MAN, WOMAN, assess, but, melding, receive_melding};
use serde_json::{Value, json};
use sqlx::PgPool;

const LIST: &str = "/v1/werklijst";

async fn waiting(house: &House, query: &str) -> Value {
    house.get(format!("{LIST}{query}")).await.is(200).json()
}

fn meldingen(page: &Value) -> Vec<Value> {
    page["regels"].as_array().unwrap().iter().map(|it| it["melding"].clone()).collect()
}

/// Five meldingen, told in another order than that in which they lapse.
async fn five(house: &House) {
    for (number, on) in [
        (1, "2026-06-30"),
        (2, "2026-06-15"),
        (3, "2026-06-29"),
        (4, "2026-06-16"),
        (5, "2026-06-15"),
    ] {
        receive_melding(house, number, &melding(on)).await;
    }
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn the_most_urgent_stands_first_and_the_count_is_exact(pool: PgPool) {
    let house = House::on("2026-06-30", &pool).await;
    five(&house).await;
    let page = waiting(&house, "").await;
    assert_eq!(page["aantal"], 5);
    assert_eq!(meldingen(&page), [2, 5, 4, 3, 1].map(|it| json!(id(it))));
    assert_eq!(page["aantallen"], json!({ "veiligheidsbeoordeling": 5 }));
    let first = json!({
        "soort": "veiligheidsbeoordeling", "soortLabel": "Veiligheidsbeoordeling", "melding": id(2), "betreft": id(2),
        "vanaf": "2026-06-15", "vervaltOp": "2026-06-22", "teLaat": true, "nadert": false, "gemeente": "0106",
        "acuutGevaar": "nee", "acuutGevaarLabel": "Nee", "behandelaar": null, "team": null,
    });
    assert_eq!(page["regels"][0], first);
    assert_eq!(page["regels"][4]["teLaat"], false);
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn pages_follow_each_other_without_gap_or_repetition(pool: PgPool) {
    let house = House::on("2026-06-30", &pool).await;
    five(&house).await;
    let (mut seen, mut query) = (Vec::new(), "?aantal=2".to_owned());
    loop {
        let page = waiting(&house, &query).await;
        assert_eq!(page["aantal"], 5);
        seen.extend(meldingen(&page));
        let Some(next) = page["volgende"].as_str() else { break };
        query = format!("?aantal=2&na={next}");
    }
    assert_eq!(seen, [2, 5, 4, 3, 1].map(|it| json!(id(it))));
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn a_worker_can_ask_for_what_lapses_before_a_day(pool: PgPool) {
    let house = House::on("2026-06-30", &pool).await;
    five(&house).await;
    let page = waiting(&house, "?soort=veiligheidsbeoordeling&vervaltVoor=2026-06-23").await;
    assert_eq!(meldingen(&page), [2, 5].map(|it| json!(id(it))));
    assert_eq!(page["aantal"], 2);
    assert_eq!(waiting(&house, "?vervaltVoor=2026-06-22").await["aantal"], 0);
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn an_assessed_or_withdrawn_melding_waits_no_longer(pool: PgPool) {
    let house = House::on("2026-06-30", &pool).await;
    five(&house).await;
    assess(&house, 2, "2026-06-30", "overdracht").await;
    let why = json!({ "op": "2026-06-30", "reden": "dubbele-registratie" });
    house.post(format!("/v1/meldingen/{}/intrekking", id(5)), &why).await.is(200);
    let page = waiting(&house, "").await;
    assert_eq!(meldingen(&page), [4, 3, 1].map(|it| json!(id(it))));
    assert_eq!(page["aantal"], 3);
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn a_correction_moves_a_melding_on_the_list(pool: PgPool) {
    let house = House::on("2026-06-30", &pool).await;
    let told = but(melding("2026-06-29"), "/acuutGevaar", "ja");
    receive_melding(&house, 1, &told).await;
    let correction =
        json!({ "reden": "invoerfout", "ontvangenOp": "2026-06-26", "gemeente": "0114" });
    house.post(format!("/v1/meldingen/{}/correcties", id(1)), &correction).await.is(200);
    let line = &waiting(&house, "").await["regels"][0];
    assert_eq!(line["vanaf"], "2026-06-26");
    assert_eq!(line["vervaltOp"], "2026-07-03");
    assert_eq!(line["gemeente"], "0114");
    assert_eq!(line["acuutGevaarLabel"], "Ja");
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn a_wrong_question_is_answered_with_what_is_right(pool: PgPool) {
    let house = House::on("2026-06-30", &pool).await;
    let wrong = [
        ("soort=iets", "soort", "kies uit: veiligheidsbeoordeling"),
        ("behandelaar=iemand", "behandelaar", "geen UUID"),
        ("team=nachtdienst", "team", "geen UUID"),
        ("gemeente=Assen", "gemeente", "geen Nederlandse gemeentecode"),
        ("vervaltVoor=morgen", "vervaltVoor", "JJJJ-MM-DD"),
        ("vervaltVoor=2026-6-1", "vervaltVoor", "JJJJ-MM-DD"),
        ("vervaltVoor=%2B99999-01-01", "vervaltVoor", "JJJJ-MM-DD"),
        ("aantal=0", "aantal", "1 tot 500"),
        ("aantal=501", "aantal", "1 tot 500"),
        ("aantal=veel", "aantal", "1 tot 500"),
        ("vervaltVoor=-262143-01-01", "vervaltVoor", "JJJJ-MM-DD"),
        ("na=overal", "na", "volgende"),
        ("na=-262143-01-01_00000000-0000-0000-0000-000000000001", "na", "volgende"),
        ("na=2026-06-22_1", "na", "volgende"),
        ("na=2026-06-22_iets_1_2", "na", "volgende"),
        ("volgorde=op", "volgorde", "onbekende sleutel"),
    ];
    for (query, key, why) in wrong {
        house.get(format!("{LIST}?{query}")).await.names(&[(key, why)]);
    }
    let both = house.get(format!("{LIST}?team=x&aantal=0")).await;
    both.names(&[("aantal", "1 tot 500"), ("team", "geen UUID")]);
}

const CASE: &str = "/v1/casussen/00000000-0000-0000-0000-000000000077";

/// A casus about a melding that is to be followed up here, with two people who are to be informed.
async fn followed_up(house: &House, on: &str) {
    receive_melding(house, 1, &melding(on)).await;
    assess(house, 1, on, "vervolgstappen-bij-veilig-thuis").await;
    house.put(CASE, &json!({ "geopendOp": on, "meldingen": [id(1)] })).await.is(201);
    for (person, role) in [(WOMAN, "slachtoffer"), (MAN, "pleger")] {
        let told = json!({ "persoon": id(person), "rollen": [role], "vanaf": on });
        house.post(format!("{CASE}/betrokkenen"), &told).await.is(200);
    }
    let decided =
        json!({ "onderzoek": id(30), "melding": id(1), "vormen": ["huiselijk-geweld-overig"] });
    house.post(format!("{CASE}/onderzoeken"), &decided).await.is(200);
}

fn kinds(page: &Value) -> Vec<&str> {
    page["regels"].as_array().unwrap().iter().map(|it| it["soort"].as_str().unwrap()).collect()
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn every_open_term_of_a_casus_stands_on_the_list_until_it_is_met(pool: PgPool) {
    let mut house = House::on("2026-06-01", &pool).await;
    followed_up(&house, "2026-06-01").await;
    let page = waiting(&house, "").await;
    let expected = ["onderzoek-begin", "informeren", "informeren", "onderzoek"];
    assert_eq!(kinds(&page), expected);
    assert_eq!(page["aantallen"], json!({ "informeren": 2, "onderzoek": 1, "onderzoek-begin": 1 }));
    let due: Vec<&Value> =
        page["regels"].as_array().unwrap().iter().map(|it| &it["vervaltOp"]).collect();
    assert_eq!(due, ["2026-06-08", "2026-06-29", "2026-06-29", "2026-08-10"]);
    assert_eq!(page["regels"][0]["casus"], json!("00000000-0000-0000-0000-000000000077"));
    assert_eq!(page["regels"][3]["betreft"], json!(id(30)));

    house.moves_to("2026-06-03");
    let begun = json!({ "onderzoek": id(30), "op": "2026-06-03" });
    house.post(format!("{CASE}/onderzoeken/begin"), &begun).await.is(200);
    let told = json!({ "persoon": id(WOMAN), "op": "2026-06-03", "wijze": "telefonisch" });
    house.post(format!("{CASE}/informeren"), &told).await.is(200);
    assert_eq!(kinds(&waiting(&house, "").await), ["informeren", "onderzoek"]);
    assert_eq!(kinds(&waiting(&house, "?soort=onderzoek,overdracht").await), ["onderzoek"]);

    // While terms stand still there is no last day: it comes after all that have one.
    let suspended = json!({ "op": "2026-06-03", "reden": "wacht-op-derden" });
    house.post(format!("{CASE}/opschortingen"), &suspended).await.is(200);
    let page = waiting(&house, "").await;
    assert_eq!(kinds(&page), ["informeren", "onderzoek"]);
    assert_eq!(page["regels"][1]["vervaltOp"], json!(null));
    let next = waiting(&house, "?aantal=1").await["volgende"].as_str().unwrap().to_owned();
    assert_eq!(kinds(&waiting(&house, &format!("?aantal=1&na={next}")).await), ["onderzoek"]);
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn somebody_is_warned_before_a_term_passes(pool: PgPool) {
    let mut house = House::on("2026-06-01", &pool).await;
    receive_melding(&house, 1, &melding("2026-06-01")).await;
    for (day, late, near) in [
        ("2026-06-03", false, false),
        ("2026-06-04", false, true),
        ("2026-06-08", false, true),
        ("2026-06-09", true, false),
    ] {
        house.moves_to(day);
        let line = &waiting(&house, "").await["regels"][0];
        assert_eq!((&line["teLaat"], &line["nadert"]), (&json!(late), &json!(near)), "{day}");
    }
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn a_worker_and_a_team_see_what_is_theirs_and_together_they_see_all(pool: PgPool) {
    let house = House::on("2026-06-30", &pool).await;
    five(&house).await;
    let (me, other, team) = (House::worker(), id(0xB0), id(0xB1));
    let given = [(1, me, None), (2, other, Some(team)), (4, me, Some(team))];
    for (number, worker, team) in given {
        let mut told = json!({ "behandelaar": worker, "op": "2026-06-30" });
        if let Some(team) = team {
            told["team"] = json!(team);
        }
        house.post(format!("/v1/meldingen/{}/toewijzingen", id(number)), &told).await.is(200);
    }
    let ids = |numbers: &[u128]| numbers.iter().map(|it| json!(id(*it))).collect::<Vec<_>>();
    assert_eq!(meldingen(&waiting(&house, "?behandelaar=mij").await), ids(&[4, 1]));
    assert_eq!(meldingen(&waiting(&house, &format!("?behandelaar={other}")).await), ids(&[2]));
    assert_eq!(meldingen(&waiting(&house, &format!("?team={team}")).await), ids(&[2, 4]));
    assert_eq!(waiting(&house, "").await["aantal"], 5);
    // Whoever is given it instead has it; the team of the one before goes with him.
    let told = json!({ "behandelaar": me, "op": "2026-06-30" });
    house.post(format!("/v1/meldingen/{}/toewijzingen", id(2)), &told).await.is(200);
    assert_eq!(meldingen(&waiting(&house, &format!("?team={team}")).await), ids(&[4]));
    let manager = house.get(LIST).by(domain::access::Role::Manager).await.is(200);
    assert_eq!(manager.json()["aantal"], 5);
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn the_waiting_list_holds_what_was_decided_and_nobody_began(pool: PgPool) {
    let mut house = House::on("2026-06-01", &pool).await;
    followed_up(&house, "2026-06-01").await;
    let service = json!({ "dienst": id(40), "melding": id(1) });
    house.post(format!("{CASE}/voorwaarden"), &service).await.is(200);
    house.moves_to("2026-06-11");
    let list = house.get("/v1/wachtlijst").await.is(200).json();
    assert_eq!(list["aantallen"], json!({ "onderzoek-begin": 1, "voorwaarden-begin": 1 }));
    assert_eq!(list["regels"][0]["wachtDagen"], 10);
    assert_eq!(list["regels"][0]["teLaat"], true);
    // No length is known for the other: it comes last, and is never late.
    assert_eq!(
        (&list["regels"][1]["vervaltOp"], &list["regels"][1]["teLaat"]),
        (&json!(null), &json!(false))
    );
    let begun = json!({ "onderzoek": id(30), "op": "2026-06-11" });
    house.post(format!("{CASE}/onderzoeken/begin"), &begun).await.is(200);
    assert_eq!(house.get("/v1/wachtlijst").await.json()["aantal"], 1);
    house.get("/v1/wachtlijst?soort=onderzoek").await.names(&[("soort", "onbekende sleutel")]);
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn a_closed_casus_leaves_only_the_duty_to_inform_and_incidents(pool: PgPool) {
    let house = House::on("2026-06-01", &pool).await;
    followed_up(&house, "2026-06-01").await;
    let ended = json!({ "onderzoek": id(30), "op": "2026-06-01", "reden": "anders" });
    house.post(format!("{CASE}/onderzoeken/beeindiging"), &ended).await.is(200);
    let complaint = json!({ "voorval": id(50), "op": "2026-06-01", "soort": "klacht" });
    house.post(format!("{CASE}/voorvallen"), &complaint).await.is(200);
    let imposed = json!({ "maatregel": id(51), "op": "2026-06-01", "soort": "tijdelijk-huisverbod",
        "geraadpleegd": "ja" });
    house.post(format!("{CASE}/maatregelen"), &imposed).await.is(200);
    assert_eq!(kinds(&waiting(&house, "?soort=maatregel").await), ["maatregel"]);
    let closed = json!({ "op": "2026-06-01", "uitkomst": "hulp-belegd" });
    house.post(format!("{CASE}/sluiting"), &closed).await.is(200);
    assert_eq!(kinds(&waiting(&house, "").await), ["informeren", "informeren", "voorval"]);
}
