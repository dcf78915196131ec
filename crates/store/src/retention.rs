//! What may be past its term of retention, for whoever judges it (`domain::retention`): gathered by set, not file by file. It begins with those of
//! whom something old was told, goes on to wherever they occur, and reads the files and birth dates only of what was not written to since.

use crate::log::{self, Recorded, Stream};
use crate::{Failed, Store};
use chrono::{DateTime, NaiveDate, Utc};
use domain::Event;
use domain::advice::Advice;
use domain::case::Case;
use domain::codes;
use domain::contact::Contact;
use domain::decider::Decider;
use domain::erasure::Held;
use domain::id::Organisation;
use domain::melding::Melding;
use domain::person::Person;
use domain::request::Request;
use domain::retention::{Age, Dossier, Key, Kind, Known, Member};
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use uuid::Uuid;

/// How many files are read at a time.
const PIECE: usize = 1000;

/// The dossiers in which some subjects occur.
#[derive(Default)]
struct Gathered {
    subjects: BTreeMap<Uuid, BTreeSet<Key>>,
    humans: Vec<BTreeSet<Uuid>>,
    /// What each dossier is made of.
    streams: BTreeMap<Key, BTreeSet<Stream>>,
    /// Who takes part in a casus, besides whoever is in its meldingen.
    people: BTreeMap<Key, BTreeSet<Uuid>>,
}

/// The state of the files of a dossier, as far as it keeps them.
#[derive(Default)]
struct Files {
    cases: HashMap<Uuid, Case>,
    meldingen: HashMap<Uuid, Melding>,
    requests: HashMap<Uuid, Request>,
}

impl Store {
    /// All that may be over on a day, with what hangs together with it: whatever was last recorded before a moment. And how many subjects there are in all.
    pub async fn retained(
        &self,
        organisation: Organisation,
        day: NaiveDate,
        (first_kept, from): (NaiveDate, DateTime<Utc>),
    ) -> Result<(Known, i64), Failed> {
        let pool = &self.inner.pool;
        let all = log::subjects(pool, organisation).await?;
        let position = log::last_before(pool, organisation, from).await?;
        let subjects = log::subjects_up_to(pool, organisation, position).await?;
        let gathered = self.gathered(organisation, &subjects).await?;
        let streams: BTreeSet<Stream> = gathered.streams.values().flatten().cloned().collect();
        let streams: Vec<Stream> = streams.into_iter().collect();
        let days: HashMap<Stream, NaiveDate> =
            log::last_days(pool, organisation, &streams).await?.into_iter().collect();
        let last_on = |key: &Key| gathered.streams[key].iter().filter_map(|it| days.get(it)).max();
        let mut dossiers = BTreeMap::new();
        for key in gathered.streams.keys() {
            if let Some(last_on) = last_on(key).copied() {
                let (goes_on, held, people) = (false, vec![], vec![]);
                dossiers.insert(*key, Dossier { last_on, goes_on, held, people });
            }
        }
        let old: Vec<Key> = dossiers
            .iter()
            .filter(|(_, it)| it.last_on < first_kept)
            .map(|(key, _)| *key)
            .collect();
        for keys in old.chunks(PIECE) {
            self.look_into(organisation, day, keys, &gathered, &mut dossiers).await?;
        }
        let Gathered { subjects: mut places, humans, .. } = gathered;
        // A stream in which nothing was recorded is none.
        for it in places.values_mut() {
            it.retain(|key| dossiers.contains_key(key));
        }
        let readable = subjects.into_iter().collect();
        Ok((Known { dossiers, places, readable, humans }, all))
    }

    /// Which casussen that must be kept on a day hold some subjects.
    pub async fn held(
        &self,
        organisation: Organisation,
        subjects: &[Uuid],
        day: NaiveDate,
    ) -> Result<Vec<Held>, Failed> {
        let gathered = self.gathered(organisation, subjects).await?;
        let keys: BTreeSet<Key> = gathered.subjects.into_values().flatten().collect();
        let cases = keys.into_iter().filter(|(kind, _)| *kind == Kind::Case);
        let streams = cases.map(|(_, id)| (Case::STREAM.to_owned(), id)).collect();
        let files = self.files(organisation, &streams).await?;
        let held: BTreeSet<Held> =
            files.cases.iter().flat_map(|(id, case)| holds(*id, case, day)).collect();
        Ok(held.into_iter().collect())
    }

