//! Races: of all who decide on the same version of a stream, exactly one is recorded.

use super::given::{ByHand, CALL, Open, append_by_hand, drenthe, id, number, open, stamp};
use domain::advice::{Advice, Command, Content};
use domain::codes::Code;
use domain::id::Id;
use domain::moment::Moment;
use futures_util::future::join_all;
use sqlx::{Connection, PgConnection, PgPool};
use store::ExecuteError;

const ROUNDS: u128 = 1000;
/// Versions per stream: a race on version 7 is another race than one on version 0.
const DEEP: u128 = 20;

/// Two in most rounds, and up to 32.
fn racers(round: u128) -> u128 {
    [2, 3, 2, 5, 2, 3, 8, 2, 4, 2][(round % 10) as usize] + [0, 24][usize::from(round % 50 == 6)]
}

fn command(round: u128) -> Command {
    let on = Moment::on("2026-03-02".parse().unwrap());
    if round.is_multiple_of(DEEP) {
        return Command::Start(Content {
            started: on,
            channel: Code::of("chat"),
            contact: None,
            hoedanigheid: Code::of("buurtbewoner"),
            organisation: None,
            municipality: Code::of("0106"),
            forms: vec![Code::of("kindermishandeling")],
            natures: vec![],
            duration: None,
        });
    }
    Command::AddContact { on, channel: Code::of("chat"), contact: None }
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn of_all_who_decide_on_the_same_version_exactly_one_wins(pool: PgPool) {
    // Four processes, each with a writer of its own: what they share is the database.
    let stores = [open(&pool).await, open(&pool).await, open(&pool).await, open(&pool).await];
    let mut started = 0;
    for round in 0..ROUNDS {
        let racers = racers(round);
        let winners = one_race(&stores, round, racers).await;
        assert_eq!(winners, 1, "round {round} with {racers} racers");
        started += racers;
    }
    let stored = number(&pool, "select count(*) from event").await;
    assert_eq!(stored, i64::try_from(ROUNDS).unwrap());
    println!("{ROUNDS} races, {started} racers, {stored} winners");
}

async fn one_race(stores: &[Open], round: u128, racers: u128) -> usize {
    let stream = Id::<Advice>::new(id(round / DEEP));
    let seen = i32::try_from(round % DEEP).unwrap();
    let run = (0..racers).map(|racer| async move {
        let store = &stores[(racer % 4) as usize];
        let stamp = stamp(drenthe(), 1_000_000 + round * 100 + racer);
        match store.execute(stream, command(round), vec![], &stamp, Some(seen)).await {
            Ok(receipt) => {
                assert_eq!((receipt.version, receipt.repeated), (seen + 1, false));
                true
            }
            Err(ExecuteError::Overtaken) => false,
            Err(error) => panic!("round {round}: {error}"),
        }
    });
    join_all(run).await.into_iter().filter(|won| *won).count()
}

/// The same race on the function itself, over a connection each: no process orders them before they come.
#[sqlx::test(migrator = "store::MIGRATOR")]
async fn the_database_alone_lets_exactly_one_win(pool: PgPool) {
    let mut connections = Vec::new();
    for _ in 0..32 {
        connections.push(PgConnection::connect_with(&pool.connect_options()).await.unwrap());
    }
    for round in 0..60_u128 {
        let runners = [2, 8, 32][(round % 3) as usize];
        let run = (1..).zip(&mut connections[..runners]).map(|(racer, connection)| async move {
            let command = round * 100 + racer;
            let it =
                ByHand { command, stream: 1, expected: round as i32, bodies: &[CALL], content: 0 };
            append_by_hand(connection, drenthe(), &it).await.unwrap()
        });
        let answers = join_all(run).await;
        let won = answers.iter().filter(|it| it.outcome == "recorded").count();
        let lost = answers.iter().filter(|it| it.outcome == "overtaken").count();
        assert_eq!((won, lost), (1, runners - 1), "round {round}");
    }
}
