//! The rules of the house that a compiler does not keep. Each says what is absent, and why one can count on that.

use crate::source::{File, files, files_if_any, identifiers, parts, root};
use std::collections::BTreeSet;
use std::fs;

/// All that the two pure crates may use. Nothing here can wait, connect, or ask the time.
const PURE: [(&str, &[&str]); 2] = [
    (
        "domain",
        &[
            "chrono",
            "schemars",
            "serde",
            "serde_json",
            "strsim",
            "thiserror",
            "unicode-normalization",
            "uuid",
        ],
    ),
    ("report", &["chrono", "csv", "domain", "serde", "serde_json", "thiserror"]),
];
/// Words with which a pure crate would begin to wait, to connect, or to ask the time.
const IMPURE: [&str; 9] =
    ["async", "await", "env", "fs", "net", "process", "sqlx", "thread", "tokio"];
const LONGEST: usize = 400;
const FOLDERS: [&str; 5] = ["crates", "deploy", "migrations", "schemas", "tests"];
const FILES: [&str; 7] = [
    "CHANGELOG.md",
    "Cargo.lock",
    "Cargo.toml",
    "LICENSE",
    "README.md",
    "SECURITY.md",
    "publiccode.yml",
];
/// What touches the tables of events; the benchmark only counts how many there are.
const AT_THE_LOG: [&str; 5] = [
    "crates/store/src/bench.rs",
    "crates/store/src/log.rs",
    "crates/store/src/log/",
    "crates/store/src/verify.rs",
    "crates/store/src/verify/",
];
/// Where something is printed: the command line, and what it alone calls.
const PRINTING: [&str; 6] = [
    "crates/server/src/cli.rs",
    "crates/server/src/cli/",
    "crates/server/src/bench.rs",
    "crates/server/src/bench/",
    "crates/server/src/openapi.rs",
    "tests/",
];

fn rust() -> Vec<File> {
    files("crates", ".rs").into_iter().chain(files("tests", ".rs")).collect()
}

