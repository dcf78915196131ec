//! Persons who are looked for: cards, keys, scores.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| fuzz::search(data));
