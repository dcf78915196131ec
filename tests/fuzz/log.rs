//! What the verifier is fed: rows of a log as somebody may have left them, and heads as they come from outside. A tampered log is for the verifier
//! to tell, not to stumble over; and no path proves what is not so.

use chrono::DateTime;
use domain::id::Log;
use futures_util::FutureExt;
use serde_json::Value;
use std::str::from_utf8;
use store::chain::{Hash, sha256, unhex};
use store::proof::note::{Note, Signer, VerifierKey};
use store::proof::tree;
use store::verify::{Head, Part, Row, of_rows};
use uuid::Uuid;

/// Each line is JSON: an event, a sealed particular (with `nth`) or a kept head (with `kept`).
pub(crate) fn verifier(data: &[u8]) {
    let Ok(text) = from_utf8(data) else { return };
    let Ok(log) = "VT02".parse::<Log>() else { return };
    let (mut rows, mut parts, mut kept) = (vec![], Vec::<Vec<Part>>::new(), vec![]);
    for it in text.lines().take(64).filter_map(|it| serde_json::from_str::<Value>(it).ok()) {
        if it.get("nth").is_some() {
            let part = part(&it);
            match parts.last_mut().filter(|all| all[0].position == part.position) {
                Some(all) => all.push(part),
                None => parts.push(vec![part]),
            }
        } else if it.get("kept").is_some() {
            kept.push(Head { log, position: number(&it, "position"), chain: hash(&it, "chain") });
        } else {
            rows.push(row(&it));
        }
    }
    let events = rows.len() as i64;
    let in_order = rows.iter().zip(1..).all(|(row, nth)| row.position == nth);
    let breaks = of_rows(log, &kept, rows, &parts).now_or_never().expect("nothing is waited for");
    // A gap is never overlooked, and neither is a tail that was cut.
    assert!(in_order || !breaks.is_empty());
    assert!(kept.iter().all(|it| it.position <= events) || !breaks.is_empty() || !in_order);
    let _said: Vec<String> = breaks.iter().map(ToString::to_string).collect();
}

fn number(it: &Value, key: &str) -> i64 {
    it[key].as_i64().unwrap_or_default()
}

fn text(it: &Value, key: &str) -> String {
    it[key].as_str().unwrap_or_default().to_owned()
}

fn hash(it: &Value, key: &str) -> Hash {
    it[key].as_str().and_then(unhex).unwrap_or_default()
}

fn row(it: &Value) -> Row {
    Row {
        position: number(it, "position"),
        stream: text(it, "stream"),
        stream_id: Uuid::from_u64_pair(0, number(it, "id") as u64),
        version: number(it, "version") as i32,
        schema: number(it, "schema") as i16,
        body: it["body"].to_string(),
        recorded_at: DateTime::from_timestamp_micros(number(it, "at")).unwrap_or_default(),
        recorded_by: Uuid::nil(),
        command_id: Uuid::nil(),
        command_mac: text(it, "mac").into_bytes(),
        sealed: it["sealed"].as_str().map(|it| it.as_bytes().to_vec()),
        chain: text(it, "chain").into_bytes(),
    }
}

fn part(it: &Value) -> Part {
    Part {
        position: number(it, "position"),
        nth: number(it, "nth") as i16,
        subject: Uuid::from_u64_pair(0, number(it, "subject") as u64),
        name: text(it, "name"),
        sealed: text(it, "sealed").into_bytes(),
    }
}

/// The first line are numbers for the tree, the rest is read as signed heads and as keys that are trusted.
pub(crate) fn heads(data: &[u8]) {
    let Ok(text) = from_utf8(data) else { return };
    let Some((numbers, rest)) = text.split_once('\n') else { return };
    let numbers: Vec<u64> = numbers.split(' ').filter_map(|it| it.parse().ok()).collect();
    if let [nth, size, more @ ..] = numbers.as_slice() {
        paths(*nth, *size, more);
    }
    let trusted: Vec<VerifierKey> = rest.lines().filter_map(|it| it.parse().ok()).collect();
    for key in &trusted {
        assert_eq!(key.to_string().parse().as_ref(), Ok(key));
    }
    let ours = Signer::of(&[9; 32]).expect("32 bytes are a key").verifier("meldboek.example/VT02");
    for note in Note::read_all(rest).into_iter().flatten() {
        assert_eq!(note.to_string().parse().as_ref(), Ok(&note));
        let _trusted = note.is_signed_by_one_of(&trusted);
        // Nobody has this key, so nobody can have signed with it.
        assert!(!note.is_signed_by_one_of(std::slice::from_ref(&ours)));
    }
}

/// With hashes that are made up, nothing is part of anything: only a tree of one event has its leaf as root.
fn paths(nth: u64, size: u64, more: &[u64]) {
    let made_up: Vec<Hash> = more.iter().map(|it| sha256(&[&it.to_be_bytes()])).collect();
    let chain = sha256(&[b"event"]);
    let root = made_up.first().copied().unwrap_or_default();
    assert!(!tree::is_included(&chain, nth, size, &made_up, &root));
    let other = sha256(&[b"other"]);
    let same = tree::is_consistent((nth, &root), (size, &other), &made_up);
    assert!(!same || nth == 0, "{nth} of {size}");
    // What it takes to prove is asked of a log that is there, so of numbers that are not absurd.
    if nth < size && size < 1 << 40 {
        let needed = tree::inclusion(nth, size);
        assert!(needed.len() <= 40 && tree::consistency(nth, size).len() <= 41);
    }
}
