//! The tree along the walk: its pieces are hashed beside the chain, and at each size of which there is a head its root is held against that.

use super::{Break, What};
use crate::chain::Hash;
use crate::proof::tree::{Compact, Node, TILE};
use std::collections::{BTreeMap, BTreeSet};

/// Of how many events a piece is: a whole subtree.
pub(super) const PIECE: usize = 1024;

/// What some events add to the tree.
pub(super) struct Piece {
    own: Compact,
    sizes: Vec<u64>,
    /// What stands there at each of the sizes that are asked for.
    at: Vec<(u64, Vec<Node>)>,
    tiles: Vec<Node>,
}

impl Piece {
    /// Behind so many events; `sizes` are those of which there are heads.
    pub(super) fn new(from: u64, sizes: Vec<u64>) -> Self {
        Self { own: Compact::after(from), sizes, at: vec![], tiles: vec![] }
    }

    pub(super) fn push(&mut self, chain: &Hash) {
        let tiles = &mut self.tiles;
        self.own.push(chain, |node| tiles.extend(is_tile(&node).then_some(node)));
        if self.sizes.binary_search(&self.own.size()).is_ok() {
            self.at.push((self.own.size(), self.own.nodes().to_vec()));
        }
    }
}

fn is_tile(node: &Node) -> bool {
    node.level > 0 && node.level.is_multiple_of(TILE)
}

/// A node as it is kept: level, number, hash.
pub(super) type Kept = (i16, i64, Vec<u8>);

/// The tree so far, and what has to be found in it.
#[derive(Default)]
pub(super) struct Grown {
    tree: Compact,
    tiles: BTreeMap<(i16, i64), Hash>,
    /// The roots that heads say there are, by size.
    heads: BTreeMap<u64, Vec<Hash>>,
}

impl Grown {
    pub(super) fn expecting(heads: impl IntoIterator<Item = (u64, Hash)>) -> Self {
        let mut it = Self::default();
        for (size, root) in heads {
            it.heads.entry(size).or_default().push(root);
        }
        it
    }

    /// The sizes of heads among some events that come.
    pub(super) fn sizes(&self, from: u64) -> Vec<u64> {
        self.heads.range(from + 1..=from + PIECE as u64).map(|(size, _)| *size).collect()
    }

    pub(super) fn size(&self) -> u64 {
        self.tree.size()
    }

    pub(super) fn root(&self) -> Hash {
        self.tree.root()
    }

    /// Goes on; answers with the breaks of the heads on the way.
    pub(super) fn add(&mut self, piece: Piece) -> Vec<Break> {
        let mut breaks = Vec::new();
        for (size, nodes) in &piece.at {
            let root = self.tree.root_with(nodes);
            if self.heads[size].iter().any(|it| *it != root) {
                breaks.push(Break { position: *size as i64, what: What::Head });
            }
        }
        let tiles = &mut self.tiles;
        let mut keep = |node: Node| {
            if is_tile(&node) {
                tiles.insert((node.level as i16, node.nth as i64), node.hash);
            }
        };
        piece.tiles.into_iter().for_each(&mut keep);
        for node in piece.own.nodes() {
            self.tree.put(node.level, node.hash, &mut keep);
        }
        breaks
    }

    /// The heads that stand beyond the end, which is at this position; and of the nodes that are kept those that are not what they should
    /// be, or are missing under the newest kept head.
    pub(super) fn end(&self, end: i64, newest: i64, kept: &[Kept]) -> Vec<Break> {
        let beyond = self.heads.keys().filter(|size| **size > self.tree.size());
        let beyond = beyond.map(|size| {
            let position = *size as i64;
            let what = if position > end { What::Cut { end } } else { What::Head };
            Break { position, what }
        });
        let last =
            |level: i16, nth: i64| nth.saturating_add(1).saturating_mul(1 << level.clamp(0, 62));
        let node = |level, nth| Break { position: last(level, nth), what: What::Node };
        let wrong = kept.iter().filter(|(level, nth, hash)| {
            self.tiles.get(&(*level, *nth)).is_none_or(|it| it.as_slice() != hash.as_slice())
        });
        let wrong = wrong.map(|(level, nth, _)| node(*level, *nth));
        let there: BTreeSet<(i16, i64)> =
            kept.iter().map(|(level, nth, _)| (*level, *nth)).collect();
        let missing = self.tiles.keys().filter(|(level, nth)| last(*level, *nth) <= newest);
        let missing =
            missing.filter(|it| !there.contains(it)).map(|(level, nth)| node(*level, *nth));
        beyond.chain(wrong).chain(missing).collect()
    }
}
