//! What a benchmark needs of the database and nothing else does: a database of its own, how long the log is, and a million people at once.

use crate::projections::people::{self, Row};
use crate::{Failed, Store};
use domain::id::Organisation;
use domain::matching::Card;
use sqlx::migrate::MigrateDatabase;
use sqlx::{Connection, PgConnection, Postgres};
use uuid::Uuid;

/// Makes the database of an address.
pub async fn create(url: &str) -> Result<(), Failed> {
    Ok(Postgres::create_database(url).await?)
}

/// Removes the database of an address, whoever is still connected.
pub async fn drop(url: &str) -> Result<(), Failed> {
    Ok(Postgres::force_drop_database(url).await?)
}

/// How many events there are, of all organisations.
pub async fn events(url: &str) -> Result<i64, Failed> {
    let mut on = PgConnection::connect(url).await?;
    let events = sqlx::query_scalar!(r#"select count(*) as "events!" from event"#);
    let events = events.fetch_one(&mut on).await?;
    on.close().await?;
    Ok(events)
}

/// Somebody invented: his card, and the same in plain text.
pub struct Invented {
    pub person: Uuid,
    pub card: Card,
    pub name: String,
    pub born: String,
}

/// People who are put in beside the log, by the login of the benchmark: sealed as the read model seals them, and in a table in plain text.
pub struct Putting {
    on: PgConnection,
    generation: i16,
}

impl Putting {
    /// Indexes are made afterwards: that is much faster.
    pub async fn begin(url: &str) -> Result<Self, Failed> {
        let mut on = PgConnection::connect(url).await?;
        let live = sqlx::query_scalar!("select live from projection where name = 'people'");
        let generation = live.fetch_one(&mut on).await?;
        sqlx::raw_sql(
            "drop index person_card_by_token;
             create extension if not exists pg_trgm;
             create unlogged table plain_text (person uuid not null, name text not null, born text not null)",
        )
        .execute(&mut on)
        .await?;
        Ok(Self { on, generation })
    }

    pub async fn put(
        &mut self,
        store: &Store,
        organisation: Organisation,
        people: &[Invented],
    ) -> Result<(), Failed> {
        let keys = &store.inner.keys;
        let mut rows = Vec::with_capacity(people.len());
        let own = store.inner.key_store.blanks(people.len()).await?;
        for (it, own) in people.iter().zip(&own) {
            rows.push(Row::of(keys, own, organisation, it.person, &it.card)?);
        }
        people::insert(&mut self.on, self.generation, organisation, &rows).await?;
        let persons: Vec<Uuid> = people.iter().map(|it| it.person).collect();
        sqlx::query("insert into data_key (organisation, subject, key) select $1, * from unnest($2::uuid[], $3::uuid[])")
            .bind(organisation.as_str())
            .bind(&persons)
            .bind(own.iter().map(|it| it.number).collect::<Vec<_>>())
            .execute(&mut self.on)
            .await?;
        sqlx::query(
            "insert into plain_text select * from unnest($1::uuid[], $2::text[], $3::text[])",
        )
        .bind(&persons)
        .bind(people.iter().map(|it| it.name.clone()).collect::<Vec<_>>())
        .bind(people.iter().map(|it| it.born.clone()).collect::<Vec<_>>())
        .execute(&mut self.on)
        .await?;
        Ok(())
    }

    pub async fn end(mut self) -> Result<PlainText, Failed> {
        sqlx::raw_sql(
            "set maintenance_work_mem = '512MB';
             create index person_card_by_token on person_card using gin (tokens) with (fastupdate = on, gin_pending_list_limit = 512);
             create index plain_text_by_name on plain_text using gin (name gin_trgm_ops)",
        )
        .execute(&mut self.on)
        .await?;
        for table in
            ["vacuum analyze person_card", "vacuum analyze data_key", "vacuum analyze plain_text"]
        {
            sqlx::raw_sql(table).execute(&mut self.on).await?;
        }
        Ok(PlainText(self.on))
    }
}

/// People in plain text, found by the trigrams of their names.
pub struct PlainText(PgConnection);

impl PlainText {
    /// By likeness of the name; whoever has the birth date, as far as it is given, comes before others who are as much like it.
    pub async fn search(&mut self, name: &str, born: &str, most: i64) -> Result<Vec<Uuid>, Failed> {
        let found = sqlx::query_scalar(
            "select person from plain_text where name % $1
             order by similarity(name, $1) + case when $2 <> '' and born like $2 || '%' then 0.5 else 0 end desc, person limit $3",
        )
        .bind(name)
        .bind(born)
        .bind(most)
        .fetch_all(&mut self.0)
        .await?;
        Ok(found)
    }
}
