//! Vectors of candidates: durable, searchable, exact unless a graph is asked.
//!
//! Changes by key → a [`VectorIndex`] on disk → pinned [`VectorSnapshot`]s that answer "which keys are nearest to this vector?". One
//! index holds one named vector of each key (a role, the skills, a string); an engine opens one for each name, each in its own directory.
//!
//! What is promised:
//!
//! - Readers pin a snapshot; publishing is one atomic switch; a reader blocks no writer.
//! - The committed state is exactly the state at [`VectorIndex::committed_seq`]. What came later is replayed from the change log, and
//!   replaying is idempotent.
//! - Files are verified before anything in them is believed; damage is an error that says "rebuild", never a panic.
//! - An exact search equals comparing the query with every stored vector. Stored is a fixed-point vector (i16, cosines
//!   within about 1e-5 of the f32 original); the scan reads i8 codes and rescores whatever their error bound leaves open.
//!
//! | file | duty |
//! |---|---|
//! | `index` | apply, commit, publish |
//! | `maintenance` | merges, graphs |
//! | `snapshot`, `search` | reading |
//! | `selection` | the candidates of a scan, by error bounds |
//! | `cost`, `breadth` | which way through a segment |
//! | `segment`, `key_table`, `fixed_point` | vectors in memory |
//! | `graph` | hnsw_rs, behind a wall |
//! | `manifest`, `segment_file`, `durable` | vectors on disk |

mod breadth;
mod cost;
mod durable;
mod error;
mod fixed_point;
mod graph;
mod index;
mod key_table;
mod maintenance;
mod manifest;
mod search;
mod segment;
mod segment_file;
mod selection;
mod snapshot;

#[cfg(test)]
mod samples;
#[cfg(test)]
mod tests;

pub use cost::Cost;
pub use error::{VectorIndexError, WrongDimensions};
pub use graph::GraphOptions;
pub use index::{CommitMode, VectorChange, VectorIndex, VectorIndexOptions, VectorIndexSize};
pub use search::{StrategyReport, UsedStrategy, VectorHit, VectorHits, VectorSearch, VectorStrategy};
pub use snapshot::{VectorSnapshot, fingerprint};

/// The instruction set that the scan uses on this processor, for start-up logs.
pub fn instruction_set() -> &'static str {
    crate::simd::rows::instruction_set()
}
