//! The embedded engine: tantivy for text, sealed vector segments with hnsw_rs for meaning.
//!
//! Input: changes in the order of the change log. Output: an [`EngineSnapshot`], one pinned state of text, vectors,
//! facts and activity for a whole request. Invariants: each index says in its own commit which change it has reached,
//! and what any of them has not reached is replayed; readers never see a mixture of two publications.

mod engine;
mod hit_set;
pub mod keyword;
mod retrieve;
mod serving;
mod snapshot;
pub mod vectors;

#[cfg(test)]
mod tests;

pub use engine::{EmbeddedEngine, EngineChange, EngineOptions};
pub use hit_set::HitSet;
pub use serving::ServingEngine;
pub use snapshot::EngineSnapshot;
