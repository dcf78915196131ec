//! Sentences about what stands out.

use super::*;
use crate::codes::Code;
use crate::scenario::id;

const WORKER: u128 = 1;

fn bounds() -> Bounds {
    let office = ("08:00:00".parse().unwrap(), "18:00:00".parse().unwrap());
    let hours = BTreeMap::from([("manager".to_owned(), office)]);
    Bounds { persons_a_day: 3, times_usual: 2, idle_files_a_day: 2, hours }
}

fn looked(role: &'static str, persons: &[u128], file: u128) -> Looked {
    let persons = persons.iter().map(|it| id(*it)).collect();
    Looked { roles: vec![Code::of(role)], id: Some(id(file)), ..Looked::example(persons) }
}

fn at<'a>(position: i64, moment: &str, looked: &'a Looked) -> Seen<'a> {
    let at: DateTime<Utc> = format!("{moment}Z").parse().unwrap();
    let (on, time) = (at.date_naive(), at.time());
    let working_day = crate::calendar::is_working_day(on);
    Seen { position, by: id(WORKER), at, on, time, working_day, looked }
}

fn found(looks: &[Seen<'_>], own: &[u128], acts: &[u128]) -> Vec<(Kind, usize)> {
    let own = BTreeMap::from([(id(WORKER), own.iter().map(|it| id(*it)).collect())]);
    let acts = acts.iter().map(|file| (id(WORKER), id(*file))).collect();
    patterns(looks, &own, &acts, &bounds()).iter().map(|it| (it.kind, it.count)).collect()
}

#[test]
fn whoever_looks_at_himself_or_his_family_stands_out_at_once() {
    let (own, other) = (looked("casus", &[7, 8], 100), looked("casus", &[9], 101));
    let looks = [at(1, "2026-03-03T10:00:00", &own), at(2, "2026-03-03T10:05:00", &other)];
    assert_eq!(found(&looks, &[8], &[]), [(Kind::Own, 1)]);
    assert_eq!(found(&looks, &[], &[]), []);
}

#[test]
fn many_persons_stand_out_only_when_that_is_unusual_for_this_worker() {
    let much = looked("casus", &[1, 2, 3, 4], 100);
    let little = looked("casus", &[1], 100);
    let day = "2026-03-03T10:00:00";
    assert_eq!(found(&[at(1, day, &much)], &[], &[]), [(Kind::Volume, 4)]);
    let usual = [at(1, "2026-03-02T10:00:00", &much), at(2, day, &much)];
    assert_eq!(found(&usual, &[], &[]), []);
    let unusual = [at(1, "2026-03-02T10:00:00", &little), at(2, day, &much)];
    assert_eq!(found(&unusual, &[], &[]), [(Kind::Volume, 4)]);
}

#[test]
fn a_list_that_was_handed_out_is_no_curiosity() {
    let list = Looked { files: vec![id(50)], ..looked("casus", &[1, 2, 3, 4, 5], 100) };
    assert_eq!(found(&[at(1, "2026-03-03T10:00:00", &list)], &[], &[]), []);
}

#[test]
fn who_works_by_day_stands_out_at_night_and_who_works_at_any_hour_does_not() {
    let (manager, worker) = (looked("manager", &[1], 100), looked("casus", &[1], 100));
    let both = Looked { roles: vec![Code::of("manager"), Code::of("casus")], ..manager.clone() };
    let night = "2026-03-03T23:00:00";
    assert_eq!(found(&[at(1, night, &manager)], &[], &[]), [(Kind::AfterHours, 1)]);
    let sunday = at(1, "2026-03-01T11:00:00", &manager);
    assert_eq!(found(&[sunday], &[], &[]), [(Kind::AfterHours, 1)]);
    assert_eq!(found(&[at(1, "2026-03-03T11:00:00", &manager)], &[], &[]), []);
    assert_eq!(found(&[at(1, night, &worker), at(2, night, &both)], &[], &[]), []);
}

#[test]
fn files_that_were_opened_and_left_stand_out_when_there_are_many() {
    let files: Vec<Looked> = (1..=4).map(|file| looked("casus", &[1], file)).collect();
    let day = "2026-03-03T10:00:00";
    let looks: Vec<Seen<'_>> = (1..).zip(&files).map(|(nth, it)| at(nth, day, it)).collect();
    assert_eq!(found(&looks, &[], &[]), [(Kind::Idle, 4)]);
    assert_eq!(found(&looks, &[], &[1, 2]), []);
}

#[test]
fn whoever_was_not_let_in_has_seen_nobody_and_stands_out_for_having_asked() {
    let denied = Looked { outcome: Outcome::Denied, ..looked("casus", &[7], 100) };
    let asked = [at(1, "2026-03-03T10:00:00", &denied)];
    assert_eq!(found(&asked, &[7], &[]), [(Kind::TurnedAway, 1)]);
    let absent = Looked { outcome: Outcome::Absent, ..looked("casus", &[7], 100) };
    assert_eq!(found(&[at(1, "2026-03-03T10:00:00", &absent)], &[7], &[]), []);
}

#[test]
fn whoever_looked_in_an_emergency_stands_out() {
    let nood = Looked { ground: Some(Code::of("nood")), ..looked("casus", &[1], 100) };
    assert_eq!(found(&[at(1, "2026-03-03T10:00:00", &nood)], &[], &[]), [(Kind::Emergency, 1)]);
}
