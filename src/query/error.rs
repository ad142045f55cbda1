//! Why a query was refused.

use thiserror::Error;

use super::filter::FilterError;
use super::warning::Warning;
use super::{MAX_CLAUSES, MAX_QUERY_BYTES};

/// A query that is refused; the lenient parser refuses only for size.
#[derive(Debug, Clone, PartialEq, Error)]
pub enum QueryError {
    /// The text is longer than [`MAX_QUERY_BYTES`].
    #[error("the query has {bytes} bytes; the limit is {MAX_QUERY_BYTES}")]
    QueryTooLong {
        /// The length of the text.
        bytes: usize,
    },
    /// The query has more words than [`MAX_CLAUSES`].
    #[error("the query has {clauses} words; the limit is {MAX_CLAUSES}")]
    TooManyClauses {
        /// The number of words, those of phrases included.
        clauses: usize,
    },
    /// A pattern stands for more words of the index than a search looks at.
    #[error("`{pattern}` stands for more than 20,000 words of the index; more letters before the star narrow it")]
    PatternTooBroad {
        /// The pattern as it was understood.
        pattern: String,
    },
    /// Strict parsing was asked for and the query needs repairs.
    #[error("the query needs {} repairs, and strict parsing makes none", .0.len())]
    NeedsRepair(Vec<Warning>),
    /// Filters that cannot be met by any candidate, by their form.
    #[error("{} filters are invalid", .0.len())]
    InvalidFilters(Vec<FilterError>),
}

impl QueryError {
    /// The stable code.
    pub fn code(&self) -> &'static str {
        match self {
            Self::QueryTooLong { .. } => "query_too_long",
            Self::TooManyClauses { .. } => "query_too_many_clauses",
            Self::PatternTooBroad { .. } => "pattern_too_broad",
            Self::NeedsRepair(_) => "query_needs_repair",
            Self::InvalidFilters(_) => "invalid_filters",
        }
    }
}
