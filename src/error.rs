//! The closed list of error codes.
//!
//! A code is part of the contract: written out, never renamed, never removed, with a section in `docs/errors.md`.

use serde::{Serialize, Serializer};

/// What is wrong with one member of a document.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FieldError {
    /// JSON Pointer (RFC 6901) of the member.
    pub pointer: String,
    /// A stable code.
    pub code: &'static str,
    /// What is wrong, in words.
    pub message: String,
}

/// What is wrong with a request, or with its answer. Append only.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum ErrorCode {
    /// A member of the body that the contract does not name.
    UnknownField,
    /// The body is not JSON.
    InvalidJson,
    /// A member of the body has the wrong type, or a value outside its list.
    InvalidValue,
    /// A parameter of the URL is unknown, or its value is wrong.
    InvalidParameter,
    /// A candidate whose members are wrong.
    InvalidCandidate,
    /// An event whose members are wrong.
    InvalidEvent,
    /// An id of other letters or another length than ids have.
    InvalidId,
    /// A query that cannot be read at all.
    InvalidQuery,
    /// A query with warnings, where `strict` makes them errors.
    StrictQuery,
    /// A query longer than queries may be.
    QueryTooLong,
    /// A filter with a value that it cannot have.
    InvalidFilter,
    /// A page size outside its bounds.
    LimitOutOfRange,
    /// A cursor that this server never gave out.
    InvalidCursor,
    /// A cursor together with parameters that it fixes already.
    CursorWithParameters,
    /// A cursor whose window is gone.
    CursorExpired,
    /// Nothing at this path.
    NotFound,
    /// No candidate of this id.
    UnknownCandidate,
    /// A method that the path does not take.
    MethodNotAllowed,
    /// The write contradicts the present state.
    Conflict,
    /// `If-Match` or `If-None-Match` does not hold.
    PreconditionFailed,
    /// A body larger than bodies may be.
    PayloadTooLarge,
    /// A body of another media type than the path takes.
    UnsupportedMediaType,
    /// A fault of the server.
    Internal,
    /// More searches at once than the server takes.
    Overloaded,
    /// The answer was not ready in time.
    DeadlineExceeded,
    /// The server is starting or stopping.
    NotReady,
    /// A request that a page of another origin made a browser send.
    CrossOrigin,
}

impl ErrorCode {
    /// Every code, in the order of its making.
    pub const ALL: &'static [Self] = &[
        Self::UnknownField,
        Self::InvalidJson,
        Self::InvalidValue,
        Self::InvalidParameter,
        Self::InvalidCandidate,
        Self::InvalidEvent,
        Self::InvalidId,
        Self::InvalidQuery,
        Self::StrictQuery,
        Self::QueryTooLong,
        Self::InvalidFilter,
        Self::LimitOutOfRange,
        Self::InvalidCursor,
        Self::CursorWithParameters,
        Self::CursorExpired,
        Self::NotFound,
        Self::UnknownCandidate,
        Self::MethodNotAllowed,
        Self::Conflict,
        Self::PreconditionFailed,
        Self::PayloadTooLarge,
        Self::UnsupportedMediaType,
        Self::Internal,
        Self::Overloaded,
        Self::DeadlineExceeded,
        Self::NotReady,
        Self::CrossOrigin,
    ];

    /// The code as it is sent.
    pub const fn as_str(self) -> &'static str {
        self.entry().0
    }

    /// The HTTP status that goes with it.
    pub const fn status(self) -> u16 {
        self.entry().1
    }

    /// The error in a few words, the same for every occurrence.
    pub const fn title(self) -> &'static str {
        self.entry().2
    }

    const fn entry(self) -> (&'static str, u16, &'static str) {
        match self {
            Self::UnknownField => ("unknown_field", 400, "Unknown member"),
            Self::InvalidJson => ("invalid_json", 400, "Not valid JSON"),
            Self::InvalidValue => ("invalid_value", 400, "Invalid value"),
            Self::InvalidParameter => ("invalid_parameter", 400, "Invalid parameter"),
            Self::InvalidCandidate => ("invalid_candidate", 400, "Invalid candidate"),
            Self::InvalidEvent => ("invalid_event", 400, "Invalid event"),
            Self::InvalidId => ("invalid_id", 400, "Invalid id"),
            Self::InvalidQuery => ("invalid_query", 400, "Invalid query"),
            Self::StrictQuery => ("strict_query", 400, "Query with warnings"),
            Self::QueryTooLong => ("query_too_long", 400, "Query too long"),
            Self::InvalidFilter => ("invalid_filter", 400, "Invalid filter"),
            Self::LimitOutOfRange => ("limit_out_of_range", 400, "Limit out of range"),
            Self::InvalidCursor => ("invalid_cursor", 400, "Invalid cursor"),
            Self::CursorWithParameters => ("cursor_with_parameters", 400, "Cursor with other parameters"),
            Self::CursorExpired => ("cursor_expired", 410, "Cursor expired"),
            Self::NotFound => ("not_found", 404, "Not found"),
            Self::UnknownCandidate => ("unknown_candidate", 404, "Unknown candidate"),
            Self::MethodNotAllowed => ("method_not_allowed", 405, "Method not allowed"),
            Self::Conflict => ("conflict", 409, "Conflict"),
            Self::PreconditionFailed => ("precondition_failed", 412, "Precondition failed"),
            Self::PayloadTooLarge => ("payload_too_large", 413, "Body too large"),
            Self::UnsupportedMediaType => ("unsupported_media_type", 415, "Unsupported media type"),
            Self::Internal => ("internal", 500, "Internal error"),
            Self::Overloaded => ("overloaded", 503, "Overloaded"),
            Self::DeadlineExceeded => ("deadline_exceeded", 503, "Deadline exceeded"),
            Self::NotReady => ("not_ready", 503, "Not ready"),
            Self::CrossOrigin => ("cross_origin", 403, "Request of another origin"),
        }
    }
}

impl Serialize for ErrorCode {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The contract, written out a second time: a change here breaks clients. Lines are only ever added.
    const FROZEN: &str = "\
400 unknown_field
400 invalid_json
400 invalid_value
400 invalid_parameter
400 invalid_candidate
400 invalid_event
400 invalid_id
400 invalid_query
400 strict_query
400 query_too_long
400 invalid_filter
400 limit_out_of_range
400 invalid_cursor
400 cursor_with_parameters
410 cursor_expired
404 not_found
404 unknown_candidate
405 method_not_allowed
409 conflict
412 precondition_failed
413 payload_too_large
415 unsupported_media_type
500 internal
503 overloaded
503 deadline_exceeded
503 not_ready
403 cross_origin
";

    #[test]
    fn the_codes_are_frozen() {
        let codes: String =
            ErrorCode::ALL.iter().map(|code| format!("{} {}\n", code.status(), code.as_str())).collect();
        assert_eq!(codes, FROZEN);
    }

    #[test]
    fn every_code_has_its_section() {
        let documentation = include_str!("../docs/errors.md");
        let list = documentation.split("# Codes of a member").next().unwrap();
        let sections: Vec<&str> = list.split("\n## ").skip(1).collect();
        let headings: Vec<String> = sections.iter().map(|section| section.lines().next().unwrap().to_owned()).collect();
        let expected: Vec<String> =
            ErrorCode::ALL.iter().map(|code| format!("`{}` ({})", code.as_str(), code.status())).collect();
        assert_eq!(headings, expected);
        for section in sections {
            assert!(section.lines().skip(1).any(|line| line.len() > 20), "a section explains: {section}");
        }
    }
}
