//! The text index: tantivy for postings, merges and durability; hit sets and BM25 are computed here.
//!
//! Input: [`crate::engine::IndexDocument`]s in the order of the change log. Output: a pinned [`KeywordSnapshot`] that
//! answers demands, filters and wishes with sets of candidate keys. Invariants: what a commit says it has reached is
//! on disk before anybody is told; scores come from the statistics of the whole snapshot, not of a segment.

mod concepts;
mod demand;
mod fields;
mod index;
mod places;
mod score;
mod scratch;
mod snapshot;
mod spelling;
mod tokenizer;

pub use concepts::{ConceptGrade, ConceptHits, ConceptNeed};
pub use demand::{MAX_PATTERN_WORDS, WordMatch};
pub use index::{KeywordChange, KeywordIndex};
pub use score::{GroupScore, KeywordHits, ScoredWord, Scoring};
pub use snapshot::KeywordSnapshot;
