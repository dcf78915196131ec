//! Particulars of people who do not exist: names that say so, numbers from the test range, streets that are nowhere.

use super::chance::Chance;
use super::household::Member;
use domain::particulars::{Bsn, Particular, melder_subject};
use serde_json::json;
use uuid::Uuid;

const NAMES: [&str; 16] = [
    "Appel",
    "Peer",
    "Kers",
    "Pruim",
    "Braam",
    "Framboos",
    "Druif",
    "Vijg",
    "Mispel",
    "Kwee",
    "Abrikoos",
    "Perzik",
    "Bosbes",
    "Aalbes",
    "Hazelnoot",
    "Walnoot",
];
const MELDERS: [&str; 6] = ["Linde", "Eik", "Beuk", "Berk", "Wilg", "Es"];
const STREETS: [&str; 6] =
    ["Verzonnenstraat", "Proeflaan", "Voorbeeldweg", "Testplein", "Nergensdijk", "Fictiepad"];
/// How many had a number found; of others it stays unknown.
const WITH_BSN: f64 = 0.7;

/// The test numbers of an organisation: `9999` and five digits, those that pass the check of eleven, each given out once.
#[derive(Debug, Default)]
pub(super) struct Numbers {
    next: u32,
}

impl Numbers {
    /// The next number; none when the range is used up.
    fn draw(&mut self) -> Option<String> {
        while self.next < 99_999 {
            let text = format!("9999{:05}", self.next);
            self.next += 1;
            if let Ok(Bsn::Number(number)) = text.parse() {
                return Some(number);
            }
        }
        None
    }
}

/// Who someone is, as JSON to be sealed, and whether a number was found.
pub(super) fn person(
    it: &Member,
    household: u64,
    town: &str,
    numbers: &mut Numbers,
    chance: &mut Chance,
) -> (Particular, bool) {
    let mut about = json!({
        "naam": format!("Testpersoon {} {:04}", chance.pick(&NAMES), chance.below(10_000)),
        "adres": address(household, town),
        "telefoon": format!("06000{:05}", chance.below(100_000)),
    });
    if it.age_known {
        about["geboortedatum"] = json!(it.born.to_string());
    }
    let bsn = if chance.happens(WITH_BSN) { numbers.draw() } else { None };
    let found = bsn.is_some();
    about["bsn"] = json!(bsn.unwrap_or_else(|| String::from(Bsn::Unknown)));
    (Particular { subject: it.id, part: "person", content: about.to_string() }, found)
}

/// All of a household live at one address; a household that somebody begins anew has another.
fn address(household: u64, town: &str) -> serde_json::Value {
    let mut chance = Chance::of_number(household);
    json!({
        "postcode": format!("0000 {}{}", letter(&mut chance), letter(&mut chance)),
        "huisnummer": chance.between(1, 250).to_string(),
        "straat": chance.pick(&STREETS),
        "woonplaats": town,
    })
}

fn letter(chance: &mut Chance) -> char {
    char::from(b'A' + chance.below(26) as u8)
}

/// Who told it: known to Veilig Thuis, apart from the family.
pub(super) fn melder(melding: Uuid, chance: &mut Chance) -> Particular {
    let about = json!({
        "naam": format!("Testmelder {} {:04}", chance.pick(&MELDERS), chance.below(10_000)),
        "telefoon": format!("08000{:05}", chance.below(100_000)),
    });
    Particular { subject: melder_subject(melding), part: "melder", content: about.to_string() }
}

/// What was told in words.
pub(super) fn text(melding: Uuid, chance: &mut Chance) -> Particular {
    let seen = chance.pick(&[
        "De melder hoort al langer ruzie.",
        "De melder maakt zich zorgen om de kinderen.",
        "De politie was ter plaatse en sprak met allen apart.",
        "Er is eerder hulp geweest, die is gestopt.",
        "De betrokkenen willen zelf hulp.",
    ]);
    let next = chance.pick(&["Gaarne terugbellen.", "Er volgt nog een verslag.", "Geen haast."]);
    let content = json!({ "toelichting": format!("Verzonnen tekst. {seen} {next}") }).to_string();
    Particular { subject: melding, part: "text", content }
}

/// What happened in a casus, in words.
pub(super) fn happened(case: Uuid, chance: &mut Chance) -> Particular {
    let what = chance.pick(&[
        "Met allen gesproken, ieder apart.",
        "De school en de huisarts zijn gehoord.",
        "Er is afgesproken wie wanneer opvangt als het spannend wordt.",
        "Het wijkteam kent het gezin en gaat verder.",
        "Er is nog geen vertrouwen; volgende week opnieuw.",
    ]);
    let content = json!(format!("Verzonnen tekst. {what}")).to_string();
    Particular { subject: case, part: "text", content }
}

/// To which organisation a casus is handed over, and whom to call there.
pub(super) fn receiver(case: Uuid, chance: &mut Chance) -> Particular {
    let content = json!({
        "organisatie": format!("Testorganisatie {}", chance.pick(&STREETS)),
        "contactpersoon": format!("Testmelder {}", chance.pick(&MELDERS)),
        "telefoon": format!("08000{:05}", chance.below(100_000)),
    });
    Particular { subject: case, part: "receiver", content: content.to_string() }
}

#[cfg(test)]
mod tests {
    use super::super::household::Slot;
    use super::*;

    #[test]
    fn numbers_come_from_the_test_range_pass_the_check_and_are_given_out_once() {
        let mut numbers = Numbers::default();
        let mut all = vec![];
        while let Some(number) = numbers.draw() {
            assert!(number.starts_with("9999"));
            assert_eq!(number.parse::<Bsn>().map(String::from), Ok(number.clone()));
            all.push(number);
        }
        assert_eq!(all.len(), 9_091);
        all.dedup();
        assert_eq!(all.len(), 9_091);
    }

    #[test]
    fn a_person_is_plainly_fictional() {
        let mut chance = Chance::of_number(31);
        let mut numbers = Numbers::default();
        let born = "2014-03-02".parse().unwrap();
        let member = Member {
            id: Uuid::nil(),
            slot: Slot::Child,
            sex: "man",
            born,
            age_known: true,
            known: false,
        };
        let text = person(&member, 7, "Assen", &mut numbers, &mut chance).0.content;
        assert!(
            text.contains("Testpersoon") && text.contains("\"0000 ") && text.contains("2014-03-02")
        );
    }
}
