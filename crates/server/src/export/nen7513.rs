//! NEN 7513, in the fields of its draft extension to Logboek Dataverwerkingen: one record per look, with who, in which role, for what, because of
//! what. The extension is a draft: each record says so. Codes of outcome, action and network are those of RFC 3881.

use super::Source;
use chrono::SecondsFormat;
use domain::look::{Looked, Outcome};
use serde_json::{Value, json};
use std::net::IpAddr;
use store::projections::looks::Recalled;

const PROFILE: &str = "NEN 7513, uitbreiding op Logboek Dataverwerkingen (concept)";

pub fn record(source: &Source<'_>, it: &Recalled) -> Value {
    let looked = &it.looked;
    let person = |id: &uuid::Uuid| json!({ "ParticipantObjectTypeCode": "1", "ParticipantObjectIDTypeCode": "meldboek-persoon", "ParticipantObjectID": id });
    let (network, at) = network(looked);
    let emergency = looked.ground.as_ref().is_some_and(|it| *it == "nood");
    json!({
        "profiel": PROFILE,
        "EventDateTime": it.at.to_rfc3339_opts(SecondsFormat::Millis, true),
        "EventID": looked.processing, "EventActionCode": action(looked), "eventTypeCode": looked.act,
        "EventOutcomeIndicator": match looked.outcome { Outcome::Shown => "0", Outcome::Denied | Outcome::Absent => "4" },
        "source": { "AuditEnterpriseSiteID": source.organisation, "AuditSourceId": "meldboek", "AuditSourceTypeCode": "4" },
        "users": [{
            "userID": it.by, "userIsRequestor": true, "roleIDCode": looked.roles, "purposeOfUse": looked.purpose,
            "networkAccessPointTypeCode": network, "networkAccessPointID": at,
        }],
        "participants": looked.persons.iter().map(person).collect::<Vec<_>>(),
        "participantSegments": [{ "segment": looked.of, "id": looked.id, "dossiers": looked.files }],
        "autorisatieProtocol": looked.ground, "controles": { "noodknop": emergency },
        "traceId": looked.trace.id, "spanId": looked.trace.span, "parentSpanId": looked.trace.parent,
        "meldboek": { "raadpleging": it.id, "positie": it.position, "logboek": format!("{}/inzage", source.organisation) },
    })
}

/// Read, or executed a question.
fn action(looked: &Looked) -> &'static str {
    if looked.act == "zoeken" { "E" } else { "R" }
}

/// An address, or the name of a machine.
fn network(looked: &Looked) -> (Option<&'static str>, Option<&str>) {
    let Some(origin) = looked.origin.as_deref() else { return (None, None) };
    let kind = if origin.parse::<IpAddr>().is_ok() { "2" } else { "1" };
    (Some(kind), Some(origin))
}
