//! Charts as inline SVG. Nothing depends on colour: every bar and line carries its name and its value, the last year is solid and
//! earlier years are hatched or dashed. A reader of the screen gets a title and a description; the table below has all figures.

use super::escape;
use std::fmt::Write;

const WIDTH: usize = 760;
/// Where bars start, and the longest bar.
const BARS_FROM: usize = 290;
const LONGEST: usize = 380;
const BAR: usize = 16;
const GROUP_GAP: usize = 10;
const LABEL_WIDTH: usize = 33;
const LINE_HEIGHT: usize = 15;

const PLOT: (usize, usize, usize, usize) = (50, 20, 560, 220);

/// What a chart is called and what it says, for who does not see it.
pub(crate) struct Named<'n> {
    /// Unique in the page.
    pub(crate) id: &'n str,
    pub(crate) title: &'n str,
    pub(crate) description: String,
}

/// Bars that belong together.
pub(crate) struct Group {
    pub(crate) label: String,
    pub(crate) bars: Vec<Bar>,
}

pub(crate) struct Bar {
    /// What sets it apart within its group, such as the year; empty for a bar alone.
    pub(crate) label: String,
    /// None when there is nothing to draw: hidden, or not known.
    pub(crate) value: Option<f64>,
    pub(crate) text: String,
}

pub(crate) struct Line {
    pub(crate) label: String,
    pub(crate) points: Vec<Option<f64>>,
}

/// Horizontal bars; within a group the last bar is solid.
pub(crate) fn bars(named: &Named, groups: &[Group]) -> String {
    let values = groups.iter().flat_map(|it| &it.bars).filter_map(|bar| bar.value);
    let longest = values.fold(0.0, f64::max);
    let mut body = hatch(named.id);
    let mut y = 4;
    for group in groups {
        let lines = wrapped(&group.label);
        for (nth, line) in lines.iter().enumerate() {
            let _ = write!(
                body,
                "<text x=\"0\" y=\"{}\" class=\"l\">{}</text>",
                y + 12 + nth * LINE_HEIGHT,
                escape(line)
            );
        }
        for (nth, bar) in group.bars.iter().enumerate() {
            let solid = nth + 1 == group.bars.len();
            one_bar(&mut body, named.id, bar, (y + nth * BAR, solid), longest);
        }
        y += (group.bars.len() * BAR).max(lines.len() * LINE_HEIGHT) + GROUP_GAP;
    }
    svg(named, y, &body)
}

fn one_bar(body: &mut String, id: &str, bar: &Bar, (y, solid): (usize, bool), longest: f64) {
    let width = bar.value.filter(|_| longest > 0.0).map_or(0.0, |it| it / longest * LONGEST as f64);
    let fill = if solid { "#1f3a5f".to_owned() } else { format!("url(#{id}-h)") };
    let _ = write!(
        body,
        "<text x=\"{}\" y=\"{}\" class=\"e\">{}</text>\
         <rect x=\"{BARS_FROM}\" y=\"{y}\" width=\"{width:.1}\" height=\"{}\" fill=\"{fill}\" stroke=\"#1f3a5f\"/>\
         <text x=\"{:.1}\" y=\"{}\">{}</text>",
        BARS_FROM - 6,
        y + 12,
        escape(&bar.label),
        BAR - 3,
        BARS_FROM as f64 + width + 6.0,
        y + 12,
        escape(&bar.text),
    );
}

/// Lines over a row of names, each with its own name at its end.
pub(crate) fn lines(named: &Named, steps: &[String], lines: &[Line]) -> String {
    let (left, top, width, height) = PLOT;
    let values = lines.iter().flat_map(|it| &it.points).filter_map(|it| *it);
    let highest = values.fold(0.0, f64::max);
    let x = |nth: usize| left as f64 + width as f64 * nth as f64 / (steps.len().max(2) - 1) as f64;
    let y = |value: f64| {
        let part = if highest > 0.0 { value / highest } else { 0.0 };
        top as f64 + height as f64 * (1.0 - part)
    };
    let mut body = String::new();
    axes(&mut body, highest);
    for (nth, step) in steps.iter().enumerate() {
        let (x, y) = (x(nth), top + height + 18);
        let _ = write!(body, "<text x=\"{x:.1}\" y=\"{y}\" class=\"m\">{}</text>", escape(step));
    }
    let ends = ends(lines, y);
    for (nth, line) in lines.iter().enumerate() {
        let last = nth + 1 == lines.len();
        one_line(&mut body, line, last, (&x, &y));
        if let Some(end) = ends[nth] {
            let _ = write!(
                body,
                "<text x=\"{}\" y=\"{:.1}\">{}</text>",
                left + width + 10,
                end + 4.0,
                escape(&line.label)
            );
        }
    }
    svg(named, top + height + 30, &body)
}

