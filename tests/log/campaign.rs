//! The corruption campaign: whatever is changed in the log, its particulars, its signed heads and the tree under them is found, by
//! `verify` and by the second verifier in Python, at the same place and in the same respect.
//!
//! In the database one bit of every column of every row, and what a forger would do; on an export a thousand changes by chance. What the
//! second verifier cannot see is the wrapped key of a subject: that it no longer opens only we can tell (`tamper.rs`).

use super::given::{drenthe, id, receive_call, stamp};
use super::heads::{Folder, keeper_of, signer};
use super::looks::look;
use super::rewrite::rehash;
use super::scene::Scene;
use super::second::{Breaks, Second};
use super::tamper::{columns, flip};
use domain::erasure::{Erasure, Ground};
use domain::id::{Id, Log};
use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;
use sqlx::PgPool;
use store::Store;
use store::proof::keeper::Keeper;
use store::proof::note::{Note, Trust, VerifierKey};
use store::verify::{Evidence, Verdict};

/// A scene of which all is signed, and cosigned; with looks.
pub(super) struct Signed {
    pub(super) scene: Scene,
    pub(super) folder: Folder,
    pub(super) keys: Vec<VerifierKey>,
}

impl Signed {
    pub(super) async fn set(pool: &PgPool) -> Self {
        let (scene, folder) = (Scene::set(pool).await, Folder::new());
        let keeper = keeper_of(&scene.store, &folder);
        let logs = Log::both(drenthe());
        for round in 1..3 {
            look(&scene.store, 200 + round).await;
            look(&scene.store, 300 + round).await;
            receive_call(&scene.store, drenthe(), 400 + round).await.unwrap();
            for log in logs {
                let note = keeper.sign(log).await.unwrap().unwrap();
                cosign(&keeper, log, &note).await;
            }
        }
        let keys = logs.map(|log| keeper.verifier(log)).to_vec();
        let mut signed = Self { scene, folder, keys };
        signed.scene.last += 2;
        signed.scene.remember().await;
        signed
    }

    /// The data of some persons are ordered to be destroyed, and destroyed; and all that is signed.
    async fn destroy(&mut self, subjects: &[u128]) {
        let subjects = subjects.iter().copied().map(id).collect();
        let (store, ground) = (&self.scene.store, Ground::Request { request: id(500) });
        let order = Id::<Erasure>::new(id(501));
        store.order_erasure(order, subjects, ground, &stamp(drenthe(), 501)).await.unwrap();
        assert_eq!(store.erase_all().await.unwrap().len(), 1);
        keeper_of(store, &self.folder).sign(drenthe().into()).await.unwrap();
        self.scene.last += 2;
        self.scene.remember().await;
    }

    pub(super) fn evidence(&self) -> Evidence {
        let trust = Trust::Keys(self.keys.clone());
        Evidence { kept: vec![], published: self.folder.all(), trust }
    }
}

async fn cosign(keeper: &Keeper, log: Log, note: &Note) {
    let witness = signer().witness("getuige.example/een");
    let line = signer().cosign(&note.head, "getuige.example/een", 1_779_315_147);
    keeper.keep_cosignature(log, note, &witness, line).await.unwrap();
}

/// All that goes to others of a log.
pub(super) async fn exported(store: &Store, log: Log) -> Vec<String> {
    let mut text = Vec::new();
    store.export_log(log, &mut text).await.unwrap();
    store.export_heads(log, &mut text).await.unwrap();
    String::from_utf8(text).unwrap().lines().map(str::to_owned).collect()
}

pub(super) fn breaks(verdict: &Verdict) -> Breaks {
    verdict.breaks.iter().map(|it| (it.place(), it.what.word().to_owned())).collect()
}

/// Changes of the database, each with the place where it has to be found, and in which log.
struct Campaign {
    signed: Signed,
    tried: Vec<(Log, String, Breaks, Vec<String>)>,
}

impl Campaign {
    /// Makes a change, hears what we find, exports what there is then, and takes it back.
    async fn attempt(&mut self, log: Log, changes: &[String], place: i64) {
        for change in changes {
            self.signed.scene.change(change).await;
        }
        self.find(log, &changes.join("; "), place).await;
    }

    async fn find(&mut self, log: Log, what: &str, place: i64) {
        let evidence = self.signed.evidence();
        let store = &self.signed.scene.store;
        let verdicts = store.verify_against(None, &evidence, |_| {}).await.unwrap();
        let verdict = verdicts.iter().find(|it| it.log == log).unwrap();
        let found = breaks(verdict);
        let first = found.first().map(|(place, _)| *place);
        assert_eq!(first, Some(place), "{what}: {found:?}");
        self.tried.push((log, what.to_owned(), found, exported(store, log).await));
        self.signed.scene.undo().await;
    }

