//! What every request needs: the store, the clock, and who may come in.

use crate::api::changed::overtaken;
use crate::clock::Clock;
use crate::problem::Problem;
use crate::worker::{Recogniser, Worker};
use axum::response::Response;
use domain::decider::Decider;
use domain::id::Id;
use domain::particulars::Particular;
use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusHandle};
use std::sync::{Arc, LazyLock};
use std::time::Duration;
use store::{ExecuteError, Store};
use tokio::sync::Semaphore;
use uuid::Uuid;

/// Limits on what one request, and all together, may ask.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    pub body_bytes: usize,
    pub time: Duration,
    pub at_once: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self { body_bytes: 256 * 1024, time: Duration::from_secs(30), at_once: 512 }
    }
}

/// The application.
#[derive(Clone)]
pub struct App {
    pub store: Store,
    pub clock: Clock,
    pub recogniser: Arc<Recogniser>,
    pub limits: Limits,
    /// Counts below this are hidden outside the organisation.
    pub smallest_shown: u32,
    pub(crate) places: Arc<Semaphore>,
}

impl App {
    pub fn new(store: Store, clock: Clock, recogniser: Recogniser, limits: Limits) -> Self {
        let places = Arc::new(Semaphore::new(limits.at_once));
        let recogniser = Arc::new(recogniser);
        Self { store, clock, recogniser, limits, smallest_shown: 8, places }
    }

    /// Executes a command of a worker and waits until its effect can be read.
    pub(crate) async fn execute<D: Decider>(
        &self,
        worker: &Worker,
        id: Uuid,
        order: Order,
        command: D::Command,
        particulars: Vec<Particular>,
    ) -> Result<Response, Problem> {
        let stamp = worker.stamp(order.key);
        let id = Id::<D>::new(id);
        let done = self.store.execute(id, command, particulars, &stamp, order.seen).await;
        if matches!(done, Err(ExecuteError::Overtaken)) {
            return Err(overtaken::<D>(self, stamp.organisation, id.0, order.seen).await);
        }
        let receipt = done?;
        self.store.shown(&receipt).await;
        Ok(crate::api::answer::recorded(id.0, &receipt, order.creates))
    }
}

/// How a command came: its number, the version its sender saw, and whether it makes something.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Order {
    pub(crate) key: Uuid,
    pub(crate) seen: Option<i32>,
    pub(crate) creates: bool,
}

/// The metrics of the process, in the text format of Prometheus.
pub fn metrics() -> &'static PrometheusHandle {
    static HANDLE: LazyLock<PrometheusHandle> = LazyLock::new(|| {
        let seconds = [0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0];
        PrometheusBuilder::new()
            .set_buckets(&seconds)
            .and_then(PrometheusBuilder::install_recorder)
            .expect("metrics are set up once")
    });
    &HANDLE
}
