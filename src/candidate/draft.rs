//! What was sent: JSON that claims to be a candidate.
//!
//! Input: bytes. Output: a [`CandidateDraft`], bounded in size and depth, whose members are not yet read.

use serde_json::Value;
use thiserror::Error;

use super::{
    Candidate, CandidateId, profile,
    reader::{Reader, push_step},
};
use crate::error::FieldError;

/// The largest candidate document, in bytes.
pub const MAX_CANDIDATE_BYTES: usize = 1024 * 1024;

/// The deepest nesting of objects and arrays in a candidate document.
pub const MAX_DEPTH: usize = 32;

/// The longest array anywhere in a candidate document.
pub const MAX_ARRAY_LENGTH: usize = 2_000;

/// The bytes are no candidate document at all.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum DraftError {
    /// Larger than [`MAX_CANDIDATE_BYTES`].
    #[error("the candidate is {bytes} bytes long; at most {MAX_CANDIDATE_BYTES} are taken")]
    TooLarge {
        /// Its size.
        bytes: usize,
    },
    /// Not JSON.
    #[error("not valid JSON: {0}")]
    NotJson(String),
    /// Nested deeper than [`MAX_DEPTH`], or an array longer than [`MAX_ARRAY_LENGTH`].
    #[error("{pointer}: {reason}")]
    TooComplex {
        /// JSON Pointer of the place.
        pointer: String,
        /// Which bound, in words.
        reason: String,
    },
}

impl DraftError {
    /// The same error, told from one level higher.
    fn under(self, step: &str) -> Self {
        match self {
            Self::TooComplex { pointer: below, reason } => {
                let mut pointer = String::new();
                push_step(&mut pointer, step);
                Self::TooComplex { pointer: pointer + &below, reason }
            }
            other => other,
        }
    }
}

/// A candidate as sent: bounded JSON, members not yet validated.
#[derive(Debug, Clone, PartialEq)]
pub struct CandidateDraft(Value);

impl CandidateDraft {
    /// Reads bytes. Size, depth and array lengths are checked; the members are not.
    pub fn from_json(bytes: &[u8]) -> Result<Self, DraftError> {
        if bytes.len() > MAX_CANDIDATE_BYTES {
            return Err(DraftError::TooLarge { bytes: bytes.len() });
        }
        let value = serde_json::from_slice(bytes).map_err(|error| DraftError::NotJson(error.to_string()))?;
        Self::from_value(value)
    }

    /// Takes JSON that was read already. Depth and array lengths are checked.
    pub fn from_value(value: Value) -> Result<Self, DraftError> {
        check_shape(&value, 0)?;
        Ok(Self(value))
    }

    /// A draft around a bare JSON Resume document.
    pub fn from_json_resume(id: &CandidateId, resume: Value) -> Result<Self, DraftError> {
        Self::from_value(serde_json::json!({ "id": id.as_str(), "profile": resume }))
    }

    /// The id that the document itself states, if any.
    pub fn stated_id(&self) -> Option<&str> {
        self.0.get("id").and_then(Value::as_str)
    }

    /// Whether the document looks like a bare JSON Resume rather than a candidate: it has none of the contract's own
    /// members but one of JSON Resume's.
    pub fn looks_like_json_resume(&self) -> bool {
        let has = |name: &&str| self.0.get(name).is_some();
        ["basics", "work", "education", "skills", "$schema"].iter().any(has)
            && !["id", "profile", "documents", "availability"].iter().any(has)
    }

    /// Without what was read out of a CV: that is never taken on trust.
    pub fn without_parsed(mut self) -> Self {
        if let Some(members) = self.0.as_object_mut() {
            members.remove("parsed");
        }
        self
    }

    /// The JSON.
    pub fn into_value(self) -> Value {
        self.0
    }

    /// Reads every member. Without `id` the document must state its own; with it, the document's may be absent or
    /// the same. Returns the candidate, or every error of the document.
    pub fn validate(mut self, id: Option<&CandidateId>) -> Result<Candidate, Vec<FieldError>> {
        let mut reader = Reader::default();
        let id = self.settle_id(id, &mut reader);
        let candidate = profile::read_candidate(self.0, id, &mut reader);
        let errors = reader.into_errors();
        match candidate {
            Some(candidate) if errors.is_empty() => Ok(candidate),
            _ => Err(errors),
        }
    }

    fn settle_id(&mut self, id: Option<&CandidateId>, reader: &mut Reader) -> Option<CandidateId> {
        let Some(members) = self.0.as_object_mut() else {
            reader.error("", "invalid_type", "a candidate is a JSON object".to_owned());
            return None;
        };
        let stated = members.get("id").cloned();
        let settled = match (id, stated) {
            (Some(id), None | Some(Value::Null)) => Some(id.clone()),
            (Some(id), Some(Value::String(stated))) if stated == id.as_str() => Some(id.clone()),
            (Some(_), Some(_)) => {
                reader.error("/id", "id_mismatch", "the document's id is not the id it is stored under".to_owned());
                None
            }
            (None, Some(Value::String(stated))) => {
                CandidateId::new(stated).map_err(|error| reader.error("/id", "invalid_id", error.to_string())).ok()
            }
            (None, Some(_)) => {
                reader.error("/id", "invalid_type", "an id is a string".to_owned());
                None
            }
            (None, None) => {
                reader.error("/id", "missing", "a candidate needs an id".to_owned());
                None
            }
        };
        if let Some(id) = &settled {
            members.insert("id".to_owned(), Value::String(id.as_str().to_owned()));
        }
        settled
    }
}

/// A stored candidate that this program cannot read.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("a stored candidate cannot be read: {0}")]
pub struct UnreadableCandidate(String);

/// Reads a candidate from its stored bytes. It was valid when it was accepted; one that no longer is (an older program
/// took it) says why.
pub fn read_stored(id: &str, body: &[u8]) -> Result<Candidate, UnreadableCandidate> {
    let id = CandidateId::new(id).map_err(|error| UnreadableCandidate(error.to_string()))?;
    let draft = CandidateDraft::from_json(body).map_err(|error| UnreadableCandidate(error.to_string()))?;
    draft.validate(Some(&id)).map_err(|errors| {
        let first = errors.first().map(|error| format!("{} {}", error.pointer, error.message));
        UnreadableCandidate(first.unwrap_or_default())
    })
}

/// Checks depth and array lengths. The pointer of an error is put together on the way back: valid documents cost nothing.
fn check_shape(value: &Value, depth: usize) -> Result<(), DraftError> {
    let too_complex = |reason: String| Err(DraftError::TooComplex { pointer: String::new(), reason });
    if depth > MAX_DEPTH {
        return too_complex(format!("nested deeper than {MAX_DEPTH} levels"));
    }
    match value {
        Value::Array(items) if items.len() > MAX_ARRAY_LENGTH => {
            too_complex(format!("{} entries; at most {MAX_ARRAY_LENGTH} are taken", items.len()))
        }
        Value::Array(items) => {
            let mut items = items.iter().enumerate();
            items.try_for_each(|(index, item)| {
                check_shape(item, depth + 1).map_err(|error| error.under(&index.to_string()))
            })
        }
        Value::Object(members) => {
            let mut members = members.iter();
            members.try_for_each(|(name, member)| check_shape(member, depth + 1).map_err(|error| error.under(name)))
        }
        _ => Ok(()),
    }
}
