//! Connections that are held, not pooled: a pool asks after the health of a connection whenever one is given back, and that round trip
//! costs a third of the speed of writing. Whatever goes wrong while one is taken, also when whoever took it is cancelled, it is closed:
//! only a connection that answered to the end is given back.

use crate::Failed;
use sqlx::postgres::PgConnectOptions;
use sqlx::{Connection, PgConnection};
use std::ops::{Deref, DerefMut};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};
use tokio::sync::{Semaphore, SemaphorePermit};

/// A connection that lay idle for longer may be of before a restart of the database.
const SHORT: Duration = Duration::from_millis(50);

pub(crate) struct Held {
    options: PgConnectOptions,
    places: Semaphore,
    idle: Mutex<Vec<(PgConnection, Instant)>>,
}

pub(crate) struct Taken<'a> {
    held: &'a Held,
    connection: PgConnection,
    _place: SemaphorePermit<'a>,
}

impl Held {
    pub(crate) fn new(options: PgConnectOptions, places: usize) -> Self {
        Self { options, places: Semaphore::new(places), idle: Mutex::default() }
    }

    pub(crate) async fn take(&self) -> Result<Taken<'_>, Failed> {
        let place = self.places.acquire().await.map_err(|_| Failed::Stopping)?;
        let last = self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop();
        let still_there = match last {
            Some((connection, since)) if since.elapsed() < SHORT => Some(connection),
            Some((mut connection, _)) => connection.ping().await.is_ok().then_some(connection),
            None => None,
        };
        let connection = match still_there {
            Some(connection) => connection,
            None => PgConnection::connect_with(&self.options).await?,
        };
        Ok(Taken { held: self, connection, _place: place })
    }
}

impl Taken<'_> {
    pub(crate) fn give_back(self) {
        let mut idle = self.held.idle.lock().unwrap_or_else(PoisonError::into_inner);
        idle.push((self.connection, Instant::now()));
    }
}

impl Deref for Taken<'_> {
    type Target = PgConnection;

    fn deref(&self) -> &PgConnection {
        &self.connection
    }
}

impl DerefMut for Taken<'_> {
    fn deref_mut(&mut self) -> &mut PgConnection {
        &mut self.connection
    }
}
