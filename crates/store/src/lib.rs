//! The event store: what it promises stands in `crates/README.md`, how in the modules below.
//!
//! Read: `log` (the only file that touches the event tables) → `execute` (the write path) → `writer` (group commit) → `sealed`
//! (particulars) → `root`, `keystore` (whose keys, and where they stand) → `walled` (who sees whose rows) → `follow` and `projections` (the read path) → `find` (persons, on sealed
//! data) → `retention` and `erase`, `rebuild`, `verify` → `proof` (signed heads); apart from the log: `door` (who comes in).

pub mod chain;
pub mod log;
pub mod sealed;
pub mod root;
pub mod keystore;
pub mod execute;
pub mod together;
mod writer;
mod held;
mod walled;
pub mod file;
pub mod find;
pub mod access;
pub mod hidden;
pub mod follow;
pub mod projections;
pub mod rebuild;
pub mod verify;
pub mod retention;
pub mod erase;
pub mod proof;
pub mod door;
pub mod bench;

pub use execute::{ExecuteError, Known, Prepared, Receipt};
pub use sealed::Keys;

use crate::held::Held;
use crate::keystore::KeyStore;
use crate::walled::Walled;
use crate::writer::Writers;
use domain::id::Log;
use sqlx::migrate::{MigrateDatabase, Migrator};
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sqlx::{Connection, PgConnection, PgPool, Postgres};
use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use thiserror::Error;
use tokio::sync::{Notify, watch};

/// The schema of the database; `migrations/README.md` says how it grows.
pub static MIGRATOR: Migrator = sqlx::migrate!("../../migrations");

/// How long a connection may lie idle without being asked after.
const SHORT: Duration = Duration::from_millis(50);

