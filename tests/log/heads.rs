//! Signed heads: each is the root of exactly what was recorded, goes on where the last ended, stands outside the database as well, and is
//! refused over a log that is not what it was.

use super::given::{Open, drenthe, open, receive_call};
use super::scene::Scene;
use domain::id::Log;
use sqlx::PgPool;
use std::fs;
use std::path::PathBuf;
use store::chain::Hash;
use store::proof::keeper::Keeper;
use store::proof::note::{Note, Signer};
use store::proof::published::Published;
use store::proof::tree::{self, Compact};
use store::{Failed, Store, log};

const ORIGIN: &str = "meldboek.example/VT02";

/// A folder for heads, gone when the test ends.
pub(crate) struct Folder(pub(crate) PathBuf);

impl Folder {
    pub(crate) fn new() -> Self {
        Self(std::env::temp_dir().join(format!("meldboek-standen-{}", server::clock::random_id())))
    }

    /// Of all logs.
    pub(crate) fn all(&self) -> Vec<Note> {
        let files = fs::read_dir(&self.0).unwrap().map(|it| it.unwrap().path());
        let heads = files.filter(|it| it.extension().is_some_and(|it| it == "standen"));
        let texts = heads.map(|it| fs::read_to_string(it).unwrap());
        texts.flat_map(|it| Note::read_all(&it)).map(Result::unwrap).collect()
    }

    pub(crate) fn heads(&self) -> Vec<Note> {
        let text = fs::read_to_string(self.0.join("VT02.standen")).unwrap_or_default();
        Note::read_all(&text).into_iter().map(Result::unwrap).collect()
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _never_made = fs::remove_dir_all(&self.0);
    }
}

pub(crate) fn signer() -> Signer {
    Signer::of(&[3; 32]).unwrap()
}

pub(crate) fn keeper_of(store: &Store, folder: &Folder) -> Keeper {
    let published = Published::in_folder(&folder.0);
    Keeper::new(store.clone(), signer(), "meldboek.example", Some(published))
}

fn keeper(store: &Open, folder: &Folder) -> Keeper {
    keeper_of(store, folder)
}

fn register() -> Log {
    drenthe().into()
}

async fn calls(store: &Open, numbers: std::ops::Range<u128>) {
    for number in numbers {
        receive_call(store, drenthe(), number).await.unwrap();
    }
}

/// The root over the first events, from the log itself.
async fn root(pool: &PgPool, size: u64) -> Hash {
    let mut tree = Compact::default();
    for it in log::after(pool, drenthe(), 0, size as i64).await.unwrap() {
        tree.push(&it.chain, |_| {});
    }
    assert_eq!(tree.size(), size);
    tree.root()
}

