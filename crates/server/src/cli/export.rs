//! `uitvoeren`: a log, or its heads, in a file for whoever wants to verify it himself.

use super::Trouble;
use crate::config::Register;
use clap::{Args, ValueEnum};
use domain::id::Log;
use std::fs::File;
use std::io::BufWriter;
use std::path::PathBuf;
use store::RecordedBy;

#[derive(Debug, Args)]
pub(super) struct Export {
    #[command(flatten)]
    register: Register,
    /// Wat er wordt uitgevoerd
    what: What,
    /// Welk logboek: VT02, of VT02/inzage
    #[arg(long = "logboek")]
    log: Log,
    /// Waarheen; een bestaand bestand wordt niet overschreven
    #[arg(long = "bestand")]
    file: PathBuf,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum What {
    /// De ondertekende standen, met de boom eronder
    Standen,
    /// De gebeurtenissen, met van elk gegeven alleen de hash
    Logboek,
}

impl Export {
    pub(super) async fn run(self) -> Result<(), Trouble> {
        let failed = |error| Trouble::File(self.file.display().to_string(), error);
        let store = self.register.open(RecordedBy::Database).await?;
        let mut to = BufWriter::new(File::create_new(&self.file).map_err(failed)?);
        let written = match self.what {
            What::Standen => store.export_heads(self.log, &mut to).await,
            What::Logboek => store.export_log(self.log, &mut to).await,
        };
        written.map_err(|error| Trouble::Plain(format!("de uitvoer is afgebroken: {error}")))?;
        let file = to.into_inner().map_err(|error| failed(error.into_error()))?;
        file.sync_all().map_err(failed)?;
        println!("{} staat in {}", self.log, self.file.display());
        Ok(())
    }
}
