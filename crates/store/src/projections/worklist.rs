//! The worklist: which meldingen wait for their safety assessment, most urgent first, and how many are there?
//!
//! Clock: Uitvoeringsbesluit Wmo 2015 art. 4.1.7 lid 1 ([`domain::law::ASSESSMENT`]).

use crate::log::Recorded;
use crate::{Failed, Store};
use chrono::NaiveDate;
use domain::deadline::assessment_due;
use domain::id::Organisation;
use domain::{Event, melding};
use sqlx::PgConnection;
use std::collections::BTreeMap;
use uuid::Uuid;

/// A melding that waits.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    pub melding: Uuid,
    pub received_on: NaiveDate,
    pub due_on: NaiveDate,
    pub municipality: String,
    pub acute_danger: String,
}

/// A page of the worklist, and how many entries there are in all.
#[derive(Clone, Debug, PartialEq)]
pub struct Page {
    pub entries: Vec<Entry>,
    pub count: i64,
}

/// What to leave out, and where to go on: after the last entry of the page before.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    pub due_before: Option<NaiveDate>,
    pub after: Option<(NaiveDate, Uuid)>,
    pub limit: i64,
}

impl Store {
    /// The entries whose term ends first.
    pub async fn worklist(
        &self,
        organisation: Organisation,
        filter: &Filter,
    ) -> Result<Page, Failed> {
        let (after_due, after_melding) = filter.after.unzip();
        let entries = sqlx::query_as!(
            Entry,
            "select melding, received_on, due_on, municipality, acute_danger from worklist
             where generation = (select live from projection where name = 'worklist') and organisation = $1
               and ($2::date is null or due_on < $2)
               and ($3::date is null or (due_on, melding) > ($3, $4))
             order by due_on, melding limit $5",
            organisation.as_str(),
            filter.due_before,
            after_due,
            after_melding,
            filter.limit
        )
        .fetch_all(&self.inner.read)
        .await?;
        let count = sqlx::query_scalar!(
            r#"select count(*) as "count!" from worklist
               where generation = (select live from projection where name = 'worklist') and organisation = $1
                 and ($2::date is null or due_on < $2)"#,
            organisation.as_str(),
            filter.due_before
        )
        .fetch_one(&self.inner.read)
        .await?;
        Ok(Page { entries, count })
    }
}

/// What a batch does to one melding.
enum Change {
    Waits(Entry),
    WaitsNoMore,
    /// Corrected: received on, municipality, acute danger, as far as they changed.
    Corrected(Option<NaiveDate>, Option<String>, Option<String>),
}

pub(super) async fn project(
    on: &mut PgConnection,
    generation: i16,
    news: &[Recorded],
) -> Result<(), Failed> {
    let Some(first) = news.first() else { return Ok(()) };
    let organisation = first.organisation;
    let mut changes: BTreeMap<Uuid, Change> = BTreeMap::new();
    for it in news {
        let Event::Melding(event) = &it.event else { continue };
        let before = changes.remove(&it.stream_id);
        changes.insert(it.stream_id, change(it.stream_id, event, before));
    }
    let gone: Vec<Uuid> = changes
        .iter()
        .filter(|(_, change)| matches!(change, Change::WaitsNoMore))
        .map(|(melding, _)| *melding)
        .collect();
    if !gone.is_empty() {
        sqlx::query!(
            "delete from worklist where ctid = any(array(
                 select w.ctid from unnest($3::uuid[]) as t (id) cross join lateral
                     (select ctid from worklist where generation = $1 and organisation = $2 and melding = t.id offset 0) w))",
            generation,
            organisation.as_str(),
            &gone
        )
        .execute(&mut *on)
        .await?;
    }
    let mut waits = Vec::new();
    for (melding, change) in changes {
        match change {
            Change::Waits(entry) => waits.push(entry),
            Change::WaitsNoMore => {}
            Change::Corrected(received_on, municipality, acute) => {
                correct(on, generation, organisation, melding, received_on, municipality, acute)
                    .await?;
            }
        }
    }
    insert(on, generation, organisation, &waits).await
}

fn change(melding: Uuid, event: &melding::Event, before: Option<Change>) -> Change {
    match event {
        melding::Event::Received(content) => Change::Waits(Entry {
            melding,
            received_on: content.received.on,
            due_on: assessment_due(content.received.on),
            municipality: content.municipality.to_string(),
            acute_danger: content.acute_danger.to_string(),
        }),
        melding::Event::Assessed(_) | melding::Event::Withdrawn { .. } => Change::WaitsNoMore,
        melding::Event::Assigned { .. } => before.unwrap_or(Change::Corrected(None, None, None)),
        melding::Event::Corrected { changes, .. } => {
            let received_on = changes.received.map(|it| it.on);
            let municipality = changes.municipality.as_ref().map(ToString::to_string);
            let acute = changes.acute_danger.as_ref().map(ToString::to_string);
            match before {
                Some(Change::Waits(entry)) => {
                    let received_on = received_on.unwrap_or(entry.received_on);
                    Change::Waits(Entry {
                        melding,
                        received_on,
                        due_on: assessment_due(received_on),
                        municipality: municipality.unwrap_or(entry.municipality),
                        acute_danger: acute.unwrap_or(entry.acute_danger),
                    })
                }
                Some(Change::WaitsNoMore) => Change::WaitsNoMore,
                Some(Change::Corrected(r, m, a)) => {
                    Change::Corrected(received_on.or(r), municipality.or(m), acute.or(a))
                }
                None => Change::Corrected(received_on, municipality, acute),
            }
        }
    }
}

async fn correct(
    on: &mut PgConnection,
    generation: i16,
    organisation: Organisation,
    melding: Uuid,
    received_on: Option<NaiveDate>,
    municipality: Option<String>,
    acute_danger: Option<String>,
) -> Result<(), Failed> {
    // A melding that waits no more has no row, and stays without.
    sqlx::query!(
        "update worklist set received_on = coalesce($4, received_on), due_on = coalesce($5, due_on),
             municipality = coalesce($6, municipality), acute_danger = coalesce($7, acute_danger)
         where generation = $1 and organisation = $2 and melding = $3",
        generation,
        organisation.as_str(),
        melding,
        received_on,
        received_on.map(assessment_due),
        municipality,
        acute_danger
    )
    .execute(on)
    .await?;
    Ok(())
}

async fn insert(
    on: &mut PgConnection,
    generation: i16,
    organisation: Organisation,
    waits: &[Entry],
) -> Result<(), Failed> {
    if waits.is_empty() {
        return Ok(());
    }
    let column = |text: fn(&Entry) -> &String| waits.iter().map(|it| text(it).clone()).collect();
    let municipality: Vec<String> = column(|it| &it.municipality);
    let acute_danger: Vec<String> = column(|it| &it.acute_danger);
    sqlx::query!(
        "insert into worklist (generation, organisation, melding, received_on, due_on, municipality, acute_danger)
         select $1, $2, * from unnest($3::uuid[], $4::date[], $5::date[], $6::text[], $7::text[])",
        generation,
        organisation.as_str(),
        &waits.iter().map(|it| it.melding).collect::<Vec<_>>(),
        &waits.iter().map(|it| it.received_on).collect::<Vec<_>>(),
        &waits.iter().map(|it| it.due_on).collect::<Vec<_>>(),
        &municipality,
        &acute_danger
    )
    .execute(on)
    .await?;
    Ok(())
}
