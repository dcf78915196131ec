//! Sentences about access. That every role is held against every route is told in `tests/access.rs`.

use super::*;
use crate::codes::{List, values};
use crate::scenario::id;

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
