//! The time line of a casus: what happened when, in the order of recording, and when and by whom it was recorded; with the text that came
//! with it.

mod guarding;

use super::case_topics::finding;
pub(crate) use super::file::pair as told_pair;
use super::file::{answer, everybody, open, pair};
use super::input::{Asked, Asking};
use crate::app::App;
use crate::clock::utc;
use crate::looking::Seen;
use crate::problem::Problem;
use axum::extract::State;
use axum::response::Response;
use chrono::NaiveDate;
use domain::case::{
    Case, Event, assignment, conditions, follow_up, handover, household, incident, informing,
    investigation, junction, measure, monitoring, multidisciplinary, request, research, suspension,
    transfer,
};
use serde_json::{Value, json};
use store::file::File;
use store::log::Recorded;

/// `GET /v1/casussen/{id}/tijdlijn`
pub(super) async fn read(
    State(app): State<App>,
    asked: Asked,
    asking: Asking,
) -> Result<Response, Problem> {
    let file = open::<Case>(&app, &asked, &asking).await?;
    let moments: Vec<Value> = file.events.iter().filter_map(|it| happened(it, &file)).collect();
    let seen = Seen::of("tijdlijn", Some(asked.id), everybody(&file));
    Ok(answer(seen, &file, json!({ "gebeurtenissen": moments })))
}

/// What happened, in a word.
pub(crate) fn name(event: &Event) -> &'static str {
    line(event).0
}

