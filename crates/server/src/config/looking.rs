//! How looks are recorded: what is kept of where somebody asked, and what the processing is called in the register of processing.

use super::BadSettings;
use crate::looking::{LONGEST_EMERGENCY, Looking, Origin};
use crate::worker::known_as;
use chrono::NaiveTime;
use clap::Args;
use domain::access::Role;
use domain::codes::{List, find};
use domain::look::patterns::Bounds;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::num::NonZeroU8;
use std::path::PathBuf;
use uuid::Uuid;

#[derive(Clone, Debug, Args)]
pub struct Settings {
    /// Wat van de herkomst bij een raadpleging wordt bewaard: geen, adres, of kop:NAAM met de kop waarin een vertrouwde proxy de werkplek zet
    #[arg(id = "herkomst", long = "herkomst", env = "MELDBOEK_HERKOMST", default_value = "adres")]
    pub origin: Origin,

    /// Bestand (JSON) met per handeling uit codelists/handeling.json de URI van de verwerking in het register van verwerkingsactiviteiten
    #[arg(id = "verwerkingen", long = "verwerkingen", env = "MELDBOEK_VERWERKINGEN")]
    pub processing: Option<PathBuf>,

    /// Bestand (JSON) met wat opvalt aan raadplegingen: grenzen, werktijden per rol, en welke personen een medewerker zelf is
    #[arg(id = "opvallend", long = "opvallend", env = "MELDBOEK_OPVALLEND")]
    pub unusual: Option<PathBuf>,

    /// Hoeveel minuten een dossier in nood hoogstens open blijft, 1 tot 255
    #[arg(id = "noodtoegang-minuten", long = "noodtoegang-minuten", env = "MELDBOEK_NOODTOEGANG_MINUTEN", default_value_t = LONGEST_EMERGENCY)]
    pub longest_emergency: NonZeroU8,
}

/// What an organisation finds unusual. Whatever is not named keeps the default.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Unusual {
    #[serde(rename = "personenPerDag")]
    persons_a_day: Option<usize>,
    #[serde(rename = "maalGewoonlijk")]
    times_usual: Option<usize>,
    #[serde(rename = "dossiersZonderVervolg")]
    idle_files_a_day: Option<usize>,
    /// By role: from when until when.
    #[serde(rename = "werktijden")]
    hours: BTreeMap<String, (NaiveTime, NaiveTime)>,
    /// By worker (`sub` of the token): persons of the register.
    #[serde(rename = "medewerkers")]
    own: BTreeMap<String, Vec<Uuid>>,
}

impl Unusual {
    fn read(text: &str) -> Result<Self, String> {
        let told: Self = serde_json::from_str(text).map_err(|error| error.to_string())?;
        let strange = told.hours.keys().filter(|role| role.parse::<Role>().is_err());
        let faults: Vec<String> = strange.map(|role| format!("'{role}' is geen rol")).collect();
        if faults.is_empty() { Ok(told) } else { Err(faults.join("; ")) }
    }

    fn bounds(&self) -> Bounds {
        let usual = Bounds::default();
        Bounds {
            persons_a_day: self.persons_a_day.unwrap_or(usual.persons_a_day),
            times_usual: self.times_usual.unwrap_or(usual.times_usual),
            idle_files_a_day: self.idle_files_a_day.unwrap_or(usual.idle_files_a_day),
            hours: self.hours.clone(),
        }
    }
}

impl Settings {
    pub fn looking(&self) -> Result<Looking, BadSettings> {
        let mut processing = BTreeMap::new();
        if let Some(path) = &self.processing {
            let wrong = |why: String| BadSettings::Processing(path.clone(), why);
            let text = std::fs::read_to_string(path).map_err(|error| wrong(error.to_string()))?;
            processing = read(&text).map_err(wrong)?;
        }
        let mut unusual = Unusual::default();
        if let Some(path) = &self.unusual {
            let wrong = |why: String| BadSettings::Processing(path.clone(), why);
            let text = std::fs::read_to_string(path).map_err(|error| wrong(error.to_string()))?;
            unusual = Unusual::read(&text).map_err(wrong)?;
        }
        let bounds = unusual.bounds();
        let own = unusual.own.into_iter().map(|(sub, it)| (known_as(&sub), it)).collect();
        let (origin, longest_emergency) = (self.origin.clone(), self.longest_emergency);
        Ok(Looking { origin, processing, bounds, own, longest_emergency })
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

    #[test]
    fn what_is_unusual_is_for_the_organisation_to_say_and_a_wrong_word_is_named() {
        let told = Unusual::read(
            r#"{"personenPerDag": 9, "werktijden": {"manager": ["08:00:00", "18:00:00"]}}"#,
        );
        let bounds = told.unwrap().bounds();
        assert_eq!((bounds.persons_a_day, bounds.times_usual), (9, 3));
        assert!(Unusual::read(r#"{"werktijden": {"baas": ["08:00:00", "18:00:00"]}}"#).is_err());
        assert!(Unusual::read(r#"{"personen": 9}"#).is_err());
    }
}
