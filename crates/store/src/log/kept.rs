//! What the log says of how long data were there: whose are old, in which streams they stand, and when these were last written to. Positions are in
//! the order of time, so "old" is a position.

use crate::Failed;
use chrono::{DateTime, NaiveDate, Utc};
use domain::id::Organisation;
use sqlx::PgExecutor;
use uuid::Uuid;

/// A stream of the register, by name and id.
pub(crate) type Stream = (String, Uuid);

/// The last position that was recorded before a moment. Halved again and again: the past is looked up, not read.
pub(crate) async fn last_before(
    on: impl PgExecutor<'_> + Copy,
    organisation: Organisation,
    moment: DateTime<Utc>,
) -> Result<i64, Failed> {
    let (mut last, mut after) = (0, super::head(on, organisation).await?.0 + 1);
    while after - last > 1 {
        let middle = i64::midpoint(last, after);
        let before = sqlx::query_scalar!(
            r#"select recorded_at < $3 as "before!" from event where organisation = $1 and position = $2"#,
            organisation.as_str(),
            middle,
            moment
        );
        if before.fetch_one(on).await? {
            last = middle;
        } else {
            after = middle;
        }
    }
    Ok(last)
}

/// Of whom something was told up to a position that can still be read.
pub(crate) async fn subjects_up_to(
    on: impl PgExecutor<'_>,
    organisation: Organisation,
    position: i64,
) -> Result<Vec<Uuid>, Failed> {
    Ok(sqlx::query_scalar!(
        "select distinct p.subject from particular p join data_key k on k.organisation = p.organisation and k.subject = p.subject
         where p.organisation = $1 and p.position <= $2",
        organisation.as_str(),
        position
    )
    .fetch_all(on)
    .await?)
}

/// How many subjects can be read in all.
pub(crate) async fn subjects(
    on: impl PgExecutor<'_>,
    organisation: Organisation,
) -> Result<i64, Failed> {
    let count = sqlx::query_scalar!(
        r#"select count(*) as "count!" from data_key where organisation = $1"#,
        organisation.as_str()
    );
    Ok(count.fetch_one(on).await?)
}

/// In which streams something was told of some subjects.
pub(crate) async fn streams_of(
    on: impl PgExecutor<'_>,
    organisation: Organisation,
    subjects: &[Uuid],
) -> Result<Vec<(Uuid, Stream)>, Failed> {
    let rows = sqlx::query!(
        r#"select distinct t.id as "subject!", e.stream, e.stream_id from unnest($2::uuid[]) as t (id)
           cross join lateral (select position from particular where organisation = $1 and subject = t.id offset 0) p
           cross join lateral (select stream, stream_id from event where organisation = $1 and position = p.position offset 0) e"#,
        organisation.as_str(),
        subjects
    )
    .fetch_all(on)
    .await?;
    Ok(rows.into_iter().map(|it| (it.subject, (it.stream, it.stream_id))).collect())
}

/// The Dutch day on which something was last recorded in each of some streams; of one that is not there nothing.
pub(crate) async fn last_days(
    on: impl PgExecutor<'_>,
    organisation: Organisation,
    streams: &[Stream],
) -> Result<Vec<(Stream, NaiveDate)>, Failed> {
    let (names, ids): (Vec<String>, Vec<Uuid>) = streams.iter().cloned().unzip();
    let rows = sqlx::query!(
        r#"select t.stream as "stream!", t.id as "id!", (e.recorded_at at time zone 'Europe/Amsterdam')::date as "day!"
           from unnest($2::text[], $3::uuid[]) as t (stream, id) cross join lateral
               (select recorded_at from event where organisation = $1 and stream_id = t.id and stream = t.stream
                order by version desc limit 1) e"#,
        organisation.as_str(),
        &names,
        &ids
    )
    .fetch_all(on)
    .await?;
    Ok(rows.into_iter().map(|it| ((it.stream, it.id), it.day)).collect())
}
