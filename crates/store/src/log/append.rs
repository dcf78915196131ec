//! The append: a batch of decided commands, turned into columns, and one statement (`migrations/0002_append.sql`).

use super::{Outcome, OutcomeKind, SCHEMA, hash};
use crate::execute::Prepared;
use crate::{Failed, RecordedBy};
use chrono::{DateTime, Utc};
use domain::id::Log;
use sqlx::PgConnection;
use std::collections::HashMap;
use uuid::Uuid;

/// Appends commands in one statement. A command number and a new subject come at most once in a batch.
pub(crate) async fn append(
    on: &mut PgConnection,
    log: Log,
    batch: &[&Prepared],
    recorded_by: RecordedBy,
) -> Result<Vec<Outcome>, Failed> {
    let mut outcomes = HashMap::with_capacity(batch.len());
    for row in Columns::of(batch, recorded_by).append(on, log).await? {
        // Of the events of one command the last decides: there it ends.
        outcomes.insert(row.command, row.outcome(log)?);
    }
    let position = 0;
    let unanswered =
        || Failed::Corrupt { log, position, what: "append() left a command unanswered".to_owned() };
    batch.iter().map(|it| outcomes.remove(&it.stamp.key).ok_or_else(unanswered)).collect()
}

struct OutcomeRow {
    command: Uuid,
    outcome: Option<String>,
    at_position: Option<i64>,
    at_version: Option<i32>,
    at_chain: Option<Vec<u8>>,
    at_time: Option<DateTime<Utc>>,
}

impl OutcomeRow {
    fn outcome(self, log: Log) -> Result<Outcome, Failed> {
        let position = self.at_position.unwrap_or_default();
        let kind = match self.outcome.as_deref() {
            Some("recorded") => OutcomeKind::Recorded,
            Some("repeated") => OutcomeKind::Repeated,
            Some("reused") => OutcomeKind::Reused,
            Some("overtaken") => OutcomeKind::Overtaken,
            Some("rekeyed") => OutcomeKind::Rekeyed,
            Some("forgotten") => OutcomeKind::Forgotten,
            other => {
                let what = format!("append() answered {other:?}");
                return Err(Failed::Corrupt { log, position, what });
            }
        };
        let chain = self.at_chain.map(|it| hash(log, position, &it)).transpose()?;
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
    c_after: Vec<Option<i32>>,
    c_base: Vec<i32>,
    e_command: Vec<i32>,
    e_version: Vec<i32>,
    e_body: Vec<&'a str>,
    e_sealed: Vec<Option<&'a [u8]>>,
    p_event: Vec<i32>,
    p_nth: Vec<i16>,
    p_subject: Vec<Uuid>,
    p_part: Vec<&'a str>,
    p_sealed: Vec<&'a [u8]>,
    k_command: Vec<i32>,
    k_subject: Vec<Uuid>,
    k_key: Vec<Uuid>,
    f_command: Vec<i32>,
    f_subject: Vec<Uuid>,
}

impl<'a> Columns<'a> {
    fn of(batch: &'a [&Prepared], recorded_by: RecordedBy) -> Self {
        let mut it = Self::default();
        // The last command of each stream so far, and the version on which the first was decided.
        let mut streams: HashMap<(&str, Uuid), (i32, i32)> = HashMap::with_capacity(batch.len());
        for (command, prepared) in (1..).zip(batch) {
            if recorded_by == RecordedBy::Stamp {
                it.as_of.push(prepared.stamp.at);
            }
            it.c_id.push(prepared.stamp.key);
            it.c_by.push(prepared.stamp.by);
            it.c_mac.push(&prepared.mac);
            it.c_stream.push(prepared.stream);
            it.c_stream_id.push(prepared.stream_id);
            it.c_expected.push(prepared.expected);
            let stream = (prepared.stream, prepared.stream_id);
            let before = streams.get(&stream).copied();
            let base = before.map_or(prepared.expected, |(_, base)| base);
            // Two that are tied wait for each other: `append()` refuses both when one cannot be recorded.
            let with_next = prepared.tied.then_some(command + 1);
            let with_last = (command > 1 && batch[command as usize - 2].tied).then(|| command - 1);
            it.c_after.push(before.map(|(last, _)| last).or(with_next).or(with_last));
            it.c_base.push(base);
            streams.insert(stream, (command, base));
            it.events(command, prepared);
            for (subject, key) in &prepared.new_keys {
                it.k_command.push(command);
                it.k_subject.push(*subject);
                it.k_key.push(*key);
            }
            for subject in &prepared.forgets {
                it.f_command.push(command);
                it.f_subject.push(*subject);
            }
        }
        it
    }

    fn events(&mut self, command: i32, prepared: &'a Prepared) {
        for (nth, body) in (1..).zip(&prepared.bodies) {
            self.e_command.push(command);
            self.e_version.push(prepared.expected + nth);
            self.e_body.push(body);
            // Particulars go with the first event of their command.
            let first = nth == 1;
            let digest = prepared.digest.as_ref().filter(|_| first);
            self.e_sealed.push(digest.map(<[u8; 32]>::as_slice));
            if first {
                self.particulars(prepared);
            }
        }
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

    async fn append(&self, on: &mut PgConnection, log: Log) -> Result<Vec<OutcomeRow>, Failed> {
        Ok(sqlx::query_as!(
            OutcomeRow,
            r#"select command as "command!", outcome, at_position, at_version, at_chain, at_time from append(
                $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, $25)"#,
            log.to_string(),
            SCHEMA,
            &self.as_of,
            &self.c_id,
            &self.c_by,
            &self.c_mac as _,
            &self.c_stream as _,
            &self.c_stream_id,
            &self.c_expected,
            &self.c_after as _,
            &self.c_base,
            &self.e_command,
            &self.e_version,
            &self.e_body as _,
            &self.e_sealed as _,
            &self.p_event,
            &self.p_nth,
            &self.p_subject,
            &self.p_part as _,
            &self.p_sealed as _,
            &self.k_command,
            &self.k_subject,
            &self.k_key,
            &self.f_command,
            &self.f_subject
        )
        .fetch_all(on)
        .await?)
    }
}
