//! How looks are recorded: what is kept of where somebody asked, and what the processing is called in the register of processing.

use super::BadSettings;
use crate::looking::{Looking, Origin};
use clap::Args;
use domain::codes::{List, find};
use std::collections::BTreeMap;
use std::path::PathBuf;

#[derive(Clone, Debug, Args)]
pub struct Settings {
    /// Wat van de herkomst bij een raadpleging wordt bewaard: geen, adres, of kop:NAAM met de kop waarin een vertrouwde proxy de werkplek zet
    #[arg(id = "herkomst", long = "herkomst", env = "MELDBOEK_HERKOMST", default_value = "adres")]
    pub origin: Origin,

    /// Bestand (JSON) met per handeling uit codelists/handeling.json de URI van de verwerking in het register van verwerkingsactiviteiten
    #[arg(id = "verwerkingen", long = "verwerkingen", env = "MELDBOEK_VERWERKINGEN")]
    pub processing: Option<PathBuf>,
}

impl Settings {
    pub fn looking(&self) -> Result<Looking, BadSettings> {
        let mut processing = BTreeMap::new();
        if let Some(path) = &self.processing {
            let wrong = |why: String| BadSettings::Processing(path.clone(), why);
            let text = std::fs::read_to_string(path).map_err(|error| wrong(error.to_string()))?;
            processing = read(&text).map_err(wrong)?;
        }
        Ok(Looking { origin: self.origin.clone(), processing })
    }
}

fn read(text: &str) -> Result<BTreeMap<String, String>, String> {
    let told: BTreeMap<String, String> =
        serde_json::from_str(text).map_err(|error| error.to_string())?;
    let strange = told.keys().filter(|act| find(List::Act, act).is_none());
    let strange = strange.map(|act| format!("'{act}' staat niet in de codelijst handeling"));
    let empty = told.iter().filter(|(_, uri)| uri.is_empty() || uri.contains(char::is_whitespace));
    let empty = empty.map(|(act, uri)| format!("'{uri}' van '{act}' is geen URI"));
    let faults: Vec<String> = strange.chain(empty).collect();
    if faults.is_empty() { Ok(told) } else { Err(faults.join("; ")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_fault_in_the_file_of_processing_activities_is_named() {
        assert_eq!(read(r#"{"lezen": "https://avg.example/v/7"}"#).unwrap().len(), 1);
        let wrong = read(r#"{"lezen": "a b", "gluren": "x"}"#).unwrap_err();
        assert!(wrong.contains("'a b' van 'lezen'") && wrong.contains("'gluren'"), "{wrong}");
        assert!(read("[]").is_err());
    }
}
