//! Facts in, cells out; and what must hold for every definition in the registry.

mod steps;

use super::category::Rank::{self, Group, Member, Total, Value};
use super::*;
use crate::fact::Unit;
use crate::sample::{self, code, codes, melding, melding_place, pair, person};
use std::collections::BTreeSet;

/// All cells of a fact in a table, as texts such as `kind/vrouw`.
fn cells(id: &str, fact: &Fact) -> Vec<String> {
    let groups = (find(id).unwrap().classify)(fact);
    let mut all = vec![];
    for axes in groups {
        let mut cells = vec![String::new()];
        for codes in axes {
            let with = |cell: &String| -> Vec<String> {
                codes.iter().map(|code| format!("{cell}/{code}")).collect()
            };
            cells = cells.iter().flat_map(with).collect();
        }
        all.extend(cells);
    }
    all
}

#[test]
fn a_special_form_counts_under_its_counted_form_once() {
    let fact = melding_place(
        "0106",
        &["eergerelateerd-geweld", "huiselijk-geweld-overig", "huwelijksdwang"],
    );
    assert_eq!(cells("meldingen-naar-vorm", &fact), ["/totaal", "/huiselijk-geweld-overig"]);
    let special = ["/totaal", "/eergerelateerd-geweld", "/huwelijksdwang"];
    assert_eq!(cells("bijzondere-vormen", &fact), special);
}

#[test]
fn a_melding_without_special_form_is_not_in_that_table() {
    let fact = melding_place("0106", &["kindermishandeling"]);
    assert!(cells("bijzondere-vormen", &fact).is_empty());
}

#[test]
fn a_hoedanigheid_counts_under_its_group() {
    let fact = melding("politie", Some("politie"), &["kindermishandeling"]);
    let expected = ["/totaal", "/politie", "/beroepsmatig"];
    assert_eq!(cells("meldingen-naar-hoedanigheid", &fact), expected);
    let expected = ["/totaal", "/politie", "/justitie-en-veiligheid"];
    assert_eq!(cells("meldingen-naar-organisatie", &fact), expected);
}

#[test]
fn no_organisation_is_not_applicable_in_private_and_otherwise_not_asked() {
    let private = melding("buurtbewoner", None, &["kindermishandeling"]);
    assert_eq!(cells("meldingen-naar-organisatie", &private), ["/totaal", "/niet-van-toepassing"]);
    let unknown = melding("onbekend", None, &["kindermishandeling"]);
    assert_eq!(cells("meldingen-naar-organisatie", &unknown), ["/totaal", "/niet-gevraagd"]);
}

#[test]
fn involvement_has_its_subtotals() {
    let of = |class| Fact::Involvement { municipality: code("0106"), class: code(class) };
    let id = "meldingen-naar-eerdere-betrokkenheid";
    let repeat = cells(id, &of("hermelding-een-betrokkene"));
    assert_eq!(repeat, ["/totaal", "/hermelding-een-betrokkene", "/hermelding"]);
    let further = cells(id, &of("vervolgmelding-tijdens-monitoring"));
    assert_eq!(further[2], "/vervolgmelding");
    assert_eq!(cells(id, &of("eerste-melding")), ["/totaal", "/eerste-melding"]);
}

#[test]
fn a_repeat_falls_in_a_class_of_months_and_counts_within_a_year_or_not() {
    let table = [
        (0, "binnen-3-maanden"),
        (2, "binnen-3-maanden"),
        (3, "3-tot-6-maanden"),
        (5, "3-tot-6-maanden"),
        (6, "6-tot-12-maanden"),
        (11, "6-tot-12-maanden"),
        (12, "12-tot-24-maanden"),
        (23, "12-tot-24-maanden"),
        (24, "24-maanden-of-langer"),
        (u8::MAX, "24-maanden-of-langer"),
    ];
    for (months, class) in table {
        let all =
            cells("herhaling-naar-tijd", &Fact::Repeat { municipality: code("0106"), months });
        assert_eq!(all[..2], ["/totaal".to_owned(), format!("/{class}")], "{months}");
        assert_eq!(all.contains(&"/binnen-12-maanden".to_owned()), months < 12, "{months}");
    }
}

#[test]
fn who_is_counted_once_a_year_is_counted_where_that_was() {
    let fact = Fact::FirstThisYear { municipality: code("0106") };
    assert_eq!(cells("unieke-personen", &fact), ["/totaal", "/0106"]);
}

#[test]
fn ages_fall_in_bands() {
    let table = [
        (Some(0), "0-3"),
        (Some(3), "0-3"),
        (Some(4), "4-11"),
        (Some(17), "12-17"),
        (Some(18), "18-24"),
        (Some(44), "25-44"),
        (Some(64), "45-64"),
        (Some(65), "65-79"),
        (Some(80), "80+"),
        (Some(101), "80+"),
        (None, "onbekend"),
    ];
    for (age, band) in table {
        assert_eq!(dimension::age_band(age), band, "{age:?}");
    }
}

#[test]
fn a_person_counts_by_role_sex_age_and_form() {
    let fact = person(&["pleger", "slachtoffer"], "vrouw", Some(30), &["ex-partnergeweld"]);
    let all = cells("slachtoffers-naar-geslacht-leeftijd-vorm", &fact);
    assert_eq!(all.len(), 8);
    assert!(all.contains(&"/vrouw/25-44/ex-partnergeweld".to_owned()));
    assert!(all.contains(&"/totaal/totaal/totaal".to_owned()));
    assert_eq!(cells("plegers-naar-geslacht-leeftijd-vorm", &fact), all);
    assert!(cells("mannen-als-slachtoffer", &fact).is_empty());
    assert!(cells("kinderen-naar-rol", &fact).is_empty());
}

