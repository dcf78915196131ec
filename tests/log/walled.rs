//! The second wall: a row of another organisation is not there for whoever answers a worker, also for a statement that forgot to ask; and a
//! connection shows nobody what the one before him was allowed to see.

use super::cancel::polled_at_most;
use super::given::{allow_any_statement, drenthe, number, open, perform, refused_with};
use domain::id::Organisation;
use domain::matching::{Card, Told};
use sqlx::{Connection, PgConnection, PgPool};
use std::fmt::Write as _;
use store::Store;
use store::access::Within;
use store::projections::worklist::Filter;

const FORBIDDEN: &str = "42501";
const WALLED: [&str; 3] = ["meldboek_file", "meldboek_read", "meldboek_report"];

fn groningen() -> Organisation {
    "VT01".parse().unwrap()
}

/// Puts a row of two organisations, and of their looks, in every table that says whose its rows are.
async fn rows_of_two(pool: &PgPool) {
    let tables = sqlx::query_as::<_, (String, Vec<String>, Vec<String>)>(
        "select relname::text, array_agg(attname::text), array_agg(format_type(atttypid, null)) from pg_class c
         join pg_attribute a on a.attrelid = c.oid
         where relnamespace = 'public'::regnamespace and relkind = 'r' and attnum > 0 and not attisdropped
           and exists (select from pg_attribute o where o.attrelid = c.oid and o.attname = 'organisation') and relname <> 'session'
         group by 1",
    );
    let mut rows = "set meldboek.appending = 'yes';".to_owned();
    for (table, columns, types) in tables.fetch_all(pool).await.unwrap() {
        for organisation in ["VT01", "VT01/inzage", "VT02", "VT02/inzage"] {
            let value = |(column, of): (&String, &String)| match (column.as_str(), of.as_str()) {
                ("organisation", _) => format!("'{organisation}'"),
                ("kind", "text") => "'veiligheidsbeoordeling'".to_owned(),
                (_, "text") => "'facts'".to_owned(),
                (_, "uuid") => "gen_random_uuid()".to_owned(),
                (_, "date" | "timestamp with time zone") => "'2026-01-01'".to_owned(),
                (_, "bytea") => "'x'".to_owned(),
                (_, "boolean") => "true".to_owned(),
                (_, "smallint" | "integer" | "bigint" | "json") => "'1'".to_owned(),
                (_, array) if array.ends_with("[]") => "'{}'".to_owned(),
                other => panic!("{table}: {other:?} has no value here"),
            };
            let values: Vec<String> = columns.iter().zip(&types).map(value).collect();
            let (columns, values) = (columns.join(", "), values.join(", "));
            writeln!(rows, "insert into {table} ({columns}) values ({values});").unwrap();
        }
    }
    allow_any_statement(pool).await;
    let mut on = PgConnection::connect_with(&pool.connect_options()).await.unwrap();
    perform(&mut on, &rows).await.unwrap();
    sqlx::raw_sql(OWNERS).execute(pool).await.unwrap();
}

async fn connected_as(pool: &PgPool, role: &str) -> PgConnection {
    let options = (*pool.connect_options()).clone();
    let mut on = PgConnection::connect_with(&options).await.unwrap();
    perform(&mut on, &format!("set session authorization {role}")).await.unwrap();
    on
}

/// All that a table shows to whoever asks, without a word about whose it should be.
const OWNERS: &str = "create function owners(of_table text) returns setof text language plpgsql as $$ begin
    return query execute format('select distinct organisation from %I order by 1', of_table); end $$";

/// Whose rows a statement is shown that asks for all of them.
async fn shown(on: &mut PgConnection, table: &str) -> Vec<String> {
    let all = sqlx::query_scalar("select * from owners($1)");
    all.bind(table).fetch_all(on).await.unwrap()
}

