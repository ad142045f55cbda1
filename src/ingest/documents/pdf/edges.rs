//! Columns that hardly a space parts.
//!
//! Runs of text → runs that are parted where words of many lines begin at the same edge: labels of a form beside their values.

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
    let begins =
        |(at, segment): (usize, &Segment)| inner_words(segment).into_iter().map(move |x| (x, at)).collect::<Vec<_>>();
    let mut begun: Vec<(f32, usize)> = segments.iter().enumerate().flat_map(begins).collect();
    begun.sort_by(|a, b| a.0.total_cmp(&b.0));
    // For each word, those that begin at the same edge or right behind it.
    let mut to = 0;
    let mut edges: Vec<(usize, usize)> = Vec::new();
    for from in 0..begun.len() {
        while to < begun.len() && begun[to].0 - begun[from].0 <= SAME_EDGE {
            to += 1;
        }
        if to - from >= LEAST_LINES {
            edges.push((from, to));
        }
    }
    edges.sort_by_key(|(from, to)| (std::cmp::Reverse(to - from), *from));
    let edge = edges.into_iter().take(MOST_EDGES).map(|(from, to)| &begun[from..to]).find_map(|lines| {
        let edge = lines[lines.len() / 2].0;
        let lines: Vec<usize> = lines.iter().map(|(_, at)| *at).collect();
        is_edge(&segments, edge, &lines).then_some(edge)
    });
    let Some(edge) = edge else { return segments };
    segments.into_iter().flat_map(|segment| at_edge(segment, edge)).collect()
}

/// So many edges are looked at, those of the most lines first.
const MOST_EDGES: usize = 24;

/// The left edges of the words of a run that enough stands before, with more than a space between, and that no date goes over.
fn inner_words(segment: &Segment) -> Vec<f32> {
    let texts: Vec<&str> = segment.text.split(' ').collect();
    if texts.len() != segment.words.len() || texts.len() > MOST_WORDS {
        return Vec::new();
    }
    let is_wide: Vec<bool> = wide_words(segment);
    if !(1..=MOST_WIDE).contains(&is_wide.iter().filter(|is_wide| **is_wide).count()) {
        return Vec::new();
    }
    let dates: Vec<std::ops::Range<usize>> =
        cv::periods(&segment.text).into_iter().map(|period| period.bytes).collect();
    let (mut before, mut at) = (0, 0);
    let mut found = Vec::new();
    for ((text, word), is_wide) in texts.into_iter().zip(&segment.words).zip(is_wide) {
        let is_within = dates.iter().any(|date| date.start < at && at < date.end);
        if before >= LEAST_BEFORE && is_wide && !is_within {
            found.push(word.x);
        }
        before += text.chars().filter(|letter| letter.is_alphanumeric()).count();
        at += text.len() + 1;
    }
    found
}

/// Before which words of a run more stands than before its others.
fn wide_words(segment: &Segment) -> Vec<bool> {
    let all: f32 = segment.words.iter().skip(1).map(|word| word.gap).sum();
    let others = segment.words.len().saturating_sub(2).max(1) as f32;
    let is_wide = |word: &Word| word.gap > segment.size * WIDE && word.gap > (all - word.gap) / others * WIDER;
    segment.words.iter().map(is_wide).collect()
}

/// A run of more words is no label with a value.
const MOST_WORDS: usize = 200;

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
