//! Proof that nothing was changed, for who does not trust us: signed heads of a Merkle tree over each log, which others keep.
//!
//! Read: `tree` (RFC 6962, pure) → `note` (how a head is written and signed) → `signing_key` → `heads` (which heads there are, and proofs under them)
//! → `published` (heads outside the database) → `keeper` (who signs).

pub mod tree;
pub mod note;
pub mod signing_key;
pub mod heads;
pub mod published;
pub mod keeper;