/// The code of a file, with everything that goes on in it in one line.
fn code(file: &File) -> String {
    parts(&file.text).code.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The names in a section of a manifest.
fn dependencies(manifest: &str) -> BTreeSet<&str> {
    let section = manifest.split("[dependencies]\n").nth(1).unwrap();
    let lines = section.lines().take_while(|line| !line.starts_with('['));
    lines
        .filter(|line| !line.starts_with('#') && !line.is_empty())
        .map(|line| line.split(['.', ' ', '=']).next().unwrap())
        .collect()
}

#[test]
fn the_pure_crates_use_nothing_that_waits_connects_or_asks_the_time() {
    let workspace = fs::read_to_string(root().join("Cargo.toml")).unwrap();
    for (package, forbidden) in [("chrono", "clock"), ("uuid", "v4"), ("uuid", "v7")] {
        let line = workspace.lines().find(|it| it.starts_with(&format!("{package} = "))).unwrap();
        let closed = line.contains("default-features = false")
            && !line.contains(&format!("\"{forbidden}\""));
        assert!(closed, "{line}");
    }
    for (name, allowed) in PURE {
        let folder = format!("crates/{name}");
        let manifest = fs::read_to_string(root().join(&folder).join("Cargo.toml")).unwrap();
        let used = dependencies(&manifest);
        let more: Vec<_> = used.iter().filter(|it| !allowed.contains(it)).collect();
        assert!(more.is_empty(), "{name} may not use {more:?}");
        assert!(
            !manifest.contains("features"),
            "{name} takes the features of the workspace: no clock, no chance"
        );
        // Their tests may read a file to compare with.
        let sources = files(&folder, ".rs").into_iter();
        for file in sources.filter(|it| !it.name.ends_with("tests.rs")) {
            let names = identifiers(&parts(&file.text).code);
            let impure = names.iter().find(|it| it.len() == 1 && IMPURE.contains(&it[0].as_str()));
            assert!(impure.is_none(), "{}: {impure:?}", file.name);
            assert!(!code(&file).contains("::now("), "{} asks the time", file.name);
        }
    }
}

#[test]
fn every_file_says_why_it_exists_and_can_be_read_in_one_sitting() {
    let mut wrong = Vec::new();
    for file in rust() {
        if !file.text.starts_with("//! ") {
            wrong.push(format!("{} does not begin with why it exists", file.name));
        }
        let lines = file.text.lines().count();
        if lines > LONGEST {
            wrong.push(format!("{} has {lines} lines", file.name));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn only_the_store_and_the_tests_know_sql() {
    for name in ["domain", "report", "server"] {
        let manifest =
            fs::read_to_string(root().join(format!("crates/{name}/Cargo.toml"))).unwrap();
        assert!(!dependencies(&manifest).contains("sqlx"), "{name}");
    }
    let escape = ["Assert", "Sql", "Safe"].concat();
    for file in rust() {
        assert!(!file.text.contains(&escape), "{} puts SQL together itself", file.name);
    }
}

#[test]
fn only_the_log_and_its_verification_touch_the_tables_of_events() {
    let tables = ["event", "particular", "data_key", "forgotten", "destroyed_part"];
    let before = ["from", "into", "join", "update", "table", "truncate"];
    for file in files("crates", ".rs") {
        if AT_THE_LOG.iter().any(|it| file.name.starts_with(it)) {
            continue;
        }
        for text in parts(&file.text).texts {
            let words: Vec<&str> = text
                .split(|it: char| !(it.is_alphanumeric() || it == '_'))
                .filter(|it| !it.is_empty())
                .collect();
            let touched =
                words.windows(2).find(|it| before.contains(&it[0]) && tables.contains(&it[1]));
            assert!(touched.is_none(), "{}: {text}", file.name);
        }
    }
}

#[test]
fn every_route_stands_on_one_page() {
    for file in files("crates", ".rs") {
        let routes = code(&file).contains(".route(") || code(&file).contains(".nest(");
        assert!(!routes || file.name == "crates/server/src/api/mod.rs", "{}", file.name);
    }
}

#[test]
fn nothing_is_left_for_later_and_nothing_is_silenced() {
    let left = ["todo!", "unimplemented!", "dbg!", "#[allow(", "#![allow(", "#[ignore"];
    for file in rust() {
        let code = code(&file);
        for word in left {
            assert!(!code.contains(word), "{}: {word}", file.name);
        }
        for comment in ["TODO", "FIXME", "XXX", "HACK"].map(|it| format!("// {it}")) {
            assert!(!file.text.contains(&comment), "{}: {comment}", file.name);
        }
        let may_print = PRINTING.iter().any(|it| file.name.starts_with(it));
        for word in ["println!", "eprintln!", "print!", "eprint!"] {
            assert!(
                may_print || !code.contains(word),
                "{}: {word} outside the command line",
                file.name
            );
        }
    }
}

#[test]
fn no_test_waits_for_time_to_pass() {
    // In the tests of the log delays are not waited for: they are the disorder that is to change nothing.
    let apart = ["tests/log/", "tests/crash/"];
    for file in files("tests", ".rs") {
        if apart.iter().any(|it| file.name.starts_with(it)) {
            continue;
        }
        let sleeps = identifiers(&parts(&file.text).code).iter().any(|it| *it == ["sleep"]);
        assert!(!sleeps, "{}: a test that sleeps is slow, or wrong on a slow machine", file.name);
    }
}

#[test]
fn migrations_have_a_number_each_and_speak_softly() {
    let mut numbers = BTreeSet::new();
    for file in files("migrations", ".sql") {
        let (folder, name) = file.name.trim_end_matches(".sql").rsplit_once('/').unwrap();
        let (number, noun) = name.split_once('_').unwrap();
        assert!(number.len() == 4 && number.bytes().all(|it| it.is_ascii_digit()), "{name}");
        assert!(numbers.insert((folder.to_owned(), number.to_owned())), "{name}");
        assert!(noun.bytes().all(|it| it.is_ascii_lowercase() || it == b'_'), "{}", file.name);
        assert!(file.text.starts_with("-- "), "{} does not begin with why it exists", file.name);
        for line in file.text.lines() {
            let statement = line.split("--").next().unwrap();
            let loud = ["SELECT", "CREATE", "INSERT", "UPDATE", "DELETE", "GRANT", "ALTER"];
            let loud = loud.iter().find(|it| statement.split_whitespace().any(|word| word == **it));
            assert!(loud.is_none(), "{}: {line}", file.name);
        }
    }
}

#[test]
fn the_root_holds_what_the_readme_leads_to_and_nothing_else() {
    let readme = fs::read_to_string(root().join("README.md")).unwrap();
    for entry in fs::read_dir(root()).unwrap() {
        let entry = entry.unwrap();
        let name = entry.file_name().into_string().unwrap();
        let folder = entry.path().is_dir();
        // What cargo makes, and what begins with a dot, is for tools.
        if name.starts_with('.') || name == "target" {
            continue;
        }
        let known: &[&str] = if folder { &FOLDERS } else { &FILES };
        assert!(known.contains(&name.as_str()), "{name} does not belong in the root");
    }
    for folder in FOLDERS {
        let own = format!("{folder}/README.md");
        assert!(root().join(&own).exists(), "{own} is missing");
        assert!(readme.contains(&format!("({own})")), "the README does not lead to {own}");
    }
    for file in FILES {
        assert!(root().join(file).exists(), "{file} is missing");
    }
}

/// A measure that no test covers is a promise. Whoever renames a test is sent to the threat that it stands for.
#[test]
fn every_threat_names_tests_that_exist() {
    let page = fs::read_to_string(root().join("crates/THREATS.md")).unwrap();
    let rows = page.lines().filter(|it| {
        ["S", "T", "R", "I", "D", "E"].map(|l| format!("| {l} |")).iter().any(|b| it.starts_with(b))
    });
    let code: String = rust().into_iter().map(|it| it.text).collect();
    let (mut threats, mut wrong) = (0, vec![]);
    for row in rows {
        threats += 1;
        let named: Vec<&str> =
            row.rsplit('|').nth(1).unwrap().split('`').skip(1).step_by(2).collect();
        let there = |it: &str| {
            if it.contains('/') {
                root().join(it).exists()
            } else {
                code.contains(&format!("fn {it}("))
            }
        };
        wrong.extend(named.iter().filter(|it| !there(it)).map(ToString::to_string));
        if named.is_empty() {
            wrong.push(format!("no test: {row}"));
        }
    }
    assert!(threats > 20 && wrong.is_empty(), "THREATS.md: {wrong:#?}");
}

/// Whoever reads this works elsewhere: on another machine, as another user.
#[test]
fn nothing_depends_on_the_machine_of_whoever_wrote_it() {
    // Put together here, so that this file does not find itself.
    let places =
        [["/wo", "rk/"], ["/ro", "ot/"], ["/ho", "me/"], ["/Us", "ers/"]].map(|it| it.concat());
    let kinds = [".rs", ".toml", ".md", ".sql", ".sh", ".json", ".yml", ".txt"];
    let below = |folder: &'static str| kinds.iter().flat_map(move |it| files_if_any(folder, it));
    let mut all: Vec<File> = FOLDERS.into_iter().flat_map(below).collect();
    for name in FILES.into_iter().filter(|it| *it != "Cargo.lock") {
        all.push(File {
            name: name.to_owned(),
            text: fs::read_to_string(root().join(name)).unwrap(),
        });
    }
    for file in all {
        for (at, line) in (1..).zip(file.text.lines()) {
            let found = places.iter().find(|it| names(line, it));
            assert!(found.is_none(), "{}:{at}: {line}", file.name);
        }
    }
}

/// Whether a path stands in a line as the beginning of a path, and not inside another or in an address.
fn names(line: &str, path: &str) -> bool {
    line.match_indices(path).any(|(at, _)| {
        let before = line[..at].chars().next_back();
        before.is_none_or(|it| !(it.is_alphanumeric() || ".-_}$*".contains(it)))
    })
}
