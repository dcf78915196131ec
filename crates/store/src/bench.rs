//! What a benchmark needs of the database and nothing else does: a database of its own, and how long the log is.

use crate::Failed;
use sqlx::migrate::MigrateDatabase;
use sqlx::{Connection, PgConnection, Postgres};

/// Makes the database of an address.
pub async fn create(url: &str) -> Result<(), Failed> {
    Ok(Postgres::create_database(url).await?)
}

/// Removes the database of an address, whoever is still connected.
pub async fn drop(url: &str) -> Result<(), Failed> {
    Ok(Postgres::force_drop_database(url).await?)
}

/// How many events there are, of all organisations.
pub async fn events(url: &str) -> Result<i64, Failed> {
    let mut on = PgConnection::connect(url).await?;
    let events = sqlx::query_scalar!(r#"select count(*) as "events!" from event"#);
    let events = events.fetch_one(&mut on).await?;
    on.close().await?;
    Ok(events)
}
