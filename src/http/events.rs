//! `POST /v1/events`.

use axum::{Json, extract::State, http::HeaderMap};
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use super::{
    body::{BodyBytes, Parameters, media_type, read_json},
    candidates::WriteParameters,
    problem::Problem,
    state::{ServerState, refresh_event},
};
use crate::{
    error::{ErrorCode, FieldError},
    ingest::{EventDraft, Lines, append_events},
};

/// The longest line of events, in bytes.
const MAX_EVENT_BYTES: usize = 64 * 1024;

/// What became of events.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct EventsReport {
    /// Events that were appended.
    accepted: u64,
    /// Events whose id was known: no-ops.
    duplicates: u64,
    /// Rejected events.
    rejected: Vec<RejectedEvent>,
}

/// A rejected event.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct RejectedEvent {
    /// Its place in the request, from 1.
    line: u64,
    /// Every reason.
    #[schema(value_type = Vec<Object>)]
    errors: Vec<FieldError>,
}

/// Append events: one, an array, or NDJSON.
#[utoipa::path(post, path = "/v1/events", tag = "events", params(WriteParameters),
    request_body(content = EventDraft, description = "one event, or an array of events; NDJSON as application/x-ndjson"),
    responses((status = 200, body = EventsReport), (status = 400, description = "the whole body is unreadable")))]
pub(super) async fn post_events(
    State(state): State<ServerState>,
    Parameters(parameters): Parameters<WriteParameters>,
    headers: HeaderMap,
    BodyBytes(body): BodyBytes,
) -> Result<Json<EventsReport>, Problem> {
    let is_json = media_type(&headers).as_deref() == Some("application/json");
    state
        .writing(move |services| {
            let (lines, drafts) = if is_json { json_drafts(&body)? } else { line_drafts(&body) };
            let report = append_events(&services.store, &drafts)?;
            refresh_event(services, parameters.refresh(), report.last_event_seq)?;
            let rejected = report.rejected.into_iter();
            let rejected = rejected.map(|(index, errors)| RejectedEvent { line: lines[index], errors }).collect();
            Ok(Json(EventsReport { accepted: report.accepted, duplicates: report.duplicates, rejected }))
        })
        .await
}

type Drafts = (Vec<u64>, Vec<Result<EventDraft, String>>);

fn json_drafts(body: &[u8]) -> Result<Drafts, Problem> {
    let values = match read_json(body)? {
        Value::Array(values) => values,
        value @ Value::Object(_) => vec![value],
        _ => return Err(Problem::new(ErrorCode::InvalidEvent, "an event, or an array of events, is wanted")),
    };
    let lines = (1..=values.len() as u64).collect();
    let drafts = values.into_iter().map(|value| serde_json::from_value(value).map_err(|error| error.to_string()));
    Ok((lines, drafts.collect()))
}

fn line_drafts(body: &[u8]) -> Drafts {
    let lines = Lines::new(body, MAX_EVENT_BYTES).filter_map(Result::ok);
    let read = |line: crate::ingest::Line| {
        let bytes = line.bytes.ok_or_else(|| format!("longer than {MAX_EVENT_BYTES} bytes"));
        (line.number, bytes.and_then(|bytes| serde_json::from_slice(&bytes).map_err(|error| error.to_string())))
    };
    lines.map(read).unzip()
}
