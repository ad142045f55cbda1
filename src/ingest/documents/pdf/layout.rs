//! Glyphs of a page → text in reading order.
//!
//! Glyphs → segments of one line → columns, where an empty band parts two blocks whose lines do not stand side by side → lines.
//! Columns of a table (dates beside titles, labels beside values) stay on their line, parted by a tab.

use std::borrow::Borrow;
use std::ops::Range;

use super::interpret::{Dot, Glyph};
use crate::cv;

/// A run of text on one line.
#[derive(Debug, Clone)]
pub(super) struct Segment {
    pub(super) text: String,
    /// Left edge, in points.
    pub(super) x: f32,
    /// Right edge.
    pub(super) end: f32,
    /// The foot of its letters, from the foot of the page.
    pub(super) y: f32,
    /// The size of its letters.
    pub(super) size: f32,
    pub(super) words: Vec<Word>,
    /// Where its last letter ends, without spaces behind it.
    pub(super) ink: f32,
}

/// Where a word begins.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Word {
    /// Its left edge, in points.
    pub(super) x: f32,
    /// How far it stands from the word before it, in points; zero for the first.
    pub(super) gap: f32,
}

impl Segment {
    /// A run whose words begin at given edges.
    pub(super) fn of(text: String, (x, end): (f32, f32), y: f32, size: f32, words: Vec<Word>) -> Self {
        Self { text, x, end, y, size, words, ink: end }
    }
}

/// A gap of so many sizes of the letters is a space.
const SPACE: f32 = 0.16;

/// A wider gap parts segments.
const APART: f32 = 1.1;

/// A wider gap on a line is that between columns.
pub(super) const COLUMN: f32 = 1.6;

/// Lines whose foots are nearer than so many sizes are one.
pub(super) const SAME_LINE: f32 = 0.35;

/// A column has at least so many lines.
const LEAST_LINES: usize = 4;

/// A table has so many of the narrower column's lines beside one of the wider.
const OF_A_TABLE: f32 = 0.75;

/// Blocks within blocks.
const MAX_DEPTH: usize = 6;

/// The text of a page.
#[derive(Debug, Default)]
pub(super) struct PageText {
    pub(super) lines: Vec<String>,
    /// What stands beside the wider column.
    aside: Option<Aside>,
    /// Left and right edge of each segment.
    edges: Vec<(f32, f32)>,
}

/// The narrower of two columns.
#[derive(Debug)]
struct Aside {
    /// Its lines among those of the page.
    lines: Range<usize>,
    /// The left edge of the right column.
    gutter: f32,
    /// Whether it stands left of the wider one.
    is_left: bool,
}

/// Edges of columns on two pages are alike when they are nearer, in points.
const SAME_EDGE: f32 = 12.0;

impl PageText {
    /// Whether the wider column of this page goes on on the next one: both part at the same edge, or the next page has nothing
    /// beside the column but running lines.
    fn goes_on(&self, next: &Self) -> bool {
        let Some(aside) = &self.aside else { return false };
        // What stands beneath both columns ends them, but for a number of the page.
        let beneath = self.lines[aside.lines.end..].iter().filter(|line| !line.trim().is_empty()).count();
        if beneath > 1 {
            return false;
        }
        match &next.aside {
            Some(other) => other.is_left == aside.is_left && (other.gutter - aside.gutter).abs() < SAME_EDGE,
            None => {
                let is_within = |(left, right): &&(f32, f32)| {
                    if aside.is_left { *left > aside.gutter - SAME_EDGE } else { *right < aside.gutter + SAME_EDGE }
                };
                let within = next.edges.iter().filter(is_within).count();
                !next.edges.is_empty() && within + MOST_RUNNING >= next.edges.len() && within > MOST_RUNNING
            }
        }
    }
}

/// So many segments of a page may be a running line.
const MOST_RUNNING: usize = 2;