    /// Reads some dossiers: whether somebody works on them, what holds them, how old whoever is in them can be.
    async fn look_into(
        &self,
        organisation: Organisation,
        day: NaiveDate,
        keys: &[Key],
        gathered: &Gathered,
        dossiers: &mut BTreeMap<Key, Dossier>,
    ) -> Result<(), Failed> {
        let streams = keys.iter().flat_map(|it| &gathered.streams[it]).cloned().collect();
        let files = self.files(organisation, &streams).await?;
        let mut told: BTreeMap<Key, BTreeMap<Uuid, Vec<Age>>> = BTreeMap::new();
        for key in keys {
            let Some(dossier) = dossiers.get_mut(key) else { continue };
            let taking_part = gathered.people.get(key).into_iter().flatten();
            let mut people: BTreeMap<Uuid, Vec<Age>> =
                taking_part.map(|it| (*it, vec![])).collect();
            for (stream, id) in &gathered.streams[key] {
                files.look_at(stream, *id, day, dossier, &mut people);
            }
            told.insert(*key, people);
        }
        let persons: BTreeSet<Uuid> = told.values().flat_map(BTreeMap::keys).copied().collect();
        let persons: Vec<Uuid> = persons.into_iter().collect();
        let linked = self.linked(organisation, &persons, &HashSet::new()).await?;
        let everybody: BTreeSet<Uuid> = linked.values().flatten().copied().collect();
        let everybody: Vec<Uuid> = everybody.into_iter().collect();
        let births = self.births_of(organisation, &everybody).await?;
        for (key, people) in told {
            let member = |(person, told): (Uuid, Vec<Age>)| {
                let records = linked.get(&person).into_iter().flatten();
                let births = records.filter_map(|it| births.get(it)).flatten().copied().collect();
                Member { births, told }
            };
            if let Some(dossier) = dossiers.get_mut(&key) {
                dossier.people = people.into_iter().map(member).collect();
            }
        }
        Ok(())
    }

    /// Where some subjects occur, with all that hangs together there.
    async fn gathered(
        &self,
        organisation: Organisation,
        subjects: &[Uuid],
    ) -> Result<Gathered, Failed> {
        let linked = self.linked(organisation, subjects, &HashSet::new()).await?;
        let humans: BTreeSet<BTreeSet<Uuid>> =
            linked.values().filter(|it| it.len() > 1).cloned().collect();
        let all: BTreeSet<Uuid> = linked.into_values().flatten().collect();
        let all: Vec<Uuid> = all.into_iter().collect();
        let mut told = log::streams_of(&self.inner.pool, organisation, &all).await?;
        told.extend(self.occurrences_of(organisation, &all).await?);
        // The own record of somebody; of what is no person there is none.
        told.extend(all.iter().map(|it| (*it, (Person::STREAM.to_owned(), *it))));
        let streams: BTreeSet<Stream> = told.iter().map(|(_, stream)| stream.clone()).collect();
        let within = self.cases_of(organisation, &streams).await?;
        let mut gathered = Gathered { humans: humans.into_iter().collect(), ..Gathered::default() };
        let mut cases = BTreeSet::new();
        for (subject, stream) in told {
            for key in keys_of(&stream, within.get(&stream)) {
                gathered.subjects.entry(subject).or_default().insert(key);
                gathered.streams.entry(key).or_default().insert(stream.clone());
                cases.extend(Some(key.1).filter(|_| key.0 == Kind::Case));
                if key.0 == Kind::Person {
                    gathered.people.entry(key).or_default().insert(subject);
                }
            }
        }
        let cases: Vec<Uuid> = cases.into_iter().collect();
        for case in &cases {
            let own = (Case::STREAM.to_owned(), *case);
            gathered.streams.entry((Kind::Case, *case)).or_default().insert(own);
        }
        for (case, stream) in self.parts_of(organisation, &cases).await? {
            let key = (Kind::Case, case);
            if stream.0 == Person::STREAM {
                gathered.people.entry(key).or_default().insert(stream.1);
            } else {
                gathered.streams.entry(key).or_default().insert(stream);
            }
        }
        Ok(gathered)
    }

