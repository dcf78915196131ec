//! Short texts from outside: periods, dates, numbers, codes, lists of areas.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| fuzz::texts(data));
