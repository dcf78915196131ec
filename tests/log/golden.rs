//! Events are read for ever: `tests/golden` holds one file per stream, variant and version of the schema, exactly as it was once
//! written. A file is added, never changed.

use domain::{Event, advice, case, contact, look, melding, person};
use schemars::{Schema, schema_for};
use serde_json::Value;
use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

struct Golden {
    name: String,
    stream: String,
    schema: i16,
    bodies: Vec<Value>,
}

fn golden() -> Vec<Golden> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("golden");
    let files = fs::read_dir(folder).unwrap();
    let read = |file: std::io::Result<fs::DirEntry>| {
        let path = file.unwrap().path();
        let text = fs::read_to_string(&path).unwrap();
        let it: Value = serde_json::from_str(&text).unwrap();
        Golden {
            name: path.file_stem().unwrap().to_string_lossy().into_owned(),
            stream: it["stream"].as_str().unwrap().to_owned(),
            schema: i16::try_from(it["schema"].as_i64().unwrap()).unwrap(),
            bodies: it["bodies"].as_array().unwrap().clone(),
        }
    };
    files.map(read).collect()
}

fn decoded(it: &Golden, body: &Value) -> Event {
    let event = store::log::decode(&it.stream, it.schema, &body.to_string());
    event.unwrap_or_else(|error| panic!("{}: {error}", it.name))
}

#[test]
fn every_event_that_was_ever_written_can_be_read() {
    for it in golden() {
        assert!(!it.bodies.is_empty(), "{} holds nothing", it.name);
        for body in &it.bodies {
            decoded(&it, body);
        }
    }
}

#[test]
fn what_was_read_is_written_again_as_it_was() {
    for it in golden().iter().filter(|it| it.schema == store::log::SCHEMA) {
        for body in &it.bodies {
            let event = serde_json::to_value(decoded(it, body)).unwrap();
            assert_eq!(event["stream"], it.stream.as_str(), "{}", it.name);
            assert_eq!(event["event"], *body, "{}", it.name);
        }
    }
}

#[test]
fn a_golden_file_is_named_after_what_is_in_it() {
    for it in golden() {
        for body in &it.bodies {
            let kind = body["type"].as_str().unwrap().replace('_', "-");
            assert_eq!(it.name, format!("{}-{kind}-{}", it.stream, it.schema));
        }
    }
}

/// A new variant has to bring its golden file.
#[test]
fn every_variant_of_today_has_a_golden_file() {
    let streams = [
        ("contact", schema_for!(contact::Event)),
        ("advice", schema_for!(advice::Event)),
        ("melding", schema_for!(melding::Event)),
        ("case", schema_for!(case::Event)),
        ("person", schema_for!(person::Event)),
        ("look", schema_for!(look::Event)),
    ];
    let wanted: BTreeSet<String> = streams
        .iter()
        .flat_map(|(stream, schema)| variants(schema).into_iter().map(move |it| (stream, it)))
        .map(|(stream, it)| format!("{stream}-{}-{}", it.replace('_', "-"), store::log::SCHEMA))
        .collect();
    let there: BTreeSet<String> = golden()
        .into_iter()
        .filter(|it| it.schema == store::log::SCHEMA)
        .map(|it| it.name)
        .collect();
    assert_eq!(there, wanted);
    assert!(wanted.len() >= 20);
}

fn variants(schema: &Schema) -> Vec<String> {
    let of_one = |it: &Value| it["properties"]["type"]["const"].as_str().unwrap().to_owned();
    schema.as_value()["oneOf"].as_array().unwrap().iter().map(of_one).collect()
}

#[test]
fn an_unknown_stream_or_schema_is_refused_and_not_guessed() {
    for (stream, schema) in [("contact", 0), ("contact", 2), ("contacten", 1), ("", 1)] {
        let body = r#"{"type":"concluded","outcome":"anders"}"#;
        assert!(store::log::decode(stream, schema, body).is_err(), "{stream} {schema}");
    }
}
