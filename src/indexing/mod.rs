//! Change log → engine, continuously.
//!
//! Input: the store's change log from where the engine's indexes have got to. Output: published snapshots, each at a
//! known change. Invariants: indexes are derived, so nothing here is the truth; a change is applied again after a crash
//! and that changes nothing; a write is visible within a second of its acknowledgement unless a backlog stands before it.

mod indexer;
mod prepare;

pub use indexer::{Indexer, IndexerState, IndexingError};
pub use prepare::prepare;
