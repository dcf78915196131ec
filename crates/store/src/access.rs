//! What stands around a file, and what is not for everybody: told to whoever decides (`domain::access`). For a file there is one statement, whether it
//! is restricted, everybody's, or nowhere.

use crate::{Failed, Store};
use chrono::{DateTime, Utc};
use domain::access::{Around, Broken, Wall};
use domain::case::Case;
use domain::case::assignment::Assignment;
use domain::case::restriction::Terms;
use domain::decider::Decider;
use domain::id::Organisation;
use domain::melding::Melding;
use domain::person::Person;
use domain::request::Request;
use std::collections::{HashMap, HashSet};
use uuid::Uuid;

/// Files that are in some casussen, casussen and meldingen and persons apart: their ids may be the same.
#[derive(Clone, Debug, Default)]
pub struct Within {
    pub cases: HashSet<Uuid>,
    pub meldingen: HashSet<Uuid>,
    pub persons: HashSet<Uuid>,
    pub requests: HashSet<Uuid>,
}

/// One thing in which a file is: itself, a melding, or a casus.
struct Row {
    id: Uuid,
    kind: String,
    file: Uuid,
    worker: Option<Uuid>,
    team: Option<Uuid>,
    workers: Option<Vec<Uuid>>,
    teams: Option<Vec<Uuid>>,
    excluded: Option<Vec<Uuid>>,
    broken_by: Option<Vec<Uuid>>,
    broken_until: Option<Vec<DateTime<Utc>>>,
}

impl Row {
    fn broken(&self) -> Vec<Broken> {
        let by = self.broken_by.iter().flatten();
        let until = self.broken_until.iter().flatten();
        by.zip(until).map(|(by, until)| Broken { by: *by, until: *until }).collect()
    }

    fn wall(&self) -> Option<Wall> {
        let all = |ids: &Vec<Uuid>| ids.iter().copied().collect();
        let excluded = self.excluded.as_ref().map(all)?;
        let workers = self.workers.as_ref().map(all).unwrap_or_default();
        let teams = self.teams.as_ref().map(all).unwrap_or_default();
        let assigned = Assignment { worker: self.worker, team: self.team };
        let terms = Terms { workers, teams, excluded };
        Some(Wall { case: self.file, assigned, terms, broken: self.broken() })
    }
}

