//! Chunks: what stands between white space, quotes and parentheses. Keywords, patterns and words.

use std::ops::Range;

use super::super::pattern::{MIN_LETTERS, NoPattern, WordPattern, loose_stars};
use super::super::warning::WarningCode;
use super::suffix::Mark;
use super::{Before, LexemeKind, Lexer, keyword, quote};
use crate::text::{self, Token};

impl<'q> Lexer<'q, '_> {
    /// The chunk that starts at an offset.
    pub(super) fn chunk_at(&self, from: usize) -> &'q str {
        let rest = &self.text[from..];
        let ends = |letter: char| letter.is_whitespace() || matches!(letter, '(' | ')') || quote::is_quote(letter);
        &rest[..rest.find(ends).unwrap_or(rest.len())]
    }

    /// Reads one chunk.
    pub(super) fn chunk(&mut self) {
        let chunk = self.chunk_at(self.at);
        let tokens = text::tokens(chunk);
        let Some(first) = tokens.first() else { return self.punctuation(chunk) };
        let junk = first.bytes.start;
        if junk > 0 {
            self.note_junk(junk);
            self.at += junk;
            if self.before == Before::Gap {
                self.before = Before::Other;
            }
        }
        let chunk = &chunk[junk..];
        if self.before != Before::Field && (self.field(chunk) || self.function(chunk)) {
            return;
        }
        self.word(chunk);
    }

    /// A chunk without any letter or digit.
    fn punctuation(&mut self, chunk: &str) {
        let bytes = self.at..self.at + chunk.len();
        self.at = bytes.end;
        if matches!(chunk, "&&" | "||" | "|" | "!") {
            self.note_foreign(bytes.clone());
        } else if chunk.contains('*') {
            self.unsupported(bytes.clone(), "wildcards without letters are", "nothing");
        }
        if matches!(self.before, Before::Sign | Before::Field) {
            self.warn(WarningCode::NoWords, bytes.clone(), "there is no word here", "nothing");
            self.push(LexemeKind::Nothing, bytes);
        }
        self.before = Before::Other;
    }

    /// Punctuation before a word is skipped, and said where it was perhaps meant as an operator.
    fn note_junk(&mut self, length: usize) {
        let bytes = self.at..self.at + length;
        let junk = &self.text[bytes.clone()];
        if junk.contains('*') {
            self.unsupported(bytes, "wildcards at the start of a word are", "the word without them");
        } else if junk.ends_with('!') || junk.ends_with("&&") || junk.ends_with("||") {
            self.note_foreign(bytes);
        } else if self.before == Before::Field && matches!(junk, "-" | "+") {
            self.warn(WarningCode::IgnoredSign, bytes, "a sign stands before the field, not after it", "no sign");
        }
    }

    fn note_foreign(&mut self, bytes: Range<usize>) {
        let message = "operators are written AND, OR, NOT, -word and +word";
        self.warn(WarningCode::ForeignOperator, bytes, message, "nothing");
    }

    /// Reads a keyword, a pattern or a word; the chunk starts with a token.
    fn word(&mut self, chunk: &'q str) {
        let from = self.at;
        self.at += chunk.len();
        let mut tokens = text::tokens(chunk);
        let (end, starred, marks) = self.word_end(chunk, &mut tokens);
        let text = &chunk[..end];
        let free = matches!(self.before, Before::Gap | Before::Other);
        self.before = Before::Other;
        if let Some(operator) = keyword(text).filter(|_| free && !starred) {
            for mark in &marks {
                self.unsupported(mark.bytes(), "weights of operators are", "the operator");
            }
            return self.push(operator, from..from + end);
        }
        let has_stars = starred || !loose_stars(text, &tokens).is_empty();
        let is_feminine = !starred && text.rsplit('*').next().is_some_and(is_german_feminine);
        let length = end + usize::from(starred);
        let pattern = (has_stars && !is_feminine).then(|| self.pattern(&chunk[..length], from)).flatten();
        match pattern {
            Some(pattern) => self.push(LexemeKind::Pattern(pattern), from..from + length),
            None if keyword(text).is_some() => {
                self.push(LexemeKind::Word(text.to_ascii_lowercase()), from..from + end);
            }
            None => self.push(LexemeKind::Word(text.to_owned()), from..from + end),
        }
        self.push_weights(&marks);
    }

    /// Where the word ends once weights and closing punctuation are off, whether a star follows there, and the weights.
    fn word_end(&self, chunk: &str, tokens: &mut Vec<Token>) -> (usize, bool, Vec<Mark>) {
        let from = self.at - chunk.len();
        let mut limit = chunk.len();
        let mut marks = Vec::new();
        loop {
            while tokens.len() > 1 && tokens.last().is_some_and(|token| token.bytes.end > limit) {
                tokens.pop();
            }
            let end = tokens.last().map_or(limit, |token| token.bytes.end.min(limit));
            let starred = chunk[end..limit].starts_with('*');
            match suffix_start(&chunk[..end]) {
                // Only the last two tokens can reach over the cut: overlapping ones are bigrams.
                Some(cut)
                    if !tokens.iter().rev().take(2).any(|token| token.bytes.start < cut && cut < token.bytes.end) =>
                {
                    marks.extend(Mark::all_in(chunk, cut..end).map(|mark| mark.shifted(from)));
                    limit = cut;
                }
                _ => return (end, starred, marks),
            }
        }
    }

    /// The pattern of a word with stars; none where they say nothing.
    fn pattern(&mut self, typed: &str, from: usize) -> Option<WordPattern> {
        let bytes = from..from + typed.len();
        match WordPattern::read(typed) {
            Ok(pattern) => return Some(pattern),
            Err(NoPattern::Short) => {
                let message = format!("a wildcard stands after at least {MIN_LETTERS} letters");
                self.warn(WarningCode::ShortPrefix, bytes, message, "the words without it");
            }
            Err(NoPattern::SeveralWords) => {
                self.unsupported(bytes, "wildcards in several words are", "the words without them");
            }
        }
        None
    }
}

/// The ending of `Entwickler:in` and `Entwickler*innen`: neither a field's value nor a wildcard.
pub(super) fn is_german_feminine(ending: &str) -> bool {
    matches!(ending.trim_end_matches(|letter: char| !letter.is_alphanumeric()), "in" | "innen")
}

/// Where the weights at the end of a word start (`java^2`, `java~1`), if any stand there.
fn suffix_start(word: &str) -> Option<usize> {
    let kept = word.trim_end_matches(|letter: char| letter.is_ascii_digit() || matches!(letter, '.' | '^' | '~'));
    let mark = word[kept.len()..].find(['^', '~'])?;
    Some(kept.len() + mark).filter(|cut| *cut > 0)
}
