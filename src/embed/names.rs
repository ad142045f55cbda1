//! Titles drawn towards the English names of the occupations that they may stand for.
//!
//! The vector of a title and its occupations → a vector of both. The model knows some languages well and others hardly; what
//! a title stands for the taxonomy knows in 21 of them, and the model knows the English names of that. Invariant: a title
//! that stands for no occupation keeps its vector.

use std::collections::HashMap;
use std::sync::{Arc, LazyLock, Mutex, PoisonError, RwLock};

use super::{CachedEmbedder, EmbedError, UnitVector, compose};
use crate::candidate::TitleOccupation;
use crate::taxonomy::{ConceptId, Taxonomy};

/// How much the names count at most beside the title's own vector: where it surely stands for an occupation. The less sure
/// that is, the less, by the eighth power of the confidence. docs/relevance.md tells what else was tried.
const NAMES: f32 = 0.6;

/// A title that would be drawn less keeps its vector.
const LEAST_PULL: f32 = 0.02;

/// An occupation that a title stands for so much less than for the likeliest does not draw it: it would count a tenth.
const LEAST_OF_THE_GREATEST: f32 = 0.3;

/// Names what the vectors of titles are drawn to: those of another version must not be compared with them.
pub fn names_version() -> String {
    format!("names-{NAMES}-taxonomy-{}", Taxonomy::built_in().version())
}

/// The vectors of occupations' names that were met: never more than the taxonomy has, 1 kB each.
#[derive(Default)]
pub(super) struct NameVectors(RwLock<HashMap<ConceptId, Arc<UnitVector>>>);

impl NameVectors {
    /// Those of a model: all its embedders in this process share them.
    pub(super) fn of(model_version: &str) -> Arc<Self> {
        static OF_MODELS: LazyLock<Mutex<HashMap<String, Arc<NameVectors>>>> = LazyLock::new(Mutex::default);
        let mut of_models = OF_MODELS.lock().unwrap_or_else(PoisonError::into_inner);
        of_models.entry(model_version.to_owned()).or_default().clone()
    }

    fn known(&self, concepts: &[ConceptId]) -> HashMap<ConceptId, Arc<UnitVector>> {
        let known = self.0.read().unwrap_or_else(PoisonError::into_inner);
        concepts.iter().filter_map(|concept| Some((*concept, known.get(concept)?.clone()))).collect()
    }

    fn learn(&self, learnt: &HashMap<ConceptId, Arc<UnitVector>>) {
        let mut known = self.0.write().unwrap_or_else(PoisonError::into_inner);
        known.extend(learnt.iter().map(|(concept, vector)| (*concept, vector.clone())));
    }
}

impl CachedEmbedder {
    /// Draws each of some vectors towards the names of its occupations. What was not met before is embedded together, on all
    /// threads of the current rayon pool.
    ///
    /// # Errors
    ///
    /// As for [`Encoder::encode`](super::Encoder::encode).
    pub fn draw_to_names(
        &self,
        vectors: &[Arc<UnitVector>],
        occupations: &[Arc<[TitleOccupation]>],
    ) -> Result<Vec<Arc<UnitVector>>, EmbedError> {
        if !self.model().is_built_in() {
            return Ok(vectors.to_vec());
        }
        let telling: Vec<Vec<TitleOccupation>> = occupations.iter().map(|occupations| telling(occupations)).collect();
        let all = telling.iter().flatten().map(|occupation| occupation.concept).collect();
        let names = self.names_of(all, |labels| self.embed_unstored(labels))?;
        Ok(vectors.iter().zip(&telling).map(|(own, occupations)| drawn(own, occupations, &names)).collect())
    }

    /// Draws the vector of a query's title, on this thread: a query waits for no batch that is being indexed.
    ///
    /// # Errors
    ///
    /// As for [`Encoder::encode`](super::Encoder::encode).
    pub fn draw_query_to_names(
        &self,
        own: &Arc<UnitVector>,
        occupations: &[TitleOccupation],
    ) -> Result<Arc<UnitVector>, EmbedError> {
        if !self.model().is_built_in() {
            return Ok(own.clone());
        }
        let telling = telling(occupations);
        let names = self.names_for_query(telling.iter().map(|occupation| occupation.concept).collect())?;
        Ok(drawn(own, &telling, &names))
    }

