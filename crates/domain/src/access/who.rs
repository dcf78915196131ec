//! Who sees a file: not asked by one worker about himself, but about everybody, for whoever wants to know afterwards who could. Nothing is decided
//! here: the one decision ([`super::decide`]) is asked for each of whom it can depend on.

use super::{About, Action, Around, Ask, Asker, Decision, Role, decide};
use crate::id::Organisation;
use chrono::{DateTime, Utc};
use std::collections::BTreeSet;
use uuid::Uuid;

/// Who sees a file, as far as that does not depend on who has which role.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Who {
    /// Whoever has one of these roles sees it, whoever he is.
    pub roles: Vec<Role>,
    /// Whoever has one of these roles sees it when he, or his team, is named here.
    pub roles_if_named: Vec<Role>,
    pub workers: BTreeSet<Uuid>,
    pub teams: BTreeSet<Uuid>,
    /// They never see it, whatever their role.
    pub excluded: BTreeSet<Uuid>,
}

/// Who may read a file around which this stands, at a moment.
pub fn who(organisation: Organisation, around: &Around, at: DateTime<Utc>) -> Who {
    let sees = |id: Uuid, teams: Vec<Uuid>, role: Role| {
        let asker = Asker { id, roles: vec![role], organisation, teams, areas: vec![] };
        let ask = Ask { action: Action::ReadFile, purpose: None, about: About::File(around, at) };
        matches!(decide(&asker, &ask), Decision::Allowed(_))
    };
    // Nobody has this number.
    let anybody = |role: Role| sees(Uuid::nil(), vec![], role);
    let roles = || Role::ALL.into_iter().map(|(role, _)| role);
    let mut who = Who { roles: roles().filter(|it| anybody(*it)).collect(), ..Who::default() };
    for wall in &around.walls {
        who.workers.extend(wall.assigned.worker.iter().chain(&wall.terms.workers));
        who.teams.extend(wall.assigned.team.iter().chain(&wall.terms.teams));
        who.excluded.extend(&wall.terms.excluded);
    }
    let named = |role: Role| {
        let worker = who.workers.iter().any(|it| sees(*it, vec![], role));
        worker || who.teams.iter().any(|it| sees(Uuid::nil(), vec![*it], role))
    };
    let roles_if_named = roles().filter(|it| !anybody(*it) && named(*it)).collect();
    let by_name = |it: &Uuid| roles().any(|role| !anybody(role) && sees(*it, vec![], role));
    let workers = who.workers.iter().copied().filter(by_name).collect();
    Who { roles_if_named, workers, ..who }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::access::Wall;
    use crate::case::assignment::Assignment;
    use crate::case::restriction::Terms;
    use crate::scenario::id;

    fn asked(around: &Around) -> Who {
        who("VT02".parse().unwrap(), around, "2026-06-30T12:00:00Z".parse().unwrap())
    }

    fn ids(all: &[u128]) -> BTreeSet<Uuid> {
        all.iter().map(|it| id(*it)).collect()
    }

    #[test]
    fn what_is_not_restricted_is_seen_by_whoever_has_a_role_that_reads_files() {
        let who = asked(&Around::default());
        assert_eq!(who.roles, [Role::Intake, Role::CaseWorker, Role::Privacy]);
        assert!(who.roles_if_named.is_empty() && who.workers.is_empty() && who.excluded.is_empty());
    }

    #[test]
    fn what_is_restricted_is_seen_by_whoever_works_on_it_or_was_named_and_never_by_who_was_excluded()
     {
        let terms = Terms { workers: ids(&[2, 9]), teams: ids(&[30]), excluded: ids(&[8, 9]) };
        let assigned = Assignment { worker: Some(id(1)), team: Some(id(31)) };
        let wall = Wall { case: id(7), assigned, terms, broken: vec![] };
        let who = asked(&Around { walls: vec![wall], ..Around::default() });
        assert_eq!(who.roles, [Role::Privacy]);
        assert_eq!(who.roles_if_named, [Role::Intake, Role::CaseWorker]);
        assert_eq!((who.workers, who.teams), (ids(&[1, 2]), ids(&[30, 31])));
        assert_eq!(who.excluded, ids(&[8, 9]));
    }
}
