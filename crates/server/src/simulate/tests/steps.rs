//! The steps of the process after a melding: how many services end and how, that nothing is left open, and that all of it may be so.

use super::*;
use chrono::Datelike;
use domain::case::deadlines;
use domain::case::investigation::{How, Investigation};
use domain::case::monitoring;
use domain::deadline::Kind;
use domain::melding::Assessment;

fn investigations(world: &World) -> impl Iterator<Item = &Investigation> {
    world.cases.values().flat_map(|it| it.investigations.0.values())
}

/// Those that ended in a year.
fn completed(world: &World, year: i32) -> Vec<&Investigation> {
    let ended = |it: &&Investigation| it.end.as_ref().is_some_and(|end| end.on.year() == year);
    investigations(world).filter(ended).collect()
}

fn rounded(count: usize) -> usize {
    (count + 2) / 5 * 5
}

#[test]
fn drenthe_completes_as_many_investigations_as_published_and_confirms_as_many_forms() {
    let drenthe = published("Drenthe");
    let ended = completed(&drenthe, 2023);
    assert_eq!(rounded(ended.len()), 145);
    let judged: Vec<_> = ended
        .iter()
        .filter_map(|it| match &it.end.as_ref()?.how {
            How::Judged(findings) => Some(findings),
            How::Early(_) => None,
        })
        .collect();
    // 5,595 of 7,350 in the country.
    assert_eq!(judged.len(), 110);
    let confirmed = judged.iter().map(|findings| {
        let sure = findings.iter().filter(|it| it.outcome == codes::CONFIRMED);
        counted(&sure.map(|it| it.form.clone()).collect::<Vec<_>>())
    });
    let [child, parents, partner, elder, other, problem] = by_form(confirmed);
    assert_eq!([child, partner, other].map(rounded), [50, 25, 20]);
    assert!([parents, elder, problem].iter().all(|few| *few < 5));
    let adapted = |it: &&&Investigation| {
        it.end.as_ref().is_some_and(|end| end.how == How::Early(Code::of(codes::ADAPTED)))
    };
    assert!((1..15).contains(&ended.iter().filter(adapted).count()));
    assert!(investigations(&drenthe).count() > ended.len() + 20, "some still run");
}

#[test]
fn drenthe_concludes_as_many_conditions_services_as_published() {
    let drenthe = published("Drenthe");
    let services = drenthe.cases.values().flat_map(|it| it.conditions.services.values());
    let ended: Vec<_> = services.filter(|it| it.end.is_some()).collect();
    assert_eq!(rounded(ended.len()), 125);
    let forms = ended.iter().map(|it| {
        let content = drenthe.melding[&it.melding].content().unwrap();
        counted(&content.all_forms())
    });
    let [child, parents, partner, elder, other, problem] = by_form(forms);
    assert_eq!([child, partner, other].map(rounded), [80, 25, 15]);
    assert!([parents, elder, problem].iter().all(|few| *few < 5));
}

#[test]
fn the_findings_of_a_country_are_those_published() {
    let country = play(
        Plan::Country { years: 2021..=2023, scale: 0.02, seed: 5, only: None, except: None },
        "2026-12-01T00:00:00Z",
    );
    let meldingen = country.meldingen.len() as f64;
    let ended: Vec<_> = investigations(&country).filter_map(|it| it.end.as_ref()).collect();
    let share = ended.len() as f64 / meldingen;
    assert!((share - 7_350.0 / 127_340.0).abs() < 0.006, "{share}");
    let findings: Vec<_> = ended
        .iter()
        .filter_map(|it| match &it.how {
            How::Judged(findings) => Some(findings),
            How::Early(_) => None,
        })
        .collect();
    let judged = findings.len() as f64;
    let early = 1.0 - judged / ended.len() as f64;
    assert!((early - 1_755.0 / 7_350.0).abs() < 0.04, "{early}");
    for (form, outcome, published) in [
        ("kindermishandeling", "bevestigd", 2_900.0),
        ("kindermishandeling", "niet-bevestigd", 1_155.0),
        ("kindermishandeling", "weerlegd", 140.0),
        ("ex-partnergeweld", "bevestigd", 1_500.0),
        ("ex-partnergeweld", "niet-bevestigd", 390.0),
        ("geweld-tegen-ouders", "bevestigd", 90.0),
    ] {
        let is = |it: &domain::case::investigation::Finding| {
            it.outcome == outcome && counted(std::slice::from_ref(&it.form)).contains(form)
        };
        let found = findings.iter().filter(|all| all.iter().any(is)).count() as f64 / judged;
        let share = published / 5_595.0;
        assert!((found - share).abs() < 0.05, "{form} {outcome}: {found} for {share}");
    }
    let waits = |it: &&Investigation| {
        let begun = it.begun_on.unwrap_or(NaiveDate::MAX);
        begun <= domain::calendar::working_days_after(it.formal_on, 5)
    };
    let begun: Vec<_> = investigations(&country).filter(|it| it.begun_on.is_some()).collect();
    let soon = begun.iter().filter(|it| waits(it)).count() as f64 / begun.len() as f64;
    assert!((0.1..0.5).contains(&soon), "{soon} begin within five days");
}

/// The domain refuses to close what still waits, so this also shows that nothing was recorded after it but what may be.
#[test]
fn a_casus_that_closed_has_nothing_open_but_the_duty_to_inform() {
    for world in [published("Drenthe"), country(2021..=2022, None, "2026-12-01T00:00:00Z")] {
        let over = world.cases.values().filter(|it| closed(it).is_some());
        let mut closed = 0;
        for case in over {
            closed += 1;
            let left = deadlines::open(case);
            let goes_on = |kind| matches!(kind, Kind::Informing | Kind::Incident);
            assert!(left.iter().all(|it| goes_on(it.kind)), "{left:?}");
            assert!(case.investigations.running().is_none() && case.conditions.running().is_none());
            assert!(
                !case.handovers.0.values().any(domain::case::handover::Handover::is_unanswered)
            );
            assert!(!case.monitoring.runs());
        }
        assert!(closed * 10 > world.cases.len() * 8, "{closed} of {}", world.cases.len());
    }
}

