//! Titles and skills that mean nearly the same as a text.

use serde::Serialize;
use utoipa::ToSchema;

use super::{SearchError, Searcher};
use crate::{
    embed::canonical,
    engine::{
        EngineError, Value,
        embedded::{EngineSnapshot, vectors::VectorSearch},
    },
    query::{FilterField, canonical_value},
};

/// Strings that are looked at for each value that is wanted: titles and skills share one index.
const STRINGS_FOR_ONE: usize = 6;

/// The least cosine of what means nearly the same: below it the model's neighbours are chance.
const LEAST_COSINE: f32 = 0.7;

/// The fewest people who have both of two values that go together.
const LEAST_TOGETHER: u32 = 3;

/// How much more often than by chance two values that go together are found with the same people.
const LEAST_LIFT: f64 = 2.0;

/// A title or skill of the population, near to a text.
#[derive(Debug, Clone, PartialEq)]
pub struct RelatedString {
    /// The title or skill in canonical form.
    pub text: String,
    /// Its cosine with the text, -1 to 1.
    pub cosine: f32,
}

/// A value of one kind that is near to another.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Related {
    /// What the filter takes.
    pub value: String,
    /// As people write it.
    pub text: String,
    /// How many candidates have it.
    pub people: u32,
    /// The cosine of the two in meaning, where that is what relates them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cosine: Option<f32>,
    /// How many candidates have both, where that is what relates them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub together: Option<u32>,
}

impl Searcher {
    /// The titles and skills of the population that are nearest to a text, the nearest first.
    pub fn related(&self, text: &str, limit: usize) -> Result<Vec<RelatedString>, SearchError> {
        let snapshot = self.engine.snapshot();
        self.related_strings(&snapshot, text, limit)
    }

    pub(super) fn related_strings(
        &self,
        snapshot: &EngineSnapshot,
        text: &str,
        limit: usize,
    ) -> Result<Vec<RelatedString>, SearchError> {
        let known = self.embedder.cache().string_id(&canonical(text))?;
        let query = match known.and_then(|id| snapshot.strings().vector(id)) {
            Some(vector) => std::sync::Arc::new(vector),
            None if !self.can_compare(snapshot) => return Ok(Vec::new()),
            None => match self.embedder.embed_query(text) {
                Err(error) if error.is_elsewhere() => return Ok(Vec::new()),
                vector => vector?,
            },
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

    /// What is near to a value of a field that people have, itself left out: what means nearly the same, then what goes together
    /// with it in profiles.
    pub(super) fn related_values(
        &self,
        snapshot: &EngineSnapshot,
        field: FilterField,
        text: &str,
        limit: usize,
    ) -> Result<Vec<Related>, SearchError> {
        let own = canonical_value(field, text);
        let mut related = self.same_in_meaning(snapshot, field, text, limit)?;
        for together in going_together(snapshot, field, &own, limit)? {
            if related.iter().all(|known| known.value != together.value) {
                related.push(together);
            }
        }
        related.truncate(limit);
        Ok(related)
    }

    fn same_in_meaning(
        &self,
        snapshot: &EngineSnapshot,
        field: FilterField,
        text: &str,
        limit: usize,
    ) -> Result<Vec<Related>, SearchError> {
        let own = canonical_value(field, text);
        let mut related: Vec<Related> = Vec::with_capacity(limit);
        for RelatedString { text, cosine } in self.related_strings(snapshot, text, limit * STRINGS_FOR_ONE)? {
            if cosine < LEAST_COSINE || related.len() == limit {
                break;
            }
            let value = canonical_value(field, &text);
            let is_told = value == own || related.iter().any(|known| known.value == value);
            if is_told || value.is_empty() {
                continue;
            }
            let people = snapshot.keyword().with_value(field, &value)?.len() as u32;
            if people > 0 {
                related.push(Related { value, text, people, cosine: Some(cosine), together: None });
            }
        }
        Ok(related)
    }
}

/// The values that the people of one value have more often than others do, by the Ochiai coefficient (A. Ochiai 1957): those who
/// have both over the geometric mean of those who have each.
fn going_together(
    snapshot: &EngineSnapshot,
    field: FilterField,
    own: &str,
    limit: usize,
) -> Result<Vec<Related>, EngineError> {
    let having = snapshot.keyword().with_value(field, own)?;
    let (mine, everybody) = (having.len() as f64, snapshot.live().len() as f64);
    let forward = snapshot.forward().field(field);
    let mut found: Vec<(f64, u32, Value<'_>)> = forward.count(&having, |counted| {
        let often = counted.counts.iter().zip(0_u32..).filter(|(together, _)| **together >= LEAST_TOGETHER);
        let judged = often.filter_map(|(together, number)| {
            let value = forward.vocabulary().value(number).filter(|value| **value.canonical() != *own)?;
            let (both, theirs) = (f64::from(*together), f64::from(value.people()));
            let is_often = both * everybody >= LEAST_LIFT * mine * theirs;
            is_often.then_some((both / (mine * theirs).sqrt(), *together, value))
        });
        judged.collect()
    });
    found.sort_by(|a, b| b.0.total_cmp(&a.0).then_with(|| a.2.canonical().cmp(b.2.canonical())));
    let told = found.into_iter().take(limit).map(|(_, together, value)| Related {
        value: value.canonical().to_string(),
        text: value.label().to_owned(),
        people: value.people(),
        cosine: None,
        together: Some(together),
    });
    Ok(told.collect())
}
