//! The read models: each module opens with the question it answers. A projection takes a batch of events in order, looks up what it needs
//! of earlier ones, and writes once; so it gives the same rows whether it lives through the events one by one or is told again
//! by thousands. No clock, no chance, no call outside.

pub mod facts;
pub mod looks;
pub mod people;
pub mod worklist;
mod access;

use crate::log::Recorded;
use crate::{Failed, Store};
use domain::id::LogKind;
use sqlx::PgConnection;

/// The projections there are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Name {
    Worklist,
    Facts,
    People,
    Access,
    Looks,
}

impl Name {
    pub const ALL: [Self; 5] =
        [Self::Worklist, Self::Facts, Self::People, Self::Access, Self::Looks];

    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Worklist => "worklist",
            Self::Facts => "facts",
            Self::People => "people",
            Self::Access => "access",
            Self::Looks => "looks",
        }
    }

    /// Which log it is told from.
    pub const fn log(self) -> LogKind {
        match self {
            Self::Worklist | Self::Facts | Self::People | Self::Access => LogKind::Register,
            Self::Looks => LogKind::Looks,
        }
    }

    /// All that are told from a log.
    pub(crate) fn told_from(log: LogKind) -> impl Iterator<Item = Self> {
        Self::ALL.into_iter().filter(move |it| it.log() == log)
    }

    pub fn of(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|it| it.as_str() == name)
    }
}

/// Which generation of each projection is live; held until the transaction ends.
pub(crate) async fn live(on: &mut PgConnection) -> Result<Vec<(Name, i16)>, Failed> {
    let rows = sqlx::query!("select name, live from projection order by name for share")
        .fetch_all(on)
        .await?;
    Ok(rows.into_iter().filter_map(|row| Some((Name::of(&row.name)?, row.live))).collect())
}

pub(crate) async fn project(
    store: &Store,
    on: &mut PgConnection,
    name: Name,
    generation: i16,
    news: &[Recorded],
) -> Result<(), Failed> {
    match name {
        Name::Worklist => worklist::project(on, generation, news).await,
        Name::Facts => facts::project(store, on, generation, news).await,
        Name::People => people::project(store, on, generation, news).await,
        Name::Access => access::project(on, generation, news).await,
        Name::Looks => looks::project(on, generation, news).await,
    }
}

/// Removes a generation that is not live.
pub(crate) async fn remove(
    on: &mut PgConnection,
    name: Name,
    generation: i16,
) -> Result<(), Failed> {
    match name {
        Name::Worklist => {
            sqlx::query!("delete from worklist where generation = $1", generation)
                .execute(&mut *on)
                .await?;
        }
        Name::Facts => facts::remove(on, generation).await?,
        Name::People => people::remove(on, generation).await?,
        Name::Access => access::remove(on, generation).await?,
        Name::Looks => looks::remove(on, generation).await?,
    }
    sqlx::query!(
        "delete from checkpoint where projection = $1 and generation = $2",
        name.as_str(),
        generation
    )
    .execute(on)
    .await?;
    Ok(())
}

/// The content of a generation as one hash, whatever the order of its rows: two tellings are equal when these are.
pub(crate) async fn content(
    on: &mut PgConnection,
    name: Name,
    generation: i16,
) -> Result<String, Failed> {
    let hash = match name {
        Name::Worklist => {
            sqlx::query_scalar!(
                r#"select format('%s/%s', count(*), sum(hash_record_extended(
                       row(organisation, kind, file, about, since, due_on, municipality, acute_danger, worker, team), 0)))
                       as "hash!"
                   from worklist where generation = $1"#,
                generation
            )
            .fetch_one(on)
            .await?
        }
        Name::Facts => facts::content(on, generation).await?,
        Name::People => people::content(on, generation).await?,
        Name::Access => access::content(on, generation).await?,
        Name::Looks => looks::content(on, generation).await?,
    };
    Ok(hash)
}
