//! The register from the outside: what it promises, as sentences. One module per subject, named as its URL; `README.md` says what is where.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on says so by stopping")]

mod log;
