//! `POST /v1/imports`, and what imports rejected.

use std::pin::pin;

use axum::{
    body::{Body, Bytes},
    extract::{Path, State},
    http::{HeaderMap, header},
    response::{IntoResponse, Response},
};
use futures_util::{Stream, StreamExt, stream};
use serde::Deserialize;
use tokio::sync::{Semaphore, SemaphorePermit, mpsc};
use utoipa::IntoParams;

use super::{
    body::{Parameters, media_type},
    limits::Overloaded,
    problem::Problem,
    state::{ServerState, Services},
    tasks::{accepted, task_id},
};
use crate::{
    error::{ErrorCode, FieldError},
    ingest::{Cohort, ImportFormat, SourceOptions},
    tasks::{MAX_UPLOAD_BYTES, TaskInfo, Upload},
};

/// Uploads that are received at once: each may take as long as its sender does.
static UPLOADS: Semaphore = Semaphore::const_new(4);

/// Pieces of a body that wait to be written.
const PIECES: usize = 8;

/// Bytes of the rejects that are read at once.
const REJECTS_PIECE: usize = 64 * 1024;

/// Parameters of an import.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields, default)]
#[into_params(parameter_in = Query)]
pub(super) struct ImportParameters {
    /// How the file is read: `auto` (by its name and content, the default), `ndjson`, `json`, `cv`, `sheet`, `linkedin`, `greenhouse`, `lever`, `ashby`,
    /// `workable`, `merge` or `hr-open`.
    #[param(value_type = String)]
    format: ImportFormat,
    /// The file's name: its extension tells the format, and of a CV it is the candidate's id. By default after the content type.
    name: Option<String>,
    /// The cohort that everybody in it belongs to, such as a layoff list: they are open to work since today unless they say otherwise.
    cohort: Option<String>,
    /// The name of a saved mapping of a table's columns.
    mapping: Option<String>,
    /// The fields of single columns, before the mapping and the guess: a JSON object from header to field.
    columns: Option<String>,
    /// The sheet of a workbook.
    sheet: Option<String>,
}

/// Import a file of any size: NDJSON, JSON, a table, an archive, a CV. The body is the file.
#[utoipa::path(post, path = "/v1/imports", tag = "operations", params(ImportParameters),
    request_body(content = String, description = "the file", content_type = "application/octet-stream"),
    responses((status = 202, body = TaskInfo, description = "a task; `Location` names it. The file is on the device"),
        (status = 400, description = "a parameter is wrong, or the body is empty"), (status = 413, description = "more than 16 GiB"),
        (status = 503, description = "as many uploads are received as may")))]
pub(super) async fn post_import(
    State(state): State<ServerState>,
    Parameters(parameters): Parameters<ImportParameters>,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, Problem> {
    let _permit = upload_permit()?;
    let name = parameters.name.clone().unwrap_or_else(|| default_name(&headers).to_owned());
    let today = (state.now)();
    let (name, source) = state.blocking(move |services| Ok((name, options(services, parameters, today)?))).await?;
    let upload = received(&state, &name, body.into_data_stream()).await?;
    let answer = state.blocking(move |services| Ok(accepted(services.tasks.ask_for_import(upload, &name, source)?)));
    answer.await
}

fn default_name(headers: &HeaderMap) -> &'static str {
    match media_type(headers).as_deref() {
        Some("application/x-ndjson" | "application/ndjson" | "application/jsonl" | "application/jsonlines") => {
            "upload.ndjson"
        }
        Some("application/json") => "upload.json",
        Some("text/csv") => "upload.csv",
        Some("text/tab-separated-values") => "upload.tsv",
        Some("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet") => "upload.xlsx",
        Some("application/vnd.oasis.opendocument.spreadsheet") => "upload.ods",
        Some("application/zip") => "upload.zip",
        Some("application/pdf") => "upload.pdf",
        Some("text/plain") => "upload.txt",
        Some("text/html") => "upload.html",
        _ => "upload",
    }
}

