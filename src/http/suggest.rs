//! `GET /v1/suggest`.

use axum::{Json, extract::State};
use serde::Deserialize;
use utoipa::IntoParams;

use super::{body::Parameters, problem::Problem, search::answer, state::ServerState};
use crate::{
    error::ErrorCode,
    search::{DEFAULT_SUGGESTIONS, MAX_SUGGESTIONS, SuggestField, SuggestResponse},
};

/// Parameters of a completion.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct SuggestParameters {
    /// What was typed so far.
    q: String,
    /// `titles`, `skills`, `companies`, `schools` or `cities`; all of them where none is named.
    #[serde(default)]
    #[param(inline)]
    field: Option<SuggestField>,
    /// Suggestions, 1 to 50, 10 by default.
    #[serde(default)]
    limit: Option<usize>,
}

/// Complete titles, skills, companies, schools and cities.
#[utoipa::path(get, path = "/v1/suggest", tag = "search", params(SuggestParameters),
    responses((status = 200, body = SuggestResponse), (status = 400, description = "a parameter is wrong"),
        (status = 503, description = "overloaded")))]
pub(super) async fn suggest(
    State(state): State<ServerState>,
    Parameters(SuggestParameters { q, field, limit }): Parameters<SuggestParameters>,
) -> Result<Json<SuggestResponse>, Problem> {
    let limit = limit.unwrap_or(DEFAULT_SUGGESTIONS);
    if !(1..=MAX_SUGGESTIONS).contains(&limit) {
        return Err(Problem::new(ErrorCode::LimitOutOfRange, format!("limit is from 1 to {MAX_SUGGESTIONS}")));
    }
    answer(state, move |searcher, _| searcher.suggest(&q, field, limit)).await
}
