//! What came out: a line per measurement, with its limit, its floor and its goal, and a mark.

use serde_json::{Value, json};
use std::fmt::Write as _;

/// What a figure has to reach.
#[derive(Clone, Copy, Debug)]
pub(super) enum Bar {
    /// Of the limit.
    Ratio {
        floor: f64,
        goal: f64,
    },
    AtLeast {
        floor: f64,
        goal: f64,
    },
    AtMost {
        floor: f64,
    },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Mark {
    Goal,
    Floor,
    Below,
}

impl Mark {
    const fn word(self) -> &'static str {
        match self {
            Self::Goal => "doel",
            Self::Floor => "voldoet",
            Self::Below => "TE LAAG",
        }
    }
}

/// One measurement.
pub(super) struct Line {
    part: &'static str,
    what: String,
    value: f64,
    unit: &'static str,
    limit: Option<(String, f64)>,
    bar: Option<Bar>,
}

impl Line {
    pub(super) fn new(
        part: &'static str,
        what: impl Into<String>,
        value: f64,
        unit: &'static str,
    ) -> Self {
        Self { part, what: what.into(), value, unit, limit: None, bar: None }
    }

    pub(super) fn rate(part: &'static str, what: impl Into<String>, value: f64) -> Self {
        Self::new(part, what, value, "/s")
    }

    pub(super) fn beside(mut self, (what, value): (impl Into<String>, f64)) -> Self {
        self.limit = Some((what.into(), value));
        self
    }

    pub(super) fn judged(mut self, bar: impl Into<Option<Bar>>) -> Self {
        self.bar = bar.into();
        self
    }

    fn ratio(&self) -> Option<f64> {
        self.limit.as_ref().map(|(_, limit)| self.value / limit)
    }

    fn mark(&self) -> Option<Mark> {
        let (value, floor, goal) = match self.bar? {
            Bar::Ratio { floor, goal } => (self.ratio()?, floor, goal),
            Bar::AtLeast { floor, goal } => (self.value, floor, goal),
            // What may not be more has no second goal.
            Bar::AtMost { floor } => (-self.value, -floor, f64::INFINITY),
        };
        Some(if value >= goal {
            Mark::Goal
        } else if value >= floor {
            Mark::Floor
        } else {
            Mark::Below
        })
    }

    fn asked(&self) -> String {
        match self.bar {
            None => String::new(),
            Some(Bar::Ratio { floor, goal }) => {
                format!("≥ {floor} × (doel {goal} ×)").replace('.', ",")
            }
            Some(Bar::AtLeast { floor, goal }) => {
                format!("≥ {} (doel {})", number(floor), number(goal))
            }
            Some(Bar::AtMost { floor }) => format!("≤ {} {}", number(floor), self.unit.trim()),
        }
    }

    fn cells(&self) -> [String; 6] {
        let limit = self.limit.as_ref();
        [
            format!("{}: {}", self.part, self.what),
            format!("{}{}", number(self.value), self.unit),
            limit.map(|(what, value)| format!("{} {what}", number(*value))).unwrap_or_default(),
            self.ratio().map(|it| format!("{it:.2} ×").replace('.', ",")).unwrap_or_default(),
            self.asked(),
            self.mark().map(Mark::word).unwrap_or_default().to_owned(),
        ]
    }
}

/// All that was measured.
#[derive(Default)]
pub(super) struct Table {
    lines: Vec<Line>,
    notes: Vec<String>,
}

impl Table {
    pub(super) fn add(&mut self, line: Line) {
        self.lines.push(line);
    }

    pub(super) fn note(&mut self, text: String) {
        self.notes.push(text);
    }

    /// Tells whoever waits what is going on.
    #[expect(clippy::unused_self, reason = "whoever measures has a table, and says so there")]
    pub(super) fn busy(&self, what: &str) {
        eprintln!("bench: {what} …");
    }

    pub(super) fn text(&self) -> String {
        let head = ["meting", "uitkomst", "ernaast", "verhouding", "gevraagd", "oordeel"];
        let mut rows = vec![head.map(str::to_owned)];
        rows.extend(self.lines.iter().map(Line::cells));
        let width = |column: usize| {
            rows.iter().map(|row| row[column].chars().count()).max().unwrap_or_default()
        };
        let widths: [usize; 6] = std::array::from_fn(width);
        let mut text = String::new();
        for row in &rows {
            for (cell, width) in row.iter().zip(widths) {
                let _ = write!(text, "{cell:<width$}  ");
            }
            text.truncate(text.trim_end().len());
            text.push('\n');
        }
        for note in &self.notes {
            let _ = writeln!(text, "{note}");
        }
        text
    }

    pub(super) fn json(&self) -> String {
        let line = |it: &Line| {
            json!({
                "deel": it.part,
                "meting": it.what,
                "uitkomst": it.value,
                "eenheid": it.unit.trim(),
                "ernaast": it.limit.as_ref().map(|(what, value)| json!({ "wat": what, "uitkomst": value })),
                "verhouding": it.ratio(),
                "oordeel": it.mark().map(Mark::word),
            })
        };
        let lines: Vec<Value> = self.lines.iter().map(line).collect();
        json!({ "metingen": lines, "opmerkingen": self.notes }).to_string()
    }
}

/// Whole when it is large, with decimals when it is small; as it is written in Dutch.
fn number(value: f64) -> String {
    if value.abs() >= 100.0 {
        grouped(value)
    } else if value.abs() >= 10.0 || value.fract() == 0.0 {
        format!("{value:.0}")
    } else {
        format!("{value:.2}").replace('.', ",")
    }
}

/// 1234567 as 1.234.567.
pub(super) fn grouped(value: f64) -> String {
    let digits = format!("{:.0}", value.abs());
    let mut text = String::new();
    for (nth, digit) in digits.chars().enumerate() {
        if nth > 0 && (digits.len() - nth).is_multiple_of(3) {
            text.push('.');
        }
        text.push(digit);
    }
    if value < 0.0 { format!("-{text}") } else { text }
}
