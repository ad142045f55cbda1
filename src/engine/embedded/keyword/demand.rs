//! Hit sets: which candidates a clause, a filter or a prefix holds for.
//!
//! Words match as typed in the exact fields: no stems, no synonyms. A phrase matches within one value.

use tantivy::{
    Term,
    query::{EnableScoring, PhraseQuery, Query},
    schema::{Field, IndexRecordOption},
};

use super::{KeywordSnapshot, fields::ValueField};
use crate::{
    candidate::TextField,
    engine::{EngineError, KeySet},
};

/// What a clause looks for in one value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WordMatch<'a> {
    /// Tokens that stand side by side; one token is a word.
    Tokens(&'a [String]),
    /// A token that begins so.
    Prefix(&'a str),
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
                WordMatch::Prefix(prefix) => self.collect_prefix(field, prefix, &mut keys)?,
            }
        }
        Ok(keys)
    }

    /// The candidates with any word in one of `fields`.
    pub fn having(&self, fields: &[TextField]) -> Result<KeySet, EngineError> {
        self.matching(fields, WordMatch::Prefix(""))
    }

    /// The candidates with a canonical value.
    pub(crate) fn with_value(&self, field: ValueField, value: &str) -> Result<KeySet, EngineError> {
        let mut keys = KeySet::with_capacity(self.key_limit());
        self.collect_term(self.fields.value(field), value, &mut keys)?;
        Ok(keys)
    }

    /// The candidates with any canonical value of a kind.
    pub(crate) fn with_any_value(&self, field: ValueField) -> Result<KeySet, EngineError> {
        self.with_value_prefix(field, "")
    }

    /// The candidates with a canonical value that begins so.
    pub(crate) fn with_value_prefix(&self, field: ValueField, prefix: &str) -> Result<KeySet, EngineError> {
        let mut keys = KeySet::with_capacity(self.key_limit());
        self.collect_prefix(self.fields.value(field), prefix, &mut keys)?;
        Ok(keys)
    }

    /// Up to `limit` words of the scored groups that begin so, in the order of the alphabet.
    pub fn words_with_prefix(&self, prefix: &str, limit: usize) -> Result<Vec<String>, EngineError> {
        let mut words = std::collections::BTreeSet::new();
        for group in crate::engine::ScoredGroup::ALL {
            for segment in &self.segments {
                let inverted = segment.reader.inverted_index(self.fields.scored(group))?;
                let mut terms = inverted.terms().range().ge(prefix.as_bytes()).into_stream()?;
                let mut taken = 0;
                while taken < limit && terms.advance() && terms.key().starts_with(prefix.as_bytes()) {
                    taken += 1;
                    words.insert(String::from_utf8_lossy(terms.key()).into_owned());
                }
            }
        }
        Ok(words.into_iter().take(limit).collect())
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

    fn collect_prefix(&self, field: Field, prefix: &str, keys: &mut KeySet) -> Result<(), EngineError> {
        for segment in &self.segments {
            let inverted = segment.reader.inverted_index(field)?;
            let mut terms = inverted.terms().range().ge(prefix.as_bytes()).into_stream()?;
            while terms.advance() && terms.key().starts_with(prefix.as_bytes()) {
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
