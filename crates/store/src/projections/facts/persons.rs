//! Who is known, and who are one human being: as asked from outside, about a few persons at a time.

use super::links::Links;
use crate::{Failed, Store};
use chrono::{DateTime, Utc};
use domain::id::Organisation;
use domain::person::Person;
use std::collections::{BTreeMap, BTreeSet, HashSet};
use uuid::Uuid;

impl Store {
    /// For each of these persons all who are the same human being as far as is known now, the person included; as if those who are
    /// hidden were nowhere.
    pub async fn linked(
        &self,
        organisation: Organisation,
        persons: &[Uuid],
        hidden: &HashSet<Uuid>,
    ) -> Result<BTreeMap<Uuid, BTreeSet<Uuid>>, Failed> {
        let mut links = self.links(organisation, persons, None).await?;
        links.retain(|(one, other)| !hidden.contains(one) && !hidden.contains(other));
        let links = Links::of(links);
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
        let mut on = self.inner.read.of(organisation).await?;
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
        .fetch_all(&mut *on)
        .await?;
        on.give_back();
        Ok(rows.into_iter().map(|row| (row.person, row.other)).collect())
    }

    /// Who occurs in some meldingen, or in the meldingen of some casussen.
    pub async fn persons_in(
        &self,
        organisation: Organisation,
        files: &[Uuid],
    ) -> Result<Vec<Uuid>, Failed> {
        let mut on = self.inner.files.of(organisation).await?;
        let persons = sqlx::query_scalar!(
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
        .fetch_all(&mut *on)
        .await?;
        on.give_back();
        Ok(persons)
    }

    /// Who occurs in one melding with some persons.
    pub async fn persons_beside(
        &self,
        organisation: Organisation,
        persons: &[Uuid],
    ) -> Result<Vec<Uuid>, Failed> {
        let mut on = self.inner.files.of(organisation).await?;
        let others = sqlx::query_scalar!(
            "select distinct other.person from known_person own
             join known_person other on other.melding = own.melding and other.organisation = $1 and other.generation = own.generation
             where own.generation = (select live from projection where name = 'facts') and own.organisation = $1 and own.person = any($2)",
            organisation.as_str(),
            persons
        )
        .fetch_all(&mut *on)
        .await?;
        on.give_back();
        Ok(others)
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
        let mut on = self.inner.read.of(organisation).await?;
        let known = sqlx::query_scalar!(
            r#"select exists (select from known_person where generation = p.live and organisation = $1 and person = $2)
                   or exists (select from known_link where generation = p.live and organisation = $1 and person = $2) as "known!"
               from projection p where p.name = 'facts'"#,
            organisation.as_str(),
            person
        )
        .fetch_one(&mut *on)
        .await?;
        on.give_back();
        Ok(known)
    }
}
