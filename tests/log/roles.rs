//! Who may touch what: every database role tried against every table. A table that is new here has to be thought about.

use super::given::{allow_any_statement, perform, refused_with};
use sqlx::{Connection, PgConnection, PgPool};
use std::collections::BTreeSet;

const FORBIDDEN: &str = "42501";

/// What each role may do with a table: s(elect), i(nsert), u(pdate), d(elete); nobody truncates.
/// In the order append, read, report, privacy, door.
const MAY: [(&str, [&str; 5]); 25] = [
    ("_sqlx_migrations", ["", "", "", "", ""]),
    ("checkpoint", ["siud", "s", "s", "", ""]),
    ("cosignature", ["si", "s", "", "", ""]),
    ("data_key", ["s", "", "", "s", ""]),
    ("destroyed_part", ["s", "", "", "s", ""]),
    ("erasing", ["s", "", "", "sd", ""]),
    ("event", ["s", "s", "", "s", ""]),
    ("fact", ["siud", "", "s", "", ""]),
    ("fact_kind", ["siud", "", "s", "", ""]),
    ("fact_sum", ["siud", "", "s", "", ""]),
    ("fact_summed", ["siud", "", "s", "", ""]),
    ("forgotten", ["s", "", "", "s", ""]),
    ("known_case", ["siud", "", "", "", ""]),
    ("known_link", ["siud", "s", "", "", ""]),
    ("known_melding", ["siud", "", "", "", ""]),
    ("known_person", ["siud", "s", "", "", ""]),
    ("login", ["", "", "", "", "sid"]),
    ("particular", ["s", "", "", "s", ""]),
    ("person_card", ["siud", "s", "", "s", ""]),
    ("projection", ["su", "s", "s", "", ""]),
    ("session", ["", "", "", "", "siud"]),
    ("token_use", ["", "", "", "", "sid"]),
    ("tree_head", ["si", "s", "", "", ""]),
    ("tree_node", ["si", "s", "", "", ""]),
    ("worklist", ["siud", "s", "", "", ""]),
];
const ROLES: [&str; 5] =
    ["meldboek_append", "meldboek_read", "meldboek_report", "meldboek_privacy", "meldboek_door"];

/// Statements that do nothing to an empty table, and need the right all the same.
const TRIES: [(&str, &str); 5] = [
    ("s", "select from {} limit 0"),
    ("i", "insert into {} select * from {} where false"),
    ("u", "update {} set {column} = {column} where false"),
    ("d", "delete from {} where false"),
    ("t", "truncate {} cascade"),
];

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn each_role_may_do_what_its_work_asks_and_nothing_else(pool: PgPool) {
    allow_any_statement(&pool).await;
    for (nth, role) in ROLES.iter().enumerate() {
        let options = (*pool.connect_options()).clone().options([("role", *role)]);
        let mut connection = PgConnection::connect_with(&options).await.unwrap();
        for (table, may) in &MAY {
            let mut can = String::new();
            for (right, statement) in TRIES {
                if tried(&mut connection, table, statement).await {
                    can.push_str(right);
                }
            }
            assert_eq!(can, may[nth], "{role} on {table}");
        }
    }
}

/// Whether a role has the right. Where a trigger of ours refuses, it has: the walls stand behind each other, and each is tried.
async fn tried(connection: &mut PgConnection, table: &str, statement: &str) -> bool {
    let column = match table {
        "_sqlx_migrations" => "success",
        "fact_kind" => "fact",
        "login" | "token_use" => "expires_at",
        "projection" => "live",
        "session" => "seen_at",
        _ => "organisation",
    };
    let insert = table == "fact_kind" && statement.starts_with("insert");
    let statement =
        if insert { "insert into {} (fact) select fact from {} where false" } else { statement };
    let statement = statement.replace("{column}", column).replace("{}", table);
    let mut tx = connection.begin().await.unwrap();
    let tried = perform(&mut tx, &statement).await;
    tx.rollback().await.unwrap();
    let by_trigger = matches!(&tried, Err(error) if error.to_string().contains("het logboek"));
    let refusal = refused_with(tried);
    assert!(refusal.as_deref().is_none_or(|it| it == FORBIDDEN), "{statement}: {refusal:?}");
    refusal.is_none() || by_trigger
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn every_table_of_the_database_has_its_line_here(pool: PgPool) {
    let tables = sqlx::query_scalar::<_, String>(
        "select tablename from pg_tables where schemaname = 'public' order by tablename",
    );
    let tables: BTreeSet<String> = tables.fetch_all(&pool).await.unwrap().into_iter().collect();
    let told = MAY.iter().map(|(table, _)| (*table).to_owned()).collect();
    assert_eq!(tables, told);
}

/// The server never works as owner, and none of its roles can take another.
#[sqlx::test(migrator = "store::MIGRATOR")]
async fn no_role_of_the_server_logs_in_or_becomes_another(pool: PgPool) {
    allow_any_statement(&pool).await;
    let wrong = sqlx::query_scalar::<_, i64>(
        "select count(*) from pg_roles r where rolname like 'meldboek\\_%' and (rolcanlogin or rolsuper or rolcreaterole
             or rolcreatedb or rolbypassrls or exists (select from pg_auth_members m where m.member = r.oid))",
    );
    assert_eq!(wrong.fetch_one(&pool).await.unwrap(), 0);
    for role in ROLES {
        let mut connection = PgConnection::connect_with(&pool.connect_options()).await.unwrap();
        perform(&mut connection, &format!("set session authorization {role}")).await.unwrap();
        for other in ROLES.iter().chain(&["meldboek_owner", "postgres"]).filter(|it| **it != role) {
            let refusal =
                refused_with(perform(&mut connection, &format!("set role {other}")).await);
            assert_eq!(refusal.as_deref(), Some(FORBIDDEN), "{role} becomes {other}");
        }
        let create = refused_with(perform(&mut connection, "create table here ()").await);
        assert_eq!(create.as_deref(), Some(FORBIDDEN), "{role} makes a table");
    }
}
