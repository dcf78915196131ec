//! Telling a read model again, beside the live one: a new generation grows from the first event, is compared with the live one,
//! and takes its place in one transaction. Reading goes on all the while, and never shows less.

use crate::follow::{Stand, advance, checkpoint, end_of};
use crate::log::Recorded;
use crate::projections::{self, Name};
use crate::{Failed, Store, log};
use domain::id::Log;
use futures_util::future::ready;
use futures_util::{StreamExt, TryStreamExt, stream};
use sqlx::{Connection, PgConnection};
use std::collections::BTreeSet;
use std::sync::{Mutex, PoisonError};

/// How a rebuild ended.
#[derive(Clone, Debug, PartialEq)]
pub struct Rebuilt {
    pub name: Name,
    pub events: u64,
    pub generation: i16,
    /// The hash of the content, of the new telling and of the live one at the same positions.
    pub content: String,
    pub live_content: String,
}

impl Rebuilt {
    pub fn same(&self) -> bool {
        self.content == self.live_content
    }
}

/// How many events one page of reading holds.
const PAGE: i64 = 5000;
/// Of how many organisations is told at the same time.
const AT_ONCE: usize = 3;

impl Store {
    /// Reads every log in order, every event decoded. Tells how many there were.
    pub async fn read_through(&self, mut visit: impl FnMut(&Recorded)) -> Result<u64, Failed> {
        let pool = &self.inner.pool;
        let mut events = 0;
        for it in log::logs(pool).await? {
            let mut ahead = log::Ahead::new(pool, it, 0, PAGE);
            while let Some(page) = ahead.page().await? {
                page.iter().for_each(&mut visit);
                events += page.len() as u64;
            }
        }
        Ok(events)
    }

    /// Tells projections again, `batch` events at a time, reading the log once for all of them, and makes each new telling the live one.
    /// `progress` hears of every batch.
    pub async fn rebuild(
        &self,
        names: &[Name],
        batch: i64,
        progress: impl FnMut(u64),
    ) -> Result<Vec<Rebuilt>, Failed> {
        let pool = &self.inner.pool;
        let _alone = self.alone().await?;
        let mut tellings = Vec::with_capacity(names.len());
        for name in names {
            tellings.push((*name, self.new_generation(*name).await?));
        }
        let mut connection = pool.acquire().await?;
        let logs = followed(&mut connection).await?;
        drop(connection);
        // While the database writes what one log gives, what the next gives is computed.
        let progress = Mutex::new(progress);
        let tell = |it| self.tell_log(&tellings, it, batch, &progress);
        let told = stream::iter(logs.into_iter().map(tell)).buffer_unordered(AT_ONCE);
        let events = told.try_fold(0, |sum, told| ready(Ok(sum + told))).await?;
        let take_over = |(name, generation)| self.take_over(name, generation, batch, events);
        stream::iter(tellings.iter().copied().map(take_over)).buffered(AT_ONCE).try_collect().await
    }

    /// Makes a telling the live one, and removes the one that was.
    async fn take_over(
        &self,
        name: Name,
        generation: i16,
        batch: i64,
        events: u64,
    ) -> Result<Rebuilt, Failed> {
        let (content, live_content, old, told) = self.switch(name, generation, batch).await?;
        let mut connection = self.inner.pool.acquire().await?;
        projections::remove(&mut connection, name, old).await?;
        Ok(Rebuilt { name, events: events + told, generation, content, live_content })
    }

    /// Two at once would take each other's tellings for leftovers. Ends with the connection.
    async fn alone(&self) -> Result<PgConnection, Failed> {
        let mut connection = PgConnection::connect_with(&self.inner.pool.connect_options()).await?;
        let free = sqlx::query_scalar!(
            r#"select pg_try_advisory_lock(hashtextextended('meldboek rebuild', 0)) as "free!""#
        );
        let free = free.fetch_one(&mut connection).await?;
        if free { Ok(connection) } else { Err(Failed::Rebuilding) }
    }

