//! `verify`: is the log what it was? Of a register, or of what was exported of one, against all that others kept of it.

use super::Trouble;
use super::log::progress;
use crate::config::Register;
use clap::Args;
use domain::id::{Log, Organisation};
use serde_json::json;
use std::fs;
use std::path::{Path, PathBuf};
use store::proof::note::{Note, Signer, Trust, VerifierKey};
use store::verify::export::Export;
use store::verify::{Evidence, Head, Verdict};
use store::{RecordedBy, Store, chain};

#[derive(Debug, Args)]
pub(super) struct Verify {
    #[command(flatten)]
    register: Register,
    #[arg(long = "organisatie")]
    organisation: Option<Organisation>,
    /// Een bewaarde stand om tegen te controleren, zoals een bewijs of rapport die noemt: VT02:48123:keten
    #[arg(long = "stand", value_parser = head)]
    heads: Vec<Head>,
    /// Bestand of map met ondertekende standen die buiten de database bewaard zijn
    #[arg(long = "standen", env = "MELDBOEK_STANDEN")]
    published: Vec<PathBuf>,
    /// Bestand met de controlesleutels van wie standen mag ondertekenen, een per regel
    #[arg(long = "controlesleutels", env = "MELDBOEK_CONTROLESLEUTELS")]
    keys: Option<PathBuf>,
    /// In plaats daarvan: het bestand van de eigen ondertekensleutel
    #[arg(long = "ondertekensleutel", env = "MELDBOEK_ONDERTEKENSLEUTEL")]
    signing_key: Option<PathBuf>,
    /// Controleert een uitgevoerd logboek in plaats van de database; geef ook de uitgevoerde standen
    #[arg(long = "uitvoer")]
    exported: Vec<PathBuf>,
    /// Laat ook zien dat de gebeurtenis op deze positie in het logboek staat: LOGBOEK:POSITIE, zoals VT02:48123
    #[arg(long = "gebeurtenis", value_parser = place)]
    event: Option<(Log, i64)>,
    /// Het oordeel als JSON
    #[arg(long = "json")]
    json: bool,
}

impl Verify {
    pub(super) async fn run(self) -> Result<(), Trouble> {
        let evidence = self.evidence()?;
        let verdicts = if self.exported.is_empty() {
            let store = self.register.open(RecordedBy::Database).await?;
            let bar = progress(None, "gebeurtenissen");
            let told = |read| bar.inc(read);
            let verdicts = store.verify_against(self.organisation, &evidence, told).await?;
            bar.finish_and_clear();
            if let Some((log, position)) = self.event {
                include(&store, log, position, &evidence.trust).await?;
            }
            verdicts
        } else {
            vec![self.export()?.verify(&evidence).await]
        };
        self.tell(&verdicts, &evidence)
    }

    fn export(&self) -> Result<Export, Trouble> {
        let mut text = String::new();
        for path in &self.exported {
            text.push_str(&read(path)?);
        }
        Export::read(text.lines()).map_err(|error| Trouble::Plain(error.to_string()))
    }

    fn evidence(&self) -> Result<Evidence, Trouble> {
        let mut published = Vec::new();
        for path in &self.published {
            for file in files(path)? {
                for note in Note::read_all(&read(&file)?) {
                    let wrong = |text: String| {
                        let first = text.lines().take(2).collect::<Vec<_>>().join(" ");
                        Trouble::Plain(format!("{}: geen stand: '{first}'", file.display()))
                    };
                    published.push(note.map_err(wrong)?);
                }
            }
        }
        Ok(Evidence { kept: self.heads.clone(), published, trust: self.trust()? })
    }

    fn trust(&self) -> Result<Trust, Trouble> {
        if let Some(path) = &self.keys {
            let keys = read(path)?;
            let keys = keys.lines().filter(|it| !it.trim().is_empty());
            let keys: Result<Vec<VerifierKey>, _> = keys.map(str::parse).collect();
            return keys.map(Trust::Keys).map_err(|error| Trouble::Plain(error.to_string()));
        }
        let Some(path) = &self.signing_key else { return Ok(Trust::Unknown) };
        let signer = Signer::read(path).map_err(crate::config::BadSettings::from)?;
        Ok(Trust::Own(signer.verifier("eigen")))
    }

