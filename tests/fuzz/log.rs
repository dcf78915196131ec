//! What the verifier is fed: an exported log as somebody may have written it, and heads as they come from outside. A tampered log is for the
//! verifier to tell, not to stumble over; and no path proves what is not so.

use futures_util::FutureExt;
use serde_json::Value;
use std::str::from_utf8;
use store::chain::{Hash, sha256};
use store::proof::note::{Note, Signer, VerifierKey};
use store::proof::tree;
use store::verify::Evidence;
use store::verify::export::Export;

/// An export, line by line.
pub(crate) fn verifier(data: &[u8]) {
    let Ok(text) = from_utf8(data) else { return };
    let Ok(export) = Export::read(text.lines()) else { return };
    let found = export.verify(&Evidence::default()).now_or_never().expect("nothing is waited for");
    let _said: Vec<String> = found.breaks.iter().map(ToString::to_string).collect();
    let lines = text.lines().filter_map(|it| serde_json::from_str::<Value>(it).ok());
    let events = lines.filter(|it| it["soort"] == "gebeurtenis");
    let mut positions: Vec<i64> = events.filter_map(|it| it["positie"].as_i64()).collect();
    positions.sort_unstable();
    // A gap, and what comes twice, is never overlooked.
    let whole = positions.iter().zip(1..).all(|(is, should)| *is == should);
    assert!(whole || !found.breaks.is_empty(), "{positions:?}");
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
