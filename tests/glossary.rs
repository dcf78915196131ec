//! One notion, one word: `schemas/glossary.json` is the bridge between the Dutch of the law and the English of the code.

use crate::source::{files, identifiers, parts, root};
use serde_json::Value;
use std::collections::BTreeSet;
use std::fs;

/// Modules of the domain that are not about the field but about the building.
const OUR_OWN: [&str; 15] = [
    "access",
    "calendar",
    "closing",
    "codes",
    "content",
    "decider",
    "id",
    "law",
    "lib",
    "moment",
    "people",
    "refusal",
    "scenario",
    "tests",
    "meldingen",
];

fn entries() -> Vec<Value> {
    let text = fs::read_to_string(root().join("schemas/glossary.json")).unwrap();
    serde_json::from_str(&text).unwrap()
}

fn text<'e>(entry: &'e Value, key: &str) -> &'e str {
    entry[key].as_str().unwrap()
}

fn forbidden(entry: &Value) -> impl Iterator<Item = &str> {
    entry["not"].as_array().unwrap().iter().map(|it| it.as_str().unwrap())
}

#[test]
fn every_entry_is_complete_and_every_word_stands_for_one_notion() {
    let (mut dutch, mut codes) = (BTreeSet::new(), BTreeSet::new());
    let entries = entries();
    assert!(entries.len() > 50);
    for entry in &entries {
        let keys: BTreeSet<&str> = entry.as_object().unwrap().keys().map(String::as_str).collect();
        assert_eq!(keys, ["code", "law", "means", "nl", "not"].into(), "{entry}");
        assert!(entry["law"].is_null() || !text(entry, "law").is_empty(), "{entry}");
        assert!(text(entry, "means").ends_with('.'), "the meaning is no sentence: {entry}");
        let code = text(entry, "code");
        assert!(code.bytes().all(|it| it.is_ascii_lowercase() || it == b'_'), "{entry}");
        assert!(dutch.insert(text(entry, "nl")), "twice: {entry}");
        assert!(codes.insert(code), "twice: {entry}");
    }
    for entry in &entries {
        for word in forbidden(entry) {
            assert!(!codes.contains(word), "'{word}' is our word and forbidden: {entry}");
        }
    }
}

#[test]
fn a_forbidden_word_is_no_name_of_anything() {
    let entries = entries();
    let sources = files("crates", ".rs").into_iter().chain(files("tests", ".rs"));
    let rust = sources.map(|it| (it.name, parts(&it.text).code));
    let without_comments = |text: &str| -> String {
        text.lines()
            .map(|line| line.split("--").next().unwrap_or_default())
            .collect::<Vec<_>>()
            .join("\n")
    };
    let sql =
        files("migrations", ".sql").into_iter().map(|it| (it.name, without_comments(&it.text)));
    let mut wrong = Vec::new();
    for (name, code) in rust.chain(sql) {
        let used: BTreeSet<Vec<String>> = identifiers(&code).into_iter().collect();
        for entry in &entries {
            for word in forbidden(entry) {
                let parts: Vec<&str> = word.split('_').collect();
                let hit = used.iter().find(|it| it.windows(parts.len()).any(|it| it == parts));
                if let Some(hit) = hit {
                    wrong.push(format!("{name}: {} → {}", hit.join("_"), text(entry, "code")));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "say it with our word:\n{}", wrong.join("\n"));
}

#[test]
fn every_module_of_the_domain_is_a_notion_of_the_glossary() {
    let entries = entries();
    let words: BTreeSet<&str> = entries.iter().flat_map(|it| text(it, "code").split('_')).collect();
    for file in files("crates/domain/src", ".rs") {
        let module = file.name.rsplit('/').next().unwrap().trim_end_matches(".rs");
        let known = OUR_OWN.contains(&module) || module.split('_').all(|it| words.contains(it));
        assert!(known, "{}: put '{module}' in schemas/glossary.json first", file.name);
    }
}

#[test]
fn the_streams_are_named_by_the_glossary() {
    use domain::decider::Decider;
    let entries = entries();
    for stream in [
        domain::contact::Contact::STREAM,
        domain::advice::Advice::STREAM,
        domain::melding::Melding::STREAM,
        domain::case::Case::STREAM,
        domain::person::Person::STREAM,
        domain::request::Request::STREAM,
        domain::look::Look::STREAM,
    ] {
        assert!(entries.iter().any(|it| text(it, "code") == stream), "{stream}");
    }
}
