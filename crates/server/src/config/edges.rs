//! The settings of the edge: TLS, and how much and how slowly somebody may ask.

use super::BadSettings;
use crate::edge::{Bounds, Edge};
use crate::rates::{Rate, Rates};
use crate::tls::Tls;
use clap::Args;
use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;
use std::time::Duration;

/// How the register stands in the network.
#[derive(Clone, Debug, Args)]
pub struct Edges {
    /// Bestand met het certificaat (PEM, met de hele keten). SIGHUP leest het opnieuw, zonder dat verbindingen verbreken
    #[arg(long = "tls-certificaat", env = "MELDBOEK_TLS_CERTIFICAAT", requires = "tls_key")]
    pub tls_certificate: Option<PathBuf>,

    /// Bestand met de sleutel van dat certificaat (PEM)
    #[arg(long = "tls-sleutel", env = "MELDBOEK_TLS_SLEUTEL", requires = "tls_certificate")]
    pub tls_key: Option<PathBuf>,

    /// Luister zonder TLS, ook voor andere machines: een proxy ervoor doet TLS, en alleen die kan erbij
    #[arg(long = "zonder-tls", env = "MELDBOEK_ZONDER_TLS", conflicts_with = "tls_certificate")]
    pub without_tls: bool,

    /// Adressen van proxy's waarvan X-Forwarded-For wordt geloofd, met komma's ertussen
    #[arg(long = "vertrouwde-proxy", env = "MELDBOEK_VERTROUWDE_PROXY", value_delimiter = ',')]
    pub proxies: Vec<IpAddr>,

    /// Hoeveel verzoeken per seconde een adres mag doen; 0 is geen grens. Een hele telefooncentrale kan achter een adres zitten
    #[arg(long = "per-adres", env = "MELDBOEK_PER_ADRES", default_value_t = 200)]
    pub per_address: u32,

    /// Hoeveel verzoeken een adres in een keer mag doen
    #[arg(long = "per-adres-ineens", env = "MELDBOEK_PER_ADRES_INEENS", default_value_t = 1000)]
    pub per_address_at_once: u32,

    /// Hoeveel verzoeken per seconde een medewerker of machine mag doen; 0 is geen grens
    #[arg(long = "per-account", env = "MELDBOEK_PER_ACCOUNT", default_value_t = 50)]
    pub per_account: u32,

    /// Hoeveel verzoeken een medewerker of machine in een keer mag doen
    #[arg(long = "per-account-ineens", env = "MELDBOEK_PER_ACCOUNT_INEENS", default_value_t = 300)]
    pub per_account_at_once: u32,

    /// Hoeveel verbindingen hoogstens tegelijk
    #[arg(long = "verbindingen", env = "MELDBOEK_VERBINDINGEN", default_value_t = 2048)]
    pub connections: usize,

    /// Hoeveel verbindingen van een adres hoogstens tegelijk; 0 is geen grens, voor achter een proxy
    #[arg(
        long = "verbindingen-per-adres",
        env = "MELDBOEK_VERBINDINGEN_PER_ADRES",
        default_value_t = 256
    )]
    pub connections_per_address: usize,

    /// Hoeveel seconden een client heeft voor de kop van een verzoek; een verbinding die niets vraagt, sluit na even lang
    #[arg(long = "kop-seconden", env = "MELDBOEK_KOP_SECONDEN", default_value_t = 20)]
    pub head_seconds: u64,

    /// Hoeveel seconden een client niets van een antwoord mag afnemen
    #[arg(long = "antwoord-seconden", env = "MELDBOEK_ANTWOORD_SECONDEN", default_value_t = 20)]
    pub answer_seconds: u64,
}

impl Edges {
    /// TLS, if it is not left to somebody else: which must be said, unless nobody but this machine can listen.
    fn tls(&self, address: SocketAddr) -> Result<Option<Tls>, BadSettings> {
        match (&self.tls_certificate, &self.tls_key) {
            (Some(certificate), Some(key)) => Ok(Some(Tls::read(certificate, key)?)),
            _ if self.without_tls || address.ip().is_loopback() => Ok(None),
            _ => Err(BadSettings::NoTls),
        }
    }

    pub fn edge(&self, address: SocketAddr) -> Result<Edge, BadSettings> {
        let bounds = self.bounds();
        Ok(Edge { bounds, tls: self.tls(address)?, proxies: self.proxies.clone().into() })
    }

    fn bounds(&self) -> Bounds {
        Bounds {
            connections: self.connections,
            per_address: self.connections_per_address,
            head: Duration::from_secs(self.head_seconds),
            answer: Duration::from_secs(self.answer_seconds),
        }
    }

    pub fn rates(&self) -> Rates {
        let rate = |per_second, at_once| Rate { per_second, at_once };
        Rates::new(
            rate(self.per_address, self.per_address_at_once),
            rate(self.per_account, self.per_account_at_once),
        )
    }
}
