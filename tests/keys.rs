//! The key store of a test: in production a database of its own, here a schema of its own in the database of the test.

use sqlx::postgres::PgConnectOptions;
use sqlx::{Connection, PgConnection, PgPool};

pub(crate) const SCHEMA: &str = "sleutels";

/// How to reach it; made when it is not there yet.
pub(crate) async fn key_store(pool: &PgPool) -> PgConnectOptions {
    let options = (*pool.connect_options()).clone().options([("search_path", SCHEMA)]);
    let mut on = PgConnection::connect_with(&options).await.unwrap();
    let there = "select exists (select from pg_namespace where nspname = 'sleutels')";
    if !sqlx::query_scalar::<_, bool>(there).fetch_one(&mut on).await.unwrap() {
        sqlx::raw_sql("create schema sleutels").execute(&mut on).await.unwrap();
        store::keystore::MIGRATOR.run(&mut on).await.unwrap();
    }
    on.close().await.unwrap();
    options
}
