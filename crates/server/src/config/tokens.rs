//! The settings of who may come in: whose tokens are taken, and what they must say.

use super::BadSettings;
use crate::keyring::{Freshness, Place};
use crate::outside::{Outside, is_safe};
use crate::recogniser::{Accepts, Recogniser, SecondFactor};
use chrono::Duration;
use clap::Args;
use domain::access::{NoRole, Role};
use std::path::Path;

/// Who may come in.
#[derive(Clone, Debug, Args)]
pub struct Tokens {
    /// De uitgever van tokens (`iss`)
    #[arg(
        long = "uitgever",
        env = "MELDBOEK_UITGEVER",
        default_value = "https://aanmelden.meldboek.example"
    )]
    pub issuer: String,

    /// Voor wie tokens bedoeld zijn (`aud`)
    #[arg(long = "doelgroep", env = "MELDBOEK_DOELGROEP", default_value = "meldboek")]
    pub audience: String,

    /// De openbare sleutels van de uitgever (JWKS, RFC 7517): een bestand, een https-adres, of het woord ontdek: dan wijst de
    /// uitgever zelf waar ze staan (OpenID Connect Discovery)
    #[arg(long = "jwks", env = "MELDBOEK_JWKS")]
    pub jwks: Option<String>,

    /// Na hoeveel seconden de sleutels van de uitgever opnieuw gelezen worden; wat hij niet meer toont, geldt dan niet meer
    #[arg(long = "sleutels-geldig", env = "MELDBOEK_SLEUTELS_GELDIG", default_value_t = 300)]
    pub keys_seconds: u32,

    /// Hoeveel seconden er minstens zijn tussen twee keer lezen, ook als tokens met onbekende sleutels komen
    #[arg(long = "sleutels-pauze", env = "MELDBOEK_SLEUTELS_PAUZE", default_value_t = 30)]
    pub pause_seconds: u32,

    /// Waarden van `acr` waaruit een tweede factor blijkt, met komma's ertussen; hangt van de uitgever af
    #[arg(long = "tweede-factor-acr", env = "MELDBOEK_TWEEDE_FACTOR_ACR", value_delimiter = ',')]
    pub acr: Vec<String>,

    /// Waarden van `amr` waaruit een tweede factor blijkt, met komma's ertussen. Mensen komen niet binnen zonder
    #[arg(
        long = "tweede-factor-amr",
        env = "MELDBOEK_TWEEDE_FACTOR_AMR",
        value_delimiter = ',',
        default_value = "mfa"
    )]
    pub amr: Vec<String>,

    /// Rollen van machines waarvan een token maar een keer telt, of geen
    #[arg(
        long = "eenmalig",
        env = "MELDBOEK_EENMALIG",
        value_delimiter = ',',
        default_value = "telefonie,politie",
        value_parser = role_or_none
    )]
    pub once: Vec<Option<Role>>,

    /// Hoeveel uur een token hoogstens geldt, vanaf de uitgifte; een dat langer geldt, wordt geweigerd
    #[arg(long = "token-uren", env = "MELDBOEK_TOKEN_UREN", default_value_t = 24)]
    pub longest_hours: u32,
}

impl Tokens {
    /// Who is recognised.
    pub fn recogniser(&self, demo: bool) -> Result<Recogniser, BadSettings> {
        let Some(place) = &self.jwks else {
            let demo = demo.then(|| Recogniser::demo(self.accepts()));
            return demo.ok_or(BadSettings::NoJwks);
        };
        let place = match place.as_str() {
            "ontdek" => Place::Discovery { issuer: self.issuer.clone() },
            address if address.contains("://") => Place::Jwks(address.to_owned()),
            file => return Ok(Recogniser::of_jwks(Path::new(file), self.accepts())?),
        };
        let (Place::Discovery { issuer: address } | Place::Jwks(address)) = &place;
        if !is_safe(address) {
            return Err(BadSettings::NotSafe(address.clone()));
        }
        let outside = Outside::new().map_err(BadSettings::NoCertificates)?;
        Ok(Recogniser::of_provider(outside, place, self.freshness(), self.accepts()))
    }

    fn accepts(&self) -> Accepts {
        Accepts {
            second_factor: SecondFactor { acr: self.acr.clone(), amr: self.amr.clone() },
            once: self.once.iter().copied().flatten().collect(),
            longest: Duration::hours(self.longest_hours.into()),
            ..Accepts::new(&self.issuer, &self.audience)
        }
    }

    fn freshness(&self) -> Freshness {
        let seconds = |it: u32| Duration::seconds(it.into());
        Freshness { keys: seconds(self.keys_seconds), pause: seconds(self.pause_seconds) }
    }
}

fn role_or_none(name: &str) -> Result<Option<Role>, NoRole> {
    if name == "geen" { Ok(None) } else { name.parse().map(Some) }
}
