//! The file of a casus, topic by topic, as it stands or as it was known at a moment, with its terms.

use super::file::{answer, everybody, fold, open, pair};
use super::input::{Asked, Asking};
use super::request;
use crate::app::App;
use crate::looking::Seen;
use crate::problem::Problem;
use axum::extract::State;
use axum::response::Response;
use domain::case::informing::End as Told;
use domain::case::investigation::{Finding, How};
use domain::case::measure::Stage as MeasureStage;
use domain::case::monitoring::Stage as MomentStage;
use domain::case::{Case, Stage, deadlines};
use domain::codes::{Code, List, label};
use domain::deadline::Deadline;
use serde_json::{Value, json};
use store::file::Opened;
use store::log::Recorded;
use uuid::Uuid;

/// `GET /v1/casussen/{id}`
pub(super) async fn case(
    State(app): State<App>,
    asked: Asked,
    asking: Asking,
) -> Result<Response, Problem> {
    let file = open::<Case>(&app, &asked, &asking).await?;
    let it: Case = fold(&file.events);
    let (opened, closed) = match it.stage {
        Stage::Absent => (None, None),
        Stage::Open { since } => (Some(since), None),
        Stage::Closed { since, on } => (Some(since), Some(on)),
    };
    let meldingen: Vec<Uuid> = it.meldingen.keys().copied().collect();
    let mut body = json!({
        "geopendOp": opened, "geslotenOp": closed, "meldingen": meldingen, "besluiten": decisions(&it),
        "vervolg": it.follow_up.standing.as_ref().map(|it| &it.follow_up), "aangepastVanwege": it.follow_up.adapted_by,
        "behandelaar": it.assignment.worker, "team": it.assignment.team,
        "afscherming": restriction(&it),
        "betrokkenen": people(&it), "relaties": pairs(&file.events), "huishouden": household(&it),
        "onderzoeken": investigations(&it), "voorwaarden": services(&it), "afspraken": conditions(&it),
        "overdrachten": handovers(&it), "maatregelen": measures(&it), "multidisciplinair": approaches(&it),
        "knooppunt": consults(&it), "informeren": informing(&it), "kennisgevingen": told(&it),
        "monitoring": monitoring(&it), "opschortingen": pauses(&it), "regioOverdrachten": transfers(&it),
        "overgenomenVan": it.transfers.taken_over.map(|(on, from)| json!({ "op": on, "regio": from })),
        "voorvallen": incidents(&it), "termijnen": terms(&it), "toelichtingen": texts(&file.particulars, asked.id),
    });
    body["verzoeken"] = request::in_case(&app, &asked, &it).await?;
    body["bewaring"] = holds(&it);
    body["onderzoeksgebruik"] = research(&it);
    body["bezwaarOnderzoek"] = objections(&it);
    body["wijsOpVernietiging"] = json!(it.investigations.found_nothing());
    Ok(answer(Seen::of("casus", Some(asked.id), everybody(&file)), &file, body))
}

fn restriction(it: &Case) -> Option<Value> {
    it.restriction.0.as_ref().map(|it| {
        json!({
            "sinds": it.since, "reden": it.reason, "medewerkers": it.terms.workers, "teams": it.terms.teams,
            "uitgesloten": it.terms.excluded,
        })
    })
}

/// Why it must be kept; whoever wants to know whether a reason holds on a day looks at its last one.
fn holds(it: &Case) -> Value {
    let one = |(reason, it): (&Code, &domain::case::hold::Standing)| {
        json!({
            "reden": reason, "redenLabel": label(List::HoldReason, reason.as_str()), "sinds": it.since, "totEnMet": it.until,
        })
    };
    it.holds.0.iter().map(one).collect()
}

fn decisions(it: &Case) -> Vec<Value> {
    it.meldingen
        .iter()
        .map(|(id, joined)| {
            let decision = joined.decision.as_ref();
            json!({
                "melding": id, "ontvangenOp": joined.received_on, "gemeente": joined.municipality,
                "op": decision.map(|it| it.on), "uitkomst": decision.map(|it| &it.follow_up),
                "omgezetInAdvies": joined.withdrawn,
            })
        })
        .collect()
}

fn people(it: &Case) -> Vec<Value> {
    it.people.iter().map(|(id, roles)| json!({ "persoon": id, "rollen": roles })).collect()
}

