//! Does every subject still have the key under which was sealed, and does whoever has none have no more than he may? The register knows
//! numbers of keys; here they are held against the key store, and against one particular of each subject.

use super::{Break, What};
use crate::keystore::Found;
use crate::sealed::Place;
use crate::{Failed, Store};
use domain::id::Log;
use std::collections::{HashMap, HashSet};
use uuid::Uuid;

/// How many subjects are asked after at a time.
const PAGE: i64 = 1000;

/// What is wrong unless it was ordered.
#[derive(Default)]
pub(super) struct Bindings {
    /// Of whom a key is not there or is another, and where the first stands that was sealed under it.
    broken: Vec<(i64, Uuid)>,
    /// Of whom something is sealed, or was, and there is no key.
    keyless: Vec<(i64, Uuid)>,
    forgotten: Vec<Forgotten>,
}

/// Somebody who is held to be forgotten.
struct Forgotten {
    subject: Uuid,
    erasure: Uuid,
    /// He had a key, for something was sealed; and which one is not said, or it was not destroyed, while nothing of that order is still to be done.
    key_is_left: bool,
}

/// By which orders each subject was to be forgotten.
type Orders = HashMap<Uuid, HashSet<Uuid>>;

impl Bindings {
    /// The breaks, with whom the log orders to be forgotten. Where the log itself is broken nothing can be said of keys.
    pub(super) fn breaks(self, found: &[Break], orders: &Orders) -> Vec<Break> {
        let told: HashSet<i64> = found.iter().map(|it| it.position).collect();
        // A key that is still there of somebody who was to be forgotten is as wrong as one that is not there.
        let keyless = self.keyless.into_iter().filter(|(_, it)| !orders.contains_key(it));
        let keys = self.broken.into_iter().chain(keyless);
        let keys = keys.filter(|(position, _)| !told.contains(position));
        let keys = keys.map(|(position, subject)| Break { position, what: What::Key { subject } });
        let as_ordered = |it: &Forgotten| {
            orders.get(&it.subject).is_some_and(|orders| orders.contains(&it.erasure))
        };
        let wrong = self.forgotten.into_iter().filter(|it| it.key_is_left || !as_ordered(it));
        let wrong = wrong.map(|it| What::Forgotten { subject: it.subject });
        keys.chain(wrong.map(|what| Break { position: 0, what })).collect()
    }
}

/// The key of a subject, with the first that was sealed under it.
struct Bound {
    subject: Uuid,
    key: Uuid,
    forgotten: bool,
    position: Option<i64>,
    stream: Option<String>,
    stream_id: Option<Uuid>,
    version: Option<i32>,
    schema: Option<i16>,
    part: Option<String>,
    sealed: Option<Vec<u8>>,
}

impl Bound {
    fn is_right(&self, log: Log, found: Option<&Found>) -> bool {
        let Some(Found::Key(key)) = found else { return false };
        let (Some(sealed), Some(stream), Some(part)) = (&self.sealed, &self.stream, &self.part)
        else {
            // A key under which nothing was sealed opens nothing.
            return true;
        };
        let place = Place {
            organisation: log.organisation,
            stream,
            stream_id: self.stream_id.unwrap_or_default(),
            version: self.version.unwrap_or_default(),
            part,
            schema: self.schema.unwrap_or_default(),
        };
        !self.forgotten && key.open(place, sealed).is_ok()
    }
}

