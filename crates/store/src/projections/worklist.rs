//! The worklist: what waits, of meldingen, casussen and requests, most urgent first, and how much is there? Every open term is one entry: whose
//! it is, since when it runs, on which day it lapses ([`domain::deadline`]).
//!
//! Clock: Uitvoeringsbesluit Wmo 2015 art. 4.1.7 ([`domain::law::ASSESSMENT`]), Wmo 2015 art. 5.3.1 ([`domain::law::INFORMING`]).

mod cases;
mod meldingen;
mod requests;

use crate::access::Within;
use crate::log::Recorded;
use crate::{Failed, Store};
use chrono::NaiveDate;
use domain::deadline::Kind;
use domain::id::Organisation;
use sqlx::PgConnection;
use uuid::Uuid;

/// Stands for no last day: it comes after every day that there is.
const NEVER: NaiveDate = NaiveDate::from_ymd_opt(9999, 12, 31).expect("a date");

/// Something that waits.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    pub kind: Kind,
    /// The melding, casus or request in whose file it stands.
    pub file: Uuid,
    /// What waits in it: the melding itself, an investigation, a person …
    pub about: Uuid,
    pub since: NaiveDate,
    pub due_on: Option<NaiveDate>,
    pub municipality: String,
    pub acute_danger: Option<String>,
    pub worker: Option<Uuid>,
    pub team: Option<Uuid>,
}

/// Where an entry stands in the list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    pub due_on: Option<NaiveDate>,
    pub kind: Kind,
    pub about: Uuid,
    pub file: Uuid,
}

impl Entry {
    pub const fn place(&self) -> Place {
        Place { due_on: self.due_on, kind: self.kind, about: self.about, file: self.file }
    }
}

/// A page of the worklist, and exactly how many entries there are in all, kind by kind.
#[derive(Clone, Debug, PartialEq)]
pub struct Page {
    pub entries: Vec<Entry>,
    pub counts: Vec<(Kind, i64)>,
}

impl Page {
    pub fn count(&self) -> i64 {
        self.counts.iter().map(|(_, count)| count).sum()
    }
}

/// What to leave out, and where to go on: after the last entry of the page before.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// None is all.
    pub kinds: Option<Vec<Kind>>,
    pub worker: Option<Uuid>,
    pub team: Option<Uuid>,
    pub municipality: Option<String>,
    pub due_before: Option<NaiveDate>,
    /// Meldingen, casussen and requests that are not there for whoever asks: neither in the list nor in the counts.
    pub hidden: Within,
    pub after: Option<Place>,
    pub limit: i64,
}

struct Row {
    kind: String,
    file: Uuid,
    about: Uuid,
    since: NaiveDate,
    due_on: NaiveDate,
    municipality: String,
    acute_danger: Option<String>,
    worker: Option<Uuid>,
    team: Option<Uuid>,
}

impl Row {
    /// `None` for a kind of a later release.
    fn entry(self) -> Option<Entry> {
        Some(Entry {
            kind: Kind::of(&self.kind)?,
            file: self.file,
            about: self.about,
            since: self.since,
            due_on: Some(self.due_on).filter(|due| *due != NEVER),
            municipality: self.municipality,
            acute_danger: self.acute_danger,
            worker: self.worker,
            team: self.team,
        })
    }
}

