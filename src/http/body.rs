//! Request bodies and parameters, read strictly: what is wrong with them is a problem document.

use super::problem::Problem;
use crate::error::{ErrorCode, FieldError};
use axum::body::Bytes;
use axum::extract::{FromRequest, FromRequestParts, Query, Request};
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode, header};
use serde::de::DeserializeOwned;
use serde_path_to_error::Segment;

/// Errors of single members beyond this number are counted out: a hostile body could have millions.
const MAX_ERRORS: usize = 100;

/// A JSON body. Members that `T` does not know are refused, all at once, whether `T` denies them itself or not.
#[derive(Debug, Clone)]
pub struct JsonBody<T>(pub T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for JsonBody<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        let media_type = media_type(request.headers());
        if !media_type.as_deref().is_some_and(is_json) {
            return Err(Problem::new(ErrorCode::UnsupportedMediaType, "this path takes application/json"));
        }
        let BodyBytes(bytes) = BodyBytes::from_request(request, state).await?;
        read_json(&bytes).map(Self)
    }
}

/// A body as it was sent, within the body limit.
#[derive(Debug, Clone)]
pub struct BodyBytes(pub Bytes);

impl<S: Send + Sync> FromRequest<S> for BodyBytes {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        Bytes::from_request(request, state).await.map(Self).map_err(|rejection| {
            if rejection.status() == StatusCode::PAYLOAD_TOO_LARGE {
                Problem::new(ErrorCode::PayloadTooLarge, "the body is larger than this path takes")
            } else {
                Problem::new(ErrorCode::InvalidJson, "the body ended before its announced length")
            }
        })
    }
}

/// The parameters of the URL's query. `T` should deny unknown ones.
#[derive(Debug, Clone)]
pub struct Parameters<T>(pub T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequestParts<S> for Parameters<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        Query::try_from_uri(&parts.uri)
            .map(|Query(parameters)| Self(parameters))
            .map_err(|rejection| Problem::new(ErrorCode::InvalidParameter, rejection.body_text()))
    }
}

/// The media type of a body, in lower case and without parameters.
pub fn media_type(headers: &HeaderMap) -> Option<String> {
    let value = headers.get(header::CONTENT_TYPE)?.to_str().ok()?;
    let name = value.split(';').next().unwrap_or(value);
    Some(name.trim().to_ascii_lowercase())
}

fn is_json(media_type: &str) -> bool {
    media_type == "application/json" || (media_type.starts_with("application/") && media_type.ends_with("+json"))
}

/// Reads JSON strictly.
///
/// # Errors
/// `invalid_json` with line and column, `invalid_value` with the pointer of the first offence, or `unknown_field` with
/// the pointers of all unknown members.
pub fn read_json<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Problem> {
    let mut unknown = Vec::new();
    let mut track = serde_path_to_error::Track::new();
    let mut json = serde_json::Deserializer::from_slice(bytes);
    let tracked = serde_path_to_error::Deserializer::new(&mut json, &mut track);
    let value = serde_ignored::deserialize(tracked, |path| {
        if unknown.len() < MAX_ERRORS {
            unknown.push(unknown_field(pointer_of_ignored(&path)));
        }
    });
    let value: T = value.map_err(|error| refused(&error, &pointer_of_tracked(&track.path())))?;
    json.end().map_err(|error| syntax(&error))?;
    if unknown.is_empty() { Ok(value) } else { Err(unknown_fields(unknown)) }
}

fn refused(error: &serde_json::Error, pointer: &str) -> Problem {
    if error.classify() != serde_json::error::Category::Data {
        return syntax(error);
    }
    let message = without_place(error);
    // serde tells an unknown member, where the type denies it, by its words only.
    if message.starts_with("unknown field ") {
        return unknown_fields(vec![FieldError { message, ..unknown_field(pointer.to_owned()) }]);
    }
    let detail = format!("{}: {message}", if pointer.is_empty() { "the body" } else { pointer });
    let code = ErrorCode::InvalidValue;
    let error = FieldError { pointer: pointer.to_owned(), code: code.as_str(), message };
    Problem::new(code, detail).with_errors(vec![error])
}

fn syntax(error: &serde_json::Error) -> Problem {
    let (line, column) = (error.line(), error.column());
    let detail = format!("line {line}, column {column}: {}", without_place(error));
    Problem::new(ErrorCode::InvalidJson, detail)
}

/// The message without the " at line 1 column 7" that serde_json ends it with.
fn without_place(error: &serde_json::Error) -> String {
    let message = error.to_string();
    let place = format!(" at line {} column {}", error.line(), error.column());
    message.strip_suffix(&place).unwrap_or(&message).to_owned()
}

fn unknown_field(pointer: String) -> FieldError {
    let message = "not a member of this request".to_owned();
    FieldError { pointer, code: ErrorCode::UnknownField.as_str(), message }
}

