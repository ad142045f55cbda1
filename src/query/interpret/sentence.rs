//! A typed sentence as tokens, and what stands between them.
//!
//! Text → folded tokens, each with the gap before it; phrases of the rule tables are matched against them. Invariant:
//! a part of a sentence begins and ends where [`Sentence::splits`] says that it may, so no word is torn apart.

use std::ops::Range;

use super::numbers;
use crate::text;

/// What stands before a token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Gap {
    /// No white space: `full-stack`, `rust/go`.
    Glued,
    /// An apostrophe: `nell'ultimo`.
    Apostrophe,
    /// White space, and perhaps signs that end nothing.
    Space,
    /// The start, a comma, a full stop, a dash between spaces.
    Stop,
}

/// Words after which a full stop ends nothing.
const ABBREVIATIONS: [&str; 10] = ["st", "ste", "mt", "ft", "s", "dr", "sr", "jr", "resp", "exp"];

/// A typed sentence.
#[derive(Debug)]
pub(super) struct Sentence<'t> {
    text: &'t str,
    forms: Vec<String>,
    bytes: Vec<Range<usize>>,
    gaps: Vec<Gap>,
    is_shouted: bool,
}

/// A phrase that was found.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Phrase {
    /// The token after it.
    pub(super) end: usize,
    /// The numbers in its `#` slots, in order.
    pub(super) numbers: Vec<f64>,
}

impl<'t> Sentence<'t> {
    pub(super) fn of(text: &'t str) -> Self {
        let tokens = text::tokens(text);
        let bytes: Vec<Range<usize>> = tokens.iter().map(|token| token.bytes.clone()).collect();
        let gaps = (0..bytes.len()).map(|at| gap_before(text, &bytes, at)).collect();
        let is_shouted = !text.chars().any(char::is_lowercase);
        Self { text, forms: tokens.into_iter().map(|token| token.exact).collect(), bytes, gaps, is_shouted }
    }

    /// The number of tokens.
    pub(super) fn len(&self) -> usize {
        self.forms.len()
    }

    /// The folded tokens.
    pub(super) fn forms(&self) -> &[String] {
        &self.forms
    }

    /// The folded token at a position; empty past the ends.
    pub(super) fn form(&self, at: usize) -> &str {
        self.forms.get(at).map_or("", String::as_str)
    }

    /// The folded token so many before a position; empty past the start.
    pub(super) fn before(&self, at: usize, back: usize) -> &str {
        at.checked_sub(back).map_or("", |at| self.form(at))
    }

    /// What stands before a token; a stop past the end.
    pub(super) fn gap(&self, at: usize) -> Gap {
        self.gaps.get(at).copied().unwrap_or(Gap::Stop)
    }

    /// The text between a token and the one before it; empty at the ends and within overlapping tokens.
    pub(super) fn between(&self, at: usize) -> &'t str {
        match (at.checked_sub(1).and_then(|before| self.bytes.get(before)), self.bytes.get(at)) {
            (Some(before), Some(token)) => self.text.get(before.end..token.start).unwrap_or(""),
            _ => "",
        }
    }

    /// Whether no white space lies between a token and the one before it.
    pub(super) fn follows_at_once(&self, at: usize) -> bool {
        at > 0 && !self.between(at).chars().any(char::is_whitespace)
    }

    /// The sign directly before a token, white space and an equals sign aside.
    pub(super) fn sign_before(&self, at: usize) -> Option<char> {
        let before = &self.text[..self.bytes.get(at)?.start];
        let before = before.trim_end_matches(|letter: char| letter.is_whitespace() || letter == '=');
        before.chars().next_back().filter(|sign| !sign.is_alphanumeric())
    }

    /// Where the tokens of a non-empty range stand in the text.
    pub(super) fn bytes(&self, tokens: Range<usize>) -> Range<usize> {
        self.bytes[tokens.start].start..self.bytes[tokens.end - 1].end
    }

    /// The tokens of a range as typed.
    pub(super) fn typed(&self, tokens: Range<usize>) -> &'t str {
        if tokens.is_empty() { "" } else { &self.text[self.bytes(tokens)] }
    }

    /// Whether a part may begin or end before the token at a position.
    pub(super) fn splits(&self, at: usize) -> bool {
        self.gap(at) != Gap::Glued
    }

    /// Whether the token at a position is one of these.
    pub(super) fn is(&self, at: usize, words: &[&str]) -> bool {
        words.contains(&self.form(at))
    }

    /// Whether a stop or an end lies before a position.
    pub(super) fn stops(&self, at: usize) -> bool {
        self.gap(at) == Gap::Stop
    }

    /// The first stop after a token.
    pub(super) fn segment_end(&self, at: usize) -> usize {
        (at + 1..self.len()).find(|next| self.stops(*next)).unwrap_or(self.len())
    }

    /// Whether a token is written with a capital, in a sentence that is not wholly in capitals.
    pub(super) fn has_capital(&self, at: usize) -> bool {
        let is_capital = self.typed(at..at + 1).starts_with(char::is_uppercase);
        is_capital && !self.is_shouted
    }

    /// Matches a phrase of a rule table: slots apart by spaces, each of words apart by `|`; `#` is a number, a `?` at
    /// the end makes a slot optional. No stop lies within a phrase.
    pub(super) fn phrase(&self, at: usize, pattern: &str) -> Option<Phrase> {
        let mut numbers = Vec::new();
        let end = self.follow(at, at, pattern, &mut numbers)?;
        Some(Phrase { end, numbers })
    }

    /// The end of the longest of several phrases.
    pub(super) fn longest(&self, at: usize, patterns: &[&str]) -> Option<usize> {
        patterns.iter().filter_map(|pattern| self.phrase(at, pattern)).map(|phrase| phrase.end).max()
    }

    fn follow(&self, start: usize, at: usize, pattern: &str, numbers: &mut Vec<f64>) -> Option<usize> {
        let (slot, rest) = pattern.split_once(' ').unwrap_or((pattern, ""));
        if slot.is_empty() {
            return Some(at);
        }
        let words = slot.strip_suffix('?').unwrap_or(slot);
        let before = numbers.len();
        if at < self.len() && (at == start || !self.stops(at)) && self.fills(at, words, numbers) {
            if let Some(end) = self.follow(start, at + 1, rest, numbers) {
                return Some(end);
            }
            numbers.truncate(before);
        }
        if words.len() < slot.len() { self.follow(start, at, rest, numbers) } else { None }
    }

    fn fills(&self, at: usize, words: &str, numbers: &mut Vec<f64>) -> bool {
        if words != "#" {
            return words.split('|').any(|word| word == self.form(at));
        }
        let number = numbers::number(self.form(at));
        numbers.extend(number);
        number.is_some()
    }
}

