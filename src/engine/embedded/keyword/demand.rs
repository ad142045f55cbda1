//! Hit sets: which candidates a clause, a filter or a prefix holds for.
//!
//! Words match as typed in the exact fields: no stems, no synonyms. A phrase matches within one value.

use std::collections::HashMap;

use tantivy::{
    Term,
    query::{EnableScoring, PhraseQuery, Query},
    schema::{Field, IndexRecordOption},
};

use super::KeywordSnapshot;
use crate::{
    candidate::TextField,
    engine::{
        EngineError, KeySet,
        field_values::{split_term, term_prefix},
    },
    query::{FilterField, WordPattern},
};

/// The most words of one field's index that a pattern may stand for: each costs a look at its postings.
pub const MAX_PATTERN_WORDS: usize = 20_000;

/// What a clause looks for in one value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WordMatch<'a> {
    /// Tokens that stand side by side; one token is a word.
    Tokens(&'a [String]),
    /// Tokens in any order, with at most so many other positions between the first and the last.
    Near(&'a [String], u32),
    /// A token that looks so.
    Pattern(&'a WordPattern),
}

impl KeywordSnapshot {
    /// The candidates of whom one value of one of `fields` matches.
    pub fn matching(&self, fields: &[TextField], words: WordMatch<'_>) -> Result<KeySet, EngineError> {
        let mut keys = KeySet::with_capacity(self.key_limit());
        for field in fields {
            let field = self.fields.exact(*field);
            match words {
                WordMatch::Tokens([]) => {}
                WordMatch::Tokens([token]) => self.collect_term(field, token, &mut keys)?,
                WordMatch::Tokens(tokens) => self.collect_phrase(field, tokens, &mut keys)?,
                WordMatch::Near([], _) => {}
                WordMatch::Near(tokens, others) => self.collect_near(field, (tokens, others), &mut keys)?,
                WordMatch::Pattern(pattern) => self.collect_pattern(field, pattern, &mut keys)?,
            }
        }
        Ok(keys)
    }

    /// The candidates with any word in one of `fields`.
    pub fn having(&self, fields: &[TextField]) -> Result<KeySet, EngineError> {
        let mut keys = KeySet::with_capacity(self.key_limit());
        for field in fields {
            self.collect_terms(self.fields.exact(*field), "", |_| true, &mut keys)?;
        }
        Ok(keys)
    }

    /// The candidates with a canonical value, however it is written.
    pub fn with_value(&self, field: FilterField, canonical: &str) -> Result<KeySet, EngineError> {
        let mut keys = KeySet::with_capacity(self.key_limit());
        self.collect_terms(self.fields.value(field), &term_prefix(canonical), |_| true, &mut keys)?;
        Ok(keys)
    }

    /// The candidates with any value of a field.
    pub fn with_any_value(&self, field: FilterField) -> Result<KeySet, EngineError> {
        let mut keys = KeySet::with_capacity(self.key_limit());
        self.collect_terms(self.fields.value(field), "", |_| true, &mut keys)?;
        Ok(keys)
    }

    /// The candidates with a canonical value that looks so.
    pub fn with_value_like(&self, field: FilterField, pattern: &WordPattern) -> Result<KeySet, EngineError> {
        let mut keys = KeySet::with_capacity(self.key_limit());
        let looks_so = |term: &[u8]| std::str::from_utf8(term).is_ok_and(|term| pattern.matches(split_term(term).0));
        self.collect_terms(self.fields.value(field), pattern.prefix(), looks_so, &mut keys)?;
        Ok(keys)
    }

    /// Visits the terms of a field's values, each with the candidates who have it; a term may come once a segment.
    pub(in crate::engine) fn for_each_value(
        &self,
        field: FilterField,
        mut visit: impl FnMut(&str, &[u32]),
    ) -> Result<(), EngineError> {
        let mut keys = Vec::new();
        for segment in &self.segments {
            let inverted = segment.reader.inverted_index(self.fields.value(field))?;
            let mut terms = inverted.terms().stream()?;
            // Opened for the first term, and used again for all others: most have one candidate.
            let mut opened = None;
            while terms.advance() {
                let block = match &mut opened {
                    Some(block) => {
                        inverted.reset_block_postings_from_terminfo(terms.value(), block)?;
                        block
                    }
                    none => none
                        .insert(inverted.read_block_postings_from_terminfo(terms.value(), IndexRecordOption::Basic)?),
                };
                keys.clear();
                while !block.docs().is_empty() {
                    let docs = block.docs().iter().filter(|doc| !segment.reader.is_deleted(**doc));
                    keys.extend(docs.map(|doc| segment.keys[*doc as usize]));
                    block.advance();
                }
                if let (Ok(term), false) = (std::str::from_utf8(terms.key()), keys.is_empty()) {
                    visit(term, &keys);
                }
            }
        }
        Ok(())
    }

    /// The words that look so in the text of profiles, the commonest first.
    ///
    /// # Errors
    ///
    /// [`EngineError::PatternTooBroad`].
    pub fn words_like(&self, pattern: &WordPattern) -> Result<Vec<String>, EngineError> {
        let mut words: HashMap<String, u32> = HashMap::new();
        for field in TextField::ANYWHERE {
            for segment in &self.segments {
                let inverted = segment.reader.inverted_index(self.fields.exact(*field))?;
                let mut terms = inverted.terms().range().ge(pattern.prefix().as_bytes()).into_stream()?;
                while terms.advance() && terms.key().starts_with(pattern.prefix().as_bytes()) {
                    let Ok(word) = std::str::from_utf8(terms.key()) else { continue };
                    if pattern.matches(word) {
                        *words.entry(word.to_owned()).or_default() += terms.value().doc_freq;
                    }
                }
            }
            if words.len() > MAX_PATTERN_WORDS {
                return Err(EngineError::PatternTooBroad(pattern.to_string()));
            }
        }
        let mut words: Vec<(String, u32)> = words.into_iter().collect();
        words.sort_unstable_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
        Ok(words.into_iter().map(|(word, _)| word).collect())
    }

    fn collect_term(&self, field: Field, token: &str, keys: &mut KeySet) -> Result<(), EngineError> {
        self.for_each_posting(field, token, |segment, doc| keys.insert(segment.keys[doc as usize]))
    }

    fn collect_phrase(&self, field: Field, tokens: &[String], keys: &mut KeySet) -> Result<(), EngineError> {
        let terms = tokens.iter().map(|token| Term::from_field_text(field, token)).collect();
        let query = PhraseQuery::new(terms);
        let weight = query.weight(EnableScoring::disabled_from_searcher(&self.searcher))?;
        for segment in &self.segments {
            weight.for_each_no_score(&segment.reader, &mut |docs| {
                for doc in docs {
                    if !segment.reader.is_deleted(*doc) {
                        keys.insert(segment.keys[*doc as usize]);
                    }
                }
            })?;
        }
        Ok(())
    }

    fn collect_pattern(&self, field: Field, pattern: &WordPattern, keys: &mut KeySet) -> Result<(), EngineError> {
        let mut words = 0;
        self.collect_terms(
            field,
            pattern.prefix(),
            |term| {
                let is_met = std::str::from_utf8(term).is_ok_and(|term| pattern.matches(term));
                words += usize::from(is_met);
                is_met && words <= MAX_PATTERN_WORDS
            },
            keys,
        )?;
        if words > MAX_PATTERN_WORDS { Err(EngineError::PatternTooBroad(pattern.to_string())) } else { Ok(()) }
    }

    /// The candidates with a term of the field that begins so and is `wanted`.
    fn collect_terms(
        &self,
        field: Field,
        prefix: &str,
        mut wanted: impl FnMut(&[u8]) -> bool,
        keys: &mut KeySet,
    ) -> Result<(), EngineError> {
        for segment in &self.segments {
            let inverted = segment.reader.inverted_index(field)?;
            let mut terms = inverted.terms().range().ge(prefix.as_bytes()).into_stream()?;
            while terms.advance() && terms.key().starts_with(prefix.as_bytes()) {
                if !wanted(terms.key()) {
                    continue;
                }
                let mut block = inverted.read_block_postings_from_terminfo(terms.value(), IndexRecordOption::Basic)?;
                while !block.docs().is_empty() {
                    for doc in block.docs() {
                        if !segment.reader.is_deleted(*doc) {
                            keys.insert(segment.keys[*doc as usize]);
                        }
                    }
                    block.advance();
                }
            }
        }
        Ok(())
    }
}
