//! Going round the store: by hand, as whoever there is, the log cannot be written in, changed or emptied.

use super::given::{
    ByHand, CALL, allow_any_statement, append_by_hand, content, day, drenthe, id, named, number,
    open, perform, receive_call, refused_with, stamp,
};
use domain::id::Id;
use domain::melding::{Command, Melding};
use sqlx::{Connection, PgConnection, PgPool};

/// What PostgreSQL says when somebody may not; our triggers say the same.
const FORBIDDEN: &str = "42501";
const WRONG_ISOLATION: &str = "25000";
const ROLES: [&str; 6] = [
    "postgres",
    "meldboek_owner",
    "meldboek_append",
    "meldboek_read",
    "meldboek_report",
    "meldboek_privacy",
];

/// By hand, every way in that SQL has.
const INSERT_EVENT: &str = "insert into event select organisation, position + 100, stream, stream_id, version + 100, schema, body,
    recorded_at, recorded_by, command_id, command_mac, sealed, chain from event where position = 1";
const COPY_PARTICULAR: &str = "insert into particular select organisation, position, 99::smallint, subject, part, sealed from particular";
const CHANGES: [&str; 11] = [
    INSERT_EVENT,
    COPY_PARTICULAR,
    "update event set body = '{}' where position = 1",
    "update event set position = position where false",
    "delete from event where position = 2",
    "delete from event",
    "truncate event cascade",
    "update particular set sealed = 'x'",
    "truncate particular",
    "insert into event (organisation, position) values ('VT02', 100)
         on conflict (organisation, position) do update set body = '{}'",
    "with gone as (delete from event returning 1) select count(*) from gone",
];

/// A log of two events, of which the second has particulars.
async fn a_log(pool: &PgPool) {
    allow_any_statement(pool).await;
    let store = open(pool).await;
    receive_call(&store, drenthe(), 1).await.unwrap();
    let command = Command::Receive(content(day("2026-03-02"), 10, 11));
    let name = vec![named(10, "Testpersoon Een")];
    let stream = Id::<Melding>::new(id(2));
    store.execute(stream, command, name, &stamp(drenthe(), 2), None).await.unwrap();
}

async fn connected_as(pool: &PgPool, role: &str) -> PgConnection {
    let options = (*pool.connect_options()).clone().options([("role", role)]);
    PgConnection::connect_with(&options).await.unwrap()
}

const CONTENT: &str =
    "select hashtextextended(string_agg(e::text, ' ' order by position), 0) from event e";

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn nobody_changes_the_log_by_hand(pool: PgPool) {
    a_log(&pool).await;
    let before = number(&pool, CONTENT).await;
    for role in ROLES {
        let mut connection = connected_as(&pool, role).await;
        for change in CHANGES {
            let refusal = refused_with(perform(&mut connection, change).await);
            assert_eq!(refusal.as_deref(), Some(FORBIDDEN), "{role}: {change}");
        }
    }
    assert_eq!(number(&pool, CONTENT).await, before);
    assert_eq!(number(&pool, "select count(*) from particular").await, 1);
}

/// The mark that lets `append()` in is gone when `append()` ends, also for the rest of its transaction.
#[sqlx::test(migrator = "store::MIGRATOR")]
async fn a_transaction_that_appended_cannot_go_on_by_hand(pool: PgPool) {
    a_log(&pool).await;
    for role in ["postgres", "meldboek_owner"] {
        let mut connection = connected_as(&pool, role).await;
        let mut tx = connection.begin().await.unwrap();
        let it = ByHand { command: 50, stream: 50, expected: 0, bodies: &[CALL], content: 0 };
        append_by_hand(&mut *tx, drenthe(), &it).await.unwrap();
        let refusal = refused_with(perform(&mut tx, INSERT_EVENT).await);
        assert_eq!(refusal.as_deref(), Some(FORBIDDEN), "{role}");
    }
}

