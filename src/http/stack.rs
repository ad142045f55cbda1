//! The layers around every route, in their one order.

use super::{limits, problem, request_id, same_origin};
use crate::telemetry;
use axum::{Router, middleware};
use tower_http::catch_panic::CatchPanicLayer;

/// Wraps the routes. From the outside in: the request id, the log line and the metrics, problem documents for what the
/// framework refuses, problem documents for panics, what foreign pages send, the body limit.
pub fn with_edge<S: Clone + Send + Sync + 'static>(routes: Router<S>) -> Router<S> {
    // Of two layers, the later is the outer one.
    routes
        .layer(limits::body_limit())
        .layer(middleware::from_fn(same_origin::refuse_foreign))
        .layer(CatchPanicLayer::custom(problem::of_panic))
        .layer(middleware::from_fn(problem::complete))
        .layer(middleware::from_fn(telemetry::observe))
        .layer(middleware::from_fn(request_id::identify))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::{ErrorCode, FieldError};
    use crate::http::body::{JsonBody, Parameters};
    use crate::http::health::{self, Readiness};
    use crate::http::problem::Problem;
    use axum::body::{Body, to_bytes};
    use axum::extract::{Path, Request};
    use axum::http::{Response, header};
    use axum::routing::{get, post};
    use serde::Deserialize;
    use serde_json::{Value, json};
    use std::collections::BTreeMap;
    use std::time::Duration;
    use tower::ServiceExt;

    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Page {
        #[serde(default)]
        limit: u32,
    }

    async fn echo(JsonBody(body): JsonBody<BTreeMap<String, u32>>) -> axum::Json<usize> {
        axum::Json(body.len())
    }

    async fn slow() {
        std::future::pending().await
    }

    async fn refuse() -> Problem {
        let error = FieldError { pointer: "/id".into(), code: "missing", message: "must be there".into() };
        Problem::new(ErrorCode::InvalidCandidate, "the candidate has errors").with_errors(vec![error])
    }

    async fn fail() -> Result<(), Problem> {
        Err(Problem::internal(&std::io::Error::other("the secret cause")))
    }

    async fn panic() -> &'static str {
        std::panic::resume_unwind(Box::new("the secret cause"))
    }

    fn app() -> Router {
        let deadline = middleware::from_fn_with_state(Duration::from_millis(5), limits::enforce_deadline);
        let routes = Router::new()
            .route("/echo", post(echo))
            .route("/numbers/{n}", get(|Path(n): Path<u32>| async move { n.to_string() }))
            .route("/page", get(|Parameters(page): Parameters<Page>| async move { page.limit.to_string() }))
            .route("/slow", get(slow).layer(deadline))
            .route("/refuse", get(refuse))
            .route("/fail", get(fail))
            .route("/panic", get(panic))
            .merge(health::probes(|| Readiness::NotReady("the text index is being rebuilt".into())));
        with_edge(routes)
    }

    async fn call(request: Request) -> (Response<()>, Value) {
        let (head, body) = app().oneshot(request).await.unwrap().into_parts();
        let bytes = to_bytes(body, usize::MAX).await.unwrap();
        let text = String::from_utf8(bytes.to_vec()).unwrap();
        (Response::from_parts(head, ()), serde_json::from_str(&text).unwrap_or(Value::String(text)))
    }

    async fn get_path(path: &str) -> (Response<()>, Value) {
        call(Request::get(path).body(Body::empty()).unwrap()).await
    }

    async fn post_echo(media_type: &str, body: impl Into<Body>) -> (Response<()>, Value) {
        call(Request::post("/echo").header(header::CONTENT_TYPE, media_type).body(body.into()).unwrap()).await
    }

    /// Checks that an answer is a problem document of this code, complete in itself.
    fn assert_problem((response, body): &(Response<()>, Value), code: ErrorCode) {
        assert_eq!(response.headers()[header::CONTENT_TYPE], "application/problem+json", "{body}");
        assert_eq!(response.status().as_u16(), code.status(), "{body}");
        assert_eq!((&body["code"], &body["status"]), (&json!(code.as_str()), &json!(code.status())));
        assert_eq!(body["title"], code.title());
        assert_eq!(body["requestId"], response.headers()["x-request-id"].to_str().unwrap());
        assert!(!body.to_string().contains("secret"), "{body}");
    }

    #[tokio::test]
    async fn good_requests_pass() {
        let (response, body) = post_echo("Application/JSON; charset=utf-8", r#"{"a": 1}"#).await;
        assert_eq!((response.status().as_u16(), body), (200, json!(1)));
        assert!(response.headers().contains_key("x-request-id"));
        assert_eq!(get_path("/page?limit=7").await.1, json!(7));
    }

    #[tokio::test]
    async fn a_problem_has_all_its_members() {
        let answer = get_path("/refuse").await;
        assert_problem(&answer, ErrorCode::InvalidCandidate);
        assert_eq!(answer.1["detail"], "the candidate has errors");
        assert_eq!(answer.1["errors"], json!([{"pointer": "/id", "code": "missing", "message": "must be there"}]));
    }

    #[tokio::test]
    async fn what_the_framework_refuses_is_a_problem_too() {
        assert_problem(&get_path("/nowhere").await, ErrorCode::NotFound);
        let wrong_method = get_path("/echo").await;
        assert_problem(&wrong_method, ErrorCode::MethodNotAllowed);
        assert_eq!(wrong_method.0.headers()[header::ALLOW], "POST");
        assert_problem(&get_path("/numbers/seven").await, ErrorCode::InvalidParameter);
        assert_problem(&get_path("/numbers/%FF").await, ErrorCode::InvalidParameter);
        assert_problem(&get_path("/page?limit=many").await, ErrorCode::InvalidParameter);
        assert_problem(&get_path("/page?lmit=1").await, ErrorCode::InvalidParameter);
    }

    #[tokio::test]
    async fn bodies_are_read_strictly() {
        assert_problem(&post_echo("application/json", "{").await, ErrorCode::InvalidJson);
        assert_problem(&post_echo("application/json", r#"{"a": "b"}"#).await, ErrorCode::InvalidValue);
        assert_problem(&post_echo("text/plain", "{}").await, ErrorCode::UnsupportedMediaType);
        assert_problem(&post_echo("", "{}").await, ErrorCode::UnsupportedMediaType);
        let missing = Request::post("/echo").body(Body::from("{}")).unwrap();
        assert_problem(&call(missing).await, ErrorCode::UnsupportedMediaType);
    }

    #[tokio::test]
    async fn a_body_may_be_as_large_as_the_limit() {
        let padded = |bytes: usize| format!("{{}}{}", " ".repeat(bytes - 2));
        let (response, _) = post_echo("application/json", padded(limits::MAX_BODY_BYTES)).await;
        assert_eq!(response.status(), 200);
        let larger = post_echo("application/json", padded(limits::MAX_BODY_BYTES + 1)).await;
        assert_problem(&larger, ErrorCode::PayloadTooLarge);
    }

    #[tokio::test]
    async fn faults_tell_the_client_nothing() {
        assert_problem(&get_path("/fail").await, ErrorCode::Internal);
        assert_problem(&get_path("/panic").await, ErrorCode::Internal);
    }

    #[tokio::test]
    async fn a_late_answer_is_none() {
        let answer = get_path("/slow").await;
        assert_problem(&answer, ErrorCode::DeadlineExceeded);
        assert_eq!(answer.0.headers()[header::RETRY_AFTER], "1");
    }

    #[tokio::test]
    async fn overload_says_when_to_come_back() {
        let response = axum::response::IntoResponse::into_response(Problem::from(limits::Overloaded));
        assert_eq!(
            (response.status().as_u16(), &response.headers()[header::RETRY_AFTER]),
            (503, &"1".parse().unwrap())
        );
    }

    #[tokio::test]
    async fn probes_answer() {
        assert_eq!(get_path("/healthz").await.1, json!({"status": "ok"}));
        let answer = get_path("/readyz").await;
        assert_problem(&answer, ErrorCode::NotReady);
        assert_eq!(answer.1["detail"], "the text index is being rebuilt");
        let ready = health::probes::<(), _>(|| Readiness::Ready);
        let request = Request::get("/readyz").body(Body::empty()).unwrap();
        assert_eq!(ready.oneshot(request).await.unwrap().status(), 200);
    }

    #[tokio::test]
    async fn a_sane_request_id_is_taken_over() {
        let with_id = |id: &str| Request::get("/nowhere").header("x-request-id", id).body(Body::empty()).unwrap();
        let longest = "x".repeat(64);
        for sane in ["abc-1.2_3", &longest] {
            let answer = call(with_id(sane)).await;
            assert_problem(&answer, ErrorCode::NotFound);
            assert_eq!(answer.1["requestId"], sane);
        }
        let too_long = "x".repeat(65);
        for insane in ["", "a b", "a\"b", "jane@example.org", &too_long] {
            let answer = call(with_id(insane)).await;
            assert_problem(&answer, ErrorCode::NotFound);
            let made = answer.1["requestId"].as_str().unwrap().to_owned();
            assert!(made.len() == 16 && made != insane, "{made}");
        }
    }
}
