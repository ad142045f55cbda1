//! Vectors of distinct strings, kept on disk.
//!
//! Input: canonical strings and a model version. Output: half-precision vectors, and a small id for every string ever
//! stored: what an index over strings uses as its key. Invariant: ids are never reused or changed within one
//! [lineage](EmbeddingCache::lineage). All of it is derived data: an unusable file is deleted and begun anew, under
//! another lineage.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};

use half::f16;
use rusqlite::{Connection, ErrorCode, OptionalExtension, params};

use super::EmbedError;
use super::encoder::Halves;

const FILE: &str = "embeddings.sqlite";

/// Stands in the file's `user_version`; a file with another number is begun anew.
const FORMAT: i64 = 1;

const SCHEMA: &str = "
    CREATE TABLE lineage (token INTEGER NOT NULL);
    INSERT INTO lineage VALUES (random());
    CREATE TABLE models (id INTEGER PRIMARY KEY, version TEXT NOT NULL UNIQUE);
    CREATE TABLE strings (id INTEGER PRIMARY KEY, text TEXT NOT NULL UNIQUE);
    CREATE TABLE vectors (
        model INTEGER NOT NULL, string INTEGER NOT NULL, halves BLOB NOT NULL, PRIMARY KEY (model, string)
    ) WITHOUT ROWID;";

/// The file of cached vectors. Shared between threads; every call takes its lock for one short transaction.
pub struct EmbeddingCache {
    file: Option<PathBuf>,
    connection: Mutex<Connection>,
    beginnings: AtomicU64,
}

/// A cached string with its id.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CachedString {
    /// The string's id, at least 1.
    pub id: u32,
    /// The canonical string.
    pub text: String,
}

impl EmbeddingCache {
    /// Opens or creates `embeddings.sqlite` in a folder, which must exist.
    ///
    /// # Errors
    ///
    /// [`EmbedError::Cache`] where the file cannot be created or is in use by another program; [`EmbedError::File`]
    /// where a damaged file cannot be deleted.
    pub fn open(directory: &Path) -> Result<Self, EmbedError> {
        let file = directory.join(FILE);
        let connection = match connect(&file) {
            Err(error) if is_damage(&error) => begin_anew(&file, &error)?,
            other => other?,
        };
        Ok(Self { file: Some(file), connection: Mutex::new(connection), beginnings: AtomicU64::new(0) })
    }

    /// A cache without a file.
    ///
    /// # Errors
    ///
    /// [`EmbedError::Cache`] where SQLite has no memory left.
    pub fn in_memory() -> Result<Self, EmbedError> {
        let connection = Connection::open_in_memory()?;
        prepare(&connection)?;
        Ok(Self { file: None, connection: Mutex::new(connection), beginnings: AtomicU64::new(0) })
    }

    /// How often the file was begun anew since it was opened: what was stored before is gone.
    pub(super) fn beginnings(&self) -> u64 {
        self.beginnings.load(Ordering::Acquire)
    }

    /// Names this file's numbering: ids of another lineage belong to other strings.
    ///
    /// # Errors
    ///
    /// [`EmbedError::Cache`] where the file cannot be read.
    pub fn lineage(&self) -> Result<i64, EmbedError> {
        self.with(|connection| connection.query_row("SELECT token FROM lineage", [], |row| row.get(0)))
    }

    /// The id of a canonical string, where it was ever stored.
    ///
    /// # Errors
    ///
    /// [`EmbedError::Cache`] where the file cannot be read.
    pub fn string_id(&self, canonical: &str) -> Result<Option<u32>, EmbedError> {
        self.with(|connection| {
            let mut find = connection.prepare_cached("SELECT id FROM strings WHERE text = ?1")?;
            find.query_row([canonical], |row| row.get(0)).optional()
        })
    }

    /// The canonical string of an id.
    ///
    /// # Errors
    ///
    /// [`EmbedError::Cache`] where the file cannot be read.
    pub fn text_of(&self, id: u32) -> Result<Option<String>, EmbedError> {
        self.with(|connection| {
            let mut find = connection.prepare_cached("SELECT text FROM strings WHERE id = ?1")?;
            find.query_row([id], |row| row.get(0)).optional()
        })
    }

    /// Up to `limit` strings with ids greater than `after`, in ascending order of id.
    ///
    /// # Errors
    ///
    /// [`EmbedError::Cache`] where the file cannot be read.
    pub fn strings_after(&self, after: u32, limit: u32) -> Result<Vec<CachedString>, EmbedError> {
        self.with(|connection| {
            let mut find =
                connection.prepare_cached("SELECT id, text FROM strings WHERE id > ?1 ORDER BY id LIMIT ?2")?;
            let strings =
                find.query_map([after, limit], |row| Ok(CachedString { id: row.get(0)?, text: row.get(1)? }))?;
            strings.collect()
        })
    }

