//! Signed tree heads as the world writes them: a C2SP checkpoint (c2sp.org/tlog-checkpoint) in a signed note (c2sp.org/signed-note) with
//! Ed25519, and the cosignatures of witnesses (c2sp.org/tlog-cosignature).

use crate::chain::{Hash, sha256};
use aws_lc_rs::signature::{ED25519, Ed25519KeyPair, KeyPair as _, UnparsedPublicKey};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use std::fmt;
use std::str::FromStr;
use thiserror::Error;

/// What kind of signature a key makes: one byte in its number and in its text.
const SIGNS: u8 = 0x01;
const COSIGNS: u8 = 0x04;

/// A tree head: so many events, this root.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Head {
    /// Which log: the first line.
    pub origin: String,
    pub size: u64,
    pub root: Hash,
}

impl Head {
    /// The text that is signed.
    pub fn text(&self) -> String {
        format!("{}\n{}\n{}\n", self.origin, self.size, STANDARD.encode(self.root))
    }

    /// Exactly three lines, each as it would be written again: whatever differs was changed.
    fn read(text: &str) -> Option<Self> {
        let mut lines = text.lines();
        let (origin, size, root) = (lines.next()?, lines.next()?, lines.next()?);
        let root = STANDARD.decode(root).ok()?.try_into().ok()?;
        let head = Self { origin: origin.to_owned(), size: size.parse().ok()?, root };
        (!origin.is_empty() && head.text() == text).then_some(head)
    }
}

/// A line below a note: who signed, with which key, and the signature.
#[derive(Clone, Debug, PartialEq)]
pub struct Signature {
    pub name: String,
    pub number: [u8; 4],
    pub bytes: Vec<u8>,
}

impl Signature {
    pub fn read(line: &str) -> Option<Self> {
        let (name, text) = line.strip_prefix("— ")?.split_once(' ')?;
        let bytes = STANDARD.decode(text).ok()?;
        let (number, bytes) = bytes.split_first_chunk::<4>()?;
        Some(Self { name: name.to_owned(), number: *number, bytes: bytes.to_vec() })
    }
}

impl fmt::Display for Signature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let bytes = [self.number.as_slice(), &self.bytes].concat();
        write!(f, "— {} {}", self.name, STANDARD.encode(bytes))
    }
}

/// A head with who signed it.
#[derive(Clone, Debug, PartialEq)]
pub struct Note {
    pub head: Head,
    pub signatures: Vec<Signature>,
}

/// Not a signed tree head.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("dit is geen ondertekende stand")]
pub struct NoNote;

impl FromStr for Note {
    type Err = NoNote;

    fn from_str(note: &str) -> Result<Self, NoNote> {
        let (text, below) = note.rsplit_once("\n\n").ok_or(NoNote)?;
        let head = Head::read(&format!("{text}\n")).ok_or(NoNote)?;
        let signatures = below.lines().map(Signature::read).collect::<Option<Vec<_>>>();
        let signatures = signatures.filter(|it| !it.is_empty()).ok_or(NoNote)?;
        let it = Self { head, signatures };
        // One way of writing only: then every other is a change.
        if it.to_string() == note { Ok(it) } else { Err(NoNote) }
    }
}

impl fmt::Display for Note {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}", self.head.text())?;
        self.signatures.iter().try_for_each(|it| writeln!(f, "{it}"))
    }
}

impl Note {
    /// The signature is right, by a key that is trusted to sign for this log.
    pub fn is_signed_by_one_of(&self, trusted: &[VerifierKey]) -> bool {
        let mut ours = trusted.iter().filter(|it| it.name == self.head.origin);
        ours.any(|key| self.signatures.iter().any(|it| key.holds(&self.head, it)))
    }

    /// Several heads, one after another with an empty line between them. What cannot be read is named by its text.
    pub fn read_all(text: &str) -> Vec<Result<Self, String>> {
        let mut all: Vec<String> = vec![];
        let mut signed = true;
        for line in text.split_inclusive('\n') {
            let signature = line.starts_with("— ");
            if signed && !signature && !line.trim().is_empty() {
                all.push(String::new());
                signed = false;
            }
            if let Some(note) = all.last_mut().filter(|_| signature || !signed) {
                note.push_str(line);
            }
            signed |= signature;
        }
        all.into_iter().map(|it| it.parse().map_err(|NoNote| it)).collect()
    }
}

/// A public key with the name for which it stands: `name+number+key`, as others want to have it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VerifierKey {
    name: String,
    kind: u8,
    key: [u8; 32],
}

/// Not the text of a verifier key.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error(
    "'{0}' is geen controlesleutel; verwacht NAAM+NUMMER+SLEUTEL, zoals `meldboek sleutels` die toont"
)]
pub struct NoVerifierKey(String);