/// The lines of pages in reading order: a column that goes on over pages is read to its end before what stands beside it.
pub(super) fn in_order(pages: &[PageText]) -> Vec<Vec<String>> {
    let mut texts: Vec<Vec<String>> = Vec::new();
    let mut at = 0;
    while at < pages.len() {
        let mut end = at + 1;
        while end < pages.len() && goes_on_to(&pages[at..=end]) {
            end += 1;
        }
        let group = &pages[at..end];
        if group.len() == 1 {
            texts.push(group[0].lines.clone());
        } else {
            let range = |page: &PageText| page.aside.as_ref().map_or(0..0, |aside| aside.lines.clone());
            texts.extend(group.iter().map(|page| {
                let range = range(page);
                [&page.lines[..range.start], &page.lines[range.end..]].concat()
            }));
            texts.extend(group.iter().map(|page| page.lines[range(page)].to_vec()).filter(|lines| !lines.is_empty()));
        }
        at = end;
    }
    texts
}

/// Whether the column of the first page goes on to the last one.
fn goes_on_to(pages: &[PageText]) -> bool {
    let [first, .., last] = pages else { return false };
    let before = &pages[pages.len() - 2];
    if before.aside.is_some() { before.goes_on(last) } else { first.goes_on(last) }
}

/// A drawn mark of an item is at most so wide, in sizes of the letters behind it: larger ones are those of a time line.
const WIDEST_MARK: f32 = 0.45;

/// A drawn mark stands at most so far before its item, in sizes of the letters.
const BEFORE_ITEM: f32 = 2.5;

/// A page with more pairs of a dot and a glyph is a picture: its dots are no marks.
const MOST_PAIRS: usize = 5_000_000;

/// Glyphs with a bullet for each dot that is drawn before a line. Dots in a row tell how well somebody knows something, those of a
/// time line stand beside periods.
pub(super) fn with_items(mut glyphs: Vec<Glyph>, dots: &[Dot]) -> Vec<Glyph> {
    if dots.len() * glyphs.len() > MOST_PAIRS {
        return glyphs;
    }
    let is_in_row = |dot: &Dot| {
        dots.iter().any(|other| {
            let gap = (other.x - dot.x).abs();
            (other.y - dot.y).abs() < 2.0 && gap > 0.5 && gap < (dot.end - dot.x) * 4.0
        })
    };
    let mut marks: Vec<Glyph> =
        dots.iter().filter(|dot| !is_in_row(dot)).filter_map(|dot| mark(dot, &glyphs)).collect();
    marks.sort_by(|a, b| a.x.total_cmp(&b.x).then(b.y.total_cmp(&a.y)));
    let mut from = 0;
    for to in 1..=marks.len() {
        if to < marks.len() && (marks[to].x - marks[to - 1].x).abs() < 1.0 {
            continue;
        }
        if !is_time_line(&marks[from..to], &glyphs) {
            glyphs.extend_from_slice(&marks[from..to]);
        }
        from = to;
    }
    glyphs
}

/// So many glyphs of a line are looked at for a period.
const MOST_OF_LINE: usize = 120;

/// Whether marks beneath each other are those of a time line.
fn is_time_line(marks: &[Glyph], glyphs: &[Glyph]) -> bool {
    let line = |mark: &Glyph| {
        let mut held: Vec<&Glyph> =
            glyphs.iter().filter(|glyph| (glyph.y - mark.y).abs() < 1.5 && glyph.x > mark.x).collect();
        held.sort_by(|a, b| a.x.total_cmp(&b.x));
        held.iter().take(MOST_OF_LINE).map(|glyph| glyph.text.as_str()).collect::<String>()
    };
    let dated = marks.iter().filter(|mark| cv::holds_range(&line(mark))).count();
    dated * 2 >= marks.len() && dated > 1
}

