//! Who may see what: which files are in which casus, who works on them, which casussen are not for everybody, who opened a file in an emergency, and
//! whose address is hidden. Each event says it by itself, so nothing is folded.

use crate::Failed;
use crate::log::{self, Recorded};
use chrono::{DateTime, Utc};
use domain::Event;
use domain::case::restriction::{self, Terms};
use domain::case::{self, assignment};
use domain::decider::Decider;
use domain::emergency;
use domain::id::Organisation;
use domain::melding::{self, Melding};
use domain::person::{self, Person};
use domain::request;
use sqlx::PgConnection;
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

/// What a batch of events says; of one thing the last counts.
#[derive(Default)]
struct News {
    joined: BTreeSet<(&'static str, Uuid, Uuid)>,
    /// Whom requests are about.
    about: BTreeMap<Uuid, Uuid>,
    assigned: BTreeMap<(&'static str, Uuid), (Uuid, Option<Uuid>)>,
    /// Empty when the restriction ended.
    restricted: BTreeMap<Uuid, Option<Terms>>,
    /// Of emergencies, in order: few, and seldom.
    emergencies: Vec<(Uuid, DateTime<Utc>, emergency::Event)>,
    /// Whether the address of a person is hidden.
    hidden: BTreeMap<Uuid, bool>,
}

pub(super) async fn project(
    on: &mut PgConnection,
    generation: i16,
    news: &[Recorded],
) -> Result<(), Failed> {
    let Some(first) = news.first() else { return Ok(()) };
    let place = (generation, first.organisation);
    let mut all = News::default();
    for it in news {
        all.take_in(it);
    }
    join(on, place, &all.joined).await?;
    ask(on, place, &all.about).await?;
    assign(on, place, &all.assigned).await?;
    restrict(on, place, &all.restricted).await?;
    open(on, place, &all.emergencies).await?;
    hide(on, place, &all.hidden).await
}

impl News {
    fn take_in(&mut self, it: &Recorded) {
        let (kind, id) = (log::stream_of(&it.event), it.stream_id);
        for told in told_of(&it.event).iter().filter(|it| it.address_hidden.is_some()) {
            // A melding can only hide: what is shown again is said of the person himself.
            self.hidden.insert(told.id, true);
        }
        match &it.event {
            Event::Melding(melding::Event::Assigned { worker, team, .. })
            | Event::Case(case::Event::Assignment(assignment::Event::Assigned {
                worker,
                team,
                ..
            })) => {
                self.assigned.insert((kind, id), (*worker, *team));
            }
            Event::Case(case::Event::MeldingJoined { melding, .. }) => {
                self.joined.insert((Melding::STREAM, *melding, id));
            }
            Event::Case(case::Event::PersonInvolved { person, .. }) => {
                self.joined.insert((Person::STREAM, *person, id));
            }
            Event::Request(request::Event::Received(content)) => {
                self.about.insert(id, content.person);
                self.joined.extend(content.case.map(|case| (kind, id, case)));
            }
            Event::Case(case::Event::Restriction(it)) => {
                self.restricted.insert(id, terms(it));
            }
            Event::Person(person::Event::AddressHidden { .. }) => {
                self.hidden.insert(id, true);
            }
            Event::Person(person::Event::AddressShown { .. }) => {
                self.hidden.insert(id, false);
            }
            Event::Emergency(event) => {
                self.emergencies.push((id, it.recorded_at, event.clone()));
            }
            // No other says who may see anything.
            _ => {}
        }
    }
}

fn told_of(event: &Event) -> &[melding::Person] {
    match event {
        Event::Melding(melding::Event::Received(content)) => &content.persons,
        Event::Melding(melding::Event::Corrected { changes, .. }) => {
            changes.persons.as_deref().unwrap_or_default()
        }
        _ => &[],
    }
}

fn terms(it: &restriction::Event) -> Option<Terms> {
    match it {
        restriction::Event::Placed { workers, teams, excluded, .. } => {
            let (workers, teams) = (workers.clone(), teams.clone());
            Some(Terms { workers, teams, excluded: excluded.clone() })
        }
        restriction::Event::Lifted { .. } => None,
    }
}

type Place = (i16, Organisation);

async fn join(
    on: &mut PgConnection,
    place: Place,
    joined: &BTreeSet<(&'static str, Uuid, Uuid)>,
) -> Result<(), Failed> {
    if joined.is_empty() {
        return Ok(());
    }
    sqlx::query!(
        "insert into part_of_case (generation, organisation, kind, file, case_id)
         select $1, $2, * from unnest($3::text[], $4::uuid[], $5::uuid[]) on conflict do nothing",
        place.0,
        place.1.as_str(),
        &joined.iter().map(|it| it.0.to_owned()).collect::<Vec<_>>(),
        &joined.iter().map(|it| it.1).collect::<Vec<_>>(),
        &joined.iter().map(|it| it.2).collect::<Vec<_>>()
    )
    .execute(on)
    .await?;
    Ok(())
}

async fn ask(
    on: &mut PgConnection,
    place: Place,
    about: &BTreeMap<Uuid, Uuid>,
) -> Result<(), Failed> {
    if about.is_empty() {
        return Ok(());
    }
    sqlx::query!(
        "insert into asked_about (generation, organisation, request, person)
         select $1, $2, * from unnest($3::uuid[], $4::uuid[]) on conflict do nothing",
        place.0,
        place.1.as_str(),
        &about.keys().copied().collect::<Vec<_>>(),
        &about.values().copied().collect::<Vec<_>>()
    )
    .execute(on)
    .await?;
    Ok(())
}

async fn assign(
    on: &mut PgConnection,
    place: Place,
    assigned: &BTreeMap<(&'static str, Uuid), (Uuid, Option<Uuid>)>,
) -> Result<(), Failed> {
    if assigned.is_empty() {
        return Ok(());
    }
    sqlx::query!(
        "insert into assigned (generation, organisation, kind, file, worker, team)
         select $1, $2, * from unnest($3::text[], $4::uuid[], $5::uuid[], $6::uuid[])
         on conflict (file, kind, organisation, generation) do update set worker = excluded.worker, team = excluded.team",
        place.0,
        place.1.as_str(),
        &assigned.keys().map(|it| it.0.to_owned()).collect::<Vec<_>>(),
        &assigned.keys().map(|it| it.1).collect::<Vec<_>>(),
        &assigned.values().map(|it| it.0).collect::<Vec<_>>(),
        &assigned.values().map(|it| it.1).collect::<Vec<_>>() as _
    )
    .execute(on)
    .await?;
    Ok(())
}

/// Few casussen are restricted, and seldom: each is written by itself.
async fn restrict(
    on: &mut PgConnection,
    place: Place,
    restricted: &BTreeMap<Uuid, Option<Terms>>,
) -> Result<(), Failed> {
    let all = |ids: &BTreeSet<Uuid>| ids.iter().copied().collect::<Vec<_>>();
    for (case, terms) in restricted {
        sqlx::query!(
            "delete from restricted where case_id = $3 and organisation = $2 and generation = $1",
            place.0,
            place.1.as_str(),
            case
        )
        .execute(&mut *on)
        .await?;
        let Some(terms) = terms else { continue };
        sqlx::query!(
            "insert into restricted (generation, organisation, case_id, workers, teams, excluded)
             values ($1, $2, $3, $4, $5, $6)",
            place.0,
            place.1.as_str(),
            case,
            &all(&terms.workers),
            &all(&terms.teams),
            &all(&terms.excluded)
        )
        .execute(&mut *on)
        .await?;
    }
    Ok(())
}

async fn open(
    on: &mut PgConnection,
    place: Place,
    emergencies: &[(Uuid, DateTime<Utc>, emergency::Event)],
) -> Result<(), Failed> {
    for (id, recorded_at, event) in emergencies {
        match event {
            emergency::Event::Opened { worker, file, reason, until } => sqlx::query!(
                "insert into emergency (generation, organisation, emergency, kind, file, worker, reason, opened_at, until)
                 values ($1, $2, $3, $4, $5, $6, $7, $8, $9) on conflict do nothing",
                place.0,
                place.1.as_str(),
                id,
                file.stream(),
                file.id(),
                worker,
                reason.as_str(),
                recorded_at,
                until
            ),
            emergency::Event::Ended { at } => sqlx::query!(
                "update emergency set until = least(until, $4) where emergency = $3 and organisation = $2 and generation = $1",
                place.0,
                place.1.as_str(),
                id,
                at
            ),
            emergency::Event::Reviewed { judgement, at } => sqlx::query!(
                "update emergency set until = least(until, $4), reviewed_at = $4, judgement = $5
                 where emergency = $3 and organisation = $2 and generation = $1",
                place.0,
                place.1.as_str(),
                id,
                at,
                judgement.code()
            ),
        }
        .execute(&mut *on)
        .await?;
    }
    Ok(())
}

async fn hide(
    on: &mut PgConnection,
    place: Place,
    hidden: &BTreeMap<Uuid, bool>,
) -> Result<(), Failed> {
    let of = |state: bool| hidden.iter().filter(move |(_, it)| **it == state).map(|(id, _)| *id);
    let (now, no_longer): (Vec<Uuid>, Vec<Uuid>) = (of(true).collect(), of(false).collect());
    if !now.is_empty() {
        sqlx::query!(
            "insert into hidden_address (generation, organisation, person)
             select $1, $2, * from unnest($3::uuid[]) on conflict do nothing",
            place.0,
            place.1.as_str(),
            &now
        )
        .execute(&mut *on)
        .await?;
    }
    if !no_longer.is_empty() {
        sqlx::query!(
            "delete from hidden_address where person = any($3) and organisation = $2 and generation = $1",
            place.0,
            place.1.as_str(),
            &no_longer
        )
        .execute(on)
        .await?;
    }
    Ok(())
}

pub(super) async fn remove(on: &mut PgConnection, generation: i16) -> Result<(), Failed> {
    for statement in [
        sqlx::query!("delete from part_of_case where generation = $1", generation),
        sqlx::query!("delete from asked_about where generation = $1", generation),
        sqlx::query!("delete from assigned where generation = $1", generation),
        sqlx::query!("delete from restricted where generation = $1", generation),
        sqlx::query!("delete from emergency where generation = $1", generation),
        sqlx::query!("delete from hidden_address where generation = $1", generation),
    ] {
        statement.execute(&mut *on).await?;
    }
    Ok(())
}

/// The number of rows and the sum of their hashes, over all tables.
pub(super) async fn content(on: &mut PgConnection, generation: i16) -> Result<String, Failed> {
    let hash = sqlx::query_scalar!(
        r#"select format('%s/%s', count(*), sum(hash)) as "hash!" from (
               select hash_record_extended(row('part_of_case'::text, organisation, kind, file, case_id), 0) as hash
               from part_of_case where generation = $1
               union all
               select hash_record_extended(row('asked_about'::text, organisation, request, person), 0)
               from asked_about where generation = $1
               union all
               select hash_record_extended(row('assigned'::text, organisation, kind, file, worker, team), 0)
               from assigned where generation = $1
               union all
               select hash_record_extended(row('restricted'::text, organisation, case_id, workers, teams, excluded), 0)
               from restricted where generation = $1
               union all
               select hash_record_extended(row('emergency'::text, organisation, emergency, kind, file, worker, reason, opened_at,
                   until, reviewed_at, judgement), 0)
               from emergency where generation = $1
               union all
               select hash_record_extended(row('hidden_address'::text, organisation, person), 0)
               from hidden_address where generation = $1) as rows"#,
        generation
    );
    Ok(hash.fetch_one(on).await?)
}
