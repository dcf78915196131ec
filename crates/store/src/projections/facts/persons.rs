//! Who is known, and who are one human being: as asked from outside, about a few persons at a time.

use super::links::Links;
use crate::{Failed, Store};
use chrono::{DateTime, Utc};
use domain::id::Organisation;
use domain::person::Person;
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

impl Store {
    /// For each of these persons all who are the same human being as far as is known now, the person included.
    pub async fn linked(
        &self,
        organisation: Organisation,
        persons: &[Uuid],
    ) -> Result<BTreeMap<Uuid, BTreeSet<Uuid>>, Failed> {
        let links = Links::of(self.links(organisation, persons, None).await?);
        Ok(persons.iter().map(|person| (*person, links.same_as(*person))).collect())
    }

    /// The links by which these persons, and whoever they lead to, hang together: as known at a moment, or now. Each once, the lower
    /// id first.
    pub async fn links(
        &self,
        organisation: Organisation,
        persons: &[Uuid],
        as_known_at: Option<DateTime<Utc>>,
    ) -> Result<BTreeSet<(Uuid, Uuid)>, Failed> {
        let rows = sqlx::query!(
            "with recursive standing as (
                 select live from projection where name = 'facts'
             ), reached (id) as (
                 select * from unnest($2::uuid[])
                 union
                 select l.other from reached r cross join lateral
                     (select other from known_link
                      where generation = (select live from standing) and organisation = $1 and person = r.id
                        and since <= coalesce($3::timestamptz, 'infinity') and (until is null or until > $3) offset 0) l)
             select l.person, l.other from reached r cross join lateral
                 (select person, other from known_link
                  where generation = (select live from standing) and organisation = $1 and person = r.id and person < other
                    and since <= coalesce($3::timestamptz, 'infinity') and (until is null or until > $3) offset 0) l",
            organisation.as_str(),
            persons,
            as_known_at
        )
        .fetch_all(&self.inner.read)
        .await?;
        Ok(rows.into_iter().map(|row| (row.person, row.other)).collect())
    }

    /// Who occurs in some meldingen, or in the meldingen of some casussen.
    pub async fn persons_in(
        &self,
        organisation: Organisation,
        files: &[Uuid],
    ) -> Result<Vec<Uuid>, Failed> {
        Ok(sqlx::query_scalar!(
            r#"select distinct p.person as "person!"
             from (select live from projection where name = 'facts') g cross join unnest($2::uuid[]) as t (id)
             cross join lateral (select t.id as melding union all
                 (select melding from known_melding
                  where case_id = t.id and organisation = $1 and generation = g.live offset 0)) m
             cross join lateral (select person from known_person
                 where melding = m.melding and organisation = $1 and generation = g.live offset 0) p"#,
            organisation.as_str(),
            files
        )
        .fetch_all(&self.inner.pool)
        .await?)
    }

    /// Whether an organisation knows of a person: registered, told of in a melding, or once linked with somebody who was.
    pub async fn known_person(
        &self,
        organisation: Organisation,
        person: Uuid,
    ) -> Result<bool, Failed> {
        if self.known::<Person>(organisation, person).await?.version > 0 {
            return Ok(true);
        }
        Ok(sqlx::query_scalar!(
            r#"select exists (select from known_person where generation = p.live and organisation = $1 and person = $2)
                   or exists (select from known_link where generation = p.live and organisation = $1 and person = $2) as "known!"
               from projection p where p.name = 'facts'"#,
            organisation.as_str(),
            person
        )
        .fetch_one(&self.inner.read)
        .await?)
    }
}
