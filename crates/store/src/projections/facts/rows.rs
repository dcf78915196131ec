//! How the figures changed, row by row, into the database: a few as one statement, many by COPY, which takes half the time and is most of what
//! telling again costs.

use super::Change;
use crate::Failed;
use chrono::{DateTime, TimeZone, Utc};
use domain::id::Organisation;
use sqlx::PgConnection;

/// From so many rows on COPY, which takes a round trip more, is faster.
const MANY: usize = 100;
/// The opening of the binary format (PostgreSQL manual, COPY): signature, no flags, no extension.
const OPENING: &[u8] = b"PGCOPY\n\xff\r\n\0\0\0\0\0\0\0\0\0";
const CLOSING: [u8; 2] = (-1_i16).to_be_bytes();

/// Adds changes, each with the number of its fact.
pub(super) async fn insert(
    on: &mut PgConnection,
    generation: i16,
    organisation: Organisation,
    changes: &[Change],
    kinds: &[i32],
) -> Result<(), Failed> {
    if changes.len() >= MANY {
        return copy(on, generation, organisation, changes, kinds).await;
    }
    sqlx::query!(
        "insert into fact (generation, organisation, month, kind, recorded_at, weight)
         select $1, $2, * from unnest($3::int[], $4::int[], $5::timestamptz[], $6::smallint[])",
        generation,
        organisation.as_str(),
        &changes.iter().map(|it| it.month).collect::<Vec<_>>(),
        kinds,
        &changes.iter().map(|it| it.recorded_at).collect::<Vec<_>>(),
        &changes.iter().map(|it| it.weight).collect::<Vec<_>>()
    )
    .execute(on)
    .await?;
    Ok(())
}

async fn copy(
    on: &mut PgConnection,
    generation: i16,
    organisation: Organisation,
    changes: &[Change],
    kinds: &[i32],
) -> Result<(), Failed> {
    let mut rows = OPENING.to_vec();
    for (it, kind) in changes.iter().zip(kinds) {
        rows.extend(6_i16.to_be_bytes());
        field(&mut rows, &since_2000(it.recorded_at).to_be_bytes());
        field(&mut rows, &it.month.to_be_bytes());
        field(&mut rows, &kind.to_be_bytes());
        field(&mut rows, &generation.to_be_bytes());
        field(&mut rows, &it.weight.to_be_bytes());
        field(&mut rows, organisation.as_str().as_bytes());
    }
    rows.extend(CLOSING);
    let statement = "copy fact (recorded_at, month, kind, generation, weight, organisation) from stdin (format binary)";
    let mut copy = on.copy_in_raw(statement).await?;
    copy.send(rows).await?;
    copy.finish().await?;
    Ok(())
}

fn field(rows: &mut Vec<u8>, bytes: &[u8]) {
    rows.extend((bytes.len() as i32).to_be_bytes());
    rows.extend(bytes);
}

/// Microseconds since the year 2000, as the database counts.
fn since_2000(at: DateTime<Utc>) -> i64 {
    let epoch = Utc.with_ymd_and_hms(2000, 1, 1, 0, 0, 0).single().unwrap_or_default();
    (at - epoch).num_microseconds().unwrap_or(i64::MAX)
}
