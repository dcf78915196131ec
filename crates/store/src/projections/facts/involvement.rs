//! Earlier involvement of every melding, derived from who occurs in which melding and how those stand
//! ([`domain::involvement`]). A melding that is recorded late, an assessment, a casus that closes: each may change the class of
//! later meldingen about the same persons, and the figures follow from the moment it is known.

use super::{Change, State};
use crate::Failed;
use crate::log::Recorded;
use chrono::{DateTime, NaiveDate, Utc};
use domain::Event;
use domain::case;
use domain::codes::Code;
use domain::id::Organisation;
use domain::involvement::{self, CaseThen, Earlier};
use domain::melding::Melding;
use report::fact::{self, Fact};
use sqlx::PgConnection;
use std::collections::{BTreeSet, HashMap, HashSet};
use uuid::Uuid;

/// What is known of the meldingen around a batch of events, and what changed.
#[derive(Default)]
pub(super) struct Known {
    meldingen: HashMap<Uuid, Seen>,
    by_person: HashMap<Uuid, BTreeSet<Uuid>>,
    by_case: HashMap<Uuid, BTreeSet<Uuid>>,
    closed: HashMap<Uuid, Option<NaiveDate>>,
    changed: BTreeSet<Uuid>,
    changed_cases: BTreeSet<Uuid>,
}

/// A melding, as far as this question goes.
#[derive(Clone, Debug, PartialEq)]
struct Seen {
    position: i64,
    received_on: NaiveDate,
    municipality: Code,
    persons: BTreeSet<Uuid>,
    withdrawn: bool,
    assessed: Option<(NaiveDate, Code)>,
    case: Option<Uuid>,
    /// Empty until it is classed for the first time.
    class: Option<Code>,
}

/// Between meldingen the day of receipt decides; of one day, the order of recording.
type Order = (NaiveDate, i64);

impl Known {
    /// Takes in an event of a melding (with its state after it) or of a casus. `changes` are those of this event alone: what one event
    /// does may not depend on which others come in the same batch.
    pub(super) fn take_in(&mut self, it: &Recorded, after: &State, changes: &mut Vec<Change>) {
        let around = match (&it.event, after) {
            (Event::Melding(_), State::Melding(state)) => self.melding(it, state, changes),
            (Event::Case(event), _) => self.case(it.stream_id, event),
            _ => BTreeSet::new(),
        };
        for id in around {
            self.class(id, it.recorded_at, changes);
        }
    }

    /// Answers with the meldingen whose class may be another now: this one, and those after it that share a person with it. Of these,
    /// and of no others, all that is before them was loaded.
    fn melding(
        &mut self,
        it: &Recorded,
        state: &Melding,
        changes: &mut Vec<Change>,
    ) -> BTreeSet<Uuid> {
        let id = it.stream_id;
        let Some(content) = state.content() else { return BTreeSet::new() };
        let before = self.meldingen.remove(&id);
        let mut around = BTreeSet::new();
        if let Some(before) = &before {
            // Persons who were taken out leave their other meldingen with one less before them.
            around.extend(self.sharing_after(before.order(), &before.persons));
            for person in &before.persons {
                self.by_person.entry(*person).or_default().remove(&id);
            }
            before.count(-1, it.recorded_at, changes);
        }
        let persons: BTreeSet<Uuid> = content.persons.iter().map(|person| person.id).collect();
        for person in &persons {
            self.by_person.entry(*person).or_default().insert(id);
        }
        let mut now = Seen {
            position: before.as_ref().map_or(it.position, |before| before.position),
            received_on: content.received.on,
            municipality: content.municipality.clone(),
            persons,
            withdrawn: matches!(state, Melding::Withdrawn(_)),
            assessed: match state {
                Melding::Assessed(_, assessment) => {
                    Some((assessment.on, assessment.follow_up.clone()))
                }
                Melding::Absent | Melding::Received(_) | Melding::Withdrawn(_) => None,
            },
            case: before.as_ref().and_then(|before| before.case),
            class: None,
        };
        let before_order = before.as_ref().map(Seen::order);
        now.class = before.and_then(|before| before.class);
        now.count(1, it.recorded_at, changes);
        let from = before_order.map_or(now.order(), |before| before.min(now.order()));
        around.extend(self.sharing_after(from, &now.persons));
        around.insert(id);
        self.meldingen.insert(id, now);
        self.changed.insert(id);
        around
    }

