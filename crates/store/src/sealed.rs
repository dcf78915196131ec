//! Particulars of persons, sealed from the first event on: a key per subject. Those keys stand, wrapped, in the key store (`keystore`).
//!
//! AES-256-GCM-SIV (RFC 8452), which forgives a nonce that comes twice. Associated data bind a particular to its organisation, stream,
//! version, part and schema, so that it cannot be moved. Destroying the key of a subject ends readability everywhere.

use crate::root::RootKey;
use aws_lc_rs::aead::{AES_256_GCM_SIV, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use aws_lc_rs::rand::{SecureRandom, SystemRandom};
use aws_lc_rs::{constant_time, hmac};
use domain::id::Organisation;
use secrecy::{ExposeSecret, SecretBox};
use std::fmt;
use std::sync::Arc;
use thiserror::Error;
use uuid::Uuid;
use zeroize::{Zeroize, Zeroizing};

/// What can go wrong with keys and seals. Never says what was sealed.
#[derive(Debug, Error)]
pub enum SealError {
    #[error("sleutelbestand {path}: {why}")]
    File { path: String, why: String },
    #[error("ondertekensleutel {path}: {why}")]
    SigningKey { path: String, why: String },
    #[error("beveiligingsmodule: {why}")]
    Device { why: String },
    #[error("a seal does not fit: other key, or changed")]
    DoesNotFit,
    #[error("de hoofdsleutel opent de sleuteldatabase niet: dit is een andere sleutel")]
    OtherRoot,
    #[error("the system gives no random bytes")]
    NoRandom,
}

/// The bytes of a key; wiped when they are no longer needed, and never printed.
pub type SecretKey = SecretBox<[u8; 32]>;

/// What the register knows by itself: the root key, by which the key store opens, and what it recognises content and persons by.
#[derive(Clone)]
pub struct Keys {
    pub(crate) root: Arc<dyn RootKey>,
    recognition: hmac::Key,
    /// For the tokens by which persons are found, and nothing else.
    finding: hmac::Key,
}

impl fmt::Debug for Keys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Keys")
    }
}

/// The key of one subject, open, with its number.
#[derive(Clone)]
pub struct DataKey {
    pub(crate) number: Uuid,
    open: Arc<LessSafeKey>,
}

impl fmt::Debug for DataKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "DataKey({})", self.number)
    }
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
    /// A root key and the 32 bytes of the key of recognition.
    pub fn new(root: Arc<dyn RootKey>, recognition: &[u8]) -> Self {
        let recognition = hmac::Key::new(hmac::HMAC_SHA256, recognition);
        // A key of its own for each purpose: what one gives away tells nothing of the other.
        let finding = hmac::sign(&recognition, b"meldboek: tokens of persons");
        let finding = hmac::Key::new(hmac::HMAC_SHA256, finding.as_ref());
        Self { root, recognition, finding }
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
}

impl DataKey {
    pub(crate) fn of(number: Uuid, bytes: &SecretKey) -> Result<Self, SealError> {
        Ok(Self { number, open: Arc::new(sealing_key(bytes)?) })
    }

    pub fn seal(&self, place: Place<'_>, content: &str) -> Result<Vec<u8>, SealError> {
        seal(&self.open, &place.bytes(), content.as_bytes())
    }

