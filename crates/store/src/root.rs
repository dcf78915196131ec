//! The root key: it seals the few keys by which the key store opens, and nothing else. It lives outside every database: in a file, or in a
//! device that never gives it away.

mod device;
mod file;

pub use device::Device;
pub(crate) use file::write_private;

use crate::sealed::{SealError, SecretKey};
use std::fmt;

/// Whoever holds the root key.
pub trait RootKey: fmt::Debug + Send + Sync {
    /// Seals a key in a place; it opens nowhere else.
    fn seal(&self, place: &[u8], key: &SecretKey) -> Result<Vec<u8>, SealError>;
    fn open(&self, place: &[u8], sealed: &[u8]) -> Result<SecretKey, SealError>;
}
