//! The database file: how a connection is set up, and the migrations from each format to the next.
//!
//! The format is the number of migrations applied (`PRAGMA user_version`). A migration and its number are one
//! transaction, so that a crash leaves the old format or the new one.

use super::StoreError;
use rusqlite::{Connection, OpenFlags};
use std::path::Path;
use std::time::Duration;

/// "LDST": marks the file as ours, so that no foreign database is ever migrated.
const APPLICATION_ID: i32 = 0x4C44_5354;

/// Waiting time for a lock that another connection of this process holds during a checkpoint.
const BUSY_TIMEOUT: Duration = Duration::from_secs(10);

/// A candidate of 2 KB wastes 7 % of pages of this size and 40 % of pages half as large (measured).
const PAGE_BYTES: i32 = 16_384;

/// Address space for reading through the page cache of the system; costs no memory of our own.
const MMAP_BYTES: i64 = 2_000_000_000;

/// The write-ahead log is cut back to this size after a checkpoint.
const LOG_BYTES: i64 = 64 * 1024 * 1024;

/// The steps from each format to the next. Append only: a published step never changes.
pub(super) const MIGRATIONS: &[&str] = &[
    // 1. The body comes last in its row: what is read without it never touches overflow pages.
    // The change log names keys only, so that an erased candidate's id does not live on in it.
    "CREATE TABLE candidates (
         key INTEGER PRIMARY KEY AUTOINCREMENT CHECK (key BETWEEN 1 AND 4294967295),
         id TEXT NOT NULL UNIQUE,
         seq INTEGER NOT NULL,
         updated_at INTEGER NOT NULL,
         body BLOB NOT NULL
     ) STRICT;
     CREATE TABLE changes (
         seq INTEGER PRIMARY KEY AUTOINCREMENT,
         key INTEGER NOT NULL,
         kind INTEGER NOT NULL CHECK (kind IN (0, 1))
     ) STRICT;
     CREATE TABLE events (
         event_seq INTEGER PRIMARY KEY AUTOINCREMENT,
         key INTEGER NOT NULL REFERENCES candidates (key) ON DELETE CASCADE,
         type TEXT NOT NULL,
         at INTEGER NOT NULL,
         event_id TEXT,
         by TEXT,
         thread TEXT,
         channel TEXT
     ) STRICT;
     CREATE INDEX events_by_key ON events (key);
     CREATE UNIQUE INDEX events_by_id ON events (event_id) WHERE event_id IS NOT NULL;
     CREATE TABLE meta (name TEXT PRIMARY KEY, value INTEGER NOT NULL) STRICT, WITHOUT ROWID;",
    // 2. Long work: what was asked, how far it is, what came of it.
    "CREATE TABLE tasks (
         id INTEGER PRIMARY KEY AUTOINCREMENT,
         kind TEXT NOT NULL,
         state TEXT NOT NULL,
         created_at INTEGER NOT NULL,
         started_at INTEGER,
         finished_at INTEGER,
         request TEXT NOT NULL,
         progress TEXT NOT NULL,
         error TEXT
     ) STRICT;
     CREATE INDEX tasks_by_state ON tasks (state, id);",
];

/// Opens the writing connection, making or migrating the file where needed.
pub(super) fn open_writer(path: &Path) -> Result<Connection, StoreError> {
    let connection = Connection::open_with_flags(
        path,
        OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE | OpenFlags::SQLITE_OPEN_NO_MUTEX,
    )?;
    set_up_writer(&connection).and_then(|()| refuse_foreign(&connection, path)).map_err(|error| match error {
        StoreError::Damaged { .. } if !has_sqlite_header(path) => StoreError::NotAStore { path: path.to_owned() },
        other => other,
    })?;
    migrate(&connection, MIGRATIONS)?;
    Ok(connection)
}

/// Opens a connection that only reads.
pub(super) fn open_reader(path: &Path) -> Result<Connection, StoreError> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags)?;
    connection.busy_timeout(BUSY_TIMEOUT)?;
    connection.pragma_update(None, "mmap_size", MMAP_BYTES)?;
    connection.set_prepared_statement_cache_capacity(32);
    Ok(connection)
}

