//! A running service in process, and requests to it.

use std::{num::NonZeroUsize, time::Duration};

use axum::{Router, body::Body, http::Request};
use lodestone::{
    app::{App, AppOptions},
    http::{ServerState, limits::SearchPermits, router},
    ui,
};
use serde_json::Value;
use tower::ServiceExt;

/// 2026-11-01T00:00:00Z: what tests take for now.
pub(crate) fn now() -> jiff::Timestamp {
    "2026-11-01T00:00:00Z".parse().unwrap()
}

/// Time that a search of a test may take.
const DEADLINE: Duration = Duration::from_secs(60);

/// A service over a fresh data directory.
pub(crate) struct Service {
    router: Router,
    pub(crate) app: App,
    _dir: tempfile::TempDir,
}

/// An answer.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: axum::http::HeaderMap,
    pub(crate) body: Value,
    pub(crate) text: String,
}

impl Service {
    pub(crate) fn start() -> Self {
        let dir = tempfile::tempdir().unwrap();
        // No test depends on how fast the machine is just now.
        let options = AppOptions { search_deadline: DEADLINE, ..AppOptions::new(dir.path()) };
        let app = App::open(&options).unwrap();
        let permits = |running| SearchPermits::new(NonZeroUsize::new(running).unwrap(), 64);
        let state = ServerState { services: app.services(now).unwrap(), searches: permits(2), writes: permits(2), now };
        let recorder = metrics_exporter_prometheus::PrometheusBuilder::new().build_recorder();
        let router = router(state, ui::routes(), DEADLINE, recorder.handle());
        Self { router, app, _dir: dir }
    }

    /// An answer whose body is not read yet.
    pub(crate) async fn open(&self, request: Request<Body>) -> axum::response::Response {
        self.router.clone().oneshot(request).await.unwrap()
    }

    pub(crate) async fn send(&self, request: Request<Body>) -> Answer {
        let response = self.router.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let bytes = axum::body::to_bytes(body, usize::MAX).await.unwrap();
        let text = String::from_utf8_lossy(&bytes).into_owned();
        let body = serde_json::from_str(&text).unwrap_or(Value::Null);
        Answer { status: parts.status.as_u16(), headers: parts.headers, body, text }
    }

    pub(crate) async fn call(&self, method: &str, path: &str, media_type: &str, body: impl Into<Body>) -> Answer {
        let request = Request::builder().method(method).uri(path).header("content-type", media_type);
        self.send(request.body(body.into()).unwrap()).await
    }

    pub(crate) async fn json(&self, method: &str, path: &str, body: Value) -> Answer {
        self.call(method, path, "application/json", body.to_string()).await
    }

    pub(crate) async fn get(&self, path: &str) -> Answer {
        self.call("GET", path, "application/json", Body::empty()).await
    }

    /// Imports candidates and waits until they are searchable.
    pub(crate) async fn load(&self, candidates: &[Value]) {
        let lines: Vec<String> = candidates.iter().map(Value::to_string).collect();
        let path = "/v1/candidates?refresh=wait";
        let answer = self.call("POST", path, "application/x-ndjson", lines.join("\n")).await;
        assert_eq!((answer.status, &answer.body["rejected"]), (200, &Value::from(0)), "{}", answer.text);
    }

    pub(crate) async fn search(&self, body: Value) -> Value {
        let answer = self.json("POST", "/v1/search", body).await;
        assert_eq!(answer.status, 200, "{}", answer.text);
        answer.body
    }

    /// The ids of the hits, in order.
    pub(crate) async fn ids(&self, body: Value) -> Vec<String> {
        let response = self.search(body).await;
        let hits = response["hits"].as_array().unwrap();
        hits.iter().map(|hit| hit["id"].as_str().unwrap().to_owned()).collect()
    }
}
