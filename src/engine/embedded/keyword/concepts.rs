//! Concepts of candidates: who has them, and how well they stand.
//!
//! Input: needs, each a list of concepts that would meet it with grades. Output: for each candidate the sum over
//! needs of the best grade · strength. Each candidate holds each of its concepts as often as eighths make its strength, so that
//! the frequency of the posting is the strength; concepts that it surely has under another term than those that a title is
//! only like. Invariant: [`ConceptHits::maximum`] bounds every score.

use tantivy::{Term, schema::IndexRecordOption};

use super::{KeywordSnapshot, scratch::Scratch};
use crate::{
    candidate::Strength,
    engine::{EngineError, KeySet},
    taxonomy::ConceptId,
};

/// One thing that is asked for.
#[derive(Debug, Clone, PartialEq)]
pub struct ConceptNeed {
    /// What meets it.
    pub grades: Vec<ConceptGrade>,
    /// How much it counts beside the others.
    pub weight: f32,
}

/// A concept that meets a need.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ConceptGrade {
    /// Which.
    pub concept: ConceptId,
    /// How well it does, in (0, 1].
    pub grade: f32,
    /// Whether it must be surely had: a title that is only like it does not count.
    pub only_sure: bool,
}

/// Scores of candidates by what concepts they have.
pub struct ConceptHits {
    scratch: Scratch,
    /// No candidate can score more.
    pub maximum: f32,
}

impl ConceptHits {
    /// The candidates that have some of the concepts, in no particular order.
    pub fn keys(&self) -> &[u32] {
        self.scratch.touched()
    }

    /// A candidate's score; 0 for one that has none of the concepts.
    pub fn score(&self, key: u32) -> f32 {
        self.scratch.cell(key).map_or(0.0, |cell| cell.total + cell.best)
    }
}

/// The term of a concept that a candidate surely has, or has perhaps.
pub(super) fn term(concept: ConceptId, is_sure: bool) -> String {
    format!("{}{}", if is_sure { "" } else { "~" }, concept.number())
}

impl KeywordSnapshot {
    /// Scores every candidate of `allowed` (all where `None`) that has a concept of some need.
    pub fn score_concepts(&self, needs: &[ConceptNeed], allowed: Option<&KeySet>) -> Result<ConceptHits, EngineError> {
        let mut scratch = Scratch::take(self.key_limit());
        for (need, stamp) in needs.iter().zip(1..) {
            scratch.begin(stamp);
            for ConceptGrade { concept, grade, only_sure } in &need.grades {
                let had: &[bool] = if *only_sure { &[true] } else { &[true, false] };
                for is_sure in had {
                    self.for_each_holder((*concept, *is_sure), |key, strength| {
                        if allowed.is_none_or(|allowed| allowed.contains(key)) {
                            scratch.add(key, stamp, need.weight * grade * strength.share());
                        }
                    })?;
                }
            }
        }
        Ok(ConceptHits { scratch, maximum: needs.iter().map(|need| need.weight).sum() })
    }

    /// The candidates that surely have one of some concepts.
    pub fn with_concepts(&self, concepts: &[ConceptId]) -> Result<KeySet, EngineError> {
        let mut keys = KeySet::with_capacity(self.key_limit());
        for concept in concepts {
            self.for_each_holder((*concept, true), |key, _| keys.insert(key))?;
        }
        Ok(keys)
    }

    /// Visits the live candidates that have a concept.
    fn for_each_holder(
        &self,
        (concept, is_sure): (ConceptId, bool),
        mut visit: impl FnMut(u32, Strength),
    ) -> Result<(), EngineError> {
        let term = Term::from_field_text(self.fields.concepts, &term(concept, is_sure));
        for segment in &self.segments {
            let Some(info) = segment.concepts.get_term_info(&term)? else { continue };
            let mut block = segment.concepts.read_block_postings_from_terminfo(&info, IndexRecordOption::WithFreqs)?;
            let alive = segment.reader.alive_bitset();
            while !block.docs().is_empty() {
                for (doc, frequency) in block.docs().iter().zip(block.freqs()) {
                    if alive.is_none_or(|alive| alive.is_alive(*doc)) {
                        visit(segment.keys[*doc as usize], Strength::of_eighths(*frequency));
                    }
                }
                block.advance();
            }
        }
        Ok(())
    }
}