    /// The number of a telling that nobody has used; leftovers of one that was cut off are removed.
    async fn new_generation(&self, name: Name) -> Result<i16, Failed> {
        let mut connection = self.inner.pool.acquire().await?;
        let row = sqlx::query!(
            r#"select live, array(select distinct generation from checkpoint
                   where projection = p.name and generation <> p.live) as "left_over!"
               from projection p where name = $1"#,
            name.as_str()
        )
        .fetch_one(&mut *connection)
        .await?;
        for generation in row.left_over {
            projections::remove(&mut connection, name, generation).await?;
        }
        Ok(if row.live == i16::MAX { 1 } else { row.live + 1 })
    }

    /// Tells one log from its first event.
    async fn tell_log(
        &self,
        tellings: &[(Name, i16)],
        log: Log,
        batch: i64,
        progress: &Mutex<impl FnMut(u64)>,
    ) -> Result<u64, Failed> {
        let mut events = 0;
        if tellings.iter().all(|(name, _)| name.log() != log.kind) {
            return Ok(events);
        }
        let mut ahead = log::Ahead::new(&self.inner.pool, log, 0, batch);
        while let Some(news) = ahead.page().await? {
            for (name, generation) in tellings.iter().filter(|(name, _)| name.log() == log.kind) {
                self.tell(*name, *generation, log, &news).await?;
            }
            let told = news.len() as u64;
            events += told;
            let mut progress = progress.lock().unwrap_or_else(PoisonError::into_inner);
            progress(told);
        }
        Ok(events)
    }

    /// Tells a page that was read ahead.
    async fn tell(
        &self,
        name: Name,
        generation: i16,
        log: Log,
        news: &[Recorded],
    ) -> Result<(), Failed> {
        let mut connection = self.inner.telling.take().await?;
        let mut tx = connection.begin().await?;
        let at = checkpoint(&mut tx, name, generation, log).await?;
        self.tell_on(&mut tx, Stand { name, generation, at }, log, news).await?;
        tx.commit().await?;
        connection.give_back();
        Ok(())
    }

    /// Reads on from the checkpoint of a telling, and tells it.
    async fn read_on(
        &self,
        on: &mut PgConnection,
        name: Name,
        generation: i16,
        log: Log,
        most: i64,
    ) -> Result<usize, Failed> {
        let at = checkpoint(on, name, generation, log).await?;
        let news = log::after_checkpoint(&mut *on, log, at, most).await?;
        self.tell_on(on, Stand { name, generation, at }, log, &news).await?;
        Ok(news.len())
    }

    async fn tell_on(
        &self,
        on: &mut PgConnection,
        stand: Stand,
        log: Log,
        news: &[Recorded],
    ) -> Result<(), Failed> {
        let (Some(first), Some(to)) = (news.first(), end_of(news)) else { return Ok(()) };
        let from = stand.at;
        if first.position != from.position + 1 {
            let what = format!("position {} was told after {}", first.position, from.position);
            return Err(Failed::Corrupt { log, position: first.position, what });
        }
        projections::project(self, on, stand.name, stand.generation, news).await?;
        advance(on, &[stand], log, from, to).await
    }

    /// Holds the live telling, brings both to the same positions, compares, and switches.
    async fn switch(
        &self,
        name: Name,
        generation: i16,
        batch: i64,
    ) -> Result<(String, String, i16, u64), Failed> {
        let mut connection = self.inner.telling.take().await?;
        let mut tx = connection.begin().await?;
        let live = sqlx::query_scalar!(
            "select live from projection where name = $1 for update",
            name.as_str()
        )
        .fetch_one(&mut *tx)
        .await?;
        let mut told = 0;
        for log in followed(&mut tx).await?.into_iter().filter(|it| it.kind == name.log()) {
            // Writing goes on: the new telling goes as far as the live one got, and not to an end that moves.
            while self.read_on(&mut tx, name, live, log, batch).await? as i64 == batch {}
            let end = checkpoint(&mut tx, name, live, log).await?.position;
            loop {
                let from = checkpoint(&mut tx, name, generation, log).await?.position;
                let most = batch.min(end - from);
                if most <= 0 {
                    break;
                }
                told += self.read_on(&mut tx, name, generation, log, most).await? as u64;
            }
        }
        let content = projections::content(&mut tx, name, generation).await?;
        let live_content = projections::content(&mut tx, name, live).await?;
        sqlx::query!("update projection set live = $2 where name = $1", name.as_str(), generation)
            .execute(&mut *tx)
            .await?;
        tx.commit().await?;
        connection.give_back();
        Ok((content, live_content, live, told))
    }

    /// The hash of the content of the live telling of a projection.
    pub async fn content(&self, name: Name) -> Result<String, Failed> {
        let mut tx = self.inner.pool.begin().await?;
        let live = projections::live(&mut tx).await?;
        let generation = live.iter().find(|(it, _)| *it == name).map_or(1, |(_, live)| *live);
        let content = projections::content(&mut tx, name, generation).await?;
        tx.commit().await?;
        Ok(content)
    }
}

/// The logs that there are, and those that there were when they were followed: an emptied log is no empty log.
async fn followed(on: &mut PgConnection) -> Result<BTreeSet<Log>, Failed> {
    let mut logs: BTreeSet<_> = log::logs(&mut *on).await?.into_iter().collect();
    let names =
        sqlx::query_scalar!("select distinct organisation from checkpoint where position > 0");
    let names = names.fetch_all(on).await?;
    logs.extend(names.iter().filter_map(|name| name.parse::<Log>().ok()));
    Ok(logs)
}
