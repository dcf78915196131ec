//! Commands in a row, each decided on the one before it: an import sends them many at a time, and may send them again.

use super::given::{Open, call, drenthe, id, number, open, receive_call, stamp};
use domain::codes::Code;
use domain::contact::{self, Contact};
use domain::id::Id;
use sqlx::PgPool;
use store::log::{Outcome, OutcomeKind};
use store::{Failed, Known, Prepared};

const STORED: &str = "select count(*) from event";

/// A call comes in and, when there is a second number, is concluded.
fn row(stream: u128, numbers: &[u128]) -> Vec<Prepared> {
    let mut known = Known::<Contact>::default();
    let conclude = contact::Command::Conclude { outcome: Code::of("anders"), led_to: None };
    let commands = [call(), conclude].into_iter().zip(numbers);
    let decided = commands.map(|(command, number)| {
        let stamp = stamp(drenthe(), *number);
        Prepared::decide(Id::new(id(stream)), &mut known, command, vec![], &stamp).unwrap()
    });
    decided.collect()
}

async fn send(store: &Open, row: Vec<Prepared>) -> Result<Vec<Outcome>, Failed> {
    store.append(drenthe(), row).await
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn a_row_that_is_sent_again_goes_on_where_it_ended(pool: PgPool) {
    use OutcomeKind::{Recorded, Repeated};
    let store = open(&pool).await;
    let kinds = |outcomes: &[Outcome]| outcomes.iter().map(|it| it.kind).collect::<Vec<_>>();
    let first = send(&store, row(1, &[1])).await.unwrap();
    let again = send(&store, row(1, &[1, 2])).await.unwrap();
    assert_eq!(kinds(&again), [Repeated, Recorded]);
    assert_eq!(again[0].position, first[0].position);
    assert_eq!(again.iter().map(|it| it.version).collect::<Vec<_>>(), [1, 2]);
    assert_eq!(number(&pool, STORED).await, 2);
}

/// What was decided on an event that is not there is not recorded, and neither is what came before it in the same call.
#[sqlx::test(migrator = "store::MIGRATOR")]
async fn of_a_row_whose_beginning_is_refused_nothing_is_recorded(pool: PgPool) {
    let store = open(&pool).await;
    receive_call(&store, drenthe(), 7).await.unwrap();
    // Number 7 was for something else; stream 7 is further than the row thinks.
    for (stream, numbers) in [(1, [7, 8]), (7, [9, 10])] {
        let mut mixed = row(2, &[20]);
        mixed.extend(row(stream, &numbers));
        let refused = send(&store, mixed).await;
        assert!(refused.is_err(), "{stream}: {refused:?}");
        assert_eq!(number(&pool, STORED).await, 1, "{stream}");
    }
}
