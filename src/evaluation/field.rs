//! The text of a judged document → a candidate that has it in one field.

use serde::Deserialize;
use serde_json::{Value, json};

/// Where the text of a judged document goes in its candidate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Field {
    /// The headline and the title of the one position.
    Title,
    /// The name of the one skill.
    Skill,
    /// The text of a document, as that of a CV.
    Text,
}

impl Field {
    /// The candidate as it would be sent; `name` is that of the file that the text comes from.
    pub(super) fn draft(self, id: &str, name: Option<&str>, text: &str) -> Value {
        match self {
            Self::Title => {
                json!({ "id": id, "profile": { "basics": { "label": text }, "work": [{ "position": text }] } })
            }
            Self::Skill => json!({ "id": id, "profile": { "skills": [{ "name": text }] } }),
            Self::Text => {
                let name = name.unwrap_or(id);
                json!({ "id": id, "documents": [{ "name": name, "mediaType": "text/plain", "text": text }] })
            }
        }
    }
}
