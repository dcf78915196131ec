//! Whoever leaves, leaves nothing behind: a write that is dropped halfway holds no transaction open, and can be asked for again.

use super::given::{content, day, drenthe, id, named, number, open, stamp};
use domain::id::Id;
use domain::melding::{Command, Melding};
use sqlx::PgPool;
use std::future::poll_fn;
use std::pin::pin;
use std::task::Poll;
use std::time::Duration;
use store::projections::worklist::Filter;

const LEFT_OPEN: &str = "select count(*) from pg_stat_activity where datname = current_database() and state like 'idle in transaction%'";

/// Goes on with something for a number of polls, then drops it. `None` when it was dropped.
pub(super) async fn polled_at_most<F: Future>(times: usize, work: F) -> Option<F::Output> {
    let mut work = pin!(work);
    let mut polls = 0;
    poll_fn(|cx| {
        if polls == times {
            return Poll::Ready(None);
        }
        polls += 1;
        work.as_mut().poll(cx).map(Some)
    })
    .await
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn a_write_that_is_dropped_at_any_await_stores_once_when_asked_again(pool: PgPool) {
    let mut dropped = 0;
    for times in 0.. {
        // A new store each time: the first write opens connections, which is where most awaits are.
        let store = open(&pool).await;
        let number = times as u128 + 1;
        let write = || {
            let command = Command::Receive(content(day("2026-03-02"), number, 900));
            let name = vec![named(number, "Testpersoon Een")];
            let stamp = stamp(drenthe(), number);
            let store = store.0.clone();
            async move {
                let stream = Id::<Melding>::new(id(number));
                let receipt = store.execute(stream, command, name, &stamp, None).await.unwrap();
                store.shown(&receipt).await;
                receipt
            }
        };
        let answered = polled_at_most(times, write()).await;
        dropped += usize::from(answered.is_none());
        nothing_is_left_open(&pool, times).await;
        let again = write().await;
        assert_eq!(again.version, 1, "dropped after {times} polls");
        let page = store.worklist(drenthe(), &Filter { limit: 1, ..Filter::default() }).await;
        assert_eq!(page.unwrap().count(), i64::try_from(times).unwrap() + 1);
        if answered.is_some() {
            break;
        }
    }
    println!("dropped at {dropped} awaits");
    // Reading the history, waiting for the writer, waiting for the effect: how often each is polled is up to the runtime.
    assert!(dropped > 1, "dropped only {dropped} times: nothing was tried");
    let twice = number(&pool, "select count(*) - count(distinct command_id) from event").await;
    assert_eq!(twice, 0);
}

/// The session may still be at work on what was sent; it may not sit waiting in a transaction.
async fn nothing_is_left_open(pool: &PgPool, times: usize) {
    for attempt in 0.. {
        if number(pool, LEFT_OPEN).await == 0 {
            return;
        }
        assert!(attempt < 50, "after {times} polls a session sits in a transaction");
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}

/// Reading as well: lists, figures and files are dropped by a caller who leaves.
#[sqlx::test(migrator = "store::MIGRATOR")]
async fn a_question_that_is_dropped_at_any_await_leaves_nothing_open(pool: PgPool) {
    let store = open(&pool).await;
    let command = Command::Receive(content(day("2026-03-02"), 2, 900));
    let stream = Id::<Melding>::new(id(1));
    let name = vec![named(2, "Testpersoon Een")];
    store.execute(stream, command, name, &stamp(drenthe(), 1), None).await.unwrap();
    store.catch_up(drenthe()).await.unwrap();
    for times in 0.. {
        let ask = async {
            let all = Filter { limit: 10, ..Filter::default() };
            let page = store.worklist(drenthe(), &all).await.unwrap();
            let now = super::given::at("2100-01-01T00:00:00Z");
            let counted = store.counted(None, 201_501, 210_001, now).await.unwrap();
            let file = store.open_file(drenthe(), stream, None).await.unwrap();
            (page.count(), counted.is_empty(), file.is_some())
        };
        let answered = polled_at_most(times, ask).await;
        nothing_is_left_open(&pool, times).await;
        if let Some(answer) = answered {
            assert_eq!(answer, (1, false, true));
            break;
        }
    }
}
