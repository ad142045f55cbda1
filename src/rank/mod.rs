//! Signals → fused, ordered, explained.
//!
//! Input: raw signals of the members of a union. Output: scores that are finite by construction, a total order, and
//! contributions that add up to the score. Invariants: fixed scales (a normalised value depends on the query and the
//! constants, never on the other hits, a second look by another model aside); activity moves a score by at most half of `c` times the relevance.

mod constants;
mod fusion;
mod reranker;
mod shortlist;

pub use constants::{
    ActivityRanking, ConceptRanking, ExpansionRanking, FeedbackRanking, FusionByKind, FusionRanking, GroupConstants,
    KeywordRanking, LongTextRanking, Ranking, RankingError, SemanticRanking, ShortlistRanking,
};
pub use fusion::{RelevanceSignals, Score, SignalValue, by_rank, fuse, moved};
pub use reranker::{RerankerRanking, RerankerWeights, SecondLook};
pub use shortlist::{Contender, Diversity, Pick, choose};
