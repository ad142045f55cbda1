//! Records → valid candidates → the store.

use rayon::prelude::*;
use serde::Serialize;
use thiserror::Error;

use super::accept;
use crate::{
    candidate::{CandidateDraft, CandidateId, DraftError, MAX_CANDIDATE_BYTES},
    error::FieldError,
    store::{Precondition, PutCandidate, PutStatus, Store, StoreError},
};

/// An import could not go on. What was accepted before stays.
#[derive(Debug, Error)]
pub enum ImportError {
    /// The input cannot be read.
    #[error("{place}: {source}")]
    Input {
        /// File.
        place: String,
        /// Why.
        source: std::io::Error,
    },
    /// The input is not what it is said to be.
    #[error("{place}: {reason}")]
    Unusable {
        /// File.
        place: String,
        /// Why, and what to do.
        reason: String,
    },
    /// The store refused.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Bytes that claim to be a candidate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Record {
    /// Where it stands: a line number from 1, or the index in an array from 1.
    pub line: u64,
    /// The bytes, or why they were not even read: too many to hold, or no text.
    pub bytes: Result<Vec<u8>, Rejection>,
    /// The id it is stored under, where its place says so (a file's name).
    pub id: Option<CandidateId>,
    /// Whether it may be a bare JSON Resume.
    pub is_json_resume: bool,
}

/// What became of a record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Item {
    /// Where it stood.
    pub line: u64,
    /// Its id, where it could be read.
    pub id: Option<String>,
    /// The outcome.
    pub outcome: Result<Accepted, Rejection>,
}

/// An accepted record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Accepted {
    /// What the write did.
    pub status: ItemStatus,
    /// The candidate's newest change.
    pub seq: u64,
}

/// What a write did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum ItemStatus {
    /// The candidate is new.
    Created,
    /// The candidate changed.
    Updated,
    /// The candidate was the same already.
    Unchanged,
}

/// Why a record was rejected: every reason.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Rejection {
    /// The reasons.
    pub errors: Vec<FieldError>,
}

impl Rejection {
    /// One reason against the whole record.
    pub fn one(code: &'static str, message: String) -> Self {
        Self { errors: vec![FieldError { pointer: String::new(), code, message }] }
    }

    /// The record is longer than a candidate may be.
    pub fn too_large() -> Self {
        Self::one("too_large", format!("a candidate is at most {MAX_CANDIDATE_BYTES} bytes long"))
    }
}

/// Reads one record: its id and canonical bytes, or every reason against it.
pub fn read_candidate(record: &Record) -> Result<(CandidateId, Vec<u8>), (Option<String>, Rejection)> {
    let bytes = record.bytes.as_ref().map_err(|rejection| (None, rejection.clone()))?;
    let draft = CandidateDraft::from_json(bytes).map_err(|error| (None, rejection_of(&error)))?;
    let draft = if record.is_json_resume && draft.looks_like_json_resume() {
        let id = record.id.as_ref().ok_or_else(|| {
            let message = "a bare JSON Resume has no id: import it as a file, or wrap it in a candidate".to_owned();
            (None, Rejection::one("missing", message))
        })?;
        CandidateDraft::from_json_resume(id, draft.into_value()).map_err(|error| (None, rejection_of(&error)))?
    } else {
        draft
    };
    let stated = draft.stated_id().map(str::to_owned);
    let id = if stated.is_some() { None } else { record.id.as_ref() };
    accept(draft, id).map_err(|errors| (stated, Rejection { errors }))
}

fn rejection_of(error: &DraftError) -> Rejection {
    let (code, pointer) = match error {
        DraftError::TooLarge { .. } => ("too_large", String::new()),
        DraftError::NotJson(_) => ("invalid_json", String::new()),
        DraftError::TooComplex { pointer, .. } => ("too_complex", pointer.clone()),
    };
    Rejection { errors: vec![FieldError { pointer, code, message: error.to_string() }] }
}

/// Reads records and writes the valid ones in one transaction. Returns, when they are durable, what became of each.
pub fn put_records(store: &Store, records: &[Record], now: jiff::Timestamp) -> Result<Vec<Item>, StoreError> {
    let read: Vec<_> = records.par_iter().map(read_candidate).collect();
    let valid: Vec<PutCandidate<'_>> = read
        .iter()
        .filter_map(|read| read.as_ref().ok())
        .map(|(id, body)| PutCandidate { id: id.as_str(), body })
        .collect();
    let mut outcomes = store.put(&valid, &Precondition::None, now.as_millisecond())?.into_iter();
    let mut items = Vec::with_capacity(records.len());
    for (record, read) in records.iter().zip(&read) {
        let (id, outcome) = match read {
            Ok((id, _)) => {
                let outcome = outcomes.next().map(|outcome| {
                    let status = match outcome.status {
                        PutStatus::Created => ItemStatus::Created,
                        PutStatus::Updated => ItemStatus::Updated,
                        PutStatus::Unchanged => ItemStatus::Unchanged,
                    };
                    Accepted { status, seq: outcome.seq }
                });
                let lost = || Rejection::one("internal", "the store gave no outcome".to_owned());
                (Some(id.as_str().to_owned()), outcome.ok_or_else(lost))
            }
            Err((id, rejection)) => (id.clone(), Err(rejection.clone())),
        };
        items.push(Item { line: record.line, id, outcome });
    }
    Ok(items)
}
