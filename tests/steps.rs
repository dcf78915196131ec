//! Every step of the process of a casus as somebody tells it: a right body, and which steps have to come before it. One list for all
//! tests that go through the steps; a route without a line here stops them.

use crate::answer::Answer;
use crate::house::{House, id};
use crate::told::{MAN, WOMAN, assess, melding, receive_melding};
use serde_json::{Value, json};
use server::api::{ROUTES, Route};

/// What a step is about, in every casus the same: only within a casus it has to be one thing.
pub(crate) const IT: u128 = 0x50;
pub(crate) const CONDITION: u128 = 0x51;
pub(crate) const ON: &str = "2026-06-30";
pub(crate) const TEXT: &str = "Een toelichting bij deze stap.";
const CASE: &str = "/casussen/{id}/";

/// What has to come before, and the body; the melding of a casus has the number of the casus.
type Step = (&'static [&'static str], Value);

/// The routes of the steps, with the part of the path that names the step.
pub(crate) fn routes() -> impl Iterator<Item = (&'static Route, &'static str)> {
    let steps = ROUTES.iter().filter(|it| it.method == "post");
    steps.filter_map(|it| Some((it, it.path.strip_prefix(CASE)?)))
}

pub(crate) fn step(name: &str, number: u128) -> Step {
    let step = of_the_people(name, number).or_else(|| of_the_services(name, number));
    let step = step.or_else(|| placed_elsewhere(name)).or_else(|| with_partners(name));
    let step = step.or_else(|| watched_over(name, number));
    step.unwrap_or_else(|| panic!("{CASE}{name} has no body here: add one, and what comes before"))
}

fn of_the_people(name: &str, number: u128) -> Option<Step> {
    let pair = melding(ON)["relaties"][0].clone();
    Some(match name {
        "meldingen" => (&[], json!({ "melding": id(other(number)), "op": ON })),
        "betrokkenen" => (&[], json!({ "persoon": id(IT), "rollen": ["getuige"], "vanaf": ON })),
        "relaties" => (&[], json!({ "op": ON, "relatie": pair })),
        "sluiting" => (&[], json!({ "op": ON, "uitkomst": "anders" })),
        "toewijzingen" => (&[], json!({ "behandelaar": id(IT), "team": id(1), "op": ON })),
        "afscherming" => (
            &[],
            json!({
                "op": ON, "reden": "eigen-familie", "medewerkers": [House::worker()], "teams": [id(1)], "uitgesloten": [id(9)],
                "toelichting": TEXT,
            }),
        ),
        "afscherming/opheffing" => (&["afscherming"], json!({ "op": ON, "toelichting": TEXT })),
        "bewaring" => (
            &[],
            json!({ "op": ON, "reden": "schadeclaim", "totEnMet": "2036-06-30", "toelichting": TEXT }),
        ),
        "bewaring/opheffing" => {
            (&["bewaring"], json!({ "op": ON, "reden": "schadeclaim", "toelichting": TEXT }))
        }
        "huishouden/inwoning" => {
            (&[], json!({ "huishouden": id(IT), "persoon": id(WOMAN), "vanaf": "2019-07" }))
        }
        "huishouden/vertrek" => (
            &["huishouden/inwoning"],
            json!({ "huishouden": id(IT), "persoon": id(WOMAN), "tot": "2026-05" }),
        ),
        _ => return None,
    })
}

fn of_the_services(name: &str, number: u128) -> Option<Step> {
    let melding = id(number);
    let finding = json!({ "vorm": "ex-partnergeweld", "uitkomst": "bevestigd", "aard": ["psychisch-geweld"] });
    Some(match name {
        "onderzoeken" => (
            &[],
            json!({ "onderzoek": id(IT), "melding": melding, "vormen": ["ex-partnergeweld"], "toelichting": TEXT }),
        ),
        "onderzoeken/begin" => {
            (&["onderzoeken"], json!({ "onderzoek": id(IT), "op": ON, "toelichting": TEXT }))
        }
        "onderzoeken/oordeel" => (
            &["onderzoeken", "onderzoeken/begin"],
            json!({ "onderzoek": id(IT), "op": ON, "bevindingen": [finding], "toelichting": TEXT }),
        ),
        "onderzoeken/beeindiging" => (
            &["onderzoeken"],
            json!({ "onderzoek": id(IT), "op": ON, "reden": "overleden", "toelichting": TEXT }),
        ),
        "voorwaarden" => {
            (&[], json!({ "dienst": id(IT), "melding": melding, "toelichting": TEXT }))
        }
        "voorwaarden/begin" => {
            (&["voorwaarden"], json!({ "dienst": id(IT), "op": ON, "toelichting": TEXT }))
        }
        "voorwaarden/afspraken" => (
            &["voorwaarden", "voorwaarden/begin"],
            json!({
                "dienst": id(IT), "voorwaarde": id(CONDITION), "op": ON, "met": [id(WOMAN), id(MAN)], "partners": ["lokaal-veld"],
                "toetsenOp": "2026-07-30", "toelichting": TEXT,
            }),
        ),
        "voorwaarden/toetsingen" => (
            &["voorwaarden", "voorwaarden/begin", "voorwaarden/afspraken"],
            json!({ "voorwaarde": id(CONDITION), "op": ON, "naleving": "nagekomen", "toetsenOp": "2026-08-30", "toelichting": TEXT }),
        ),
        "voorwaarden/afronding" => (
            &["voorwaarden", "voorwaarden/begin"],
            json!({ "dienst": id(IT), "op": ON, "uitkomst": "veilig", "toelichting": TEXT }),
        ),
        _ => return None,
    })
}

