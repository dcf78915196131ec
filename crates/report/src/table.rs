//! A table of figures: the one shape for every table, in every format.

use crate::boundaries;
use crate::definition::category::{Category, Rank};
use crate::definition::dimension::MONTH;
use crate::definition::{Definition, Rows, Share, TOTAL};
use crate::disclosure::{Figure, Profile, Status};
use crate::period::Period;
use crate::published::{self, Elsewhere};
use crate::tally::{self, Tally};
use domain::area::Boundaries;
use serde::Serialize;
use serde::ser::{SerializeMap, SerializeStruct, Serializer};
use std::borrow::Cow;
use std::collections::BTreeMap;

/// Figures, with all that is needed to read them.
#[derive(Clone, Debug)]
pub struct Table {
    pub definition: &'static Definition,
    /// Per dimension its categories; a row points to them.
    pub axes: Vec<Axis>,
    pub columns: Vec<Period>,
    pub rows: Vec<Row>,
    /// Of what was counted in the last column, the part with something unknown.
    pub unknown_share: Option<f64>,
    /// In which boundaries it was counted, when it is about places.
    pub boundaries: Option<Boundaries>,
    /// The disclosure rule in words.
    pub disclosure: String,
}

#[derive(Clone, Debug)]
pub struct Axis {
    pub name: &'static str,
    pub heading: &'static str,
    pub categories: Vec<Category>,
}

/// One combination of categories over all columns.
#[derive(Clone, Debug)]
pub struct Row {
    /// Per axis the place of the category.
    pub at: Vec<usize>,
    pub figures: Vec<Figure>,
    /// Per column the share, for tables that have shares.
    pub shares: Vec<Option<f64>>,
    /// What others publish of the same; with the column.
    pub published: Vec<(usize, Elsewhere)>,
}

impl Axis {
    pub fn has_total(&self) -> bool {
        self.categories.iter().any(|it| it.rank == Rank::Total)
    }
}

impl Table {
    /// The codes of a row.
    pub fn codes<'t>(&'t self, row: &'t Row) -> impl Iterator<Item = &'t str> {
        self.categories(row).map(|it| it.code.as_ref())
    }

    pub fn categories<'t>(&'t self, row: &'t Row) -> impl Iterator<Item = &'t Category> {
        self.axes.iter().zip(&row.at).map(|(axis, place)| &axis.categories[*place])
    }

    /// The row with these codes.
    pub fn row(&self, codes: &[&str]) -> Option<&Row> {
        self.rows.iter().find(|row| self.codes(row).eq(codes.iter().copied()))
    }

    /// The figure of the last column and the one before it, if there is one.
    pub fn latest(&self, codes: &[&str]) -> Option<(Figure, Option<Figure>)> {
        let row = self.row(codes)?;
        let (last, before) = row.figures.split_last()?;
        Some((*last, before.last().copied()))
    }

    /// Whether nothing was counted in any column: there is nothing to read in it.
    pub fn is_empty(&self) -> bool {
        let blank = |it: &Figure| match it.status() {
            Status::Zero | Status::Unknown | Status::NotApplicable => true,
            Status::Exact | Status::Rounded | Status::Hidden => false,
        };
        self.rows.iter().flat_map(|row| &row.figures).all(blank)
    }

    /// Whether columns are years beside each other, rather than one period.
    pub fn by_year(&self) -> bool {
        self.columns.len() > 1
    }

    /// Whether cells are shares of something.
    pub fn has_shares(&self) -> bool {
        self.rows.iter().any(|row| !row.shares.is_empty())
    }

    /// What a reader must know: what is counted, and in which boundaries.
    pub fn note(&self) -> Cow<'static, str> {
        match self.boundaries {
            None => Cow::Borrowed(self.definition.note),
            Some(it) => format!("{} {}", self.definition.note, boundaries::sentence(it)).into(),
        }
    }

    fn column_name(&self) -> &'static str {
        if self.by_year() { "jaar" } else { "periode" }
    }

    /// The categories that occur, with their labels, for who reads codes.
    fn labels(&self) -> BTreeMap<&str, BTreeMap<&str, &str>> {
        let mut labels: BTreeMap<&str, BTreeMap<&str, &str>> = BTreeMap::new();
        for row in &self.rows {
            for (axis, it) in self.axes.iter().zip(self.categories(row)) {
                labels.entry(axis.name).or_default().insert(&it.code, &it.label);
            }
        }
        labels
    }
}