    /// The files of some streams, as they stand.
    async fn files(
        &self,
        organisation: Organisation,
        streams: &BTreeSet<Stream>,
    ) -> Result<Files, Failed> {
        let read = [Case::STREAM, Melding::STREAM, Request::STREAM];
        let ids: BTreeSet<Uuid> =
            streams.iter().filter(|it| read.contains(&it.0.as_str())).map(|it| it.1).collect();
        let ids: Vec<Uuid> = ids.into_iter().collect();
        let mut files = Files::default();
        for ids in ids.chunks(PIECE) {
            let events = log::of_streams(&self.inner.pool, organisation, ids, i64::MAX).await?;
            for it in &events {
                files.take_in(it);
            }
        }
        Ok(files)
    }

    /// In which meldingen and casussen persons occur, and which requests are about them.
    async fn occurrences_of(
        &self,
        organisation: Organisation,
        persons: &[Uuid],
    ) -> Result<Vec<(Uuid, Stream)>, Failed> {
        let rows = sqlx::query!(
            r#"with live as (select (select live from projection where name = 'access') as access,
                                    (select live from projection where name = 'facts') as facts),
               asked as (select t.id from unnest($2::uuid[]) as t (id))
               select a.id as "person!", 'melding' as "stream!", p.melding as "id!" from asked a cross join live cross join lateral
                   (select melding from known_person where person = a.id and organisation = $1 and generation = live.facts offset 0) p
               union
               select a.id, 'case', f.case_id from asked a cross join live cross join lateral
                   (select case_id from part_of_case
                    where file = a.id and kind = 'person' and organisation = $1 and generation = live.access offset 0) f
               union
               select a.id, 'request', r.request from asked a cross join live cross join lateral
                   (select request from asked_about where person = a.id and organisation = $1 and generation = live.access offset 0) r"#,
            organisation.as_str(),
            persons
        )
        .fetch_all(&self.inner.pool)
        .await?;
        Ok(rows.into_iter().map(|it| (it.person, (it.stream, it.id))).collect())
    }

    /// The casussen in which some persons occur by themselves; not those of their meldingen.
    pub async fn cases_with(
        &self,
        organisation: Organisation,
        persons: &[Uuid],
    ) -> Result<BTreeSet<Uuid>, Failed> {
        let occurrences = self.occurrences_of(organisation, persons).await?;
        let cases = occurrences.into_iter().filter(|(_, (stream, _))| stream == Case::STREAM);
        Ok(cases.map(|(_, (_, id))| id).collect())
    }

    /// The casussen to which streams belong.
    async fn cases_of(
        &self,
        organisation: Organisation,
        streams: &BTreeSet<Stream>,
    ) -> Result<HashMap<Stream, Vec<Uuid>>, Failed> {
        let parts = streams.iter().filter(|it| is_part(&it.0)).cloned();
        let (names, ids): (Vec<String>, Vec<Uuid>) = parts.unzip();
        let rows = sqlx::query!(
            r#"select t.kind as "kind!", t.id as "id!", f.case_id from unnest($2::text[], $3::uuid[]) as t (kind, id)
               cross join (select live from projection where name = 'access') g cross join lateral
               (select case_id from part_of_case
                where file = t.id and kind = t.kind and organisation = $1 and generation = g.live offset 0) f"#,
            organisation.as_str(),
            &names,
            &ids
        )
        .fetch_all(&self.inner.pool)
        .await?;
        let mut cases: HashMap<Stream, Vec<Uuid>> = HashMap::new();
        for row in rows {
            cases.entry((row.kind, row.id)).or_default().push(row.case_id);
        }
        Ok(cases)
    }

    /// What is in some casussen.
    async fn parts_of(
        &self,
        organisation: Organisation,
        cases: &[Uuid],
    ) -> Result<Vec<(Uuid, Stream)>, Failed> {
        let rows = sqlx::query!(
            r#"select t.id as "case!", f.kind, f.file from unnest($2::uuid[]) as t (id)
               cross join (select live from projection where name = 'access') g cross join lateral
               (select kind, file from part_of_case where case_id = t.id and organisation = $1 and generation = g.live offset 0) f"#,
            organisation.as_str(),
            cases
        )
        .fetch_all(&self.inner.pool)
        .await?;
        Ok(rows.into_iter().map(|it| (it.case, (it.kind, it.file))).collect())
    }
}