fn placed_elsewhere(name: &str) -> Option<Step> {
    let receiver = json!({ "organisatie": "Testorganisatie", "contactpersoon": "Testpersoon" });
    Some(match name {
        "overdrachten" => (
            &[],
            json!({
                "overdracht": id(IT), "op": ON, "soortOrganisatie": "lokaal-veld", "warm": "ja", "ontvanger": receiver, "toelichting": TEXT,
            }),
        ),
        "overdrachten/aanvaarding" => {
            (&["overdrachten"], json!({ "overdracht": id(IT), "op": ON, "toelichting": TEXT }))
        }
        "overdrachten/begin" => (
            &["overdrachten", "overdrachten/aanvaarding"],
            json!({ "overdracht": id(IT), "op": ON, "toelichting": TEXT }),
        ),
        "overdrachten/teruggave" => (
            &["overdrachten"],
            json!({ "overdracht": id(IT), "op": ON, "reden": "geen-plaats", "toelichting": TEXT }),
        ),
        "regio-overdrachten" => (
            &[],
            json!({ "overdracht": id(IT), "op": ON, "naar": "VT04", "reden": "verhuizing", "toelichting": TEXT }),
        ),
        "regio-overdrachten/antwoord" => (
            &["regio-overdrachten"],
            json!({ "overdracht": id(IT), "op": ON, "aanvaard": "ja", "toelichting": TEXT }),
        ),
        "regio-overdrachten/overname" => {
            (&[], json!({ "overdracht": id(IT), "op": ON, "van": "VT04", "toelichting": TEXT }))
        }
        _ => return None,
    })
}

fn with_partners(name: &str) -> Option<Step> {
    Some(match name {
        "maatregelen" => (
            &[],
            json!({
                "maatregel": id(IT), "soort": "tijdelijk-huisverbod", "op": ON, "geraadpleegd": "ja", "tot": "2026-07-10", "persoon": id(MAN),
                "toelichting": TEXT,
            }),
        ),
        "maatregelen/overwegingen" => (
            &[],
            json!({ "maatregel": id(IT), "soort": "aware", "op": ON, "geraadpleegd": "nee", "toelichting": TEXT }),
        ),
        "maatregelen/verlenging" => (
            &["maatregelen"],
            json!({ "maatregel": id(IT), "op": ON, "tot": "2026-07-28", "toelichting": TEXT }),
        ),
        "maatregelen/beeindiging" => (
            &["maatregelen"],
            json!({ "maatregel": id(IT), "op": ON, "reden": "ingetrokken", "toelichting": TEXT }),
        ),
        "multidisciplinair" => (
            &[],
            json!({
                "aanpak": id(IT), "op": ON, "reden": "ernstig-en-complex", "disciplines": ["politie", "medisch"], "toelichting": TEXT,
            }),
        ),
        "multidisciplinair/antwoorden" => (
            &["multidisciplinair"],
            json!({ "aanpak": id(IT), "op": ON, "discipline": "politie", "aanvaard": "ja", "toelichting": TEXT }),
        ),
        "multidisciplinair/beeindiging" => {
            (&["multidisciplinair"], json!({ "aanpak": id(IT), "op": ON, "toelichting": TEXT }))
        }
        "knooppunt" => (
            &[],
            json!({ "overleg": id(IT), "op": ON, "vorm": "huwelijksdwang", "toelichting": TEXT }),
        ),
        "knooppunt/antwoord" => {
            (&["knooppunt"], json!({ "overleg": id(IT), "op": ON, "toelichting": TEXT }))
        }
        "knooppunt/afronding" => (
            &["knooppunt"],
            json!({ "overleg": id(IT), "op": ON, "uitkomst": "advies-gegeven", "toelichting": TEXT }),
        ),
        _ => return None,
    })
}