    /// The second opinion on all that was tried.
    async fn compare(&self) {
        for log in Log::both(drenthe()) {
            let lines = exported(&self.signed.scene.store, log).await;
            let tried: Vec<_> = self.tried.iter().filter(|it| it.0 == log).collect();
            let whole = |lines_then: &Vec<String>| vec![(0, lines.len(), lines_then.clone())];
            let mut cases: Vec<_> = tried.iter().map(|it| whole(&it.3)).collect();
            cases.push(vec![]);
            let (folder, keys) = (self.signed.folder.0.as_path(), self.signed.keys.as_slice());
            let found = Second { folder, lines: &lines, keys }.opinion(&cases);
            assert_eq!(found.last(), Some(&Breaks::new()), "the untouched log");
            for ((_, what, ours, _), theirs) in tried.iter().zip(&found) {
                assert_eq!(ours, theirs, "{log}: {what}");
            }
        }
    }
}

/// The rows of the log that others verify too: in which log, where, and how each is told from the others.
const ROWS: [(&str, &str); 6] = [
    (
        "event",
        "select organisation, position, format('position = %s', position) from event order by 1, 2",
    ),
    (
        "particular",
        "select organisation, position, format('position = %s and nth = %s', position, nth) from particular order by 1, 2, nth",
    ),
    (
        "destroyed_part",
        "select organisation, position, format('position = %s and nth = %s', position, nth) from destroyed_part order by 1, 2, nth",
    ),
    (
        "tree_head",
        "select organisation, size, format('size = %s', size) from tree_head order by 1, 2",
    ),
    (
        "cosignature",
        "select organisation, size, format('size = %s', size) from cosignature order by 1, 2",
    ),
    (
        "tree_node",
        "select organisation, (nth + 1) << level, format('nth = %s', nth) from tree_node order by 1, 2",
    ),
];