fn sizes(notes: &[Note]) -> Vec<u64> {
    notes.iter().map(|it| it.head.size).collect()
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn a_head_is_the_root_of_what_was_recorded_and_the_next_goes_on_from_it(pool: PgPool) {
    let (store, folder) = (open(&pool).await, Folder::new());
    let keeper = keeper(&store, &folder);
    assert_eq!(keeper.sign(register()).await.unwrap(), None, "nothing was recorded");
    let mut all = Vec::new();
    for (from, to) in [(1, 2), (2, 6), (6, 300), (300, 301)] {
        calls(&store, from..to).await;
        let note = keeper.sign(register()).await.unwrap().unwrap();
        assert_eq!((note.head.origin.as_str(), note.head.size), (ORIGIN, to as u64 - 1));
        assert_eq!(note.head.root, root(&pool, to as u64 - 1).await);
        assert!(note.is_signed_by_one_of(&[keeper.verifier(register())]));
        assert_eq!(keeper.sign(register()).await.unwrap().as_ref(), Some(&note), "nothing new");
        all.push(note);
    }
    assert_eq!(folder.heads(), all);
    let newest = store.heads(register(), None, 2).await.unwrap();
    assert_eq!(newest.iter().map(|it| &it.note).collect::<Vec<_>>(), [&all[3], &all[2]]);
    for (old, new) in [(0, 1), (0, 3), (1, 2), (2, 3)] {
        let (old, new) = (&all[old].head, &all[new].head);
        let path = store.consistency(register(), old.size, new.size).await.unwrap();
        assert!(tree::is_consistent((old.size, &old.root), (new.size, &new.root), &path));
    }
}

/// One who begins anew reads what is kept, not the log: of 600 events no more than the last 255.
#[sqlx::test(migrator = "store::MIGRATOR")]
async fn every_event_is_proven_to_be_in_the_log_also_after_a_new_beginning(pool: PgPool) {
    let (store, folder) = (open(&pool).await, Folder::new());
    calls(&store, 1..101).await;
    keeper(&store, &folder).sign(register()).await.unwrap();
    calls(&store, 101..601).await;
    keeper(&store, &folder).sign(register()).await.unwrap();
    let nodes = "select count(*) from tree_node where level = 8";
    assert_eq!(super::given::number(&pool, nodes).await, 2);
    let all = log::after(&pool, drenthe(), 0, 1000).await.unwrap();
    for it in all.iter().step_by(7) {
        let found = store.inclusion(register(), it.position).await.unwrap().unwrap();
        let head = &found.note.head;
        assert_eq!(head.size, if it.position <= 100 { 100 } else { 600 });
        assert_eq!(found.chain, it.chain);
        let nth = it.position as u64 - 1;
        assert!(tree::is_included(&it.chain, nth, head.size, &found.path, &head.root));
    }
    for nowhere in [-1, 0, 601, i64::MAX] {
        assert_eq!(store.inclusion(register(), nowhere).await.unwrap(), None, "{nowhere}");
    }
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn there_is_a_head_for_every_thousand_events(pool: PgPool) {
    let (store, folder) = (open(&pool).await, Folder::new());
    calls(&store, 1..2300).await;
    keeper(&store, &folder).sign(register()).await.unwrap();
    assert_eq!(sizes(&folder.heads()), [1000, 2000, 2299]);
    assert_eq!(folder.heads()[1].head.root, root(&pool, 2000).await);
    let note = store.covering(register(), 1001).await.unwrap().unwrap();
    assert_eq!(note.head.size, 2000);
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn a_head_that_could_not_be_written_outside_is_written_later(pool: PgPool) {
    let (store, folder) = (open(&pool).await, Folder::new());
    let keeper = keeper(&store, &folder);
    calls(&store, 1..3).await;
    keeper.sign(register()).await.unwrap();
    // A file where the folder was.
    fs::remove_dir_all(&folder.0).unwrap();
    fs::write(&folder.0, "").unwrap();
    calls(&store, 3..4).await;
    let refused = keeper.sign(register()).await;
    assert!(matches!(refused, Err(Failed::Published(..))), "{refused:?}");
    fs::remove_file(&folder.0).unwrap();
    keeper.sign(register()).await.unwrap();
    assert_eq!(sizes(&folder.heads()), [2, 3]);
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn two_who_sign_say_the_same(pool: PgPool) {
    let (store, folder, other) = (open(&pool).await, Folder::new(), Folder::new());
    let (one, two) = (keeper(&store, &folder), keeper(&store, &other));
    for from in (1..40).step_by(3) {
        calls(&store, from..from + 3).await;
        let (one, two) = tokio::join!(one.sign(register()), two.sign(register()));
        assert_eq!(one.unwrap(), two.unwrap());
    }
    assert_eq!(folder.heads(), other.heads());
    assert_eq!(folder.heads().len(), 13);
}

/// Signing would give a forged log our name.
#[sqlx::test(migrator = "store::MIGRATOR")]
async fn over_a_log_that_is_not_what_it_was_nothing_is_signed(pool: PgPool) {
    let mut scene = Scene::set(&pool).await;
    let folder = Folder::new();
    keeper(&scene.store, &folder).sign(register()).await.unwrap();
    scene.remember().await;
    let (last, next) = (scene.last, scene.last + 1);
    for change in [
        // Rewritten below the head; the tail cut; the tree under the head changed.
        "update event set chain = sha256(chain) where position = 3",
        &format!("delete from event where position = {last}"),
        &format!("update tree_head set note = replace(note, '{last}', '{next}')"),
        // The head taken away with the tail: the one outside tells.
        &format!("delete from event where position = {last}; delete from tree_head"),
        "update event set chain = sha256(chain) where position = 3; delete from tree_head",
    ] {
        scene.change(change).await;
        let signed = keeper(&scene.store, &folder).sign(register()).await;
        assert!(matches!(signed, Err(Failed::Corrupt { .. })), "{change}: {signed:?}");
        scene.undo().await;
    }
    assert_eq!(folder.heads().len(), 1);
    keeper(&scene.store, &folder).sign(register()).await.unwrap();
}
