//! Change log → engine, continuously.
//!
//! Input: the store's change log from where the engine's indexes have got to. Output: published snapshots, each at a
//! known change. Invariants: indexes are derived, so nothing here is the truth; a change is applied again after a crash
//! and that changes nothing; a write is visible within a second of its acknowledgement unless a backlog stands before it.

mod catch_up;
mod checks;
mod generations;
mod indexer;
mod prepare;
mod reindex;

pub use catch_up::{Reached, activity_event};
pub use checks::{ReindexChecks, sampled_recall};
pub use generations::Generations;
pub use indexer::{Indexer, IndexerState, IndexingError};
pub use prepare::prepare;
pub use reindex::{ReindexError, ReindexProgress, ReindexReport, Reindexer, Verdict};
