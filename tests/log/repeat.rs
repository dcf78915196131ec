//! Nothing acknowledged is lost, nothing happens twice: the defects that others had, each by its name.

use super::given::{
    Answer, ByHand, CALL, append_by_hand, call, content, day, drenthe, id, named, number, open,
    receive_call, stamp,
};
use domain::codes::Code;
use domain::contact::{self, Contact};
use domain::id::Id;
use domain::melding::{Command, Melding};
use futures_util::future::join_all;
use sqlx::PgPool;
use store::ExecuteError;

const STORED: &str = "select count(*) from event";

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn twenty_parallel_appends_on_different_streams_are_all_acknowledged(pool: PgPool) {
    let store = open(&pool).await;
    let all = join_all((1..=20).map(|number| receive_call(&store, drenthe(), number))).await;
    let mut positions: Vec<i64> = all.into_iter().map(|it| it.unwrap().position).collect();
    positions.sort_unstable();
    assert_eq!(positions, (1..=20).collect::<Vec<i64>>());
    assert_eq!(number(&pool, STORED).await, 20);
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn a_command_without_events_takes_no_position(pool: PgPool) {
    let nothing = ByHand { command: 1, stream: 1, expected: 0, bodies: &[], content: 0 };
    let answer = append_by_hand(&pool, drenthe(), &nothing).await;
    assert!(matches!(answer, Err(sqlx::Error::RowNotFound)), "{answer:?}");
    let something =
        ByHand { command: 2, stream: 1, expected: 0, bodies: &[CALL, CALL], content: 0 };
    let answer = append_by_hand(&pool, drenthe(), &something).await.unwrap();
    let recorded = Answer { outcome: "recorded".to_owned(), position: Some(2), version: 2 };
    assert_eq!(answer, recorded);
    assert_eq!(number(&pool, STORED).await, 2);
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn the_same_command_again_gets_the_first_receipt(pool: PgPool) {
    let store = open(&pool).await;
    let first = receive_call(&store, drenthe(), 1).await.unwrap();
    receive_call(&store, drenthe(), 2).await.unwrap();
    let again = receive_call(&store, drenthe(), 1).await.unwrap();
    assert!(again.repeated && !first.repeated);
    assert_eq!((again.position, again.version), (first.position, first.version));
    assert_eq!((again.chain, again.recorded_at), (first.chain, first.recorded_at));
    assert_eq!(number(&pool, STORED).await, 2);
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn the_same_number_for_something_else_is_refused(pool: PgPool) {
    let store = open(&pool).await;
    let (stream, stamp) = (Id::<Melding>::new(id(1)), stamp(drenthe(), 1));
    let tell = |victim| Command::Receive(content(day("2026-03-02"), victim, 3));
    let with = |name| vec![named(2, name)];
    store.execute(stream, tell(2), with("Testpersoon Een"), &stamp, None).await.unwrap();
    // Another command, other particulars, another stream, another kind of stream.
    let other = store.execute(stream, tell(4), with("Testpersoon Een"), &stamp, None).await;
    assert!(matches!(other, Err(ExecuteError::Reused)), "{other:?}");
    let other = store.execute(stream, tell(2), with("Testpersoon Twee"), &stamp, None).await;
    assert!(matches!(other, Err(ExecuteError::Reused)), "{other:?}");
    let elsewhere = Id::<Melding>::new(id(9));
    let other = store.execute(elsewhere, tell(2), with("Testpersoon Een"), &stamp, None).await;
    assert!(matches!(other, Err(ExecuteError::Reused)), "{other:?}");
    let other = store.execute(Id::<Contact>::new(id(1)), call(), vec![], &stamp, None).await;
    assert!(matches!(other, Err(ExecuteError::Reused)), "{other:?}");
    let same = store.execute(stream, tell(2), with("Testpersoon Een"), &stamp, None).await;
    assert!(same.unwrap().repeated);
    assert_eq!(number(&pool, STORED).await, 1);
}

/// The function itself knows, whoever calls it: another process, or another version of the server.
#[sqlx::test(migrator = "store::MIGRATOR")]
async fn the_database_itself_recognises_a_number(pool: PgPool) {
    let first = ByHand { command: 1, stream: 1, expected: 0, bodies: &[CALL, CALL], content: 1 };
    append_by_hand(&pool, drenthe(), &first).await.unwrap();
    let next = ByHand { command: 2, stream: 1, expected: 2, bodies: &[CALL], content: 1 };
    append_by_hand(&pool, drenthe(), &next).await.unwrap();
    // On the version it was decided on, on the present one, and on another stream.
    for (stream, expected) in [(1, 0), (1, 3), (9, 0)] {
        for (content, outcome) in [(1, "repeated"), (2, "reused")] {
            let again = ByHand { command: 1, stream, expected, bodies: &[CALL], content };
            let answer = append_by_hand(&pool, drenthe(), &again).await.unwrap();
            let known = Answer { outcome: outcome.to_owned(), position: Some(2), version: 2 };
            assert_eq!(answer, known, "stream {stream} at {expected}");
        }
    }
    assert_eq!(number(&pool, STORED).await, 3);
}

/// A caller who hears nothing calls again, also while the first call is still under way.
#[sqlx::test(migrator = "store::MIGRATOR")]
async fn the_same_command_at_the_same_moment_gets_the_same_receipt(pool: PgPool) {
    let stores = [open(&pool).await, open(&pool).await];
    for round in 1..=60_u128 {
        let calls = (0..8).map(|caller| receive_call(&stores[caller % 2], drenthe(), round));
        let mut first = 0;
        for receipt in join_all(calls).await {
            let receipt = receipt.unwrap();
            assert_eq!(receipt.position, i64::try_from(round).unwrap());
            first += usize::from(!receipt.repeated);
        }
        assert_eq!(first, 1, "round {round}");
    }
}

/// … also when the caller says on which version he decided, which by now is an older one.
#[sqlx::test(migrator = "store::MIGRATOR")]
async fn a_repeated_command_on_a_version_that_it_made_old_is_answered(pool: PgPool) {
    let stores = [open(&pool).await, open(&pool).await];
    for round in 1..=40_u128 {
        let calls = (0..6).map(|caller| {
            let store = &stores[caller % 2];
            let stamp = stamp(drenthe(), round);
            async move {
                let stream = Id::<Contact>::new(id(round));
                store.execute(stream, call(), vec![], &stamp, Some(0)).await
            }
        });
        for receipt in join_all(calls).await {
            assert_eq!(receipt.unwrap().position, i64::try_from(round).unwrap());
        }
    }
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn a_version_that_is_too_high_is_refused_like_one_that_is_too_low(pool: PgPool) {
    let store = open(&pool).await;
    receive_call(&store, drenthe(), 1).await.unwrap();
    for expected in [-1, 0, 2, 3, i32::MAX] {
        let it = ByHand { command: 2, stream: 1, expected, bodies: &[CALL], content: 0 };
        let answer = append_by_hand(&pool, drenthe(), &it).await.unwrap();
        assert_eq!((answer.outcome.as_str(), answer.version), ("overtaken", 1), "{expected}");
        let conclude = contact::Command::Conclude { outcome: Code::of("anders"), led_to: None };
        let stream = Id::<Contact>::new(id(1));
        let refused =
            store.execute(stream, conclude, vec![], &stamp(drenthe(), 3), Some(expected)).await;
        assert!(matches!(refused, Err(ExecuteError::Overtaken)), "{expected}: {refused:?}");
    }
    assert_eq!(number(&pool, STORED).await, 1);
}

/// One command that the database cannot take may not spoil those that came with it.
#[sqlx::test(migrator = "store::MIGRATOR")]
async fn one_bad_command_does_not_take_the_others_with_it(pool: PgPool) {
    let store = open(&pool).await;
    sqlx::raw_sql(
        "create function refuse_one() returns trigger language plpgsql as $$ begin
             if new.stream_id = '00000000-0000-0000-0000-000000000005' then raise exception 'not this one'; end if;
             return new; end $$;
         create trigger event_refuses_one before insert on event for each row execute function refuse_one();",
    )
    .execute(&pool)
    .await
    .unwrap();
    let all = join_all((1..=10).map(|number| receive_call(&store, drenthe(), number))).await;
    let refused: Vec<usize> =
        all.iter().enumerate().filter(|(_, it)| it.is_err()).map(|(nth, _)| nth + 1).collect();
    assert_eq!(refused, [5]);
    assert_eq!(number(&pool, STORED).await, 9);
}

/// Persons who are told of for the first time by several people at once: each reads what the other wrote.
#[sqlx::test(migrator = "store::MIGRATOR")]
async fn a_person_first_named_in_several_meldingen_at_once_has_one_key(pool: PgPool) {
    let stores = [open(&pool).await, open(&pool).await];
    for round in 0..20_u128 {
        let tell = (0..6_u128).map(|caller| {
            let store = stores[(caller % 2) as usize].0.clone();
            async move {
                let number = 1000 + round * 10 + caller;
                let command = Command::Receive(content(day("2026-03-02"), round, 900));
                let name = vec![named(round, "Testpersoon Een")];
                let stream = Id::<Melding>::new(id(number));
                store
                    .execute(stream, command, name, &stamp(drenthe(), number), None)
                    .await
                    .unwrap();
                stream
            }
        });
        for stream in join_all(tell).await {
            let file = stores[0].open_file(drenthe(), stream, None).await.unwrap().unwrap();
            let name = file.particulars[0].content.readable().unwrap()["naam"].as_str();
            assert_eq!(name, Some("Testpersoon Een"));
        }
    }
    assert_eq!(number(&pool, "select count(*) from data_key").await, 20);
}
