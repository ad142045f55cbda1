//! What can go wrong with a vector index.

use std::io;
use std::path::{Path, PathBuf};

use thiserror::Error;

/// A vector index that could not be opened, changed or searched.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum VectorIndexError {
    /// A file is missing, torn or altered. Nothing of it was used; rebuild the index from the store.
    #[error("the vector index file {} is damaged: {reason}", path.display())]
    Corrupt {
        /// The damaged file.
        path: PathBuf,
        /// What does not hold.
        reason: &'static str,
    },
    /// The index was written in another format of files; rebuild it from the store.
    #[error("the vector index {} has another file format", path.display())]
    OtherFormat {
        /// The manifest.
        path: PathBuf,
    },
    /// The index holds vectors of another model; rebuild it from the store.
    #[error("the vector index holds {found_dimensions} dimensions of model {found}, wanted {dimensions} of {wanted}")]
    OtherModel {
        /// The model version in the index.
        found: String,
        /// The number of dimensions in the index.
        found_dimensions: usize,
        /// The model version asked for.
        wanted: String,
        /// The number of dimensions asked for.
        dimensions: usize,
    },
    /// A vector of another dimension than that of the index.
    #[error(transparent)]
    WrongDimensions(#[from] WrongDimensions),
    /// The operating system refused to read or write.
    #[error("cannot {action} {}", path.display())]
    Io {
        /// What was tried.
        action: &'static str,
        /// On which file or directory.
        path: PathBuf,
        /// Why it failed.
        source: io::Error,
    },
    /// The graph library could not write or read back a graph.
    #[error("the graph could not be stored: {0}")]
    Graph(String),
}

/// A vector of another dimension than that of the index.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("a vector of {found} dimensions in an index of {expected}")]
pub struct WrongDimensions {
    /// The dimension of the index.
    pub expected: usize,
    /// The dimension of the vector.
    pub found: usize,
}

impl VectorIndexError {
    /// Whether the files on disk are of no use, and the index has to be built again from the store
    /// (see [`VectorIndex::discard`](super::VectorIndex::discard)).
    pub fn needs_rebuild(&self) -> bool {
        matches!(self, Self::Corrupt { .. } | Self::OtherFormat { .. } | Self::OtherModel { .. })
    }

    pub(super) fn corrupt(path: &Path, reason: &'static str) -> Self {
        Self::Corrupt { path: path.to_owned(), reason }
    }

    pub(super) fn io(action: &'static str, path: &Path) -> impl FnOnce(io::Error) -> Self {
        move |source| Self::Io { action, path: path.to_owned(), source }
    }
}
