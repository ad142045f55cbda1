//! What can go wrong between the sources and a taxonomy.

use thiserror::Error;

use crate::packed::PackedError;

/// Why a taxonomy could not be built or read. None of these is the sender's fault.
#[derive(Debug, Error)]
pub enum TaxonomyError {
    /// A table is not what it must be.
    #[error("{file}, line {line}: {reason}")]
    Line {
        /// Which file, beneath the folder of the sources.
        file: &'static str,
        /// The line, from 1.
        line: u64,
        /// What is wrong with it.
        reason: String,
    },
    /// More than the format can number.
    #[error("too many {0} for the format")]
    TooMany(&'static str),
    /// Another taxonomy was used before.
    #[error("another taxonomy is in use already")]
    InUse,
    /// The packed taxonomy is damaged or of another format.
    #[error("the taxonomy {0}")]
    Packed(#[from] PackedError),
}
