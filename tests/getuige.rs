//! A witness (c2sp.org/tlog-witness) signs our heads as well: only those that go on where the last one it saw ended. This one listens on
//! this machine, and keeps to the protocol; except where it is told not to.

use crate::house::{House, id};
use crate::log::heads::{Folder, keeper_of, signer};
use crate::told::call;
use axum::Router;
use axum::extract::State;
use axum::http::StatusCode;
use axum::routing::post;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use domain::id::{Log, Organisation};
use server::outside::Outside;
use server::witness::{Address, NotSigned, Witness};
use sqlx::PgPool;
use std::sync::{Arc, Mutex};
use store::chain::Hash;
use store::proof::note::{Note, Signer};
use store::proof::tree;
use store::verify::Evidence;

const NAME: &str = "getuige.example/een";

/// What the witness saw last, and how it misbehaves.
#[derive(Default)]
struct Seen {
    last: Option<(u64, Hash)>,
    /// Remembers, and gives no answer.
    loses_the_answer: bool,
    /// Signs with the key of somebody else.
    is_somebody_else: bool,
}

type Shared = Arc<Mutex<Seen>>;

async fn add_checkpoint(State(seen): State<Shared>, body: String) -> (StatusCode, String) {
    let refuse = |status| (status, String::new());
    let (before, note) = body.split_once("\n\n").unwrap();
    let mut lines = before.lines();
    let old: u64 = lines.next().unwrap().strip_prefix("old ").unwrap().parse().unwrap();
    let path: Vec<Hash> =
        lines.map(|it| STANDARD.decode(it).unwrap().try_into().unwrap()).collect();
    let note: Note = note.parse().unwrap();
    if !note.is_signed_by_one_of(&[signer().verifier("meldboek.example/VT02")]) {
        return refuse(StatusCode::FORBIDDEN);
    }
    let mut seen = seen.lock().unwrap();
    let (size, root) = seen.last.unwrap_or_default();
    if size != old {
        return (StatusCode::CONFLICT, format!("{size}\n"));
    }
    let new = (note.head.size, &note.head.root);
    if size > 0 && !tree::is_consistent((size, &root), new, &path) {
        return refuse(StatusCode::UNPROCESSABLE_ENTITY);
    }
    seen.last = Some((note.head.size, note.head.root));
    if std::mem::take(&mut seen.loses_the_answer) {
        return refuse(StatusCode::BAD_GATEWAY);
    }
    let key = Signer::of(&[if seen.is_somebody_else { 10 } else { 9 }; 32]).unwrap();
    let line = key.cosign(&note.head, NAME, 1_779_315_147);
    // Of others there may be lines as well.
    let other = signer().cosign(&note.head, "getuige.example/twee", 1);
    (StatusCode::OK, format!("{other}\n{line}\n"))
}

/// A register with somebody who signs, and a witness.
struct Scene {
    house: House,
    folder: Folder,
    witness: Witness,
    seen: Shared,
    log: Log,
}

impl Scene {
    async fn set(pool: &PgPool) -> Self {
        let mut house = House::on("2026-06-30", pool).await;
        let (folder, seen) = (Folder::new(), Shared::default());
        let keeper = keeper_of(&house.app.store, &folder);
        house.signs(keeper.clone());
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let router = Router::new().route("/een/add-checkpoint", post(add_checkpoint));
        let router = router.with_state(seen.clone());
        tokio::spawn(async move { axum::serve(listener, router).await });
        let key = Signer::of(&[9; 32]).unwrap().witness(NAME);
        let address: Address = format!("http://{address}/een/={key}").parse().unwrap();
        let witness = Witness::at(address, keeper, Outside::new().unwrap());
        let log = "VT02".parse::<Organisation>().unwrap().into();
        Self { house, folder, witness, seen, log }
    }

    /// Something is recorded, and signed.
    async fn goes_on(&self, numbers: std::ops::Range<u128>) {
        for number in numbers {
            self.house.put(format!("/v1/contacten/{}", id(number)), &call()).await.is(201);
        }
        self.house.signed().await;
    }

