//! What stands around a file: the restricted casussen in which it is, and who works on it. Told to the decision; where it is kept the store knows.

use super::{Asker, Ground};
use crate::case::assignment::Assignment;
use crate::case::restriction::Terms;
use chrono::{DateTime, Utc};
use uuid::Uuid;

/// Around one file: a casus, a melding or a person.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Around {
    /// Of every restricted casus in which it is. A person is in a casus by taking part in it, and by being told of in a melding that
    /// joined it. Each of them stands in the way: what another casus tells of him is not made less secret by this one.
    pub walls: Vec<Wall>,
    /// Who works on it, or on something in which it is.
    pub works: Vec<Assignment>,
    /// Whoever broke the glass of this very file.
    pub broken: Vec<Broken>,
    /// Whoever broke the glass of something in which it is.
    pub broken_around: Vec<Broken>,
}

/// A restricted casus.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Wall {
    pub case: Uuid,
    pub assigned: Assignment,
    pub terms: Terms,
    /// Whoever broke the glass of this casus: that opens all that is in it.
    pub broken: Vec<Broken>,
}

/// The glass was broken by somebody, for a while.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Broken {
    pub by: Uuid,
    pub until: DateTime<Utc>,
}

impl Around {
    /// On which ground somebody sees the file, if he does. `oversees` says whether his role sees what is restricted.
    pub(super) fn lets_in(
        &self,
        asker: &Asker,
        oversees: bool,
        at: DateTime<Utc>,
    ) -> Option<Ground> {
        if self.excludes(asker) {
            return None;
        }
        let mut ground =
            if self.is_worked_on_by(asker) { Ground::Assignment } else { Ground::Role };
        let here = opened(&self.broken, asker, at);
        for wall in &self.walls {
            if wall.names(asker) {
                ground = ground.max(Ground::Assignment);
            } else if !oversees {
                if !here && !opened(&wall.broken, asker, at) {
                    return None;
                }
                ground = Ground::Emergency;
            }
        }
        Some(ground)
    }

    /// On which ground somebody sees what is sealed in the file for all others.
    pub(super) fn unseals(&self, asker: &Asker, at: DateTime<Utc>) -> Option<Ground> {
        if self.excludes(asker) {
            return None;
        }
        if self.is_worked_on_by(asker) {
            return Some(Ground::Assignment);
        }
        let broken = opened(&self.broken, asker, at) || opened(&self.broken_around, asker, at);
        broken.then_some(Ground::Emergency)
    }

    /// Whether somebody may never see it: he has a personal interest in a casus in which it is.
    pub(super) fn excludes(&self, asker: &Asker) -> bool {
        self.walls.iter().any(|it| it.terms.excluded.contains(&asker.id))
    }

    fn is_worked_on_by(&self, asker: &Asker) -> bool {
        self.works.iter().any(|it| works(*it, asker))
    }
}

impl Wall {
    /// Whether somebody works on the casus, or was named.
    fn names(&self, asker: &Asker) -> bool {
        let Terms { workers, teams, .. } = &self.terms;
        let team = asker.teams.iter().any(|it| teams.contains(it));
        team || workers.contains(&asker.id) || works(self.assigned, asker)
    }
}

fn works(it: Assignment, asker: &Asker) -> bool {
    it.worker == Some(asker.id) || it.team.is_some_and(|it| asker.teams.contains(&it))
}

fn opened(broken: &[Broken], asker: &Asker, at: DateTime<Utc>) -> bool {
    broken.iter().any(|it| it.by == asker.id && at < it.until)
}
