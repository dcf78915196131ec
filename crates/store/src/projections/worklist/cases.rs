//! Of casussen: which terms are open? A pure function of what happened in the casus ([`domain::case::deadlines`]): a casus of which something
//! is told is folded, and its entries are written anew.

use super::{Entry, insert};
use crate::Failed;
use crate::log::{self, Recorded};
use domain::Event;
use domain::case::{Case, deadlines};
use domain::codes::{Code, UNKNOWN};
use domain::decider::Decider;
use domain::id::Organisation;
use sqlx::PgConnection;
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

pub(super) async fn project(
    on: &mut PgConnection,
    place: (i16, Organisation),
    news: &[Recorded],
) -> Result<(), Failed> {
    let told = || news.iter().filter(|it| matches!(it.event, Event::Case(_)));
    if told().next().is_none() {
        return Ok(());
    }
    let begun: BTreeSet<Uuid> =
        told().filter(|it| it.version == 1).map(|it| it.stream_id).collect();
    let going_on: BTreeSet<Uuid> =
        told().map(|it| it.stream_id).filter(|id| !begun.contains(id)).collect();
    let going_on: Vec<Uuid> = going_on.into_iter().collect();
    let up_to = news.first().map_or(0, |it| it.position - 1);
    let mut cases: BTreeMap<Uuid, Case> = BTreeMap::new();
    if !going_on.is_empty() {
        for it in log::of_streams(&mut *on, place.1, &going_on, up_to).await? {
            take_in(&mut cases, &it);
        }
        remove(on, place, &going_on).await?;
    }
    told().for_each(|it| take_in(&mut cases, it));
    let entries: Vec<Entry> = cases.iter().flat_map(|(id, case)| open(*id, case)).collect();
    insert(on, place, &entries).await
}

/// The id of a casus may be that of a stream of another kind as well.
fn take_in(cases: &mut BTreeMap<Uuid, Case>, it: &Recorded) {
    if let Event::Case(event) = &it.event {
        let case = cases.entry(it.stream_id).or_default();
        *case = std::mem::take(case).evolve(event);
    }
}

fn open(id: Uuid, case: &Case) -> impl Iterator<Item = Entry> {
    let municipality = case.municipality().map_or(UNKNOWN, Code::as_str).to_owned();
    let (worker, team) = (case.assignment.worker, case.assignment.team);
    deadlines::open(case).into_iter().map(move |it| Entry {
        kind: it.kind,
        file: id,
        about: it.about,
        since: it.from,
        due_on: it.due_on,
        municipality: municipality.clone(),
        acute_danger: None,
        worker,
        team,
    })
}

async fn remove(
    on: &mut PgConnection,
    place: (i16, Organisation),
    cases: &[Uuid],
) -> Result<(), Failed> {
    sqlx::query!(
        "delete from worklist where ctid = any(array(
             select w.ctid from unnest($3::uuid[]) as t (id) cross join lateral
                 (select ctid from worklist where generation = $1 and organisation = $2 and file = t.id
                  and kind <> 'veiligheidsbeoordeling' and kind not like 'verzoek-%' offset 0) w))",
        place.0,
        place.1.as_str(),
        cases
    )
    .execute(on)
    .await?;
    Ok(())
}
