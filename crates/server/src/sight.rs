//! What a worker has in sight: a file that is not his is nowhere. Whoever asks for it takes the same way as for a file that does not exist, statement for
//! statement, because from here on it is another one that is asked for: a number under which there is nothing.

use crate::app::App;
use crate::clock::random_id;
use crate::problem::Problem;
use crate::worker::Worker;
use domain::access::{About, Action, Around, Ask, Decision, Ground, Purpose, decide};
use domain::case::Case;
use domain::decider::Decider;
use domain::melding::Melding;
use domain::person::Person;
use std::collections::HashSet;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use store::access::Within;
use uuid::Uuid;

/// What a worker was let in for.
#[derive(Clone, Debug)]
pub struct Doing {
    pub action: Action,
    pub purpose: Option<Purpose>,
    /// The strongest ground on which something was shown to him.
    ground: Arc<Mutex<Ground>>,
    /// Whether he asked for a file that is there, and not for him.
    turned_away: Arc<AtomicBool>,
}

impl Default for Doing {
    fn default() -> Self {
        Self::of(Action::ReadFile, None)
    }
}

impl Doing {
    pub(crate) fn of(action: Action, purpose: Option<Purpose>) -> Self {
        let ground = Arc::new(Mutex::new(Ground::Role));
        Self { action, purpose, ground, turned_away: Arc::default() }
    }

    fn on(&self, ground: Ground) {
        let mut strongest = self.ground.lock().unwrap_or_else(PoisonError::into_inner);
        *strongest = ground.max(*strongest);
    }

    /// Whether he asked for a file that is there, and not for him: to him it is nowhere, and who looks at looks sees the difference.
    pub(crate) fn was_turned_away(&self) -> bool {
        self.turned_away.load(Ordering::Relaxed)
    }

    /// On which ground he was let in, as far as is known by now.
    pub fn ground(&self) -> Ground {
        *self.ground.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl App {
    /// Which of some files are not there for a worker.
    pub(crate) async fn hidden<D: Decider>(
        &self,
        worker: &Worker,
        ids: &[Uuid],
    ) -> Result<HashSet<Uuid>, Problem> {
        self.hidden_of(worker, D::STREAM, ids).await
    }

    pub(crate) async fn hidden_of(
        &self,
        worker: &Worker,
        kind: &str,
        ids: &[Uuid],
    ) -> Result<HashSet<Uuid>, Problem> {
        let around = self.store.around(worker.organisation(), kind, ids).await?;
        let nothing = Around::default();
        let hidden = ids.iter().filter(|id| !sees(worker, around.get(id).unwrap_or(&nothing)));
        Ok(hidden.copied().collect())
    }

    /// The number to go on with: of the file itself, or of nothing when it is not there for a worker.
    pub(crate) async fn in_sight(
        &self,
        worker: &Worker,
        kind: &str,
        id: Uuid,
    ) -> Result<Uuid, Problem> {
        let hidden = self.hidden_of(worker, kind, &[id]).await?;
        if hidden.contains(&id) {
            worker.doing.turned_away.store(true, Ordering::Relaxed);
            return Ok(random_id());
        }
        Ok(id)
    }

    /// The same of a file of which only the number was told: a casus, a melding or a person.
    pub(crate) async fn in_sight_of_any_kind(
        &self,
        worker: &Worker,
        id: Uuid,
    ) -> Result<Uuid, Problem> {
        let mut in_sight = id;
        for kind in [Case::STREAM, Melding::STREAM, Person::STREAM] {
            let it = self.in_sight(worker, kind, id).await?;
            in_sight = if it == id { in_sight } else { it };
        }
        Ok(in_sight)
    }

    /// All that lists, searches and counts leave out for a worker.
    pub(crate) async fn out_of_sight(&self, worker: &Worker) -> Result<Within, Problem> {
        let organisation = worker.organisation();
        let walls = self.store.walls(organisation).await?.into_iter();
        let around = walls.map(|wall| Around { walls: vec![wall], ..Around::default() });
        let hidden = around.filter(|around| !sees(worker, around));
        let cases: Vec<Uuid> = hidden.flat_map(|it| it.walls).map(|wall| wall.case).collect();
        Ok(self.store.within(organisation, &cases).await?)
    }
}

fn sees(worker: &Worker, around: &Around) -> bool {
    let Doing { action, purpose, .. } = worker.doing;
    let about = About::File(around, worker.at);
    match decide(&worker.asker, &Ask { action, purpose, about }) {
        Decision::Allowed(grant) => {
            worker.doing.on(grant.ground);
            true
        }
        Decision::NotAllowed | Decision::NotYours => false,
    }
}

/// Whether what is sealed in a file is for a worker all the same, by what stands around it.
pub(crate) fn unseals(worker: &Worker) -> impl Fn(&Around) -> bool + Send + Sync {
    |around| {
        let Doing { action, purpose, .. } = worker.doing;
        let about = About::Sealed(around, worker.at);
        let decision = decide(&worker.asker, &Ask { action, purpose, about });
        if let Some(grant) = decision.grant() {
            worker.doing.on(grant.ground);
        }
        decision.grant().is_some()
    }
}
