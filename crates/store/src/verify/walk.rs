//! Walking along the chain, event by event: does each follow on the one before, in its log and in its stream, and are its sealed
//! particulars those that came with it?

use super::{Break, Head, What};
use crate::chain::{self, Hash};
use crate::sealed;
use domain::id::Log;
use std::collections::HashMap;
use tokio::sync::mpsc;
use uuid::Uuid;

/// An event as it is stored.
pub struct Row {
    pub position: i64,
    pub stream: String,
    pub stream_id: Uuid,
    pub version: i32,
    pub schema: i16,
    pub body: String,
    pub recorded_at: chrono::DateTime<chrono::Utc>,
    pub recorded_by: Uuid,
    pub command_id: Uuid,
    pub command_mac: Vec<u8>,
    pub sealed: Option<Vec<u8>>,
    pub chain: Vec<u8>,
}

impl Row {
    pub(super) fn chain(&self) -> Hash {
        self.chain.as_slice().try_into().unwrap_or_default()
    }

    fn after(&self, log: Log, before: &Hash) -> Hash {
        let link = chain::Link {
            log,
            position: self.position,
            stream: &self.stream,
            stream_id: self.stream_id,
            version: self.version,
            schema: self.schema,
            body: &self.body,
            recorded_at: chain::database_time(self.recorded_at),
            recorded_by: self.recorded_by,
            command_id: self.command_id,
            command_mac: &self.command_mac,
            sealed: self.sealed.as_deref(),
        };
        link.after(before)
    }
}

/// What is left of an event after hashing.
pub(super) struct Link {
    position: i64,
    stream: (Uuid, StreamName),
    version: i32,
    chain: Hash,
    right: bool,
    sealed: Option<Vec<u8>>,
}

/// The first letters of a stream name tell the streams apart, and cost no memory per event.
type StreamName = [u8; 2];

/// Hashes events that stand one after another. Goes on from what is stored, so that one change is one break, and a second is found
/// as well.
pub(super) fn links(log: Log, before: &Hash, rows: Vec<Row>) -> Vec<Link> {
    let mut before = *before;
    let link = |row: Row| {
        let chain = row.chain();
        let right = row.after(log, &before) == chain;
        before = chain;
        let name = row.stream.as_bytes();
        let name = [name.first().copied().unwrap_or(0), name.get(1).copied().unwrap_or(0)];
        let stream = (row.stream_id, name);
        let (position, version, sealed) = (row.position, row.version, row.sealed);
        Link { position, stream, version, chain, right, sealed }
    };
    rows.into_iter().map(link).collect()
}

/// A particular as it is stored.
pub struct Part {
    pub position: i64,
    pub nth: i16,
    pub subject: Uuid,
    pub name: String,
    pub sealed: Vec<u8>,
}

/// The particulars of one event: what the chain should hold of them, if they are numbered as they should.
pub(super) struct Sealed {
    position: i64,
    digest: Option<Hash>,
}

impl Sealed {
    pub(super) fn of(parts: &[Part]) -> Self {
        let all: Vec<_> =
            parts.iter().map(|it| (it.subject, it.name.as_str(), it.sealed.as_slice())).collect();
        let in_order = (1..).zip(parts).all(|(nth, it)| it.nth == nth);
        let position = parts.first().map_or(0, |it| it.position);
        Self { position, digest: in_order.then(|| sealed::digest(&all)) }
    }
}

pub(super) struct Walk<'a> {
    kept: &'a [Head],
    beside: mpsc::Receiver<Sealed>,
    next: Option<Sealed>,
    pub(super) position: i64,
    pub(super) chain: Hash,
    versions: HashMap<(Uuid, StreamName), i32>,
    pub(super) events: u64,
    pub(super) breaks: Vec<Break>,
}

impl<'a> Walk<'a> {
    pub(super) fn new(log: Log, kept: &'a [Head], beside: mpsc::Receiver<Sealed>) -> Self {
        Self {
            kept,
            beside,
            next: None,
            position: 0,
            chain: chain::genesis(log),
            versions: HashMap::new(),
            events: 0,
            breaks: vec![],
        }
    }

    pub(super) async fn step(&mut self, link: Link) {
        let position = link.position;
        if position != self.position + 1 {
            self.broken(position, What::Gap { after: self.position });
        }
        if !link.right {
            self.broken(position, What::Changed);
        }
        let version = self.versions.entry(link.stream).or_default();
        let follows = link.version == *version + 1;
        *version = link.version;
        if !follows {
            self.broken(position, What::Version);
        }
        if self.kept.iter().any(|head| head.position == position && head.chain != link.chain) {
            self.broken(position, What::Rewritten);
        }
        let right = match (self.particulars(position).await, &link.sealed) {
            (None, None) => true,
            (Some(Some(digest)), Some(sealed)) => digest.as_slice() == sealed.as_slice(),
            (Some(_), _) | (None, Some(_)) => false,
        };
        if !right {
            self.broken(position, What::Particulars);
        }
        self.chain = link.chain;
        self.position = position;
        self.events += 1;
    }

    /// The end of the log: what was kept beyond it, and what belongs to nothing.
    pub(super) async fn end(&mut self) {
        for head in self.kept {
            if head.position > self.position {
                self.broken(head.position, What::Cut { end: self.position });
            }
        }
        let _beyond_the_end = self.particulars(i64::MAX).await;
    }

    /// The digest of the particulars at a position; what stands before it belongs to no event.
    async fn particulars(&mut self, position: i64) -> Option<Option<Hash>> {
        loop {
            if self.next.is_none() {
                self.next = self.beside.recv().await;
            }
            match self.next.take() {
                Some(it) if it.position < position => self.broken(it.position, What::Particulars),
                Some(it) if it.position == position => return Some(it.digest),
                later => {
                    self.next = later;
                    return None;
                }
            }
        }
    }

    fn broken(&mut self, position: i64, what: What) {
        self.breaks.push(Break { position, what });
    }
}