    pub fn open(&self, place: Place<'_>, sealed: &[u8]) -> Result<String, SealError> {
        let bytes = open(&self.open, &place.bytes(), sealed)?;
        let text = std::str::from_utf8(&bytes).map_err(|_| SealError::DoesNotFit)?;
        Ok(text.to_owned())
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

pub(crate) fn sealing_key(bytes: &SecretKey) -> Result<LessSafeKey, SealError> {
    let unbound = UnboundKey::new(&AES_256_GCM_SIV, bytes.expose_secret());
    Ok(LessSafeKey::new(unbound.map_err(|_| SealError::DoesNotFit)?))
}

/// The bytes of a key from what was opened; whoever gave them has them wiped.
pub(crate) fn secret_key(opened: &[u8]) -> Result<SecretKey, SealError> {
    let mut bytes: [u8; 32] = opened.try_into().map_err(|_| SealError::DoesNotFit)?;
    let key = SecretBox::init_with_mut(|key: &mut [u8; 32]| key.copy_from_slice(&bytes));
    bytes.zeroize();
    Ok(key)
}

/// A new key.
pub(crate) fn random_key() -> Result<SecretKey, SealError> {
    let bytes = Zeroizing::new(random::<32>()?);
    secret_key(bytes.as_slice())
}

/// Numbers for so many keys. They begin with the same random bits and then count on, so that keys that are made together stand together in the key
/// store: numbers that are random throughout would each touch another page of it. UUID version 8 (RFC 9562).
pub(crate) fn numbers(many: usize) -> Result<impl Iterator<Item = Uuid>, SealError> {
    let first = u128::from_be_bytes(random()?) & !u128::from(u32::MAX);
    Ok((0..many as u128)
        .map(move |nth| uuid::Builder::from_custom_bytes((first | nth).to_be_bytes()).into_uuid()))
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

pub(crate) fn seal(key: &LessSafeKey, place: &[u8], content: &[u8]) -> Result<Vec<u8>, SealError> {
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

/// What was sealed; wiped when it is no longer needed.
pub(crate) fn open(
    key: &LessSafeKey,
    place: &[u8],
    sealed: &[u8],
) -> Result<Zeroizing<Vec<u8>>, SealError> {
    let (nonce, body) = sealed.split_at_checked(NONCE_LEN).ok_or(SealError::DoesNotFit)?;
    let nonce = Nonce::try_assume_unique_for_key(nonce).map_err(|_| SealError::DoesNotFit)?;
    let mut body = Zeroizing::new(body.to_vec());
    let plain = key.open_in_place(nonce, Aad::from(place), &mut body);
    let length = plain.map_err(|_| SealError::DoesNotFit)?.len();
    body.truncate(length);
    Ok(body)
}

/// Random bytes for keys and nonces: the one place where the store draws chance, and nothing that is decided depends on it.
pub(crate) fn random<const N: usize>() -> Result<[u8; N], SealError> {
    let mut bytes = [0; N];
    SystemRandom::new().fill(&mut bytes).map_err(|_| SealError::NoRandom)?;
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_of_keys_that_are_made_together_follow_each_other_and_no_others_are_among_them() {
        let one: Vec<Uuid> = numbers(3).unwrap().collect();
        let other: Vec<Uuid> = numbers(3).unwrap().collect();
        assert!(one.is_sorted() && one[0] != one[1] && one[0].get_version_num() == 8);
        let (first, last) = (one[0].min(other[0]), one[2].max(other[2]));
        let inner = if first == one[0] { (one[2], other[0]) } else { (other[2], one[0]) };
        assert!(first < inner.0 && inner.0 < inner.1 && inner.1 < last);
    }

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

    fn key(number: u128) -> DataKey {
        DataKey::of(Uuid::from_u128(number), &secret_key(&[number as u8; 32]).unwrap()).unwrap()
    }

    #[test]
    fn a_particular_opens_in_its_own_place_under_its_own_key_and_nowhere_else() {
        let sealed = key(2).seal(place(1), "Testpersoon Een").unwrap();
        assert_eq!(key(2).open(place(1), &sealed).unwrap(), "Testpersoon Een");
        assert!(key(2).open(place(2), &sealed).is_err());
        assert!(key(3).open(place(1), &sealed).is_err());
    }

    #[test]
    fn what_is_sealed_again_is_the_same_and_elsewhere_another() {
        let (keys, key) = (Keys::of(&[7; 32], &[8; 32]).unwrap(), key(2));
        let sealed = |version, text| keys.seal_again(&key, place(version), text).unwrap();
        assert_eq!(sealed(1, "Testpersoon Een"), sealed(1, "Testpersoon Een"));
        assert_ne!(sealed(1, "Testpersoon Een"), sealed(2, "Testpersoon Een"));
        assert_ne!(sealed(1, "Testpersoon Een")[..12], sealed(1, "Testpersoon Twee")[..12]);
        assert_eq!(key.open(place(1), &sealed(1, "Testpersoon Een")).unwrap(), "Testpersoon Een");
    }

    #[test]
    fn a_secret_is_not_printed() {
        let printed = format!("{:?} {:?}", secret_key(&[7; 32]).unwrap(), key(7));
        assert!(!printed.contains("7, 7"), "{printed}");
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