/// What happened, on which day, and about what. A date that is known in part stands as it is known.
pub(crate) type Line = (&'static str, Value, Value);

fn happened(it: &Recorded, file: &File) -> Option<Value> {
    let domain::Event::Case(event) = &it.event else { return None };
    let (what, on, about) = line(event);
    let of_this = |part: &str| {
        let own = file.particulars.iter().filter(|own| own.version == it.version);
        own.filter(|own| own.part == part).find_map(|own| own.content.readable().cloned())
    };
    let mut line = json!({
        "wat": what, "op": on, "betreft": about, "vastgelegdOp": utc(it.recorded_at), "vastgelegdDoor": it.recorded_by,
    });
    for (part, key) in [("text", "toelichting"), ("receiver", "ontvanger")] {
        if let Some(content) = of_this(part) {
            line[key] = content;
        }
    }
    Some(line)
}

fn on(what: &'static str, on: NaiveDate, about: Value) -> Line {
    (what, json!(on), about)
}

pub(crate) fn line(event: &Event) -> Line {
    match event {
        Event::Opened { on: day } => on("geopend", *day, Value::Null),
        Event::MeldingJoined { melding, on: day, .. } => {
            on("melding-gevoegd", *day, json!({ "melding": melding }))
        }
        Event::PersonInvolved { person, roles, from } => {
            on("betrokkene", *from, json!({ "persoon": person, "rollen": roles }))
        }
        Event::PairRecorded { pair: told, on: day } => on("relatie", *day, pair(told)),
        Event::Closed { on: day, outcome } => on("gesloten", *day, json!({ "uitkomst": outcome })),
        Event::FollowUp(it) => of_follow_up(it),
        Event::Household(it) => of_household(it),
        Event::Assignment(assignment::Event::Assigned { worker, team, on: day }) => {
            on("toegewezen", *day, json!({ "behandelaar": worker, "team": team }))
        }
        Event::Investigation(it) => of_investigation(it),
        Event::Conditions(it) => of_conditions(it),
        Event::Handover(it) => of_handover(it),
        Event::Measure(it) => of_measure(it),
        Event::Multidisciplinary(it) => of_multidisciplinary(it),
        Event::Junction(it) => of_junction(it),
        Event::Informing(it) => of_informing(it),
        Event::Monitoring(it) => of_monitoring(it),
        Event::Suspension(suspension::Event::Suspended { on: day, reason }) => {
            on("termijnen-opgeschort", *day, json!({ "reden": reason }))
        }
        Event::Suspension(suspension::Event::Resumed { on: day }) => {
            on("termijnen-hervat", *day, Value::Null)
        }
        Event::Transfer(it) => of_transfer(it),
        Event::Incident(it) => of_incident(it),
        Event::Restriction(it) => guarding::of_restriction(it),
        Event::Hold(it) => guarding::of_hold(it),
        Event::Request(it) => of_request(it),
        Event::Research(it) => of_research(it),
    }
}

fn of_follow_up(it: &follow_up::Event) -> Line {
    use follow_up::Event as E;
    match it {
        E::Decided { melding, on: day, follow_up, adapts } => on(
            "besluit",
            *day,
            json!({ "melding": melding, "uitkomst": follow_up, "wijzigtVervolg": adapts }),
        ),
        E::Withdrawn { melding, on: day } => {
            on("melding-omgezet-in-advies", *day, json!({ "melding": melding }))
        }
        E::Corrected { melding, on: day, received_on, municipality } => on(
            "melding-gecorrigeerd",
            *day,
            json!({ "melding": melding, "ontvangenOp": received_on, "gemeente": municipality }),
        ),
    }
}

fn of_household(it: &household::Event) -> Line {
    use household::Event as E;
    match it {
        E::MovedIn { household, person, from } => {
            ("inwoning", json!(from), json!({ "huishouden": household, "persoon": person }))
        }
        E::MovedOut { household, person, until } => {
            ("vertrek", json!(until), json!({ "huishouden": household, "persoon": person }))
        }
    }
}

fn of_investigation(it: &investigation::Event) -> Line {
    use investigation::Event as E;
    match it {
        E::Decided { investigation, melding, formal_on, forms } => on(
            "onderzoek-ingesteld",
            *formal_on,
            json!({ "onderzoek": investigation, "melding": melding, "vormen": forms }),
        ),
        E::Begun { investigation, on: day } => {
            on("onderzoek-begonnen", *day, json!({ "onderzoek": investigation }))
        }
        E::Concluded { investigation, on: day, findings, due_on } => on(
            "onderzoek-afgerond",
            *day,
            json!({
                "onderzoek": investigation, "bevindingen": findings.iter().map(finding).collect::<Vec<_>>(),
                "vervielOp": due_on,
            }),
        ),
        E::Ended { investigation, on: day, reason, due_on } => on(
            "onderzoek-voortijdig-afgesloten",
            *day,
            json!({ "onderzoek": investigation, "reden": reason, "vervielOp": due_on }),
        ),
    }
}

fn of_conditions(it: &conditions::Event) -> Line {
    use conditions::Event as E;
    match it {
        E::Decided { service, melding, formal_on } => {
            on("voorwaarden-ingezet", *formal_on, json!({ "dienst": service, "melding": melding }))
        }
        E::Begun { service, on: day } => {
            on("voorwaarden-begonnen", *day, json!({ "dienst": service }))
        }
        E::Agreed { service, condition, on: day, with, partners, review_on } => on(
            "voorwaarde-afgesproken",
            *day,
            json!({
                "dienst": service, "voorwaarde": condition, "met": with, "partners": partners, "toetsenOp": review_on,
            }),
        ),
        E::Reviewed { condition, on: day, kept, review_on } => on(
            "voorwaarde-getoetst",
            *day,
            json!({ "voorwaarde": condition, "naleving": kept, "toetsenOp": review_on }),
        ),
        E::Concluded { service, on: day, outcome, due_on } => on(
            "voorwaarden-afgerond",
            *day,
            json!({ "dienst": service, "uitkomst": outcome, "vervielOp": due_on }),
        ),
    }
}

fn of_handover(it: &handover::Event) -> Line {
    use handover::Event as E;
    match it {
        E::Sent { handover, on: day, to, warm } => on(
            "overdracht-verzonden",
            *day,
            json!({ "overdracht": handover, "soortOrganisatie": to, "warm": warm }),
        ),
        E::Accepted { handover, on: day } => {
            on("overdracht-aanvaard", *day, json!({ "overdracht": handover }))
        }
        E::Started { handover, on: day } => {
            on("hulp-begonnen", *day, json!({ "overdracht": handover }))
        }
        E::Returned { handover, on: day, reason } => {
            on("overdracht-teruggegeven", *day, json!({ "overdracht": handover, "reden": reason }))
        }
    }
}

fn of_measure(it: &measure::Event) -> Line {
    use measure::Event as E;
    match it {
        E::Considered { measure, kind, on: day, consulted } => on(
            "maatregel-overwogen",
            *day,
            json!({ "maatregel": measure, "soort": kind, "geraadpleegd": consulted }),
        ),
        E::Imposed { measure, kind, on: day, until, person, consulted } => on(
            "maatregel-opgelegd",
            *day,
            json!({
                "maatregel": measure, "soort": kind, "tot": until, "persoon": person, "geraadpleegd": consulted,
            }),
        ),
        E::Extended { measure, on: day, until } => {
            on("maatregel-verlengd", *day, json!({ "maatregel": measure, "tot": until }))
        }
        E::Ended { measure, on: day, reason } => {
            on("maatregel-beeindigd", *day, json!({ "maatregel": measure, "reden": reason }))
        }
    }
}

fn of_multidisciplinary(it: &multidisciplinary::Event) -> Line {
    use multidisciplinary::Event as E;
    match it {
        E::PutIn { approach, on: day, reason, disciplines } => on(
            "multidisciplinair-ingebracht",
            *day,
            json!({ "aanpak": approach, "reden": reason, "disciplines": disciplines }),
        ),
        E::Answered { approach, on: day, discipline, accepted } => on(
            "multidisciplinair-beantwoord",
            *day,
            json!({ "aanpak": approach, "discipline": discipline, "aanvaard": accepted }),
        ),
        E::Ended { approach, on: day } => {
            on("multidisciplinair-beeindigd", *day, json!({ "aanpak": approach }))
        }
    }
}

fn of_junction(it: &junction::Event) -> Line {
    use junction::Event as E;
    match it {
        E::Consulted { consult, on: day, form } => {
            on("knooppunt-geraadpleegd", *day, json!({ "overleg": consult, "vorm": form }))
        }
        E::Answered { consult, on: day } => {
            on("knooppunt-antwoordde", *day, json!({ "overleg": consult }))
        }
        E::Concluded { consult, on: day, outcome } => {
            on("knooppunt-afgerond", *day, json!({ "overleg": consult, "uitkomst": outcome }))
        }
    }
}

fn of_informing(it: &informing::Event) -> Line {
    use informing::Event as E;
    match it {
        E::Required { person, on: day } => {
            on("informeren-gaat-lopen", *day, json!({ "persoon": person }))
        }
        E::Postponed { person, on: day, reason } => {
            on("informeren-uitgesteld", *day, json!({ "persoon": person, "reden": reason }))
        }
        E::Informed { person, on: day, way, due_on } => on(
            "geinformeerd",
            *day,
            json!({ "persoon": person, "wijze": way, "vervielOp": due_on }),
        ),
        E::Exempted { person, on: day, reason } => {
            on("niet-zelf-geinformeerd", *day, json!({ "persoon": person, "reden": reason }))
        }
        E::Told { whom, on: day, melding } => {
            on("kennisgeving", *day, json!({ "aan": whom, "melding": melding }))
        }
    }
}

fn of_monitoring(it: &monitoring::Event) -> Line {
    use monitoring::Event as E;
    match it {
        E::Started { on: day } => on("monitoring-begonnen", *day, Value::Null),
        E::Planned { moment, on: day, planned_for } => {
            on("monitoring-gepland", *day, json!({ "moment": moment, "geplandOp": planned_for }))
        }
        E::Held { moment, on: day, safe, by } => on(
            "monitoring-bevinding",
            *day,
            json!({ "moment": moment, "veilig": safe, "door": by }),
        ),
        E::Cancelled { moment, on: day } => {
            on("monitoring-afgezegd", *day, json!({ "moment": moment }))
        }
        E::Ended { on: day } => on("monitoring-beeindigd", *day, Value::Null),
    }
}

fn of_transfer(it: &transfer::Event) -> Line {
    use transfer::Event as E;
    match it {
        E::Offered { transfer, on: day, to, reason } => on(
            "regio-overdracht-aangeboden",
            *day,
            json!({ "overdracht": transfer, "naar": to, "reden": reason }),
        ),
        E::Answered { transfer, on: day, accepted } => on(
            "regio-overdracht-beantwoord",
            *day,
            json!({ "overdracht": transfer, "aanvaard": accepted }),
        ),
        E::TakenOver { transfer, on: day, from } => {
            on("van-regio-overgenomen", *day, json!({ "overdracht": transfer, "van": from }))
        }
    }
}

fn of_incident(it: &incident::Event) -> Line {
    use incident::Event as E;
    match it {
        E::Recorded { incident, on: day, kind } => {
            on("voorval", *day, json!({ "voorval": incident, "soort": kind }))
        }
        E::Reported { incident, on: day } => {
            on("voorval-gemeld-aan-toezichthouder", *day, json!({ "voorval": incident }))
        }
        E::Settled { incident, on: day, outcome } => {
            on("voorval-afgehandeld", *day, json!({ "voorval": incident, "uitkomst": outcome }))
        }
    }
}

fn of_request(it: &request::Event) -> Line {
    use request::Event as E;
    match it {
        E::Asked { request, person, kind, on: day } => {
            on("verzoek", *day, json!({ "verzoek": request, "persoon": person, "soort": kind }))
        }
        E::Answered { request, person, outcome, on: day } => on(
            "verzoek-besloten",
            *day,
            json!({ "verzoek": request, "persoon": person, "uitkomst": outcome }),
        ),
        E::Executed { request, person, on: day } => {
            on("verzoek-uitgevoerd", *day, json!({ "verzoek": request, "persoon": person }))
        }
        E::Withdrawn { request, person, on: day } => {
            on("verzoek-ingetrokken", *day, json!({ "verzoek": request, "persoon": person }))
        }
    }
}

fn of_research(it: &research::Event) -> Line {
    use research::Event as E;
    match it {
        E::Used { research, on: day, purpose, consent, persons } => on(
            "onderzoeksgebruik",
            *day,
            json!({ "onderzoek": research, "doel": purpose, "toestemming": consent, "personen": persons }),
        ),
        E::Objected { person, on: day } => {
            on("bezwaar-onderzoeksgebruik", *day, json!({ "persoon": person }))
        }
    }
}
