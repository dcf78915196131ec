//! Particulars of persons, sealed from the first event on: a key per subject, itself sealed under a key outside the database.
//!
//! AES-256-GCM-SIV (RFC 8452), which forgives a nonce that comes twice. Associated data bind a particular to its organisation, stream,
//! version, part and schema, so that it cannot be moved. Destroying the key of a subject ends readability everywhere.

use aws_lc_rs::aead::{AES_256_GCM_SIV, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use aws_lc_rs::rand::{SecureRandom, SystemRandom};
use aws_lc_rs::{constant_time, hmac};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use domain::id::Organisation;
use serde::{Deserialize, Serialize};
use std::path::Path;
use std::sync::Arc;
use std::{fmt, fs, io};
use thiserror::Error;
use uuid::Uuid;

/// What can go wrong with keys and seals. Never says what was sealed.
#[derive(Debug, Error)]
pub enum SealError {
    #[error("sleutelbestand {path}: {why}")]
    File { path: String, why: String },
    #[error("ondertekensleutel {path}: {why}")]
    SigningKey { path: String, why: String },
    #[error("a seal does not fit: other key, or changed")]
    DoesNotFit,
    #[error("the system gives no random bytes")]
    NoRandom,
}

/// The key file: key-encryption key and the key of the command digests, in base64. Lives outside the database.
#[derive(Serialize, Deserialize)]
struct KeyFile {
    #[serde(rename = "sleutel")]
    encryption: String,
    #[serde(rename = "kenmerk")]
    recognition: String,
}

/// The keys of the register, in memory only.
#[derive(Clone)]
pub struct Keys {
    encryption: Arc<LessSafeKey>,
    recognition: hmac::Key,
    /// For the tokens by which persons are found, and nothing else.
    finding: hmac::Key,
}

impl fmt::Debug for Keys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Keys")
    }
}

/// The key of one subject, open.
#[derive(Clone)]
pub struct DataKey {
    open: Arc<LessSafeKey>,
    pub(crate) wrapped: Vec<u8>,
}

/// Where a particular belongs; it opens nowhere else.
#[derive(Clone, Copy, Debug)]
pub struct Place<'a> {
    pub organisation: Organisation,
    pub stream: &'a str,
    pub stream_id: Uuid,
    pub version: i32,
    pub part: &'a str,
    pub schema: i16,
}

impl Keys {
    /// Reads the key file.
    pub fn read(path: &Path) -> Result<Self, SealError> {
        let refuse = |why: String| SealError::File { path: path.display().to_string(), why };
        let text = fs::read_to_string(path).map_err(|error| refuse(error.to_string()))?;
        let file: KeyFile =
            serde_json::from_str(&text).map_err(|_| refuse("is geen sleutelbestand".to_owned()))?;
        let bytes = |text: &str| {
            let bytes = STANDARD.decode(text).ok().filter(|it| it.len() == 32);
            bytes.ok_or_else(|| refuse("een sleutel heeft 32 bytes".to_owned()))
        };
        Self::of(&bytes(&file.encryption)?, &bytes(&file.recognition)?)
    }

    /// Makes a key file when there is none: for the demo. Only its owner may read it.
    pub fn read_or_create(path: &Path) -> Result<Self, SealError> {
        let refuse = |error: io::Error| SealError::File {
            path: path.display().to_string(),
            why: error.to_string(),
        };
        if !path.exists() {
            let (encryption, recognition) = (random::<32>()?, random::<32>()?);
            let file = KeyFile {
                encryption: STANDARD.encode(encryption),
                recognition: STANDARD.encode(recognition),
            };
            let text = serde_json::to_string_pretty(&file).unwrap_or_default();
            if let Some(folder) = path.parent() {
                fs::create_dir_all(folder).map_err(refuse)?;
            }
            write_private(path, &text).map_err(refuse)?;
        }
        Self::read(path)
    }

    /// Keys from 32 bytes each.
    pub fn of(encryption: &[u8], recognition: &[u8]) -> Result<Self, SealError> {
        let recognition = hmac::Key::new(hmac::HMAC_SHA256, recognition);
        // A key of its own for each purpose: what one gives away tells nothing of the other.
        let finding = hmac::sign(&recognition, b"meldboek: tokens of persons");
        Ok(Self {
            encryption: Arc::new(key(encryption)?),
            finding: hmac::Key::new(hmac::HMAC_SHA256, finding.as_ref()),
            recognition,
        })
    }