    fn case(&mut self, id: Uuid, event: &case::Event) -> BTreeSet<Uuid> {
        let touched: Vec<Uuid> = match event {
            case::Event::Opened { .. } => {
                self.closed.insert(id, None);
                self.changed_cases.insert(id);
                vec![]
            }
            case::Event::MeldingJoined { melding, .. } => {
                let Some(seen) = self.meldingen.get_mut(melding) else { return BTreeSet::new() };
                seen.case = Some(id);
                self.by_case.entry(id).or_default().insert(*melding);
                self.changed.insert(*melding);
                vec![*melding]
            }
            case::Event::Closed { on, .. } => {
                self.closed.insert(id, Some(*on));
                self.changed_cases.insert(id);
                self.by_case.get(&id).into_iter().flatten().copied().collect()
            }
            case::Event::PersonInvolved { .. } | case::Event::PairRecorded { .. } => vec![],
        };
        let touched = touched.iter().filter_map(|melding| self.meldingen.get(melding));
        touched.flat_map(|seen| self.sharing_after(seen.order(), &seen.persons)).collect()
    }

    fn sharing(&self, persons: &BTreeSet<Uuid>) -> BTreeSet<Uuid> {
        persons.iter().filter_map(|person| self.by_person.get(person)).flatten().copied().collect()
    }

    /// Those that share a person and come after a place in the order: what is before them may have changed.
    fn sharing_after(&self, from: Order, persons: &BTreeSet<Uuid>) -> BTreeSet<Uuid> {
        let mut sharing = self.sharing(persons);
        sharing.retain(|id| self.meldingen.get(id).is_some_and(|seen| seen.order() > from));
        sharing
    }

    /// Classes a melding anew; when the class is another than before, the figures change.
    fn class(&mut self, id: Uuid, recorded_at: DateTime<Utc>, changes: &mut Vec<Change>) {
        let Some(seen) = self.meldingen.get(&id) else { return };
        let mut earlier = Vec::new();
        let mut known: HashSet<Uuid> = HashSet::new();
        for other in self.sharing(&seen.persons) {
            let Some(other) = self.meldingen.get(&other) else { continue };
            if other.order() < seen.order() && !other.withdrawn {
                known.extend(other.persons.intersection(&seen.persons));
                let case = other.case.map(|case| CaseThen {
                    closed_on: self.closed.get(&case).copied().flatten(),
                    monitored_from: None,
                });
                earlier.push(Earlier { assessed: other.assessed.clone(), case });
            }
        }
        let class =
            involvement::classify(seen.received_on, seen.persons.len(), known.len(), &earlier);
        if seen.class.as_ref() == Some(&class) {
            return;
        }
        seen.count(-1, recorded_at, changes);
        if let Some(seen) = self.meldingen.get_mut(&id) {
            seen.class = Some(class);
            seen.count(1, recorded_at, changes);
            self.changed.insert(id);
        }
    }
}

impl Seen {
    fn order(&self) -> Order {
        (self.received_on, self.position)
    }

    /// Adds or takes away what this melding counts for, once it has a class.
    fn count(&self, weight: i16, recorded_at: DateTime<Utc>, changes: &mut Vec<Change>) {
        let Some(class) = self.class.clone().filter(|_| !self.withdrawn) else { return };
        let fact = Fact::Involvement { municipality: self.municipality.clone(), class };
        let month = fact::month(self.received_on);
        // What was added by the same event and is taken away again leaves no trace.
        let undoes = |it: &Change| it.weight == -weight && it.month == month && it.fact == fact;
        if let Some(nth) = changes.iter().rposition(undoes) {
            changes.remove(nth);
        } else {
            changes.push(Change { month, fact, weight, recorded_at });
        }
    }
}

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
}