fn unknown_fields(errors: Vec<FieldError>) -> Problem {
    let pointers: Vec<&str> = errors.iter().take(3).map(|error| error.pointer.as_str()).collect();
    let more = if errors.len() > pointers.len() { ", …" } else { "" };
    let detail = format!("the body has members that this request does not know: {}{more}", pointers.join(", "));
    Problem::new(ErrorCode::UnknownField, detail).with_errors(errors)
}

fn pointer_of_tracked(path: &serde_path_to_error::Path) -> String {
    path.iter().fold(String::new(), |pointer, segment| match segment {
        Segment::Seq { index } => format!("{pointer}/{index}"),
        Segment::Map { key } => format!("{pointer}/{}", escaped(key)),
        Segment::Enum { .. } | Segment::Unknown => pointer,
    })
}

fn pointer_of_ignored(path: &serde_ignored::Path<'_>) -> String {
    use serde_ignored::Path;
    match path {
        Path::Root => String::new(),
        Path::Seq { parent, index } => format!("{}/{index}", pointer_of_ignored(parent)),
        Path::Map { parent, key } => format!("{}/{}", pointer_of_ignored(parent), escaped(key)),
        Path::Some { parent } | Path::NewtypeStruct { parent } | Path::NewtypeVariant { parent } => {
            pointer_of_ignored(parent)
        }
    }
}

/// A member's name as a JSON Pointer token (RFC 6901, section 3).
fn escaped(name: &str) -> String {
    name.replace('~', "~0").replace('/', "~1")
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde::Deserialize;

    #[derive(Debug, Deserialize, PartialEq)]
    #[serde(rename_all = "camelCase", default)]
    #[derive(Default)]
    struct Search {
        query: String,
        limit: u32,
        filters: Option<Filters>,
        weights: Vec<Weight>,
    }

    #[derive(Debug, Deserialize, PartialEq, Default)]
    #[serde(deny_unknown_fields)]
    struct Filters {
        #[serde(default)]
        countries: Vec<String>,
    }

    #[derive(Debug, Deserialize, PartialEq)]
    struct Weight {
        name: String,
    }

    /// The code, the first pointer and the number of errors that a body is refused with.
    fn refusal(body: &str) -> (&'static str, String, usize) {
        let problem = read_json::<Search>(body.as_bytes()).unwrap_err();
        let json = serde_json::to_value(problem.errors()).unwrap();
        let pointer = json[0]["pointer"].as_str().unwrap_or("none").to_owned();
        (problem.code().as_str(), pointer, problem.errors().len())
    }

    #[test]
    fn known_members_are_read() {
        let search: Search = read_json(br#"{"query": "rust", "filters": {"countries": ["IT"]}}"#).unwrap();
        assert_eq!((search.query.as_str(), search.filters.unwrap().countries.len()), ("rust", 1));
    }

    #[test]
    fn unknown_members_are_named_all_at_once() {
        let body = r#"{"qery": 1, "weights": [{"name": "a", "a/b~c": {}}], "limt": 2}"#;
        assert_eq!(refusal(body), ("unknown_field", "/qery".to_owned(), 3));
        let problem = read_json::<Search>(body.as_bytes()).unwrap_err();
        assert_eq!(problem.errors()[1].pointer, "/weights/0/a~1b~0c");
        let denied = r#"{"filters": {"contries": []}}"#;
        assert_eq!(refusal(denied), ("unknown_field", "/filters/contries".to_owned(), 1));
    }

    #[test]
    fn wrong_values_are_pointed_at() {
        assert_eq!(refusal(r#"{"limit": "ten"}"#), ("invalid_value", "/limit".to_owned(), 1));
        assert_eq!(refusal(r#"{"limit": -1}"#), ("invalid_value", "/limit".to_owned(), 1));
        assert_eq!(refusal(r#"{"weights": [{}]}"#), ("invalid_value", "/weights/0".to_owned(), 1));
        assert_eq!(refusal("[1]").0, "invalid_value");
        assert_eq!(refusal(r#"{"query": "a", "query": "b"}"#).0, "invalid_value");
    }

    #[test]
    fn broken_json_is_placed() {
        let deep = format!("{{\"unknown\": {}", "[".repeat(100_000));
        for body in ["", "{", "{\"limit\": NaN}", "{} x", "\u{0}", &deep, "{\"query\": \"a\nb\"}"] {
            assert_eq!(refusal(body), ("invalid_json", "none".to_owned(), 0), "{body:.20}");
        }
        let problem = read_json::<Search>(b"{\n  \"limit\": 1,,\n}").unwrap_err();
        assert_eq!(problem.detail(), "line 2, column 14: key must be a string");
        assert_eq!(read_json::<Search>(b"{\"query\": \"\xff\"}").unwrap_err().code(), ErrorCode::InvalidJson);
    }

    #[test]
    fn a_million_unknown_members_are_cut_short() {
        let members: Vec<String> = (0..10_000).map(|n| format!("\"x{n}\":0")).collect();
        assert_eq!(refusal(&format!("{{{}}}", members.join(","))).2, MAX_ERRORS);
    }
}
