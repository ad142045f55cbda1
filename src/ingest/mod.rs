//! Foreign records → candidates and events in the store.
//!
//! Input: NDJSON, JSON Resumes, CVs as documents, tables, exports of applicant tracking systems, bodies of requests.
//! Output: what was accepted, durable,
//! and every rejected record with its place and reasons. Invariants: a bad record never stops the good ones; memory is
//! bounded by a chunk; importing the same input again changes nothing.

mod accept;
pub mod ats;
mod bundle;
mod cvs;
pub mod documents;
mod events;
mod files;
mod importer;
mod json_parts;
mod lines;
mod person;
mod records;
mod residence;
pub mod sheets;
mod source;
mod spool;

pub use accept::accept;
pub use events::{EventDraft, EventReport, append_events};
pub use files::{ImportFormat, import_events_file, import_path, import_source};
pub use importer::{ImportedChunk, Importer};
pub use lines::{Line, Lines};
pub use records::{Accepted, ImportError, Item, ItemStatus, Record, Rejection, put_records, read_candidate};
pub use source::{Cohort, Source, SourceOptions, SourceRecord, SourceRecords, open_source};

/// What an import did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, serde::Serialize)]
pub struct ImportReport {
    /// Candidates that are new.
    pub created: u64,
    /// Candidates that changed.
    pub updated: u64,
    /// Candidates that were there already, the same.
    pub unchanged: u64,
    /// Records that were rejected.
    pub rejected: u64,
    /// The last change of the import; 0 where nothing changed.
    pub last_seq: u64,
    /// Events that came with the candidates.
    pub events: EventCounts,
}

/// What became of events.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct EventCounts {
    /// Events that were appended.
    pub accepted: u64,
    /// Events whose id was known.
    pub known: u64,
    /// Events that were rejected.
    pub rejected: u64,
}

impl EventCounts {
    /// Adds others.
    pub fn add(&mut self, others: Self) {
        self.accepted += others.accepted;
        self.known += others.known;
        self.rejected += others.rejected;
    }
}

impl ImportReport {
    /// Counts one item.
    pub fn count(&mut self, item: &Item) {
        match &item.outcome {
            Ok(accepted) => {
                match accepted.status {
                    ItemStatus::Created => self.created += 1,
                    ItemStatus::Updated => self.updated += 1,
                    ItemStatus::Unchanged => self.unchanged += 1,
                }
                self.last_seq = self.last_seq.max(accepted.seq);
            }
            Err(_) => self.rejected += 1,
        }
    }

    /// Records that were read.
    pub fn read(&self) -> u64 {
        self.created + self.updated + self.unchanged + self.rejected
    }
}
