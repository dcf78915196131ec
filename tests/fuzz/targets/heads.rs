//! Signed heads and proofs as they come from outside.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| fuzz::heads(data));
