//! `/v1/reindexes` and `/v1/tasks`.

use axum::{
    Json,
    extract::{Path, State},
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::{
    body::{JsonBody, Parameters},
    problem::Problem,
    state::ServerState,
};
use crate::{
    error::ErrorCode,
    tasks::{TaskError, TaskInfo, TaskKind},
};

/// Tasks of a page where the request names none, and the most of one.
const DEFAULT_TASKS: usize = 25;
const MAX_TASKS: usize = 100;

/// A re-index that is asked for.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub(super) struct ReindexBody {
    /// Serve from the generation before instead of building one. False by default.
    roll_back: bool,
    /// Tell what would be done and do nothing. False by default.
    dry_run: bool,
}

/// Build a new generation of the indexes beside the one that serves, check it and switch to it; or go back to the one before.
#[utoipa::path(post, path = "/v1/reindexes", tag = "operations", request_body = ReindexBody,
    responses((status = 202, body = TaskInfo, description = "a task; `Location` names it"),
        (status = 200, description = "what would be done, where that was asked", body = Object)))]
pub(super) async fn post_reindex(
    State(state): State<ServerState>,
    JsonBody(body): JsonBody<ReindexBody>,
) -> Result<Response, Problem> {
    let answer = state.blocking(move |services| {
        if body.dry_run {
            let plan = services.tasks.reindexer().plan().map_err(|error| Problem::internal(&error))?;
            return Ok(Json(plan).into_response());
        }
        let kind = if body.roll_back { TaskKind::RollBack } else { TaskKind::Reindex };
        Ok(accepted(services.tasks.ask_for_reindex(kind)?))
    });
    answer.await
}

/// 202 with the place of the task.
pub(super) fn accepted(task: TaskInfo) -> Response {
    let location = HeaderValue::try_from(format!("/v1/tasks/{}", task.id));
    let mut response = (StatusCode::ACCEPTED, Json(task)).into_response();
    if let Ok(location) = location {
        response.headers_mut().insert(header::LOCATION, location);
    }
    response
}

/// Parameters of a list of tasks.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct TasksParameters {
    /// Only tasks before this one: the last of the page before.
    #[serde(default)]
    before: Option<u64>,
    /// Tasks of a page, 1 to 100, 25 by default.
    #[serde(default)]
    limit: Option<usize>,
}

/// Some tasks.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct TaskList {
    /// The newest first.
    tasks: Vec<TaskInfo>,
}

/// List tasks, the newest first.
#[utoipa::path(get, path = "/v1/tasks", tag = "operations", params(TasksParameters), responses((status = 200, body = TaskList)))]
pub(super) async fn list_tasks(
    State(state): State<ServerState>,
    Parameters(TasksParameters { before, limit }): Parameters<TasksParameters>,
) -> Result<Json<TaskList>, Problem> {
    let limit = limit.unwrap_or(DEFAULT_TASKS);
    if !(1..=MAX_TASKS).contains(&limit) {
        return Err(Problem::new(ErrorCode::LimitOutOfRange, format!("limit is from 1 to {MAX_TASKS}")));
    }
    state.blocking(move |services| Ok(Json(TaskList { tasks: services.tasks.list(before, limit)? }))).await
}

/// How far a task is, or what came of it.
#[utoipa::path(get, path = "/v1/tasks/{id}", tag = "operations", params(("id" = u64, Path, description = "the task's number")),
    responses((status = 200, body = TaskInfo), (status = 404, description = "no such task")))]
pub(super) async fn get_task(
    State(state): State<ServerState>,
    Path(id): Path<String>,
) -> Result<Json<TaskInfo>, Problem> {
    let id = task_id(&id)?;
    state.blocking(move |services| Ok(Json(services.tasks.get(id)?))).await
}

/// End a task: one that waits at once, one that runs at its next step.
#[utoipa::path(delete, path = "/v1/tasks/{id}", tag = "operations", params(("id" = u64, Path, description = "the task's number")),
    responses((status = 200, body = TaskInfo), (status = 404, description = "no such task"), (status = 409, description = "it is finished")))]
pub(super) async fn cancel_task(
    State(state): State<ServerState>,
    Path(id): Path<String>,
) -> Result<Json<TaskInfo>, Problem> {
    let id = task_id(&id)?;
    state.blocking(move |services| Ok(Json(services.tasks.cancel(id)?))).await
}

/// The number that names a task in a path.
///
/// # Errors
/// `not_found`.
pub fn task_id(text: &str) -> Result<u64, Problem> {
    text.parse().map_err(|_| Problem::new(ErrorCode::NotFound, "a task is named by its number"))
}

impl From<TaskError> for Problem {
    fn from(error: TaskError) -> Self {
        match error {
            TaskError::Unknown(_) => Self::new(ErrorCode::NotFound, error.to_string()),
            TaskError::Finished(_) => Self::new(ErrorCode::Conflict, error.to_string()),
            TaskError::Store(_) | TaskError::Thread(_) | TaskError::Upload(_) => Self::internal(&error),
        }
    }
}
