//! A merge can be undone with everything that came after it kept right: a past with two people merged for a while ends in the same
//! figures as that past without it.

use super::given::{drenthe, id, open_in_the_past};
use super::history::Past;
use super::oracle::{counted, recount, same};
use domain::id::Organisation;
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;
use sqlx::PgPool;
use std::collections::HashSet;
use store::Store;
use store::projections::Name;

const NEVER: &str = "2100-01-01T00:00:00Z";
/// Whom nobody merges in a random past.
const TWO: (u128, u128) = (1, 3);
const STEPS: usize = 240;

/// A past of one organisation, in which two people are merged before a step and separated before a later one.
struct Told<'s> {
    store: &'s Store,
    pool: &'s PgPool,
    organisation: Organisation,
    past: Past,
    merged: Option<[usize; 2]>,
}

impl Told<'_> {
    async fn go_on(&mut self, step: usize) {
        if let Some([merge, unmerge]) = self.merged {
            if step == merge {
                assert!(self.past.merge(self.store, TWO).await);
            }
            if step == unmerge {
                self.is_what_a_recount_says(step).await;
                assert!(self.past.unmerge(self.store, TWO).await);
            }
        }
        self.past.go_on(self.store).await;
        if step.is_multiple_of(20) {
            self.is_what_a_recount_says(step).await;
        }
    }

    async fn is_what_a_recount_says(&self, step: usize) {
        self.store.catch_up(self.organisation).await.unwrap();
        let log = store::log::after(self.pool, self.organisation, 0, 10_000).await.unwrap();
        let figures = counted(self.store, self.organisation, NEVER.parse().unwrap()).await;
        same(&figures, &recount(&log), &format!("{}, step {step}", self.organisation));
    }
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn merged_and_separated_is_never_merged_and_what_came_after(pool: PgPool) {
    let store = open_in_the_past(&pool).await;
    let now = NEVER.parse().unwrap();
    let mut different = 0;
    for seed in 30..36_u64 {
        let mut chance = ChaCha8Rng::seed_from_u64(seed);
        let merge = chance.random_range(20..120);
        let unmerge = chance.random_range(merge + 1..STEPS);
        let told = |organisation: String, merged| {
            let organisation = organisation.parse().unwrap();
            Told {
                store: &store,
                pool: &pool,
                organisation,
                past: Past::of(organisation, seed),
                merged,
            }
        };
        let mut never = told(format!("VT{seed}"), None);
        let mut once = told(format!("VT{}", seed + 30), Some([merge, unmerge]));
        for step in 0..STEPS {
            never.go_on(step).await;
            once.go_on(step).await;
            if step + 1 == unmerge {
                never.is_what_a_recount_says(step).await;
                once.is_what_a_recount_says(step).await;
                let while_merged = counted(&store, once.organisation, now).await;
                different +=
                    usize::from(while_merged != counted(&store, never.organisation, now).await);
            }
        }
        never.is_what_a_recount_says(STEPS).await;
        once.is_what_a_recount_says(STEPS).await;
        let [once, never] = [once.organisation, never.organisation];
        let figures = counted(&store, never, now).await;
        same(
            &counted(&store, once, now).await,
            &figures,
            &format!("seed {seed}: merged and separated"),
        );
    }
    assert!(different > 3, "merging made a difference in {different} of 6 pasts");
    let rebuilt = store.rebuild(&[Name::Facts], 500, |_| {}).await.unwrap();
    assert!(rebuilt[0].same(), "{rebuilt:?}");
}

/// Who belongs together is found from any of them, through others, for now and for every earlier moment.
#[sqlx::test(migrator = "store::MIGRATOR")]
async fn who_is_one_human_being_is_known_for_every_moment(pool: PgPool) {
    let store = open_in_the_past(&pool).await;
    let mut past = Past::of(drenthe(), 40);
    let mut moments = Vec::new();
    for (merge, people) in
        [(true, (3, 1)), (true, (3, 5)), (false, (1, 3)), (true, (1, 3)), (false, (5, 3))]
    {
        past.now += chrono::Duration::days(1);
        let recorded = if merge {
            past.merge(&store, people).await
        } else {
            past.unmerge(&store, people).await
        };
        assert!(recorded, "{people:?}");
        store.catch_up(drenthe()).await.unwrap();
        moments.push((
            past.now,
            store.linked(drenthe(), &[id(1), id(5), id(9)], &HashSet::new()).await.unwrap(),
        ));
    }
    let of = |nth: usize, person| moments[nth].1[&id(person)].iter().copied().collect::<Vec<_>>();
    assert_eq!([of(0, 1), of(0, 5), of(0, 9)], [vec![id(1), id(3)], vec![id(5)], vec![id(9)]]);
    assert_eq!([of(1, 1), of(1, 5)], [1, 5].map(|_| vec![id(1), id(3), id(5)]));
    assert_eq!([of(2, 1), of(2, 5)], [vec![id(1)], vec![id(3), id(5)]]);
    assert_eq!([of(3, 1), of(3, 5)], [1, 5].map(|_| vec![id(1), id(3), id(5)]));
    assert_eq!([of(4, 1), of(4, 5)], [vec![id(1), id(3)], vec![id(5)]]);
    let links: Vec<_> = [
        vec![(id(1), id(3))],
        vec![(id(1), id(3)), (id(3), id(5))],
        vec![],
        vec![(id(1), id(3)), (id(3), id(5))],
        vec![(id(1), id(3))],
    ]
    .into();
    for ((moment, _), links) in moments.iter().zip(links) {
        let then = store.links(drenthe(), &[id(1)], Some(*moment)).await.unwrap();
        assert_eq!(then.into_iter().collect::<Vec<_>>(), links, "{moment}");
    }
    let elsewhere = store.linked("VT01".parse().unwrap(), &[id(1)], &HashSet::new()).await.unwrap();
    assert_eq!(elsewhere[&id(1)], [id(1)].into());
}
