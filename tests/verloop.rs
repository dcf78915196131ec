//! The process of a household in the yearly report: what was decided, done and met stands in the chapter on it, in the year in which it
//! happened, and only in reports as known after it was recorded.

use crate::house::{House, id};
use crate::told::{MAN, WOMAN, assess, but, melding, receive_melding};
use serde_json::{Value, json};
use sqlx::PgPool;

const CASE: &str = "/v1/casussen/00000000-0000-0000-0000-0000000000ca";
const OURS: &str = "vervolgstappen-bij-veilig-thuis";
/// Whatever a step is about: numbers are those of one casus and one topic.
const IT: u128 = 0x50;
const ANOTHER: u128 = 0x51;

async fn step(house: &House, path: &str, body: Value) {
    house.post(format!("{CASE}/{path}"), &body).await.is(200);
}

async fn report(house: &House, query: &str) -> Value {
    house.get(format!("/v1/trendrapporten/2026{query}")).await.is(200).json()
}

/// What a cell of 2026 shows, by its codes along all dimensions; zero where it was never counted.
fn shows(report: &Value, table: &str, codes: &[&str]) -> i64 {
    let tables = report["tabellen"].as_array().unwrap();
    let table = tables.iter().find(|it| it["id"] == table).unwrap();
    let names = table["dimensies"].as_array().unwrap();
    assert_eq!(names.len(), codes.len() + 1, "{names:?}");
    let is_it = |cell: &&Value| {
        let same = |(name, code): (&Value, &&str)| cell[name.as_str().unwrap()] == **code;
        cell["jaar"] == 2026 && names.iter().zip(codes).all(same)
    };
    let found = table["cellen"].as_array().unwrap().iter().find(is_it);
    found.map_or(0, |cell| cell["waarde"].as_i64().unwrap())
}

fn show(report: &Value, expected: &[(&str, &[&str], i64)]) {
    for (table, codes, count) in expected {
        assert_eq!(shows(report, table, codes), *count, "{table} {codes:?}");
    }
}

