//! Titles and skills that mean nearly the same as a text.

use serde::Serialize;
use utoipa::ToSchema;

use super::{SearchError, Searcher};
use crate::{
    embed::canonical,
    engine::{
        EngineError,
        embedded::{EngineSnapshot, vectors::VectorSearch},
    },
    query::{FilterField, canonical_value},
};

/// Strings that are looked at for each value that is wanted: titles and skills share one index.
const STRINGS_FOR_ONE: usize = 6;

/// The least cosine of what counts as related.
const LEAST_COSINE: f32 = 0.5;

/// A title or skill of the population, near to a text.
#[derive(Debug, Clone, PartialEq)]
pub struct RelatedString {
    /// The title or skill in canonical form.
    pub text: String,
    /// Its cosine with the text, -1 to 1.
    pub cosine: f32,
}

/// A value of one kind that means nearly the same as another.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Related {
    /// What the filter takes.
    pub value: String,
    /// As people write it, in lower case.
    pub text: String,
    /// How many candidates have it.
    pub people: usize,
    /// Its cosine with the text, -1 to 1.
    pub cosine: f32,
}

impl Searcher {
    /// The titles and skills of the population that are nearest to a text, the nearest first.
    pub fn related(&self, text: &str, limit: usize) -> Result<Vec<RelatedString>, SearchError> {
        let snapshot = self.engine.snapshot();
        self.related_strings(&snapshot, text, limit)
    }

    fn related_strings(
        &self,
        snapshot: &EngineSnapshot,
        text: &str,
        limit: usize,
    ) -> Result<Vec<RelatedString>, SearchError> {
        let known = self.embedder.cache().string_id(&canonical(text))?;
        let query = match known.and_then(|id| snapshot.strings().vector(id)) {
            Some(vector) => std::sync::Arc::new(vector),
            None => self.embedder.embed_query(text)?,
        };
        let strategy = self.options.strategy;
        let request = VectorSearch { query: &query, k: limit, with_ties: false, allowed: None, strategy };
        let found = snapshot.strings().search(&request).map_err(EngineError::from)?;
        let mut related = Vec::with_capacity(limit);
        for hit in found.hits {
            let text = self.embedder.cache().text_of(hit.key)?;
            related.extend(text.map(|text| RelatedString { text, cosine: hit.cosine }));
        }
        Ok(related)
    }

    /// The values of a field that people have and that are nearest to a text, itself left out.
    pub(super) fn related_values(
        &self,
        snapshot: &EngineSnapshot,
        field: FilterField,
        text: &str,
        limit: usize,
    ) -> Result<Vec<Related>, SearchError> {
        let own = canonical_value(field, text);
        let mut related: Vec<Related> = Vec::with_capacity(limit);
        for RelatedString { text, cosine } in self.related_strings(snapshot, text, limit * STRINGS_FOR_ONE)? {
            let value = canonical_value(field, &text);
            let is_told = value == own || related.iter().any(|known| known.value == value);
            if cosine < LEAST_COSINE || related.len() == limit {
                break;
            }
            if is_told || value.is_empty() {
                continue;
            }
            let people = snapshot.keyword().with_value(field, &value)?.len();
            if people > 0 {
                related.push(Related { value, text, people, cosine });
            }
        }
        Ok(related)
    }
}
