//! What browsers are told and asked: what may run, who may send forms.
//!
//! A form is taken from our own pages only: the browser says where it comes from (`Sec-Fetch-Site`, else `Origin`; the check that
//! OWASP's cheat sheet on cross-site request forgery names for servers without a session store), and it carries a cookie that browsers
//! keep from foreign pages (`SameSite=Strict`).

use axum::{
    extract::Request,
    http::{HeaderMap, HeaderValue, Method, header},
    middleware::Next,
    response::{IntoResponse, Response},
};

use crate::{
    error::ErrorCode,
    http::{problem::Problem, same_origin},
};

/// The cookie that knows a browser again: an opaque name for whoever sits there, nothing more.
const COOKIE: &str = "lodestone";

/// Seconds that it is kept: 400 days, as long as browsers keep one.
const COOKIE_SECONDS: u32 = 400 * 24 * 3600;

/// Nothing inline, nothing from elsewhere, no frame, no plug-in.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; \
                      form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/// An opaque name of the browser: the recruiter of a shortlist, and who wrote to somebody.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Recruiter(pub(super) String);

/// Lets our own forms through, knows the browser again, and tells it what it may run.
pub(super) async fn guard(mut request: Request, next: Next) -> Response {
    let known = cookie(request.headers());
    if !matches!(*request.method(), Method::GET | Method::HEAD)
        && (known.is_none() || !same_origin::is_own_page(request.headers()))
    {
        let detail = "a form is taken from Lodestone's own pages, in a browser that keeps its cookie";
        return with_headers(Problem::new(ErrorCode::CrossOrigin, detail).into_response());
    }
    let secret = match known.map_or_else(fresh_secret, Ok) {
        Ok(secret) => secret,
        Err(error) => return with_headers(Problem::internal(&error).into_response()),
    };
    // What is shown and stored must not be what the cookie says.
    let name = blake3::hash(secret.as_bytes()).to_hex()[..16].to_owned();
    request.extensions_mut().insert(Recruiter(name));
    let mut response = next.run(request).await;
    let cookie = format!("{COOKIE}={secret}; Path=/; Max-Age={COOKIE_SECONDS}; HttpOnly; SameSite=Strict");
    if let Ok(cookie) = HeaderValue::try_from(cookie) {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
    with_headers(response)
}

fn cookie(headers: &HeaderMap) -> Option<String> {
    let cookies = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
    let mut pairs = cookies.flat_map(|value| value.split(';')).filter_map(|pair| pair.trim().split_once('='));
    let is_secret = |secret: &str| secret.len() == 32 && secret.bytes().all(|byte| byte.is_ascii_hexdigit());
    pairs.find(|(name, secret)| *name == COOKIE && is_secret(secret)).map(|(_, secret)| secret.to_owned())
}

fn fresh_secret() -> Result<String, getrandom::Error> {
    let mut bytes = [0; 16];
    getrandom::fill(&mut bytes)?;
    Ok(bytes.iter().map(|byte| format!("{byte:02x}")).collect())
}

fn with_headers(mut response: Response) -> Response {
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("same-origin"));
    // Pages show people: no cache on the way keeps them.
    headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("private, no-cache"));
    headers.insert(header::VARY, HeaderValue::from_static("Accept-Language, Cookie"));
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_our_own_cookie_is_known_again() {
        let secret = fresh_secret().unwrap();
        let with = |text: &str| HeaderMap::from_iter([(header::COOKIE, HeaderValue::try_from(text).unwrap())]);
        assert_eq!(cookie(&with(&format!("a=b; {COOKIE}={secret}; c=d"))), Some(secret.clone()));
        assert_eq!(cookie(&with(&format!("x{COOKIE}={secret}"))), None);
        assert_eq!(cookie(&with(&format!("{COOKIE}=short"))), None);
        assert_eq!(cookie(&HeaderMap::new()), None);
        assert_ne!(secret, fresh_secret().unwrap());
    }
}
