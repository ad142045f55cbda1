//! Requests that a foreign web page makes a browser send.
//!
//! A page anywhere may let a browser post to a server on the reader's own machine. Browsers say so: `Sec-Fetch-Site` (Fetch Metadata), and
//! `Origin` on every request that may change something (Fetch standard, "append a request Origin header"). Programs that are no browsers
//! send neither, and are no way around anything.

use axum::{
    extract::Request,
    http::{HeaderMap, Method, header},
    middleware::Next,
    response::{IntoResponse, Response},
};

use super::problem::Problem;
use crate::error::ErrorCode;

/// Where a request comes from, as far as the browser tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Site {
    Own,
    Foreign,
    Untold,
}

/// Middleware that refuses requests that may change something and come from a foreign page.
pub(super) async fn refuse_foreign(request: Request, next: Next) -> Response {
    let is_safe = matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS);
    if !is_safe && site(request.headers()) == Site::Foreign {
        let detail = "the request comes from a page of another origin";
        return Problem::new(ErrorCode::CrossOrigin, detail).into_response();
    }
    next.run(request).await
}

/// Whether a browser says that a request comes from one of our own pages.
pub fn is_own_page(headers: &HeaderMap) -> bool {
    site(headers) == Site::Own
}

fn site(headers: &HeaderMap) -> Site {
    let text = |name| headers.get(name).and_then(|value: &axum::http::HeaderValue| value.to_str().ok());
    match text(header::HeaderName::from_static("sec-fetch-site")) {
        // `none`: the person typed the address or opened a bookmark.
        Some("same-origin" | "none") => return Site::Own,
        Some(_) => return Site::Foreign,
        None => {}
    }
    let Some(origin) = text(header::ORIGIN) else { return Site::Untold };
    let host = origin.split_once("://").map(|(_, host)| host);
    if host.is_some() && host == text(header::HOST) { Site::Own } else { Site::Foreign }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(pairs: &[(&'static str, &'static str)]) -> Site {
        let headers = pairs.iter().map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap()));
        site(&HeaderMap::from_iter(headers))
    }

    #[test]
    fn browsers_tell_where_a_request_comes_from() {
        assert_eq!(of(&[("sec-fetch-site", "same-origin")]), Site::Own);
        assert_eq!(
            of(&[("sec-fetch-site", "cross-site"), ("origin", "http://here:1"), ("host", "here:1")]),
            Site::Foreign
        );
        assert_eq!(of(&[("sec-fetch-site", "same-site")]), Site::Foreign, "another port of this machine");
        assert_eq!(of(&[("origin", "http://here:8600"), ("host", "here:8600")]), Site::Own);
        assert_eq!(of(&[("origin", "http://here:8601"), ("host", "here:8600")]), Site::Foreign);
        assert_eq!(of(&[("origin", "null"), ("host", "here:8600")]), Site::Foreign);
        assert_eq!(of(&[("host", "here:8600")]), Site::Untold);
    }
}