impl Store {
    /// What stands around files of one kind: a stream of casussen, meldingen, persons or requests. One that is nowhere has nothing around it.
    pub async fn around(
        &self,
        organisation: Organisation,
        kind: &str,
        ids: &[Uuid],
    ) -> Result<HashMap<Uuid, Around>, Failed> {
        let mut on = self.inner.files.of(organisation).await?;
        let rows = sqlx::query_as!(
            Row,
            r#"with live as (select (select live from projection where name = 'access') as access,
                                    (select live from projection where name = 'facts') as facts),
               asked as (select t.id, $3::text as kind, t.id as file from unnest($2::uuid[]) as t (id)),
               person as (select * from asked where $3 = 'person'
                   union all
                   select a.id, 'person', p.person from asked a cross join live cross join lateral
                   (select person from asked_about
                    where $3 = 'request' and request = a.id and organisation = $1 and generation = live.access offset 0) p),
               melding as (select a.id, 'melding' as kind, p.melding as file from person a cross join live cross join lateral
                   (select melding from known_person
                    where person = a.file and organisation = $1 and generation = live.facts offset 0) p),
               within as (select a.id, 'case' as kind, f.case_id as file
                   from (select * from asked union select * from person union select * from melding) a cross join live cross join lateral
                       (select case_id from part_of_case
                        where file = a.file and kind = a.kind and organisation = $1 and generation = live.access offset 0) f)
               select a.id as "id!", a.kind as "kind!", a.file as "file!", w.worker as "worker?", w.team as "team?",
                      r.workers as "workers?", r.teams as "teams?", r.excluded as "excluded?",
                      e.broken_by as "broken_by?", e.broken_until as "broken_until?"
               from (select * from asked union select * from melding union select * from within) a cross join live
               left join lateral (select worker, team from assigned
                   where file = a.file and kind = a.kind and organisation = $1 and generation = live.access offset 0) w on true
               left join lateral (select workers, teams, excluded from restricted
                   where a.kind = 'case' and case_id = a.file and organisation = $1 and generation = live.access offset 0) r on true
               left join lateral (select array_agg(worker) as broken_by, array_agg(until) as broken_until from
                   (select worker, until from emergency
                    where file = a.file and kind = a.kind and organisation = $1 and generation = live.access offset 0) all_of_it) e on true"#,
            organisation.as_str(),
            ids,
            kind
        )
        .fetch_all(&mut *on)
        .await?;
        on.give_back();
        let mut all: HashMap<Uuid, Around> = HashMap::new();
        for row in rows {
            let around = all.entry(row.id).or_default();
            if row.kind == kind && row.file == row.id {
                around.broken = row.broken();
            } else {
                around.broken_around.extend(row.broken());
            }
            if let Some(worker) = row.worker {
                around.works.push(Assignment { worker: Some(worker), team: row.team });
            }
            around.walls.extend(row.wall());
        }
        Ok(all)
    }

    /// Every casus of an organisation that is restricted.
    pub async fn walls(&self, organisation: Organisation) -> Result<Vec<Wall>, Failed> {
        let mut on = self.inner.files.of(organisation).await?;
        let rows = sqlx::query_as!(
            Row,
            r#"with live as (select live as access from projection where name = 'access')
               select r.case_id as "id!", 'case' as "kind!", r.case_id as "file!", w.worker as "worker?", w.team as "team?",
                      r.workers as "workers?", r.teams as "teams?", r.excluded as "excluded?",
                      e.broken_by as "broken_by?", e.broken_until as "broken_until?"
               from live cross join lateral
                   (select * from restricted where organisation = $1 and generation = live.access offset 0) r
               left join lateral (select worker, team from assigned
                   where file = r.case_id and kind = 'case' and organisation = $1 and generation = live.access offset 0) w on true
               left join lateral (select array_agg(worker) as broken_by, array_agg(until) as broken_until from
                   (select worker, until from emergency
                    where file = r.case_id and kind = 'case' and organisation = $1 and generation = live.access offset 0) all_of_it)
                   e on true"#,
            organisation.as_str()
        )
        .fetch_all(&mut *on)
        .await?;
        on.give_back();
        Ok(rows.iter().filter_map(Row::wall).collect())
    }

    /// What is in some casussen.
    pub async fn within(
        &self,
        organisation: Organisation,
        cases: &[Uuid],
    ) -> Result<Within, Failed> {
        let mut on = self.inner.files.of(organisation).await?;
        let rows = sqlx::query!(
            r#"with live as (select (select live from projection where name = 'access') as access,
                                    (select live from projection where name = 'facts') as facts),
               own as (select f.kind, f.file from unnest($2::uuid[]) as t (id) cross join live cross join lateral
                   (select kind, file from part_of_case
                    where case_id = t.id and organisation = $1 and generation = live.access offset 0) f),
               person as (select file from own where kind = 'person'
                   union
                   select p.person from own cross join live cross join lateral
                       (select person from known_person
                        where own.kind = 'melding' and melding = own.file and organisation = $1 and generation = live.facts offset 0) p)
               select kind as "kind!", file as "file!" from own
               union
               select 'person', file from person
               union
               select 'request', r.request from person hidden cross join live cross join lateral
                   (select request from asked_about
                    where person = hidden.file and organisation = $1 and generation = live.access offset 0) r"#,
            organisation.as_str(),
            cases
        )
        .fetch_all(&mut *on)
        .await?;
        on.give_back();
        let mut within = Within { cases: cases.iter().copied().collect(), ..Within::default() };
        for row in rows {
            let of = match row.kind.as_str() {
                Melding::STREAM => &mut within.meldingen,
                Person::STREAM => &mut within.persons,
                Request::STREAM => &mut within.requests,
                Case::STREAM => &mut within.cases,
                _ => continue,
            };
            of.insert(row.file);
        }
        Ok(within)
    }
}
