//! Parts that belong together, brought together on disk.
//!
//! Input: parts of persons in any order, each with the key of its person. Output: the persons in the order of their main
//! parts, each with all its parts. The parts lie in a private temporary database, which goes away with the spool.
//! Invariant: memory holds one person at a time.

use rusqlite::{Connection, OptionalExtension, params};

/// Parts of one person that are taken together at most.
const MAX_PARTS: u32 = 4_000;

/// A main part, or what was met in its stead, in the order of arrival.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Entry {
    /// Its place in the input, from 1.
    pub(super) number: u64,
    /// The key of a person; `None` where the part could not be used.
    pub(super) key: Option<String>,
    /// Why not.
    pub(super) problem: String,
}

/// The parts of an input.
#[derive(Debug)]
pub(super) struct Spool {
    connection: Connection,
    last: i64,
}

impl Spool {
    /// An empty spool.
    pub(super) fn new() -> rusqlite::Result<Self> {
        // The empty name is a private temporary file.
        let connection = Connection::open("")?;
        connection.execute_batch(
            "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -32768;
             CREATE TABLE parts (key TEXT NOT NULL, resource TEXT NOT NULL, body BLOB NOT NULL);
             CREATE TABLE entries (
                 at INTEGER PRIMARY KEY, number INTEGER NOT NULL, key TEXT UNIQUE, problem TEXT NOT NULL);
             BEGIN",
        )?;
        Ok(Self { connection, last: 0 })
    }

    /// Adds a part of a person.
    pub(super) fn add(&self, key: &str, resource: &str, body: &[u8]) -> rusqlite::Result<()> {
        let mut insert = self.connection.prepare_cached("INSERT INTO parts VALUES (?1, ?2, ?3)")?;
        insert.execute(params![key, resource, body]).map(drop)
    }

    /// Says that a person is to be given out, at its first mention.
    pub(super) fn announce(&self, key: &str, number: u64) -> rusqlite::Result<()> {
        let insert = "INSERT OR IGNORE INTO entries (number, key, problem) VALUES (?1, ?2, '')";
        self.connection.prepare_cached(insert)?.execute(params![number, key]).map(drop)
    }

    /// Says that a part could not be used.
    pub(super) fn refuse(&self, problem: &str, number: u64) -> rusqlite::Result<()> {
        let insert = "INSERT INTO entries (number, key, problem) VALUES (?1, NULL, ?2)";
        self.connection.prepare_cached(insert)?.execute(params![number, problem]).map(drop)
    }

    /// Ends the adding: parts can be found by their keys from here on.
    pub(super) fn finish(&self) -> rusqlite::Result<()> {
        self.connection.execute_batch("CREATE INDEX parts_by_key ON parts (key)")
    }

    /// How many parts belong to nobody.
    pub(super) fn orphans(&self) -> rusqlite::Result<u64> {
        let orphans = "SELECT COUNT(*) FROM parts WHERE key NOT IN (SELECT key FROM entries WHERE key IS NOT NULL)
                       AND key NOT LIKE 'application:%'";
        self.connection.query_row(orphans, [], |row| row.get(0))
    }

    /// The next entry; nothing at the end.
    pub(super) fn next_entry(&mut self) -> rusqlite::Result<Option<Entry>> {
        let select = "SELECT at, number, key, problem FROM entries WHERE at > ?1 ORDER BY at LIMIT 1";
        let mut select = self.connection.prepare_cached(select)?;
        let next = select
            .query_row([self.last], |row| {
                let entry = Entry { number: row.get(1)?, key: row.get(2)?, problem: row.get(3)? };
                Ok((row.get::<_, i64>(0)?, entry))
            })
            .optional()?;
        Ok(next.map(|(at, entry)| {
            self.last = at;
            entry
        }))
    }

    /// The parts of a key, in the order of arrival.
    pub(super) fn parts(&self, key: &str) -> rusqlite::Result<Vec<(String, Vec<u8>)>> {
        let select = "SELECT resource, body FROM parts WHERE key = ?1 ORDER BY rowid LIMIT ?2";
        let mut select = self.connection.prepare_cached(select)?;
        let rows = select.query_map(params![key, MAX_PARTS], |row| Ok((row.get(0)?, row.get(1)?)))?;
        rows.collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_meet_whatever_their_order() {
        let mut spool = Spool::new().unwrap();
        spool.add("b", "applications", b"1").unwrap();
        spool.add("a", "", b"2").unwrap();
        spool.announce("a", 1).unwrap();
        spool.refuse("no id", 2).unwrap();
        spool.add("b", "", b"3").unwrap();
        spool.announce("b", 3).unwrap();
        spool.announce("a", 4).unwrap();
        spool.add("c", "applications", b"4").unwrap();
        spool.finish().unwrap();
        assert_eq!(spool.orphans().unwrap(), 1);
        let mut entries = Vec::new();
        while let Some(entry) = spool.next_entry().unwrap() {
            entries.push((entry.number, entry.key));
        }
        assert_eq!(entries, [(1, Some("a".to_owned())), (2, None), (3, Some("b".to_owned()))]);
        let parts = spool.parts("b").unwrap();
        assert_eq!(parts, [("applications".to_owned(), b"1".to_vec()), (String::new(), b"3".to_vec())]);
    }
}
