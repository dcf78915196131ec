//! The heads that were signed, and proofs under them: that an event is in the log, and that one head goes on where another ended.

use super::note::{Note, Signature, VerifierKey};
use super::tree::{self, Compact, TILE};
use crate::chain::Hash;
use crate::{Failed, Store, log as events};
use domain::id::Log;
use sqlx::PgConnection;
use std::fmt;
use std::ops::Range;

/// A head as it was signed, with what witnesses put below it.
#[derive(Clone, Debug, PartialEq)]
pub struct Signed {
    pub note: Note,
    pub cosignatures: Vec<(VerifierKey, Signature)>,
}

impl fmt::Display for Signed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.note)?;
        self.cosignatures.iter().try_for_each(|(_, line)| writeln!(f, "{line}"))
    }
}

/// That an event is in the log: its chain, the head under which it falls, and the way from the one to the other.
#[derive(Clone, Debug, PartialEq)]
pub struct Inclusion {
    pub chain: Hash,
    pub note: Note,
    pub path: Vec<Hash>,
}

/// A head as it is stored: what cannot be read is for `verify` to name.
pub(crate) struct Stored {
    pub(crate) size: i64,
    pub(crate) note: String,
}

impl Stored {
    fn read(self, log: Log) -> Result<Note, Failed> {
        let what = "a tree head cannot be read".to_owned();
        self.note.parse().map_err(|_| Failed::Corrupt { log, position: self.size, what })
    }
}

impl Store {
    /// The heads of a log, the newest first, from those below a size on.
    pub async fn heads(
        &self,
        log: Log,
        below: Option<i64>,
        limit: i64,
    ) -> Result<Vec<Signed>, Failed> {
        let mut on = self.inner.read.of(log).await?;
        let rows = sqlx::query_as!(
            Stored,
            "select size, note from tree_head where organisation = $1 and size < $2 order by size desc limit $3",
            log.to_string(),
            below.unwrap_or(i64::MAX),
            limit
        )
        .fetch_all(&mut *on)
        .await?;
        let mut heads = Vec::with_capacity(rows.len());
        for row in rows {
            let cosignatures = cosignatures(&mut on, log, row.size).await?;
            heads.push(Signed { note: row.read(log)?, cosignatures });
        }
        on.give_back();
        Ok(heads)
    }

    /// The first head that covers a position. It stays the first: no smaller one is signed after it.
    pub async fn covering(&self, log: Log, position: i64) -> Result<Option<Note>, Failed> {
        let mut on = self.inner.read.of(log).await?;
        let row = sqlx::query_as!(
            Stored,
            "select size, note from tree_head where organisation = $1 and size >= $2 order by size limit 1",
            log.to_string(),
            position
        )
        .fetch_optional(&mut *on)
        .await?;
        on.give_back();
        row.map(|it| it.read(log)).transpose()
    }

    /// How many events of a log are under its newest head.
    pub async fn signed_up_to(&self, log: Log) -> Result<i64, Failed> {
        let mut on = self.inner.read.of(log).await?;
        let size = sqlx::query_scalar!(
            "select max(size) from tree_head where organisation = $1",
            log.to_string()
        )
        .fetch_one(&mut *on)
        .await?;
        on.give_back();
        Ok(size.unwrap_or_default())
    }

    /// Proof that the event at a position is in the log; `None` when there is no such event, or no head over it yet.
    pub async fn inclusion(&self, log: Log, position: i64) -> Result<Option<Inclusion>, Failed> {
        let Some(note) = self.covering(log, position.max(1)).await? else { return Ok(None) };
        if position < 1 {
            return Ok(None);
        }
        let nth = position as u64 - 1;
        let mut on = self.inner.read.of(log).await?;
        let chains = events::chains(&mut *on, log, position - 1, 1).await?;
        let Some(chain) = chains.first().map(|(_, chain)| *chain) else { return Ok(None) };
        let path = hashes(&mut on, log, tree::inclusion(nth, note.head.size)).await?;
        on.give_back();
        Ok(Some(Inclusion { chain, note, path }))
    }

    /// Proof that a tree of a log is the beginning of a later one.
    pub async fn consistency(&self, log: Log, old: u64, new: u64) -> Result<Vec<Hash>, Failed> {
        let mut on = self.inner.read.of(log).await?;
        let path = hashes(&mut on, log, tree::consistency(old, new)).await?;
        on.give_back();
        Ok(path)
    }

    /// Keeps what a witness signed below a head.
    pub(super) async fn keep_cosignature(
        &self,
        log: Log,
        size: u64,
        witness: &VerifierKey,
        line: &Signature,
    ) -> Result<(), Failed> {
        sqlx::query!(
            "insert into cosignature (organisation, size, witness, line) values ($1, $2, $3, $4) on conflict do nothing",
            log.to_string(),
            size as i64,
            witness.to_string(),
            line.to_string()
        )
        .execute(&self.inner.pool)
        .await?;
        Ok(())
    }

    /// Up to which size a witness signed heads of a log.
    pub async fn cosigned_up_to(&self, log: Log, witness: &VerifierKey) -> Result<u64, Failed> {
        let mut on = self.inner.read.of(log).await?;
        let size = sqlx::query_scalar!(
            "select max(size) from cosignature where organisation = $1 and witness = $2",
            log.to_string(),
            witness.to_string()
        )
        .fetch_one(&mut *on)
        .await?;
        on.give_back();
        Ok(size.unwrap_or_default() as u64)
    }
}

