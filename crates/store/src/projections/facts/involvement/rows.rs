//! What is known of the meldingen around a batch of events, read before it and written after it.
//!
//! Everything is looked up one id at a time (`lateral … offset 0`): of a telling that has just begun the planner knows nothing, and would
//! otherwise read all of it for every batch.

use super::{Compared, Known, Seen};
use crate::Failed;
use crate::log::Recorded;
use crate::projections::facts::links;
use chrono::NaiveDate;
use domain::codes::Code;
use domain::id::Organisation;
use domain::involvement::CaseThen;
use domain::{Event, case, person};
use sqlx::PgConnection;
use std::collections::BTreeSet;
use uuid::Uuid;

struct Row {
    melding: Uuid,
    position: i64,
    received_on: NaiveDate,
    municipality: String,
    withdrawn: bool,
    assessed_on: Option<NaiveDate>,
    follow_up: Option<String>,
    case_id: Option<Uuid>,
    class: String,
    first_this_year: i16,
    months_since: Option<i16>,
}

impl Known {
    /// Loads what a batch may touch: its meldingen, those of its casussen and those about its persons, all that share a human being with
    /// them, and all that share one with those (for those before may compare otherwise, and need all that is before them). Who is one
    /// human being is looked up on the way, if anybody is linked with anybody at all.
    pub(in crate::projections::facts) async fn load(
        on: &mut PgConnection,
        generation: i16,
        organisation: Organisation,
        news: &[Recorded],
    ) -> Result<Self, Failed> {
        let mut known = Self::default();
        let Touched { mut meldingen, mut persons, mut cases } = touched(news);
        if meldingen.is_empty() && cases.is_empty() && persons.is_empty() {
            return Ok(known);
        }
        let place = (generation, organisation);
        let linked = links::any(on, place).await?;
        meldingen.extend(of_cases(on, place, &cases).await?);
        for _hop in 0..2 {
            persons.extend(persons_of(on, place, &meldingen).await?.iter().map(|(_, it)| *it));
            if linked {
                known.links.load(on, place, &mut persons).await?;
            }
            meldingen.extend(meldingen_of(on, place, &persons).await?);
        }
        known.load_meldingen(on, place, &meldingen).await?;
        known.load_cases(on, place, &mut cases).await?;
        Ok(known)
    }

    async fn load_meldingen(
        &mut self,
        on: &mut PgConnection,
        place: (i16, Organisation),
        ids: &BTreeSet<Uuid>,
    ) -> Result<(), Failed> {
        let rows = sqlx::query_as!(
            Row,
            "select k.melding, k.position, k.received_on, k.municipality, k.withdrawn, k.assessed_on, k.follow_up, k.case_id, k.class,
                 k.first_this_year, k.months_since
             from unnest($3::uuid[]) as t (id) cross join lateral
                 (select * from known_melding where generation = $1 and organisation = $2 and melding = t.id offset 0) k",
            place.0,
            place.1.as_str(),
            &ids.iter().copied().collect::<Vec<_>>()
        )
        .fetch_all(&mut *on)
        .await?;
        for row in rows {
            if let Some(case) = row.case_id {
                self.by_case.entry(case).or_default().insert(row.melding);
            }
            let seen = Seen {
                position: row.position,
                received_on: row.received_on,
                municipality: Code::from(row.municipality.as_str()),
                persons: BTreeSet::new(),
                withdrawn: row.withdrawn,
                assessed: row.assessed_on.zip(row.follow_up.as_deref().map(Code::from)),
                case: row.case_id,
                compared: Some(Compared {
                    class: Code::from(row.class.as_str()),
                    first_this_year: row.first_this_year,
                    months: row.months_since.and_then(|it| u8::try_from(it).ok()),
                }),
            };
            self.meldingen.insert(row.melding, seen);
        }
        for (melding, person) in persons_of(on, place, ids).await? {
            if let Some(seen) = self.meldingen.get_mut(&melding) {
                seen.persons.insert(person);
                self.by_person.entry(person).or_default().insert(melding);
            }
        }
        Ok(())
    }

    async fn load_cases(
        &mut self,
        on: &mut PgConnection,
        place: (i16, Organisation),
        cases: &mut BTreeSet<Uuid>,
    ) -> Result<(), Failed> {
        cases.extend(self.by_case.keys());
        let rows = sqlx::query!(
            "select k.case_id, k.closed_on, k.monitored_from, k.monitored_until from unnest($3::uuid[]) as t (id) cross join lateral
                 (select * from known_case where generation = $1 and organisation = $2 and case_id = t.id offset 0) k",
            place.0,
            place.1.as_str(),
            &cases.iter().copied().collect::<Vec<_>>()
        )
        .fetch_all(on)
        .await?;
        self.cases.extend(rows.into_iter().map(|row| {
            let (closed_on, monitored_from) = (row.closed_on, row.monitored_from);
            let monitored_until = row.monitored_until;
            (row.case_id, CaseThen { closed_on, monitored_from, monitored_until })
        }));
        Ok(())
    }

