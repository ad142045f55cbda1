//! `POST /v1/search`.

use axum::{
    Json,
    extract::{Path, State},
};

use serde::Deserialize;
use utoipa::IntoParams;

use super::{
    body::{JsonBody, Parameters},
    candidates::unknown_candidate,
    problem::Problem,
    state::ServerState,
};
use crate::{
    error::{ErrorCode, FieldError},
    query::QueryError,
    search::{
        MatchBody, SearchBody, SearchError, SearchResponse, Searcher, ShortlistBody, ShortlistResponse, SimilarBody,
        Standing,
    },
};

/// Search candidates.
#[utoipa::path(post, path = "/v1/search", tag = "search", request_body = SearchBody,
    responses((status = 200, body = SearchResponse), (status = 400, description = "every error of the request"),
        (status = 410, description = "the cursor has expired"), (status = 503, description = "overloaded, or a demand was not evaluated in time")))]
pub(super) async fn search(
    State(state): State<ServerState>,
    JsonBody(body): JsonBody<SearchBody>,
) -> Result<Json<SearchResponse>, Problem> {
    answer(state, move |searcher, now| searcher.search(&body, now)).await
}

/// Rank people for a job text.
#[utoipa::path(post, path = "/v1/match", tag = "search", request_body = MatchBody,
    responses((status = 200, body = SearchResponse), (status = 400, description = "every error of the request"),
        (status = 410, description = "the cursor has expired"), (status = 503, description = "overloaded, or a filter was not evaluated in time")))]
pub(super) async fn match_job(
    State(state): State<ServerState>,
    JsonBody(body): JsonBody<MatchBody>,
) -> Result<Json<SearchResponse>, Problem> {
    answer(state, move |searcher, now| searcher.match_job(&body, now)).await
}

/// Find people like some.
#[utoipa::path(post, path = "/v1/similar", tag = "search", request_body = SimilarBody,
    responses((status = 200, body = SearchResponse), (status = 400, description = "every error of the request"),
        (status = 404, description = "nobody has any of the ids"), (status = 410, description = "the cursor has expired"),
        (status = 503, description = "overloaded, or a filter was not evaluated in time")))]
pub(super) async fn similar(
    State(state): State<ServerState>,
    JsonBody(body): JsonBody<SimilarBody>,
) -> Result<Json<SearchResponse>, Problem> {
    let Json(found) = answer(state, move |searcher, now| searcher.similar(&body, now)).await?;
    found.map(Json).ok_or_else(unknown_candidate)
}

/// How many people like one are shown.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct SimilarParameters {
    /// Hits of a page, 1 to 100, 25 by default.
    #[serde(default)]
    limit: Option<usize>,
}

/// Find people like one.
#[utoipa::path(get, path = "/v1/candidates/{id}/similar", tag = "search",
    params(("id" = String, Path, description = "the candidate's id"), SimilarParameters),
    responses((status = 200, body = SearchResponse), (status = 400, description = "a parameter is wrong"),
        (status = 404, description = "no such candidate"), (status = 503, description = "overloaded")))]
pub(super) async fn similar_to_one(
    State(state): State<ServerState>,
    Path(id): Path<String>,
    Parameters(SimilarParameters { limit }): Parameters<SimilarParameters>,
) -> Result<Json<SearchResponse>, Problem> {
    similar(State(state), JsonBody(SimilarBody { ids: vec![id], limit, ..SimilarBody::default() })).await
}

/// Runs one of the searcher's answers under a permit, off the async threads.
///
/// # Errors
/// Those of the search; `overloaded` where as many wait as may.
pub async fn answer<T: Send + 'static>(
    state: ServerState,
    ask: impl FnOnce(&Searcher, jiff::Timestamp) -> Result<T, SearchError> + Send + 'static,
) -> Result<Json<T>, Problem> {
    let permit = state.searches.acquire().await?;
    let now = (state.now)();
    state
        .blocking(move |services| {
            let answered = ask(&services.searcher, now).map_err(Problem::from);
            drop(permit);
            answered.map(Json)
        })
        .await
}

/// Choose whom to write to now.
#[utoipa::path(post, path = "/v1/shortlist", tag = "search", request_body = ShortlistBody,
    responses((status = 200, body = ShortlistResponse), (status = 400, description = "every error of the request"),
        (status = 503, description = "overloaded, or a demand was not evaluated in time")))]
pub(super) async fn shortlist(
    State(state): State<ServerState>,
    JsonBody(body): JsonBody<ShortlistBody>,
) -> Result<Json<ShortlistResponse>, Problem> {
    answer(state, move |searcher, now| searcher.shortlist(&body, now)).await
}

/// Say why a candidate stands where they stand for a search.
#[utoipa::path(post, path = "/v1/candidates/{id}/explain", tag = "search", request_body = SearchBody,
    params(("id" = String, Path, description = "the candidate's id")),
    responses((status = 200, body = Standing), (status = 400, description = "every error of the request"),
        (status = 404, description = "no such candidate"), (status = 503, description = "overloaded, or a demand was not evaluated in time")))]
pub(super) async fn explain(
    State(state): State<ServerState>,
    Path(id): Path<String>,
    JsonBody(body): JsonBody<SearchBody>,
) -> Result<Json<Standing>, Problem> {
    let Json(standing) = answer(state, move |searcher, now| searcher.standing(&id, &body, now)).await?;
    standing.map(Json).ok_or_else(unknown_candidate)
}

impl From<SearchError> for Problem {
    fn from(error: SearchError) -> Self {
        let detail = error.to_string();
        match error {
            SearchError::Invalid(errors) => Self::new(invalid_code(&errors), detail).with_errors(errors),
            SearchError::Query(error) => query_problem(error),
            SearchError::CursorWithParameters => Self::new(ErrorCode::CursorWithParameters, detail),
            SearchError::CursorExpired => Self::new(ErrorCode::CursorExpired, detail),
            SearchError::DeadlineExceeded => Self::new(ErrorCode::DeadlineExceeded, detail).with_retry_after(1),
            SearchError::Engine(error) => Self::internal(&error),
            SearchError::Store(error) => Self::internal(&error),
            SearchError::Embed(error) => Self::internal(&error),
        }
    }
}

fn invalid_code(errors: &[FieldError]) -> ErrorCode {
    match errors {
        [only] if only.pointer == "/limit" => ErrorCode::LimitOutOfRange,
        _ if errors.iter().all(|error| error.pointer.starts_with("/filters")) => ErrorCode::InvalidFilter,
        _ => ErrorCode::InvalidValue,
    }
}

fn query_problem(error: QueryError) -> Problem {
    let detail = error.to_string();
    match error {
        QueryError::QueryTooLong { .. } => Problem::new(ErrorCode::QueryTooLong, detail),
        QueryError::TooManyClauses { .. } | QueryError::PatternTooBroad { .. } => {
            Problem::new(ErrorCode::InvalidQuery, detail)
        }
        QueryError::InvalidFilters(errors) => {
            let errors = errors.into_iter().map(FieldError::from).collect();
            Problem::new(ErrorCode::InvalidFilter, detail).with_errors(errors)
        }
        QueryError::NeedsRepair(warnings) => {
            let errors = warnings.into_iter().map(|warning| FieldError {
                pointer: "/query".to_owned(),
                code: warning.code.as_str(),
                message: format!("at {}..{}: {}", warning.span.start, warning.span.end, warning.message),
            });
            Problem::new(ErrorCode::StrictQuery, detail).with_errors(errors.collect())
        }
    }
}