async fn cosignatures(
    on: &mut PgConnection,
    log: Log,
    size: i64,
) -> Result<Vec<(VerifierKey, Signature)>, Failed> {
    let rows = sqlx::query!(
        "select witness, line from cosignature where organisation = $1 and size = $2 order by witness",
        log.to_string(),
        size
    )
    .fetch_all(on)
    .await?;
    let read = |(witness, line): (String, String)| {
        let what = "a cosignature cannot be read".to_owned();
        let wrong = Failed::Corrupt { log, position: size, what };
        let both = witness.parse().ok().zip(Signature::read(&line));
        both.ok_or(wrong)
    };
    rows.into_iter().map(|row| read((row.witness, row.line))).collect()
}

/// The newest head of a log.
pub(super) async fn newest(on: &mut PgConnection, log: Log) -> Result<Option<Note>, Failed> {
    Ok(since(on, log, None, 1).await?.pop())
}

/// The heads of a log after a size, the oldest first; without a size, the newest.
pub(super) async fn since(
    on: &mut PgConnection,
    log: Log,
    size: Option<u64>,
    limit: i64,
) -> Result<Vec<Note>, Failed> {
    let rows = sqlx::query_as!(
        Stored,
        "select size, note from tree_head where organisation = $1 and size > $2
         order by case when $3 then -size else size end limit $4",
        log.to_string(),
        size.unwrap_or_default() as i64,
        size.is_none(),
        limit
    )
    .fetch_all(on)
    .await?;
    rows.into_iter().map(|it| it.read(log)).collect()
}

/// Keeps new heads with the whole subtrees below them: in one statement, both or neither. A head that is not the largest is not
/// kept: somebody else signed a later one meanwhile.
pub(super) async fn keep(
    on: &mut PgConnection,
    log: Log,
    nodes: &[tree::Node],
    notes: &[Note],
) -> Result<(), Failed> {
    let levels: Vec<i16> = nodes.iter().map(|it| it.level as i16).collect();
    let numbers: Vec<i64> = nodes.iter().map(|it| it.nth as i64).collect();
    let hashes: Vec<&[u8]> = nodes.iter().map(|it| it.hash.as_slice()).collect();
    let sizes: Vec<i64> = notes.iter().map(|it| it.head.size as i64).collect();
    let texts: Vec<String> = notes.iter().map(ToString::to_string).collect();
    sqlx::query!(
        "with kept as (
             insert into tree_node (organisation, level, nth, hash)
             select $1, * from unnest($2::smallint[], $3::bigint[], $4::bytea[]) on conflict do nothing)
         insert into tree_head (organisation, size, note)
         select $1, size, note from unnest($5::bigint[], $6::text[]) as t (size, note)
         where size > coalesce((select max(size) from tree_head where organisation = $1), 0) on conflict do nothing",
        log.to_string(),
        &levels,
        &numbers,
        &hashes as _,
        &sizes,
        &texts
    )
    .execute(on)
    .await?;
    Ok(())
}

/// The tree of the first events of a log, to go on from: made of the nodes that are kept, and less than 256 events.
pub(super) async fn tree_of(on: &mut PgConnection, log: Log, size: u64) -> Result<Compact, Failed> {
    let mut tree = Compact::default();
    for (level, nth) in tree::subtrees(&(0..size)) {
        tree.put(level, subtree(on, log, level, nth).await?, |_| {});
    }
    Ok(tree)
}

async fn hashes(
    on: &mut PgConnection,
    log: Log,
    ranges: Vec<Range<u64>>,
) -> Result<Vec<Hash>, Failed> {
    let mut all = Vec::with_capacity(ranges.len());
    for range in ranges {
        let mut tree = Compact::after(range.start);
        for (level, nth) in tree::subtrees(&range) {
            tree.put(level, subtree(on, log, level, nth).await?, |_| {});
        }
        all.push(tree.root());
    }
    Ok(all)
}

/// The hash of a whole subtree, from the nodes of the level below that are kept, or from the log.
async fn subtree(on: &mut PgConnection, log: Log, level: u32, nth: u64) -> Result<Hash, Failed> {
    let below = level / TILE * TILE;
    let number = 1 << (level - below);
    let first = nth * number;
    let mut tree = Compact::after(first << below);
    if below == 0 {
        for (_, chain) in events::chains(on, log, first as i64, number as i64).await? {
            tree.push(&chain, |_| {});
        }
    } else {
        let hashes = sqlx::query_scalar!(
            "select hash from tree_node where organisation = $1 and level = $2 and nth >= $3 and nth < $3 + $4::bigint order by nth",
            log.to_string(),
            below as i16,
            first as i64,
            number as i64
        )
        .fetch_all(on)
        .await?;
        for hash in hashes {
            tree.put(below, hash.as_slice().try_into().unwrap_or_default(), |_| {});
        }
    }
    if tree.size() == (first + number) << below {
        return Ok(tree.root());
    }
    let what = format!("the tree holds no {number} nodes of level {below} from {first} on");
    Err(Failed::Corrupt { log, position: tree.size() as i64 + 1, what })
}