/// One bit of every column of every row of the tables that are named.
async fn flip_all(campaign: &mut Campaign, pool: &PgPool, tables: &[&str], seed: u64) {
    let mut chance = ChaCha8Rng::seed_from_u64(seed);
    for (table, rows) in ROWS.iter().filter(|(table, _)| tables.contains(table)) {
        let rows: Vec<(String, i64, String)> = sqlx::query_as(*rows).fetch_all(pool).await.unwrap();
        assert!(!rows.is_empty(), "{table}");
        let columns = columns(pool, table).await;
        for (log, place, row) in rows {
            for (column, kind) in &columns {
                let flipped = flip(column, kind, &mut chance);
                let where_it_is = format!("where organisation = '{log}' and {row}");
                let change = format!("update {table} set {column} = {flipped} {where_it_is}");
                campaign.attempt(log.parse().unwrap(), &[change], place).await;
                // An export does not say about whom a particular was.
                if (*table, column.as_str()) == ("destroyed_part", "subject") {
                    campaign.tried.pop();
                }
            }
        }
    }
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn one_bit_in_any_column_of_any_table_is_found_by_both_at_the_same_place(pool: PgPool) {
    let mut campaign = Campaign { signed: Signed::set(&pool).await, tried: vec![] };
    flip_all(&mut campaign, &pool, &["event", "particular", "tree_head", "cosignature"], 5).await;
    assert!(campaign.tried.len() > 250, "{}", campaign.tried.len());
    campaign.compare().await;
}

/// What is left of who was destroyed: of one who stood beside another in the same event, and of one who stood alone.
#[sqlx::test(migrator = "store::MIGRATOR")]
async fn one_bit_in_what_is_left_of_the_destroyed_is_found_by_both_at_the_same_place(pool: PgPool) {
    let mut campaign = Campaign { signed: Signed::set(&pool).await, tried: vec![] };
    campaign.signed.destroy(&[11, 12]).await;
    flip_all(&mut campaign, &pool, &["destroyed_part", "particular"], 7).await;
    let gone =
        sqlx::query_as::<_, (i64, i16)>("select position, nth from destroyed_part order by 1, 2");
    let gone = gone.fetch_all(&pool).await.unwrap();
    assert_eq!(gone.iter().map(|it| it.0).collect::<Vec<_>>(), [3, 4, 12]);
    for (position, nth) in gone {
        let at = format!("where position = {position} and nth = {nth}");
        let taken = format!("delete from destroyed_part {at}");
        campaign.attempt(drenthe().into(), &[taken], position).await;
        // It was not destroyed after all, says a forger: something is sealed there again.
        let put_back = format!(
            "insert into particular select organisation, position, nth, subject, 'person', digest from destroyed_part_before {at}"
        );
        campaign.attempt(drenthe().into(), &[put_back], position).await;
    }
    campaign.compare().await;
}

/// Who is held to be forgotten: against the orders in the chain and the numbers of keys that were destroyed. No export says who that is.
#[sqlx::test(migrator = "store::MIGRATOR")]
async fn one_bit_in_who_is_forgotten_is_found(pool: PgPool) {
    let mut signed = Signed::set(&pool).await;
    signed.destroy(&[11, 12]).await;
    let mut chance = ChaCha8Rng::seed_from_u64(8);
    for subject in [11, 12].map(id) {
        let of_him = format!("where subject = '{subject}'");
        let mut changes = vec![
            format!("delete from forgotten {of_him}"),
            // He never had a key, says a forger, who kept it.
            format!("update forgotten set key = null {of_him}"),
        ];
        for (column, kind) in columns(&pool, "forgotten").await {
            let flipped = flip(&column, &kind, &mut chance);
            changes.push(format!("update forgotten set {column} = {flipped} {of_him}"));
        }
        for change in changes {
            signed.scene.change(&change).await;
            let breaks = signed.scene.breaks(&[]).await;
            let found = breaks.iter().any(|it| it.what.word() == "vernietigd");
            assert!(found, "{change}: {breaks:?}");
            signed.scene.undo().await;
        }
    }
    assert_eq!(signed.scene.breaks(&[]).await, []);
}

/// The nodes of the tree, of which there are none before there are 256 events.
#[sqlx::test(migrator = "store::MIGRATOR")]
async fn one_bit_in_any_column_of_the_tree_is_found_by_both_at_the_same_place(pool: PgPool) {
    let mut signed = Signed::set(&pool).await;
    for number in 1000..1260 {
        receive_call(&signed.scene.store, drenthe(), number).await.unwrap();
    }
    let keeper = keeper_of(&signed.scene.store, &signed.folder);
    keeper.sign(drenthe().into()).await.unwrap();
    signed.scene.remember().await;
    let mut campaign = Campaign { signed, tried: vec![] };
    flip_all(&mut campaign, &pool, &["tree_node"], 6).await;
    campaign.attempt(drenthe().into(), &["delete from tree_node".to_owned()], 256).await;
    campaign.compare().await;
}

/// Taken out, moved, put in, cut, and rewritten with every hash made right: the last with all that is kept inside taken along.
#[sqlx::test(migrator = "store::MIGRATOR")]
async fn what_a_forger_does_is_found_by_both_at_the_same_place(pool: PgPool) {
    let mut campaign = Campaign { signed: Signed::set(&pool).await, tried: vec![] };
    let log = Log::from(drenthe());
    let last = campaign.signed.scene.last;
    let ours = |statement: &str| format!("{statement} and organisation = 'VT02'");
    for position in 1..=last {
        let gone = ours(&format!("delete from event where position = {position}"));
        campaign.attempt(log, std::slice::from_ref(&gone), position).await;
        let with_it = ours(&format!("delete from particular where position = {position}"));
        for statement in [&gone, &with_it] {
            campaign.signed.scene.change(statement).await;
        }
        campaign.signed.scene.shift(position + 1, -1).await;
        campaign.find(log, &format!("{gone}, and the ranks closed"), position).await;
        let put_in = format!(
            "insert into event select organisation, {position}, stream, gen_random_uuid(), 1, schema, body, recorded_at,
                 recorded_by, gen_random_uuid(), command_mac, null, chain from event_before
                 where position = 1 and organisation = 'VT02'"
        );
        campaign.signed.scene.shift(position, 1).await;
        campaign.attempt(log, &[put_in], position).await;
        let after = |table: &str, column: &str| {
            ours(&format!("delete from {table} where {column} >= {position}"))
        };
        let cut = [after("event", "position"), after("particular", "position")];
        campaign.attempt(log, &cut, position.min(first_head_from(position, last))).await;
        let inside = [after("tree_head", "size"), after("cosignature", "size")];
        let all = [cut.as_slice(), &inside].concat();
        campaign.attempt(log, &all, position).await;
    }
    for (one, other) in [(1, 2), (3, 7), (4, last), (last - 1, last)] {
        let to = |from: i64, to: i64| {
            ours(&format!("update event set position = {to} where position = {from}"))
        };
        campaign.attempt(log, &[to(one, 1000), to(other, one), to(1000, other)], one).await;
    }
    for from in 1..=last {
        let other = "json_build_object('type', 'forged', 'was', body)";
        let change = ours(&format!("update event set body = {other} where position = {from}"));
        campaign.signed.scene.change(&change).await;
        rehash(&mut campaign.signed.scene, from).await;
        let head = first_head_from(from, last);
        campaign.find(log, &format!("rewritten from {from} on"), head).await;
    }
    campaign.compare().await;
}

/// Heads stand at the last position but one, and at the last.
fn first_head_from(position: i64, last: i64) -> i64 {
    position.max(last - 1)
}
