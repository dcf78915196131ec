//! Tokens and what is said of them: nobody comes in on claims that are not right.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| fuzz::tokens(data));
