//! Why a search was not answered: the user's errors and ours apart.

use thiserror::Error;

use crate::{embed::EmbedError, engine::EngineError, error::FieldError, query::QueryError, store::StoreError};

/// A search that was not answered.
#[derive(Debug, Error)]
pub enum SearchError {
    /// Members of the request are wrong: all of them.
    #[error("the request has {} errors", .0.len())]
    Invalid(Vec<FieldError>),
    /// The query text was refused.
    #[error(transparent)]
    Query(#[from] QueryError),
    /// A cursor stands beside other members.
    #[error("a cursor stands alone: the first page fixed everything else")]
    CursorWithParameters,
    /// The cursor is unknown: it expired, or the server was restarted.
    #[error("the cursor has expired; ask for the first page again")]
    CursorExpired,
    /// A demand could not be evaluated in time.
    #[error("the demand could not be evaluated in time")]
    DeadlineExceeded,
    /// The engine failed.
    #[error(transparent)]
    Engine(EngineError),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The model failed.
    #[error(transparent)]
    Embed(#[from] EmbedError),
}

impl From<EngineError> for SearchError {
    fn from(error: EngineError) -> Self {
        match error {
            EngineError::PatternTooBroad(pattern) => Self::Query(QueryError::PatternTooBroad { pattern }),
            other => Self::Engine(other),
        }
    }
}

impl SearchError {
    /// What was read, unless there are errors before it: all of them at once, those of the reading last.
    pub(super) fn with_errors_before<T>(before: Vec<FieldError>, read: Result<T, Self>) -> Result<T, Self> {
        match (read, before.is_empty()) {
            (Ok(read), true) => Ok(read),
            (Ok(_), false) => Err(Self::Invalid(before)),
            (Err(Self::Invalid(found)), _) => Err(Self::Invalid(before.into_iter().chain(found).collect())),
            (Err(error), _) => Err(error),
        }
    }
}
