//! What no chain can show by itself: a tail that was cut, and a log rewritten from somewhere on with every hash made right. It shows
//! against a head that others keep, on a receipt or a report, and against the checkpoints of the read models.

use super::given::drenthe;
use super::scene::Scene;
use sqlx::PgPool;
use store::verify::{Break, Head, What};

/// Makes all hashes right again from a position on, as a forger with the whole database would.
pub(super) async fn rehash(scene: &mut Scene, from: i64) {
    let statement = format!(
        "do $$ declare
             it event;
             before bytea;
         begin
             for it in select * from event where organisation = 'VT02' and position >= {from} order by position loop
                 select chain into before from event where organisation = 'VT02' and position = it.position - 1;
                 before := coalesce(before, sha256(convert_to('meldboek ' || it.organisation, 'UTF8')));
                 update event set chain = chain_link(before, it.organisation, it.position, it.stream, it.stream_id, it.version,
                     it.schema, it.body::text, it.recorded_at, it.recorded_by, it.command_id, it.command_mac, it.sealed)
                     where organisation = 'VT02' and position = it.position;
             end loop;
         end $$"
    );
    scene.change(&statement).await;
}

async fn rewrite(scene: &mut Scene, from: i64) {
    let other = "json_build_object('type', 'forged', 'was', body)";
    scene.change(&format!("update event set body = {other} where position = {from}")).await;
    rehash(scene, from).await;
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn a_chain_alone_cannot_show_that_all_was_rewritten(pool: PgPool) {
    let mut scene = Scene::set(&pool).await;
    rehash(&mut scene, 1).await;
    assert_eq!(scene.breaks(&[scene.head]).await, [], "the forger computes as the store does");
    rewrite(&mut scene, 1).await;
    assert_eq!(scene.breaks(&[]).await, []);
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn a_rewritten_log_shows_against_a_kept_head(pool: PgPool) {
    let mut scene = Scene::set(&pool).await;
    for from in 1..=scene.last {
        rewrite(&mut scene, from).await;
        let rewritten = Break { position: scene.last, what: What::Rewritten };
        assert_eq!(scene.breaks(&[scene.head]).await, [rewritten], "from {from}");
        scene.undo().await;
    }
}

/// The more heads are kept, the nearer is told where it began: every receipt is one.
#[sqlx::test(migrator = "store::MIGRATOR")]
async fn the_first_receipt_that_no_longer_fits_tells_where_it_began(pool: PgPool) {
    let mut scene = Scene::set(&pool).await;
    let mut receipts = Vec::new();
    for it in store::log::after(&pool, drenthe(), 0, 1000).await.unwrap() {
        receipts.push(Head { log: drenthe().into(), position: it.position, chain: it.chain });
    }
    for from in 1..=scene.last {
        rewrite(&mut scene, from).await;
        let breaks = scene.breaks(&receipts).await;
        let expected =
            (from..=scene.last).map(|position| Break { position, what: What::Rewritten });
        assert_eq!(breaks, expected.collect::<Vec<_>>());
        scene.undo().await;
    }
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn a_rewritten_or_cut_log_shows_against_the_checkpoints(pool: PgPool) {
    let mut scene = Scene::set(&pool).await;
    scene.store.catch_up(drenthe()).await.unwrap();
    assert_eq!(scene.breaks(&[]).await, []);
    rewrite(&mut scene, 2).await;
    let rewritten = Break { position: scene.last, what: What::Rewritten };
    assert_eq!(scene.breaks(&[]).await, [rewritten]);
    scene.undo().await;
    scene.change(&format!("delete from event where position = {}", scene.last)).await;
    let what = What::Cut { end: scene.last - 1 };
    let breaks = scene.breaks(&[]).await;
    assert!(breaks.contains(&Break { position: scene.last, what }), "{breaks:?}");
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn a_cut_tail_shows_against_a_kept_head(pool: PgPool) {
    let mut scene = Scene::set(&pool).await;
    for end in (0..scene.last).rev() {
        scene.change(&format!("delete from event where position > {end}")).await;
        scene.change(&format!("delete from particular where position > {end}")).await;
        assert_eq!(scene.breaks(&[]).await, [], "a shorter log is a log");
        let cut = Break { position: scene.last, what: What::Cut { end } };
        assert_eq!(scene.breaks(&[scene.head]).await, [cut]);
        scene.undo().await;
    }
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn a_log_that_was_cut_and_went_on_otherwise_shows_against_a_kept_head(pool: PgPool) {
    let mut scene = Scene::set(&pool).await;
    scene.change(&format!("delete from event where position > {}", scene.last - 2)).await;
    scene.change(&format!("delete from particular where position > {}", scene.last - 2)).await;
    for number in 1..=4 {
        super::given::receive_call(&scene.store, drenthe(), 7000 + number).await.unwrap();
    }
    assert_eq!(scene.breaks(&[]).await, []);
    let rewritten = Break { position: scene.last, what: What::Rewritten };
    assert_eq!(scene.breaks(&[scene.head]).await, [rewritten]);
}
