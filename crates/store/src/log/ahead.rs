//! Reading ahead: while one page of the log is worked on, the next ones are fetched and decoded. Positions have no gaps, so where
//! a page begins is known before the page before it has come.

use super::{Recorded, after};
use crate::Failed;
use domain::id::Log;
use sqlx::PgPool;
use std::collections::VecDeque;
use tokio::task::JoinHandle;

/// How many pages are on their way.
const PAGES: usize = 2;

pub(crate) struct Ahead {
    pool: PgPool,
    log: Log,
    page: i64,
    /// After which position the next page begins that is not on its way yet.
    next: i64,
    coming: VecDeque<JoinHandle<Result<Vec<Recorded>, Failed>>>,
    ended: bool,
}

impl Ahead {
    pub(crate) fn new(pool: &PgPool, log: Log, from: i64, page: i64) -> Self {
        let (pool, coming, ended) = (pool.clone(), VecDeque::with_capacity(PAGES), false);
        Self { pool, log, page, next: from, coming, ended }
    }

    /// The next page; `None` after the end of the log.
    pub(crate) async fn page(&mut self) -> Result<Option<Vec<Recorded>>, Failed> {
        if self.ended {
            return Ok(None);
        }
        while self.coming.len() < PAGES {
            let (pool, log) = (self.pool.clone(), self.log);
            let (from, page) = (self.next, self.page);
            self.next += page;
            self.coming.push_back(tokio::spawn(async move { after(&pool, log, from, page).await }));
        }
        let Some(first) = self.coming.pop_front() else { return Ok(None) };
        let page = first.await.map_err(|_| Failed::Stopping)??;
        // A short page is the last: what was recorded since is for who reads on later.
        self.ended = (page.len() as i64) < self.page;
        Ok((!page.is_empty()).then_some(page))
    }
}

impl Drop for Ahead {
    fn drop(&mut self) {
        self.coming.iter().for_each(JoinHandle::abort);
    }
}