async fn asks(on: &mut PgConnection, organisation: &str, log: &str) {
    let asks = "select set_config('meldboek.organisation', $1, false), set_config('meldboek.log', $2, false)";
    sqlx::query(asks).bind(organisation).bind(log).execute(on).await.unwrap();
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn a_statement_that_forgets_to_ask_sees_the_rows_of_one_organisation(pool: PgPool) {
    rows_of_two(&pool).await;
    let mut seen = 0;
    for role in WALLED {
        let tables = sqlx::query_scalar::<_, String>(
            "select table_name::text from information_schema.columns where table_schema = 'public' and column_name = 'organisation'
             and has_table_privilege($1, 'public.' || table_name, 'select')",
        );
        for table in tables.bind(role).fetch_all(&pool).await.unwrap() {
            let mut on = connected_as(&pool, role).await;
            assert!(shown(&mut on, &table).await.is_empty(), "{role} asks for nobody in {table}");
            let of_logs = ["event", "tree_node", "tree_head", "cosignature"].contains(&&*table);
            for organisation in ["VT01", "VT02", "VT01"] {
                asks(&mut on, organisation, organisation).await;
                assert_eq!(shown(&mut on, &table).await, [organisation], "{role}: {table}");
                let looks = format!("{organisation}/inzage");
                asks(&mut on, organisation, &looks).await;
                let expected = if of_logs { &looks } else { organisation };
                assert_eq!(shown(&mut on, &table).await, [expected], "{role}: {table}");
                seen += 1;
            }
            for nobody in ["", "*", "%", "VT", "VT01,VT02", "VT0_"] {
                asks(&mut on, nobody, nobody).await;
                assert!(shown(&mut on, &table).await.is_empty(), "{role}: {nobody} in {table}");
            }
        }
    }
    assert!(seen > 60, "{seen}: hardly anything was tried");
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn nobody_who_answers_a_worker_gets_round_the_wall(pool: PgPool) {
    rows_of_two(&pool).await;
    for role in WALLED {
        let mut on = connected_as(&pool, role).await;
        asks(&mut on, "VT02", "VT02").await;
        let table = if role == "meldboek_report" { "fact_sum" } else { "event" };
        let whole = format!("set row_security = off; select from {table}");
        for way in [
            "set role meldboek_append",
            "set role meldboek_owner",
            &whole,
            &format!("alter table {table} disable row level security"),
            &format!("create policy more on {table} using (true)"),
            &format!("drop policy whole_register on {table}"),
            "alter role current_user bypassrls",
            "grant meldboek_append to current_user",
            "create function round_it() returns void language sql security definer as ''",
        ] {
            let refusal = refused_with(perform(&mut on, way).await);
            assert_eq!(refusal.as_deref(), Some(FORBIDDEN), "{role}: {way}");
            perform(&mut on, "set row_security = on").await.unwrap();
        }
        // Statistics hold values of rows that are hidden.
        let statistics =
            "select count(*) from pg_stats where schemaname = 'public' and tablename = $1";
        let statistics = sqlx::query_scalar::<_, i64>(statistics).bind(table);
        assert_eq!(statistics.fetch_one(&mut on).await.unwrap(), 0, "{role}");
        assert_eq!(shown(&mut on, table).await, ["VT02"], "{role}");
    }
}

/// Instead of finding cards, a statement that asks for all of them, and tells whom it saw and over which connection.
const FORGETFUL: &str = "create or replace function cards_sharing(asked bigint[], weights integer[], most bigint)
    returns table (person uuid, sealed bytea) language plpgsql as $$ begin
        raise exception 'saw % over %', (select string_agg(distinct c.organisation, ' ') from person_card c), pg_backend_pid();
    end $$";

/// What the search of an organisation sees when it forgets to ask.
async fn seen(store: &Store, organisation: Organisation) -> String {
    let asked = Card::from(Told { bsn: Some("999990019".to_owned()), ..Told::default() });
    let failed =
        store.search(organisation, &asked, 10, &Within::default(), &|_| false).await.unwrap_err();
    let store::Failed::Database(why) = failed else { panic!("{failed}") };
    why.into_database_error().unwrap().message().to_owned()
}

async fn worklist(store: &Store, organisation: Organisation) -> i64 {
    let all = Filter { limit: 10, ..Filter::default() };
    store.worklist(organisation, &all).await.unwrap().count()
}

/// Over which connections the worklist was asked for last, and is not any more.
const LISTED: &str = "select max(pid)::bigint from pg_stat_activity
    where datname = current_database() and query like '%from worklist%group by kind%' and pid <> pg_backend_pid()";

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn the_next_on_a_connection_sees_nothing_of_the_one_before(pool: PgPool) {
    rows_of_two(&pool).await;
    let store = open(&pool).await;
    sqlx::raw_sql(FORGETFUL).execute(&pool).await.unwrap();
    for (one, other) in [(groningen(), drenthe()), (drenthe(), groningen())] {
        assert_eq!(worklist(&store, one).await, 1);
        let connection = number(&pool, LISTED).await;
        assert_eq!(seen(&store, other).await, format!("saw {other} over {connection}"));
    }
}

/// How often somebody asks and leaves, each time a little later, until he stays for his answer.
const ROUNDS: usize = 8;

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn the_next_sees_nothing_of_one_who_left_halfway(pool: PgPool) {
    rows_of_two(&pool).await;
    let store = open(&pool).await;
    sqlx::raw_sql(FORGETFUL).execute(&pool).await.unwrap();
    let mut left = 0;
    for _ in 0..ROUNDS {
        for times in 1.. {
            // A connection that lies ready, so that whoever leaves does so while he asks, and not while he waits for one.
            worklist(&store, drenthe()).await;
            let asked = polled_at_most(times, worklist(&store, groningen())).await;
            let saw = seen(&store, drenthe()).await;
            assert!(saw.starts_with("saw VT02 over"), "after {times} polls: {saw}");
            if asked.is_some() {
                break;
            }
            left += 1;
        }
    }
    // How many polls an answer takes is for the machine to say; it is more than one.
    assert!(left >= ROUNDS, "left only {left} times: nothing was tried");
}
