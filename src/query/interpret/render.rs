//! Parts and what is left of a sentence → a request.
//!
//! What is left stands as typed. Little words next to a part fall out, and so does the punctuation there. Words of an
//! undone part are kept whole. AND, OR and NOT, which are words in a sentence, are put in lower case so that they stay it.

use std::ops::Range;

use super::super::filter::FilterSet;
use super::glue::is_glue;
use super::reading::Reading;
use super::scan::Scanned;
use super::sentence::Sentence;

/// A part of a sentence.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Part {
    /// The tokens it took.
    pub(super) tokens: Range<usize>,
    /// What they were read as.
    pub(super) reading: Reading,
    /// What was assumed.
    pub(super) note: Option<String>,
}

/// A request: a sentence with all of its parts, or all but one.
#[derive(Debug, Clone, Copy)]
pub(super) struct Rendered<'s> {
    pub(super) sentence: &'s Sentence<'s>,
    /// What was read of it.
    pub(super) scanned: &'s Scanned,
    /// The part that is words again.
    pub(super) undone: Option<usize>,
}

impl Rendered<'_> {
    /// The filters of the request: the stated ones, and those of the parts.
    pub(super) fn filters(self, stated: &FilterSet) -> FilterSet {
        let mut filters = stated.clone();
        self.made().for_each(|part| part.reading.add_to(&mut filters));
        filters
    }

    /// The query of the request.
    pub(super) fn query(self) -> String {
        let mut pieces: Vec<String> = Vec::new();
        let mut from = self.scanned.opening;
        for part in self.made() {
            pieces.extend(self.words(from..part.tokens.start));
            pieces.extend(part.reading.clauses());
            from = part.tokens.end;
        }
        pieces.extend(self.words(from..self.sentence.len()));
        pieces.join(" ")
    }

    fn made(&self) -> impl Iterator<Item = &Part> {
        let undone = self.undone;
        self.scanned.parts.iter().enumerate().filter(move |(index, _)| Some(*index) != undone).map(|(_, part)| part)
    }

    /// What is kept of the tokens between two parts.
    fn words(&self, mut tokens: Range<usize>) -> Option<String> {
        let Scanned { opening, parts, held } = self.scanned;
        let undone = self.undone.map(|index| &parts[index].tokens);
        let is_kept = |at: usize| held.iter().chain(undone).any(|kept| kept.contains(&at));
        let falls_out = |at: usize| is_glue(self.sentence, at) && !is_kept(at);
        if tokens.start > 0 && tokens.start >= *opening {
            while !tokens.is_empty() && falls_out(tokens.start) && self.sentence.splits(tokens.start + 1) {
                tokens.start += 1;
            }
        }
        if tokens.end < self.sentence.len() {
            while !tokens.is_empty() && falls_out(tokens.end - 1) && self.sentence.splits(tokens.end - 1) {
                tokens.end -= 1;
            }
        }
        (!tokens.is_empty()).then(|| self.text(tokens))
    }

    /// Tokens as typed, on one line. What a part left of a word ("not:a" of "remote,not:a") is no field: its colons
    /// become spaces.
    fn text(&self, tokens: Range<usize>) -> String {
        let mut text = String::new();
        let mut copied = self.sentence.bytes(tokens.clone()).start;
        let mut is_rest_of_word = self.sentence.follows_at_once(tokens.start);
        for at in tokens.clone() {
            let bytes = self.sentence.bytes(at..at + 1);
            if at > tokens.start {
                is_rest_of_word = is_rest_of_word && self.sentence.follows_at_once(at);
                let is_blank = |letter: char| letter.is_whitespace() || (is_rest_of_word && letter == ':');
                text.extend(
                    self.sentence.between(at).chars().map(|letter| if is_blank(letter) { ' ' } else { letter }),
                );
            }
            // Tokens of scripts without spaces overlap.
            let typed = self.sentence.typed(at..at + 1);
            let fresh = &typed[copied.saturating_sub(bytes.start).min(typed.len())..];
            match fresh {
                "AND" | "OR" | "NOT" => text.push_str(&fresh.to_ascii_lowercase()),
                _ => text.push_str(fresh),
            }
            copied = bytes.end;
        }
        text
    }
}
