//! The promises of the store, each as a sentence that can fail: order, idempotency, nothing changed, tampering shows, projections
//! exact. The store itself is used, on a PostgreSQL of its own per test; what goes round it goes by hand, in SQL.

mod given;
mod order;
mod race;
mod together;
mod repeat;
mod bypass;
mod roles;
mod walled;
mod row;
mod cancel;
mod away;
mod chain;
mod looks;
pub(crate) mod heads;
mod scene;
mod tamper;
mod rewrite;
pub(crate) mod second;
mod campaign;
mod random;
mod restored;
mod markers;
mod history;
mod oracle;
mod rebuild;
mod known;
mod merge;
mod golden;