/// Whoever forges that mark, as only the owner could use it, writes a row that is no link of the chain.
#[sqlx::test(migrator = "store::MIGRATOR")]
async fn a_row_that_came_in_by_a_forged_mark_is_found(pool: PgPool) {
    a_log(&pool).await;
    let mut connection = connected_as(&pool, "meldboek_owner").await;
    let mut tx = connection.begin().await.unwrap();
    let forge = "set local meldboek.appending = 'yes'";
    perform(&mut tx, forge).await.unwrap();
    let next = INSERT_EVENT.replace("position + 100", "3");
    perform(&mut tx, &next).await.unwrap();
    tx.commit().await.unwrap();
    let verdicts = open(&pool).await.verify(None, &[], |_| {}).await.unwrap();
    assert_eq!(verdicts[0].breaks.first().map(|it| it.position), Some(3));
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn appending_under_another_isolation_level_is_refused(pool: PgPool) {
    let mut connection = PgConnection::connect_with(&pool.connect_options()).await.unwrap();
    let levels = ["begin isolation level serializable", "begin isolation level repeatable read"];
    for (nth, level) in (1..).zip(levels) {
        sqlx::query(level).execute(&mut connection).await.unwrap();
        let it = ByHand { command: nth, stream: nth, expected: 0, bodies: &[CALL], content: 0 };
        let refusal = refused_with(append_by_hand(&mut connection, drenthe(), &it).await);
        assert_eq!(refusal.as_deref(), Some(WRONG_ISOLATION), "{level}");
        sqlx::query("rollback").execute(&mut connection).await.unwrap();
    }
    assert_eq!(number(&pool, "select count(*) from event").await, 0);
}

/// A database whose default is another level is no reason to stop: the store says what it needs.
#[sqlx::test(migrator = "store::MIGRATOR")]
async fn the_store_appends_whatever_the_database_prefers(pool: PgPool) {
    allow_any_statement(&pool).await;
    let mut connection = PgConnection::connect_with(&pool.connect_options()).await.unwrap();
    let prefer = "do $$ begin execute format('alter database %I set default_transaction_isolation = ''serializable''',
        current_database()); end $$";
    perform(&mut connection, prefer).await.unwrap();
    let store = open(&pool).await;
    receive_call(&store, drenthe(), 1).await.unwrap();
    assert_eq!(store.catch_up(drenthe()).await.unwrap(), 1);
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn only_who_appends_may_call_the_append(pool: PgPool) {
    for role in ROLES {
        let mut connection = connected_as(&pool, role).await;
        let mut tx = connection.begin().await.unwrap();
        let it = ByHand { command: 1, stream: 1, expected: 0, bodies: &[CALL], content: 0 };
        let refusal = refused_with(append_by_hand(&mut *tx, drenthe(), &it).await);
        let may = matches!(role, "postgres" | "meldboek_owner" | "meldboek_append");
        assert_eq!(refusal.as_deref(), if may { None } else { Some(FORBIDDEN) }, "{role}");
        tx.rollback().await.unwrap();
    }
}

/// A recorded moment is the clock's of the database; whoever appends cannot choose it.
#[sqlx::test(migrator = "store::MIGRATOR")]
async fn only_the_owner_may_say_when_something_was_recorded(pool: PgPool) {
    allow_any_statement(&pool).await;
    let statement = "select from append('VT02', 1::smallint, array[now()], '{}', '{}', '{}', '{}', '{}', '{}', '{}', '{}',
        '{}', '{}', '{}', '{}', '{}', '{}', '{}', '{}', '{}', '{}', '{}', '{}', '{}', '{}')";
    for role in ROLES {
        let mut connection = connected_as(&pool, role).await;
        let refusal = refused_with(perform(&mut connection, statement).await);
        let may = role == "meldboek_owner";
        assert_eq!(refusal.as_deref(), if may { None } else { Some(FORBIDDEN) }, "{role}");
    }
}
