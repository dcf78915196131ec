//! What is sealed in a file for whoever may read the rest of it: where somebody is who hides, and who told of it. It is left out of every answer in the
//! same way, whether something is known or not; whoever works on it sees it, or who opened the file in an emergency.

use crate::app::App;
use crate::problem::Problem;
use crate::sight::{Doing, unseals};
use crate::worker::Worker;
use domain::access::{About, Around, Ask, decide};
use domain::decider::Decider;
use domain::melding::Melding;
use domain::person::Person;
use serde_json::{Map, Value, json};
use std::collections::HashSet;
use uuid::Uuid;

/// By which somebody is found who hides.
pub(crate) const WHEREABOUTS: [&str; 3] = ["adres", "telefoon", "email"];

impl App {
    /// Of some persons, those of whom is not for a worker where they are.
    pub(crate) async fn sealed_addresses(
        &self,
        worker: &Worker,
        persons: &[Uuid],
    ) -> Result<HashSet<Uuid>, Problem> {
        let organisation = worker.organisation();
        Ok(self.store.sealed_addresses(organisation, persons, &unseals(worker)).await?)
    }

    /// Whether a worker may say that the address of a person need not be hidden any longer.
    pub(crate) async fn may_unseal(&self, worker: &Worker, person: Uuid) -> Result<bool, Problem> {
        let around = self.store.around(worker.organisation(), Person::STREAM, &[person]).await?;
        let nothing = Around::default();
        let about = About::Unsealing(around.get(&person).unwrap_or(&nothing), worker.at);
        let Doing { action, purpose, .. } = worker.doing;
        Ok(decide(&worker.asker, &Ask { action, purpose, about }).grant().is_some())
    }

    /// Whether who told of a melding is not for a worker: by what the melding is now, also when it is read as it was.
    pub(crate) async fn seals_melder(&self, worker: &Worker, id: Uuid) -> Result<bool, Problem> {
        let organisation = worker.organisation();
        let now = self.store.known::<Melding>(organisation, id).await?.state;
        let around = self.store.around(organisation, Melding::STREAM, &[id]).await?;
        let nothing = Around::default();
        let around = around.get(&id).unwrap_or(&nothing);
        Ok(now.seals_melder(!around.works.is_empty()) && !unseals(worker)(around))
    }
}

/// The details of a person, without where he is when that is sealed; that it is, is said.
pub(crate) fn without_whereabouts(details: Value, sealed: bool) -> Value {
    if !sealed {
        return details;
    }
    let mut left = match details {
        Value::Object(details) => details,
        _ => Map::new(),
    };
    for name in WHEREABOUTS {
        left.remove(name);
    }
    left.insert("afgeschermd".to_owned(), json!(WHEREABOUTS));
    Value::Object(left)
}
