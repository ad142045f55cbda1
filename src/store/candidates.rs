//! Candidates: written in batches with a precondition, read by id, by key and in order.
//!
//! Invariant: `candidates.seq` is the sequence number of the candidate's newest change-log entry, and its entity tag.

use super::changes::{self, ChangeKind};
use super::{Store, StoreError, last_number, signed_limit};
use rusqlite::{Connection, OptionalExtension, Row, params};
use std::fmt;
use std::str::FromStr;

/// The revision of a candidate: its newest sequence number, written as a strong HTTP entity tag (`"17"`).
///
/// No two states of any candidate share one, erased and re-created candidates included.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Etag(pub u64);

impl fmt::Display for Etag {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "\"{}\"", self.0)
    }
}

/// The text is not an entity tag of this store, so it matches no candidate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not an entity tag of this store")]
pub struct NotAnEtag;

impl FromStr for Etag {
    type Err = NotAnEtag;

    fn from_str(text: &str) -> Result<Self, NotAnEtag> {
        let digits = text.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')).ok_or(NotAnEtag)?;
        let tag = digits.parse().map(Self).map_err(|_| NotAnEtag)?;
        // Only the canonical spelling: "+17" and "017" are other tags, not this one.
        if tag.to_string() == text { Ok(tag) } else { Err(NotAnEtag) }
    }
}

/// What must hold of a candidate for a write to happen.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Precondition {
    /// Nothing.
    #[default]
    None,
    /// It exists (`If-Match: *`).
    Exists,
    /// It does not exist (`If-None-Match: *`).
    Absent,
    /// It exists in one of these revisions (`If-Match: "17", "18"`). No revision: never holds.
    IfMatch(Vec<Etag>),
}

impl Precondition {
    fn check(&self, id: &str, current: Option<Etag>) -> Result<(), StoreError> {
        let holds = match self {
            Self::None => true,
            Self::Exists => current.is_some(),
            Self::Absent => current.is_none(),
            Self::IfMatch(tags) => current.is_some_and(|tag| tags.contains(&tag)),
        };
        if holds { Ok(()) } else { Err(StoreError::PreconditionFailed { id: id.to_owned() }) }
    }
}

/// A candidate to write.
#[derive(Debug, Clone, Copy)]
pub struct PutCandidate<'a> {
    /// The id, valid already.
    pub id: &'a str,
    /// The canonical bytes: equal candidates have equal bytes.
    pub body: &'a [u8],
}

/// What a put did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PutStatus {
    /// The id was free.
    Created,
    /// The body replaced another.
    Updated,
    /// The stored body is the same; nothing was written.
    Unchanged,
}

/// Where a candidate stands after a put.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PutOutcome {
    /// The candidate's key.
    pub key: u32,
    /// The sequence number of its newest change; of the present one unless unchanged.
    pub seq: u64,
    /// What the put did.
    pub status: PutStatus,
}

impl PutOutcome {
    /// The entity tag after the put.
    pub fn etag(&self) -> Etag {
        Etag(self.seq)
    }
}

/// A candidate as stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredCandidate {
    /// The key, never reused.
    pub key: u32,
    /// The id.
    pub id: String,
    /// The canonical bytes.
    pub body: Vec<u8>,
    /// The sequence number of its newest change.
    pub seq: u64,
    /// When it was last written, in milliseconds since 1970.
    pub updated_at: i64,
}

impl StoredCandidate {
    /// The entity tag.
    pub fn etag(&self) -> Etag {
        Etag(self.seq)
    }

    /// Reads the columns `key, id, seq, updated_at, body`.
    fn read(row: &Row<'_>) -> rusqlite::Result<Self> {
        Ok(Self { key: row.get(0)?, id: row.get(1)?, seq: row.get(2)?, updated_at: row.get(3)?, body: row.get(4)? })
    }
}

