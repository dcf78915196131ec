//! Steps of the process in, cells out.

use super::cells;
use crate::definition::time::{ANSWERED, LASTED, WAITED, class};
use crate::fact::{Begin, Fact, Finding, Informed, Service, Step, Watched};
use crate::sample::{code, codes};

fn of(id: &str, step: Step) -> Vec<String> {
    cells(id, &Fact::Case(step))
}

#[test]
fn a_handover_is_accepted_only_when_the_other_said_so_and_did_not_return_it() {
    let handover = |accepted_after, started, returned: Option<&str>| Step::Handover {
        to: code("lokaal-veld"),
        warm: code("ja"),
        accepted_after,
        started,
        returned: returned.map(code),
    };
    let table = [
        (handover(None, false, None), "/totaal /nog-geen-antwoord"),
        (handover(Some(3), false, None), "/totaal /aanvaard /hulp-nog-niet-begonnen"),
        (handover(Some(3), true, None), "/totaal /aanvaard /hulp-begonnen"),
        (handover(None, false, Some("anders")), "/totaal /teruggegeven /zonder-aanvaarding"),
        (handover(Some(3), true, Some("anders")), "/totaal /teruggegeven /na-aanvaarding"),
    ];
    for (step, expected) in table {
        assert_eq!(of("overdrachten-aanvaard", step.clone()).join(" "), expected, "{step:?}");
    }
    let returned = handover(Some(3), true, Some("niet-passend"));
    assert_eq!(of("overdrachten-teruggegeven", returned.clone()), ["/totaal", "/niet-passend"]);
    let receivers = of("overdrachten-naar-soort-organisatie", returned);
    assert!(receivers.contains(&"/lokaal-veld/teruggegeven".to_owned()));
}

#[test]
fn an_investigation_counts_once_for_each_form_that_it_judged() {
    let finding = |form: &str, outcome: &str| Finding { form: code(form), outcome: code(outcome) };
    let findings = vec![
        finding("huiselijk-geweld-overig", "weerlegd"),
        finding("huwelijksdwang", "bevestigd"),
        finding("kindermishandeling", "niet-bevestigd"),
    ];
    let expected = [
        "/huiselijk-geweld-overig/totaal",
        "/huiselijk-geweld-overig/weerlegd",
        "/huiselijk-geweld-overig/bevestigd",
        "/kindermishandeling/totaal",
        "/kindermishandeling/niet-bevestigd",
    ];
    assert_eq!(of("onderzoeken-naar-uitkomst", Step::Judgement { findings }), expected);
}

#[test]
fn an_investigation_ends_with_a_judgement_or_early() {
    let early = Step::Investigation { early: Some(code("overleden")), days: 3 };
    let expected = ["/totaal", "/voortijdig-afgesloten", "/overleden"];
    assert_eq!(of("onderzoeken-afgerond", early.clone()), expected);
    assert!(of("doorlooptijd-onderzoek", early).is_empty());
    let judged = Step::Investigation { early: None, days: 71 };
    let expected = ["/totaal", "/niet-voortijdig-afgesloten"];
    assert_eq!(of("onderzoeken-afgerond", judged.clone()), expected);
    let expected = ["/totaal", "/10-tot-en-met-15-weken"];
    assert_eq!(of("doorlooptijd-onderzoek", judged), expected);
}

#[test]
fn what_was_formally_started_and_has_not_begun_is_the_waiting_list() {
    let service = |begin| Step::Service { service: Service::Investigation, begin };
    let waits = of("wachtlijst", service(Begin::Waiting));
    assert_eq!(waits, ["/onderzoek/totaal", "/onderzoek/wacht"]);
    assert_eq!(of("wachtlijst", service(Begin::Never))[1], "/onderzoek/vervallen");
    assert_eq!(of("wachtlijst", service(Begin::After(7)))[1], "/onderzoek/begonnen");
    assert!(of("wachttijd-onderzoek", service(Begin::Waiting)).is_empty());
    assert_eq!(of("wachttijd-onderzoek", service(Begin::After(7)))[1], "/1-tot-2-weken");
    assert!(of("wachttijd-voorwaarden", service(Begin::After(7))).is_empty());
}

#[test]
fn times_fall_in_classes() {
    let table = [
        (WAITED, 6, "minder-dan-1-week"),
        (WAITED, 7, "1-tot-2-weken"),
        (WAITED, 56, "8-weken-of-langer"),
        (LASTED, 70, "5-tot-en-met-10-weken"),
        (LASTED, 71, "10-tot-en-met-15-weken"),
        (ANSWERED, 0, "zelfde-dag"),
        (ANSWERED, 29, "meer-dan-28-dagen"),
    ];
    for (classes, days, expected) in table {
        assert_eq!(class(days, classes), expected, "{days}");
    }
}

#[test]
fn terms_stand_by_kind_and_by_municipality() {
    let met = |kind: &str, within| Fact::Deadline {
        kind: code(kind),
        municipality: code("0106"),
        within,
    };
    let judged = met("onderzoek", false);
    assert_eq!(cells("termijnen-naar-soort", &judged)[1], "/onderzoek/te-laat");
    assert_eq!(cells("termijnen-naar-gemeente", &judged)[1], "/0106/te-laat");
    assert!(cells("beoordelingen-naar-gemeente", &judged).is_empty());
    let assessed = met("veiligheidsbeoordeling", true);
    assert_eq!(cells("beoordelingen-naar-gemeente", &assessed)[1], "/0106/binnen-termijn");
}