/// The bullet that a dot is, where a line begins right behind it.
fn mark(dot: &Dot, glyphs: &[Glyph]) -> Option<Glyph> {
    let beside = || {
        glyphs
            .iter()
            .filter(|glyph| dot.y > glyph.y && dot.y < glyph.y + glyph.size * 0.75 && !glyph.text.trim().is_empty())
    };
    let first = beside().filter(|glyph| glyph.x >= dot.end).min_by(|a, b| a.x.total_cmp(&b.x))?;
    let is_near = first.x - dot.end <= first.size * BEFORE_ITEM && dot.end - dot.x <= first.size * WIDEST_MARK;
    let is_begin = !beside().any(|glyph| glyph.x < dot.x && dot.x - glyph.end < first.size * BEFORE_ITEM);
    let text = "•".to_owned();
    (is_near && is_begin).then_some(Glyph { text, x: dot.x, y: first.y, end: dot.end, size: first.size })
}

/// The text of a page's glyphs.
pub(super) fn text_of(glyphs: &[Glyph]) -> PageText {
    let mut segments = segments(glyphs);
    segments.sort_by(|a, b| b.y.total_cmp(&a.y).then(a.x.total_cmp(&b.x)));
    let mut page = PageText::default();
    page.edges = segments.iter().map(|segment| (segment.x, segment.end)).collect();
    page.aside = block(super::table::with_whole_cells(super::edges::parted(segments)), &mut page.lines, 0);
    page
}

fn segments(glyphs: &[Glyph]) -> Vec<Segment> {
    let mut segments: Vec<Segment> = Vec::new();
    for glyph in glyphs {
        let is_blank = glyph.text.chars().all(char::is_whitespace);
        if let Some(last) = segments.last_mut()
            && (last.y - glyph.y).abs() <= last.size.max(glyph.size) * SAME_LINE
        {
            let gap = (glyph.x - last.end) / glyph.size.max(last.size).max(1.0);
            if (-0.6..APART).contains(&gap) {
                if gap > SPACE && !last.text.ends_with(' ') && !is_blank {
                    last.text.push(' ');
                }
                if !is_blank && last.text.ends_with(' ') {
                    last.words.push(Word { x: glyph.x, gap: glyph.x - last.ink });
                }
                if !is_blank {
                    last.ink = last.ink.max(glyph.end);
                }
                last.text.push_str(if is_blank { " " } else { &glyph.text });
                last.end = last.end.max(glyph.end);
                last.size = last.size.max(glyph.size);
                continue;
            }
        }
        if !is_blank {
            let words = vec![Word { x: glyph.x, gap: 0.0 }];
            segments.push(Segment::of(glyph.text.clone(), (glyph.x, glyph.end), glyph.y, glyph.size, words));
        }
    }
    for segment in &mut segments {
        let trimmed = segment.text.trim();
        let words: Vec<&str> = trimmed.split(' ').filter(|word| !word.is_empty()).collect();
        segment.text = without_ligatures(&words.join(" "));
    }
    joined(segments)
}

/// Letters that are drawn as one, taken apart.
fn without_ligatures(text: &str) -> String {
    const LIGATURES: [(char, &str); 7] = [
        ('\u{fb00}', "ff"),
        ('\u{fb01}', "fi"),
        ('\u{fb02}', "fl"),
        ('\u{fb03}', "ffi"),
        ('\u{fb04}', "ffl"),
        ('\u{fb05}', "st"),
        ('\u{fb06}', "st"),
    ];
    let mut whole = String::with_capacity(text.len());
    for letter in text.chars() {
        match LIGATURES.iter().find(|(ligature, _)| *ligature == letter) {
            Some((_, letters)) => whole.push_str(letters),
            None => whole.push(letter),
        }
    }
    whole
}

/// Segments by the line that they stand on. They come from the top of the page to its foot.
pub(super) fn lines_of<S: Borrow<Segment>>(segments: impl IntoIterator<Item = S>) -> Vec<Vec<S>> {
    let mut lines: Vec<Vec<S>> = Vec::new();
    for segment in segments {
        let own = segment.borrow();
        let is_beside = |line: &&mut Vec<S>| {
            let first = line[0].borrow();
            (first.y - own.y).abs() <= first.size.max(own.size) * SAME_LINE
        };
        match lines.last_mut().filter(is_beside) {
            Some(line) => line.push(segment),
            None => lines.push(vec![segment]),
        }
    }
    lines
}

