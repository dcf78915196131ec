//! Events are read for ever: `tests/golden` holds one file per stream, variant and version of the schema, exactly as it was once
//! written; a variant that is a topic holds a body of each of its steps. A file is added, never changed.

use domain::{Event, advice, case, contact, emergency, erasure, look, melding, person, request};
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

/// A new variant has to bring its golden file, and a new step of a topic its bodies: one with everything, one with only what must be
/// there.
#[test]
fn everything_that_can_be_written_today_is_in_a_golden_file() {
    let golden = golden();
    let there: BTreeSet<&str> = golden
        .iter()
        .filter(|it| it.schema == store::log::SCHEMA)
        .map(|it| it.name.as_str())
        .collect();
    let shapes = shapes();
    let wanted: BTreeSet<&str> = shapes.iter().map(|it| it.file.as_str()).collect();
    assert_eq!(there, wanted);
    for shape in &shapes {
        let bodies = &golden.iter().find(|it| it.name == shape.file).unwrap().bodies;
        let of_this =
            bodies.iter().filter(|it| shape.step.as_ref().is_none_or(|s| it["step"] == **s));
        let keys = |body: &Value| body.as_object().unwrap().keys().cloned().collect();
        let told: Vec<BTreeSet<String>> = of_this.map(keys).collect();
        for wanted in [&shape.everything, &shape.required] {
            let (file, step) = (&shape.file, &shape.step);
            assert!(told.contains(wanted), "{file} {step:?} has no body with {wanted:?}");
        }
    }
    assert!(shapes.len() >= 81);
}

/// One variant of an event, or one step of a topic, by its schema.
struct Shape {
    file: String,
    step: Option<String>,
    everything: BTreeSet<String>,
    required: BTreeSet<String>,
}

fn shapes() -> Vec<Shape> {
    let streams = [
        ("contact", schema_for!(contact::Event)),
        ("advice", schema_for!(advice::Event)),
        ("melding", schema_for!(melding::Event)),
        ("case", schema_for!(case::Event)),
        ("person", schema_for!(person::Event)),
        ("request", schema_for!(request::Event)),
        ("look", schema_for!(look::Event)),
        ("erasure", schema_for!(erasure::Event)),
        ("emergency", schema_for!(emergency::Event)),
    ];
    let of_stream = |(stream, schema): (&str, Schema)| {
        let variants = schema.as_value()["oneOf"].as_array().unwrap().clone();
        let of_variant = move |it: Value| of_variant(stream, &it, schema.as_value());
        variants.into_iter().flat_map(of_variant).collect::<Vec<_>>()
    };
    streams.into_iter().flat_map(of_stream).collect()
}

fn of_variant(stream: &str, variant: &Value, schema: &Value) -> Vec<Shape> {
    let kind = variant["properties"]["type"]["const"].as_str().unwrap().replace('_', "-");
    let file = format!("{stream}-{kind}-{}", store::log::SCHEMA);
    let inner = variant["$ref"].as_str().map(|it| &schema["$defs"][it.rsplit('/').next().unwrap()]);
    let parts = match inner.map(|it| (it, it["oneOf"].as_array())) {
        Some((_, Some(steps))) => steps.iter().map(|step| vec![variant, step]).collect(),
        Some((content, None)) => vec![vec![variant, content]],
        None => vec![vec![variant]],
    };
    let shape = |parts: Vec<&Value>| {
        let step = parts.iter().find_map(|it| it["properties"]["step"]["const"].as_str());
        let properties = parts.iter().flat_map(|it| it["properties"].as_object().unwrap().keys());
        let required = parts.iter().filter_map(|it| it["required"].as_array()).flatten();
        Shape {
            file: file.clone(),
            step: step.map(str::to_owned),
            everything: properties.cloned().collect(),
            required: required.map(|it| it.as_str().unwrap().to_owned()).collect(),
        }
    };
    parts.into_iter().map(shape).collect()
}

#[test]
fn an_unknown_stream_or_schema_is_refused_and_not_guessed() {
    for (stream, schema) in [("contact", 0), ("contact", 2), ("contacten", 1), ("", 1)] {
        let body = r#"{"type":"concluded","outcome":"anders"}"#;
        assert!(store::log::decode(stream, schema, body).is_err(), "{stream} {schema}");
    }
}
