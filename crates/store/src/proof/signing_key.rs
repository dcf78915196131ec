//! The key by which heads are signed: in a file of its own, apart from the keys that seal, so that whoever may read the one need not have
//! the other.

use super::note::Signer;
use crate::root::write_private;
use crate::sealed::{SealError, random};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Serialize};
use std::path::Path;
use std::{fs, io};

#[derive(Serialize, Deserialize)]
struct File {
    #[serde(rename = "ondertekensleutel")]
    secret: String,
}

impl Signer {
    /// Reads the file of the signing key.
    pub fn read(path: &Path) -> Result<Self, SealError> {
        let refuse = |why: String| refused(path, why);
        let text = fs::read_to_string(path).map_err(|error| refuse(error.to_string()))?;
        let file: File = serde_json::from_str(&text)
            .map_err(|_| refuse("is geen bestand met een ondertekensleutel".to_owned()))?;
        let secret = STANDARD.decode(file.secret).ok().filter(|it| it.len() == 32);
        secret
            .and_then(|it| Self::of(&it))
            .ok_or_else(|| refuse("een ondertekensleutel heeft 32 bytes".to_owned()))
    }

    /// Makes a new signing key; never over one that is there. Only its owner may read it.
    pub fn create(path: &Path) -> Result<Self, SealError> {
        let failed = |error: io::Error| refused(path, error.to_string());
        let file = File { secret: STANDARD.encode(random::<32>()?) };
        let text = serde_json::to_string_pretty(&file).unwrap_or_default();
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder).map_err(failed)?;
        }
        write_private(path, &text).map_err(failed)?;
        Self::read(path)
    }
}

fn refused(path: &Path, why: String) -> SealError {
    SealError::SigningKey { path: path.display().to_string(), why }
}
