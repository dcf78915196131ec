//! `ondertekensleutel`: makes the key that signs heads, and shows by which keys others verify them.

use super::Trouble;
use crate::config::{BadSettings, Heads};
use clap::Args;
use domain::id::{Log, Organisation};

#[derive(Debug, Args)]
pub(super) struct SigningKey {
    #[command(flatten)]
    heads: Heads,
    /// Maakt een nieuwe sleutel; nooit over een bestaande heen
    #[arg(long = "maken")]
    create: bool,
    /// Van welke organisaties de controlesleutels worden getoond
    #[arg(long = "organisatie", required = true, value_delimiter = ',')]
    organisations: Vec<Organisation>,
}

impl SigningKey {
    pub(super) fn run(self) -> Result<(), Trouble> {
        let no_file = || Trouble::Plain("zet MELDBOEK_ONDERTEKENSLEUTEL op het bestand".to_owned());
        let path = self.heads.signing_key.as_ref().ok_or_else(no_file)?;
        if self.create {
            store::proof::note::Signer::create(path).map_err(BadSettings::from)?;
        }
        let signer = self.heads.signer(false)?.ok_or_else(no_file)?;
        for log in self.organisations.into_iter().flat_map(Log::both) {
            println!("{}", signer.verifier(&format!("{}/{log}", self.heads.origin)));
        }
        Ok(())
    }
}