impl Store {
    /// Writes a batch in one transaction, all or nothing; returns when it is durable. `at` is in milliseconds.
    ///
    /// An id that comes twice is written twice, in order. A body equal to the stored one is no change.
    ///
    /// # Errors
    /// [`StoreError::PreconditionFailed`] when the precondition fails for any candidate of the batch.
    pub fn put(
        &self,
        batch: &[PutCandidate<'_>],
        precondition: &Precondition,
        at: i64,
    ) -> Result<Vec<PutOutcome>, StoreError> {
        let outcomes = self.writer.write(|connection| {
            batch
                .iter()
                .map(|candidate| put_one(connection, candidate, precondition, at))
                .collect::<Result<Vec<_>, _>>()
        })?;
        self.progress.reached(outcomes.iter().map(|outcome| outcome.seq).max().unwrap_or(0));
        Ok(outcomes)
    }

    /// Erases a candidate and its events; returns the sequence number, or nothing where there was no candidate.
    ///
    /// # Errors
    /// [`StoreError::PreconditionFailed`] when the precondition fails.
    pub fn delete(&self, id: &str, precondition: &Precondition) -> Result<Option<u64>, StoreError> {
        let seq = self.writer.write(|connection| {
            let current = revision(connection, id)?;
            precondition.check(id, current.map(|(_, seq)| Etag(seq)))?;
            let Some((key, _)) = current else { return Ok(None) };
            // The events go with the row: their foreign key cascades.
            connection.prepare_cached("DELETE FROM candidates WHERE key = ?1")?.execute([key])?;
            changes::record(connection, key, ChangeKind::Delete).map(Some)
        })?;
        self.progress.reached(seq.unwrap_or(0));
        Ok(seq)
    }

    /// The candidate of an id.
    pub fn get(&self, id: &str) -> Result<Option<StoredCandidate>, StoreError> {
        self.readers.read(|reader| {
            let mut select =
                reader.prepare_cached("SELECT key, id, seq, updated_at, body FROM candidates WHERE id = ?1")?;
            Ok(select.query_row([id], StoredCandidate::read).optional()?)
        })
    }

    /// The candidates of some keys, in the order of the keys; nothing where a key has none (any more).
    pub fn get_by_keys(&self, keys: &[u32]) -> Result<Vec<Option<StoredCandidate>>, StoreError> {
        self.readers.read(|reader| {
            let mut select =
                reader.prepare_cached("SELECT key, id, seq, updated_at, body FROM candidates WHERE key = ?1")?;
            keys.iter().map(|key| Ok(select.query_row([key], StoredCandidate::read).optional()?)).collect()
        })
    }

    /// The ids of some keys, in the order of the keys; nothing where a key has none (any more).
    pub fn ids_by_keys(&self, keys: &[u32]) -> Result<Vec<Option<String>>, StoreError> {
        self.readers.read(|reader| {
            let mut select = reader.prepare_cached("SELECT id FROM candidates WHERE key = ?1")?;
            keys.iter().map(|key| Ok(select.query_row([key], |row| row.get(0)).optional()?)).collect()
        })
    }

    /// The keys of some ids, in the order of the ids.
    pub fn keys_by_ids(&self, ids: &[&str]) -> Result<Vec<Option<u32>>, StoreError> {
        self.readers.read(|reader| {
            let mut select = reader.prepare_cached("SELECT key FROM candidates WHERE id = ?1")?;
            ids.iter().map(|id| Ok(select.query_row([id], |row| row.get(0)).optional()?)).collect()
        })
    }

    /// The next candidates by key, after a key (0 at the start). Empty at the end.
    pub fn candidates_in_key_order(&self, after: u32, limit: usize) -> Result<Vec<StoredCandidate>, StoreError> {
        self.readers.read(|reader| {
            let mut select = reader.prepare_cached(
                "SELECT key, id, seq, updated_at, body FROM candidates WHERE key > ?1 ORDER BY key LIMIT ?2",
            )?;
            let rows = select.query_map(params![after, signed_limit(limit)], StoredCandidate::read)?;
            Ok(rows.collect::<Result<_, _>>()?)
        })
    }

    /// The next keys in ascending order, after a key (0 at the start). Empty at the end.
    pub fn keys_after(&self, after: u32, limit: usize) -> Result<Vec<u32>, StoreError> {
        self.readers.read(|reader| {
            let mut select =
                reader.prepare_cached("SELECT key FROM candidates WHERE key > ?1 ORDER BY key LIMIT ?2")?;
            let rows = select.query_map(params![after, signed_limit(limit)], |row| row.get(0))?;
            Ok(rows.collect::<Result<_, _>>()?)
        })
    }

    /// The greatest key of a candidate, 0 where there is none.
    pub fn last_key(&self) -> Result<u32, StoreError> {
        self.readers.read(|reader| {
            let mut select = reader.prepare_cached("SELECT coalesce(max(key), 0) FROM candidates")?;
            Ok(select.query_row([], |row| row.get(0))?)
        })
    }

    /// The next candidates by id in byte order, after an id (`""` at the start). Empty at the end.
    pub fn candidates_in_id_order(&self, after: &str, limit: usize) -> Result<Vec<StoredCandidate>, StoreError> {
        self.readers.read(|reader| {
            let mut select = reader.prepare_cached(
                "SELECT key, id, seq, updated_at, body FROM candidates WHERE id > ?1 ORDER BY id LIMIT ?2",
            )?;
            let rows = select.query_map(params![after, signed_limit(limit)], StoredCandidate::read)?;
            Ok(rows.collect::<Result<_, _>>()?)
        })
    }
}

impl Store {
    /// The keys and ids of the next candidates by id in byte order, after an id (`""` at the start). Empty at the end.
    pub fn ids_in_id_order(&self, after: &str, limit: usize) -> Result<Vec<(u32, String)>, StoreError> {
        self.readers.read(|reader| {
            let mut select =
                reader.prepare_cached("SELECT key, id FROM candidates WHERE id > ?1 ORDER BY id LIMIT ?2")?;
            let rows = select.query_map(params![after, signed_limit(limit)], |row| Ok((row.get(0)?, row.get(1)?)))?;
            Ok(rows.collect::<Result<_, _>>()?)
        })
    }
}

fn put_one(
    connection: &Connection,
    candidate: &PutCandidate<'_>,
    precondition: &Precondition,
    at: i64,
) -> Result<PutOutcome, StoreError> {
    let PutCandidate { id, body } = *candidate;
    let current = revision(connection, id)?;
    precondition.check(id, current.map(|(_, seq)| Etag(seq)))?;
    let Some((key, seq)) = current else {
        let key = next_key(connection)?;
        let seq = changes::record(connection, key, ChangeKind::Put)?;
        connection
            .prepare_cached("INSERT INTO candidates (key, id, seq, updated_at, body) VALUES (?1, ?2, ?3, ?4, ?5)")?
            .execute(params![key, id, seq, at, body])?;
        return Ok(PutOutcome { key, seq, status: PutStatus::Created });
    };
    let same: bool = connection
        .prepare_cached("SELECT body = ?2 FROM candidates WHERE key = ?1")?
        .query_row(params![key, body], |row| row.get(0))?;
    if same {
        return Ok(PutOutcome { key, seq, status: PutStatus::Unchanged });
    }
    let seq = changes::record(connection, key, ChangeKind::Put)?;
    connection
        .prepare_cached("UPDATE candidates SET seq = ?1, updated_at = ?2, body = ?3 WHERE key = ?4")?
        .execute(params![seq, at, body, key])?;
    Ok(PutOutcome { key, seq, status: PutStatus::Updated })
}

/// The key and the newest sequence number of an id.
fn revision(connection: &Connection, id: &str) -> Result<Option<(u32, u64)>, StoreError> {
    let mut select = connection.prepare_cached("SELECT key, seq FROM candidates WHERE id = ?1")?;
    Ok(select.query_row([id], |row| Ok((row.get(0)?, row.get(1)?))).optional()?)
}

/// The next key. Known before the row is written, so that the row is written once, with its sequence number.
fn next_key(connection: &Connection) -> Result<u32, StoreError> {
    let last = last_number(connection, "candidates")?;
    u32::try_from(last + 1).map_err(|_| StoreError::KeysExhausted)
}