/// Told of on a Monday, assessed in time, investigated from two weeks after that; judged in March.
async fn investigated(pool: &PgPool) -> House {
    let mut house = House::on("2026-01-05", pool).await;
    receive_melding(&house, 1, &melding("2026-01-05")).await;
    house.moves_to("2026-01-12");
    assess(&house, 1, "2026-01-12", OURS).await;
    house.put(CASE, &json!({ "geopendOp": "2026-01-12", "meldingen": [id(1)] })).await.is(201);
    for (person, role) in [(WOMAN, "slachtoffer"), (MAN, "pleger")] {
        let told = json!({ "persoon": id(person), "rollen": [role], "vanaf": "2026-01-12" });
        step(&house, "betrokkenen", told).await;
    }
    let forms = json!(["kindermishandeling", "ex-partnergeweld"]);
    let decided = json!({ "onderzoek": id(IT), "melding": id(1), "vormen": forms });
    step(&house, "onderzoeken", decided).await;
    house.moves_to("2026-01-26");
    step(&house, "onderzoeken/begin", json!({ "onderzoek": id(IT), "op": "2026-01-26" })).await;
    let informed = json!({ "persoon": id(WOMAN), "op": "2026-01-26", "wijze": "mondeling" });
    step(&house, "informeren", informed).await;
    house.moves_to("2026-03-16");
    let judged = json!({ "onderzoek": id(IT), "op": "2026-03-16", "bevindingen": [
        { "vorm": "kindermishandeling", "uitkomst": "bevestigd", "aard": ["psychisch-geweld"] },
        { "vorm": "ex-partnergeweld", "uitkomst": "niet-bevestigd" },
    ] });
    step(&house, "onderzoeken/oordeel", judged).await;
    house
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn an_investigation_stands_in_the_report_by_what_it_judged_and_whether_it_was_in_time(
    pool: PgPool,
) {
    let house = investigated(&pool).await;
    show(
        &report(&house, "").await,
        &[
            ("casussen", &["geopend"], 1),
            ("casussen", &["gesloten"], 0),
            ("casussen-naar-gemeente", &["geopend", "0106"], 1),
            ("wachtlijst", &["onderzoek", "wacht"], 0),
            ("wachttijd-onderzoek", &["2-tot-4-weken"], 1),
            ("onderzoeken-afgerond", &["niet-voortijdig-afgesloten"], 1),
            ("onderzoeken-naar-uitkomst", &["kindermishandeling", "bevestigd"], 1),
            ("onderzoeken-naar-uitkomst", &["ex-partnergeweld", "niet-bevestigd"], 1),
            ("onderzoeken-naar-uitkomst", &["ex-partnergeweld", "bevestigd"], 0),
            ("vastgestelde-aard", &["psychisch-geweld"], 1),
            ("doorlooptijd-onderzoek", &["5-tot-en-met-10-weken"], 1),
            ("termijnen-naar-soort", &["veiligheidsbeoordeling", "binnen-termijn"], 1),
            ("termijnen-naar-soort", &["onderzoek-begin", "te-laat"], 1),
            ("termijnen-naar-soort", &["onderzoek", "binnen-termijn"], 1),
            ("termijnen-naar-gemeente", &["0106", "totaal"], 4),
            ("beoordelingen-naar-gemeente", &["0106", "binnen-termijn"], 1),
            ("informeren-binnen-norm", &["binnen-termijn", "totaal"], 1),
            ("informeren-binnen-norm", &["nog-niet", "totaal"], 1),
        ],
    );
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn as_known_on_an_earlier_date_the_process_is_as_far_as_it_was(pool: PgPool) {
    let mut house = investigated(&pool).await;
    let waiting = report(&house, "?zoalsBekendOp=2026-01-20").await;
    house.moves_to("2026-07-20");
    for (known, waits, judged) in [("2026-01-20", 1, 0), ("2026-02-01", 0, 0), ("2026-04-01", 0, 1)]
    {
        let then = report(&house, &format!("?zoalsBekendOp={known}")).await;
        let expected: [(&str, &[&str], i64); 2] = [
            ("wachtlijst", &["onderzoek", "wacht"], waits),
            ("onderzoeken-afgerond", &["totaal"], judged),
        ];
        show(&then, &expected);
    }
    assert_eq!(report(&house, "?zoalsBekendOp=2026-01-20").await, waiting);
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn a_handover_that_is_recorded_late_shows_only_in_reports_as_known_after_it(pool: PgPool) {
    let mut house = investigated(&pool).await;
    house.moves_to("2026-07-20");
    let sent = json!({ "overdracht": id(IT), "op": "2026-03-17", "soortOrganisatie": "lokaal-veld", "warm": "ja" });
    step(&house, "overdrachten", sent).await;
    let before = report(&house, "?zoalsBekendOp=2026-07-01").await;
    show(&before, &[("overdrachten-aanvaard", &["totaal"], 0)]);
    let sent = report(&house, "").await;
    show(
        &sent,
        &[
            ("overdrachten-aanvaard", &["totaal"], 1),
            ("overdrachten-aanvaard", &["nog-geen-antwoord"], 1),
            ("overdrachten-aanvaard", &["aanvaard"], 0),
        ],
    );
    // Accepted is what the other said, on the day on which it is known here.
    house.moves_to("2026-07-22");
    step(&house, "overdrachten/aanvaarding", json!({ "overdracht": id(IT), "op": "2026-03-20" }))
        .await;
    house.moves_to("2026-07-24");
    let accepted = report(&house, "").await;
    show(
        &accepted,
        &[
            ("overdrachten-aanvaard", &["hulp-nog-niet-begonnen"], 1),
            ("overdrachten-naar-soort-organisatie", &["lokaal-veld", "aanvaard"], 1),
            ("overdrachten-tijd-tot-aanvaarding", &["1-7-dagen"], 1),
        ],
    );
    let then = report(&house, "?zoalsBekendOp=2026-07-21").await;
    show(&then, &[("overdrachten-aanvaard", &["nog-geen-antwoord"], 1)]);
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn what_is_done_with_others_and_what_is_watched_over_is_counted(pool: PgPool) {
    let house = investigated(&pool).await;
    let on = "2026-03-16";
    for (path, body) in [
        (
            "maatregelen",
            json!({ "maatregel": id(IT), "soort": "tijdelijk-huisverbod", "op": on, "geraadpleegd": "ja" }),
        ),
        (
            "maatregelen/overwegingen",
            json!({ "maatregel": id(ANOTHER), "soort": "aware", "op": on, "geraadpleegd": "nee" }),
        ),
        (
            "multidisciplinair",
            json!({ "aanpak": id(IT), "op": on, "reden": "ernstig-en-complex", "disciplines": ["politie", "medisch"] }),
        ),
        (
            "multidisciplinair/antwoorden",
            json!({ "aanpak": id(IT), "op": on, "discipline": "politie", "aanvaard": "ja" }),
        ),
        ("knooppunt", json!({ "overleg": id(IT), "op": on, "vorm": "huwelijksdwang" })),
        ("kennisgevingen", json!({ "aan": "melder", "op": on })),
        ("monitoring", json!({ "op": on })),
        ("monitoring/momenten", json!({ "moment": id(IT), "op": on, "geplandOp": "2026-06-15" })),
        (
            "monitoring/momenten",
            json!({ "moment": id(ANOTHER), "op": on, "geplandOp": "2026-09-15" }),
        ),
        (
            "monitoring/bevindingen",
            json!({ "moment": id(IT), "op": on, "veilig": "ja", "door": "professional" }),
        ),
        (
            "regio-overdrachten",
            json!({ "overdracht": id(IT), "op": on, "naar": "VT08", "reden": "verhuizing" }),
        ),
        ("voorvallen", json!({ "voorval": id(IT), "op": on, "soort": "klacht" })),
        ("voorvallen/afhandeling", json!({ "voorval": id(IT), "op": on, "uitkomst": "ongegrond" })),
    ] {
        step(&house, path, body).await;
    }
    show(
        &report(&house, "").await,
        &[
            ("maatregelen", &["tijdelijk-huisverbod", "opgelegd"], 1),
            ("maatregelen", &["aware", "overwogen"], 1),
            ("huisverboden-raadpleging", &["ja"], 1),
            ("multidisciplinaire-aanpak", &["ernstig-en-complex", "nog-geen-antwoord"], 1),
            ("multidisciplinaire-aanpak-naar-discipline", &["politie", "ja"], 1),
            ("multidisciplinaire-aanpak-naar-discipline", &["medisch", "nog-geen-antwoord"], 1),
            ("knooppunt", &["huwelijksdwang", "nog-niet-afgerond"], 1),
            ("kennisgevingen", &["melder"], 1),
            ("monitoring", &["veilig"], 1),
            ("monitoring", &["gepland"], 1),
            ("monitoring-door", &["professional"], 1),
            ("regio-overdrachten", &["nog-geen-antwoord"], 1),
            ("regio-overdrachten-naar-regio", &["aangeboden", "VT08"], 1),
            ("voorvallen", &["klacht", "ongegrond"], 1),
            ("klachten", &["ongegrond"], 1),
        ],
    );
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn a_melding_that_changes_the_follow_up_ends_the_investigation_and_counts(pool: PgPool) {
    let mut house = House::on("2026-01-05", &pool).await;
    for (number, municipality) in [(1, "0106"), (2, "0114")] {
        let told = but(melding("2026-01-05"), "/gemeente", municipality);
        receive_melding(&house, number, &told).await;
    }
    assess(&house, 1, "2026-01-05", OURS).await;
    let opened = json!({ "geopendOp": "2026-01-05", "meldingen": [id(1), id(2)] });
    house.put(CASE, &opened).await.is(201);
    let decided =
        json!({ "onderzoek": id(IT), "melding": id(1), "vormen": ["kindermishandeling"] });
    step(&house, "onderzoeken", decided).await;
    house.moves_to("2026-01-20");
    assess(&house, 2, "2026-01-20", "overdracht").await;
    show(
        &report(&house, "").await,
        &[
            ("vervolg-aangepast", &["overdracht"], 1),
            ("onderzoeken-afgerond", &["besluit-aangepast"], 1),
            ("wachtlijst", &["onderzoek", "vervallen"], 1),
            ("termijnen-naar-soort", &["onderzoek", "totaal"], 0),
            ("beoordelingen-naar-gemeente", &["0106", "binnen-termijn"], 1),
            ("beoordelingen-naar-gemeente", &["0114", "te-laat"], 1),
        ],
    );
}