fn axes(body: &mut String, highest: f64) {
    let (left, top, width, height) = PLOT;
    let (right, bottom) = (left + width, top + height);
    let _ = write!(
        body,
        "<path d=\"M{left} {top}V{bottom}H{right}\" fill=\"none\" stroke=\"#555\"/>\
         <text x=\"{}\" y=\"{}\" class=\"e\">{}</text><text x=\"{}\" y=\"{}\" class=\"e\">0</text>",
        left - 6,
        top + 4,
        super::number(highest as i64),
        left - 6,
        bottom + 4,
    );
}

/// The heights of the names at the end of the lines, kept apart.
fn ends(lines: &[Line], y: impl Fn(f64) -> f64) -> Vec<Option<f64>> {
    let mut taken: Vec<f64> = vec![];
    let end = |line: &Line| line.points.iter().rev().find_map(|it| *it).map(&y);
    let mut place = |line: &Line| {
        let mut at = end(line)?;
        while taken.iter().any(|it| (it - at).abs() < LINE_HEIGHT as f64) {
            at += 1.0;
        }
        taken.push(at);
        Some(at)
    };
    lines.iter().rev().map(&mut place).collect::<Vec<_>>().into_iter().rev().collect()
}

type Scale<'s> = &'s dyn Fn(f64) -> f64;

/// A line with a mark at every point; a point that is not shown interrupts it.
fn one_line(body: &mut String, line: &Line, last: bool, (x, y): (&dyn Fn(usize) -> f64, Scale)) {
    let dash = if last { "" } else { " stroke-dasharray=\"6 4\"" };
    let mut path = String::new();
    let mut marks = String::new();
    let mut pen_down = false;
    for (nth, point) in line.points.iter().enumerate() {
        let Some(value) = *point else {
            pen_down = false;
            continue;
        };
        let (x, y) = (x(nth), y(value));
        let _ = write!(path, "{}{x:.1} {y:.1}", if pen_down { 'L' } else { 'M' });
        let _ = if last {
            write!(marks, "<circle cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"4\" fill=\"#1f3a5f\"/>")
        } else {
            let (x, y) = (x - 3.5, y - 3.5);
            write!(
                marks,
                "<rect x=\"{x:.1}\" y=\"{y:.1}\" width=\"7\" height=\"7\" fill=\"#fff\" stroke=\"#555\"/>"
            )
        };
        pen_down = true;
    }
    let stroke = if last { "#1f3a5f" } else { "#555" };
    let _ = write!(
        body,
        "<path d=\"{path}\" fill=\"none\" stroke=\"{stroke}\" stroke-width=\"2\"{dash}/>{marks}"
    );
}

fn hatch(id: &str) -> String {
    format!(
        "<defs><pattern id=\"{id}-h\" width=\"5\" height=\"5\" patternUnits=\"userSpaceOnUse\" patternTransform=\"rotate(45)\">\
         <rect width=\"5\" height=\"5\" fill=\"#fff\"/><rect width=\"2\" height=\"5\" fill=\"#8fa3bb\"/></pattern></defs>"
    )
}

fn svg(named: &Named, height: usize, body: &str) -> String {
    let Named { id, title, description } = named;
    format!(
        "<svg role=\"img\" aria-labelledby=\"{id}-t {id}-d\" viewBox=\"0 0 {WIDTH} {height}\" width=\"{WIDTH}\" \
         xmlns=\"http://www.w3.org/2000/svg\"><title id=\"{id}-t\">{}</title><desc id=\"{id}-d\">{}</desc>{body}</svg>",
        escape(title),
        escape(description),
    )
}

/// A label over as many lines as it needs.
fn wrapped(label: &str) -> Vec<String> {
    super::text::wrap(label, LABEL_WIDTH)
}
