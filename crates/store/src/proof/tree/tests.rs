//! The tree against the definition of RFC 6962, told once more as plainly as it stands there, and against published values.

use super::*;
use crate::chain::hex;

/// MTH, to the letter.
fn defined(leaves: &[Hash]) -> Hash {
    match leaves {
        [] => sha256(&[]),
        [one] => leaf(one),
        more => {
            let middle = more.len().next_power_of_two() / 2;
            node(&defined(&more[..middle]), &defined(&more[middle..]))
        }
    }
}

fn leaves(number: u64) -> Vec<Hash> {
    (0..number).map(|nth| sha256(&[&nth.to_be_bytes()])).collect()
}

fn hashes(of: &[Hash], ranges: Vec<Range<u64>>) -> Vec<Hash> {
    ranges.into_iter().map(|it| defined(&of[it.start as usize..it.end as usize])).collect()
}

#[test]
fn the_empty_tree_and_the_empty_leaf_are_those_of_the_rfc() {
    // The same two values stand in the tests of Certificate Transparency.
    let empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
    assert_eq!(hex(&Compact::default().root()), empty);
    let leaf = "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d";
    assert_eq!(hex(&sha256(&[&[0], b""])), leaf);
}

#[test]
fn what_is_kept_tells_the_root_at_every_size() {
    let all = leaves(300);
    let mut tree = Compact::default();
    for (size, chain) in (1..).zip(&all) {
        tree.push(chain, |_| {});
        assert_eq!((tree.size(), tree.root()), (size as u64, defined(&all[..size])), "{size}");
        assert_eq!(tree.nodes().len(), size.count_ones() as usize);
        let found: Vec<(u32, u64)> = tree.nodes().iter().map(|it| (it.level, it.nth)).collect();
        assert_eq!(subtrees(&(0..size as u64)), found);
    }
}

#[test]
fn whoever_goes_on_from_whole_subtrees_comes_to_the_same() {
    let all = leaves(300);
    let mut whole = Vec::new();
    all.iter().fold(Compact::default(), |mut tree, chain| {
        tree.push(chain, |node| whole.push(node));
        tree
    });
    let tile = whole.iter().find(|it| it.level == TILE).unwrap();
    assert_eq!((tile.nth, tile.hash), (0, defined(&all[..256])));
    let mut other = Compact::default();
    other.put(TILE, tile.hash, |_| {});
    let mut beside = Compact::after(256);
    for chain in &all[256..] {
        beside.push(chain, |_| {});
    }
    assert_eq!(other.root_with(beside.nodes()), defined(&all));
}

#[test]
fn every_leaf_is_proven_to_be_in_every_tree_and_no_other_is() {
    for size in 1..=40 {
        let all = leaves(size);
        let root = defined(&all);
        for nth in 0..size {
            let path = hashes(&all, inclusion(nth, size));
            let chain = &all[nth as usize];
            assert!(is_included(chain, nth, size, &path, &root), "{nth} of {size}");
            assert!(!is_included(&[9; 32], nth, size, &path, &root));
            assert!(!is_included(chain, nth + 1, size, &path, &root));
            assert!(!is_included(chain, nth, size, &path, &[9; 32]));
            for bad in 0..path.len() {
                let mut other = path.clone();
                other[bad][0] ^= 1;
                assert!(!is_included(chain, nth, size, &other, &root));
                other.remove(bad);
                assert!(!is_included(chain, nth, size, &other, &root));
            }
        }
    }
}

#[test]
fn every_tree_is_proven_to_be_the_beginning_of_every_later_one_and_no_other_is() {
    for size in 1..=40_u64 {
        let all = leaves(size);
        let root = defined(&all);
        for old in 1..=size {
            let was = defined(&all[..old as usize]);
            let path = hashes(&all, consistency(old, size));
            assert!(is_consistent((old, &was), (size, &root), &path), "{old} of {size}");
            assert!(!is_consistent((old, &[9; 32]), (size, &root), &path), "{old} of {size}");
            assert!(!is_consistent((old, &was), (size, &[9; 32]), &path), "{old} of {size}");
            for bad in 0..path.len() {
                let mut other = path.clone();
                other[bad][0] ^= 1;
                assert!(!is_consistent((old, &was), (size, &root), &other));
                other.remove(bad);
                assert!(!is_consistent((old, &was), (size, &root), &other));
            }
        }
        assert!(is_consistent((0, &defined(&[])), (size, &root), &[]));
        assert!(!is_consistent((size + 1, &root), (size, &root), &[]));
    }
}
