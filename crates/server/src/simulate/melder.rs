//! Who tells it or asks for it: the kind of organisation by the published split (84849NED), with a fitting hoedanigheid, and the
//! channel. The police and justice tell most, and more of partner violence than of child abuse.

use super::arrivals::Hours;
use super::chance::Chance;
use super::figures::{MELDINGEN, Table};
use super::form::{Form, Forms};
use domain::codes::Code;
use domain::melding::Melder;

/// A kind of organisation, with the hoedanigheden that come from it.
pub(super) struct Kind {
    pub(super) organisation: &'static str,
    hoedanigheden: &'static [(&'static str, f64)],
    pub(super) hours: Hours,
}

const fn kind(
    organisation: &'static str,
    hours: Hours,
    hoedanigheden: &'static [(&'static str, f64)],
) -> Kind {
    Kind { organisation, hoedanigheden, hours }
}

/// All kinds. Those of professionals come first, in the order of the published table.
pub(super) const KINDS: [Kind; 12] = [
    kind(
        "gezondheidszorg",
        Hours::Office,
        &[
            ("huisarts", 0.3),
            ("gezondheidszorg-anders", 0.6),
            ("kinderarts", 0.06),
            ("geriater", 0.04),
        ],
    ),
    kind("geestelijke-gezondheidszorg", Hours::Office, &[("ggz", 1.0)]),
    kind("kinderopvang", Hours::Office, &[("kinderopvang", 1.0)]),
    kind(
        "onderwijs",
        Hours::Office,
        &[("basisonderwijs", 0.5), ("voortgezet-onderwijs", 0.35), ("onderwijs-anders", 0.15)],
    ),
    kind("bureau-leerplicht", Hours::Office, &[("onderwijs-anders", 1.0)]),
    kind(
        "jeugdzorg",
        Hours::Office,
        &[("gecertificeerde-instelling", 0.35), ("jeugdzorg-anders", 0.65)],
    ),
    kind(JUSTICE, Hours::Always, &[("politie", 0.97), ("justitie", 0.03)]),
    kind("veilig-thuis-andere-regio", Hours::Office, &[("beroepsmatig-anders", 1.0)]),
    kind("inzet-regionaal-maatwerk", Hours::Office, &[("beroepsmatig-anders", 1.0)]),
    kind(
        "andere-organisatie",
        Hours::Office,
        &[("lokaal-veld", 0.55), ("beroepsmatig-anders", 0.45)],
    ),
    kind(
        "niet-van-toepassing",
        Hours::Day,
        &[
            ("direct-betrokkene-volwassene", 0.38),
            ("familielid", 0.26),
            ("buurtbewoner", 0.12),
            ("sociaal-netwerk", 0.13),
            ("direct-betrokkene-jeugdige", 0.04),
            ("vrijwilliger", 0.01),
            ("niet-beroepsmatig-anders", 0.06),
        ],
    ),
    kind("onbekend", Hours::Day, &[("onbekend", 1.0)]),
];

const JUSTICE: &str = "justitie-en-veiligheid";
const PROFESSIONALS: usize = 10;
/// The order in which kinds choose: the choosiest first; what is left is not professional or unknown.
const ORDER: [usize; 12] = [6, 3, 2, 4, 0, 5, 1, 9, 7, 8, 11, 10];

/// How many of the country in 2023 came from each kind, in the order of [`KINDS`].
pub(super) fn national(measure: &str) -> Vec<u32> {
    let table = Table { id: "84849NED", period: "2023", region: "NL" };
    let of = |category: &str| table.of(measure, category).unwrap_or_default();
    let mut counts: Vec<u32> = KINDS
        .iter()
        .map(|kind| table.of_code(measure, kind.organisation).unwrap_or_default())
        .collect();
    let professional = of("beroepsmatig");
    // "Andere organisatie" was cut off in print for meldingen: it is what is missing from the professionals.
    counts[9] = 0;
    counts[9] = professional - counts[..PROFESSIONALS].iter().sum::<u32>();
    counts[10] = of("niet beroepsmatig");
    counts[11] = of("totaal") - professional - counts[10];
    counts
}

/// Something that a melder is sought for.
#[derive(Clone, Copy)]
pub(super) struct Told {
    pub(super) forms: Forms,
    pub(super) on_free_day: bool,
}

/// Gives each its kind of melder: exactly `counts` of every kind, each where it fits best by weighted chance.
pub(super) fn assign(counts: &[u32], told: &[Told], chance: &mut Chance) -> Vec<usize> {
    let mut kinds = vec![10; told.len()];
    let mut free: Vec<usize> = (0..told.len()).collect();
    for kind in ORDER {
        let wanted = (counts[kind] as usize).min(free.len());
        // Weighted sampling without replacement (Efraimidis and Spirakis 2006): the smallest keys win.
        let mut keyed: Vec<(f64, usize)> = free
            .iter()
            .map(|i| (-(1.0 - chance.unit()).ln() / weight(kind, told[*i]), *i))
            .collect();
        keyed.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
        for (_, i) in &keyed[..wanted] {
            kinds[*i] = kind;
        }
        free = keyed[wanted..].iter().map(|(_, i)| *i).collect();
    }
    kinds
}

