//! The change log: what the derived indexes replay.
//!
//! An entry names a key and whether it was written or erased, never an id. Bodies are joined at reading time, so a
//! reader always gets a candidate at least as new as the change that named it.

use super::{Store, StoreError, last_number, signed_limit};
use rusqlite::{Connection, OptionalExtension, params};
use std::collections::BTreeSet;
use std::sync::{Condvar, Mutex, PoisonError};
use std::time::Duration;

/// The row of `meta` that remembers how far the log was trimmed.
const TRIMMED: &str = "changes_trimmed_through";

/// What happened to a candidate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ChangeKind {
    /// It was created or updated.
    Put,
    /// It was erased.
    Delete,
}

/// An entry of the change log.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Change {
    /// The sequence number, from 1; gaps are possible.
    pub seq: u64,
    /// The candidate's key.
    pub key: u32,
    /// What happened.
    pub kind: ChangeKind,
}

/// A candidate that changed, as it is now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CurrentState {
    /// It exists.
    Present {
        /// Its key.
        key: u32,
        /// Its id.
        id: String,
        /// The sequence number of its newest change; may lie beyond [`ChangeBatch::reached`].
        seq: u64,
        /// Its canonical bytes.
        body: Vec<u8>,
    },
    /// It was erased, for good: its key never comes back.
    Erased {
        /// Its key.
        key: u32,
    },
}

/// The candidates that changed in a stretch of the log, each once, in the order of their keys.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChangeBatch {
    /// Who applies the batch has every change up to this sequence number, or a newer state of the same candidate.
    pub reached: u64,
    /// The states.
    pub states: Vec<CurrentState>,
}

impl Store {
    /// The newest durable sequence number, 0 before the first write.
    pub fn last_seq(&self) -> Result<u64, StoreError> {
        self.readers.read(|reader| last_number(reader, "changes"))
    }

    /// Waits until a change later than `seq` is durable or the time is over; returns the newest sequence number known.
    pub fn wait_for_change(&self, seq: u64, at_most: Duration) -> u64 {
        self.progress.wait_past(seq, at_most)
    }

    /// The entries after a sequence number, oldest first. Empty at the end.
    ///
    /// # Errors
    /// [`StoreError::ChangesTrimmed`] when entries after `seq` may be gone.
    pub fn changes_after(&self, seq: u64, limit: usize) -> Result<Vec<Change>, StoreError> {
        self.readers.read(|reader| entries_after(reader, seq, limit))
    }

    /// The present state of the candidates named by the next `limit` entries after a sequence number.
    ///
    /// # Errors
    /// [`StoreError::ChangesTrimmed`] when entries after `seq` may be gone.
    pub fn changes_with_bodies_after(&self, seq: u64, limit: usize) -> Result<ChangeBatch, StoreError> {
        self.readers.read(|reader| {
            let entries = entries_after(reader, seq, limit)?;
            let reached = entries.last().map_or(seq, |entry| entry.seq);
            let keys: BTreeSet<u32> = entries.iter().map(|entry| entry.key).collect();
            let mut select = reader.prepare_cached("SELECT id, seq, body FROM candidates WHERE key = ?1")?;
            let mut states = Vec::with_capacity(keys.len());
            for key in keys {
                let present = select.query_row([key], |row| {
                    Ok(CurrentState::Present { key, id: row.get(0)?, seq: row.get(1)?, body: row.get(2)? })
                });
                states.push(present.optional()?.unwrap_or(CurrentState::Erased { key }));
            }
            Ok(ChangeBatch { reached, states })
        })
    }

    /// Drops the entries below a sequence number; returns how many. Ask only for what every kept index has durably
    /// committed. The newest sequence number stays known.
    pub fn trim_changes(&self, below: u64) -> Result<usize, StoreError> {
        self.writer.write(|connection| {
            let last = last_number(connection, "changes")?;
            let through = below.saturating_sub(1).min(last);
            connection
                .prepare_cached(
                    "INSERT INTO meta (name, value) VALUES (?1, ?2)
                     ON CONFLICT (name) DO UPDATE SET value = max(value, excluded.value)",
                )?
                .execute(params![TRIMMED, through])?;
            let mut delete = connection.prepare_cached("DELETE FROM changes WHERE seq <= ?1")?;
            Ok(delete.execute([through])?)
        })
    }
}

/// Appends an entry and returns its sequence number.
pub(super) fn record(connection: &Connection, key: u32, kind: ChangeKind) -> Result<u64, StoreError> {
    let mut insert = connection.prepare_cached("INSERT INTO changes (key, kind) VALUES (?1, ?2)")?;
    let seq = insert.insert(params![key, matches!(kind, ChangeKind::Put)])?;
    Ok(seq.unsigned_abs())
}

fn entries_after(connection: &Connection, seq: u64, limit: usize) -> Result<Vec<Change>, StoreError> {
    let trimmed_through = trimmed_through(connection)?;
    if seq < trimmed_through {
        return Err(StoreError::ChangesTrimmed { after: seq, trimmed_through });
    }
    let mut select =
        connection.prepare_cached("SELECT seq, key, kind FROM changes WHERE seq > ?1 ORDER BY seq LIMIT ?2")?;
    let entries = select.query_map(params![seq, signed_limit(limit)], |row| {
        let kind = if row.get(2)? { ChangeKind::Put } else { ChangeKind::Delete };
        Ok(Change { seq: row.get(0)?, key: row.get(1)?, kind })
    })?;
    Ok(entries.collect::<Result<_, _>>()?)
}

fn trimmed_through(connection: &Connection) -> Result<u64, StoreError> {
    let mut select = connection.prepare_cached("SELECT value FROM meta WHERE name = ?1")?;
    Ok(select.query_row([TRIMMED], |row| row.get(0)).optional()?.unwrap_or(0))
}

/// How far the log has come, for threads that wait for its next entry.
#[derive(Debug)]
pub(super) struct Progress {
    last: Mutex<u64>,
    moved: Condvar,
}

impl Progress {
    pub(super) fn at(seq: u64) -> Self {
        Self { last: Mutex::new(seq), moved: Condvar::new() }
    }

    /// Says that `seq` is durable. Older news changes nothing.
    pub(super) fn reached(&self, seq: u64) {
        let mut last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
        if seq > *last {
            *last = seq;
            self.moved.notify_all();
        }
    }

    fn wait_past(&self, seq: u64, at_most: Duration) -> u64 {
        let last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
        let waited = self.moved.wait_timeout_while(last, at_most, |last| *last <= seq);
        *waited.unwrap_or_else(PoisonError::into_inner).0
    }
}