impl VerifierKey {
    pub fn name(&self) -> &str {
        &self.name
    }

    pub fn number(&self) -> [u8; 4] {
        let all = sha256(&[self.name.as_bytes(), b"\n", &[self.kind], &self.key]);
        [all[0], all[1], all[2], all[3]]
    }

    /// Whether a line is a right signature of this key under a head.
    pub fn holds(&self, head: &Head, line: &Signature) -> bool {
        if line.name != self.name || line.number != self.number() {
            return false;
        }
        let text = head.text();
        match self.kind {
            SIGNS => self.verifies(text.as_bytes(), &line.bytes),
            _ => line.bytes.split_first_chunk::<8>().is_some_and(|(time, signature)| {
                self.verifies(&cosigned(u64::from_be_bytes(*time), &text), signature)
            }),
        }
    }

    fn verifies(&self, text: &[u8], signature: &[u8]) -> bool {
        UnparsedPublicKey::new(&ED25519, &self.key).verify(text, signature).is_ok()
    }
}

/// What a witness signs: the time, and the text of the head.
fn cosigned(time: u64, text: &str) -> Vec<u8> {
    format!("cosignature/v1\ntime {time}\n{text}").into_bytes()
}

impl fmt::Display for VerifierKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let number = crate::chain::hex(&self.number());
        let key = [[self.kind].as_slice(), &self.key].concat();
        write!(f, "{}+{number}+{}", self.name, STANDARD.encode(key))
    }
}

impl FromStr for VerifierKey {
    type Err = NoVerifierKey;

    fn from_str(text: &str) -> Result<Self, NoVerifierKey> {
        let read = || {
            let mut parts = text.splitn(3, '+');
            let (name, _number) = (parts.next()?.to_owned(), parts.next()?);
            let bytes = STANDARD.decode(parts.next()?).ok()?;
            let (kind, key) = bytes.split_first()?;
            let it = Self { name, kind: *kind, key: key.try_into().ok()? };
            let known = [SIGNS, COSIGNS].contains(kind) && !it.name.is_empty();
            (known && it.to_string() == text).then_some(it)
        };
        read().ok_or_else(|| NoVerifierKey(text.to_owned()))
    }
}

/// Whose signatures count.
#[derive(Clone, Debug, Default)]
pub enum Trust {
    /// Nobody is known: signatures are not looked at.
    #[default]
    Unknown,
    /// These keys, each for the log that it names.
    Keys(Vec<VerifierKey>),
    /// Our own key, for every log.
    Own(VerifierKey),
}

impl Trust {
    pub fn holds(&self, note: &Note) -> bool {
        match self {
            Self::Unknown => true,
            Self::Keys(keys) => note.is_signed_by_one_of(keys),
            Self::Own(key) => {
                let key = VerifierKey { name: note.head.origin.clone(), ..key.clone() };
                note.is_signed_by_one_of(&[key])
            }
        }
    }
}

/// Signs heads; or cosigns them, which only a witness does.
pub struct Signer {
    pair: Ed25519KeyPair,
}

impl Signer {
    /// From the 32 secret bytes.
    pub fn of(seed: &[u8]) -> Option<Self> {
        Ed25519KeyPair::from_seed_unchecked(seed).ok().map(|pair| Self { pair })
    }

    fn key(&self, name: &str, kind: u8) -> VerifierKey {
        let mut key = [0; 32];
        key.copy_from_slice(self.pair.public_key().as_ref());
        VerifierKey { name: name.to_owned(), kind, key }
    }

    /// By which others verify what is signed for a log.
    pub fn verifier(&self, origin: &str) -> VerifierKey {
        self.key(origin, SIGNS)
    }

    /// By which others verify what is cosigned under a name.
    pub fn witness(&self, name: &str) -> VerifierKey {
        self.key(name, COSIGNS)
    }

    pub fn sign(&self, head: Head) -> Note {
        let number = self.verifier(&head.origin).number();
        let bytes = self.pair.sign(head.text().as_bytes()).as_ref().to_vec();
        let signature = Signature { name: head.origin.clone(), number, bytes };
        Note { head, signatures: vec![signature] }
    }

    pub fn cosign(&self, head: &Head, name: &str, time: u64) -> Signature {
        let signed = self.pair.sign(&cosigned(time, &head.text()));
        let bytes = [time.to_be_bytes().as_slice(), signed.as_ref()].concat();
        Signature { name: name.to_owned(), number: self.witness(name).number(), bytes }
    }
}

impl fmt::Debug for Signer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Signer")
    }
}

#[cfg(test)]
mod tests;