impl Row {
    /// How much more the last column shows than the one before it.
    pub fn difference(&self) -> Option<i64> {
        match self.figures.as_slice() {
            [.., before, last] => last.more_than(*before),
            _ => None,
        }
    }

    /// What others publish in one column.
    pub fn published_in(&self, column: usize) -> impl Iterator<Item = &Elsewhere> {
        self.published.iter().filter(move |(it, _)| *it == column).map(|(_, it)| it)
    }
}

/// Shows a tally: from here on there are only figures.
pub(crate) fn show(
    tally: &Tally,
    columns: &[Period],
    begun: usize,
    profile: Profile,
    regions: &[String],
) -> Table {
    let definition = tally.definition;
    let orders: Vec<Vec<usize>> = tally.axes.iter().map(order).collect();
    let rows = combinations(&orders);
    let rows = rows.iter().filter_map(|at| row(tally, columns, begun, profile, at)).collect();
    let axes = tally.axes.iter().map(|it| Axis {
        name: it.dimension.name,
        heading: it.dimension.heading,
        categories: it.categories.clone(),
    });
    let mut table = Table {
        definition,
        axes: axes.collect(),
        columns: columns.to_vec(),
        rows,
        unknown_share: unknown_share(tally, profile),
        boundaries: tally.axes.iter().find_map(|axis| axis.boundaries),
        disclosure: profile.rule(),
    };
    add_published(&mut table, regions);
    table
}

fn unknown_share(tally: &Tally, profile: Profile) -> Option<f64> {
    tally.definition.dimensions.iter().find(|it| !it.unknown.is_empty())?;
    let last = |counts: &[i64]| counts.last().map(|count| profile.show(*count));
    last(&tally.unknown)?.share_of(last(&tally.facts)?)
}

/// The places of an axis in the order of showing: as listed; then what was not, by its label, the unknown last.
fn order(axis: &tally::Axis) -> Vec<usize> {
    let listed = (axis.dimension.categories)().len();
    let mut places: Vec<usize> = (0..axis.categories.len()).collect();
    places[listed..].sort_by_cached_key(|place| {
        let it = &axis.categories[*place];
        let unknown = it.code == domain::codes::UNKNOWN;
        (unknown, it.label.to_lowercase(), it.code.clone())
    });
    places
}

/// All combinations, the last axis fastest.
fn combinations(orders: &[Vec<usize>]) -> Vec<Vec<usize>> {
    orders.iter().fold(vec![vec![]], |all, order| {
        let with = |at: &Vec<usize>| {
            let at = at.clone();
            order.iter().map(move |place| [at.as_slice(), &[*place]].concat())
        };
        all.iter().flat_map(with).collect()
    })
}

fn row(
    tally: &Tally,
    columns: &[Period],
    begun: usize,
    profile: Profile,
    at: &[usize],
) -> Option<Row> {
    let counts = tally.counts_at(at);
    let counted = counts.iter().any(|count| *count != 0);
    let categories = || tally.axes.iter().zip(at).map(|(axis, place)| &axis.categories[*place]);
    let exists = |column: &Period| categories().all(|it| it.exists_in(column.months()));
    let wanted = match tally.definition.rows {
        Rows::All => counted || columns.iter().any(exists),
        Rows::OfCounted => whole_is_counted(tally, at),
        Rows::Counted => counted || at.is_empty() || categories().all(|it| it.rank == Rank::Total),
    };
    let in_period = || match tally.axes.last() {
        Some(axis) if axis.dimension.name == MONTH.name => {
            let month = &axis.categories[at[at.len() - 1]];
            month.rank == Rank::Total || columns.iter().any(|it| has_month(*it, &month.code))
        }
        Some(_) | None => true,
    };
    if !wanted || !in_period() {
        return None;
    }
    let figures: Vec<Figure> = counts
        .iter()
        .zip(columns)
        .enumerate()
        .map(|(nth, (count, column))| match count {
            0 if !exists(column) => Figure::NOT_APPLICABLE,
            // Before the register began, nothing is known: that is not none.
            0 if nth < begun => Figure::UNKNOWN,
            count => profile.show(*count),
        })
        .collect();
    let shares = shares(tally, profile, at, &figures);
    Some(Row { at: at.to_vec(), figures, shares, published: vec![] })
}

