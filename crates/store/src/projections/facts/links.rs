//! Which persons are one human being: the links between them, as far as a batch of events touches them. A human being is a connected
//! component of links; most are one person, whom nobody is linked with.

use crate::Failed;
use crate::log::Recorded;
use chrono::{DateTime, Utc};
use domain::id::Organisation;
use sqlx::PgConnection;
use std::collections::{BTreeSet, HashMap};
use uuid::Uuid;

/// The links that stand, in both directions, and how that changed.
#[derive(Debug, Default)]
pub(super) struct Links {
    with: HashMap<Uuid, BTreeSet<Uuid>>,
    begun: Vec<Span>,
    ended: Vec<Ended>,
}

/// A link that began in this batch, and perhaps ended in it.
#[derive(Debug)]
struct Span {
    pair: [Uuid; 2],
    position: i64,
    since: DateTime<Utc>,
    until: Option<DateTime<Utc>>,
}

/// The end of a link that stood before this batch.
#[derive(Debug)]
struct Ended {
    pair: [Uuid; 2],
    until: DateTime<Utc>,
}

impl Links {
    pub(super) fn of(pairs: impl IntoIterator<Item = (Uuid, Uuid)>) -> Self {
        let mut links = Self::default();
        pairs.into_iter().for_each(|(one, other)| links.tie(one, other));
        links
    }

    /// All persons who are the same human being as this one, and this one.
    pub(super) fn same_as(&self, person: Uuid) -> BTreeSet<Uuid> {
        let mut all = BTreeSet::from([person]);
        let mut next = vec![person];
        while let Some(person) = next.pop() {
            let linked = self.with.get(&person).into_iter().flatten();
            next.extend(linked.filter(|it| all.insert(**it)));
        }
        all
    }

    /// The person who stands for a human being: the one with the lowest id.
    pub(super) fn human(&self, person: Uuid) -> Uuid {
        // Nearly everybody is one person only.
        if !self.with.contains_key(&person) {
            return person;
        }
        self.same_as(person).first().copied().unwrap_or(person)
    }

    /// Two persons turn out to be one; whether that is new.
    pub(super) fn merge(&mut self, pair: [Uuid; 2], it: &Recorded) -> bool {
        let new = !self.stands(pair);
        if new {
            self.tie(pair[0], pair[1]);
            let (position, since) = (it.position, it.recorded_at);
            self.begun.push(Span { pair, position, since, until: None });
        }
        new
    }

    /// They turn out to be two after all; whether they were linked.
    pub(super) fn unmerge(&mut self, pair: [Uuid; 2], it: &Recorded) -> bool {
        let stood = self.stands(pair);
        if stood {
            for [one, other] in both_ways(pair) {
                self.with.entry(one).or_default().remove(&other);
            }
            let now =
                |span: &&mut Span| span.until.is_none() && both_ways(span.pair).contains(&pair);
            match self.begun.iter_mut().find(now) {
                Some(span) => span.until = Some(it.recorded_at),
                None => self.ended.push(Ended { pair, until: it.recorded_at }),
            }
        }
        stood
    }

    fn stands(&self, [one, other]: [Uuid; 2]) -> bool {
        self.with.get(&one).is_some_and(|with| with.contains(&other))
    }

    fn tie(&mut self, one: Uuid, other: Uuid) {
        for [one, other] in both_ways([one, other]) {
            self.with.entry(one).or_default().insert(other);
        }
    }

    /// Takes in everybody who is the same human being as one of these, and adds them.
    pub(super) async fn load(
        &mut self,
        on: &mut PgConnection,
        (generation, organisation): (i16, Organisation),
        persons: &mut BTreeSet<Uuid>,
    ) -> Result<(), Failed> {
        let rows = sqlx::query!(
            "with recursive reached (id) as (
                 select * from unnest($3::uuid[])
                 union
                 select l.other from reached r cross join lateral
                     (select other from known_link
                      where generation = $1 and organisation = $2 and person = r.id and until is null offset 0) l)
             select l.person, l.other from reached r cross join lateral
                 (select person, other from known_link
                  where generation = $1 and organisation = $2 and person = r.id and until is null offset 0) l",
            generation,
            organisation.as_str(),
            &persons.iter().copied().collect::<Vec<_>>()
        )
        .fetch_all(on)
        .await?;
        for row in rows {
            self.tie(row.person, row.other);
            persons.extend([row.person, row.other]);
        }
        Ok(())
    }

    /// Writes what changed. First the ends: a link may begin again in the same batch.
    pub(super) async fn store(
        &self,
        on: &mut PgConnection,
        generation: i16,
        organisation: Organisation,
    ) -> Result<(), Failed> {
        if !self.ended.is_empty() {
            let ends =
                self.ended.iter().flat_map(|it| both_ways(it.pair).map(|pair| (pair, it.until)));
            let (pairs, until): (Vec<[Uuid; 2]>, Vec<DateTime<Utc>>) = ends.unzip();
            let (persons, others) = sides(&pairs);
            sqlx::query!(
                "update known_link k set until = t.until
                 from unnest($3::uuid[], $4::uuid[], $5::timestamptz[]) as t (person, other, until)
                 where k.generation = $1 and k.organisation = $2 and k.person = t.person and k.other = t.other
                   and k.until is null",
                generation,
                organisation.as_str(),
                &persons,
                &others,
                &until
            )
            .execute(&mut *on)
            .await?;
        }
        if !self.begun.is_empty() {
            self.insert(on, generation, organisation).await?;
        }
        Ok(())
    }

    async fn insert(
        &self,
        on: &mut PgConnection,
        generation: i16,
        organisation: Organisation,
    ) -> Result<(), Failed> {
        let spans = self.begun.iter().flat_map(|it| both_ways(it.pair).map(|pair| (pair, it)));
        let (pairs, spans): (Vec<[Uuid; 2]>, Vec<&Span>) = spans.unzip();
        let (persons, others) = sides(&pairs);
        sqlx::query!(
            "insert into known_link (generation, organisation, person, other, position, since, until)
             select $1, $2, * from unnest($3::uuid[], $4::uuid[], $5::bigint[], $6::timestamptz[], $7::timestamptz[])",
            generation,
            organisation.as_str(),
            &persons,
            &others,
            &spans.iter().map(|it| it.position).collect::<Vec<_>>(),
            &spans.iter().map(|it| it.since).collect::<Vec<_>>(),
            &spans.iter().map(|it| it.until).collect::<Vec<_>>() as _
        )
        .execute(on)
        .await?;
        Ok(())
    }
}

/// Whether any two persons of an organisation are linked.
pub(super) async fn any(
    on: &mut PgConnection,
    (generation, organisation): (i16, Organisation),
) -> Result<bool, Failed> {
    Ok(sqlx::query_scalar!(
        r#"select exists (select from known_link where generation = $1 and organisation = $2 and until is null) as "any!""#,
        generation,
        organisation.as_str()
    )
    .fetch_one(on)
    .await?)
}

fn both_ways([one, other]: [Uuid; 2]) -> [[Uuid; 2]; 2] {
    [[one, other], [other, one]]
}

fn sides(pairs: &[[Uuid; 2]]) -> (Vec<Uuid>, Vec<Uuid>) {
    pairs.iter().map(|[one, other]| (*one, *other)).unzip()
}
