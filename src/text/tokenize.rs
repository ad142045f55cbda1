//! Value → tokens.
//!
//! Words by Unicode letters and digits, with the exceptions of `special`; scripts without spaces as
//! overlapping bigrams. Invariant: byte ranges ascend and lie on character boundaries of the value; every token
//! has a non-empty `exact` of at most [`MAX_TOKEN_CHARS`] characters.

use std::ops::Range;

use super::letters::{Class, class, push_folded, push_lower};
use super::special::{self, Form};

/// Longer tokens keep this many characters; their byte range stays whole.
pub const MAX_TOKEN_CHARS: usize = 64;

/// One token of a value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Token {
    /// NFC, lower case, diacritics kept: what a stemmer reads.
    pub lower: String,
    /// `lower` with accents folded: what demands match.
    pub exact: String,
    /// Byte range of the token in the value.
    pub bytes: Range<usize>,
    /// Position of the token in the value, from 0.
    pub position: u32,
}

/// One token of a value, borrowed for the time of a visit. The fields are those of [`Token`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TokenRef<'a> {
    /// NFC, lower case, diacritics kept.
    pub lower: &'a str,
    /// `lower` with accents folded.
    pub exact: &'a str,
    /// Byte range of the token in the value.
    pub bytes: Range<usize>,
    /// Position of the token in the value, from 0.
    pub position: u32,
}

/// Splits a value into tokens. See [`for_each_token`] for the rules.
pub fn tokens(value: &str) -> Vec<Token> {
    let mut tokens = Vec::with_capacity(value.len() / 6);
    for_each_token(value, |token| {
        tokens.push(Token {
            lower: token.lower.to_owned(),
            exact: token.exact.to_owned(),
            bytes: token.bytes,
            position: token.position,
        });
    });
    tokens
}

/// Visits the tokens of a value in order, without an allocation per token.
///
/// - A word is a run of letters, digits and their marks. Everything else separates: `full-stack`, `e-mail`,
///   `T-SQL`, `and/or`, `C/C++`, `l'équipe` are two adjacent tokens, so that the phrase with a space matches too.
/// - These stay whole: one letter with `++` or `#`; `.NET` (after ASP, VB and the like a token of its own);
///   names in `.js`; `AT&T`, `R&D`; `O'Reilly`; `SQL*Plus`; `Objective-C`; dotted numbers (`3.5`). Dots fall out
///   of acronyms of three and more letters and of degrees (`U.S.A.` = `usa`, `Ph.D.` = `phd`), `'s` falls off.
/// - Han, kana, hangul, Thai, Lao, Khmer and Myanmar runs are overlapping bigrams: a run of n characters is n − 1
///   tokens at consecutive positions, so a run asked for is a phrase. A single character is a token only where it
///   stands alone, and a one-character query finds only those; `软*` finds every bigram that starts with it.
/// - Invisible and control characters are skipped without breaking a word.
pub fn for_each_token(value: &str, visit: impl FnMut(TokenRef<'_>)) {
    let mut scanner = Scanner { value, position: 0, lower: String::new(), exact: String::new(), visit };
    let bytes = value.as_bytes();
    let mut at = 0;
    while let Some(byte) = bytes.get(at) {
        at = match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' => scanner.word(at),
            b'.' => scanner.dot(at),
            0..=0x7f => at + 1,
            _ => scanner.beyond_ascii(at),
        };
    }
}

struct Scanner<'v, F> {
    value: &'v str,
    position: u32,
    lower: String,
    exact: String,
    visit: F,
}

/// A run of word characters.
struct Run {
    /// After its last visible character.
    end: usize,
    /// After the invisible characters that follow.
    next: usize,
    ascii: bool,
}

