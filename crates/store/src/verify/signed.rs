//! Signed heads, as they are kept and as others published them: is each signed by whom is trusted, and what does it say of the log?

use super::tree::Kept;
use super::{Break, What};
use crate::chain::Hash;
use crate::proof::note::{Note, Signature, Trust, VerifierKey};
use domain::id::Log;
use std::collections::BTreeSet;

/// What stands in the database of the heads of one log.
#[derive(Default)]
pub(super) struct Signed {
    pub(super) heads: Vec<(i64, String)>,
    pub(super) cosignatures: Vec<(i64, String, String)>,
    pub(super) nodes: Vec<Kept>,
}

/// What heads say: the roots that the log has to have, and what is wrong with the heads themselves.
#[derive(Default)]
pub(super) struct Said {
    pub(super) roots: BTreeSet<(u64, Hash)>,
    pub(super) newest: i64,
    pub(super) breaks: Vec<Break>,
}

/// The log that an origin names: what stands before its name is anybody's.
pub fn log_of(origin: &str) -> Option<Log> {
    origin.match_indices('/').find_map(|(at, _)| origin[at + 1..].parse().ok())
}

impl Signed {
    pub(super) fn say(&self, log: Log, published: &[Note], trust: &Trust) -> Said {
        let mut said = Said::default();
        let mut kept = Vec::new();
        for (size, text) in &self.heads {
            said.newest = said.newest.max(*size);
            match text.parse::<Note>().ok().filter(|it| trust.holds(it)) {
                None => said.broken(*size, What::Signature),
                Some(note) if log_of(&note.head.origin) != Some(log) => {
                    said.broken(note.head.size as i64, What::Head);
                }
                Some(note) => {
                    if note.head.size as i64 != *size {
                        said.broken(note.head.size as i64, What::Head);
                    }
                    said.roots.insert((note.head.size, note.head.root));
                    kept.push((*size, note));
                }
            }
        }
        for note in published {
            if !trust.holds(note) {
                said.broken(note.head.size as i64, What::Signature);
                continue;
            }
            said.roots.insert((note.head.size, note.head.root));
            let size = note.head.size as i64;
            let lines = self.cosignatures.iter().filter(|(at, ..)| *at == size);
            let lines: Vec<&str> = lines.map(|(_, _, line)| line.as_str()).collect();
            let of_witness = |it: &&Signature| it.name != note.head.origin;
            let mut witnesses = note.signatures.iter().filter(of_witness);
            if !kept.iter().any(|(at, it)| *at == size && it.head == note.head)
                || witnesses.any(|it| !lines.contains(&it.to_string().as_str()))
            {
                said.broken(size, What::Missing);
            }
        }
        self.cosignatures(&kept, &mut said);
        said
    }

    fn cosignatures(&self, kept: &[(i64, Note)], said: &mut Said) {
        for (size, witness, line) in &self.cosignatures {
            let key = witness.parse::<VerifierKey>().ok();
            let head = kept.iter().find(|(at, _)| at == size).map(|(_, note)| &note.head);
            let holds = key.zip(Signature::read(line)).zip(head);
            let holds = holds.is_some_and(|((key, line), head)| key.holds(head, &line));
            if !holds {
                said.broken(*size, What::Cosignature);
            }
        }
    }
}

impl Said {
    fn broken(&mut self, position: i64, what: What) {
        self.breaks.push(Break { position, what });
    }
}
