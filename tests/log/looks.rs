//! An organisation has two logs: what is looked at stands in a log of its own, with its own positions and its own chain.

use super::given::{allow_any_statement, drenthe, id, number, open, perform, receive_call, stamp};
use domain::id::{Id, Log};
use domain::look::{self, Look};
use futures_util::future::join_all;
use sqlx::{Connection, PgConnection, PgPool};
use store::verify::What;
use store::{Receipt, Store};

pub(super) async fn look(store: &Store, number: u128) -> Receipt {
    let command = look::Command::Record(Box::new(look::Looked::example(vec![id(10)])));
    let stamp = stamp(drenthe(), number);
    store.execute(Id::<Look>::new(id(number)), command, vec![], &stamp, None).await.unwrap()
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn looks_do_not_stand_between_what_was_recorded(pool: PgPool) {
    let store = open(&pool).await;
    let mut positions = vec![];
    for number in 0..3 {
        let recorded = receive_call(&store, drenthe(), 100 + number).await.unwrap();
        let looked = look(&store, 200 + number).await;
        positions.push((recorded.position, looked.position));
        assert_eq!((recorded.log, looked.log), (drenthe().into(), Log::looks(drenthe())));
    }
    assert_eq!(positions, [(1, 1), (2, 2), (3, 3)]);
    let again = look(&store, 200).await;
    assert_eq!((again.position, again.repeated), (1, true));
    assert_eq!(store.organisations().await.unwrap(), [drenthe()]);
    store.settle(drenthe()).await.unwrap();
    assert_eq!(store.shown_positions(), [(drenthe(), 3)]);
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn both_logs_are_verified_and_a_look_that_was_changed_is_named(pool: PgPool) {
    allow_any_statement(&pool).await;
    let store = open(&pool).await;
    receive_call(&store, drenthe(), 100).await.unwrap();
    for number in 200..203 {
        look(&store, number).await;
    }
    let verdicts = store.verify(Some(drenthe()), &[], |_| {}).await.unwrap();
    let found: Vec<_> = verdicts.iter().map(|it| (it.log, it.events, it.breaks.len())).collect();
    assert_eq!(found, [(drenthe().into(), 1, 0), (Log::looks(drenthe()), 3, 0)]);

    let mut forger = PgConnection::connect_with(&pool.connect_options()).await.unwrap();
    perform(&mut forger, "set session_replication_role = replica").await.unwrap();
    let forge = "update event set recorded_by = stream_id where organisation like '%/inzage' and position = 2";
    perform(&mut forger, forge).await.unwrap();
    let kept = [verdicts[1].head];
    let after = store.verify(None, &kept, |_| {}).await.unwrap();
    assert_eq!(after[0].breaks, []);
    let named: Vec<_> = after[1].breaks.iter().map(|it| (it.position, &it.what)).collect();
    assert_eq!(named, [(2, &What::Changed)]);
    perform(&mut forger, "delete from event where organisation like '%/inzage' and position = 3")
        .await
        .unwrap();
    let cut = store.verify(None, &kept, |_| {}).await.unwrap();
    assert_eq!(cut[1].breaks.last().map(|it| &it.what), Some(&What::Cut { end: 2 }));
}

/// None of them is answered before the disk has it, and the disk is asked once.
#[sqlx::test(migrator = "store::MIGRATOR")]
async fn thirty_two_who_look_at_once_share_one_flush(pool: PgPool) {
    let store = open(&pool).await;
    join_all((1..=32).map(|number| look(&store, number))).await;
    let transactions = "select count(distinct xmin::text) from event where stream = 'look'";
    assert_eq!(number(&pool, transactions).await, 1);
    assert_eq!(number(&pool, "select count(*) from event where stream = 'look'").await, 32);
}
