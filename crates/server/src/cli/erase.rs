//! `vernietig`: for the administrator. Completes what was ordered and cut off; or orders it, as after a backup was put back.

use super::Trouble;
use crate::clock::{Clock, dutch_date, random_id};
use crate::config::Register;
use clap::Args;
use domain::decider::Stamp;
use domain::erasure::Ground;
use domain::id::{Id, Organisation};
use store::{RecordedBy, Store, chain};
use uuid::Uuid;

#[derive(Debug, Args)]
pub(super) struct Erase {
    #[command(flatten)]
    register: Register,
    /// Van welke organisatie; met --betrokkene en --verzoek
    #[arg(long = "organisatie", requires = "subjects")]
    organisation: Option<Organisation>,
    /// Wiens gegevens vernietigd worden: een persoon, of een melding of casus waarvan de vrije tekst over het huishouden gaat
    #[arg(long = "betrokkene", requires_all = ["organisation", "request", "by"])]
    subjects: Vec<Uuid>,
    /// Het nummer van het ingewilligde verzoek
    #[arg(long = "verzoek")]
    request: Option<Uuid>,
    /// Het nummer van de medewerker die dit opdraagt
    #[arg(long = "door")]
    by: Option<Uuid>,
}

impl Erase {
    pub(super) async fn run(self) -> Result<(), Trouble> {
        let store = self.register.open(RecordedBy::Database).await?;
        if let (Some(organisation), Some(request), Some(by)) =
            (self.organisation, self.request, self.by)
        {
            let at = Clock::Running.now();
            let stamp = Stamp { organisation, by, at, today: dutch_date(at), key: random_id() };
            order(&store, self.subjects, Ground::Request { request }, &stamp).await?;
        }
        complete(&store).await
    }
}

/// Orders an erasure under a number of its own.
pub(super) async fn order(
    store: &Store,
    subjects: Vec<Uuid>,
    ground: Ground,
    stamp: &Stamp,
) -> Result<(), Trouble> {
    let ordered = store.order_erasure(Id::new(random_id()), subjects, ground, stamp).await;
    ordered.map(drop).map_err(|why| Trouble::Plain(why.to_string()))
}

/// Completes what is ordered, and prints the receipt of each: where its completion stands in the log, and the chain up to there.
pub(super) async fn complete(store: &Store) -> Result<(), Trouble> {
    let completed = store.erase_all().await?;
    for (it, receipt) in &completed {
        let proof = receipt.chain.map(|it| chain::hex(&it)).unwrap_or_default();
        let (organisation, position) = (it.organisation, receipt.position);
        println!("vernietiging {} is voltooid: {organisation}:{position}:{proof}", it.erasure);
    }
    if completed.is_empty() {
        println!("Er is niets te vernietigen.");
    }
    Ok(())
}
