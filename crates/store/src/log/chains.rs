//! The chain alone, event after event: all that a tree of hashes is made of.

use super::hash;
use crate::Failed;
use crate::chain::Hash;
use domain::id::Log;
use sqlx::PgExecutor;

/// The positions after one, each with the chain after its event; in order and without gaps, at most `limit`.
pub(crate) async fn chains(
    on: impl PgExecutor<'_>,
    log: Log,
    position: i64,
    limit: i64,
) -> Result<Vec<(i64, Hash)>, Failed> {
    let rows = sqlx::query!(
        "select position, chain from event where organisation = $1 and position > $2 order by position limit $3",
        log.to_string(),
        position,
        limit
    )
    .fetch_all(on)
    .await?;
    let mut chains = Vec::with_capacity(rows.len());
    for (expected, row) in (position + 1..).zip(rows) {
        if row.position != expected {
            let what = format!("position {} follows on {}", row.position, expected - 1);
            return Err(Failed::Corrupt { log, position: expected, what });
        }
        chains.push((expected, hash(log, expected, &row.chain)?));
    }
    Ok(chains)
}
