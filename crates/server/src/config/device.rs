//! Where the root key is when it is not in a file: a device that speaks PKCS#11.

use clap::Args;
use std::path::PathBuf;
use store::root;

/// A device that holds the root key; all of it is said, or nothing.
#[derive(Clone, Debug, Args)]
pub struct Device {
    /// De hoofdsleutel staat in een beveiligingsmodule: haar bibliotheek (PKCS#11). Het sleutelbestand houdt dan alleen `kenmerk`
    #[arg(long = "pkcs11-module", env = "MELDBOEK_PKCS11_MODULE", required = false)]
    module: PathBuf,

    /// Het label van het token
    #[arg(long = "pkcs11-token", env = "MELDBOEK_PKCS11_TOKEN", default_value = "meldboek")]
    token: String,

    /// Het label van de hoofdsleutel
    #[arg(
        long = "pkcs11-sleutel",
        env = "MELDBOEK_PKCS11_SLEUTEL",
        default_value = "hoofdsleutel"
    )]
    key: String,

    /// Het bestand met de pincode
    #[arg(long = "pkcs11-pin", env = "MELDBOEK_PKCS11_PIN", default_value = "/etc/meldboek/pin")]
    pin: PathBuf,
}

impl Device {
    pub(crate) fn device(&self) -> root::Device {
        let Self { module, token, key, pin } = self.clone();
        root::Device { module, token, key, pin }
    }
}
