//! A log for others, and its verification without the database: all that the chain and the tree are made of, and of particulars
//! only digests. One JSON object per line; `migrations/README.md` says what each means.

use super::signed::Signed;
use super::tree::{Grown, PIECE, Piece};
use super::walk::{Micros, Row, Sealed, Walk, links};
use super::{Evidence, Verdict};
use crate::chain::{self, Hash};
use domain::id::Log;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use thiserror::Error;
use tokio::sync::mpsc;
use uuid::Uuid;

/// The version of this way of writing.
pub(super) const VERSION: u32 = 1;

/// One line of an export.
#[derive(Serialize, Deserialize)]
#[serde(tag = "soort", rename_all = "lowercase")]
pub(super) enum Line {
    Logboek {
        versie: u32,
        log: String,
    },
    Gebeurtenis(EventLine),
    /// The particulars at a position, by number: the digest of each.
    Delen {
        positie: i64,
        delen: Vec<(i16, String)>,
    },
    Stand {
        grootte: i64,
        stand: String,
    },
    Knoop {
        niveau: i16,
        nummer: i64,
        hash: String,
    },
    Medeondertekening {
        grootte: i64,
        getuige: String,
        regel: String,
    },
}

#[derive(Serialize, Deserialize)]
pub(super) struct EventLine {
    pub(super) positie: i64,
    pub(super) stroom: String,
    pub(super) stroomnummer: Uuid,
    pub(super) versie: i32,
    pub(super) schema: i16,
    pub(super) inhoud: String,
    /// Microseconds since 2000-01-01.
    pub(super) vastgelegd: i64,
    pub(super) door: Uuid,
    pub(super) opdracht: Uuid,
    pub(super) kenmerk: String,
    pub(super) verzegeld: Option<String>,
    pub(super) keten: String,
}

/// What is no export.
#[derive(Clone, Debug, PartialEq, Error)]
pub enum NoExport {
    #[error("regel {0} is niet te lezen")]
    Line(usize),
    #[error("de eerste regel zegt niet van welk logboek dit is")]
    NoLog,
}

/// A log as it was exported, in memory.
pub struct Export {
    pub log: Log,
    rows: Vec<Row>,
    parts: BTreeMap<i64, Vec<(i16, Hash)>>,
    signed: Signed,
}

impl Export {
    /// From the lines of an export of the log, of its heads, or both.
    pub fn read<'a>(lines: impl IntoIterator<Item = &'a str>) -> Result<Self, NoExport> {
        let (mut log, mut rows, mut parts) = (None, Vec::new(), BTreeMap::<i64, Vec<_>>::new());
        let mut signed = Signed::default();
        for (nth, line) in (1..).zip(lines) {
            let unreadable = |_| NoExport::Line(nth);
            match serde_json::from_str(line).map_err(unreadable)? {
                Line::Logboek { log: name, .. } => {
                    log = Some(name.parse().map_err(|_| NoExport::NoLog)?);
                }
                Line::Gebeurtenis(it) => rows.push(it.row().ok_or(NoExport::Line(nth))?),
                Line::Delen { positie, delen } => {
                    let hash = |it: &str| chain::bytes_of(it).and_then(|it| it.try_into().ok());
                    let of =
                        |(nth, digest): (i16, String)| (nth, hash(&digest).unwrap_or_default());
                    parts.entry(positie).or_default().extend(delen.into_iter().map(of));
                }
                Line::Stand { grootte, stand } => signed.heads.push((grootte, stand)),
                Line::Knoop { niveau, nummer, hash } => {
                    signed.nodes.push((
                        niveau,
                        nummer,
                        chain::bytes_of(&hash).ok_or(NoExport::Line(nth))?,
                    ));
                }
                Line::Medeondertekening { grootte, getuige, regel } => {
                    signed.cosignatures.push((grootte, getuige, regel));
                }
            }
        }
        rows.sort_by_key(|it: &Row| it.position);
        for of_event in parts.values_mut() {
            of_event.sort_by_key(|(nth, _)| *nth);
        }
        Ok(Self { log: log.ok_or(NoExport::NoLog)?, rows, parts, signed })
    }

    /// Verifies it as the log itself is verified.
    pub async fn verify(self, evidence: &Evidence) -> Verdict {
        let evidence = evidence.of(self.log);
        let said = self.signed.say(self.log, &evidence.published, &evidence.trust);
        let (digests, beside) = mpsc::channel(self.parts.len().max(1));
        for (position, parts) in &self.parts {
            let _there_is_room = digests.try_send(Sealed::of(*position, parts));
        }
        drop(digests);
        let grown = Grown::expecting(said.roots.iter().copied());
        let mut walk = Walk::new(self.log, &evidence.kept, beside, grown);
        let (mut before, mut read) = (chain::genesis(self.log), 0);
        let mut rows = self.rows.into_iter().peekable();
        while rows.peek().is_some() {
            let chunk: Vec<Row> = rows.by_ref().take(PIECE).collect();
            let piece = Piece::new(read, walk.grown.sizes(read));
            read += chunk.len() as u64;
            let last = chunk.last().map_or(before, Row::chain);
            walk.take(links(self.log, &before, chunk, piece)).await;
            before = last;
        }
        walk.end(said.newest, &self.signed.nodes).await;
        walk.breaks.extend(said.breaks);
        walk.verdict()
    }
}

impl EventLine {
    fn row(self) -> Option<Row> {
        Some(Row {
            position: self.positie,
            stream: self.stroom,
            stream_id: self.stroomnummer,
            version: self.versie,
            schema: self.schema,
            body: self.inhoud,
            recorded_at: Micros(self.vastgelegd),
            recorded_by: self.door,
            command_id: self.opdracht,
            command_mac: chain::bytes_of(&self.kenmerk)?,
            sealed: self.verzegeld.map(|it| chain::bytes_of(&it).ok_or(())).transpose().ok()?,
            chain: chain::bytes_of(&self.keten)?,
        })
    }
}
