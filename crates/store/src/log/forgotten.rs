//! Who is forgotten, and what is left of him: the statements of an erasure (`erase`).

use crate::Failed;
use domain::id::Organisation;
use sqlx::PgExecutor;
use uuid::Uuid;

/// The orders that are not completed.
pub(crate) async fn pending(on: impl PgExecutor<'_>) -> Result<Vec<(String, Uuid)>, Failed> {
    let rows =
        sqlx::query!("select organisation, erasure from erasing order by organisation, erasure");
    let rows = rows.fetch_all(on).await?;
    Ok(rows.into_iter().map(|row| (row.organisation, row.erasure)).collect())
}

pub(crate) async fn no_longer_pending(
    on: impl PgExecutor<'_>,
    organisation: Organisation,
    erasure: Uuid,
) -> Result<(), Failed> {
    sqlx::query!(
        "delete from erasing where organisation = $1 and erasure = $2",
        organisation.as_str(),
        erasure
    )
    .execute(on)
    .await?;
    Ok(())
}

/// The numbers of the keys that subjects had when they were forgotten.
pub(crate) async fn keys_of_forgotten(
    on: impl PgExecutor<'_>,
    organisation: Organisation,
    subjects: &[Uuid],
) -> Result<Vec<Uuid>, Failed> {
    let keys = sqlx::query_scalar!(
        r#"select key as "key!" from forgotten where organisation = $1 and subject = any($2) and key is not null"#,
        organisation.as_str(),
        subjects
    );
    Ok(keys.fetch_all(on).await?)
}

pub(crate) async fn destroy_particulars(
    on: impl PgExecutor<'_>,
    organisation: Organisation,
    subjects: &[Uuid],
) -> Result<(), Failed> {
    let destroyed =
        sqlx::query_scalar!("select destroy_particulars($1, $2)", organisation.as_str(), subjects);
    destroyed.fetch_one(on).await?;
    Ok(())
}

/// How many particulars of subjects were destroyed.
pub(crate) async fn destroyed_of(
    on: impl PgExecutor<'_>,
    organisation: Organisation,
    subjects: &[Uuid],
) -> Result<i64, Failed> {
    let count = sqlx::query_scalar!(
        r#"select count(*) as "count!" from destroyed_part where organisation = $1 and subject = any($2)"#,
        organisation.as_str(),
        subjects
    );
    Ok(count.fetch_one(on).await?)
}

/// How many rows there are of subjects, per table.
pub(crate) struct Rows {
    pub(crate) numbers: i64,
    pub(crate) particulars: i64,
    pub(crate) cards: i64,
}

pub(crate) async fn left_of(
    on: impl PgExecutor<'_>,
    organisation: Organisation,
    subjects: &[Uuid],
) -> Result<Rows, Failed> {
    Ok(sqlx::query_as!(
        Rows,
        r#"select (select count(*) from data_key where organisation = $1 and subject = any($2)) as "numbers!",
                  (select count(*) from particular where organisation = $1 and subject = any($2)) as "particulars!",
                  (select count(*) from person_card where organisation = $1 and person = any($2)) as "cards!""#,
        organisation.as_str(),
        subjects
    )
    .fetch_one(on)
    .await?)
}
