//! Phrases: quotes of every typographic fashion, and what to do where one is missing.

use super::super::pattern::loose_stars;
use super::super::warning::WarningCode;
use super::{Before, LexemeKind, Lexer};
use crate::text;

/// Whether the letter opens or closes a phrase: the plain quote, or one that a word processor made of it.
pub(super) fn is_quote(letter: char) -> bool {
    letter == '"' || is_smart(letter)
}

fn is_smart(letter: char) -> bool {
    matches!(letter, '“' | '”' | '„' | '‟' | '«' | '»' | '″' | '＂')
}

impl Lexer<'_, '_> {
    /// Reads a phrase; the lexer stands at its opening quote.
    pub(super) fn phrase(&mut self, opening: char) {
        self.speaks_the_language = true;
        let from = self.at;
        let (content, smart) = self.quoted(opening);
        let whole = from..self.at;
        if smart {
            self.warn(WarningCode::SmartQuotes, whole.clone(), "typographic quotes", "plain quotes");
        }
        let marks = self.take_marks();
        let others = self.distance(&marks, &content);
        self.push_phrase(content, whole, others);
        self.push_weights(&marks);
    }

    /// Moves past a quoted text: its content, and whether a quote was typographic. Where the closing quote is
    /// missing, the phrase ends before the next operator or `)`, or with the text.
    pub(super) fn quoted(&mut self, opening: char) -> (std::ops::Range<usize>, bool) {
        let start = self.at + opening.len_utf8();
        match self.text[start..].char_indices().find(|(_, letter)| is_quote(*letter)) {
            Some((length, closing)) => {
                self.at = start + length + closing.len_utf8();
                (start..start + length, is_smart(opening) || is_smart(closing))
            }
            None => {
                let end = start + unclosed_length(&self.text[start..]);
                self.warn(
                    WarningCode::UnclosedQuote,
                    self.at..start,
                    "the quote is not closed",
                    "closed here: \
                    before the next operator, parenthesis or the end",
                );
                self.at = end;
                (start..end, is_smart(opening))
            }
        }
    }

    /// `others`: how many other words may stand between those of the phrase, where it is no exact one.
    fn push_phrase(&mut self, content: std::ops::Range<usize>, whole: std::ops::Range<usize>, others: Option<u32>) {
        self.before = Before::Other;
        let typed = &self.text[content.clone()];
        let tokens = text::tokens(typed);
        let (Some(first), Some(last)) = (tokens.first(), tokens.last()) else {
            self.warn(WarningCode::NoWords, whole.clone(), "the phrase has no words", "nothing");
            return self.push(LexemeKind::Nothing, whole);
        };
        let text = typed[first.bytes.start..last.bytes.end].to_owned();
        if !loose_stars(typed, &tokens).is_empty() {
            self.unsupported(content, "wildcards in phrases are", "the phrase without them");
        }
        let kind = match others {
            Some(others) => LexemeKind::Near(text, others),
            None => LexemeKind::Phrase(text),
        };
        self.push(kind, whole);
    }
}

/// How much of a text without any further quote belongs to the phrase.
fn unclosed_length(text: &str) -> usize {
    let parenthesis = text.find(')').unwrap_or(text.len());
    let operators = [" AND ", " OR ", " NOT "].into_iter().filter_map(|operator| text.find(operator));
    operators.min().map_or(parenthesis, |operator| operator.min(parenthesis))
}
