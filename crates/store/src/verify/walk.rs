//! Walking along the chain, event by event: does each follow on the one before, in its log and in its stream, and are its sealed
//! particulars those that came with it?

use super::{Break, Head, What};
use crate::chain::{self, Hash};
use crate::sealed;
use domain::decider::Decider;
use domain::erasure::{self, Erasure};
use domain::id::Log;
use std::collections::{BTreeMap, HashMap, HashSet};
use tokio::sync::mpsc;
use uuid::Uuid;

/// An event as it is stored.
pub(super) struct Row {
    pub(super) position: i64,
    pub(super) stream: String,
    pub(super) stream_id: Uuid,
    pub(super) version: i32,
    pub(super) schema: i16,
    pub(super) body: String,
    pub(super) recorded_at: chrono::DateTime<chrono::Utc>,
    pub(super) recorded_by: Uuid,
    pub(super) command_id: Uuid,
    pub(super) command_mac: Vec<u8>,
    pub(super) sealed: Option<Vec<u8>>,
    pub(super) chain: Vec<u8>,
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
    /// Whom it orders to be forgotten.
    forgets: Vec<Uuid>,
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
        let forgets = ordered(&row);
        let (position, version, sealed) = (row.position, row.version, row.sealed);
        Link { position, stream, version, chain, right, sealed, forgets }
    };
    rows.into_iter().map(link).collect()
}

/// Whom an event orders to be forgotten.
fn ordered(row: &Row) -> Vec<Uuid> {
    if row.stream != Erasure::STREAM {
        return vec![];
    }
    match serde_json::from_str(&row.body) {
        Ok(erasure::Event::Ordered { subjects, .. }) => subjects,
        Ok(erasure::Event::Completed { .. }) | Err(_) => vec![],
    }
}

/// A particular as it is stored; or what is left of one that was destroyed.
pub(super) struct Part {
    pub(super) position: i64,
    pub(super) nth: i16,
    pub(super) subject: Uuid,
    pub(super) name: Option<String>,
    pub(super) sealed: Option<Vec<u8>>,
    pub(super) digest: Option<Vec<u8>>,
}

impl Part {
    fn digest(&self) -> Option<Hash> {
        match (&self.name, &self.sealed, &self.digest) {
            (Some(name), Some(sealed), None) => {
                Some(sealed::part_digest(self.subject, name, sealed))
            }
            (None, None, Some(digest)) => digest.as_slice().try_into().ok(),
            _ => None,
        }
    }
}

/// The particulars of one event: what the chain should hold of them, if they are numbered as they should.
pub(super) struct Sealed {
    position: i64,
    digest: Option<Hash>,
    /// Of whom something is gone.
    destroyed: Vec<Uuid>,
}

impl Sealed {
    pub(super) fn of(parts: &[Part]) -> Self {
        let all: Option<Vec<Hash>> = parts.iter().map(Part::digest).collect();
        let in_order = (1..).zip(parts).all(|(nth, it)| it.nth == nth);
        let position = parts.first().map_or(0, |it| it.position);
        let digest = all.filter(|_| in_order).map(|all| sealed::joined(&all));
        let destroyed = parts.iter().filter(|it| it.sealed.is_none()).map(|it| it.subject);
        Self { position, digest, destroyed: destroyed.collect() }
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
    /// Where the first particular stood of each subject of whom one is gone.
    destroyed: BTreeMap<Uuid, i64>,
    /// Who was ordered to be forgotten.
    pub(super) forgotten: HashSet<Uuid>,
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
            destroyed: BTreeMap::new(),
            forgotten: HashSet::new(),
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
        self.forgotten.extend(link.forgets);
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
        // What is gone without an order was taken away.
        for (subject, position) in std::mem::take(&mut self.destroyed) {
            if !self.forgotten.contains(&subject) {
                self.broken(position, What::Particulars);
            }
        }
    }

    /// The digest of the particulars at a position; what stands before it belongs to no event.
    async fn particulars(&mut self, position: i64) -> Option<Option<Hash>> {
        loop {
            if self.next.is_none() {
                self.next = self.beside.recv().await;
            }
            match self.next.take() {
                Some(it) if it.position < position => self.broken(it.position, What::Particulars),
                Some(it) if it.position == position => {
                    for subject in it.destroyed {
                        self.destroyed.entry(subject).or_insert(position);
                    }
                    return Some(it.digest);
                }
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
