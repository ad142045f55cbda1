//! Columns that hardly a space parts.
//!
//! Runs of text → runs that are parted where words of many lines begin at the same edge: labels of a form beside their values.

use std::collections::BTreeMap;

use super::layout::{COLUMN, SAME_LINE, Segment, Word};
use crate::cv;

/// So many lines with a word at an edge make a column.
const LEAST_LINES: usize = 6;

/// Of the lines between the first and the last of these that reach over the edge, so many have a word there.
const SHARE: f32 = 0.8;

/// Words whose edges are nearer begin at the same one, in points.
const SAME_EDGE: f32 = 1.0;

/// What parts columns is wider than so many sizes of the letters.
const WIDE: f32 = 0.4;

/// And than so many of the gaps between the other words.
const WIDER: f32 = 1.5;

/// In a run with more wide gaps all spaces are wide.
const MOST_WIDE: usize = 2;

/// Before the edge stand so many letters and digits at least: a mark of an item is no column.
const LEAST_BEFORE: usize = 3;

/// Parts runs at the edges of columns. Segments come from the top of the page to its foot, and go so.
pub(super) fn parted(segments: Vec<Segment>) -> Vec<Segment> {
    let mut edges: BTreeMap<i32, Vec<usize>> = BTreeMap::new();
    for (at, segment) in segments.iter().enumerate() {
        for x in inner_words(segment) {
            edges.entry((x / SAME_EDGE).round() as i32).or_default().push(at);
        }
    }
    let edge = edges
        .iter()
        .filter(|(_, lines)| lines.len() >= LEAST_LINES)
        .filter(|(edge, lines)| is_edge(&segments, **edge as f32 * SAME_EDGE, lines))
        .max_by_key(|(_, lines)| lines.len())
        .map(|(edge, _)| *edge as f32 * SAME_EDGE);
    let Some(edge) = edge else { return segments };
    segments.into_iter().flat_map(|segment| at_edge(segment, edge)).collect()
}

/// The left edges of the words of a run that enough stands before, with more than a space between, and that no date goes over.
fn inner_words(segment: &Segment) -> Vec<f32> {
    let texts: Vec<&str> = segment.text.split(' ').collect();
    let wide = segment.words.iter().filter(|word| is_wide(segment, word)).count();
    if texts.len() != segment.words.len() || !(1..=MOST_WIDE).contains(&wide) {
        return Vec::new();
    }
    let dates: Vec<std::ops::Range<usize>> =
        cv::periods(&segment.text).into_iter().map(|period| period.bytes).collect();
    let (mut before, mut at) = (0, 0);
    let mut found = Vec::new();
    for (text, word) in texts.into_iter().zip(&segment.words) {
        let is_within = dates.iter().any(|date| date.start < at && at < date.end);
        if before >= LEAST_BEFORE && is_wide(segment, word) && !is_within {
            found.push(word.x);
        }
        before += text.chars().filter(|letter| letter.is_alphanumeric()).count();
        at += text.len() + 1;
    }
    found
}

/// Whether more stands before a word than before the others of its run.
fn is_wide(segment: &Segment, word: &Word) -> bool {
    let gaps = || segment.words.iter().skip(1).map(|word| word.gap);
    let others = gaps().sum::<f32>() - word.gap;
    let mean = others / gaps().count().saturating_sub(1).max(1) as f32;
    word.gap > segment.size * WIDE && word.gap > mean * WIDER
}

/// Whether most lines that reach over an edge have a word there.
fn is_edge(segments: &[Segment], edge: f32, lines: &[usize]) -> bool {
    let feet = || lines.iter().map(|at| segments[*at].y);
    let (top, foot) = (feet().fold(f32::MIN, f32::max), feet().fold(f32::MAX, f32::min));
    let crosses = |segment: &&Segment| {
        let is_between = segment.y <= top + segment.size * SAME_LINE && segment.y >= foot - segment.size * SAME_LINE;
        is_between && segment.x < edge - SAME_EDGE && segment.end > edge + SAME_EDGE
    };
    let crossing = segments.iter().filter(crosses).count();
    lines.len() as f32 >= SHARE * crossing as f32
}

/// A run, parted where a word begins at an edge.
fn at_edge(segment: Segment, edge: f32) -> Vec<Segment> {
    let found = inner_words(&segment).into_iter().find(|x| (x - edge).abs() <= SAME_EDGE);
    let word = found.and_then(|x| segment.words.iter().position(|word| word.x == x));
    match word {
        Some(word) => segment.parted_at(word).into(),
        None => vec![segment],
    }
}

impl Segment {
    /// Two runs: the words before one, and the others. Between them is the gap of columns, however near they are.
    pub(super) fn parted_at(self, word: usize) -> [Self; 2] {
        let words: Vec<&str> = self.text.split(' ').collect();
        let (text, behind) = (words[..word].join(" "), words[word..].join(" "));
        let x = self.words[word].x;
        let end = (x - self.size * (COLUMN + 0.1)).max(self.x);
        let (first, second) = (self.words[..word].to_vec(), self.words[word..].to_vec());
        let last = self.end;
        [
            Self::of(text, (self.x, end), self.y, self.size, first),
            Self::of(behind, (x, last), self.y, self.size, second),
        ]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A run of letters five points wide; before the word numbered `wide` stand six points, before the others two.
    fn run(text: &str, x: f32, y: f32, wide: usize) -> Segment {
        let (mut words, mut at) = (Vec::new(), x);
        for (number, word) in text.split(' ').enumerate() {
            let gap = if number == 0 {
                0.0
            } else if number == wide {
                6.0
            } else {
                2.0
            };
            words.push(Word { x: at + gap, gap });
            at += gap + word.chars().count() as f32 * 5.0;
        }
        Segment::of(text.to_owned(), (x, at), y, 10.0, words)
    }

    /// A line whose value begins at 100 points.
    fn line(label: &str, value: &str, y: f32) -> Segment {
        let words = label.split(' ').count();
        let width = run(label, 0.0, y, 0).end;
        run(&format!("{label} {value}"), 94.0 - width, y, words)
    }

    #[test]
    fn labels_are_parted_from_values_that_begin_at_the_same_edge() {
        let lines = ["Date", "Employer", "Sector", "Role", "Duties and", "responsibilities"];
        let form: Vec<Segment> = lines
            .iter()
            .enumerate()
            .map(|(at, label)| line(label, "some value here", 100.0 - at as f32 * 12.0))
            .collect();
        let texts: Vec<String> = parted(form).into_iter().map(|segment| segment.text).collect();
        let expected: Vec<&str> = lines.into_iter().flat_map(|label| [label, "some value here"]).collect();
        assert_eq!(texts, expected);
    }

    #[test]
    fn running_text_and_items_are_left_whole() {
        let prose = [
            "one two three four",
            "seven eight nine ten",
            "a bee sees dee",
            "fifteen sixteen",
            "x yes zed",
            "last of all lines",
        ];
        let lines: Vec<Segment> =
            prose.iter().enumerate().map(|(at, text)| run(text, 0.0, 100.0 - at as f32 * 12.0, 2)).collect();
        assert_eq!(parted(lines.clone()).len(), lines.len());
        let items: Vec<Segment> = (0..8).map(|at| run("• item", 0.0, 100.0 - at as f32 * 12.0, 1)).collect();
        assert_eq!(parted(items).len(), 8);
    }
}
