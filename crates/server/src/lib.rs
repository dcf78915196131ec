//! The outside of the register: HTTP and the command line.
//!
//! Read: `api` (every route on one page) → one handler → `body` and `problem` → `guard` (what stands before every route) → `recogniser` (who
//! is asking) → `cli`.

pub mod clock;
pub mod config;
pub mod security_txt;
pub mod sight;
mod seal;
pub mod outside;
pub mod keyring;
mod uses;
pub mod worker;
pub mod recogniser;
mod client;
pub mod session;
pub mod login;
pub mod change;
mod copy;
pub mod problem;
pub mod schema;
mod body;
mod trace;
pub mod looking;
pub mod witness;
pub mod app;
pub mod rates;
pub mod tls;
pub mod edge;
mod dumps;
mod guard;
pub mod api;
pub mod openapi;
pub mod simulate;
mod bench;
pub mod export;
pub mod cli;