/// Our own trouble. The caller learns only that there is some; the source chain goes to the log, once.
#[derive(Debug, Error)]
pub enum Failed {
    #[error("the database did not answer as it should")]
    Database(#[from] sqlx::Error),
    #[error("the schema could not be brought up to date")]
    Migrate(#[from] sqlx::migrate::MigrateError),
    #[error("log {log} is not what it was at position {position}: {what}")]
    Corrupt { log: Log, position: i64, what: String },
    #[error("a recorded event cannot be read: {0}")]
    Unreadable(#[from] serde_json::Error),
    #[error("sealing: {0}")]
    Sealed(#[from] sealed::SealError),
    #[error("the heads outside the database, {0}: {1}")]
    Published(String, std::io::Error),
    #[error("too many writes wait")]
    Busy,
    #[error("the read models are being told again already")]
    Rebuilding,
    #[error("the register is stopping")]
    Stopping,
}

/// Whose clock says when something is recorded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RecordedBy {
    /// The clock of the database, under the append lock: the only one for real work.
    Database,
    /// The stamp of the command, for a simulated past and for tests. Needs the role of owner.
    Stamp,
}

/// The register on one database.
#[derive(Clone)]
pub struct Store {
    pub(crate) inner: Arc<Inner>,
}

pub(crate) struct Inner {
    /// Reads histories and keys before a command is decided.
    pub(crate) deciding: Held,
    /// Keeps the read models.
    pub(crate) telling: Held,
    /// The same for work that nobody waits for.
    pub(crate) pool: PgPool,
    /// Short statements of whoever holds a connection of `pool`: to wait there for a second one could be for ever.
    pub(crate) aside: PgPool,
    /// Opens files, and knows what is in sight.
    pub(crate) files: Walled,
    /// Lists; cannot see particulars.
    pub(crate) read: Walled,
    /// Carries out what was ordered to be destroyed.
    pub(crate) privacy: PgPool,
    /// Figures; cannot see the log.
    pub(crate) report: Walled,
    /// Who comes in; cannot see the register.
    pub(crate) door: PgPool,
    pub(crate) keys: Keys,
    pub(crate) key_store: Arc<KeyStore>,
    pub(crate) recorded_by: RecordedBy,
    writing: PgConnectOptions,
    signing: PgConnectOptions,
    /// Appends many commands in a row.
    pub(crate) importing: Held,
    writers: Writers,
    pub(crate) following: Mutex<HashMap<Log, Following>>,
    pub(crate) kinds: Mutex<HashMap<u128, i32>>,
    pub(crate) stopping: watch::Sender<bool>,
    /// Rung when something is to be destroyed.
    pub(crate) erasing: Notify,
}

/// The follower of one log, as seen from outside.
#[derive(Clone)]
pub(crate) struct Following {
    /// The position that the read models show.
    pub(crate) shown: watch::Sender<i64>,
    pub(crate) wake: Arc<Notify>,
}

impl Store {
    /// Opens the register and its key store. Both sets of options name a login that may take the roles of Meldboek there.
    pub async fn open(
        options: PgConnectOptions,
        key_store: PgConnectOptions,
        keys: Keys,
        recorded_by: RecordedBy,
    ) -> Result<Self, Failed> {
        let key_store = by_key(as_role(&key_store, "meldboek_keys"));
        let key_store = KeyStore::open(key_store, Arc::clone(&keys.root)).await?;
        let append = by_key(as_role(&options, "meldboek_append"));
        let connected = |options: PgConnectOptions, connections: u32| {
            let limits = PgPoolOptions::new()
                .max_connections(connections)
                .acquire_timeout(Duration::from_secs(10))
                .test_before_acquire(false)
                .before_acquire(|connection, is| Box::pin(still_there(connection, is.idle_for)));
            limits.connect_lazy_with(options)
        };
        let writing = match recorded_by {
            RecordedBy::Database => append.clone(),
            RecordedBy::Stamp => by_key(as_role(&options, "meldboek_owner")),
        };
        let store = Self {
            inner: Arc::new(Inner {
                deciding: Held::new(append.clone(), 8),
                telling: Held::new(at_ease(append.clone()), 6),
                signing: append.clone(),
                pool: connected(append.clone(), 8),
                aside: connected(append, 2),
                files: Walled::new(by_key(as_role(&options, "meldboek_file")), 8),
                read: Walled::new(as_role(&options, "meldboek_read"), 6),
                privacy: connected(as_role(&options, "meldboek_privacy"), 2),
                report: Walled::new(in_memory(as_role(&options, "meldboek_report")), 4),
                door: connected(as_role(&options, "meldboek_door"), 4),
                keys,
                key_store,
                recorded_by,
                importing: Held::new(writing.clone(), 4),
                writing,
                writers: Writers::default(),
                following: Mutex::default(),
                kinds: Mutex::default(),
                stopping: watch::Sender::new(false),
                erasing: Notify::new(),
            }),
        };
        store.ready().await?;
        // A login that may not take one of these is told so now, not when a worker asks.
        for walled in [&store.inner.files, &store.inner.read, &store.inner.report] {
            walled.ready().await?;
        }
        Ok(store)
    }

    /// Opens the register, and its key store, at `postgres://` addresses.
    pub async fn open_url(
        url: &str,
        key_store: &str,
        keys: Keys,
        recorded_by: RecordedBy,
    ) -> Result<Self, Failed> {
        Self::open(url.parse()?, key_store.parse()?, keys, recorded_by).await
    }

    /// Whether the database answers and its schema is there.
    pub async fn ready(&self) -> Result<(), Failed> {
        sqlx::query_scalar!("select count(*) from projection").fetch_one(&self.inner.pool).await?;
        Ok(())
    }

    /// Returns when the register is stopping.
    pub async fn stopped(&self) {
        let mut stopping = self.inner.stopping.subscribe();
        let _gone_as_well = stopping.wait_for(|stop| *stop).await;
    }

    /// Ends the followers after what they are doing. Writes that were accepted have been answered by then.
    pub fn stop(&self) {
        self.inner.stopping.send_replace(true);
    }

    /// For whoever signs heads: a connection that nobody else waits for.
    pub(crate) async fn signing_connection(&self) -> Result<PgConnection, sqlx::Error> {
        PgConnection::connect_with(&self.inner.signing).await
    }

    pub(crate) async fn writing_connection(&self) -> Result<PgConnection, sqlx::Error> {
        PgConnection::connect_with(&self.inner.writing).await
    }
}

/// Brings the schemas of the register and of its key store, at `postgres://` addresses, up to date. The key store is made when there is none.
pub async fn migrate(url: &str, key_store: &str) -> Result<(), Failed> {
    let mut connection = PgConnection::connect(url).await?;
    MIGRATOR.run(&mut connection).await?;
    if !Postgres::database_exists(key_store).await? {
        Postgres::create_database(key_store).await?;
    }
    let mut connection = PgConnection::connect(key_store).await?;
    keystore::MIGRATOR.run(&mut connection).await?;
    Ok(())
}

/// A connection that lay idle may be of before a restart of the database; under load there are none, and it costs nothing.
async fn still_there(connection: &mut PgConnection, idle: Duration) -> Result<bool, sqlx::Error> {
    if idle > SHORT {
        connection.ping().await?;
    }
    Ok(true)
}

/// Plans are kept for as long as a connection lives: one that was made when a table was empty would read all of it for ever. What writes and
/// projects looks up by key, never by reading a whole table; and whatever the organisation: one that the statistics do not know yet
/// would seem to have no events.
fn by_key(options: PgConnectOptions) -> PgConnectOptions {
    options.options([
        ("enable_seqscan", "off"),
        ("enable_bitmapscan", "off"),
        ("plan_cache_mode", "force_generic_plan"),
    ])
}

/// A report over a whole country counts hundreds of thousands of groups; for these the database may use more memory than it gives by itself.
fn in_memory(options: PgConnectOptions) -> PgConnectOptions {
    options.options([("work_mem", "64MB")])
}

/// A read model that is lost with the power is told again: it need not wait for the disk. And between its statements the telling
/// computes, however long: it holds nothing that a writer waits for.
fn at_ease(options: PgConnectOptions) -> PgConnectOptions {
    options.options([("synchronous_commit", "off"), ("idle_in_transaction_session_timeout", "0")])
}

fn as_role(options: &PgConnectOptions, role: &str) -> PgConnectOptions {
    // A session that somehow stays inside a transaction may not hold up the log for long.
    options.clone().application_name("meldboek").options([
        ("role", role),
        ("idle_in_transaction_session_timeout", "10s"),
        ("default_transaction_isolation", "read committed"),
        // What is asked is short; compiling it would take longer.
        ("jit", "off"),
    ])
}
