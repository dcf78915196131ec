//! A root key in a device that never gives it away (PKCS#11): a hardware module, or software that does as if. The device seals and opens by
//! AES-256-GCM; we see only what comes out.

use super::RootKey;
use crate::sealed::{self, SealError, SecretKey};
use cryptoki::context::{CInitializeArgs, CInitializeFlags, Pkcs11};
use cryptoki::error::{Error, RvError};
use cryptoki::mechanism::Mechanism;
use cryptoki::mechanism::aead::GcmParams;
use cryptoki::object::{Attribute, KeyType, ObjectClass, ObjectHandle};
use cryptoki::session::{Session, UserType};
use secrecy::{ExposeSecret, SecretString};
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};
use std::{fmt, fs};
use zeroize::Zeroizing;

/// The nonce and the tag of AES-GCM, in bytes and in bits.
const NONCE: usize = 12;
const TAG: u64 = 128;

/// Where the root key is.
#[derive(Clone, Debug)]
pub struct Device {
    /// The library of the device.
    pub module: PathBuf,
    pub token: String,
    pub key: String,
    /// The file that holds the PIN.
    pub pin: PathBuf,
}

struct InDevice {
    session: Mutex<Session>,
    key: ObjectHandle,
}

impl fmt::Debug for InDevice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("root key of a device")
    }
}

impl Device {
    /// The root key, ready to be used.
    pub fn open(&self) -> Result<Arc<dyn RootKey>, SealError> {
        let session = self.session(false)?;
        let key = self.find(&session)?;
        let key = key.ok_or_else(|| refuse(format!("er is geen sleutel '{}'", self.key)))?;
        Ok(Arc::new(InDevice { session: Mutex::new(session), key }))
    }

    /// Makes the root key in the device, from which it cannot be taken. Refuses when there is one: everything hangs on it.
    pub fn make_key(&self) -> Result<(), SealError> {
        let session = self.session(true)?;
        if self.find(&session)?.is_some() {
            return Err(refuse(format!("de sleutel '{}' is er al", self.key)));
        }
        let template = [
            Attribute::Class(ObjectClass::SECRET_KEY),
            Attribute::KeyType(KeyType::AES),
            Attribute::ValueLen(32.into()),
            Attribute::Label(self.key.clone().into_bytes()),
            Attribute::Token(true),
            Attribute::Private(true),
            Attribute::Sensitive(true),
            Attribute::Extractable(false),
            Attribute::Encrypt(true),
            Attribute::Decrypt(true),
        ];
        session.generate_key(&Mechanism::AesKeyGen, &template).map(drop).map_err(SealError::from)
    }

    fn session(&self, writing: bool) -> Result<Session, SealError> {
        let pin = fs::read_to_string(&self.pin).map(Zeroizing::new);
        let pin = pin.map_err(|why| refuse(format!("{}: {why}", self.pin.display())))?;
        let device = Pkcs11::new(&self.module)?;
        let started = device.initialize(CInitializeArgs::new(CInitializeFlags::OS_LOCKING_OK));
        match started {
            // By another part of this process.
            Ok(()) | Err(Error::Pkcs11(RvError::CryptokiAlreadyInitialized, _)) => {}
            Err(why) => return Err(why.into()),
        }
        let slots = device.get_slots_with_initialized_token()?;
        let named =
            |slot: &_| device.get_token_info(*slot).is_ok_and(|it| it.label() == self.token);
        let slot = slots.into_iter().find(named);
        let slot = slot.ok_or_else(|| refuse(format!("er is geen token '{}'", self.token)))?;
        let session =
            if writing { device.open_rw_session(slot) } else { device.open_ro_session(slot) };
        let session = session?;
        let pin = SecretString::from(pin.trim_end().to_owned());
        match session.login(UserType::User, Some(&pin)) {
            Ok(()) | Err(Error::Pkcs11(RvError::UserAlreadyLoggedIn, _)) => Ok(session),
            Err(why) => Err(why.into()),
        }
    }

    fn find(&self, session: &Session) -> Result<Option<ObjectHandle>, SealError> {
        let named = [
            Attribute::Class(ObjectClass::SECRET_KEY),
            Attribute::Label(self.key.clone().into_bytes()),
        ];
        match session.find_objects(&named)?.as_slice() {
            [] => Ok(None),
            [one] => Ok(Some(*one)),
            _ => Err(refuse(format!("er is meer dan een sleutel '{}'", self.key))),
        }
    }
}

impl RootKey for InDevice {
    fn seal(&self, place: &[u8], key: &SecretKey) -> Result<Vec<u8>, SealError> {
        let mut nonce = sealed::random::<NONCE>()?;
        let before = nonce;
        let how = GcmParams::new(&mut nonce, place, TAG.into())?;
        let session = self.session.lock().unwrap_or_else(PoisonError::into_inner);
        let sealed = session.encrypt(&Mechanism::AesGcm(how), self.key, key.expose_secret());
        Ok([before.as_slice(), &sealed?].concat())
    }

    fn open(&self, place: &[u8], sealed: &[u8]) -> Result<SecretKey, SealError> {
        let (nonce, body) = sealed.split_at_checked(NONCE).ok_or(SealError::DoesNotFit)?;
        let mut nonce = nonce.to_vec();
        let how = GcmParams::new(&mut nonce, place, TAG.into())?;
        let session = self.session.lock().unwrap_or_else(PoisonError::into_inner);
        let opened = session.decrypt(&Mechanism::AesGcm(how), self.key, body);
        // What a device says of a seal that does not fit differs from maker to maker.
        let opened = Zeroizing::new(opened.map_err(|why| match why {
            Error::Pkcs11(RvError::DeviceError | RvError::DeviceRemoved, _) => why.into(),
            _ => SealError::DoesNotFit,
        })?);
        sealed::secret_key(&opened)
    }
}

impl From<Error> for SealError {
    fn from(why: Error) -> Self {
        refuse(why.to_string())
    }
}

fn refuse(why: String) -> SealError {
    SealError::Device { why }
}
