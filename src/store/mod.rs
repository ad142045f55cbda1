//! The source of truth: candidates, their change log and their events in one SQLite file.
//!
//! Input: ids, canonical JSON bytes, events. Output: the same bytes, keys, sequence numbers. The store never looks
//! into a body. Invariants:
//!
//! - What was acknowledged survives `kill -9` and power loss: every write returns after its transaction is durable.
//! - A candidate and its change-log entry are one transaction; sequence numbers grow in commit order, without reuse.
//! - A key is given to one candidate and never again, so that derived data keyed by it can never name someone else.
//! - An erased candidate leaves no id, body or event behind, only the number of its key in the change log.

mod candidates;
mod changes;
mod directory;
mod error;
mod events;
mod readers;
mod schema;
mod tasks;
mod writer;

#[cfg(test)]
mod tests;

pub use candidates::{Etag, Precondition, PutCandidate, PutOutcome, PutStatus, StoredCandidate};
pub use changes::{Change, ChangeBatch, ChangeKind, CurrentState};
pub use error::StoreError;
pub use events::{EventOutcome, NewEvent, StoredEvent};
pub use tasks::{StoredTask, TaskState};

use directory::DirectoryLock;
use readers::Readers;
use rusqlite::{Connection, OptionalExtension};
use std::path::{Path, PathBuf};
use writer::Writer;

/// The name of the database file in the data directory.
const FILE: &str = "store.sqlite";

/// An open store. Its methods block: call them off the async threads. Share it between threads by reference.
#[derive(Debug)]
pub struct Store {
    path: PathBuf,
    writer: Writer,
    readers: Readers,
    progress: changes::Progress,
    /// Last, so that it outlives the connections when the store is dropped.
    _lock: DirectoryLock,
}

impl Store {
    /// Opens the store in a directory, making both where needed and migrating an older format.
    ///
    /// # Errors
    /// [`StoreError::Locked`] when the directory is in use, [`StoreError::TooNew`], [`StoreError::NotAStore`] or
    /// [`StoreError::Damaged`] when the file is not one that this program can serve.
    pub fn open(directory: &Path) -> Result<Self, StoreError> {
        let lock = DirectoryLock::acquire(directory)?;
        let path = directory.join(FILE);
        let connection = schema::open_writer(&path)?;
        directory::sync(directory)?;
        let progress = changes::Progress::at(last_number(&connection, "changes")?);
        let readers = Readers::open(&path)?;
        Ok(Self { path, writer: Writer::new(connection), readers, progress, _lock: lock })
    }

    /// The number of candidates.
    pub fn count(&self) -> Result<u64, StoreError> {
        self.readers.read(|reader| {
            Ok(reader.prepare_cached("SELECT count(*) FROM candidates")?.query_row([], |row| row.get(0))?)
        })
    }

    /// Bytes on disk, the write-ahead log included.
    pub fn size_on_disk(&self) -> Result<u64, StoreError> {
        let mut bytes = 0;
        for suffix in ["", "-wal"] {
            let mut path = self.path.clone().into_os_string();
            path.push(suffix);
            match std::fs::metadata(&path) {
                Ok(metadata) => bytes += metadata.len(),
                Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
                Err(source) => return Err(StoreError::Io { path: path.into(), source }),
            }
        }
        Ok(bytes)
    }

    /// Moves the write-ahead log into the database file and empties it, so that erased bytes are gone from both.
    ///
    /// False when a reader held on to an older state for longer than the store waits; nothing is lost then.
    pub fn checkpoint(&self) -> Result<bool, StoreError> {
        self.writer.exclusively(|connection| {
            let busy: i64 = connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| row.get(0))?;
            Ok(busy == 0)
        })
    }

    /// Reads the whole file and verifies it; seconds per gigabyte.
    ///
    /// # Errors
    /// [`StoreError::Damaged`] with the first findings.
    pub fn verify(&self) -> Result<(), StoreError> {
        self.readers.read(|reader| {
            let mut check = reader.prepare("PRAGMA integrity_check(10)")?;
            let findings = check.query_map([], |row| row.get(0))?.collect::<Result<Vec<String>, _>>()?;
            if findings == ["ok"] { Ok(()) } else { Err(StoreError::Damaged { detail: findings.join("; ") }) }
        })
    }
}

/// The last number that an AUTOINCREMENT column gave out, 0 before the first. Outlives the rows themselves.
fn last_number(connection: &Connection, table: &str) -> Result<u64, StoreError> {
    let last = connection
        .prepare_cached("SELECT seq FROM sqlite_sequence WHERE name = ?1")?
        .query_row([table], |row| row.get(0))
        .optional()?;
    Ok(last.unwrap_or(0))
}

/// A limit as SQLite's signed integer.
fn signed_limit(limit: usize) -> i64 {
    i64::try_from(limit).unwrap_or(i64::MAX)
}
