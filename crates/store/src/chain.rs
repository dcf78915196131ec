//! The hash chain, told a second time in Rust: what `migrations/0002_append.sql` computes under the lock, `verify` recomputes.

use aws_lc_rs::digest;
use chrono::{DateTime, NaiveDate, Utc};
use domain::id::Log;
use uuid::Uuid;

/// SHA-256 of everything up to and including one event.
pub type Hash = [u8; 32];

/// The columns of one event, as the chain sees them.
pub struct Link<'a> {
    pub log: Log,
    pub position: i64,
    pub stream: &'a str,
    pub stream_id: Uuid,
    pub version: i32,
    pub schema: i16,
    pub body: &'a str,
    /// Microseconds since 2000-01-01 00:00 UTC: the precision of the database.
    pub recorded_at: i64,
    pub recorded_by: Uuid,
    pub command_id: Uuid,
    pub command_mac: &'a [u8],
    pub sealed: Option<&'a [u8]>,
}

/// The chain before the first event of a log.
pub fn genesis(log: impl Into<Log>) -> Hash {
    let log = log.into();
    sha256(&[format!("meldboek {log}").as_bytes()])
}

/// Microseconds since the epoch of PostgreSQL.
pub fn database_time(at: DateTime<Utc>) -> i64 {
    at.timestamp_micros() - epoch().timestamp_micros()
}

/// The moment of a number of microseconds since the epoch of PostgreSQL.
pub fn moment(database_time: i64) -> DateTime<Utc> {
    epoch() + chrono::Duration::microseconds(database_time)
}

fn epoch() -> DateTime<Utc> {
    NaiveDate::from_ymd_opt(2000, 1, 1)
        .and_then(|day| day.and_hms_opt(0, 0, 0))
        .map_or(DateTime::UNIX_EPOCH, |it| it.and_utc())
}

impl Link<'_> {
    /// The chain after this event.
    pub fn after(&self, before: &Hash) -> Hash {
        let length = |text: &str| (text.len() as u32).to_be_bytes();
        sha256(&[
            before,
            self.log.to_string().as_bytes(),
            &self.position.to_be_bytes(),
            &length(self.stream),
            self.stream.as_bytes(),
            self.stream_id.as_bytes(),
            &self.version.to_be_bytes(),
            &self.schema.to_be_bytes(),
            &length(self.body),
            self.body.as_bytes(),
            &self.recorded_at.to_be_bytes(),
            self.recorded_by.as_bytes(),
            self.command_id.as_bytes(),
            self.command_mac,
            self.sealed.unwrap_or_default(),
        ])
    }
}

/// SHA-256 over parts, one after another.
pub fn sha256(parts: &[&[u8]]) -> Hash {
    let mut context = digest::Context::new(&digest::SHA256);
    for part in parts {
        context.update(part);
    }
    let mut hash = [0; 32];
    hash.copy_from_slice(context.finish().as_ref());
    hash
}

/// Lower-case hexadecimal, as receipts and reports show it.
pub fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// The bytes of a hexadecimal text of 64 digits.
pub fn unhex(text: &str) -> Option<Hash> {
    bytes_of(text)?.try_into().ok()
}

/// The bytes that pairs of hexadecimal digits stand for; digits and nothing else, not even a sign.
pub(crate) fn bytes_of(text: &str) -> Option<Vec<u8>> {
    let digits = text.as_bytes();
    let whole = digits.len().is_multiple_of(2) && digits.iter().all(u8::is_ascii_hexdigit);
    let byte = |nth: usize| u8::from_str_radix(&text[nth..nth + 2], 16).ok();
    whole.then(|| (0..text.len()).step_by(2).map(byte).collect())?
}
