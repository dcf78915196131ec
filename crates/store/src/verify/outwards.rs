//! Writes a log for others (`export`), page by page: no particulars, but the digest of each as it stands now, so that a change shows.

use super::export::{EventLine, Line, VERSION};
use super::walk::{Part, Row};
use crate::chain::hex;
use crate::{Failed, Store};
use domain::id::Log;
use std::io::{self, Write};
use thiserror::Error;

/// How many events are read at once.
const PAGE: i64 = 1000;

/// Why an export was broken off.
#[derive(Debug, Error)]
pub enum BrokenOff {
    #[error(transparent)]
    Failed(#[from] Failed),
    #[error("het bestand: {0}")]
    File(#[from] io::Error),
}

impl From<sqlx::Error> for BrokenOff {
    fn from(error: sqlx::Error) -> Self {
        Self::Failed(error.into())
    }
}

fn write(to: &mut impl Write, line: &Line) -> io::Result<()> {
    serde_json::to_writer(&mut *to, line)?;
    to.write_all(b"\n")
}

impl Store {
    /// The heads of a log with all that goes with them.
    pub async fn export_heads(&self, log: Log, to: &mut impl Write) -> Result<(), BrokenOff> {
        let signed = self.signed(log).await?;
        write(to, &Line::Logboek { versie: VERSION, log: log.to_string() })?;
        for (grootte, stand) in signed.heads {
            write(to, &Line::Stand { grootte, stand })?;
        }
        for (niveau, nummer, hash) in signed.nodes {
            write(to, &Line::Knoop { niveau, nummer, hash: hex(&hash) })?;
        }
        for (grootte, getuige, regel) in signed.cosignatures {
            write(to, &Line::Medeondertekening { grootte, getuige, regel })?;
        }
        Ok(())
    }

    /// The events of a log, and the digests of what was sealed beside them.
    pub async fn export_log(&self, log: Log, to: &mut impl Write) -> Result<(), BrokenOff> {
        write(to, &Line::Logboek { versie: VERSION, log: log.to_string() })?;
        let mut after = None;
        loop {
            let rows = self.page(log, after).await?;
            let full = rows.len() as i64 == PAGE;
            let last = rows.last().filter(|_| full).map(|it| it.position);
            let parts = self.parts(log, after, last).await?;
            for row in rows {
                write(to, &Line::Gebeurtenis(event(row)))?;
            }
            for part in parts {
                let (nth, digest) = part.digest();
                let delen = vec![(nth, hex(&digest))];
                write(to, &Line::Delen { positie: part.position, delen })?;
            }
            match last {
                Some(last) => after = Some(last),
                None => return Ok(()),
            }
        }
    }

    async fn page(&self, log: Log, after: Option<i64>) -> Result<Vec<Row>, Failed> {
        Ok(sqlx::query_as!(
            Row,
            r#"select position, stream, stream_id, version, schema, body::text as "body!", recorded_at as "recorded_at: super::walk::Micros",
                      recorded_by, command_id, command_mac, sealed, chain
               from event where organisation = $1 and position > $2 order by position limit $3"#,
            log.to_string(),
            after.unwrap_or(i64::MIN),
            PAGE
        )
        .fetch_all(&self.inner.pool)
        .await?)
    }

    async fn parts(
        &self,
        log: Log,
        after: Option<i64>,
        last: Option<i64>,
    ) -> Result<Vec<Part>, Failed> {
        Ok(sqlx::query_as!(
            Part,
            r#"select position as "position!", nth as "nth!", subject as "subject!", name, sealed, digest from (
                   select position, nth, subject, part as name, sealed, null::bytea as digest from particular
                   where organisation = $1 and position > $2 and position <= $3
                   union all
                   select position, nth, subject, null, null, digest from destroyed_part
                   where organisation = $1 and position > $2 and position <= $3) as parts
               order by position, nth"#,
            log.to_string(),
            after.unwrap_or(i64::MIN),
            last.unwrap_or(i64::MAX)
        )
        .fetch_all(&self.inner.pool)
        .await?)
    }
}

fn event(row: Row) -> EventLine {
    EventLine {
        positie: row.position,
        stroom: row.stream,
        stroomnummer: row.stream_id,
        versie: row.version,
        schema: row.schema,
        inhoud: row.body,
        vastgelegd: row.recorded_at.0,
        door: row.recorded_by,
        opdracht: row.command_id,
        kenmerk: hex(&row.command_mac),
        verzegeld: row.sealed.as_deref().map(hex),
        keten: hex(&row.chain),
    }
}