    /// What [`EmbeddingCache::strings_after`] gives, each string with its stored vector.
    pub(super) fn vectors_after(
        &self,
        version: &str,
        after: u32,
        limit: u32,
    ) -> Result<Vec<(CachedString, Option<Halves>)>, EmbedError> {
        self.with(|connection| {
            let mut find = connection.prepare_cached(
                "SELECT id, text, halves FROM strings LEFT JOIN vectors
                 ON vectors.string = strings.id AND model = (SELECT id FROM models WHERE version = ?1)
                 WHERE id > ?2 ORDER BY id LIMIT ?3",
            )?;
            let strings = find.query_map(params![version, after, limit], |row| {
                let stored = row.get_ref(2)?.as_blob_or_null()?.map(halves);
                Ok((CachedString { id: row.get(0)?, text: row.get(1)? }, stored))
            })?;
            strings.collect()
        })
    }

    /// The stored vectors of canonical strings, in their order.
    pub(super) fn vectors(&self, version: &str, texts: &[&str]) -> Result<Vec<Option<Halves>>, EmbedError> {
        self.with(|connection| {
            let transaction = connection.transaction()?;
            let mut find = transaction.prepare_cached(
                "SELECT halves FROM strings JOIN vectors ON vectors.string = strings.id
                 WHERE text = ?1 AND model = (SELECT id FROM models WHERE version = ?2)",
            )?;
            let mut vectors = Vec::with_capacity(texts.len());
            for text in texts {
                vectors
                    .push(find.query_row([*text, version], |row| Ok(halves(row.get_ref(0)?.as_blob()?))).optional()?);
            }
            Ok(vectors)
        })
    }

    /// Stores vectors of canonical strings, all or none.
    pub(super) fn store(&self, version: &str, vectors: &[(&str, Halves)]) -> Result<(), EmbedError> {
        let full = self.with(|connection| {
            let transaction = connection.transaction()?;
            transaction.execute("INSERT OR IGNORE INTO models (version) VALUES (?1)", [version])?;
            let model: i64 =
                transaction.query_row("SELECT id FROM models WHERE version = ?1", [version], |row| row.get(0))?;
            {
                let mut add = transaction.prepare_cached("INSERT OR IGNORE INTO strings (text) VALUES (?1)")?;
                let mut find = transaction.prepare_cached("SELECT id FROM strings WHERE text = ?1")?;
                let mut put = transaction.prepare_cached("INSERT OR REPLACE INTO vectors VALUES (?1, ?2, ?3)")?;
                for (text, halves) in vectors {
                    add.execute([text])?;
                    let id: i64 = find.query_row([text], |row| row.get(0))?;
                    if u32::try_from(id).is_err() {
                        return Ok(true);
                    }
                    put.execute(params![model, id, blob(halves)])?;
                }
            }
            transaction.commit()?;
            Ok(false)
        })?;
        if full { Err(EmbedError::CacheFull) } else { Ok(()) }
    }

    /// Runs a transaction; where it meets a damaged file, begins the file anew and runs it once more.
    fn with<T>(&self, run: impl Fn(&mut Connection) -> rusqlite::Result<T>) -> Result<T, EmbedError> {
        // A panic inside a transaction rolled it back: the connection is as good as before.
        let mut connection = self.connection.lock().unwrap_or_else(PoisonError::into_inner);
        match (run(&mut connection), &self.file) {
            (Err(error), Some(file)) if is_damage(&error) => {
                *connection = Connection::open_in_memory()?;
                *connection = begin_anew(file, &error)?;
                self.beginnings.fetch_add(1, Ordering::Release);
                Ok(run(&mut connection)?)
            }
            (outcome, _) => Ok(outcome?),
        }
    }
}

fn connect(file: &Path) -> rusqlite::Result<Connection> {
    let connection = Connection::open(file)?;
    connection.busy_timeout(std::time::Duration::from_secs(5))?;
    connection.pragma_update(None, "page_size", 16_384)?;
    connection.pragma_update_and_check(None, "journal_mode", "WAL", |_| Ok(()))?;
    connection.pragma_update(None, "synchronous", "NORMAL")?;
    prepare(&connection)?;
    Ok(connection)
}

/// Creates the tables in an empty database; a database of another format counts as damaged.
fn prepare(connection: &Connection) -> rusqlite::Result<()> {
    let format: i64 = connection.pragma_query_value(None, "user_version", |row| row.get(0))?;
    let tables: i64 = connection.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0))?;
    match (format, tables) {
        (0, 0) => connection.execute_batch(&format!("BEGIN; {SCHEMA} PRAGMA user_version = {FORMAT}; COMMIT;")),
        (FORMAT, _) => Ok(()),
        _ => Err(rusqlite::Error::SqliteFailure(rusqlite::ffi::Error::new(rusqlite::ffi::SQLITE_NOTADB), None)),
    }
}

