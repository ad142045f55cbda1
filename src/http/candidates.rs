//! `/v1/candidates`.

use axum::{
    Json,
    extract::{Path, State},
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::{IntoParams, ToSchema};

use super::{
    body::{BodyBytes, Parameters, media_type},
    problem::Problem,
    state::{Refresh, ServerState, Services, refresh},
};
use crate::{
    candidate::{CandidateDraft, CandidateId, DraftError, MAX_CANDIDATE_BYTES},
    error::{ErrorCode, FieldError},
    ingest::{Item, ItemStatus, Lines, Record, Rejection, accept, put_records},
    store::{Etag, Precondition, PutCandidate, PutStatus},
};

/// Times that a PATCH is tried again when somebody else wrote in between.
const PATCH_ATTEMPTS: usize = 16;

/// Parameters of a write.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct WriteParameters {
    /// `wait`: answer when the change is searchable.
    #[serde(default)]
    #[param(inline)]
    refresh: Option<Refresh>,
}

impl WriteParameters {
    pub(super) fn refresh(&self) -> Option<Refresh> {
        self.refresh
    }
}

/// What became of a candidate that was written.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Written {
    /// The candidate's id.
    id: String,
    /// `created`, `updated` or `unchanged`.
    #[schema(inline)]
    status: ItemStatus,
    /// The change-log number of its newest change.
    seq: u64,
}

/// What became of a bulk upsert.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct BulkReport {
    /// Records that were accepted, unchanged ones among them.
    accepted: usize,
    /// Records that were rejected.
    rejected: usize,
    /// Each record in order.
    items: Vec<BulkItem>,
}

/// What became of one record.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct BulkItem {
    /// Line of the NDJSON, or place in the array, from 1.
    line: u64,
    /// The candidate's id, where it could be read.
    id: Option<String>,
    /// `created`, `updated`, `unchanged` or `rejected`.
    status: &'static str,
    /// Why it was rejected: every reason.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(value_type = Vec<Object>)]
    errors: Vec<FieldError>,
}

/// Create or replace many candidates: NDJSON, or a JSON array. A bad record never stops the good ones.
#[utoipa::path(post, path = "/v1/candidates", tag = "candidates", params(WriteParameters),
    request_body(content = String, description = "one candidate a line", content_type = "application/x-ndjson"),
    responses((status = 200, body = BulkReport), (status = 400, description = "the whole body is unreadable")))]
pub(super) async fn post_many(
    State(state): State<ServerState>,
    Parameters(parameters): Parameters<WriteParameters>,
    headers: HeaderMap,
    BodyBytes(body): BodyBytes,
) -> Result<Json<BulkReport>, Problem> {
    let is_json = match media_type(&headers).as_deref() {
        Some("application/json") => true,
        Some("application/x-ndjson" | "application/ndjson" | "application/jsonl" | "application/jsonlines") => false,
        _ => {
            let detail = "candidates come as application/x-ndjson, or as application/json (an array)";
            return Err(Problem::new(ErrorCode::UnsupportedMediaType, detail));
        }
    };
    let now = (state.now)();
    state
        .writing(move |services| {
            let records = if is_json { array_records(&body)? } else { line_records(&body) };
            let items = put_records(&services.store, &records, now)?;
            let last = items.iter().filter_map(|item| item.outcome.as_ref().ok()).map(|accepted| accepted.seq).max();
            refresh(services, parameters.refresh, last.unwrap_or(0))?;
            Ok(Json(report(items)))
        })
        .await
}

fn line_records(body: &[u8]) -> Vec<Record> {
    let lines = Lines::new(body, MAX_CANDIDATE_BYTES).filter_map(Result::ok);
    let record = |line: crate::ingest::Line| Record {
        line: line.number,
        bytes: line.bytes.ok_or_else(Rejection::too_large),
        id: None,
        is_json_resume: false,
    };
    lines.map(record).collect()
}

fn array_records(body: &[u8]) -> Result<Vec<Record>, Problem> {
    let value: Value = super::body::read_json(body)?;
    let Value::Array(values) = value else {
        return Err(Problem::new(ErrorCode::InvalidValue, "a JSON array of candidates is wanted"));
    };
    let record = |(value, line): (Value, u64)| Record {
        line,
        bytes: Ok(value.to_string().into_bytes()),
        id: None,
        is_json_resume: false,
    };
    Ok(values.into_iter().zip(1..).map(record).collect())
}

fn report(items: Vec<Item>) -> BulkReport {
    let accepted = items.iter().filter(|item| item.outcome.is_ok()).count();
    let rejected = items.len() - accepted;
    let items = items.into_iter().map(|item| {
        let (status, errors) = match item.outcome {
            Ok(accepted) => (status_name(accepted.status), Vec::new()),
            Err(rejection) => ("rejected", rejection.errors),
        };
        BulkItem { line: item.line, id: item.id, status, errors }
    });
    BulkReport { accepted, rejected, items: items.collect() }
}

