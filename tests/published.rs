//! What is published in `schemas/` is what the code does: generated files are up to date, schemas compile and are used, code lists hold.

use crate::source::{File, files, root};
use chrono::{Days, NaiveDate};
use domain::codes::{self, List};
use serde_json::Value;
use server::api::ROUTES;
use server::openapi::generated;
use server::schema::Schema;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;

fn json(file: &File) -> Value {
    serde_json::from_str(&file.text).unwrap_or_else(|error| panic!("{}: {error}", file.name))
}

/// The files of a folder itself, without those below it.
fn directly_in(folder: &str) -> Vec<File> {
    let depth = folder.split('/').count();
    files(folder, ".json")
        .into_iter()
        .filter(|it| it.name.split('/').count() == depth + 1)
        .collect()
}

fn stem(file: &File) -> &str {
    file.name.rsplit('/').next().unwrap().trim_end_matches(".json")
}

#[test]
fn what_is_generated_is_committed_as_it_is_generated() {
    let generated = generated();
    for (name, value) in &generated {
        let standing = fs::read_to_string(root().join("schemas").join(name)).unwrap_or_default();
        let fresh = format!("{}\n", serde_json::to_string_pretty(value).unwrap());
        assert!(
            standing == fresh,
            "{name} is out of date: `cargo run -p server -- schemas --schrijf`"
        );
    }
    let of_events = generated.iter().filter(|(name, _)| name.starts_with("events/")).count();
    assert_eq!(directly_in("schemas/events").len(), of_events);
}

#[test]
fn every_published_schema_compiles_and_is_used() {
    let known: BTreeSet<String> = Schema::ALL.iter().map(|it| it.name().to_owned()).collect();
    let published: BTreeSet<String> = directly_in("schemas").iter().flat_map(bodies).collect();
    assert_eq!(published, known);
    for schema in Schema::ALL {
        let json = schema.json();
        let is_a_step = schema.name().contains('/');
        let dialect = "https://json-schema.org/draft/2020-12/schema";
        assert!(is_a_step || json["$schema"] == dialect, "{}", schema.name());
        let id = format!("https://meldboek.example/schemas/{}.json", schema.name());
        assert_eq!(json["$id"], id.as_str());
        assert_eq!(json["additionalProperties"], false, "{}", schema.name());
        for key in ["$id", "title", "description"] {
            assert!(
                json[key].as_str().is_some_and(|it| !it.is_empty()),
                "{}: {key}",
                schema.name()
            );
        }
        // Compiles it, and holds something that is no body against it.
        assert!(!schema.faults(&Value::Null).is_empty(), "{}", schema.name());
        let used = ROUTES.iter().filter(|it| it.body == Some(*schema)).count();
        assert_eq!(used, 1, "{}", schema.name());
    }
    for file in files("schemas/events", ".json") {
        jsonschema::draft202012::new(&json(&file))
            .unwrap_or_else(|error| panic!("{}: {error}", file.name));
    }
}

/// The bodies that a file describes: one, or those of the steps of a topic, by their names; a file without a body describes none.
fn bodies(file: &File) -> Vec<String> {
    let schema = json(file);
    let name = stem(file).to_owned();
    match (schema.get("type"), schema["$defs"].as_object()) {
        (Some(_), _) => vec![name],
        (None, Some(steps)) => steps.keys().map(|step| format!("{name}/{step}")).collect(),
        (None, None) => vec![],
    }
}

#[test]
fn every_code_list_that_a_schema_names_is_published() {
    let published = directly_in("schemas/codelists");
    let names: BTreeSet<&str> = published.iter().map(stem).collect();
    assert_eq!(names, List::ALL.iter().map(|it| it.name()).collect());
    let mut named = 0;
    for file in directly_in("schemas") {
        for after in file.text.split("codelists/").skip(1) {
            let name = after.split(".json").next().unwrap();
            assert!(names.contains(name), "{} names {name}", file.name);
            named += 1;
        }
    }
    assert!(named > 50);
}

#[test]
fn a_code_list_holds_together() {
    for file in directly_in("schemas/codelists") {
        let list = json(&file);
        assert_eq!(list["list"], stem(&file));
        for key in ["titleNl", "titleEn", "description"] {
            assert!(list[key].as_str().is_some_and(|it| !it.is_empty()), "{}: {key}", file.name);
        }
        let values = list["values"].as_array().unwrap();
        let by_code: BTreeMap<&str, &Value> =
            values.iter().map(|it| (it["code"].as_str().unwrap(), it)).collect();
        assert_eq!(by_code.len(), values.len(), "{}: a code stands there twice", file.name);
        for (code, value) in &by_code {
            holds(code, value, &by_code)
                .unwrap_or_else(|why| panic!("{}: {code}: {why}", file.name));
        }
    }
}

