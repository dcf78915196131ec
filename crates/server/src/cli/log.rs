//! `migrate`, `rebuild`: for the administrator.

use super::Trouble;
use crate::config::Register;
use clap::Args;
use indicatif::{ProgressBar, ProgressStyle};
use store::RecordedBy;
use store::projections::Name;

pub(super) async fn migrate(database_url: &str, key_database: &str) -> Result<(), Trouble> {
    store::migrate(database_url, key_database).await?;
    println!("Het schema van de database en dat van de sleuteldatabase zijn op orde.");
    Ok(())
}

#[derive(Debug, Args)]
pub(super) struct Rebuild {
    #[command(flatten)]
    register: Register,
    /// Alleen dit leesmodel: worklist, facts of people
    #[arg(long = "projectie")]
    projection: Option<String>,
    /// Hoeveel gebeurtenissen per transactie
    #[arg(long = "partij", default_value_t = 5000, value_parser = clap::value_parser!(i64).range(1..=100_000))]
    batch: i64,
}

impl Rebuild {
    pub(super) async fn run(self) -> Result<(), Trouble> {
        let names = match &self.projection {
            None => Name::ALL.to_vec(),
            Some(name) => {
                let unknown = || {
                    let known = Name::ALL.map(Name::as_str).join(", ");
                    Trouble::Plain(format!("'{name}' is geen leesmodel; kies uit: {known}"))
                };
                vec![Name::of(name).ok_or_else(unknown)?]
            }
        };
        let store = self.register.open(RecordedBy::Database).await?;
        let mut different = Vec::new();
        let bar = progress(None, "gebeurtenissen");
        let all = store.rebuild(&names, self.batch, |told| bar.inc(told)).await?;
        bar.finish_and_clear();
        for rebuilt in all {
            let name = rebuilt.name.as_str();
            let verdict = if rebuilt.same() { "gelijk" } else { "VERSCHILT" };
            println!("{name}: {} gebeurtenissen opnieuw verteld; {verdict}", rebuilt.events);
            println!("  nieuw  {}\n  levend {}", rebuilt.content, rebuilt.live_content);
            if !rebuilt.same() {
                different.push(name);
            }
        }
        if different.is_empty() {
            return Ok(());
        }
        let names = different.join(", ");
        Err(Trouble::Plain(format!(
            "{names} was niet wat het logboek vertelt; de nieuwe telling geldt nu"
        )))
    }
}

/// A progress bar when a terminal looks on, silence otherwise.
pub(super) fn progress(length: Option<u64>, unit: &str) -> ProgressBar {
    let bar = length.map_or_else(ProgressBar::no_length, ProgressBar::new);
    let template = match length {
        Some(_) => {
            format!("{{elapsed}} [{{wide_bar}}] {{human_pos}}/{{human_len}} {unit} ({{eta}})")
        }
        None => format!("{{elapsed}} {{human_pos}} {unit} ({{per_sec}})"),
    };
    if let Ok(style) = ProgressStyle::with_template(&template) {
        bar.set_style(style);
    }
    bar
}