impl Store {
    pub(super) async fn bindings(self, log: Log) -> Result<Bindings, Failed> {
        let mut bindings = Bindings::default();
        let mut after = Uuid::nil();
        loop {
            let page = self.bound(log, after).await?;
            let Some(last) = page.last() else { break };
            after = last.subject;
            let numbers: Vec<Uuid> = page.iter().map(|it| it.key).collect();
            let found = self.inner.key_store.find(&numbers).await?;
            let wrong = page.iter().filter(|it| !it.is_right(log, found.get(&it.key)));
            bindings.broken.extend(wrong.map(|it| (it.position.unwrap_or_default(), it.subject)));
        }
        let keyless = sqlx::query!(
            r#"select p.subject as "subject!", min(p.position) as "position!" from (
                   select organisation, subject, position from particular
                   union all select organisation, subject, position from destroyed_part) p
               where p.organisation = $1 and not exists
                   (select from data_key k where k.subject = p.subject and k.organisation = p.organisation)
               group by p.subject"#,
            log.to_string()
        );
        let keyless = keyless.fetch_all(&self.inner.pool).await?;
        bindings.keyless = keyless.into_iter().map(|row| (row.position, row.subject)).collect();
        bindings.forgotten = self.forgotten(log).await?;
        Ok(bindings)
    }

    async fn forgotten(&self, log: Log) -> Result<Vec<Forgotten>, Failed> {
        let rows = sqlx::query!(
            r#"select subject, f.erasure, key, e.erasure is not null as "pending!",
                      exists (select from destroyed_part p where p.subject = f.subject and p.organisation = f.organisation) as "sealed!"
               from forgotten f
               left join erasing e on e.organisation = f.organisation and e.erasure = f.erasure where f.organisation = $1"#,
            log.to_string()
        );
        let rows = rows.fetch_all(&self.inner.pool).await?;
        let numbers: Vec<Uuid> = rows.iter().filter_map(|it| it.key).collect();
        let found = self.inner.key_store.find(&numbers).await?;
        let destroyed = |key| matches!(found.get(&key), Some(Found::Destroyed));
        let forgotten = rows.into_iter().map(|it| {
            let key_is_left = !it.pending && it.key.map_or(it.sealed, |key| !destroyed(key));
            Forgotten { subject: it.subject, erasure: it.erasure, key_is_left }
        });
        Ok(forgotten.collect())
    }

    /// Who was ordered to be forgotten and is not held to be. Whoever was not a moment ago is asked after once more: his order may be of since then.
    pub(super) async fn remembered(
        &self,
        log: Log,
        orders: &Orders,
        known: &Bindings,
    ) -> Result<Vec<Break>, Failed> {
        let known: HashSet<Uuid> = known.forgotten.iter().map(|it| it.subject).collect();
        let unknown: Vec<Uuid> = orders.keys().filter(|it| !known.contains(it)).copied().collect();
        if unknown.is_empty() {
            return Ok(vec![]);
        }
        let forgotten = sqlx::query_scalar!(
            "select subject from forgotten where organisation = $1 and subject = any($2)",
            log.to_string(),
            &unknown
        );
        let forgotten = forgotten.fetch_all(&self.inner.pool).await?;
        let remembered = unknown.into_iter().filter(|it| !forgotten.contains(it));
        let remembered = remembered.map(|subject| What::Remembered { subject });
        Ok(remembered.map(|what| Break { position: 0, what }).collect())
    }

    async fn bound(&self, log: Log, after: Uuid) -> Result<Vec<Bound>, Failed> {
        Ok(sqlx::query_as!(
            Bound,
            r#"select k.subject, k.key, f.subject is not null as "forgotten!", p.position as "position?", p.stream as "stream?", p.stream_id as "stream_id?",
                      p.version as "version?", p.schema as "schema?", p.part as "part?", p.sealed as "sealed?"
               from (select subject, key from data_key where organisation = $1 and subject > $2 order by subject limit $3) k
               left join forgotten f on f.subject = k.subject and f.organisation = $1
               left join lateral (
                   select p.position, e.stream, e.stream_id, e.version, e.schema, p.part, p.sealed
                   from particular p join event e using (organisation, position)
                   where p.subject = k.subject and p.organisation = $1 order by p.subject, p.organisation limit 1) p on true
               order by k.subject"#,
            log.to_string(),
            after,
            PAGE
        )
        .fetch_all(&self.inner.pool)
        .await?)
    }
}
