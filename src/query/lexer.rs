//! Text → lexemes: quotes, parentheses, signs, keywords, fields and words.
//!
//! Linear in the text. Words are cut by [`crate::text`]; only the language's own signs are read here. Every repair
//! leaves a warning. Offsets inside are bytes; what leaves is in code points.

mod chunk;
mod concept;
mod field;
mod place;
mod quote;
mod suffix;

use super::ast::{Node, NodeKind};
use super::concept_test::ConceptTest;
use super::fact::FactTest;
use super::pattern::WordPattern;
use super::scope::Scope;
use super::skill_test::SkillTest;
use super::span::{Offsets, Span};
use super::warning::{WarningCode, Warnings};
use super::weight::Weight;
use crate::text;

/// One lexeme and where it stands.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Lexeme {
    pub(super) kind: LexemeKind,
    pub(super) span: Span,
}

#[derive(Debug, Clone, PartialEq)]
pub(super) enum LexemeKind {
    Open,
    Close,
    And,
    Or,
    Not,
    Minus,
    Plus,
    /// `field:`; `spaced` where its value does not follow at once.
    Field {
        scope: Scope,
        typed: String,
        spaced: bool,
    },
    Word(String),
    Pattern(WordPattern),
    Phrase(String),
    /// `"a b"~3`
    Near(String, u32),
    /// `active:<30d`
    Fact(FactTest),
    /// `skillYears(rust):>=3`
    Skill(SkillTest),
    /// A concept.
    Concept(ConceptTest),
    /// `^2`: what stands before it has this weight.
    Weight(Weight),
    /// The words of a construct that is not evaluated.
    Words(Vec<Node>),
    /// An operand in which there is no word.
    Nothing,
}

impl LexemeKind {
    /// The keyword of an operator that is typed as a word.
    pub(super) fn keyword(&self) -> Option<&'static str> {
        match self {
            Self::And => Some("AND"),
            Self::Or => Some("OR"),
            Self::Not => Some("NOT"),
            _ => None,
        }
    }

    /// Whether the next lexeme belongs to this one.
    pub(super) fn binds_the_next(&self) -> bool {
        matches!(self, Self::Minus | Self::Plus | Self::Field { .. })
    }

    /// The number of words it adds to the query.
    pub(super) fn word_count(&self) -> usize {
        match self {
            Self::Word(text) | Self::Phrase(text) | Self::Near(text, _) => text::tokens(text).len(),
            Self::Pattern(_) | Self::Fact(_) => 1,
            Self::Skill(test) => test.words.len(),
            Self::Concept(test) => test.label().split(' ').count(),
            Self::Words(words) => words.len(),
            _ => 0,
        }
    }
}

/// What stands directly before the next lexeme; decides what a sign, a keyword or a colon means there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Before {
    /// The start, white space or `(`: signs operate.
    Gap,
    /// An operating sign: keywords are words.
    Sign,
    /// A field's colon: keywords are words and there is no further field.
    Field,
    /// Anything else.
    Other,
}

/// The lexemes of a text, and whether quotes, fields or parentheses show that operators are meant as such.
#[derive(Debug)]
pub(super) struct Lexed {
    pub(super) lexemes: Vec<Lexeme>,
    pub(super) speaks_the_language: bool,
}

/// Cuts a text into lexemes.
pub(super) fn lex(text: &str, warnings: &mut Warnings) -> Lexed {
    let offsets = Offsets::of(text);
    let lexemes = Vec::new();
    let mut lexer = Lexer { text, at: 0, before: Before::Gap, offsets, warnings, lexemes, speaks_the_language: false };
    lexer.run();
    Lexed { lexemes: lexer.lexemes, speaks_the_language: lexer.speaks_the_language }
}

struct Lexer<'q, 'w> {
    text: &'q str,
    at: usize,
    before: Before,
    offsets: Offsets,
    warnings: &'w mut Warnings,
    lexemes: Vec<Lexeme>,
    speaks_the_language: bool,
}

