//! The source of this repository as the tests of the house read it: files, and what in them is code, text or comment.

use std::fs;
use std::path::{Path, PathBuf};

pub(crate) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_owned()
}

/// A file, named from the root of the repository.
pub(crate) struct File {
    pub(crate) name: String,
    pub(crate) text: String,
}

/// The files below a folder whose names end so, sorted; there is at least one, or the test that asks looks in the wrong place.
pub(crate) fn files(folder: &str, ending: &str) -> Vec<File> {
    let found = files_if_any(folder, ending);
    assert!(!found.is_empty(), "there is no {ending} below {folder}");
    found
}

pub(crate) fn files_if_any(folder: &str, ending: &str) -> Vec<File> {
    let mut found = Vec::new();
    gather(&root().join(folder), ending, &mut found);
    found.sort_by(|a, b| a.name.cmp(&b.name));
    found
}

fn gather(folder: &Path, ending: &str, found: &mut Vec<File>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.strip_prefix(root()).unwrap().display().to_string();
        if path.is_dir() {
            gather(&path, ending, found);
        } else if name.ends_with(ending) {
            found.push(File { name, text: fs::read_to_string(&path).unwrap() });
        }
    }
}

/// A Rust source taken apart: what is left of the code without comments and texts, and the texts themselves.
pub(crate) struct Parts {
    pub(crate) code: String,
    pub(crate) texts: Vec<String>,
}

pub(crate) fn parts(source: &str) -> Parts {
    let mut parts = Parts { code: String::new(), texts: Vec::new() };
    let mut rest = source;
    while let Some(first) = rest.chars().next() {
        let taken = if rest.starts_with("//") {
            rest.find('\n').unwrap_or(rest.len())
        } else if rest.starts_with("/*") {
            rest.find("*/").map_or(rest.len(), |end| end + 2)
        } else if let Some((text, taken)) = text(rest) {
            parts.texts.push(text);
            parts.code.push_str("\"\"");
            taken
        } else if let Some(taken) = character(rest) {
            taken
        } else {
            parts.code.push(first);
            first.len_utf8()
        };
        rest = &rest[taken..];
    }
    parts
}

/// A text literal at the beginning, raw or not, and how long it is.
fn text(rest: &str) -> Option<(String, usize)> {
    if let Some(raw) = rest.strip_prefix('r') {
        let hashes = raw.len() - raw.trim_start_matches('#').len();
        if let Some(inside) = raw[hashes..].strip_prefix('"') {
            let end = format!("\"{}", "#".repeat(hashes));
            let length = inside.find(&end)?;
            return Some((inside[..length].to_owned(), 2 + 2 * hashes + length + 1));
        }
    }
    let inside = rest.strip_prefix('"')?;
    let mut escaped = false;
    for (at, it) in inside.char_indices() {
        match it {
            '"' if !escaped => return Some((inside[..at].to_owned(), at + 2)),
            '\\' => escaped = !escaped,
            _ => escaped = false,
        }
    }
    None
}

/// The length of a character literal at the beginning; a lifetime is none.
fn character(rest: &str) -> Option<usize> {
    let inside = rest.strip_prefix('\'')?;
    let skipped = if inside.starts_with('\\') { 2 } else { inside.chars().next()?.len_utf8() };
    let end = inside.get(skipped..)?.find('\'')?;
    let long = inside.starts_with('\\') && end < 10;
    (end == 0 || long).then_some(skipped + end + 2)
}

/// The words of every identifier in code: `ReceiveMelding` and `receive_melding` are both `receive`, `melding`.
pub(crate) fn identifiers(code: &str) -> Vec<Vec<String>> {
    let names = code.split(|it: char| !(it.is_alphanumeric() || it == '_'));
    names.filter(|it| !it.is_empty()).map(words).collect()
}

fn words(name: &str) -> Vec<String> {
    let mut spaced = String::new();
    let mut before = '_';
    for it in name.chars() {
        if it.is_uppercase() && before.is_lowercase() {
            spaced.push('_');
        }
        spaced.extend(it.to_lowercase());
        before = it;
    }
    spaced.split('_').filter(|it| !it.is_empty()).map(str::to_owned).collect()
}

#[test]
fn a_source_is_taken_apart_into_code_and_texts() {
    let source = "let a = \"x \\\" // y\"; // \"z\"\nlet b: &'static str = r#\"q\" r\"#; let c = '\"'; /* \"n\" */ d('\\n')";
    let parts = parts(source);
    assert_eq!(parts.texts, ["x \\\" // y", "q\" r"]);
    assert_eq!(parts.code, "let a = \"\"; \nlet b: &'static str = \"\"; let c = ;  d()");
    assert_eq!(
        identifiers("MeldingReceived as_known_at"),
        [vec!["melding", "received"], vec!["as", "known", "at"]]
    );
}