#[test]
fn a_measure_that_was_considered_is_not_one_that_was_imposed() {
    let measure = |kind: &str, imposed, extended| Step::Measure {
        kind: code(kind),
        imposed,
        consulted: code("nee"),
        extended,
    };
    let id = "maatregelen";
    let considered = of(id, measure("aware", false, false));
    assert!(considered.contains(&"/aware/overwogen".to_owned()));
    assert!(!considered.contains(&"/aware/opgelegd".to_owned()));
    let extended = of(id, measure("tijdelijk-huisverbod", true, true));
    for part in ["opgelegd", "verlengd"] {
        assert!(extended.contains(&format!("/tijdelijk-huisverbod/{part}")), "{part}");
    }
    let id = "huisverboden-raadpleging";
    assert!(of(id, measure("aware", true, false)).is_empty());
    assert_eq!(of(id, measure("tijdelijk-huisverbod", true, false)), ["/totaal", "/nee"]);
}

#[test]
fn partners_take_part_all_some_or_none_once_all_have_answered() {
    let of_three = |taking_part, unanswered| {
        let reason = code("anders");
        let step = Step::Multidisciplinary { reason, asked: 3, taking_part, unanswered };
        of("multidisciplinaire-aanpak", step)[1].clone()
    };
    assert_eq!(of_three(3, 0), "/totaal/alle");
    assert_eq!(of_three(1, 0), "/totaal/deels");
    assert_eq!(of_three(0, 0), "/totaal/geen");
    assert_eq!(of_three(2, 1), "/totaal/nog-geen-antwoord");
}

#[test]
fn nobody_is_counted_as_informed_who_was_not() {
    let informing =
        |outcome, postponed| of("informeren-binnen-norm", Step::Informing { outcome, postponed });
    assert_eq!(informing(Informed::Open, 0)[3], "/nog-niet/geen");
    assert_eq!(informing(Informed::Exempt, 1)[3], "/hoeft-niet/een-keer");
    assert_eq!(informing(Informed::Within, 2)[3], "/binnen-termijn/vaker");
    assert_eq!(informing(Informed::Late, 0)[3], "/te-laat/geen");
}

#[test]
fn a_moment_of_which_nobody_knows_whether_it_was_safe_is_unknown() {
    let held = |safe: &str| {
        let outcome = Watched::Held { safe: code(safe), by: code("professional") };
        of("monitoring", Step::Moment { outcome })
    };
    assert_eq!(held("ja"), ["/totaal", "/gehouden", "/veilig"]);
    assert_eq!(held("nee")[2], "/niet-veilig");
    assert_eq!(held("niet-gevraagd")[2], "/onbekend");
    let planned = Step::Moment { outcome: Watched::Planned };
    assert_eq!(of("monitoring", planned.clone()), ["/totaal", "/gepland"]);
    assert!(of("monitoring-door", planned).is_empty());
}

#[test]
fn complaints_are_counted_by_outcome_and_not_by_report_to_the_supervisor() {
    let incident = |kind: &str, outcome: Option<&str>| Step::Incident {
        kind: code(kind),
        reported: true,
        outcome: outcome.map(code),
    };
    assert_eq!(of("voorvallen", incident("klacht", Some("gegrond")))[1], "/klacht/gegrond");
    let open = of("voorvallen", incident("klacht", None));
    assert_eq!(open[1], "/klacht/nog-niet-afgehandeld");
    assert_eq!(of("klachten", incident("klacht", None)), ["/totaal", "/nog-niet-afgehandeld"]);
    assert!(of("klachten", incident("calamiteit", None)).is_empty());
    assert!(of("voorvallen-toezichthouder", incident("klacht", None)).is_empty());
    let calamity = of("voorvallen-toezichthouder", incident("calamiteit", None));
    assert_eq!(calamity[1], "/calamiteit/ja");
}

#[test]
fn a_household_that_moves_counts_where_it_went_and_where_it_came_from() {
    let offered = |accepted: Option<&str>| Step::Transfer {
        to: "VT08".parse().unwrap(),
        reason: code("verhuizing"),
        accepted: accepted.map(code),
    };
    let id = "regio-overdrachten";
    for (answer, expected) in
        [(None, "nog-geen-antwoord"), (Some("ja"), "aanvaard"), (Some("nee"), "niet-aanvaard")]
    {
        assert_eq!(of(id, offered(answer)), ["/aangeboden".to_owned(), format!("/{expected}")]);
    }
    let taken = Step::TakenOver { from: "VT04".parse().unwrap() };
    assert_eq!(of(id, taken.clone()), ["/overgenomen"]);
    let id = "regio-overdrachten-naar-regio";
    assert_eq!(of(id, offered(None)), ["/aangeboden/totaal", "/aangeboden/VT08"]);
    assert_eq!(of(id, taken), ["/overgenomen/totaal", "/overgenomen/VT04"]);
}

#[test]
fn what_an_investigation_established_may_be_more_than_one_nature() {
    let natures = codes(&["lichamelijke-mishandeling", "psychisch-geweld"]);
    let all = of("vastgestelde-aard", Step::Established { natures });
    assert_eq!(all, ["/totaal", "/lichamelijke-mishandeling", "/psychisch-geweld"]);
}