fn pairs(events: &[Recorded]) -> Vec<Value> {
    let recorded = |it: &Recorded| match &it.event {
        domain::Event::Case(domain::case::Event::PairRecorded { pair: told, on }) => {
            Some(json!({ "op": on, "relatie": pair(told) }))
        }
        _ => None,
    };
    events.iter().filter_map(recorded).collect()
}

fn household(it: &Case) -> Vec<Value> {
    let lives = it.household.0.iter().map(|((household, person), from)| {
        json!({ "huishouden": household, "persoon": person, "vanaf": from })
    });
    lives.collect()
}

fn investigations(it: &Case) -> Vec<Value> {
    let one = |(id, it): (&Uuid, &domain::case::investigation::Investigation)| {
        let (findings, early) = match it.end.as_ref().map(|end| &end.how) {
            None => (None, None),
            Some(How::Judged(findings)) => (Some(findings.iter().map(finding).collect()), None),
            Some(How::Early(reason)) => (None::<Vec<Value>>, Some(reason)),
        };
        json!({
            "onderzoek": id, "melding": it.melding, "vormen": it.forms, "formeelBegonnenOp": it.formal_on,
            "begonnenOp": it.begun_on, "geeindigdOp": it.end.as_ref().map(|end| end.on),
            "bevindingen": findings, "voortijdig": early,
        })
    };
    it.investigations.0.iter().map(one).collect()
}

pub(super) fn finding(it: &Finding) -> Value {
    json!({ "vorm": it.form, "uitkomst": it.outcome, "aard": it.natures })
}

fn services(it: &Case) -> Vec<Value> {
    let one = |(id, it): (&Uuid, &domain::case::conditions::Service)| {
        json!({
            "dienst": id, "melding": it.melding, "formeelBegonnenOp": it.formal_on, "begonnenOp": it.begun_on,
            "geeindigdOp": it.end.as_ref().map(|end| end.on), "uitkomst": it.end.as_ref().map(|end| &end.outcome),
        })
    };
    it.conditions.services.iter().map(one).collect()
}

fn conditions(it: &Case) -> Vec<Value> {
    let one = |(id, it): (&Uuid, &domain::case::conditions::Condition)| {
        let reviewed = it.reviews.last().map(|(on, kept)| json!({ "op": on, "naleving": kept }));
        json!({
            "voorwaarde": id, "dienst": it.service, "op": it.agreed_on, "met": it.with, "partners": it.partners,
            "getoetst": reviewed, "toetsenOp": it.review_on,
        })
    };
    it.conditions.conditions.iter().map(one).collect()
}

fn handovers(it: &Case) -> Vec<Value> {
    let one = |(id, it): (&Uuid, &domain::case::handover::Handover)| {
        let returned = it.returned.as_ref().map(|(on, why)| json!({ "op": on, "reden": why }));
        json!({
            "overdracht": id, "soortOrganisatie": it.to, "warm": it.warm, "verzondenOp": it.sent_on,
            "aanvaardOp": it.accepted_on, "begonnenOp": it.started_on, "teruggegeven": returned,
            "veiligThuisVerantwoordelijk": it.is_ours(),
        })
    };
    it.handovers.0.iter().map(one).collect()
}

fn measures(it: &Case) -> Vec<Value> {
    let one = |(id, it): (&Uuid, &domain::case::measure::Measure)| {
        let (stage, until, person, ended) = match &it.stage {
            MeasureStage::Considered => ("overwogen", None, None, None),
            MeasureStage::Imposed { until, person } => ("opgelegd", *until, *person, None),
            MeasureStage::Ended { on, reason } => {
                ("beeindigd", None, None, Some(json!({ "op": on, "reden": reason })))
            }
        };
        json!({
            "maatregel": id, "soort": it.kind, "op": it.on, "stand": stage, "tot": until, "persoon": person,
            "geraadpleegd": it.consulted, "verlengd": it.extended, "beeindigd": ended,
        })
    };
    it.measures.0.iter().map(one).collect()
}

fn approaches(it: &Case) -> Vec<Value> {
    let one = |(id, it): (&Uuid, &domain::case::multidisciplinary::Approach)| {
        let partners: Vec<Value> = it
            .partners
            .iter()
            .map(|(discipline, answer)| {
                let (on, accepted) = answer.clone().unzip();
                json!({ "discipline": discipline, "op": on, "aanvaard": accepted })
            })
            .collect();
        json!({
            "aanpak": id, "op": it.put_in_on, "reden": it.reason, "partners": partners, "beeindigdOp": it.ended_on,
        })
    };
    it.multidisciplinary.0.iter().map(one).collect()
}

