//! Chunks: what stands between white space, quotes and parentheses. Fields, keywords, prefixes and words.

use std::ops::Range;

use super::super::fact::{Assumed, Fact, FactTest};
use super::super::scope::Scope;
use super::super::warning::WarningCode;
use super::{Before, LexemeKind, Lexer, keyword, quote};
use crate::text::{self, Token};

/// Fields of the full language that are not evaluated yet.
const LATER_FIELDS: [&str; 2] = ["concept", "near"];

/// Functions of the full language that are not evaluated yet.
const LATER_FUNCTIONS: [&str; 2] = ["skillYears", "evidence"];

/// The fewest letters of a prefix: shorter ones match a large part of all words.
const MIN_PREFIX_LETTERS: usize = 2;

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

    /// Reads `name:`; false where the chunk is no field of the language.
    fn field(&mut self, chunk: &'q str) -> bool {
        let length = chunk.bytes().take_while(u8::is_ascii_alphabetic).count();
        if length < 2 || chunk.as_bytes().get(length) != Some(&b':') {
            return false;
        }
        let (name, colon) = (&chunk[..length], self.at + length);
        if let Some(scope) = Scope::named(name) {
            match scope {
                Scope::Fact(fact) => self.fact(fact, name, colon + 1),
                _ => self.known_field(scope, name, colon + 1),
            }
            return true;
        }
        if let Some(later) = LATER_FIELDS.into_iter().find(|later| later.eq_ignore_ascii_case(name)) {
            self.words_of_field(colon + 1, WarningCode::UnsupportedSyntax, &format!("`{later}:` is not supported yet"));
            return true;
        }
        self.note_unknown_field(name, colon + 1);
        false
    }

    fn known_field(&mut self, scope: Scope, name: &str, value: usize) {
        self.speaks_the_language = true;
        let bytes = self.at..value;
        if scope.name() != name {
            let message = format!("the field is written `{}:`", scope.name());
            self.warn(WarningCode::FieldCase, bytes.clone(), message, scope.name());
        }
        let spaced = self.text[value..].chars().next().is_none_or(char::is_whitespace);
        self.push(LexemeKind::Field { scope, typed: name.to_owned(), spaced }, bytes);
        self.at = value;
        self.before = Before::Field;
    }

    fn note_unknown_field(&mut self, name: &str, value: usize) {
        let rest = &self.text[value..];
        if is_german_feminine(self.chunk_at(value)) {
            return;
        }
        let has_value = rest.chars().next().is_some_and(|next| !next.is_whitespace() && next != ')');
        if has_value && !rest.starts_with("//") {
            let nearest = Scope::nearest(name).map(|scope| format!("; did you mean `{}:`?", scope.name()));
            let message = format!("`{name}:` is not a field{}", nearest.unwrap_or_default());
            self.warn(WarningCode::UnknownField, self.at..value, message, "words");
        }
    }

    /// Reads `active:<30d`. A value that is none of the fact's is read as words.
    fn fact(&mut self, fact: Fact, name: &str, value: usize) {
        let from = self.at;
        let rest = &self.text[value..];
        let gap = rest.len() - rest.trim_start().len();
        let typed = self.chunk_at(value + gap).trim_end_matches([',', ';', '.', '!', '?']);
        let Some((test, assumed)) = FactTest::read(fact, typed) else {
            let message = format!("`{}:` takes {}", fact.name(), FactTest::expected(fact));
            return self.words_of_field(value, WarningCode::InvalidValue, &message);
        };
        self.speaks_the_language = true;
        self.at = value + gap + typed.len();
        let bytes = from..self.at;
        if fact.name() != name {
            let message = format!("the field is written `{}:`", fact.name());
            self.warn(WarningCode::FieldCase, from..value, message, fact.name());
        }
        if gap > 0 {
            let message = format!("a space stands between `{name}:` and its value");
            self.warn(WarningCode::SpaceAfterField, from..value, message, "no space");
        }
        let complaint = match assumed {
            Assumed::Nothing => None,
            Assumed::Days => Some("a number without a unit counts days"),
            Assumed::AtMost => Some("an age without a comparison"),
            Assumed::AtLeast => Some("years without a comparison"),
            Assumed::Active => Some("`active:` takes an age"),
        };
        if let Some(complaint) = complaint {
            self.warn(WarningCode::InvalidValue, bytes.clone(), complaint, &format!("`{test}`"));
        }
        self.push(LexemeKind::Fact(test), bytes);
        self.before = Before::Other;
    }

    /// A field that cannot be evaluated: its words are plain words.
    fn words_of_field(&mut self, value: usize, code: WarningCode, message: &str) {
        let from = self.at;
        let next = self.text[value..].chars().next();
        if next.is_none_or(char::is_whitespace) {
            self.push_words(from..value - 1, false);
            self.at = value;
            return;
        }
        self.speaks_the_language = true;
        self.at = value;
        let content = match next {
            Some(letter) if quote::is_quote(letter) => {
                let (content, _) = self.quoted(letter);
                self.take_suffix();
                content
            }
            // The group after it is read as such.
            Some('(' | ')') => value..value,
            _ => {
                self.at += self.chunk_at(value).len();
                value..self.at
            }
        };
        self.warn(code, from..self.at, message, "the words of its value");
        if next == Some('(') {
            return;
        }
        self.push_words(content, false);
    }

    /// Reads `skillYears(rust):>=3`; false where the chunk is no such function.
    fn function(&mut self, chunk: &str) -> bool {
        let Some(name) = LATER_FUNCTIONS.into_iter().find(|name| name.eq_ignore_ascii_case(chunk)) else {
            return false;
        };
        let open = self.at + chunk.len();
        if !self.text[open..].starts_with('(') {
            return false;
        }
        let start = open + 1;
        let end = self.text[start..].find(|letter| matches!(letter, '(' | ')') || quote::is_quote(letter));
        let Some(end) = end.map(|length| start + length).filter(|end| self.text[*end..].starts_with(')')) else {
            return false;
        };
        let from = self.at;
        self.speaks_the_language = true;
        self.at = end + 1;
        if self.rest().starts_with(':') {
            self.at += self.chunk_at(self.at).len();
        }
        self.unsupported(from..self.at, &format!("`{name}(…)` is"), "the words between its parentheses");
        self.push_words(start..end, false);
        true
    }

    /// Reads a keyword, a prefix or a word; the chunk starts with a token.
    fn word(&mut self, chunk: &'q str) {
        let from = self.at;
        self.at += chunk.len();
        let mut tokens = text::tokens(chunk);
        let (mut end, starred) = self.word_end(chunk, &mut tokens);
        let text = &chunk[..end];
        let free = matches!(self.before, Before::Gap | Before::Other);
        self.before = Before::Other;
        if let Some(operator) = keyword(text).filter(|_| free && !starred) {
            return self.push(operator, from..from + end);
        }
        let loose_star = text.match_indices('*').any(|(at, _)| !tokens.iter().any(|token| token.bytes.contains(&at)));
        if loose_star && !text.rsplit('*').next().is_some_and(is_german_feminine) {
            self.unsupported(from..from + end, "wildcards inside a word are", "the words between them");
        }
        let kind = match starred {
            true if self.is_prefix(text, from) => {
                end += 1;
                LexemeKind::Prefix(text.to_owned())
            }
            _ => LexemeKind::Word(text.to_owned()),
        };
        self.push(kind, from..from + end);
    }

    /// Where the word ends once weights and closing punctuation are off, and whether a star follows there.
    fn word_end(&mut self, chunk: &str, tokens: &mut Vec<Token>) -> (usize, bool) {
        let mut limit = chunk.len();
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
                    let from = self.at - chunk.len();
                    self.unsupported(from + cut..from + end, "weights are", "the word without its weight");
                    limit = cut;
                }
                _ => return (end, starred),
            }
        }
    }

    /// Whether the word before a star can be a prefix.
    fn is_prefix(&mut self, text: &str, from: usize) -> bool {
        let bytes = from..from + text.len() + 1;
        match text::tokens(text).as_slice() {
            [token] if token.exact.chars().count() >= MIN_PREFIX_LETTERS => true,
            [_] => {
                let message = format!("a prefix has at least {MIN_PREFIX_LETTERS} letters");
                self.warn(WarningCode::ShortPrefix, bytes, message, "the whole word");
                false
            }
            _ => {
                self.unsupported(bytes, "prefixes of several words are", "the words without the star");
                false
            }
        }
    }
}

/// The ending of `Entwickler:in` and `Entwickler*innen`: neither a field's value nor a wildcard.
fn is_german_feminine(ending: &str) -> bool {
    matches!(ending.trim_end_matches(|letter: char| !letter.is_alphanumeric()), "in" | "innen")
}

/// Where the weights at the end of a word start (`java^2`, `java~1`), if any stand there.
fn suffix_start(word: &str) -> Option<usize> {
    let kept = word.trim_end_matches(|letter: char| letter.is_ascii_digit() || matches!(letter, '.' | '^' | '~'));
    let mark = word[kept.len()..].find(['^', '~'])?;
    Some(kept.len() + mark).filter(|cut| *cut > 0)
}
