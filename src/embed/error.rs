//! What can go wrong between a text and its vector.

use std::path::PathBuf;

use safetensors::SafeTensorError;
use thiserror::Error;

use super::NotAUnitVector;

/// Why a model could not be read, or a text not be embedded. None of these is the sender's fault.
#[derive(Debug, Error)]
pub enum EmbedError {
    /// A file of the model could not be read or written.
    #[error("cannot access {}", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// The operating system's reason.
        source: std::io::Error,
    },
    /// A file of the model is no complete zstd stream.
    #[error("{file} cannot be decompressed")]
    Compression {
        /// The file's name.
        file: &'static str,
        /// The decompressor's reason.
        source: std::io::Error,
    },
    /// A file of the model is no safetensors file, or lacks a tensor.
    #[error("{file} is not a readable set of tensors")]
    Tensors {
        /// The file's name.
        file: &'static str,
        /// The reader's reason.
        source: SafeTensorError,
    },
    /// A tensor has another type or shape than the model's architecture demands, or contradicts another tensor.
    #[error("tensor {tensor} of {file} does not fit the model")]
    Shape {
        /// The file's name.
        file: &'static str,
        /// The tensor's name.
        tensor: String,
    },
    /// A JSON file of the model is malformed.
    #[error("{file} is malformed")]
    Json {
        /// The file's name.
        file: &'static str,
        /// The parser's reason.
        source: serde_json::Error,
    },
    /// The tokenizer works in a way that this module does not know: another normaliser, or scores beyond 32 bits.
    #[error("the tokenizer is of an unknown kind: {0}")]
    UnknownTokenizer(&'static str),
    /// The model gave a vector of no direction: its weights are broken.
    #[error("the model gave no direction")]
    NoDirection(#[from] NotAUnitVector),
    /// The file of cached vectors could not be used.
    #[error("the cache of embeddings failed")]
    Cache(#[from] rusqlite::Error),
    /// The cache holds as many distinct strings as it has ids for (2³² − 1).
    #[error("the cache of embeddings has no ids left")]
    CacheFull,
    /// A sentence transformer could not be read, or failed.
    #[error("the sentence transformer {} cannot be used: {reason}", dir.display())]
    Transformer {
        /// Its folder.
        dir: PathBuf,
        /// Why.
        reason: String,
    },
    /// An endpoint gave no vectors.
    #[error("the embedder at {url} gave no vectors: {reason}")]
    Endpoint {
        /// Its address.
        url: String,
        /// Why, in its own words where it had some.
        reason: String,
        /// Whether that may be gone in a while.
        is_passing: bool,
    },
}

impl EmbedError {
    /// Whether the same texts may get vectors in a while.
    pub fn is_passing(&self) -> bool {
        matches!(self, Self::Endpoint { is_passing: true, .. })
    }

    /// Whether it lies with something beside this program, which a search does without.
    pub fn is_elsewhere(&self) -> bool {
        matches!(self, Self::Endpoint { .. })
    }
}
