//! Who may touch what: every database role tried against every table of both databases, compared with a committed table. A table that is new is to
//! have its line in `grants.txt`, or this says so.

use super::given::{allow_any_statement, perform, refused_with};
use crate::keys::{self, key_store};
use sqlx::{Connection, PgConnection, PgPool};
use std::fmt::Write as _;

const TABLE: &str = include_str!("../grants.txt");
const FORBIDDEN: &str = "42501";
/// A view cannot be truncated by anybody.
const NO_TABLE: &str = "42809";
/// In the order of the columns.
const ROLES: [&str; 7] = ["append", "read", "report", "file", "privacy", "door", "keys"];

/// Statements that do nothing to an empty table, and need one right each.
const TRIES: [(char, &str); 5] = [
    ('s', "select from {} limit 0"),
    ('i', "insert into {} ({column}) select null where false"),
    ('u', "update {} set {column} = null where false"),
    ('d', "delete from {} where false"),
    ('t', "truncate {} cascade"),
];

struct Table {
    schema: String,
    name: String,
    columns: Vec<String>,
}

/// The tables of the register, then those of the key store: here it is a schema.
async fn tables(pool: &PgPool) -> Vec<Table> {
    let tables = sqlx::query_as::<_, (String, String, Vec<String>)>(
        "select nspname::text, relname::text, array_agg(attname::text order by attnum) from pg_class c
         join pg_namespace n on n.oid = relnamespace join pg_attribute a on a.attrelid = c.oid
         where nspname in ('public', $1) and relkind in ('r', 'v', 'm', 'f', 'p') and attnum > 0 and not attisdropped and attidentity = ''
         group by 1, 2 order by 1, 2",
    );
    let tables = tables.bind(keys::SCHEMA).fetch_all(pool).await.unwrap();
    tables.into_iter().map(|(schema, name, columns)| Table { schema, name, columns }).collect()
}

/// What a role may do with a table: s(elect), i(nsert), u(pdate), d(elete), t(runcate); of a column is enough.
async fn rights(on: &mut PgConnection, table: &Table) -> String {
    let mut can = String::new();
    for (right, statement) in TRIES {
        for column in &table.columns {
            if tried(on, table, statement, column).await {
                can.push(right);
                break;
            }
        }
    }
    can
}

/// Whether a role has the right. Where a trigger of ours refuses, it has: the walls stand behind each other, and each is tried.
async fn tried(on: &mut PgConnection, table: &Table, statement: &str, column: &str) -> bool {
    let name = format!("{}.{}", table.schema, table.name);
    let statement = statement.replace("{}", &name).replace("{column}", column);
    let mut tx = on.begin().await.unwrap();
    let tried = perform(&mut tx, &statement).await;
    tx.rollback().await.unwrap();
    let by_trigger = matches!(&tried, Err(error) if error.to_string().contains("het logboek"));
    let refusal = refused_with(tried);
    let known = refusal.as_deref().is_none_or(|it| [FORBIDDEN, NO_TABLE].contains(&it));
    assert!(known, "{statement}: {refusal:?}");
    refusal.is_none() || by_trigger
}

/// Which rows a role is shown: nothing is said where it is all of them.
async fn rows(pool: &PgPool, role: &str, table: &Table) -> &'static str {
    let view = "select pg_get_viewdef(oid) from pg_class where relname = $1 and relkind = 'v' and 'security_barrier=true' = any(reloptions)";
    let view = sqlx::query_scalar::<_, String>(view).bind(&table.name).fetch_optional(pool).await;
    if let Some(view) = view.unwrap() {
        assert!(
            view.ends_with(
                "WHERE (fact.organisation = current_setting('meldboek.organisation'::text, true));"
            ),
            "{view}"
        );
        return "=organisation";
    }
    let policies = sqlx::query_scalar::<_, Vec<String>>(
        "select array_agg(coalesce(qual, 'true')) from pg_policies
         where schemaname = $1 and tablename = $2 and ('meldboek_' || $3)::name = any(roles)",
    );
    let policies = policies.bind(&table.schema).bind(&table.name).bind(role);
    let policies = policies.fetch_optional(pool).await.unwrap_or_default().unwrap_or_default();
    let setting = |it| format!("(organisation = current_setting('meldboek.{it}'::text, true))");
    match policies.as_slice() {
        [] => "",
        [all] if all == "true" => "",
        [own] if *own == setting("organisation") => "=organisation",
        [own] if *own == setting("log") => "=log",
        other => panic!("{} has policies for {role} that nobody thought of: {other:?}", table.name),
    }
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn each_role_may_do_what_its_work_asks_and_nothing_else(pool: PgPool) {
    key_store(&pool).await;
    let tables = tables(&pool).await;
    allow_any_statement(&pool).await;
    let mut found: Vec<String> =
        tables.iter().map(|it| format!("{:<9}{:<20}", database(it), it.name)).collect();
    for role in ROLES {
        let role_name = format!("meldboek_{role}");
        let options = (*pool.connect_options()).clone().options([("role", &role_name)]);
        let mut on = PgConnection::connect_with(&options).await.unwrap();
        for (table, line) in tables.iter().zip(&mut found) {
            let mut cell = rights(&mut on, table).await;
            cell.push_str(if cell.is_empty() { "-" } else { rows(&pool, role, table).await });
            write!(line, " {cell:<14}").unwrap();
        }
    }
    let expected: Vec<&str> = TABLE.lines().filter(|line| !line.starts_with('#')).collect();
    let found: Vec<&str> = found.iter().map(|line| line.trim_end()).collect();
    assert!(found == expected, "grants.txt is to say:\n{}\n", found.join("\n"));
}

fn database(table: &Table) -> &'static str {
    if table.schema == keys::SCHEMA { "sleutels" } else { "register" }
}

/// The server never works as owner, and none of its roles can take another.
#[sqlx::test(migrator = "store::MIGRATOR")]
async fn no_role_of_the_server_logs_in_or_becomes_another(pool: PgPool) {
    key_store(&pool).await;
    allow_any_statement(&pool).await;
    let wrong = sqlx::query_scalar::<_, i64>(
        "select count(*) from pg_roles r where rolname like 'meldboek\\_%' and (rolcanlogin or rolsuper or rolcreaterole
             or rolcreatedb or rolbypassrls or exists (select from pg_auth_members m where m.member = r.oid))",
    );
    assert_eq!(wrong.fetch_one(&pool).await.unwrap(), 0);
    let all = ROLES.map(|it| format!("meldboek_{it}"));
    for role in &all {
        let mut connection = PgConnection::connect_with(&pool.connect_options()).await.unwrap();
        perform(&mut connection, &format!("set session authorization {role}")).await.unwrap();
        let others = all.iter().map(String::as_str).chain(["meldboek_owner", "postgres"]);
        for other in others.filter(|it| it != role) {
            let refusal =
                refused_with(perform(&mut connection, &format!("set role {other}")).await);
            assert_eq!(refusal.as_deref(), Some(FORBIDDEN), "{role} becomes {other}");
        }
        let create = refused_with(perform(&mut connection, "create table here ()").await);
        assert_eq!(create.as_deref(), Some(FORBIDDEN), "{role} makes a table");
    }
}
