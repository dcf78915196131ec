//! The settings of logging in with a browser.

use super::{BadSettings, Tokens};
use crate::client::Proof;
use crate::login::Login;
use crate::outside::{Outside, is_safe};
use crate::recogniser::SecondFactor;
use crate::session::Lasting;
use chrono::Duration;
use clap::Args;
use std::path::PathBuf;

/// How people log in with a browser.
#[derive(Clone, Debug, Args)]
pub struct Browsers {
    /// Hoe het register bij de uitgever heet (`client_id`). Zonder is er geen aanmelden met een browser
    #[arg(long = "client", env = "MELDBOEK_CLIENT", requires = "public_address")]
    pub client: Option<String>,

    /// Waar browsers het register vinden, zoals `https://meldboek.voorbeeld.nl`. Bij de uitgever staat dit adres met
    /// /aanmelden/terug erachter
    #[arg(long = "openbaar-adres", env = "MELDBOEK_OPENBAAR_ADRES")]
    pub public_address: Option<String>,

    /// Bestand met de prive-sleutel (PKCS#8 in PEM, RSA of Ed25519) waarmee het register zich bij de uitgever bewijst
    /// (`private_key_jwt`)
    #[arg(long = "client-sleutel", env = "MELDBOEK_CLIENT_SLEUTEL")]
    pub client_key: Option<PathBuf>,

    /// De naam (`kid`) van die sleutel bij de uitgever
    #[arg(long = "client-sleutel-naam", env = "MELDBOEK_CLIENT_SLEUTEL_NAAM")]
    pub client_kid: Option<String>,

    /// Het algoritme van een RSA-sleutel: RS256 of PS256
    #[arg(long = "client-algoritme", env = "MELDBOEK_CLIENT_ALGORITME", default_value = "RS256")]
    pub client_algorithm: String,

    /// Bestand met het geheim waarmee het register zich bewijst, als de uitgever geen sleutel aanneemt
    #[arg(long = "client-geheim", env = "MELDBOEK_CLIENT_GEHEIM", conflicts_with = "client_key")]
    pub client_secret: Option<PathBuf>,

    /// Na hoeveel minuten zonder verzoek een sessie eindigt
    #[arg(long = "sessie-rust", env = "MELDBOEK_SESSIE_RUST", default_value_t = 30)]
    pub idle_minutes: u32,

    /// Na hoeveel minuten een sessie hoe dan ook eindigt
    #[arg(long = "sessie-duur", env = "MELDBOEK_SESSIE_DUUR", default_value_t = 600)]
    pub longest_minutes: u32,
}

impl Browsers {
    /// How people log in, if they do.
    pub fn login(&self, tokens: &Tokens) -> Result<Option<Login>, BadSettings> {
        let (Some(client), Some(origin)) = (&self.client, &self.public_address) else {
            return Ok(None);
        };
        let plain = origin.trim_end_matches('/');
        if !is_safe(plain) || plain.matches('/').count() != 2 {
            return Err(BadSettings::NoOrigin(origin.clone()));
        }
        if !is_safe(&tokens.issuer) {
            return Err(BadSettings::NotSafe(tokens.issuer.clone()));
        }
        let proof = match (&self.client_key, &self.client_secret) {
            (Some(key), _) => Proof::key(key, self.client_kid.clone(), &self.client_algorithm)?,
            (None, Some(secret)) => Proof::secret(secret)?,
            (None, None) => return Err(BadSettings::NoProof),
        };
        let minutes = |it: u32| Duration::minutes(it.into());
        Ok(Some(Login {
            outside: Outside::new().map_err(BadSettings::NoCertificates)?,
            issuer: tokens.issuer.clone(),
            client: client.clone(),
            proof,
            origin: plain.to_owned(),
            second_factor: SecondFactor { acr: tokens.acr.clone(), amr: tokens.amr.clone() },
            lasting: Lasting {
                idle: minutes(self.idle_minutes),
                longest: minutes(self.longest_minutes),
            },
            known: tokio::sync::Mutex::default(),
        }))
    }
}
