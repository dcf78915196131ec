//! Sentences about access. That every role is held against every route is told in `tests/access.rs`.

use super::*;
use crate::case::assignment::Assignment;
use crate::case::restriction::Terms;
use crate::codes::{List, values};
use crate::scenario::id;
use chrono::TimeDelta;

fn noon() -> DateTime<Utc> {
    "2026-03-20T12:00:00Z".parse().unwrap()
}

fn asker(roles: &[Role]) -> Asker {
    Asker {
        id: id(1),
        roles: roles.to_vec(),
        organisation: "VT02".parse().unwrap(),
        teams: vec![],
        areas: vec![],
    }
}

fn asked(roles: &[Role], action: Action, purpose: Option<Purpose>) -> Decision {
    decide(&asker(roles), &Ask { action, purpose, about: About::Anything })
}

#[test]
fn whoever_says_nothing_works_for_what_his_role_is_there_for() {
    let purpose = |role, action| asked(&[role], action, None).grant().map(|it| it.purpose);
    assert_eq!(purpose(Role::Intake, Action::ReadFile), Some(Purpose::Handle));
    assert_eq!(purpose(Role::CaseWorker, Action::ReadFile), Some(Purpose::FollowUp));
    assert_eq!(purpose(Role::CaseWorker, Action::LogAdvice), Some(Purpose::Advise));
    assert_eq!(purpose(Role::Privacy, Action::ReadFile), Some(Purpose::Oversight));
    assert_eq!(purpose(Role::Manager, Action::ReadWorklist), Some(Purpose::Steer));
    assert_eq!(purpose(Role::Administrator, Action::ReadFile), None);
}

#[test]
fn a_role_does_nothing_for_a_purpose_that_is_not_its_own() {
    let read = |roles: &[Role], purpose| asked(roles, Action::ReadFile, Some(purpose));
    assert_eq!(read(&[Role::Intake], Purpose::Account), Decision::NotAllowed);
    assert_eq!(read(&[Role::CaseWorker], Purpose::Oversight), Decision::NotAllowed);
    let both = read(&[Role::CaseWorker, Role::Privacy], Purpose::Oversight);
    assert_eq!(both.grant().map(|it| it.purpose), Some(Purpose::Oversight));
}

#[test]
fn what_a_role_does_by_itself_it_may() {
    for (role, _) in Role::ALL {
        for action in Action::ALL {
            let may = role::may(role, action);
            assert_eq!(asked(&[role], action, None).grant().is_some(), may, "{role:?} {action:?}");
        }
    }
}

#[test]
fn the_published_lists_name_every_purpose_and_every_ground() {
    let published = |list| values(list).iter().map(|it| it.code.as_str()).collect::<Vec<_>>();
    assert_eq!(published(List::Purpose), Purpose::ALL.map(|(_, name)| name));
    assert_eq!(published(List::Ground), Ground::ALL.map(|(_, name)| name));
    for (purpose, name) in Purpose::ALL {
        assert_eq!((purpose.name(), Purpose::of(name)), (name, Some(purpose)));
    }
}

fn wall(workers: &[u128], excluded: &[u128]) -> Wall {
    let ids = |all: &[u128]| all.iter().map(|it| id(*it)).collect();
    let terms = Terms { workers: ids(workers), teams: [id(7)].into(), excluded: ids(excluded) };
    let assigned = Assignment { worker: Some(id(2)), team: Some(id(8)) };
    Wall { case: id(50), assigned, terms, broken: vec![] }
}

fn reads(asker: &Asker, around: &Around) -> Decision {
    let about = About::File(around, noon());
    decide(asker, &Ask { action: Action::ReadFile, purpose: None, about })
}

fn ground(decision: Decision) -> Option<Ground> {
    decision.grant().map(|it| it.ground)
}

#[test]
fn a_restricted_casus_is_for_whoever_works_on_it_or_was_named_and_for_nobody_else() {
    let around = Around { walls: vec![wall(&[3], &[])], ..Around::default() };
    let who = |worker, team: Option<u128>, role| Asker {
        id: id(worker),
        teams: team.map(id).into_iter().collect(),
        ..asker(&[role])
    };
    let sees = |worker, team, role| ground(reads(&who(worker, team, role), &around));
    for (worker, team) in [(2, None), (3, None), (1, Some(7)), (1, Some(8))] {
        assert_eq!(sees(worker, team, Role::CaseWorker), Some(Ground::Assignment), "{worker}");
    }
    assert_eq!(reads(&who(1, Some(9), Role::CaseWorker), &around), Decision::NotYours);
    assert_eq!(reads(&who(1, None, Role::Intake), &around), Decision::NotYours);
    assert_eq!(sees(1, None, Role::Privacy), Some(Ground::Role));
    // By his role he could not, restricted or not.
    assert_eq!(reads(&who(2, None, Role::Manager), &around), Decision::NotAllowed);
}

