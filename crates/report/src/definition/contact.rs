//! Contacts: how often somebody reaches Veilig Thuis, through what, and what came of it.

use super::dimension::{CHANNEL, CONCLUDED, CONCLUSION, MONTH, NOT_CONCLUDED, plain};
use super::{Cells, Chapter, Chart, Definition, Kind, Remainder, TOTAL};
use crate::fact::Fact;

const CONTACTS: Definition =
    Definition { chapter: Chapter::Contacts, unit: "contacten", ..Definition::BASE };

pub(super) const TABLES: &[Definition] = &[
    Definition {
        id: "contacten-naar-kanaal-maand",
        title: "Contacten naar kanaal en maand van binnenkomst",
        dimensions: &[&CHANNEL, &MONTH],
        note: "Elk contact telt één keer, ook als er geen gesprek tot stand kwam.",
        kinds: &[Kind::Contact],
        classify: by_channel,
        chart: Chart::Months(1),
        ..CONTACTS
    },
    Definition {
        id: "contacten-naar-afronding",
        title: "Contacten naar afronding",
        dimensions: &[&CONCLUSION],
        note: "Nog niet afgerond is het totaal min de afgeronde contacten.",
        kinds: &[Kind::Contact, Kind::Conclusion],
        classify: by_conclusion,
        remainder: Some(Remainder { code: NOT_CONCLUDED, part: CONCLUDED }),
        chart: Chart::Bars(0),
        ..CONTACTS
    },
];

fn by_channel(fact: &Fact) -> Vec<Cells<'_>> {
    let Fact::Contact { channel } = fact else { return vec![] };
    vec![vec![plain(channel)]]
}

fn by_conclusion(fact: &Fact) -> Vec<Cells<'_>> {
    match fact {
        Fact::Contact { .. } => vec![vec![vec![TOTAL]]],
        Fact::Conclusion { outcome, .. } => vec![vec![vec![outcome.as_str(), CONCLUDED]]],
        _ => vec![],
    }
}
