//! The sealed particulars beside the events, and the numbers of the keys of their subjects.

use super::Recorded;
use crate::Failed;
use domain::id::Organisation;
use sqlx::PgExecutor;
use uuid::Uuid;

/// A particular as it stands, still sealed, with where it belongs.
pub(crate) struct SealedPart {
    pub(crate) version: i32,
    pub(crate) schema: i16,
    pub(crate) subject: Uuid,
    pub(crate) part: String,
    pub(crate) sealed: Vec<u8>,
    /// The number of the key of the subject; `None` when the subject was forgotten.
    pub(crate) key: Option<Uuid>,
    pub(crate) forgotten: bool,
}

/// The sealed particulars of one stream, up to a position, in the order of recording.
pub(crate) async fn sealed_parts(
    on: impl PgExecutor<'_>,
    organisation: Organisation,
    stream: &str,
    id: Uuid,
    up_to: i64,
) -> Result<Vec<SealedPart>, Failed> {
    Ok(sqlx::query_as!(
        SealedPart,
        r#"select e.version, e.schema, p.subject, p.part, p.sealed, k.key as "key?", f.subject is not null as "forgotten!"
           from event e join particular p using (organisation, position)
           left join data_key k on k.organisation = p.organisation and k.subject = p.subject
           left join forgotten f on f.organisation = p.organisation and f.subject = p.subject
           where e.organisation = $1 and e.stream_id = $2 and e.stream = $3 and e.position <= $4
           order by e.version, p.nth"#,
        organisation.as_str(),
        id,
        stream,
        up_to
    )
    .fetch_all(on)
    .await?)
}

/// The numbers of the keys of some subjects.
pub(crate) async fn keys_of(
    on: impl PgExecutor<'_>,
    organisation: Organisation,
    subjects: &[Uuid],
) -> Result<Vec<(Uuid, Uuid)>, Failed> {
    let rows = sqlx::query!(
        "select k.subject, k.key from unnest($2::uuid[]) as t (id) cross join lateral
             (select * from data_key where organisation = $1 and subject = t.id offset 0) k",
        organisation.as_str(),
        subjects
    )
    .fetch_all(on)
    .await?;
    Ok(rows.into_iter().map(|row| (row.subject, row.key)).collect())
}

/// The part of a particular that says who somebody is.
pub(crate) const PERSON: &str = "person";

/// A particular of a person. Whoever was forgotten is not among them.
pub(crate) struct PersonPart {
    pub(crate) position: i64,
    pub(crate) schema: i16,
    pub(crate) subject: Uuid,
    pub(crate) sealed: Vec<u8>,
    pub(crate) key: Uuid,
}

/// What a batch of events told of persons, in order of position: in one statement.
pub(crate) async fn person_parts(
    on: impl PgExecutor<'_>,
    organisation: Organisation,
    first: &Recorded,
    last: &Recorded,
) -> Result<Vec<PersonPart>, Failed> {
    Ok(sqlx::query_as!(
        PersonPart,
        "select p.position, e.schema, p.subject, p.sealed, k.key
         from (select position, nth, subject, sealed from particular
               where organisation = $1 and position between $2 and $3 and part = $4 order by position, nth offset 0) p
         cross join lateral (select schema from event where organisation = $1 and position = p.position offset 0) e
         cross join lateral (select key from data_key where organisation = $1 and subject = p.subject offset 0) k
         order by p.position, p.nth",
        organisation.as_str(),
        first.position,
        last.position,
        PERSON
    )
    .fetch_all(on)
    .await?)
}
