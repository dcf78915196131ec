//! Counting: the facts of one table, per cell and per column. A dense block of numbers, because a report over a whole country
//! counts hundreds of thousands of facts while somebody waits.

use crate::definition::category::Category;
use crate::definition::dimension::{self, Dimension};
use crate::definition::{Definition, TOTAL};
use crate::fact::{Counted, Month};
use domain::area::Boundaries;
use std::borrow::Cow;
use std::collections::HashMap;

/// The counts of one table. `'a` is the life of the facts.
pub(crate) struct Tally<'a> {
    pub(crate) definition: &'static Definition,
    pub(crate) axes: Vec<Axis<'a>>,
    /// How many columns there are, beside each other in `counts`.
    columns: usize,
    counts: Vec<i64>,
    /// Per column: how many facts were counted, and how many of them with something unknown.
    pub(crate) facts: Vec<i64>,
    pub(crate) unknown: Vec<i64>,
    scratch: Scratch,
}

/// The categories of a dimension while counting.
pub(crate) struct Axis<'a> {
    pub(crate) dimension: &'static Dimension,
    pub(crate) categories: Vec<Category>,
    /// In which boundaries municipalities are counted; none when these are no municipalities.
    pub(crate) boundaries: Option<Boundaries>,
    places: HashMap<&'a str, usize>,
    unknown: Vec<bool>,
}

/// Memory that is used again for every fact.
#[derive(Default)]
struct Scratch {
    places: Vec<usize>,
    offsets: Vec<usize>,
}

impl<'a> Axis<'a> {
    fn new(dimension: &'static Dimension, boundaries: Boundaries) -> Self {
        let mut axis = Self {
            dimension,
            categories: vec![],
            boundaries: dimension.is_place().then_some(boundaries),
            places: HashMap::new(),
            unknown: vec![],
        };
        for category in (dimension.categories)() {
            if let Cow::Borrowed(code) = category.code {
                axis.push(code, category);
            }
        }
        axis
    }

    fn push(&mut self, code: &'a str, category: Category) {
        self.places.insert(code, self.categories.len());
        self.unknown.push(self.dimension.unknown.contains(&code));
        self.categories.push(category);
    }

    /// Where a category stands.
    pub(crate) fn place(&self, code: &str) -> Option<usize> {
        self.places.get(code).copied()
    }

    /// The category of a code that could not be named beforehand: of a municipality the one in which it lies in the boundaries.
    fn named(&self, code: &'a str) -> (&'a str, Category) {
        let named = self.dimension.named;
        match self.boundaries {
            None | Some(Boundaries::OfTheDate) => (code, named(code)),
            Some(boundaries @ Boundaries::On(_)) => {
                let code = boundaries.municipality(code);
                (code, named(code).at_any_time())
            }
        }
    }
}

impl<'a> Tally<'a> {
    fn new(definition: &'static Definition, boundaries: Boundaries, columns: usize) -> Self {
        let axes: Vec<Axis> =
            definition.dimensions.iter().map(|it| Axis::new(it, boundaries)).collect();
        let size: usize = axes.iter().map(|axis| axis.categories.len()).product();
        Self {
            definition,
            axes,
            columns,
            counts: vec![0; size * columns],
            facts: vec![0; columns],
            unknown: vec![0; columns],
            scratch: Scratch::default(),
        }
    }

    /// Counts a fact in the columns of its months; it is classified once.
    fn add(&mut self, counted: &'a Counted, column_of: &impl Fn(Month) -> Option<usize>) {
        let groups = (self.definition.classify)(&counted.fact);
        if groups.is_empty() {
            return;
        }
        let in_columns = counted
            .months
            .iter()
            .filter_map(|(month, count)| Some((*month, column_of(*month)?, *count)));
        if self.definition.by_month() {
            for (month, column, count) in in_columns {
                let mut groups = groups.clone();
                let month = dimension::month_code(month);
                for cells in &mut groups {
                    cells.push(vec![TOTAL, month]);
                }
                self.add_groups(&groups, column, count);
            }
        } else {
            let mut sums = vec![0; self.columns];
            in_columns.for_each(|(_, column, count)| sums[column] += count);
            for (column, sum) in sums.into_iter().enumerate().filter(|(_, sum)| *sum != 0) {
                self.add_groups(&groups, column, sum);
            }
        }
    }