fn consults(it: &Case) -> Vec<Value> {
    let one = |(id, it): (&Uuid, &domain::case::junction::Consult)| {
        let (concluded, outcome) = it.outcome.clone().unzip();
        json!({
            "overleg": id, "vorm": it.form, "op": it.on, "beantwoordOp": it.answered_on, "afgerondOp": concluded,
            "uitkomst": outcome,
        })
    };
    it.junction.0.iter().map(one).collect()
}

fn informing(it: &Case) -> Vec<Value> {
    let one = |(person, it): (&Uuid, &domain::case::informing::Duty)| {
        let (how, why) = match &it.end {
            None => (None, None),
            Some(Told::Informed { way, .. }) => (Some(way), None),
            Some(Told::Exempt { reason, .. }) => (None, Some(reason)),
        };
        json!({
            "persoon": person, "vanaf": it.from, "vervaltOp": it.due_on(), "uitgesteld": it.postponed,
            "op": it.ended_on(), "wijze": how, "nietZelf": why,
        })
    };
    it.informing.persons.iter().map(one).collect()
}

fn told(it: &Case) -> Vec<Value> {
    let told = it.informing.told.iter();
    told.map(|(on, whom, melding)| json!({ "op": on, "aan": whom, "melding": melding })).collect()
}

fn monitoring(it: &Case) -> Value {
    let one = |(id, it): (&Uuid, &domain::case::monitoring::Moment)| {
        let (stage, on, safe, by) = match &it.stage {
            MomentStage::Planned => ("gepland", None, None, None),
            MomentStage::Held { on, safe, by } => ("geweest", Some(on), Some(safe), Some(by)),
            MomentStage::Cancelled { on } => ("afgezegd", Some(on), None, None),
        };
        json!({
            "moment": id, "geplandOp": it.planned_for, "stand": stage, "op": on, "veilig": safe, "door": by,
        })
    };
    let moments: Vec<Value> = it.monitoring.moments.iter().map(one).collect();
    json!({ "vanaf": it.monitoring.since, "tot": it.monitoring.ended_on, "momenten": moments })
}

fn pauses(it: &Case) -> Vec<Value> {
    let all = it.suspension.0.iter();
    all.map(|it| json!({ "vanaf": it.from, "tot": it.until, "reden": it.reason })).collect()
}

fn transfers(it: &Case) -> Vec<Value> {
    let one = |(id, it): (&Uuid, &domain::case::transfer::Offer)| {
        let (on, accepted) = it.answer.clone().unzip();
        json!({
            "overdracht": id, "op": it.on, "naar": it.to, "reden": it.reason, "beantwoordOp": on, "aanvaard": accepted,
        })
    };
    it.transfers.offered.iter().map(one).collect()
}

fn incidents(it: &Case) -> Vec<Value> {
    let one = |(id, it): (&Uuid, &domain::case::incident::Incident)| {
        let (on, outcome) = it.outcome.clone().unzip();
        json!({
            "voorval": id, "op": it.on, "soort": it.kind, "gemeldOp": it.reported_on, "afgehandeldOp": on,
            "uitkomst": outcome,
        })
    };
    it.incidents.0.iter().map(one).collect()
}

fn terms(it: &Case) -> Vec<Value> {
    let one = |it: Deadline| {
        json!({
            "soort": it.kind.code(), "soortLabel": label(List::Deadline, it.kind.code()), "betreft": it.about,
            "vanaf": it.from, "vervaltOp": it.due_on, "gehaaldOp": it.met_on, "binnenTermijn": it.within(),
        })
    };
    deadlines::of(it).into_iter().map(one).collect()
}

/// Free text about the household, in the order of recording; `null` when it was destroyed.
fn texts(particulars: &[Opened], case: Uuid) -> Vec<Option<&Value>> {
    let own = particulars.iter().filter(|it| it.subject == case && it.part == "text");
    own.map(|it| it.content.readable()).collect()
}

/// The notes of the file ([`domain::law::RESEARCH`]).
fn research(it: &Case) -> Value {
    let one = |(id, it): (&Uuid, &domain::case::research::Use)| {
        json!({
            "onderzoek": id, "op": it.on, "doel": it.purpose, "toestemming": it.consent, "personen": it.persons,
        })
    };
    it.research.uses.iter().map(one).collect()
}

fn objections(it: &Case) -> Value {
    let one = |(person, on): (&Uuid, &_)| json!({ "persoon": person, "op": on });
    it.research.objected.iter().map(one).collect()
}
