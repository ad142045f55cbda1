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
    /// Whether it is an item of a list.
    pub(super) is_item: bool,
}

/// The lines of a text. Before the first heading stand duties.
pub(super) fn sections(body: &str) -> Vec<Line<'_>> {
    let mut kind = Kind::Duties;
    let mut lines = Vec::new();
    for raw in body.lines() {
        let trimmed = raw.trim();
        let line = bare(trimmed);
        if line.is_empty() {
            continue;
        }
        let is_item = line.len() < trimmed.trim_start_matches(['#', '*']).trim_start().len() && is_bulleted(trimmed);
        // "Location: Milan" and "Requirements: Rust, Go" say both on one line.
        let (head, rest) = line.split_once(':').map_or((line, ""), |(head, rest)| (head, rest.trim()));
        match heading(head, rest, is_item) {
            Some(own) => {
                kind = own;
                lines.push(Line { text: head, kind, is_heading: true, is_item: false });
                push_sentences(rest, kind, false, &mut lines);
            }
            None => push_sentences(line, kind, is_item, &mut lines),
        }
    }
    lines
}

/// What a line opens, where it is a heading.
fn heading(head: &str, rest: &str, is_item: bool) -> Option<Kind> {
    if is_item || head.ends_with(['.', '!', ',', ';']) {
        return None;
    }
    let known = headings::of_heading(head);
    // A heading that nobody knows ends what stood before it.
    let is_unknown = || {
        let words = text::tokens(head).len();
        head.len() < usize::MAX && rest.is_empty() && head.ends_with(':') && (1..=LONGEST_HEADING).contains(&words)
    };
    known.or_else(|| is_unknown().then_some(Kind::Duties))
}

/// The sentences of a line; one that speaks of what is offered or of the employer is about that.
fn push_sentences<'t>(line: &'t str, kind: Kind, is_item: bool, lines: &mut Vec<Line<'t>>) {
    for range in text::sentences(line) {
        let text = line.get(range).unwrap_or_default().trim();
        let own = if kind.left_out().is_some() { None } else { headings::of_sentence(text) };
        lines.push(Line { text, kind: own.unwrap_or(kind), is_heading: false, is_item });
    }
}

/// A line without what marks it as an item or heading.
fn bare(line: &str) -> &str {
    line.trim_start_matches(|letter: char| is_bullet(letter) || letter == '#' || letter.is_whitespace())
        .trim_end_matches(['*', '#'])
        .trim()
}

fn is_bulleted(line: &str) -> bool {
    let mut letters = line.chars();
    // Two stars are bold.
    letters.next().is_some_and(is_bullet) && !line.starts_with("**")
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