#[test]
fn the_decision_on_every_melding_is_taken_in_by_its_casus() {
    let world = country(2023..=2024, None, "2026-12-01T00:00:00Z");
    let mut decided = 0;
    for (id, joined) in world.cases.values().flat_map(|it| &it.meldingen) {
        let content = world.melding[id].content().unwrap();
        assert_eq!(joined.municipality.as_ref(), Some(&content.municipality));
        match &world.melding[id] {
            Melding::Assessed(_, Assessment { on, follow_up, .. }) => {
                let decision = joined.decision.as_ref().unwrap();
                assert_eq!((&decision.on, &decision.follow_up), (on, follow_up));
                decided += 1;
            }
            Melding::Withdrawn(_) => assert!(joined.withdrawn),
            Melding::Absent | Melding::Received(_) => assert!(joined.waits()),
        }
    }
    assert!(decided > 1_000);
}

/// Whatever the seed: [`act`] fails on a refusal. Every kind of step is there.
#[test]
fn no_seed_asks_for_what_may_not_be_and_every_kind_of_step_is_taken() {
    let mut taken = BTreeSet::new();
    for seed in 1..=6 {
        let years = 2018..=2025;
        let plan = Plan::Country { years, scale: 0.0015, seed, only: None, except: None };
        taken.extend(play(plan, "2026-12-01T00:00:00Z").taken);
    }
    for kind in [
        "Assignment",
        "Close",
        "Conditions",
        "FollowUp",
        "Handover",
        "Household",
        "Incident",
        "Informing",
        "Investigation",
        "InvolvePerson",
        "JoinMelding",
        "Junction",
        "Measure",
        "Monitoring",
        "Multidisciplinary",
        "Open",
        "RecordPair",
        "Suspension",
        "Transfer",
    ] {
        assert!(taken.contains(kind), "{kind}");
    }
}

#[test]
fn nothing_of_a_step_is_in_the_particulars_of_the_family_and_all_of_it_says_that_it_is_made_up() {
    let world = country(2023..=2023, Some("VT13"), "2026-12-01T00:00:00Z");
    let told = |it: &&String| !it.contains("Verzonnen") && !it.contains("Test");
    assert_eq!(world.particulars.iter().filter(told).count(), 0);
}

#[test]
fn most_are_informed_within_four_weeks_and_some_are_not() {
    let world = country(2022..=2023, None, "2026-12-01T00:00:00Z");
    let duties = || world.cases.values().flat_map(|it| it.informing.persons.values());
    let ended = duties().filter_map(|it| Some((it.ended_on()?, it.due_on()?)));
    let (within, late): (Vec<_>, Vec<_>) = ended.partition(|(on, due)| on <= due);
    assert!(within.len() > 10 * late.len() && !late.is_empty());
    assert!(duties().any(|it| it.postponed == 1) && duties().any(|it| it.postponed == 2));
    assert!(duties().any(|it| it.end.is_none()));
}

#[test]
fn the_codes_of_all_steps_are_published() {
    let world = country(2022..=2023, None, "2026-12-01T00:00:00Z");
    let there = |list, code: &Code| assert!(codes::find(list, code.as_str()).is_some(), "{code}");
    for case in world.cases.values() {
        for it in case.investigations.0.values() {
            it.forms.iter().for_each(|form| there(List::Form, form));
            match it.end.as_ref().map(|end| &end.how) {
                Some(How::Early(reason)) => there(List::EarlyEnd, reason),
                Some(How::Judged(findings)) => {
                    for it in findings {
                        there(List::Finding, &it.outcome);
                    }
                    findings
                        .iter()
                        .flat_map(|it| &it.natures)
                        .for_each(|it| there(List::Nature, it));
                }
                None => {}
            }
        }
        for it in case.conditions.services.values().filter_map(|it| it.end.as_ref()) {
            there(List::ConditionsOutcome, &it.outcome);
        }
        for it in case.conditions.conditions.values() {
            it.reviews.iter().for_each(|(_, kept)| there(List::Kept, kept));
            it.partners.iter().for_each(|partner| there(List::Receiver, partner));
        }
        for it in case.handovers.0.values() {
            there(List::Receiver, &it.to);
            there(List::YesNo, &it.warm);
            it.returned.iter().for_each(|(_, reason)| there(List::ReturnReason, reason));
        }
        case.measures.0.values().for_each(|it| there(List::Measure, &it.kind));
        for it in case.multidisciplinary.0.values() {
            there(List::MultidisciplinaryReason, &it.reason);
            it.partners.keys().for_each(|it| there(List::Discipline, it));
        }
        for it in case.junction.0.values() {
            it.outcome.iter().for_each(|(_, outcome)| there(List::JunctionOutcome, outcome));
        }
        case.informing.told.iter().for_each(|(_, whom, _)| there(List::Informed, whom));
        for it in case.monitoring.moments.values() {
            if let monitoring::Stage::Held { safe, by, .. } = &it.stage {
                there(List::YesNo, safe);
                there(List::MonitoredBy, by);
            }
        }
        case.suspension.0.iter().for_each(|it| there(List::SuspensionReason, &it.reason));
        case.transfers.offered.values().for_each(|it| there(List::TransferReason, &it.reason));
        case.incidents.0.values().for_each(|it| there(List::Incident, &it.kind));
    }
}
