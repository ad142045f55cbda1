//! Concepts: `concept:"registered nurse"`.

use super::super::concept_test::ConceptTest;
use super::super::warning::WarningCode;
use super::{Before, LexemeKind, Lexer, quote};

const FIELD: &str = "concept";

impl Lexer<'_, '_> {
    /// Reads the name of a concept; a name that nothing has is read as words.
    pub(super) fn concept(&mut self, name: &str, value: usize) {
        let from = self.at;
        let gap = self.text[value..].len() - self.text[value..].trim_start().len();
        let Some(first) = self.text[value + gap..].chars().next().filter(|next| !matches!(next, '(' | ')')) else {
            let message = "`concept:` takes the name of an occupation or skill, such as `\"registered nurse\"`";
            return self.words_of_field(value, WarningCode::InvalidValue, message);
        };
        self.at = value + gap;
        let content = if quote::is_quote(first) {
            let (content, smart) = self.quoted(first);
            if smart {
                self.warn(WarningCode::SmartQuotes, value + gap..self.at, "typographic quotes", "plain quotes");
            }
            self.take_marks();
            content
        } else {
            let chunk = self.chunk_at(self.at).trim_end_matches([',', ';', '.', '!', '?']);
            let start = self.at;
            self.at += chunk.len();
            start..self.at
        };
        let typed = &self.text[content.clone()];
        let Some(test) = ConceptTest::named(typed) else {
            let message = format!("`{typed}` is no occupation or skill that is known");
            self.warn(WarningCode::UnknownConcept, from..self.at, &message, "the words of its value");
            return self.push_words(content);
        };
        self.speaks_the_language = true;
        self.note_field(FIELD, name, (from, value, gap));
        self.push(LexemeKind::Concept(test), from..self.at);
        self.before = Before::Other;
    }
}
