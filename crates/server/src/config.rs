//! All settings. This struct is the manual: `meldboek serve --help` prints it.

mod device;
mod edges;
mod login;
pub mod looking;
mod tokens;

pub use device::Device;
pub use edges::Edges;
pub use login::Browsers;
pub use tokens::Tokens;

use crate::app::Limits;
use crate::recogniser::NoKeys;
use crate::security_txt::{NoReporting, Reporting};
use crate::witness::Address;
use clap::Args;
use domain::area::{Areas, Fault};
use secrecy::{ExposeSecret, SecretString};
use std::convert::Infallible;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::time::Duration;
use store::proof::keeper::Keeper;
use store::proof::note::Signer;
use store::proof::published::Published;
use store::sealed::SealError;
use store::{Keys, RecordedBy, Store};
use thiserror::Error;

/// Where the database is and which keys seal it: for every command that works on the register.
#[derive(Clone, Debug, Args)]
pub struct Register {
    /// De database; een login die de rollen meldboek_append, meldboek_file, meldboek_read, meldboek_report, meldboek_privacy en meldboek_door mag aannemen
    #[arg(long, env = "DATABASE_URL", hide_env_values = true, value_parser = secret)]
    pub database_url: SecretString,

    /// De sleuteldatabase: een eigen database voor de sleutels van personen; een login die de rol meldboek_keys mag aannemen
    #[arg(long = "sleuteldatabase", env = "MELDBOEK_SLEUTELDATABASE", hide_env_values = true, value_parser = secret)]
    pub key_database: SecretString,

    /// Het sleutelbestand, buiten de database. In de demo wordt het gemaakt; anders start niets zonder
    #[arg(long = "sleutelbestand", env = "MELDBOEK_SLEUTELBESTAND")]
    pub key_file: Option<PathBuf>,

    #[command(flatten)]
    pub device: Option<Device>,

    /// Dit is een demo: het sleutelbestand wordt gemaakt en de ingebouwde tokensleutel geldt
    #[arg(long = "demo", env = "MELDBOEK_DEMO")]
    pub demo: bool,
}

/// What the server is to do.
#[derive(Clone, Debug, Args)]
pub struct Serving {
    /// Waar de server luistert; poort 0 kiest een vrije
    #[arg(long = "adres", env = "MELDBOEK_ADRES", default_value = "127.0.0.1:8080")]
    pub address: SocketAddr,

    /// Hoeveel bytes een verzoek hoogstens heeft
    #[arg(long = "grootste-verzoek", env = "MELDBOEK_GROOTSTE_VERZOEK", default_value_t = 256 * 1024)]
    pub body_bytes: usize,

    /// Hoeveel seconden een verzoek hoogstens duurt
    #[arg(long = "tijdslimiet", env = "MELDBOEK_TIJDSLIMIET", default_value_t = 30)]
    pub seconds: u64,

    /// Hoeveel seconden een client heeft voor de inhoud van een verzoek
    #[arg(long = "inhoud-seconden", env = "MELDBOEK_INHOUD_SECONDEN", default_value_t = 15)]
    pub body_seconds: u64,

    /// Hoeveel verzoeken hoogstens tegelijk
    #[arg(long = "tegelijk", env = "MELDBOEK_TEGELIJK", default_value_t = 512)]
    pub at_once: usize,

    /// Het kleinste aantal dat buiten de organisatie wordt getoond. De drempel van het CBS is niet bevestigd
    #[arg(long = "kleinste-aantal", env = "MELDBOEK_KLEINSTE_AANTAL", default_value_t = 8)]
    pub smallest_shown: u32,

    #[command(flatten)]
    pub looking: looking::Settings,

    /// Bestand met de gemeenten van centrumgebieden die niet gepubliceerd zijn; `meldboek gebieden` controleert het
    #[arg(long = "gebieden", env = "MELDBOEK_GEBIEDEN")]
    pub additions: Option<PathBuf>,

    #[command(flatten)]
    pub reporting: Reporting,
}

/// By whom heads of the logs are signed, and who keeps them besides the database.
#[derive(Clone, Debug, Args)]
pub struct Heads {
    /// Bestand met de sleutel die standen ondertekent; `meldboek ondertekensleutel` maakt er een. Zonder wordt niets ondertekend
    #[arg(long = "ondertekensleutel", env = "MELDBOEK_ONDERTEKENSLEUTEL")]
    pub signing_key: Option<PathBuf>,

    /// Wat in standen voor de naam van een logboek staat: een naam die van u is
    #[arg(long = "oorsprong", env = "MELDBOEK_OORSPRONG", default_value = "meldboek.example")]
    pub origin: String,

    /// Map waarin standen ook buiten de database worden bewaard
    #[arg(long = "standen", env = "MELDBOEK_STANDEN")]
    pub folder: Option<PathBuf>,

