//! Requests to the whole register: routes, bodies, queries, headers, and what the law makes of them.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| fuzz::requests(data));
