//! What can go wrong in an engine.

use thiserror::Error;

use super::embedded::vectors::{VectorIndexError, WrongDimensions};

/// An error of the engine: never the user's, but where it says so.
#[derive(Debug, Error)]
pub enum EngineError {
    /// The file system failed.
    #[error("index files: {0}")]
    Io(#[from] std::io::Error),
    /// The text index failed.
    #[error("text index: {0}")]
    Index(#[from] tantivy::TantivyError),
    /// The text index is of another version and must be rebuilt.
    #[error("the text index is outdated: {0}")]
    Outdated(String),
    /// Another writer has the text index open.
    #[error("the text index is open elsewhere")]
    InUse,
    /// A pattern of the query stands for too many words of the index; the user's to mend.
    #[error("`{0}` stands for too many words of the index")]
    PatternTooBroad(String),
    /// A vector index failed.
    #[error("vector index: {0}")]
    Vectors(#[from] VectorIndexError),
    /// A query vector of another model.
    #[error("vector index: {0}")]
    Dimensions(#[from] WrongDimensions),
}
