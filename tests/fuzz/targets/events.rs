//! Events as they are read from the log, and everything that is told of a history.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| fuzz::events(data));
