//! A job text as lines, each with what it is about.

use super::LeftOut;
use super::headings::{self, Kind};
use crate::text;

/// The longest line that can be a heading without a known phrase, in tokens: it ends with a colon.
const LONGEST_HEADING: usize = 8;

/// A line or sentence of a job text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Line<'t> {
    /// Without bullet and spaces around it.
    pub(super) text: &'t str,
    /// What it is about.
    pub(super) kind: Kind,
    /// Whether it is a heading itself.
    pub(super) is_heading: bool,
}

/// The lines of a text. Before the first heading stand duties.
pub(super) fn sections(body: &str) -> Vec<Line<'_>> {
    let mut kind = Kind::Duties;
    let mut lines = Vec::new();
    for raw in body.lines().map(str::trim) {
        let is_item = is_item(raw);
        let line = bare(raw, is_item);
        if line.is_empty() {
            continue;
        }
        // "Location: Milan" and "Requirements: Rust, Go" say both on one line.
        let (head, rest) = line.split_once([':', '：']).map_or((line, None), |(head, rest)| (head, Some(rest.trim())));
        let is_marked = rest.is_some() || raw.starts_with('#') || raw.starts_with("**");
        match heading(head, rest, is_marked && !is_item, is_item) {
            // "Salary: 50,000" says nothing of what follows.
            Some((own, _)) if own.left_out().is_some() && rest.is_some_and(|rest| !rest.is_empty()) => {
                lines.push(Line { text: line, kind: own, is_heading: true });
            }
            Some((own, says_all)) => {
                kind = own;
                lines.push(Line { text: head, kind, is_heading: true });
                // "Excellent communication skills" is a heading and says something.
                if !says_all && own.left_out().is_none() {
                    lines.push(Line { text: head, kind: Kind::Duties, is_heading: false });
                }
                push_sentences(rest.unwrap_or_default(), kind, &mut lines);
            }
            None => push_sentences(line, kind, &mut lines),
        }
    }
    lines
}

/// What a line opens, where it is a heading, and whether it says nothing else.
fn heading(head: &str, rest: Option<&str>, is_marked: bool, is_item: bool) -> Option<(Kind, bool)> {
    if is_item || head.ends_with(['.', '!', ',', ';']) {
        return None;
    }
    // A heading that nobody knows ends what stood before it.
    let is_unknown = || {
        let words = text::tokens(head).len();
        rest.is_some_and(str::is_empty) && (1..=LONGEST_HEADING).contains(&words)
    };
    headings::of_heading(head, is_marked).or_else(|| is_unknown().then_some((Kind::Duties, false)))
}

/// The sentences of a line; one that speaks of what is offered or of the employer is about that.
fn push_sentences<'t>(line: &'t str, kind: Kind, lines: &mut Vec<Line<'t>>) {
    for range in text::sentences(line) {
        let text = line.get(range).unwrap_or_default().trim();
        let own = if kind.left_out().is_some() { None } else { headings::of_sentence(text) };
        lines.push(Line { text, kind: own.unwrap_or(kind), is_heading: false });
    }
}

/// A line without what marks it as an item or heading.
fn bare(line: &str, is_item: bool) -> &str {
    let line = if is_item { line.trim_start_matches(|letter: char| letter.is_ascii_digit()) } else { line };
    let is_mark = |letter: char| is_bullet(letter) || letter == '#' || letter.is_whitespace();
    let line = line.trim_start_matches(|letter: char| is_mark(letter) || is_item && matches!(letter, '.' | ')'));
    line.trim_end_matches(['*', '#']).trim()
}

/// Whether a line is an item of a list: "- Rust", "* Rust", "1. Rust". Two stars, or stars on both sides, are bold.
fn is_item(line: &str) -> bool {
    let numbered = line.trim_start_matches(|letter: char| letter.is_ascii_digit());
    let is_numbered = numbered.len() < line.len() && (numbered.starts_with(". ") || numbered.starts_with(") "));
    let is_bold = line.starts_with("**") || line.starts_with('*') && line.ends_with('*');
    is_numbered || line.starts_with(is_bullet) && !is_bold
}

fn is_bullet(letter: char) -> bool {
    matches!(letter, '-' | '–' | '—' | '*' | '•' | '·' | '‣' | '▪' | '●' | '○' | '◦' | '■' | '➢' | '➤' | '✓' | '✔')
}

/// What says nothing of whom the text asks for, part by part.
pub(super) fn left_out(lines: &[Line<'_>]) -> Vec<LeftOut> {
    let mut parts: Vec<LeftOut> = Vec::new();
    let mut last = None;
    for line in lines {
        let about = line.kind.left_out();
        if let Some(about) = about {
            match parts.last_mut().filter(|_| last == Some(about) && !line.is_heading) {
                Some(part) => {
                    part.text.push('\n');
                    part.text.push_str(line.text);
                }
                None => parts.push(LeftOut { about, text: line.text.to_owned() }),
            }
        }
        last = about;
    }
    parts
}
