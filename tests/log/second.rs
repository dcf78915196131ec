//! The second opinion: the verifier in Python (`tests/verify.py`), told of many changes of one export at once.

use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use store::proof::note::VerifierKey;

/// Where something is wrong, and in which respect.
pub(super) type Breaks = BTreeSet<(i64, String)>;

/// Lines from one on that go, and what comes instead.
pub(super) type Change = (usize, usize, Vec<String>);

/// An export as a verifier gets it, with what changed of it in each case.
pub(super) struct Second<'a> {
    /// Where the published heads stand, and the rest may be written.
    pub(super) folder: &'a Path,
    pub(super) lines: &'a [String],
    pub(super) keys: &'a [VerifierKey],
}

impl Second<'_> {
    /// What it finds in each case; the changes of a case are made in the order given.
    pub(super) fn opinion(&self, cases: &[Vec<Change>]) -> Vec<Breaks> {
        let write = |name: &str, lines: &[String]| -> PathBuf {
            let path = self.folder.join(name);
            fs::write(&path, lines.join("\n") + "\n").unwrap();
            path
        };
        let keys: Vec<String> = self.keys.iter().map(ToString::to_string).collect();
        let cases: Vec<String> = (0..)
            .zip(cases)
            .map(|(nth, changes)| json!({ "zaak": nth, "wijzigingen": changes }).to_string())
            .collect();
        let answer = python()
            .arg("verify.py")
            .arg("--uitvoer")
            .arg(write("uitvoer.jsonl", self.lines))
            .arg("--controlesleutels")
            .arg(write("sleutels", &keys))
            .arg("--zaken")
            .arg(write("zaken.jsonl", &cases))
            .arg("--standen")
            .arg(self.folder)
            .output()
            .unwrap();
        let text = |bytes| String::from_utf8(bytes).unwrap();
        let (out, err) = (text(answer.stdout), text(answer.stderr));
        assert!(answer.status.success(), "{out}{err}");
        let found: Vec<Breaks> = out.lines().map(read).collect();
        assert_eq!(found.len(), cases.len(), "{err}");
        found
    }
}

fn read(line: &str) -> Breaks {
    let answer: Value = serde_json::from_str(line).unwrap();
    let one = |it: &Value| (it[0].as_i64().unwrap(), it[1].as_str().unwrap().to_owned());
    answer["breuken"].as_array().unwrap().iter().map(one).collect()
}

/// A Python that has `cryptography`: the first of the path, or that of the system.
pub(crate) fn python() -> Command {
    let has_it = |python: &str| {
        let asked = Command::new(python).args(["-c", "import cryptography"]).output();
        asked.is_ok_and(|it| it.status.success())
    };
    let found = ["python3", "/usr/bin/python3"].into_iter().find(|it| has_it(it));
    let python = found.unwrap_or_else(|| panic!("install python3-cryptography"));
    let mut command = Command::new(python);
    command.current_dir(env!("CARGO_MANIFEST_DIR"));
    command
}