    /// A keyed digest: the same content gives the same, and nobody without the key can guess what it was.
    pub fn recognise(&self, parts: &[&[u8]]) -> [u8; 32] {
        mac(&self.recognition, parts)
    }

    /// A token of something by which persons are found; the caller cuts it.
    pub(crate) fn token(&self, parts: &[&[u8]]) -> [u8; 32] {
        mac(&self.finding, parts)
    }

    /// Seals what is told from the log. Telling it again has to give the same bytes, so the nonce is made of place and content: this way of
    /// sealing forgives a nonce that comes twice, and gives away no more than that the same was sealed in the same place.
    pub(crate) fn seal_again(
        &self,
        with: &DataKey,
        place: Place<'_>,
        content: &str,
    ) -> Result<Vec<u8>, SealError> {
        let place = place.bytes();
        let digest = mac(&self.finding, &[b"nonce", &place, content.as_bytes()]);
        let mut nonce = [0; NONCE_LEN];
        nonce.copy_from_slice(&digest[..NONCE_LEN]);
        seal_with(&with.open, nonce, &place, content.as_bytes())
    }

    /// A new key for a subject.
    pub fn new_data_key(&self, of: Organisation, subject: Uuid) -> Result<DataKey, SealError> {
        let bytes = random::<32>()?;
        let wrapped = seal(&self.encryption, &key_place(of, subject), &bytes)?;
        Ok(DataKey { open: Arc::new(key(&bytes)?), wrapped })
    }

    /// Opens the key of a subject.
    pub fn open_data_key(
        &self,
        of: Organisation,
        subject: Uuid,
        wrapped: &[u8],
    ) -> Result<DataKey, SealError> {
        let bytes = open(&self.encryption, &key_place(of, subject), wrapped)?;
        Ok(DataKey { open: Arc::new(key(&bytes)?), wrapped: wrapped.to_vec() })
    }
}

impl DataKey {
    pub fn seal(&self, place: Place<'_>, content: &str) -> Result<Vec<u8>, SealError> {
        seal(&self.open, &place.bytes(), content.as_bytes())
    }

    pub fn open(&self, place: Place<'_>, sealed: &[u8]) -> Result<String, SealError> {
        let bytes = open(&self.open, &place.bytes(), sealed)?;
        String::from_utf8(bytes).map_err(|_| SealError::DoesNotFit)
    }
}

impl Place<'_> {
    fn bytes(&self) -> Vec<u8> {
        let Self { organisation, stream, stream_id, version, part, schema } = self;
        format!("{organisation}/{stream}/{stream_id}/{version}/{part}/{schema}").into_bytes()
    }
}

/// The digest of all sealed particulars of one event; it goes into the chain and stays when they are destroyed.
pub fn digest(parts: &[(Uuid, &str, &[u8])]) -> [u8; 32] {
    let digests: Vec<[u8; 32]> =
        parts.iter().map(|(subject, part, sealed)| part_digest(*subject, part, sealed)).collect();
    joined(&digests)
}

/// The digest of one sealed particular; it is kept when the particular is destroyed.
pub fn part_digest(subject: Uuid, part: &str, sealed: &[u8]) -> [u8; 32] {
    let length = (part.len() as u32).to_be_bytes();
    crate::chain::sha256(&[subject.as_bytes(), &length, part.as_bytes(), sealed])
}

/// The digest of an event from those of its particulars.
pub fn joined(digests: &[[u8; 32]]) -> [u8; 32] {
    crate::chain::sha256(&digests.iter().map(<[u8; 32]>::as_slice).collect::<Vec<_>>())
}

/// Whether two digests are equal, without telling by time where they differ.
pub fn same(one: &[u8], other: &[u8]) -> bool {
    constant_time::verify_slices_are_equal(one, other).is_ok()
}

fn key_place(of: Organisation, subject: Uuid) -> Vec<u8> {
    format!("{of}/key/{subject}").into_bytes()
}

fn key(bytes: &[u8]) -> Result<LessSafeKey, SealError> {
    let unbound = UnboundKey::new(&AES_256_GCM_SIV, bytes).map_err(|_| SealError::DoesNotFit)?;
    Ok(LessSafeKey::new(unbound))
}

fn mac(key: &hmac::Key, parts: &[&[u8]]) -> [u8; 32] {
    let mut context = hmac::Context::with_key(key);
    for part in parts {
        context.update(&(part.len() as u64).to_be_bytes());
        context.update(part);
    }
    let mut mac = [0; 32];
    mac.copy_from_slice(context.sign().as_ref());
    mac
}

