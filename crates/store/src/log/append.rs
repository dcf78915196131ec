//! The append: a batch of decided commands, turned into columns, and one statement (`migrations/0002_append.sql`).

use super::{Outcome, OutcomeKind, SCHEMA, hash};
use crate::execute::Prepared;
use crate::{Failed, RecordedBy};
use chrono::{DateTime, Utc};
use domain::id::Organisation;
use sqlx::PgConnection;
use uuid::Uuid;

/// Appends commands in one statement. A command number and a new subject come at most once in a batch.
pub(crate) async fn append(
    on: &mut PgConnection,
    organisation: Organisation,
    batch: &[&Prepared],
    recorded_by: RecordedBy,
) -> Result<Vec<Outcome>, Failed> {
    let columns = Columns::of(batch);
    let rows = match recorded_by {
        RecordedBy::Database => columns.append(on, organisation).await?,
        RecordedBy::Stamp => columns.append_as_of(on, organisation).await?,
    };
    rows.into_iter().map(|row| row.outcome(organisation)).collect()
}

struct OutcomeRow {
    outcome: Option<String>,
    at_position: Option<i64>,
    at_version: Option<i32>,
    at_chain: Option<Vec<u8>>,
    at_time: Option<DateTime<Utc>>,
}

impl OutcomeRow {
    fn outcome(self, organisation: Organisation) -> Result<Outcome, Failed> {
        let position = self.at_position.unwrap_or_default();
        let kind = match self.outcome.as_deref() {
            Some("recorded") => OutcomeKind::Recorded,
            Some("repeated") => OutcomeKind::Repeated,
            Some("reused") => OutcomeKind::Reused,
            Some("overtaken") => OutcomeKind::Overtaken,
            Some("rekeyed") => OutcomeKind::Rekeyed,
            other => {
                let what = format!("append() answered {other:?}");
                return Err(Failed::Corrupt { organisation, position, what });
            }
        };
        let chain = self.at_chain.map(|it| hash(organisation, position, &it)).transpose()?;
        let version = self.at_version.unwrap_or_default();
        Ok(Outcome { kind, position, version, chain, recorded_at: self.at_time })
    }
}

/// A batch, turned into the columns that `append()` takes.
#[derive(Default)]
struct Columns<'a> {
    as_of: Vec<DateTime<Utc>>,
    c_id: Vec<Uuid>,
    c_by: Vec<Uuid>,
    c_mac: Vec<&'a [u8]>,
    c_stream: Vec<&'a str>,
    c_stream_id: Vec<Uuid>,
    c_expected: Vec<i32>,
    e_command: Vec<i32>,
    e_schema: Vec<i16>,
    e_body: Vec<&'a str>,
    e_sealed: Vec<Option<&'a [u8]>>,
    p_event: Vec<i32>,
    p_nth: Vec<i16>,
    p_subject: Vec<Uuid>,
    p_part: Vec<&'a str>,
    p_sealed: Vec<&'a [u8]>,
    k_command: Vec<i32>,
    k_subject: Vec<Uuid>,
    k_wrapped: Vec<&'a [u8]>,
}

impl<'a> Columns<'a> {
    fn of(batch: &'a [&Prepared]) -> Self {
        let mut it = Self::default();
        for (command, prepared) in (1..).zip(batch) {
            it.as_of.push(prepared.stamp.at);
            it.c_id.push(prepared.stamp.key);
            it.c_by.push(prepared.stamp.by);
            it.c_mac.push(&prepared.mac);
            it.c_stream.push(prepared.stream);
            it.c_stream_id.push(prepared.stream_id);
            it.c_expected.push(prepared.expected);
            for (nth, body) in prepared.bodies.iter().enumerate() {
                it.e_command.push(command);
                it.e_schema.push(SCHEMA);
                it.e_body.push(body);
                // Particulars go with the first event of their command.
                let first = nth == 0;
                it.e_sealed
                    .push(prepared.digest.as_ref().filter(|_| first).map(<[u8; 32]>::as_slice));
                if first {
                    it.particulars(prepared);
                }
            }
            for (subject, wrapped) in &prepared.new_keys {
                it.k_command.push(command);
                it.k_subject.push(*subject);
                it.k_wrapped.push(wrapped);
            }
        }
        it
    }

    fn particulars(&mut self, prepared: &'a Prepared) {
        for (nth, (subject, part, sealed)) in (1..).zip(&prepared.sealed) {
            self.p_event.push(self.e_command.len() as i32);
            self.p_nth.push(nth);
            self.p_subject.push(*subject);
            self.p_part.push(part);
            self.p_sealed.push(sealed);
        }
    }

    async fn append(
        &self,
        on: &mut PgConnection,
        organisation: Organisation,
    ) -> Result<Vec<OutcomeRow>, Failed> {
        Ok(sqlx::query_as!(
            OutcomeRow,
            "select outcome, at_position, at_version, at_chain, at_time from append(
                $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19)
             order by nth",
            organisation.as_str(),
            &self.c_id,
            &self.c_by,
            &self.c_mac as _,
            &self.c_stream as _,
            &self.c_stream_id,
            &self.c_expected,
            &self.e_command,
            &self.e_schema,
            &self.e_body as _,
            &self.e_sealed as _,
            &self.p_event,
            &self.p_nth,
            &self.p_subject,
            &self.p_part as _,
            &self.p_sealed as _,
            &self.k_command,
            &self.k_subject,
            &self.k_wrapped as _
        )
        .fetch_all(on)
        .await?)
    }

    async fn append_as_of(
        &self,
        on: &mut PgConnection,
        organisation: Organisation,
    ) -> Result<Vec<OutcomeRow>, Failed> {
        Ok(sqlx::query_as!(
            OutcomeRow,
            "select outcome, at_position, at_version, at_chain, at_time from append_as_of(
                $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20)
             order by nth",
            organisation.as_str(),
            &self.as_of,
            &self.c_id,
            &self.c_by,
            &self.c_mac as _,
            &self.c_stream as _,
            &self.c_stream_id,
            &self.c_expected,
            &self.e_command,
            &self.e_schema,
            &self.e_body as _,
            &self.e_sealed as _,
            &self.p_event,
            &self.p_nth,
            &self.p_subject,
            &self.p_part as _,
            &self.p_sealed as _,
            &self.k_command,
            &self.k_subject,
            &self.k_wrapped as _
        )
        .fetch_all(on)
        .await?)
    }
}
