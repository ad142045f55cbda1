//! The closed list of error codes.

use serde::Serialize;

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
