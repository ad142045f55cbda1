//! Words of the index that are spelt nearly like a given one.

use std::collections::HashMap;

use tantivy::{Term, query::FuzzyTermQuery, schema::Field};

use super::{KeywordSnapshot, WordMatch};
use crate::{candidate::TextField, engine::EngineError};

/// Letters from which on a word may be spelt with one error, and with two: Elasticsearch's `AUTO`.
const LETTERS_FOR_ERRORS: [usize; 2] = [3, 6];

impl KeywordSnapshot {
    /// The word of some fields that is spelt most nearly like a given one, the commonest among equals. Two letters that
    /// changed places are one error.
    pub fn nearest_word(&self, fields: &[TextField], word: &str) -> Result<Option<String>, EngineError> {
        let letters = word.chars().count();
        for errors in (1..).zip(LETTERS_FOR_ERRORS).filter(|(_, least)| letters >= *least).map(|(errors, _)| errors) {
            let mut near: HashMap<String, u32> = HashMap::new();
            for field in fields {
                self.collect_near_words(self.fields.exact(*field), (word, errors), &mut near)?;
            }
            near.remove(word);
            let mut near: Vec<(String, u32)> = near.into_iter().collect();
            near.sort_unstable_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
            // The dictionary also holds words of people who are gone.
            for (word, _) in near {
                if !self.matching(fields, WordMatch::Tokens(std::slice::from_ref(&word)))?.is_empty() {
                    return Ok(Some(word));
                }
            }
        }
        Ok(None)
    }

    fn collect_near_words(
        &self,
        field: Field,
        (word, errors): (&str, u8),
        near: &mut HashMap<String, u32>,
    ) -> Result<(), EngineError> {
        let query = FuzzyTermQuery::new(Term::from_field_text(field, word), errors, true);
        for segment in &self.segments {
            let inverted = segment.reader.inverted_index(field)?;
            let mut terms = inverted.terms().search(query.automaton()?).into_stream()?;
            while terms.advance() {
                if let Ok(word) = std::str::from_utf8(terms.key()) {
                    *near.entry(word.to_owned()).or_default() += terms.value().doc_freq;
                }
            }
        }
        Ok(())
    }
}
