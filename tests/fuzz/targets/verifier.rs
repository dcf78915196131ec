//! Rows of a log as somebody may have left them: the verifier tells what is wrong, whatever it is.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| fuzz::verifier(data));