#[test]
fn a_child_is_younger_than_eighteen_or_has_that_role() {
    let id = "kinderen-naar-rol";
    let young = person(&["slachtoffer"], "man", Some(17), &["kindermishandeling"]);
    assert_eq!(cells(id, &young), ["/totaal", "/slachtoffer"]);
    let grown = person(&["kind"], "man", Some(18), &["kindermishandeling"]);
    assert!(cells(id, &grown).is_empty());
    let unknown = person(&["kind"], "man", None, &["kindermishandeling"]);
    assert_eq!(cells(id, &unknown), ["/totaal", "/kind"]);
}

#[test]
fn pairs_count_by_relation_sexes_and_form() {
    let fact = pair("ouder", "man", "vrouw", &["ouderenmishandeling"]);
    let all = cells("relaties-naar-relatie-geslacht-vorm", &fact);
    assert!(all.contains(&"/ouder/man-door-vrouw/ouderenmishandeling".to_owned()));
    assert_eq!(cells("ouderenmishandeling-naar-relatie", &fact), ["/totaal", "/ouder"]);
    assert!(cells("geweld-tegen-ouders-naar-relatie", &fact).is_empty());
    let unknown = pair("ouder", "onbekend", "vrouw", &["ouderenmishandeling"]);
    let all = cells("relaties-naar-relatie-geslacht-vorm", &unknown);
    assert!(all.contains(&"/ouder/onbekend/totaal".to_owned()));
}

#[test]
fn an_assessment_meets_the_norm_or_not() {
    let of = |within_norm| Fact::Assessment {
        follow_up: code("overdracht"),
        unsafety: codes(&["acuut", "structureel"]),
        working_days: 5,
        within_norm,
    };
    assert_eq!(cells("beoordelingen-binnen-norm", &of(true)), ["/beoordeeld", "/binnen-norm"]);
    assert_eq!(cells("beoordelingen-binnen-norm", &of(false)), ["/beoordeeld", "/te-laat"]);
    assert_eq!(cells("onveiligheid", &of(true)), ["/totaal", "/acuut", "/structureel"]);
}

#[test]
fn entry_lag_falls_in_classes() {
    let table = [
        (0, "zelfde-dag"),
        (1, "1-7-dagen"),
        (7, "1-7-dagen"),
        (8, "8-30-dagen"),
        (30, "8-30-dagen"),
        (31, "meer-dan-30-dagen"),
    ];
    for (days, class) in table {
        let all = cells("late-registratie", &Fact::Entry { of: Unit::Advice, days });
        assert_eq!(all, ["/adviezen/totaal".to_owned(), format!("/adviezen/{class}")], "{days}");
    }
}

#[test]
fn a_fact_gives_each_cell_once_and_only_cells_of_its_table() {
    for counted in sample::counts() {
        for definition in all() {
            let found = cells(definition.id, &counted.fact);
            let unique: BTreeSet<&String> = found.iter().collect();
            assert_eq!(unique.len(), found.len(), "{}: {:?}", definition.id, counted.fact);
            let looked_at = definition.kinds.contains(&Kind::of(&counted.fact));
            assert!(looked_at || found.is_empty(), "{}: {:?}", definition.id, counted.fact);
        }
    }
}

#[test]
fn every_kind_of_fact_is_counted_somewhere_and_occurs_in_the_sample() {
    let counted: BTreeSet<Kind> = all().flat_map(|it| it.kinds).copied().collect();
    assert_eq!(counted.len(), Kind::COUNT);
    let sampled: BTreeSet<Kind> = sample::counts().iter().map(|it| Kind::of(&it.fact)).collect();
    assert_eq!(sampled.len(), Kind::COUNT);
}

#[test]
fn every_definition_can_be_told_apart_and_read() {
    let ids: BTreeSet<&str> = all().map(|it| it.id).collect();
    assert_eq!(ids.len(), all().count());
    for it in all() {
        for text in [it.id, it.title, it.unit, it.version, it.note] {
            assert!(!text.is_empty(), "{}", it.id);
        }
        assert!(it.note.ends_with('.') && !it.note.contains("  "), "{}", it.id);
        assert!(it.dimensions.len() <= 3, "{}", it.id);
    }
}

#[test]
fn every_category_has_a_code_of_its_own_and_a_label() {
    for it in all().flat_map(|it| it.dimensions) {
        let categories = (it.categories)();
        let codes: BTreeSet<&str> = categories.iter().map(|it| it.code.as_ref()).collect();
        assert_eq!(codes.len(), categories.len(), "{}", it.name);
        assert!(categories.iter().all(|it| !it.label.is_empty()), "{}", it.name);
        assert!(!it.heading.is_empty());
    }
}

#[test]
fn a_subtotal_stands_before_its_members() {
    let ranks: Vec<Rank> = (dimension::INVOLVEMENT.categories)().iter().map(|it| it.rank).collect();
    let expected = [Total, Value, Group, Member, Member, Group, Member, Member, Member, Value];
    assert_eq!(ranks, expected);
}
