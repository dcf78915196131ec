//! What is sealed in a file for who may read the rest of it: the address of somebody who hides. Whose it is the read model says; whether somebody may see
//! it all the same is for whoever asks to decide, by what stands around that person. And the emergencies, for whoever judges them.

use crate::{Failed, Store};
use chrono::{DateTime, Utc};
use domain::access::Around;
use domain::decider::Decider;
use domain::id::Organisation;
use domain::person::Person;
use std::collections::{BTreeSet, HashSet};
use uuid::Uuid;

/// Whether what is sealed is for whoever asks, by what stands around it.
pub type Unseals<'a> = &'a (dyn Fn(&Around) -> bool + Send + Sync);

/// Somebody opened a file that was not his, for a while.
#[derive(Debug)]
pub struct Emergency {
    pub emergency: Uuid,
    /// The stream of the file.
    pub kind: String,
    pub file: Uuid,
    pub worker: Uuid,
    pub reason: String,
    pub opened_at: DateTime<Utc>,
    pub until: DateTime<Utc>,
    pub reviewed_at: Option<DateTime<Utc>>,
    pub judgement: Option<String>,
}

/// Which emergencies.
#[derive(Clone, Debug, Default)]
pub struct Emergencies {
    /// Only those that were judged, or that were not.
    pub reviewed: Option<bool>,
    pub worker: Option<Uuid>,
    pub file: Option<Uuid>,
    pub from: Option<DateTime<Utc>>,
    pub until: Option<DateTime<Utc>>,
}

impl Store {
    /// Of some persons, those whose address is hidden: of each, or of another record of the same human being, somebody said so.
    pub async fn hidden_addresses(
        &self,
        organisation: Organisation,
        persons: &[Uuid],
    ) -> Result<HashSet<Uuid>, Failed> {
        let linked = self.linked(organisation, persons, &HashSet::new()).await?;
        let all: BTreeSet<Uuid> = linked.values().flatten().chain(persons).copied().collect();
        let mut on = self.inner.files.of(organisation).await?;
        let hidden = sqlx::query_scalar!(
            r#"select h.person as "person!" from unnest($2::uuid[]) as t (id) cross join lateral
                   (select person from hidden_address
                    where person = t.id and organisation = $1
                      and generation = (select live from projection where name = 'access') offset 0) h"#,
            organisation.as_str(),
            &all.into_iter().collect::<Vec<_>>()
        )
        .fetch_all(&mut *on)
        .await?;
        on.give_back();
        let hidden: HashSet<Uuid> = hidden.into_iter().collect();
        let is_hidden = |person: &&Uuid| {
            let same = linked.get(person);
            hidden.contains(person)
                || same.is_some_and(|all| all.iter().any(|it| hidden.contains(it)))
        };
        Ok(persons.iter().filter(is_hidden).copied().collect())
    }

    /// Of some persons, those whose address is hidden from whoever asks.
    pub async fn sealed_addresses(
        &self,
        organisation: Organisation,
        persons: &[Uuid],
        unseals: Unseals<'_>,
    ) -> Result<HashSet<Uuid>, Failed> {
        let mut hidden = self.hidden_addresses(organisation, persons).await?;
        if !hidden.is_empty() {
            let all: Vec<Uuid> = hidden.iter().copied().collect();
            let around = self.around(organisation, Person::STREAM, &all).await?;
            let nothing = Around::default();
            hidden.retain(|it| !unseals(around.get(it).unwrap_or(&nothing)));
        }
        Ok(hidden)
    }

    /// The emergencies of an organisation that somebody asks for, the latest first.
    pub async fn emergencies(
        &self,
        organisation: Organisation,
        which: &Emergencies,
    ) -> Result<Vec<Emergency>, Failed> {
        let mut on = self.inner.read.of(organisation).await?;
        let found = sqlx::query_as!(
            Emergency,
            "select emergency, kind, file, worker, reason, opened_at, until, reviewed_at, judgement from emergency
             where organisation = $1 and generation = (select live from projection where name = 'access')
               and ($2::bool is null or $2 = (reviewed_at is not null)) and ($3::uuid is null or worker = $3)
               and ($4::timestamptz is null or opened_at >= $4) and ($5::timestamptz is null or opened_at < $5) and ($6::uuid is null or file = $6)
             order by opened_at desc, emergency",
            organisation.as_str(),
            which.reviewed,
            which.worker,
            which.from,
            which.until,
            which.file
        )
        .fetch_all(&mut *on)
        .await?;
        on.give_back();
        Ok(found)
    }
}