/// Joins segments of one line that were drawn apart: words, letters, runs of another font.
fn joined(mut segments: Vec<Segment>) -> Vec<Segment> {
    segments.sort_by(|a, b| b.y.total_cmp(&a.y));
    let lines = lines_of(segments);
    let mut whole: Vec<Segment> = Vec::new();
    for mut line in lines {
        line.sort_by(|a, b| a.x.total_cmp(&b.x));
        let y = line[0].y;
        let mut held: Option<Segment> = None;
        for segment in line {
            let Some(last) = &mut held else {
                held = Some(Segment { y, ..segment });
                continue;
            };
            let gap = (segment.x - last.end) / segment.size.min(last.size).max(1.0);
            let is_bullet =
                last.text.chars().count() == 1 && !last.text.chars().all(char::is_alphanumeric) && gap < 4.0;
            if gap < APART || is_bullet {
                let is_spaced = gap > SPACE || is_bullet;
                if is_spaced {
                    last.text.push(' ');
                }
                let gap = segment.x - last.ink;
                let first = segment.words.first().filter(|_| is_spaced).map(|word| Word { gap, ..*word });
                last.words.extend(first.into_iter().chain(segment.words.iter().skip(1).copied()));
                last.ink = last.ink.max(segment.ink);
                last.text.push_str(&segment.text);
                last.end = last.end.max(segment.end);
                last.size = last.size.max(segment.size);
            } else {
                whole.extend(held.replace(Segment { y, ..segment }));
            }
        }
        whole.extend(held);
    }
    whole
}

/// Writes a block's lines, its columns one after the other. Gives the narrower column, where it has two.
fn block(segments: Vec<Segment>, lines: &mut Vec<String>, depth: usize) -> Option<Aside> {
    if depth < MAX_DEPTH
        && let Some((gutter, top, bottom)) = columns(&segments)
    {
        let (mut above, mut left, mut right, mut below) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        for segment in segments {
            let side = if segment.y > top + 0.5 {
                &mut above
            } else if segment.y < bottom - 0.5 {
                &mut below
            } else if segment.x < gutter {
                &mut left
            } else {
                &mut right
            };
            side.push(segment);
        }
        // The wider column is what the page is about; what stands beside it comes after.
        let letters = |side: &[Segment]| side.iter().map(|segment| segment.text.len()).sum::<usize>();
        let is_left = letters(&left) < letters(&right);
        if is_left {
            std::mem::swap(&mut left, &mut right);
        }
        let mut ends = [0; 4];
        for (side, end) in [above, left, right, below].into_iter().zip(&mut ends) {
            if !side.is_empty() {
                block(side, lines, depth + 1);
                lines.push(String::new());
            }
            *end = lines.len();
        }
        return Some(Aside { lines: ends[1]..ends[2], gutter, is_left });
    }
    write(&segments, lines);
    None
}

/// Where two columns part: the left edge of the right one, and the feet of their first and last line.
fn columns(segments: &[Segment]) -> Option<(f32, f32, f32)> {
    let mut edges: Vec<f32> = segments.iter().map(|segment| segment.x).collect();
    edges.sort_by(f32::total_cmp);
    edges.dedup_by(|a, b| (*a - *b).abs() < 2.0);
    let candidates = edges.iter().filter_map(|edge| {
        let at_edge = segments.iter().filter(|segment| (segment.x - edge).abs() < 2.0).count();
        (at_edge >= 3).then(|| run_beside(segments, *edge)).flatten()
    });
    let best = candidates.max_by_key(|(lines, ..)| *lines)?;
    let (_, edge, top, bottom) = best;
    let within = |segment: &&Segment| segment.y <= top + 0.5 && segment.y >= bottom - 0.5;
    let (left, right): (Vec<&Segment>, Vec<&Segment>) =
        segments.iter().filter(within).partition(|segment| segment.x < edge);
    (!is_table(&left, &right)).then_some((edge, top, bottom))
}

