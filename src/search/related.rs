//! Titles and skills that mean nearly the same as a text.

use super::{SearchError, Searcher};
use crate::engine::embedded::vectors::VectorSearch;

/// A title or skill of the population, near to a text.
#[derive(Debug, Clone, PartialEq)]
pub struct RelatedString {
    /// The title or skill in canonical form.
    pub text: String,
    /// Its cosine with the text, -1 to 1.
    pub cosine: f32,
}

impl Searcher {
    /// The titles and skills of the population that are nearest to a text, the nearest first.
    pub fn related(&self, text: &str, limit: usize) -> Result<Vec<RelatedString>, SearchError> {
        let query = self.embedder.embed_query(text)?;
        let snapshot = self.engine.snapshot();
        let strategy = self.options.strategy;
        let request = VectorSearch { query: &query, k: limit, with_ties: false, allowed: None, strategy };
        let found = snapshot.strings().search(&request).map_err(crate::engine::EngineError::from)?;
        let mut related = Vec::with_capacity(limit);
        for hit in found.hits {
            let text = self.embedder.cache().text_of(hit.key)?;
            related.extend(text.map(|text| RelatedString { text, cosine: hit.cosine }));
        }
        Ok(related)
    }
}
