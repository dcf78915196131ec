//! Logboek Dataverwerkingen, as OTLP/HTTP in JSON: one record per look, and when it showed several people one child for each. Nothing is left out
//! (no sampling), and nothing says which worker it was: that stands in our own log, under the same trace.

use super::{PSEUDONYM, Source, attribute, nanoseconds};
use domain::codes::{List, label};
use serde_json::{Value, json};
use store::projections::looks::Recalled;
use uuid::Uuid;

/// The body of one request to a collector.
pub fn request(source: &Source<'_>, looks: &[Recalled]) -> Value {
    let spans: Vec<Value> = looks.iter().flat_map(|it| spans(source, it)).collect();
    let resource = [
        attribute("service.name", "meldboek"),
        attribute("service.namespace", source.organisation.as_str()),
    ];
    json!({ "resourceSpans": [{
        "resource": { "attributes": resource },
        "scopeSpans": [{ "scope": { "name": "meldboek.inzage", "version": env!("CARGO_PKG_VERSION") }, "spans": spans }],
    }] })
}

fn spans(source: &Source<'_>, it: &Recalled) -> Vec<Value> {
    let trace = &it.looked.trace;
    match it.looked.persons.as_slice() {
        [] => vec![span(source, it, &trace.span, trace.parent.as_deref(), None)],
        [one] => vec![span(source, it, &trace.span, trace.parent.as_deref(), Some(*one))],
        several => {
            let parent = span(source, it, &trace.span, trace.parent.as_deref(), None);
            let child = |person: &Uuid| {
                span(source, it, &child_of(it.id, *person), Some(&trace.span), Some(*person))
            };
            std::iter::once(parent).chain(several.iter().map(child)).collect()
        }
    }
}

/// The same each time that it is sent: whoever gets it twice sees that it is the same.
fn child_of(look: Uuid, person: Uuid) -> String {
    let digest = store::chain::sha256(&[look.as_bytes(), person.as_bytes()]);
    store::chain::hex(&digest[..8])
}

fn span(
    source: &Source<'_>,
    it: &Recalled,
    id: &str,
    parent: Option<&str>,
    person: Option<Uuid>,
) -> Value {
    let looked = &it.looked;
    let (act, of) = (looked.act.as_str(), looked.of.as_str());
    let name = format!("{}: {}", label(List::Act, act), label(List::LookedIn, of));
    let mut attributes = vec![attribute("dpl.core.processing_activity_id", &looked.processing)];
    if let Some(person) = person {
        attributes.push(attribute("dpl.core.data_subject_id", &(source.pseudonym)(person)));
        attributes.push(attribute("dpl.core.data_subject_id_type", PSEUDONYM));
    }
    let at = nanoseconds(it.at);
    let mut span = json!({
        "traceId": looked.trace.id, "spanId": id, "name": name, "kind": 1,
        "startTimeUnixNano": at, "endTimeUnixNano": at, "attributes": attributes,
        // Whoever was refused was answered as he should be: that is no error.
        "status": { "code": 1 },
    });
    if let Some(parent) = parent {
        span["parentSpanId"] = json!(parent);
    }
    span
}