impl Store {
    /// The entries whose term ends first.
    pub async fn worklist(
        &self,
        organisation: Organisation,
        filter: &Filter,
    ) -> Result<Page, Failed> {
        let kinds = filter.kinds.as_ref().map(|kinds| kinds.iter().map(|it| it.code()));
        let kinds: Option<Vec<String>> = kinds.map(|it| it.map(str::to_owned).collect());
        let after = filter.after;
        let meldingen: Vec<Uuid> = filter.hidden.meldingen.iter().copied().collect();
        let others = filter.hidden.cases.iter().chain(&filter.hidden.requests);
        let others: Vec<Uuid> = others.copied().collect();
        let mut on = self.inner.read.of(organisation).await?;
        let rows = sqlx::query_as!(
            Row,
            "select kind, file, about, since, due_on, municipality, acute_danger, worker, team from worklist
             where generation = (select live from projection where name = 'worklist') and organisation = $1
               and ($2::text[] is null or kind = any($2)) and ($3::uuid is null or worker = $3)
               and ($4::uuid is null or team = $4) and ($5::text is null or municipality = $5)
               and ($6::date is null or due_on < $6)
               and ($7::date is null or (due_on, kind, about, file) > ($7, $8, $9, $10))
               and file <> all(case when kind = 'veiligheidsbeoordeling' then $12::uuid[] else $13::uuid[] end)
             order by due_on, kind, about, file limit $11",
            organisation.as_str(),
            kinds.as_deref(),
            filter.worker,
            filter.team,
            filter.municipality,
            filter.due_before,
            after.map(|it| it.due_on.unwrap_or(NEVER)),
            after.map(|it| it.kind.code()),
            after.map(|it| it.about),
            after.map(|it| it.file),
            filter.limit,
            &meldingen,
            &others
        )
        .fetch_all(&mut *on)
        .await?;
        let counts = sqlx::query!(
            r#"select kind, count(*) as "count!" from worklist
               where generation = (select live from projection where name = 'worklist') and organisation = $1
                 and ($2::text[] is null or kind = any($2)) and ($3::uuid is null or worker = $3)
                 and ($4::uuid is null or team = $4) and ($5::text is null or municipality = $5)
                 and ($6::date is null or due_on < $6)
                 and file <> all(case when kind = 'veiligheidsbeoordeling' then $7::uuid[] else $8::uuid[] end)
               group by kind order by kind"#,
            organisation.as_str(),
            kinds.as_deref(),
            filter.worker,
            filter.team,
            filter.municipality,
            filter.due_before,
            &meldingen,
            &others
        )
        .fetch_all(&mut *on)
        .await?;
        on.give_back();
        let counts = counts.into_iter().filter_map(|row| Some((Kind::of(&row.kind)?, row.count)));
        let entries = rows.into_iter().filter_map(Row::entry).collect();
        Ok(Page { entries, counts: counts.collect() })
    }
}

pub(super) async fn project(
    on: &mut PgConnection,
    generation: i16,
    news: &[Recorded],
) -> Result<(), Failed> {
    let Some(first) = news.first() else { return Ok(()) };
    let place = (generation, first.organisation);
    meldingen::project(on, place, news).await?;
    cases::project(on, place, news).await?;
    requests::project(on, place, news).await
}

async fn insert(
    on: &mut PgConnection,
    place: (i16, Organisation),
    entries: &[Entry],
) -> Result<(), Failed> {
    if entries.is_empty() {
        return Ok(());
    }
    sqlx::query!(
        "insert into worklist (generation, organisation, kind, file, about, since, due_on, municipality, acute_danger, worker, team)
         select $1, $2, * from unnest($3::text[], $4::uuid[], $5::uuid[], $6::date[], $7::date[], $8::text[], $9::text[],
             $10::uuid[], $11::uuid[])",
        place.0,
        place.1.as_str(),
        &column(entries, |it| it.kind.code().to_owned()),
        &column(entries, |it| it.file),
        &column(entries, |it| it.about),
        &column(entries, |it| it.since),
        &column(entries, |it| it.due_on.unwrap_or(NEVER)),
        &column(entries, |it| it.municipality.clone()),
        &column(entries, |it| it.acute_danger.clone()) as _,
        &column(entries, |it| it.worker) as _,
        &column(entries, |it| it.team) as _
    )
    .execute(on)
    .await?;
    Ok(())
}

fn column<T>(entries: &[Entry], of: impl Fn(&Entry) -> T) -> Vec<T> {
    entries.iter().map(of).collect()
}
