//! The database was away and is back: a restart, a failover, an administrator who ended all sessions. Whoever asks next gets an answer
//! and not the error that was meant for an old connection.

use super::given::{at, drenthe, open, receive_call};
use sqlx::PgPool;
use std::time::Duration;
use store::projections::worklist::Filter;

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn after_all_sessions_were_ended_everything_is_answered_at_once(pool: PgPool) {
    let store = open(&pool).await;
    for round in 1..=5_u128 {
        let receipt = receive_call(&store, drenthe(), round).await.unwrap();
        store.shown(&receipt).await;
        let page = store.worklist(drenthe(), &Filter { limit: 1, ..Filter::default() }).await;
        assert_eq!(page.unwrap().count(), 0, "round {round}");
        let now = at("2100-01-01T00:00:00Z");
        let counted = store.counted(None, 201_501, 210_001, now).await.unwrap();
        assert!(!counted.is_empty(), "round {round}");
        let ended = sqlx::query_scalar::<_, bool>(
            "select pg_terminate_backend(pid) from pg_stat_activity
             where datname = current_database() and application_name = 'meldboek'",
        );
        let ended = ended.fetch_all(&pool).await.unwrap().len();
        assert!(ended > 2, "only {ended} sessions were there to end");
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}
