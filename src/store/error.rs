//! What can go wrong in the store, user errors and internal errors apart.

use std::path::PathBuf;
use std::sync::Arc;

/// An error of the store.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// A precondition of a write does not hold; nothing of its batch was written.
    #[error("the precondition on candidate {id:?} does not hold")]
    PreconditionFailed {
        /// The candidate whose state is not the expected one.
        id: String,
    },
    /// The change log no longer reaches back to the place asked for: the reader must start anew from the candidates.
    #[error("the change log is trimmed up to sequence number {trimmed_through}, later than {after}")]
    ChangesTrimmed {
        /// The sequence number after which changes were asked for.
        after: u64,
        /// The last sequence number that may have been trimmed.
        trimmed_through: u64,
    },
    /// Another process, or another `Store` of this one, holds the directory.
    #[error("{} is held by another process; stop it, or choose another data directory", path.display())]
    Locked {
        /// The lock file.
        path: PathBuf,
    },
    /// The file is something else than a Lodestone store.
    #[error("{} is not a Lodestone store", path.display())]
    NotAStore {
        /// The database file.
        path: PathBuf,
    },
    /// A later Lodestone wrote this store.
    #[error("the store has format {found}, this program knows formats up to {known}; use the newer program")]
    TooNew {
        /// The format of the file.
        found: usize,
        /// The newest format that this program knows.
        known: usize,
    },
    /// The file is damaged; the store must be restored from a backup.
    #[error("the store is damaged: {detail}")]
    Damaged {
        /// What SQLite found.
        detail: String,
    },
    /// All 2^32 - 1 candidate keys were given out. Keys are never given twice.
    #[error("all candidate keys are given out")]
    KeysExhausted,
    /// The transaction that carried this write, together with others, was not committed.
    #[error("the write was not committed")]
    NotCommitted(#[source] Arc<rusqlite::Error>),
    /// A file or directory could not be made or opened.
    #[error("cannot use {}", path.display())]
    Io {
        /// The file or directory.
        path: PathBuf,
        /// The cause.
        source: std::io::Error,
    },
    /// Any other failure of the database: a full disk, an unreadable device.
    #[error("the database failed")]
    Sqlite(#[source] rusqlite::Error),
}

impl From<rusqlite::Error> for StoreError {
    fn from(error: rusqlite::Error) -> Self {
        match error.sqlite_error_code() {
            Some(rusqlite::ErrorCode::DatabaseCorrupt | rusqlite::ErrorCode::NotADatabase) => {
                Self::Damaged { detail: error.to_string() }
            }
            _ => Self::Sqlite(error),
        }
    }
}
