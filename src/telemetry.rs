//! Tracing and metrics: what the operator sees.
//!
//! Neither ever carries a query, a name, a contact, a token, a body, or a path with ids in it: a request is known by
//! its matched route and its request id. Metric labels are closed sets.

use axum::extract::{MatchedPath, Request};
use axum::http::Method;
use axum::middleware::Next;
use axum::response::Response;
use metrics_exporter_prometheus::{BuildError, Matcher, PrometheusBuilder, PrometheusHandle};
use std::io::IsTerminal;
use std::time::{Duration, Instant};
use tracing_subscriber::EnvFilter;

/// How log lines are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum LogFormat {
    /// For people on a terminal, JSON elsewhere.
    #[default]
    Auto,
    /// For people.
    Text,
    /// One JSON object a line.
    Json,
}

/// Bounds of the duration histogram, in seconds: fine where a search is, coarse where an import is.
const DURATION_BOUNDS: &[f64] =
    &[0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0, 60.0];

/// How often the histograms' raw values are folded into their buckets.
const UPKEEP: Duration = Duration::from_secs(5);

/// The metric that counts requests, labelled by route, method and status.
const REQUESTS: &str = "http_requests_total";

/// The metric of their durations, with the same labels.
const DURATIONS: &str = "http_request_duration_seconds";

/// Telemetry could not be set up.
#[derive(Debug, thiserror::Error)]
pub enum TelemetryError {
    /// Logging is set up already in this process.
    #[error("logging is set up already")]
    Logging(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// The metrics recorder could not be built, or there is one already.
    #[error("metrics cannot be recorded")]
    Metrics(#[from] BuildError),
    /// The upkeep thread could not be started.
    #[error("the metrics thread cannot be started")]
    Thread(#[from] std::io::Error),
}

/// Starts logging to standard error, for the whole process.
///
/// # Errors
/// When the process has a subscriber already.
pub fn start_logging(format: LogFormat, filter: EnvFilter) -> Result<(), TelemetryError> {
    let terminal = std::io::stderr().is_terminal();
    let lines = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).with_ansi(terminal);
    match format {
        LogFormat::Json => lines.json().try_init(),
        LogFormat::Auto if !terminal => lines.json().try_init(),
        LogFormat::Auto | LogFormat::Text => lines.try_init(),
    }
    .map_err(TelemetryError::Logging)
}

/// Starts recording metrics, for the whole process; the handle renders them in the Prometheus text format.
///
/// # Errors
/// When the process has a recorder already.
pub fn install() -> Result<PrometheusHandle, TelemetryError> {
    let handle = recorder()?.install_recorder()?;
    describe();
    let kept = handle.clone();
    std::thread::Builder::new().name("metrics-upkeep".to_owned()).spawn(move || {
        loop {
            std::thread::sleep(UPKEEP);
            kept.run_upkeep();
        }
    })?;
    Ok(handle)
}

fn recorder() -> Result<PrometheusBuilder, BuildError> {
    PrometheusBuilder::new().set_buckets_for_metric(Matcher::Full(DURATIONS.to_owned()), DURATION_BOUNDS)
}

fn describe() {
    metrics::describe_counter!(REQUESTS, "Requests answered.");
    metrics::describe_histogram!(DURATIONS, metrics::Unit::Seconds, "Time from a request's head to its answer's head.");
}

/// Middleware that logs and counts each request.
pub async fn observe(request: Request, next: Next) -> Response {
    let start = Instant::now();
    let method = method_label(request.method());
    let route = request.extensions().get::<MatchedPath>().cloned();
    let response = next.run(request).await;
    let took = start.elapsed();
    // Without a matched route the path is whatever the client made up: it may be anything, so it is not kept.
    let route = route.as_ref().map_or("none", MatchedPath::as_str);
    let status = response.status();
    let labels = [("route", route.to_owned()), ("method", method.to_owned()), ("status", status.as_str().to_owned())];
    metrics::counter!(REQUESTS, &labels).increment(1);
    metrics::histogram!(DURATIONS, &labels).record(took.as_secs_f64());
    tracing::info!(
        http.method = method,
        http.route = route,
        http.status = status.as_u16(),
        duration.ms = took.as_secs_f64() * 1e3,
        "request answered"
    );
    response
}

/// The method as a label. Clients may invent methods: those are one label.
fn method_label(method: &Method) -> &'static str {
    match *method {
        Method::GET => "GET",
        Method::HEAD => "HEAD",
        Method::POST => "POST",
        Method::PUT => "PUT",
        Method::PATCH => "PATCH",
        Method::DELETE => "DELETE",
        Method::OPTIONS => "OPTIONS",
        _ => "other",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::Router;
    use axum::body::Body;
    use axum::routing::get;
    use std::sync::{Arc, Mutex};
    use tower::ServiceExt;

    #[derive(Clone, Default)]
    struct Lines(Arc<Mutex<Vec<u8>>>);

    impl std::io::Write for Lines {
        fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
            self.0.lock().unwrap().extend_from_slice(bytes);
            Ok(bytes.len())
        }

        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }

    /// Calls a small router and returns its log and its metrics.
    fn observed(method: &str, uri: &str) -> (String, String) {
        let lines = Lines::default();
        let writer = lines.clone();
        let subscriber = tracing_subscriber::fmt().json().with_writer(move || writer.clone()).finish();
        let recorder = recorder().unwrap().build_recorder();
        let handle = recorder.handle();
        let router = Router::new()
            .route("/v1/candidates/{id}", get(|| async { "here" }))
            .layer(axum::middleware::from_fn(observe));
        let request = Request::builder().method(method).uri(uri).body(Body::empty()).unwrap();
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        tracing::subscriber::with_default(subscriber, || {
            metrics::with_local_recorder(&recorder, || runtime.block_on(router.oneshot(request)).unwrap())
        });
        let log = String::from_utf8(lines.0.lock().unwrap().clone()).unwrap();
        (log, handle.render())
    }

    #[test]
    fn a_request_is_known_by_its_route() {
        let (log, metrics) = observed("GET", "/v1/candidates/jane.doe?q=secret");
        let line: serde_json::Value = serde_json::from_str(&log).unwrap();
        let fields = &line["fields"];
        assert_eq!(
            (&fields["http.method"], &fields["http.route"], &fields["http.status"]),
            (&"GET".into(), &"/v1/candidates/{id}".into(), &200.into())
        );
        assert!(fields["duration.ms"].as_f64().unwrap() >= 0.0);
        let counted = "http_requests_total{route=\"/v1/candidates/{id}\",method=\"GET\",status=\"200\"} 1";
        assert!(metrics.contains(counted), "{metrics}");
        assert!(metrics.contains("http_request_duration_seconds_bucket{"), "{metrics}");
        assert!(!(log + &metrics).contains("jane"));
    }

    #[test]
    fn what_a_client_makes_up_becomes_no_label() {
        let (log, metrics) = observed("BREW", "/jane.doe?q=secret");
        assert!(metrics.contains("route=\"none\",method=\"other\",status=\"404\""), "{metrics}");
        let both = log + &metrics;
        assert!(!both.contains("jane") && !both.contains("secret") && !both.contains("BREW"), "{both}");
    }
}
