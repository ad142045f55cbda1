//! Fields, facts and functions: `title:`, `active:<30d`, `skillYears(rust):>=3`.

use std::ops::Range;

use super::super::fact::{Assumed, Fact, FactTest};
use super::super::scope::Scope;
use super::super::skill_test::{SkillFunction, SkillTest};
use super::super::warning::WarningCode;
use super::chunk::is_german_feminine;
use super::{Before, LexemeKind, Lexer, quote};
use crate::text;

impl<'q> Lexer<'q, '_> {
    /// Reads `name:`; false where the chunk is no field of the language.
    pub(super) fn field(&mut self, chunk: &'q str) -> bool {
        let length = chunk.bytes().take_while(u8::is_ascii_alphabetic).count();
        if length < 2 || chunk.as_bytes().get(length) != Some(&b':') {
            return false;
        }
        let (name, colon) = (&chunk[..length], self.at + length);
        if let Some(scope) = Scope::named(name) {
            match scope {
                Scope::Fact(fact @ (Fact::Near | Fact::Relocate)) => self.place(fact, name, colon + 1),
                Scope::Fact(fact) => self.fact(fact, name, colon + 1),
                Scope::Concept => self.concept(name, colon + 1),
                _ => self.known_field(scope, name, colon + 1),
            }
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
        self.note_field(fact.name(), name, (from, value, gap));
        self.note_assumed(assumed, bytes.clone(), &test.to_string());
        self.push(LexemeKind::Fact(test), bytes);
        self.before = Before::Other;
    }

    /// Notes how the name of a fact is typed, from where to where, and a gap after it.
    pub(super) fn note_field(&mut self, name: &'static str, typed: &str, (from, value, gap): (usize, usize, usize)) {
        if name != typed {
            let message = format!("the field is written `{name}:`");
            self.warn(WarningCode::FieldCase, from..value, message, name);
        }
        if gap > 0 {
            let message = format!("a space stands between `{typed}:` and its value");
            self.warn(WarningCode::SpaceAfterField, from..value, message, "no space");
        }
    }

    /// A field that cannot be evaluated: its words are plain words.
    pub(super) fn words_of_field(&mut self, value: usize, code: WarningCode, message: &str) {
        let from = self.at;
        let next = self.text[value..].chars().next();
        if next.is_none_or(char::is_whitespace) {
            self.push_words(from..value - 1);
            self.at = value;
            return;
        }
        self.speaks_the_language = true;
        self.at = value;
        let content = match next {
            Some(letter) if quote::is_quote(letter) => {
                let (content, _) = self.quoted(letter);
                self.take_marks();
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
        self.push_words(content);
    }

    fn note_assumed(&mut self, assumed: Assumed, bytes: Range<usize>, test: &str) {
        let complaint = match assumed {
            Assumed::Nothing => return,
            Assumed::Days => "a number without a unit counts days",
            Assumed::AtMost => "an age without a comparison",
            Assumed::AtLeast => "a value without a comparison",
            Assumed::Active => "`active:` takes an age",
        };
        self.warn(WarningCode::InvalidValue, bytes, complaint, &format!("`{test}`"));
    }

    /// Reads `skillYears(rust):>=3`; false where the chunk is no such function. What it asks of the skill must follow.
    pub(super) fn function(&mut self, chunk: &str) -> bool {
        let Some(function) = SkillFunction::named(chunk) else { return false };
        let (from, open) = (self.at, self.at + chunk.len());
        if !self.text[open..].starts_with('(') {
            return false;
        }
        let start = open + 1;
        let end = self.text[start..].find(['(', ')']).map(|length| start + length);
        let Some(end) = end.filter(|end| self.text[*end..].starts_with(')')) else { return false };
        self.speaks_the_language = true;
        self.at = end + 1;
        let mut value = "";
        let mut gap = 0;
        if let Some(rest) = self.rest().strip_prefix(':') {
            gap = rest.len() - rest.trim_start().len();
            value = self.chunk_at(self.at + 1 + gap).trim_end_matches([',', ';', '.', '!', '?']);
        }
        let words: Vec<String> = text::tokens(&self.text[start..end]).into_iter().map(|token| token.exact).collect();
        let Some((wanted, assumed)) = function.read(value).filter(|_| !words.is_empty()) else {
            if self.rest().starts_with(':') {
                self.at += self.chunk_at(self.at).len();
            }
            let message = format!("this takes {}", function.expected());
            self.warn(WarningCode::InvalidValue, from..self.at, message, "the words between its parentheses");
            self.push_words(start..end);
            return true;
        };
        self.at += 1 + gap + value.len();
        let test = SkillTest { words, wanted };
        if function.name() != chunk {
            let message = format!("the function is written `{}(…)`", function.name());
            self.warn(WarningCode::FieldCase, from..open, message, function.name());
        }
        if gap > 0 {
            self.warn(WarningCode::SpaceAfterField, from..self.at, "a space stands before the value", "no space");
        }
        self.note_assumed(assumed, from..self.at, &test.to_string());
        self.push(LexemeKind::Skill(test), from..self.at);
        self.before = Before::Other;
        true
    }
}
