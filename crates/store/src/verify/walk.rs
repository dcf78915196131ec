//! Walking along the chain, event by event: does each follow on the one before, in its log and in its stream, and are its sealed
//! particulars those that came with it?

use super::tree::{Grown, Kept, Piece};
use super::{Break, Head, Verdict, What};
use crate::chain::{self, Hash};
use crate::sealed;
use chrono::{DateTime, Utc};
use domain::decider::Decider;
use domain::erasure::{self, Erasure};
use domain::id::Log;
use sqlx::error::BoxDynError;
use sqlx::postgres::{PgTypeInfo, PgValueRef};
use sqlx::{Decode, Postgres};
use std::collections::{BTreeMap, HashMap, HashSet};
use tokio::sync::mpsc;
use uuid::Uuid;

/// Microseconds since 2000-01-01, as the database has them.
#[derive(Clone, Copy)]
pub(super) struct Micros(pub(super) i64);

impl sqlx::Type<Postgres> for Micros {
    fn type_info() -> PgTypeInfo {
        DateTime::<Utc>::type_info()
    }
}

impl<'r> Decode<'r, Postgres> for Micros {
    fn decode(value: PgValueRef<'r>) -> Result<Self, BoxDynError> {
        Ok(Self(chain::database_time(DateTime::<Utc>::decode(value)?)))
    }
}

/// An event as it is stored.
pub(super) struct Row {
    pub(super) position: i64,
    pub(super) stream: String,
    pub(super) stream_id: Uuid,
    pub(super) version: i32,
    pub(super) schema: i16,
    pub(super) body: String,
    pub(super) recorded_at: Micros,
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
            recorded_at: self.recorded_at.0,
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

/// The first letters of a stream name tell the streams apart, and cost little memory per event.
type StreamName = [u8; 16];

/// Events that were hashed together: their links, and what they add to the tree.
pub(super) struct Chunk {
    pub(super) links: Vec<Link>,
    pub(super) piece: Piece,
}

/// Hashes events that stand one after another. Goes on from what is stored, so that one change is one break, and a second is found
/// as well.
pub(super) fn links(log: Log, before: &Hash, rows: Vec<Row>, mut piece: Piece) -> Chunk {
    let mut before = *before;
    let link = |row: Row| {
        let chain = row.chain();
        let right = row.after(log, &before) == chain;
        before = chain;
        piece.push(&chain);
        let mut name = StreamName::default();
        name.iter_mut().zip(row.stream.bytes()).for_each(|(to, from)| *to = from);
        let stream = (row.stream_id, name);
        let forgets = ordered(&row);
        let (position, version, sealed) = (row.position, row.version, row.sealed);
        Link { position, stream, version, chain, right, sealed, forgets }
    };
    let links = rows.into_iter().map(link).collect();
    Chunk { links, piece }
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
    /// Its number and digest; what is neither whole nor destroyed has none that fits.
    pub(super) fn digest(&self) -> (i16, Hash) {
        let digest = match (&self.name, &self.sealed, &self.digest) {
            (Some(name), Some(sealed), None) => sealed::part_digest(self.subject, name, sealed),
            (None, None, Some(digest)) => digest.as_slice().try_into().unwrap_or_default(),
            _ => Hash::default(),
        };
        (self.nth, digest)
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
    pub(super) fn of(position: i64, parts: &[(i16, Hash)]) -> Self {
        let in_order = (1..).zip(parts).all(|(expected, (nth, _))| *nth == expected);
        let digests: Vec<Hash> = parts.iter().map(|(_, digest)| *digest).collect();
        let digest = in_order.then(|| sealed::joined(&digests));
        Self { position, digest, destroyed: vec![] }
    }

    /// The same, of parts of which some may be destroyed.
    pub(super) fn of_stored(position: i64, parts: &[Part]) -> Self {
        let digests: Vec<(i16, Hash)> = parts.iter().map(Part::digest).collect();
        let destroyed = parts.iter().filter(|it| it.sealed.is_none()).map(|it| it.subject);
        Self { destroyed: destroyed.collect(), ..Self::of(position, &digests) }
    }
}

pub(super) struct Walk<'a> {
    pub(super) log: Log,
    kept: &'a [Head],
    beside: mpsc::Receiver<Sealed>,
    next: Option<Sealed>,
    pub(super) grown: Grown,
    position: i64,
    chain: Hash,
    versions: HashMap<(Uuid, StreamName), i32>,
    events: u64,
    pub(super) breaks: Vec<Break>,
    /// Where the first particular stood of each subject of whom one is gone.
    destroyed: BTreeMap<Uuid, i64>,
    /// Who was ordered to be forgotten, and by which orders.
    pub(super) orders: HashMap<Uuid, HashSet<Uuid>>,
}

impl<'a> Walk<'a> {
    pub(super) fn new(
        log: Log,
        kept: &'a [Head],
        beside: mpsc::Receiver<Sealed>,
        grown: Grown,
    ) -> Self {
        Self {
            log,
            kept,
            beside,
            next: None,
            grown,
            position: 0,
            chain: chain::genesis(log),
            versions: HashMap::new(),
            events: 0,
            breaks: vec![],
            destroyed: BTreeMap::new(),
            orders: HashMap::new(),
        }
    }

    pub(super) async fn take(&mut self, chunk: Chunk) {
        for link in chunk.links {
            self.step(link).await;
        }
        self.breaks.extend(self.grown.add(chunk.piece));
    }

    async fn step(&mut self, link: Link) {
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
        for subject in link.forgets {
            self.orders.entry(subject).or_default().insert(link.stream.0);
        }
        self.chain = link.chain;
        self.position = position;
        self.events += 1;
    }

    /// The end of the log: what was kept beyond it, and what belongs to nothing. Of the tree these nodes are kept, up to this head.
    pub(super) async fn end(&mut self, newest: i64, nodes: &[Kept]) {
        for head in self.kept {
            if head.position > self.position {
                self.broken(head.position, What::Cut { end: self.position });
            }
        }
        let _beyond_the_end = self.particulars(i64::MAX).await;
        // What is gone without an order was taken away.
        for (subject, position) in std::mem::take(&mut self.destroyed) {
            if !self.orders.contains_key(&subject) {
                self.broken(position, What::Particulars);
            }
        }
        self.breaks.extend(self.grown.end(self.position, newest, nodes));
    }

    pub(super) fn verdict(mut self) -> Verdict {
        self.breaks.sort_by_key(|it| it.position);
        self.breaks.dedup();
        let head = Head { log: self.log, position: self.position, chain: self.chain };
        let (size, root) = (self.grown.size(), self.grown.root());
        Verdict { log: self.log, events: self.events, head, size, root, breaks: self.breaks }
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
