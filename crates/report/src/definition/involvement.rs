//! Earlier involvement: was Veilig Thuis already concerned with the people of a melding, and how long ago? What is compared are human
//! beings: persons who were merged are one.

use super::category::{Category, Rank};
use super::dimension::{self, Dimension, INVOLVEMENT, involvement};
use super::melding::{MELDINGEN, published};
use super::{Cells, Chapter, Chart, Definition, Kind, TOTAL};
use crate::fact::Fact;

const WITHIN_A_YEAR: &str = "binnen-12-maanden";
/// Below how many whole months a melding falls in a class.
const SINCE: [(u8, &str, &str, Rank); 4] = [
    (3, "binnen-3-maanden", "Binnen 3 maanden", Rank::Member),
    (6, "3-tot-6-maanden", "3 tot 6 maanden", Rank::Member),
    (12, "6-tot-12-maanden", "6 tot 12 maanden", Rank::Member),
    (24, "12-tot-24-maanden", "12 tot 24 maanden", Rank::Value),
];
const LONGER: &str = "24-maanden-of-langer";

static TIME_SINCE: Dimension = Dimension {
    name: "tijd",
    heading: "Tijd sinds de vorige melding",
    categories: || {
        let mut all =
            vec![Category::total(), Category::of(Rank::Group, WITHIN_A_YEAR, "Binnen 12 maanden")];
        all.extend(SINCE.map(|(_, code, label, rank)| Category::of(rank, code, label)));
        all.push(Category::value(LONGER, "24 maanden of langer"));
        all
    },
    ..dimension::BASE
};

const INVOLVEMENTS: Definition = Definition { chapter: Chapter::Involvement, ..MELDINGEN };

pub(super) const TABLES: &[Definition] = &[
    Definition {
        id: "meldingen-naar-eerdere-betrokkenheid",
        title: "Meldingen naar eerdere betrokkenheid van Veilig Thuis",
        dimensions: &[&INVOLVEMENT],
        note: "Afgeleid uit eerdere meldingen over dezelfde personen. Hermelding: de eerdere betrokkenheid was geëindigd. \
               Vervolgmelding: de eerdere betrokkenheid liep nog.",
        kinds: &[Kind::Involvement],
        classify: by_involvement,
        published: Some(published("eerdere-betrokkenheid")),
        chart: Chart::Years(0),
        ..INVOLVEMENTS
    },
    Definition {
        id: "herhaling-naar-tijd",
        title: "Meldingen over wie al eerder gemeld was, naar tijd sinds de vorige melding",
        unit: "meldingen met een eerdere melding",
        dimensions: &[&TIME_SINCE],
        note: "Het totaal is het aantal meldingen met een eerdere melding over ten minste één van dezelfde mensen, ongeacht wat daarop \
               volgde. Gerekend is in hele maanden tussen de ontvangst van beide. Ingetrokken meldingen tellen niet mee als eerdere. \
               Wie onder meer registraties bekend is en samengevoegd, is één mens.",
        kinds: &[Kind::Repeat],
        classify: by_time_since,
        published: None,
        chart: Chart::Bars(0),
        ..INVOLVEMENTS
    },
];

fn by_involvement(fact: &Fact) -> Vec<Cells<'_>> {
    let Fact::Involvement { class, .. } = fact else { return vec![] };
    vec![vec![involvement(class)]]
}

fn by_time_since(fact: &Fact) -> Vec<Cells<'_>> {
    let Fact::Repeat { months, .. } = fact else { return vec![] };
    let class =
        SINCE.iter().find(|(below, ..)| months < below).map_or(LONGER, |(_, code, ..)| code);
    let mut codes = vec![TOTAL, class];
    if *months < 12 {
        codes.push(WITHIN_A_YEAR);
    }
    vec![vec![codes]]
}
