//! `GET /v1/export`.

use axum::{
    body::Body,
    extract::State,
    http::header,
    response::{IntoResponse, Response},
};
use futures_util::stream;
use serde::Deserialize;
use tokio::sync::{Semaphore, SemaphorePermit};
use utoipa::IntoParams;

use super::{body::Parameters, limits::Overloaded, problem::Problem, state::ServerState};
use crate::export::{Export, ExportError, ExportFormat};

/// Exports that run at once: each may take as long as its reader does.
static EXPORTS: Semaphore = Semaphore::const_new(2);

/// `?format=`.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct ExportParameters {
    /// What comes: candidates as they were sent, their JSON Resumes, or a table.
    #[serde(default)]
    #[param(inline)]
    format: ExportFormat,
}

/// Everybody, in the order of their ids, as a stream. A chunk is read when the one before it was taken; where that fails, the
/// connection breaks off.
#[utoipa::path(get, path = "/v1/export", tag = "candidates", params(ExportParameters),
    responses((status = 200, description = "one candidate or JSON Resume a line, or a table", content_type = "application/x-ndjson", body = String),
        (status = 503, description = "as many exports run as may")))]
pub(super) async fn export(
    State(state): State<ServerState>,
    Parameters(parameters): Parameters<ExportParameters>,
) -> Result<Response, Problem> {
    let permit = EXPORTS.try_acquire().map_err(|_| Overloaded)?;
    let format = parameters.format;
    let mut running = Running { state: state.clone(), export: Export::new(format, (state.now)()), _permit: permit };
    let first = running.next().await?;
    let (first, state) = match first {
        Some(bytes) => (bytes, Some(running)),
        None => (Vec::new(), None),
    };
    let rest = stream::unfold(state, |running| async {
        let mut running = running?;
        match running.next().await {
            Ok(Some(bytes)) => Some((Ok(bytes), Some(running))),
            Ok(None) => None,
            Err(_) => Some((Err(std::io::Error::other("the export failed")), None)),
        }
    });
    let body = stream::StreamExt::chain(stream::once(async { Ok::<_, std::io::Error>(first) }), rest);
    let name = format!("attachment; filename=\"candidates.{}\"", format.extension());
    let headers = [(header::CONTENT_TYPE, format.media_type().to_owned()), (header::CONTENT_DISPOSITION, name)];
    Ok((headers, Body::from_stream(body)).into_response())
}

/// An export that is being read.
struct Running {
    state: ServerState,
    export: Export,
    _permit: SemaphorePermit<'static>,
}

impl Running {
    async fn next(&mut self) -> Result<Option<Vec<u8>>, Problem> {
        let mut export = self.export.clone();
        let (chunk, export) = self
            .state
            .blocking(move |services| {
                let chunk = export.next_chunk(&services.store)?;
                Ok((chunk.map(|(bytes, _)| bytes), export))
            })
            .await?;
        self.export = export;
        Ok(chunk)
    }
}

impl From<ExportError> for Problem {
    fn from(error: ExportError) -> Self {
        Self::internal(&error)
    }
}