impl Files {
    fn take_in(&mut self, it: &Recorded) {
        match &it.event {
            Event::Case(event) => fold(&mut self.cases, it.stream_id, event),
            Event::Melding(event) => fold(&mut self.meldingen, it.stream_id, event),
            Event::Request(event) => fold(&mut self.requests, it.stream_id, event),
            // None of these keeps anything.
            Event::Contact(_)
            | Event::Advice(_)
            | Event::Person(_)
            | Event::Look(_)
            | Event::Erasure(_)
            | Event::Emergency(_) => {}
        }
    }

    /// What one file of a dossier says of it.
    fn look_at(
        &self,
        stream: &str,
        id: Uuid,
        day: NaiveDate,
        dossier: &mut Dossier,
        people: &mut BTreeMap<Uuid, Vec<Age>>,
    ) {
        if stream == Case::STREAM
            && let Some(case) = self.cases.get(&id)
        {
            dossier.goes_on |= matches!(case.stage, domain::case::Stage::Open { .. });
            dossier.held.extend(holds(id, case, day));
            for (person, roles) in &case.people {
                let child = roles.iter().any(|it| it.as_str() == codes::CHILD);
                let told = child.then_some(Age::Child { on: dossier.last_on });
                people.entry(*person).or_default().extend(told);
            }
        }
        if stream == Melding::STREAM
            && let Some(melding) = self.meldingen.get(&id)
        {
            dossier.goes_on |= matches!(melding, Melding::Received(_));
            let Some(content) = melding.content() else { return };
            for person in &content.persons {
                let told = Age::of(person, content, dossier.last_on);
                people.entry(person.id).or_default().extend(told);
            }
        }
        if stream == Request::STREAM {
            let term = self.requests.get(&id).and_then(Request::deadline);
            dossier.goes_on |= term.is_some_and(|it| it.is_open());
        }
    }
}

fn fold<D: Decider>(all: &mut HashMap<Uuid, D>, id: Uuid, event: &D::Event) {
    let it = all.entry(id).or_default();
    *it = std::mem::take(it).evolve(event);
}

fn holds(id: Uuid, case: &Case, day: NaiveDate) -> impl Iterator<Item = Held> {
    case.holds.on(day).map(move |(reason, it)| {
        let (reason, until) = (reason.clone(), it.until);
        Held { case: id, reason, until }
    })
}

/// A melding, and a request that names a casus, belong to it.
fn is_part(stream: &str) -> bool {
    [Melding::STREAM, Request::STREAM].contains(&stream)
}

/// The dossiers of a stream: the casussen to which it belongs, or else itself.
fn keys_of((stream, id): &Stream, cases: Option<&Vec<Uuid>>) -> Vec<Key> {
    if let Some(cases) = cases {
        return cases.iter().map(|it| (Kind::Case, *it)).collect();
    }
    let kind = match stream.as_str() {
        Case::STREAM => Kind::Case,
        Melding::STREAM => Kind::Melding,
        Request::STREAM => Kind::Request,
        Advice::STREAM => Kind::Advice,
        Contact::STREAM => Kind::Contact,
        Person::STREAM => Kind::Person,
        _ => return vec![],
    };
    vec![(kind, *id)]
}
