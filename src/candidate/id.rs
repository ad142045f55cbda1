//! A candidate's id: what clients call a person.

use std::fmt;

use thiserror::Error;

/// The longest id, in characters.
const MAX_LENGTH: usize = 128;

/// The id was refused.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("an id is 1 to 128 of A-Z a-z 0-9 . _ ~ - and not . or ..")]
pub struct InvalidCandidateId;

/// 1 to 128 characters of `[A-Za-z0-9._~-]` (the unreserved characters of RFC 3986, so that an id stands in a path
/// as it is). `.` and `..` are refused: clients resolve them as path segments.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CandidateId(String);

impl CandidateId {
    /// Takes an id, or refuses it.
    pub fn new(id: impl Into<String>) -> Result<Self, InvalidCandidateId> {
        let id = id.into();
        let allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"._~-".contains(&byte);
        let valid = (1..=MAX_LENGTH).contains(&id.len()) && id.bytes().all(allowed) && id != "." && id != "..";
        if valid { Ok(Self(id)) } else { Err(InvalidCandidateId) }
    }

    /// The id as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for CandidateId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}