fn seal(key: &LessSafeKey, place: &[u8], content: &[u8]) -> Result<Vec<u8>, SealError> {
    seal_with(key, random()?, place, content)
}

/// Nonce, then ciphertext and tag.
fn seal_with(
    key: &LessSafeKey,
    nonce: [u8; NONCE_LEN],
    place: &[u8],
    content: &[u8],
) -> Result<Vec<u8>, SealError> {
    let mut body = content.to_vec();
    key.seal_in_place_append_tag(Nonce::assume_unique_for_key(nonce), Aad::from(place), &mut body)
        .map_err(|_| SealError::DoesNotFit)?;
    Ok([nonce.as_slice(), &body].concat())
}

fn open(key: &LessSafeKey, place: &[u8], sealed: &[u8]) -> Result<Vec<u8>, SealError> {
    let (nonce, body) = sealed.split_at_checked(NONCE_LEN).ok_or(SealError::DoesNotFit)?;
    let nonce = Nonce::try_assume_unique_for_key(nonce).map_err(|_| SealError::DoesNotFit)?;
    let mut body = body.to_vec();
    let plain = key.open_in_place(nonce, Aad::from(place), &mut body);
    Ok(plain.map_err(|_| SealError::DoesNotFit)?.to_vec())
}

/// Random bytes for keys and nonces: the one place where the store draws chance, and nothing that is decided depends on it.
pub(crate) fn random<const N: usize>() -> Result<[u8; N], SealError> {
    let mut bytes = [0; N];
    SystemRandom::new().fill(&mut bytes).map_err(|_| SealError::NoRandom)?;
    Ok(bytes)
}

pub(crate) fn write_private(path: &Path, text: &str) -> io::Result<()> {
    use std::io::Write as _;
    use std::os::unix::fs::OpenOptionsExt as _;
    let mut file = fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place(version: i32) -> Place<'static> {
        Place {
            organisation: "VT02".parse().unwrap(),
            stream: "melding",
            stream_id: Uuid::from_u128(1),
            version,
            part: "person",
            schema: 1,
        }
    }

    #[test]
    fn a_particular_opens_in_its_own_place_and_nowhere_else() {
        let keys = Keys::of(&[7; 32], &[8; 32]).unwrap();
        let organisation = "VT02".parse().unwrap();
        let key = keys.new_data_key(organisation, Uuid::from_u128(2)).unwrap();
        let sealed = key.seal(place(1), "Testpersoon Een").unwrap();
        assert_eq!(key.open(place(1), &sealed).unwrap(), "Testpersoon Een");
        assert!(key.open(place(2), &sealed).is_err());
        let again = keys.open_data_key(organisation, Uuid::from_u128(2), &key.wrapped).unwrap();
        assert_eq!(again.open(place(1), &sealed).unwrap(), "Testpersoon Een");
        assert!(keys.open_data_key(organisation, Uuid::from_u128(3), &key.wrapped).is_err());
    }

    #[test]
    fn what_is_sealed_again_is_the_same_and_elsewhere_another() {
        let keys = Keys::of(&[7; 32], &[8; 32]).unwrap();
        let key = keys.new_data_key("VT02".parse().unwrap(), Uuid::from_u128(2)).unwrap();
        let sealed = |version, text| keys.seal_again(&key, place(version), text).unwrap();
        assert_eq!(sealed(1, "Testpersoon Een"), sealed(1, "Testpersoon Een"));
        assert_ne!(sealed(1, "Testpersoon Een"), sealed(2, "Testpersoon Een"));
        assert_ne!(sealed(1, "Testpersoon Een")[..12], sealed(1, "Testpersoon Twee")[..12]);
        assert_eq!(key.open(place(1), &sealed(1, "Testpersoon Een")).unwrap(), "Testpersoon Een");
    }

    #[test]
    fn a_token_says_nothing_of_a_digest() {
        let keys = Keys::of(&[7; 32], &[8; 32]).unwrap();
        assert_ne!(keys.token(&[b"a"]), keys.recognise(&[b"a"]));
    }

    #[test]
    fn the_same_content_is_recognised_only_with_the_key() {
        let (one, other) =
            (Keys::of(&[7; 32], &[8; 32]).unwrap(), Keys::of(&[7; 32], &[9; 32]).unwrap());
        assert_eq!(one.recognise(&[b"a", b"b"]), one.recognise(&[b"a", b"b"]));
        assert_ne!(one.recognise(&[b"a", b"b"]), one.recognise(&[b"ab"]));
        assert_ne!(one.recognise(&[b"a", b"b"]), other.recognise(&[b"a", b"b"]));
    }
}