impl<'q> Lexer<'q, '_> {
    fn run(&mut self) {
        while let Some(letter) = self.rest().chars().next() {
            match letter {
                _ if letter.is_whitespace() => {
                    self.at += letter.len_utf8();
                    self.before = Before::Gap;
                }
                '(' => self.parenthesis(LexemeKind::Open, Before::Gap),
                ')' => self.parenthesis(LexemeKind::Close, Before::Other),
                _ if quote::is_quote(letter) => self.phrase(letter),
                _ if self.before == Before::Gap && self.sign(letter) => {}
                _ => self.chunk(),
            }
        }
    }

    fn rest(&self) -> &'q str {
        &self.text[self.at..]
    }

    fn push(&mut self, kind: LexemeKind, bytes: std::ops::Range<usize>) {
        let span = self.offsets.span(bytes);
        self.lexemes.push(Lexeme { kind, span });
    }

    fn warn(&mut self, code: WarningCode, bytes: std::ops::Range<usize>, message: impl Into<String>, assumed: &str) {
        self.warnings.push(code, self.offsets.span(bytes), message, assumed);
    }

    fn parenthesis(&mut self, kind: LexemeKind, before: Before) {
        let from = self.at;
        self.at += 1;
        self.push(kind.clone(), from..self.at);
        self.before = before;
        self.speaks_the_language = true;
        if kind == LexemeKind::Close {
            self.suffixes_of_group();
        }
    }

    /// `-` and `+` operate only after a gap and directly before something that they can govern.
    fn sign(&mut self, letter: char) -> bool {
        let from = self.at;
        let after = from + letter.len_utf8();
        let kind = match letter {
            '+' => LexemeKind::Plus,
            '-' | '\u{2212}' | '\u{2013}' => LexemeKind::Minus,
            _ => return false,
        };
        let typographic = !letter.is_ascii();
        let operates = match self.text[after..].chars().next() {
            None => false,
            Some(next) if next.is_whitespace() || next == ')' => false,
            Some('+' | '-' | '*') => false,
            Some(next) if quote::is_quote(next) || next == '(' => true,
            Some(next) if typographic && !next.is_alphabetic() => false,
            Some(_) => !text::tokens(self.chunk_at(after)).is_empty(),
        };
        if !operates {
            self.note_idle_sign(from..after, typographic);
            return false;
        }
        if typographic {
            self.warn(WarningCode::SmartMinus, from..after, "a typographic minus before a word", "`-`");
        }
        self.push(kind, from..after);
        self.at = after;
        self.before = Before::Sign;
        true
    }

    fn note_idle_sign(&mut self, bytes: std::ops::Range<usize>, typographic: bool) {
        // A dash between words is punctuation; only the signs of the language can have been meant as such.
        if !typographic {
            let message = "a sign operates only directly before a word, phrase, field or group";
            self.warn(WarningCode::IgnoredSign, bytes, message, "no sign");
        }
    }

    fn unsupported(&mut self, bytes: std::ops::Range<usize>, what: &str, assumed: &str) {
        let message = format!("{what} not supported yet");
        self.warn(WarningCode::UnsupportedSyntax, bytes, message, assumed);
    }

    /// The words of a byte range as nodes of their own. Keywords are put in lower case: they are words here.
    fn plain_words(&self, bytes: std::ops::Range<usize>) -> Vec<Node> {
        let words = text::tokens(&self.text[bytes.clone()]).into_iter().map(|token| {
            let (from, to) = (bytes.start + token.bytes.start, bytes.start + token.bytes.end);
            let typed = &self.text[from..to];
            let word = if keyword(typed).is_some() { typed.to_ascii_lowercase() } else { typed.to_owned() };
            Node { kind: NodeKind::Word(word), span: self.offsets.span(from..to) }
        });
        words.collect()
    }

    fn push_words(&mut self, bytes: std::ops::Range<usize>) {
        let words = self.plain_words(bytes.clone());
        let kind = if words.is_empty() { LexemeKind::Nothing } else { LexemeKind::Words(words) };
        self.push(kind, bytes);
        self.before = Before::Other;
    }
}

/// The operator of this spelling.
fn keyword(text: &str) -> Option<LexemeKind> {
    match text {
        "AND" => Some(LexemeKind::And),
        "OR" => Some(LexemeKind::Or),
        "NOT" => Some(LexemeKind::Not),
        _ => None,
    }
}
