//! Connections of roles that answer a worker: whose rows there are is said when one is taken, and the database shows no others (migration 0018),
//! also to a statement that forgot to ask. There is no other way to take one, and no word for all organisations.
//!
//! What was said stays with the connection until it is taken again, and is then said anew; one whose user left halfway is closed (`held`). So
//! nobody sees what the one before him was allowed to see.

use crate::Failed;
use crate::held::{Held, Taken};
use domain::id::Log;
use sqlx::postgres::PgConnectOptions;

pub(crate) struct Walled(Held);

impl Walled {
    pub(crate) fn new(options: PgConnectOptions, places: usize) -> Self {
        // Whoever leaves does not let the database go on with his question: nobody counts that connection any more.
        Self(Held::new(options.options([("client_connection_check_interval", "1s")]), places))
    }

    /// Whether there can be any.
    pub(crate) async fn ready(&self) -> Result<(), Failed> {
        self.0.take().await?.give_back();
        Ok(())
    }

    /// A connection that sees one log, and what is told of its organisation.
    pub(crate) async fn of(&self, log: impl Into<Log>) -> Result<Taken<'_>, Failed> {
        let log = log.into();
        let mut taken = self.0.take().await?;
        sqlx::query!(
            "select set_config('meldboek.organisation', $1, false) as organisation, set_config('meldboek.log', $2, false) as log",
            log.organisation.as_str(),
            log.to_string()
        )
        .fetch_one(&mut *taken)
        .await?;
        Ok(taken)
    }
}