    /// Getuigen die standen meeondertekenen (c2sp.org/tlog-witness), elk als ADRES=CONTROLESLEUTEL, met komma's ertussen
    #[arg(long = "getuigen", env = "MELDBOEK_GETUIGEN", value_delimiter = ',')]
    pub witnesses: Vec<Address>,
}

impl Heads {
    /// The signing key; in the demo it is made.
    pub fn signer(&self, demo: bool) -> Result<Option<Signer>, BadSettings> {
        let Some(path) = &self.signing_key else { return Ok(None) };
        let new = demo && !path.exists();
        Ok(Some(if new { Signer::create(path)? } else { Signer::read(path)? }))
    }

    /// Who signs, if anybody.
    pub fn keeper(&self, store: &Store, demo: bool) -> Result<Option<Keeper>, BadSettings> {
        if self.origin.is_empty() || self.origin.contains([' ', '+', '\n']) {
            return Err(BadSettings::Origin(self.origin.clone()));
        }
        let published = self.folder.as_deref().map(Published::in_folder);
        let keeper = |signer| Keeper::new(store.clone(), signer, &self.origin, published);
        Ok(self.signer(demo)?.map(keeper))
    }
}

/// Settings that cannot be used together, or point to nothing.
#[derive(Debug, Error)]
pub enum BadSettings {
    #[error(
        "er is een sleutelbestand nodig: zet MELDBOEK_SLEUTELBESTAND (in de demo wordt het gemaakt)"
    )]
    NoKeyFile,
    #[error(transparent)]
    Keys(#[from] SealError),
    #[error(
        "zet MELDBOEK_JWKS op de sleutels van de uitgever: een bestand, een https-adres, of ontdek"
    )]
    NoJwks,
    #[error("'{0}' is geen https-adres")]
    NotSafe(String),
    #[error("'{0}' is geen openbaar adres; verwacht zoiets als https://meldboek.voorbeeld.nl")]
    NoOrigin(String),
    #[error(
        "zet MELDBOEK_CLIENT_SLEUTEL of MELDBOEK_CLIENT_GEHEIM: het register moet zich bij de uitgever bewijzen"
    )]
    NoProof,
    #[error(transparent)]
    Proof(#[from] crate::client::NoProof),
    #[error(
        "zet MELDBOEK_TLS_CERTIFICAAT en MELDBOEK_TLS_SLEUTEL, of MELDBOEK_ZONDER_TLS als een proxy ervoor TLS doet"
    )]
    NoTls,
    #[error(transparent)]
    Tls(#[from] crate::tls::NoTls),
    #[error("de certificaten die deze machine vertrouwt, zijn niet te lezen: {0}")]
    NoCertificates(std::io::Error),
    #[error(transparent)]
    Jwks(#[from] NoKeys),
    #[error(
        "de demo gebruikt een sleutel die iedereen kent en luistert daarom alleen op deze machine"
    )]
    DemoIsOpen,
    #[error("'{0}' kan niet voor de naam van een logboek staan: geen spatie, geen plus, niet leeg")]
    Origin(String),
    #[error("{0}: {1}")]
    Processing(PathBuf, String),
    #[error("{0}: {1}")]
    NoAdditions(PathBuf, std::io::Error),
    #[error(transparent)]
    Reporting(#[from] NoReporting),
    #[error("de aanvullingen op de centrumgebieden kloppen niet:\n{}", all(.0))]
    Additions(Vec<Fault>),
}

fn all(faults: &[Fault]) -> String {
    faults.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
}

#[expect(clippy::unnecessary_wraps, reason = "the command line expects it of what it reads with")]
fn secret(text: &str) -> Result<SecretString, Infallible> {
    Ok(text.into())
}

impl Register {
    /// Opens the register.
    pub async fn open(&self, recorded_by: RecordedBy) -> Result<Store, crate::cli::Trouble> {
        let keys = self.keys()?;
        let register = self.database_url.expose_secret();
        let key_store = self.key_database.expose_secret();
        Ok(Store::open_url(register, key_store, keys, recorded_by).await?)
    }

    fn keys(&self) -> Result<Keys, BadSettings> {
        let path = self.key_file.as_ref().ok_or(BadSettings::NoKeyFile)?;
        if let Some(device) = &self.device {
            return Ok(Keys::read_with(path, device.device().open()?)?);
        }
        Ok(if self.demo { Keys::read_or_create(path)? } else { Keys::read(path)? })
    }
}

/// The published areas, with additions if there are any.
pub fn areas(additions: Option<&Path>) -> Result<Areas, BadSettings> {
    let Some(path) = additions else { return Ok(Areas::default()) };
    let text = std::fs::read_to_string(path);
    let text = text.map_err(|error| BadSettings::NoAdditions(path.to_owned(), error))?;
    Areas::with_additions(&text).map_err(BadSettings::Additions)
}

impl Serving {
    pub fn limits(&self) -> Limits {
        Limits {
            body_bytes: self.body_bytes,
            time: Duration::from_secs(self.seconds),
            body_time: Duration::from_secs(self.body_seconds),
            at_once: self.at_once,
        }
    }
}
