//! A dump of a database by PostgreSQL's own program, and how a string could hide in it.

use sqlx::PgPool;
use std::path::PathBuf;
use std::process::{Command, Stdio};

/// Everything in the database of a test, as text. Without `pg_dump` a test that needs it fails.
pub(crate) fn dump(pool: &PgPool) -> String {
    let program = Command::new(pg_dump()).arg(url(pool)).stderr(Stdio::inherit()).output().unwrap();
    assert!(program.status.success(), "pg_dump failed");
    String::from_utf8(program.stdout).unwrap()
}

/// The address of the database of a test, for programs beside it.
pub(crate) fn url(pool: &PgPool) -> String {
    let options = pool.connect_options();
    let database = options.get_database().unwrap();
    let url = std::env::var("DATABASE_URL").unwrap();
    let (server, options) = url.split_once('?').unwrap_or((&url, ""));
    let (server, _) = server.rsplit_once('/').unwrap();
    format!("{server}/{database}?{options}")
}

/// The address of the key store of a test.
pub(crate) fn key_url(pool: &PgPool) -> String {
    format!("{}&options[search_path]={}", url(pool), crate::keys::SCHEMA)
}

fn pg_dump() -> PathBuf {
    let versions = std::fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let mut places: Vec<PathBuf> = versions.map(|it| it.path().join("bin/pg_dump")).collect();
    places.retain(|it| it.exists());
    // The newest can read the older ones; elsewhere it stands on the path.
    places.into_iter().max().unwrap_or_else(|| PathBuf::from("pg_dump"))
}

/// A string as it may stand in a dump: itself, as the digits of its bytes, and as base64 at any of three offsets.
pub(crate) fn spellings(marker: &str) -> Vec<String> {
    let mut spellings = vec![marker.to_owned(), store::chain::hex(marker.as_bytes())];
    spellings.extend((0..3).map(|offset| base64_inside(&marker.as_bytes()[offset..])));
    spellings
}

/// The base64 of the whole groups of three bytes: what stands before and after makes no difference.
fn base64_inside(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let groups = bytes.as_chunks::<3>().0;
    let digits = groups.iter().flat_map(|[a, b, c]| {
        let bits = u32::from(*a) << 16 | u32::from(*b) << 8 | u32::from(*c);
        [18, 12, 6, 0].map(|shift| char::from(DIGITS[(bits >> shift & 63) as usize]))
    });
    digits.collect()
}