fn gap_before(text: &str, bytes: &[Range<usize>], at: usize) -> Gap {
    let Some(before) = at.checked_sub(1) else { return Gap::Stop };
    let Some(between) = text.get(bytes[before].end..bytes[at].start) else { return Gap::Glued };
    let is_decimal = || {
        let digit = |letter: Option<char>| letter.is_some_and(|letter| letter.is_ascii_digit());
        digit(text[..bytes[before].end].chars().next_back()) && digit(text[bytes[at].start..].chars().next())
    };
    if !between.contains(char::is_whitespace) {
        return match between {
            "'" | "\u{2019}" => Gap::Apostrophe,
            _ if between.contains([',', ';']) && !is_decimal() => Gap::Stop,
            _ => Gap::Glued,
        };
    }
    let is_dash = between.trim().chars().any(|letter| matches!(letter, '-' | '\u{2013}' | '\u{2014}'));
    let stops = [',', ';', ':', '.', '!', '?', '\n', '\u{2022}', '\u{b7}', '\u{3001}', '\u{3002}', '\u{ff0c}'];
    let is_abbreviated =
        between.trim_end() == "." && ABBREVIATIONS.contains(&text[bytes[before].clone()].to_lowercase().as_str());
    if !is_abbreviated && (is_dash || between.contains(stops)) { Gap::Stop } else { Gap::Space }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gaps_tell_where_a_sentence_pauses() {
        let gaps = |text: &str| Sentence::of(text).gaps;
        assert_eq!(gaps("full-stack dev, nell'anno"), [Gap::Stop, Gap::Glued, Gap::Space, Gap::Stop, Gap::Apostrophe]);
        assert_eq!(gaps("a,b - c 2,5"), [Gap::Stop, Gap::Stop, Gap::Stop, Gap::Space, Gap::Glued]);
        assert_eq!(gaps("st. gallen"), [Gap::Stop, Gap::Space]);
        assert_eq!(gaps("東京都"), [Gap::Stop, Gap::Glued]);
    }

    #[test]
    fn phrases_have_choices_options_and_numbers() {
        let sentence = Sentence::of("at least five years, at least 6");
        let phrase = |at, pattern| sentence.phrase(at, pattern).map(|phrase| (phrase.end, phrase.numbers));
        assert_eq!(phrase(0, "at least|most #"), Some((3, vec![5.0])));
        assert_eq!(phrase(0, "at|a least? # months|years"), Some((4, vec![5.0])));
        assert_eq!(phrase(0, "at least # months? #?"), Some((3, vec![5.0])));
        assert_eq!(phrase(3, "years at"), None);
        assert_eq!(phrase(6, "# years?"), Some((7, vec![6.0])));
        assert_eq!(phrase(6, "# years"), None);
    }
}