/// How the file is read; every wrong parameter at once.
fn options(
    services: &Services,
    parameters: ImportParameters,
    today: jiff::Timestamp,
) -> Result<SourceOptions, Problem> {
    let mut errors = Vec::new();
    let mut refuse = |name: &str, message: String| {
        errors.push(FieldError { pointer: format!("/{name}"), code: "invalid_parameter", message });
    };
    let columns = parameters.columns.as_deref().map_or(Ok(Default::default()), serde_json::from_str);
    let columns = columns.unwrap_or_else(|error| {
        refuse("columns", error.to_string());
        Default::default()
    });
    let mapping = parameters.mapping.as_deref().map(|name| services.tasks.mapping(name)).transpose();
    let mapping = mapping.unwrap_or_else(|error| {
        refuse("mapping", error.to_string());
        None
    });
    if parameters.cohort.as_deref().is_some_and(|cohort| cohort.trim().is_empty()) {
        refuse("cohort", "a cohort needs a name".to_owned());
    }
    if !errors.is_empty() {
        return Err(Problem::new(ErrorCode::InvalidParameter, "the import cannot be read so").with_errors(errors));
    }
    let cohort = parameters.cohort.map(|name| Cohort::since_today(name, today));
    Ok(SourceOptions { format: parameters.format, cohort, mapping, columns, sheet: parameters.sheet })
}

/// The right to receive a file, until dropped.
///
/// # Errors
/// `overloaded`, where as many are received as may.
pub fn upload_permit() -> Result<SemaphorePermit<'static>, Problem> {
    Ok(UPLOADS.try_acquire().map_err(|_| Overloaded)?)
}

/// Writes a body, or a part of one, to the device, piece by piece.
///
/// # Errors
/// `payload_too_large`; `invalid_value` where it is empty or breaks off.
pub async fn received<E: Send>(
    state: &ServerState,
    name: &str,
    body: impl Stream<Item = Result<Bytes, E>> + Send,
) -> Result<Upload, Problem> {
    let (sender, mut pieces) = mpsc::channel::<Bytes>(PIECES);
    let name = name.to_owned();
    let writing = state.blocking(move |services| {
        let mut upload = services.tasks.receive(&name)?;
        while let Some(piece) = pieces.blocking_recv() {
            if !upload.write(&piece).map_err(|error| Problem::internal(&error))? {
                let detail = format!("an import takes {MAX_UPLOAD_BYTES} bytes at most");
                return Err(Problem::new(ErrorCode::PayloadTooLarge, detail));
            }
        }
        Ok(upload)
    });
    let sending = async move {
        let mut pieces = pin!(body);
        while let Some(piece) = pieces.next().await {
            let broken = |_: E| Problem::new(ErrorCode::InvalidValue, "the body ended before its announced length");
            // Where writing has failed, its own error is told.
            if sender.send(piece.map_err(broken)?).await.is_err() {
                break;
            }
        }
        Ok::<_, Problem>(())
    };
    let (upload, sent) = tokio::join!(writing, sending);
    let upload = upload?;
    sent?;
    if upload.is_empty() {
        return Err(Problem::new(ErrorCode::InvalidValue, "the body is empty"));
    }
    Ok(upload)
}

/// What an import rejected, one record a line, with every reason.
#[utoipa::path(get, path = "/v1/tasks/{id}/rejects", tag = "operations", params(("id" = u64, Path, description = "the task's number")),
    responses((status = 200, description = "one rejected record a line; empty where none was", content_type = "application/x-ndjson", body = String),
        (status = 404, description = "no such task")))]
pub(super) async fn get_rejects(State(state): State<ServerState>, Path(id): Path<String>) -> Result<Response, Problem> {
    let id = task_id(&id)?;
    let file = state.blocking(move |services| {
        let path = services.tasks.rejects(id)?;
        path.map(std::fs::File::open).transpose().map_err(|error| Problem::internal(&error))
    });
    let file = file.await?;
    let pieces = stream::unfold(file, |file| async move {
        let mut file = file?;
        let read = tokio::task::spawn_blocking(move || {
            let mut piece = vec![0; REJECTS_PIECE];
            let count = std::io::Read::read(&mut file, &mut piece)?;
            piece.truncate(count);
            Ok::<_, std::io::Error>((piece, file))
        });
        match read.await.map_err(std::io::Error::other) {
            Ok(Ok((piece, _))) if piece.is_empty() => None,
            Ok(Ok((piece, file))) => Some((Ok(piece), Some(file))),
            Ok(Err(error)) | Err(error) => Some((Err(error), None)),
        }
    });
    Ok(([(header::CONTENT_TYPE, "application/x-ndjson")], Body::from_stream(pieces)).into_response())
}