/// Whether something was counted of that of which a cell is a part along the last dimension.
fn whole_is_counted(tally: &Tally, at: &[usize]) -> bool {
    let mut whole = at.to_vec();
    if let (Some(last), Some(axis)) = (whole.last_mut(), tally.axes.last()) {
        *last = axis.place(TOTAL).unwrap_or(*last);
    }
    tally.counts_at(&whole).iter().any(|count| *count != 0)
}

fn has_month(period: Period, code: &str) -> bool {
    code.parse::<i32>().is_ok_and(|month| period.contains(period.year() * 100 + month))
}

fn shares(tally: &Tally, profile: Profile, at: &[usize], figures: &[Figure]) -> Vec<Option<f64>> {
    let Some(whole) = whole(tally, at) else { return vec![] };
    let wholes = tally.counts_at(&whole).iter().map(|count| profile.show(*count));
    figures.iter().zip(wholes).map(|(figure, whole)| figure.share_of(whole)).collect()
}

/// The cell of which a cell is a share.
fn whole(tally: &Tally, at: &[usize]) -> Option<Vec<usize>> {
    let total = |axis: &tally::Axis| axis.place(TOTAL);
    match tally.definition.share? {
        Share::OfTable => tally.axes.iter().map(total).collect(),
        Share::Along(nth) => {
            let mut whole = at.to_vec();
            *whole.get_mut(nth)? = total(tally.axes.get(nth)?)?;
            Some(whole)
        }
        Share::Of(whole) => {
            let [axis] = tally.axes.as_slice() else { return None };
            Some(vec![axis.place(whole(&axis.categories[at[0]].code))?])
        }
    }
}

fn add_published(table: &mut Table, regions: &[String]) {
    let Some(by) = table.definition.published else { return };
    // What others publish of a cross of dimensions is named as its codes, one after the other.
    let name = |row: &Row| {
        let codes: Vec<&str> = table.codes(row).filter(|it| *it != TOTAL).collect();
        if codes.is_empty() { TOTAL.to_owned() } else { codes.join("-") }
    };
    let codes: Vec<String> = table.rows.iter().map(name).collect();
    for (row, code) in table.rows.iter_mut().zip(codes) {
        for (nth, column) in table.columns.iter().enumerate() {
            let found = regions.iter().filter_map(|it| published::find(by, &code, *column, it));
            row.published.extend(found.map(|it| (nth, it)));
        }
    }
}

impl Serialize for Table {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let mut dimensions: Vec<&str> = self.axes.iter().map(|axis| axis.name).collect();
        dimensions.push(self.column_name());
        let mut out = to.serialize_struct("Table", 10)?;
        out.serialize_field("id", self.definition.id)?;
        out.serialize_field("titel", self.definition.title)?;
        out.serialize_field("teleenheid", self.definition.unit)?;
        out.serialize_field("definitie", self.definition.version)?;
        out.serialize_field("dimensies", &dimensions)?;
        out.serialize_field("aandeelOnbekend", &self.unknown_share)?;
        out.serialize_field("toelichting", &self.note())?;
        out.serialize_field("openbaarmaking", &self.disclosure)?;
        out.serialize_field("labels", &self.labels())?;
        let cells = self.rows.iter().flat_map(|row| {
            (0..self.columns.len()).map(move |column| Cell { table: self, row, column })
        });
        out.serialize_field("cellen", &cells.collect::<Vec<_>>())?;
        out.end()
    }
}

/// One figure of a table as it goes over the wire.
struct Cell<'t> {
    table: &'t Table,
    row: &'t Row,
    column: usize,
}

impl Serialize for Cell<'_> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let Self { table, row, column } = *self;
        let figure = row.figures[column];
        let mut out = to.serialize_map(None)?;
        for (axis, code) in table.axes.iter().zip(table.codes(row)) {
            out.serialize_entry(axis.name, code)?;
        }
        match table.columns[column] {
            Period::Year(year) if table.by_year() => out.serialize_entry("jaar", &year)?,
            period => out.serialize_entry("periode", &period.to_string())?,
        }
        out.serialize_entry("waarde", &figure.value())?;
        out.serialize_entry("status", &figure.status())?;
        if let Some(share) = row.shares.get(column) {
            out.serialize_entry("aandeel", share)?;
        }
        if table.by_year() && column + 1 == table.columns.len() {
            out.serialize_entry("verschil", &row.difference())?;
        }
        let published: Vec<&Elsewhere> = row.published_in(column).collect();
        if !published.is_empty() {
            out.serialize_entry("gepubliceerd", &published)?;
        }
        out.end()
    }
}