fn set_up_writer(connection: &Connection) -> Result<(), StoreError> {
    connection.busy_timeout(BUSY_TIMEOUT)?;
    // The page size counts only before the first page is written: it comes first.
    connection.pragma_update(None, "page_size", PAGE_BYTES)?;
    connection.pragma_update(None, "journal_mode", "WAL")?;
    connection.pragma_update(None, "synchronous", "FULL")?;
    connection.pragma_update(None, "foreign_keys", true)?;
    connection.pragma_update(None, "secure_delete", true)?;
    connection.pragma_update(None, "mmap_size", MMAP_BYTES)?;
    connection.pragma_update(None, "cache_size", -32 * 1024)?;
    connection.pragma_update(None, "journal_size_limit", LOG_BYTES)?;
    connection.set_prepared_statement_cache_capacity(64);
    Ok(())
}

fn refuse_foreign(connection: &Connection, path: &Path) -> Result<(), StoreError> {
    let mark: i32 = connection.pragma_query_value(None, "application_id", |row| row.get(0))?;
    let tables: i64 = connection.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0))?;
    // Without a table there is nothing foreign: a new file, or one whose first migration a crash undid.
    if mark == APPLICATION_ID || tables == 0 {
        return Ok(());
    }
    Err(StoreError::NotAStore { path: path.to_owned() })
}

fn has_sqlite_header(path: &Path) -> bool {
    use std::io::Read;
    let mut header = [0; 16];
    let read = std::fs::File::open(path).and_then(|mut file| file.read_exact(&mut header));
    read.is_ok() && &header == b"SQLite format 3\0"
}

/// Brings the file to the newest format that `migrations` know.
pub(super) fn migrate(connection: &Connection, migrations: &[&str]) -> Result<(), StoreError> {
    let format: i64 = connection.pragma_query_value(None, "user_version", |row| row.get(0))?;
    let found = usize::try_from(format).unwrap_or(usize::MAX);
    let Some(missing) = migrations.get(found..) else {
        return Err(StoreError::TooNew { found, known: migrations.len() });
    };
    for (step, statements) in missing.iter().enumerate() {
        let transaction = connection.unchecked_transaction()?;
        transaction.execute_batch(statements)?;
        transaction.pragma_update(None, "application_id", APPLICATION_ID)?;
        transaction.pragma_update(None, "user_version", (found + step + 1) as i64)?;
        transaction.commit()?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn format(connection: &Connection) -> i64 {
        connection.pragma_query_value(None, "user_version", |row| row.get(0)).unwrap()
    }

    #[test]
    fn migrates_step_by_step_and_keeps_the_rows() {
        let connection = Connection::open_in_memory().unwrap();
        migrate(&connection, &["CREATE TABLE a (x)"]).unwrap();
        connection.execute("INSERT INTO a VALUES (7)", []).unwrap();
        migrate(&connection, &["CREATE TABLE a (x)", "ALTER TABLE a ADD COLUMN y DEFAULT 8"]).unwrap();
        let row: (i64, i64) =
            connection.query_row("SELECT x, y FROM a", [], |row| Ok((row.get(0)?, row.get(1)?))).unwrap();
        assert_eq!((row, format(&connection)), ((7, 8), 2));
    }

    #[test]
    fn a_failed_step_leaves_the_former_format() {
        let connection = Connection::open_in_memory().unwrap();
        migrate(&connection, &["CREATE TABLE a (x)"]).unwrap();
        migrate(&connection, &["", "CREATE TABLE b (x); nonsense"]).unwrap_err();
        assert_eq!(format(&connection), 1);
        let tables: i64 =
            connection.query_row("SELECT count(*) FROM sqlite_schema WHERE name = 'b'", [], |row| row.get(0)).unwrap();
        assert_eq!(tables, 0);
    }

    #[test]
    fn a_newer_format_is_refused() {
        let connection = Connection::open_in_memory().unwrap();
        migrate(&connection, &["", "", ""]).unwrap();
        let refusal = migrate(&connection, &["", ""]).unwrap_err();
        assert!(matches!(refusal, StoreError::TooNew { found: 3, known: 2 }), "{refusal}");
    }

    #[test]
    fn the_writer_promises_durability_and_overwrites_what_is_deleted() {
        let directory = tempfile::tempdir().unwrap();
        let connection = open_writer(&directory.path().join("store.sqlite")).unwrap();
        let pragma = |name: &str| connection.pragma_query_value(None, name, |row| row.get::<_, i64>(0)).unwrap();
        let names = ["synchronous", "secure_delete", "foreign_keys", "page_size", "application_id"];
        assert_eq!(names.map(pragma), [2, 1, 1, i64::from(PAGE_BYTES), i64::from(APPLICATION_ID)]);
        let mode: String = connection.pragma_query_value(None, "journal_mode", |row| row.get(0)).unwrap();
        assert_eq!(mode, "wal");
    }
}
