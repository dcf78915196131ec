//! What somebody else recorded meanwhile: told to whoever was overtaken, so that he knows what to look at before he decides again.

use super::answer::utc;
use super::time_line;
use crate::app::App;
use crate::problem::Problem;
use domain::decider::Decider;
use domain::id::{Id, Organisation};
use domain::{Event, advice, contact, melding, person};
use store::log::Recorded;
use uuid::Uuid;

/// The refusal of a command that was decided on a version that is no longer the last one.
pub(crate) async fn overtaken<D: Decider>(
    app: &App,
    organisation: Organisation,
    id: Uuid,
    seen: Option<i32>,
) -> Problem {
    let file = match app.store.open_file(organisation, Id::<D>::new(id), None).await {
        Ok(file) => file,
        Err(failed) => return failed.into(),
    };
    let events = file.map(|it| it.events).unwrap_or_default();
    let since = events.iter().filter(|it| seen.is_some_and(|seen| it.version > seen));
    let told = |it: &Recorded| format!("{} ({})", word(&it.event), utc(it.recorded_at));
    Problem::overtaken(&since.map(told).collect::<Vec<_>>())
}

fn word(event: &Event) -> &'static str {
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
        Event::Person(person::Event::Registered { .. }) => "geregistreerd",
        Event::Person(person::Event::Identified { .. }) => "geidentificeerd",
        Event::Case(event) => time_line::line(event).0,
    }
}
