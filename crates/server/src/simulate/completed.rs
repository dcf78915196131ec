//! How many services each cell completes: investigations, and conditions and follow-up.
//!
//! Drenthe as published by form (84851NED), the country as published by outcome (84853NED). By form stands what was confirmed: in
//! Drenthe the forms add up to less than the investigations, of which others ended early or confirmed nothing. Elsewhere, and of
//! conditions in the country, the same share of meldingen is taken.

use super::cell::{Cell, Conditions, Investigations};
use super::chance::Chance;
use super::figures::Table;
use super::form::{Form, Margins};
use super::margins::apportion;

const INVESTIGATED: &str = "afgeronde diensten onderzoek";
const CONDITIONS: &str = "afgeronde diensten voorwaarden en vervolg";
const DRENTHE: Table = Table { id: "84851NED", period: "2023", region: "VT02" };
const IN_MIDDEN_DRENTHE: Table = Table { id: "84851NED", period: "2023", region: "GM1731" };
const BY_OUTCOME: Table = Table { id: "84853NED", period: "2023", region: "NL" };
/// What a dot stands for.
const DOT: u32 = 3;

/// Of the investigations into a form that came to a judgement, those that did not confirm it and those that refuted it, per
/// confirmed one: as published for three forms; of the others our estimate.
pub(super) const NOT_CONFIRMED: [(f64, f64); 8] = [
    (1_155.0 / 2_900.0, 140.0 / 2_900.0),
    (20.0 / 90.0, 0.0),
    (390.0 / 1_500.0, 20.0 / 1_500.0),
    (0.3, 0.02),
    (0.3, 0.02),
    (0.3, 0.0),
    (0.0, 0.0),
    (0.0, 0.0),
];

#[derive(Clone, Copy)]
struct Completed {
    investigations: Investigations,
    conditions: Conditions,
}

/// Gives the published cells their services: those of Drenthe, Midden-Drenthe first, and those elsewhere.
pub(super) fn publish(drenthe: &mut [&mut Cell], elsewhere: &mut [&mut Cell]) {
    let there = in_drenthe();
    let of_part = |measure| IN_MIDDEN_DRENTHE.total(measure).unwrap_or(DOT);
    let weights = |measure, all: u32| {
        let part = of_part(measure);
        [f64::from(part), f64::from(all - part)]
    };
    let investigated = weights(INVESTIGATED, there.investigations.completed);
    spread(drenthe, &there, &investigated, &weights(CONDITIONS, there.conditions.completed));
    let told = |cells: &[&mut Cell]| cells.iter().map(|it| it.classes.total()).sum::<u32>();
    let meldingen = (told(drenthe), told(elsewhere));
    let sizes: Vec<f64> = elsewhere.iter().map(|it| f64::from(it.classes.total())).collect();
    spread(elsewhere, &outside_drenthe(&there, meldingen), &sizes, &sizes);
}

/// Those of a cell of the country with so many meldingen.
pub(super) fn of_country(meldingen: u32, chance: &mut Chance) -> (Investigations, Conditions) {
    let Completed { investigations: all, conditions } = in_country(&in_drenthe());
    let share = f64::from(meldingen) / COUNTRY_TOLD;
    let mut part = |of: u32| chance.whole(f64::from(of) * share);
    let completed = part(all.completed);
    let investigations = Investigations {
        completed,
        judged: part(all.judged).min(completed),
        confirmed: all.confirmed.map(&mut part),
    };
    let conditions = Conditions { completed: part(conditions.completed), forms: None };
    (investigations, conditions)
}

/// Meldingen in 2023 (85361NED).
const COUNTRY_TOLD: f64 = 127_340.0;
const DRENTHE_TOLD: f64 = 1_905.0;

