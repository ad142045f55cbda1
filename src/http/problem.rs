//! Errors as RFC 9457 problem documents.

use super::request_id::{self, RequestId};
use crate::error::{ErrorCode, FieldError};
use axum::Json;
use axum::extract::Request;
use axum::http::{HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use std::any::Any;

/// The media type of a problem document.
pub const MEDIA_TYPE: &str = "application/problem+json";

/// An error on its way to the client.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    code: ErrorCode,
    detail: String,
    errors: Vec<FieldError>,
    retry_after: Option<u32>,
}

/// The document as sent.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Document<'a> {
    title: &'static str,
    status: u16,
    code: ErrorCode,
    detail: &'a str,
    errors: &'a [FieldError],
    #[serde(skip_serializing_if = "Option::is_none")]
    request_id: Option<RequestId>,
}

impl Problem {
    /// A problem and what it is about this time, in words for the client's developer.
    pub fn new(code: ErrorCode, detail: impl Into<String>) -> Self {
        Self { code, detail: detail.into(), errors: Vec::new(), retry_after: None }
    }

    /// A fault of the server. The cause goes to the log and nowhere else.
    pub fn internal(cause: &(dyn std::error::Error + 'static)) -> Self {
        let mut chain = cause.to_string();
        let mut next = cause.source();
        while let Some(source) = next {
            chain = format!("{chain}: {source}");
            next = source.source();
        }
        tracing::error!(error.chain = chain, "request failed");
        Self::unexplained()
    }

    /// Names the single members at fault.
    #[must_use]
    pub fn with_errors(mut self, errors: Vec<FieldError>) -> Self {
        self.errors = errors;
        self
    }

    /// Tells the client after how many seconds to try again.
    #[must_use]
    pub fn with_retry_after(mut self, seconds: u32) -> Self {
        self.retry_after = Some(seconds);
        self
    }

    /// The code.
    pub fn code(&self) -> ErrorCode {
        self.code
    }

    /// What it is about, in words.
    pub fn detail(&self) -> &str {
        &self.detail
    }

    /// The single members at fault.
    pub fn errors(&self) -> &[FieldError] {
        &self.errors
    }

    fn unexplained() -> Self {
        Self::new(ErrorCode::Internal, "the server failed; its log has the cause under the request id")
    }

    fn status(&self) -> StatusCode {
        StatusCode::from_u16(self.code.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let status = self.status();
        let document = Document {
            title: self.code.title(),
            status: status.as_u16(),
            code: self.code,
            detail: &self.detail,
            errors: &self.errors,
            request_id: request_id::current(),
        };
        let mut response = (status, Json(document)).into_response();
        response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(MEDIA_TYPE));
        if let Some(seconds) = self.retry_after {
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        // For layers that tell it in another form.
        response.extensions_mut().insert(self);
        response
    }
}

/// Middleware that makes a problem of every error that is none yet: the framework's own 404, 405 and the like.
pub async fn complete(request: Request, next: Next) -> Response {
    let method = request.method().clone();
    let response = next.run(request).await;
    let status = response.status();
    let is_error = status.is_client_error() || status.is_server_error();
    let media_type = response.headers().get(header::CONTENT_TYPE).map(HeaderValue::as_bytes);
    // Pages tell errors in HTML.
    let is_told = |media_type: &[u8]| media_type == MEDIA_TYPE.as_bytes() || media_type.starts_with(b"text/html");
    if !is_error || media_type.is_some_and(is_told) {
        return response;
    }
    let problem = match status {
        StatusCode::NOT_FOUND => Problem::new(ErrorCode::NotFound, "there is nothing at this path"),
        StatusCode::METHOD_NOT_ALLOWED => {
            Problem::new(ErrorCode::MethodNotAllowed, format!("this path does not take {method}"))
        }
        StatusCode::PAYLOAD_TOO_LARGE => Problem::new(ErrorCode::PayloadTooLarge, "the body is too large"),
        StatusCode::UNSUPPORTED_MEDIA_TYPE => {
            Problem::new(ErrorCode::UnsupportedMediaType, "this path takes another media type")
        }
        _ if status.is_client_error() => Problem::new(ErrorCode::InvalidParameter, "the URL cannot be read"),
        _ => Problem::unexplained(),
    };
    let mut completed = problem.into_response();
    // 405 must say which methods are allowed.
    if let Some(allowed) = response.headers().get(header::ALLOW) {
        completed.headers_mut().insert(header::ALLOW, allowed.clone());
    }
    completed
}

/// What a panicking handler answers.
pub(super) fn of_panic(panic: Box<dyn Any + Send + 'static>) -> Response {
    let cause = panic.downcast_ref::<String>().map(String::as_str).or_else(|| panic.downcast_ref::<&str>().copied());
    tracing::error!(panic.message = cause.unwrap_or("unknown"), "request handler panicked");
    Problem::unexplained().into_response()
}