fn holds(code: &str, value: &Value, all: &BTreeMap<&str, &Value>) -> Result<(), &'static str> {
    let slug = |part: &str| {
        !part.is_empty() && part.bytes().all(|it| it.is_ascii_lowercase() || it.is_ascii_digit())
    };
    let right = |holds: bool, why| if holds { Ok(()) } else { Err(why) };
    right(code.split('-').all(slug) && code.len() <= 64, "is no slug")?;
    for key in ["nl", "en"] {
        right(value[key].as_str().is_some_and(|it| !it.is_empty()), "has no label")?;
    }
    for key in
        ["code", "nl", "en", "validFrom", "validTo", "successor", "group", "countsAs", "maps"]
    {
        right(value.get(key).is_some(), "misses a key")?;
    }
    for key in ["successor", "countsAs", "inverse"] {
        let other = value.get(key).and_then(Value::as_str);
        right(other.is_none_or(|it| all.contains_key(it)), "points to a code that is not there")?;
    }
    right(value["successor"] != code && value["countsAs"] != code, "points to itself")?;
    let counted = value["countsAs"].as_str().and_then(|it| all.get(it));
    right(
        counted.is_none_or(|it| it["countsAs"].is_null()),
        "counts as what counts as something else",
    )?;
    let inverse = value.get("inverse").and_then(Value::as_str).and_then(|it| all.get(it));
    right(inverse.is_none_or(|it| it["inverse"].is_string()), "has an inverse without an inverse")?;
    let date = |key: &str| {
        value[key].as_str().map(|it| it.parse::<NaiveDate>().map_err(|_| "has a date that is none"))
    };
    let (from, to) = (date("validFrom").transpose()?, date("validTo").transpose()?);
    right(from.zip(to).is_none_or(|(from, to)| from < to), "ends before it begins")?;
    right(value["successor"].is_null() || to.is_some(), "has a successor and no end")
}

/// A new form of violence is a line with a begin date in a code list, and nothing else: every code with dates behaves as `stalking`.
#[test]
fn a_code_is_valid_from_its_first_day_until_its_last() {
    let day = |text: &str| text.parse::<NaiveDate>().unwrap();
    assert!(codes::check(List::Form, "stalking", day("2025-12-31")).is_err());
    assert!(codes::check(List::Form, "stalking", day("2026-01-01")).is_ok());
    let valid = |list, code: &str, on| codes::check(list, code, on).is_ok();
    let before = |on: NaiveDate| on - Days::new(1);
    let mut dated = 0;
    for list in List::ALL.iter().copied() {
        for it in codes::values(list) {
            if let Some(from) = it.valid_from {
                assert!(valid(list, &it.code, from), "{}", it.code);
                assert!(!valid(list, &it.code, before(from)), "{}", it.code);
            }
            if let Some(to) = it.valid_to {
                assert!(valid(list, &it.code, before(to)), "{}", it.code);
                assert!(!valid(list, &it.code, to), "{}", it.code);
            }
            dated += usize::from(it.valid_from.is_some() || it.valid_to.is_some());
        }
    }
    assert!(dated > 10);
}

#[test]
fn reference_data_says_where_it_comes_from() {
    for file in files("schemas/reference", ".json") {
        let data = json(&file);
        for key in ["about", "sources", "unconfirmed"] {
            assert!(data.get(key).is_some_and(|it| !it.is_null()), "{}: {key}", file.name);
        }
    }
}

/// A length without an article is the practice, and says so; where none is known there is none.
#[test]
fn a_norm_is_of_a_kind_of_term_and_says_whether_the_law_knows_it() {
    let file = files("schemas/reference", ".json").into_iter();
    let norms = json(&file.into_iter().find(|it| it.name.ends_with("/norms.json")).unwrap());
    let kinds: BTreeSet<&str> =
        codes::values(List::Deadline).iter().map(|it| it.code.as_str()).collect();
    let norms = norms["norms"].as_array().unwrap();
    let terms = norms.iter().map(|it| it["term"].as_str().unwrap());
    assert_eq!(terms.collect::<BTreeSet<_>>(), kinds);
    for norm in norms {
        assert_eq!(norm["law"].is_string(), norm["confirmed"] == true, "{norm}");
        assert!(norm["length"].is_null() || norm["length"].as_u64().is_some(), "{norm}");
        assert!(norm["from"].as_str().unwrap().parse::<NaiveDate>().is_ok(), "{norm}");
    }
}