    /// The cosines of a query's words with the English names of occupations, on this thread.
    ///
    /// # Errors
    ///
    /// As for [`Encoder::encode`](super::Encoder::encode).
    pub fn cosines_with_names(&self, text: &str, occupations: &[ConceptId]) -> Result<Vec<f32>, EmbedError> {
        let own = self.embed_query(text)?;
        let names = self.names_for_query(occupations.to_vec())?;
        Ok(occupations.iter().map(|concept| names.get(concept).map_or(0.0, |name| own.cosine(name))).collect())
    }

    /// The vectors of the names of occupations, those that were not met before on this thread.
    fn names_for_query(&self, occupations: Vec<ConceptId>) -> Result<HashMap<ConceptId, Arc<UnitVector>>, EmbedError> {
        self.names_of(occupations, |labels| labels.iter().map(|label| self.embed_query(label)).collect())
    }

    /// The vectors of the names of occupations; `embed` those that were not met before.
    fn names_of(
        &self,
        mut occupations: Vec<ConceptId>,
        embed: impl FnOnce(&[&str]) -> Result<Vec<Arc<UnitVector>>, EmbedError>,
    ) -> Result<HashMap<ConceptId, Arc<UnitVector>>, EmbedError> {
        occupations.sort_unstable();
        occupations.dedup();
        let mut names = self.names.known(&occupations);
        let mut unknown = occupations;
        unknown.retain(|concept| !names.contains_key(concept));
        if !unknown.is_empty() {
            let taxonomy = Taxonomy::built_in();
            let labels: Vec<&str> =
                unknown.iter().map(|id| taxonomy.concept(*id).map_or("", |concept| concept.label)).collect();
            let learnt = unknown.iter().copied().zip(embed(&labels)?).collect();
            self.names.learn(&learnt);
            names.extend(learnt);
        }
        Ok(names)
    }
}

/// A vector drawn towards the names of its occupations.
fn drawn(
    own: &Arc<UnitVector>,
    occupations: &[TitleOccupation],
    names: &HashMap<ConceptId, Arc<UnitVector>>,
) -> Arc<UnitVector> {
    let part = |told: &TitleOccupation| Some((names.get(&told.concept)?, told.share * told.share));
    let towards = compose(occupations.iter().filter_map(part)).map(Arc::new);
    let both = towards.and_then(|towards| compose([(own, 1.0), (&towards, pull(occupations))]));
    both.map_or_else(|| own.clone(), Arc::new)
}

/// How strongly a title is drawn: the likeliest occupation has the square root of its confidence for a share.
fn pull(occupations: &[TitleOccupation]) -> f32 {
    NAMES * greatest(occupations).powi(16)
}

fn greatest(occupations: &[TitleOccupation]) -> f32 {
    occupations.iter().map(|occupation| occupation.share).fold(0.0, f32::max)
}

/// The occupations that draw a title noticeably.
fn telling(occupations: &[TitleOccupation]) -> Vec<TitleOccupation> {
    if pull(occupations) < LEAST_PULL {
        return Vec::new();
    }
    let least = greatest(occupations) * LEAST_OF_THE_GREATEST;
    occupations.iter().copied().filter(|occupation| occupation.share >= least).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::embed::{EmbeddingCache, Model};

    #[test]
    fn a_title_is_drawn_towards_its_occupation_and_else_stays() {
        let model = Arc::new(Model::built_in().unwrap());
        let embedder = CachedEmbedder::new(model, EmbeddingCache::in_memory().unwrap());
        let own = embedder.embed_query("pielęgniarka").unwrap();
        let nurse = Taxonomy::built_in().meanings_of("pielęgniarka")[0].concept;
        let name = embedder.embed_query(Taxonomy::built_in().concept(nurse).unwrap().label).unwrap();
        let vectors = [own.clone(), own.clone()];
        let surely = TitleOccupation { concept: nurse, share: 1.0, is_sure: true };
        let asked = embedder.draw_query_to_names(&own, &[surely]).unwrap();
        for _ in 0..2 {
            let drawn = embedder.draw_to_names(&vectors, &[[surely].into(), Arc::default()]).unwrap();
            assert!(drawn[0].cosine(&name) > own.cosine(&name) + 0.1);
            assert_eq!((&drawn[0], &drawn[1]), (&asked, &own));
        }
    }
}
