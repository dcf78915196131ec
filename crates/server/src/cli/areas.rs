//! `meldboek gebieden`: whether the reference data of places hold together, what an organisation filled in, and what is still unknown.

use super::Trouble;
use crate::clock::{Clock, dutch_date};
use crate::config::areas;
use chrono::NaiveDate;
use clap::Args;
use domain::area::{self, Area, Areas, Centre, CentreOf, Municipality};
use std::path::PathBuf;

#[derive(Debug, Args)]
pub(super) struct Check {
    /// Bestand met aanvullingen op de centrumgebieden, zoals de server het leest
    #[arg(long = "controleer", env = "MELDBOEK_GEBIEDEN", value_name = "BESTAND")]
    additions: Option<PathBuf>,
}

impl Check {
    pub(super) fn run(&self) -> Result<(), Trouble> {
        let faults = area::faults();
        if !faults.is_empty() {
            let why = format!("de gebieden kloppen niet:\n{}", faults.join("\n"));
            return Err(Trouble::Plain(why));
        }
        let areas = areas(self.additions.as_deref())?;
        if let Some(path) = &self.additions {
            println!("{}: in orde", path.display());
        }
        print!("{}", summary(&areas, dutch_date(Clock::Running.now())));
        Ok(())
    }
}

/// How many places there are on a date, and of how many areas the municipalities are known.
fn summary(areas: &Areas, on: NaiveDate) -> String {
    let there: Vec<&Municipality> = area::municipalities().filter(|it| it.existed_on(on)).collect();
    let unknown = there.iter().filter(|it| areas.centre_of(&it.code, on) == CentreOf::Unknown);
    let (complete, others): (Vec<&Centre>, Vec<&Centre>) =
        area::centres().iter().partition(|it| areas.is_complete(&it.code, on));
    let lines = [
        format!("Gebieden op {on}"),
        format!("  regio's van Veilig Thuis: {}", area::regions_on(on).count()),
        format!(
            "  gemeenten: {}, waarvan {} zonder bekende centrumgemeente",
            there.len(),
            unknown.count()
        ),
        format!("  centrumgebieden: {} volledig, {} onvolledig", complete.len(), others.len()),
    ];
    let one = |it: &Centre, state| {
        let known = areas.municipalities_of(&Area::Centre(it.code.clone()), on).len();
        format!("    {} {}: {known} bekend, {state}", it.code, it.name)
    };
    let complete = complete.into_iter().map(|it| one(it, "volledig"));
    let others = others.into_iter().map(|it| one(it, "onvolledig"));
    lines.into_iter().chain(complete).chain(others).map(|line| line + "\n").collect()
}