impl Known {
    /// Loads what a batch may touch: its meldingen and those of its casussen, all that share a person with them, and all that share a
    /// person with those (their class may change as well).
    pub(super) async fn load(
        on: &mut PgConnection,
        generation: i16,
        organisation: Organisation,
        news: &[Recorded],
    ) -> Result<Self, Failed> {
        let mut known = Self::default();
        let mut meldingen = BTreeSet::new();
        let mut persons = BTreeSet::new();
        let mut cases = BTreeSet::new();
        for it in news {
            match &it.event {
                Event::Melding(event) => {
                    meldingen.insert(it.stream_id);
                    persons.extend(persons_in(event));
                }
                Event::Case(event) => {
                    cases.insert(it.stream_id);
                    if let case::Event::MeldingJoined { melding, .. } = event {
                        meldingen.insert(*melding);
                    }
                }
                Event::Contact(_) | Event::Advice(_) | Event::Person(_) => {}
            }
        }
        if meldingen.is_empty() && cases.is_empty() {
            return Ok(known);
        }
        let place = (generation, organisation);
        meldingen.extend(of_cases(on, place, &cases).await?);
        for _hop in 0..2 {
            persons.extend(persons_of(on, place, &meldingen).await?.iter().map(|(_, it)| *it));
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
            "select melding, position, received_on, municipality, withdrawn, assessed_on, follow_up, case_id, class
             from known_melding where generation = $1 and organisation = $2 and melding = any($3)",
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
                class: Some(Code::from(row.class.as_str())),
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
            "select case_id, closed_on from known_case
             where generation = $1 and organisation = $2 and case_id = any($3)",
            place.0,
            place.1.as_str(),
            &cases.iter().copied().collect::<Vec<_>>()
        )
        .fetch_all(on)
        .await?;
        self.closed.extend(rows.into_iter().map(|row| (row.case_id, row.closed_on)));
        Ok(())
    }

    /// Writes what changed.
    pub(super) async fn store(
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
        let cases: Vec<Uuid> = self.changed_cases.iter().copied().collect();
        if !cases.is_empty() {
            let closed: Vec<Option<NaiveDate>> = cases.iter().map(|id| self.closed[id]).collect();
            sqlx::query!(
                "insert into known_case (generation, organisation, case_id, closed_on)
                 select $1, $2, * from unnest($3::uuid[], $4::date[])
                 on conflict (generation, organisation, case_id) do update set closed_on = excluded.closed_on",
                generation,
                organisation.as_str(),
                &cases,
                &closed as _
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
        let class = texts(|it| it.class.as_ref().map(ToString::to_string).unwrap_or_default());
        let assessed_on: Vec<_> = seen.iter().map(|it| it.assessed.as_ref().map(|a| a.0)).collect();
        let follow_up: Vec<_> =
            seen.iter().map(|it| it.assessed.as_ref().map(|a| a.1.to_string())).collect();
        sqlx::query!(
            "insert into known_melding (generation, organisation, melding, position, received_on, municipality, withdrawn,
                 assessed_on, follow_up, case_id, class)
             select $1, $2, * from unnest($3::uuid[], $4::bigint[], $5::date[], $6::text[], $7::boolean[], $8::date[],
                 $9::text[], $10::uuid[], $11::text[])
             on conflict (generation, organisation, melding) do update set received_on = excluded.received_on,
                 municipality = excluded.municipality, withdrawn = excluded.withdrawn, assessed_on = excluded.assessed_on,
                 follow_up = excluded.follow_up, case_id = excluded.case_id, class = excluded.class",
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
            &class
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
            "delete from known_person k where generation = $1 and organisation = $2 and melding = any($3)
             and not exists (select from unnest($4::uuid[], $5::uuid[]) as t (person, melding)
                 where t.person = k.person and t.melding = k.melding)",
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

fn persons_in(event: &domain::melding::Event) -> Vec<Uuid> {
    use domain::melding::Event as E;
    match event {
        E::Received(content) => content.persons.iter().map(|person| person.id).collect(),
        E::Corrected { changes, .. } => {
            changes.persons.iter().flatten().map(|person| person.id).collect()
        }
        E::Assessed(_) | E::Withdrawn { .. } => vec![],
    }
}

async fn of_cases(
    on: &mut PgConnection,
    place: (i16, Organisation),
    cases: &BTreeSet<Uuid>,
) -> Result<Vec<Uuid>, Failed> {
    Ok(sqlx::query_scalar!(
        "select melding from known_melding where generation = $1 and organisation = $2 and case_id = any($3)",
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
        "select melding, person from known_person
         where generation = $1 and organisation = $2 and melding = any($3)",
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
        "select distinct melding from known_person
         where generation = $1 and organisation = $2 and person = any($3)",
        place.0,
        place.1.as_str(),
        &persons.iter().copied().collect::<Vec<_>>()
    )
    .fetch_all(on)
    .await?)
}