    async fn cosigned(&self) -> Vec<(u64, usize)> {
        let heads = self.house.app.store.heads(self.log, None, 10).await.unwrap();
        heads.iter().map(|it| (it.note.head.size, it.cosignatures.len())).collect()
    }
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn a_witness_signs_each_head_that_goes_on_where_the_last_ended(pool: PgPool) {
    let scene = Scene::set(&pool).await;
    scene.witness.ask(scene.log).await.unwrap();
    assert_eq!(scene.seen.lock().unwrap().last, None, "nothing was recorded yet");
    for (from, to) in [(1, 2), (2, 5), (5, 9)] {
        scene.goes_on(from..to).await;
        scene.witness.ask(scene.log).await.unwrap();
        // Asked again, there is nothing to ask.
        scene.witness.ask(scene.log).await.unwrap();
    }
    assert_eq!(scene.cosigned().await, [(8, 1), (4, 1), (1, 1)]);
    let shown = scene.house.get("/v1/standen").await.is(200).json();
    let shown: Note = shown["standen"][0]["stand"].as_str().unwrap().parse().unwrap();
    assert_eq!(shown.signatures.len(), 2);
    assert!(scene.folder.all().contains(&shown), "it stands outside as well");
    let evidence = Evidence { published: scene.folder.all(), ..Evidence::default() };
    let store = &scene.house.app.store;
    let verdicts = store.verify_against(None, &evidence, |_| {}).await.unwrap();
    assert!(verdicts.iter().all(|it| it.breaks.is_empty()), "{verdicts:?}");
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn an_answer_that_was_lost_is_asked_for_again(pool: PgPool) {
    let scene = Scene::set(&pool).await;
    scene.goes_on(1..4).await;
    scene.seen.lock().unwrap().loses_the_answer = true;
    let lost = scene.witness.ask(scene.log).await;
    assert!(matches!(lost, Err(NotSigned::Refused(502))), "{lost:?}");
    // The same head, of which it says that it knows it; and a later one.
    scene.witness.ask(scene.log).await.unwrap();
    scene.goes_on(4..6).await;
    scene.seen.lock().unwrap().loses_the_answer = true;
    assert!(scene.witness.ask(scene.log).await.is_err());
    scene.goes_on(6..7).await;
    scene.witness.ask(scene.log).await.unwrap();
    assert_eq!(scene.cosigned().await, [(6, 1), (5, 0), (3, 1)]);
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn what_is_no_signature_of_the_witness_is_not_kept(pool: PgPool) {
    let scene = Scene::set(&pool).await;
    scene.goes_on(1..3).await;
    scene.seen.lock().unwrap().is_somebody_else = true;
    let refused = scene.witness.ask(scene.log).await;
    assert!(matches!(refused, Err(NotSigned::NoSignature)), "{refused:?}");
    assert_eq!(scene.cosigned().await, [(2, 0)]);
}

/// A register that was put back to an earlier state, or rewritten, while the witness saw more.
#[sqlx::test(migrator = "store::MIGRATOR")]
async fn a_witness_that_saw_another_log_signs_nothing(pool: PgPool) {
    let scene = Scene::set(&pool).await;
    scene.goes_on(1..4).await;
    for (last, expected) in [((9, [1; 32]), "ahead"), ((2, [1; 32]), "other")] {
        scene.seen.lock().unwrap().last = Some(last);
        let refused = scene.witness.ask(scene.log).await;
        let right = match &refused {
            Err(NotSigned::Ahead { seen: 9, ours: 3 }) => expected == "ahead",
            Err(NotSigned::Refused(422)) => expected == "other",
            _ => false,
        };
        assert!(right, "{expected}: {refused:?}");
    }
    assert_eq!(scene.cosigned().await, [(3, 0)]);
}

#[test]
fn what_is_no_witness_is_not_taken_for_one() {
    let key = Signer::of(&[9; 32]).unwrap().witness(NAME);
    assert!(format!("https://getuige.example/een={key}").parse::<Address>().is_ok());
    for wrong in ["", "https://getuige.example", &format!("http://getuige.example={key}")] {
        assert!(wrong.parse::<Address>().is_err(), "{wrong}");
    }
}
