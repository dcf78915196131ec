//! `/.well-known/security.txt` (RFC 9116): where somebody who found a weakness can tell of it. Who reads an old one writes to nobody, so it
//! ends by itself: half a year after the server was started, or on a day that the organisation says. From then on there is none.

use crate::clock::start_of;
use chrono::{DateTime, Duration, NaiveDate, SecondsFormat, Utc};
use clap::Args;
use thiserror::Error;

/// A server that was not started anew for so long was not repaired for so long either. RFC 9116 advises less than a year.
const HALF_A_YEAR: Duration = Duration::days(180);
const A_YEAR: Duration = Duration::days(366);
const POLICY: &str = "https://github.com/meldboek/meldboek/blob/main/SECURITY.md";
const SCHEMES: [&str; 3] = ["mailto:", "https://", "tel:"];

/// Where weaknesses are reported.
#[derive(Clone, Debug, Args)]
pub struct Reporting {
    /// Waar iemand een zwakke plek meldt (security.txt): mailto:, https:// of tel:, meer met komma's ertussen, de beste eerst
    #[arg(
        long = "meldpunt",
        env = "MELDBOEK_MELDPUNT",
        value_delimiter = ',',
        default_value = "mailto:security@meldboek.example"
    )]
    pub contacts: Vec<String>,

    /// Tot welke dag dat meldpunt klopt (JJJJ-MM-DD); anders een half jaar na de start van de server
    #[arg(long = "meldpunt-tot", env = "MELDBOEK_MELDPUNT_TOT")]
    pub until: Option<NaiveDate>,

    /// Het openbare adres van dit bestand, zoals `https://meldboek.example/.well-known/security.txt`
    #[arg(long = "meldpunt-adres", env = "MELDBOEK_MELDPUNT_ADRES")]
    pub canonical: Option<String>,
}

/// A place to report that nobody could use.
#[derive(Debug, PartialEq, Error)]
pub enum NoReporting {
    #[error("MELDBOEK_MELDPUNT: '{0}' begint niet met mailto:, https:// of tel:")]
    Contact(String),
    #[error("MELDBOEK_MELDPUNT_TOT: {0} is voorbij, dus niemand zou het meldpunt nog geloven")]
    Over(NaiveDate),
    #[error("MELDBOEK_MELDPUNT_TOT: {0} is meer dan een jaar van nu; RFC 9116 raadt dat af")]
    TooLong(NaiveDate),
    #[error("MELDBOEK_MELDPUNT_ADRES: '{0}' is geen adres dat met https:// begint")]
    Canonical(String),
}

/// The text, and until when it may be shown.
#[derive(Clone, Debug)]
pub struct SecurityTxt {
    text: String,
    expires: DateTime<Utc>,
}

impl Reporting {
    /// The text of a server that starts at a moment.
    pub fn text(&self, started: DateTime<Utc>) -> Result<SecurityTxt, NoReporting> {
        for contact in &self.contacts {
            if !SCHEMES.iter().any(|it| is_address(contact, it)) {
                return Err(NoReporting::Contact(contact.clone()));
            }
        }
        if let Some(canonical) = self.canonical.as_ref().filter(|it| !is_address(it, "https://")) {
            return Err(NoReporting::Canonical(canonical.clone()));
        }
        match self.until {
            Some(until) if start_of(until) <= started => Err(NoReporting::Over(until)),
            Some(until) if start_of(until) > started + A_YEAR => Err(NoReporting::TooLong(until)),
            _ => Ok(self.written(started)),
        }
    }

    pub(crate) fn written(&self, started: DateTime<Utc>) -> SecurityTxt {
        let expires = self.until.map_or(started + HALF_A_YEAR, start_of);
        let mut lines: Vec<String> =
            self.contacts.iter().map(|it| format!("Contact: {it}")).collect();
        let moment = expires.to_rfc3339_opts(SecondsFormat::Secs, true);
        lines.push(format!("Expires: {moment}"));
        lines.push("Preferred-Languages: nl, en".to_owned());
        lines.extend(self.canonical.iter().map(|it| format!("Canonical: {it}")));
        lines.push(format!("Policy: {POLICY}"));
        SecurityTxt { text: lines.join("\n") + "\n", expires }
    }
}

/// Begins as it should, goes on, and stays on its line.
fn is_address(text: &str, scheme: &str) -> bool {
    let visible = text.bytes().all(|it| it.is_ascii_graphic());
    visible && text.strip_prefix(scheme).is_some_and(|rest| !rest.is_empty())
}

impl SecurityTxt {
    /// The text, as long as it is true.
    pub fn at(&self, now: DateTime<Utc>) -> Option<&str> {
        (now < self.expires).then_some(self.text.as_str())
    }
}

impl Default for Reporting {
    /// To the makers, as `SECURITY.md` says.
    fn default() -> Self {
        let contacts = vec!["mailto:security@meldboek.example".to_owned()];
        Self { contacts, until: None, canonical: None }
    }
}
