//! What happens in one organisation, step by step in the order of recording. It knows of no store: what comes out is only asked for.

use super::arrivals::at;
use super::cell::Cell;
use super::course::Known;
use super::line::Step;
use super::plan::{Item, plan};
use super::unfold::Office;
use chrono::{DateTime, Utc};
use domain::id::Organisation;
use indicatif::ProgressBar;
use std::collections::VecDeque;

/// The steps of an organisation through its years.
pub(super) struct Play<'a> {
    /// The cells of the years to come.
    years: VecDeque<&'a [Cell]>,
    seed: u64,
    until: DateTime<Utc>,
    /// What comes in during this year.
    items: VecDeque<Item>,
    office: Office,
    known: Vec<Known>,
    progress: &'a ProgressBar,
}

impl<'a> Play<'a> {
    pub(super) fn new(
        organisation: Organisation,
        years: impl Iterator<Item = &'a [Cell]>,
        seed: u64,
        until: DateTime<Utc>,
        progress: &'a ProgressBar,
    ) -> Self {
        let (items, office, known) = (VecDeque::new(), Office::of(organisation), vec![]);
        Self { years: years.collect(), seed, until, items, office, known, progress }
    }

    /// Plans the next year.
    fn begin(&mut self, cells: &[Cell]) {
        self.office.remember(&self.known);
        let mut items = vec![];
        for cell in cells {
            self.office.begin(cell);
            items.extend(plan(cell, self.seed, &mut self.known));
        }
        items.sort_by_key(Item::day);
        self.progress.inc_length(items.len() as u64);
        self.items = items.into();
    }
}

impl Iterator for Play<'_> {
    type Item = Step;

    fn next(&mut self) -> Option<Step> {
        loop {
            if self.items.is_empty()
                && let Some(cells) = self.years.pop_front()
            {
                self.begin(cells);
            }
            let next = self.items.front().map_or(self.until, |item| at(item.day(), 0));
            if let Some(step) = self.office.line.next_before(next.min(self.until)) {
                return Some(step);
            }
            // Nothing more is recorded before the next item comes in.
            let item = self.items.pop_front().filter(|_| next < self.until)?;
            self.office.take_in(item);
            self.progress.inc(1);
        }
    }
}
