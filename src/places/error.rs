//! What can go wrong between a table of cities and a gazetteer.

use thiserror::Error;

use crate::packed::PackedError;

/// Why a gazetteer could not be packed or unpacked. None of these is the sender's fault.
#[derive(Debug, Error)]
pub enum PlacesError {
    /// A table is not what it must be.
    #[error("{table}, line {line}: {reason}")]
    Line {
        /// Which table.
        table: &'static str,
        /// The line, from 1.
        line: usize,
        /// What is wrong with it.
        reason: &'static str,
    },
    /// More than the format can number.
    #[error("too many {0} for the format")]
    TooMany(&'static str),
    /// The packed gazetteer is damaged or of another format.
    #[error("the gazetteer {0}")]
    Packed(#[from] PackedError),
    /// The map of names is malformed.
    #[error("the gazetteer's names are malformed")]
    Names(#[source] fst::Error),
}
