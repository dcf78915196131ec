//! `sleutels`: for the administrator. Another key-encryption key while the server goes on, and a root key in a device.

use super::Trouble;
use super::log::progress;
use crate::config::{Device, Register};
use clap::{Args, Subcommand};
use store::RecordedBy;
use store::keystore::Turn;

#[derive(Debug, Args)]
pub(super) struct Keys {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Vervangt de sleutel waarmee de sleutels van personen zijn versleuteld, terwijl de server doorwerkt; afgebroken gaat het verder
    #[command(name = "roteren")]
    Rotate {
        #[command(flatten)]
        register: Box<Register>,
    },
    /// Maakt de hoofdsleutel in een beveiligingsmodule (PKCS#11), waar zij niet uit kan
    #[command(name = "hoofdsleutel")]
    RootKey {
        #[command(flatten)]
        device: Device,
    },
}

impl Keys {
    pub(super) async fn run(self) -> Result<(), Trouble> {
        match self.command {
            Command::Rotate { register } => rotate(&register).await,
            Command::RootKey { device } => {
                device.device().make_key().map_err(|why| Trouble::Plain(why.to_string()))?;
                println!("De hoofdsleutel is gemaakt.");
                Ok(())
            }
        }
    }
}

async fn rotate(register: &Register) -> Result<(), Trouble> {
    let store = register.open(RecordedBy::Database).await?;
    let bar = progress(None, "sleutels");
    let seen = |turn| {
        if let Turn::Wrapped(keys) = turn {
            bar.set_position(keys);
        }
        true
    };
    let rotated = store.rotate_keys(seen).await?;
    bar.finish_and_clear();
    if let Some(it) = rotated {
        let how = if it.resumed { "een eerdere vervanging is afgemaakt: " } else { "" };
        println!("{how}{} sleutels staan nu onder sleutel {}", it.keys, it.number);
    }
    Ok(())
}