fn in_drenthe() -> Completed {
    let by_form = |measure| {
        Form::ALL.map(|form| match form {
            Form::NoViolence | Form::Unknown => 0,
            form => DRENTHE.of_code(measure, form.code()).unwrap_or(DOT),
        })
    };
    let completed = DRENTHE.total(INVESTIGATED).unwrap_or_default();
    let (all, judged) = by_outcome();
    let judged = apportion(completed, &[f64::from(judged), f64::from(all - judged)])[0];
    let confirmed = by_form(INVESTIGATED);
    let conditions = Conditions {
        completed: DRENTHE.total(CONDITIONS).unwrap_or_default(),
        forms: Some(by_form(CONDITIONS)),
    };
    Completed { investigations: Investigations { completed, judged, confirmed }, conditions }
}

/// Investigations completed in the country, and those of them that did not end early.
fn by_outcome() -> (u32, u32) {
    let of = |category| BY_OUTCOME.of(INVESTIGATED, category).unwrap_or_default();
    (of("totaal"), of("niet voortijdig afgesloten"))
}

fn in_country(drenthe: &Completed) -> Completed {
    let (completed, judged) = by_outcome();
    let of = |category| BY_OUTCOME.of(INVESTIGATED, category);
    let factor = f64::from(completed) / f64::from(drenthe.investigations.completed);
    let confirmed = Form::ALL.map(|form| {
        let as_in_drenthe = || times(drenthe.investigations.confirmed[form as usize], factor);
        match form {
            Form::Child => of("kindermishandeling bevestigd").unwrap_or_default(),
            Form::Parents => of("geweld tegen ouders bevestigd").unwrap_or_default(),
            Form::Partner => of("(ex-)partnergeweld bevestigd").unwrap_or_default(),
            Form::Elder | Form::Other | Form::Problem => as_in_drenthe(),
            Form::NoViolence | Form::Unknown => 0,
        }
    });
    let conditions = times(drenthe.conditions.completed, COUNTRY_TOLD / DRENTHE_TOLD);
    Completed {
        investigations: Investigations { completed, judged, confirmed },
        conditions: Conditions { completed: conditions, forms: None },
    }
}

fn outside_drenthe(drenthe: &Completed, (inside, outside): (u32, u32)) -> Completed {
    let all = in_country(drenthe);
    let (country, part) = (all.investigations, drenthe.investigations);
    let mut confirmed = country.confirmed;
    confirmed.iter_mut().zip(part.confirmed).for_each(|(all, part)| *all -= part);
    Completed {
        investigations: Investigations {
            completed: country.completed - part.completed,
            judged: country.judged - part.judged,
            confirmed,
        },
        conditions: Conditions {
            completed: times(
                drenthe.conditions.completed,
                f64::from(outside) / f64::from(inside.max(1)),
            ),
            forms: None,
        },
    }
}

#[expect(clippy::cast_sign_loss, reason = "a count times a share is not negative")]
fn times(count: u32, factor: f64) -> u32 {
    (f64::from(count) * factor).round() as u32
}

/// Divides what was completed over cells.
fn spread(cells: &mut [&mut Cell], all: &Completed, investigated: &[f64], conditioned: &[f64]) {
    let per_form = |margins: &Margins, weights: &[f64]| -> Vec<Vec<u32>> {
        margins.iter().map(|count| apportion(*count, weights)).collect()
    };
    let completed = apportion(all.investigations.completed, investigated);
    let judged = apportion(all.investigations.judged, investigated);
    let confirmed = per_form(&all.investigations.confirmed, investigated);
    let conditions = apportion(all.conditions.completed, conditioned);
    let forms = all.conditions.forms.map(|it| per_form(&it, conditioned));
    for (nth, cell) in cells.iter_mut().enumerate() {
        cell.investigations = Investigations {
            completed: completed[nth],
            judged: judged[nth].min(completed[nth]),
            confirmed: std::array::from_fn(|form| confirmed[form][nth]),
        };
        let forms = forms.as_ref().map(|forms| std::array::from_fn(|form: usize| forms[form][nth]));
        cell.conditions = Conditions { completed: conditions[nth], forms };
    }
}
