//! The register from the outside: what it promises, as sentences. One module per subject, named as its URL; `README.md` says what is where.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on says so by stopping")]

mod log;
mod house;
mod told;
mod contacten;
mod adviezen;
mod meldingen;
mod casussen;
mod personen;
mod personen_zoek;
mod werklijst;
mod wrong_input;
mod malformed;
mod limits;
mod figures;
mod trendrapporten;
mod statistieken;
mod operations;
mod dump;
mod markers;
mod strangers;
mod provider;
mod access;
mod openapi;
mod source;
mod published;
mod glossary;
mod tidy;
mod cli;