/// The longest run of lines that no segment crosses the band left of an edge in, with enough lines on both sides.
fn run_beside(segments: &[Segment], edge: f32) -> Option<(usize, f32, f32, f32)> {
    const BAND: f32 = 7.0;
    let mut best: Option<(usize, f32, f32, f32)> = None;
    let (mut left, mut right, mut top, mut bottom) = (0, 0, 0.0, 0.0);
    let mut close = |left: usize, right: usize, top: f32, bottom: f32| {
        if left >= LEAST_LINES && right >= LEAST_LINES && best.is_none_or(|(lines, ..)| left + right > lines) {
            best = Some((left + right, edge, top, bottom));
        }
    };
    for segment in segments {
        let crosses = segment.x < edge - 1.0 && segment.end > edge - BAND;
        if crosses {
            close(left, right, top, bottom);
            (left, right) = (0, 0);
            continue;
        }
        if left + right == 0 {
            top = segment.y;
        }
        bottom = segment.y;
        if segment.x < edge { left += 1 } else { right += 1 }
    }
    close(left, right, top, bottom);
    best
}

/// Whether two columns are those of a table: the lines of one stand beside those of the other, or are dates.
fn is_table(left: &[&Segment], right: &[&Segment]) -> bool {
    let letters = |side: &[&Segment]| side.iter().map(|segment| segment.text.len()).sum::<usize>();
    let (narrow, wide) = if letters(left) < letters(right) { (left, right) } else { (right, left) };
    if narrow.is_empty() {
        return true;
    }
    let heads = |side: &[&Segment]| side.iter().filter(|segment| cv::heads_row(&segment.text)).count();
    let dated = heads(narrow);
    let is_beside = |segment: &&&Segment| wide.iter().any(|other| (other.y - segment.y).abs() < 1.5);
    let beside = narrow.iter().filter(is_beside).count();
    let share = |count: usize| count as f32 / narrow.len() as f32;
    // Headings stand alone in a column of dates and labels.
    let dates: Vec<&&Segment> = narrow.iter().filter(|segment| cv::holds_range(&segment.text)).collect();
    // Two columns of entries: periods stand beside periods.
    let beside_dates =
        |date: &&&&Segment| wide.iter().any(|other| (other.y - date.y).abs() < 1.5 && cv::holds_range(&other.text));
    if dates.len() >= 2 && dates.iter().filter(beside_dates).count() == dates.len() {
        return false;
    }
    let is_of_dates = dates.len() >= 2 && dates.iter().all(is_beside) && share(beside) >= 0.6;
    share(dated) >= 0.4 || share(beside) >= OF_A_TABLE || is_of_dates
}

/// Writes segments line by line, with empty lines where the text leaves room, and the indent in spaces.
fn write(segments: &[Segment], lines: &mut Vec<String>) {
    let rows = lines_of(segments);
    let margin = segments.iter().map(|segment| segment.x).fold(f32::INFINITY, f32::min);
    let mut pitches: Vec<f32> = rows.windows(2).map(|pair| pair[0][0].y - pair[1][0].y).collect();
    pitches.sort_by(f32::total_cmp);
    let usual = pitches.get(pitches.len() / 3).copied().unwrap_or(12.0).max(1.0);
    let mut last: Option<(f32, f32)> = None;
    for mut row in rows {
        row.sort_by(|a, b| a.x.total_cmp(&b.x));
        let (y, size) = (row[0].y, row[0].size);
        if last.is_some_and(|(above, height)| above - y > (usual * 1.35).max(size.max(height) * 1.25)) {
            lines.push(String::new());
        }
        last = Some((y, size));
        let indent = ((row[0].x - margin) / (size * 0.5).max(1.0)).clamp(0.0, 40.0) as usize;
        let mut line = " ".repeat(indent);
        let mut end: Option<f32> = None;
        for segment in row {
            if let Some(end) = end {
                let gap = (segment.x - end) / segment.size.max(1.0);
                line.push(if gap >= COLUMN { '\t' } else { ' ' });
            }
            line.push_str(&segment.text);
            end = Some(segment.end);
        }
        lines.push(line);
    }
}