    /// Writes what changed.
    pub(in crate::projections::facts) async fn store(
        &self,
        on: &mut PgConnection,
        generation: i16,
        organisation: Organisation,
    ) -> Result<(), Failed> {
        let ids: Vec<Uuid> =
            self.changed.iter().copied().filter(|id| self.meldingen.contains_key(id)).collect();
        if !ids.is_empty() {
            self.store_meldingen(on, generation, organisation, &ids).await?;
            self.store_persons(on, generation, organisation, &ids).await?;
        }
        self.links.store(on, generation, organisation).await?;
        let cases: Vec<Uuid> = self.changed_cases.iter().copied().collect();
        if !cases.is_empty() {
            let dates = |of: fn(&CaseThen) -> Option<NaiveDate>| {
                cases.iter().map(|id| of(&self.cases[id])).collect::<Vec<_>>()
            };
            sqlx::query!(
                "insert into known_case (generation, organisation, case_id, closed_on, monitored_from, monitored_until)
                 select $1, $2, * from unnest($3::uuid[], $4::date[], $5::date[], $6::date[])
                 on conflict (generation, organisation, case_id) do update set closed_on = excluded.closed_on,
                     monitored_from = excluded.monitored_from, monitored_until = excluded.monitored_until",
                generation,
                organisation.as_str(),
                &cases,
                &dates(|it| it.closed_on) as _,
                &dates(|it| it.monitored_from) as _,
                &dates(|it| it.monitored_until) as _
            )
            .execute(on)
            .await?;
        }
        Ok(())
    }

    async fn store_meldingen(
        &self,
        on: &mut PgConnection,
        generation: i16,
        organisation: Organisation,
        ids: &[Uuid],
    ) -> Result<(), Failed> {
        let seen: Vec<&Seen> = ids.iter().map(|id| &self.meldingen[id]).collect();
        let texts = |text: fn(&Seen) -> String| seen.iter().map(|it| text(it)).collect::<Vec<_>>();
        let municipality = texts(|it| it.municipality.to_string());
        let compared: Vec<_> = seen.iter().map(|it| it.compared.as_ref()).collect();
        let class: Vec<_> = compared
            .iter()
            .map(|it| it.map_or_else(String::new, |it| it.class.to_string()))
            .collect();
        let first: Vec<_> =
            compared.iter().map(|it| it.map_or(0, |it| it.first_this_year)).collect();
        let months: Vec<_> = compared.iter().map(|it| it.and_then(|it| it.months)).collect();
        let assessed_on: Vec<_> = seen.iter().map(|it| it.assessed.as_ref().map(|a| a.0)).collect();
        let follow_up: Vec<_> =
            seen.iter().map(|it| it.assessed.as_ref().map(|a| a.1.to_string())).collect();
        sqlx::query!(
            "insert into known_melding (generation, organisation, melding, position, received_on, municipality, withdrawn,
                 assessed_on, follow_up, case_id, class, first_this_year, months_since)
             select $1, $2, * from unnest($3::uuid[], $4::bigint[], $5::date[], $6::text[], $7::boolean[], $8::date[],
                 $9::text[], $10::uuid[], $11::text[], $12::smallint[], $13::smallint[])
             on conflict (generation, organisation, melding) do update set received_on = excluded.received_on,
                 municipality = excluded.municipality, withdrawn = excluded.withdrawn, assessed_on = excluded.assessed_on,
                 follow_up = excluded.follow_up, case_id = excluded.case_id, class = excluded.class,
                 first_this_year = excluded.first_this_year, months_since = excluded.months_since",
            generation,
            organisation.as_str(),
            ids,
            &seen.iter().map(|it| it.position).collect::<Vec<_>>(),
            &seen.iter().map(|it| it.received_on).collect::<Vec<_>>(),
            &municipality,
            &seen.iter().map(|it| it.withdrawn).collect::<Vec<_>>(),
            &assessed_on as _,
            &follow_up as _,
            &seen.iter().map(|it| it.case).collect::<Vec<_>>() as _,
            &class,
            &first,
            &months.iter().map(|it| it.map(i16::from)).collect::<Vec<_>>() as _
        )
        .execute(on)
        .await?;
        Ok(())
    }

    async fn store_persons(
        &self,
        on: &mut PgConnection,
        generation: i16,
        organisation: Organisation,
        ids: &[Uuid],
    ) -> Result<(), Failed> {
        let links = ids
            .iter()
            .flat_map(|id| self.meldingen[id].persons.iter().map(move |person| (*person, *id)));
        let (persons, meldingen): (Vec<Uuid>, Vec<Uuid>) = links.unzip();
        sqlx::query!(
            "delete from known_person where ctid = any(array(
                 select k.ctid from unnest($3::uuid[]) as t (id) cross join lateral
                     (select ctid, person, melding from known_person
                      where generation = $1 and organisation = $2 and melding = t.id offset 0) k
                 where (k.person, k.melding) not in (select * from unnest($4::uuid[], $5::uuid[]))))",
            generation,
            organisation.as_str(),
            ids,
            &persons,
            &meldingen
        )
        .execute(&mut *on)
        .await?;
        sqlx::query!(
            "insert into known_person (generation, organisation, person, melding)
             select $1, $2, * from unnest($3::uuid[], $4::uuid[]) on conflict do nothing",
            generation,
            organisation.as_str(),
            &persons,
            &meldingen
        )
        .execute(on)
        .await?;
        Ok(())
    }
}

