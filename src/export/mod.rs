//! Candidates and their events out of the store.
//!
//! Input: the store. Output: bytes, chunk by chunk: NDJSON of candidates, one JSON Resume a line, a table, NDJSON of events.
//! Invariants: people come in the order of their ids; a chunk is one short read transaction and memory holds one chunk; the
//! NDJSON of candidates, imported elsewhere and exported again, is the same bytes.

mod table;

use std::collections::VecDeque;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use thiserror::Error;

pub use table::write_cells;

use crate::store::{Store, StoreError, StoredCandidate};

/// Candidates of one chunk.
const CHUNK: usize = 64;

/// What an export looks like.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, clap::ValueEnum, utoipa::ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum ExportFormat {
    /// One candidate a line, as it was sent.
    #[default]
    Ndjson,
    /// One JSON Resume a line: the profile alone.
    JsonResume,
    /// A table, one person a row.
    Csv,
}

impl ExportFormat {
    /// The media type of an export.
    pub fn media_type(self) -> &'static str {
        match self {
            Self::Ndjson | Self::JsonResume => "application/x-ndjson",
            Self::Csv => "text/csv; charset=utf-8",
        }
    }

    /// What the name of its file ends in.
    pub fn extension(self) -> &'static str {
        if self == Self::Csv { "csv" } else { "ndjson" }
    }
}

/// The export could not go on.
#[derive(Debug, Error)]
pub enum ExportError {
    /// The store.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A row could not be written.
    #[error("a row could not be written: {0}")]
    Row(#[from] csv::Error),
    /// A stored candidate is no JSON.
    #[error("the stored candidate {id} cannot be read: {source}")]
    Unreadable {
        /// Its id.
        id: String,
        /// Why.
        source: serde_json::Error,
    },
}

/// An export on its way. It holds no transaction between chunks: a candidate that changes meanwhile comes as it was before or
/// after, whole, and one that is erased may be missing.
#[derive(Debug, Clone)]
pub struct Export {
    format: ExportFormat,
    as_of: jiff::Timestamp,
    /// The last id that was given out.
    after: String,
    has_begun: bool,
}

impl Export {
    /// An export from the beginning; `as_of` is when years of experience are counted.
    pub fn new(format: ExportFormat, as_of: jiff::Timestamp) -> Self {
        Self { format, as_of, after: String::new(), has_begun: false }
    }

    /// The next chunk and how many people are in it; nothing at the end.
    pub fn next_chunk(&mut self, store: &Store) -> Result<Option<(Vec<u8>, usize)>, ExportError> {
        let people = store.candidates_in_id_order(&self.after, CHUNK)?;
        let is_first = !std::mem::replace(&mut self.has_begun, true);
        let mut bytes = Vec::new();
        if is_first && self.format == ExportFormat::Csv {
            table::write_header(&mut bytes)?;
        }
        let Some(last) = people.last() else { return Ok((!bytes.is_empty()).then_some((bytes, 0))) };
        self.after.clone_from(&last.id);
        for person in &people {
            self.write(person, &mut bytes)?;
        }
        Ok(Some((bytes, people.len())))
    }

    fn write(&self, person: &StoredCandidate, bytes: &mut Vec<u8>) -> Result<(), ExportError> {
        match self.format {
            ExportFormat::Ndjson => bytes.extend_from_slice(&person.body),
            ExportFormat::JsonResume => {
                let unreadable = |source| ExportError::Unreadable { id: person.id.clone(), source };
                let document: Value = serde_json::from_slice(&person.body).map_err(unreadable)?;
                let profile = document.get("profile").filter(|profile| profile.is_object());
                bytes.extend(profile.unwrap_or(&json!({})).to_string().bytes());
            }
            ExportFormat::Csv => return table::write_row(person, self.as_of, bytes),
        }
        bytes.push(b'\n');
        Ok(())
    }
}

/// The events of everybody, by their candidates' ids, then by time.
#[derive(Debug, Clone, Default)]
pub struct EventExport {
    after: String,
    waiting: VecDeque<(u32, String)>,
}

impl EventExport {
    /// The events of the next candidate that has any, NDJSON as they are imported; nothing at the end.
    pub fn next_chunk(&mut self, store: &Store) -> Result<Option<(Vec<u8>, usize)>, ExportError> {
        loop {
            if self.waiting.is_empty() {
                let people = store.ids_in_id_order(&self.after, CHUNK * 16)?;
                let Some((_, last)) = people.last() else { return Ok(None) };
                self.after.clone_from(last);
                self.waiting.extend(people);
            }
            while let Some((key, id)) = self.waiting.pop_front() {
                let events = store.events_of(key)?;
                if events.is_empty() {
                    continue;
                }
                let mut bytes = Vec::new();
                for event in &events {
                    let at = jiff::Timestamp::from_millisecond(event.at).unwrap_or_default().to_string();
                    let mut line = json!({"candidateId": id, "type": event.event_type, "at": at});
                    let further = [
                        ("id", &event.event_id),
                        ("by", &event.by),
                        ("thread", &event.thread),
                        ("channel", &event.channel),
                    ];
                    for (name, value) in further {
                        if let Some(value) = value {
                            line[name] = json!(value);
                        }
                    }
                    bytes.extend(line.to_string().bytes());
                    bytes.push(b'\n');
                }
                return Ok(Some((bytes, events.len())));
            }
        }
    }
}
