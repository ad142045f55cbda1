//! Events in.

use serde::Deserialize;
use utoipa::ToSchema;

use crate::{
    activity::EventType,
    error::FieldError,
    store::{EventOutcome, NewEvent, Store, StoreError},
};

/// An event as it is sent.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct EventDraft {
    /// The candidate's id.
    pub candidate_id: String,
    /// What happened: `profileUpdated`, `loggedIn`, `openToWork`, `notLooking`, `applied`, `outreachSent`,
    /// `outreachOpened`, `outreachReplied`, `outreachDeclined`, `interviewed`, `hired`, `laidOff`.
    #[serde(rename = "type")]
    pub event_type: String,
    /// When, RFC 3339.
    pub at: String,
    /// The sender's id of the event: a known one is a no-op.
    #[serde(default)]
    pub id: Option<String>,
    /// An opaque recruiter id.
    #[serde(default)]
    pub by: Option<String>,
    /// What pairs a reply with its outreach.
    #[serde(default)]
    pub thread: Option<String>,
    /// How it was sent.
    #[serde(default)]
    pub channel: Option<String>,
}

/// What became of a batch of events.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct EventReport {
    /// Events that were appended.
    pub accepted: u64,
    /// Events whose id was known.
    pub duplicates: u64,
    /// Rejected events: index in the batch from 0, and why.
    pub rejected: Vec<(usize, Vec<FieldError>)>,
    /// Sequence number of the last appended event; 0 where there was none.
    pub last_event_seq: u64,
}

/// Appends the valid events of a batch in one transaction; `Err` members of `drafts` are events that could not be read.
pub fn append_events(store: &Store, drafts: &[Result<EventDraft, String>]) -> Result<EventReport, StoreError> {
    let mut report = EventReport::default();
    let mut valid: Vec<(usize, NewEvent<'_>)> = Vec::with_capacity(drafts.len());
    for (index, draft) in drafts.iter().enumerate() {
        match draft {
            Ok(draft) => match read(draft) {
                Ok(event) => valid.push((index, event)),
                Err(errors) => report.rejected.push((index, errors)),
            },
            Err(reason) => report.rejected.push((index, vec![error("", "invalid_json", reason.clone())])),
        }
    }
    let events: Vec<NewEvent<'_>> = valid.iter().map(|(_, event)| *event).collect();
    for (outcome, (index, _)) in store.append_events(&events)?.into_iter().zip(&valid) {
        match outcome {
            EventOutcome::Accepted { event_seq } => {
                report.accepted += 1;
                report.last_event_seq = report.last_event_seq.max(event_seq);
            }
            EventOutcome::Duplicate => report.duplicates += 1,
            EventOutcome::UnknownCandidate => {
                let unknown = error("/candidateId", "unknown_candidate", "there is no such candidate".to_owned());
                report.rejected.push((*index, vec![unknown]));
            }
        }
    }
    report.rejected.sort_by_key(|(index, _)| *index);
    Ok(report)
}

fn read(draft: &EventDraft) -> Result<NewEvent<'_>, Vec<FieldError>> {
    let mut errors = Vec::new();
    if EventType::named(&draft.event_type).is_none() {
        let names: Vec<&str> = EventType::ALL.iter().map(|event| event.name()).collect();
        errors.push(error("/type", "unknown_event_type", format!("one of {}", names.join(", "))));
    }
    let at: Result<jiff::Timestamp, _> = draft.at.parse();
    if at.is_err() {
        errors.push(error("/at", "invalid_instant", "an RFC 3339 instant is wanted".to_owned()));
    }
    match at {
        Ok(at) if errors.is_empty() => Ok(NewEvent {
            candidate_id: &draft.candidate_id,
            event_type: &draft.event_type,
            at: at.as_millisecond(),
            event_id: draft.id.as_deref(),
            by: draft.by.as_deref(),
            thread: draft.thread.as_deref(),
            channel: draft.channel.as_deref(),
        }),
        _ => Err(errors),
    }
}

fn error(pointer: &str, code: &'static str, message: String) -> FieldError {
    FieldError { pointer: pointer.to_owned(), code, message }
}
