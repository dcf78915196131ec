//! Looks as they stand in their log, found by where the read model says that they stand; and who recorded something meanwhile.

use super::decode;
use crate::Failed;
use crate::projections::looks::{Filter, Recalled};
use chrono::{DateTime, Utc};
use domain::Event;
use domain::decider::Decider;
use domain::id::{Log, Organisation};
use domain::look::Look;
use sqlx::PgExecutor;
use std::collections::BTreeSet;
use uuid::Uuid;

struct Row {
    position: i64,
    stream_id: Uuid,
    schema: i16,
    body: String,
    recorded_at: DateTime<Utc>,
    recorded_by: Uuid,
}

impl Row {
    fn recalled(self) -> Result<Option<Recalled>, Failed> {
        let event = decode(Look::STREAM, self.schema, &self.body)?;
        let Event::Look(event) = event else { return Ok(None) };
        let (position, id, at, by) =
            (self.position, self.stream_id, self.recorded_at, self.recorded_by);
        Ok(Some(Recalled { position, id, at, by, looked: event.looked() }))
    }
}

/// The looks that are asked for, in the order in which they were recorded.
pub(crate) async fn looks(
    on: impl PgExecutor<'_>,
    organisation: Organisation,
    filter: &Filter,
) -> Result<Vec<Recalled>, Failed> {
    let rows = sqlx::query_as!(
            Row,
            r#"with found (position) as (
                   select l.position from look l
                   where l.generation = (select live from projection where name = 'looks') and l.organisation = $1
                     and ($3::uuid is null or l.worker = $3) and l.at >= coalesce($4, '-infinity'::timestamptz)
                     and l.at < coalesce($5, 'infinity'::timestamptz) and l.position > $6
                     and ($7::uuid[] is null or exists (select from look_person p
                         where p.person = any($7) and p.organisation = $1 and p.generation = l.generation and p.position = l.position))
                   order by l.position limit $8)
               select e.position, e.stream_id, e.schema, e.body::text as "body!", e.recorded_at, e.recorded_by
               from found f join event e on e.organisation = $2 and e.position = f.position order by e.position"#,
            organisation.as_str(),
            Log::looks(organisation).to_string(),
            filter.worker,
            filter.from,
            filter.until,
            filter.after,
            filter.persons.as_deref(),
            filter.limit
        )
        .fetch_all(on)
        .await?;
    let all: Result<Vec<Option<Recalled>>, Failed> = rows.into_iter().map(Row::recalled).collect();
    Ok(all?.into_iter().flatten().collect())
}

/// Who recorded something in which file of the register, between two positions.
pub(crate) async fn acts(
    on: impl PgExecutor<'_>,
    organisation: Organisation,
    after: i64,
    last: i64,
) -> Result<BTreeSet<(Uuid, Uuid)>, Failed> {
    let rows = sqlx::query!(
        "select distinct recorded_by, stream_id from event
             where organisation = $1 and position > $2 and position <= $3",
        organisation.as_str(),
        after,
        last
    )
    .fetch_all(on)
    .await?;
    Ok(rows.into_iter().map(|it| (it.recorded_by, it.stream_id)).collect())
}
