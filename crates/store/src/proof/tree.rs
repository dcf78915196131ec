//! The Merkle tree of RFC 6962 over a log: its root commits to every event, a proof of some tens of hashes shows that one event is in it, or
//! that one tree is the beginning of another.
//!
//! The leaf of an event is the chain after it (`migrations/README.md` says why). Nothing here reads or waits: which ranges a proof needs is
//! planned here, and fetched elsewhere.

use crate::chain::{Hash, sha256};
use std::ops::Range;

/// Every how many levels a node is kept (`tree_node`): 256 events under each, as in C2SP tlog-tiles.
pub const TILE: u32 = 8;

pub fn leaf(chain: &Hash) -> Hash {
    sha256(&[&[0], chain])
}

pub fn node(left: &Hash, right: &Hash) -> Hash {
    sha256(&[&[1], left, right])
}

/// A whole subtree: all its leaves are there, and none will come.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Node {
    pub level: u32,
    /// How many of this level stand to its left.
    pub nth: u64,
    pub hash: Hash,
}

/// The whole subtrees that make up a row of leaves, the largest first: all that has to be kept to go on, and to tell the root.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Compact {
    size: u64,
    nodes: Vec<Node>,
}

impl Compact {
    /// Begins beside leaves that are kept elsewhere; their number has to be a multiple of whatever is put in.
    pub fn after(leaves: u64) -> Self {
        Self { size: leaves, nodes: vec![] }
    }

    pub fn size(&self) -> u64 {
        self.size
    }

    pub fn nodes(&self) -> &[Node] {
        &self.nodes
    }

    pub fn push(&mut self, chain: &Hash, whole: impl FnMut(Node)) {
        self.put(0, leaf(chain), whole);
    }

    /// Puts in a whole subtree. `whole` hears of it and of every larger one that it completes.
    pub fn put(&mut self, level: u32, hash: Hash, mut whole: impl FnMut(Node)) {
        let mut new = Node { level, nth: self.size >> level, hash };
        self.size += 1 << level;
        whole(new);
        while let Some(left) = self.nodes.last().filter(|it| it.level == new.level) {
            let hash = node(&left.hash, &new.hash);
            new = Node { level: new.level + 1, nth: new.nth >> 1, hash };
            self.nodes.pop();
            whole(new);
        }
        self.nodes.push(new);
    }

    /// The root, with what stands to its right as well.
    pub fn root_with(&self, right: &[Node]) -> Hash {
        let mut all = self.nodes.iter().chain(right).rev();
        let Some(last) = all.next() else { return sha256(&[]) };
        all.fold(last.hash, |right, left| node(&left.hash, &right))
    }

    pub fn root(&self) -> Hash {
        self.root_with(&[])
    }
}

/// The whole subtrees that make up some leaves, as levels and numbers; the largest first. A range begins at a multiple of what it holds.
pub fn subtrees(range: &Range<u64>) -> Vec<(u32, u64)> {
    let (mut at, mut found) = (range.start, vec![]);
    while at < range.end {
        let level = (range.end - at).ilog2();
        found.push((level, at >> level));
        at += 1 << level;
    }
    found
}

/// Of which ranges the hashes prove that a leaf is in a tree, from the leaf to the root.
pub fn inclusion(nth: u64, size: u64) -> Vec<Range<u64>> {
    let (mut all, mut within) = (vec![], 0..size);
    while within.end - within.start > 1 {
        let middle = within.start + split(within.end - within.start);
        let (left, right) = (within.start..middle, middle..within.end);
        let (inside, beside) = if nth < middle { (left, right) } else { (right, left) };
        all.push(beside);
        within = inside;
    }
    all.reverse();
    all
}

/// Of which ranges the hashes prove that a tree is the beginning of another.
pub fn consistency(old: u64, size: u64) -> Vec<Range<u64>> {
    let (mut all, mut within, mut known) = (vec![], 0..size, true);
    if old == 0 || old >= size {
        return all;
    }
    while within.end > old {
        let middle = within.start + split(within.end - within.start);
        if old <= middle {
            all.push(middle..within.end);
            within.end = middle;
        } else {
            all.push(within.start..middle);
            within.start = middle;
            known = false;
        }
    }
    if !known {
        all.push(within);
    }
    all.reverse();
    all
}

/// The largest power of two that is smaller.
fn split(leaves: u64) -> u64 {
    1 << (leaves - 1).ilog2()
}

/// Whether a path leads from a leaf to the root of a tree (RFC 9162 par. 2.1.3.2).
pub fn is_included(chain: &Hash, nth: u64, size: u64, path: &[Hash], root: &Hash) -> bool {
    if nth >= size {
        return false;
    }
    let (mut at, mut last, mut hash) = (nth, size - 1, leaf(chain));
    for beside in path {
        if last == 0 {
            return false;
        }
        if at & 1 == 1 || at == last {
            hash = node(beside, &hash);
            while at & 1 == 0 && at != 0 {
                (at, last) = (at >> 1, last >> 1);
            }
        } else {
            hash = node(&hash, beside);
        }
        (at, last) = (at >> 1, last >> 1);
    }
    last == 0 && hash == *root
}

/// Whether a path shows that a tree is the beginning of another (RFC 9162 par. 2.1.4.2).
pub fn is_consistent(old: (u64, &Hash), new: (u64, &Hash), path: &[Hash]) -> bool {
    if old.0 == new.0 {
        return path.is_empty() && old.1 == new.1;
    }
    if old.0 == 0 || old.0 > new.0 {
        return path.is_empty() && old.0 == 0;
    }
    let (mut at, mut last) = (old.0 - 1, new.0 - 1);
    while at & 1 == 1 {
        (at, last) = (at >> 1, last >> 1);
    }
    let whole = old.0.is_power_of_two().then_some(old.1);
    let mut path = whole.into_iter().chain(path);
    let Some(first) = path.next() else { return false };
    let (mut before, mut after) = (*first, *first);
    for beside in path {
        if last == 0 {
            return false;
        }
        if at & 1 == 1 || at == last {
            before = node(beside, &before);
            after = node(beside, &after);
            while at & 1 == 0 && at != 0 {
                (at, last) = (at >> 1, last >> 1);
            }
        } else {
            after = node(&after, beside);
        }
        (at, last) = (at >> 1, last >> 1);
    }
    last == 0 && before == *old.1 && after == *new.1
}

#[cfg(test)]
mod tests;