fn status_name(status: ItemStatus) -> &'static str {
    match status {
        ItemStatus::Created => "created",
        ItemStatus::Updated => "updated",
        ItemStatus::Unchanged => "unchanged",
    }
}

/// Create or replace one candidate.
#[utoipa::path(put, path = "/v1/candidates/{id}", tag = "candidates",
    params(("id" = String, Path, description = "1 to 128 of A-Z a-z 0-9 . _ ~ -"), WriteParameters),
    request_body(content = Object, description = "a candidate; `profile` is a JSON Resume", content_type = "application/json"),
    responses((status = 200, body = Written), (status = 201, body = Written), (status = 400, description = "every error of the document"),
        (status = 412, description = "`If-Match` or `If-None-Match` does not hold")))]
pub(super) async fn put_one(
    State(state): State<ServerState>,
    Path(id): Path<String>,
    Parameters(parameters): Parameters<WriteParameters>,
    headers: HeaderMap,
    BodyBytes(body): BodyBytes,
) -> Result<Response, Problem> {
    let id = candidate_id(id)?;
    require_json(&headers, &["application/json"])?;
    let precondition = precondition(&headers)?;
    let now = (state.now)();
    state
        .writing(move |services| {
            let draft = CandidateDraft::from_json(&body).map_err(draft_problem)?;
            let body = validated(draft, &id)?;
            write(services, &id, &body, &precondition, (now, parameters.refresh))
        })
        .await
}

fn validated(draft: CandidateDraft, id: &CandidateId) -> Result<Vec<u8>, Problem> {
    let invalid = |errors: Vec<FieldError>| {
        let unknown = errors.iter().all(|error| error.code == ErrorCode::UnknownField.as_str());
        let code = if unknown { ErrorCode::UnknownField } else { ErrorCode::InvalidCandidate };
        Problem::new(code, format!("the candidate has {} errors", errors.len())).with_errors(errors)
    };
    accept(draft, Some(id)).map(|(_, bytes)| bytes).map_err(invalid)
}

fn write(
    services: &Services,
    id: &CandidateId,
    body: &[u8],
    precondition: &Precondition,
    (now, wait): (jiff::Timestamp, Option<Refresh>),
) -> Result<Response, Problem> {
    let candidate = PutCandidate { id: id.as_str(), body };
    let outcomes = services.store.put(&[candidate], precondition, now.as_millisecond())?;
    let Some(outcome) = outcomes.first() else {
        return Err(Problem::internal(&std::io::Error::other("the store gave no outcome")));
    };
    refresh(services, wait, outcome.seq)?;
    let (code, status) = match outcome.status {
        PutStatus::Created => (StatusCode::CREATED, ItemStatus::Created),
        PutStatus::Updated => (StatusCode::OK, ItemStatus::Updated),
        PutStatus::Unchanged => (StatusCode::OK, ItemStatus::Unchanged),
    };
    let written = Written { id: id.as_str().to_owned(), status, seq: outcome.seq };
    let mut response = (code, Json(written)).into_response();
    set_etag(&mut response, outcome.etag());
    Ok(response)
}

/// Read one candidate, as it was sent, with what was read out of its CV (`parsed`).
#[utoipa::path(get, path = "/v1/candidates/{id}", tag = "candidates", params(("id" = String, Path, description = "the candidate's id")),
    responses((status = 200, description = "the candidate", body = Object), (status = 304, description = "`If-None-Match` names this revision"),
        (status = 404, description = "no such candidate")))]
pub(super) async fn get_one(
    State(state): State<ServerState>,
    Path(id): Path<String>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let id = candidate_id(id)?;
    let known = headers.get(header::IF_NONE_MATCH).and_then(|value| value.to_str().ok()).map(str::to_owned);
    let stored =
        state.blocking(move |services| Ok(services.store.get(id.as_str())?)).await?.ok_or_else(unknown_candidate)?;
    let etag = stored.etag();
    let is_known = known.is_some_and(|known| etags(&known).contains(&etag));
    let mut response = if is_known {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        ([(header::CONTENT_TYPE, "application/json")], stored.body).into_response()
    };
    set_etag(&mut response, etag);
    Ok(response)
}

/// Change one candidate by a JSON Merge Patch (RFC 7396).
#[utoipa::path(patch, path = "/v1/candidates/{id}", tag = "candidates", params(("id" = String, Path, description = "the candidate's id"), WriteParameters),
    request_body(content = Object, description = "RFC 7396", content_type = "application/merge-patch+json"),
    responses((status = 200, body = Written), (status = 404, description = "no such candidate"), (status = 412, description = "`If-Match` does not hold")))]