/// How likely a kind tells this. Of partner violence and violence against parents 78 % comes from police and justice, of
/// child abuse 59 % (facts of 2025).
fn weight(kind: usize, told: Told) -> f64 {
    let has = |form| told.forms.has(form);
    let by_form = match kind {
        6 if has(Form::Partner) || has(Form::Parents) => 3.0,
        2..=4 if !has(Form::Child) => 0.1,
        5 if !has(Form::Child) => 0.3,
        0 if has(Form::Elder) => 4.0,
        _ => 1.0,
    };
    let by_day = match KINDS[kind].hours {
        Hours::Office if told.on_free_day => 0.08,
        Hours::Always if told.on_free_day => 3.0,
        Hours::Office | Hours::Always => 1.0,
        Hours::Day => 0.9,
    };
    by_form * by_day
}

/// A melder of a kind.
pub(super) fn melder(kind: usize, chance: &mut Chance) -> Melder {
    let of = &KINDS[kind];
    let hoedanigheid = chance.weighted(of.hoedanigheden);
    let citizen = of.hours == Hours::Day;
    Melder {
        hoedanigheid: Code::of(hoedanigheid),
        organisation: Some(Code::of(organisation(of.organisation, hoedanigheid, chance))),
        hidden_from_family: chance.happens(if citizen { 0.35 } else { 0.03 }),
    }
}

/// Justice is known in more detail than is published per year: the police, or one of the others.
fn organisation(of: &'static str, hoedanigheid: &str, chance: &mut Chance) -> &'static str {
    match (of, hoedanigheid) {
        (JUSTICE, "politie") => "politie",
        (JUSTICE, _) => chance.weighted(&[
            ("openbaar-ministerie", 0.3),
            ("reclassering", 0.4),
            ("justitie-en-veiligheid-anders", 0.3),
        ]),
        (other, _) => other,
    }
}

/// Through which channel a melder of a kind tells it.
pub(super) fn channel(kind: usize, measure: &str, chance: &mut Chance) -> &'static str {
    let melding = measure == MELDINGEN;
    match KINDS[kind].hours {
        Hours::Always if melding => chance.weighted(&[("politiebericht", 0.97), ("e-mail", 0.03)]),
        Hours::Office if melding => chance.weighted(&[
            ("regionaal-nummer", 0.4),
            ("e-mail", 0.36),
            ("landelijk-nummer", 0.12),
            ("brief", 0.1),
            ("ambtshalve", 0.02),
        ]),
        Hours::Always | Hours::Office => chance.weighted(&[
            ("regionaal-nummer", 0.62),
            ("landelijk-nummer", 0.2),
            ("e-mail", 0.1),
            ("chat", 0.07),
            ("onbekend", 0.01),
        ]),
        Hours::Day => chance.weighted(&[
            ("landelijk-nummer", 0.5),
            ("regionaal-nummer", 0.24),
            ("chat", 0.17),
            ("e-mail", 0.05),
            ("balie", 0.03),
            ("onbekend", 0.01),
        ]),
    }
}

#[cfg(test)]
mod tests {
    use super::super::figures::ADVICE;
    use super::*;
    use domain::codes::{List, find};

    #[test]
    fn the_published_split_adds_up_to_the_published_total() {
        assert_eq!(national(MELDINGEN).iter().sum::<u32>(), 127_340);
        assert_eq!(national(ADVICE).iter().sum::<u32>(), 143_210);
        assert_eq!(national(MELDINGEN)[9], 8_610);
        assert_eq!(national(ADVICE)[9], 22_020);
    }

    #[test]
    fn the_police_tell_more_of_partner_violence() {
        let mut chance = Chance::of_number(4);
        let of = |form| Told { forms: Forms::of(form), on_free_day: false };
        let told: Vec<Told> = (0..1000).map(|i| of([Form::Child, Form::Partner][i % 2])).collect();
        let mut counts = vec![0; KINDS.len()];
        (counts[6], counts[10]) = (680, 320);
        let kinds = assign(&counts, &told, &mut chance);
        let justice = |odd: usize| (0..1000).filter(|i| i % 2 == odd && kinds[*i] == 6).count();
        assert_eq!(justice(0) + justice(1), 680);
        assert!(justice(1) > justice(0) + 100);
    }

    #[test]
    fn every_kind_writes_published_codes() {
        let mut chance = Chance::of_number(5);
        for kind in (0..KINDS.len()).cycle().take(2_000) {
            let melder = melder(kind, &mut chance);
            let organisation = melder.organisation.unwrap();
            assert!(find(List::Hoedanigheid, melder.hoedanigheid.as_str()).is_some());
            assert!(find(List::Organisation, organisation.as_str()).is_some());
            for measure in [MELDINGEN, ADVICE] {
                assert!(find(List::Channel, channel(kind, measure, &mut chance)).is_some());
            }
        }
    }
}
