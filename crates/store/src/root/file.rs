//! The key file: root key and the key of recognition, in base64. Only its owner may read it.

use super::RootKey;
use crate::sealed::{self, Keys, SealError, SecretKey};
use aws_lc_rs::aead::LessSafeKey;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use secrecy::ExposeSecret;
use serde::{Deserialize, Serialize};
use std::path::Path;
use std::sync::Arc;
use std::{fmt, fs, io};
use zeroize::{Zeroize, Zeroizing};

#[derive(Serialize, Deserialize)]
struct KeyFile {
    /// Not there when a device holds the root key.
    #[serde(rename = "sleutel", default, skip_serializing_if = "Option::is_none")]
    root: Option<String>,
    #[serde(rename = "kenmerk")]
    recognition: String,
}

impl Drop for KeyFile {
    fn drop(&mut self) {
        self.root.zeroize();
        self.recognition.zeroize();
    }
}

/// A root key in memory.
struct InMemory(LessSafeKey);

impl fmt::Debug for InMemory {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("root key of a file")
    }
}

impl RootKey for InMemory {
    fn seal(&self, place: &[u8], key: &SecretKey) -> Result<Vec<u8>, SealError> {
        sealed::seal(&self.0, place, key.expose_secret())
    }

    fn open(&self, place: &[u8], sealed: &[u8]) -> Result<SecretKey, SealError> {
        sealed::secret_key(&sealed::open(&self.0, place, sealed)?)
    }
}

impl Keys {
    /// Reads the key file.
    pub fn read(path: &Path) -> Result<Self, SealError> {
        let file = read(path)?;
        let root = file.root.as_deref().ok_or_else(|| refuse(path, "mist `sleutel`"))?;
        Self::of(bytes(path, root)?.as_slice(), bytes(path, &file.recognition)?.as_slice())
    }

    /// Reads the key file of a register whose root key is in a device.
    pub fn read_with(path: &Path, root: Arc<dyn RootKey>) -> Result<Self, SealError> {
        Ok(Self::new(root, bytes(path, &read(path)?.recognition)?.as_slice()))
    }

    /// Makes a key file when there is none: for the demo. Only its owner may read it.
    pub fn read_or_create(path: &Path) -> Result<Self, SealError> {
        if !path.exists() {
            let encoded = || {
                let key = sealed::random_key()?;
                Ok::<_, SealError>(STANDARD.encode(key.expose_secret()))
            };
            let file = KeyFile { root: Some(encoded()?), recognition: encoded()? };
            let text = Zeroizing::new(serde_json::to_string_pretty(&file).unwrap_or_default());
            let made = path.parent().map_or(Ok(()), fs::create_dir_all);
            let written = made.and_then(|()| write_private(path, &text));
            written.map_err(|error| refuse(path, error.to_string()))?;
        }
        Self::read(path)
    }

    /// Keys from 32 bytes each.
    pub fn of(root: &[u8], recognition: &[u8]) -> Result<Self, SealError> {
        let root = InMemory(sealed::sealing_key(&sealed::secret_key(root)?)?);
        Ok(Self::new(Arc::new(root), recognition))
    }
}

fn read(path: &Path) -> Result<KeyFile, SealError> {
    let text = fs::read_to_string(path).map_err(|error| refuse(path, error.to_string()))?;
    let text = Zeroizing::new(text);
    serde_json::from_str(&text).map_err(|_| refuse(path, "is geen sleutelbestand"))
}

fn bytes(path: &Path, text: &str) -> Result<Zeroizing<Vec<u8>>, SealError> {
    let bytes = STANDARD.decode(text).map(Zeroizing::new).ok().filter(|it| it.len() == 32);
    bytes.ok_or_else(|| refuse(path, "een sleutel heeft 32 bytes"))
}

fn refuse(path: &Path, why: impl Into<String>) -> SealError {
    SealError::File { path: path.display().to_string(), why: why.into() }
}

/// A file that only its owner may read.
pub(crate) fn write_private(path: &Path, text: &str) -> io::Result<()> {
    use std::io::Write as _;
    use std::os::unix::fs::OpenOptionsExt as _;
    let mut file = fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()
}