pub(super) async fn patch_one(
    State(state): State<ServerState>,
    Path(id): Path<String>,
    Parameters(parameters): Parameters<WriteParameters>,
    headers: HeaderMap,
    BodyBytes(body): BodyBytes,
) -> Result<Response, Problem> {
    let id = candidate_id(id)?;
    require_json(&headers, &["application/merge-patch+json", "application/json"])?;
    let wanted = precondition(&headers)?;
    let now = (state.now)();
    state
        .writing(move |services| {
            let patch = CandidateDraft::from_json(&body).map_err(draft_problem)?.into_value();
            for _ in 0..PATCH_ATTEMPTS {
                let stored = services.store.get(id.as_str())?.ok_or_else(unknown_candidate)?;
                let document = patched(&stored.body, &patch)?;
                let body = validated(document, &id)?;
                let read = Precondition::IfMatch(vec![stored.etag()]);
                let precondition = if wanted == Precondition::None { &read } else { &wanted };
                match write(services, &id, &body, precondition, (now, parameters.refresh)) {
                    Err(problem) if problem.code() == ErrorCode::PreconditionFailed && wanted == Precondition::None => {
                    }
                    written => return written,
                }
            }
            Err(Problem::new(ErrorCode::Conflict, "the candidate changed too often meanwhile; try again"))
        })
        .await
}

fn patched(body: &[u8], patch: &Value) -> Result<CandidateDraft, Problem> {
    let mut document: Value = serde_json::from_slice(body).map_err(|error| Problem::internal(&error))?;
    json_patch::merge(&mut document, patch);
    // What was read out of a CV is derived anew, and no part of what was sent.
    if let Some(members) = document.as_object_mut() {
        members.remove("parsed");
    }
    let size = document.to_string().len();
    if size > MAX_CANDIDATE_BYTES {
        return Err(draft_problem(DraftError::TooLarge { bytes: size }));
    }
    CandidateDraft::from_value(document).map_err(draft_problem)
}

/// Erase one candidate: from the store at once, from text and vectors within a second.
#[utoipa::path(delete, path = "/v1/candidates/{id}", tag = "candidates", params(("id" = String, Path, description = "the candidate's id"), WriteParameters),
    responses((status = 204, description = "erased"), (status = 404, description = "no such candidate"), (status = 412, description = "`If-Match` does not hold")))]
pub(super) async fn delete_one(
    State(state): State<ServerState>,
    Path(id): Path<String>,
    Parameters(parameters): Parameters<WriteParameters>,
    headers: HeaderMap,
) -> Result<StatusCode, Problem> {
    let id = candidate_id(id)?;
    let precondition = precondition(&headers)?;
    state
        .writing(move |services| {
            let seq = services.store.delete(id.as_str(), &precondition)?.ok_or_else(unknown_candidate)?;
            refresh(services, parameters.refresh, seq)?;
            Ok(StatusCode::NO_CONTENT)
        })
        .await
}

fn candidate_id(id: String) -> Result<CandidateId, Problem> {
    CandidateId::new(id).map_err(|error| Problem::new(ErrorCode::InvalidId, error.to_string()))
}

pub(super) fn unknown_candidate() -> Problem {
    Problem::new(ErrorCode::UnknownCandidate, "there is no candidate of this id")
}

fn require_json(headers: &HeaderMap, taken: &[&str]) -> Result<(), Problem> {
    let media_type = media_type(headers);
    if media_type.as_deref().is_some_and(|media_type| taken.contains(&media_type)) {
        return Ok(());
    }
    Err(Problem::new(ErrorCode::UnsupportedMediaType, format!("this path takes {}", taken.join(" or "))))
}

fn draft_problem(error: DraftError) -> Problem {
    match &error {
        DraftError::TooLarge { .. } => Problem::new(ErrorCode::PayloadTooLarge, error.to_string()),
        DraftError::NotJson(reason) => Problem::new(ErrorCode::InvalidJson, reason.clone()),
        DraftError::TooComplex { pointer, reason } => {
            let code = "too_complex";
            let found = FieldError { pointer: pointer.clone(), code, message: reason.clone() };
            Problem::new(ErrorCode::InvalidCandidate, error.to_string()).with_errors(vec![found])
        }
    }
}

fn etags(header: &str) -> Vec<Etag> {
    header.split(',').filter_map(|tag| tag.trim().parse().ok()).collect()
}

fn precondition(headers: &HeaderMap) -> Result<Precondition, Problem> {
    let text = |name: header::HeaderName| headers.get(name).map(|value| value.to_str().unwrap_or_default().trim());
    match (text(header::IF_MATCH), text(header::IF_NONE_MATCH)) {
        (None, None) => Ok(Precondition::None),
        (Some("*"), None) => Ok(Precondition::Exists),
        (Some(tags), None) => Ok(Precondition::IfMatch(etags(tags))),
        (None, Some("*")) => Ok(Precondition::Absent),
        _ => {
            let detail = "a write takes `If-Match`, or `If-None-Match: *`";
            Err(Problem::new(ErrorCode::InvalidParameter, detail))
        }
    }
}

fn set_etag(response: &mut Response, etag: Etag) {
    if let Ok(value) = HeaderValue::from_str(&etag.to_string()) {
        response.headers_mut().insert(header::ETAG, value);
    }
}