/// What the events of a batch are about.
#[derive(Default)]
struct Touched {
    meldingen: BTreeSet<Uuid>,
    persons: BTreeSet<Uuid>,
    cases: BTreeSet<Uuid>,
}

fn touched(news: &[Recorded]) -> Touched {
    let mut touched = Touched::default();
    for it in news {
        match &it.event {
            Event::Melding(event) => {
                touched.meldingen.insert(it.stream_id);
                touched.persons.extend(persons_in(event));
            }
            Event::Case(event) => {
                touched.cases.insert(it.stream_id);
                if let case::Event::MeldingJoined { melding, .. } = event {
                    touched.meldingen.insert(*melding);
                }
            }
            Event::Person(
                person::Event::Merged { with, .. } | person::Event::Unmerged { with, .. },
            ) => touched.persons.extend([it.stream_id, *with]),
            Event::Contact(_)
            | Event::Advice(_)
            | Event::Person(_)
            | Event::Request(_)
            | Event::Look(_)
            | Event::Erasure(_)
            | Event::Emergency(_) => {}
        }
    }
    touched
}

fn persons_in(event: &domain::melding::Event) -> Vec<Uuid> {
    use domain::melding::Event as E;
    match event {
        E::Received(content) => content.persons.iter().map(|person| person.id).collect(),
        E::Corrected { changes, .. } => {
            changes.persons.iter().flatten().map(|person| person.id).collect()
        }
        E::Assessed(_) | E::Withdrawn { .. } | E::Assigned { .. } => vec![],
    }
}

async fn of_cases(
    on: &mut PgConnection,
    place: (i16, Organisation),
    cases: &BTreeSet<Uuid>,
) -> Result<Vec<Uuid>, Failed> {
    Ok(sqlx::query_scalar!(
        "select k.melding from unnest($3::uuid[]) as t (id) cross join lateral
             (select melding from known_melding where generation = $1 and organisation = $2 and case_id = t.id
              offset 0) k",
        place.0,
        place.1.as_str(),
        &cases.iter().copied().collect::<Vec<_>>()
    )
    .fetch_all(on)
    .await?)
}

async fn persons_of(
    on: &mut PgConnection,
    place: (i16, Organisation),
    meldingen: &BTreeSet<Uuid>,
) -> Result<Vec<(Uuid, Uuid)>, Failed> {
    let rows = sqlx::query!(
        "select k.melding, k.person from unnest($3::uuid[]) as t (id) cross join lateral
             (select melding, person from known_person
              where generation = $1 and organisation = $2 and melding = t.id offset 0) k",
        place.0,
        place.1.as_str(),
        &meldingen.iter().copied().collect::<Vec<_>>()
    )
    .fetch_all(on)
    .await?;
    Ok(rows.into_iter().map(|row| (row.melding, row.person)).collect())
}

async fn meldingen_of(
    on: &mut PgConnection,
    place: (i16, Organisation),
    persons: &BTreeSet<Uuid>,
) -> Result<Vec<Uuid>, Failed> {
    Ok(sqlx::query_scalar!(
        "select distinct k.melding from unnest($3::uuid[]) as t (id) cross join lateral
             (select melding from known_person where generation = $1 and organisation = $2 and person = t.id
              order by melding) k",
        place.0,
        place.1.as_str(),
        &persons.iter().copied().collect::<Vec<_>>()
    )
    .fetch_all(on)
    .await?)
}