fn watched_over(name: &str, number: u128) -> Option<Step> {
    Some(match name {
        "informeren" => (
            &[],
            json!({ "persoon": id(WOMAN), "op": ON, "wijze": "mondeling", "toelichting": TEXT }),
        ),
        "informeren/uitstel" => (
            &[],
            json!({ "persoon": id(WOMAN), "op": ON, "reden": "veiligheid", "toelichting": TEXT }),
        ),
        "informeren/vrijstelling" => (
            &[],
            json!({ "persoon": id(WOMAN), "op": ON, "reden": "overleden", "toelichting": TEXT }),
        ),
        "kennisgevingen" => {
            (&[], json!({ "aan": "melder", "op": ON, "melding": id(number), "toelichting": TEXT }))
        }
        "monitoring" => (&[], json!({ "op": ON, "toelichting": TEXT })),
        "monitoring/momenten" => (
            &["monitoring"],
            json!({ "moment": id(IT), "op": ON, "geplandOp": "2026-09-30", "toelichting": TEXT }),
        ),
        "monitoring/bevindingen" => (
            &["monitoring", "monitoring/momenten"],
            json!({ "moment": id(IT), "op": ON, "veilig": "ja", "door": "veilig-thuis", "toelichting": TEXT }),
        ),
        "monitoring/annulering" => (
            &["monitoring", "monitoring/momenten"],
            json!({ "moment": id(IT), "op": ON, "toelichting": TEXT }),
        ),
        "monitoring/beeindiging" => (&["monitoring"], json!({ "op": ON, "toelichting": TEXT })),
        "opschortingen" => {
            (&[], json!({ "op": ON, "reden": "wacht-op-derden", "toelichting": TEXT }))
        }
        "opschortingen/hervatting" => {
            (&["opschortingen"], json!({ "op": ON, "toelichting": TEXT }))
        }
        "onderzoeksgebruik" => (
            &[],
            json!({
                "onderzoek": id(IT), "op": ON, "doel": "statistiek", "toestemming": false, "algemeenBelang": true,
                "nietAndersMogelijk": true, "personen": [id(WOMAN)], "toelichting": TEXT,
            }),
        ),
        "onderzoeksgebruik/bezwaar" => {
            (&[], json!({ "persoon": id(WOMAN), "op": ON, "toelichting": TEXT }))
        }
        "voorvallen" => {
            (&[], json!({ "voorval": id(IT), "op": ON, "soort": "klacht", "toelichting": TEXT }))
        }
        "voorvallen/toezichtmelding" => {
            (&["voorvallen"], json!({ "voorval": id(IT), "op": ON, "toelichting": TEXT }))
        }
        "voorvallen/afhandeling" => (
            &["voorvallen"],
            json!({ "voorval": id(IT), "op": ON, "uitkomst": "gegrond", "toelichting": TEXT }),
        ),
        _ => return None,
    })
}

/// The number of a second melding, for a casus with this number.
pub(crate) fn other(number: u128) -> u128 {
    number + 0x10_0000
}

pub(crate) fn at(number: u128, name: &str) -> String {
    format!("/v1/casussen/{}/{name}", id(number))
}

/// A casus of two persons, with a melding of which the next steps are ours.
pub(crate) async fn make_case(house: &House, number: u128) {
    receive_melding(house, number, &melding("2026-06-29")).await;
    assess(house, number, "2026-06-29", "vervolgstappen-bij-veilig-thuis").await;
    let opened = json!({ "geopendOp": "2026-06-29", "meldingen": [id(number)] });
    house.put(format!("/v1/casussen/{}", id(number)), &opened).await.is(201);
    for (person, role) in [(WOMAN, "slachtoffer"), (MAN, "pleger")] {
        let told = json!({ "persoon": id(person), "rollen": [role], "vanaf": "2026-06-29" });
        house.post(at(number, "betrokkenen"), &told).await.is(200);
    }
}

/// A casus in which a step can be taken.
pub(crate) async fn make_case_for(house: &House, name: &str, number: u128) {
    make_case(house, number).await;
    if name == "meldingen" {
        receive_melding(house, other(number), &melding("2026-06-29")).await;
    }
    for before in step(name, number).0 {
        take(house, before, number).await;
    }
}

/// Takes a step with its right body.
pub(crate) async fn take(house: &House, name: &str, number: u128) -> Answer {
    house.post(at(number, name), &step(name, number).1).await.is(200)
}
