//! What every request needs: the store, the clock, and who may come in.

use crate::change::Change;
use crate::clock::Clock;
use crate::looking::{Looking, Seen};
use crate::problem::Problem;
use crate::recogniser::Recogniser;
use crate::security_txt::{Reporting, SecurityTxt};
use crate::worker::Worker;
use axum::response::Response;
use domain::access::{About, Action, Ask, decide};
use domain::area::Areas;
use domain::decider::{Decider, Refused};
use domain::id::Id;
use domain::look;
use domain::particulars::Particular;
use domain::refusal::Kind;
use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusHandle};
use std::sync::{Arc, LazyLock};
use std::time::Duration;
use store::proof::keeper::Keeper;
use store::{ExecuteError, Receipt, Store};
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
    /// Which municipalities form an area, with what the organisation filled in.
    pub areas: Arc<Areas>,
    /// How looks are recorded.
    pub looking: Arc<Looking>,
    /// Who signs heads, when there is a key to sign with.
    pub keeper: Option<Keeper>,
    /// Where weaknesses are reported.
    pub security: Arc<SecurityTxt>,
    pub(crate) places: Arc<Semaphore>,
}

impl App {
    pub fn new(store: Store, clock: Clock, recogniser: Recogniser, limits: Limits) -> Self {
        let places = Arc::new(Semaphore::new(limits.at_once));
        let recogniser = Arc::new(recogniser);
        let areas = Arc::new(Areas::default());
        let looking = Arc::new(Looking::default());
        let security = Arc::new(Reporting::default().written(clock.now()));
        Self {
            store,
            clock,
            recogniser,
            limits,
            smallest_shown: 8,
            areas,
            looking,
            keeper: None,
            security,
            places,
        }
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
        let receipt = self.store.execute(id, command, particulars, &stamp, order.seen).await;
        self.answered(worker, id, order, receipt).await
    }

    /// The answer to a command: the receipt once its effect can be read, or why not.
    pub(crate) async fn answered<D: Decider, R: Refused>(
        &self,
        worker: &Worker,
        id: Id<D>,
        order: Order,
        outcome: Result<Receipt, ExecuteError<R>>,
    ) -> Result<Response, Problem> {
        match outcome {
            Ok(receipt) => {
                self.store.shown(&receipt).await;
                let origin = self.keeper.as_ref().map(|it| it.origin(receipt.log));
                Ok(crate::api::answer::recorded(id.0, &receipt, origin, order.creates))
            }
            Err(error) => Err(self.why_not(worker, id, order, error).await),
        }
    }

    /// Whoever decided on what is no longer so is told what changed since he looked; or, when he did not say what he saw, the last
    /// thing that happened.
    async fn why_not<D: Decider, R: Refused>(
        &self,
        worker: &Worker,
        id: Id<D>,
        order: Order,
        error: ExecuteError<R>,
    ) -> Problem {
        let too_late = match &error {
            ExecuteError::Overtaken => true,
            ExecuteError::Refused(refusal) => refusal.kind() == Kind::Conflict,
            ExecuteError::Reused | ExecuteError::Forgotten | ExecuteError::Failed(_) => false,
        };
        // What changed is for whoever may read it.
        let ask = Ask { action: Action::ReadFile, purpose: None, about: About::Anything };
        if !too_late || decide(&worker.asker, &ask).grant().is_none() {
            return error.into();
        }
        match self.store.events_since(worker.organisation(), id, order.seen).await {
            Ok(events) => {
                let persons = events.iter().flat_map(|it| look::persons(it.stream_id, &it.event));
                let seen = Seen::of(crate::looking::of_stream::<D>(), Some(id.0), persons);
                Problem::from(error).because_of(events.iter().map(Change::of).collect(), seen)
            }
            Err(failed) => failed.into(),
        }
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
