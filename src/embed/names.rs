//! Titles drawn towards the English names of the occupations that they may stand for.
//!
//! The vector of a title and its occupations → a vector of both. The model knows some languages well and others hardly; what
//! a title stands for the taxonomy knows in 21 of them, and the model knows the English names of that. Invariant: a title
//! that stands for no occupation keeps its vector.

use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};

use super::{CachedEmbedder, EmbedError, UnitVector, compose};
use crate::taxonomy::{ConceptId, Taxonomy};

/// How much the names count at most beside the title's own vector: where it surely stands for an occupation. The less sure
/// that is, the less, by the eighth power of the confidence. docs/relevance.md tells what else was tried.
const NAMES: f32 = 0.6;

/// What a title may stand for, with how much it does, in (0, 1].
pub type Occupations = Vec<(ConceptId, f32)>;

/// Names what the vectors of titles are drawn to: those of another version must not be compared with them.
pub fn names_version() -> String {
    format!("names-{NAMES}-taxonomy-{}", Taxonomy::built_in().version())
}

/// The vectors of occupations' names that were met: never more than the taxonomy has, 1 kB each.
#[derive(Default)]
pub(super) struct NameVectors(RwLock<HashMap<ConceptId, Arc<UnitVector>>>);

impl NameVectors {
    fn known(&self, occupations: &[Occupations]) -> HashMap<ConceptId, Arc<UnitVector>> {
        let known = self.0.read().unwrap_or_else(PoisonError::into_inner);
        let distinct = occupations.iter().flatten().map(|(concept, _)| concept);
        distinct.filter_map(|concept| Some((*concept, known.get(concept)?.clone()))).collect()
    }

    fn learn(&self, learnt: &HashMap<ConceptId, Arc<UnitVector>>) {
        let mut known = self.0.write().unwrap_or_else(PoisonError::into_inner);
        known.extend(learnt.iter().map(|(concept, vector)| (*concept, vector.clone())));
    }
}

impl CachedEmbedder {
    /// Draws each of some vectors towards the names of its occupations. What was not met before is embedded together.
    ///
    /// # Errors
    ///
    /// As for [`Model::embed`](super::Model::embed).
    pub fn draw_to_names(
        &self,
        vectors: &[Arc<UnitVector>],
        occupations: &[Occupations],
    ) -> Result<Vec<Arc<UnitVector>>, EmbedError> {
        let names = self.names_of(occupations)?;
        let drawn = |(own, occupations): (&Arc<UnitVector>, &Occupations)| {
            // The likeliest has the square root of its confidence for a share.
            let most = occupations.iter().map(|(_, share)| *share).fold(0.0, f32::max);
            let parts = occupations.iter().filter_map(|(concept, share)| Some((names.get(concept)?, share * share)));
            let towards = compose(parts).map(Arc::new);
            let both = towards.and_then(|towards| compose([(own, 1.0), (&towards, NAMES * most.powi(16))]));
            both.map_or_else(|| own.clone(), Arc::new)
        };
        Ok(vectors.iter().zip(occupations).map(drawn).collect())
    }

    /// The vectors of the names of occupations.
    fn names_of(&self, occupations: &[Occupations]) -> Result<HashMap<ConceptId, Arc<UnitVector>>, EmbedError> {
        let mut names = self.names.known(occupations);
        let mut unknown: Vec<ConceptId> = occupations.iter().flatten().map(|(concept, _)| *concept).collect();
        unknown.retain(|concept| !names.contains_key(concept));
        unknown.sort_unstable();
        unknown.dedup();
        if !unknown.is_empty() {
            let taxonomy = Taxonomy::built_in();
            let labels: Vec<&str> =
                unknown.iter().map(|id| taxonomy.concept(*id).map_or("", |concept| concept.label)).collect();
            let learnt = unknown.iter().copied().zip(self.embed_unstored(&labels)?).collect();
            self.names.learn(&learnt);
            names.extend(learnt);
        }
        Ok(names)
    }
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
        for _ in 0..2 {
            let drawn = embedder.draw_to_names(&vectors, &[vec![(nurse, 1.0)], Vec::new()]).unwrap();
            assert!(drawn[0].cosine(&name) > own.cosine(&name) + 0.1);
            assert_eq!(drawn[1], own);
        }
    }
}
