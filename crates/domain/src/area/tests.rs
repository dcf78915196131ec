//! Places through time, and the published reference data: no gap, no overlap, and the numbers that CBS counts.

use super::municipality::faults as faults_of;
use super::*;
use crate::access::{About, Action, Ask, Asker, Role, decide};
use crate::area::Extent;
use chrono::Datelike;
use serde_json::{Value, json};

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn codes(all: &[&'static Municipality]) -> Vec<&'static str> {
    all.iter().map(|it| it.code.as_str()).collect()
}

#[test]
fn the_published_places_hold_together() {
    assert_eq!(faults(), Vec::<String>::new());
}

#[test]
fn there_are_as_many_municipalities_and_regions_as_cbs_counts() {
    let numbers = [393, 390, 388, 380, 355, 355, 352, 345, 342, 342, 342, 342];
    for (year, number) in (2015..).zip(numbers) {
        let on = day(&format!("{year}-01-01"));
        let there: Vec<_> = municipalities().filter(|it| it.existed_on(on)).collect();
        assert_eq!(there.len(), number, "{year}");
        assert!(there.iter().all(|it| it.region_on(on).is_some()), "{year}");
        assert_eq!(regions_on(on).count(), if year < 2023 { 26 } else { 25 }, "{year}");
    }
    assert_eq!(centres().len(), 35);
}

#[test]
fn every_region_has_its_municipalities_of_2026() {
    let numbers = [
        6, 12, 6, 18, 15, 15, 6, 10, 9, 18, 11, 8, 14, 22, 11, 0, 17, 13, 14, 26, 14, 7, 13, 10,
        16, 0, 31,
    ];
    let areas = Areas::default();
    for (nth, number) in (1..).zip(numbers) {
        let region = Area::Region(format!("VT{nth:02}"));
        let found = areas.municipalities_of(&region, day("2026-01-01")).len();
        assert_eq!(found, number, "{}", region.code());
    }
}

/// Figures know the month of what happened and no more, so a place is looked up with the first day of it. An end may lie within a month:
/// what ended still counts in its last month.
#[test]
fn whatever_begins_begins_on_the_first_day_of_a_month() {
    let since = day("2015-01-01");
    let begun = municipalities().filter_map(|it| it.valid_from).filter(|from| *from >= since);
    for from in begun.chain(regions().iter().filter_map(|it| it.valid_from)) {
        assert_eq!(from.day(), 1, "{from}");
    }
    // A region that changes within a month would show: on its last day a municipality lies where it lay on the first.
    let firsts = since.iter_days().filter(|it| it.day() == 1).take(12 * 12);
    for first in firsts {
        let last = (first + chrono::Months::new(1)).pred_opt().unwrap();
        let mut there = municipalities().filter(|it| it.existed_on(first) && it.existed_on(last));
        assert!(there.all(|it| it.region_on(first) == it.region_on(last)), "{first}");
    }
}

/// One change at a time in data that hold together: each is found, and said.
#[test]
fn whatever_does_not_hold_together_is_found() {
    let all = || {
        json!([
            { "code": "1", "name": "A", "province": "P", "validFrom": null, "validTo": "2020-01-01", "successors": ["2"],
              "vtRegion": [{ "region": "VT01", "from": "2015-01-01", "to": "2018-01-01" }, { "region": "VT02", "from": "2018-01-01", "to": "2020-01-01" }] },
            { "code": "2", "name": "B", "province": "P", "validFrom": "2020-01-01", "validTo": null, "successors": [],
              "vtRegion": [{ "region": "VT02", "from": "2020-01-01", "to": null }] },
        ])
    };
    let wrong = |at: &str, value: Value| {
        let mut all = all();
        *all.pointer_mut(at).unwrap() = value;
        let all: Vec<Municipality> = serde_json::from_value(all).unwrap();
        faults_of(&all.iter().collect::<Vec<_>>(), regions()).join("; ")
    };
    assert_eq!(wrong("/0/name", json!("A")), "");
    let table = [
        ("/0/vtRegion/1/from", json!("2018-02-01"), "verwacht vanaf 2018-01-01"),
        ("/0/vtRegion/1/from", json!("2017-12-31"), "verwacht vanaf 2018-01-01"),
        ("/0/vtRegion/0/from", json!("2016-01-01"), "verwacht vanaf 2015-01-01"),
        ("/0/vtRegion/0/to", json!("2014-01-01"), "tot voor het begin"),
        ("/0/vtRegion/0/to", json!(null), "zonder einde volgt VT02"),
        ("/0/vtRegion/1/to", json!("2019-01-01"), "niet tot het einde in een regio"),
        ("/0/vtRegion", json!([]), "niet tot het einde in een regio"),
        ("/1/vtRegion/0/to", json!("2024-01-01"), "niet tot het einde in een regio"),
        ("/0/vtRegion/0/region", json!("VT27"), "regio VT27 bestaat dan niet"),
        ("/1/vtRegion/0/region", json!("VT26"), "regio VT26 bestaat dan niet"),
        ("/1/vtRegion/0/region", json!("VT99"), "regio VT99 bestaat dan niet"),
        ("/0/successors", json!([]), "heeft geen opvolger"),
        ("/0/successors", json!(["3"]), "opvolger 3 bestaat niet"),
        ("/0/successors", json!(["1"]), "opvolger 1 bestond niet op 2020-01-01"),
        ("/1/validFrom", json!("2020-02-01"), "opvolger 2 bestond niet op 2020-01-01"),
        ("/1/successors", json!(["1"]), "een opvolger en geen einde"),
    ];
    for (at, value, why) in table {
        let found = wrong(at, value.clone());
        assert!(found.contains(why), "{at} {value}: {found}");
    }
}

#[test]
fn a_municipality_goes_on_in_the_one_to_which_it_went() {
    let went = |code, on| municipality(code).unwrap().went_to(day(on)).code.as_str();
    assert_eq!(went("0017", "2018-12-31"), "0017");
    assert_eq!(went("0017", "2019-01-01"), "0014");
    // Divided: as a whole to its largest part, Het Hogeland and not Westerkwartier.
    assert_eq!(went("0053", "2026-01-01"), "1966");
    // What is not there yet is nowhere else either.
    assert_eq!(went("1966", "2018-01-01"), "1966");
    let today = day("2026-01-01");
    assert!(municipalities().all(|it| it.went_to(today).existed_on(today)));
    let heden = Boundaries::On(today);
    assert_eq!((heden.municipality("0017"), heden.municipality("onbekend")), ("0014", "onbekend"));
    assert_eq!(Boundaries::OfTheDate.municipality("0017"), "0017");
}

#[test]
fn a_region_is_called_by_its_name_of_the_day() {
    let name = |code, on| region_on(code, day(on)).map(|it| it.name.as_str());
    assert_eq!(name("VT16", "2020-12-31"), Some("Noord-Brabant Noord"));
    assert_eq!(name("VT16", "2021-01-01"), Some("Brabant Noordoost"));
    assert_eq!(name("VT16", "2023-01-01"), None);
    assert_eq!((region_name("VT15"), region_name("VT99")), ("Midden-Brabant", "VT99"));
    let over = ["VT16", "VT26", "VT15", "VT27", "VT99"].map(taken_over_by);
    assert_eq!(over, [Some("VT27"), Some("VT27"), None, None, None]);
}

#[test]
fn an_unknown_centre_is_never_invented() {
    let areas = Areas::default();
    let on = day("2026-01-01");
    assert!(areas.centre_of("0114", on).is("0114"));
    assert!(areas.centre_of("0193", on).is("0193"));
    // Assen lies in the same region as the centre Emmen; that says nothing.
    assert_eq!(areas.centre_of("0106", on), CentreOf::Unknown);
    let emmen = areas.municipalities_of(&Area::Centre("0114".to_owned()), on);
    assert_eq!(codes(&emmen), ["0114"]);
    let zwolle = areas.municipalities_of(&Area::Centre("0193".to_owned()), on);
    assert_eq!(zwolle.len(), 12);
    assert!(centres().iter().all(|it| !areas.is_complete(&it.code, on)));
}

fn added(members: &Value) -> Result<Areas, Vec<String>> {
    let text = json!({ "members": members }).to_string();
    Areas::with_additions(&text).map_err(|all| all.iter().map(ToString::to_string).collect())
}

#[test]
fn an_organisation_fills_in_what_is_unknown() {
    let areas = added(&json!([
        { "municipality": "0106", "centre": "0114", "from": "2016-01-01", "to": "2024-01-01", "confirmed": true },
        { "municipality": "0106", "centre": "0193", "from": "2024-01-01" },
        // Derived for Breda; who knows better says so.
        { "municipality": "0744", "centre": "0855", "basis": "named" },
    ]))
    .unwrap();
    let of = |code, on| match areas.centre_of(code, day(on)) {
        CentreOf::Known(it) => Some(it.code.as_str()),
        CentreOf::Unknown => None,
    };
    assert_eq!(of("0106", "2015-12-31"), None);
    assert_eq!(of("0106", "2016-01-01"), Some("0114"));
    assert_eq!(of("0106", "2024-01-01"), Some("0193"));
    assert_eq!(of("0744", "2026-01-01"), Some("0855"));
}

#[test]
fn an_area_is_complete_when_no_municipality_is_left_without_a_centre() {
    let on = day("2026-01-01");
    let known = Areas::default();
    let unknown = |it: &&Municipality| known.centre_of(&it.code, on) == CentreOf::Unknown;
    let rest: Vec<Value> = municipalities()
        .filter(|it| it.existed_on(on))
        .filter(unknown)
        .map(|it| json!({ "municipality": it.code, "centre": "0114", "confirmed": true }))
        .collect();
    let all = added(&json!(rest)).unwrap();
    assert!(all.is_complete("0114", on) && all.is_complete("0193", on));
    // Of Breda most members are only derived.
    assert!(!all.is_complete("0758", on));
    let but_one = added(&json!(rest[1..])).unwrap();
    assert!(!but_one.is_complete("0114", on));
}

#[test]
fn all_that_is_wrong_with_additions_is_told_at_once() {
    let faults = added(&json!([
        { "municipality": "9999", "centre": "0106", "from": "2020-01-01", "to": "2020-01-01" },
        { "municipality": "0106", "centre": "0114", "from": "gisteren", "soort": 1, "confirmed": "ja" },
        { "municipality": 106 },
        "0106",
        { "municipality": "0109", "centre": "0114", "from": "2020-01-01" },
        { "municipality": "0109", "centre": "0193", "from": null, "to": "2020-01-02" },
        { "municipality": "0193", "centre": "0114" },
    ]))
    .unwrap_err();
    let expected = [
        "lid 1: '9999' is geen Nederlandse gemeentecode",
        "lid 1: '0106' is geen centrumgemeente",
        "lid 1: het einde 2020-01-01 ligt niet na het begin 2020-01-01",
        "lid 2: onbekende sleutel 'soort'",
        "lid 2: 'from' is geen datum; verwacht JJJJ-MM-DD of null",
        "lid 2: 'confirmed' is niet true of false",
        "lid 3: 'municipality' ontbreekt of is geen tekst",
        "lid 3: 'centre' ontbreekt of is geen tekst",
        "lid 4: verwacht een object",
        "lid 5: gemeente 0109 hoort dan bij centrumgemeente 0114 en bij 0193",
        "lid 6: gemeente 0109 hoort dan bij centrumgemeente 0193 en bij 0114",
        "lid 7: gemeente 0193 hoort dan bij centrumgemeente 0114 en bij 0193",
    ];
    assert_eq!(faults, expected);
    for (text, why) in [
        ("{", "geen JSON: regel 1, kolom 1"),
        ("[]", "verwacht een object met de lijst 'members'"),
        (
            r#"{"members": [], "centres": []}"#,
            "onbekende sleutel 'centres'; alleen 'members' wordt aangevuld",
        ),
    ] {
        let faults = Areas::with_additions(text).unwrap_err();
        assert_eq!(faults.iter().map(ToString::to_string).collect::<Vec<_>>(), [why]);
    }
}

#[test]
fn an_area_reaches_as_far_as_it_did_on_each_day() {
    let areas = Areas::default();
    let of = |area: Area, days: &[&str], boundaries| {
        let days: Vec<NaiveDate> = days.iter().map(|it| day(it)).collect();
        areas.extent(area, &days, boundaries)
    };
    // Wijdemeren moved from Utrecht to Gooi en Vechtstreek in 2022.
    let gooi = Area::Region("VT07".to_owned());
    let then = of(gooi, &["2021-12-01", "2022-01-01"], Boundaries::OfTheDate).unwrap();
    assert!(!then.holds("1696", day("2021-12-01")) && then.holds("1696", day("2022-01-01")));
    let groningen = || Area::Municipality("0014".to_owned());
    let then = of(groningen(), &["2018-06-01"], Boundaries::OfTheDate).unwrap();
    assert!(then.holds("0014", day("2018-06-01")) && !then.holds("0017", day("2018-06-01")));
    let now = of(groningen(), &["2018-06-01"], Boundaries::On(day("2026-01-01"))).unwrap();
    assert!(now.holds("0014", day("2018-06-01")) && now.holds("0017", day("2018-06-01")));
    assert_eq!(codes(&now.municipalities()), ["0014"]);
    for (area, why) in [
        (Area::Municipality("9999".to_owned()), "'9999' is geen Nederlandse gemeentecode"),
        (Area::Municipality("0017".to_owned()), "gemeente 0017 bestond niet op 2020-01-01"),
        (Area::Centre("0106".to_owned()), "'0106' is geen centrumgemeente"),
        (Area::Region("VT99".to_owned()), "'VT99' is geen regio van Veilig Thuis"),
        (Area::Region("VT27".to_owned()), "regio VT27 bestond niet op 2020-01-01"),
    ] {
        let refused = of(area, &["2020-01-01"], Boundaries::OfTheDate).unwrap_err();
        assert_eq!(refused.to_string(), why);
    }
}

#[test]
fn whoever_asks_for_an_area_may_see_all_of_it_or_nothing() {
    let asker = |role, organisation: &str, areas: &[&str]| Asker {
        id: uuid::Uuid::nil(),
        roles: vec![role],
        teams: vec![],
        organisation: organisation.parse().unwrap(),
        areas: areas.iter().map(ToString::to_string).collect(),
    };
    let may_see_area = |asker: &Asker, extent: &Extent| {
        let about = About::Area(extent);
        let ask = Ask { action: Action::ReadStatistics, purpose: None, about };
        decide(asker, &ask).grant().is_some()
    };
    let areas = added(&json!([
        { "municipality": "0106", "centre": "0114" },
        { "municipality": "0059", "centre": "0114" },
    ]));
    let centre = Area::Centre("0114".to_owned());
    let emmen = areas.unwrap().extent(centre, &[day("2026-01-01")], Boundaries::OfTheDate).unwrap();
    let analyst = |areas: &[&str]| may_see_area(&asker(Role::Analyst, "VT02", areas), &emmen);
    assert!(analyst(&["0059", "0106", "0114", "0109"]));
    for short in [&[][..], &["0114"], &["0106", "0114"], &["centrum:0114"], &["VT02"]] {
        assert!(!analyst(short), "{short:?}");
    }
    // Achtkarspelen (0059) lies in Friesland: the manager of Drenthe sees no area that reaches outside his region.
    assert!(!may_see_area(&asker(Role::Manager, "VT02", &[]), &emmen));
    let region = Area::Region("VT02".to_owned());
    let drenthe =
        Areas::default().extent(region, &[day("2026-01-01")], Boundaries::OfTheDate).unwrap();
    assert!(may_see_area(&asker(Role::Manager, "VT02", &[]), &drenthe));
    assert!(!may_see_area(&asker(Role::Manager, "VT03", &[]), &drenthe));
    assert!(!may_see_area(&asker(Role::Auditor, "VT02", &["0106"]), &drenthe));
}

/// The lists from which the published data were made are a means of checking that not every checkout has; the sentences above stand
/// on their own.
#[test]
fn the_published_places_are_those_of_the_lists() {
    let Some(listed) = list("municipalities") else { return };
    assert_eq!(listed.len(), municipalities().count());
    for row in listed {
        let it = municipality(&row[0]).unwrap();
        let known = (&it.name, it.valid_from, it.valid_to, it.successors.join(";"));
        assert_eq!(known, (&row[1], date(&row[4]), date(&row[5]), row[6].clone()), "{row:?}");
    }
    for row in list("municipality_vt_region").unwrap() {
        let it = municipality(&row[0]).unwrap();
        let last = date(&row[3]).and_then(|to| to.pred_opt()).unwrap_or(day("2035-01-01"));
        for on in [date(&row[2]).unwrap(), last] {
            assert_eq!(it.region_on(on), Some(row[1].as_str()), "{row:?}");
        }
    }
    let rows = list("vt_regions").unwrap();
    assert_eq!(rows.len(), regions().len());
    for row in rows {
        let on = day(&format!("{}-01-01", row[3]));
        assert_eq!(region_on(&row[0], on).map(|it| &it.name), Some(&row[2]), "{row:?}");
    }
    let codes: Vec<String> =
        list("centre_municipalities").unwrap().into_iter().map(|it| it[0].clone()).collect();
    assert_eq!(centres().iter().map(|it| it.code.clone()).collect::<Vec<_>>(), codes);
    let areas = Areas::default();
    for row in list("centre_areas").unwrap() {
        let on = date(&row[2]).unwrap_or(day("2018-06-01"));
        assert!(areas.centre_of(&row[0], on).is(&row[1]), "{row:?}");
    }
}

/// The rows of a list, when it is at hand.
fn list(name: &str) -> Option<Vec<Vec<String>>> {
    let path = format!("{}/../../../shared/reference/{name}.csv", env!("CARGO_MANIFEST_DIR"));
    let text = std::fs::read_to_string(path).ok()?;
    Some(text.lines().skip(1).map(columns).collect())
}

/// The columns of a line; a comma between quotes separates nothing.
fn columns(line: &str) -> Vec<String> {
    let mut all = vec![String::new()];
    let mut quoted = false;
    for it in line.chars() {
        match it {
            '"' => quoted = !quoted,
            ',' if !quoted => all.push(String::new()),
            other => all.last_mut().unwrap().push(other),
        }
    }
    all
}

fn date(text: &str) -> Option<NaiveDate> {
    text.parse().ok()
}
