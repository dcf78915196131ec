//! Of meldingen: which wait for their safety assessment? A melding that begins is added, one that was assessed or withdrawn is taken
//! away, without reading what it was before: there are more of these than of anything else.

use super::{Entry, insert};
use crate::Failed;
use crate::log::Recorded;
use chrono::NaiveDate;
use domain::Event;
use domain::deadline::{Kind, assessment_due};
use domain::id::Organisation;
use domain::melding;
use sqlx::PgConnection;
use std::collections::BTreeMap;
use uuid::Uuid;

/// What a batch does to one melding.
enum Change {
    Waits(Entry),
    WaitsNoMore,
    Differs(Difference),
}

/// What became known of a melding that may wait.
#[derive(Default)]
struct Difference {
    received_on: Option<NaiveDate>,
    municipality: Option<String>,
    acute_danger: Option<String>,
    /// The worker and the team.
    assigned: Option<(Uuid, Option<Uuid>)>,
}

pub(super) async fn project(
    on: &mut PgConnection,
    place: (i16, Organisation),
    news: &[Recorded],
) -> Result<(), Failed> {
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
    remove(on, place, &gone).await?;
    let mut waits = Vec::new();
    for (melding, change) in changes {
        match change {
            Change::Waits(entry) => waits.push(entry),
            Change::WaitsNoMore => {}
            Change::Differs(difference) => correct(on, place, melding, difference).await?,
        }
    }
    insert(on, place, &waits).await
}

fn change(melding: Uuid, event: &melding::Event, before: Option<Change>) -> Change {
    let difference = match event {
        melding::Event::Received(content) => {
            return Change::Waits(Entry {
                kind: Kind::Assessment,
                file: melding,
                about: melding,
                since: content.received.on,
                due_on: Some(assessment_due(content.received.on)),
                municipality: content.municipality.to_string(),
                acute_danger: Some(content.acute_danger.to_string()),
                worker: None,
                team: None,
            });
        }
        melding::Event::Assessed(_) | melding::Event::Withdrawn { .. } => {
            return Change::WaitsNoMore;
        }
        melding::Event::Corrected { changes, .. } => Difference {
            received_on: changes.received.map(|it| it.on),
            municipality: changes.municipality.as_ref().map(ToString::to_string),
            acute_danger: changes.acute_danger.as_ref().map(ToString::to_string),
            assigned: None,
        },
        melding::Event::Assigned { worker, team, .. } => {
            Difference { assigned: Some((*worker, *team)), ..Difference::default() }
        }
    };
    match before {
        Some(Change::Waits(entry)) => Change::Waits(difference.applied_to(entry)),
        Some(Change::WaitsNoMore) => Change::WaitsNoMore,
        Some(Change::Differs(earlier)) => Change::Differs(difference.over(earlier)),
        None => Change::Differs(difference),
    }
}

impl Difference {
    fn applied_to(self, mut entry: Entry) -> Entry {
        if let Some(received_on) = self.received_on {
            entry.since = received_on;
            entry.due_on = Some(assessment_due(received_on));
        }
        entry.municipality = self.municipality.unwrap_or(entry.municipality);
        entry.acute_danger = self.acute_danger.or(entry.acute_danger);
        if let Some((worker, team)) = self.assigned {
            (entry.worker, entry.team) = (Some(worker), team);
        }
        entry
    }

    fn over(self, earlier: Self) -> Self {
        Self {
            received_on: self.received_on.or(earlier.received_on),
            municipality: self.municipality.or(earlier.municipality),
            acute_danger: self.acute_danger.or(earlier.acute_danger),
            assigned: self.assigned.or(earlier.assigned),
        }
    }
}

async fn remove(
    on: &mut PgConnection,
    place: (i16, Organisation),
    gone: &[Uuid],
) -> Result<(), Failed> {
    if gone.is_empty() {
        return Ok(());
    }
    sqlx::query!(
        "delete from worklist where ctid = any(array(
             select w.ctid from unnest($3::uuid[]) as t (id) cross join lateral
                 (select ctid from worklist where generation = $1 and organisation = $2 and file = t.id and about = t.id
                  and kind = 'veiligheidsbeoordeling' offset 0) w))",
        place.0,
        place.1.as_str(),
        gone
    )
    .execute(on)
    .await?;
    Ok(())
}

async fn correct(
    on: &mut PgConnection,
    place: (i16, Organisation),
    melding: Uuid,
    difference: Difference,
) -> Result<(), Failed> {
    let Difference { received_on, municipality, acute_danger, assigned } = difference;
    let (worker, team) = assigned.unzip();
    // A melding that waits no more has no row, and stays without.
    sqlx::query!(
        "update worklist set since = coalesce($4, since), due_on = coalesce($5, due_on),
             municipality = coalesce($6, municipality), acute_danger = coalesce($7, acute_danger),
             worker = coalesce($8, worker), team = case when $8::uuid is null then team else $9 end
         where generation = $1 and organisation = $2 and file = $3 and about = $3 and kind = 'veiligheidsbeoordeling'",
        place.0,
        place.1.as_str(),
        melding,
        received_on,
        received_on.map(assessment_due),
        municipality,
        acute_danger,
        worker,
        team.flatten()
    )
    .execute(on)
    .await?;
    Ok(())
}