fn is_damage(error: &rusqlite::Error) -> bool {
    matches!(error.sqlite_error_code(), Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase))
}

fn begin_anew(file: &Path, error: &rusqlite::Error) -> Result<Connection, EmbedError> {
    tracing::warn!(cache.file = %file.display(), %error, "the cache of embeddings is unusable and begins anew");
    for ending in ["", "-wal", "-shm"] {
        let mut path = file.as_os_str().to_owned();
        path.push(ending);
        match fs::remove_file(&path) {
            Err(source) if source.kind() != std::io::ErrorKind::NotFound => {
                return Err(EmbedError::File { path: path.into(), source });
            }
            _ => {}
        }
    }
    Ok(connect(file)?)
}

fn blob(halves: &[f16]) -> Vec<u8> {
    halves.iter().flat_map(|half| half.to_le_bytes()).collect()
}

fn halves(blob: &[u8]) -> Halves {
    blob.as_chunks().0.iter().map(|two| f16::from_le_bytes(*two)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn vector(seed: u8) -> Halves {
        (0..4).map(|at| f16::from_f32(f32::from(seed) + at as f32)).collect()
    }

    #[test]
    fn gives_back_what_was_stored_under_the_same_version_only() {
        let cache = EmbeddingCache::in_memory().unwrap();
        cache.store("one", &[("a", vector(1)), ("b", vector(2))]).unwrap();
        assert_eq!(cache.vectors("one", &["b", "c", "a"]).unwrap(), [Some(vector(2)), None, Some(vector(1))]);
        assert_eq!(cache.vectors("two", &["a"]).unwrap(), [None]);
    }

    #[test]
    fn ids_belong_to_strings_and_outlive_models_and_restarts() {
        let folder = tempfile::tempdir().unwrap();
        let cache = EmbeddingCache::open(folder.path()).unwrap();
        cache.store("one", &[("b", vector(1)), ("a", vector(2))]).unwrap();
        cache.store("two", &[("c", vector(3)), ("a", vector(4))]).unwrap();
        let (lineage, before) = (cache.lineage().unwrap(), cache.strings_after(0, 10).unwrap());
        drop(cache);
        let cache = EmbeddingCache::open(folder.path()).unwrap();
        assert_eq!((cache.lineage().unwrap(), cache.strings_after(0, 10).unwrap()), (lineage, before.clone()));
        assert_eq!(
            before.iter().map(|string| (string.id, string.text.as_str())).collect::<Vec<_>>(),
            [(1, "b"), (2, "a"), (3, "c")]
        );
        assert_eq!(cache.strings_after(1, 1).unwrap(), before[1..2]);
        assert_eq!((cache.string_id("c").unwrap(), cache.string_id("d").unwrap()), (Some(3), None));
    }

    #[test]
    fn a_file_that_is_no_database_begins_anew() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join(FILE), [b'x'; 40_000]).unwrap();
        let cache = EmbeddingCache::open(folder.path()).unwrap();
        assert_eq!(cache.vectors("one", &["a"]).unwrap(), [None]);
        cache.store("one", &[("a", vector(1))]).unwrap();
        drop(cache);
        assert_eq!(EmbeddingCache::open(folder.path()).unwrap().string_id("a").unwrap(), Some(1));
    }

    #[test]
    fn a_foreign_database_begins_anew() {
        let folder = tempfile::tempdir().unwrap();
        let foreign = Connection::open(folder.path().join(FILE)).unwrap();
        foreign.execute_batch("CREATE TABLE strings (other)").unwrap();
        drop(foreign);
        assert_eq!(EmbeddingCache::open(folder.path()).unwrap().strings_after(0, 1).unwrap(), []);
    }

    #[test]
    fn damage_inside_the_file_is_met_in_use_and_mended() {
        let folder = tempfile::tempdir().unwrap();
        let cache = EmbeddingCache::open(folder.path()).unwrap();
        let lineage = cache.lineage().unwrap();
        let many: Vec<(String, Halves)> = (0..500).map(|at| (format!("text {at}"), vector(1))).collect();
        let many: Vec<(&str, Halves)> = many.iter().map(|(text, halves)| (text.as_str(), halves.clone())).collect();
        cache.store("one", &many).unwrap();
        drop(cache);
        let path = folder.path().join(FILE);
        let mut bytes = fs::read(&path).unwrap();
        // The first page, which opening reads, stays whole.
        bytes[16_384..].fill(0xa5);
        fs::write(&path, bytes).unwrap();

        let cache = EmbeddingCache::open(folder.path()).unwrap();
        assert_eq!(cache.vectors("one", &["text 7"]).unwrap(), [None]);
        cache.store("one", &many).unwrap();
        assert_eq!(cache.vectors("one", &["text 7"]).unwrap(), [Some(vector(1))]);
        assert_ne!(cache.lineage().unwrap(), lineage);
    }
}
