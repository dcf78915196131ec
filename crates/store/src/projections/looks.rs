//! Looks: who looked at somebody, and at whom did somebody look? By person, by worker, by period; in the order in which it was recorded. What a
//! look was is read from the log itself: here stands only where.

use crate::log::{self, Recorded};
use crate::{Failed, Store};
use chrono::{DateTime, Utc};
use domain::Event;
use domain::id::{Log, Organisation};
use domain::look::Looked;
use sqlx::PgConnection;
use std::collections::BTreeSet;
use uuid::Uuid;

/// One look, with its envelope.
#[derive(Clone, Debug)]
pub struct Recalled {
    pub position: i64,
    pub id: Uuid,
    pub at: DateTime<Utc>,
    pub by: Uuid,
    pub looked: Looked,
}

/// Which looks; nothing chosen is all of them.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// At one of these.
    pub persons: Option<Vec<Uuid>>,
    pub worker: Option<Uuid>,
    pub from: Option<DateTime<Utc>>,
    pub until: Option<DateTime<Utc>>,
    /// After this position in the log of looks.
    pub after: i64,
    pub limit: i64,
}

impl Store {
    /// The looks that are asked for, in the order in which they were recorded.
    pub async fn looks(
        &self,
        organisation: Organisation,
        filter: &Filter,
    ) -> Result<Vec<Recalled>, Failed> {
        let mut on = self.inner.read.of(Log::looks(organisation)).await?;
        let looks = log::looks(&mut *on, organisation, filter).await?;
        on.give_back();
        Ok(looks)
    }

    /// By which name a person goes outside: a keyed digest, of this organisation alone.
    pub fn pseudonym(&self, organisation: Organisation, person: Uuid) -> String {
        let name: &[u8] = b"logboek dataverwerkingen";
        let parts = [name, organisation.as_str().as_bytes(), person.as_bytes()];
        crate::chain::hex(&self.inner.keys.recognise(&parts))
    }

    /// Who recorded something in which file of the register, between two moments.
    pub async fn acts(
        &self,
        organisation: Organisation,
        from: DateTime<Utc>,
        until: DateTime<Utc>,
    ) -> Result<BTreeSet<(Uuid, Uuid)>, Failed> {
        let (after, _) = self.head_at(organisation, from).await?;
        let (last, _) = self.head_at(organisation, until).await?;
        let mut on = self.inner.read.of(organisation).await?;
        let acts = log::acts(&mut *on, organisation, after, last).await?;
        on.give_back();
        Ok(acts)
    }
}

pub(super) async fn project(
    on: &mut PgConnection,
    generation: i16,
    news: &[Recorded],
) -> Result<(), Failed> {
    let Some(first) = news.first() else { return Ok(()) };
    let organisation = first.organisation;
    let (mut positions, mut at, mut workers) = (vec![], vec![], vec![]);
    let (mut places, mut persons) = (vec![], vec![]);
    for it in news {
        let Event::Look(event) = &it.event else { continue };
        positions.push(it.position);
        at.push(it.recorded_at);
        workers.push(it.recorded_by);
        for person in event.persons().iter().collect::<BTreeSet<_>>() {
            places.push(it.position);
            persons.push(*person);
        }
    }
    sqlx::query!(
        "insert into look (generation, organisation, position, at, worker)
         select $1, $2, * from unnest($3::bigint[], $4::timestamptz[], $5::uuid[])",
        generation,
        organisation.as_str(),
        &positions,
        &at,
        &workers
    )
    .execute(&mut *on)
    .await?;
    sqlx::query!(
        "insert into look_person (generation, organisation, position, person)
         select $1, $2, * from unnest($3::bigint[], $4::uuid[])",
        generation,
        organisation.as_str(),
        &places,
        &persons
    )
    .execute(on)
    .await?;
    Ok(())
}

pub(super) async fn remove(on: &mut PgConnection, generation: i16) -> Result<(), Failed> {
    sqlx::query!("delete from look where generation = $1", generation).execute(&mut *on).await?;
    sqlx::query!("delete from look_person where generation = $1", generation).execute(on).await?;
    Ok(())
}

pub(super) async fn content(on: &mut PgConnection, generation: i16) -> Result<String, Failed> {
    Ok(sqlx::query_scalar!(
        r#"select (select format('%s/%s', count(*), sum(hash_record_extended(row(organisation, position, at, worker), 0)))
                   from look where generation = $1)
               || ' ' || (select format('%s/%s', count(*), sum(hash_record_extended(row(organisation, position, person), 0)))
                   from look_person where generation = $1) as "hash!""#,
        generation
    )
    .fetch_one(on)
    .await?)
}
