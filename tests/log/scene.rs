//! A small log with every kind of row, and somebody who may do everything to it: triggers and foreign keys do not hold for him.

use super::given::{
    Open, allow_any_statement, call, content, day, drenthe, id, named, number, open, perform, stamp,
};
use domain::case::{self, Case};
use domain::codes::Code;
use domain::decider::Decider;
use domain::id::Id;
use domain::melding::{self, Melding};
use domain::particulars::Particular;
use domain::{contact, person};
use sqlx::{Connection, PgConnection, PgPool};
use store::verify::{Break, Head};

/// The tables of the log.
pub(super) const TABLES: [&str; 8] = [
    "event",
    "particular",
    "data_key",
    "forgotten",
    "destroyed_part",
    "tree_node",
    "tree_head",
    "cosignature",
];

pub(super) struct Scene {
    pub(super) store: Open,
    pub(super) last: i64,
    /// The head of the whole log, as somebody outside kept it.
    pub(super) head: Head,
    pub(super) forger: PgConnection,
}

impl Scene {
    pub(super) async fn set(pool: &PgPool) -> Self {
        allow_any_statement(pool).await;
        let store = open(pool).await;
        tell(&store).await;
        let last = number(pool, "select max(position) from event").await;
        let (position, chain) = store::log::head(pool, drenthe()).await.unwrap();
        let head = Head { log: drenthe().into(), position, chain };
        let mut forger = PgConnection::connect_with(&pool.connect_options()).await.unwrap();
        perform(&mut forger, "set session_replication_role = replica").await.unwrap();
        let mut scene = Self { store, last, head, forger };
        scene.remember().await;
        scene
    }

    /// What `undo` goes back to.
    pub(super) async fn remember(&mut self) {
        for table in TABLES {
            self.change(&format!("drop table if exists {table}_before")).await;
            self.change(&format!("create table {table}_before as table {table}")).await;
        }
    }

    pub(super) async fn change(&mut self, statement: &str) {
        let done = perform(&mut self.forger, statement).await;
        assert!(done.is_ok(), "{statement}: {done:?}");
    }

    /// Moves all rows from a position on, with their particulars; by way of far away, where they meet no other.
    pub(super) async fn shift(&mut self, from: i64, by: i64) {
        for table in ["event", "particular"] {
            let away = format!(
                "update {table} set position = position + 1000 where position >= {from} and organisation = 'VT02'"
            );
            self.change(&away).await;
            let back = format!(
                "update {table} set position = position - 1000 + {by} where position > 999 and organisation = 'VT02'"
            );
            self.change(&back).await;
        }
    }

    pub(super) async fn undo(&mut self) {
        for table in TABLES {
            self.change(&format!("delete from {table}")).await;
            self.change(&format!("insert into {table} table {table}_before")).await;
        }
    }

    /// All breaks in order of position: first those of the log itself, then whatever appeared under another organisation.
    pub(super) async fn breaks(&self, kept: &[Head]) -> Vec<Break> {
        let verdicts = self.store.verify(None, kept, |_| {}).await.unwrap();
        let breaks = verdicts.into_iter().flat_map(|verdict| {
            let elsewhere = verdict.log != drenthe().into();
            verdict.breaks.into_iter().map(move |it| (elsewhere, it))
        });
        let mut breaks: Vec<(bool, Break)> = breaks.collect();
        breaks.sort_by_key(|(elsewhere, it)| (*elsewhere, place(it)));
        breaks.into_iter().map(|(_, it)| it).collect()
    }
}

/// The position that a break points to: of what is gone, the first position that is missing.
pub(super) fn place(it: &Break) -> i64 {
    it.place()
}

/// A melding that joins a casus, before anything was decided on it.
pub(super) fn joins(melding: u128, received_on: chrono::NaiveDate) -> case::meldingen::Known {
    case::meldingen::Known {
        melding: id(melding),
        received_on,
        municipality: Code::of("0106"),
        decision: None,
        withdrawn: false,
    }
}

/// Twelve events of four streams, some with particulars of one person, some of two, most with none.
async fn tell(store: &Open) {
    use melding::Command::{Assess, Correct, Receive};
    let on = day("2026-03-05");
    let received = |victim| Receive(content(day("2026-03-02"), victim, 11));
    let (one, two) = (named(10, "Testpersoon Een"), named(11, "Testpersoon Twee"));
    let changes =
        melding::Changes { municipality: Some(Code::of("0114")), ..melding::Changes::default() };
    let correct = Correct { reason: Code::of("nieuwe-informatie"), changes };
    let assess = Assess { on, follow_up: Code::of("overdracht"), unsafety: vec![] };
    let conclude = contact::Command::Conclude { outcome: Code::of("melding"), led_to: None };
    let open = case::Command::Open { on, meldingen: vec![joins(31, on), joins(32, on)] };
    let register = person::Command::Register { sex: Code::of("man"), hidden: None };
    let (first, second) = (Id::<Melding>::new(id(31)), Id::<Melding>::new(id(32)));
    write(store, 1, Id::<contact::Contact>::new(id(30)), call(), vec![]).await;
    write(store, 2, Id::<contact::Contact>::new(id(30)), conclude, vec![]).await;
    write(store, 3, first, received(10), vec![one.clone(), two]).await;
    write(store, 4, second, received(12), vec![named(12, "Testpersoon Drie")]).await;
    write(store, 5, first, correct.clone(), vec![one.clone()]).await;
    write(store, 6, Id::<Case>::new(id(33)), open, vec![]).await;
    write(store, 7, first, assess, vec![]).await;
    write(store, 8, Id::<person::Person>::new(id(10)), register, vec![one]).await;
    write(store, 9, second, correct, vec![]).await;
    write(store, 10, Id::<Melding>::new(id(34)), received(12), vec![named(12, "Drie")]).await;
}

async fn write<D: Decider>(
    store: &Open,
    number: u128,
    stream: Id<D>,
    command: D::Command,
    particulars: Vec<Particular>,
) {
    let stamp = stamp(drenthe(), number);
    store.execute(stream, command, particulars, &stamp, None).await.unwrap();
}
