//! Events of candidates: appended, read in order or per candidate, erased with their candidate.

use super::{Store, StoreError, last_number, signed_limit};
use rusqlite::{Connection, OptionalExtension, Row, params};

/// An event to append.
#[derive(Debug, Clone, Copy)]
pub struct NewEvent<'a> {
    /// The candidate's id.
    pub candidate_id: &'a str,
    /// The wire name of its type.
    pub event_type: &'a str,
    /// When it happened, in milliseconds since 1970.
    pub at: i64,
    /// The sender's id of the event: a second one of the same id is a no-op.
    pub event_id: Option<&'a str>,
    /// An opaque recruiter id.
    pub by: Option<&'a str>,
    /// What pairs a reply with its outreach.
    pub thread: Option<&'a str>,
    /// How it was sent.
    pub channel: Option<&'a str>,
}

/// What became of an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EventOutcome {
    /// It was appended.
    Accepted {
        /// Its sequence number, counted apart from the change log's.
        event_seq: u64,
    },
    /// An event of this id is known already; nothing was written.
    Duplicate,
    /// There is no such candidate; nothing was written.
    UnknownCandidate,
}

/// An event as stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredEvent {
    /// Its sequence number.
    pub event_seq: u64,
    /// The candidate's key.
    pub key: u32,
    /// The wire name of its type.
    pub event_type: String,
    /// When it happened, in milliseconds since 1970.
    pub at: i64,
    /// The sender's id of the event.
    pub event_id: Option<String>,
    /// An opaque recruiter id.
    pub by: Option<String>,
    /// What pairs a reply with its outreach.
    pub thread: Option<String>,
    /// How it was sent.
    pub channel: Option<String>,
}

impl StoredEvent {
    /// Reads the columns `event_seq, key, type, at, event_id, by, thread, channel`.
    fn read(row: &Row<'_>) -> rusqlite::Result<Self> {
        Ok(Self {
            event_seq: row.get(0)?,
            key: row.get(1)?,
            event_type: row.get(2)?,
            at: row.get(3)?,
            event_id: row.get(4)?,
            by: row.get(5)?,
            thread: row.get(6)?,
            channel: row.get(7)?,
        })
    }
}

impl Store {
    /// Appends a batch in one transaction; returns, when it is durable, what became of each event, in order.
    pub fn append_events(&self, batch: &[NewEvent<'_>]) -> Result<Vec<EventOutcome>, StoreError> {
        self.writer.write(|connection| batch.iter().map(|event| append(connection, event)).collect())
    }

    /// The newest event sequence number ever given out, 0 before the first.
    pub fn last_event_seq(&self) -> Result<u64, StoreError> {
        self.readers.read(|reader| last_number(reader, "events"))
    }

    /// The events after an event sequence number, in order of arrival. Empty at the end. There are gaps: the events of
    /// erased candidates are gone, and a duplicate may use a number up.
    pub fn events_after(&self, event_seq: u64, limit: usize) -> Result<Vec<StoredEvent>, StoreError> {
        self.readers.read(|reader| {
            let mut select = reader.prepare_cached(
                "SELECT event_seq, key, type, at, event_id, by, thread, channel FROM events
                 WHERE event_seq > ?1 ORDER BY event_seq LIMIT ?2",
            )?;
            let rows = select.query_map(params![event_seq, signed_limit(limit)], StoredEvent::read)?;
            Ok(rows.collect::<Result<_, _>>()?)
        })
    }

    /// All events of one candidate, by time, then by arrival.
    pub fn events_of(&self, key: u32) -> Result<Vec<StoredEvent>, StoreError> {
        self.readers.read(|reader| {
            let mut select = reader.prepare_cached(
                "SELECT event_seq, key, type, at, event_id, by, thread, channel FROM events
                 WHERE key = ?1 ORDER BY at, event_seq",
            )?;
            let rows = select.query_map([key], StoredEvent::read)?;
            Ok(rows.collect::<Result<_, _>>()?)
        })
    }
}

fn append(connection: &Connection, event: &NewEvent<'_>) -> Result<EventOutcome, StoreError> {
    let key: Option<u32> = connection
        .prepare_cached("SELECT key FROM candidates WHERE id = ?1")?
        .query_row([event.candidate_id], |row| row.get(0))
        .optional()?;
    let Some(key) = key else { return Ok(EventOutcome::UnknownCandidate) };
    let mut insert = connection.prepare_cached(
        "INSERT INTO events (key, type, at, event_id, by, thread, channel) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
         ON CONFLICT (event_id) WHERE event_id IS NOT NULL DO NOTHING",
    )?;
    let row = params![key, event.event_type, event.at, event.event_id, event.by, event.thread, event.channel];
    if insert.execute(row)? == 0 {
        return Ok(EventOutcome::Duplicate);
    }
    Ok(EventOutcome::Accepted { event_seq: connection.last_insert_rowid().unsigned_abs() })
}
