//! Exact counts: shares that add up, and sets of forms whose counts per form are exactly those asked for.

use super::chance::Chance;
use super::form::{Form, Forms, Margins};

/// Divides `n` in proportion to the weights, by largest remainder. No part of whole-number weights that add up to `n` or more
/// exceeds its weight.
pub(super) fn apportion(n: u32, weights: &[f64]) -> Vec<u32> {
    let total: f64 = weights.iter().sum();
    if total <= 0.0 {
        return vec![0; weights.len()];
    }
    let exact: Vec<f64> = weights.iter().map(|weight| f64::from(n) * weight / total).collect();
    let mut parts: Vec<u32> = exact.iter().map(|part| floor(*part)).collect();
    let mut order: Vec<usize> = (0..parts.len()).filter(|i| weights[*i] > 0.0).collect();
    let rest = |i: &usize| exact[*i] - exact[*i].floor();
    order.sort_by(|a, b| rest(b).total_cmp(&rest(a)).then(a.cmp(b)));
    let missing = n - parts.iter().sum::<u32>();
    for i in order.into_iter().cycle().take(missing as usize) {
        parts[i] += 1;
    }
    parts
}

#[expect(clippy::cast_sign_loss, reason = "parts of a count are not negative")]
fn floor(part: f64) -> u32 {
    // What is a whole number but for the last bit of a double is that whole number.
    (part + 1e-9).floor() as u32
}

/// Takes `n` out of what remains, in proportion to what remains. Dealing out row by row until nothing is left gives a table in
/// which both the rows and the columns are exact.
pub(super) fn deal(n: u32, remaining: &mut [u32]) -> Vec<u32> {
    let n = n.min(remaining.iter().sum());
    let weights: Vec<f64> = remaining.iter().map(|it| f64::from(*it)).collect();
    let mut parts = apportion(n, &weights);
    // A remainder of nought may still be given a unit that is not there: move it to where there is one.
    for i in 0..parts.len() {
        while parts[i] > remaining[i] {
            parts[i] -= 1;
            let free = (0..parts.len()).find(|j| parts[*j] < remaining[*j]);
            parts[free.unwrap_or(i)] += 1;
        }
    }
    for (left, part) in remaining.iter_mut().zip(&parts) {
        *left -= part;
    }
    parts
}

/// `total` sets of forms, none empty, of which exactly `margins` carry each form. The margins must add up to the total or more,
/// and none may exceed it. In random order.
pub(super) fn sets(total: u32, margins: &Margins, chance: &mut Chance) -> Vec<Forms> {
    let excess = margins.iter().sum::<u32>().saturating_sub(total);
    let second = seconds(excess, margins);
    let mut sets = vec![];
    for (form, (count, second)) in Form::ALL.into_iter().zip(margins.iter().zip(&second)) {
        sets.extend(std::iter::repeat_n(Forms::of(form), (count - second) as usize));
    }
    chance.shuffle(&mut sets);
    let mut rarest: Vec<Form> = Form::ALL.into_iter().collect();
    rarest.sort_by_key(|form| margins[*form as usize]);
    for form in rarest {
        add(form, second[form as usize], &mut sets, chance);
    }
    chance.shuffle(&mut sets);
    sets
}

/// How many of each form come beside another one.
fn seconds(excess: u32, margins: &Margins) -> Vec<u32> {
    let weight = |form: Form| match form {
        Form::Child | Form::Parents | Form::Partner | Form::Other => margins[form as usize],
        Form::Elder | Form::Problem => margins[form as usize] / 3,
        Form::NoViolence | Form::Unknown => 0,
    };
    let mut likely: Vec<u32> = Form::ALL.map(weight).to_vec();
    if likely.iter().sum::<u32>() >= excess {
        deal(excess, &mut likely)
    } else {
        deal(excess, &mut margins.to_vec())
    }
}

/// Adds a form to `count` sets that do not have it: those that go with it first, and small ones first.
fn add(form: Form, count: u32, sets: &mut [Forms], chance: &mut Chance) {
    let mut order: Vec<usize> = (0..sets.len()).filter(|i| !sets[*i].has(form)).collect();
    chance.shuffle(&mut order);
    let strange = |set: Forms| set.iter().any(|other| !form.goes_with(other));
    order.sort_by_key(|i| (strange(sets[*i]), sets[*i].len()));
    for i in order.into_iter().take(count as usize) {
        sets[i] = sets[i].with(form);
    }
}

/// Margins in given shares of a total, such that every item can have a form.
pub(super) fn in_shares(total: u32, shares: &[f64; 8], chance: &mut Chance) -> Margins {
    let mut margins = shares.map(|share| chance.whole(f64::from(total) * share).min(total));
    let missing = total.saturating_sub(margins.iter().sum());
    margins[Form::Child as usize] += missing;
    margins
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counts(sets: &[Forms]) -> Margins {
        Form::ALL.map(|form| sets.iter().filter(|set| set.has(form)).count() as u32)
    }

    #[test]
    fn sets_lie_exactly_on_their_margins() {
        let mut chance = Chance::of_number(1);
        let margins = [1060, 125, 585, 35, 185, 450, 0, 0];
        let sets = sets(1905, &margins, &mut chance);
        assert_eq!((sets.len(), counts(&sets)), (1905, margins));
        assert!(sets.iter().all(|set| set.len() > 0));
    }

    #[test]
    fn margins_that_leave_no_choice_are_met_too() {
        let mut chance = Chance::of_number(2);
        let margins = [4, 4, 4, 4, 4, 4, 0, 0];
        assert_eq!(counts(&sets(4, &margins, &mut chance)), margins);
    }

    #[test]
    fn dealing_gives_exact_rows_and_columns() {
        let mut left = vec![40_615, 43_080, 5_475, 1_815];
        let rows = [20, 6_019, 1_425, 83_521];
        let dealt = rows.map(|row| deal(row, &mut left));
        assert_eq!(left, [0, 0, 0, 0]);
        assert_eq!(dealt.map(|row| row.iter().sum::<u32>()), rows);
    }

    #[test]
    fn parts_add_up() {
        assert_eq!(apportion(10, &[1.0, 1.0, 1.0]), [4, 3, 3]);
        assert_eq!(apportion(3, &[0.0, 2.0]), [0, 3]);
    }
}