#[test]
fn whoever_is_excluded_never_sees_it() {
    let mut around = Around { walls: vec![wall(&[1], &[1])], ..Around::default() };
    around.broken = vec![Broken { by: id(1), until: noon() + TimeDelta::hours(1) }];
    around.works = vec![Assignment { worker: Some(id(1)), team: None }];
    for role in [Role::CaseWorker, Role::Privacy] {
        assert_eq!(reads(&asker(&[role]), &around), Decision::NotYours);
        let sealed =
            Ask { action: Action::ReadFile, purpose: None, about: About::Sealed(&around, noon()) };
        assert_eq!(decide(&asker(&[role]), &sealed), Decision::NotYours);
    }
    assert_eq!(breaks(&asker(&[Role::CaseWorker]), &around), Decision::NotYours);
}

fn breaks(asker: &Asker, around: &Around) -> Decision {
    let about = About::Glass(around);
    decide(asker, &Ask { action: Action::BreakGlass, purpose: None, about })
}

#[test]
fn whoever_takes_meldingen_or_works_on_casussen_may_break_the_glass() {
    let around = Around { walls: vec![wall(&[3], &[])], ..Around::default() };
    for role in [Role::Intake, Role::CaseWorker] {
        assert_eq!(ground(breaks(&asker(&[role]), &around)), Some(Ground::Emergency));
    }
    for role in [Role::Manager, Role::Privacy, Role::Auditor, Role::Administrator, Role::Police] {
        assert_eq!(breaks(&asker(&[role]), &around), Decision::NotAllowed);
    }
}

#[test]
fn of_two_restricted_casussen_each_stands_in_the_way() {
    let walls = vec![wall(&[1], &[]), wall(&[3], &[])];
    let around = Around { walls, ..Around::default() };
    assert_eq!(reads(&asker(&[Role::CaseWorker]), &around), Decision::NotYours);
}

#[test]
fn whoever_broke_the_glass_sees_it_for_a_while() {
    let until = noon() + TimeDelta::minutes(60);
    let broken = vec![Broken { by: id(1), until }];
    let own = Around { walls: vec![wall(&[3], &[])], broken: broken.clone(), ..Around::default() };
    let walls = vec![Wall { broken, ..wall(&[3], &[]) }];
    let within = Around { walls: walls.clone(), ..Around::default() };
    for around in [&own, &within] {
        let (me, other) =
            (asker(&[Role::CaseWorker]), Asker { id: id(4), ..asker(&[Role::Intake]) });
        assert_eq!(ground(reads(&me, around)), Some(Ground::Emergency));
        assert_eq!(reads(&other, around), Decision::NotYours);
        let about = About::File(around, until);
        let late = decide(&me, &Ask { action: Action::ReadFile, purpose: None, about });
        assert_eq!(late, Decision::NotYours);
    }
    // Of the one casus, not of the other in which he is as well.
    let both = Around { walls: [walls, vec![wall(&[3], &[])]].concat(), ..Around::default() };
    assert_eq!(reads(&asker(&[Role::CaseWorker]), &both), Decision::NotYours);
}

#[test]
fn what_is_sealed_is_for_whoever_works_on_it_also_when_his_role_sees_the_rest() {
    let sealed = |role, around: &Around| {
        let about = About::Sealed(around, noon());
        ground(decide(&asker(&[role]), &Ask { action: Action::ReadFile, purpose: None, about }))
    };
    let works = vec![Assignment { worker: Some(id(1)), team: None }];
    let around = Around { works, ..Around::default() };
    assert_eq!(sealed(Role::CaseWorker, &around), Some(Ground::Assignment));
    for role in [Role::CaseWorker, Role::Intake, Role::Privacy] {
        assert_eq!(sealed(role, &Around::default()), None);
    }
    let broken = vec![Broken { by: id(1), until: noon() + TimeDelta::minutes(1) }];
    for around in [
        Around { broken: broken.clone(), ..Around::default() },
        Around { broken_around: broken, ..Around::default() },
    ] {
        assert_eq!(sealed(Role::Intake, &around), Some(Ground::Emergency));
        assert_eq!(sealed(Role::Privacy, &around), Some(Ground::Emergency));
    }
}

#[test]
fn who_sees_what_is_sealed_or_answers_for_it_may_say_that_it_need_not_be() {
    let lifts = |role, around: &Around| {
        let about = About::Unsealing(around, noon());
        ground(decide(&asker(&[role]), &Ask { action: Action::RestrictCase, purpose: None, about }))
    };
    let works = vec![Assignment { worker: Some(id(1)), team: None }];
    let around = Around { works, ..Around::default() };
    assert_eq!(lifts(Role::CaseWorker, &around), Some(Ground::Assignment));
    assert_eq!(lifts(Role::CaseWorker, &Around::default()), None);
    assert_eq!(lifts(Role::Privacy, &Around::default()), Some(Ground::Role));
    let excluded = Around { walls: vec![wall(&[], &[1])], ..Around::default() };
    assert_eq!(lifts(Role::Privacy, &excluded), None);
}
