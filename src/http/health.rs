//! What machines ask: `/healthz`, `/readyz`, `/metrics`.

use super::problem::Problem;
use crate::error::ErrorCode;
use axum::http::header;
use axum::routing::get;
use axum::{Json, Router};
use metrics_exporter_prometheus::PrometheusHandle;
use serde_json::{Value, json};

/// Whether the server can answer searches.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Readiness {
    /// It can.
    Ready,
    /// It cannot yet, or no more; the reason in words.
    NotReady(String),
}

/// `/healthz`, 200 as long as the process answers, and `/readyz`, which asks `readiness` each time.
pub fn probes<S, F>(readiness: F) -> Router<S>
where
    S: Clone + Send + Sync + 'static,
    F: Fn() -> Readiness + Clone + Send + Sync + 'static,
{
    Router::new()
        .route("/healthz", get(|| async { Json(json!({"status": "ok"})) }))
        .route("/readyz", get(move || async move { ready(readiness()) }))
}

fn ready(readiness: Readiness) -> Result<Json<Value>, Problem> {
    match readiness {
        Readiness::Ready => Ok(Json(json!({"status": "ready"}))),
        Readiness::NotReady(reason) => Err(Problem::new(ErrorCode::NotReady, reason)),
    }
}

/// `/metrics` in the Prometheus text format.
pub fn metrics<S: Clone + Send + Sync + 'static>(handle: PrometheusHandle) -> Router<S> {
    let render = move || async move { ([(header::CONTENT_TYPE, "text/plain; version=0.0.4")], handle.render()) };
    Router::new().route("/metrics", get(render))
}
