//! `inzagen exporteren`: looks, for a collector of Logboek Dataverwerkingen or for whoever audits by NEN 7513.

use super::Trouble;
use crate::clock::start_of;
use crate::config::Register;
use crate::export::{Source, ldv, nen7513};
use crate::outside::Outside;
use chrono::NaiveDate;
use clap::{Args, Subcommand, ValueEnum};
use domain::id::{Log, Organisation};
use std::collections::BTreeMap;
use std::fs;
use std::io::Write;
use std::path::PathBuf;
use store::projections::looks::{Filter, Recalled};
use store::{RecordedBy, Store};

#[derive(Debug, Subcommand)]
pub(super) enum Looks {
    /// Geeft raadplegingen in de vorm van Logboek Dataverwerkingen of NEN 7513
    Exporteren(Export),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Form {
    /// Logboek Dataverwerkingen als OTLP (JSON), zonder medewerkers en met pseudoniemen
    Ldv,
    /// NEN 7513 (concept), een JSON-regel per raadpleging
    Nen7513,
}

#[derive(Debug, Args)]
pub(super) struct Export {
    #[command(flatten)]
    register: Register,
    #[arg(long = "organisatie")]
    organisation: Organisation,
    #[arg(long = "vorm")]
    form: Form,
    /// Vanaf het begin van deze dag
    #[arg(long = "van", value_parser = super::day)]
    from: Option<NaiveDate>,
    /// Tot en met het eind van deze dag
    #[arg(long = "tot", value_parser = super::day)]
    until: Option<NaiveDate>,
    /// Stuurt naar een verzamelpunt (OTLP/HTTP, meestal eindigend op /v1/traces) in plaats van naar de uitvoer; alleen bij ldv
    #[arg(long = "naar", requires = "stand")]
    to: Option<String>,
    /// Bestand dat onthoudt tot waar het verzamelpunt alles heeft bevestigd; een volgende keer gaat het daar verder
    #[arg(id = "stand", long = "stand")]
    mark: Option<PathBuf>,
    /// Hoeveel raadplegingen in een bericht
    #[arg(long = "partij", default_value_t = 500, value_parser = clap::value_parser!(i64).range(1..=5000))]
    batch: i64,
}

impl Looks {
    pub(super) async fn run(self) -> Result<(), Trouble> {
        let Self::Exporteren(export) = self;
        if export.to.is_some() && export.form != Form::Ldv {
            let why = "--naar kan alleen bij --vorm ldv; zonder --naar staat alles op de uitvoer";
            return Err(Trouble::Plain(why.to_owned()));
        }
        let store = export.register.open(RecordedBy::Database).await?;
        store.catch_up(Log::looks(export.organisation)).await?;
        let done = export.all(&store).await;
        store.stop();
        done
    }
}

impl Export {
    async fn all(&self, store: &Store) -> Result<(), Trouble> {
        let mut marks = self.marks()?;
        let name = self.organisation.to_string();
        let from = self.from.map(start_of);
        let until = self.until.and_then(|it| it.succ_opt()).map(start_of);
        let after = marks.get(&name).copied().unwrap_or_default();
        let mut filter = Filter { from, until, after, limit: self.batch, ..Filter::default() };
        let outside = Outside::new().map_err(|error| Trouble::File("TLS".to_owned(), error))?;
        loop {
            let looks = store.looks(self.organisation, &filter).await?;
            let Some(last) = looks.last() else { return Ok(()) };
            filter.after = last.position;
            self.give(store, &outside, &looks).await?;
            // Only what was confirmed is not sent again.
            marks.insert(name.clone(), filter.after);
            self.keep(&marks)?;
        }
    }

    async fn give(
        &self,
        store: &Store,
        outside: &Outside,
        looks: &[Recalled],
    ) -> Result<(), Trouble> {
        let organisation = self.organisation;
        let pseudonym = |person| store.pseudonym(organisation, person);
        let source = Source { organisation, pseudonym: &pseudonym };
        let Some(to) = &self.to else {
            let lines: Vec<String> = match self.form {
                Form::Ldv => vec![ldv::request(&source, looks).to_string()],
                Form::Nen7513 => {
                    looks.iter().map(|it| nen7513::record(&source, it).to_string()).collect()
                }
            };
            let out = |error| Trouble::File("uitvoer".to_owned(), error);
            return writeln!(std::io::stdout(), "{}", lines.join("\n")).map_err(out);
        };
        let refused =
            |why: String| Trouble::Plain(format!("het verzamelpunt bevestigt niet: {why}"));
        let request = ldv::request(&source, looks).to_string();
        let (status, body) =
            outside.post_json(to, request).await.map_err(|error| refused(error.to_string()))?;
        let answer: serde_json::Value = serde_json::from_slice(&body).unwrap_or_default();
        let rejected = &answer["partialSuccess"]["rejectedSpans"];
        let all = rejected.is_null() || *rejected == 0 || *rejected == "0";
        if status == 200 && all { Ok(()) } else { Err(refused(format!("{status} {answer}"))) }
    }

    fn marks(&self) -> Result<BTreeMap<String, i64>, Trouble> {
        let Some(path) = self.mark.as_ref().filter(|it| it.exists()) else {
            return Ok(BTreeMap::new());
        };
        let file = |error| Trouble::File(path.display().to_string(), error);
        let text = fs::read_to_string(path).map_err(file)?;
        serde_json::from_str(&text)
            .map_err(|error| Trouble::Plain(format!("{}: {error}", path.display())))
    }

    /// Beside it first, so that there is always a whole one.
    fn keep(&self, marks: &BTreeMap<String, i64>) -> Result<(), Trouble> {
        let Some(path) = &self.mark else { return Ok(()) };
        let file = |error| Trouble::File(path.display().to_string(), error);
        let beside = path.with_extension("nieuw");
        let written = fs::File::create(&beside).and_then(|mut it| {
            it.write_all(serde_json::json!(marks).to_string().as_bytes())?;
            it.sync_all()
        });
        written.and_then(|()| fs::rename(&beside, path)).map_err(file)
    }
}
