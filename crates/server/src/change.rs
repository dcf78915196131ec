//! What changed meanwhile: whoever decided on something that is no longer so is told what happened, when it was recorded, and by whom.

use crate::api::time_line;
use crate::clock::utc;
use domain::{Event, advice, contact, emergency, erasure, look, melding, person, request};
use serde::Serialize;
use store::log::Recorded;
use uuid::Uuid;

/// One thing that happened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Change {
    #[serde(rename = "versie")]
    version: i32,
    #[serde(rename = "wat")]
    what: &'static str,
    #[serde(rename = "vastgelegdOp")]
    recorded_at: String,
    #[serde(rename = "vastgelegdDoor")]
    recorded_by: Uuid,
}

impl Change {
    pub(crate) fn of(it: &Recorded) -> Self {
        let (what, recorded_at) = (what(&it.event), utc(it.recorded_at));
        Self { version: it.version, what, recorded_at, recorded_by: it.recorded_by }
    }
}

fn what(event: &Event) -> &'static str {
    match event {
        Event::Contact(contact::Event::Received { .. })
        | Event::Melding(melding::Event::Received(_)) => "ontvangen",
        Event::Contact(contact::Event::Concluded { .. }) => "afgerond",
        Event::Advice(advice::Event::Started(_)) => "gestart",
        Event::Advice(advice::Event::ContactAdded { .. }) => "contactmoment",
        Event::Advice(advice::Event::Corrected { .. })
        | Event::Melding(melding::Event::Corrected { .. })
        | Event::Person(person::Event::IdentityCorrected { .. }) => "gecorrigeerd",
        Event::Advice(advice::Event::Closed { .. }) => "afgesloten",
        Event::Melding(melding::Event::Assessed(_)) => "beoordeeld",
        Event::Melding(melding::Event::Withdrawn { .. }) => "omgezet-in-advies",
        Event::Melding(melding::Event::Assigned { .. }) => "toegewezen",
        Event::Case(event) => time_line::name(event),
        Event::Person(person::Event::Registered { .. }) => "geregistreerd",
        Event::Person(person::Event::Identified { .. }) => "geidentificeerd",
        Event::Person(person::Event::Merged { .. }) => "samengevoegd",
        Event::Person(person::Event::Unmerged { .. }) => "ontkoppeld",
        Event::Person(person::Event::Born { .. }) => "geboren",
        Event::Person(person::Event::AddressHidden { .. }) => "adres-afgeschermd",
        Event::Person(person::Event::AddressShown { .. }) => "adres-niet-meer-afgeschermd",
        Event::Request(request::Event::Received(_)) => "verzoek-ontvangen",
        Event::Request(request::Event::Extended { .. }) => "termijn-verlengd",
        Event::Request(request::Event::Decided(_)) => "besloten",
        Event::Request(request::Event::Told { .. }) => "bekendgemaakt",
        Event::Request(request::Event::Executed { .. }) => "uitgevoerd",
        Event::Request(request::Event::Withdrawn { .. }) => "ingetrokken",
        Event::Request(request::Event::Copy(_)) => "kopie",
        Event::Look(
            look::Event::Searched { .. } | look::Event::Compared { .. } | look::Event::Looked(_),
        ) => "geraadpleegd",
        Event::Erasure(erasure::Event::Ordered { .. }) => "vernietiging-opgedragen",
        Event::Erasure(erasure::Event::Completed { .. }) => "vernietigd",
        Event::Emergency(emergency::Event::Opened { .. }) => "noodtoegang-geopend",
        Event::Emergency(emergency::Event::Ended { .. }) => "noodtoegang-beeindigd",
        Event::Emergency(emergency::Event::Reviewed { .. }) => "noodtoegang-beoordeeld",
    }
}