impl<F: FnMut(TokenRef<'_>)> Scanner<'_, F> {
    /// Reads the word at `at`; returns where to go on.
    fn word(&mut self, at: usize) -> usize {
        let run = self.run(at);
        match special::join(self.value, at..run.next) {
            None if run.ascii => self.emit_ascii(at..run.end),
            None => self.emit(at..run.end, Form::AsIs),
            Some(joined) => {
                self.emit(at..joined.end, joined.form);
                return joined.next;
            }
        }
        run.next
    }

    fn dot(&mut self, at: usize) -> usize {
        match special::dot_net(self.value, at) {
            Some(end) => {
                self.emit_ascii(at..end);
                end
            }
            None => at + 1,
        }
    }

    fn beyond_ascii(&mut self, at: usize) -> usize {
        let Some(letter) = self.value[at..].chars().next() else { return self.value.len() };
        match class(letter) {
            Class::Word => self.word(at),
            Class::Dense => self.dense(at),
            Class::Extend | Class::Invisible | Class::Other => at + letter.len_utf8(),
        }
    }

    fn run(&self, start: usize) -> Run {
        let bytes = self.value.as_bytes();
        let ascii = bytes[start..].iter().take_while(|byte| byte.is_ascii_alphanumeric()).count();
        let end = start + ascii;
        match bytes.get(end) {
            Some(0..=0x08 | 0x0e..=0x1b | 0x7f..) => {}
            _ => return Run { end, next: end, ascii: true },
        }
        let mut run = Run { end, next: end, ascii: true };
        for (offset, letter) in self.value[end..].char_indices() {
            let after = end + offset + letter.len_utf8();
            match class(letter) {
                Class::Word | Class::Extend => run = Run { end: after, next: after, ascii: false },
                Class::Invisible => run.next = after,
                Class::Dense | Class::Other => break,
            }
        }
        run
    }

    /// Reads the run of a dense script at `at` as overlapping bigrams; returns where to go on.
    fn dense(&mut self, at: usize) -> usize {
        let value = self.value;
        let mut next = at;
        // The unit before the current one, and the current one: a character with its marks.
        let mut before: Option<Range<usize>> = None;
        let mut unit: Option<Range<usize>> = None;
        for (offset, letter) in value[at..].char_indices() {
            let (start, end) = (at + offset, at + offset + letter.len_utf8());
            match class(letter) {
                Class::Dense => {
                    if let (Some(first), Some(second)) = (&before, &unit) {
                        self.emit(first.start..second.end, Form::AsIs);
                    }
                    before = unit.replace(start..end);
                }
                Class::Extend => unit = unit.map(|unit| unit.start..end),
                Class::Invisible => {}
                Class::Word | Class::Other => break,
            }
            next = end;
        }
        match (before, unit) {
            (Some(first), Some(second)) => self.emit(first.start..second.end, Form::AsIs),
            (_, Some(only)) => self.emit(only, Form::AsIs),
            _ => {}
        }
        next
    }

    fn emit_ascii(&mut self, bytes: Range<usize>) {
        let word = &self.value[bytes.start..bytes.end.min(bytes.start + MAX_TOKEN_CHARS)];
        let position = self.position;
        self.position = position.saturating_add(1);
        if word.bytes().any(|byte| byte.is_ascii_uppercase()) {
            self.lower.clear();
            self.lower.push_str(word);
            self.lower.make_ascii_lowercase();
            (self.visit)(TokenRef { lower: &self.lower, exact: &self.lower, bytes, position });
        } else {
            (self.visit)(TokenRef { lower: word, exact: word, bytes, position });
        }
    }

    fn emit(&mut self, bytes: Range<usize>, form: Form) {
        self.lower.clear();
        self.exact.clear();
        let written = &self.value[bytes.clone()];
        match form {
            Form::AsIs => push_lower(written, MAX_TOKEN_CHARS, &mut self.lower),
            Form::Undotted => push_lower(&written.replace(['.', '\u{ff0e}'], ""), MAX_TOKEN_CHARS, &mut self.lower),
            Form::Fixed(form) => self.lower.push_str(form),
        }
        push_folded(&self.lower, MAX_TOKEN_CHARS, &mut self.exact);
        if self.exact.is_empty() {
            return;
        }
        let position = self.position;
        self.position = position.saturating_add(1);
        (self.visit)(TokenRef { lower: &self.lower, exact: &self.exact, bytes, position });
    }
}