    fn add_groups(&mut self, groups: &[Vec<Vec<&'a str>>], column: usize, count: i64) {
        let mut unknown = false;
        for cells in groups {
            unknown |= self.add_cells(cells, column, count);
        }
        self.facts[column] += count;
        self.unknown[column] += if unknown { count } else { 0 };
    }

    /// Adds to all combinations of categories; tells whether one of them is unknown.
    fn add_cells(&mut self, cells: &[Vec<&'a str>], column: usize, count: i64) -> bool {
        let Scratch { mut places, mut offsets } = std::mem::take(&mut self.scratch);
        places.clear();
        let mut unknown = false;
        for (nth, codes) in cells.iter().enumerate() {
            for code in codes {
                let place = self.place_of(nth, code);
                unknown |= self.axes[nth].unknown[place];
                places.push(place);
            }
        }
        offsets.clear();
        offsets.push(column);
        let mut rest = places.as_slice();
        let mut stride = self.counts.len();
        for (axis, codes) in self.axes.iter().zip(cells) {
            stride /= axis.categories.len();
            let (here, after) = rest.split_at(codes.len());
            rest = after;
            let known = offsets.len();
            for place in &here[1..] {
                (0..known).for_each(|nth| offsets.push(offsets[nth] + place * stride));
            }
            offsets[..known].iter_mut().for_each(|offset| *offset += here[0] * stride);
        }
        for offset in &offsets {
            self.counts[*offset] += count;
        }
        self.scratch = Scratch { places, offsets };
        unknown
    }

    fn place_of(&mut self, nth: usize, code: &'a str) -> usize {
        if let Some(place) = self.axes[nth].place(code) {
            return place;
        }
        let (counted_as, category) = self.axes[nth].named(code);
        if let Some(place) = self.axes[nth].place(counted_as) {
            self.axes[nth].places.insert(code, place);
            return place;
        }
        let inner: usize = self.axes[nth + 1..].iter().map(|it| it.categories.len()).product();
        let stride = inner * self.columns;
        let axis = &mut self.axes[nth];
        let block = axis.categories.len() * stride;
        axis.push(counted_as, category);
        let place = axis.categories.len() - 1;
        axis.places.insert(code, place);
        // An axis without a category had no counts yet.
        if block == 0 {
            let size: usize = self.axes.iter().map(|it| it.categories.len()).product();
            self.counts = vec![0; size * self.columns];
            return place;
        }
        let with_room = |block: &[i64]| [block, &vec![0; stride]].concat();
        self.counts = self.counts.chunks(block).flat_map(with_room).collect();
        place
    }

    /// The counts of a cell, per column.
    pub(crate) fn counts_at(&self, at: &[usize]) -> &[i64] {
        let nth = self
            .axes
            .iter()
            .zip(at)
            .fold(0, |sum, (axis, place)| sum * axis.categories.len() + place);
        &self.counts[nth * self.columns..][..self.columns]
    }

    /// Fills in what no fact tells: the total minus what was counted as a part. The part stays for the shares.
    pub(crate) fn subtract_remainder(&mut self) {
        let Some(remainder) = self.definition.remainder else { return };
        let place = |code: &str| self.axes[0].place(code);
        let (Some(whole), Some(rest)) = (place(TOTAL), place(remainder.code)) else { return };
        let part = place(remainder.part);
        for column in 0..self.columns {
            let at = |place: usize| place * self.columns + column;
            let counted = part.map_or(0, |part| self.counts[at(part)]);
            self.counts[at(rest)] = self.counts[at(whole)] - counted;
        }
    }
}

/// Counts facts in several tables at once; what happened outside all columns is not counted.
pub(crate) fn count<'a>(
    definitions: impl Iterator<Item = &'static Definition>,
    counts: impl Iterator<Item = &'a Counted>,
    boundaries: Boundaries,
    columns: usize,
    column_of: impl Fn(Month) -> Option<usize>,
) -> Vec<Tally<'a>> {
    use crate::definition::Kind;
    let mut tallies: Vec<Tally> =
        definitions.map(|it| Tally::new(it, boundaries, columns)).collect();
    let mut of_kind: [Vec<usize>; Kind::COUNT] = std::array::from_fn(|_| vec![]);
    for (nth, tally) in tallies.iter().enumerate() {
        for kind in tally.definition.kinds {
            of_kind[*kind as usize].push(nth);
        }
    }
    for counted in counts {
        for nth in &of_kind[Kind::of(&counted.fact) as usize] {
            tallies[*nth].add(counted, &column_of);
        }
    }
    tallies.iter_mut().for_each(Tally::subtract_remainder);
    tallies
}