    fn tell(&self, verdicts: &[Verdict], evidence: &Evidence) -> Result<(), Trouble> {
        let breaks: usize = verdicts.iter().map(|it| it.breaks.len()).sum();
        if self.json {
            let all: Vec<_> = verdicts.iter().map(as_json).collect();
            println!("{}", json!(all));
        } else {
            verdicts.iter().for_each(tell);
            if verdicts.is_empty() {
                println!("Er is nog niets vastgelegd.");
            }
            if matches!(evidence.trust, Trust::Unknown) {
                println!("Handtekeningen zijn niet gecontroleerd: geef --controlesleutels.");
            }
        }
        if breaks == 0 {
            return Ok(());
        }
        Err(Trouble::Plain(format!("het logboek is op {breaks} plaatsen niet wat het was")))
    }
}

fn tell(verdict: &Verdict) {
    let head = verdict.head;
    let right = if verdict.breaks.is_empty() { "in orde" } else { "NIET in orde" };
    println!("{}: {} gebeurtenissen, {right}", verdict.log, verdict.events);
    println!("  stand {}:{}:{}", head.log, head.position, chain::hex(&head.chain));
    println!("  wortel {} over {}", chain::hex(&verdict.root), verdict.size);
    for it in &verdict.breaks {
        println!("  {it}");
    }
}

fn as_json(verdict: &Verdict) -> serde_json::Value {
    let breaks = verdict.breaks.iter().map(|it| json!([it.place(), it.what.word()]));
    json!({
        "log": verdict.log.to_string(),
        "gebeurtenissen": verdict.events,
        "grootte": verdict.size,
        "wortel": chain::hex(&verdict.root),
        "breuken": breaks.collect::<Vec<_>>(),
    })
}

/// Shows that one event is in the log, under a head that is signed by whom is trusted.
async fn include(store: &Store, log: Log, position: i64, trust: &Trust) -> Result<(), Trouble> {
    let nothing =
        || Trouble::Plain(format!("{log}:{position}: hierover is geen stand ondertekend"));
    let found = store.inclusion(log, position).await?.ok_or_else(nothing)?;
    let head = &found.note.head;
    let nth = position as u64 - 1;
    let proven =
        store::proof::tree::is_included(&found.chain, nth, head.size, &found.path, &head.root);
    if !proven || !trust.holds(&found.note) {
        return Err(Trouble::Plain(format!(
            "{log}:{position}: staat niet onder de ondertekende stand"
        )));
    }
    println!("{log}:{position}: staat in het logboek, onder de stand van {}", head.size);
    println!("  keten {}", chain::hex(&found.chain));
    found.path.iter().for_each(|it| println!("  pad   {}", chain::hex(it)));
    print!("{}", found.note);
    Ok(())
}

fn read(path: &Path) -> Result<String, Trouble> {
    fs::read_to_string(path).map_err(|error| Trouble::File(path.display().to_string(), error))
}

/// A file, or those of heads in a folder.
fn files(path: &Path) -> Result<Vec<PathBuf>, Trouble> {
    if !path.is_dir() {
        return Ok(vec![path.to_owned()]);
    }
    let wrong = |error| Trouble::File(path.display().to_string(), error);
    let mut files = Vec::new();
    for entry in fs::read_dir(path).map_err(wrong)? {
        files.push(entry.map_err(wrong)?.path());
    }
    files.retain(|it| it.extension().is_some_and(|it| it == "standen"));
    files.sort();
    Ok(files)
}

fn place(text: &str) -> Result<(Log, i64), String> {
    let read = || {
        let (log, position) = text.rsplit_once(':')?;
        Some((log.parse().ok()?, position.parse().ok()?))
    };
    read().ok_or_else(|| "verwacht LOGBOEK:POSITIE, zoals VT02:48123".to_owned())
}

fn head(text: &str) -> Result<Head, String> {
    let mut parts = text.split(':');
    let mut read = || {
        let log = parts.next()?.parse().ok()?;
        let position = parts.next()?.parse().ok()?;
        Some(Head { log, position, chain: chain::unhex(parts.next()?)? })
    };
    read().ok_or_else(|| "verwacht LOGBOEK:POSITIE:KETEN, zoals VT02:48123:9f86d0…".to_owned())
}
