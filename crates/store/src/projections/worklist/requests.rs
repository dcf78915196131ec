//! Of requests: which are to be answered, or done? A pure function of what happened to it ([`domain::request::Request::deadline`]): a
//! request of which something is told is folded, and its entry is written anew.

use super::{Entry, insert};
use crate::Failed;
use crate::log::{self, Recorded};
use domain::Event;
use domain::codes::UNKNOWN;
use domain::deadline::Deadline;
use domain::decider::Decider;
use domain::id::Organisation;
use domain::request::Request;
use sqlx::PgConnection;
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

pub(super) async fn project(
    on: &mut PgConnection,
    place: (i16, Organisation),
    news: &[Recorded],
) -> Result<(), Failed> {
    let told = || news.iter().filter(|it| matches!(it.event, Event::Request(_)));
    let ids: BTreeSet<Uuid> = told().map(|it| it.stream_id).collect();
    if ids.is_empty() {
        return Ok(());
    }
    let ids: Vec<Uuid> = ids.into_iter().collect();
    let up_to = news.first().map_or(0, |it| it.position - 1);
    let mut requests: BTreeMap<Uuid, Request> = BTreeMap::new();
    let before = log::of_streams(&mut *on, place.1, &ids, up_to).await?;
    for it in before.iter().chain(told()) {
        if let Event::Request(event) = &it.event {
            let request = requests.entry(it.stream_id).or_default();
            *request = std::mem::take(request).evolve(event);
        }
    }
    remove(on, place, &ids).await?;
    let entries: Vec<Entry> = requests.iter().filter_map(|(id, it)| open(*id, it)).collect();
    insert(on, place, &entries).await
}

fn open(id: Uuid, request: &Request) -> Option<Entry> {
    let it = request.deadline().filter(Deadline::is_open)?;
    let (kind, about, since, due_on) = (it.kind, it.about, it.from, it.due_on);
    let (municipality, acute_danger) = (UNKNOWN.to_owned(), None);
    let (worker, team) = (None, None);
    Some(Entry { kind, file: id, about, since, due_on, municipality, acute_danger, worker, team })
}

async fn remove(
    on: &mut PgConnection,
    place: (i16, Organisation),
    requests: &[Uuid],
) -> Result<(), Failed> {
    sqlx::query!(
        "delete from worklist where ctid = any(array(
             select w.ctid from unnest($3::uuid[]) as t (id) cross join lateral
                 (select ctid from worklist where generation = $1 and organisation = $2 and file = t.id
                  and kind like 'verzoek-%' offset 0) w))",
        place.0,
        place.1.as_str(),
        requests
    )
    .execute(on)
    .await?;
    Ok(())
}
